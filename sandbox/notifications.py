"""What a phone's lock screen shows of a message: its `text`, without markup, in a line or two."""

import html
import re
from collections.abc import Callable

_TOKEN = re.compile(r"<([^<>]+)>")
_MARK = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)(.+?)(?<=\S)\1(?![\w*_~`])")
_EMOJI = {"white_check_mark": "✅", "warning": "⚠️", "x": "❌", "car": "🚗", "bell": "🔔", "wave": "👋", "airplane": "✈️"}
_LENGTH = 178
NOTHING_TO_SHOW = "This content can't be displayed."

Naming = Callable[[str], str | None]


def lock_screen_text(text: str, name_of: Naming) -> str:
    """`name_of` says what a user or channel id is called."""
    shown = _TOKEN.sub(lambda found: _token(found[1], name_of), text)
    for _ in range(3):
        shown = _MARK.sub(r"\2", shown)
    shown = re.sub(r":([a-z0-9_+-]+):", lambda found: _EMOJI.get(found[1], found[0]), shown)
    shown = html.unescape(shown).replace("```", "")
    lines = [line.strip().removeprefix("&gt;").removeprefix("> ") for line in shown.splitlines() if line.strip()]
    short = "\n".join(lines[:2])
    if len(short) > _LENGTH:
        short = short[: _LENGTH - 1].rstrip() + "…"
    return short or NOTHING_TO_SHOW


def _token(token: str, name_of: Naming) -> str:
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return f"@{name_of(target[1:]) or label or target[1:]}"
    if target.startswith("#"):
        return f"#{name_of(target[1:]) or label or target[1:]}"
    if target.startswith("!date^"):
        return label
    if target.startswith("!"):
        return label or f"@{target[1:]}"
    return label or target.removeprefix("mailto:").removeprefix("tel:")


def mentions(text: str, user_id: str) -> bool:
    """Whether a message in a channel calls this person."""
    return f"<@{user_id}>" in text or f"<@{user_id}|" in text or bool(re.search(r"<!(channel|here|everyone)\b", text))
