"""Every button of this release, pressed by everybody who may not, twice, and on last week's message.

A day is played at a real reception. Whenever something new can be pressed, everybody tries who may not: each gets an
answer, and nothing has changed. What is pressed rightly is pressed once more. In the end the visit is canceled, a week
passes, and every button that there ever was is pressed again.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import Enum, auto

import pytest
from sqlmodel import col, select

from bot.app import read_rulebook
from bot.messages.ids import Action
from bot.models.visits import Stop
from bot.vault import new_key
from sandbox.grasp import pressables
from sandbox.hands import Hands
from tests.presses import Button, Outcome, buttons, press
from tests.reception import PEOPLE, SHANGHAI, Reception, reception

HOST = {"lina", "liu", "zhou"}
"""Lead host, administration, and who stands in for administration."""
SETTINGS, FURNISHERS, PASSPORTS = {"liu"}, {"liu", "zhou"}, {"lina", "liu"}
RECORD = HOST | {"zhang", "xu", "sofia"}
TAKING_PART = HOST | {"sofia", "zhang", "carlos", "chen", "wang", "grace", "gao"}


FAR = {"arrival_date": "2026-03-12", "departure_date": "2026-03-13"}
NEVER_SEEN = {
    *(Action.CHOOSE_KIND, Action.CHOOSE_SECTION, Action.DECLARE_LATE),  # chosen from a list, not pressed
    *(Action.SHOW_HISTORY_BEFORE, Action.SHOW_HISTORY_AFTER, Action.SHOW_PARTY_BEFORE, Action.SHOW_PARTY_AFTER),
    *(Action.REMOVE_GUEST, Action.ISSUE_LETTER, Action.SEND_ITINERARY, Action.GUESTS_AGREED),
    *(Action.COME_BACK, Action.START_AFRESH, Action.RESET_RULE, Action.NOTE_CHANGE, Action.DECLARE_HERE),
    Action.NAME_DRIVER,
}
"""What this visit never came to; the tests of each noun press it."""


class Whose(Enum):
    """Who may press a button that is not the same people's always."""

    EVERYBODY = auto()
    ADDRESSEE = auto()
    """Whoever it stands before."""


DECLARED = (
    *(Action.DECLARE_ON_MY_WAY, Action.DECLARE_ATTENDS, Action.DECLARE_CANNOT_ATTEND, Action.DECLARE_GOT_IT),
    *(Action.TAKE_BACK_ATTENDANCE, Action.ATTEND_AFTER_ALL),
    *(Action.DECLARE_DONE, Action.DECLARE_IN_PLACE, Action.DECLARE_ABOARD, Action.DECLARE_ARRIVED),
    *(Action.DECLARE_HERE, Action.DECLARE_LATE, Action.COUNT_ABOARD),
)
ANY, OWN = Whose.EVERYBODY, Whose.ADDRESSEE
MAY: Mapping[Action, Collection[str] | Whose] = {
    **dict.fromkeys(
        (
            *(Action.NEW_VISIT, Action.LIST_VISITS, Action.SHOW_TODAY, Action.SHOW_HELP, Action.SHOW_VISIT),
            *(Action.CHOOSE_LANGUAGE, Action.GO_AWAY, Action.COME_BACK, Action.SHOW_PLAN, Action.SHOW_INTRODUCTIONS),
            Action.SHOW_RECEPTION,
            *(Action.START_AFRESH, Action.COPY_VISIT, Action.SHOW_PARTY, Action.SHOW_CLIENT),
            *(Action.SHOW_PARTY_BEFORE, Action.SHOW_PARTY_AFTER),
        ),
        ANY,
    ),
    **dict.fromkeys(DECLARED, OWN),
    Action.NOTE: TAKING_PART,
    Action.DELAY: HOST | {"sofia", "carlos", "chen", "wang"},
    **dict.fromkeys(
        (
            *(Action.REMIND_EVERYONE, Action.CHANGE_VISIT, Action.CANCEL_VISIT, Action.STOP_MENU, Action.ADD_STOP),
            *(
                Action.CHOOSE_KIND,
                Action.NAME_DRIVER,
                Action.CHOOSE_LEVEL,
                Action.HAND_OVER,
                Action.ADD_GUEST,
                Action.CHANGE_GUEST,
            ),
            *(Action.REMOVE_GUEST, Action.PASTE_GUESTS, Action.DESCRIBE_PARTY, Action.SEND_PLAN),
            *(Action.SHOW_ITINERARY, Action.OPEN_ITINERARY, Action.SEND_ITINERARY, Action.GUESTS_AGREED),
            *(Action.ACCEPT_COUNTER, Action.REJECT_COUNTER, Action.REASSIGN_REQUEST, Action.TAKE_BACK_CHANGE),
        ),
        HOST,
    ),
    **dict.fromkeys((Action.SHOW_PAPERS, Action.SHOW_PASSPORT, Action.ISSUE_LETTER), HOST),
    **dict.fromkeys(
        (Action.SHOW_HISTORY, Action.SHOW_HISTORY_BEFORE, Action.SHOW_HISTORY_AFTER, Action.EXPORT_HISTORY), RECORD
    ),
    Action.ASSIGN_VEHICLE: FURNISHERS,
    Action.TAKE_BACK_REQUEST: {"liu", "zhou"},  # the first that stands anywhere: the car that administration gave
    Action.REQUEST_MENU: HOST | {"zhao", "huang", "ana"},  # whichever request is the first: its owner may as well
    **dict.fromkeys((Action.CONFIRM_REQUEST, Action.DECLINE_REQUEST, Action.PROPOSE_OTHERWISE), OWN),
    **dict.fromkeys(
        (
            *(Action.APPROVE_PLAN, Action.RETURN_PLAN, Action.HAND_PLAN),
            *(Action.ALLOW_CHANGE, Action.REFUSE_CHANGE, Action.NOTE_CHANGE),
        ),
        OWN,
    ),
    **dict.fromkeys(
        (
            *(Action.OPEN_SETTINGS, Action.SHOW_SETTINGS, Action.CHOOSE_SECTION, Action.RESET_RULE),
            *(Action.EDIT_RANK, Action.USE_PRESET, Action.GIVE_RANK),
        ),
        SETTINGS,
    ),
    **dict.fromkeys((Action.ADD_VEHICLE, Action.RETIRE_VEHICLE, Action.ADD_ROOM, Action.RETIRE_ROOM), FURNISHERS),
}
"""Who may press what, in this house at this visit."""
STAND_INS = {"liu": {"zhou"}, "zhou": {"liu"}, "gao": {"grace"}, "zhang": {"xu"}}
"""Who may answer in whose place."""


@pytest.mark.sqlite
def test_every_button_has_its_row() -> None:
    assert set(MAY) == set(Action)


def may(button: Button) -> set[str]:
    """Who may press it, by first name."""
    row = MAY[Action(button.action_id)]
    if row is Whose.EVERYBODY:
        return set(PEOPLE)
    if row is Whose.ADDRESSEE:
        return {button.owner, *STAND_INS.get(button.owner, ())}
    assert not isinstance(row, Whose)
    return set(row)


class Matrix:
    """What was pressed by whom, and what went wrong."""

    def __init__(self, office: Reception) -> None:
        self.office = office
        self.seen: dict[str, Button] = {}
        """One button of each kind, as it stood when it was first seen."""
        self.wrong: list[str] = []

    async def look(self, *, close: bool = False) -> None:
        """Whatever can be pressed that could not before: everybody tries who may not. `close`: the windows
        that are open first."""
        fresh = [b for b in buttons(self.office) if b.action_id in list(Action) and b.action_id not in self.seen]
        if close:
            for name in PEOPLE:
                hands: Hands = getattr(self.office, name)
                if hands.view() is not None:
                    await hands.close(everything=True)
        for button in fresh:
            if button.action_id not in self.seen:
                self.seen[button.action_id] = button
                for who in sorted(set(PEOPLE) - may(button)):
                    self.note(f"{button} pressed by {who}, who may not", await press(self.office, who, button))

    async def twice(self, who: Hands, action: Action) -> None:
        """Pressed as it should be, and once more as if the finger had slipped."""
        name = next(name for name, slack_id in PEOPLE.items() if slack_id == who.user_id)
        button = newest(self.office, name, action)
        await who.press(button.message, action_id=action, value=button.found.value)
        await self.office.settle()
        self.note(f"{button} pressed once more", await press(self.office, name, button))

    async def look_with(self, who: Hands, path: list[str]) -> None:
        """Through windows, by the buttons in them: an action id, or `action_id=value`."""
        for step in path:
            action_id, _, value = step.partition("=")
            found = [p for p in pressables((who.view() or {})["blocks"]) if p.element["action_id"] == action_id]
            if not found:
                break
            await who.press(action_id=action_id, value=value or found[0].value)
        await self.look(close=True)

    async def last_week(self) -> None:
        """Whatever could ever be pressed is pressed once more, by the one before whom it stood."""
        for button in self.seen.values():
            if MAY[Action(button.action_id)] in (SETTINGS, FURNISHERS) and button.message is None:
                continue  # of the house, not of the visit: what it does is right at any time
            told = f"{button} pressed after a week, of a canceled visit"
            self.note(told, await press(self.office, button.owner, button))

    def note(self, told: str, outcome: Outcome) -> None:
        if not outcome.is_clear:
            self.wrong.append(f"{told}: no clear answer {outcome.failures}")
        if outcome.effects:
            self.wrong.append(f"{told}: {outcome.effects} changed")


def newest(office: Reception, name: str, action: Action) -> Button:
    """The newest button of this kind in somebody's messages."""
    messages = reversed(office.inbox(getattr(office, name)))
    found = (Button(name, m, p) for m in messages for p in pressables(m["blocks"]))
    return next(button for button in found if button.action_id == action)


def _has(office: Reception, name: str, action: Action) -> bool:
    messages = office.inbox(getattr(office, name))
    return any(p.element["action_id"] == action for m in messages for p in pressables(m["blocks"]))


async def _open(office: Reception, name: str, action: Action) -> Hands:
    """A form from the newest message that offers it."""
    hands: Hands = getattr(office, name)
    button = newest(office, name, action)
    await hands.press(button.message, action_id=action, value=button.found.value)
    return hands


async def _submit(office: Reception, hands: Hands, **typed: str) -> None:
    for field, value in typed.items():
        await hands.fill(field, value)
    assert await hands.submit() == {}
    await office.settle()


@pytest.mark.timeout(600)  # a whole visit, and every button of it pressed by everybody
async def test_nobody_presses_what_is_not_theirs_or_over_and_nothing_counts_twice(database_url: str) -> None:
    async with reception(database_url, rulebook=read_rulebook(), approved=True, secret_keys=(new_key(),)) as office:
        matrix = Matrix(office)
        for part in (_planned, _looked_through, _prepared, _on_the_day, _settings, _over):
            await part(office, matrix)
        await matrix.last_week()
    unseen = {action.value for action in set(Action) - NEVER_SEEN} - set(matrix.seen)
    wrong = [*matrix.wrong, *(f"{action} never stood anywhere" for action in sorted(unseen))]
    assert not wrong, "\n".join(wrong)


async def _planned(office: Reception, matrix: Matrix) -> None:
    """The plan is sent, approved; a change of it asked for, and allowed."""
    await office.open_visit(
        party_size="3", driver="U04CHEN", leaders=["U06SOFIA", "U07ZHANG"], team=["U02CARLOS"], **FAR
    )
    await matrix.look()
    await _submit(office, await _open(office, "lina", Action.SEND_PLAN))
    await matrix.look()
    approver = next(name for name in PEOPLE if _has(office, name, Action.APPROVE_PLAN))
    await matrix.twice(getattr(office, approver), Action.APPROVE_PLAN)
    await matrix.look()
    for starts in ("19:00", "19:30"):
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="stop_menu", value=f"1~change~{await _dinner(office)}")
        await office.lina.choose(None, "starts", starts)
        await office.lina.submit()
        await office.lina.close(everything=True)
        await office.settle()
        await matrix.look()
        await office.lina.press(office.card(), action_id="show_visit")
        await matrix.look_with(office.lina, [])
        await matrix.twice(getattr(office, approver), Action.ALLOW_CHANGE)


async def _looked_through(office: Reception, matrix: Matrix) -> None:
    """Every window of the visit."""
    for path in (
        ["stop_menu"],
        ["add_stop"],
        ["choose_level"],
        ["show_party"],
        ["show_party", "add_guest"],
        ["show_client"],
        ["show_papers"],
        ["show_history"],
        ["open_itinerary"],
    ):
        await office.lina.press(office.card(), action_id="show_visit")
        await matrix.look_with(office.lina, path)
    await office.lina.command("/visit")
    await matrix.look()


async def _prepared(office: Reception, matrix: Matrix) -> None:
    """Cars, drivers, rooms, leaders: asked for, answered, answered otherwise."""
    await office.pass_time(until=_at(10, 17, 30))
    await matrix.look()
    await _submit(office, await _open(office, "liu", Action.ASSIGN_VEHICLE))
    await matrix.look()
    await matrix.twice(office.chen, Action.CONFIRM_REQUEST)
    await _submit(office, await _open(office, "liu", Action.PROPOSE_OTHERWISE), note="\u53ea\u6709\u5e02\u90ca\u7684")
    await matrix.look()
    await matrix.twice(office.lina, Action.ACCEPT_COUNTER)
    await _submit(office, await _open(office, "liu", Action.DECLINE_REQUEST), reason="\u6ca1\u6709")
    await matrix.look()


async def _on_the_day(office: Reception, matrix: Matrix) -> None:
    """Reminders, the drives, the gate; each answer twice."""
    for hour in (9, 13, 14, 15, 17, 21):
        await office.pass_time(until=_at(12, hour, 40))
        await matrix.look()
    for action in (*DECLARED, Action.REMIND_EVERYONE):
        for name in PEOPLE:
            if _has(office, name, action):
                await matrix.twice(getattr(office, name), action)
                await matrix.look()
                break


async def _settings(office: Reception, matrix: Matrix) -> None:
    """Pages of the settings, and the Home tabs."""
    for page in ("menu", "site", "cars", "rooms", "ranks", "lead_times", "organizers"):
        await office.liu.command("/visit settings")
        await matrix.look_with(office.liu, [] if page == "menu" else [f"show_settings=1~{page}~"])
    for name in PEOPLE:
        await getattr(office, name).open_home()
    await matrix.look()
    await office.sofia.command("/visit away")
    await matrix.look()


async def _over(office: Reception, _: Matrix) -> None:
    """Canceled; a week later nobody has anything to do with it any more."""
    await office.lina.command("/visit cancel V-0001")
    await office.lina.fill("reason", "\u822a\u73ed\u53d6\u6d88")
    assert await office.lina.submit() == {}
    await office.settle()
    await office.pass_time(days=7)


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


async def _dinner(office: Reception) -> int:
    async with office.visita.database.read() as session:
        dinners = select(Stop).where(Stop.meal == "dinner").order_by(col(Stop.id))
        return (await session.exec(dinners)).all()[0].key
