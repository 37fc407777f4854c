"""Slack's blocks as plain dicts. Markup goes in as `Mrkdwn`, plain text as `str`; the type checker keeps them apart."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from bot.i18n import Mrkdwn, bold, escape

Block = dict[str, Any]

SECTION_LIMIT = 3000
HEADER_LIMIT = 150
OPTION_LIMIT = 75
FIELD_LIMIT = 2000
FIELDS_LIMIT = 10
_UNFINISHED = re.compile(r"(?:&[a-z]{0,3}|<[^>]*)$")


@dataclass(frozen=True)
class Message:
    """A message: `text` is what a lock screen and a screen reader get, and stands alone."""

    text: str
    blocks: tuple[Block, ...]

    def as_arguments(self) -> dict[str, Any]:
        """For `chat.postMessage` and `chat.update`, where Slack reads markup in the text as well."""
        return {"text": escape(self.text).text, "blocks": list(self.blocks)}


@dataclass(frozen=True)
class Option:
    """A choice of a menu."""

    label: str
    value: str
    description: str = ""

    def as_block(self) -> Block:
        option: Block = {"text": plain(shortened(self.label, OPTION_LIMIT)), "value": self.value}
        return option | ({"description": plain(shortened(self.description, OPTION_LIMIT))} if self.description else {})


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters; what is cut is shown as cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def fitted(text: Mrkdwn, limit: int) -> Mrkdwn:
    """The same for markup, which is not cut inside a mention or an escaped sign."""
    if len(text.text) <= limit:
        return text
    return Mrkdwn(_UNFINISHED.sub("", text.text[: limit - 1]).rstrip() + "…")


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": True}


def marked(text: Mrkdwn) -> Block:
    # Slack would turn names that look like addresses into links otherwise.
    return {"type": "mrkdwn", "text": text.text, "verbatim": True}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(shortened(text, HEADER_LIMIT))}


def divider() -> Block:
    return {"type": "divider"}


def section(text: Mrkdwn, accessory: Block | None = None, block_id: str | None = None) -> Block:
    block: Block = {"type": "section", "text": marked(fitted(text, SECTION_LIMIT))}
    if accessory:
        block["accessory"] = accessory
    return block | ({"block_id": block_id} if block_id else {})


def fields(pairs: Iterable[tuple[str, Mrkdwn]]) -> list[Block]:
    """Label and value, two columns where there is room; pairs without a value are left out."""
    cells = [marked(fitted(bold(label) + Mrkdwn("\n") + value, FIELD_LIMIT)) for label, value in pairs if value]
    return [
        {"type": "section", "fields": cells[start : start + FIELDS_LIMIT]}
        for start in range(0, len(cells), FIELDS_LIMIT)
    ]


def context(*texts: Mrkdwn) -> Block:
    return {"type": "context", "elements": [marked(text) for text in texts]}


def quote(text: Mrkdwn) -> Mrkdwn:
    """Set off from the rest, to be copied."""
    return Mrkdwn("\n".join(f">{line}" for line in text.text.split("\n")))


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def button(label: str, action_id: str, value: str, *, style: str | None = None, confirm: Block | None = None) -> Block:
    element: Block = {"type": "button", "text": plain(label), "action_id": action_id, "value": value}
    if style:
        element["style"] = style
    return element | ({"confirm": confirm} if confirm else {})


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    return {"title": plain(title), "text": plain(text), "confirm": plain(yes), "deny": plain(no)}


def field_input(block_id: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    """An input; the element's action id is the block's id, so that both survive a view's update."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element | {"action_id": block_id},
        "optional": optional,
    }
    return block | ({"hint": plain(hint)} if hint else {})


def text_input(initial: str = "", *, longest: int = 120, multiline: bool = False, placeholder: str = "") -> Block:
    element: Block = {"type": "plain_text_input", "max_length": longest, "multiline": multiline}
    if placeholder:
        element["placeholder"] = plain(placeholder)
    return element | ({"initial_value": initial[:longest]} if initial else {})


def select(options: Sequence[Option], initial: str = "", *, placeholder: str = "", radio: bool = False) -> Block:
    chosen = next((option.as_block() for option in options if option.value == initial), None)
    element: Block = {
        "type": "radio_buttons" if radio else "static_select",
        "options": [option.as_block() for option in options],
    }
    if placeholder and not radio:
        element["placeholder"] = plain(placeholder)
    return element | ({"initial_option": chosen} if chosen else {})


def overflow(options: Sequence[Option], action_id: str) -> Block:
    """A small menu behind three dots, for two to five choices."""
    return {"type": "overflow", "action_id": action_id, "options": [option.as_block() for option in options]}


def checkboxes(options: Sequence[Option], ticked: Iterable[str]) -> Block:
    return _several("checkboxes", options, ticked)


def multi_select(options: Sequence[Option], chosen: Iterable[str], placeholder: str) -> Block:
    return _several("multi_static_select", options, chosen) | {"placeholder": plain(placeholder)}


def _several(kind: str, options: Sequence[Option], chosen: Iterable[str]) -> Block:
    values = set(chosen)
    initial = [option.as_block() for option in options if option.value in values]
    element: Block = {"type": kind, "options": [option.as_block() for option in options]}
    return element | ({"initial_options": initial} if initial else {})


def searched(initial: Option | None, placeholder: str) -> Block:
    """A menu longer than Slack lets one be: options are looked for by what is typed."""
    element: Block = {"type": "external_select", "min_query_length": 1, "placeholder": plain(placeholder)}
    return element | ({"initial_option": initial.as_block()} if initial else {})


def user_select(initial: str = "", placeholder: str = "") -> Block:
    element: Block = {"type": "users_select"}
    if placeholder:
        element["placeholder"] = plain(placeholder)
    return element | ({"initial_user": initial} if initial else {})


def users_select(initial: Sequence[str] = (), placeholder: str = "") -> Block:
    element: Block = {"type": "multi_users_select"}
    if placeholder:
        element["placeholder"] = plain(placeholder)
    return element | ({"initial_users": list(initial)} if initial else {})


def date_input(initial: date | None) -> Block:
    return {"type": "datepicker"} | ({"initial_date": initial.isoformat()} if initial else {})


def time_input(initial: time | None, zone: str) -> Block:
    """A time of the venue's wall clock; Slack shows the zone beside it and converts nothing."""
    element: Block = {"type": "timepicker", "timezone": zone}
    return element | ({"initial_time": initial.strftime("%H:%M")} if initial else {})


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    close: str,
    submit: str | None = None,
    metadata: str = "",
) -> Block:
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "close": plain(close),
        "blocks": list(blocks),
        "private_metadata": metadata,
    }
    return view | ({"submit": plain(submit)} if submit else {})
