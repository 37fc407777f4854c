"""What goes to the guests through their host (B5, A5): itinerary and invitation letter, and that they agreed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.documents import Documents, Template
from bot.errors import AlreadyAnswered, LetterTooEarly, NotAllowed, OutOfDate, VisitIsOver, WhoMay
from bot.messages import called_off, guest_calendar, guest_sheet, invitation
from bot.messages.reading import Reading
from bot.models.forms import PassportForm
from bot.models.handouts import Handout, HandoutKind
from bot.models.notices import Record, RecordKind
from bot.models.people import Actor
from bot.models.visits import Foreign
from bot.procedure.guest_itinerary import guests_agreed, is_current, next_sent, version_sent
from bot.procedure.picture import Picture
from bot.services.handouts import Handouts
from bot.services.lookup import Lookup
from bot.services.office import Change, Office
from bot.services.papers import Papers
from bot.services.reading import Readers
from bot.slack import File


@dataclass(frozen=True)
class Ready:
    """Files that were claimed for somebody and are ready to go. The repr shows nothing of them."""

    handout: int
    files: Sequence[File]
    comment: str
    knows: dict[str, Any]
    """What the guests know once they have it; empty for a letter."""
    is_off: bool = False
    """Whether it says that the visit is off: nothing of that visit changes any more."""


@dataclass(frozen=True)
class GuestSide:
    """The verbs on what guests get."""

    office: Office
    lookup: Lookup
    handouts: Handouts
    papers: Papers
    documents: Documents
    readers: Readers

    async def itinerary(self, actor: Actor, visit_id: int) -> Ready:
        """Text, document and calendar file of the itinerary as it is now, claimed for this person.

        Of a canceled visit that guests have an itinerary of, text and calendar file that say it is off.

        Raises NotAllowed for those who may not change the visit, AlreadySent where they have just this, VisitIsOver for
        a canceled one of which guests have none.
        """
        picture = await self.lookup.show(actor, visit_id)
        if not picture.visit.can_be_changed_by(actor):
            raise NotAllowed(picture.visit.kept_by)
        if not picture.visit.is_open:
            return await self._called_off(actor, picture)
        reading = self.readers.reading(picture, actor.person, self.office.clock.now())
        sheet, knows = guest_sheet.sheet(reading), next_sent(picture)
        name = picture.visit.reference
        files = [
            File(f"{name}.pdf", sheet.title, await self.documents.pdf(Template.ITINERARY, sheet.as_data())),
            File(f"{name}.ics", sheet.title, guest_calendar.calendar_file(reading)),
        ]
        shows = _fingerprint([sheet.as_text(), knows["version"]])
        handout = await self.handouts.claim(actor, visit_id, HandoutKind.ITINERARY, shows)
        # What a lock screen shows of a confidential visit names nobody.
        comment = sheet.title if picture.visit.is_confidential else sheet.as_text()
        return Ready(handout, files, comment, knows)

    async def _called_off(self, actor: Actor, picture: Picture) -> Ready:
        visit = picture.visit
        if not version_sent(picture):
            raise VisitIsOver(visit.reference)
        reading = self.readers.reading(picture, actor.person, self.office.clock.now())
        title, text = called_off.for_guests(reading)
        shows = _fingerprint([text, next_sent(picture)["version"]])
        handout = await self.handouts.claim(actor, visit.key, HandoutKind.CALLED_OFF, shows)
        files = [File(f"{visit.reference}.ics", title, guest_calendar.calendar_file(reading))]
        return Ready(handout, files, title if visit.is_confidential else text, {}, is_off=True)

    async def letter(self, actor: Actor, visit_id: int) -> Ready:
        """The invitation letter, claimed for somebody who may see passports; LetterTooEarly while a guest has not
        confirmed name and number."""
        picture = await self._open(actor, visit_id)
        visit = picture.visit
        if not visit.can_see_passports(actor):
            raise NotAllowed(WhoMay.PASSPORTS)
        if visit.foreign != Foreign.WITH_LETTER:
            raise OutOfDate
        unconfirmed = [guest.name for guest in picture.guests if guest.passport_confirmed_at is None]
        if unconfirmed or not picture.guests:
            raise LetterTooEarly(unconfirmed or [visit.guest_name])
        passports = [await self.papers.passport(actor, guest.key) for guest in picture.guests]
        reading = self.readers.reading(picture, actor.person, self.office.clock.now())
        content = await self.documents.pdf(Template.LETTER, invitation.letter(reading, passports))
        handout = await self.handouts.claim(actor, visit_id, HandoutKind.LETTER, _state_of_letter(reading, passports))
        title = reading.t.pgettext("invitation", "Letter of invitation")
        return Ready(handout, [File(f"{visit.reference}.pdf", title, content)], title, {})

    async def send(self, actor: Actor, visit_id: int, ready: Ready) -> None:
        """Send what was claimed; that it was sent, and what the guests know from then on, is kept in one change."""
        if ready.is_off:
            await self.handouts.send(actor, ready.handout, ready.files, ready.comment)
            await self._record(actor, visit_id, RecordKind.CALLED_OFF)
            return
        await self.handouts.upload(actor, ready.handout, ready.files, ready.comment)
        async with self.office.changing(visit_id) as change:
            handout = await _settled(change.session, ready.handout, change)
            visit = change.visit
            if handout.kind == HandoutKind.LETTER:
                visit.letter_issued_at = change.now
                await change.record(actor.id, RecordKind.LETTER_ISSUED)
            else:
                if ready.knows["version"] != visit.guest_itinerary.get("version"):
                    # What they agreed with was another one.
                    visit.guest_confirmed_at = visit.guest_confirmed_by_id = None
                visit.guest_itinerary, visit.guest_itinerary_at = ready.knows, change.now
                await change.record(actor.id, RecordKind.ITINERARY_SENT, version=ready.knows["version"])
            change.session.add(visit)

    async def agree(self, actor: Actor, visit_id: int) -> None:
        """The guests agreed with the itinerary they were sent; OutOfDate where it is not that one any more."""
        async with self.office.changing_by(actor, visit_id) as change:
            picture, visit = await change.picture(), change.visit
            if guests_agreed(picture) and visit.guest_confirmed_at is not None:
                by = picture.people.get(visit.guest_confirmed_by_id or 0)
                raise AlreadyAnswered(by.name if by else "", visit.guest_confirmed_at)
            if not is_current(picture):
                raise OutOfDate
            visit.guest_confirmed_at, visit.guest_confirmed_by_id = change.now, actor.id
            change.session.add(visit)
            await change.record(actor.id, RecordKind.GUESTS_AGREED)

    async def _record(self, actor: Actor, visit_id: int, kind: RecordKind) -> None:
        """Keep on record what was done about a canceled visit (G5)."""
        async with self.office.database.write() as session:
            session.add(Record(visit_id=visit_id, person_id=actor.id, at=self.office.clock.now(), kind=kind))

    async def _open(self, actor: Actor, visit_id: int) -> Picture:
        picture = await self.lookup.show(actor, visit_id)
        if not picture.visit.is_open:
            raise VisitIsOver(picture.visit.reference)
        return picture


async def _settled(session: AsyncSession, handout_id: int, change: Change) -> Handout:
    handout = await session.get(Handout, handout_id)
    if handout is None:
        raise OutOfDate
    handout.sent_at = change.now
    session.add(handout)
    return handout


def _fingerprint(what: list[Any]) -> str:
    return hashlib.sha256(json.dumps(what, default=str).encode()).hexdigest()[:32]


def _state_of_letter(reading: Reading, passports: Sequence[PassportForm]) -> str:
    """Changes with everything the letter says; of a passport only when it was confirmed counts, not what it says."""
    visit, picture = reading.picture.visit, reading.picture
    confirmed = [(guest.key, guest.passport_confirmed_at) for guest in picture.guests]
    host = picture.lead_host
    facts = [visit.company, visit.arrives_at, visit.departs_at, visit.guest_language, visit.purpose, visit.hotel_payer]
    return _fingerprint([facts, confirmed, [host.name, host.title, host.phone], len(passports)])
