"""Changes of what was approved: before whoever consents, and what those who wait hear of them (B8)."""

from bot.i18n import Mrkdwn, Translator, join
from bot.messages import blocks, changes, feasibility, plan_changes, words
from bot.messages.blocks import Block, Message
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import ChangeRef, VisitRef
from bot.messages.reading import Reading
from bot.models.notices import Notice
from bot.models.people import Actor
from bot.models.plans import ChangeRequest, ChangeState
from bot.procedure.consents import MADE, News
from bot.procedure.corrections import still_holds
from bot.procedure.ladder import Standing
from bot.procedure.picture import facts
from bot.procedure.telling import OWN_PART


def request(reading: Reading, notice: Notice, asked: ChangeRequest) -> Message:
    """Old → new and whom it touches, with the buttons to decide; then what was decided."""
    t, visit = reading.t, reading.picture.visit
    if asked.state in MADE:
        title = t.pgettext("consent.header", "Urgent change made: {company}", company=visit.company)
    elif not asked.is_open or not visit.is_open:
        title = t.pgettext("consent.header", "Change asked for: {company}", company=visit.company)
    else:
        title = t.pgettext("consent.header", "Change needs your consent: {company}", company=visit.company)
    content: list[Block] = [blocks.header(title)]
    is_waiting = (asked.is_open or asked.state == ChangeState.MADE) and visit.is_open
    content += [blocks.section(_asked(reading, notice, asked))] if is_waiting else []
    content.append(blocks.section(_what(reading, asked)))
    own = changes.own_part(reading, _as_it_is(reading, notice)) if visit.is_open else None
    if own is not None:
        content.append(blocks.section(t.rich.pgettext("consent", "Your part changes with it:") + Mrkdwn("\n") + own[1]))
    if is_waiting:
        content.append(decide(reading, asked))
    else:
        content += [blocks.section(outcome(reading, asked)), blocks.actions(_review(reading))]
    # Whoever takes part reads on the lock screen when; to take note of it can wait.
    alone = own[0] if own is not None else t.gettext("{title}. {guests}", title=title, guests=words.guests(t, visit))
    return Message(alone, tuple(content))


def _as_it_is(reading: Reading, notice: Notice) -> list[changes.Entry]:
    """What the change makes of its reader's part, without what has changed again since they read it here."""
    own: list[changes.Entry] = notice.payload.get(OWN_PART, [])
    found = ((entry, reading.picture.stop(entry["stop"]), notice.told.get(str(entry["stop"]))) for entry in own)
    return [e for e, stop, told in found if stop and still_holds(told or {}, facts(reading.picture, stop))]


def _asked(reading: Reading, notice: Notice, asked: ChangeRequest) -> Mrkdwn:
    t, name = reading.t.rich, reading.name(asked.asked_by_id)
    if asked.state in MADE:
        return t.gettext("{name} changed what was approved, because it could not wait. Please take note.", name=name)
    if notice.payload["standing"] == Standing.APPROVER:
        return t.gettext(
            "{name} asks to change what was approved. Nothing changes before you answer, please by {deadline}.",
            name=name,
            deadline=reading.moment(asked.answer_by),
        )
    return t.gettext(
        "{name} asks to change what was approved, and there was no answer so far. Nothing changes before you answer.",
        name=name,
    )


def _what(reading: Reading, asked: ChangeRequest) -> Mrkdwn:
    """What changes, who will be told, and what would not fit any more."""
    names = [reading.name(person) for person in asked.touches]
    touched = [reading.t.rich.gettext("It concerns: {names}", names=reading.t.list(names))] if names else []
    warned = feasibility.arising(reading, asked.differences) if asked.is_open else []
    return join("\n", [*plan_changes.lines(reading, asked.differences), *touched, *warned])


def decide(reading: Reading, asked: ChangeRequest) -> Block:
    """The buttons of whoever is asked."""
    t, value = reading.t, ChangeRef(asked.key, asked.version).pack()
    if asked.state == ChangeState.MADE:
        yes = blocks.button(t.pgettext("consent.button", "Noted"), Action.NOTE_CHANGE, value, style="primary")
        no = blocks.button(t.pgettext("consent.button", "Send remarks"), Action.REFUSE_CHANGE, value)
    else:
        yes = blocks.button(t.pgettext("consent.button", "Allow"), Action.ALLOW_CHANGE, value, style="primary")
        no = blocks.button(t.pgettext("consent.button", "Refuse"), Action.REFUSE_CHANGE, value)
    return blocks.actions(yes, no, _review(reading))


def waiting(reading: Reading, actor: Actor) -> list[Block]:
    """The changes that wait for consent, for the visit's window: who asked for what, and a button to ask no longer."""
    t, visit, content = reading.t, reading.picture.visit, list[Block]()
    for asked in reading.picture.change_requests:
        if asked.is_open and visit.is_open:
            who = t.rich.pgettext(
                "consent",
                ":large_yellow_circle: {name} asked, answer wanted by {moment}:",
                name=reading.name(asked.asked_by_id),
                moment=reading.moment(asked.answer_by),
            )
            content.append(blocks.section(join("\n", [who, *plan_changes.lines(reading, asked.differences)])))
            if asked.can_be_taken_back_by(actor, visit):
                value, label = ChangeRef(asked.key, asked.version).pack(), t.pgettext("consent.button", "Take back")
                content.append(blocks.actions(blocks.button(label, Action.TAKE_BACK_CHANGE, value)))
    return content


def _review(reading: Reading) -> Block:
    value = VisitRef(reading.picture.visit.key).pack()
    return blocks.button(reading.t.pgettext("approval.button", "Review plan"), Action.SHOW_PLAN, value)


def outcome(reading: Reading, asked: ChangeRequest) -> Mrkdwn:
    """What became of a change, in one line."""
    t, name, reason = reading.t.rich, reading.name(asked.decided_by_id), words.reason(asked.reason)
    moment = reading.moment(asked.decided_at) if asked.decided_at else ""
    match ChangeState(asked.state):
        case ChangeState.GRANTED:
            return t.pgettext("consent", ":white_check_mark: Allowed by {name}, {moment}.", name=name, moment=moment)
        case ChangeState.REFUSED:
            return t.pgettext(
                "consent", ":no_entry: Refused by {name}, {moment}: {reason}", name=name, moment=moment, reason=reason
            )
        case ChangeState.SEEN if reason:
            return t.pgettext(
                "consent", ":memo: Remarks by {name}, {moment}: {reason}", name=name, moment=moment, reason=reason
            )
        case ChangeState.SEEN | ChangeState.MADE:
            return t.pgettext("consent", ":eyes: Noted by {name}, {moment}.", name=name, moment=moment)
        case ChangeState.TAKEN_BACK:
            return t.pgettext(
                "consent", ":leftwards_arrow_with_hook: Taken back by {name}, {moment}.", name=name, moment=moment
            )
        case ChangeState.OVERTAKEN:
            return t.pgettext(
                "consent", ":warning: It can no longer be made: the visit has changed since it was asked for."
            )
        case ChangeState.ASKED:
            return t.pgettext("plan", ":no_entry_sign: The visit is canceled.")


def news(reading: Reading, notice: Notice, asked: ChangeRequest) -> Message:
    """To whoever asked, and to the lead host."""
    t, visit = reading.t, reading.picture.visit
    title, body = _news(reading, notice, asked)
    content = (blocks.header(title), blocks.section(body), blocks.section(_what(reading, asked)))
    return Message(t.gettext("{title}. {guests}", title=title, guests=words.guests(t, visit)), content)


def _news(reading: Reading, notice: Notice, asked: ChangeRequest) -> tuple[str, Mrkdwn]:
    t, company, name = reading.t, reading.picture.visit.company, reading.name(asked.decided_by_id)
    names = t.list([reading.name(person) for person in notice.payload.get("people", ())])
    match News(notice.payload["news"]):
        case News.GRANTED:
            return t.pgettext("consent.header", "Change allowed: {company}", company=company), t.rich.gettext(
                "{name} allowed it: the change is made, and everybody concerned is told.", name=name
            )
        case News.REFUSED:
            return t.pgettext("consent.header", "Change refused: {company}", company=company), t.rich.gettext(
                "{name} refused it, nothing has changed: {reason}", name=name, reason=asked.reason
            )
        case News.OBJECTED:
            return t.pgettext("consent.header", "Remarks on your change: {company}", company=company), t.rich.gettext(
                "{name} took note of the urgent change, with remarks: {reason}", name=name, reason=asked.reason
            )
        case News.TAKEN_BACK:
            return t.pgettext("consent.header", "Change taken back: {company}", company=company), t.rich.gettext(
                "{name} took your request back, nothing has changed.", name=name
            )
        case News.OVERTAKEN:
            return t.pgettext(
                "consent.header", "Change no longer possible: {company}", company=company
            ), t.rich.gettext(
                "{name} allowed it, but the visit has changed since it was asked for. Please look at it again.",
                name=name,
            )
        case News.UNANSWERED:
            return t.pgettext("consent.header", "Change still undecided: {company}", company=company), t.rich.gettext(
                "Nobody has answered so far, and there is nobody else to ask."
            )
        case _:
            return t.pgettext("consent.header", "Change still undecided: {company}", company=company), t.rich.gettext(
                "There was no answer so far. Asked now: {names}", names=names
            )


def reason(t: Translator, ref: ChangeRef, *, made: bool) -> Block:
    """Why a change is refused, or what there is to say about one that was made."""
    if made:
        title, label = t.pgettext("modal.title", "Send remarks"), t.gettext("Remarks")
        send = t.pgettext("modal.submit", "Send")
    else:
        title, label = t.pgettext("modal.title", "Refuse the change"), t.gettext("Reason")
        send = t.pgettext("modal.submit", "Refuse")
    return blocks.modal(
        ViewId.REFUSE_CHANGE,
        title,
        [blocks.field_input("reason", label, blocks.text_input(longest=1000, multiline=True))],
        submit=send,
        close=t.pgettext("modal.close", "Back"),
        metadata=ref.pack(),
    )
