"""The settings: a menu of pages in one window. What touches open visits is shown with its effect before it is saved."""

import asyncio
import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import available_timezones

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import FormErrors, Problem
from bot.i18n import Translator
from bot.messages import refusals, screens, settings_forms, settings_pages
from bot.messages.blocks import Option
from bot.messages.payloads import Page, PageRef
from bot.messages.rules_in_words import Section, section_of
from bot.models.people import Actor
from bot.models.rearrangement import Rearrangement, RuleChange
from bot.procedure.calendar import supported_countries
from bot.slack import Slack, Undeliverable
from handlers.desk import Desk
from handlers.windows import show_in

COUNTED_AT_ONCE = 50
"""Up to so many open visits are counted within the time Slack waits for an answer, also on a busy machine."""
_LONGEST_MENU = 100
_WINDOW_OPENS_WITHIN = (0.1, 0.3, 1.0, 3.0)
"""Seconds after which it is looked for again; after the last it was closed."""
log = structlog.get_logger(__name__)


async def settings_page(desk: Desk, actor: Actor, t: Translator, ref: PageRef) -> dict[str, Any]:
    """A page of the settings, for those who may change them."""
    found, now = await desk.arrangements.settings(actor), desk.clock.now()
    match ref.which:
        case Page.MENU:
            return settings_pages.menu(t, found, now, await desk.installations.lacking(actor.person.workspace_id))
        case Page.CARS:
            return settings_pages.cars(t, found)
        case Page.ROOMS:
            return settings_pages.rooms(t, found)
        case Page.RANKS:
            return settings_pages.ranks(t, found, await desk.furnishings.people_of_rank(actor))
        case Page.LEAD_TIMES:
            section = Section(ref.item) if ref.item in list(Section) else Section.PICKUP
            return settings_pages.lead_times(t, found, section)
        case page:
            return settings_forms.form(t, found, page, ref.item, now)


async def open_settings(
    ack: AsyncAck, body: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator
) -> None:
    """The button "Settings"."""
    await ack()
    view = await settings_page(desk, actor, t, PageRef(Page.MENU))
    await client.views_open(trigger_id=body["trigger_id"], view=view)


async def show_settings(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """A page of the menu, or the way back: in the same window."""
    await ack()
    await show_in(client, body["view"]["id"], await settings_page(desk, actor, t, PageRef.parse(action["value"])))


async def choose_section(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """Another part of the rulebook was chosen."""
    await ack()
    ref = PageRef(Page.LEAD_TIMES, action["selected_option"]["value"])
    await show_in(client, body["view"]["id"], await settings_page(desk, actor, t, ref))


async def form_saved(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator
) -> None:
    """A form was submitted: saved at once, or shown with its effect on open visits."""
    ref = PageRef.parse(view["private_metadata"])
    typed = settings_forms.read(view, await desk.arrangements.settings(actor))
    if typed.site.get("reception_channel"):
        await _be_in(str(typed.site["reception_channel"]), await desk.lines.to(actor.person.workspace_id))
    wanted = await _with_persons(desk, actor, typed)
    if await desk.arrangements.open_visits(actor) > COUNTED_AT_ONCE:
        name = uuid.uuid4().hex
        await ack(response_action="push", view=settings_forms.counting(t, name))
        desk.under_way.go_on(_show_effect(client, desk, actor, t, ref, wanted, name))
        return
    found = await desk.arrangements.effect(actor, wanted)
    if found:
        await ack(response_action="push", view=settings_forms.effect(t, ref, wanted, found))
        return
    await desk.arrangements.arrange(actor, wanted)
    await ack(response_action="update", view=await settings_page(desk, actor, t, _after(ref)))


async def _show_effect(
    client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator, ref: PageRef, wanted: Rearrangement, name: str
) -> None:
    """Fill the window that was opened while this was worked out; it may not have reached Slack yet."""
    try:
        found = await desk.arrangements.effect(actor, wanted)
        view = settings_forms.effect(t, ref, wanted, found)
    except Exception:  # the person must get an answer, whatever went wrong; the log has all of it
        incident = uuid.uuid4().hex[:8]
        log.exception("effect_not_shown", incident=incident)
        view = screens.notice(t, refusals.unexpected(t, incident))
    for seconds in _WINDOW_OPENS_WITHIN:
        try:
            await client.views_update(external_id=name, view=view)
            return
        except SlackApiError as refused:
            if refused.response["error"] != "not_found":
                raise
            await asyncio.sleep(seconds)


async def effect_confirmed(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator
) -> None:
    """What was shown is saved as it was shown; the window beneath goes on where it was opened from."""
    ref, wanted = settings_forms.confirmed(view)
    await desk.arrangements.arrange(actor, wanted)
    await ack()
    await show_in(client, view["root_view_id"], await settings_page(desk, actor, t, _after(ref)))


async def reset_rule(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The button "Back to the default"."""
    ref = PageRef.parse(action["value"])
    wanted = Rearrangement(rule=RuleChange(ref.item))
    if await desk.arrangements.open_visits(actor) > COUNTED_AT_ONCE:
        name = uuid.uuid4().hex
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=settings_forms.counting(t, name))
        desk.under_way.go_on(_show_effect(client, desk, actor, t, ref, wanted, name))
        return
    found = await desk.arrangements.effect(actor, wanted)
    if found:
        await ack()
        view = settings_forms.effect(t, ref, wanted, found)
        await client.views_push(trigger_id=body["trigger_id"], view=view)
        return
    await desk.arrangements.arrange(actor, wanted)
    await ack()
    await show_in(client, body["view"]["id"], await settings_page(desk, actor, t, _after(ref)))


async def suggest_zones(ack: AsyncAck, body: Mapping[str, Any], desk: Desk, t: Translator) -> None:
    """The zones that fit what is typed so far, by city in the reader's language or by official name."""
    now = desk.clock.now()
    options = (settings_forms.zone_option(t, name, now) for name in sorted(available_timezones()) if "/" in name)
    await ack(options=_fitting(options, body["value"]))


async def suggest_countries(ack: AsyncAck, body: Mapping[str, Any], t: Translator) -> None:
    """The countries whose public holidays are known, by name in the reader's language or by code."""
    options = (settings_forms.country_option(t, code) for code in sorted(supported_countries()))
    await ack(options=_fitting(options, body["value"]))


def _after(ref: PageRef) -> PageRef:
    """Where a form leads back to when it was saved."""
    return PageRef(Page.LEAD_TIMES, section_of(ref.item)) if ref.which is Page.RULE else PageRef(Page.MENU)


async def _with_persons(desk: Desk, actor: Actor, typed: settings_forms.Typed) -> Rearrangement:
    """What was typed, with persons for Slack ids; FormErrors at the field of whoever is none."""
    groups = {role.value: people for role, people in typed.holders.items()}
    groups |= {role + settings_forms.DEPUTIES: people for role, people in typed.deputies.items()}
    named = {slack_id for people in groups.values() for slack_id in people}
    known = await desk.people.known(actor.person.workspace_id, named)
    strangers = [
        field for field, people in groups.items() if any(i not in known or not known[i].is_active for i in people)
    ]
    if strangers:
        raise FormErrors(dict.fromkeys(strangers, Problem.NOT_A_PERSON))
    return Rearrangement(
        typed.site,
        {role: tuple(known[slack_id].key for slack_id in people) for role, people in typed.holders.items()},
        {role: tuple(known[slack_id].key for slack_id in people) for role, people in typed.deputies.items()},
        typed.rule,
    )


async def _be_in(channel: str, slack: Slack) -> None:
    """Join a public channel; a private one cannot be joined, somebody who is in it invites the bot."""
    try:
        await slack.join(channel)
    except Undeliverable:
        try:
            is_in = await slack.is_in(channel)
        except Undeliverable:
            is_in = False
        if not is_in:
            raise FormErrors({"reception_channel": Problem.CHANNEL_CLOSED}) from None


def _fitting(options: Iterable[Option], typed: str) -> list[dict[str, Any]]:
    """Those that contain what was typed, in capitals or not, with spaces for the underscores of official names."""
    sought = typed.strip().casefold().replace(" ", "_")
    found = (option for option in options if sought in option.label.casefold().replace(" ", "_"))
    return [option.as_block() for _, option in zip(range(_LONGEST_MENU), found, strict=False)]
