// A person's language and time zone, to be changed as in Slack's preferences.

import { Refusal } from "./api.js";
import { freshId, h, placeUnder } from "./dom.js";

const LOCALES = ["en-US", "en-GB", "zh-CN", "zh-TW", "es-ES", "es-LA"];

/** The language's own name for a Slack locale. */
export function languageName(locale) {
  const tag = locale === "es-LA" ? "es-419" : locale;
  const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag);
  return name.charAt(0).toLocaleUpperCase() + name.slice(1);
}

function choice(label, values, value, nameOf = (one) => one) {
  const id = freshId("profile");
  const all = values.includes(value) ? values : [value, ...values];
  const options = all.map((one) => h("option", { value: one, selected: one === value }, nameOf(one)));
  const select = h("select", { id }, options);
  return { select, row: h("div", { class: "profile-row" }, h("label", { for: id }, label), select) };
}

/** A button that opens the small form. */
export function profileButton(session, attributes, ...content) {
  const { t, me } = session;
  const language = choice(t("language"), LOCALES, me.locale, languageName);
  const zone = choice(t("timezone"), Intl.supportedValuesOf("timeZone"), me.tz);
  const trouble = h("p", { class: "problem", role: "alert" });
  const save = async (event) => {
    event.preventDefault();
    try {
      await session.profile({ locale: language.select.value, tz: zone.select.value });
      form.hidePopover();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      trouble.textContent = t("wentWrong", { code: error.code });
    }
  };
  const form = h(
    "form",
    { popover: "auto", class: "profile", "aria-label": t("profile"), on: { submit: save } },
    language.row,
    zone.row,
    trouble,
    h("div", { class: "dialog-foot" }, h("button", { type: "submit", class: "button primary" }, t("save"))),
  );
  const open = () => {
    form.showPopover();
    placeUnder(form, button, { match: false });
    language.select.focus();
  };
  const button = h("button", { type: "button", "aria-haspopup": "dialog", title: t("profile"), ...attributes, on: { click: open } }, content);
  return h("span", { class: "menu-anchor" }, button, form);
}
