"""What section C asks of its owners, what they say to it, and how all of it stands.

A new kind of request needs no code: an entry of the rulebook, and its words in `bot.messages.duties`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.i18n import Mrkdwn, Translator, escape, join
from bot.messages import asked, blocks, duties, feasibility, particulars, taking_back, words
from bot.messages.blocks import Block, Message
from bot.messages.ids import Action
from bot.messages.payloads import BookingRef
from bot.messages.reading import Reading
from bot.models.bookings import Booking, BookingKind, BookingState, Owners
from bot.models.notices import TAKEN_BACK, Notice
from bot.models.plans import ChangeRequest
from bot.models.visits import Stop
from bot.procedure.bookings import counter_of, rule_of
from bot.procedure.days import parts_of
from bot.procedure.plans import STOPS
from bot.procedure.recipients import owners_of
from bot.procedure.rules import Rule
from bot.procedure.sayings import Say
from bot.procedure.vocabulary import About, Particular

_OF_NO_STOP = (About.ARRIVAL, About.AT_HOUSE, About.DEPARTURE)
"""What hangs on a stop for its time only: the hotel is not for the pick-up."""
_NAMED = 3
"""As many requests stand in a sentence by their names; the rest are counted."""


def rule_behind(reading: Reading, booking: Booking) -> Rule | None:
    """The entry of the rulebook that asks for it, as the workspace has it."""
    return rule_of(booking, reading.rulebook.otherwise(reading.picture.overrides))


def asked_people(reading: Reading, booking: Booking) -> Owners:
    """Whom it was put to."""
    return owners_of(reading.picture, rule_behind(reading, booking), booking)


def request(reading: Reading, notice: Notice, booking: Booking, stop: Stop) -> Message:
    """To whom it is put: what is needed, until when, and the buttons; or what was answered."""
    t, say = reading.t, Say(notice.payload["say"])
    title = duties.title(reading, say, stop)
    content: list[Block] = [blocks.header(title)]
    if notice.payload["round"] != booking.round:
        text = t.rich.gettext(":information_source: This was asked again: please see the newer message.")
        return Message(title, (*content, blocks.section(text)))
    rule = rule_behind(reading, booking)
    content += particulars.changed(reading, notice, stop)
    otherwise = asked.changed_since(reading, notice, booking)
    content += [blocks.section(otherwise)] if otherwise else []
    content += blocks.fields(particulars.of_duty(reading, say, stop))
    content += blocks.fields(asked.besides(reading, rule, stop))
    if booking.state == BookingState.REQUESTED:
        content += _asking(reading, booking, stop, say, rule)
    else:
        content.append(blocks.context(outcome(reading, booking)))
        content += taking_back.request(reading, booking) if booking.state == BookingState.CONFIRMED else []
    alone = t.pgettext("duty.alone", "{title}. {guests}", title=title, guests=words.guests(t, reading.picture.visit))
    return Message(alone, tuple(content))


def _asking(reading: Reading, booking: Booking, stop: Stop, say: Say, rule: Rule | None) -> list[Block]:
    t = reading.t.rich
    lines = [asked.anew(reading, booking), duties.asked(reading, say)]
    if booking.reason:
        host = reading.picture.lead_host.name
        lines.append(
            t.gettext(":leftwards_arrow_with_hook: {host}: {reason}", host=host, reason=words.reason(booking.reason))
        )
    if booking.answer_by is not None:
        lines.append(t.gettext("Please answer by *{moment}* at the latest.", moment=reading.moment(booking.answer_by)))
    return [blocks.section(join("\n", lines)), buttons(reading, booking, stop, rule)]


def buttons(reading: Reading, booking: Booking, stop: Stop, rule: Rule | None) -> Block:
    """Yes, no, or something else."""
    t, value = reading.t, BookingRef(booking.key, booking.version).pack()
    elements = [
        blocks.button(t.pgettext("request.button", "Confirm"), Action.CONFIRM_REQUEST, value, style="primary"),
        blocks.button(t.pgettext("request.button", "Decline"), Action.DECLINE_REQUEST, value),
    ]
    if counter_of(rule, stop) is not None:
        label = t.pgettext("request.button", "Suggest a change")
        elements.append(blocks.button(label, Action.PROPOSE_OTHERWISE, value))
    return blocks.actions(*elements)


def answer(reading: Reading, notice: Notice, booking: Booking) -> Message:
    """What became of a request, for those who wait for it; with what to do about a no."""
    t, stop = reading.t, reading.picture.stop(booking.stop_id)
    what, by = name(reading, booking), reading.name(notice.payload["by"])
    is_no = notice.payload["state"] == BookingState.DECLINED
    content: list[Block] = []
    reason = words.reason(str(notice.payload["reason"]))
    if is_no and notice.payload.get(TAKEN_BACK):
        title = t.pgettext("request.header", "Taken back: {what}", what=what)
        content.append(blocks.section(taking_back.what_to_do(reading, by, reason)))
    elif is_no:
        title = t.pgettext("request.header", "Declined: {what}", what=what)
        text = t.rich.gettext(
            "{name} declined: {reason}. Please find another way, or ask somebody else.", name=by, reason=reason
        )
        content.append(blocks.section(text))
    elif reading.is_reader(notice.payload["by"]):
        title = t.pgettext("request.header", "Your suggestion was accepted: {what}", what=what)
    else:
        title = t.pgettext("request.header", "Confirmed: {what}", what=what)
    content += particulars.changed(reading, notice, stop) if stop is not None else []
    is_so = notice.payload["version"] == booking.version
    whom = words.person(t, reading.person(notice.payload["by"])) if notice.payload.get(TAKEN_BACK) else Mrkdwn("")
    facts = [*_where(reading, booking), (t.gettext("Contact"), whom)]
    content += blocks.fields([*facts, *(said(reading, booking) if is_so and not is_no else ())])
    if is_no and is_so:
        value = BookingRef(booking.key, booking.version).pack()
        label = t.pgettext("request.button", "Ask somebody else")
        content.append(blocks.actions(blocks.button(label, Action.REASSIGN_REQUEST, value)))
    elif not is_so:
        content.append(blocks.context(outcome(reading, booking)))
    alone = t.gettext("{title}. {guests}", title=title, guests=words.guests(t, reading.picture.visit))
    return Message(alone, (blocks.header(title), *content))


def counter(reading: Reading, notice: Notice, booking: Booking) -> Message:
    """To the lead host: what the owner proposes instead, to be taken at a press."""
    t = reading.t
    what, by = name(reading, booking), reading.name(notice.payload["by"])
    title = t.pgettext("request.header", "{name} suggests a change: {what}", name=by, what=what)
    content: list[Block] = [blocks.header(title), *blocks.fields(_where(reading, booking))]
    if notice.payload["version"] == booking.version:
        lines = [*_proposed(reading, booking), *_collisions(reading, booking)]
        content += [blocks.section(join("\n", lines)), _taking(reading, booking)]
    else:
        content.append(blocks.context(outcome(reading, booking)))
    alone = t.gettext("{title}. {guests}", title=title, guests=words.guests(t, reading.picture.visit))
    return Message(alone, tuple(content))


def _taking(reading: Reading, booking: Booking) -> Block:
    """The buttons to take a proposal or not; once it was taken, that the change waits for consent (B8)."""
    t, value = reading.t, BookingRef(booking.key, booking.version).pack()
    waits = next((asked for asked in reading.picture.change_requests if asked.is_open and _is_it(asked, booking)), None)
    if waits is not None:
        moment = reading.moment(waits.answer_by)
        return blocks.context(
            t.rich.pgettext(
                "counter",
                ":large_yellow_circle: You accept. This was approved: the change waits for consent until {moment}.",
                moment=moment,
            )
        )
    yes, no = t.pgettext("counter.button", "Accept"), t.pgettext("counter.button", "Don't accept")
    return blocks.actions(
        blocks.button(yes, Action.ACCEPT_COUNTER, value, style="primary"),
        blocks.button(no, Action.REJECT_COUNTER, value),
    )


def _is_it(asked: ChangeRequest, booking: Booking) -> bool:
    """Whether a change moves the stop to when the owner of the request suggests."""
    _, new = asked.differences.get(STOPS, {}).get(str(booking.stop_id), (None, None))
    return new is not None and datetime.fromisoformat(new["starts_at"]) == booking.proposed_start


def _proposed(reading: Reading, booking: Booking) -> list[Mrkdwn]:
    """What is proposed: the new time beside the present one, and what was written."""
    t, stop = reading.t.rich, reading.picture.stop(booking.stop_id)
    lines = []
    if booking.proposed_start is not None and stop is not None:
        new, old = reading.moment(booking.proposed_start), reading.plain_moment(stop.starts_at)
        lines.append(t.gettext("*{new}* instead of {old}", new=new, old=old))
    if booking.counter.get("note"):
        lines.append(escape(str(booking.counter["note"])))
    details = booking.counter.get("details", {})
    return lines + [
        t.pgettext("counter", "{label}: {value}", label=label, value=value)
        for label, value in _particulars(reading, details)
    ]


def _collisions(reading: Reading, booking: Booking) -> list[Mrkdwn]:
    """What would not fit any more at the time that is proposed."""
    picture, stop, starts_at = reading.picture, reading.picture.stop(booking.stop_id), booking.proposed_start
    if stop is None or starts_at is None:
        return []
    times = {"starts_at": starts_at, "ends_at": starts_at + (stop.ends_at - stop.starts_at)}
    moved = [Stop(**one.model_dump() | times) if one.id == stop.id else one for one in picture.stops]
    stops = tuple(sorted(moved, key=lambda one: one.starts_at))
    return feasibility.arising_in(reading, replace(picture, stops=stops))


def name(reading: Reading, booking: Booking) -> str:
    """What is asked for; with the stop, where a visit may have several such."""
    rule, stop = rule_behind(reading, booking), reading.picture.stop(booking.stop_id)
    t = reading.t
    if booking.kind == BookingKind.LEADER:
        return t.pgettext("request", "time of {leader}", leader=reading.name(booking.leader_id))
    if booking.kind == BookingKind.VEHICLE:
        return t.pgettext("request", "car and driver")
    if rule is None or rule.say is None:
        return t.pgettext("request", "a request of this visit")
    title = duties.TITLES[rule.say](t)
    if stop is None or rule.about in _OF_NO_STOP:
        return title
    item, moment = words.stop_inline(t, stop), words.which(reading, stop)
    if moment:
        return t.pgettext("request", "{what} ({stop}, {moment})", what=title, stop=item, moment=moment)
    return t.pgettext("request", "{what} ({stop})", what=title, stop=item)


def names(reading: Reading, ids: Iterable[int]) -> str:
    """What several requests ask for; many of them are counted."""
    found = [booking for booking in map(reading.picture.booking, ids) if booking is not None]
    named = [name(reading, booking) for booking in found[:_NAMED]]
    if len(found) > len(named):
        more = len(found) - len(named)
        named.append(reading.t.npgettext("request", "{count} more", "{count} more", more, count=more))
    return reading.t.list(named)


def taken_back(reading: Reading, stop: Stop) -> list[str]:
    """What the reader was asked for at a stop and is needed no longer, by its names."""
    return [
        name(reading, booking)
        for booking in reading.picture.bookings
        if _is_off(reading, booking, stop) and _is_readers(reading, booking)
    ]


def _is_off(reading: Reading, booking: Booking, stop: Stop) -> bool:
    """Whether it was asked for at the stop, too, and is not any more: a leader is asked for whatever they attend."""
    if booking.kind == BookingKind.LEADER and booking.leader_id is not None:
        return not parts_of(reading.picture, stop, booking.leader_id)
    return booking.state == BookingState.RELEASED and booking.stop_id == stop.id


def _is_readers(reading: Reading, booking: Booking) -> bool:
    owners = asked_people(reading, booking).people
    return any(reading.is_reader(person) for person in (*owners, booking.answered_by_id))


def status(reading: Reading, booking: Booking) -> Mrkdwn:
    """Where a request stands, in one line with its colour."""
    t, what = reading.t.rich, name(reading, booking)
    by = reading.name(booking.answered_by_id)
    match BookingState(booking.state):
        case BookingState.REQUESTED | BookingState.ASSIGNED:
            names = reading.t.list([reading.name(person) for person in asked_people(reading, booking).people])
            until = reading.moment(booking.answer_by) if booking.answer_by else ""
            if booking.answer_by is not None and booking.answer_by <= reading.now:
                return t.pgettext(
                    "booking.status",
                    ":large_orange_circle: {what}: no answer from {names} by {moment}",
                    what=what,
                    names=names,
                    moment=until,
                )
            return t.pgettext(
                "booking.status",
                ":large_yellow_circle: {what}: {names}, by {moment}",
                what=what,
                names=names,
                moment=until,
            )
        case BookingState.COUNTERED:
            return t.pgettext(
                "booking.status",
                ":large_yellow_circle: {what}: {name} suggests {proposal}",
                what=what,
                name=by,
                proposal=join(" · ", _proposed(reading, booking)),
            )
        case BookingState.CONFIRMED:
            facts = [blocks.fitted(value, 300) for _, value in said(reading, booking)]
            return t.pgettext(
                "booking.status",
                ":large_green_circle: {what}: {facts}",
                what=what,
                facts=join(" · ", [*facts, escape(by)]),
            )
        case BookingState.DECLINED if booking.is_taken_back:
            reason = words.reason(booking.reason)
            if not reason:
                return t.pgettext("booking.status", ":red_circle: {what}: taken back by {name}", what=what, name=by)
            return t.pgettext(
                "booking.status",
                ":red_circle: {what}: taken back by {name}: {reason}",
                what=what,
                name=by,
                reason=reason,
            )
        case BookingState.DECLINED:
            return t.pgettext(
                "booking.status",
                ":red_circle: {what}: declined by {name}: {reason}",
                what=what,
                name=by,
                reason=words.reason(booking.reason),
            )
        case BookingState.RELEASED:
            return t.pgettext("booking.status", ":white_circle: {what}: no longer needed", what=what)


def outcome(reading: Reading, booking: Booking) -> Mrkdwn:
    """How it stands, and since when."""
    at = reading.moment(booking.changed_at)
    return reading.t.rich.pgettext("outcome", "{status} · {moment}", status=status(reading, booking), moment=at)


def said(reading: Reading, booking: Booking) -> list[tuple[str, Mrkdwn]]:
    """What the confirmation said."""
    found = list(_particulars(reading, booking.said))
    if booking.cost is not None:
        found.append((reading.t.gettext("Cost"), money(reading, booking.cost)))
    if booking.said.get("note"):
        found.append((reading.t.gettext("Note"), escape(str(booking.said["note"]))))
    return found


def money(reading: Reading, amount: int) -> Mrkdwn:
    """An amount in the workspace's currency."""
    t = reading.t
    return t.rich.pgettext("money", "{amount} {currency}", amount=t.number(amount), currency=_currency(reading))


def _currency(reading: Reading) -> str:
    return reading.picture.workspace.currency


def _particulars(reading: Reading, details: Mapping[str, Any]) -> Iterable[tuple[str, Mrkdwn]]:
    t = reading.t
    labels = {
        Particular.PLACE: t.gettext("Venue"),
        Particular.ROOM: t.gettext("Room"),
        Particular.REFERENCE: t.gettext("Reference number"),
    }
    for particular, label in labels.items():
        if details.get(particular):
            yield label, escape(str(details[particular]))
    if details.get(Particular.AMOUNT) is not None:
        yield t.gettext("Amount"), money(reading, int(details[Particular.AMOUNT]))


def _where(reading: Reading, booking: Booking) -> list[tuple[str, Mrkdwn]]:
    t, stop = reading.t, reading.picture.stop(booking.stop_id)
    found = [(t.gettext("Guests"), escape(words.guests(t, reading.picture.visit)))]
    if stop is not None:
        found.insert(0, (t.gettext("Time"), escape(reading.moment(stop.starts_at))))
    rule = rule_behind(reading, booking)
    if stop is not None and (rule is None or rule.about not in _OF_NO_STOP):
        found.insert(0, (t.gettext("For"), escape(words.stop_name(t, stop))))
    return found


def summary(reading: Reading) -> list[Mrkdwn]:
    """For the card: what needs somebody, and how much of the rest is settled."""
    pressing = [b for b in _live(reading) if b.kind == BookingKind.REQUEST and _needs_somebody(reading, b)]
    return [*(status(reading, booking) for booking in pressing), *settled(reading)]


def settled(reading: Reading) -> list[Mrkdwn]:
    """How much of everything that was asked for is confirmed; nothing where nothing was asked for."""
    t, live = reading.t.rich, _live(reading)
    requests = [b for b in live if b.kind == BookingKind.REQUEST]
    done = sum(booking.state == BookingState.CONFIRMED for booking in requests)
    if live and all(booking.state == BookingState.CONFIRMED for booking in live):
        return [everything_confirmed(reading.t, len(live))]
    if not requests:
        return []
    preparation = t.pgettext(
        "booking.status", ":clipboard: Preparation: {done} of {count} confirmed", done=done, count=len(requests)
    )
    return [preparation]


def everything_confirmed(t: Translator, count: int) -> Mrkdwn:
    """What a visit's card and window say once nobody is waited for."""
    return t.rich.pgettext(
        "booking.status", ":white_check_mark: Everything is confirmed: {done} of {count}", done=count, count=count
    )


def _live(reading: Reading) -> list[Booking]:
    return [b for b in reading.picture.bookings if b.state != BookingState.RELEASED]


def _needs_somebody(reading: Reading, booking: Booking) -> bool:
    if booking.state == BookingState.REQUESTED:
        return booking.answer_by is not None and booking.answer_by <= reading.now
    return booking.state in (BookingState.DECLINED, BookingState.COUNTERED)
