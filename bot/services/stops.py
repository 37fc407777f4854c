"""The stops of an open visit: add, change, copy, remove."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from sqlmodel import col, delete

from bot.errors import FormErrors, OutOfDate, Problem
from bot.models.forms import StopForm
from bot.models.notices import RecordKind
from bot.models.people import Actor, Person
from bot.models.plans import Verb
from bot.models.roles import Part
from bot.models.visits import Stop, StopKind, StopParticipant
from bot.procedure import history
from bot.procedure.picture import Picture
from bot.procedure.stops import PARTS, StopFacts, check_stop, stop_form_of
from bot.services.consenting import Asked, Consent, changing_plan, typed_over
from bot.services.drivers import take
from bot.services.itinerary import follow, forget_answers
from bot.services.office import Change, Office
from bot.services.people import People


@dataclass(frozen=True)
class Stops:
    """The verbs on stops."""

    office: Office
    people: People

    async def add(
        self, actor: Actor, visit_id: int, kind: StopKind, form: StopForm, consent: Consent | None = None
    ) -> None:
        """One stop more. ResourceTaken where its driver drives for another visit then."""
        named = await self._named(actor, form)
        typed = {"visit": visit_id, "kind": str(kind), "form": form.to_json()}
        asked = Asked(Verb.ADD_STOP, lambda _: typed)
        async with changing_plan(self.office, actor, visit_id, asked, consent) as change:
            visit = change.by(actor)
            facts = check_stop(form, kind, visit.venue, change.now, visit=visit)
            await _add(change, actor, kind, facts, form, named)

    async def change(self, actor: Actor, stop_id: int, form: StopForm, consent: Consent | None = None) -> None:
        """Change one stop: when, where, what is special to its kind, and who takes part in it.

        ResourceTaken where its driver drives for another visit then.
        """
        named = await self._named(actor, form)
        asked = Asked(
            Verb.CHANGE_STOP, lambda before: {"stop": stop_id, **typed_over(form, seen_stop(before, stop_id))}
        )
        async with changing_plan(self.office, actor, await self._visit_of(stop_id), asked, consent) as change:
            visit = change.by(actor)
            stop = await _live_stop(change, stop_id)
            before = await change.picture()
            facts = check_stop(form, StopKind(stop.kind), visit.venue, change.now, visit=visit, was=stop)
            facts_before = history.of_stop(before, stop)
            stop.sqlmodel_update(asdict(facts))
            change.session.add(stop)
            await _write_people(change, stop, form, named)
            await take(change.session, await change.picture(), stop)
            await follow(change)
            await _forget_those_released(change, before, stop)
            changes = history.differences(facts_before, history.of_stop(await change.picture(), stop))
            await change.record(actor.id, RecordKind.CHANGED, stop=stop.key, changes=changes)

    async def copy(self, actor: Actor, stop_id: int, day: date | None, consent: Consent | None = None) -> None:
        """The same once more on another day, at the same time by the venue's clock, with the same people."""
        asked = Asked(Verb.COPY_STOP, lambda _: {"stop": stop_id, "day": day.isoformat() if day else None})
        async with changing_plan(self.office, actor, await self._visit_of(stop_id), asked, consent) as change:
            visit = change.by(actor)
            stop = await _live_stop(change, stop_id)
            picture = await change.picture()
            if day == stop.starts_at.astimezone(visit.venue).date():
                raise FormErrors({"day": Problem.SAME_DAY})
            form = stop_form_of(picture, stop).on(day)
            kind = StopKind(stop.kind)
            facts = check_stop(form, kind, visit.venue, change.now, visit=visit, was=stop)
            named = {person.slack_id: person for person in picture.people.values()}
            await _add(change, actor, kind, facts, form, named)

    async def remove(self, actor: Actor, stop_id: int, consent: Consent | None = None) -> None:
        """Take a stop out of the itinerary; it stays on record."""
        asked = Asked(Verb.REMOVE_STOP, lambda _: {"stop": stop_id})
        async with changing_plan(self.office, actor, await self._visit_of(stop_id), asked, consent) as change:
            change.by(actor)
            stop = await _live_stop(change, stop_id)
            stop.is_removed = True
            change.session.add(stop)
            await follow(change)
            await change.record(actor.id, RecordKind.CHANGED, stop=stop.key, removed=True)

    async def _visit_of(self, stop_id: int) -> int:
        async with self.office.database.read() as session:
            stop = await session.get(Stop, stop_id)
        if stop is None:
            raise OutOfDate
        return stop.visit_id

    async def _named(self, actor: Actor, form: StopForm) -> Mapping[str, Person]:
        """The people a form names; FormErrors at the field that names an app or somebody who has left."""
        known = await self.people.known(actor.person.workspace_id, form.everybody())
        problems: dict[str, Problem] = {
            part: Problem.NOT_A_PERSON
            for part, ids in form.people.items()
            if any(slack_id not in known or not known[slack_id].is_active for slack_id in ids)
        }
        if problems:
            raise FormErrors(problems)
        return known


async def _add(
    change: Change, actor: Actor, kind: StopKind, facts: StopFacts, form: StopForm, named: Mapping[str, Person]
) -> None:
    stop = Stop(visit_id=change.visit.key, kind=kind, **asdict(facts))
    change.session.add(stop)
    await change.session.flush()
    await _write_people(change, stop, form, named)
    await take(change.session, await change.picture(), stop)
    await follow(change)
    await change.record(actor.id, RecordKind.CHANGED, stop=stop.key, added=True)


async def _write_people(change: Change, stop: Stop, form: StopForm, named: Mapping[str, Person]) -> None:
    """Who takes part in this stop instead of those who do in the visit."""
    await change.session.exec(delete(StopParticipant).where(col(StopParticipant.stop_id) == stop.key))
    change.session.add_all(
        StopParticipant(visit_id=stop.visit_id, stop_id=stop.key, person_id=named[slack_id].key, part=part)
        for part in PARTS[StopKind(stop.kind)]
        for slack_id in dict.fromkeys(form.people.get(part, ()))
    )
    await change.session.flush()


async def _forget_those_released(change: Change, before: Picture, stop: Stop) -> None:
    """Whoever takes no part in this stop any more: if they are asked back, they are asked anew."""
    after = await change.picture()
    released = _taking_part(before, stop) - _taking_part(after, stop)
    if released:
        await forget_answers(change, released, stop.key)


def _taking_part(picture: Picture, stop: Stop) -> set[int]:
    return {person for part in Part for person in picture.active(part, stop)}


def seen_stop(before: Picture, stop_id: int) -> StopForm:
    """What stood in the form that was filled in."""
    stop = before.stop(stop_id)
    if stop is None or stop.is_removed:
        raise OutOfDate
    return stop_form_of(before, stop)


async def _live_stop(change: Change, stop_id: int) -> Stop:
    stop = await change.session.get(Stop, stop_id)
    if stop is None or stop.is_removed:
        raise OutOfDate
    return stop
