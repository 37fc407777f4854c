"""The person's own page: App Home, language and zone."""

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

from bot.errors import Refusal
from bot.i18n import Translator, escape
from bot.messages import absences, entered, forms, refusals, screens, typed_answers, waits
from bot.messages.blocks import Block
from bot.messages.reading import Reading
from bot.messages.typed_answers import Waiting
from bot.models.people import Actor, Workspace
from bot.models.plans import Plan
from bot.procedure.days import stops_on
from bot.procedure.picture import Picture
from bot.services.lookup import AHEAD
from bot.services.profiles import profile_of
from bot.services.reading import zone_of
from bot.services.today import board_day
from handlers.desk import Desk
from handlers.words import answer, understand

_CHOICES = 20
"""Of what waits for an answer, at most so much in one message."""
log = structlog.get_logger(__name__)


async def home_opened(
    ack: AsyncAck,
    event: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
    workspace: Workspace,
) -> None:
    """The Home tab was opened; the Messages tab needs nothing from us."""
    await ack()
    if event.get("tab") != "messages":
        await publish_home(client, desk, actor, t, workspace)


async def publish_home(client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator, workspace: Workspace) -> None:
    """Today, what waits for the person, their visits, language and zone."""
    now, person = desk.clock.now(), actor.person

    def reading(picture: Picture) -> Reading:
        return desk.readers.reading(picture, person, now)

    day = await desk.lookup.today(actor)
    today = [(reading(picture), stops_on(picture, day.date, day.zone)) for picture in day.pictures]
    waiting = await waiting_for(desk, actor)
    mine = [reading(picture) for picture in await desk.lookup.between(actor, now, now + AHEAD, mine=True)]
    shown = screens.Home(
        today=today,
        waiting=waiting,
        undecided=await _waiting(desk, actor),
        mine=mine,
        language=t.own_language_name(),
        zone=t.zone_name(zone_of(person, workspace), now),
        may_change_settings=actor.can_change_settings,
        away=await _away(desk, actor, t, workspace, now),
        vacant=(await desk.arrangements.settings(actor)).vacant if actor.can_change_settings else (),
        board=board_day(desk.readers, day, now) if actor.watches_over_the_house else None,
    )
    await client.views_publish(user_id=person.slack_id, view=screens.home(t, shown))


async def waiting_for(desk: Desk, actor: Actor) -> list[waits.Item]:
    """What waits for the person's answer, as it is shown."""
    now = desk.clock.now()
    return [
        waits.Item(desk.readers.reading(one.picture, actor.person, now), one.by, one.notice, one.booking)
        for one in await desk.waits.of(actor)
    ]


async def _away(desk: Desk, actor: Actor, t: Translator, workspace: Workspace, now: datetime) -> list[Block]:
    if actor.person.away_until is None or actor.person.away_until <= now:
        return []
    deputy, zone = await desk.people.name_of_deputy(actor), ZoneInfo(workspace.zone)
    return absences.of_oneself(t, actor.person, deputy, zone, now.astimezone(zone).date())


async def choose_language(
    ack: AsyncAck, body: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator
) -> None:
    """The button "Language and zone"."""
    await ack()
    deputy = await desk.people.deputy_of(actor)
    view = forms.language(t, actor.person, deputy, desk.clock.now())
    await client.views_open(trigger_id=body["trigger_id"], view=view)


async def language_chosen(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, workspace: Workspace
) -> None:
    """Language and zone were saved; the Home tab follows at once."""
    values = view["state"]["values"]
    language = entered.choice(values, "language")
    zone = entered.choice(values, "zone")
    person = await desk.people.choose(
        actor,
        deputy=entered.person(values, "deputy"),
        language=None if language == forms.FOLLOW_SLACK else language,
        zone=None if zone == forms.FOLLOW_SLACK else zone,
    )
    await ack()
    changed = replace(actor, person=person)
    await publish_home(client, desk, changed, desk.readers.of(person, workspace), workspace)


async def profile_changed(event: Mapping[str, Any], context: AsyncBoltContext, desk: Desk) -> None:
    """Slack says that a person's language, zone, name or standing changed."""
    await desk.people.follow(str(context.team_id), profile_of(event["user"]))


async def message_typed(
    ack: AsyncAck,
    event: Mapping[str, Any],
    say: AsyncSay,
    desk: Desk,
    actor: Actor,
    t: Translator,
    workspace: Workspace,
) -> None:
    """Somebody wrote to the bot: a yes to what waits for them counts as if pressed, and whatever else they say to it is
    answered with the buttons; where nothing waits, or a command is named, the commands are the way."""
    if event.get("subtype") is not None or event.get("bot_id"):
        return
    typed = str(event.get("text") or "")
    said = answer(typed)
    names_command = said is None and understand(typed)[0] is not None
    waiting = [] if names_command else await _waiting(desk, actor)
    if not waiting:
        reply = screens.help_text(t).as_arguments()
    elif said and len(waiting) == 1:
        reply = await _approve(desk, actor, t, workspace, waiting[0])
    else:
        reply = typed_answers.choose(t, waiting[:_CHOICES], yes=said).as_arguments()
    await ack()
    await say(**reply)


async def _waiting(desk: Desk, actor: Actor) -> list[Waiting]:
    """The plans and the changes that this person may decide on now."""
    plans, changes = await desk.plans.waiting_for(actor), await desk.consents.waiting_for(actor)
    now = desk.clock.now()
    waiting: list[Waiting] = [(desk.readers.reading(p, actor.person, now), plan) for p, plan in plans]
    return waiting + [(desk.readers.reading(p, actor.person, now), change) for p, change in changes]


async def _approve(desk: Desk, actor: Actor, t: Translator, workspace: Workspace, waiting: Waiting) -> dict[str, Any]:
    """What came of it, in words: nothing stays on the message that was typed."""
    asked = waiting[1]
    try:
        if isinstance(asked, Plan):
            await desk.plans.approve(actor, asked.key, asked.version)
        else:
            await desk.consents.allow(actor, asked.key, asked.version)
    except Refusal as refusal:
        sentence = refusals.sentence(t, refusal, ZoneInfo(workspace.zone), desk.clock.now())
        return {"text": escape(sentence).text}
    return typed_answers.given(t, waiting).as_arguments()


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
