"""The double check (C16): every open point of a visit with its owner, and the nudge to each of them."""

from collections.abc import Sequence

from bot.i18n import Mrkdwn, join
from bot.messages import blocks, cards, duties, requests, words
from bot.messages.blocks import Block, Message
from bot.messages.ids import Action
from bot.messages.payloads import VisitRef
from bot.messages.reading import Reading
from bot.models.bookings import BookingKind, BookingState
from bot.procedure.open_points import OpenPoint, of_person

_SHOWN = 25


def double_check(reading: Reading, head: Message, points: Sequence[OpenPoint]) -> Message:
    """`head`, the duty as every other, with the list under it and the button that reminds everybody."""
    t = reading.t.rich
    lines = [_line(reading, point, is_own=False) for point in points[:_SHOWN]]
    lines += [*_more(reading, len(points)), *cards.open_points(reading)]
    if not lines:
        done = t.gettext(":white_check_mark: Nothing is open any more.")
        return Message(head.text, (*head.blocks, blocks.section(done)))
    return Message(head.text, (*head.blocks, blocks.section(join("\n", lines)), *_remind(reading, points)))


def nudge(reading: Reading, person_id: int, points: Sequence[OpenPoint]) -> Message:
    """To one owner: just what waits for them."""
    t, visit = reading.t, reading.picture.visit
    own = of_person(points, person_id)
    title = t.pgettext("nudge.header", "Still open: {company}", company=visit.company)
    if own:
        text = join("\n", [*(_line(reading, point, is_own=True) for point in own[:_SHOWN]), *_more(reading, len(own))])
    else:
        text = t.rich.gettext(":white_check_mark: Nothing is open any more.")
    value = VisitRef(visit.key).pack()
    details = blocks.button(t.pgettext("visit.button", "Details"), Action.SHOW_VISIT, value)
    alone = t.npgettext(
        "nudge.alone",
        "{title}, {count} thing waits for you. {guests}",
        "{title}, {count} things wait for you. {guests}",
        len(own),
        title=title,
        count=len(own),
        guests=words.guests(t, visit),
    )
    ask = t.rich.gettext("Please see to it now, or tell {host} what holds it up.", host=reading.picture.lead_host.name)
    asked = [blocks.section(ask)] if own else []
    return Message(alone, (blocks.header(title), *asked, blocks.section(text), blocks.actions(details)))


def reminded(reading: Reading, people: Sequence[int]) -> str:
    """What the one who pressed reads."""
    if not people:
        return reading.t.gettext("Nobody to remind: all is done, or everybody was reminded within the last hour.")
    names = reading.t.list([reading.name(person) for person in people])
    return reading.t.gettext("Reminded: {names}", names=names)


def _remind(reading: Reading, points: Sequence[OpenPoint]) -> list[Block]:
    others = {owner for point in points for owner in point.owners if not reading.is_reader(owner)}
    if not others:
        return []
    label = reading.t.pgettext("nudge.button", "Remind everyone")
    value = VisitRef(reading.picture.visit.key).pack()
    return [blocks.actions(blocks.button(label, Action.REMIND_EVERYONE, value, style="primary"))]


_SAYS_WHO = (
    (BookingKind.REQUEST, BookingState.REQUESTED),
    (BookingKind.VEHICLE, BookingState.ASSIGNED),
)
"""Requests whose line says already whose answer is missing."""


def _line(reading: Reading, point: OpenPoint, *, is_own: bool) -> Mrkdwn:
    t, booking = reading.t, reading.picture.booking(point.booking_id)
    stop = reading.picture.stop(point.stop_id)
    if booking is not None:
        what = requests.status(reading, booking)
    else:
        assert point.say is not None, "a point without a request is a duty"
        what = t.rich.pgettext("open", ":large_yellow_circle: {duty}", duty=duties.TITLES[point.say](t))
    about = words.one_line(words.stop_inline(t, stop), reading.moment(stop.starts_at)) if stop else Mrkdwn("")
    names_them = booking is not None and (booking.kind, booking.state) in _SAYS_WHO
    if is_own or names_them:
        return join(" · ", [what, about]) if is_own else what
    owners = t.list([reading.name(owner) for owner in point.owners])
    if booking is not None:  # a sentence, with a colon of its own
        return t.rich.pgettext("open", "{what} → {owners}", what=what, owners=owners)
    return t.rich.pgettext("open", "{what}: {owners}", what=what, owners=owners)


def _more(reading: Reading, count: int) -> list[Mrkdwn]:
    hidden = count - _SHOWN
    if hidden <= 0:
        return []
    return [reading.t.rich.npgettext("open", "and {count} more", "and {count} more", hidden, count=hidden)]
