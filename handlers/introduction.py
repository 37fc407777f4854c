"""Before any listener: who acts, in which workspace, in which language. After it: refusals turned into answers."""

import asyncio
import inspect
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.errors import FormErrors, Problem, Refusal, ResourceTaken
from bot.i18n import Translator, escape
from bot.messages import refusals, screens
from bot.messages.visit_form import field_of
from bot.slack import Posted
from handlers.desk import INJECTED, Desk

Listener = Callable[..., Awaitable[None]]
_ABOUT_OTHERS = ("user_change", "app_uninstalled", "tokens_revoked")
"""Events in which nobody acts."""
log = structlog.get_logger(__name__)


def introducer(desk: Desk) -> Callable[..., Awaitable[Any]]:
    """The middleware that puts `desk`, `workspace`, `actor` and `t` where listeners can ask for them."""

    async def introduce(body: Mapping[str, Any], context: AsyncBoltContext, next_: Callable[[], Awaitable[Any]]) -> Any:
        context["desk"], context["began_at"] = desk, asyncio.get_running_loop().time()
        if context.team_id and context.user_id and (body.get("event") or {}).get("type") not in _ABOUT_OTHERS:
            workspace = await desk.workspaces.known(context.team_id)
            actor = await desk.people.actor(context.team_id, context.user_id)
            context["workspace"], context["actor"] = workspace, actor
            container = body.get("container") or {}
            if container.get("type") == "message":
                pressed = Posted(container["channel_id"], container["message_ts"])
                desk.pressed.note(f"{context.team_id}:{context.user_id}", pressed)
            context["t"] = desk.readers.of(actor.person, workspace)
        return await next_()

    return introduce


def answering(listener: Listener) -> Listener:
    """The listener, with a readable answer to the one who acted where it refuses or fails.

    Bolt is given one argument, `args`; the listener gets what its own signature names.
    """
    wanted = inspect.getfullargspec(listener).args

    async def answered(args: AsyncArgs) -> None:
        arguments = {name: args.context[name] if name in INJECTED else getattr(args, name) for name in wanted}
        desk: Desk = args.context["desk"]
        failed = False
        try:
            with desk.under_way:
                await listener(**arguments)
        except FormErrors as wrong:
            await _beside_the_fields(args, wrong)
        except ResourceTaken as taken:
            await _beside_its_field(args, taken)
        except Refusal as refusal:
            await _say(args, _sentence(args, refusal))
        except Exception:  # the person must get an answer, whatever went wrong; the log has all of it
            failed, incident = True, uuid.uuid4().hex[:8]
            log.exception("listener_failed", incident=incident, listener=listener.__name__)
            if "t" in args.context:  # nobody acts when Slack only tells us something
                await _say(args, refusals.unexpected(args.context["t"], incident))
        finally:
            # Until here the answer has not left: it leaves with the listener's end.
            seconds = asyncio.get_running_loop().time() - args.context["began_at"]
            desk.metrics.answered(listener.__name__, seconds, failed=failed)

    answered.__name__ = listener.__name__
    answered.listener = listener  # type: ignore[attr-defined]
    return answered


async def _beside_the_fields(args: AsyncArgs, wrong: FormErrors) -> None:
    """Each problem next to its field; what has no field in this form is said in words."""
    t: Translator = args.context["t"]
    shown = {
        field: refusals.problem(t, Problem(found), wrong.details.get(field, ""))
        for field, found in wrong.problems.items()
    }
    await _shown(args, shown, wrong)


async def _beside_its_field(args: AsyncArgs, taken: ResourceTaken) -> None:
    """Next to the field in which a car, a driver or a room was chosen; in words where it was not chosen in a form."""
    await _shown(args, {taken.field: _sentence(args, taken)}, taken)


async def _shown(args: AsyncArgs, sentences: Mapping[str, str], refusal: Refusal) -> None:
    """Sentences by field, where the form that was sent has such fields; else the refusal's own."""
    view = args.body.get("view") or {}
    blocks = {field_of(block["block_id"]): block["block_id"] for block in view.get("blocks", ())}
    errors = {blocks[field]: sentence for field, sentence in sentences.items() if field in blocks}
    if errors and args.body["type"] == "view_submission":
        await args.ack(response_action="errors", errors=errors)
    else:
        await _say(args, _sentence(args, refusal))


def _sentence(args: AsyncArgs, refusal: Refusal) -> str:
    desk: Desk = args.context["desk"]
    venue = ZoneInfo(args.context["workspace"].zone)
    return refusals.sentence(args.context["t"], refusal, venue, desk.clock.now())


async def _say(args: AsyncArgs, text: str) -> None:
    """A private answer, wherever the person is: in a window, on the Home tab, in a conversation."""
    body: Mapping[str, Any] = args.body
    window = screens.notice(args.context["t"], text)
    in_modal = (body.get("view") or {}).get("type") == "modal"
    if body.get("type") == "view_submission":
        # Three windows are all that Slack stacks: over the third it takes the place of the form.
        is_third = body["view"].get("previous_view_id") not in (None, body["view"].get("root_view_id"))
        await args.ack(response_action="update" if is_third else "push", view=window)
        return
    await args.ack()
    if in_modal:
        await args.client.views_push(trigger_id=body["trigger_id"], view=window)
    elif body.get("view"):
        await args.client.views_open(trigger_id=body["trigger_id"], view=window)
    elif args.context.response_url:
        await args.respond(text=escape(text).text, response_type="ephemeral", replace_original=False)
