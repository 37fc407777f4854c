"""Around every listener: its answer leaves as soon as it is known, the rest goes on behind it, and what it refuses or
fails at is said to the one who acted."""

import asyncio
import inspect
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.errors import SlackApiError

from bot.errors import FormErrors, Problem, Refusal, ResourceTaken, SentForConsent
from bot.i18n import Translator, escape
from bot.messages import refusals, screens
from bot.messages.visit_form import field_of
from handlers.desk import INJECTED, Desk

Listener = Callable[..., Awaitable[None]]
_KEPT = 500
"""So many answers; a call that is repeated comes again within moments."""
_WORTH_KEEPING = 60
"""Characters."""
_HEAD_START = 0.002
"""Seconds that an answer has before what follows it: more than it takes to send it."""
log = structlog.get_logger(__name__)


class Answer:
    """What listeners get as `ack`: Slack has its answer when this was called, not when they come to their end."""

    def __init__(self, ack: AsyncAck) -> None:
        self._ack = ack
        self._said: tuple[tuple[Any, ...], dict[str, Any]] | None = None
        self.given: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        """When, in the loop's time."""
        self.known = asyncio.Event()
        """It was given, or the listener came to its end without."""

    async def __call__(self, *content: Any, **more: Any) -> None:
        if self.given.done():  # the first has left already
            return
        await self._ack(*content, **more)
        self._said = content, more
        self.given.set_result(self.given.get_loop().time())
        self.known.set()
        # What follows would take its turns between those in which the answer is written and sent.
        await asyncio.sleep(_HEAD_START)

    async def say_again(self, ack: AsyncAck) -> None:
        """The same to whoever asks a second time, once it is known."""
        await self.known.wait()
        if self._said is not None:
            content, more = self._said
            await ack(*content, **more)


class Answers:
    """The latest answers: Slack calls twice now and then, and what it asks for is done once."""

    def __init__(self) -> None:
        self._by_call: dict[str, Answer] = {}

    def earlier(self, body: Mapping[str, Any]) -> Answer | None:
        """To the same press, command or event."""
        return self._by_call.get(_call(body))

    def keep(self, body: Mapping[str, Any], answer: Answer) -> None:
        """Until others have come after it."""
        if call := _call(body):
            self._by_call[call] = answer
        while len(self._by_call) > _KEPT:
            del self._by_call[next(iter(self._by_call))]


def _call(body: Mapping[str, Any]) -> str:
    """Each press and each event has its own; empty for what changes nothing."""
    return str(body.get("trigger_id") or body.get("event_id") or "")


def answering(listener: Listener, recent: Answers) -> Listener:
    """The listener as Bolt calls it: it returns when the answer is known; what follows goes on, and is awaited before
    the bot stops.

    Bolt is given one argument, `args`; the listener gets what its own signature names. Where it refuses or fails, the
    one who acted gets a readable answer.
    """
    wanted = inspect.getfullargspec(listener).args

    async def answered(args: AsyncArgs) -> None:
        earlier = recent.earlier(args.body)
        if earlier is not None:
            await earlier.say_again(args.ack)
            return
        answer, desk = Answer(args.ack), args.context["desk"]
        recent.keep(args.body, answer)
        injected = {name: args.context[name] for name in INJECTED if name in wanted} | {"ack": answer}
        arguments = {name: injected[name] if name in injected else getattr(args, name) for name in wanted}
        desk.under_way.go_on(_to_its_end(listener(**arguments), listener.__name__, args, answer))
        await answer.known.wait()

    return answered


async def _to_its_end(work: Awaitable[None], name: str, args: AsyncArgs, answer: Answer) -> None:
    desk: Desk = args.context["desk"]
    failed = False
    try:
        await work
    except FormErrors as wrong:
        await _beside_the_fields(args, answer, wrong)
    except ResourceTaken as taken:
        await _beside_its_field(args, answer, taken)
    except Refusal as refusal:
        await _say(args, answer, _sentence(args, refusal), is_done=isinstance(refusal, SentForConsent))
    except Exception:  # the person must get an answer, whatever went wrong; the log has all of it
        failed, incident = True, uuid.uuid4().hex[:8]
        log.exception("listener_failed", incident=incident, listener=name)
        if "t" in args.context:  # nobody acts when Slack only tells us something
            # What was answered had been saved before: only what comes behind it can be missing.
            said = refusals.not_shown if answer.given.done() else refusals.unexpected
            await _say(args, answer, said(args.context["t"], incident))
    finally:
        # An answer that was not given leaves with the listener's end.
        at = answer.given.result() if answer.given.done() else answer.given.get_loop().time()
        desk.metrics.answered(name, at - args.context["began_at"], failed=failed)
        answer.known.set()


async def _beside_the_fields(args: AsyncArgs, answer: Answer, wrong: FormErrors) -> None:
    """Each problem next to its field; what has no field in this form is said in words."""
    t: Translator = args.context["t"]
    shown = {
        field: refusals.problem(t, Problem(found), wrong.details.get(field, ""))
        for field, found in wrong.problems.items()
    }
    await _shown(args, answer, shown, wrong)


async def _beside_its_field(args: AsyncArgs, answer: Answer, taken: ResourceTaken) -> None:
    """Next to the field in which a car, a driver or a room was chosen; in words where it was not chosen in a form."""
    await _shown(args, answer, {taken.field: _sentence(args, taken)}, taken)


async def _shown(args: AsyncArgs, answer: Answer, sentences: Mapping[str, str], refusal: Refusal) -> None:
    """Sentences by field, where the form that was sent has such fields; else the refusal's own."""
    view = args.body.get("view") or {}
    blocks = {field_of(block["block_id"]): block["block_id"] for block in view.get("blocks", ())}
    errors = {blocks[field]: sentence for field, sentence in sentences.items() if field in blocks}
    if errors and args.body["type"] == "view_submission":
        await answer(response_action="errors", errors=errors)
    else:
        await _say(args, answer, _sentence(args, refusal))


def _sentence(args: AsyncArgs, refusal: Refusal) -> str:
    desk: Desk = args.context["desk"]
    venue = ZoneInfo(args.context["workspace"].zone)
    return refusals.sentence(args.context["t"], refusal, venue, desk.clock.now())


async def _say(args: AsyncArgs, answer: Answer, text: str, *, is_done: bool = False) -> None:
    """A private answer, wherever the person is: in a window, on the Home tab, in a conversation.

    `is_done`: what was sent counts, though not at once; what was typed is wanted no more.
    """
    body: Mapping[str, Any] = args.body
    if not answer.given.done():
        if body.get("type") == "view_submission":
            await _say_of_a_form(args, answer, text, is_done=is_done)
            return
        if body.get("command"):
            await answer(text=_with_what_was_typed(body, text), response_type="ephemeral")
            return
        await answer()
    try:
        await _say_besides(args, text)
    except SlackApiError:
        # The trigger was used up or has run out: then where the person reads the bot's messages.
        await args.client.chat_postMessage(channel=str(args.context.user_id), text=escape(text).text)


def _with_what_was_typed(body: Mapping[str, Any], text: str) -> str:
    """Slack keeps no command: one that somebody would not like to type again stands below the answer."""
    typed = f"{body['command']} {body.get('text') or ''}"
    return escape(f"{text}\n{typed}" if len(typed) > _WORTH_KEEPING else text).text


async def _say_of_a_form(args: AsyncArgs, answer: Answer, text: str, *, is_done: bool) -> None:
    """Over the form, which stays as it was filled in. Three windows are all that Slack stacks: of the third it is said
    beside its last field, or in its place where nothing is to be kept."""
    view = args.body["view"]
    is_third = view.get("previous_view_id") not in (None, view.get("root_view_id"))
    fields = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    if is_third and fields and not is_done:
        await answer(response_action="errors", errors={fields[-1]: text})
    else:
        window = screens.notice(args.context["t"], text)
        await answer(response_action="update" if is_third else "push", view=window)


async def _say_besides(args: AsyncArgs, text: str) -> None:
    """The same, where the answer has left without it."""
    body: Mapping[str, Any] = args.body
    view, window = body.get("view") or {}, screens.notice(args.context["t"], text)
    is_closed = body.get("type") == "view_submission" and view.get("root_view_id") == view.get("id")
    if view.get("type") == "modal" and not is_closed:
        await args.client.views_push(trigger_id=body["trigger_id"], view=window)
    elif view:
        await args.client.views_open(trigger_id=body["trigger_id"], view=window)
    elif args.context.response_url:
        await args.respond(text=escape(text).text, response_type="ephemeral", replace_original=False)
