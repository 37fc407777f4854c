// Which element is drawn by what, and what an element is told about its place.

import { freshId } from "../dom.js";
import { valueKey } from "../form.js";
import { plainText } from "../text.js";
import { button, overflow } from "./buttons.js";
import { choices } from "./choices.js";
import { textInput } from "./inputs.js";
import { datepicker, datetimepicker, timepicker } from "./pickers.js";
import { chosen, select } from "./select.js";

const DRAWN_BY = {
  button,
  overflow,
  checkboxes: choices,
  radio_buttons: choices,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  datepicker,
  timepicker,
  datetimepicker,
};
for (const source of ["static", "external", "users", "conversations", "channels"]) {
  DRAWN_BY[`${source}_select`] = select;
  DRAWN_BY[`multi_${source}_select`] = select;
}

export const isKnown = (element) => element.type in DRAWN_BY;

/**
 * Draws an element of a block. `naming` is {labelId, id, describedBy, invalid} as far as the block has them;
 * `surface` keeps values and sends actions.
 */
export function drawElement(element, block, surface, naming = {}) {
  const dispatches = block.type !== "input" || block.dispatch_action === true;
  const field = {
    session: surface.session,
    reader: surface.reader,
    t: surface.session.t,
    labelId: naming.labelId,
    describedBy: naming.describedBy,
    dispatches,
    clearable: block.type !== "input" || block.optional === true,
    value: valueKey(element) ? surface.form.get(block, element) : null,
    attributes: (placeholder) => attributesOf(block, element, naming, placeholder),
    dispatch: (patch) => surface.dispatch(block, element, patch),
    suggest: (query) => surface.suggest(block, element, query),
    change: (value, { dispatch = isText(element) ? false : dispatches } = {}) =>
      surface.change(block, element, value, dispatch ? chosen(element, value) : null),
  };
  const node = DRAWN_BY[element.type](element, field);
  node.dataset.element = element.action_id;
  return node;
}

const isText = (element) => valueKey(element) === "value";

function attributesOf(block, element, naming, placeholder) {
  const label = naming.labelId ? null : (placeholder && plainText(placeholder)) || element.action_id;
  return {
    id: naming.id ?? freshId("field"),
    "aria-labelledby": naming.labelId,
    "aria-label": label,
    "aria-describedby": naming.describedBy,
    "aria-invalid": naming.invalid ? "true" : null,
    "aria-required": block.type === "input" && !block.optional ? "true" : null,
    "data-focus": element.focus_on_load === true,
    "data-field": `${block.block_id} ${element.action_id}`,
  };
}
