// Choosing who to be.

import { avatar } from "./avatar.js";
import { clockText, zoneOffset } from "./dates.js";
import { h } from "./dom.js";
import { languageName } from "./profile.js";

/** A pane's worth of cards to choose from; `second` for the other half of the page. */
export function peoplePicker(users, { t, clock, second = false, taken = null, onChoose, onClose }) {
  const shown = users.filter((user) => !user.is_bot && !user.deleted && user.id !== taken);
  const cards = shown.map((user) => h("li", {}, personCard(user, clock, onChoose)));
  const close = second ? h("button", { type: "button", class: "button", on: { click: onClose } }, t("besideClose")) : null;
  const title = t(second ? "chooseSecond" : "choosePerson");
  return h(
    "section",
    { class: "pane picker", role: "region", "aria-label": title },
    h(
      "div",
      { class: "picker-inner" },
      h("h1", {}, title),
      h("p", { class: "quiet" }, shown.length > 0 ? t(second ? "chooseSecondHint" : "choosePersonHint") : t("noPeople")),
      h("ul", { class: "people", role: "list" }, cards),
      close,
    ),
  );
}

function personCard(user, clock, onChoose) {
  const now = clock.now();
  return h(
    "button",
    { type: "button", class: "person", lang: user.locale, "aria-label": user.real_name, on: { click: () => onChoose(user.id) } },
    avatar({ id: user.id, name: user.real_name }, "large"),
    h(
      "span",
      { class: "person-text" },
      h("strong", {}, user.real_name),
      h("span", {}, user.title),
      h("span", { class: "quiet" }, h("span", {}, languageName(user.locale)), h("span", {}, `${clockText(user, now)} ${zoneOffset(user, now)}`)),
    ),
  );
}
