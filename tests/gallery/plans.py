"""The plan before its approver, its windows, and what the host hears of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.app import read_rulebook
from bot.messages import plan_forms, reception_notices, typed_answers
from bot.messages.blocks import Block, Message
from bot.messages.notices import render
from bot.messages.payloads import PlanRef
from bot.messages.reading import Reading
from bot.models.bookings import BookingState
from bot.models.notices import NoticeKind
from bot.models.people import Actor
from bot.models.plans import ChangeRequest, Plan, PlanState, Verb
from bot.models.roles import Role
from bot.models.visits import Approval, Background, Payer, VisitState
from bot.procedure.consents import News
from bot.procedure.ladder import Standing
from bot.procedure.picture import Picture
from bot.procedure.plans import plan_facts
from tests.gallery.duties import whole
from tests.samples import DRIVER, GENERAL_MANAGER, HOST, MADRID, SOFIA, Scene, at, notice

PLAN = 1
ASKED: dict[str, Any] = {
    "id": 1,
    "visit_id": 1,
    "verb": Verb.DESCRIBE_PARTY,
    "asked_by_id": HOST,
    "asked_at": at(3, 9),
    "answer_by": at(3, 13),
}
APPROVED_HERE = {Role.APPROVER_3: (SOFIA,)}


def plan(picture: Picture, **fields: Any) -> Plan:
    """A revision of the picture's plan, sent in the morning."""
    given: dict[str, Any] = {
        "id": PLAN,
        "visit_id": 1,
        "revision": 1,
        "facts": plan_facts(picture),
        "submitted_by_id": HOST,
        "submitted_at": at(3, 9),
        "answer_by": at(3, 13),
    }
    return Plan(**given | fields)


def decided(picture: Picture, state: PlanState, **fields: Any) -> Plan:
    """A revision that Sofía decided on."""
    return plan(picture, state=state, version=2, decided_by_id=SOFIA, decided_at=at(3, 11), **fields)


def sent(scene: Scene, approval: Approval = Approval.SUBMITTED, **visit: Any) -> Picture:
    """A visit whose plan was sent."""
    picture = whole(scene, approval=approval, estimated_cost=12000, **visit)
    return replace(picture, plans=(plan(picture),), roles=APPROVED_HERE)


def requests(scene: Scene) -> Iterator[tuple[str, Message]]:
    """To each of those who are asked, then a revision with what changed, then as it was decided."""
    picture = sent(scene)
    for standing in Standing:
        yield standing, _asked(scene, picture, standing)
    for background in (Background.COMPETITOR, Background.DOES_NOT_EXIST, Background.CLEAR):
        doubtful = sent(scene, is_new_client=True, background=background, background_notes=scene.typed.reason)
        yield f"background: {background}", _asked(scene, doubtful)
    cost = {"state": BookingState.CONFIRMED, "cost": 3400}
    booked = replace(picture, bookings=(scene.booking(**cost),))
    yield "some of it booked, the hotel ours", _asked(scene, booked)
    booked.visit.hotel_payer, booked.visit.estimated_cost = Payer.HOUSE, None
    yield "the cost not known", _asked(scene, booked)
    yield "read elsewhere", render(scene.reading(picture, SOFIA, zone=MADRID), _notice(Standing.APPROVER))
    handed = replace(picture, plans=(plan(picture, handed_to_id=DRIVER),))
    yield "handed on, to the approver", _asked(scene, handed)
    yield "second revision", _asked(scene, _revised(scene, _before(picture)))
    yield "second revision, the same", _asked(scene, _revised(scene, dict(picture.plans[0].facts)))
    for state in (PlanState.APPROVED, PlanState.RETURNED, PlanState.TAKEN_BACK):
        over = replace(picture, plans=(decided(picture, state, remarks=scene.typed.reason),))
        yield state, _asked(scene, over)
    off = sent(scene, state=VisitState.CANCELED, canceled_by_id=HOST, cancel_reason=scene.typed.reason)
    yield "canceled", _asked(scene, off)


def news(scene: Scene) -> Iterator[tuple[str, Message]]:
    """What the host hears, and whoever approves when the visit is off."""
    told = (
        (News.APPROVED, PlanState.APPROVED, Approval.APPROVED),
        (News.RETURNED, PlanState.RETURNED, Approval.RETURNED),
        (News.TAKEN_BACK, PlanState.TAKEN_BACK, Approval.DRAFT),
        (News.HANDED, PlanState.SUBMITTED, Approval.SUBMITTED),
        (News.ASKED_DEPUTY, PlanState.SUBMITTED, Approval.SUBMITTED),
        (News.ASKED_NEXT, PlanState.SUBMITTED, Approval.SUBMITTED),
        (News.UNANSWERED, PlanState.SUBMITTED, Approval.SUBMITTED),
    )
    for about, state, approval in told:
        picture = sent(scene, approval)
        picture = replace(picture, plans=(decided(picture, state, remarks=scene.typed.reason),))
        payload = {"plan": PLAN, "news": about, "people": [GENERAL_MANAGER]}
        yield about, render(scene.reading(picture, HOST), notice(NoticeKind.PLAN_NEWS, HOST, payload=payload))


def windows(scene: Scene) -> Iterator[tuple[str, Block]]:
    """The plan on a page, sending, returning, handing it on."""
    picture, host = sent(scene, Approval.RETURNED), _actor(scene, HOST)
    returned = decided(picture, PlanState.RETURNED, remarks=scene.typed.reason)
    picture = replace(picture, plans=(returned,))
    yield "the plan, for its host", plan_forms.page(scene.reading(picture, HOST), host)
    yield "the plan, for somebody else", plan_forms.page(scene.reading(picture, DRIVER), _actor(scene, DRIVER))
    waiting = sent(scene)
    yield "waiting for the approver", plan_forms.page(scene.reading(waiting, HOST), host)
    changing = replace(sent(scene, Approval.APPROVED), change_requests=(ChangeRequest(**ASKED),))
    changing = replace(changing, plans=(decided(changing, PlanState.APPROVED),))
    yield "approved, and a change waits", plan_forms.page(scene.reading(changing, HOST), host)
    draft = replace(sent(scene, Approval.DRAFT), plans=())
    yield "a draft", plan_forms.page(scene.reading(draft, HOST), host)
    yield "sending it", plan_forms.send(scene.reading(draft, HOST))
    yield "sending it, all fits", plan_forms.send(scene.reading(scene.picture(stops=[]), HOST))
    yield "the reception notice", reception_notices.page(_with_rules(scene, changing))
    yield "returning it", plan_forms.send_back(scene.t(), PlanRef(PLAN, 1))
    yield "handing it on", plan_forms.hand(scene.t(), PlanRef(PLAN, 1))


def answers(scene: Scene) -> Iterator[tuple[str, Message]]:
    """To what was typed instead of pressed."""
    picture = sent(scene)
    reading, t = scene.reading(picture, SOFIA), scene.t()
    change = ChangeRequest(**ASKED)
    waiting: list[typed_answers.Waiting] = [(reading, picture.plans[0]), (reading, change)]
    for name, one in zip(("a plan", "a change"), waiting, strict=True):
        yield f"yes to {name}", typed_answers.given(t, one)
    yield "yes to several", typed_answers.choose(t, waiting, yes=True)
    yield "no", typed_answers.choose(t, waiting[:1], yes=False)
    yield "neither", typed_answers.choose(t, waiting[:1], yes=None)


def _with_rules(scene: Scene, picture: Picture) -> Reading:
    return replace(scene.reading(picture, SOFIA), rulebook=read_rulebook())


def _asked(scene: Scene, picture: Picture, standing: Standing = Standing.APPROVER) -> Message:
    newest = picture.plans[-1].key
    return render(scene.reading(picture, SOFIA), _notice(standing, newest))


def _notice(standing: Standing, plan_id: int = PLAN) -> Any:
    return notice(NoticeKind.PLAN_REQUEST, SOFIA, payload={"plan": plan_id, "standing": standing})


def _revised(scene: Scene, before: dict[str, Any]) -> Picture:
    picture = sent(scene)
    first = decided(picture, PlanState.RETURNED, facts=before, remarks=scene.typed.reason)
    return replace(picture, plans=(first, plan(picture, id=2, revision=2)))


def _before(picture: Picture) -> dict[str, Any]:
    """The same plan, with everything otherwise that can be."""
    facts = plan_facts(picture)
    stops = dict(facts["stops"])
    (first, one), (second, other), (third, moved), *_ = stops.items()
    del stops[second]
    people = {"leader": [GENERAL_MANAGER], "driver": []}
    stops[first] = one | {"place": "T1, Gate 2", "means": "train", "ends_at": at(5, 17).isoformat(), "people": people}
    stops[third] = moved | {"meal": "dinner", "style": "banquet", "subject": "G7001", "starts_at": one["starts_at"]}
    stops["999"] = other | {"starts_at": at(6, 16).isoformat(), "ends_at": at(6, 17).isoformat()}
    return facts | {
        "company": "G7002",
        "guest_name": "G7003",
        "party_size": 60,
        "purpose": "courtesy",
        "level": 1,
        "wants_hotel": not facts["wants_hotel"],
        "hotel_payer": Payer.HOUSE,
        "wants_tickets": not facts["wants_tickets"],
        "estimated_cost": None,
        "arrives_at": at(5, 9).isoformat(),
        "departs_at": at(6, 9).isoformat(),
        "leader": [],
        "stops": stops,
    }


def _actor(scene: Scene, person: int) -> Actor:
    return Actor(scene.people()[person], frozenset())
