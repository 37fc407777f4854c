"""The fields of the form of a visit (A1, A3, A4), part by part: guests, journey, our people, notes."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.i18n import Translator
from bot.messages import blocks, words
from bot.messages.blocks import Block, Option
from bot.models.forms import VisitForm
from bot.models.settings import Rank
from bot.models.visits import Foreign, Means, Purpose

YES, _NO = "yes", "no"
_SERVICES = ("pickup", "hotel", "tickets")
_LONGEST_LINE = 120


def guests(t: Translator, form: VisitForm, ranks: Sequence[Rank]) -> list[Block]:
    yes_no = [
        Option(t.pgettext("client.option", "New client"), YES),
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
            blocks.select(yes_no, YES if form.is_new_client else _NO, radio=True),
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


def journey(t: Translator, form: VisitForm, zone: ZoneInfo) -> list[Block]:
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


def people(t: Translator, form: VisitForm) -> list[Block]:
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


def notes(t: Translator, form: VisitForm) -> list[Block]:
    confidential = Option(t.pgettext("visit.option", "Confidential"), YES)
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
            blocks.checkboxes([confidential], [YES] if form.is_confidential else []),
            optional=True,
            hint=t.gettext("Only those who are named in the visit or asked for something see it."),
        ),
    ]


def _means(t: Translator, chosen: str) -> Block:
    return blocks.select([Option(words.means(t, value), value) for value in Means], chosen)
