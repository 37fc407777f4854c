"""Checking what was typed into a form and turning it into facts; pure. Every problem is found at once, by field."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import FormErrors, Problem
from bot.models.forms import VisitForm
from bot.models.roles import Part
from bot.procedure.picture import Picture
from bot.procedure.proposal import LONGEST_STAY
from bot.procedure.typed import FURTHEST_AHEAD, instant, number_problem, phone_number, plain_number, whole_number

_LIMITS = {"company": 120, "guest_name": 120, "guest_title": 120, "contact_name": 120, "arrival_place": 200}


@dataclass(frozen=True)
class Intake:
    """A visit form that was found right."""

    arrives_at: datetime
    departs_at: datetime
    party_size: int
    contact_phone: str
    arrival_number: str
    departure_number: str
    travel_minutes: int | None


def check_visit(
    form: VisitForm, zone: ZoneInfo, country: str, now: datetime, *, known_arrival: datetime | None = None
) -> Intake:
    """The facts of a visit; FormErrors with every field that is wrong.

    `known_arrival` is the arrival of a visit that is being changed: it may be past as long as it stays as it is.
    """
    problems: dict[str, Problem] = {}
    for name, longest in _LIMITS.items():
        if len(getattr(form, name)) > longest:
            problems[name] = Problem.TOO_LONG
    if not form.company.strip():
        problems["company"] = Problem.MISSING
    if not form.guest_name.strip():
        problems["guest_name"] = Problem.GUEST_MISSING
    if not form.lead_host:
        problems["lead_host"] = Problem.MISSING
    party_size = whole_number(form.party_size, 1, 500)
    if party_size is None:
        problems["party_size"] = Problem.PARTY_SIZE
    travel = whole_number(form.travel_minutes, 0, 600)
    if form.travel_minutes.strip() and travel is None:
        problems["travel_minutes"] = Problem.TRAVEL_TIME
    phone = phone_number(form.contact_phone, country)
    if phone is None:
        problems["contact_phone"] = Problem.PHONE
    arrives_at, departs_at = _check_stay(form, zone, now, problems)
    if arrives_at is not None and arrives_at == known_arrival:
        problems.pop("arrival_date", None)
    for field in ("arrival", "departure"):
        problem = number_problem(getattr(form, f"{field}_means"), getattr(form, f"{field}_number"))
        if problem:
            problems[f"{field}_number"] = problem
    if problems or arrives_at is None or departs_at is None or party_size is None or phone is None:
        raise FormErrors(problems)
    return Intake(
        arrives_at=arrives_at,
        departs_at=departs_at,
        party_size=party_size,
        contact_phone=phone,
        arrival_number=plain_number(form.arrival_number),
        departure_number=plain_number(form.departure_number),
        travel_minutes=travel,
    )


def _check_stay(
    form: VisitForm, zone: ZoneInfo, now: datetime, problems: dict[str, Problem]
) -> tuple[datetime | None, datetime | None]:
    moments = []
    for field in ("arrival", "departure"):
        day, at = getattr(form, f"{field}_date"), getattr(form, f"{field}_time")
        if day is None:
            problems[f"{field}_date"] = Problem.DATE_MISSING
        if at is None:
            problems[f"{field}_time"] = Problem.MISSING
        moments.append(instant(day, at, zone))
        if day is not None and at is not None and moments[-1] is None:
            problems[f"{field}_time"] = Problem.TIME_DOES_NOT_EXIST
    arrives_at, departs_at = moments
    today = now.astimezone(zone).date()
    if form.arrival_date is not None and form.arrival_date < today:
        problems["arrival_date"] = Problem.IN_THE_PAST
    if arrives_at and arrives_at - now > FURTHEST_AHEAD:
        problems["arrival_date"] = Problem.TOO_FAR
    if arrives_at and departs_at and departs_at <= arrives_at:
        same_day = form.arrival_date == form.departure_date
        problems["departure_time" if same_day else "departure_date"] = Problem.DEPARTURE_BEFORE_ARRIVAL
    elif arrives_at and departs_at and departs_at - arrives_at > LONGEST_STAY:
        problems["departure_date"] = Problem.TOO_FAR
    return arrives_at, departs_at


def form_of(picture: Picture) -> VisitForm:
    """An open visit as it would stand in its form."""
    visit, pickup = picture.visit, picture.pickup
    arrival, departure = visit.arrives_at.astimezone(visit.venue), visit.departs_at.astimezone(visit.venue)

    def slack_ids(part: Part) -> tuple[str, ...]:
        return tuple(picture.people[person].slack_id for person in picture.parts.get(part, ()))

    travel = pickup.travel_minutes if pickup else None
    return VisitForm(
        company=visit.company,
        is_new_client=visit.is_new_client,
        purpose=visit.purpose,
        guest_name=visit.guest_name,
        guest_title=visit.guest_title,
        guest_rank=visit.guest_rank,
        party_size=str(visit.party_size),
        guest_language=visit.guest_language,
        foreign=visit.foreign or "",
        contact_name=visit.contact_name,
        contact_phone=visit.contact_phone,
        arrival_date=arrival.date(),
        arrival_time=arrival.time(),
        arrival_means=visit.arrival_means,
        arrival_number=visit.arrival_number,
        arrival_place=pickup.place if pickup else "",
        travel_minutes="" if travel is None else str(travel),
        departure_date=departure.date(),
        departure_time=departure.time(),
        departure_means=visit.departure_means,
        departure_number=visit.departure_number,
        wants_pickup=pickup is not None,
        wants_hotel=visit.wants_hotel,
        wants_tickets=visit.wants_tickets,
        lead_host=picture.lead_host.slack_id,
        greeters=slack_ids(Part.GREETER),
        leaders=slack_ids(Part.LEADER),
        team=slack_ids(Part.TEAM),
        driver=next(iter(slack_ids(Part.DRIVER)), ""),
        food_notes=visit.food_notes,
        customs_notes=visit.customs_notes,
        is_confidential=visit.is_confidential,
    )
