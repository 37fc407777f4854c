"""The buttons under a reminder or a duty, or what was declared with them."""

from bot.i18n import Mrkdwn
from bot.messages import blocks, clients, driving, guest_window, plans, taking_back
from bot.messages.blocks import Block
from bot.messages.ids import Action
from bot.messages.payloads import NoticeRef
from bot.messages.reading import Reading
from bot.models.notices import Declaration, DeclarationKind, Notice
from bot.models.visits import Stop
from bot.procedure.vocabulary import Answer


def answering(reading: Reading, notice: Notice, stop: Stop) -> list[Block]:
    """What this notice asks for, as it stands now."""
    t, value = reading.t, NoticeRef(notice.id).pack()
    declared = reading.picture.declared(notice.payload.get("asks", ""))
    if declared is not None:
        said = [blocks.context(_declared(reading, declared))]
        return said + (_otherwise(reading, declared, notice, stop) if reading.is_reader(declared.person_id) else [])
    match Answer(notice.payload["answer"]):
        case Answer.ON_MY_WAY:
            label = t.pgettext("pickup.button", "I'm on my way")
            return [blocks.actions(blocks.button(label, Action.DECLARE_ON_MY_WAY, value, style="primary"))]
        case Answer.ATTENDANCE:
            yes, no = t.pgettext("meal.button", "I'll attend"), t.pgettext("meal.button", "I can't attend")
            return [
                blocks.actions(
                    blocks.button(yes, Action.DECLARE_ATTENDS, value, style="primary"),
                    blocks.button(no, Action.DECLARE_CANNOT_ATTEND, value),
                )
            ]
        case Answer.GOT_IT:
            return [blocks.actions(blocks.button(t.pgettext("ack.button", "Got it"), Action.DECLARE_GOT_IT, value))]
        case Answer.DONE:
            label = t.pgettext("duty.button", "Mark as done")
            return [blocks.actions(blocks.button(label, Action.DECLARE_DONE, value, style="primary"))]
        case Answer.DRIVE:
            return driving.drive(reading, notice, stop)
        case Answer.HERE:
            label = t.pgettext("gate.button", "Guests are here")
            return [blocks.actions(blocks.button(label, Action.DECLARE_HERE, value, style="primary"))]
        case Answer.ITINERARY:
            return guest_window.door(reading)
        case Answer.SEND_PLAN:
            return plans.to_send(reading)
        case Answer.CLIENT:
            return clients.door(reading)
        case Answer.NONE:
            return []


def _otherwise(reading: Reading, declared: Declaration, notice: Notice, stop: Stop) -> list[Block]:
    """To whoever answered: how to answer otherwise, where that can be."""
    match declared.kind:
        case DeclarationKind.ATTENDS:
            return taking_back.attendance(reading, notice, stop)
        case DeclarationKind.CANNOT_ATTEND:
            return taking_back.absence(reading, notice, stop)
        case _:
            return []


def _declared(reading: Reading, declared: Declaration) -> Mrkdwn:
    t, at = reading.t.rich, reading.t.time(declared.declared_at, reading.venue)
    kind = DeclarationKind(declared.kind)
    if not reading.is_reader(declared.person_id) and kind not in (DeclarationKind.DONE, DeclarationKind.HERE):
        return _declared_by_another(reading, declared, kind)
    match kind:
        case DeclarationKind.ON_MY_WAY:
            return t.pgettext("declared", ":white_check_mark: You are on your way, since {time}.", time=at)
        case DeclarationKind.ATTENDS:
            return t.pgettext("declared", ":white_check_mark: You will attend. Answered at {time}.", time=at)
        case DeclarationKind.CANNOT_ATTEND if declared.is_taken_back:
            return t.pgettext(
                "declared", ":x: You can't attend after all. Taken back at {time}; the lead host knows.", time=at
            )
        case DeclarationKind.CANNOT_ATTEND:
            return t.pgettext("declared", ":x: You can't attend. Answered at {time}; the lead host knows.", time=at)
        case DeclarationKind.DONE:
            name = reading.name(declared.person_id)
            return t.pgettext("declared", ":white_check_mark: Done by {name} at {time}.", name=name, time=at)
        case DeclarationKind.HERE:
            name = reading.name(declared.person_id)
            return t.pgettext(
                "declared", ":white_check_mark: The guests are here, said {name} at {time}.", name=name, time=at
            )
        case _:
            return t.pgettext("declared", ":white_check_mark: Received at {time}.", time=at)


def _declared_by_another(reading: Reading, declared: Declaration, kind: DeclarationKind) -> Mrkdwn:
    """What somebody answered for the reader, or in the place of whoever the reader stands in for."""
    t, name = reading.t.rich, reading.declarer(declared)
    at = reading.t.time(declared.declared_at, reading.venue)
    match kind:
        case DeclarationKind.ON_MY_WAY:
            return t.pgettext("declared", ":white_check_mark: On the way since {time}: {name}", time=at, name=name)
        case DeclarationKind.ATTENDS:
            return t.pgettext(
                "declared", ":white_check_mark: {name} will attend. Answered at {time}.", name=name, time=at
            )
        case DeclarationKind.CANNOT_ATTEND if declared.is_taken_back:
            return t.pgettext(
                "declared",
                ":x: {name} can't attend after all. Taken back at {time}; the lead host knows.",
                name=name,
                time=at,
            )
        case DeclarationKind.CANNOT_ATTEND:
            return t.pgettext(
                "declared", ":x: {name} can't attend. Answered at {time}; the lead host knows.", name=name, time=at
            )
        case _:
            return t.pgettext("declared", ":white_check_mark: Received by {name} at {time}.", name=name, time=at)
