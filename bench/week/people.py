"""What the people of the week do, by their hands: open, answer, change, cancel. They see what Slack shows them."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from bench.week.company import PATIENCE, Busy
from bench.week.diary import Change, Entry, Kind
from bot import demo_office
from bot.models.roles import Role
from sandbox.blockkit.values import elements
from sandbox.errors import Refusal
from sandbox.grasp import Pressable, pressables
from sandbox.hands import Hands
from sandbox.record import ApiCall

ANSWERS = (("soon", 55), ("late", 20), ("never", 25))
"""Of a hundred people who are asked something."""
LIKES_THE_FIRST = 0.85
"""How often the first of several buttons is the one that is pressed: confirm rather than decline."""
TAKES_BACK = 0.05
"""How often whoever finds a message answered says that they can't after all."""
MORE = ("show_visit",)
"""Buttons that answer nothing."""
Shown = dict[str, Any]


class People:
    """Everybody's hands. `did` counts what they did, and what the bot or Slack refused."""

    def __init__(self, office: Busy, seed: int) -> None:
        self._office = office
        self._chance = random.Random(seed)
        self._hands: dict[str, Hands] = {}
        self.did: Counter[str] = Counter()

    def hands(self, slack_id: str) -> Hands:
        ended = self._office.visita.desk.under_way.ended
        return self._hands.setdefault(
            slack_id, Hands(self._office.workspace, slack_id, patience=PATIENCE, afterwards=ended)
        )

    async def open(self, entry: Entry) -> None:
        """The host fills in the form, reads it back and opens the visit."""

        async def open_it() -> None:
            host = self.hands(entry.host)
            await self._office.fill_form(host, **entry.fields)
            for _ in ("review", "open"):
                if errors := await host.submit():
                    raise Refusal("form: " + ", ".join(errors))

        await self._try("open a visit", entry.host, open_it)

    async def change(self, entry: Entry, change: Change) -> None:
        """The host changes the open visit, in its window."""
        host, steps = self.hands(entry.host), _STEPS[change.kind]
        card = self._card(entry.company)
        if card is None:
            self.did[f"{change.kind}: no card"] += 1
            return

        async def change_it() -> None:
            await host.press(card, action_id="show_visit")
            await steps(host, change.dice)

        await self._try(change.kind, entry.host, change_it)

    def answer_at(self, post: ApiCall) -> tuple[datetime, str] | None:
        """When somebody will answer a message that has just arrived, and who; None where nothing is asked or ever will
        be answered."""
        channel = self._office.workspace.channels[str(post.answer["channel"])]
        asked = [one for one in pressables(post.answer["message"].get("blocks", [])) if _answers(one.element)]
        reader = channel.other(post.answer["message"]["user"])
        if reader is None or not asked:
            return None
        how = self._chance.choices([name for name, _ in ANSWERS], [share for _, share in ANSWERS])[0]
        if how == "never":
            self.did["leave a message unanswered"] += 1
            return None
        minutes = self._chance.expovariate(1 / (8 if how == "soon" else 150))
        return post.workspace_time + timedelta(minutes=minutes), reader

    async def answer(self, reader: str, ts: str) -> None:
        """Somebody presses a button of a message as it stands there now, and fills in what then opens."""
        hands = self.hands(reader)
        shown = next((message for message in hands.dms() if message["ts"] == ts), None)
        asked = [one for one in pressables((shown or {}).get("blocks", [])) if _answers(one.element)]
        if not asked or (all(map(_takes_back, asked)) and self._chance.random() > TAKES_BACK):
            self.did["find a message answered or out of date"] += 1
            return
        chosen = asked[0] if self._chance.random() < LIKES_THE_FIRST else self._chance.choice(asked)

        async def press() -> None:
            await hands.press(shown, action_id=chosen.element["action_id"], value=chosen.value)
            if hands.view() is not None:
                await _fill_in(hands, "没有空 / No puede ser / Not possible", self._chance)

        await self._try(f"press {chosen.element['action_id']}", reader, press)

    async def _try(self, what: str, who: str, act: Callable[[], Awaitable[None]]) -> None:
        hands = self.hands(who)
        troubles = len(hands.troubles)
        try:
            await act()
        except Refusal as refused:
            self.did[f"{what}: {refused.code}"] += 1
        else:
            self.did[what if len(hands.troubles) == troubles else f"{what}: trouble"] += 1
        with suppress(Refusal):
            if hands.view() is not None:
                await hands.close(everything=True)

    def _card(self, company: str) -> Shown | None:
        channel = self._office.workspace.channels.named("reception")
        assert channel is not None
        cards = (
            message.for_people()
            for message in self._office.workspace.messages.of(channel.id)
            if not message.is_reply and company in str(message.blocks)
        )
        return next((card for card in cards if _has(card, "show_visit")), None)


def _answers(element: Shown) -> bool:
    return element["action_id"] not in MORE and "url" not in element


def _takes_back(one: Pressable) -> bool:
    return str(one.element["action_id"]).startswith("take_back_")


def _has(shown: Shown, action_id: str) -> bool:
    return any(one.element["action_id"] == action_id for one in pressables(shown.get("blocks", [])))


def _values(hands: Hands, action_id: str) -> list[str]:
    view = hands.view() or {}
    return [str(one.value) for one in pressables(view.get("blocks", [])) if one.element["action_id"] == action_id]


async def _fill_in(hands: Hands, words: str, dice: random.Random) -> None:
    """Whatever must be typed is typed, and what is chosen already stays, unless it is refused."""
    for block, element in _fields(hands):
        if element["type"] == "plain_text_input" and not block.get("optional") and not element.get("initial_value"):
            await hands.fill(block["block_id"], words)
    errors = await hands.submit()
    for block, element in _fields(hands) if errors else ():
        if block["block_id"] in errors and element["type"] == "static_select":
            await hands.choose(None, block["block_id"], dice.choice(element["options"])["value"])
        elif block["block_id"] in errors and element["type"] == "users_select":
            await hands.choose(None, block["block_id"], dice.choice(demo_office.ROLES[Role.DRIVER]))
    if errors and (errors := await hands.submit()):
        raise Refusal("form: " + ", ".join(errors))


def _fields(hands: Hands) -> list[tuple[Shown, Shown]]:
    return list(elements((hands.view() or {}).get("blocks", [])))


async def _delay(hands: Hands, dice: random.Random) -> None:
    await _open_stop(hands, _values(hands, "change_stop")[:1], dice)
    await _later(hands, dice.choice((20, 45, 90, 150)), dice)


async def _move_a_meal(hands: Hands, dice: random.Random) -> None:
    await _open_stop(hands, _values(hands, "change_stop")[1:], dice)
    await _later(hands, dice.choice((-30, 30, 60)), dice)


async def _one_meal_less(hands: Hands, dice: random.Random) -> None:
    await _open_stop(hands, _values(hands, "change_stop")[1:], dice)
    await hands.press(action_id="remove_stop")


async def _one_meal_more(hands: Hands, dice: random.Random) -> None:
    await hands.press(action_id="add_meal")
    await hands.choose(None, "starts", dice.choice(("07:30", "13:00", "19:30", "21:00")))
    await _fill_in(hands, "", dice)


async def _party(hands: Hands, dice: random.Random) -> None:
    await hands.press(action_id="change_visit")
    await hands.fill("party_size", str(dice.randint(1, 6)))
    await _fill_in(hands, "", dice)


async def _diet(hands: Hands, dice: random.Random) -> None:
    await hands.press(action_id="change_visit")
    await hands.fill("food_notes", dice.choice(("Sin mariscos", "不吃辣", "vegetarian")))
    await _fill_in(hands, "", dice)


async def _cancel(hands: Hands, dice: random.Random) -> None:
    await hands.press(action_id="cancel_visit")
    await _fill_in(hands, "航班取消。", dice)


async def _open_stop(hands: Hands, stops: list[str], dice: random.Random) -> None:
    if not stops:
        raise Refusal("nothing to change")
    await hands.press(action_id="change_stop", value=dice.choice(stops))


async def _later(hands: Hands, minutes: int, dice: random.Random) -> None:
    """The time of the stop in the form on top, so much later."""
    picked = hands.form()["starts"]["starts"]["selected_time"]
    hour, minute = divmod(min(max(int(picked[:2]) * 60 + int(picked[3:]) + minutes, 0), 23 * 60 + 55), 60)
    await hands.choose(None, "starts", f"{hour:02}:{minute:02}")
    await _fill_in(hands, "", dice)


_STEPS: dict[Kind, Callable[[Hands, random.Random], Awaitable[None]]] = {
    "delay": _delay,
    "move a meal": _move_a_meal,
    "one meal more": _one_meal_more,
    "one meal less": _one_meal_less,
    "party": _party,
    "diet": _diet,
    "cancel": _cancel,
}
