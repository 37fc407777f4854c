"""The forms of the settings: built from how things stand, read back from what is sent, and their effect in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import FormErrors, OutOfDate, Problem
from bot.i18n import Translator, escape, join
from bot.messages import blocks, entered, rules_in_words, settings_pages, words
from bot.messages.blocks import Block, Option
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import Page, PageRef
from bot.messages.rules_in_words import section_of
from bot.messages.settings_pages import GROUPS, country_name, page_name
from bot.models.people import Person
from bot.models.rearrangement import Rearrangement, RuleChange
from bot.models.roles import Role
from bot.procedure.leads import Lead
from bot.procedure.rearranging import Arrangement, Effect
from bot.procedure.rules import Rule

DEPUTIES = "_deputies"
_WITHOUT_DEPUTIES = (Role.DRIVER, Role.SENIOR_LEADER, Role.SETTINGS, Role.PASSPORTS)
_MOST_PEOPLE = 15
_EARLY = ("early_domestic", "early_international", "early_train")
_LONGEST_EARLY, _LONGEST_LEAD_DAYS = 600, 60
_ON, _OFF = "on", "off"
_USUAL, _KEEP, _IGNORE = "usual", "keep", "ignore"
_HOURS = {_USUAL: None, _KEEP: True, _IGNORE: False}


@dataclass(frozen=True)
class Typed:
    """What stands in a form of the settings; people by their Slack ids."""

    site: Mapping[str, str | int | None]
    holders: Mapping[Role, Sequence[str]]
    deputies: Mapping[Role, Sequence[str]]
    rule: RuleChange | None


def form(t: Translator, found: Arrangement, page: Page, item: str, now: datetime) -> Block:
    """A page that is filled in; OutOfDate for an entry that the rulebook no longer has."""
    back, title = PageRef(Page.MENU), page_name(t, page)
    match page:
        case Page.SITE:
            content = _site(t, found, now)
        case Page.JOURNEYS:
            content = _journeys(t, found)
        case Page.MEALS:
            content = _meals(t, found)
        case Page.RULE:
            rule = _known(found, item)
            back = PageRef(Page.LEAD_TIMES, section_of(rule.id))
            content = _rule(t, found, rule)
        case _:
            content = [block for role in GROUPS[page] for block in _role(t, found, role)]
    return blocks.modal(
        ViewId.SETTINGS_FORM,
        title,
        [settings_pages.back_to(t, back.which, back.item), *content],
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Close"),
        metadata=PageRef(page, item).pack(),
    )


def read(view: Mapping[str, Any], found: Arrangement) -> Typed:
    """What stands in a form, of the roles those that were changed in it; FormErrors at the fields that make no sense,
    OutOfDate for a page that is no more."""
    ref = PageRef.parse(view["private_metadata"])
    typed, opened = _held(view), _held(entered.as_opened(view))
    if ref.which is Page.RULE:
        return Typed({}, {}, {}, _read_rule(typed, _known(found, ref.item)))
    if ref.which in GROUPS:
        holders = {role: _people(typed[role]) for role in GROUPS[ref.which]}
        deputies = {role: _people(typed[role + DEPUTIES]) for role in holders if role + DEPUTIES in typed}
        twice = [role for role, people in deputies.items() if set(people) & set(holders[role])]
        if twice:
            raise FormErrors({role + DEPUTIES: Problem.HOLDS_IT_ALREADY for role in twice})
        left_alone = {role for role in typed if _people(typed[role]) == _people(opened[role])}
        return Typed(
            {},
            {role: people for role, people in holders.items() if role not in left_alone},
            {role: people for role, people in deputies.items() if role + DEPUTIES not in left_alone},
            None,
        )
    return Typed(_read_site(ref.which, typed), {}, {}, None)


def _held(view: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What the fields of a form hold, by their names."""
    values = view["state"]["values"]
    return {block.partition("@")[0]: next(iter(held.values())) for block, held in values.items()}


def _people(held: Mapping[str, Any]) -> list[str]:
    return held.get("selected_users") or []


def effect(t: Translator, ref: PageRef, wanted: Rearrangement, found: Effect) -> Block:
    """What the change would do to open visits, before it is saved."""
    text = t.rich.ngettext(
        "*{count} open visit changes:*", "*{count} open visits change:*", found.visits, count=found.visits
    )
    counted = (
        (found.moved, t.ngettext("{count} message moves", "{count} messages move", found.moved, count=found.moved)),
        (
            found.added,
            t.ngettext("{count} message is added", "{count} messages are added", found.added, count=found.added),
        ),
        (
            found.dropped,
            t.ngettext(
                "{count} message is dropped", "{count} messages are dropped", found.dropped, count=found.dropped
            ),
        ),
        (
            found.at_once,
            t.ngettext(
                "{count} of them goes out at once", "{count} of them go out at once", found.at_once, count=found.at_once
            ),
        ),
    )
    lines = [escape(f"• {line}") for count, line in counted if count]
    if not found:
        text = t.rich.gettext("No message of an open visit changes.")
    return blocks.modal(
        ViewId.SETTINGS_EFFECT,
        t.pgettext("modal.title", "Save this?"),
        [
            blocks.section(join("\n", [text, *lines])),
            blocks.context(t.rich.gettext("What went out stays as it is; whoever was told otherwise hears of it.")),
        ],
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Back"),
        metadata=f"{ref.pack()}\n{wanted.pack()}",
    )


def counting(t: Translator, name: str) -> Block:
    """While it is worked out what a change would do; found again by its name."""
    view = blocks.modal(
        ViewId.NOTHING,
        t.pgettext("modal.title", "Save this?"),
        [blocks.section(t.rich.gettext("One moment: I am looking at every open visit."))],
        close=t.pgettext("modal.close", "Back"),
    )
    return view | {"external_id": name}


def confirmed(view: Mapping[str, Any]) -> tuple[PageRef, Rearrangement]:
    """What was shown with its effect; OutOfDate for a window of another release."""
    ref, _, packed = str(view["private_metadata"]).partition("\n")
    return PageRef.parse(ref), Rearrangement.parse(packed)


def _role(t: Translator, found: Arrangement, role: Role) -> list[Block]:
    """Who fills a role, and who stands in for them."""

    def menu(people: Sequence[Person]) -> Block:
        placeholder = t.pgettext("people.placeholder", "Choose people")
        chosen = [person.slack_id for person in people if person.is_active]
        return blocks.users_select(chosen, placeholder) | {"max_selected_items": _MOST_PEOPLE}

    name = words.role(t, role)
    content = [blocks.field_input(role, name, menu(found.holders.get(role, ())), optional=True)]
    if role not in _WITHOUT_DEPUTIES:
        label = t.pgettext("role", "{role}: deputies", role=name)
        content.append(blocks.field_input(role + DEPUTIES, label, menu(found.deputies.get(role, ())), optional=True))
    return content


def _site(t: Translator, found: Arrangement, now: datetime) -> list[Block]:
    site = found.workspace
    channel: Block = {"type": "conversations_select", "filter": {"include": ["public", "private"]}}
    channel["placeholder"] = blocks.plain(t.pgettext("channel.placeholder", "Choose a channel"))
    if site.reception_channel:
        channel["initial_conversation"] = site.reception_channel
    zone = zone_option(t, site.zone, now)
    country = country_option(t, site.country) if site.country else None
    opens, closes = time.fromisoformat(site.opens), time.fromisoformat(site.closes)
    return [
        blocks.field_input(
            "reception_channel",
            t.gettext("Reception channel"),
            channel,
            optional=True,
            hint=t.gettext("Every visit has a card there that always shows the present state."),
        ),
        blocks.field_input(
            "zone",
            t.gettext("Time zone of the venue"),
            blocks.searched(zone, t.pgettext("zone.placeholder", "Type a city")),
        ),
        blocks.field_input(
            "country",
            t.gettext("Country"),
            blocks.searched(country, t.pgettext("country.placeholder", "Type a country")),
            optional=True,
            hint=t.gettext("Its public holidays count."),
        ),
        blocks.field_input("opens", t.gettext("The office opens at"), blocks.time_input(opens, site.zone)),
        blocks.field_input("closes", t.gettext("The office closes at"), blocks.time_input(closes, site.zone)),
        blocks.field_input(
            "address",
            t.gettext("Postal address"),
            blocks.text_input(site.address, longest=300, multiline=True),
            optional=True,
            hint=t.gettext("Stands on invitation letters. Write it as authorities abroad can read it."),
        ),
    ]


def zone_option(t: Translator, name: str, now: datetime) -> Option:
    """A zone in a menu: as people say it, with its official name."""
    said = t.zone_name(ZoneInfo(name), now)
    return Option(t.pgettext("zone.option", "{zone} ({name})", zone=said, name=name), name)


def country_option(t: Translator, code: str) -> Option:
    """A country in a menu."""
    return Option(t.pgettext("country.option", "{country} ({code})", country=country_name(t, code), code=code), code)


def _journeys(t: Translator, found: Arrangement) -> list[Block]:
    site = found.workspace
    labels = {
        "early_domestic": t.gettext("Minutes early for a domestic flight"),
        "early_international": t.gettext("Minutes early for an international flight"),
        "early_train": t.gettext("Minutes early for a train"),
    }
    return [
        blocks.field_input(
            "preferred_port",
            t.gettext("Preferred airport or station"),
            blocks.text_input(site.preferred_port, longest=80),
            optional=True,
        ),
        blocks.field_input(
            "port_hint",
            t.gettext("Hint for guests who arrive elsewhere"),
            blocks.text_input(site.port_hint, longest=300, multiline=True),
            optional=True,
        ),
        *(
            blocks.field_input(name, labels[name], blocks.text_input(str(getattr(site, name)), longest=3))
            for name in _EARLY
        ),
    ]


def _meals(t: Translator, found: Arrangement) -> list[Block]:
    element = blocks.text_input(found.workspace.food_rules, longest=1000, multiline=True)
    hint = t.gettext("Shown to whoever books the room or orders the dishes, for example: no seafood for inland guests.")
    return [blocks.field_input("food_rules", t.gettext("Food rules"), element, optional=True, hint=hint)]


def _read_site(page: Page, typed: Mapping[str, Mapping[str, Any]]) -> dict[str, str | int | None]:
    def text(name: str) -> str:
        return str(typed[name].get("value") or "").strip()

    if page is Page.MEALS:
        return {"food_rules": text("food_rules")}
    if page is Page.JOURNEYS:
        minutes = {name: text(name) for name in _EARLY}
        wrong = [name for name, value in minutes.items() if not value.isdecimal() or int(value) > _LONGEST_EARLY]
        if wrong:
            raise FormErrors(dict.fromkeys(wrong, Problem.MINUTES))
        port = {name: text(name) for name in ("preferred_port", "port_hint")}
        return port | {name: int(value) for name, value in minutes.items()}
    if page is not Page.SITE:
        raise OutOfDate
    opens, closes = (str(typed[name].get("selected_time") or "") for name in ("opens", "closes"))
    if not opens < closes:
        raise FormErrors({"closes": Problem.CLOSES_BEFORE_OPENING})
    return {
        "reception_channel": typed["reception_channel"].get("selected_conversation"),
        "zone": _chosen(typed, "zone"),
        "country": _chosen(typed, "country"),
        "opens": opens,
        "closes": closes,
        "address": text("address"),
    }


def _chosen(typed: Mapping[str, Mapping[str, Any]], name: str) -> str:
    return str((typed[name].get("selected_option") or {}).get("value", ""))


def _known(found: Arrangement, rule_id: str) -> Rule:
    rule = found.rulebook.rule(rule_id)
    if rule is None:
        raise OutOfDate
    return rule


def _rule(t: Translator, found: Arrangement, rule: Rule) -> list[Block]:
    """One entry: on or off, its lead, whether it keeps to office hours."""
    override = next((o for o in found.overrides if o.rule_id == rule.id), None)
    now = rule.otherwise(override) if override else rule
    is_on = override is None or override.is_on
    hours = {None: _USUAL, True: _KEEP, False: _IGNORE}[override.keeps_office_hours if override else None]
    states = [Option(t.pgettext("rule.option", "On"), _ON), Option(t.pgettext("rule.option", "Off"), _OFF)]
    content = [
        blocks.section(settings_pages.rule_line(t, rule)),
        _named("is_on", rule, t.gettext("Sent?"), blocks.select(states, _ON if is_on else _OFF, radio=True)),
    ]
    if not rule.is_said_at_once:
        policies = [
            Option(t.pgettext("rule.option", "As it comes"), _USUAL),
            Option(t.pgettext("rule.option", "Brought forward into office hours"), _KEEP),
            Option(t.pgettext("rule.option", "To the minute, day or night"), _IGNORE),
        ]
        label, hint = (
            t.gettext("Lead time"),
            t.gettext("Days, hours, minutes, such as 2d, 4h or 1h 20min."),
        )
        content += [
            _named("lead", rule, label, blocks.text_input(str(now.lead), longest=20), hint),
            _named("hours", rule, t.gettext("Office hours"), blocks.select(policies, hours, radio=True)),
        ]
    if override:
        label = t.pgettext("rule.button", "Back to the default")
        value = PageRef(Page.RULE, rule.id).pack()
        content.append(blocks.actions(blocks.button(label, Action.RESET_RULE, value)))
    return content


def _named(name: str, rule: Rule, label: str, element: Block, hint: str = "") -> Block:
    """A field of this entry: under another entry's block ids Slack keeps nothing of what was typed."""
    return blocks.field_input(f"{name}@{rule.id}", label, element, hint=hint)


def _read_rule(typed: Mapping[str, Mapping[str, Any]], rule: Rule) -> RuleChange:
    is_on = _chosen(typed, "is_on") == _ON
    if "lead" not in typed:
        return RuleChange(rule.id, is_on=is_on)
    try:
        lead = Lead.parse(str(typed["lead"].get("value") or ""))
    except ValueError as error:
        raise FormErrors({"lead": Problem.LEAD}) from error
    if rules_in_words.length(lead).days > _LONGEST_LEAD_DAYS:
        raise FormErrors({"lead": Problem.LEAD})
    same = rules_in_words.length(lead) == rules_in_words.length(rule.lead) and lead.days == rule.lead.days
    return RuleChange(rule.id, None if same else str(lead), _HOURS[_chosen(typed, "hours")], is_on)
