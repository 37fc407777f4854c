"""Faults on request, each seen from the app's side or the person's."""

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.errors import Refusal
from sandbox.faults import Fault, Faults
from sandbox.hands import Hands
from sandbox.server import Serving
from sandbox.workspace import Workspace
from tests.sandbox.bare_app import answering, bare_app


async def test_429_says_how_long_to_wait_and_is_gone_afterwards(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.faults.add(Fault("rate_limited", "chat.postMessage", seconds=7))
    await client.auth_test()
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C01GENERAL", text="x")
    response = caught.value.response
    assert (response.status_code, response.headers["Retry-After"], response["error"]) == (429, "7", "ratelimited")
    assert (await client.chat_postMessage(channel="C01GENERAL", text="x"))["ok"]


async def test_500(client: AsyncWebClient, workspace: Workspace, ana: Hands) -> None:
    workspace.faults.add(Fault("server_error", times=2))
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel="C01GENERAL", text="x")
        assert caught.value.response.status_code == 500
    assert ana.messages("general") == []


async def test_a_lost_answer_breaks_the_line_after_the_message_was_posted(
    client: AsyncWebClient, workspace: Workspace, ana: Hands
) -> None:
    client.retry_handlers.clear()
    workspace.faults.add(Fault("lost_answer", "chat.postMessage"))
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C01GENERAL", text="posted all the same")
    assert [message["text"] for message in ana.messages("general")] == ["posted all the same"]
    assert workspace.record.calls_of("chat.postMessage")[-1].ok


async def test_a_dropped_connection_carries_nothing_out(
    client: AsyncWebClient, workspace: Workspace, ana: Hands
) -> None:
    client.retry_handlers.clear()
    workspace.faults.add(Fault("drop_connection", "chat.postMessage"))
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C01GENERAL", text="x")
    assert ana.messages("general") == []


async def test_a_time_out_holds_the_line(serving: Serving, workspace: Workspace, ana: Hands) -> None:
    workspace.faults.add(Fault("timeout", seconds=30))
    impatient = AsyncWebClient(token="xoxb-sandbox-tryout", base_url=serving.api_url, timeout=1, retry_handlers=[])
    with pytest.raises(asyncio.TimeoutError):
        await impatient.chat_postMessage(channel="C01GENERAL", text="x")
    assert ana.messages("general") == []


async def test_an_envelope_that_comes_twice(serving: Serving, workspace: Workspace, ana: Hands) -> None:
    workspace.faults.add(Fault("duplicate_envelope", "slash_commands"))
    async with bare_app(serving) as app, answering(app):
        await ana.command("/hello")
        await ana.until(lambda: len(workspace.record.deliveries_of("slash_commands")) == 2)
    first, second = workspace.record.deliveries_of("slash_commands")
    assert first.payload == second.payload


async def test_a_slow_ack_counts_as_late(serving: Serving, workspace: Workspace, ana: Hands) -> None:
    workspace.timings.ack_seconds = 0.2
    workspace.faults.add(Fault("slow_ack", seconds=5))
    async with bare_app(serving) as app, answering(app):
        with pytest.raises(Refusal, match="operation_timeout"):
            await ana.command("/hello")
        workspace.timings.ack_seconds = 3
        await ana.command("/hello")


async def test_a_dropped_socket_loses_a_command_but_no_event(
    serving: Serving, workspace: Workspace, ana: Hands
) -> None:
    workspace.timings.retry_after = (0.0,)
    workspace.faults.add(Fault("drop_connection", "slash_commands"))
    workspace.faults.add(Fault("drop_connection", "events_api"))
    async with bare_app(serving) as first:
        with pytest.raises(Refusal, match="dispatch_failed"):
            await ana.command("/hello")
        assert (await first.socket.receive()).type is aiohttp.WSMsgType.CLOSE
    async with bare_app(serving), bare_app(serving) as second:
        await ana.tell("still there?")
        envelope = await second.next()
        await second.ack(envelope)
    assert envelope["retry_attempt"] == 1


def test_a_fault_with_a_probability_spares_some() -> None:
    faults = Faults(seed=1)
    faults.add(Fault("server_error", times=1000, probability=0.5))
    hit = sum(faults.for_call("auth.test") is not None for _ in range(1000))
    assert 400 < hit < 600


def test_faults_are_listed_cleared_and_checked() -> None:
    faults = Faults()
    faults.add_json({"kind": "timeout", "method": None, "times": 2})
    assert faults.listing()[0]["times"] == 2
    faults.clear()
    assert faults.listing() == []
    for wrong in ({"kind": "earthquake"}, {"method": "x"}, {"kind": "timeout", "colour": "red"}):
        with pytest.raises(Refusal, match="invalid_fault"):
            faults.add_json(wrong)
