"""Changes of what was approved, as whoever consents and whoever waits sees them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.messages import consents, visit_window
from bot.messages.blocks import Block, Message
from bot.messages.notices import render
from bot.messages.payloads import ChangeRef
from bot.models.notices import NoticeKind
from bot.models.people import Actor
from bot.models.plans import ChangeRequest, ChangeState, PlanState, Verb
from bot.models.visits import Approval, VisitState
from bot.procedure.consents import News
from bot.procedure.corrections import Correction, What
from bot.procedure.ladder import Standing
from bot.procedure.picture import Picture
from bot.procedure.plans import STOPS, plan_facts
from tests.gallery.plans import decided, sent
from tests.samples import DINNER, GENERAL_MANAGER, HOST, SOFIA, Scene, at, notice, told_of

REQUEST = 1


def requests(scene: Scene) -> Iterator[tuple[str, Message]]:
    """Asked for by the host, then what became of it; and made at once."""
    for standing in (Standing.APPROVER, Standing.NEXT):
        yield standing, _asked(scene, _with(scene), standing)
    over_with = (ChangeState.GRANTED, ChangeState.REFUSED, ChangeState.OVERTAKEN, ChangeState.SEEN)
    for state in (*over_with, ChangeState.TAKEN_BACK):
        over = _with(scene, state=state, decided_by_id=SOFIA, decided_at=at(3, 11), reason=scene.typed.reason)
        yield state, _asked(scene, over)
    noted = _with(scene, state=ChangeState.SEEN, decided_by_id=SOFIA, decided_at=at(3, 11))
    yield "noted without a word", _asked(scene, noted)
    made = _with(scene, state=ChangeState.MADE)
    yield "made at once", _asked(scene, made)
    was = told_of(made, DINNER, starts_at=at(5, 19).isoformat())
    own = Correction(SOFIA, DINNER, What.CHANGED, was).as_payload()
    yield "made at once, to somebody whose part it changes", _asked(scene, made, own=[own])
    off = _with(scene)
    off.visit.state, off.visit.canceled_by_id = VisitState.CANCELED, HOST
    yield "the visit is off", _asked(scene, off)


def news(scene: Scene) -> Iterator[tuple[str, Message]]:
    """What the asker and the host hear."""
    picture = _with(scene, decided_by_id=SOFIA, decided_at=at(3, 11), reason=scene.typed.reason)
    still = (News.ASKED_NEXT, News.UNANSWERED)
    for about in (News.GRANTED, News.REFUSED, News.OBJECTED, News.TAKEN_BACK, News.OVERTAKEN, *still):
        payload = {"request": REQUEST, "news": about, "people": [GENERAL_MANAGER]}
        yield about, render(scene.reading(picture, HOST), notice(NoticeKind.CHANGE_NEWS, HOST, payload=payload))


def forms(scene: Scene) -> Iterator[tuple[str, Block]]:
    """Why not."""
    asked = _with(scene)
    yield "the visit's window", visit_window.window(scene.reading(asked, HOST), Actor(asked.people[HOST], frozenset()))
    yield "refusing", consents.reason(scene.t(), ChangeRef(REQUEST, 1), made=False)
    yield "remarks on what was made", consents.reason(scene.t(), ChangeRef(REQUEST, 1), made=True)


def _asked(scene: Scene, picture: Picture, standing: Standing = Standing.APPROVER, **more: Any) -> Message:
    told = notice(NoticeKind.CHANGE_REQUEST, SOFIA, payload={"request": REQUEST, "standing": standing, **more})
    return render(scene.reading(picture, SOFIA), told)


def _with(scene: Scene, **fields: Any) -> Picture:
    picture = sent(scene, Approval.APPROVED)
    dinner = plan_facts(picture)[STOPS][str(DINNER)]
    given: dict[str, Any] = {
        "id": REQUEST,
        "visit_id": 1,
        "verb": Verb.CHANGE_STOP,
        "differences": {
            "party_size": [4, 6],
            STOPS: {str(DINNER): [dinner, dinner | {"starts_at": at(5, 20).isoformat(), "place": scene.typed.airport}]},
        },
        "touches": [GENERAL_MANAGER, SOFIA],
        "asked_by_id": HOST,
        "asked_at": at(3, 9),
        "answer_by": at(3, 13),
    }
    approved = decided(picture, PlanState.APPROVED)
    return replace(picture, plans=(approved,), change_requests=(ChangeRequest(**given | fields),))
