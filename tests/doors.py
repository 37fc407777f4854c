"""Doors: whether what Slack calls is there, and gets what it asks for."""

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs

# `args` is all of them in one object; `error` reaches error handlers only, `next` middleware only.
BOLT_ARGUMENTS = frozenset(AsyncArgs.__annotations__) | {"args", "error", "next", "next_"}


def unknown_arguments(listener: Callable[..., Any], injected: Collection[str]) -> set[str]:
    """Arguments that would arrive as None: neither Bolt nor our middleware knows their name."""
    return set(inspect.signature(listener).parameters) - BOLT_ARGUMENTS - set(injected)


def sending_ids(payload: Mapping[str, Any]) -> Iterator[str]:
    """The action ids of what calls the app when it is used: everything but inputs that wait for their form."""
    for block in payload.get("blocks") or ():
        if block["type"] != "input":
            accessory = [block["accessory"]] if "accessory" in block else []
            found = [*accessory, *(block.get("elements") or ())]
        else:
            found = [block["element"]] if block.get("dispatch_action") else []
        yield from (element["action_id"] for element in found if "action_id" in element)


def submitted_ids(payload: Mapping[str, Any]) -> Iterator[str]:
    """The callback id of a view that can be submitted."""
    if "submit" in payload:
        yield payload["callback_id"]


def unheard_and_unused(
    payloads: Iterable[Mapping[str, Any]], actions: Collection[str], views: Collection[str]
) -> tuple[set[str], set[str]]:
    """Ids that messages and views carry and nobody listens to, and ids that are listened to and nothing carries."""
    sending: set[str] = set()
    submitted: set[str] = set()
    for payload in payloads:
        sending |= {f"action {action_id}" for action_id in sending_ids(payload)}
        submitted |= {f"view {callback_id}" for callback_id in submitted_ids(payload)}
    listened = {f"action {name}" for name in actions} | {f"view {name}" for name in views}
    return (sending | submitted) - listened, listened - (sending | submitted)
