"""The form of a visit (A1, A3, A4): built from what was typed so far, read back from what Slack sends."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from bot.i18n import Translator
from bot.messages import blocks, clients, entered, offer, words
from bot.messages.blocks import Block, Option
from bot.messages.payloads import Action, DraftRef, ViewId, VisitRef
from bot.models.forms import VisitForm
from bot.models.settings import Rank
from bot.models.visits import Foreign, Means, Purpose
from bot.procedure.acquaintance import Acquaintance
from bot.procedure.proposal import ProposedStop

_YES, _NO = "yes", "no"
_SERVICES = ("pickup", "hotel", "tickets")
DATES = ("arrival_date", "arrival_time", "departure_date", "departure_time")
"""When the guests are here."""
SHAPING = (*DATES, "purpose", "arrival_means", "departure_means", "services")
"""Fields on which the proposed itinerary depends."""
CHOICES = ("is_new_client", "purpose", "guest_language", "arrival_means", "departure_means", "services", "lead_host")
"""Further fields that, once chosen, have everything typed so far kept in the draft."""

LOOKED_UP = ("company",)
"""Fields after which the form shows what is known of it."""
_LONGEST_LINE = 120


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
        _guests(t, form, ranks)
        + _journey(t, form, zone)
        + offer.field(t, form, stops, zone)
        + _people(t, form)
        + _notes(t, form)
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
    content = _guests(t, form, ranks) + _journey(t, form, zone) + _people(t, form) + _notes(t, form)
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
        is_new_client=entered.choice(values, "is_new_client") == _YES,
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


def _guests(t: Translator, form: VisitForm, ranks: Sequence[Rank]) -> list[Block]:
    yes_no = [
        Option(t.pgettext("client.option", "New client"), _YES),
        Option(t.pgettext("client.option", "Returning client"), _NO),
    ]
    purposes = [Option(words.purpose(t, value), value) for value in Purpose]
    languages = [Option(name, code) for code, name in words.language_names(t)]
    return [
        blocks.header(t.pgettext("form.header", "Guests")),
        blocks.field_input("company", t.gettext("Client"), blocks.text_input(form.company)),
        blocks.field_input(
            "is_new_client",
            t.gettext("New or returning client?"),
            blocks.select(yes_no, _YES if form.is_new_client else _NO, radio=True),
        ),
        blocks.field_input("purpose", t.gettext("Purpose"), blocks.select(purposes, form.purpose)),
        blocks.field_input("guest_name", t.gettext("Lead guest"), blocks.text_input(form.guest_name)),
        blocks.field_input("guest_title", t.gettext("Title"), blocks.text_input(form.guest_title), optional=True),
        *_rank(t, form, ranks),
        blocks.field_input(
            "party_size", t.gettext("Total number of guests"), blocks.text_input(form.party_size, longest=4)
        ),
        blocks.field_input(
            "guest_language", t.gettext("Language of the guests"), blocks.select(languages, form.guest_language)
        ),
        blocks.field_input(
            "foreign",
            t.gettext("Guests from abroad, invitation letter"),
            blocks.select(
                [Option(words.foreign(t, value), value) for value in Foreign],
                form.foreign,
                placeholder=t.pgettext("foreign.placeholder", "Please ask the guests"),
            ),
            optional=True,
        ),
        blocks.field_input(
            "contact_name",
            t.gettext("Contact among the guests"),
            blocks.text_input(form.contact_name),
            optional=True,
        ),
        blocks.field_input(
            "contact_phone",
            t.gettext("Phone of the contact"),
            blocks.text_input(form.contact_phone, longest=40, placeholder="+86 138 0013 8000"),
            optional=True,
        ),
    ]


def _rank(t: Translator, form: VisitForm, ranks: Sequence[Rank]) -> list[Block]:
    """The lead guest's rank, where the house has a scale."""
    titles = dict(words.rank_options(t, ranks))
    if form.guest_rank is not None:  # one that the scale had once stays
        titles.setdefault(str(form.guest_rank), words.rank(t, ranks, form.guest_rank))
    options = [Option(title, value) for value, title in titles.items()]
    if not options:
        return []
    placeholder = t.pgettext("rank.placeholder", "Choose a rank")
    return [
        blocks.field_input(
            "guest_rank",
            t.gettext("Rank"),
            blocks.select(options, str(form.guest_rank or ""), placeholder=placeholder),
            optional=True,
            hint=t.gettext("The rank in our own scale that comes closest. Guests never see it."),
        )
    ]


def _journey(t: Translator, form: VisitForm, zone: ZoneInfo) -> list[Block]:
    services = [
        Option(t.pgettext("service.option", "Pickup on arrival"), "pickup"),
        Option(t.pgettext("service.option", "Hotel"), "hotel"),
        Option(t.pgettext("service.option", "Tickets"), "tickets"),
    ]
    ticked = [
        name
        for name, on in zip(_SERVICES, (form.wants_pickup, form.wants_hotel, form.wants_tickets), strict=True)
        if on
    ]
    arranged = blocks.field_input(
        "services", t.gettext("We arrange"), blocks.checkboxes(services, ticked), optional=True
    )
    header = blocks.header(t.pgettext("form.header", "Journey"))
    return [header, *_arrival(t, form, zone), *_departure(t, form, zone), arranged]


def _arrival(t: Translator, form: VisitForm, zone: ZoneInfo) -> list[Block]:
    return [
        blocks.field_input("arrival_date", t.gettext("Day of arrival"), blocks.date_input(form.arrival_date)),
        blocks.field_input(
            "arrival_time",
            t.gettext("Arrival time, by the clock at the venue"),
            blocks.time_input(form.arrival_time, zone.key),
        ),
        blocks.field_input("arrival_means", t.gettext("Arrival by"), _means(t, form.arrival_means)),
        blocks.field_input(
            "arrival_number",
            t.gettext("Flight or train number of the arrival"),
            blocks.text_input(form.arrival_number, longest=_LONGEST_LINE, placeholder="MU5102"),
            optional=True,
            hint=t.gettext("Leave it empty if it is not known yet. A whole line works too: MU5102 5 Mar 14:30 T2"),
        ),
        blocks.field_input(
            "arrival_place",
            t.gettext("Terminal, station, meeting point"),
            blocks.text_input(form.arrival_place, longest=200),
            optional=True,
        ),
        blocks.field_input(
            "travel_minutes",
            t.gettext("Travel time by car, in minutes"),
            blocks.text_input(form.travel_minutes, longest=4),
            optional=True,
            hint=t.gettext(
                "If you know it, the driver and whoever meets the guests are reminded one hour before they set off."
            ),
        ),
    ]


def _departure(t: Translator, form: VisitForm, zone: ZoneInfo) -> list[Block]:
    return [
        blocks.field_input("departure_date", t.gettext("Day of departure"), blocks.date_input(form.departure_date)),
        blocks.field_input(
            "departure_time",
            t.gettext("Departure time, by the clock at the venue"),
            blocks.time_input(form.departure_time, zone.key),
        ),
        blocks.field_input("departure_means", t.gettext("Departure by"), _means(t, form.departure_means)),
        blocks.field_input(
            "departure_number",
            t.gettext("Flight or train number of the departure"),
            blocks.text_input(form.departure_number, longest=_LONGEST_LINE),
            optional=True,
        ),
    ]


def _people(t: Translator, form: VisitForm) -> list[Block]:
    nobody = t.pgettext("people.placeholder", "Choose people")
    one = t.pgettext("people.placeholder", "Choose a person")
    return [
        blocks.header(t.pgettext("form.header", "Our people")),
        blocks.field_input("lead_host", t.gettext("Lead host"), blocks.user_select(form.lead_host, one)),
        blocks.field_input(
            "greeters",
            t.gettext("Meets the guests"),
            blocks.users_select(form.greeters, nobody),
            optional=True,
            hint=t.gettext("Who goes to the airport or station. Nobody chosen: the lead host."),
        ),
        blocks.field_input(
            "leaders", t.gettext("Accompanying leaders"), blocks.users_select(form.leaders, nobody), optional=True
        ),
        blocks.field_input("team", t.gettext("Host team"), blocks.users_select(form.team, nobody), optional=True),
        blocks.field_input(
            "driver",
            t.gettext("Driver, if you know who"),
            blocks.user_select(form.driver, one),
            optional=True,
            hint=t.gettext("Administration assigns the car and asks the driver."),
        ),
    ]


def _notes(t: Translator, form: VisitForm) -> list[Block]:
    confidential = Option(t.pgettext("visit.option", "Confidential"), _YES)
    return [
        blocks.field_input(
            "food_notes",
            t.gettext("Dietary needs"),
            blocks.text_input(form.food_notes, longest=1000, multiline=True),
            optional=True,
        ),
        blocks.field_input(
            "customs_notes",
            t.gettext("Customs, preferences, things to mind"),
            blocks.text_input(form.customs_notes, longest=1000, multiline=True),
            optional=True,
        ),
        blocks.field_input(
            "confidential",
            t.gettext("Who may see it"),
            blocks.checkboxes([confidential], [_YES] if form.is_confidential else []),
            optional=True,
            hint=t.gettext("Only those who are named in the visit or asked for something see it."),
        ),
    ]


def _means(t: Translator, chosen: str) -> Block:
    return blocks.select([Option(words.means(t, value), value) for value in Means], chosen)
