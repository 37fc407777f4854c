"""What a message, a modal or the Home tab reads like on the screen, as plain text that a reviewer can read.

Buttons stand in [ brackets ], the primary one as [* label *], a dangerous one as [! label !]; what a person can fill
in stands in ‹such marks›, a chosen option with ● before it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from typing import Any

from bot.messages.blocks import Block, Message
from sandbox.blockkit.composition import offered
from sandbox.notifications import lock_screen_text

NamePerson = Callable[[str], str]
"""What a Slack id is called."""

_EMOJI = {
    ":car:": "🚗",
    ":fork_and_knife:": "🍴",
    ":wave:": "👋",
    ":warning:": "⚠️",
    ":white_check_mark:": "✅",
    ":x:": "❌",
    ":no_entry_sign:": "🚫",
    ":information_source:": "ℹ️",
    ":large_green_circle:": "🟢",
    ":large_yellow_circle:": "🟡",
    ":red_circle:": "🔴",
    ":white_circle:": "⚪",
}
_NAMED = re.compile(r":[a-z_]+:")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")
_BUTTONS = {"primary": "[* {} *]", "danger": "[! {} !]", None: "[ {} ]"}
_HELD = (
    "initial_value",
    "initial_user",
    "initial_users",
    "initial_date",
    "initial_time",
    "initial_conversation",
)


def rendered(built: Message | Block | str, name_of: NamePerson) -> str:
    """The whole of it: the line on the lock screen first for messages, title and buttons around it for modals."""
    if isinstance(built, str):
        return built
    screen = _Screen(name_of)
    if isinstance(built, Message):
        sent = built.as_arguments()
        lock_screen = lock_screen_text(sent["text"], name_of)
        lines = [f"(lock screen) {_visible(lock_screen)}", *screen.lines(sent["blocks"])]
    elif built["type"] == "modal":
        feet = [f"[ {built[foot]['text']} ]" for foot in ("close", "submit") if foot in built]
        lines = [f"═ {built['title']['text']} ═", *screen.lines(built["blocks"]), "═ " + " ".join(feet)]
    else:
        lines = list(screen.lines(built["blocks"]))
    return "\n".join(lines)


class _Screen:
    def __init__(self, name_of: NamePerson) -> None:
        self._name_of = name_of

    def lines(self, blocks: list[Block]) -> Iterator[str]:
        for block in blocks:
            yield from self._block(block).split("\n")

    def _block(self, block: Block) -> str:
        match block["type"]:
            case "header":
                return f"# {self._text(block['text'])}"
            case "divider":
                return "────"
            case "context":
                return "\n".join(f"‧ {self._text(text)}" for text in block["elements"])
            case "actions":
                return "\n".join(self._element(element) for element in block["elements"])
            case "input":
                return self._input(block)
            case "section":
                return self._section(block)
        raise AssertionError(f"nobody said how a block of type {block['type']} reads")

    def _section(self, block: Block) -> str:
        texts = [self._text(block["text"])] if "text" in block else []
        for field in block.get("fields", ()):
            label, _, value = self._text(field).partition("\n")
            texts.append(f"{label} " + value.replace("\n", "\n    "))
        beside = [self._element(block["accessory"])] if "accessory" in block else []
        return "\n".join([*texts, *beside])

    def _input(self, block: Block) -> str:
        label = self._text(block["label"]) + (" (optional)" if block["optional"] else "")
        hint = [f"    ({self._text(block['hint'])})"] if "hint" in block else []
        return "\n".join([f"{label}: {self._element(block['element'])}", *hint])

    def _element(self, element: Mapping[str, Any]) -> str:
        if element["type"] == "button":
            label = _BUTTONS[element.get("style")].format(self._text(element["text"]))
            return "\n".join([label, *self._question(element)])
        if "options" in element:
            return self._menu(element)
        held = next((element[name] for name in _HELD if name in element), None)
        if held is None and "placeholder" in element:
            return f"‹{self._text(element['placeholder'])}…›"
        several = held if isinstance(held, list) else [held or ""]
        named = [self._name_of(one) if element["type"].endswith("users_select") and one else one for one in several]
        zone = f" {element['timezone']}" if "timezone" in element else ""
        return f"‹{', '.join(named)}{zone}›"

    def _menu(self, element: Mapping[str, Any]) -> str:
        initial = element.get("initial_options") or [element.get("initial_option")]
        chosen = {option["value"] for option in initial if option}
        lines = [] if chosen or "placeholder" not in element else [f"    {self._text(element['placeholder'])}…"]
        for option in offered(dict(element)):
            about = f" ({self._text(option['description'])})" if "description" in option else ""
            lines.append(f"    {'●' if option['value'] in chosen else '○'} {self._text(option['text'])}{about}")
        return "\n".join(["", *lines])

    def _question(self, element: Mapping[str, Any]) -> Iterator[str]:
        if "confirm" in element:
            asked = {name: self._text(text) for name, text in element["confirm"].items()}
            yield f"    → {asked['title']} {asked['text']} [ {asked['deny']} ] [ {asked['confirm']} ]"

    def _text(self, text: Mapping[str, Any]) -> str:
        said = str(text["text"])
        if text["type"] == "mrkdwn":
            said = unescape(_MENTION.sub(lambda who: f"@{self._name_of(who[1])}", said))
        return _visible(said)


def _visible(text: str) -> str:
    """Emoji as signs; a name that stands for none stays as typed."""
    return _NAMED.sub(lambda name: _EMOJI.get(name[0], name[0]), text).replace("\N{WORD JOINER}", "")
