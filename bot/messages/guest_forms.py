"""The forms of the party (A3): one guest, a pasted list, what concerns all of them."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from bot.i18n import Translator
from bot.messages import blocks, entered, words
from bot.messages.blocks import Block, Option
from bot.messages.guests import gender, guest_text
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import GuestRef, ListRef, VisitRef
from bot.messages.reading import Reading
from bot.models.forms import GuestForm, PartyForm
from bot.models.guests import Gender, Guest
from bot.models.settings import Rank
from bot.models.visits import Payer
from bot.procedure.party import guest_form_of
from bot.procedure.passengers import PassengerList

_PREVIEWED = 40
LONGEST_TEXT = 3000


def new_guest(t: Translator, visit_id: int, ranks: Sequence[Rank]) -> Block:
    """The form for one guest more."""
    return blocks.modal(
        ViewId.NEW_GUEST,
        t.pgettext("modal.title", "Add a guest"),
        _guest_fields(t, GuestForm(), ranks),
        submit=t.pgettext("modal.submit", "Add"),
        close=t.pgettext("modal.close", "Back"),
        metadata=VisitRef(visit_id).pack(),
    )


def change_guest(t: Translator, guest: Guest, ranks: Sequence[Rank], *, is_lead: bool, is_only: bool) -> Block:
    """The form of a guest; whoever is the only one cannot be taken off the list."""
    content = _guest_fields(t, guest_form_of(guest, is_lead=is_lead), ranks)
    if not is_only:
        sure = blocks.confirm(
            t.pgettext("confirm.title", "Take this guest off?"),
            t.pgettext(
                "confirm",
                "What is kept of this guest is deleted, passport data too. "
                "Only the name stays in the record of the visit.",
            ),
            t.pgettext("confirm.button", "Take off"),
            t.pgettext("confirm.button", "Keep"),
        )
        label, value = t.pgettext("guest.button", "Take off the list"), GuestRef(guest.key).pack()
        content.append(blocks.actions(blocks.button(label, Action.REMOVE_GUEST, value, style="danger", confirm=sure)))
    return blocks.modal(
        ViewId.GUEST,
        t.pgettext("modal.title", "Change the guest"),
        content,
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Back"),
        metadata=GuestRef(guest.key).pack(),
    )


def read_guest(view: Mapping[str, Any]) -> GuestForm:
    """What stands in the form of a guest."""
    values = view["state"]["values"]
    marks = entered.choices(values, "marks")
    return GuestForm(
        name=entered.text(values, "name"),
        title=entered.text(values, "title"),
        rank=int(entered.choice(values, "rank") or 0) or None,
        gender=entered.choice(values, "gender") or Gender.UNKNOWN,
        allergies=entered.text(values, "allergies"),
        diet=entered.text(values, "diet"),
        customs=entered.text(values, "customs"),
        is_lead="lead" in marks,
        is_vip="vip" in marks,
        by_own_car="own_car" in marks,
    )


def paste(t: Translator, visit_id: int) -> Block:
    """Where a list of guests is pasted."""
    return _list(t, visit_id, "", [], t.pgettext("modal.submit", "Preview"), "")


def preview(t: Translator, visit_id: int, text: str, read: PassengerList, ranks: Sequence[Rank]) -> Block:
    """What was understood of the list, before it counts; the list can still be put right."""
    found = read.passengers
    content = [
        blocks.section(
            t.rich.ngettext(
                "{count} guest was found. Please check:",
                "{count} guests were found. Please check:",
                len(found),
                count=len(found),
            )
        )
    ]
    content += [blocks.section(guest_text(t, passenger, ranks)) for passenger in found[:_PREVIEWED]]
    hidden = len(found) - _PREVIEWED
    if hidden > 0:
        content.append(
            blocks.context(t.rich.ngettext("and {count} more guest", "and {count} more guests", hidden, count=hidden))
        )
    if read.has_numbers:
        content.append(
            blocks.section(
                t.rich.gettext(
                    ":lock: What looks like a passport number was left out: please enter it under Papers, where few "
                    "can see it."
                )
            )
        )
    submit = t.npgettext("modal.submit", "Add {count} guest", "Add {count} guests", len(found), count=len(found))
    return _list(t, visit_id, text, content, submit, fingerprint(text))


def read_paste(view: Mapping[str, Any]) -> str:
    """What was pasted."""
    return entered.text(view["state"]["values"], "list")


def fingerprint(text: str) -> str:
    """By which a list is known to be the one that was previewed."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def party(reading: Reading) -> Block:
    """The form for what concerns the party as a whole."""
    t, visit = reading.t, reading.picture.visit
    payers = [
        Option(t.pgettext("hotel.payer", "The guests"), Payer.GUEST),
        Option(t.pgettext("hotel.payer", "Our house"), Payer.HOUSE),
    ]
    marks = [
        Option(t.pgettext("party.option", "VIPs: receive them at the highest level"), "vip"),
        Option(t.pgettext("party.option", "A local agent comes along"), "agent"),
        Option(t.pgettext("party.option", "They bring an interpreter"), "interpreter"),
    ]
    on = zip(("vip", "agent", "interpreter"), (visit.is_vip, visit.has_agent, visit.brings_interpreter), strict=True)
    luggage = "" if visit.luggage is None else str(visit.luggage)
    stops = blocks.text_input(visit.other_stops, longest=500, multiline=True)
    content = [
        blocks.field_input(
            "party_size", t.gettext("Total number of guests"), blocks.text_input(str(visit.party_size), longest=4)
        ),
        blocks.field_input(
            "luggage", t.gettext("Pieces of luggage"), blocks.text_input(luggage, longest=4), optional=True
        ),
        blocks.field_input("hotel_payer", t.gettext("Who pays the hotel?"), blocks.select(payers, visit.hotel_payer)),
        blocks.field_input(
            "marks",
            t.gettext("About the party"),
            blocks.checkboxes(marks, [name for name, is_on in on if is_on]),
            optional=True,
        ),
        blocks.field_input(
            "other_stops",
            t.gettext("Where they are before and after us"),
            stops,
            optional=True,
            hint=t.gettext("Fairs, other suppliers. Where they want to visit another firm, arrange the contact."),
        ),
    ]
    return blocks.modal(
        ViewId.PARTY_FACTS,
        t.pgettext("modal.title", "About the party"),
        content,
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Back"),
        metadata=VisitRef(visit.key).pack(),
    )


def read_party(view: Mapping[str, Any]) -> PartyForm:
    """What stands in the form of the party."""
    values = view["state"]["values"]
    marks = entered.choices(values, "marks")
    return PartyForm(
        party_size=entered.text(values, "party_size"),
        luggage=entered.text(values, "luggage"),
        is_vip="vip" in marks,
        has_agent="agent" in marks,
        brings_interpreter="interpreter" in marks,
        hotel_payer=entered.choice(values, "hotel_payer") or Payer.GUEST,
        other_stops=entered.text(values, "other_stops"),
    )


def _guest_fields(t: Translator, form: GuestForm, ranks: Sequence[Rank]) -> list[Block]:
    marks = [
        Option(t.pgettext("guest.option", "Lead guest"), "lead"),
        Option(t.pgettext("guest.option", "VIP"), "vip"),
        Option(t.pgettext("guest.option", "Comes by own car"), "own_car"),
    ]
    on = zip(("lead", "vip", "own_car"), (form.is_lead, form.is_vip, form.by_own_car), strict=True)
    genders = [Option(gender(t, value), value) for value in Gender]
    return [
        blocks.field_input("name", t.gettext("Name"), blocks.text_input(form.name)),
        blocks.field_input("title", t.gettext("Title"), blocks.text_input(form.title), optional=True),
        *_rank(t, form.rank, ranks),
        blocks.field_input(
            "allergies", t.gettext("Allergies"), blocks.text_input(form.allergies, longest=300), optional=True
        ),
        blocks.field_input(
            "diet",
            t.gettext("Diet and preferences at table"),
            blocks.text_input(form.diet, longest=300),
            optional=True,
        ),
        blocks.field_input(
            "customs",
            t.gettext("Ethnicity, customs"),
            blocks.text_input(form.customs, longest=300),
            optional=True,
            hint=t.gettext("Where they matter for food and lodging."),
        ),
        blocks.field_input("gender", t.gettext("Gender"), blocks.select(genders, form.gender)),
        blocks.field_input(
            "marks",
            t.gettext("About this guest"),
            blocks.checkboxes(marks, [name for name, is_on in on if is_on]),
            optional=True,
        ),
    ]


def _rank(t: Translator, chosen: int | None, ranks: Sequence[Rank]) -> list[Block]:
    """The rank on the house's scale, where it has one."""
    options = [Option(words.house_title(t, ranks, rank.value), str(rank.value)) for rank in ranks]
    if not options:
        return []
    placeholder = t.pgettext("rank.placeholder", "Choose a rank")
    menu = blocks.select(options, str(chosen or ""), placeholder=placeholder)
    hint = t.gettext("The rank in our own scale that comes closest. Guests never see it.")
    return [blocks.field_input("rank", t.gettext("Rank"), menu, optional=True, hint=hint)]


def _list(t: Translator, visit_id: int, text: str, content: list[Block], submit: str, known_as: str) -> Block:
    field = blocks.field_input(
        "list",
        t.gettext("Guests, a line each"),
        blocks.text_input(text, longest=LONGEST_TEXT, multiline=True),
        hint=t.gettext("Name first, then title and the rest, with commas, semicolons or tabs between, as in a table."),
    )
    return blocks.modal(
        ViewId.GUEST_LIST,
        t.pgettext("modal.title", "Paste a list"),
        [*content, field],
        submit=submit,
        close=t.pgettext("modal.close", "Back"),
        metadata=ListRef(visit_id, known_as).pack(),
    )
