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


def carried_ids(payload: Any) -> Iterator[str]:
    """Every action_id and callback_id in a message or a view, however deep."""
    if isinstance(payload, Mapping):
        for name, value in payload.items():
            if name in {"action_id", "callback_id"} and isinstance(value, str):
                yield value
            else:
                yield from carried_ids(value)
    elif isinstance(payload, list | tuple):
        for item in payload:
            yield from carried_ids(item)


def unheard_and_unused(payloads: Iterable[Any], listened: Collection[str]) -> tuple[set[str], set[str]]:
    """Ids that messages carry and nobody listens to, and ids that are listened to and no message carries."""
    carried = {identity for payload in payloads for identity in carried_ids(payload)}
    return carried - set(listened), set(listened) - carried
