// The rich_text block, turned into the tree that text.js shows.

import { h } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { inlineNodes } from "./text.js";

/** The nodes of a rich_text block. */
export function richText(block, reader) {
  return block.elements.map((element) => part(element, reader));
}

function part(element, reader) {
  switch (element.type) {
    case "rich_text_list":
      return list(element, reader);
    case "rich_text_quote":
      return h("blockquote", {}, leaves(element, reader));
    case "rich_text_preformatted":
      return h("pre", {}, leaves(element, reader));
    default:
      return h("p", { class: "lines" }, leaves(element, reader));
  }
}

function list(element, reader) {
  const depth = Math.min(element.indent ?? 0, 4);
  const start = (element.offset ?? 0) + 1;
  const mark = (index) => (element.style === "ordered" ? `${start + index}.` : "•");
  const items = element.elements.map((item, index) =>
    h(
      "li",
      { class: `depth-${depth}` },
      h("span", { class: "list-mark" }, mark(index)),
      h("span", { class: "list-text" }, leaves(item, reader)),
    ),
  );
  return h("ul", { class: "marked-list", role: "list" }, items);
}

const leaves = (element, reader) => inlineNodes(element.elements.map(leaf), reader);

function leaf(element) {
  const style = element.style ?? {};
  let node = bare(element);
  if (style.code) node = { type: "code", text: element.text ?? element.url ?? "" };
  for (const name of ["bold", "italic", "strike", "underline"]) {
    if (style[name]) node = { type: name, children: [node] };
  }
  return node;
}

function bare(element) {
  switch (element.type) {
    case "link":
      return { type: "link", url: element.url, children: [{ type: "text", text: element.text ?? element.url }] };
    case "emoji":
      return { type: "emoji", name: element.name, text: emojiFor(element.name) ?? `:${element.name}:` };
    case "user":
      return { type: "user", id: element.user_id, label: null };
    case "channel":
      return { type: "channel", id: element.channel_id, label: null };
    case "usergroup":
      return { type: "broadcast", name: "@group" };
    case "broadcast":
      return { type: "broadcast", name: `@${element.range}` };
    case "date":
      return { type: "date", unix: element.timestamp, template: element.format, url: element.url ?? null, fallback: element.fallback };
    case "color":
      return { type: "code", text: element.value };
    default:
      return { type: "text", text: element.text ?? "" };
  }
}
