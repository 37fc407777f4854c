// Builds DOM nodes. Data only ever becomes text nodes and attributes, never markup.

let serial = 0;

/** An id no other node of the page has. */
export function freshId(prefix = "n") {
  serial += 1;
  return `${prefix}-${serial}`;
}

/**
 * h("button", {class: "x", on: {click}, "aria-label": "…"}, "text", child, [more])
 * Attributes that are null, undefined or false are left out; true gives an empty attribute.
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  append(node, children);
  return node;
}

function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else if (name === "value") {
    node.value = value;
  } else {
    node.setAttribute(name, value === true ? "" : String(value));
  }
}

export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

/** Replaces everything in `node`. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

const SVG = "http://www.w3.org/2000/svg";

const SHAPES = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  chevron: "M7 10l5 5 5-5",
  left: "M14 7l-5 5 5 5",
  right: "M10 7l5 5-5 5",
  clock: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3.5 2",
  skip: "M5 6l8 6-8 6zM18 6v12",
  more: "M12 6h.01M12 12h.01M12 18h.01",
  phone: "M8 3h8a1.5 1.5 0 011.5 1.5v15A1.5 1.5 0 0116 21H8a1.5 1.5 0 01-1.5-1.5v-15A1.5 1.5 0 018 3zM11 18h2",
  split: "M4 5h16v14H4zM12 5v14",
  theme: "M20 14.5A8 8 0 119.5 4 6.5 6.5 0 0020 14.5z",
  tools: "M8 8l-4 4 4 4M16 8l4 4-4 4M13.5 5l-3 14",
  send: "M4 12l16-7-6 16-3-7z",
  clip: "M19 11l-7.5 7.5a4.5 4.5 0 01-6.4-6.4L13 4.3a3 3 0 014.2 4.2l-7.7 7.8a1.5 1.5 0 01-2.1-2.2L14 7.5",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
  reply: "M5 5h14v10H11l-4 4v-4H5z",
  calendar: "M5 6h14v14H5zM5 10h14M9 3v4M15 3v4",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  warning: "M12 4l9 16H3zM12 10v4M12 17h.01",
  people: "M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM3 20c0-3.5 2.5-6 6-6s6 2.5 6 6M16 4.5a3.5 3.5 0 010 6.5M18 14.5c2 .8 3 2.8 3 5.5",
};

/** A small line drawing; it says nothing to a screen reader, so its button needs a name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

/** A button that shows only a drawing and is called `label`. */
export function iconButton(name, label, onClick, attributes = {}) {
  const { class: extra = "", ...rest } = attributes;
  return h(
    "button",
    { type: "button", class: `icon-button ${extra}`.trim(), "aria-label": label, title: label, on: { click: onClick }, ...rest },
    icon(name),
  );
}

/**
 * Replaces the content of `node`, but leaves it alone where it would look the same, so that nothing is announced twice;
 * the focus goes back to what carries the same data-goal.
 */
export function refill(node, ...children) {
  const fresh = append(node.cloneNode(false), children);
  if (fresh.isEqualNode(node)) return;
  const goal = node.contains(document.activeElement) ? document.activeElement.dataset.goal : null;
  node.replaceChildren(...fresh.childNodes);
  if (goal) node.querySelector(`[data-goal="${CSS.escape(goal)}"]`)?.focus();
}

const TALLEST = 340;

/** Puts a top-layer popover under its anchor, or above where there is more room. */
export function placeUnder(popover, anchor, { match = true, gap = 4 } = {}) {
  const box = anchor.getBoundingClientRect();
  if (match) popover.style.minWidth = `${Math.max(box.width, 180)}px`;
  const below = window.innerHeight - box.bottom - gap - 8;
  const above = box.top - gap - 8;
  const up = below < Math.min(TALLEST, popover.scrollHeight) && above > below;
  popover.style.maxHeight = `${Math.max(120, Math.min(TALLEST, up ? above : below))}px`;
  const left = Math.min(box.left, window.innerWidth - popover.offsetWidth - 8);
  popover.style.left = `${Math.max(8, left)}px`;
  popover.style.top = up ? "auto" : `${box.bottom + gap}px`;
  popover.style.bottom = up ? `${window.innerHeight - box.top + gap}px` : "auto";
}

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select:not([disabled]), [tabindex="0"]';

/** Everything in `root` that Tab reaches, in order. */
export function focusables(root) {
  return [...root.querySelectorAll(FOCUSABLE)].filter((node) => node.tabIndex >= 0 && node.getClientRects().length > 0);
}

/** Keeps Tab inside `root`; give it the keydown event. */
export function trapTab(root, event) {
  if (event.key !== "Tab") return;
  const stops = focusables(root);
  if (stops.length === 0) return;
  const first = stops[0];
  const last = stops[stops.length - 1];
  const here = document.activeElement;
  if (event.shiftKey && (here === first || !root.contains(here))) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && (here === last || !root.contains(here))) {
    event.preventDefault();
    first.focus();
  }
}
