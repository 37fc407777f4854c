"""A canceled visit of which the guests have papers: what the lead host forwards to them, in their language. Guests
read it: why it is off stands nowhere in it."""

from bot.i18n import Translator, escape
from bot.messages import blocks, forwarding, words
from bot.messages.blocks import Block, Message
from bot.messages.guest_sheet import in_guests_language, our_host
from bot.messages.ids import Action
from bot.messages.payloads import VisitRef
from bot.messages.reading import Reading
from bot.procedure.guest_itinerary import version_sent


def for_guests(reading: Reading) -> tuple[str, str]:
    """Title and text, as the guests read them."""
    t, picture, visit = in_guests_language(reading), reading.picture, reading.picture.visit
    title = t.pgettext("itinerary", "Your visit will not take place")
    lines = [_off(reading, t)]
    if version_sent(picture):
        lines.append(
            t.pgettext("itinerary", "To take it off your calendar, please open the attached file or import it there.")
        )
    if visit.letter_issued_at is not None:
        lines.append(t.pgettext("itinerary", "The invitation letter we issued for it is no longer valid."))
    whom = t.pgettext("itinerary", "If you have any questions, please contact {contact}.", contact=our_host(t, picture))
    return title, "\n\n".join([*lines, whom])


def _off(reading: Reading, t: Translator) -> str:
    visit, house = reading.picture.visit, reading.picture.workspace.name
    first, last = (t.full_date(at.astimezone(reading.venue).date()) for at in (visit.arrives_at, visit.departs_at))
    if first == last:
        return t.pgettext(
            "itinerary",
            "We are sorry to tell you that your visit to {house} on {day} will not take place.",
            house=house,
            day=first,
        )
    return t.pgettext(
        "itinerary",
        "We are sorry to tell you that your visit to {house} from {first} to {last} will not take place.",
        house=house,
        first=first,
        last=last,
    )


def message(reading: Reading) -> Message:
    """To the lead host: please tell the guests, with the words to forward."""
    t, picture = reading.t, reading.picture
    title = t.pgettext("cancel.header", "Please tell the guests: {company}", company=picture.visit.company)
    text = t.rich.gettext(
        "The visit is canceled, and the guests have papers of it. Please forward this to them in their language:"
    )
    content = [
        blocks.header(title),
        blocks.section(text),
        blocks.section(blocks.quote(escape(for_guests(reading)[1]))),
    ]
    if version_sent(picture):
        label = t.pgettext("itinerary.button", "Get the calendar file")
        value = VisitRef(picture.visit.key).pack()
        content.append(blocks.actions(blocks.button(label, Action.OPEN_ITINERARY, value, style="primary")))
    guests = words.guests(t, picture.visit)
    return Message(t.pgettext("cancel.alone", "{title}. {guests}", title=title, guests=guests), tuple(content))


def window(reading: Reading) -> Block:
    """The same as a window, with the file for the guests' calendars."""
    t, value = reading.t, VisitRef(reading.picture.visit.key).pack()
    content: list[Block] = [blocks.section(t.rich.gettext(":no_entry: The visit is canceled."))]
    if version_sent(reading.picture):
        send = t.pgettext("itinerary.button", "Send me text and calendar file")
        content.append(blocks.actions(blocks.button(send, Action.SEND_ITINERARY, value, style="primary")))
    return forwarding.window(reading, content, [escape(for_guests(reading)[1])])
