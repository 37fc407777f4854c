"""The itinerary before it goes to the guests (B5): how it reads, where it stands with them, and its long gaps."""

from collections.abc import Iterator

from bot.i18n import Mrkdwn, escape, join
from bot.messages import blocks, called_off, forwarding, words
from bot.messages.blocks import Block
from bot.messages.guest_sheet import sheet
from bot.messages.ids import Action
from bot.messages.payloads import VisitRef
from bot.messages.reading import Reading
from bot.procedure.guest_itinerary import guests_agreed, is_current, long_gaps, version_sent

_SECTION = 2800
_GAPS_SHOWN = 8
_PARTS_SHOWN = 3


def door(reading: Reading) -> list[Block]:
    """Where it stands, and the way to it, under a message."""
    t, value = reading.t, VisitRef(reading.picture.visit.key).pack()
    button = blocks.button(t.pgettext("visit.button", "Itinerary for the guests"), Action.OPEN_ITINERARY, value)
    return [blocks.context(standing(reading)), *([] if guests_agreed(reading.picture) else [blocks.actions(button)])]


def standing(reading: Reading) -> Mrkdwn:
    """What the guests have, and whether they agreed."""
    t, picture, visit = reading.t.rich, reading.picture, reading.picture.visit
    if not version_sent(picture) or visit.guest_itinerary_at is None:
        return t.gettext(":white_circle: The guests have no itinerary yet.")
    sent = reading.moment(visit.guest_itinerary_at)
    if not is_current(picture):
        return t.gettext(
            ":warning: Changed since you sent it, {moment}: please send it once more and agree on it again.",
            moment=sent,
        )
    if not guests_agreed(picture) or visit.guest_confirmed_at is None:
        return t.gettext(":large_yellow_circle: Made for the guests {moment}; they have not agreed yet.", moment=sent)
    return t.gettext(
        ":large_green_circle: The guests agreed: noted by {name}, {moment}",
        name=reading.name(visit.guest_confirmed_by_id),
        moment=reading.moment(visit.guest_confirmed_at),
    )


def window(reading: Reading) -> Block:
    """How it reads in the guests' language, with what can be done with it; of a canceled visit, that it is off."""
    t, picture = reading.t, reading.picture
    if not picture.visit.is_open:
        return called_off.window(reading)
    value = VisitRef(picture.visit.key).pack()
    send = t.pgettext("itinerary.button", "Send me PDF and calendar")
    buttons = [blocks.button(send, Action.SEND_ITINERARY, value, style="primary")]
    if is_current(picture) and not guests_agreed(picture):
        agreed = t.pgettext("itinerary.button", "The guests agreed")
        buttons.append(blocks.button(agreed, Action.GUESTS_AGREED, value))
    gaps, parts = _gaps(reading), list(_parts(sheet(reading).as_text()))
    head = [
        blocks.section(standing(reading)),
        *([blocks.section(gaps)] if gaps else []),
        blocks.actions(*buttons),
    ]
    foot = [blocks.context(t.rich.gettext("The rest is in the PDF."))] if len(parts) > _PARTS_SHOWN else []
    return forwarding.window(reading, head, parts[:_PARTS_SHOWN], foot)


def _gaps(reading: Reading) -> Mrkdwn:
    """Foreign guests should not wait for long: told to the host, not to them."""
    t = reading.t
    lines = [
        t.rich.gettext(
            ":warning: {day}: nothing for {length} between {first} and {second}.",
            day=t.day(gap.after.ends_at.astimezone(reading.venue).date()),
            length=t.ahead(gap.length),
            first=words.stop_inline(t, gap.after),
            second=words.stop_inline(t, gap.before),
        )
        for gap in long_gaps(reading.picture)
    ]
    return join("\n", lines[:_GAPS_SHOWN])


def _parts(text: str) -> Iterator[Mrkdwn]:
    """As many lines as one block takes, again and again."""
    shown = ""
    for line in text.split("\n"):
        if len(escape(shown + line).text) > _SECTION:
            yield escape(shown)
            shown = ""
        shown += line + "\n"
    yield escape(shown)
