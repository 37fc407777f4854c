"""Who is told of plans and of changes of what was approved: those who decide and those who wait (B4, B8). Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from bot.models.notices import NoticeKind
from bot.models.plans import ChangeRequest, ChangeState, Plan, PlanState
from bot.models.roles import Role
from bot.models.visits import Visit
from bot.procedure.calendar import Calendar
from bot.procedure.ladder import AT_HAND, Rung, Standing, ladder
from bot.procedure.picture import Picture
from bot.procedure.plans import STOPS, Differences
from bot.procedure.wanted import NEWS_LASTS, Wanted

About = Mapping[str, object]
MADE = (ChangeState.MADE, ChangeState.SEEN)
"""Made at once, because it could not wait."""


class News(StrEnum):
    """What is told of a plan or a change to those who wait for the decision."""

    ASKED_DEPUTY = "asked_deputy"
    ASKED_NEXT = "asked_next"
    UNANSWERED = "unanswered"
    """Nobody has answered, and there is nobody else to ask."""
    HANDED = "handed"
    APPROVED = "approved"
    RETURNED = "returned"
    TAKEN_BACK = "taken_back"
    GRANTED = "granted"
    REFUSED = "refused"
    OBJECTED = "objected"
    """The approver took note of an urgent change, with remarks."""
    OVERTAKEN = "overtaken"
    CANCELED = "canceled"
    """The visit is off: releases before this one told it to approvers like this."""


_ESCALATIONS = {
    Standing.DEPUTY: News.ASKED_DEPUTY,
    Standing.NEXT: News.ASKED_NEXT,
    Standing.HANDED: News.HANDED,
}
_DECIDED = {
    PlanState.APPROVED: News.APPROVED,
    PlanState.RETURNED: News.RETURNED,
    PlanState.TAKEN_BACK: News.TAKEN_BACK,
    ChangeState.GRANTED: News.GRANTED,
    ChangeState.REFUSED: News.REFUSED,
    ChangeState.TAKEN_BACK: News.TAKEN_BACK,
    ChangeState.OVERTAKEN: News.OVERTAKEN,
}


NOTHING_TO_DO = (News.APPROVED, News.GRANTED, News.TAKEN_BACK)
"""News that asks nothing of its reader."""


def consents(picture: Picture, calendar: Calendar) -> Iterator[Wanted]:
    """Everything that follows from the plans that were sent and the changes that were asked for."""
    for plan in picture.plans:
        yield from _of_plan(picture, plan, ladder(picture, plan, calendar))
    for request in picture.change_requests:
        yield from _of_change(picture, request, ladder(picture, request, calendar))


def is_urgent(visit: Visit, found: Differences, arrived: datetime, now: datetime) -> bool:
    """Whether it is about what begins today or within a day: nobody can wait for an answer then.

    `arrived`: when the guests were to arrive before the change.
    """
    starts = [datetime.fromisoformat(s["starts_at"]) for pair in found.get(STOPS, {}).values() for s in pair if s]
    if any(name != STOPS for name in found):
        starts += [visit.arrives_at, arrived]
    today = now.astimezone(visit.venue).date()
    return any(start <= now + AT_HAND or start.astimezone(visit.venue).date() == today for start in starts)


def _of_plan(picture: Picture, plan: Plan, rungs: Sequence[Rung]) -> Iterator[Wanted]:
    host, about = picture.visit.lead_host_id, {"plan": plan.id}
    for rung in rungs:
        for person in rung.people:
            yield _question(picture, f"plan:{plan.id}", NoticeKind.PLAN_REQUEST, person, rung, about, plan.is_open)
        yield from _escalation(
            f"plan:{plan.id}", NoticeKind.PLAN_NEWS, _waiting(picture, (host,), rung, rungs), rung, about, plan.is_open
        )
    news = _DECIDED.get(PlanState(plan.state))
    if news is not None and plan.decided_at is not None and (plan.decided_by_id != host or news == News.TAKEN_BACK):
        yield _news(f"plan:{plan.id}", NoticeKind.PLAN_NEWS, host, news, plan.decided_at, about)


def _of_change(picture: Picture, request: ChangeRequest, rungs: Sequence[Rung]) -> Iterator[Wanted]:
    about, key = {"request": request.id}, f"consent:{request.id}"
    waiting = tuple(dict.fromkeys([request.asked_by_id, picture.visit.lead_host_id]))
    is_open = request.is_open or request.state == ChangeState.MADE
    for rung in rungs:
        for person in rung.people:
            yield _question(picture, key, NoticeKind.CHANGE_REQUEST, person, rung, about, is_open)
        if request.state not in MADE:
            yield from _escalation(
                key, NoticeKind.CHANGE_NEWS, _waiting(picture, waiting, rung, rungs), rung, about, request.is_open
            )
    news = _DECIDED.get(ChangeState(request.state))
    if request.state == ChangeState.SEEN and request.reason:
        news = News.OBJECTED
    if news is not None and request.decided_at is not None:
        # Taken back: the lead host was waiting for nothing yet.
        for person in waiting[:1] if news == News.TAKEN_BACK else waiting:
            if person != request.decided_by_id:
                yield _news(key, NoticeKind.CHANGE_NEWS, person, news, request.decided_at, about)


def _waiting(picture: Picture, people: Iterable[int], rung: Rung, rungs: Iterable[Rung]) -> list[int]:
    """Of those who wait for a decision, who is not asked for it: at this rung, or at all where nobody else is left.

    Where all who wait are asked themselves and nobody else is left, administration hears of their silence.
    """
    asked = set(rung.people) or {person for other in rungs for person in other.people}
    waiting = [person for person in people if person not in asked]
    if waiting or rung.people or picture.visit.is_confidential:
        return waiting
    return [person for person in picture.holders(Role.ADMINISTRATION) if person not in asked]


def _question(
    picture: Picture,
    key: str,
    kind: NoticeKind,
    person: int,
    rung: Rung,
    about: About,
    is_open: bool,
) -> Wanted:
    return Wanted(
        key=f"{key}:{rung.standing}:person{person}",
        kind=kind,
        due_at=rung.since,
        useful_until=max(picture.visit.departs_at, rung.since + timedelta(hours=1)),
        person_id=person,
        rule="B4" if kind == NoticeKind.PLAN_REQUEST else "B8",
        payload={**about, "standing": rung.standing},
        is_open=is_open,
    )


def _escalation(
    key: str, kind: NoticeKind, people: Iterable[int], rung: Rung, about: About, is_open: bool
) -> Iterator[Wanted]:
    """Those who wait hear who is asked now, or that there is nobody else."""
    news = _ESCALATIONS.get(rung.standing) if rung.people else News.UNANSWERED
    if news is not None:
        for person in people:
            whom = {**about, "people": list(rung.people)}
            yield _news(key, kind, person, news, rung.since, whom, is_open=is_open)


def _news(
    key: str,
    kind: NoticeKind,
    person: int,
    news: News,
    at: datetime,
    about: About,
    *,
    is_open: bool = True,
) -> Wanted:
    return Wanted(
        key=f"{key}:{news}:person{person}",
        kind=kind,
        due_at=at,
        useful_until=at + NEWS_LASTS,
        person_id=person,
        rule="B4" if kind == NoticeKind.PLAN_NEWS else "B8",
        payload={**about, "news": news},
        is_open=is_open,
    )
