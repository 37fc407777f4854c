"""Every door on one page: which listener answers which command, button, form and event."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.messages.ids import Action, ViewId
from bot.messages.visit_form import CHOICES, DATES, LOOKED_UP
from handlers import (
    absence,
    answers,
    arranging,
    changing,
    clients,
    commands,
    consents,
    furnishing,
    guest_side,
    guests,
    handover,
    history,
    levels,
    opening,
    papers,
    plans,
    requests,
    road,
    stops,
    typed,
    you,
)
from handlers.desk import Desk
from handlers.introduction import introducer
from handlers.replies import Answers, Listener, answering

COMMAND = "/visit"

ACTIONS: dict[str, Listener] = {
    **dict.fromkeys(answers.DECLARATIONS, answers.declare),
    **dict.fromkeys((*DATES, *CHOICES, *LOOKED_UP), opening.form_changed),
    Action.DECLARE_LATE: road.declare_late,
    Action.COUNT_ABOARD: road.count_aboard,
    Action.NOTE: road.note,
    Action.DELAY: road.delay,
    Action.TAKE_BACK_ATTENDANCE: answers.take_back_attendance,
    Action.ATTEND_AFTER_ALL: answers.attend_after_all,
    Action.REMIND_EVERYONE: answers.remind_everyone,
    Action.SHOW_INTRODUCTIONS: changing.show_introductions,
    Action.ASSIGN_VEHICLE: requests.assign_vehicle,
    Action.CONFIRM_REQUEST: requests.confirm_request,
    Action.DECLINE_REQUEST: requests.decline_request,
    Action.TAKE_BACK_REQUEST: requests.take_back_request,
    Action.PROPOSE_OTHERWISE: requests.propose_otherwise,
    Action.ACCEPT_COUNTER: requests.accept_counter,
    Action.REJECT_COUNTER: requests.reject_counter,
    Action.REASSIGN_REQUEST: requests.reassign_request,
    Action.REQUEST_MENU: requests.request_menu,
    Action.NEW_VISIT: commands.new_visit,
    Action.LIST_VISITS: commands.list_visits,
    Action.SHOW_TODAY: commands.show_today,
    Action.SHOW_HELP: commands.show_help,
    Action.START_AFRESH: opening.start_afresh,
    Action.SHOW_VISIT: changing.show_visit,
    Action.CHANGE_VISIT: changing.change_visit,
    Action.CANCEL_VISIT: changing.cancel_visit,
    Action.STOP_MENU: stops.stop_menu,
    Action.NAME_DRIVER: stops.name_driver,
    Action.ADD_STOP: stops.add_stop,
    Action.CHOOSE_KIND: stops.kind_chosen,
    Action.SHOW_PARTY: guests.show_party,
    Action.SHOW_PARTY_BEFORE: guests.turn_page,
    Action.SHOW_PARTY_AFTER: guests.turn_page,
    Action.ADD_GUEST: guests.add_guest,
    Action.CHANGE_GUEST: guests.change_guest,
    Action.REMOVE_GUEST: guests.remove_guest,
    Action.PASTE_GUESTS: guests.paste_guests,
    Action.DESCRIBE_PARTY: guests.describe_party,
    Action.SHOW_CLIENT: clients.show_client,
    Action.SHOW_PAPERS: papers.show_papers,
    Action.SHOW_PASSPORT: papers.show_passport,
    Action.ISSUE_LETTER: guest_side.issue_letter,
    Action.COPY_VISIT: opening.copy_visit,
    Action.SHOW_ITINERARY: guest_side.show_itinerary,
    Action.OPEN_ITINERARY: guest_side.open_itinerary,
    Action.SEND_ITINERARY: guest_side.send_itinerary,
    Action.GUESTS_AGREED: guest_side.guests_agreed,
    Action.SHOW_HISTORY: history.show_history,
    Action.SHOW_HISTORY_BEFORE: history.turn_page,
    Action.SHOW_HISTORY_AFTER: history.turn_page,
    Action.EXPORT_HISTORY: history.export_history,
    Action.SHOW_PLAN: plans.show_plan,
    Action.SEND_PLAN: plans.send_plan,
    Action.APPROVE_PLAN: plans.approve_plan,
    Action.RETURN_PLAN: plans.return_plan,
    Action.HAND_PLAN: plans.hand_plan,
    Action.SHOW_RECEPTION: plans.show_reception,
    Action.ALLOW_CHANGE: consents.allow_change,
    Action.REFUSE_CHANGE: consents.refuse_change,
    Action.TAKE_BACK_CHANGE: consents.take_back_change,
    Action.NOTE_CHANGE: consents.note_change,
    Action.CHOOSE_LEVEL: levels.choose_level,
    Action.CHOOSE_LANGUAGE: you.choose_language,
    Action.HAND_OVER: handover.hand_over,
    Action.GO_AWAY: absence.go_away,
    Action.COME_BACK: absence.come_back,
    Action.OPEN_SETTINGS: arranging.open_settings,
    Action.SHOW_SETTINGS: arranging.show_settings,
    Action.CHOOSE_SECTION: arranging.choose_section,
    Action.RESET_RULE: arranging.reset_rule,
    Action.ADD_VEHICLE: furnishing.add_vehicle,
    Action.RETIRE_VEHICLE: furnishing.retire_vehicle,
    Action.ADD_ROOM: furnishing.add_room,
    Action.RETIRE_ROOM: furnishing.retire_room,
    Action.EDIT_RANK: furnishing.edit_rank,
    Action.USE_PRESET: furnishing.use_preset,
    Action.GIVE_RANK: furnishing.give_rank,
}

VIEWS: dict[str, Listener] = {
    ViewId.NEW_VISIT: opening.form_submitted,
    ViewId.READ_BACK: opening.read_back_confirmed,
    ViewId.CHANGE_VISIT: changing.visit_changed,
    ViewId.CANCEL_VISIT: changing.visit_canceled,
    ViewId.STOP: stops.stop_changed,
    ViewId.NEW_STOP: stops.stop_added,
    ViewId.COPY_STOP: stops.stop_copied,
    ViewId.REMOVE_STOP: stops.stop_removed,
    ViewId.NEW_GUEST: guests.guest_added,
    ViewId.GUEST: guests.guest_changed,
    ViewId.GUEST_LIST: guests.list_pasted,
    ViewId.PARTY_FACTS: guests.party_described,
    ViewId.CLIENT: clients.client_described,
    ViewId.PAPERS: papers.papers_listed,
    ViewId.PASSPORT: papers.passport_typed,
    ViewId.SEND_PLAN: plans.plan_sent,
    ViewId.RETURN_PLAN: plans.plan_returned,
    ViewId.HAND_PLAN: plans.plan_handed,
    ViewId.REFUSE_CHANGE: consents.change_refused,
    ViewId.LEVEL: levels.level_chosen,
    ViewId.ASSIGN_VEHICLE: requests.vehicle_assigned,
    ViewId.DECLINE_REQUEST: requests.request_declined,
    ViewId.CONFIRM_REQUEST: requests.request_confirmed,
    ViewId.PROPOSE_OTHERWISE: requests.otherwise_proposed,
    ViewId.REJECT_COUNTER: requests.counter_rejected,
    ViewId.REASSIGN_REQUEST: requests.request_reassigned,
    ViewId.ABOARD: road.aboard_counted,
    ViewId.NOTE: road.noted,
    ViewId.DELAY: road.delayed,
    ViewId.LANGUAGE: you.language_chosen,
    ViewId.AWAY: absence.went_away,
    ViewId.HAND_OVER: handover.handed_over,
    ViewId.TAKE_OVER: handover.colleague_chosen,
    ViewId.TAKE_OVER_ALL: handover.take_over,
    ViewId.SETTINGS_FORM: arranging.form_saved,
    ViewId.SETTINGS_EFFECT: arranging.effect_confirmed,
    ViewId.VEHICLE: furnishing.vehicle_added,
    ViewId.ROOM: furnishing.room_added,
    ViewId.RANK: furnishing.rank_saved,
    ViewId.PERSONS_RANK: furnishing.rank_given,
}

OPTIONS: dict[str, Listener] = {
    "zone": arranging.suggest_zones,
    "country": arranging.suggest_countries,
}
"""What fills menus that are searched."""

EVENTS: dict[str, Listener] = {
    "app_home_opened": you.home_opened,
    "user_change": you.profile_changed,
    "message": you.message_typed,
    "app_uninstalled": you.uninstalled,
    "tokens_revoked": you.tokens_revoked,
}


BESIDES: dict[str, Listener] = {COMMAND: typed.visit_command, ViewId.NEW_VISIT: opening.form_closed}
"""The command, and a window that somebody closes: each the only one of its kind."""


def register(app: AsyncApp, desk: Desk) -> None:
    """Open all doors of a Bolt app.

    Those of a kind stand behind one listener of Bolt's: it asks its listeners one after the other, and a hundred of
    them take longer to ask than most take to answer.
    """
    recent = Answers()
    for doors in (ACTIONS, OPTIONS, VIEWS, EVENTS, BESIDES):
        for listener in doors.values():
            desk.metrics.listens(listener.__name__)
    app.use(introducer(desk))
    app.command(COMMAND)(answering(BESIDES[COMMAND], recent))
    app.action(_any_of(ACTIONS))(_one_of(ACTIONS, recent, lambda body: body["actions"][0]["action_id"]))
    app.options(_any_of(OPTIONS))(_one_of(OPTIONS, recent, lambda body: body["action_id"]))
    app.view_submission(_any_of(VIEWS))(_one_of(VIEWS, recent, lambda body: body["view"]["callback_id"]))
    app.view_closed(ViewId.NEW_VISIT)(answering(BESIDES[ViewId.NEW_VISIT], recent))
    app.event(_any_of(EVENTS))(_one_of(EVENTS, recent, lambda body: body["event"]["type"]))


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"^(?:{'|'.join(map(re.escape, names))})\Z")


def _one_of(listeners: Mapping[str, Listener], recent: Answers, called: Callable[[Mapping[str, Any]], str]) -> Listener:
    """The listener of that name."""
    answered = {name: answering(listener, recent) for name, listener in listeners.items()}

    async def one(args: AsyncArgs) -> None:
        await answered[called(args.body)](args)

    return one
