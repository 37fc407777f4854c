"""The form of a visit (A1, A3, A4): built from what was typed so far, read back from what Slack sends."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from bot.i18n import Translator
from bot.messages import blocks, clients, entered, offer, visit_fields
from bot.messages.blocks import Block
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import DraftRef, VisitRef
from bot.models.forms import VisitForm
from bot.models.settings import Rank
from bot.models.visits import Means, Purpose
from bot.procedure.acquaintance import Acquaintance
from bot.procedure.proposal import ProposedStop

DATES = ("arrival_date", "arrival_time", "departure_date", "departure_time")
"""When the guests are here."""
SHAPING = (*DATES, "purpose", "arrival_means", "departure_means", "services")
"""Fields on which the proposed itinerary depends."""
CHOICES = ("is_new_client", "purpose", "guest_language", "arrival_means", "departure_means", "services", "lead_host")
"""Further fields that, once chosen, have everything typed so far kept in the draft."""

LOOKED_UP = ("company",)
"""Fields after which the form shows what is known of it."""


def new_visit(
    t: Translator,
    form: VisitForm,
    stops: list[ProposedStop],
    zone: ZoneInfo,
    draft_id: str,
    *,
    ranks: Sequence[Rank],
    unfinished: bool,
    notes: Sequence[Block] = (),
    ids: Mapping[str, str] = MappingProxyType({}),
) -> Block:
    """The form for a new visit; `unfinished`: what is in it was typed earlier. `notes`: what is said before it.
    `ids`: the block ids of the fields as they stand, or new ones for fields that were filled in for the host."""
    content: list[Block] = [*notes]
    if unfinished:
        afresh = blocks.button(t.pgettext("draft.button", "Start over"), Action.START_AFRESH, DraftRef(draft_id).pack())
        text = t.rich.gettext("Here is what you typed last time.")
        content.append(blocks.section(text, afresh))
    content += (
        visit_fields.guests(t, form, ranks)
        + visit_fields.journey(t, form, zone)
        + offer.field(t, form, stops, zone)
        + visit_fields.people(t, form)
        + visit_fields.notes(t, form)
    )
    content = [_of_draft(block, draft_id, ids) for block in content]
    view = blocks.modal(
        ViewId.NEW_VISIT,
        t.pgettext("modal.title", "New visit"),
        content,
        submit=t.pgettext("modal.submit", "Review"),
        close=t.pgettext("modal.close", "Cancel"),
        metadata=DraftRef(draft_id).pack(),
    )
    return view | {"notify_on_close": True}


def change_visit(
    t: Translator,
    form: VisitForm,
    zone: ZoneInfo,
    visit_id: int,
    *,
    ranks: Sequence[Rank],
    notes: Sequence[Block] = (),
    ids: Mapping[str, str] = MappingProxyType({}),
) -> Block:
    """The form of an open visit; its meals are changed one by one."""
    content = (
        visit_fields.guests(t, form, ranks)
        + visit_fields.journey(t, form, zone)
        + visit_fields.people(t, form)
        + visit_fields.notes(t, form)
    )
    return blocks.modal(
        ViewId.CHANGE_VISIT,
        t.pgettext("modal.title", "Change the visit"),
        [*notes, *(_with_id(block, ids) for block in content)],
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Back"),
        metadata=VisitRef(visit_id).pack(),
    )


def read(view: Mapping[str, Any]) -> VisitForm:
    """What stands in a form that Slack sent back."""
    values: entered.Values = {field_of(block_id): value for block_id, value in view["state"]["values"].items()}
    block = offer.block_of(view)
    return VisitForm(
        company=entered.text(values, "company"),
        is_new_client=entered.choice(values, "is_new_client") == visit_fields.YES,
        purpose=entered.choice(values, "purpose") or Purpose.NEGOTIATION,
        guest_name=entered.text(values, "guest_name"),
        guest_title=entered.text(values, "guest_title"),
        guest_rank=int(entered.choice(values, "guest_rank") or 0) or None,
        party_size=entered.text(values, "party_size"),
        guest_language=entered.choice(values, "guest_language") or "en",
        contact_name=entered.text(values, "contact_name"),
        contact_phone=entered.text(values, "contact_phone"),
        foreign=entered.choice(values, "foreign"),
        arrival_date=entered.day(values, "arrival_date"),
        arrival_time=entered.moment(values, "arrival_time"),
        arrival_means=entered.choice(values, "arrival_means") or Means.PLANE,
        arrival_number=entered.text(values, "arrival_number"),
        arrival_place=entered.text(values, "arrival_place"),
        travel_minutes=entered.text(values, "travel_minutes"),
        departure_date=entered.day(values, "departure_date"),
        departure_time=entered.moment(values, "departure_time"),
        departure_means=entered.choice(values, "departure_means") or Means.PLANE,
        departure_number=entered.text(values, "departure_number"),
        wants_pickup="pickup" in entered.choices(values, "services"),
        wants_hotel="hotel" in entered.choices(values, "services"),
        wants_tickets="tickets" in entered.choices(values, "services"),
        stops=entered.choices(values, field_of(block["block_id"])) if block else (),
        offered_stops=offer.offered_in(block) if block else (),
        lead_host=entered.person(values, "lead_host"),
        greeters=entered.people(values, "greeters"),
        leaders=entered.people(values, "leaders"),
        team=entered.people(values, "team"),
        driver=entered.person(values, "driver"),
        food_notes=entered.text(values, "food_notes"),
        customs_notes=entered.text(values, "customs_notes"),
        is_confidential=bool(entered.choices(values, "confidential")),
    )


def field_of(block_id: str) -> str:
    """The field that a block of the form holds."""
    return block_id.partition("@")[0]


def ids_of(view: Mapping[str, Any], filled: Collection[str] = ()) -> dict[str, str]:
    """The block ids of a form as it stands. Fields that were filled in get others: under the same ones Slack would keep
    what was typed there."""
    present = {field_of(block["block_id"]): block["block_id"] for block in view["blocks"] if "block_id" in block}
    fresh = str(view["hash"]).replace(".", "")[-8:]
    return {name: f"{name}@{fresh}" if name in filled else block_id for name, block_id in present.items()}


def was_filled_in(view: Mapping[str, Any]) -> bool:
    """Whether it was shown anew with a pasted line taken apart: what stood in it at first is known no more then."""
    return any("@" in block.get("block_id", "") for block in view["blocks"])


def read_from_line(t: Translator) -> Block:
    """Said when a pasted line was taken apart."""
    return blocks.section(t.rich.gettext(":sparkles: The pasted line was read. Please check number, day and time."))


def copied(t: Translator, reference: str) -> Block:
    """Said at the top of a copied visit."""
    return blocks.section(
        t.rich.gettext(
            ":page_facing_up: A copy of {reference}: please choose the new days and check everything. Guests and stops "
            "come along; nothing is sent before you open it.",
            reference=reference,
        )
    )


def recognized(t: Translator, known: Acquaintance | None) -> list[Block]:
    """What is known of the client whose name was typed."""
    return [blocks.section(clients.recognized(t, known))] if known else []


def _with_id(block: Block, ids: Mapping[str, str]) -> Block:
    return block | {"block_id": ids.get(block["block_id"], block["block_id"])} if "block_id" in block else block


def _of_draft(block: Block, draft_id: str, ids: Mapping[str, str]) -> Block:
    """A field of this draft: under another draft's block ids Slack keeps nothing of what was typed."""
    field = block.get("block_id")
    if field is None:
        return block
    block_id = ids.get(field, f"{field}@{draft_id[:8]}")
    return block | {"block_id": block_id, "dispatch_action": field in DATES + CHOICES + LOOKED_UP}
