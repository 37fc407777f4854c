"""In which messages an answer can stand: those are looked at again, and no others."""

from datetime import UTC, datetime

import pytest
from sqlmodel import SQLModel

from bot.database import Written
from bot.models.bookings import Booking, BookingKind, BookingState, Hold
from bot.models.notices import Declaration, DeclarationKind, Notice, NoticeKind, Record, RecordKind
from bot.models.people import Person
from bot.procedure.deputies import FOR
from bot.procedure.sayings import Say
from bot.procedure.silence import SILENT
from bot.services.showing import answers_in, can_show
from tests.samples import notice

NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)
STOP, OTHER_STOP, REQUEST, OTHER_REQUEST = 1, 2, 11, 12
ASKED, ASKED_OF_ANOTHER = "attendance:stop1:person7", "attendance:stop1:person8"


def message(kind: NoticeKind, stop: int | None = STOP, booking: int | None = None, /, **payload: object) -> Notice:
    return notice(kind, None, stop_id=stop, booking_id=booking, payload=payload)


MESSAGES = {
    "the reminder that asks it": message(NoticeKind.REMINDER, asks=ASKED),
    "somebody else's reminder": message(NoticeKind.REMINDER, asks=ASKED_OF_ANOTHER),
    "who did not answer": message(NoticeKind.SILENCE, **{SILENT: {"unanswered": [{"asks": ASKED}]}}),
    "who did not answer else": message(NoticeKind.SILENCE, **{SILENT: {"unanswered": [{"asks": ASKED_OF_ANOTHER}]}}),
    "what a deputy was asked": message(NoticeKind.REMINDER, asks=ASKED_OF_ANOTHER, **{FOR: 8}),
    "the double check": message(NoticeKind.DUTY, OTHER_STOP, say=Say.DOUBLE_CHECK),
    "the request": message(NoticeKind.REQUEST, STOP, REQUEST),
    "the request as it was told of another stop": message(NoticeKind.REQUEST, OTHER_STOP, REQUEST),
    "another request": message(NoticeKind.REQUEST, STOP, OTHER_REQUEST),
    "the request for a car": message(NoticeKind.VEHICLE_REQUEST, OTHER_STOP, OTHER_REQUEST),
    "a reminder of another stop": message(NoticeKind.REMINDER, OTHER_STOP, asks="attendance:stop2:person7"),
    "the card": message(NoticeKind.CARD, None),
}
OF_NO_STOP = {"the card"}
OF_THE_STOP = {
    *("the reminder that asks it", "somebody else's reminder", "who did not answer", "who did not answer else"),
    *("what a deputy was asked", "the request", "another request"),
}
LISTED = {"the double check"}
ANSWERED = {"the reminder that asks it", "who did not answer", "what a deputy was asked"}


def declared(kind: DeclarationKind, stop: int | None = STOP) -> Declaration:
    return Declaration(
        id=1, visit_id=1, key=ASKED, stop_id=stop, person_id=7, stop_starts_at=NOW, kind=kind, declared_at=NOW
    )


def request(state: BookingState, counter: dict[str, str] | None = None) -> Booking:
    kind = BookingKind.REQUEST
    return Booking(id=REQUEST, visit_id=1, kind=kind, stop_id=STOP, state=state, counter=counter or {}, changed_at=NOW)


def shown_after(row: SQLModel, *columns: str) -> set[str]:
    written = Written(rows=[row], columns={id(row): set(columns)} if columns else {})
    answers = answers_in(written)
    return {name for name, notice in MESSAGES.items() if can_show(notice, answers)}


@pytest.mark.parametrize(
    "kind", [DeclarationKind.GOT_IT, DeclarationKind.ATTENDS, DeclarationKind.CANNOT_ATTEND, DeclarationKind.DONE]
)
def test_what_answers_a_question_stands_where_it_was_asked(kind: DeclarationKind) -> None:
    listed = LISTED if kind == DeclarationKind.DONE else set()
    assert shown_after(declared(kind)) == ANSWERED | listed | OF_NO_STOP


@pytest.mark.parametrize("kind", sorted(set(DeclarationKind) - {"got_it", "attends", "cannot_attend", "done"}))
def test_a_step_of_a_drive_stands_in_all_that_tells_of_the_stop(kind: DeclarationKind) -> None:
    """And in the requests for car and driver, which are about all drives."""
    assert shown_after(declared(kind)) == OF_THE_STOP | LISTED | OF_NO_STOP | {"the request for a car"}


@pytest.mark.parametrize("state", [BookingState.CONFIRMED, BookingState.DECLINED])
def test_the_answer_to_a_request_stands_where_it_was_asked(state: BookingState) -> None:
    expected = {"the request", "the request as it was told of another stop", "what a deputy was asked"}
    assert shown_after(request(state), "state", "version", "details") == expected | LISTED | OF_NO_STOP


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (request(BookingState.RELEASED), ("state",)),
        (request(BookingState.REQUESTED), ("state", "owner_id")),
        (request(BookingState.REQUESTED), ("state", "round")),
        (request(BookingState.CONFIRMED, counter={"note": "later"}), ("state",)),
        (request(BookingState.REQUESTED), ()),
    ],
)
def test_who_has_to_do_with_a_stop_can_change_with_a_request(row: Booking, columns: tuple[str, ...]) -> None:
    everything = OF_THE_STOP | LISTED | OF_NO_STOP | {"the request for a car"}
    assert shown_after(row, *columns) == everything | {"the request as it was told of another stop"}


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (declared(DeclarationKind.DONE, stop=None), ()),
        (request(BookingState.REQUESTED), ("stop_id",)),
        (Booking(id=1, visit_id=1, kind=BookingKind.VEHICLE, stop_id=STOP, changed_at=NOW), ("state",)),
        (Hold(id=1, workspace_id="T", visit_id=1, starts_at=NOW, ends_at=NOW), ()),
        (Person(id=7, workspace_id="T", slack_id="U", name="Liu"), ("away_until",)),
    ],
)
def test_anything_else_may_stand_in_any_message(row: SQLModel, columns: tuple[str, ...]) -> None:
    assert shown_after(row, *columns) == set(MESSAGES)


def test_what_is_kept_beside_an_answer_makes_it_nothing_else() -> None:
    answer = declared(DeclarationKind.DONE)
    record = Record(id=1, visit_id=1, person_id=7, at=NOW, kind=RecordKind.DONE)
    held = Hold(id=1, workspace_id="T", visit_id=1, booking_id=REQUEST, starts_at=NOW, ends_at=NOW)
    answers = answers_in(Written(rows=[record, held, answer]))
    assert answers is not None
    assert answers.asked == {ASKED}
    assert answers_in(Written(rows=[record])) is None, "nothing that anybody answered"
