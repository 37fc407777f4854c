"""The stops that are proposed for a new visit: ticked by the host instead of typed."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.i18n import Translator
from bot.messages import blocks, words
from bot.messages.blocks import Block, Option
from bot.models.forms import VisitForm
from bot.procedure.proposal import ProposedStop

_LONGEST_MENU = 100
_FIELD = "stops:"


def field(t: Translator, form: VisitForm, stops: Sequence[ProposedStop], zone: ZoneInfo) -> list[Block]:
    """The menu of what could be; nothing where there is nothing to offer."""
    if not stops:
        return []
    shown = stops[:_LONGEST_MENU]
    options = [
        Option(name(t, stop, zone), stop.key, words.style(t, stop.style) if stop.style else "") for stop in shown
    ]
    chosen = blocks.multi_select(options, form.stops, t.pgettext("stops.placeholder", "Choose what takes place"))
    hint = t.gettext("Time, place and people of each can be changed once the visit is open.")
    # Another choice of stops is another field: Slack would keep what was ticked in the old one.
    block_id = f"{_FIELD}{zlib.crc32(' '.join(stop.key for stop in shown).encode()):08x}"
    label = label_in_zone(t, t.gettext("Proposed itinerary"), stops, zone)
    return [blocks.field_input(block_id, label, chosen, optional=True, hint=hint)]


def label_in_zone(t: Translator, label: str, stops: Sequence[ProposedStop], zone: ZoneInfo) -> str:
    """The label of a list of stops, which names the venue's zone once for all where the reader's differs."""
    return t.zoned(label, zone, *(stop.starts_at for stop in stops))


def block_of(view: Mapping[str, Any]) -> Block | None:
    """The menu in a form that Slack sent back, if there is one."""
    return next((block for block in view["blocks"] if block["block_id"].startswith(_FIELD)), None)


def offered_in(block: Block) -> tuple[str, ...]:
    """Keys of what stood in the menu."""
    return tuple(option["value"] for option in block["element"]["options"])


def name(t: Translator, stop: ProposedStop, zone: ZoneInfo) -> str:
    """What would take place when."""
    item = words.stop_name(t, stop.as_stop())
    return t.pgettext(
        "stop.proposed", "{moment}: {item}", moment=t.moment(stop.starts_at, zone, named=False), item=item
    )
