"""The house rules, read from the source; and that the reading would notice a breach."""

from collections.abc import Callable
from typing import Any

import pytest

import handlers
from bot.i18n import Catalogs, Language
from bot.messages.blocks import Block, Message
from handlers import opening, typed
from handlers.desk import INJECTED
from tests.architecture import (
    ROOMS,
    Source,
    fixed_sleeps,
    forbidden_imports,
    imports_inside_functions,
    layer,
    looks_at_the_clock,
    looks_at_the_environment,
    outward_imports,
    patches,
    sources,
)
from tests.doors import BOLT_ARGUMENTS, unheard_and_unused, unknown_arguments
from tests.gallery import pieces
from tests.samples import Scene

PRODUCT = ("bot", "handlers", "schedules", "locales", "sandbox")

RULES: list[tuple[Callable[[Source], list[str]], tuple[str, ...]]] = [
    (outward_imports, PRODUCT),
    (forbidden_imports, ROOMS),
    (imports_inside_functions, ROOMS),
    (looks_at_the_clock, PRODUCT),
    (looks_at_the_environment, PRODUCT),
    (patches, ("tests",)),
    (fixed_sleeps, ("tests",)),
]


@pytest.mark.parametrize(("rule", "rooms"), RULES, ids=lambda value: getattr(value, "__name__", None))
def test_the_house_rules_hold(rule: Callable[[Source], list[str]], rooms: tuple[str, ...]) -> None:
    assert [breach for source in sources(*rooms) for breach in rule(source)] == []


def test_every_module_of_the_bot_has_its_place() -> None:
    assert [source.name for source in sources("bot") if source.name != "bot" and layer(source.name) is None] == []


@pytest.mark.parametrize(
    ("rule", "name", "text"),
    [
        (outward_imports, "bot.models.visits", "from bot.services import visits"),
        (outward_imports, "bot.messages.cards", "from bot import slack"),
        (outward_imports, "handlers.commands", "import schedules.timetable"),
        (outward_imports, "bot.app", "from bot.cli import main"),
        (forbidden_imports, "handlers.commands", "from sqlalchemy import select"),
        (forbidden_imports, "bot.services.visits", "import handlers"),
        (forbidden_imports, "bot.app", "from sandbox import workspace"),
        (forbidden_imports, "sandbox.server", "from bot.clock import Clock"),
        (imports_inside_functions, "bot.app", "def run():\n    if True:\n        import json"),
        (looks_at_the_clock, "bot.slack", "import datetime\nat = datetime.datetime.now()"),
        (looks_at_the_clock, "bot.slack", "from time import time"),
        (looks_at_the_environment, "bot.app", "import os\nport = os.environ['PORT']"),
        (patches, "tests.test_it", "def test_it(monkeypatch): ..."),
        (patches, "tests.test_it", "from unittest import mock\nmock.patch('a.b')"),
        (fixed_sleeps, "tests.test_it", "await asyncio.sleep(0.1)"),
    ],
)
def test_a_breach_is_noticed(rule: Callable[[Source], list[str]], name: str, text: str) -> None:
    assert rule(Source(name, text)) != []


@pytest.mark.parametrize(
    ("rule", "name", "text"),
    [
        (outward_imports, "bot.services.visits", "from bot.models import visits\nfrom bot.services import office"),
        (outward_imports, "bot.app", "import handlers, schedules"),
        (forbidden_imports, "bot.demo", "from sandbox import workspace"),
        (looks_at_the_clock, "bot.clock", "from datetime import datetime\ndatetime.now()"),
        (looks_at_the_clock, "bot.slack", "now = clock.now()\npause = time.monotonic()"),
        (fixed_sleeps, "tests.test_it", "await asyncio.sleep(0)"),
    ],
)
def test_what_is_allowed_is_not_reported(rule: Callable[[Source], list[str]], name: str, text: str) -> None:
    assert rule(Source(name, text)) == []


REGISTERED = (handlers.ACTIONS, handlers.VIEWS, handlers.EVENTS)
LISTENERS = dict.fromkeys(listener for doors in REGISTERED for listener in doors.values())
LISTENERS |= dict.fromkeys((typed.visit_command, opening.form_closed))


@pytest.mark.parametrize("listener", LISTENERS, ids=lambda listener: listener.__name__)
def test_a_listener_gets_everything_it_asks_for(listener: Callable[..., Any]) -> None:
    assert unknown_arguments(listener, INJECTED) == set()


@pytest.mark.parametrize("language", Language)
def test_every_button_has_a_listener_and_every_listener_a_button(language: Language) -> None:
    scene = Scene(Catalogs.load(), language)
    payloads = [_as_sent(built) for _, _, built in pieces(scene) if not isinstance(built, str)]

    assert unheard_and_unused(payloads, handlers.ACTIONS, handlers.VIEWS) == (set(), set())


def test_a_misspelt_argument_of_a_listener_is_noticed() -> None:
    async def listener(ack: object, viewer: object, person: object) -> None: ...

    assert unknown_arguments(listener, injected={"person"}) == {"viewer"}
    assert {"ack", "body", "client", "command", "context", "respond", "view"} <= BOLT_ARGUMENTS


def test_a_button_without_a_listener_and_a_listener_without_a_button_are_noticed() -> None:
    button = {"type": "button", "action_id": "pickup.on_my_way"}
    message = {"blocks": [{"type": "actions", "elements": [button]}]}
    view = {"type": "modal", "callback_id": "visit.create", "submit": {}, "blocks": [_beside("visit.back")]}

    unheard, unused = unheard_and_unused([message, view], ["visit.back", "meal.attends"], ["visit.create", "visit.end"])

    assert (unheard, unused) == ({"action pickup.on_my_way"}, {"action meal.attends", "view visit.end"})


def test_what_waits_for_its_form_and_what_is_only_read_need_no_listener() -> None:
    waiting, asking = _input("company"), _input("arrival_date", dispatch_action=True)
    read = {"type": "modal", "callback_id": "visit", "blocks": [waiting, asking]}

    assert unheard_and_unused([read], [], []) == ({"action arrival_date"}, set())


def _beside(action_id: str) -> dict[str, Any]:
    return {"type": "section", "accessory": {"type": "button", "action_id": action_id}}


def _input(action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "input", "element": {"type": "plain_text_input", "action_id": action_id}, **more}


def _as_sent(built: Message | Block) -> Block:
    return built.as_arguments() if isinstance(built, Message) else built
