"""The ledger of a visit: per message what became of it, for the lead host and administration."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from bot.i18n import Mrkdwn, channel_link, join
from bot.messages import blocks, duties, words
from bot.messages.blocks import Message
from bot.messages.reading import Reading
from bot.models.notices import UNKNOWN, Notice, NoticeKind, NoticeState, Reason, Record
from bot.procedure.deputies import FOR, INSTEAD
from bot.procedure.replies import heard_of_silence, is_asking, reply_to
from bot.procedure.sayings import Say
from bot.procedure.silence import CHASED, asks_of

SHOWN = 30
_PER_SECTION = 6
_IN_TIME = timedelta(minutes=1)
"""What went out that soon is not said to be late."""


def ledger(reading: Reading, notices: Sequence[Notice], records: Sequence[Record], *, page: int = 1) -> Message:
    """Due, sent where, answered by whom, withdrawn, failed and why; the newest last, and on the first page.

    `records`: of the visit, the oldest first.
    """
    t, visit = reading.t, reading.picture.visit
    title = t.pgettext("ledger.header", "Messages of {reference}", reference=visit.reference)
    page = min(max(page, 1), max(-(-len(notices) // SHOWN), 1))
    hidden = max(len(notices) - page * SHOWN, 0)
    heard = heard_of_silence(notices)
    lines = [_line(reading, one, records, heard) for one in notices[hidden : len(notices) - (page - 1) * SHOWN]]
    content = [blocks.header(title)]
    if hidden:
        earlier = t.rich.ngettext(
            "{count} earlier message: `/visit log {reference} {page}`",
            "{count} earlier messages: `/visit log {reference} {page}`",
            hidden,
            count=hidden,
            reference=visit.reference,
            page=page + 1,
        )
        content.append(blocks.context(earlier))
    content += [
        blocks.section(join("\n", lines[start : start + _PER_SECTION])) for start in range(0, len(lines), _PER_SECTION)
    ]
    if not lines:
        content.append(blocks.section(t.rich.gettext("No message is planned.")))
    return Message(t.gettext("{title}: {guests}", title=title, guests=words.guests(t, visit)), tuple(content))


def _line(reading: Reading, notice: Notice, records: Sequence[Record], heard: Mapping[str, Collection[int]]) -> Mrkdwn:
    t = reading.t.rich
    what = (
        t.pgettext("ledger", "{what} ({rule})", what=subject(reading, notice), rule=notice.rule)
        if notice.rule
        else Mrkdwn(subject(reading, notice))
    )
    if CHASED in notice.payload:
        what = t.pgettext("ledger", "{what}, once more", what=what)
    if FOR in notice.payload:
        what = t.pgettext("ledger", "{what}, in place of {name}", what=what, name=reading.name(notice.payload[FOR]))
    where = reading.name(notice.person_id) or (channel_link(notice.channel) if notice.channel else "")
    sentence = t.pgettext("ledger", "{what} → {name}", what=what, name=where) if where else what
    return t.pgettext(
        "ledger",
        "{icon} {sentence}: {outcome}",
        icon=_icon(notice),
        sentence=sentence,
        outcome=_became(reading, notice, records, heard),
    )


def _became(
    reading: Reading, notice: Notice, records: Sequence[Record], heard: Mapping[str, Collection[int]]
) -> Mrkdwn:
    became = _outcome(reading, notice)
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
    return [*passed_on, t.pgettext("ledger", "answered by {name} {moment}", name=who, moment=at)]


def _icon(notice: Notice) -> Mrkdwn:
    icons = {
        NoticeState.PENDING: ":hourglass_flowing_sand:",
        NoticeState.SENDING: ":hourglass_flowing_sand:",
        NoticeState.SENT: ":white_check_mark:",
        NoticeState.MERGED: ":white_check_mark:",
        NoticeState.WITHDRAWN: ":white_circle:",
        NoticeState.EXPIRED: ":red_circle:",
        NoticeState.FAILED: ":red_circle:",
    }
    return Mrkdwn(icons[NoticeState(notice.state)])


def subject(reading: Reading, notice: Notice) -> str:
    """What a message is about, in a few words."""
    t, stop = reading.t, reading.picture.stop(notice.stop_id)
    match NoticeKind(notice.kind):
        case NoticeKind.REMINDER:
            return words.stop_name(t, stop) if stop else t.pgettext("ledger", "Reminder")
        case NoticeKind.DUTY | NoticeKind.REQUEST:
            said = notice.payload["say"]
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
        case NoticeKind.CARD | NoticeKind.THREAD:
            return t.pgettext("ledger", "Card in the channel")


def _outcome(reading: Reading, notice: Notice) -> Mrkdwn:
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
        case NoticeState.MERGED:
            return t.pgettext("ledger", "in one message with others")
        case NoticeState.PENDING if notice.attempts and notice.reason:
            return t.pgettext(
                "ledger", "due {moment}, not out yet: {reason}", moment=due, reason=_reason(reading, notice)
            )
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
    }
    if notice.reason.startswith(UNKNOWN):
        return known[Reason.UNKNOWN_TWICE]
    words_of = {reason.value: text for reason, text in known.items()}
    return words_of.get(notice.reason) or t.pgettext("ledger", "Slack says {code}", code=notice.reason)
