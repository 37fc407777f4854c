"""The words a person of the demo reads, taken from where they come from: the real builders and the page's own module.

Nothing is quoted here, so that a text may be said in other words without a test noticing.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import sandbox
from bot.i18n import Catalogs, Translator, language_of
from bot.messages import duties
from bot.messages.blocks import Block, Message
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import RequestMenu, RequestVerb, StopMenu, StopVerb
from bot.messages.visit_form import field_of
from bot.procedure.sayings import Say
from tests.gallery import pieces
from tests.samples import ARRIVAL, Scene

_MENUS: Mapping[str, type[StopMenu | RequestMenu]] = {
    Action.STOP_MENU: StopMenu,
    Action.REQUEST_MENU: RequestMenu,
}
_ANYTHING = "\N{OBJECT REPLACEMENT CHARACTER}"


class Spoken:
    """What one person reads."""

    def __init__(self, locale: str, zone: str) -> None:
        language = language_of(locale)
        assert language
        self.t: Translator = _catalogs().translator(locale, ZoneInfo(zone))
        self._shown = _shown(language)
        self._page = _page_words()[locale[:2]]

    def page(self, key: str, **values: str) -> str:
        """A word of the page around the bot."""
        return self._page[key].format(**values)

    def button(self, action: Action) -> re.Pattern[str]:
        """What stands on the buttons that do this."""
        return _any_of(self._shown.buttons[action])

    def menu(self, verb: StopVerb | RequestVerb) -> re.Pattern[str]:
        """What stands in the menu beside a stop or a request."""
        return _any_of(self._shown.menu[verb])

    def duty(self, say: Say) -> str:
        """What a request of section C asks for."""
        return duties.TITLES[say](self.t)

    def heading(self, kind: str) -> re.Pattern[str]:
        """The headings of the messages of a kind of the gallery."""
        return _any_of(self._shown.headings[kind])

    def title(self, window: ViewId) -> re.Pattern[str]:
        """What a window is called."""
        return _any_of(self._shown.titles[window])

    def submit(self, window: ViewId) -> re.Pattern[str]:
        """The button that sends a window off."""
        return _any_of(self._shown.submits[window])

    def field(self, window: ViewId, name: str) -> re.Pattern[str]:
        """The label of a field of a window; the page says behind it that a field is optional."""
        labels = "|".join(map(re.escape, sorted(self._shown.fields[window, name])))
        return re.compile(rf"^(?:{labels})(?: ?[(（].*)?$")


class _Shown:
    """Everything that people of one language can be shown."""

    def __init__(self, scene: Scene) -> None:
        self.buttons: defaultdict[str, set[str]] = defaultdict(set)
        self.menu: defaultdict[str, set[str]] = defaultdict(set)
        self.headings: defaultdict[str, set[str]] = defaultdict(set)
        self.titles: defaultdict[str, set[str]] = defaultdict(set)
        self.submits: defaultdict[str, set[str]] = defaultdict(set)
        self.fields: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        # Where the sample visit has its number and its day, the visits of the demo have theirs.
        self._particular = (scene.visit().reference, scene.t().day(ARRIVAL.date()))
        for kind, _, built in pieces(scene):
            if isinstance(built, Message):
                self._read(kind, built.as_arguments()["blocks"])
            elif not isinstance(built, str):
                self._read_window(built)

    def _read(self, kind: str, blocks: Iterable[Block]) -> None:
        for block in blocks:
            if block["type"] == "header":
                self.headings[kind].add(self._general(block["text"]["text"]))
            if block["type"] == "input":
                name = field_of(block["block_id"]).partition(":")[0]
                self.fields[kind, name].add(block["label"]["text"])
            for element in _elements(block):
                if element["type"] == "button":
                    self.buttons[element["action_id"]].add(element["text"]["text"])
                elif element["action_id"] in _MENUS:
                    for option in element["options"]:
                        chosen = _MENUS[element["action_id"]].parse(option["value"])
                        self.menu[chosen.verb].add(option["text"]["text"])

    def _read_window(self, view: Block) -> None:
        kind = str(view.get("callback_id", view["type"]))
        if view["type"] == "modal":
            self.titles[kind].add(self._general(view["title"]["text"]))
            self.submits[kind] |= {view["submit"]["text"]} if "submit" in view else set()
        self._read(kind, view["blocks"])

    def _general(self, text: str) -> str:
        for particular in self._particular:
            text = text.replace(particular, _ANYTHING)
        return text


def _elements(block: Block) -> Iterator[dict[str, Any]]:
    yield from block.get("elements", ()) if block["type"] == "actions" else ()
    if "accessory" in block:
        yield block["accessory"]


def _any_of(texts: set[str]) -> re.Pattern[str]:
    assert texts, "the gallery shows nothing of the kind"
    known = "|".join(re.escape(text).replace(_ANYTHING, ".+").replace("\u00a0", r"\s") for text in sorted(texts))
    return re.compile(f"^(?:{known})$")


@cache
def _catalogs() -> Catalogs:
    return Catalogs.load(strict=True)


@cache
def _shown(language: str) -> _Shown:
    return _Shown(Scene(_catalogs(), language))


@cache
def _page_words() -> dict[str, dict[str, str]]:
    """The page's own words by language and key."""
    source = files(sandbox).joinpath("page", "js", "words.js").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for line in source.splitlines():
        if language := re.fullmatch(r"  (\w+): \{", line):
            found[language[1]] = {}
        elif word := re.fullmatch(r'    (\w+): (".*"),', line):
            list(found.values())[-1][word[1]] = json.loads(word[2])
    return found
