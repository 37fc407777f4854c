"""Answers to requests: cars and drivers (C1), senior leaders (B6), what section C prepares. The first answer wins."""

from dataclasses import dataclass, replace

from sqlalchemy import delete
from sqlmodel import col, select

from bot.errors import FormErrors, OutOfDate, Problem, ResourceTaken
from bot.models.bookings import GIVEN, SEATED, Booking, BookingKind, BookingState, Vehicle
from bot.models.forms import AnswerForm
from bot.models.notices import TAKEN_BACK, RecordKind
from bot.models.people import Actor
from bot.models.roles import Part
from bot.models.settings import Room
from bot.models.visits import Participant, StopParticipant
from bot.procedure.bookings import counter_of, is_ahead, spans_from
from bot.procedure.confirming import Answered, check_confirmation, check_counter
from bot.procedure.picture import Picture
from bot.procedure.rules import Rule
from bot.procedure.stops import stop_form_of
from bot.procedure.supply import Supply
from bot.services.asking import (
    Asked,
    Asking,
    refuse,
    refuse_begun,
    refuse_unless,
    refuse_unless_assigner,
    refuse_unless_given,
    refuse_unless_host,
)
from bot.services.holds import hold, release, taken_around
from bot.services.itinerary import forget_answers
from bot.services.office import Change, Office
from bot.services.people import People
from bot.services.places import write_place
from bot.services.preparation import accept, reopen, turn
from bot.services.stops import Stops

_FREE_SHOWN = 3


@dataclass(frozen=True)
class Bookings:
    """The verbs on requests. `version` is what the pressed button saw; anything else is out of date."""

    office: Office
    people: People
    stops: Stops

    @property
    def _asking(self) -> Asking:
        return Asking(self.office)

    async def assign(self, actor: Actor, booking_id: int, version: int, vehicle_id: int, driver: str) -> None:
        """Administration names vehicle and driver; the driver is asked."""
        known = await self.people.known(actor.person.workspace_id, [driver])
        if driver not in known or not known[driver].is_active:
            raise FormErrors({"driver": Problem.NOT_A_PERSON})
        async with self._asking.answering(booking_id, version) as asked:
            refuse_unless_assigner(asked, actor)
            change, booking = asked.change, asked.booking
            vehicle = await change.session.get(Vehicle, vehicle_id)
            if vehicle is None or vehicle.workspace_id != actor.person.workspace_id or not vehicle.is_active:
                raise FormErrors({"vehicle": Problem.MISSING})
            await self._note_seats(asked, vehicle)
            booking.vehicle_id, booking.driver_id = vehicle.key, known[driver].key
            await self._hold(asked)
            booking.round += 1
            booking.assigned_by_id, booking.answered_by_id, booking.reason = actor.id, None, ""
            booking.details = {name: value for name, value in booking.details.items() if name != TAKEN_BACK}
            turn(booking, BookingState.ASSIGNED, change.now)
            await _set_driver(change, known[driver].key)
            await change.record(actor.id, RecordKind.VEHICLE_ASSIGNED, driver=known[driver].key, vehicle=vehicle.key)

    async def confirm(self, actor: Actor, booking_id: int, version: int, form: AnswerForm | None = None) -> None:
        """The driver takes the drive, the executive office gives the leader's time, an owner has what was asked for.

        FormErrors where the confirmation does not say what it has to, ResourceTaken where the room is taken.
        """
        async with self._asking.answering(booking_id, version) as asked:
            change, booking = asked.change, asked.booking
            await refuse_unless(asked, actor, may=booking.can_be_confirmed_by(actor, asked.owners))
            if booking.kind == BookingKind.REQUEST:
                await self._note_what_is_said(asked, form or AnswerForm())
            booking.answered_by_id, booking.reason = actor.id, ""
            turn(booking, BookingState.CONFIRMED, change.now)
            await change.record(actor.id, _CONFIRMED[BookingKind(booking.kind)], **_what(booking))

    async def decline(self, actor: Actor, booking_id: int, version: int, reason: str) -> None:
        """Say no, with the reason. A driver's no goes back to administration; any other no goes to the lead host."""
        if not reason.strip():
            raise FormErrors({"reason": Problem.MISSING})
        async with self._asking.answering(booking_id, version) as asked:
            booking = asked.booking
            await refuse_unless(asked, actor, may=booking.can_be_declined_by(actor, asked.owners))
            is_driver = booking.kind == BookingKind.VEHICLE and booking.state == BookingState.ASSIGNED
            await self._say_no(asked, actor, reason.strip(), is_driver=is_driver)

    async def take_back(self, actor: Actor, booking_id: int, version: int) -> None:
        """Whoever said yes can't after all: what a no leads to follows, and those who hear of it read that it had been
        a yes. Without a reason: it is pressed on the road, at a sickbed; whoever has to know why calls.

        HasBegun where it is too late for that, SomebodyElseDrives where the drive is another's by now.
        """
        async with self._asking.answering(booking_id, version, given_back_by=actor) as asked:
            booking = asked.booking
            await refuse_unless_given(asked, actor)
            if not is_ahead(asked.picture, booking, asked.rule, asked.change.now):
                refuse_begun(asked.picture, actor)
            await self._say_no(asked, actor, "", is_driver=booking.is_driven_by(actor))

    async def _say_no(self, asked: Asked, actor: Actor, reason: str, *, is_driver: bool) -> None:
        """A driver's no has somebody else asked to drive; any other is final until the lead host does something."""
        change, booking = asked.change, asked.booking
        was_given = booking.state == BookingState.CONFIRMED or (booking.state in GIVEN and not is_driver)
        kind = RecordKind.DRIVER_DECLINED if is_driver else _DECLINED[BookingKind(booking.kind)]
        booking.reason, booking.answered_by_id = reason, actor.id
        await self._take_out(change, booking)
        turn(booking, BookingState.REQUESTED if is_driver else BookingState.DECLINED, change.now)
        said = {TAKEN_BACK: True} if was_given else {}
        booking.details = {name: value for name, value in booking.details.items() if name != TAKEN_BACK} | said
        # Whoever said so need not be told that what they had to do there is not theirs any more.
        change.gave_up.append(actor.id)
        await change.record(actor.id, kind, reason=reason, **_what(booking), **said)

    async def propose(self, actor: Actor, booking_id: int, version: int, form: AnswerForm) -> None:
        """Propose another time or something else in words; the lead host takes it or does not."""
        async with self._asking.answering(booking_id, version) as asked:
            change, booking = asked.change, asked.booking
            await refuse_unless(asked, actor, may=booking.can_be_countered_by(actor, asked.owners))
            if counter_of(asked.rule, asked.stop) is None:
                raise OutOfDate
            rooms = (await self.supply(booking, asked.picture, asked.rule)).rooms
            said = check_counter(form, asked.rule, rooms, asked.picture, asked.stop, change.now)
            booking.counter = _proposed(said, form)
            booking.answered_by_id, booking.reason = actor.id, ""
            turn(booking, BookingState.COUNTERED, change.now)
            await change.record(actor.id, RecordKind.REQUEST_COUNTERED, **booking.counter, **_what(booking))

    async def accept(self, actor: Actor, booking_id: int, version: int) -> None:
        """The lead host takes the proposal: the stop moves as if it had been changed in its form, which confirms."""
        async with self._asking.looking_at(booking_id, version) as asked:
            refuse_unless_host(asked, actor)
            starts_at, form = asked.booking.proposed_start, stop_form_of(asked.picture, asked.stop)
            zone, stop_id = asked.picture.visit.venue, asked.stop.key
        if starts_at is not None:
            local = starts_at.astimezone(zone)
            await self.stops.change(actor, stop_id, replace(form, day=local.date(), starts=local.time()))
            return
        async with self._asking.answering(booking_id, version) as asked:
            refuse_unless_host(asked, actor)
            accept(asked.booking, asked.change.now)
            await self._hold(asked)
            write_place(asked.change.session, asked.picture, asked.stop, asked.rule, asked.booking.details)
            await asked.change.record(actor.id, RecordKind.COUNTER_ACCEPTED, **_what(asked.booking))

    async def reject(self, actor: Actor, booking_id: int, version: int, reason: str) -> None:
        """The lead host does not take the proposal: the owner is asked once more, and reads why."""
        if not reason.strip():
            raise FormErrors({"reason": Problem.MISSING})
        async with self._asking.answering(booking_id, version) as asked:
            refuse_unless_host(asked, actor)
            reopen(asked.booking, asked.change.now, {})
            asked.booking.reason = reason.strip()
            await asked.change.record(
                actor.id, RecordKind.COUNTER_REJECTED, reason=reason.strip(), **_what(asked.booking)
            )

    async def reassign(self, actor: Actor, booking_id: int, version: int, slack_id: str) -> None:
        """Put the request to somebody else of the workspace."""
        known = await self.people.known(actor.person.workspace_id, [slack_id] if slack_id else [])
        if slack_id not in known or not known[slack_id].is_active:
            raise FormErrors({"owner": Problem.NOT_A_PERSON})
        async with self._asking.answering(booking_id, version) as asked:
            change, booking, owner = asked.change, asked.booking, known[slack_id].key
            if not booking.can_be_reassigned_by(actor, change.visit):
                await refuse(asked, change.visit.kept_by, may=change.visit.can_be_changed_by(actor))
            before = booking.owner_id
            reopen(booking, change.now, {})
            booking.owner_id = owner
            await change.record(actor.id, RecordKind.REQUEST_REASSIGNED, owner=owner, before=before, **_what(booking))

    async def look(self, actor: Actor, booking_id: int, version: int, *, to: str) -> Asked:
        """The request, if this person may do that now: no is said before a form is opened, not after.

        `to`: assign, confirm, decline, propose, reject or reassign.
        """
        async with self._asking.looking_at(booking_id, version) as asked:
            booking, visit, owners = asked.booking, asked.change.visit, asked.owners
            match to:
                case "assign":
                    refuse_unless_assigner(asked, actor)
                case "confirm":
                    await refuse_unless(asked, actor, may=booking.can_be_confirmed_by(actor, owners))
                case "decline":
                    await refuse_unless(asked, actor, may=booking.can_be_declined_by(actor, owners))
                case "propose":
                    await refuse_unless(asked, actor, may=booking.can_be_countered_by(actor, owners))
                case "reject":
                    refuse_unless_host(asked, actor)
                case _:
                    if not booking.can_be_reassigned_by(actor, visit):
                        await refuse(asked, visit.kept_by, may=visit.can_be_changed_by(actor))
            return asked

    async def supply(self, booking: Booking, picture: Picture, rule: Rule | None) -> Supply:
        """The house's cars or rooms for a request: those that fit and are free first."""
        workspace, party = picture.workspace.id, _to_be_seated(picture, booking)
        spans = spans_from(picture, booking, self.office.clock.now())
        async with self.office.database.read() as session:
            taken = await taken_around(session, booking, spans)
            cars = select(Vehicle).where(Vehicle.workspace_id == workspace, col(Vehicle.is_active))
            rooms = select(Room).where(Room.workspace_id == workspace, col(Room.is_active))
            supply = Supply(
                (await session.exec(cars)).all() if booking.kind == BookingKind.VEHICLE else (),
                (await session.exec(rooms.where(Room.kind == rule.room))).all() if rule and rule.room else (),
                taken,
            )
        return supply.by_fitness(party)

    async def _note_what_is_said(self, asked: Asked, form: AnswerForm) -> None:
        """What the confirmation says stands in the request; room and place also where people look for them."""
        booking, change = asked.booking, asked.change
        rooms = (await self.supply(booking, asked.picture, asked.rule)).rooms
        said = check_confirmation(form, asked.rule, rooms, change.visit.party_size)
        booking.details, booking.cost = dict(said.details), said.cost
        booking.room_id = said.room.key if said.room else None
        await self._hold(asked)
        write_place(change.session, asked.picture, asked.stop, asked.rule, said.details)

    async def _hold(self, asked: Asked) -> None:
        """Take what was chosen; ResourceTaken says who has it, and what is free."""
        booking, session = asked.booking, asked.change.session
        given = booking.vehicle_id or booking.room_id
        spans = spans_from(asked.picture, booking, asked.change.now) if given else ()
        try:
            await hold(session, asked.picture.workspace.id, booking, spans)
        except ResourceTaken as taken:
            raise ResourceTaken(
                taken.resource, taken.reference, taken.start, taken.end, await self._free(asked), taken.field
            ) from taken

    async def _free(self, asked: Asked) -> list[str]:
        supply = await self.supply(asked.booking, asked.picture, asked.rule)
        return supply.free(_to_be_seated(asked.picture, asked.booking))[:_FREE_SHOWN]

    async def _note_seats(self, asked: Asked, vehicle: Vehicle) -> None:
        """FormErrors for a car with too few seats where another would do. Where none does, it is better than none: the
        visit says that a second one has to be found."""
        booking, party = asked.booking, asked.picture.passengers
        is_small = vehicle.seats < party
        if is_small and (await self.supply(booking, asked.picture, asked.rule)).free(party):
            raise FormErrors({"vehicle": Problem.SEATS}, {"vehicle": str(vehicle.seats)})
        others = {name: value for name, value in booking.details.items() if name != SEATED}
        booking.details = others | ({SEATED: party} if is_small else {})

    async def _take_out(self, change: Change, booking: Booking) -> None:
        """Whoever cannot come takes no part any more, and hears nothing more. What was held is free."""
        await release(change.session, [booking.key])
        booking.room_id = None
        if booking.kind == BookingKind.REQUEST:
            booking.details, booking.cost = {}, None
            return
        person_id = booking.driver_id if booking.kind == BookingKind.VEHICLE else booking.leader_id
        parts = [Part.DRIVER] if booking.kind == BookingKind.VEHICLE else [Part.LEADER, Part.GREETER]
        if person_id is not None:
            of_visit = col(Participant.visit_id) == booking.visit_id
            theirs = (col(Participant.person_id) == person_id) & col(Participant.part).in_(parts)
            await change.session.exec(delete(Participant).where(of_visit, theirs))
            if booking.kind == BookingKind.LEADER:
                at_stops = (col(StopParticipant.visit_id) == booking.visit_id) & (
                    col(StopParticipant.person_id) == person_id
                )
                await change.session.exec(delete(StopParticipant).where(at_stops))
            await forget_answers(change, [person_id])
        if booking.kind == BookingKind.VEHICLE:
            booking.driver_id = booking.vehicle_id = None
            booking.round += 1


def _to_be_seated(picture: Picture, booking: Booking) -> int:
    """For how many guests the car or the room has to be."""
    return picture.passengers if booking.kind == BookingKind.VEHICLE else picture.visit.party_size


_CONFIRMED = {
    BookingKind.VEHICLE: RecordKind.VEHICLE_CONFIRMED,
    BookingKind.LEADER: RecordKind.LEADER_CONFIRMED,
    BookingKind.REQUEST: RecordKind.REQUEST_CONFIRMED,
}
_DECLINED = {
    BookingKind.VEHICLE: RecordKind.VEHICLE_DECLINED,
    BookingKind.LEADER: RecordKind.LEADER_DECLINED,
    BookingKind.REQUEST: RecordKind.REQUEST_DECLINED,
}


def _what(booking: Booking) -> dict[str, object]:
    """Which request, for the record."""
    if booking.kind != BookingKind.REQUEST:
        return {"leader": booking.leader_id}
    said = {"said": dict(booking.said)} if booking.said else {}
    return {"booking": booking.key, "rule": booking.rule, "stop": booking.stop_id} | said


def _proposed(said: Answered, form: AnswerForm) -> dict[str, object]:
    """A proposal as it is kept; what was left open is left out."""
    kept = {
        "starts_at": said.starts_at.isoformat() if said.starts_at else None,
        "note": form.note.strip(),
        "details": {name: value for name, value in said.details.items() if name != "note"},
        "room_id": said.room.key if said.room else None,
        "cost": said.cost,
    }
    return {name: value for name, value in kept.items() if value not in (None, "", {})}


async def _set_driver(change: Change, person_id: int) -> None:
    drivers = (col(Participant.visit_id) == change.visit.key) & (col(Participant.part) == Part.DRIVER)
    await change.session.exec(delete(Participant).where(drivers))
    change.session.add(Participant(visit_id=change.visit.key, person_id=person_id, part=Part.DRIVER))
