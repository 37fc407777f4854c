"""The person's own page and settings: App Home, language and zone, and what administrators decide."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.say.async_say import AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import FormErrors, NotAllowed, Problem, WhoMay
from bot.i18n import Translator
from bot.messages import forms, screens
from bot.messages.payloads import VehicleRef
from bot.messages.reading import Reading
from bot.models.people import Actor, Workspace
from bot.procedure.calendar import day_of
from bot.procedure.picture import Picture
from bot.services.lookup import AHEAD
from bot.services.profiles import profile_of
from bot.services.reading import zone_of
from bot.slack import Slack, Undeliverable
from handlers.desk import Desk

log = structlog.get_logger(__name__)


async def home_opened(
    event: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
    workspace: Workspace,
) -> None:
    """The Home tab was opened; the Messages tab needs nothing from us."""
    if event.get("tab") != "messages":
        await publish_home(client, desk, actor, t, workspace)


async def publish_home(client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator, workspace: Workspace) -> None:
    """Today, what waits for the person, their visits, language and zone."""
    now, person = desk.clock.now(), actor.person
    start, end = day_of(now, ZoneInfo(workspace.zone))

    def reading(picture: Picture) -> Reading:
        return desk.readers.reading(picture, person, now)

    today = [
        (reading(picture), [stop for stop in picture.live_stops if start <= stop.starts_at < end])
        for picture in await desk.lookup.between(actor, start, end)
    ]
    waiting = [(reading(picture), booking) for picture, booking in await desk.lookup.waiting_for(actor)]
    mine = [reading(picture) for picture in await desk.lookup.between(actor, now, now + AHEAD, mine=True)]
    shown = screens.Home(
        today=today,
        waiting=waiting,
        mine=mine,
        language=t.own_language_name(),
        zone=t.zone_name(zone_of(person, workspace), now),
        may_change_settings=actor.can_change_settings,
    )
    await client.views_publish(user_id=person.slack_id, view=screens.home(t, shown))


async def choose_language(
    ack: AsyncAck, body: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator
) -> None:
    """The button "Language and zone"."""
    deputy = await desk.people.deputy_of(actor)
    await ack()
    view = forms.language(t, actor.person, deputy, desk.clock.now())
    await client.views_open(trigger_id=body["trigger_id"], view=view)


async def language_chosen(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, workspace: Workspace
) -> None:
    """Language and zone were saved; the Home tab follows at once."""
    values = view["state"]["values"]
    language = values["language"]["language"]["selected_option"]["value"]
    zone = values["zone"]["zone"]["selected_option"]["value"]
    deputy = values["deputy"]["deputy"].get("selected_user")
    person = await desk.people.choose(
        actor,
        deputy=deputy,
        language=None if language == forms.FOLLOW_SLACK else language,
        zone=None if zone == forms.FOLLOW_SLACK else zone,
    )
    await ack()
    changed = replace(actor, person=person)
    await publish_home(client, desk, changed, desk.readers.of(person, workspace), workspace)


async def settings_window(desk: Desk, actor: Actor, t: Translator) -> dict[str, Any]:
    """The settings, for those who may change them."""
    if not actor.can_change_settings:
        raise NotAllowed(WhoMay.WORKSPACE_ADMIN)
    settings = await desk.workspaces.settings(actor.person.workspace_id)
    lacking = await desk.installations.lacking(actor.person.workspace_id)
    return screens.settings(t, settings.workspace, settings.holders, settings.vehicles, lacking)


async def open_settings(
    ack: AsyncAck, body: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator
) -> None:
    """The button "Settings"."""
    view = await settings_window(desk, actor, t)
    await ack()
    await client.views_open(trigger_id=body["trigger_id"], view=view)


async def settings_saved(ack: AsyncAck, view: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """Roles, reception channel and zone were saved; open visits are planned anew."""
    values = view["state"]["values"]
    zone = (values["zone"]["zone"].get("value") or "").strip()
    if not is_zone(zone):
        raise FormErrors({"zone": Problem.ZONE})
    channel = values["channel"]["channel"].get("selected_conversation")
    workspace_id = actor.person.workspace_id
    roles = {}
    for role in screens.ARRANGED:
        chosen = values[role][role].get("selected_users") or []
        known = await desk.people.known(workspace_id, chosen)
        if any(slack_id not in known or not known[slack_id].is_active for slack_id in chosen):
            raise FormErrors({role: Problem.NOT_A_PERSON})
        roles[role] = [known[slack_id] for slack_id in chosen]
    if channel:
        await _be_in(channel, await desk.lines.to(workspace_id))
    await desk.workspaces.arrange(actor, channel=channel, zone=zone, roles=roles)
    await ack()


async def add_vehicle(ack: AsyncAck, body: Mapping[str, Any], client: AsyncWebClient, t: Translator) -> None:
    """The button "Add a car"."""
    await ack()
    await client.views_push(trigger_id=body["trigger_id"], view=screens.vehicle(t))


async def vehicle_added(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator
) -> None:
    """A car more was typed in."""
    values = view["state"]["values"]
    name, plate, seats = ((values[field][field].get("value") or "").strip() for field in ("name", "plate", "seats"))
    if not seats.isdecimal() or not 1 <= int(seats) <= 80:
        raise FormErrors({"seats": Problem.NOT_A_NUMBER})
    await desk.workspaces.add_vehicle(actor, name=name, plate=plate, seats=int(seats))
    await client.views_update(view_id=view["root_view_id"], view=await settings_window(desk, actor, t))
    await ack()


async def retire_vehicle(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The button "Take out of service"."""
    await ack()
    await desk.workspaces.retire_vehicle(actor, VehicleRef.parse(action["value"]).vehicle)
    await client.views_update(view_id=body["view"]["id"], view=await settings_window(desk, actor, t))


async def profile_changed(event: Mapping[str, Any], context: AsyncBoltContext, desk: Desk) -> None:
    """Slack says that a person's language, zone, name or standing changed."""
    await desk.people.follow(str(context.team_id), profile_of(event["user"]))


async def message_typed(event: Mapping[str, Any], say: AsyncSay, t: Translator) -> None:
    """Somebody wrote to the bot: the commands are the way to talk to it."""
    if event.get("subtype") is None and not event.get("bot_id"):
        await say(**screens.help_text(t).as_arguments())


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
            raise FormErrors({"channel": Problem.CHANNEL_CLOSED}) from None


def is_zone(name: str) -> bool:
    """Whether this is an IANA zone that this machine knows."""
    try:
        return bool(ZoneInfo(name).key)
    except (KeyError, OSError, ValueError):
        return False


async def uninstalled(body: Mapping[str, Any], context: AsyncBoltContext, desk: Desk) -> None:
    """The app was removed from the workspace: what is due waits, in case it comes back."""
    await _left(body, context, desk)


async def tokens_revoked(body: Mapping[str, Any], context: AsyncBoltContext, desk: Desk) -> None:
    """The workspace took tokens back; only the bot's own matters."""
    if body["event"]["tokens"].get("bot"):
        await _left(body, context, desk)


async def _left(body: Mapping[str, Any], context: AsyncBoltContext, desk: Desk) -> None:
    # Slack cuts off what is less than a second.
    at = datetime.fromtimestamp(body["event_time"], UTC) + timedelta(seconds=1)
    log.warning("workspace_went_away", workspace=context.team_id, how=body["event"]["type"])
    await desk.installations.end(str(context.team_id), at)
    desk.lines.hang_up(str(context.team_id))
