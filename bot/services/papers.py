"""Passport data, invitation letter and what else authorities want (A5). Passport data is sealed before it is stored,
opened only for those who may see it, and never part of a picture, a notice or a record."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.errors import NoSecretKey, NotAllowed, OutOfDate, WhoMay
from bot.models.forms import PassportForm
from bot.models.guests import Guest
from bot.models.notices import RecordKind
from bot.models.people import Actor
from bot.models.visits import Visit
from bot.procedure.names import folded
from bot.procedure.party import check_passport
from bot.services.office import Office
from bot.services.party import party_of
from bot.vault import NoKeyError, Vault, WrongKeyError


@dataclass(frozen=True)
class Papers:
    """The verbs on papers."""

    office: Office
    vault: Vault

    async def passport(self, actor: Actor, guest_id: int) -> PassportForm:
        """Name and number of a guest as they were typed. Where none are kept and the visit was copied, those of the
        visit before, to be confirmed again. Raises NotAllowed, and NoSecretKey where nothing can be sealed or opened.
        """
        async with self.office.database.read() as session:
            guest, visit = await _guest(session, guest_id)
            _refuse_unless_seen_by(actor, visit)
            sealed = guest.passport or await _earlier(session, actor, guest, visit)
        form = self._opened(sealed)
        return PassportForm(form.name, form.number, is_confirmed=guest.passport_confirmed_at is not None)

    async def keep_passport(self, actor: Actor, guest_id: int, form: PassportForm) -> None:
        """Seal what was typed; nothing typed: nothing is kept any more. What the guest confirmed holds only for what
        they confirmed: another name or number has to be confirmed again."""
        checked = check_passport(form)
        async with self.office.database.read() as session:
            _, visit = await _guest(session, guest_id)
        async with self.office.changing(visit.key) as change:
            _refuse_unless_seen_by(actor, change.visit)
            guest = await change.session.get(Guest, guest_id)
            if guest is None:
                raise OutOfDate
            before = self._opened(guest.passport)
            is_same = (before.name, before.number) == (checked.name, checked.number)
            if not checked.number:
                guest.passport, guest.passport_confirmed_at = "", None
            else:
                guest.passport = guest.passport if is_same else self._sealed(checked)
                kept = guest.passport_confirmed_at if is_same else None
                guest.passport_confirmed_at = change.now if checked.is_confirmed else kept
            change.session.add(guest)
            await change.record(actor.id, RecordKind.PASSPORT_KEPT, guest=guest_id)

    async def list_papers(self, actor: Actor, visit_id: int, papers: Mapping[str, bool]) -> None:
        """Which papers the authorities want, and which are there."""
        async with self.office.changing_by(actor, visit_id) as change:
            if change.visit.papers != papers:
                before, change.visit.papers = change.visit.papers, dict(papers)
                change.session.add(change.visit)
                await change.record(actor.id, RecordKind.PAPERS_CHANGED, old=before, new=dict(papers))

    def _sealed(self, form: PassportForm) -> str:
        try:
            return self.vault.seal(json.dumps([form.name, form.number]))
        except NoKeyError:
            raise NoSecretKey from None

    def _opened(self, sealed: str) -> PassportForm:
        try:
            if not sealed:
                self.vault.seal("")  # so that whoever is about to type hears at once that it could not be kept
                return PassportForm()
            name, number = json.loads(self.vault.open(sealed))
        except (NoKeyError, WrongKeyError):
            raise NoSecretKey from None
        return PassportForm(name, number)


async def _guest(session: AsyncSession, guest_id: int) -> tuple[Guest, Visit]:
    guest = await session.get(Guest, guest_id)
    visit = await session.get(Visit, guest.visit_id) if guest else None
    if guest is None or visit is None:
        raise OutOfDate
    return guest, visit


def _refuse_unless_seen_by(actor: Actor, visit: Visit) -> None:
    if not visit.can_see_passports(actor):
        raise NotAllowed(WhoMay.PASSPORTS)


async def _earlier(session: AsyncSession, actor: Actor, guest: Guest, visit: Visit) -> str:
    """What is kept, sealed, of the same guest in the visit that this one was copied from; empty for nothing, and for
    those who may not see it there."""
    source = await session.get(Visit, visit.copied_from_id) if visit.copied_from_id is not None else None
    if source is None or not source.can_see_passports(actor):
        return ""
    party = await party_of(session, source.key)
    return next((one.passport for one in party if folded(one.name) == folded(guest.name)), "")
