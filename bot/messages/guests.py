"""The windows of the party (A3): the list, one guest, a pasted list, what concerns all of them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.i18n import Mrkdwn, Translator, bold, escape, join
from bot.messages import blocks, entered, words
from bot.messages.blocks import Block, Option
from bot.messages.payloads import Action, GuestRef, ListRef, PartyPage, ViewId, VisitRef
from bot.messages.reading import Reading
from bot.models.forms import GuestForm, PartyForm
from bot.models.guests import Gender, Guest
from bot.models.people import Actor
from bot.models.settings import Rank
from bot.models.visits import Payer
from bot.procedure.party import guest_form_of, needs
from bot.procedure.passengers import Passenger, PassengerList

SHOWN = 30
"""Guests on one page of the list."""
_PREVIEWED = 40
LONGEST_TEXT = 3000


def row(reading: Reading, actor: Actor) -> Block:
    """The doors to what is known of guests and client, in the visit's window."""
    t, visit = reading.t, reading.picture.visit
    value = VisitRef(visit.key).pack()
    buttons = [blocks.button(t.pgettext("visit.button", "Guests"), Action.SHOW_PARTY, PartyPage(visit.key, 0).pack())]
    may_change = visit.can_be_changed_by(actor)
    if may_change:
        buttons.append(blocks.button(t.pgettext("visit.button", "Client"), Action.SHOW_CLIENT, value))
    if may_change or visit.can_see_passports(actor):
        buttons.append(blocks.button(t.pgettext("visit.button", "Papers"), Action.SHOW_PAPERS, value))
    if may_change and visit.is_open:
        label = t.pgettext("visit.button", "Itinerary for the guests")
        buttons.append(blocks.button(label, Action.SHOW_ITINERARY, value))
    buttons.append(blocks.button(t.pgettext("visit.button", "Copy"), Action.COPY_VISIT, value))
    buttons.append(blocks.button(t.pgettext("visit.button", "Introduction list"), Action.SHOW_INTRODUCTIONS, value))
    if visit.shows_record_to(actor):
        buttons.append(blocks.button(t.pgettext("visit.button", "History"), Action.SHOW_HISTORY, value))
    return blocks.actions(*buttons)


def window(reading: Reading, actor: Actor, first: int = 0) -> Block:
    """The list of guests from the `first` on, and the text that tells them whom to call (A7)."""
    t, picture, visit = reading.t, reading.picture, reading.picture.visit
    may_change = visit.is_open and visit.can_be_changed_by(actor)
    content: list[Block] = [blocks.section(_how_many(reading))]
    for guest in picture.guests[first : first + SHOWN]:
        change = blocks.button(t.pgettext("guest.button", "Change"), Action.CHANGE_GUEST, GuestRef(guest.key).pack())
        text = guest_text(t, guest, picture.ranks)
        content.append(blocks.section(text, change if may_change else None, f"guest{guest.id}"))
    content += _pages(reading, first)
    if may_change:
        value = VisitRef(visit.key).pack()
        content.append(
            blocks.actions(
                blocks.button(t.pgettext("guest.button", "Add a guest"), Action.ADD_GUEST, value),
                blocks.button(t.pgettext("guest.button", "Paste a list"), Action.PASTE_GUESTS, value),
                blocks.button(t.pgettext("guest.button", "Luggage, hotel, other stops"), Action.DESCRIBE_PARTY, value),
            )
        )
    content += [blocks.divider(), *our_contact(reading)]
    return blocks.modal(
        ViewId.PARTY,
        t.pgettext("modal.title", "Guests"),
        content,
        close=t.pgettext("modal.close", "Back"),
        metadata=VisitRef(visit.key).pack(),
    )


def our_contact(reading: Reading) -> list[Block]:
    """What the guests' side is told: our contact's name and phone, in their language (A7)."""
    visit, host = reading.picture.visit, reading.picture.lead_host
    t = reading.in_language(visit.guest_language)
    greeting = t.rich.pgettext("letter.salutation", "Dear {guest},", guest=visit.contact_name or visit.guest_name)
    contact = words.pair(t, host.name, host.phone)
    sentence = t.rich.pgettext("letter", "Your contact with us for this visit: {contact}.", contact=contact)
    intro = reading.t.rich.gettext("To forward to the guests:")
    return [blocks.section(intro), blocks.section(blocks.quote(greeting + Mrkdwn("\n") + sentence))]


def guest_text(t: Translator, guest: Guest | Passenger, ranks: Iterable[Rank]) -> Mrkdwn:
    """A guest in a few lines: who, then what must not be eaten, then what is not eaten, then customs."""
    titles = [guest.title, words.house_title(t, ranks, guest.rank)]
    marks = [gender(t, guest.gender) if guest.gender != Gender.UNKNOWN else ""]
    marks += [t.pgettext("guest", "VIP")] * guest.is_vip + [t.pgettext("guest", "own car")] * guest.by_own_car
    first = [bold(guest.name), words.one_line(*dict.fromkeys([*titles, *marks]))]
    lines = [join(" · ", [part for part in first if part])]
    if guest.allergies:
        lines.append(t.rich.pgettext("guest", ":warning: Allergy: {text}", text=guest.allergies))
    if guest.diet:
        lines.append(t.rich.pgettext("guest", "Diet: {text}", text=guest.diet))
    if guest.customs:
        lines.append(t.rich.pgettext("guest", "Customs: {text}", text=guest.customs))
    return join("\n", lines)


def food(reading: Reading) -> Mrkdwn:
    """Everything that matters at table: allergies first, then diets, then what was noted for all."""
    t, picture = reading.t.rich, reading.picture
    lines = []
    for need in needs(picture.guests):
        if need.is_allergy:
            lines.append(t.pgettext("food", ":warning: Allergy, {guest}: {text}", guest=need.guest, text=need.text))
        else:
            lines.append(t.pgettext("food", "{guest}: {text}", guest=need.guest, text=need.text))
    notes = picture.visit.food_notes
    return join("\n", [*lines, escape(notes)] if notes else lines)


def gender(t: Translator, value: str) -> str:
    """For forms of address and lodging."""
    return {
        Gender.MALE: t.pgettext("gender", "Male"),
        Gender.FEMALE: t.pgettext("gender", "Female"),
        Gender.UNKNOWN: t.pgettext("gender", "Not known"),
    }[Gender(value)]


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


def _how_many(reading: Reading) -> Mrkdwn:
    picture, t = reading.picture, reading.t.rich
    unnamed = picture.visit.party_size - len(picture.guests)
    total = t.ngettext("{count} guest", "{count} guests", picture.visit.party_size, count=picture.visit.party_size)
    if unnamed <= 0:
        return total
    missing = t.ngettext(
        "{count} of them is not known by name yet.",
        "{count} of them are not known by name yet.",
        unnamed,
        count=unnamed,
    )
    return join("\n", [total, missing])


def _pages(reading: Reading, first: int) -> list[Block]:
    """Doors to the guests before and after those that are shown."""
    t, visit, total = reading.t, reading.picture.visit, len(reading.picture.guests)
    buttons = []
    if first > 0:
        value = PartyPage(visit.key, max(first - SHOWN, 0)).pack()
        buttons.append(blocks.button(t.pgettext("guest.button", "Previous"), Action.SHOW_PARTY_BEFORE, value))
    if first + SHOWN < total:
        value = PartyPage(visit.key, first + SHOWN).pack()
        buttons.append(blocks.button(t.pgettext("guest.button", "Next"), Action.SHOW_PARTY_AFTER, value))
    return [blocks.actions(*buttons)] if buttons else []


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
