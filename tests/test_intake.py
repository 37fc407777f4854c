"""From what people type to facts: everything that is wrong is found at once, by field."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.errors import FormErrors, Problem
from bot.models.forms import VisitForm
from bot.procedure.intake import Intake, check_visit
from bot.procedure.typed import whole_amount

SHANGHAI, MADRID, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Madrid"), ZoneInfo("America/New_York")
SANTIAGO, KIRITIMATI, PAGO_PAGO = (
    ZoneInfo(name) for name in ("America/Santiago", "Pacific/Kiritimati", "Pacific/Pago_Pago")
)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
FORM = VisitForm(
    company="Acme",
    guest_name="Luis García",
    party_size="4",
    contact_phone="+34 612 345 699",
    arrival_date=date(2026, 3, 5),
    arrival_time=time(14, 30),
    arrival_number="MU5102",
    departure_date=date(2026, 3, 6),
    departure_time=time(19, 0),
    lead_host="U1",
)


def check(zone: ZoneInfo = SHANGHAI, country: str = "CN", now: datetime = NOW, **fields: Any) -> Intake:
    return check_visit(replace(FORM, **fields), zone, country, now)


def problems(zone: ZoneInfo = SHANGHAI, now: datetime = NOW, **fields: Any) -> dict[str, Problem]:
    with pytest.raises(FormErrors) as refused:
        check(zone, now=now, **fields)
    return dict(refused.value.problems)


def test_a_right_form_becomes_facts() -> None:
    facts = check(travel_minutes=" 45 ", departure_number="ca 0981")
    assert facts.arrives_at == datetime(2026, 3, 5, 14, 30, tzinfo=SHANGHAI)
    assert facts.departs_at == datetime(2026, 3, 6, 19, 0, tzinfo=SHANGHAI)
    assert facts.arrives_at.tzinfo is UTC
    assert (facts.party_size, facts.travel_minutes) == (4, 45)
    assert (facts.arrival_number, facts.departure_number) == ("MU5102", "CA0981")
    assert facts.contact_phone == "+34 612 34 56 99"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"company": ""}, {"company": Problem.MISSING}),
        ({"company": "  "}, {"company": Problem.MISSING}),
        ({"company": "A" * 121}, {"company": Problem.TOO_LONG}),
        ({"guest_name": ""}, {"guest_name": Problem.GUEST_MISSING}),
        ({"guest_name": "G" * 121}, {"guest_name": Problem.TOO_LONG}),
        ({"guest_title": "T" * 121}, {"guest_title": Problem.TOO_LONG}),
        ({"contact_name": "C" * 121}, {"contact_name": Problem.TOO_LONG}),
        ({"arrival_place": "P" * 201}, {"arrival_place": Problem.TOO_LONG}),
        ({"lead_host": ""}, {"lead_host": Problem.MISSING}),
        ({"party_size": ""}, {"party_size": Problem.PARTY_SIZE}),
        ({"party_size": "0"}, {"party_size": Problem.PARTY_SIZE}),
        ({"party_size": "501"}, {"party_size": Problem.PARTY_SIZE}),
        ({"party_size": "-3"}, {"party_size": Problem.PARTY_SIZE}),
        ({"party_size": "four"}, {"party_size": Problem.PARTY_SIZE}),
        ({"party_size": "1e3"}, {"party_size": Problem.PARTY_SIZE}),
        ({"party_size": "²"}, {"party_size": Problem.PARTY_SIZE}),
        ({"travel_minutes": "-5"}, {"travel_minutes": Problem.TRAVEL_TIME}),
        ({"travel_minutes": "601"}, {"travel_minutes": Problem.TRAVEL_TIME}),
        ({"travel_minutes": "an hour"}, {"travel_minutes": Problem.TRAVEL_TIME}),
        ({"contact_phone": "12"}, {"contact_phone": Problem.PHONE}),
        ({"contact_phone": "0155 12", "country": "CN"}, {"contact_phone": Problem.PHONE}),
        ({"contact_phone": "call me"}, {"contact_phone": Problem.PHONE}),
        ({"contact_phone": "+34 612 345 699 12345"}, {"contact_phone": Problem.PHONE}),
        ({"arrival_number": "5102"}, {"arrival_number": Problem.FLIGHT_NUMBER}),
        ({"arrival_number": "MU51023"}, {"arrival_number": Problem.FLIGHT_NUMBER}),
        ({"departure_number": "to Madrid"}, {"departure_number": Problem.FLIGHT_NUMBER}),
        ({"arrival_means": "train", "arrival_number": "fast"}, {"arrival_number": Problem.TRAIN_NUMBER}),
        ({"arrival_date": None}, {"arrival_date": Problem.DATE_MISSING}),
        ({"arrival_time": None}, {"arrival_time": Problem.MISSING}),
        ({"departure_date": None}, {"departure_date": Problem.DATE_MISSING}),
        ({"departure_time": None}, {"departure_time": Problem.MISSING}),
        ({"arrival_date": date(2026, 3, 1)}, {"arrival_date": Problem.IN_THE_PAST}),
        ({"departure_date": date(2026, 3, 4)}, {"departure_date": Problem.DEPARTURE_BEFORE_ARRIVAL}),
        (
            {"departure_date": date(2026, 3, 5), "departure_time": time(14, 30)},
            {"departure_time": Problem.DEPARTURE_BEFORE_ARRIVAL},
        ),
        ({"departure_date": date(2026, 4, 5)}, {"departure_date": Problem.TOO_FAR}),
        (
            {"arrival_date": date(2028, 3, 5), "departure_date": date(2028, 3, 6)},
            {"arrival_date": Problem.TOO_FAR},
        ),
    ],
)
def test_each_slip_is_found_at_its_field_and_nowhere_else(typed: dict[str, Any], found: dict[str, Problem]) -> None:
    assert problems(**typed) == found


def test_everything_that_is_wrong_is_said_at_once() -> None:
    found = problems(company="", guest_name="", party_size="x", contact_phone="x", arrival_date=None, lead_host="")
    assert set(found) == {"company", "guest_name", "party_size", "contact_phone", "arrival_date", "lead_host"}


def test_an_empty_form_asks_for_what_is_needed_and_for_nothing_else() -> None:
    with pytest.raises(FormErrors) as refused:
        check_visit(VisitForm(), SHANGHAI, "CN", NOW)
    assert set(refused.value.problems) == {
        "company", "guest_name", "lead_host", "arrival_date", "arrival_time", "departure_date", "departure_time",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "day", "at"),
    [
        (NEW_YORK, date(2027, 3, 14), time(2, 30)),
        (MADRID, date(2026, 3, 29), time(2, 0)),
        (SANTIAGO, date(2026, 9, 6), time(0, 15)),
    ],
)
def test_a_time_that_the_clocks_skip_is_asked_for_again(zone: ZoneInfo, day: date, at: time) -> None:
    found = problems(zone, arrival_date=day, arrival_time=at, departure_date=day + timedelta(days=2))
    assert found == {"arrival_time": Problem.TIME_DOES_NOT_EXIST}


def test_a_time_that_comes_twice_is_the_first_of_the_two() -> None:
    facts = check(MADRID, arrival_date=date(2026, 10, 25), arrival_time=time(2, 30), departure_date=date(2026, 10, 26))
    assert facts.arrives_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "today"), [(KIRITIMATI, date(2026, 3, 3)), (SHANGHAI, date(2026, 3, 2)), (PAGO_PAGO, date(2026, 3, 1))]
)
def test_today_is_the_venues_day(zone: ZoneInfo, today: date) -> None:
    now = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
    late: dict[str, Any] = {"arrival_time": time(23, 59), "departure_date": today + timedelta(days=1)}
    assert check(zone, now=now, arrival_date=today, **late).party_size == 4
    yesterday = today - timedelta(days=1)
    assert problems(zone, now=now, arrival_date=yesterday, **late) == {"arrival_date": Problem.IN_THE_PAST}


def test_the_arrival_of_a_visit_under_way_may_be_past_while_it_stays_as_it_is() -> None:
    later = NOW + timedelta(days=4)
    known = datetime(2026, 3, 5, 14, 30, tzinfo=SHANGHAI)
    assert (
        check_visit(
            replace(FORM, departure_date=date(2026, 3, 8)), SHANGHAI, "CN", later, known_arrival=known
        ).arrives_at
        == known
    )
    moved = replace(FORM, arrival_time=time(15, 0), departure_date=date(2026, 3, 8))
    with pytest.raises(FormErrors) as refused:
        check_visit(moved, SHANGHAI, "CN", later, known_arrival=known)
    assert refused.value.problems == {"arrival_date": Problem.IN_THE_PAST}


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("", "CN", ""),
        ("   ", "CN", ""),
        ("138 0013 8000", "CN", "+86 138 0013 8000"),
        ("+86-138-0013-8000", "", "+86 138 0013 8000"),
        ("＋８６ １３８００１３８０００", "ES", "+86 138 0013 8000"),
        ("612 345 678", "ES", "+34 612 34 56 78"),
        ("(212) 555-0123", "US", "+1 212-555-0123"),
        ("0034 612 345 678", "ES", "+34 612 34 56 78"),
        ("+56 9 6123 4567", "CN", "+56 9 6123 4567"),
        ("025-8888 6666 转 801", "CN", "+86 25 8888 6666 ext. 801"),
    ],
)
def test_phone_numbers_are_kept_so_that_anybody_can_dial_them(typed: str, country: str, kept: str) -> None:
    assert check(country=country, contact_phone=typed).contact_phone == kept


def test_without_a_country_a_number_needs_its_code() -> None:
    with pytest.raises(FormErrors):
        check(country="", contact_phone="612 345 678")


@pytest.mark.parametrize(
    ("means", "typed", "kept"),
    [
        ("plane", "", ""),
        ("plane", "mu5102", "MU5102"),
        ("plane", "MU 5102", "MU5102"),
        ("plane", "mu-5102", "MU5102"),
        ("plane", "3U8888", "3U8888"),
        ("plane", "U21234", "U21234"),
        ("plane", "CES5102", "CES5102"),
        ("plane", "IB6800A", "IB6800A"),
        ("plane", "BA7", "BA7"),
        ("plane", "ＭＵ５１０２", "MU5102"),
        ("plane", "TBA", ""),
        ("plane", "por confirmar", ""),
        ("train", "待定", ""),
        ("train", "g7001", "G7001"),
        ("train", "G 7001", "G7001"),
        ("train", "1461", "1461"),
        ("train", "AVE 03142", "AVE03142"),
        ("own_car", "苏A 12345", "苏A12345"),
    ],
)
def test_flight_and_train_numbers_are_written_one_way(means: str, typed: str, kept: str) -> None:
    assert check(arrival_means=means, arrival_number=typed).arrival_number == kept
    assert check(departure_means=means, departure_number=typed).departure_number == kept


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        *((typed, 12000) for typed in ("12000", "12 000", "12,000", "12.000", "12’000", "12.000,00", "１２０００")),
        *((typed, 1235) for typed in ("1.234,50", "1,234.5", "1234.01")),
        *((typed, None) for typed in ("", "a lot", "-5", "1e5", "12万", "€5", "1234567890")),
    ],
)
def test_an_amount_is_read_as_it_is_written_anywhere(typed: str, amount: int | None) -> None:
    assert whole_amount(typed) == amount
