"""The facts of a visit, a stop or a guest by name, as the record keeps them: what each is called, and its value."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.i18n import Translator
from bot.messages import clients, guests, levels, words
from bot.messages.reading import Reading
from bot.models.roles import Part
from bot.models.visits import Foreign, MealStyle, Payer
from bot.procedure.history import MOMENTS, PEOPLE

LABELS: Mapping[str, Callable[[Translator], str]] = {
    "company": lambda t: t.gettext("Client"),
    "purpose": lambda t: t.gettext("Purpose"),
    "is_new_client": lambda t: t.pgettext("client.option", "New client"),
    "guest_name": lambda t: t.gettext("Lead guest"),
    "guest_title": lambda t: t.gettext("Title"),
    "party_size": lambda t: t.gettext("Total number of guests"),
    "guest_language": lambda t: t.gettext("Language of the guests"),
    "contact_name": lambda t: t.gettext("Contact among the guests"),
    "contact_phone": lambda t: t.gettext("Phone of the contact"),
    "arrives_at": lambda t: t.gettext("Arrival"),
    "arrival_means": lambda t: t.gettext("Arrival by"),
    "arrival_number": lambda t: t.gettext("Flight or train number of the arrival"),
    "departs_at": lambda t: t.gettext("Departure"),
    "departure_means": lambda t: t.gettext("Departure by"),
    "departure_number": lambda t: t.gettext("Flight or train number of the departure"),
    "wants_hotel": lambda t: t.pgettext("service.option", "Hotel"),
    "wants_tickets": lambda t: t.pgettext("service.option", "Tickets"),
    "hotel_payer": lambda t: t.gettext("Who pays the hotel?"),
    "luggage": lambda t: t.gettext("Pieces of luggage"),
    "has_agent": lambda t: t.pgettext("party.option", "A local agent comes along"),
    "brings_interpreter": lambda t: t.pgettext("party.option", "They bring an interpreter"),
    "other_stops": lambda t: t.gettext("Where they are before and after us"),
    "is_confidential": lambda t: t.pgettext("fact", "Confidential"),
    "food_notes": lambda t: t.gettext("Dietary needs"),
    "customs_notes": lambda t: t.gettext("Customs, preferences, things to mind"),
    "background": lambda t: t.gettext("Background check"),
    "background_notes": lambda t: t.gettext("What was found"),
    "foreign": lambda t: t.gettext("Guests from abroad, invitation letter"),
    "level": lambda t: t.gettext("Protocol level"),
    "lead_host": lambda t: t.gettext("Lead host"),
    "starts_at": lambda t: t.pgettext("fact", "Start"),
    "ends_at": lambda t: t.pgettext("fact", "End"),
    "place": lambda t: t.gettext("Place"),
    "room": lambda t: t.gettext("Room"),
    "number": lambda t: t.gettext("Flight or train number"),
    "means": lambda t: t.gettext("By"),
    "travel_minutes": lambda t: t.gettext("Travel time by car, in minutes"),
    "meal": lambda t: t.gettext("Meal"),
    "style": lambda t: t.gettext("How it is held"),
    "subject": lambda t: t.gettext("Subject"),
    "route": lambda t: t.gettext("Route"),
    "plate": lambda t: t.gettext("License plate"),
    "is_important": lambda t: t.pgettext("stop.option", "Important"),
    "is_international": lambda t: t.pgettext("stop.option", "International flight"),
    "is_long": lambda t: t.pgettext("stop.option", "Takes more than half a day"),
    "needs_car": lambda t: t.pgettext("stop.option", "We drive the guests there"),
    "name": lambda t: t.gettext("Name"),
    "title": lambda t: t.gettext("Title"),
    "gender": lambda t: t.gettext("Gender"),
    "allergies": lambda t: t.gettext("Allergies"),
    "diet": lambda t: t.gettext("Diet and preferences at table"),
    "customs": lambda t: t.gettext("Ethnicity, customs"),
    "is_vip": lambda t: t.pgettext("guest.option", "VIP"),
    "by_own_car": lambda t: t.pgettext("guest.option", "Comes by own car"),
}


def _payer(t: Translator, found: str) -> str:
    return {
        Payer.GUEST: t.pgettext("hotel.payer", "The guests"),
        Payer.HOUSE: t.pgettext("hotel.payer", "Our house"),
    }[Payer(found)]


_WORDS: Mapping[str, Callable[[Translator, Any], str]] = {
    "purpose": words.purpose,
    "guest_language": lambda t, code: dict(words.language_names(t)).get(code, code),
    "arrival_means": words.means,
    "departure_means": words.means,
    "means": words.means,
    "hotel_payer": _payer,
    "background": clients.background,
    "foreign": lambda t, found: words.foreign(t, Foreign(found)),
    "level": levels.name,
    "meal": words.meal,
    "style": lambda t, found: words.style(t, MealStyle(found)),
    "gender": guests.gender,
}


def label(t: Translator, name: str) -> str:
    """What a fact is called."""
    return words.part(t, Part(name)) if name in list(Part) else LABELS[name](t)


def value(reading: Reading, name: str, found: Any) -> str:
    """A fact in the reader's words; a dash for nothing."""
    t = reading.t
    if found is None or found == "" or found == []:
        return "–"
    if name in PEOPLE:
        return t.list([reading.name(person) for person in found])
    if name in MOMENTS:
        return reading.moment(datetime.fromisoformat(found))
    if isinstance(found, bool):
        return t.pgettext("answer", "yes") if found else t.pgettext("answer", "no")
    if name in _WORDS:
        return _WORDS[name](t, found)
    return t.number(found) if isinstance(found, int) else str(found)
