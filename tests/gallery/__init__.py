"""Everything that people can be shown, in every state it can have; built by the real builders from sample visits.

`KINDS` names each kind with what builds its pieces for a scene: a short description, and a message, a view or (for
refusals) a sentence.
"""

from collections.abc import Callable, Iterator, Mapping

from bot.messages.blocks import Block, Message
from tests.gallery import (
    bookings,
    cards,
    changes,
    confidential,
    consents,
    days,
    duties,
    forms,
    guest_side,
    guests,
    history,
    leaving,
    plans,
    reminders,
    requests,
    road,
    screens,
    sentences,
    settings,
    silence,
)
from tests.samples import Scene

Piece = tuple[str, Message | Block | str]

KINDS: Mapping[str, Callable[[Scene], Iterator[Piece]]] = {
    "reminder-pickup": reminders.pickups,
    "reminder-meal": reminders.meals,
    "reminder-departure": reminders.departures,
    "reminder-stop": duties.stops,
    "duty": duties.duties,
    "short-notice": duties.short_notices,
    "road": road.road,
    "declaration": reminders.declarations,
    "vehicle-request": requests.vehicle_requests,
    "driver-request": requests.driver_requests,
    "leader-request": requests.leader_requests,
    "answer": requests.answers,
    "chase": silence.chases,
    "silence": silence.silences,
    "away": silence.away,
    "handover": silence.handovers_,
    "left": leaving.leaving,
    "request": bookings.requests,
    "request-answer": bookings.answers,
    "request-window": bookings.windows,
    "request-card": bookings.card,
    "request-board": bookings.board,
    "waiting": silence.waits_,
    "change": changes.changes,
    "cancellation": changes.cancellations,
    "undelivered": changes.undelivered,
    "ledger": changes.ledgers,
    "confidential": confidential.confidential,
    "guest-itinerary": guest_side.itineraries,
    "invitation-letter": guest_side.letters,
    "history": history.histories,
    "run-sheet": days.sheets,
    "board": days.day_boards,
    "introductions": days.introduction_lists,
    "double-check": days.double_checks,
    "plan-request": plans.requests,
    "plan-news": plans.news,
    "plan-window": plans.windows,
    "typed-answer": plans.answers,
    "consent-request": consents.requests,
    "consent-news": consents.news,
    "consent-form": consents.forms,
    "card": cards.cards_,
    "thread": cards.threads,
    "visit-window": cards.windows,
    "feasibility": cards.feasibilities,
    "level-form": cards.level_forms,
    "visit-form": forms.visit_forms,
    "read-back": forms.read_backs,
    "stop-form": forms.stop_forms,
    "answer-form": forms.answer_forms,
    "party": guests.parties,
    "guest-list": guests.lists,
    "client": guests.clients_,
    "papers": guests.papers_,
    "hints": guests.hints_,
    "language": forms.languages,
    "settings": settings.pages,
    "settings-form": settings.forms,
    "settings-effect": settings.effects,
    "furnishings": settings.furnishings,
    "rulebook": settings.lead_times,
    "notice": screens.notices,
    "command": screens.commands,
    "list": screens.lists,
    "home": screens.homes,
    "refusal": sentences.refusals_,
}


def pieces(scene: Scene) -> Iterator[tuple[str, str, Message | Block | str]]:
    """Everything: kind, description, and the message, view or sentence."""
    for kind, build in KINDS.items():
        for description, built in build(scene):
            yield kind, description, built
