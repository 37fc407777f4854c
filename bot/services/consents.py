"""Changes of what was approved: allowed, refused, taken note of (B8). Made by the verbs that were asked for."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from bot.errors import AlreadyAnswered, FormErrors, NotAllowed, OutOfDate, Overtaken, Problem, Refusal, WhoMay
from bot.models.forms import GuestForm, PartyForm, StopForm, VisitForm
from bot.models.notices import RecordKind
from bot.models.people import Actor, Person
from bot.models.plans import ChangeRequest, ChangeState, Verb
from bot.models.visits import StopKind, Visit, VisitState
from bot.procedure.calendar import calendar_of
from bot.procedure.intake import form_of
from bot.procedure.ladder import asked_until, ladder
from bot.procedure.party import party_form_of
from bot.procedure.passengers import Passenger
from bot.procedure.picture import Picture
from bot.services.consenting import Consent, brought_up_to_date, decide
from bot.services.guests import Guests, seen_guest
from bot.services.levels import Levels
from bot.services.office import Office
from bot.services.people import actor_of
from bot.services.pictures import read_picture
from bot.services.stops import Stops, seen_stop
from bot.services.visits import Visits

Replay = Callable[[Actor, Mapping[str, Any], Picture, Consent], Awaitable[object]]
LONGEST_REASON = 1000


@dataclass(frozen=True)
class Consents:
    """The verbs on change requests."""

    office: Office
    visits: Visits
    stops: Stops
    levels: Levels
    guests: Guests

    async def allow(self, actor: Actor, request_id: int, version: int) -> None:
        """Make the change as whoever asked for it, together with all that follows; Overtaken where that cannot be."""
        picture, request = await self.answerable(actor, request_id, version)
        if not request.is_open:
            raise OutOfDate
        asker = await self._actor(request.asked_by_id)
        try:
            await self._replays[Verb(request.verb)](asker, request.arguments, picture, Consent(request.key, actor))
        except AlreadyAnswered:
            raise
        except Refusal as refusal:
            await self._settle(actor, request, ChangeState.OVERTAKEN, RecordKind.CHANGE_OVERTAKEN)
            raise Overtaken from refusal

    async def refuse(self, actor: Actor, request_id: int, version: int, reason: str) -> None:
        """Nothing changes, and whoever asked knows why; of a change that was made: take note of it with remarks."""
        if not reason.strip():
            raise FormErrors({"reason": Problem.MISSING})
        _, request = await self.answerable(actor, request_id, version)
        made = request.state == ChangeState.MADE
        state = ChangeState.SEEN if made else ChangeState.REFUSED
        kind = RecordKind.CHANGE_SEEN if made else RecordKind.CHANGE_REFUSED
        await self._settle(actor, request, state, kind, reason.strip()[:LONGEST_REASON])

    async def note(self, actor: Actor, request_id: int, version: int) -> None:
        """Take note of a change that was made at once."""
        _, request = await self.answerable(actor, request_id, version)
        if request.state != ChangeState.MADE:
            raise OutOfDate
        await self._settle(actor, request, ChangeState.SEEN, RecordKind.CHANGE_SEEN)

    async def take_back(self, actor: Actor, request_id: int, version: int) -> int:
        """Ask no longer; says for which visit. Nobody but those who might have asked may."""
        async with self.office.database.read() as session:
            found = await session.get(ChangeRequest, request_id)
        if found is None:
            raise OutOfDate
        async with self.office.changing(found.visit_id) as change:
            picture = await change.picture()
            request = picture.change_request(request_id)
            if request is None or change.visit.workspace_id != actor.person.workspace_id:
                raise OutOfDate
            if request.is_open and not request.can_be_taken_back_by(actor, change.visit):
                raise NotAllowed(change.visit.kept_by)
            if request.decided_by_id is not None and request.decided_at is not None:
                raise AlreadyAnswered(picture.people[request.decided_by_id].name, request.decided_at)
            if request.version != version or not request.is_open:
                raise OutOfDate
            decide(change, request, ChangeState.TAKEN_BACK, actor)
            details = {"request": request.key, "changed": request.differences}
            await change.record(actor.id, RecordKind.CHANGE_TAKEN_BACK, **details)
            return change.visit.key

    async def answerable(self, actor: Actor, request_id: int, version: int) -> tuple[Picture, ChangeRequest]:
        """The request as it stands, for somebody who may decide on it now."""
        async with self.office.database.read() as session:
            found = await session.get(ChangeRequest, request_id)
            visit = await session.get(Visit, found.visit_id) if found is not None else None
            if visit is None or visit.workspace_id != actor.person.workspace_id:
                raise OutOfDate
            picture = await read_picture(session, visit)
        return picture, self._checked(picture, actor, request_id, version)

    async def waiting_for(self, actor: Actor) -> list[tuple[Picture, ChangeRequest]]:
        """The changes that wait for this person's consent, the oldest first."""
        open_ones = (
            select(Visit)
            .join(ChangeRequest, col(ChangeRequest.visit_id) == Visit.id)
            .where(Visit.workspace_id == actor.person.workspace_id, Visit.state == VisitState.OPEN)
            .where(ChangeRequest.state == ChangeState.ASKED, Visit.departs_at >= self.office.clock.now())
        )
        async with self.office.database.read() as session:
            visits = {visit.key: visit for visit in (await session.exec(open_ones)).all()}
            pictures = [await read_picture(session, visit) for visit in visits.values()]
        found = [(picture, request) for picture in pictures for request in picture.change_requests]
        theirs = [(p, request) for p, request in found if request.can_be_decided_by(actor, self._asked(p, request))]
        return sorted(theirs, key=lambda pair: pair[1].key)

    def _checked(self, picture: Picture, actor: Actor, request_id: int, version: int) -> ChangeRequest:
        request = picture.change_request(request_id)
        if request is None or not picture.visit.is_open:
            raise OutOfDate
        asked = self._asked(picture, request)
        if not any(actor.acts_for(person) for person in asked):
            raise NotAllowed(WhoMay.APPROVER)
        if request.decided_by_id is not None and request.decided_at is not None:
            raise AlreadyAnswered(picture.people[request.decided_by_id].name, request.decided_at)
        may = request.can_be_decided_by(actor, asked) or request.can_be_noted_by(actor, asked)
        if request.version != version or not may:
            raise OutOfDate
        return request

    def _asked(self, picture: Picture, request: ChangeRequest) -> tuple[int, ...]:
        calendar = calendar_of(picture.workspace, picture.visit)
        return asked_until(ladder(picture, request, calendar), self.office.clock.now())

    async def _settle(
        self, actor: Actor, request: ChangeRequest, state: ChangeState, kind: RecordKind, reason: str = ""
    ) -> None:
        async with self.office.changing(request.visit_id) as change:
            present = self._checked(await change.picture(), actor, request.key, request.version)
            decide(change, present, state, actor, reason)
            details = {"request": present.key, "changed": present.differences, "reason": reason}
            await change.record(actor.id, kind, **details)

    async def _actor(self, person_id: int) -> Actor:
        async with self.office.database.read() as session:
            person = (await session.exec(select(Person).where(Person.id == person_id))).one()
            return await actor_of(session, person)

    @property
    def _replays(self) -> Mapping[Verb, Replay]:
        """How each verb is carried out from what was kept of it. Forms keep up with what changed meanwhile."""
        visits, stops, guests = self.visits, self.stops, self.guests
        return {
            Verb.CHANGE_VISIT: lambda by, given, now, consent: visits.change(
                by, given["visit"], VisitForm.from_json(brought_up_to_date(given, form_of(now))), consent
            ),
            Verb.CHOOSE_LEVEL: lambda by, given, _, consent: self.levels.choose(
                by, given["visit"], given["level"], given["reason"], consent
            ),
            Verb.ADD_STOP: lambda by, given, _, consent: stops.add(
                by, given["visit"], StopKind(given["kind"]), StopForm.from_json(given["form"]), consent
            ),
            Verb.CHANGE_STOP: lambda by, given, now, consent: stops.change(
                by,
                given["stop"],
                StopForm.from_json(brought_up_to_date(given, seen_stop(now, given["stop"]))),
                consent,
            ),
            Verb.COPY_STOP: lambda by, given, _, consent: stops.copy(
                by, given["stop"], date.fromisoformat(given["day"]) if given["day"] else None, consent
            ),
            Verb.REMOVE_STOP: lambda by, given, _, consent: stops.remove(by, given["stop"], consent),
            Verb.ADD_GUEST: lambda by, given, _, consent: guests.add(
                by, given["visit"], GuestForm(**given["form"]), consent
            ),
            Verb.CHANGE_GUEST: lambda by, given, now, consent: guests.change(
                by,
                given["guest"],
                GuestForm(**brought_up_to_date(given, seen_guest(now, given["guest"]))),
                consent,
            ),
            Verb.REMOVE_GUEST: lambda by, given, _, consent: guests.remove(by, given["guest"], consent),
            Verb.ADD_GUESTS: lambda by, given, _, consent: guests.add_list(
                by, given["visit"], [Passenger(**each) for each in given["passengers"]], consent
            ),
            Verb.DESCRIBE_PARTY: lambda by, given, now, consent: guests.describe(
                by, given["visit"], PartyForm(**brought_up_to_date(given, party_form_of(now.visit))), consent
            ),
        }
