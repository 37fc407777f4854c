// Slack's mrkdwn: text to a tree of plain objects, by Slack's rules for where a mark may stand.
//
// A mark (* _ ~ `) opens and closes only beside white space, ASCII punctuation or the end of the text. Full-width
// punctuation and Han characters count as attached, so "共*三*人" keeps its asterisks, here as in Slack.

import { SHORTCODE, emojiFor } from "./emoji.js";

const MARKS = { "*": "bold", _: "italic", "~": "strike" };
const LINK = /^https?:\/\/[^\s<>|]+/;

/** The characters that people see for the three entities of stored text. */
export function unescape(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

const separates = (character) => character === undefined || /[\s\u200b!-/:-@[-`{-~]/.test(character);
const blank = (character) => character === undefined || /\s/.test(character);

/** Blocks of a text: {type: "pre" | "quote" | "list" | "lines", …}. */
export function parseText(text) {
  const blocks = [];
  text.split(/```\n?([\s\S]+?)\n?```\n?/).forEach((part, index) => {
    if (index % 2 === 1) blocks.push({ type: "pre", text: unescape(part) });
    else if (part !== "") blocks.push(...parseLines(part));
  });
  return blocks;
}

function parseLines(text) {
  const blocks = [];
  const lines = text.replace(/\n$/, "").split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const open = /^(?:&gt;|>){3}\s?/.exec(lines[at]);
    if (open) {
      const rest = [lines[at].slice(open[0].length), ...lines.slice(at + 1)];
      blocks.push({ type: "quote", lines: rest });
      break;
    }
    addLine(blocks, lines[at]);
  }
  return blocks.map(finish);
}

function addLine(blocks, line) {
  const quote = /^(?:&gt;|>)\s?(.*)$/.exec(line);
  const item = /^( *)([•◦▪*-]|\d{1,3}[.)])\s+(\S.*)$/.exec(line);
  if (quote) joinLine(blocks, "quote", quote[1]);
  else if (item) joinLine(blocks, "list", { depth: Math.floor(item[1].length / 2), mark: item[2], text: item[3] });
  else joinLine(blocks, "lines", line);
}

function joinLine(blocks, type, line) {
  const last = blocks[blocks.length - 1];
  if (last?.type === type) last.lines.push(line);
  else blocks.push({ type, lines: [line] });
}

function finish(block) {
  if (block.type === "list") {
    const items = block.lines.map(({ depth, mark, text }) => ({ depth, mark, children: parseInline(text) }));
    return { type: "list", items };
  }
  return { type: block.type, children: parseInline(block.lines.join("\n")) };
}

/** The inline nodes of a text without blocks. */
export function parseInline(text) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push({ type: "text", text: unescape(plain) });
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const found = nodeAt(text, at);
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function nodeAt(text, at) {
  const character = text[at];
  if (character === "<") return angleAt(text, at);
  if (character === "`") return codeAt(text, at);
  if (character in MARKS) return markAt(text, at, character);
  if (character === ":") return emojiAt(text, at);
  if (character === "h" && separates(text[at - 1])) return bareLinkAt(text, at);
  return null;
}

function angleAt(text, at) {
  const close = text.indexOf(">", at);
  if (close < 0 || close === at + 1) return null;
  const inner = text.slice(at + 1, close);
  if (/[<\n]/.test(inner)) return null;
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? null : inner.slice(bar + 1);
  const node = angleNode(target, label);
  return node && { node, end: close + 1 };
}

function angleNode(target, label) {
  const shown = label === null ? null : unescape(label);
  if (/^@[UWB]/.test(target)) return { type: "user", id: target.slice(1), label: shown };
  if (/^#[CGD]/.test(target)) return { type: "channel", id: target.slice(1), label: shown };
  if (target.startsWith("!date^")) return dateNode(target, shown);
  if (target.startsWith("!subteam^")) return { type: "broadcast", name: shown ?? "@group" };
  if (target.startsWith("!")) return { type: "broadcast", name: `@${target.slice(1)}` };
  if (/^(https?:|mailto:|tel:|slack:)/.test(target)) {
    const text = shown ?? unescape(target).replace(/^(mailto|tel):/, "");
    return { type: "link", url: unescape(target), children: label ? parseInline(label) : [{ type: "text", text }] };
  }
  return null;
}

function dateNode(target, fallback) {
  const [, stamp, template = "", link] = target.split("^");
  return { type: "date", unix: Number(stamp), template: unescape(template), url: link ? unescape(link) : null, fallback };
}

function codeAt(text, at) {
  if (!separates(text[at - 1])) return null;
  const close = text.indexOf("`", at + 1);
  const inner = text.slice(at + 1, close);
  if (close < 0 || inner.trim() === "" || inner.includes("\n") || !separates(text[close + 1])) return null;
  return { node: { type: "code", text: unescape(inner) }, end: close + 1 };
}

function markAt(text, at, mark) {
  const before = text[at - 1];
  if (!separates(before) || before === mark || blank(text[at + 1]) || text[at + 1] === mark) return null;
  const close = closingMark(text, at + 1, mark);
  if (close < 0) return null;
  return { node: { type: MARKS[mark], children: parseInline(text.slice(at + 1, close)) }, end: close + 1 };
}

function closingMark(text, from, mark) {
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\n") return -1;
    if (character === "<" || character === "`") {
      at = skipTo(text, at, character === "<" ? ">" : "`");
    } else if (character === mark && at > from && closes(text, at, mark)) {
      return at;
    }
  }
  return -1;
}

function skipTo(text, at, end) {
  const found = text.indexOf(end, at + 1);
  const line = text.indexOf("\n", at + 1);
  return found < 0 || (line >= 0 && line < found) ? at : found;
}

function closes(text, at, mark) {
  const after = text[at + 1];
  return !blank(text[at - 1]) && text[at - 1] !== mark && separates(after) && after !== mark;
}

function emojiAt(text, at) {
  const match = SHORTCODE.exec(text.slice(at, at + 60));
  const character = match && emojiFor(match[1]);
  return character ? { node: { type: "emoji", text: character, name: match[1] }, end: at + match[0].length } : null;
}

function bareLinkAt(text, at) {
  const match = LINK.exec(text.slice(at));
  if (!match) return null;
  const url = match[0].replace(/[.,;:!?)\]'"*_~。，；：！？）」』]+$/u, "");
  return { node: { type: "link", url: unescape(url), children: [{ type: "text", text: unescape(url) }] }, end: at + url.length };
}
