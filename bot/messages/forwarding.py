"""The window from which the lead host forwards something to the guests."""

from collections.abc import Iterable

from bot.i18n import Mrkdwn
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.ids import ViewId
from bot.messages.payloads import VisitRef
from bot.messages.reading import Reading


def window(reading: Reading, head: Iterable[Block], parts: Iterable[Mrkdwn], foot: Iterable[Block] = ()) -> Block:
    """What the host reads and can do, then the text for the guests, in as many parts as blocks take."""
    t = reading.t
    return blocks.modal(
        ViewId.ITINERARY,
        t.pgettext("modal.title", "For the guests"),
        [
            *head,
            blocks.divider(),
            blocks.section(t.rich.gettext("To forward to the guests:")),
            *(blocks.section(part) for part in parts),
            *foot,
        ],
        close=t.pgettext("modal.close", "Close"),
        metadata=VisitRef(reading.picture.visit.key).pack(),
    )
