// Fields to type in.

import { h } from "../dom.js";
import { plainText } from "../text.js";

const TYPES = {
  plain_text_input: { type: "text" },
  email_text_input: { type: "email", inputmode: "email", autocomplete: "off" },
  url_text_input: { type: "url", inputmode: "url", autocomplete: "off" },
  number_input: { type: "text", inputmode: "decimal", autocomplete: "off" },
};

/** One of Slack's text fields. It dispatches on Enter or on each character where the app asked for that. */
export function textInput(element, field) {
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const onEnter = field.dispatches && when.includes("on_enter_pressed");
  const onCharacter = field.dispatches && when.includes("on_character_entered");
  const read = () => (input.value === "" ? null : input.value);
  const attributes = {
    ...field.attributes(element.placeholder),
    placeholder: element.placeholder ? plainText(element.placeholder) : null,
    maxlength: element.max_length,
    minlength: element.min_length,
    value: field.value ?? "",
    on: {
      input: () => {
        counter?.replaceChildren(String(element.max_length - input.value.length));
        field.change(read(), { dispatch: onCharacter });
      },
      keydown: (event) => {
        if (event.key !== "Enter" || event.isComposing || (element.multiline && event.shiftKey)) return;
        if (!onEnter) return;
        event.preventDefault();
        field.change(read(), { dispatch: true });
      },
    },
  };
  const input = element.multiline ? h("textarea", { rows: 3, ...attributes }) : h("input", { ...TYPES[element.type], ...attributes });
  const counter = element.max_length ? h("span", { class: "counter", "aria-hidden": "true" }, String(element.max_length - input.value.length)) : null;
  return h("div", { class: element.multiline ? "text-field multiline" : "text-field" }, input, counter);
}
