"""The party list (A3): guests are added, changed, taken off; what concerns all of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bot.errors import OutOfDate
from bot.models.forms import GuestForm, PartyForm
from bot.models.guests import Gender, Guest
from bot.models.notices import RecordKind
from bot.models.people import Actor
from bot.models.plans import Verb
from bot.procedure import history
from bot.procedure.names import folded
from bot.procedure.party import check_guest, check_party, guest_form_of, party_form_of
from bot.procedure.passengers import Passenger
from bot.procedure.picture import Picture
from bot.services.consenting import Asked, Consent, changing_plan, typed_over
from bot.services.office import Change, Office
from bot.services.party import follow_party, party_of


@dataclass(frozen=True)
class Guests:
    """The verbs on the guests of a visit."""

    office: Office

    async def add(self, actor: Actor, visit_id: int, form: GuestForm, consent: Consent | None = None) -> None:
        """One guest more."""
        checked = check_guest(form)
        asked = Asked(Verb.ADD_GUEST, lambda _: {"visit": visit_id, "form": form.to_json()})
        async with changing_plan(self.office, actor, visit_id, asked, consent) as change:
            change.by(actor)
            party = await party_of(change.session, visit_id)
            guest = Guest(visit_id=visit_id, name=checked.name, position=_behind(party))
            _write(guest, checked, party)
            change.session.add(guest)
            changes = await follow_party(change)
            await change.record(actor.id, RecordKind.PARTY_CHANGED, added=[guest.name], changes=changes)

    async def change(self, actor: Actor, guest_id: int, form: GuestForm, consent: Consent | None = None) -> None:
        """What is known of a guest."""
        checked = check_guest(form)
        asked = Asked(Verb.CHANGE_GUEST, lambda b: {"guest": guest_id, **typed_over(form, seen_guest(b, guest_id))})
        async with changing_plan(self.office, actor, await self._visit_of(guest_id), asked, consent) as change:
            change.by(actor)
            guest = await _present(change, guest_id)
            before = history.of_guest(guest)
            party = await party_of(change.session, change.visit.key)
            _write(guest, checked, party)
            change.session.add(guest)
            of_party = await follow_party(change)
            changes = history.differences(before, history.of_guest(guest))
            changes |= of_party if guest != party[0] else {}  # what the lead guest is called is said already
            await change.record(actor.id, RecordKind.PARTY_CHANGED, guest=guest.name, changes=changes)

    async def remove(self, actor: Actor, guest_id: int, consent: Consent | None = None) -> int:
        """Take a guest off the list, with all that is kept of them; one always stays. Says whose list it was."""
        asked = Asked(Verb.REMOVE_GUEST, lambda _: {"guest": guest_id})
        async with changing_plan(self.office, actor, await self._visit_of(guest_id), asked, consent) as change:
            change.by(actor)
            guest = await _present(change, guest_id)
            if len(await party_of(change.session, change.visit.key)) == 1:
                raise OutOfDate
            await change.session.delete(guest)
            changes = await follow_party(change, removed=1)
            await change.record(actor.id, RecordKind.PARTY_CHANGED, removed=[guest.name], changes=changes)
            return change.visit.key

    async def add_list(
        self, actor: Actor, visit_id: int, passengers: Sequence[Passenger], consent: Consent | None = None
    ) -> None:
        """Everybody of a pasted list; whoever is on the party list already is completed, not doubled."""
        listed = {"visit": visit_id, "passengers": [asdict(passenger) for passenger in passengers]}
        asked = Asked(Verb.ADD_GUESTS, lambda _: listed)
        async with changing_plan(self.office, actor, visit_id, asked, consent) as change:
            change.by(actor)
            party = await party_of(change.session, visit_id)
            known = {folded(guest.name): guest for guest in party}
            added = [passenger.name for passenger in passengers if folded(passenger.name) not in known]
            for place, passenger in enumerate(passengers, _behind(party)):
                guest = known.get(folded(passenger.name))
                if guest is None:
                    guest = Guest(visit_id=visit_id, name=passenger.name, position=place)
                _complete(guest, passenger)
                change.session.add(guest)
            changes = await follow_party(change)
            await change.record(actor.id, RecordKind.PARTY_CHANGED, added=added, changes=changes)

    async def describe(self, actor: Actor, visit_id: int, form: PartyForm, consent: Consent | None = None) -> None:
        """What concerns the party as a whole: number, luggage, who pays the hotel, where else they go."""
        asked = Asked(Verb.DESCRIBE_PARTY, lambda b: {"visit": visit_id, **typed_over(form, party_form_of(b.visit))})
        async with changing_plan(self.office, actor, visit_id, asked, consent) as change:
            change.by(actor)
            facts = check_party(form, len(await party_of(change.session, visit_id)))
            before, visit = history.of_visit(await change.picture()), change.visit
            visit.party_size, visit.luggage = facts.party_size, facts.luggage
            visit.is_vip, visit.has_agent = form.is_vip, form.has_agent
            visit.brings_interpreter, visit.hotel_payer = form.brings_interpreter, form.hotel_payer
            visit.other_stops = form.other_stops.strip()
            change.session.add(visit)
            changes = history.differences(before, history.of_visit(await change.picture()))
            await change.record(actor.id, RecordKind.PARTY_CHANGED, changes=changes)

    async def _visit_of(self, guest_id: int) -> int:
        async with self.office.database.read() as session:
            guest = await session.get(Guest, guest_id)
        if guest is None:
            raise OutOfDate
        return guest.visit_id


def seen_guest(before: Picture, guest_id: int) -> GuestForm:
    """What stands in the form of a guest; OutOfDate for one who was taken off the list."""
    guest = before.guest(guest_id)
    if guest is None:
        raise OutOfDate
    return guest_form_of(guest, is_lead=guest == before.guests[0])


def _behind(party: Sequence[Guest]) -> int:
    return party[-1].position + 1 if party else 0


async def _present(change: Change, guest_id: int) -> Guest:
    """The guest, unless somebody took them off the list meanwhile."""
    guest = await change.session.get(Guest, guest_id)
    if guest is None:
        raise OutOfDate
    return guest


def _write(guest: Guest, form: GuestForm, party: Sequence[Guest]) -> None:
    guest.name, guest.title, guest.rank, guest.gender = form.name, form.title, form.rank, form.gender
    guest.allergies, guest.diet, guest.customs = form.allergies, form.diet, form.customs
    guest.is_vip, guest.by_own_car = form.is_vip, form.by_own_car
    if form.is_lead and party and party[0].id != guest.id:
        guest.position = party[0].position - 1


def _complete(guest: Guest, passenger: Passenger) -> None:
    """What the list says replaces what was known; what it does not say stays."""
    guest.title, guest.rank = passenger.title or guest.title, passenger.rank or guest.rank
    guest.gender = guest.gender if passenger.gender == Gender.UNKNOWN else passenger.gender
    guest.allergies = passenger.allergies or guest.allergies
    guest.diet, guest.customs = passenger.diet or guest.diet, passenger.customs or guest.customs
    guest.is_vip, guest.by_own_car = guest.is_vip or passenger.is_vip, guest.by_own_car or passenger.by_own_car
