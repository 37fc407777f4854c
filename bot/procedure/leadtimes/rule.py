"""One [[rule]] of the file: its fields, and which of them go together."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from bot.models.notices import NoticeKind
from bot.models.settings import RoomKind
from bot.procedure.leadtimes import readers
from bot.procedure.leadtimes.chases import chase_of_rule
from bot.procedure.leadtimes.entries import Entry
from bot.procedure.rules import Rule
from bot.procedure.sayings import Say
from bot.procedure.vocabulary import (
    ASKING,
    TAKE_PART,
    About,
    Anchor,
    Answer,
    Condition,
    Counter,
    Fact,
    Moot,
    Particular,
    To,
)

_OF_REQUESTS = ("minds", "confirm", "counter", "room", "answer_by", "answer_within")
"""The fields that only an entry has which asks for something."""
_OF_ALL = ("id", "about", "anchor", "lead", "to", "notice", "say", "answer", "when", "unless", "office_hours", "chase")
_NOTICES = {
    About.VEHICLE: (NoticeKind.VEHICLE_REQUEST,),
    About.LEADER: (NoticeKind.LEADER_REQUEST,),
    About.DAY: (NoticeKind.RUN_SHEET, NoticeKind.BOARD),
}
"""What is said about a request or a day; everything else is a reminder or a duty."""
_REMINDED = (About.PICKUP, About.MEAL, About.BREAKFAST, About.MEETING, About.TOUR, About.TRIP, About.DEPARTURE)
"""Stops whose reminder has words of its own: what, when, where, who."""


def rule_of(entry: Entry) -> Rule:
    """The rule that the entry is; RulebookError for the first field that is wrong."""
    entry.refuse_unknown({*_OF_ALL, *_OF_REQUESTS})
    about, notice = entry.read("about", readers.one_of(About)), entry.read("notice", readers.one_of(NoticeKind))
    _check_notice(entry, about, notice)
    to = entry.read("to", _people)
    _check_day(entry, about, notice, to)
    answers = _asked(entry, notice, to)
    lead = entry.read("lead", readers.lead)
    chase = chase_of_rule(entry, to) if "chase" in entry.values else None
    return Rule(
        id=entry.read("id", readers.row),
        about=about,
        anchor=entry.read("anchor", readers.one_of(Anchor)),
        lead=lead,
        to=to,
        notice=notice,
        answers=answers,
        say=entry.read_if_given("say", readers.one_of(Say), None),
        when=entry.read_if_given("when", _conditions, ()),
        unless=entry.read_if_given("unless", _moot, ()),
        keeps_office_hours=entry.read_if_given("office_hours", readers.yes_or_no, lead.days > 0),
        chase=chase,
        **_of_request(entry, notice),
    )


def _check_notice(entry: Entry, about: About, notice: NoticeKind) -> None:
    fitting = _NOTICES.get(about, (NoticeKind.REMINDER, NoticeKind.DUTY, NoticeKind.REQUEST))
    if notice not in fitting:
        raise entry.mistake("notice", f"a rule about {about} says {' or '.join(fitting)}")
    if notice == NoticeKind.REMINDER and about not in _REMINDED:
        raise entry.mistake("notice", f"there is no reminder of {about}; say which duty it is")
    says = notice in (NoticeKind.DUTY, NoticeKind.REQUEST)
    if says != ("say" in entry.values):
        raise entry.mistake("say", "is missing" if says else f"a {notice} has words of its own")


def _check_day(entry: Entry, about: About, notice: NoticeKind, to: Collection[To]) -> None:
    fitting = (
        {To.RECEPTION_CHANNEL} if notice == NoticeKind.BOARD else set(TAKE_PART) if about is About.DAY else set(To)
    )
    if notice != NoticeKind.BOARD:
        fitting -= {To.RECEPTION_CHANNEL}
    for who in to:
        if who not in fitting:
            raise entry.mistake("to", f"a {notice} about {about} tells nobody but {', '.join(sorted(fitting))}")
    if about is About.DAY:
        for name in ("when", "unless"):
            if name in entry.values:
                raise entry.mistake(name, "a day has no conditions")
        if entry.values.get("anchor") not in (Anchor.MORNING, Anchor.START):
            raise entry.mistake("anchor", "a day has morning or start")


def _asked(entry: Entry, notice: NoticeKind, to: Collection[To]) -> Mapping[To, Answer]:
    """Who is asked for which answer; only those who are told can be."""
    answers: Mapping[To, Answer] = entry.read_if_given("answer", _answers, {})
    if answers and notice not in (NoticeKind.REMINDER, NoticeKind.DUTY):
        raise entry.mistake("answer", "a request has buttons of its own")
    untold = [who for who in answers if who not in to]
    if untold:
        raise entry.mistake("answer", f"{untold[0]} is not told")
    return answers


def _of_request(entry: Entry, notice: NoticeKind) -> dict[str, Any]:
    """What only an entry has which asks for something."""
    given = [name for name in _OF_REQUESTS if name in entry.values]
    if given and notice not in ASKING:
        raise entry.mistake(given[0], f"a {notice} asks for nothing that is confirmed")
    if notice in ASKING and ("answer_by" in given) == ("answer_within" in given):
        raise entry.mistake("answer_by", "until when an answer is waited for: answer_by or answer_within, one of both")
    reads: dict[str, Callable[[Any], Any]] = {
        "minds": _facts,
        "confirm": _particulars,
        "counter": readers.one_of(Counter),
        "room": readers.one_of(RoomKind),
        "answer_by": readers.lead,
        "answer_within": readers.lead,
    }
    read = {name: entry.read(name, reads[name]) for name in given}
    if ("room" in read) != (Particular.ROOM in dict(read.get("confirm", ()))):
        raise entry.mistake("room", "which rooms of the house, where the confirmation says the room; else not")
    return read


def _people(value: Any) -> tuple[To, ...]:
    return tuple(dict.fromkeys(readers.one_of(To)(name) for name in readers.list_of(str)(value)))


def _answers(value: Any) -> dict[To, Answer]:
    if not isinstance(value, dict):
        raise ValueError('who is asked for what, such as { driver = "got_it" }')
    return {readers.one_of(To)(who): readers.one_of(Answer)(what) for who, what in value.items()}


def _conditions(value: Any) -> tuple[tuple[Condition, bool], ...]:
    words = [text.split() for text in readers.list_of(str)(value)]
    return tuple((readers.one_of(Condition)(parts[-1] if parts else ""), parts[:-1] != ["not"]) for parts in words)


def _moot(value: Any) -> tuple[Moot, ...]:
    return tuple(readers.one_of(Moot)(text) for text in readers.list_of(str)(value))


def _facts(value: Any) -> tuple[Fact, ...]:
    return tuple(readers.one_of(Fact)(text) for text in readers.list_of(str)(value))


def _particulars(value: Any) -> tuple[tuple[Particular, bool], ...]:
    names = readers.list_of(str)(value)
    return tuple((readers.one_of(Particular)(name.removesuffix("?")), not name.endswith("?")) for name in names)
