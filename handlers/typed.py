"""`/visit` and its sub-commands: what can be typed, each with what it does."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.i18n import Translator
from bot.messages import cards, delays, driving, forms, ledger, screens, waits
from bot.messages.blocks import Message
from bot.messages.payloads import Page, PageRef
from bot.models.people import Actor, Workspace
from bot.models.remarks import RemarkKind
from bot.procedure.picture import Picture
from handlers import history
from handlers.absence import open_form as open_away
from handlers.arranging import settings_page
from handlers.commands import coming, copied_form, open_cancel, open_form, today_board
from handlers.desk import Desk
from handlers.handover import open_hand_over, open_take_over
from handlers.plans import plan_page
from handlers.road import open_delay, open_note
from handlers.words import Word, is_ahead, referenced, understand
from handlers.you import waiting_for


@dataclass(frozen=True)
class Typed:
    """What somebody typed behind a word, and what answering takes."""

    rest: str
    trigger: str
    ack: AsyncAck
    client: AsyncWebClient
    desk: Desk
    actor: Actor
    t: Translator
    workspace: Workspace

    @property
    def parts(self) -> tuple[str, str]:
        """A visit's reference and what follows it."""
        return referenced(self.rest)

    async def visit(self) -> Picture:
        """The one that was named. UnknownVisit if there is none, or not for them to see."""
        return await self.desk.lookup.find(self.actor, self.parts[0])

    async def say(self, message: Message) -> None:
        """To the one who typed, and nobody else."""
        await self.ack(response_type="ephemeral", **message.as_arguments())

    async def open(self, view: Mapping[str, Any]) -> None:
        """A window; after the acknowledgement."""
        await self.client.views_open(trigger_id=self.trigger, view=dict(view))


async def visit_command(
    ack: AsyncAck,
    command: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
    workspace: Workspace,
) -> None:
    """`/visit …`: answers the one who typed it, and nobody else."""
    text = command.get("text") or ""
    word, rest = understand(text)
    typed = Typed(rest, command["trigger_id"], ack, client, desk, actor, t, workspace)
    if word is None:
        await typed.say(screens.help_text(t, unknown=text))
    elif rest and word in _ABOUT_A_VISIT:
        await _ABOUT_A_VISIT[word](typed)
    else:
        await _ALONE.get(word, _help)(typed)


async def _menu(typed: Typed) -> None:
    await typed.say(screens.menu(typed.t))


async def _help(typed: Typed) -> None:
    await typed.say(screens.help_text(typed.t))


async def _create(typed: Typed) -> None:
    await typed.ack()
    await open_form(typed.client, typed.trigger, typed.desk, typed.actor, typed.t, typed.workspace)


async def _list(typed: Typed) -> None:
    await typed.say(await coming(typed.desk, typed.actor, typed.t))


async def _today(typed: Typed) -> None:
    await typed.say(await today_board(typed.desk, typed.actor))


async def _language(typed: Typed) -> None:
    await typed.ack()
    deputy = await typed.desk.people.deputy_of(typed.actor)
    await typed.open(forms.language(typed.t, typed.actor.person, deputy, typed.desk.clock.now()))


async def _take_over(typed: Typed) -> None:
    await typed.ack()
    await open_take_over(typed.client, typed.trigger, typed.t, typed.rest)


async def _waiting(typed: Typed) -> None:
    await typed.say(waits.message(typed.t, await waiting_for(typed.desk, typed.actor)))


async def _away(typed: Typed) -> None:
    await typed.ack()
    await open_away(typed.client, typed.trigger, typed.desk, typed.actor, typed.t, typed.workspace)


async def _settings(typed: Typed) -> None:
    await typed.ack()
    await typed.open(await settings_page(typed.desk, typed.actor, typed.t, PageRef(Page.MENU)))


async def _show(typed: Typed) -> None:
    picture = await typed.visit()
    around = await typed.desk.lookup.around(picture)
    await typed.say(cards.card(typed.desk.reading(picture, typed.actor, around)))


async def _plan(typed: Typed) -> None:
    picture = await typed.visit()
    await typed.ack()
    await typed.open(await plan_page(typed.desk, typed.actor, picture))


async def _cancel(typed: Typed) -> None:
    picture = await typed.visit()
    await typed.ack()
    await open_cancel(typed.client, typed.trigger, typed.desk, typed.actor, picture, typed.parts[1])


async def _delay(typed: Typed) -> None:
    picture, (_, minutes) = await typed.visit(), typed.parts
    if minutes:
        moved = await typed.desk.delays.delay(typed.actor, picture.visit.key, minutes)
        now = await typed.visit()
        reading = typed.desk.reading(now, typed.actor, await typed.desk.lookup.around(now))
        await typed.say(delays.moved(reading, moved, before=picture))
    else:
        await typed.ack()
        await open_delay(typed.client, typed.trigger, typed.desk, typed.actor, picture)


async def _note(typed: Typed) -> None:
    picture, (_, text) = await typed.visit(), typed.parts
    if text:
        await typed.desk.remarks.note(typed.actor, picture.visit.key, RemarkKind.WISH, text)
        await typed.say(driving.kept(typed.t))
    else:
        await typed.ack()
        await open_note(typed.client, typed.trigger, typed.desk, typed.actor, picture)


async def _log(typed: Typed) -> None:
    picture, (_, more) = await typed.visit(), typed.parts
    notices, records = await typed.desk.lookup.ledger(typed.actor, picture)
    reading = typed.desk.reading(picture, typed.actor)
    pages = [int(word) for word in more.split() if word.isdecimal()]
    await typed.say(ledger.ledger(reading, notices, records, page=pages[0] if pages else 1, is_ahead=is_ahead(more)))


async def _history(typed: Typed) -> None:
    picture = await typed.visit()
    await typed.ack()
    await typed.open(await history.page_of(typed.desk, typed.actor, picture.visit.key))


async def _copy(typed: Typed) -> None:
    picture = await typed.visit()
    await typed.ack()
    await typed.open(await copied_form(typed.desk, typed.actor, typed.t, typed.workspace, picture))


async def _hand_over(typed: Typed) -> None:
    picture = await typed.visit()
    await typed.ack()
    await open_hand_over(typed.client, typed.trigger, typed.desk, typed.actor, picture)


_Does = Callable[[Typed], Awaitable[None]]
_ALONE: Mapping[Word, _Does] = {
    Word.MENU: _menu,
    Word.CREATE: _create,
    Word.SHOW: _list,
    Word.LIST: _list,
    Word.TODAY: _today,
    Word.LANGUAGE: _language,
    Word.TAKEOVER: _take_over,
    Word.WAITING: _waiting,
    Word.AWAY: _away,
    Word.SETTINGS: _settings,
}
"""Words that mean something without a visit; behind any other of them, help."""
_ABOUT_A_VISIT: Mapping[Word, _Does] = {
    Word.SHOW: _show,
    Word.PLAN: _plan,
    Word.CANCEL: _cancel,
    Word.DELAY: _delay,
    Word.NOTE: _note,
    Word.LOG: _log,
    Word.HISTORY: _history,
    Word.COPY: _copy,
    Word.HANDOVER: _hand_over,
}
"""Words with a visit's reference behind them."""
