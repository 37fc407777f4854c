"""A past visit as the beginning of a new one: same people, new days; pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.models.forms import VisitForm
from bot.models.visits import Stop, StopKind
from bot.procedure.clocks import earliest, exists
from bot.procedure.intake import form_of
from bot.procedure.picture import Picture
from bot.procedure.proposal import offered, proposed_stops

OF_THE_FORM = (StopKind.PICKUP, StopKind.OWN_CAR, StopKind.DEPARTURE)
"""Stops that the form makes: arrival and departure."""


def copied_form(picture: Picture, arrival: date, host: str) -> VisitForm:
    """The form of a new visit like this one that begins on another day. Flight and train numbers are left out: they
    are asked for again. Who has left the company takes no part; for a lead host who has, `host` steps in."""
    form = form_of(picture)
    assert form.arrival_date is not None
    assert form.departure_date is not None
    shift = arrival - form.arrival_date
    active = {person.slack_id for person in picture.people.values() if person.is_active}

    def who_stay(slack_ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(slack_id for slack_id in slack_ids if slack_id in active)

    form = replace(
        form,
        is_new_client=False,
        arrival_date=arrival,
        departure_date=form.departure_date + shift,
        arrival_number="",
        departure_number="",
        lead_host=form.lead_host if form.lead_host in active else host,
        greeters=who_stay(form.greeters),
        leaders=who_stay(form.leaders),
        team=who_stay(form.team),
        driver=next(iter(who_stay((form.driver,))), ""),
    )
    taken = {moved_key(stop, picture.visit.venue, shift) for stop in picture.stops if not stop.is_removed}
    keys = offered(proposed_stops(form, picture.workspace))
    return replace(form, stops=tuple(key for key in keys if key in taken), offered_stops=tuple(keys))


def moved_key(stop: Stop, zone: ZoneInfo, shift: timedelta) -> str:
    """The key in the form of a stop that takes place so many days later."""
    return f"{(stop.starts_at.astimezone(zone).date() + shift).isoformat()}/{stop.meal or stop.kind}"


def moved_stops(picture: Picture, arrives_at: datetime, departs_at: datetime, zone: ZoneInfo) -> Iterator[Stop]:
    """The stops of a visit on the days of another, at the same time by the clock; those that fall outside of it, and
    those that its form makes, are left out."""
    first = picture.visit.arrives_at.astimezone(picture.visit.venue).date()
    shift = arrives_at.astimezone(zone).date() - first
    for stop in picture.stops:
        starts_at = _moved(stop.starts_at, picture.visit.venue, zone, shift)
        if stop.is_removed or stop.kind in OF_THE_FORM or not arrives_at <= starts_at <= departs_at:
            continue
        kept = stop.model_dump(exclude={"id", "visit_id", "starts_at", "ends_at"})
        yield Stop(
            **kept, visit_id=0, id=stop.id, starts_at=starts_at, ends_at=starts_at + (stop.ends_at - stop.starts_at)
        )


def _moved(at: datetime, zone: ZoneInfo, to: ZoneInfo, shift: timedelta) -> datetime:
    """The same wall-clock time so many days later; an hour later where the clocks skip it."""
    local = at.astimezone(zone)
    moved = datetime.combine(local.date() + shift, time(local.hour, local.minute), to)
    return (earliest(moved) if exists(moved) else moved).astimezone(UTC)
