"""The seam through which approved visits are changed: what was approved is not changed without consent (B8)."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlmodel import col, select

from bot.errors import AlreadyAnswered, OutOfDate, Overtaken, SentForConsent
from bot.models.notices import Notice, RecordKind
from bot.models.people import Actor
from bot.models.plans import ChangeRequest, ChangeState, Verb
from bot.models.visits import Approval
from bot.procedure.calendar import calendar_of
from bot.procedure.consents import is_urgent
from bot.procedure.corrections import VISIT
from bot.procedure.ladder import answer_by, approvers
from bot.procedure.picture import Picture
from bot.procedure.plans import STOPS, decided_anew, differences, people_in, plan_facts
from bot.procedure.told import told_by
from bot.services.office import Change, Office


@dataclass(frozen=True)
class Asked:
    """What somebody does to a visit, so that it can be done once more when it is allowed."""

    verb: Verb
    arguments: Callable[[Picture], Mapping[str, Any]]
    """From the visit as it stands before: plain data, with the forms as they were typed and as they were seen."""


@dataclass(frozen=True)
class Consent:
    """That a change was allowed, by whom: it is made in the same transaction."""

    request_id: int
    by: Actor


class Form(Protocol):
    """A form that can be kept as plain data."""

    def to_json(self) -> dict[str, Any]: ...


def typed_over(form: Form, seen: Form) -> dict[str, Any]:
    """A form as it was typed, and as it stood when it was opened: what was left alone follows the visit meanwhile."""
    return {"form": form.to_json(), "seen": seen.to_json()}


def brought_up_to_date(arguments: Mapping[str, Any], present: Form) -> dict[str, Any]:
    """What was typed, and of all else what the form would show now; Overtaken where both differ from what was seen."""
    typed, seen, now = arguments["form"], arguments["seen"], present.to_json()
    for name, value in typed.items():
        if value != seen.get(name) and now.get(name) not in (value, seen.get(name)):
            raise Overtaken
    return {name: value if value != seen.get(name) else now.get(name) for name, value in typed.items()}


class _NeedsConsent(Exception):  # noqa: N818 - leaves the transaction so that nothing of it is kept
    def __init__(self, found: Mapping[str, Any], arguments: Mapping[str, Any]) -> None:
        super().__init__()
        self.found = found
        self.arguments = arguments


@asynccontextmanager
async def changing_plan(
    office: Office,
    actor: Actor,
    visit_id: int,
    asked: Asked,
    consent: Consent | None = None,
    *,
    at_once: bool = False,
) -> AsyncIterator[Change]:
    """`Office.changing` for whatever may touch what was approved.

    Facts of the plan are compared before and after. What somebody else than the approver changes of them is rolled
    back and kept as a request: SentForConsent. What is urgent, or `at_once`, is made and put before the approver.
    With a `consent` the change is made if it is exactly what was allowed; Overtaken if it is something else by now.
    """
    try:
        async with office.changing(visit_id) as change:
            request = await _granted(change, consent) if consent is not None else None
            before = await change.picture() if change.visit.approval == Approval.APPROVED else None
            if before is None:
                yield change
                return
            facts, arrives_at = plan_facts(before), before.visit.arrives_at
            arguments, deciding = dict(asked.arguments(before)), approvers(before)
            yield change
            found = decided_anew(differences(facts, plan_facts(await change.picture())))
            if request is not None and consent is not None:
                await _make_granted(change, request, consent, found)
            elif found and actor.id not in deciding:
                if not (at_once or is_urgent(change.visit, found, arrives_at, change.now)):
                    raise _NeedsConsent(found, arguments)
                await _put_before_approver(change, actor, asked.verb, arguments, found)
    except _NeedsConsent as needed:
        raise SentForConsent(await _ask(office, actor, visit_id, asked.verb, needed)) from None


async def _granted(change: Change, consent: Consent) -> ChangeRequest:
    """The request, unless somebody was faster."""
    request = await change.session.get(ChangeRequest, consent.request_id, populate_existing=True)
    if request is None:
        raise OutOfDate
    if not request.is_open:
        picture = await change.picture()
        by = picture.people.get(request.decided_by_id or 0)
        raise AlreadyAnswered(by.name if by else "", request.decided_at or change.now)
    return request


async def _make_granted(change: Change, request: ChangeRequest, consent: Consent, found: Mapping[str, Any]) -> None:
    if dict(found) != request.differences:
        raise Overtaken
    decide(change, request, ChangeState.GRANTED, consent.by)
    await change.record(consent.by.id, RecordKind.CHANGE_GRANTED, request=request.key, changed=request.differences)


def decide(change: Change, request: ChangeRequest, state: ChangeState, by: Actor, reason: str = "") -> None:
    """What was decided is kept; buttons that were made before are out of date."""
    request.state, request.version, request.reason = state, request.version + 1, reason
    request.decided_by_id, request.decided_at = by.id, change.now
    change.session.add(request)


async def _put_before_approver(
    change: Change, actor: Actor, verb: Verb, arguments: Mapping[str, Any], found: Mapping[str, Any]
) -> None:
    """Urgent: it is made, and the approver sees it the same minute."""
    request = await _request(change, actor, verb, arguments, found)
    request.state, request.answer_by = ChangeState.MADE, change.now
    change.session.add(request)
    await change.session.flush()
    await change.record(actor.id, RecordKind.CHANGE_MADE, request=request.key, changed=dict(found))


async def _ask(office: Office, actor: Actor, visit_id: int, verb: Verb, needed: _NeedsConsent) -> list[str]:
    """Keep the request, once however often it is pressed; says who is asked."""
    async with office.changing(visit_id) as change:
        picture = await change.picture()
        same = select(ChangeRequest).where(
            ChangeRequest.visit_id == visit_id,
            ChangeRequest.state == ChangeState.ASKED,
            ChangeRequest.asked_by_id == actor.id,
            ChangeRequest.verb == verb,
        )
        waiting = (await change.session.exec(same.order_by(col(ChangeRequest.id)))).all()
        if not any(request.differences == needed.found for request in waiting):
            request = await _request(change, actor, verb, needed.arguments, needed.found)
            request.answer_by = answer_by(picture, change.now, calendar_of(picture.workspace, change.visit))
            change.session.add(request)
            await change.session.flush()
            await change.record(actor.id, RecordKind.CHANGE_ASKED, request=request.key, changed=dict(needed.found))
        return [picture.people[person].name for person in approvers(picture)]


async def _request(
    change: Change, actor: Actor, verb: Verb, arguments: Mapping[str, Any], found: Mapping[str, Any]
) -> ChangeRequest:
    touches = await _touched(change, found)
    return ChangeRequest(
        visit_id=change.visit.key,
        verb=verb,
        arguments=dict(arguments),
        differences=dict(found),
        touches=sorted(touches - {actor.id}),
        asked_by_id=actor.id,
        asked_at=change.now,
        answer_by=change.now,
    )


async def _touched(change: Change, found: Mapping[str, Any]) -> set[int]:
    """Whoever was told of a stop that changes, or of the visit where all of it does; and whose part it is."""
    sent = select(Notice).where(Notice.visit_id == change.visit.key, col(Notice.sent_at).is_not(None))
    told = told_by((await change.session.exec(sent)).all())
    stops = {int(key) for key in found.get(STOPS, {}) if key.isdecimal()}
    is_whole = any(name != STOPS for name in found)
    knowing = [pair for pair, known in told.items() if known is not None and pair[1] != VISIT]
    return people_in(found) | {person for person, stop in knowing if is_whole or stop in stops}
