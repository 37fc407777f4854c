"""A yes that is taken back: the button for it, what Slack asks before it counts, and what others read; and a no."""

from bot.i18n import Mrkdwn, Translator
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.ids import Action
from bot.messages.payloads import BookingRef, NoticeRef
from bot.messages.reading import Reading
from bot.models.bookings import Booking, BookingKind
from bot.models.notices import Notice
from bot.models.visits import Stop
from bot.procedure.bookings import is_ahead, rule_of
from bot.procedure.journeys import attended_from


def drive(reading: Reading, booking: Booking) -> list[Block]:
    """To the driver who confirmed; nothing where it is too late for that."""
    t = reading.t
    sure = blocks.confirm(
        t.pgettext("confirm.title", "Can't you drive?"),
        t.pgettext(
            "confirm", "The lead host and administration are told at once, and somebody else is asked to drive."
        ),
        t.pgettext("confirm.button", "I can't drive"),
        t.pgettext("confirm.button", "Back"),
    )
    return _request(reading, booking, _i_cant(t), sure)


def request(reading: Reading, booking: Booking) -> list[Block]:
    """To administration, the executive office, and whoever else said yes to what they were asked for."""
    t = reading.t
    yes, no = t.pgettext("confirm.button", "Take back"), t.pgettext("confirm.button", "Back")
    if booking.kind == BookingKind.REQUEST:
        text = t.pgettext("confirm", "The lead host and administration are told at once and look for another way.")
    else:
        text = t.pgettext("confirm", "The lead host is told at once and has to find another way.")
    if booking.kind == BookingKind.VEHICLE:
        label = t.pgettext("taking_back.button", "Take back the car")
        sure = blocks.confirm(t.pgettext("confirm.title", "Take back the car?"), text, yes, no)
    else:
        label = t.pgettext("taking_back.button", "Take back")
        sure = blocks.confirm(t.pgettext("confirm.title", "Take this back?"), text, yes, no)
    return _request(reading, booking, label, sure)


def attendance(reading: Reading, notice: Notice, stop: Stop) -> list[Block]:
    """To whoever said that they attend."""
    t = reading.t
    if attended_from(stop, reading.picture.workspace) <= reading.now:
        return []
    sure = blocks.confirm(
        t.pgettext("confirm.title", "Can't you attend?"),
        t.pgettext("confirm", "The lead host is told at once."),
        t.pgettext("confirm.button", "I can't attend"),
        t.pgettext("confirm.button", "Back"),
    )
    value = NoticeRef(notice.id).pack()
    return [blocks.actions(blocks.button(_i_cant(t), Action.TAKE_BACK_ATTENDANCE, value, confirm=sure))]


def absence(reading: Reading, notice: Notice, stop: Stop) -> list[Block]:
    """To whoever said that they can't attend: a press by mistake, or a day that has changed."""
    if stop.ends_at <= reading.now:
        return []
    label = reading.t.pgettext("taking_back.button", "I'll attend after all")
    return [blocks.actions(blocks.button(label, Action.ATTEND_AFTER_ALL, NoticeRef(notice.id).pack()))]


def of_vehicle(reading: Reading, name: str, *, is_off: bool) -> tuple[str, Mrkdwn]:
    """That a driver, or administration (`is_off`), takes back a car: title and what happens now."""
    t = reading.t
    if is_off:
        title = t.pgettext("booking.header", "No car for {company} after all", company=reading.picture.visit.company)
        return title, t.rich.gettext(
            "{name} had assigned one and takes it back. Please find another way, or change the visit.", name=name
        )
    title = t.pgettext("booking.header", "{driver} can't drive after all", driver=name)
    return title, t.rich.gettext("The drive was confirmed before. Administration is asked for another driver.")


def of_leader(reading: Reading, leader: str, name: str) -> tuple[str, Mrkdwn]:
    """That a leader's time is taken back."""
    t = reading.t
    return t.pgettext("booking.header", "{leader} can't take part after all", leader=leader), t.rich.gettext(
        "{name} had confirmed this and takes it back. Please find another way, or change the visit.", name=name
    )


def what_to_do(reading: Reading, name: str, reason: str) -> Mrkdwn:
    """Where there was a yes to what was prepared; who pressed the button gave no reason."""
    t = reading.t.rich
    if reason:
        return t.gettext(
            "{name} had confirmed this and takes it back: {reason}. Please find another way, or ask somebody else.",
            name=name,
            reason=reason,
        )
    return t.gettext(
        "{name} had confirmed this and takes it back. Please find another way, or ask somebody else.", name=name
    )


def _request(reading: Reading, booking: Booking, label: str, sure: Block) -> list[Block]:
    rule = rule_of(booking, reading.rulebook.otherwise(reading.picture.overrides))
    if not reading.picture.visit.is_open or not is_ahead(reading.picture, booking, rule, reading.now):
        return []
    value = BookingRef(booking.key, booking.version).pack()
    return [blocks.actions(blocks.button(label, Action.TAKE_BACK_REQUEST, value, confirm=sure))]


def _i_cant(t: Translator) -> str:
    return t.pgettext("taking_back.button", "I can't after all")
