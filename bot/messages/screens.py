"""What the root command and the App Home show: menu, help, lists, home, settings."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.i18n import Mrkdwn, Translator, escape, join
from bot.messages import blocks, cards, requests, words
from bot.messages.blocks import Block, Message
from bot.messages.payloads import Action, Nothing, VehicleRef, ViewId, VisitRef
from bot.messages.reading import Reading
from bot.models.bookings import Booking, Vehicle
from bot.models.people import Person, Workspace
from bot.models.roles import Role
from bot.models.visits import Stop

SHOWN = 15
_CARS_SHOWN = 80
ARRANGED = (Role.ADMINISTRATION, Role.EXECUTIVE_OFFICE, Role.SENIOR_LEADER)
"""The roles that the settings ask for."""


def menu(t: Translator) -> Message:
    """What the bare command opens."""
    text = t.rich.gettext("*What would you like to do?*")
    nothing = Nothing().pack()
    buttons = blocks.actions(
        blocks.button(t.pgettext("menu.button", "New visit"), Action.NEW_VISIT, nothing, style="primary"),
        blocks.button(t.pgettext("menu.button", "Today"), Action.SHOW_TODAY, nothing),
        blocks.button(t.pgettext("menu.button", "List visits"), Action.LIST_VISITS, nothing),
        blocks.button(t.pgettext("menu.button", "Language and zone"), Action.CHOOSE_LANGUAGE, nothing),
        blocks.button(t.pgettext("menu.button", "Help"), Action.SHOW_HELP, nothing),
    )
    return Message(t.gettext("What would you like to do?"), (blocks.section(text), buttons))


def help_text(t: Translator, unknown: str = "") -> Message:
    """The sub-commands in the reader's language; every language's words work for everybody."""
    lines = [
        t.rich.gettext("`/visit create` opens the form for a new visit"),
        t.rich.gettext("`/visit today` shows who is here today"),
        t.rich.gettext("`/visit list` shows the coming visits"),
        t.rich.gettext("`/visit show V-0012` shows one visit; press Details to change it"),
        t.rich.gettext("`/visit cancel V-0012` cancels a visit and tells everybody concerned"),
        t.rich.gettext("`/visit delay V-0012 90` moves a late arrival by 90 minutes and tells those concerned"),
        t.rich.gettext("`/visit note V-0012 …` passes on what the guests wish"),
        t.rich.gettext("`/visit log V-0012` shows every message of a visit and what became of it"),
        t.rich.gettext("`/visit language` sets your language and time zone"),
        t.rich.gettext("`/visit settings` sets roles, cars and the reception channel (administrators)"),
    ]
    intro = t.rich.gettext("*Commands*, in English, Spanish or Chinese alike:")
    if unknown:
        word = blocks.shortened(unknown, 60)
        intro = t.rich.gettext('I don\'t know "{word}". These are the commands:', word=word)
    content = (blocks.section(intro), blocks.section(join("\n", lines)))
    return Message(t.gettext("How to use /visit"), content)


def visits(t: Translator, title: str, readings: Sequence[Reading], nothing: str) -> Message:
    """A list of visits, each with a button for its details."""
    content: list[Block] = [blocks.header(title), *_visits(t, readings)]
    if not readings:
        content.append(blocks.section(escape(nothing)))
    alone = t.ngettext(
        "{title}: {count} visit", "{title}: {count} visits", len(readings), title=title, count=len(readings)
    )
    return Message(alone, tuple(content))


@dataclass(frozen=True)
class Home:
    """What the App Home shows to one person."""

    today: Sequence[tuple[Reading, Sequence[Stop]]]
    waiting: Sequence[tuple[Reading, Booking]]
    mine: Sequence[Reading]
    language: str
    zone: str
    may_change_settings: bool


def home(t: Translator, shown: Home) -> Block:
    """Today, what waits for me, my visits, language and time zone."""
    nothing = Nothing().pack()
    content: list[Block] = [
        blocks.actions(
            blocks.button(t.pgettext("home.button", "New visit"), Action.NEW_VISIT, nothing, style="primary"),
            blocks.button(t.pgettext("home.button", "Language and zone"), Action.CHOOSE_LANGUAGE, nothing),
            *(
                [blocks.button(t.pgettext("home.button", "Settings"), Action.OPEN_SETTINGS, nothing)]
                if shown.may_change_settings
                else []
            ),
        ),
        blocks.header(t.pgettext("home.header", "Waiting for me")),
    ]
    content += [_waiting(reading, booking) for reading, booking in shown.waiting[:SHOWN]]
    if not shown.waiting:
        content.append(blocks.context(t.rich.gettext("Nothing is waiting for you.")))
    content.append(blocks.header(t.pgettext("home.header", "Today")))
    for reading, stops in shown.today[:SHOWN]:
        lines = [cards.line(reading), *(cards.stop_line(reading, stop) for stop in stops)]
        content.append(blocks.section(join("\n", lines), _details(reading)))
    if not shown.today:
        content.append(blocks.context(t.rich.gettext("Nothing scheduled for today.")))
    content.append(blocks.header(t.pgettext("home.header", "My visits")))
    content += _visits(t, shown.mine)
    if not shown.mine:
        content.append(blocks.context(t.rich.gettext("You have no upcoming visits.")))
    setting = t.rich.gettext("Language: {language} · Time zone: {zone}", language=shown.language, zone=shown.zone)
    content += [blocks.divider(), blocks.context(setting)]
    return {"type": "home", "blocks": content}


def settings(
    t: Translator,
    workspace: Workspace,
    holders: dict[Role, tuple[Person, ...]],
    cars: Sequence[Vehicle],
    lacking: Sequence[str] = (),
) -> Block:
    """Who fills which role, where the cards go, the cars; and which scopes the workspace has not granted."""
    channel: Block = {"type": "conversations_select", "filter": {"include": ["public", "private"]}}
    channel["placeholder"] = blocks.plain(t.pgettext("channel.placeholder", "Choose a channel"))
    if workspace.reception_channel:
        channel["initial_conversation"] = workspace.reception_channel
    content: list[Block] = [
        *_lacking(t, lacking),
        blocks.field_input(
            "channel",
            t.gettext("Reception channel"),
            channel,
            optional=True,
            hint=t.gettext("Every visit has a card there that always shows the present state."),
        ),
        blocks.field_input("zone", t.gettext("Time zone of the venue"), blocks.text_input(workspace.zone, longest=60)),
    ]
    for role in ARRANGED:
        chosen = [person.slack_id for person in holders.get(role, ())]
        placeholder = t.pgettext("people.placeholder", "Choose people")
        menu = blocks.users_select(chosen, placeholder)
        content.append(blocks.field_input(role, words.role(t, role), menu, optional=True))
    content.append(blocks.header(t.pgettext("settings.header", "Cars")))
    content += [_car(t, car) for car in cars[:_CARS_SHOWN]]
    add = blocks.button(t.pgettext("vehicle.button", "Add a car"), Action.ADD_VEHICLE, Nothing().pack())
    content.append(blocks.actions(add))
    return blocks.modal(
        ViewId.SETTINGS,
        t.pgettext("modal.title", "Settings"),
        content,
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Cancel"),
    )


def _lacking(t: Translator, scopes: Sequence[str]) -> list[Block]:
    """Says what the bot was not allowed, and what it does where it cannot look whether a message arrived."""
    if not scopes:
        return []
    text = t.rich.gettext(
        ":warning: Slack has not granted {scopes}. Where I can't look whether a message arrived, I send it once more "
        "and note that in its log.",
        scopes=", ".join(scopes),
    )
    return [blocks.context(text)]


def _car(t: Translator, car: Vehicle) -> Block:
    """A car of the house, with the button that takes it out of service."""
    text = t.rich.npgettext(
        "vehicle",
        "*{name}*, {plate}, {count} seat for guests",
        "*{name}*, {plate}, {count} seats for guests",
        car.seats,
        name=car.name,
        plate=car.plate,
        count=car.seats,
    )
    sure = blocks.confirm(
        t.pgettext("confirm.title", "Retire this car?"),
        t.pgettext("confirm", "Visits it is assigned to keep it. It can no longer be assigned."),
        t.pgettext("confirm.button", "Retire"),
        t.pgettext("confirm.button", "Keep"),
    )
    label = t.pgettext("vehicle.button", "Retire")
    retire = blocks.button(label, Action.RETIRE_VEHICLE, VehicleRef(car.key).pack(), confirm=sure)
    return blocks.section(text, retire)


def vehicle(t: Translator) -> Block:
    """A car more."""
    return blocks.modal(
        ViewId.VEHICLE,
        t.pgettext("modal.title", "Add a car"),
        [
            blocks.field_input("name", t.gettext("Name of the car"), blocks.text_input(longest=60)),
            blocks.field_input("plate", t.gettext("License plate"), blocks.text_input(longest=20)),
            blocks.field_input("seats", t.gettext("Seats for guests"), blocks.text_input(longest=3)),
        ],
        submit=t.pgettext("modal.submit", "Add"),
        close=t.pgettext("modal.close", "Back"),
    )


def notice(t: Translator, text: str) -> Block:
    """A window that only says something."""
    return blocks.modal(
        ViewId.NOTHING,
        t.pgettext("modal.title", "Visita"),
        [blocks.section(escape(text))],
        close=t.pgettext("modal.close", "Close"),
    )


def _visits(t: Translator, readings: Sequence[Reading]) -> list[Block]:
    content = [blocks.section(cards.line(reading), _details(reading)) for reading in readings[:SHOWN]]
    hidden = len(readings) - SHOWN
    if hidden > 0:
        content.append(
            blocks.context(t.rich.ngettext("and {count} more visit", "and {count} more visits", hidden, count=hidden))
        )
    return content


def _details(reading: Reading) -> Block:
    value = VisitRef(reading.picture.visit.key).pack()
    return blocks.button(reading.t.pgettext("visit.button", "Details"), Action.SHOW_VISIT, value)


def _waiting(reading: Reading, booking: Booking) -> Block:
    stop = reading.picture.stop(booking.stop_id)
    moment = escape(reading.moment(stop.starts_at)) if stop else Mrkdwn("")
    guests = escape(words.guests(reading.t, reading.picture.visit))
    lines = [requests.status(reading, booking), join(" · ", [moment, guests])]
    return blocks.section(join("\n", lines), _details(reading))
