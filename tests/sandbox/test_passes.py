"""Trigger ids and response URLs: how long and how often they work."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.conversing import say
from sandbox.hands import Hands
from sandbox.people.payloads import response_url
from sandbox.server import Serving
from sandbox.workspace import Workspace
from tests.sandbox.standins import HandTime, code, modal, section


def trigger(workspace: Workspace, user_id: str = "U01ANA") -> str:
    return workspace.triggers.issue("A01TRYOUT", user_id)


async def test_a_trigger_id_works_once(client: AsyncWebClient, workspace: Workspace, ana: Hands) -> None:
    trigger_id = trigger(workspace)
    await client.views_open(trigger_id=trigger_id, view=modal(section()))
    assert ana.view() is not None
    assert await code(client.views_open(trigger_id=trigger_id, view=modal())) == "exchanged_trigger_id"
    assert await code(client.views_open(trigger_id="1.2.abc", view=modal())) == "invalid_trigger_id"


async def test_a_trigger_id_lives_three_seconds_of_real_time(
    client: AsyncWebClient, workspace: Workspace, time_source: HandTime, ana: Hands
) -> None:
    early, late = trigger(workspace), trigger(workspace)
    time_source.pass_(3)
    await client.views_open(trigger_id=early, view=modal(section()))
    time_source.pass_(0.1)
    assert await code(client.views_open(trigger_id=late, view=modal())) == "expired_trigger_id"


async def test_a_jump_of_the_workspace_clock_ages_no_trigger(client: AsyncWebClient, workspace: Workspace) -> None:
    trigger_id = trigger(workspace)
    before = workspace.clock.now()
    workspace.clock.to(before.replace(year=before.year + 1))
    assert (await client.views_open(trigger_id=trigger_id, view=modal(section())))["ok"]


@pytest.fixture
def url(serving: Serving, workspace: Workspace) -> str:
    app, user = workspace.apps["A01TRYOUT"], workspace.users["U01ANA"]
    return response_url(workspace, app, user, workspace.channels["C01GENERAL"])


async def post(url: str, **payload: object) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, json=payload) as response:
        if response.status == 200:
            return 200, await response.text()
        return response.status, str((await response.json())["error"])


async def test_a_response_url_works_five_times(url: str, ana: Hands, ben: Hands) -> None:
    for number in range(5):
        assert await post(url, text=str(number)) == (200, "ok")
    assert await post(url, text="once more") == (404, "used_url")
    assert [message["text"] for message in ana.ephemerals("general")] == ["0", "1", "2", "3", "4"]
    assert ben.messages("general") == []


async def test_a_response_url_lives_thirty_minutes(url: str, time_source: HandTime) -> None:
    time_source.pass_(30 * 60)
    assert await post(url, text="just in time") == (200, "ok")
    time_source.pass_(1)
    assert await post(url, text="too late") == (404, "expired_url")


async def test_a_response_url_speaks_to_everybody_when_told_so(url: str, ben: Hands) -> None:
    await post(url, text="For all", response_type="in_channel")
    assert [message["text"] for message in ben.messages("general")] == ["For all"]
    assert await post(url, text="x", response_type="aloud") == (400, "invalid_response_type")
    assert await post(url) == (400, "no_text")
    assert await post(url, text="x", tone="loud") == (400, "invalid_arguments")


async def test_a_response_url_of_a_click_replaces_and_deletes_the_message(
    serving: Serving, workspace: Workspace, ana: Hands
) -> None:
    app, user = workspace.apps["A01TRYOUT"], workspace.users["U01ANA"]
    channel = workspace.channels["C01GENERAL"]
    message = say(
        workspace, channel, {"text": "old", "bot_id": app.bot_id, "user": app.bot_user_id}, ephemeral_to=user.id
    )
    url = response_url(workspace, app, user, channel, message_ts=message.ts)
    await post(url, text="new", replace_original=True)
    assert [one["text"] for one in ana.ephemerals("general")] == ["new"]
    await post(url, delete_original=True)
    assert ana.ephemerals("general") == []
