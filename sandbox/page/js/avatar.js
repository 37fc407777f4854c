// The coloured square that stands for a person or an app.

import { h } from "./dom.js";

const HAN = /\p{Script=Han}/u;

function initials(name) {
  if (HAN.test(name)) return [...name].filter((character) => HAN.test(character)).slice(-2).join("");
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words[words.length - 1] : ""].map((word) => (word ? [...word][0] : "")).join("").toUpperCase();
}

function hue(id) {
  return [...id].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 360, 7);
}

/** An avatar for {id, name, app?}. */
export function avatar({ id, name, app = false }, size = "") {
  const node = h("span", { class: `avatar ${size} ${app ? "of-app" : ""}`.trim(), "aria-hidden": "true" }, initials(name || "?"));
  node.style.setProperty("--hue", String(hue(id)));
  return node;
}
