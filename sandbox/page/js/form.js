// What a person has typed and chosen in a view or a message, as Slack's `state.values`.

/** Where each kind of element keeps its value; kinds that are missing here have no state. */
const VALUE_KEYS = {
  plain_text_input: "value",
  email_text_input: "value",
  url_text_input: "value",
  number_input: "value",
  static_select: "selected_option",
  external_select: "selected_option",
  users_select: "selected_user",
  conversations_select: "selected_conversation",
  channels_select: "selected_channel",
  multi_static_select: "selected_options",
  multi_external_select: "selected_options",
  multi_users_select: "selected_users",
  multi_conversations_select: "selected_conversations",
  multi_channels_select: "selected_channels",
  datepicker: "selected_date",
  timepicker: "selected_time",
  datetimepicker: "selected_date_time",
  checkboxes: "selected_options",
  radio_buttons: "selected_option",
};

const LISTS = /^(multi_|checkboxes)/;

export const valueKey = (element) => VALUE_KEYS[element.type];
const isList = (element) => LISTS.test(element.type);

/** Every element of a block that can be pressed or filled in. */
export function elementsOf(block) {
  if (block.type === "input") return [block.element];
  if (block.type === "section") return block.accessory ? [block.accessory] : [];
  return block.type === "actions" ? block.elements : [];
}

function initialOf(element) {
  const key = valueKey(element);
  const initial = element[key === "value" ? "initial_value" : key.replace("selected", "initial")];
  return initial ?? (isList(element) ? [] : null);
}

export class Form {
  #typed = new Map();

  static #key(block, element) {
    return `${block.block_id} ${element.action_id}`;
  }

  /** The value as the person sees it now: what was typed, else what the app proposed. */
  get(block, element) {
    const typed = this.#typed.get(Form.#key(block, element));
    return typed?.type === element.type ? typed.value : initialOf(element);
  }

  set(block, element, value) {
    this.#typed.set(Form.#key(block, element), { type: element.type, value });
  }

  /** Slack's state.values for these blocks. */
  values(blocks) {
    const values = {};
    for (const block of blocks) {
      for (const element of elementsOf(block)) {
        if (!valueKey(element)) continue;
        values[block.block_id] ??= {};
        values[block.block_id][element.action_id] = {
          type: element.type,
          [valueKey(element)]: this.get(block, element),
        };
      }
    }
    return values;
  }
}
