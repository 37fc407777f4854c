// Trees of text (from mrkdwn, Markdown or rich_text) to DOM nodes, as one person sees them.

import { dateToken } from "./dates.js";
import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { parseMarkdown } from "./markdown.js";
import { parseText } from "./mrkdwn.js";

const TAGS = { bold: "strong", italic: "em", strike: "s", underline: "u" };

/** A mrkdwn text as nodes. `reader` is {session, now}. */
export const mrkdwn = (text, reader) => parseText(text).map((block) => blockNode(block, reader));

/** A standard Markdown text as nodes. */
export const markdown = (text, reader) => parseMarkdown(text).map((block) => blockNode(block, reader));

/** A text object: {type: "mrkdwn" | "plain_text", text}. */
export function textObject(object, reader) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, reader);
  return [h("span", { class: "plain" }, plainText(object))];
}

/** What a plain_text object shows. */
export function plainText(object) {
  if (!object) return "";
  return object.emoji === false ? object.text : withEmoji(object.text);
}

function blockNode(block, reader) {
  switch (block.type) {
    case "pre":
      return h("pre", {}, block.text);
    case "quote":
      return h("blockquote", {}, inlineNodes(block.children, reader));
    case "list":
      return h("ul", { class: "marked-list", role: "list" }, block.items.map((item) => listItem(item, reader)));
    case "heading":
      return h("p", { class: `md-heading level-${Math.min(block.level, 3)}` }, inlineNodes(block.children, reader));
    case "rule":
      return h("hr");
    case "table":
      return table(block.rows, reader);
    default:
      return h("p", { class: "lines" }, inlineNodes(block.children, reader));
  }
}

function listItem(item, reader) {
  return h(
    "li",
    { class: `depth-${Math.min(item.depth, 4)}` },
    h("span", { class: "list-mark" }, item.mark),
    h("span", { class: "list-text" }, inlineNodes(item.children, reader)),
  );
}

function table(rows, reader) {
  const cells = (row, tag) => h("tr", {}, row.map((cell) => h(tag, {}, inlineNodes(cell, reader))));
  const [head, ...body] = rows;
  return h("table", {}, h("thead", {}, cells(head, "th")), h("tbody", {}, body.map((row) => cells(row, "td"))));
}

export function inlineNodes(nodes, reader) {
  return nodes.map((node) => inlineNode(node, reader));
}

function inlineNode(node, reader) {
  if (node.type in TAGS) return h(TAGS[node.type], {}, inlineNodes(node.children, reader));
  switch (node.type) {
    case "code":
      return h("code", {}, node.text);
    case "emoji":
      return h("span", { class: "emoji", title: `:${node.name}:` }, node.text);
    case "link":
      return link(node.url, inlineNodes(node.children, reader));
    case "user":
      return userMention(node, reader);
    case "channel":
      return channelMention(node, reader);
    case "broadcast":
      return h("span", { class: "mention me" }, node.name);
    case "date":
      return dateNode(node, reader);
    default:
      return document.createTextNode(node.text);
  }
}

/** Whether an address leads out of the page and does nothing in it. */
export const isOutside = (url) => /^(https?|mailto|tel|slack):/i.test(url);

function link(url, content) {
  return isOutside(url) ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, content) : h("span", {}, content);
}

function userMention(node, { session }) {
  const user = session.user(node.id);
  const mine = node.id === session.id;
  return h("span", { class: mine ? "mention me" : "mention" }, `@${user?.real_name ?? node.label ?? node.id}`);
}

function channelMention(node, { session }) {
  const channel = session.channel(node.id);
  const name = `#${channel?.name ?? node.label ?? node.id}`;
  if (!channel) return h("span", { class: "mention" }, name);
  return h("button", { type: "button", class: "mention", on: { click: () => session.go(node.id) } }, name);
}

function dateNode(node, { session, now }) {
  const shown = dateToken(node.template, node.unix, session.me, now());
  if (shown === null) return h("span", {}, node.fallback ?? "");
  const time = h("time", { datetime: new Date(node.unix * 1000).toISOString() }, shown);
  return node.url ? link(node.url, time) : time;
}
