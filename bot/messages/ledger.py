"""The ledger of a visit: per message what became of it, for the lead host and administration."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.i18n import Mrkdwn, channel_link, escape, join
from bot.messages import blocks, duties, words
from bot.messages.blocks import Message
from bot.messages.reading import Reading
from bot.models.notices import HELD, OPEN_STATES, UNKNOWN, Notice, NoticeKind, NoticeState, Reason, Record
from bot.procedure.deputies import FOR, INSTEAD
from bot.procedure.replies import heard_of_silence, is_asking, reply_to, taken_back
from bot.procedure.sayings import Say
from bot.procedure.silence import CHASED, asks_of

SHOWN = 30
_PER_SECTION = 6
_IN_TIME = timedelta(minutes=1)
"""What went out that soon is not said to be late."""
_SETTLED = (NoticeState.SENT, NoticeState.FAILED, NoticeState.EXPIRED)


def ledger(
    reading: Reading, notices: Sequence[Notice], records: Sequence[Record], *, page: int = 1, is_ahead: bool = False
) -> Message:
    """Due, sent where, answered by whom, withdrawn, failed and why; the newest last, and on the first page.

    `is_ahead`: what is still to come, the soonest first. `records`: of the visit, the oldest first.
    """
    t, visit = reading.t, reading.picture.visit
    title = t.pgettext("ledger.header", "Messages of {reference}", reference=visit.reference)
    to_come = [one for one in notices if _is_to_come(reading, one)]
    shown = to_come if is_ahead else sorted((one for one in notices if not _is_to_come(reading, one)), key=_moment)
    page = min(max(page, 1), max(-(-len(shown) // SHOWN), 1))
    heard = heard_of_silence(notices)
    before = (page - 1) * SHOWN if is_ahead else max(len(shown) - page * SHOWN, 0)
    after = before + SHOWN if is_ahead else len(shown) - (page - 1) * SHOWN
    by_id = {one.id: one for one in notices}
    lines = [_line(reading, one, by_id.get(one.merged_into or ""), records, heard) for one in shown[before:after]]
    content = [blocks.header(title)]
    if before and not is_ahead:
        content.append(blocks.context(_earlier(reading, before, page + 1)))
    content += [
        blocks.section(join("\n", lines[start : start + _PER_SECTION])) for start in range(0, len(lines), _PER_SECTION)
    ]
    if not lines:
        content.append(blocks.section(_nothing(reading, is_ahead=is_ahead)))
    if is_ahead and len(shown) > after:
        content.append(blocks.context(_later(reading, len(shown) - after, page + 1)))
    elif page == 1 and not is_ahead and (expected := sum(n.state != NoticeState.WITHDRAWN for n in to_come)):
        content.append(blocks.context(_ahead(reading, expected)))
    return Message(t.gettext("{title}: {guests}", title=title, guests=words.guests(t, visit)), tuple(content))


def _is_to_come(reading: Reading, notice: Notice) -> bool:
    """Whether its moment is still ahead, even if it is known already that it is not needed."""
    return notice.due_at > reading.now and notice.sent_at is None and notice.state not in _SETTLED


def _moment(notice: Notice) -> datetime:
    return notice.sent_at or notice.due_at


def _nothing(reading: Reading, *, is_ahead: bool) -> Mrkdwn:
    t = reading.t.rich
    return t.gettext("No message is planned.") if is_ahead else t.gettext("No message has gone out yet.")


def _earlier(reading: Reading, count: int, page: int) -> Mrkdwn:
    return reading.t.rich.ngettext(
        "{count} earlier message: `/visit log {reference} {page}`",
        "{count} earlier messages: `/visit log {reference} {page}`",
        count,
        count=count,
        reference=reading.picture.visit.reference,
        page=page,
    )


def _ahead(reading: Reading, count: int) -> Mrkdwn:
    return reading.t.rich.ngettext(
        "{count} message is still to come: `/visit log {reference} ahead`",
        "{count} messages are still to come: `/visit log {reference} ahead`",
        count,
        count=count,
        reference=reading.picture.visit.reference,
    )


def _later(reading: Reading, count: int, page: int) -> Mrkdwn:
    return reading.t.rich.ngettext(
        "{count} later message: `/visit log {reference} ahead {page}`",
        "{count} later messages: `/visit log {reference} ahead {page}`",
        count,
        count=count,
        reference=reading.picture.visit.reference,
        page=page,
    )


def _line(
    reading: Reading,
    notice: Notice,
    carrier: Notice | None,
    records: Sequence[Record],
    heard: Mapping[str, Collection[int]],
) -> Mrkdwn:
    """`carrier`: the message that tells this too."""
    t = reading.t.rich
    what, details = Mrkdwn(subject(reading, notice)), _details(reading, notice)
    if details:
        what = t.pgettext("ledger", "{what} ({details})", what=what, details=details)
    where = reading.name(notice.person_id) or (channel_link(notice.channel) if notice.channel else "")
    sentence = t.pgettext("ledger", "{what} → {name}", what=what, name=where) if where else what
    return t.pgettext(
        "ledger",
        "{icon} {sentence}: {outcome}",
        icon=_icon(notice, carrier),
        sentence=sentence,
        outcome=_became(reading, notice, carrier, records, heard),
    )


def _details(reading: Reading, notice: Notice) -> Mrkdwn | str:
    """The row of the procedure, which of several stops, and whether it asks again or somebody else."""
    t = reading.t.rich
    found = [escape(notice.rule)] if notice.rule else []
    stop = reading.picture.stop(notice.stop_id)
    which = words.which(reading, stop) if stop is not None else ""
    if stop is not None and which:
        is_said = notice.kind == NoticeKind.REMINDER
        found += [escape(text) for text in ("" if is_said else words.stop_inline(reading.t, stop), which) if text]
    found += [t.pgettext("ledger", "once more")] if CHASED in notice.payload else []
    if FOR in notice.payload:
        found.append(t.pgettext("ledger", "in place of {name}", name=reading.name(notice.payload[FOR])))
    said: Mrkdwn | str = ""
    for detail in found:
        said = t.pgettext("ledger", "{before}, {detail}", before=said, detail=detail) if said else detail
    return said


def _became(
    reading: Reading,
    notice: Notice,
    carrier: Notice | None,
    records: Sequence[Record],
    heard: Mapping[str, Collection[int]],
) -> Mrkdwn:
    became = _outcome(reading, notice, carrier)
    for more in _answer(reading, notice, records, heard):
        became = reading.t.rich.pgettext("ledger", "{outcome}; {more}", outcome=became, more=more)
    return became


def _answer(
    reading: Reading, notice: Notice, records: Sequence[Record], heard: Mapping[str, Collection[int]]
) -> list[Mrkdwn]:
    """Who has answered what was asked and when, or who has heard that nobody did."""
    t = reading.t.rich
    if notice.sent_at is None or not is_asking(notice):
        return []
    told = dict.fromkeys(heard.get(asks_of(notice), ()))
    names = reading.t.list([reading.name(person) for person in told])
    passed_on = [t.pgettext("ledger", "{names} told that nobody answers", names=names)] if told else []
    reply = reply_to(notice, reading.picture, records)
    if reply is None:
        return [t.pgettext("ledger", "no answer"), *passed_on]
    who, at = reading.name(reply.person_id), reading.moment(reply.at)
    answered = [*passed_on, t.pgettext("ledger", "answered by {name} {moment}", name=who, moment=at)]
    back = taken_back(notice, reading.picture, records)
    if back is None:
        return answered
    who, at = reading.name(back.person_id), reading.moment(back.at)
    return [*answered, t.pgettext("ledger", "taken back by {name} {moment}", name=who, moment=at)]


def _icon(notice: Notice, carrier: Notice | None) -> Mrkdwn:
    """What is told by another message has come as far as that one."""
    state = NoticeState(notice.state)
    if state == NoticeState.MERGED and notice.sent_at is None:
        state = NoticeState.PENDING if carrier is None else NoticeState(carrier.state)
    icons = {
        NoticeState.PENDING: ":hourglass_flowing_sand:",
        NoticeState.SENDING: ":hourglass_flowing_sand:",
        NoticeState.SENT: ":white_check_mark:",
        NoticeState.MERGED: ":white_check_mark:",
        NoticeState.WITHDRAWN: ":white_circle:",
        NoticeState.EXPIRED: ":red_circle:",
        NoticeState.FAILED: ":red_circle:",
    }
    return Mrkdwn(icons[state])


def subject(reading: Reading, notice: Notice) -> str:
    """What a message is about, in a few words."""
    stop, kind = reading.picture.stop(notice.stop_id), NoticeKind(notice.kind)
    if kind == NoticeKind.REMINDER and stop is not None:
        return words.stop_name(reading.t, stop)
    return title(reading, kind, notice.payload)


def title(reading: Reading, kind: NoticeKind, payload: Mapping[str, Any]) -> str:
    """What a message is, in a few words, whatever it is about."""
    t = reading.t
    match kind:
        case NoticeKind.REMINDER:
            return t.pgettext("ledger", "Reminder")
        case NoticeKind.DUTY | NoticeKind.REQUEST:
            said = payload.get("say")
            return duties.TITLES[Say(said)](t) if said in list(Say) else t.pgettext("ledger", "Reminder")
        case NoticeKind.SHORT_NOTICE:
            return t.pgettext("ledger", "Several in one message")
        case NoticeKind.VEHICLE_REQUEST:
            return t.pgettext("ledger", "Vehicle request")
        case NoticeKind.DRIVER_REQUEST:
            return t.pgettext("ledger", "Request to the driver")
        case NoticeKind.LEADER_REQUEST:
            return t.pgettext("ledger", "Request to the executive office")
        case NoticeKind.PLAN_REQUEST | NoticeKind.CHANGE_REQUEST:
            return t.pgettext("ledger", "Request for approval")
        case NoticeKind.PLAN_NEWS | NoticeKind.CHANGE_NEWS:
            return t.pgettext("ledger", "News of the approval")
        case NoticeKind.REMARK:
            return t.pgettext("ledger", "Note passed on")
        case NoticeKind.VEHICLE_ANSWER | NoticeKind.LEADER_ANSWER | NoticeKind.REQUEST_ANSWER:
            return t.pgettext("ledger", "Answer passed on")
        case NoticeKind.DRIVER_UNNAMED:
            return t.pgettext("ledger", "Word of a driver who drives elsewhere")
        case NoticeKind.LEFT:
            return t.pgettext("ledger", "Word of somebody who has left")
        case NoticeKind.COUNTER | NoticeKind.DECLARATION:
            return t.pgettext("ledger", "Answer passed on")
        case NoticeKind.CHANGE:
            return t.pgettext("ledger", "Change")
        case NoticeKind.UNDELIVERED:
            return t.pgettext("ledger", "Report of what did not arrive")
        case NoticeKind.CALLED_OFF:
            return t.pgettext("ledger", "Cancellation for the guests")
        case NoticeKind.NUDGE:
            return t.pgettext("ledger", "Reminder of what is open")
        case NoticeKind.HANDOVER:
            return t.pgettext("ledger", "Summary for the new owner")
        case NoticeKind.SILENCE:
            return t.pgettext("ledger", "Word of an answer that is missing")
        case NoticeKind.RUN_SHEET | NoticeKind.BOARD:
            return t.pgettext("ledger", "Overview of the day")
        case NoticeKind.CARD:
            return t.pgettext("ledger", "Card in the channel")
        case NoticeKind.THREAD:
            return t.pgettext("ledger", "Entry in the card's thread")


def _outcome(reading: Reading, notice: Notice, carrier: Notice | None) -> Mrkdwn:
    t, due = reading.t.rich, reading.moment(notice.due_at)
    match NoticeState(notice.state):
        case NoticeState.SENT:
            at = reading.moment(notice.sent_at or notice.due_at)
            if notice.reason == Reason.MAYBE_TWICE:
                return t.pgettext(
                    "ledger", "sent {moment}, perhaps twice: {reason}", moment=at, reason=_reason(reading, notice)
                )
            if notice.sent_at is not None and notice.sent_at - notice.due_at > _IN_TIME:
                return t.pgettext("ledger", "due {due}, sent {moment}", due=due, moment=at)
            return t.pgettext("ledger", "sent {moment}", moment=at)
        case NoticeState.MERGED if notice.sent_at is not None:
            return t.pgettext(
                "ledger", "sent {moment} in one message with others", moment=reading.moment(notice.sent_at)
            )
        case NoticeState.MERGED if carrier is not None and (why := _why_it_waits(reading, carrier)):
            return t.pgettext(
                "ledger", "due {moment} in one message with others, not out yet: {reason}", moment=due, reason=why
            )
        case NoticeState.MERGED:
            return t.pgettext("ledger", "due {moment} in one message with others", moment=due)
        case NoticeState.PENDING | NoticeState.SENDING if why := _why_it_waits(reading, notice):
            return t.pgettext("ledger", "due {moment}, not out yet: {reason}", moment=due, reason=why)
        case NoticeState.PENDING if _is_conditional(notice):
            return t.pgettext("ledger", "due {moment}, unless answered before", moment=due)
        case NoticeState.PENDING | NoticeState.SENDING:
            return t.pgettext("ledger", "due {moment}", moment=due)
        case NoticeState.WITHDRAWN:
            return t.pgettext("ledger", "not needed: {reason}", reason=_reason(reading, notice))
        case NoticeState.FAILED if INSTEAD in notice.payload:
            name = reading.name(notice.payload[INSTEAD])
            return t.pgettext("ledger", "{name} told instead: {reason}", name=name, reason=_reason(reading, notice))
        case NoticeState.EXPIRED | NoticeState.FAILED:
            return t.pgettext(
                "ledger", "not delivered (due {moment}): {reason}", moment=due, reason=_reason(reading, notice)
            )


def _why_it_waits(reading: Reading, notice: Notice) -> str:
    """Why it is not out although it is due, or was tried before; empty where it is being sent, or is still to come."""
    is_pending = notice.state == NoticeState.PENDING
    was_tried = notice.attempts > (0 if is_pending else 1)
    if notice.state in OPEN_STATES and notice.reason and (was_tried or notice.reason in HELD):
        return _reason(reading, notice)
    is_late = is_pending and notice.due_at < reading.now
    return reading.t.pgettext("ledger", "it waits for its turn") if is_late else ""


def _is_conditional(notice: Notice) -> bool:
    """Whether it goes out only where somebody does not answer, or is not in place."""
    says = (notice.payload.get("say"), notice.kind)
    return CHASED in notice.payload or Say.DRIVER_MISSING in says or NoticeKind.SILENCE in says


def _reason(reading: Reading, notice: Notice) -> str:
    t = reading.t
    known = {
        Reason.ANSWERED: t.pgettext("ledger", "answered already"),
        Reason.NOT_PLANNED: t.pgettext("ledger", "the plan changed"),
        Reason.CHANGED_BACK: t.pgettext("ledger", "changed back before anybody was told"),
        Reason.TOO_LATE: t.pgettext("ledger", "too late to be of use"),
        Reason.GONE: t.pgettext("ledger", "what it was about is gone"),
        Reason.TOLD_ALREADY: t.pgettext("ledger", "told in another message"),
        Reason.ONE_BY_ONE: t.pgettext("ledger", "told one by one instead"),
        Reason.AWAY: t.pgettext("ledger", "away, the deputy is asked"),
        Reason.NO_CARD: t.pgettext("ledger", "there is no card in the channel"),
        Reason.MAYBE_TWICE: t.pgettext("ledger", "whether the first arrived could not be looked up"),
        Reason.UNKNOWN_TWICE: t.pgettext("ledger", "Slack did not say whether it arrived"),
        Reason.NOT_INSTALLED: t.pgettext("ledger", "Visita was not installed"),
        Reason.NOT_CONNECTED: t.pgettext("ledger", "Slack could not be reached"),
        Reason.NOT_THERE: t.pgettext("ledger", "did not arrive, is sent again"),
    }
    if notice.reason.startswith(UNKNOWN):
        return known[Reason.UNKNOWN_TWICE]
    words_of = {reason.value: text for reason, text in known.items()}
    return words_of.get(notice.reason) or t.pgettext("ledger", "Slack says {code}", code=notice.reason)
