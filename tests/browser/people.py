"""The people of the demo at their halves of the page: they find things by role and name, in their own language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

from playwright.async_api import Locator, Page, expect

from bot import demo_office
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import RequestVerb, StopVerb
from tests.browser import menus
from tests.browser.lunch import enter, half
from tests.browser.spoken import Spoken
from tests.reception import PEOPLE

APP = "Visita"
_ROW = re.compile(r"^[A-Z]\d+[a-z]?(\.\d+[a-z]?)? ·")
_SEED: Mapping[str, Mapping[str, Any]] = {user["id"]: user for user in demo_office.seed()["users"]}


@dataclass(frozen=True)
class Somebody:
    """A person of the demo's company, by the short name that tests use."""

    short: str
    locale: str = ""
    """What everybody of the demo reads; empty where each person reads their own language."""

    @property
    def id(self) -> str:
        return PEOPLE[self.short]

    @property
    def name(self) -> str:
        return str(_SEED[self.id]["real_name"])

    @cached_property
    def reads(self) -> Spoken:
        return Spoken(self.locale or _SEED[self.id]["locale"], _SEED[self.id]["tz"])


def address(*shorts: str, place: str = demo_office.RECEPTION, theme: str = "") -> str:
    """The page's query for one person, or two side by side."""
    people = "&beside=".join(PEOPLE[short] for short in shorts)
    return f"/?as={people}{f'&theme={theme}' if theme else ''}#{','.join(place for _ in shorts)}"


class Seat:
    """One person before the page."""

    def __init__(self, page: Page, short: str, locale: str = "") -> None:
        self.page = page
        self.person = Somebody(short, locale)
        self.says = self.person.reads
        self.half = half(page, self.person.name)

    def _beside(self, group: str) -> Locator:
        """A group of the list beside the conversation."""
        return self.half.get_by_role("navigation").get_by_role("region", name=self.says.page(group))

    async def type(self, text: str) -> None:
        """Type into the conversation that is open, and press Enter."""
        await enter(self.half, text)

    async def go_to_messages(self) -> None:
        """Open what the bot wrote to this person."""
        await self._beside("apps").get_by_role("button", name=APP).click()
        await self.half.get_by_role("tab", name=self.says.page("appMessages")).click()
        await expect(self.half.get_by_role("log", name=self.says.page("messagesIn", name=APP))).not_to_be_empty()

    async def read_news(self) -> None:
        """Open what the bot wrote as soon as there is something that was not read yet."""
        await expect(self.newest_card).to_be_visible()
        await self.go_to_messages()

    async def go_to_home(self) -> None:
        """Open the bot's Home tab."""
        await self._beside("apps").get_by_role("button", name=APP).click()
        await self.half.get_by_role("tab", name=self.says.page("appHome")).click()

    async def go_to_channel(self) -> None:
        """Open the channel with the cards of all visits."""
        await self._beside("channels").get_by_role("button", name="#reception").click()

    def message(self, kind: str) -> Locator:
        """The newest message of a kind of the gallery, by its heading."""
        return self.messages(kind).last

    def messages(self, kind: str) -> Locator:
        """All messages of a kind of the gallery."""
        heading = self.page.get_by_role("heading", name=self.says.heading(kind))
        return self.half.get_by_role("article").filter(has=heading)

    def asking(self, *actions: Action) -> Locator:
        """The newest message with a button that does one of `actions`."""
        return self.all_asking(*actions).last

    def all_asking(self, *actions: Action) -> Locator:
        """All messages with a button that does one of `actions`."""
        buttons = [self.page.get_by_role("button", name=self.says.button(action)) for action in actions]
        return self.half.get_by_role("article").filter(has=reduce(Locator.or_, buttons))

    async def answer(self, action: Action) -> None:
        """Press the button that does this in the newest message that has it; the buttons of that message go."""
        waiting = self.all_asking(action)
        await expect(waiting.last).to_be_visible()
        count = await waiting.count()
        await self.press(waiting.last, action)
        await expect(waiting).to_have_count(count - 1)

    def answer_to_me(self) -> Locator:
        """The newest message that only this person sees."""
        return self.answers_to_me().last

    def answers_to_me(self) -> Locator:
        """The messages that only this person sees, in the conversation that is open."""
        return self.half.get_by_role("article").filter(has_text=self.says.page("onlyYou"))

    @property
    def newest_card(self) -> Locator:
        """The newest notification that this person has not looked at yet."""
        return self.half.get_by_role("navigation").get_by_role("group", name=APP).first

    def window(self, view: ViewId) -> Locator:
        """A modal."""
        return self.half.get_by_role("dialog", name=self.says.title(view))

    async def press(self, where: Locator, action: Action) -> None:
        """Press the button that does this."""
        await where.get_by_role("button", name=self.says.button(action)).first.click()

    async def choose_in_menu(self, where: Locator, verb: StopVerb | RequestVerb) -> None:
        """Choose from the first menu in a visit's window or in one of its rows, beside a stop or a request."""
        opener = where.get_by_role("button", name=self.says.page("moreActions")).first
        await menus.choose(opener, self.half.get_by_role("menuitem", name=self.says.menu(verb)))

    async def submit(self, view: ViewId) -> None:
        """Send a window off by its button."""
        await self.window(view).get_by_role("button", name=self.says.submit(view)).click()

    async def close(self, window: Locator) -> None:
        """Close a window by the cross on its top."""
        await window.get_by_role("button", name=self.says.page("close")).first.click()
        await expect(window).to_have_count(0)

    async def is_back(self) -> None:
        """Wait until the page has found the workspace again."""
        await expect(self.half.get_by_text(self.says.page("lostConnection"))).to_have_count(0)

    async def jump(self, rule: str) -> None:
        """Jump from one due notice to the next, up to the first of a row of the procedure; for who sits on the left."""
        clock = self.page.get_by_role("group", name=self.says.page("clock"))
        button = clock.get_by_role("button", name=re.compile(f"^{self.says.page('nextDue')}"))
        jumped_to = ""
        while not jumped_to.startswith(f"{rule} ·"):
            # News on its way stands there for seconds, without a row; a press then may go further than it said.
            await expect(button).to_have_attribute("title", _ROW)
            # Read and pressed in one go: what is due next changes whenever something is written.
            jumped_to = str(
                await button.evaluate("button => { const { title } = button; button.click(); return title; }")
            )
            await expect(button).not_to_have_attribute("title", jumped_to)

    async def an_hour_passes(self) -> None:
        """Press "+1 hour"; for who sits on the left."""
        clock = self.page.get_by_role("group", name=self.says.page("clock"))
        await clock.get_by_role("button", name=self.says.page("plusHour"), exact=True).click()


class FormFilling:
    """A window that a person fills in, label by label."""

    def __init__(self, seat: Seat, view: ViewId) -> None:
        self.seat = seat
        self.view = view
        self.window = seat.window(view)

    def field(self, name: str) -> Locator:
        """The control of a field, by its label."""
        return self.window.get_by_label(self.seat.says.field(self.view, name)).first

    async def write(self, **texts: str) -> None:
        for name, text in texts.items():
            await self.field(name).fill(text)

    async def choose(self, **options: str | list[str]) -> None:
        """Choose in a menu, by what stands in it; several where the menu takes several."""
        for name, chosen in options.items():
            field = self.field(name)
            for option in [chosen] if isinstance(chosen, str) else chosen:
                await menus.choose(field, self.window.get_by_role("option", name=option, exact=True))
            if not isinstance(chosen, str):
                await field.blur()  # Escape would leave the form where the menu is closed already.

    async def submit(self) -> None:
        await self.seat.submit(self.view)
