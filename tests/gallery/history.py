"""The record of a visit as people read it: every entry, everything that can have changed, its pages and its table."""

from collections.abc import Iterator
from typing import Any

from bot.messages import history, screens
from bot.messages.blocks import Block
from bot.messages.facts import LABELS
from bot.messages.reading import Reading
from bot.models.guests import Gender, Paper, ProfileField
from bot.models.notices import Record, RecordKind
from bot.models.roles import Part
from bot.models.visits import Background, Foreign, Meal, MealStyle, Means, Payer, Purpose
from bot.procedure.history import MOMENTS, PEOPLE, QUIET, Changes
from tests.samples import DRIVER, HOST, MADRID, PICKUP, SOFIA, Scene, at

_CHOICES: dict[str, tuple[Any, Any]] = {
    "purpose": (Purpose.COURTESY, Purpose.COMPLAINT),
    "guest_language": ("es", "en"),
    "arrival_means": (Means.PLANE, Means.TRAIN),
    "departure_means": (Means.TRAIN, Means.OWN_CAR),
    "means": (None, Means.PLANE),
    "hotel_payer": (Payer.GUEST, Payer.HOUSE),
    "background": (Background.OPEN, Background.COMPETITOR),
    "foreign": (None, Foreign.WITH_LETTER),
    "level": (3, 1),
    "meal": (Meal.LUNCH, Meal.DINNER),
    "style": (MealStyle.SIMPLE, MealStyle.BANQUET),
    "gender": (Gender.UNKNOWN, Gender.FEMALE),
    "party_size": (4, 12),
    "luggage": (None, 6),
    "travel_minutes": (None, 45),
}


def histories(scene: Scene) -> Iterator[tuple[str, Block]]:
    """The window, page by page."""
    reading = scene.reading(reader=HOST)
    for name, records in _pages(scene).items():
        yield name, history.window(reading, records, first=0, total=len(records))
    one = [_record(RecordKind.OPENED)]
    yield "a page in the middle", history.window(reading, one * history.SHOWN, first=15, total=70)
    elsewhere = scene.reading(reader=HOST, zone=MADRID)
    yield "read elsewhere", history.window(elsewhere, one, first=0, total=1)
    sent = scene.t().gettext("Sent: it is in your messages with Visita.")
    yield "sent", screens.with_word(history.window(reading, one, first=0, total=1), sent)
    yield "as a table", screens.notice(scene.t(), table_of(reading, [_record(RecordKind.OPENED)]))


def table_of(reading: Reading, records: list[Record]) -> str:
    """What a spreadsheet reads."""
    return history.table(reading, records).decode("utf-8-sig").replace("\r\n", "\n")


def _pages(scene: Scene) -> dict[str, list[Record]]:
    names = [*LABELS, *Part]
    return {
        **{
            f"changed, {n}": [_record(RecordKind.CHANGED, changes=_changes(scene, names[n : n + 12]))]
            for n in range(0, len(names), 12)
        },
        "more than fits": [_record(RecordKind.CHANGED, stop=PICKUP, changes=_changes(scene, names[:14]))],
        "guests": [
            _record(RecordKind.PARTY_CHANGED, added=[scene.typed.guest, scene.typed.contact]),
            _record(RecordKind.PARTY_CHANGED, removed=[scene.typed.contact]),
            _record(RecordKind.PARTY_CHANGED, guest=scene.typed.guest, changes=_changes(scene, ["title", "diet"])),
        ],
        "papers, profile and level": [
            _record(RecordKind.LEVEL_CHOSEN, level=1, reason=scene.typed.reason, changes={"level": [3, 1]}),
            _record(RecordKind.CLIENT_CHANGED, fields=[ProfileField.CUSTOMS, ProfileField.LESSONS]),
            _record(
                RecordKind.PAPERS_CHANGED,
                old={Paper.GUEST_LIST: False, Paper.INSURANCE: True},
                new={Paper.GUEST_LIST: True, Paper.ITINERARY: False},
            ),
        ],
        "the plan": [
            _record(RecordKind.PLAN_SENT, revision=2, changed={"party_size": [4, 6], "estimated_cost": [None, 12000]}),
            _record(RecordKind.PLAN_TAKEN_BACK, revision=2, changed={"leader": [[SOFIA], []]}),
            _record(RecordKind.PLAN_RETURNED, revision=2, remarks=scene.typed.reason),
            _record(RecordKind.PLAN_HANDED, revision=3, old=None, new=SOFIA),
            _record(RecordKind.PLAN_APPROVED, revision=3),
            _record(RecordKind.CHANGE_REFUSED, changed={"party_size": [4, 6]}, reason=scene.typed.reason),
            _record(RecordKind.CHANGE_TAKEN_BACK, changed={"party_size": [4, 6]}),
        ],
    }


def _changes(scene: Scene, names: list[str]) -> Changes:
    return {name: [] if name in QUIET else list(_pair(scene, name)) for name in names}


def _pair(scene: Scene, name: str) -> tuple[Any, Any]:
    if name in _CHOICES:
        return _CHOICES[name]
    if name in PEOPLE:
        return [HOST], [SOFIA, DRIVER]
    if name in MOMENTS:
        return at(5, 14, 30).isoformat(), at(5, 16).isoformat()
    if name.startswith(("is_", "has_", "wants_", "brings_", "needs_", "by_")):
        return False, True
    return "", scene.typed.company


def _record(kind: RecordKind, **details: Any) -> Record:
    return Record(id=1, visit_id=1, person_id=HOST, at=at(3, 9), kind=kind, details=details)
