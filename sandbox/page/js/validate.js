// What Slack's client refuses before it sends a form: empty required fields, lengths, numbers, addresses.

import { valueKey } from "./form.js";

const empty = (value) => value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** {block_id: sentence} for every input block that cannot be sent as it is. */
export function problemsIn(blocks, form, t) {
  const problems = {};
  for (const block of blocks) {
    if (block.type !== "input" || !valueKey(block.element)) continue;
    const problem = problemOf(block, form.get(block, block.element), t);
    if (problem) problems[block.block_id] = problem;
  }
  return problems;
}

function problemOf(block, value, t) {
  if (empty(value)) return block.optional ? null : t("needed");
  const element = block.element;
  switch (element.type) {
    case "plain_text_input":
      return lengthProblem(element, value, t);
    case "number_input":
      return numberProblem(element, value, t);
    case "email_text_input":
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? null : t("notAnEmail");
    case "url_text_input":
      return /^https?:\/\/\S+\.\S+|^https?:\/\/localhost/.test(value) ? null : t("notAUrl");
    default:
      return null;
  }
}

function lengthProblem(element, value, t) {
  if (element.min_length && value.length < element.min_length) return t("tooShort", { n: element.min_length });
  if (element.max_length && value.length > element.max_length) return t("tooLong", { n: element.max_length });
  return null;
}

function numberProblem(element, value, t) {
  const pattern = element.is_decimal_allowed ? /^-?\d+([.]\d+)?$/ : /^-?\d+$/;
  if (!pattern.test(value)) return t("notANumber");
  const number = Number(value);
  if (element.min_value !== undefined && number < Number(element.min_value)) return t("tooLow", { least: element.min_value });
  if (element.max_value !== undefined && number > Number(element.max_value)) return t("tooHigh", { most: element.max_value });
  return null;
}
