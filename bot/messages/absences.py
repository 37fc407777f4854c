"""Who is away: the form in which a deputy is named, and how others see it."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.i18n import Mrkdwn, Translator, join
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import Nothing
from bot.messages.reading import Reading
from bot.models.people import Person
from bot.procedure.silence import is_away, taking_part


def form(t: Translator, deputy: str, back_on: date) -> Block:
    """Who is asked instead, and from which day on the person is back; `deputy` by Slack id."""
    nobody = t.pgettext("people.placeholder", "Choose a person")
    text = t.rich.gettext("Until then your deputy gets whatever needs your answer, and may answer for you.")
    return blocks.modal(
        ViewId.AWAY,
        t.pgettext("modal.title", "I'm away"),
        [
            blocks.section(text),
            blocks.field_input("deputy", t.gettext("Deputy"), blocks.user_select(deputy, nobody)),
            blocks.field_input("back_on", t.gettext("Back on"), blocks.date_input(back_on)),
        ],
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Cancel"),
    )


def back_on(t: Translator, person: Person, zone: ZoneInfo, today: date) -> str:
    """The day somebody is back."""
    return t.day(person.away_until.astimezone(zone).date(), today=today) if person.away_until else ""


def of_oneself(t: Translator, person: Person, deputy: str, zone: ZoneInfo, today: date) -> list[Block]:
    """On the Home tab of somebody who is away: until when, who answers, and the way back."""
    text = t.rich.gettext(
        ":palm_tree: You are away, back on {day}. {deputy} answers for you.",
        day=back_on(t, person, zone, today),
        deputy=deputy,
    )
    return [
        blocks.section(text, blocks.button(t.pgettext("away.button", "I'm back"), Action.COME_BACK, Nothing().pack()))
    ]


def in_visit(reading: Reading) -> Mrkdwn:
    """Whoever takes part in a visit and is away, with who answers instead, a line each."""
    picture, venue = reading.picture, reading.venue
    today = reading.now.astimezone(venue).date()
    lines = []
    for person_id in taking_part(picture):
        deputy = picture.deputy_of(person_id)
        if deputy is not None and is_away(picture, person_id, reading.now):
            person = picture.people[person_id]
            lines.append(
                reading.t.rich.gettext(
                    ":palm_tree: {name} is away, back on {day}. {deputy} answers.",
                    name=person.name,
                    day=back_on(reading.t, person, venue, today),
                    deputy=reading.name(deputy),
                )
            )
    return join("\n", lines)
