"""What is known of the client (A2, A6): the profile's window, and what comes up by itself."""

from collections.abc import Mapping
from typing import Any

from bot.i18n import Mrkdwn, Translator, bold, escape, join
from bot.messages import blocks, entered
from bot.messages.blocks import Block, Option
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import VisitRef
from bot.messages.reading import Reading
from bot.models.forms import ClientForm
from bot.models.guests import Client, ProfileField
from bot.models.visits import Background
from bot.procedure.acquaintance import Acquaintance
from bot.procedure.ladder import consenting

_BEFOREHAND = (ProfileField.CUSTOMS, ProfileField.PREFERENCES, ProfileField.CAUTIONS, ProfileField.LESSONS)
"""What whoever prepares a visit wants to see without opening anything."""
_SHOWN = 300


def window(reading: Reading) -> Block:
    """Profile and background check, to be filled in."""
    t, visit, client = reading.t, reading.picture.visit, reading.picture.client
    profile = client.profile if client else {}
    checks = [Option(background(t, value), value) for value in Background]
    notes = blocks.text_input(visit.background_notes, longest=1000, multiline=True)
    content: list[Block] = [blocks.section(bold(visit.company))]
    content += [
        blocks.field_input(
            "background",
            t.gettext("Background check"),
            blocks.select(checks, visit.background),
            hint=t.gettext(
                "Does the company exist, is it a competitor, what does it want? For a new client, the plan can't be "
                "approved before this is known."
            ),
        ),
        blocks.field_input("background_notes", t.gettext("What was found"), notes, optional=True),
    ]
    content += [
        blocks.field_input(
            field,
            profile_label(t, field),
            blocks.text_input(str(profile.get(field, "")), longest=1000, multiline=True),
            optional=True,
        )
        for field in ProfileField
    ]
    return blocks.modal(
        ViewId.CLIENT,
        t.pgettext("modal.title", "Client"),
        content,
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Back"),
        metadata=VisitRef(visit.key).pack(),
    )


def door(reading: Reading) -> list[Block]:
    """The way to the window while the background check is owed, then what it came to (A2)."""
    t, visit = reading.t, reading.picture.visit
    if visit.background != Background.OPEN:
        outcome = background(t, visit.background)
        return [
            blocks.context(t.rich.pgettext("background", ":ballot_box_with_check: Checked: {outcome}", outcome=outcome))
        ]
    label = t.pgettext("background.button", "Enter the outcome")
    return [blocks.actions(blocks.button(label, Action.SHOW_CLIENT, VisitRef(visit.key).pack(), style="primary"))]


def read(view: Mapping[str, Any]) -> ClientForm:
    """What stands in the window."""
    values = view["state"]["values"]
    return ClientForm(
        profile={field: entered.text(values, field) for field in ProfileField},
        background=entered.choice(values, "background") or Background.OPEN,
        background_notes=entered.text(values, "background_notes"),
    )


def background(t: Translator, value: str) -> str:
    """What the background check found (A2)."""
    return {
        Background.OPEN: t.pgettext("background", "Not checked yet"),
        Background.CLEAR: t.pgettext("background", "Nothing against them"),
        Background.COMPETITOR: t.pgettext("background", "A competitor"),
        Background.DOES_NOT_EXIST: t.pgettext("background", "The company does not exist"),
    }[Background(value)]


def profile_label(t: Translator, field: ProfileField) -> str:
    """A field of the profile (A6)."""
    return {
        ProfileField.STRENGTH: t.pgettext("profile", "Company background and strength"),
        ProfileField.BUSINESS: t.pgettext("profile", "Business scope and model"),
        ProfileField.MARKET: t.pgettext("profile", "Regional market"),
        ProfileField.PERFORMANCE: t.pgettext("profile", "How business is going"),
        ProfileField.INTERESTS: t.pgettext("profile", "What interests them"),
        ProfileField.CUSTOMS: t.pgettext("profile", "National customs"),
        ProfileField.PREFERENCES: t.pgettext("profile", "Preferences"),
        ProfileField.CAUTIONS: t.pgettext("profile", "Things to be careful about"),
        ProfileField.LESSONS: t.pgettext("profile", "Lessons from earlier visits"),
    }[field]


def warning(reading: Reading) -> Mrkdwn:
    """What whoever approves is warned of, or that the check is still owed; empty where all is well (A2)."""
    t, visit = reading.t.rich, reading.picture.visit
    notes = blocks.shortened(" ".join(visit.background_notes.split()), _SHOWN)
    if visit.background == Background.COMPETITOR:
        return _noted(t.gettext(":no_entry: *Background check: a competitor.*"), notes)
    if visit.background == Background.DOES_NOT_EXIST:
        return _noted(t.gettext(":no_entry: *Background check: the company does not exist.*"), notes)
    if not visit.can_be_approved:
        return t.gettext(":warning: New client: the background check is still open.")
    return Mrkdwn("")


def open_point(reading: Reading) -> Mrkdwn:
    """The warning among what is open: what was found is for the lead host and those who are asked for consent alone,
    not for a channel nor for all who have a part in the visit (A2)."""
    picture, reader = reading.picture, reading.reader
    is_finding = picture.visit.background in (Background.COMPETITOR, Background.DOES_NOT_EXIST)
    may_read = reader is not None and reader.key in {picture.visit.lead_host_id, *consenting(picture)}
    return warning(reading) if may_read or not is_finding else Mrkdwn("")


def beforehand(t: Translator, client: Client | None) -> Mrkdwn:
    """Customs, preferences, cautions and lessons; empty where nothing is known."""
    profile = client.profile if client else {}
    return join(
        "\n",
        [
            t.rich.pgettext(
                "profile",
                "*{label}:* {text}",
                label=profile_label(t, field),
                text=blocks.shortened(" ".join(str(profile[field]).split()), _SHOWN),
            )
            for field in _BEFOREHAND
            if profile.get(field)
        ],
    )


def recognized(t: Translator, known: Acquaintance) -> Mrkdwn:
    """A returning client: how often they were here, what is planned with them already, and what is known beforehand."""
    name, lines = known.client.name, []
    if known.visits:
        references = t.list([visit.reference for visit in known.visits])
        lines.append(
            t.rich.gettext(
                ":bust_in_silhouette: *{client}* was here before: {references}.", client=name, references=references
            )
        )
    if known.coming:
        references = t.list([visit.reference for visit in known.coming])
        lines.append(
            t.rich.ngettext(
                ":calendar: A visit of *{client}* is planned already: {references}.",
                ":calendar: Visits of *{client}* are planned already: {references}.",
                len(known.coming),
                client=name,
                references=references,
            )
        )
    lines = lines or [t.rich.gettext(":bust_in_silhouette: *{client}* is known to us.", client=name)]
    return join("\n", [part for part in (*lines, beforehand(t, known.client)) if part])


def _noted(sentence: Mrkdwn, notes: str) -> Mrkdwn:
    return join("\n", [sentence, escape(notes)] if notes else [sentence])
