"""Windows for what happens on the road: who is aboard, what the guests wish, how late a flight is."""

from bot.i18n import escape
from bot.messages import blocks, words
from bot.messages.blocks import Block, Option
from bot.messages.ids import ViewId
from bot.messages.payloads import NoticeRef, VisitRef
from bot.messages.reading import Reading
from bot.models.notices import Declaration
from bot.models.remarks import RemarkKind


def aboard(reading: Reading, declared: Declaration, notice_id: str) -> Block:
    """How many guests and pieces of luggage are really in the car (D1.4)."""
    t, details = reading.t, declared.details
    luggage = details.get("luggage")
    return blocks.modal(
        ViewId.ABOARD,
        t.pgettext("modal.title", "Who is aboard?"),
        [
            blocks.field_input(
                "guests", t.gettext("Guests in the car"), blocks.text_input(str(details.get("guests", "")), longest=3)
            ),
            blocks.field_input(
                "luggage",
                t.gettext("Pieces of luggage"),
                blocks.text_input("" if luggage is None else str(luggage), longest=3),
                optional=True,
            ),
        ],
        submit=t.pgettext("modal.submit", "Send"),
        close=t.pgettext("modal.close", "Back"),
        metadata=NoticeRef(notice_id).pack(),
    )


def note(reading: Reading) -> Block:
    """What the guests wish, a meal nobody planned, what should be better."""
    t = reading.t
    kinds = [
        Option(t.pgettext("remark.option", "A wish of the guests"), RemarkKind.WISH),
        Option(t.pgettext("remark.option", "An unplanned meal"), RemarkKind.UNPLANNED_MEAL),
        Option(t.pgettext("remark.option", "A shortcoming"), RemarkKind.SHORTCOMING),
    ]
    someone = t.pgettext("people.placeholder", "Choose a person")
    return blocks.modal(
        ViewId.NOTE,
        t.pgettext("modal.title", "Note"),
        [
            blocks.section(escape(words.guests(t, reading.picture.visit))),
            blocks.field_input("kind", t.gettext("What is it?"), blocks.select(kinds, RemarkKind.WISH, radio=True)),
            blocks.field_input("text", t.gettext("In a few words"), blocks.text_input(longest=1000, multiline=True)),
            blocks.field_input(
                "about",
                t.gettext("Whom a shortcoming concerns"),
                blocks.user_select("", someone),
                optional=True,
                hint=t.gettext("That person is told at once; without a name, the lead host."),
            ),
        ],
        submit=t.pgettext("modal.submit", "Send"),
        close=t.pgettext("modal.close", "Back"),
        metadata=VisitRef(reading.picture.visit.key).pack(),
    )


def delay(reading: Reading) -> Block:
    """How late the guests arrive (E4)."""
    t = reading.t
    return blocks.modal(
        ViewId.DELAY,
        t.pgettext("modal.title", "Arrival delayed"),
        [
            blocks.section(escape(words.guests(t, reading.picture.visit))),
            blocks.field_input(
                "minutes",
                t.gettext("Minutes later than planned"),
                blocks.text_input(longest=5, placeholder="90"),
                hint=t.gettext("The pickup and what hangs on it move; everybody concerned is told."),
            ),
        ],
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Back"),
        metadata=VisitRef(reading.picture.visit.key).pack(),
    )
