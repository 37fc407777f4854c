// Standard Markdown, as a `markdown` block carries it, to the same kind of tree that mrkdwn gives.

import { SHORTCODE, emojiFor } from "./emoji.js";

const RULES = [
  { pattern: /^`([^`\n]+)`/, node: (m) => ({ type: "code", text: m[1] }) },
  { pattern: /^\*\*(?=\S)([\s\S]+?\S|\S)\*\*/, node: (m) => ({ type: "bold", children: inline(m[1]) }) },
  { pattern: /^__(?=\S)([\s\S]+?\S|\S)__(?!\w)/, node: (m) => ({ type: "bold", children: inline(m[1]) }) },
  { pattern: /^~~(?=\S)([\s\S]+?)~~/, node: (m) => ({ type: "strike", children: inline(m[1]) }) },
  { pattern: /^\*(?=[^\s*])([^*\n]+?)\*/, node: (m) => ({ type: "italic", children: inline(m[1]) }) },
  { pattern: /^_(?=[^\s_])([^_\n]+?)_(?!\w)/, node: (m) => ({ type: "italic", children: inline(m[1]) }) },
  { pattern: /^!?\[([^\]\n]*)\]\((\S+?)\)/, node: (m) => ({ type: "link", url: m[2], children: inline(m[1]) }) },
  { pattern: /^<?(https?:\/\/[^\s<>)]+)>?/, node: (m) => ({ type: "link", url: m[1], children: [{ type: "text", text: m[1] }] }) },
  { pattern: /^<@([UW]\w+)>/, node: (m) => ({ type: "user", id: m[1], label: null }) },
  { pattern: /^<#([CG]\w+)(?:\|[^>]*)?>/, node: (m) => ({ type: "channel", id: m[1], label: null }) },
  { pattern: /^\\([\\`*_{}[\]()#+\-.!~>|])/, node: (m) => ({ type: "text", text: m[1] }) },
];

function inline(text) {
  const nodes = [];
  for (let rest = text, before = ""; rest; ) {
    const found = nodeOf(rest, before);
    const length = found ? found.length : 1;
    if (found) nodes.push(found.node);
    else if (nodes[nodes.length - 1]?.type === "text") nodes[nodes.length - 1].text += rest[0];
    else nodes.push({ type: "text", text: rest[0] });
    before = rest[length - 1];
    rest = rest.slice(length);
  }
  return nodes;
}

function nodeOf(rest, before) {
  if (rest[0] === "_" && /\w/.test(before)) return null;
  for (const { pattern, node } of RULES) {
    const match = pattern.exec(rest);
    if (match) return { node: node(match), length: match[0].length };
  }
  const code = SHORTCODE.exec(rest);
  const character = code && emojiFor(code[1]);
  return character ? { node: { type: "emoji", text: character, name: code[1] }, length: code[0].length } : null;
}

const BLOCKS = [
  { start: /^```/, read: readFence },
  { start: /^#{1,6}\s/, read: readHeading },
  { start: /^ {0,3}([-*_])(\s*\1){2,}\s*$/, read: (lines) => [{ type: "rule" }, lines.slice(1)] },
  { start: /^\s*>/, read: readQuote },
  { start: /^\s*([-*+]|\d+[.)])\s+/, read: readList },
  { start: /^\s*\|.*\|\s*$/, read: readTable },
];

/** The blocks of a Markdown text. */
export function parseMarkdown(text) {
  const blocks = [];
  let lines = text.split("\n");
  while (lines.length > 0) {
    if (lines[0].trim() === "") {
      lines = lines.slice(1);
      continue;
    }
    const kind = BLOCKS.find(({ start }) => start.test(lines[0]));
    const [block, rest] = (kind?.read ?? readParagraph)(lines);
    blocks.push(block);
    lines = rest;
  }
  return blocks;
}

function readParagraph(lines) {
  let end = 1;
  while (end < lines.length && lines[end].trim() && !BLOCKS.some(({ start }) => start.test(lines[end]))) end += 1;
  return [{ type: "lines", children: inline(lines.slice(0, end).join("\n")) }, lines.slice(end)];
}

function readFence(lines) {
  let end = 1;
  while (end < lines.length && !lines[end].startsWith("```")) end += 1;
  return [{ type: "pre", text: lines.slice(1, end).join("\n") }, lines.slice(end + 1)];
}

function readHeading(lines) {
  const [, marks, text] = /^(#{1,6})\s+(.*)$/.exec(lines[0]) ?? [null, "#", lines[0]];
  return [{ type: "heading", level: marks.length, children: inline(text) }, lines.slice(1)];
}

function readQuote(lines) {
  let end = 0;
  while (end < lines.length && /^\s*>/.test(lines[end])) end += 1;
  const text = lines.slice(0, end).map((line) => line.replace(/^\s*>\s?/, "")).join("\n");
  return [{ type: "quote", children: inline(text) }, lines.slice(end)];
}

function readList(lines) {
  const items = [];
  let end = 0;
  for (; end < lines.length; end += 1) {
    const match = /^(\s*)([-*+]|\d+[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/.exec(lines[end]);
    if (!match) break;
    const task = match[3] === undefined ? null : match[3] === " " ? "☐" : "☑";
    const mark = task ?? (/\d/.test(match[2]) ? match[2] : "•");
    items.push({ depth: Math.floor(match[1].length / 2), mark, children: inline(match[4]) });
  }
  return [{ type: "list", items }, lines.slice(end)];
}

function readTable(lines) {
  let end = 0;
  while (end < lines.length && /^\s*\|.*\|\s*$/.test(lines[end])) end += 1;
  const rows = lines
    .slice(0, end)
    .filter((line) => !/^[\s|:-]+$/.test(line))
    .map((line) => line.trim().slice(1, -1).split("|").map((cell) => inline(cell.trim())));
  return [{ type: "table", rows }, lines.slice(end)];
}
