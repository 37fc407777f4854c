"""The smaller forms: read-back, canceling, language and zone."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from bot.i18n import Language, Mrkdwn, Translator, bold, escape, join, mention, own_name
from bot.messages import blocks, offer, words
from bot.messages.blocks import Block, Option
from bot.messages.ids import ViewId
from bot.messages.payloads import DraftRef, VisitRef
from bot.messages.reading import Reading
from bot.models.forms import VisitForm
from bot.models.people import Person
from bot.procedure.intake import Intake
from bot.procedure.proposal import ProposedStop

FOLLOW_SLACK = "slack"
_LOCALES = {Language.CHINESE: "zh-CN", Language.SPANISH: "es-LA", Language.ENGLISH: "en-US"}
"""The Slack locale each language is kept as when a person chooses it."""
_COMMON_ZONES = (
    *("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul"),
    *("Asia/Kolkata", "Asia/Dubai", "Europe/Madrid", "Europe/London", "Europe/Paris", "Europe/Berlin"),
    *("Europe/Rome", "Europe/Lisbon", "Europe/Moscow", "America/New_York", "America/Chicago", "America/Denver"),
    *("America/Los_Angeles", "America/Mexico_City", "America/Bogota", "America/Lima", "America/Santiago"),
    *("America/Argentina/Buenos_Aires", "America/Sao_Paulo", "America/Caracas", "America/Panama", "Africa/Cairo"),
    *("Africa/Johannesburg", "Africa/Lagos", "Australia/Sydney", "Pacific/Auckland"),
)


def read_back(
    t: Translator,
    form: VisitForm,
    intake: Intake,
    stops: Sequence[ProposedStop],
    zone: ZoneInfo,
    now: datetime,
    draft_id: str,
    about: Sequence[Block] = (),
) -> Block:
    """Names, phones, dates, flight numbers once more (A7), before they count."""
    content = [
        blocks.section(
            t.rich.gettext("Please read this back to the guests: names, phone numbers, dates, flight numbers.")
        ),
        *blocks.fields(_to_read_back(t, form, intake, zone, now)),
        *about,
    ]
    if form.food_notes:
        content += blocks.fields([(t.gettext("Dietary needs"), escape(form.food_notes))])
    if stops:
        names = [escape(offer.name(t, stop, zone)) for stop in stops]
        label = offer.label_in_zone(t, t.gettext("Itinerary"), stops, zone)
        content.append(blocks.section(join("\n", [bold(label), *names])))
    if not intake.contact_phone:
        content.append(blocks.section(t.rich.gettext(":warning: The guests' phone number is missing.")))
    return blocks.modal(
        ViewId.READ_BACK,
        t.pgettext("modal.title", "Is this right?"),
        content,
        submit=t.pgettext("modal.submit", "Open the visit"),
        close=t.pgettext("modal.close", "Back"),
        metadata=DraftRef(draft_id).pack(),
    )


def _to_read_back(
    t: Translator, form: VisitForm, intake: Intake, zone: ZoneInfo, now: datetime
) -> list[tuple[str, Mrkdwn]]:
    """What the guests' side is asked to confirm, and who of ours takes part."""

    def people(slack_ids: Sequence[str]) -> Mrkdwn:
        return t.rich.list([mention(slack_id) for slack_id in slack_ids]) if slack_ids else Mrkdwn("")

    party = t.ngettext("{count} guest", "{count} guests", intake.party_size, count=intake.party_size)
    lead = t.pgettext("guest.titled", "{guest}, {title}", guest=form.guest_name, title=form.guest_title)
    return [
        (t.gettext("Client"), escape(form.company)),
        (t.gettext("Lead guest"), escape(lead if form.guest_title else form.guest_name)),
        (t.gettext("Party"), escape(party)),
        (t.gettext("Contact"), words.pair(t, form.contact_name, intake.contact_phone)),
        (t.gettext("Arrival"), _leg(t, intake.arrives_at, zone, now, form.arrival_means, intake.arrival_number)),
        (t.gettext("Departure"), _leg(t, intake.departs_at, zone, now, form.departure_means, intake.departure_number)),
        (t.gettext("Meeting point"), escape(form.arrival_place)),
        (t.gettext("Lead host"), mention(form.lead_host)),
        (t.gettext("Driver"), people([form.driver] if form.driver else [])),
        (
            t.gettext("Meets the guests"),
            people(form.greeters),
        ),
        (
            t.gettext("Accompanying leaders"),
            people(form.leaders),
        ),
        (t.gettext("Host team"), people(form.team)),
    ]


def cancel(reading: Reading, reason: str = "") -> Block:
    """Cancel the visit, with the reason."""
    t, visit = reading.t, reading.picture.visit
    text = t.rich.gettext(
        "{reference}, {guests}: everybody who was told of this visit will hear that it is canceled, with your reason.",
        reference=visit.reference,
        guests=words.guests(t, visit),
    )
    return blocks.modal(
        ViewId.CANCEL_VISIT,
        t.pgettext("modal.title", "Cancel this visit?"),
        [
            blocks.section(text),
            blocks.field_input("reason", t.gettext("Reason"), blocks.text_input(reason, longest=300, multiline=True)),
        ],
        submit=t.pgettext("modal.submit", "Cancel the visit"),
        close=t.pgettext("modal.close", "Keep"),
        metadata=VisitRef(visit.key).pack(),
    )


def language(t: Translator, person: Person, deputy: str, now: datetime) -> Block:
    """Own language and zone, or Slack's; and whose Slack id stands in for the person."""
    nobody = t.pgettext("people.placeholder", "Choose a person")
    follow = Option(t.pgettext("language.option", "As in Slack"), FOLLOW_SLACK)
    languages = [follow, *(Option(own_name(language), code) for language, code in _LOCALES.items())]
    zones = [follow, *(Option(t.zone_name(ZoneInfo(name), now), name) for name in _zones(person, now))]
    return blocks.modal(
        ViewId.LANGUAGE,
        t.pgettext("modal.title", "Language and time zone"),
        [
            blocks.field_input(
                "language", t.gettext("Language"), blocks.select(languages, person.chosen_language or FOLLOW_SLACK)
            ),
            blocks.field_input(
                "zone",
                t.gettext("Time zone"),
                blocks.select(zones, person.chosen_zone or FOLLOW_SLACK),
                hint=t.gettext("Times are those of the venue; its zone is named where yours differs."),
            ),
            blocks.field_input(
                "deputy",
                t.gettext("Deputy"),
                blocks.user_select(deputy, nobody),
                optional=True,
                hint=t.gettext("Gets your messages, and may answer for you, when you can't be reached."),
            ),
        ],
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Cancel"),
    )


def _zones(person: Person, now: datetime) -> list[str]:
    """The zones business visitors and their hosts mostly live in, and the person's own: a menu holds a hundred."""
    own = [name for name in (person.slack_zone, person.chosen_zone) if name in available_timezones()]
    names = {*_COMMON_ZONES, *(name for name in own if name)}
    return sorted(names, key=lambda name: (now.astimezone(ZoneInfo(name)).utcoffset(), name))


def _leg(t: Translator, at: datetime, zone: ZoneInfo, now: datetime, means: str, number: str) -> Mrkdwn:
    moment = t.moment(at, zone, now=now)
    if not number:
        return t.rich.pgettext("journey", "{moment}, {means}", moment=moment, means=words.means(t, means))
    return t.rich.pgettext("journey", "{moment}, {number}", moment=moment, number=number)
