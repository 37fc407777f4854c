"""The menu of the settings, which says how everything stands, and the lists behind it."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.i18n import Mrkdwn, Translator, bold, channel_link, escape, join, mention
from bot.messages import blocks, rules_in_words, words
from bot.messages.blocks import Block, Option
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import Nothing, Page, PageRef, PresetRef, RankDeed, RankRef, RoomRef, VehicleRef
from bot.messages.rules_in_words import Section, section_of
from bot.models.bookings import Vehicle
from bot.models.people import Person
from bot.models.ranks import Preset
from bot.models.roles import Role
from bot.models.settings import Rank, Room
from bot.procedure.rearranging import Arrangement
from bot.procedure.rules import Rule

MOST_SHOWN = 80
GROUPS: dict[Page, tuple[Role, ...]] = {
    Page.ORGANIZERS: (Role.ADMINISTRATION, Role.FINANCE, Role.DRIVER),
    Page.HOUSE: (Role.FRONT_DESK, Role.GATE, Role.IT, Role.TECHNICAL),
    Page.LEADERS: (Role.EXECUTIVE_OFFICE, Role.SENIOR_LEADER, Role.VICE_PRESIDENT, Role.DEPARTMENT_HEAD),
    Page.APPROVERS: (Role.APPROVER_1, Role.APPROVER_2, Role.APPROVER_3),
    Page.RIGHTS: (Role.SETTINGS, Role.PASSPORTS),
}
"""The roles as they stand together on a page."""


def page_name(t: Translator, page: Page) -> str:
    """What a page is about; at most 24 characters, to stand above a window."""
    return {
        Page.MENU: t.pgettext("modal.title", "Settings"),
        Page.ORGANIZERS: t.pgettext("settings.page", "Organizing and driving"),
        Page.HOUSE: t.pgettext("settings.page", "In the house"),
        Page.LEADERS: t.pgettext("settings.page", "Leaders"),
        Page.APPROVERS: t.pgettext("settings.page", "Approvers"),
        Page.RIGHTS: t.pgettext("settings.page", "Rights"),
        Page.SITE: t.pgettext("settings.page", "Site and office hours"),
        Page.JOURNEYS: t.pgettext("settings.page", "Airports and stations"),
        Page.MEALS: t.pgettext("settings.page", "Food rules"),
        Page.RANKS: t.pgettext("settings.page", "Ranks and titles"),
        Page.CARS: t.pgettext("settings.page", "Cars"),
        Page.ROOMS: t.pgettext("settings.page", "Rooms"),
        Page.LEAD_TIMES: t.pgettext("settings.page", "Lead times"),
        Page.RULE: t.pgettext("settings.page", "Lead time"),
    }[page]


def menu(t: Translator, found: Arrangement, now: datetime, lacking: Sequence[str] = ()) -> Block:
    """Every page with how it stands; above all the roles that nobody fills, and scopes that were not granted."""
    content: list[Block] = [blocks.section(warning) for warning in [vacancies(t, found.vacant)] if warning]
    content += _lacking(t, lacking)
    content.append(blocks.header(t.pgettext("settings.header", "Who does what")))
    content += [_entry(t, page, _roles(t, found, page)) for page in GROUPS]
    content.append(blocks.header(t.pgettext("settings.header", "The house")))
    site = found.workspace
    zone = t.zone_name(ZoneInfo(site.zone), now)
    opens, closes = (words.time_of_day(t, time.fromisoformat(clock)) for clock in (site.opens, site.closes))
    hours = t.pgettext("settings", "open {opens}–{closes}", opens=opens, closes=closes)
    channel = channel_link(site.reception_channel) if site.reception_channel else Mrkdwn("")
    port = site.preferred_port or t.pgettext("settings", "none preferred")
    ranks = t.ngettext("{count} rank", "{count} ranks", len(found.ranks), count=len(found.ranks))
    cars = t.ngettext("{count} car", "{count} cars", len(found.vehicles), count=len(found.vehicles))
    rooms = t.ngettext("{count} room", "{count} rooms", len(found.rooms), count=len(found.rooms))
    food = blocks.shortened(" ".join(site.food_rules.split()), 120) or t.pgettext("settings", "none")
    place = words.one_line(zone, country_name(t, site.country), hours)
    content += [
        _entry(t, Page.SITE, join(" · ", [place, channel])),
        _entry(t, Page.JOURNEYS, escape(port)),
        _entry(t, Page.MEALS, escape(food)),
        _entry(t, Page.RANKS, escape(ranks)),
        _entry(t, Page.CARS, escape(cars)),
        _entry(t, Page.ROOMS, escape(rooms)),
        blocks.header(t.pgettext("settings.header", "Procedure")),
        _entry(t, Page.LEAD_TIMES, _overridden(t, found)),
    ]
    return _window(t, Page.MENU, content)


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


def vacancies(t: Translator, roles: Sequence[Role]) -> Mrkdwn:
    """The roles that nobody fills, in one line; empty where there are none."""
    if not roles:
        return Mrkdwn("")
    names = t.list([words.role(t, role) for role in roles])
    return t.rich.gettext(":warning: Nobody fills these roles yet: {roles}.", roles=names)


def country_name(t: Translator, code: str) -> str:
    """A country in the reader's language; the code where it has no name."""
    return t.own(str(t.locale.territories.get(code, code)))


def cars(t: Translator, found: Arrangement) -> Block:
    """The cars of the house."""
    content = [_car(t, car) for car in found.vehicles[:MOST_SHOWN]]
    if not content:
        content.append(blocks.context(t.rich.gettext("There are no cars yet.")))
    add = blocks.button(t.pgettext("vehicle.button", "Add a car"), Action.ADD_VEHICLE, Nothing().pack())
    return _window(t, Page.CARS, [*_back(t), *content, blocks.actions(add)])


def rooms(t: Translator, found: Arrangement) -> Block:
    """The rooms of the house (C4)."""
    content = [_room(t, room) for room in found.rooms[:MOST_SHOWN]]
    if not content:
        content.append(blocks.context(t.rich.gettext("There are no rooms yet.")))
    add = blocks.button(t.pgettext("room.button", "Add a room"), Action.ADD_ROOM, Nothing().pack())
    return _window(t, Page.ROOMS, [*_back(t), *content, blocks.actions(add)])


def ranks(t: Translator, found: Arrangement, people: Sequence[Person]) -> Block:
    """The scale of the house, and who holds which rank (B1)."""
    content = [blocks.context(t.rich.gettext("The higher the number, the more senior. Guests never see this."))]
    content += [_rank(t, rank) for rank in found.ranks[: MOST_SHOWN // 2]]
    nothing = Nothing().pack()
    add = blocks.button(t.pgettext("rank.button", "Add a rank"), Action.EDIT_RANK, RankRef(0).pack())
    content += [blocks.actions(add), *(_preset(t, preset) for preset in Preset)]
    content.append(blocks.header(t.pgettext("settings.header", "Who holds which rank")))
    lines = [
        t.rich.pgettext(
            "rank.holder",
            "{person}: {title}",
            person=mention(person.slack_id),
            title=words.rank(t, found.ranks, person.rank or 0),
        )
        for person in people[:MOST_SHOWN]
    ]
    content.append(blocks.section(join("\n", lines)) if lines else blocks.context(t.rich.gettext("Nobody yet.")))
    give = blocks.button(t.pgettext("rank.button", "Set a person's rank"), Action.GIVE_RANK, nothing)
    return _window(t, Page.RANKS, [*_back(t), *content, blocks.actions(give)])


def lead_times(t: Translator, found: Arrangement, section: Section) -> Block:
    """The entries of one part of the rulebook, as this workspace has them."""
    shown = [rule for rule in found.rulebook.rules if section_of(rule.id) is section]
    present = {section_of(rule.id) for rule in found.rulebook.rules}
    options = [Option(rules_in_words.section_name(t, part), part) for part in Section if part in present]
    choice = blocks.select(options, section) | {"action_id": Action.CHOOSE_SECTION}
    hint = t.rich.gettext("Choose a part of the procedure, then what you want to change.")
    content = [*_back(t), blocks.context(hint), blocks.actions(choice)]
    content += [_rule(t, rule, found) for rule in shown]
    return _window(t, Page.LEAD_TIMES, content, section)


def rule_line(t: Translator, rule: Rule) -> Mrkdwn:
    """An entry of the rulebook: what, to whom, when, on which condition."""
    lines = [bold(rules_in_words.what(t, rule)), escape(rules_in_words.who(t, rule))]
    condition = rules_in_words.only_for(t, rule)
    when = rules_in_words.when(t, rule)
    if condition:
        when = t.pgettext("rule", "{moment} ({condition})", moment=when, condition=condition)
    return join("\n", [*lines, escape(when)])


def _rule(t: Translator, rule: Rule, found: Arrangement) -> Block:
    """As the workspace has it, with the button that changes it."""
    override = next((o for o in found.overrides if o.rule_id == rule.id), None)
    now = rule.otherwise(override) if override else rule
    state = Mrkdwn("")
    if override:
        off, changed = t.rich.pgettext("rule", ":no_bell: off"), t.rich.pgettext("rule", ":pencil2: changed")
        state = changed if override.is_on else off
    change = blocks.button(
        t.pgettext("settings.button", "Change"), Action.SHOW_SETTINGS, PageRef(Page.RULE, rule.id).pack()
    )
    return blocks.section(join("\n", [rule_line(t, now), state]), change, f"rule{rule.id}")


def _overridden(t: Translator, found: Arrangement) -> Mrkdwn:
    known = [o for o in found.overrides if found.rulebook.rule(o.rule_id)]
    off = sum(not override.is_on for override in known)
    changed = len(known) - off
    parts = [
        t.ngettext("{count} entry changed", "{count} entries changed", changed, count=changed) if changed else "",
        t.ngettext("{count} entry off", "{count} entries off", off, count=off) if off else "",
    ]
    return words.one_line(*parts) or escape(t.pgettext("settings", "as they come"))


def _roles(t: Translator, found: Arrangement, page: Page) -> Mrkdwn:
    """Each role of a group with who fills it."""
    lines = []
    for role in GROUPS[page]:
        people = [mention(person.slack_id) for person in found.holders.get(role, ())]
        deputies = [mention(person.slack_id) for person in found.deputies.get(role, ())]
        filled = t.rich.list(people) if people else t.rich.pgettext("role", "nobody")
        name = words.role(t, role)
        if deputies:
            text = t.rich.pgettext(
                "role",
                "{role}: {people}; deputies: {deputies}",
                role=name,
                people=filled,
                deputies=t.rich.list(deputies),
            )
        else:
            text = t.rich.pgettext("role", "{role}: {people}", role=name, people=filled)
        lines.append(text)
    return join("\n", lines)


def _entry(t: Translator, page: Page, state: Mrkdwn) -> Block:
    """A page in the menu, with how it stands."""
    is_list = page in (Page.RANKS, Page.CARS, Page.ROOMS, Page.LEAD_TIMES)
    label = t.pgettext("settings.button", "Open") if is_list else t.pgettext("settings.button", "Change")
    button = blocks.button(label, Action.SHOW_SETTINGS, PageRef(page).pack())
    return blocks.section(join("\n", [bold(page_name(t, page)), state]), button, page)


def _back(t: Translator) -> list[Block]:
    label = t.pgettext("settings.button", "All settings")
    return [blocks.actions(blocks.button(label, Action.SHOW_SETTINGS, PageRef(Page.MENU).pack()))]


def back_to(t: Translator, page: Page, item: str = "") -> Block:
    """The button that leads back without saving."""
    if page is Page.MENU:
        return _back(t)[0]
    label = page_name(t, page)
    return blocks.actions(blocks.button(label, Action.SHOW_SETTINGS, PageRef(page, item).pack()))


def _window(t: Translator, page: Page, content: Sequence[Block], item: str = "") -> Block:
    return blocks.modal(
        ViewId.SETTINGS,
        page_name(t, page),
        content,
        close=t.pgettext("modal.close", "Close"),
        metadata=PageRef(page, item).pack(),
    )


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
    return blocks.section(text, blocks.button(label, Action.RETIRE_VEHICLE, VehicleRef(car.key).pack(), confirm=sure))


def _room(t: Translator, room: Room) -> Block:
    """A room of the house, with the button that retires it."""
    text = t.rich.npgettext(
        "room",
        "*{name}*, {kind}, {count} seat",
        "*{name}*, {kind}, {count} seats",
        room.capacity,
        name=room.name,
        kind=words.room_kind(t, room.kind),
        count=room.capacity,
    )
    sure = blocks.confirm(
        t.pgettext("confirm.title", "Retire this room?"),
        t.pgettext("confirm", "Visits that are to use it keep it. It can no longer be chosen."),
        t.pgettext("confirm.button", "Retire"),
        t.pgettext("confirm.button", "Keep"),
    )
    label = t.pgettext("room.button", "Retire")
    return blocks.section(text, blocks.button(label, Action.RETIRE_ROOM, RoomRef(room.key).pack(), confirm=sure))


def _rank(t: Translator, rank: Rank) -> Block:
    text = t.rich.pgettext("rank", "*{value}* {title}", value=rank.value, title=words.rank_title(t, rank))
    deeds = [
        Option(t.pgettext("rank.option", "Change"), RankRef(rank.id or 0, RankDeed.CHANGE).pack()),
        Option(t.pgettext("rank.option", "Remove"), RankRef(rank.id or 0, RankDeed.REMOVE).pack()),
    ]
    return blocks.section(text, blocks.overflow(deeds, Action.EDIT_RANK))


def _preset(t: Translator, preset: Preset) -> Block:
    text = {
        Preset.COMPANY: t.rich.pgettext("rank", "Ranks as in a company"),
        Preset.UNIVERSITY: t.rich.pgettext("rank", "Ranks as in a university"),
    }[preset]
    label = t.pgettext("rank.button", "Use these")
    sure = blocks.confirm(
        t.pgettext("confirm.title", "Replace all ranks?"),
        t.pgettext("confirm", "Your ranks and titles are replaced. Who holds which number stays as it is."),
        t.pgettext("confirm.button", "Replace"),
        t.pgettext("confirm.button", "Keep"),
    )
    return blocks.section(text, blocks.button(label, Action.USE_PRESET, PresetRef(preset).pack(), confirm=sure))
