"""Handing over (G1): the forms, and what the new and the old owner read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.i18n import Mrkdwn, Translator, escape, join
from bot.messages import blocks, guests, words
from bot.messages.blocks import Block, Message
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import ColleagueRef, HandoverRef, VisitRef
from bot.messages.reading import Reading
from bot.models.notices import Notice
from bot.models.people import Actor, Person
from bot.models.roles import Part
from bot.models.visits import Visit
from bot.procedure.leaving import can_hand_over

_SHOWN = 20


def handover(reading: Reading, notice: Notice) -> Message:
    """To the new owner: everything in one message. To the old one: who has it now."""
    t, told = reading.t, notice.payload
    visits: Sequence[dict[str, Any]] = told["taken"]
    names = (visit["reference"] if visit["is_confidential"] else visit["company"] for visit in visits)
    count, companies = len(visits), t.list(list(dict.fromkeys(names)))
    if notice.person_id == told["to"]:
        title = t.npgettext(
            "handover.header", "You take over {count} visit", "You take over {count} visits", count, count=count
        )
        name = reading.name(told["from"])
        text = t.rich.gettext("From {name}. All of it comes to you from now on.", name=name)
    else:
        name = reading.name(told["to"])
        title = t.npgettext(
            "handover.header",
            "{name} takes over {count} visit",
            "{name} takes over {count} visits",
            count,
            name=name,
            count=count,
        )
        text = t.rich.gettext("There is nothing left for you to do. Thank you.")
    content: list[Block] = [blocks.header(title), blocks.section(text)]
    content += [_line(reading, visit, is_new=notice.person_id == told["to"]) for visit in visits[:_SHOWN]]
    if count > _SHOWN:
        more = t.rich.ngettext(
            "and {count} more visit", "and {count} more visits", count - _SHOWN, count=count - _SHOWN
        )
        content.append(blocks.context(more))
    if notice.person_id == told["to"] and told.get("is_everything"):
        content.append(_roles_stay(t, reading.name(told["from"])))
    if told["by"] not in (told["from"], told["to"]):
        content.append(blocks.context(t.rich.gettext("Arranged by {name}.", name=reading.name(told["by"]))))
    if notice.person_id == told["to"] and any(visit["is_host"] and _has_begun(reading, visit) for visit in visits):
        content.append(
            blocks.section(t.rich.gettext("The guests are here: please tell them whom to call from now on."))
        )
        content += guests.our_contact(reading)
    return Message(
        t.pgettext("handover.alone", "{title}: {companies}", title=title, companies=companies), tuple(content)
    )


def _roles_stay(t: Translator, name: str) -> Block:
    """What a person is to the house is not handed on with their visits."""
    text = t.rich.gettext(
        ":information_source: {name} keeps their roles in the workspace, such as changing settings or seeing "
        "passports. An administrator can give them to somebody else in the settings.",
        name=name,
    )
    return blocks.context(text)


def _has_begun(reading: Reading, visit: dict[str, Any]) -> bool:
    """Of the visit the message is read with: to the guests of the others a text goes by a duty of its own (A7)."""
    is_this = visit["visit"] == reading.picture.visit.id
    return is_this and datetime.fromisoformat(visit["arrives_at"]) <= reading.now


def _line(reading: Reading, visit: dict[str, Any], *, is_new: bool) -> Block:
    """One visit: which, when, in which parts, and how much is open."""
    t = reading.t
    arrives, departs = (datetime.fromisoformat(visit[name]) for name in ("arrives_at", "departs_at"))
    head = t.rich.gettext("*{reference}* {company}", reference=visit["reference"], company=visit["company"])
    facts = [t.span(arrives, departs, reading.venue, now=reading.now)]
    if is_new:
        parts = [t.gettext("Lead host")] * visit["is_host"] + [words.part(t, Part(part)) for part in visit["parts"]]
        facts += [t.list(parts)] if parts else []
        stops, left = visit["stops"], visit["open"]
        facts += [t.npgettext("handover", "{count} stop", "{count} stops", stops, count=stops)] if stops else []
        facts.append(t.npgettext("handover", "{count} thing open", "{count} things open", left, count=left))
    details = blocks.button(t.pgettext("visit.button", "Details"), Action.SHOW_VISIT, VisitRef(visit["visit"]).pack())
    return blocks.section(head + Mrkdwn("\n") + words.one_line(*facts), details)


def way_to(reading: Reading, actor: Actor) -> list[Block]:
    """The button in a visit's window, for those who may hand it over."""
    visit = reading.picture.visit
    if not visit.is_open or not can_hand_over(reading.picture, actor):
        return []
    value = HandoverRef(visit.key, visit.lead_host_id).pack()
    label = reading.t.pgettext("visit.button", "Hand over")
    return [blocks.actions(blocks.button(label, Action.HAND_OVER, value))]


def hand_over_form(reading: Reading) -> Block:
    """Who answers for the visit from now on."""
    t, visit = reading.t, reading.picture.visit
    text = t.rich.gettext(
        "{reference}, {guests}: the new lead host gets everything in one message, and tells the guests whom to call.",
        reference=visit.reference,
        guests=words.guests(t, visit),
    )
    choose = blocks.user_select("", t.pgettext("people.placeholder", "Choose a person"))
    return blocks.modal(
        ViewId.HAND_OVER,
        t.pgettext("modal.title", "Hand over"),
        [blocks.section(text), blocks.field_input("lead_host", t.gettext("Lead host"), choose)],
        submit=t.pgettext("modal.submit", "Hand over"),
        close=t.pgettext("modal.close", "Cancel"),
        metadata=HandoverRef(visit.key, visit.lead_host_id).pack(),
    )


def take_over_form(t: Translator, colleague: str) -> Block:
    """Whose things are taken over; `colleague` by Slack id."""
    choose = blocks.user_select(colleague, t.pgettext("people.placeholder", "Choose a person"))
    return blocks.modal(
        ViewId.TAKE_OVER,
        t.pgettext("modal.title", "Take over"),
        [blocks.field_input("colleague", t.pgettext("handover", "Colleague"), choose)],
        submit=t.pgettext("modal.submit", "Next"),
        close=t.pgettext("modal.close", "Cancel"),
    )


def what_comes(t: Translator, person: Person, visits: Sequence[Visit]) -> Block:
    """What would be taken over, before it is."""
    if not visits:
        nothing = t.rich.gettext("{name} has nothing to do in any open visit.", name=person.name)
        return blocks.modal(
            ViewId.NOTHING,
            t.pgettext("modal.title", "Take over"),
            [blocks.section(nothing), _roles_stay(t, person.name)],
            close=t.pgettext("modal.close", "Close"),
        )
    count = len(visits)
    text = t.rich.ngettext(
        "You take over everything that {name} has to do from now on, in {count} visit.",
        "You take over everything that {name} has to do from now on, in {count} visits.",
        count,
        name=person.name,
        count=count,
    )
    lines = [
        t.rich.gettext("*{reference}* {company}", reference=visit.reference, company=visit.company)
        for visit in visits[:_SHOWN]
    ]
    if count > _SHOWN:
        hidden = count - _SHOWN
        lines.append(t.rich.ngettext("and {count} more visit", "and {count} more visits", hidden, count=hidden))
    return blocks.modal(
        ViewId.TAKE_OVER_ALL,
        t.pgettext("modal.title", "Take over"),
        [blocks.section(text), blocks.section(join("\n", lines)), _roles_stay(t, person.name)],
        submit=t.pgettext("modal.submit", "Take over"),
        close=t.pgettext("modal.close", "Cancel"),
        metadata=ColleagueRef(person.slack_id).pack(),
    )


def taken_over(t: Translator, count: int) -> Block:
    """What the one who pressed reads."""
    text = t.ngettext(
        "Done: {count} visit. The summary is on its way to you.",
        "Done: {count} visits. The summary is on its way to you.",
        count,
        count=count,
    )
    if not count:
        text = t.gettext("There was nothing left to take over.")
    return blocks.modal(
        ViewId.NOTHING,
        t.pgettext("modal.title", "Take over"),
        [blocks.section(escape(text))],
        close=t.pgettext("modal.close", "Close"),
    )
