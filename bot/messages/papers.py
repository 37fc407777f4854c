"""The windows of papers and passports (A5). Only the passport's own window holds what a passport says."""

from collections.abc import Mapping
from typing import Any

from bot.i18n import Mrkdwn, Translator, bold, join
from bot.messages import blocks, entered
from bot.messages.blocks import Block, Option
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import GuestRef, VisitRef
from bot.messages.reading import Reading
from bot.models.forms import PassportForm
from bot.models.guests import Guest, Paper
from bot.models.people import Actor
from bot.models.visits import Foreign

_SHOWN = 80


def window(reading: Reading, actor: Actor) -> Block:
    """Who has confirmed their passport, whether the letter is issued, what the authorities want."""
    t, picture, visit = reading.t, reading.picture, reading.picture.visit
    may_change, may_see = visit.is_open and visit.can_be_changed_by(actor), visit.can_see_passports(actor)
    content: list[Block] = [blocks.section(_letter(reading))]
    if visit.is_open and may_see and visit.foreign == Foreign.WITH_LETTER:
        label, value = t.pgettext("papers.button", "Letter as PDF"), VisitRef(visit.key).pack()
        style = "primary" if visit.letter_issued_at is None else None
        content.append(blocks.actions(blocks.button(label, Action.ISSUE_LETTER, value, style=style)))
    for guest in picture.guests[:_SHOWN]:
        label, value = t.pgettext("papers.button", "Passport data"), GuestRef(guest.key).pack()
        button = blocks.button(label, Action.SHOW_PASSPORT, value) if may_see else None
        content.append(blocks.section(_passport(reading, guest), button, f"guest{guest.id}"))
    hidden = len(picture.guests) - _SHOWN
    if hidden > 0:
        text = t.rich.ngettext("and {count} more guest", "and {count} more guests", hidden, count=hidden)
        content.append(blocks.context(text))
    content += _checklist(t, visit.papers) if may_change else []
    return blocks.modal(
        ViewId.PAPERS,
        t.pgettext("modal.title", "Papers"),
        content,
        submit=t.pgettext("modal.submit", "Save") if may_change else None,
        close=t.pgettext("modal.close", "Back"),
        metadata=VisitRef(visit.key).pack(),
    )


def read(view: Mapping[str, Any]) -> dict[str, bool]:
    """The checklist: each paper that is wanted, and whether it is there. What is there was wanted."""
    values = view["state"]["values"]
    wanted, there = entered.choices(values, "wanted"), entered.choices(values, "there")
    return {paper: paper in there for paper in Paper if paper in (*wanted, *there)}


def passport(t: Translator, guest: Guest, form: PassportForm) -> Block:
    """Name and number as in the passport. Only those who may see them get here."""
    confirmed = Option(t.pgettext("passport.option", "The guest has confirmed both"), "confirmed")
    state = t.rich.gettext(":lock: Kept sealed. Only the lead host and those named for passport data see it.")
    lines = [bold(guest.name), state]
    if form.is_confirmed:
        lines.append(t.rich.gettext(":white_check_mark: Confirmed by the guest. A change has to be confirmed again."))
    return blocks.modal(
        ViewId.PASSPORT,
        t.pgettext("modal.title", "Passport data"),
        [
            blocks.section(join("\n", lines)),
            blocks.field_input(
                "passport_name",
                t.gettext("Full name as in the passport"),
                blocks.text_input(form.name, longest=120),
                optional=True,
            ),
            blocks.field_input(
                "passport_number",
                t.gettext("Passport number"),
                blocks.text_input(form.number, longest=20),
                optional=True,
            ),
            blocks.field_input(
                "confirmed", t.gettext("Confirmation"), blocks.checkboxes([confirmed], ()), optional=True
            ),
        ],
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Back"),
        metadata=GuestRef(guest.key).pack(),
    )


def read_passport(view: Mapping[str, Any]) -> PassportForm:
    """What stands in the passport's window."""
    values = view["state"]["values"]
    return PassportForm(
        name=entered.text(values, "passport_name"),
        number=entered.text(values, "passport_number"),
        is_confirmed=bool(entered.choices(values, "confirmed")),
    )


def paper(t: Translator, value: Paper) -> str:
    """A paper that authorities may want."""
    return {
        Paper.GUEST_LIST: t.pgettext("paper", "List of the guests with their data"),
        Paper.PASSPORT_COPIES: t.pgettext("paper", "Copies of the passports"),
        Paper.EMPLOYMENT: t.pgettext("paper", "Confirmation by the guests' employer"),
        Paper.BUSINESS_LICENSE: t.pgettext("paper", "Our business license"),
        Paper.ITINERARY: t.pgettext("paper", "Itinerary of the stay"),
        Paper.GUARANTEE: t.pgettext("paper", "Who pays for journey and stay"),
        Paper.INSURANCE: t.pgettext("paper", "Travel insurance"),
    }[value]


def _letter(reading: Reading) -> Mrkdwn:
    t, visit = reading.t.rich, reading.picture.visit
    if visit.letter_issued_at is not None:
        issued = reading.moment(visit.letter_issued_at)
        return t.gettext(":white_check_mark: Invitation letter issued: {moment}", moment=issued)
    match visit.foreign:
        case Foreign.WITH_LETTER:
            return t.gettext(
                ":large_yellow_circle: Invitation letter: collect name and passport number, have each guest confirm "
                "them, then issue it."
            )
        case Foreign.NO | Foreign.WITHOUT_LETTER:
            return t.gettext("No invitation letter is needed.")
        case _:
            return t.gettext(":question: Invitation letter: please ask whether the guests need one.")


def _passport(reading: Reading, guest: Guest) -> Mrkdwn:
    """Where it stands; nothing of what it says."""
    t, name = reading.t.rich, guest.name
    if not guest.passport:
        return t.gettext(":white_circle: *{name}*: passport data missing", name=name)
    if guest.passport_confirmed_at is None:
        return t.gettext(":large_yellow_circle: *{name}*: passport data not confirmed yet", name=name)
    return t.gettext(":large_green_circle: *{name}*: passport data confirmed", name=name)


def _checklist(t: Translator, papers: Mapping[str, bool]) -> list[Block]:
    options = [Option(paper(t, value), value) for value in Paper]
    there = [name for name, is_there in papers.items() if is_there]
    return [
        blocks.field_input(
            "wanted", t.gettext("What the authorities want"), blocks.checkboxes(options, papers), optional=True
        ),
        blocks.field_input("there", t.gettext("What is there"), blocks.checkboxes(options, there), optional=True),
    ]
