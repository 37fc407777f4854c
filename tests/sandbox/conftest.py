"""A workspace for each test, and ways to speak to it."""

from collections.abc import AsyncIterator
from copy import deepcopy
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import WorkspaceClock
from sandbox.default_seed import SEED
from sandbox.hands import Hands
from sandbox.server import Serving, serve
from sandbox.workspace import Workspace
from tests.sandbox.standins import HandTime

BOT_TOKEN = "xoxb-sandbox-tryout"
APP_TOKEN = "xapp-sandbox-tryout"


@pytest.fixture
def seed() -> dict[str, Any]:
    return deepcopy(SEED)


@pytest.fixture
def time_source() -> HandTime:
    return HandTime()


@pytest.fixture
async def workspace(seed: dict[str, Any], time_source: HandTime) -> Workspace:
    """A workspace whose real time stands still until the test moves it."""
    return Workspace.load(seed, clock=WorkspaceClock(time_source))


@pytest.fixture
async def serving(workspace: Workspace) -> AsyncIterator[Serving]:
    async with serve(workspace) as running:
        yield running


@pytest.fixture
def client(serving: Serving) -> AsyncWebClient:
    return AsyncWebClient(token=BOT_TOKEN, base_url=serving.api_url)


@pytest.fixture
def ana(workspace: Workspace) -> Hands:
    return Hands(workspace, "U01ANA")


@pytest.fixture
def ben(workspace: Workspace) -> Hands:
    return Hands(workspace, "U01BEN")
