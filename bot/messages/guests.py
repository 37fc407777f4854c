"""The guests of a party (A3): their list, each in a few lines, what matters at table, whom they can call."""

from collections.abc import Iterable

from bot.i18n import Mrkdwn, Translator, bold, escape, join
from bot.messages import blocks, words
from bot.messages.blocks import Block
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import GuestRef, PartyPage, VisitRef
from bot.messages.reading import Reading
from bot.models.guests import Gender, Guest
from bot.models.people import Actor
from bot.models.settings import Rank
from bot.procedure.party import needs
from bot.procedure.passengers import Passenger

SHOWN = 30
"""Guests on one page of the list."""


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
