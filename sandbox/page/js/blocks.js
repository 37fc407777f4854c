// Blocks as people see them. A surface is a message, a modal or a Home tab: it draws its blocks, keeps what was typed,
// and redraws only the blocks that changed.

import { Refusal } from "./api.js";
import { dayOf } from "./dates.js";
import { askFirst } from "./dialog.js";
import { append, fill, freshId, h } from "./dom.js";
import { drawElement, isKnown } from "./elements/element.js";
import { Form, valueKey } from "./form.js";
import { richText } from "./richtext.js";
import { markdown, plainText, textObject } from "./text.js";

export class Surface {
  #drawn = new Map();

  /** `target()` says to the workspace which message or view this is; `appName()` whose it is. */
  constructor({ session, layer, kind, target, appName, form = new Form() }) {
    Object.assign(this, { session, layer, kind, target, appName, form });
    this.reader = { session, now: () => session.clock.now() };
    this.blocks = [];
    this.problems = {};
    this.troubles = {};
    this.node = h("div", { class: `blocks ${kind}-blocks` });
  }

  /** Draws these blocks; `problems` are sentences by block id, shown at their fields. */
  update(blocks, problems = this.problems) {
    this.blocks = blocks;
    this.problems = problems;
    const focus = this.#rememberFocus();
    const { me, clock } = this.session;
    const reader = [me.locale, me.tz, dayOf(clock.now(), me.tz)];
    const drawn = new Map();
    blocks.forEach((block, index) => {
      const key = block.block_id ?? `#${index}`;
      const look = JSON.stringify([block, problems[key], this.troubles[key], reader]);
      const known = this.#drawn.get(key);
      drawn.set(key, known?.look === look ? known : { look, node: this.#draw(block, key) });
    });
    this.#drawn = drawn;
    this.#place([...drawn.values()].map((entry) => entry.node));
    focus();
  }

  #place(nodes) {
    // What goes away goes first: a block that stays must not move, or the field in it would lose the focus.
    const staying = new Set(nodes);
    for (const child of [...this.node.children]) if (!staying.has(child)) child.remove();
    nodes.forEach((node, index) => {
      if (this.node.children[index] !== node) this.node.insertBefore(node, this.node.children[index] ?? null);
    });
  }

  #rememberFocus() {
    const here = this.node.contains(document.activeElement) ? document.activeElement : null;
    const field = here?.dataset.field;
    const range = here && "selectionStart" in here ? [here.selectionStart, here.selectionEnd] : null;
    return () => {
      if (!field || here.isConnected) return;
      const again = [...this.node.querySelectorAll("[data-field]")].find((node) => node.dataset.field === field);
      again?.focus();
      if (range && again && "setSelectionRange" in again && range[0] !== null) again.setSelectionRange(...range);
    };
  }

  /** Puts the focus into the first field with a problem. */
  focusFirstProblem() {
    const field = this.node.querySelector('[aria-invalid="true"]');
    (field?.matches("input, textarea") ? field : field?.querySelector("input"))?.focus();
  }

  #draw(block, key) {
    const drawn = BLOCKS[block.type]?.(block, this, this.problems[key]) ?? unknown(block);
    const trouble = this.troubles[key];
    if (!trouble) return drawn;
    return h("div", { class: "block with-trouble" }, drawn, h("p", { class: "trouble", role: "alert" }, trouble));
  }

  // What people do with the elements.

  /** A value changed; `patch` is what the app is told, null if it is not told now. */
  async change(block, element, value, patch) {
    if (patch && !(await this.#agreed(element))) {
      this.#redraw(block);
      return;
    }
    this.form.set(block, element, value);
    if (this.problems[block.block_id]) this.#clearProblem(block);
    if (patch) await this.#send(block, element, patch);
  }

  async dispatch(block, element, patch) {
    if (await this.#agreed(element)) await this.#send(block, element, patch);
  }

  #agreed = async (element) => !element.confirm || askFirst(this.layer, element.confirm, this.reader);

  #clearProblem(block) {
    const { [block.block_id]: solved, ...problems } = this.problems;
    const field = this.#drawn.get(block.block_id)?.node;
    field?.querySelectorAll('[aria-invalid="true"]').forEach((node) => node.removeAttribute("aria-invalid"));
    field?.querySelector(".problem")?.replaceChildren();
    field?.classList.remove("invalid");
    this.problems = problems;
  }

  #redraw(block) {
    this.#drawn.delete(block.block_id);
    this.update(this.blocks);
  }

  async #send(block, element, patch) {
    const node = this.#drawn.get(block.block_id)?.node.querySelector(`[data-element="${CSS.escape(element.action_id)}"]`);
    node?.setAttribute("aria-busy", "true");
    delete this.troubles[block.block_id];
    try {
      await this.session.act(this.target(), { block_id: block.block_id, action_id: element.action_id, type: element.type, ...patch });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.troubles[block.block_id] = this.session.t("troubleAction", { app: this.appName(), code: error.code });
    } finally {
      node?.removeAttribute("aria-busy");
      this.update(this.blocks);
    }
  }

  async suggest(block, element, value) {
    const ids = { block_id: block.block_id, action_id: element.action_id };
    try {
      return await this.session.suggest(this.target(), { ...ids, value });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { options: [] };
    }
  }

  /** Slack's state.values of this surface as the person sees it now. */
  values() {
    return this.form.values(this.blocks);
  }
}

const BLOCKS = {
  section,
  input,
  header: (block) => h("div", { class: "block header", role: "heading", "aria-level": "3" }, plainText(block.text)),
  divider: () => h("hr", { class: "block divider" }),
  context: (block, surface) => h("div", { class: "block context" }, block.elements.map((element) => contextPart(element, surface))),
  actions: (block, surface) => h("div", { class: "block actions" }, block.elements.map((element) => control(element, block, surface))),
  image: (block, surface) => figure(block, surface),
  rich_text: (block, surface) => h("div", { class: "block text" }, richText(block, surface.reader)),
  markdown: (block, surface) => h("div", { class: "block text" }, markdown(block.text, surface.reader)),
};

function unknown(block) {
  return h("div", { class: "block context" }, `[${block.type}]`);
}

function control(element, block, surface, naming) {
  if (element.type === "image") return picture(element, "accessory-image");
  return isKnown(element) ? drawElement(element, block, surface, naming) : h("span", {}, `[${element.type}]`);
}

const picture = (element, name) => h("img", { class: name, src: element.image_url ?? element.slack_file?.url, alt: element.alt_text, loading: "lazy" });

function contextPart(element, surface) {
  if (element.type === "image") return picture(element, "context-image");
  return h("div", { class: "context-text" }, textObject(element, surface.reader));
}

function figure(block, surface) {
  const title = block.title ? h("figcaption", {}, textObject(block.title, surface.reader)) : null;
  return h("figure", { class: "block image" }, title, picture(block, "block-image"));
}

function section(block, surface) {
  const id = freshId("section");
  const text = block.text ? h("div", { class: "section-text", id }, textObject(block.text, surface.reader)) : null;
  const fields = block.fields
    ? h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "field-cell" }, textObject(field, surface.reader))))
    : null;
  const accessory = block.accessory;
  const named = accessory && valueKey(accessory) && !accessory.placeholder && text ? { labelId: id } : {};
  const naming = accessory?.type === "button" && text ? { describedBy: id } : named;
  return h(
    "div",
    { class: "block section" },
    h("div", { class: "section-main" }, text, fields),
    accessory ? h("div", { class: `accessory holds-${accessory.type}` }, control(accessory, block, surface, naming)) : null,
  );
}

function input(block, surface, problem) {
  const { t } = surface.session;
  const [id, labelId, hintId, problemId] = ["field", "label", "hint", "problem"].map(freshId);
  const optional = block.optional ? h("span", { class: "optional" }, ` (${t("optional")})`) : null;
  const naming = { id, labelId, invalid: Boolean(problem), describedBy: [block.hint && hintId, problemId].filter(Boolean).join(" ") };
  const node = h("div", { class: problem ? "block input invalid" : "block input" });
  append(node, [
    h("label", { class: "label", for: id, id: labelId }, plainText(block.label), optional),
    control(block.element, block, surface, naming),
    h("p", { class: "problem", id: problemId, "aria-live": "polite" }),
    block.hint ? h("p", { class: "hint", id: hintId }, plainText(block.hint)) : null,
  ]);
  if (problem) fill(node.querySelector(".problem"), problem);
  return node;
}
