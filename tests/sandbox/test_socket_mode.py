"""Socket Mode as Slack speaks it: envelopes, acks, several connections, refresh, late acks, redelivery."""

import asyncio
from typing import Any

import aiohttp
import pytest

from sandbox.errors import Refusal
from sandbox.hands import Hands
from sandbox.server import Serving
from sandbox.workspace import Workspace
from tests.sandbox.bare_app import answering, bare_app
from tests.sandbox.standins import actions, button, modal, plain


async def test_a_command_arrives_in_slacks_shape_and_the_ack_is_its_answer(serving: Serving, ana: Hands) -> None:
    async with bare_app(serving) as app:
        assert app.hello["connection_info"] == {"app_id": "A01TRYOUT"}
        typing = asyncio.create_task(ana.command("/hello  brave world", "general"))
        envelope = await app.next()
        await app.ack(envelope, {"text": "Hi"})
        await typing
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    payload = envelope["payload"]
    assert payload["response_url"].startswith(serving.url)
    told = {name: payload[name] for name in ("command", "text", "user_id", "user_name", "channel_name", "team_domain")}
    assert told == {
        "command": "/hello",
        "text": "brave world",
        "user_id": "U01ANA",
        "user_name": "ana",
        "channel_name": "general",
        "team_domain": "sandbox",
    }
    assert [message["text"] for message in ana.ephemerals("general")] == ["Hi"]


async def test_an_event_arrives_with_its_authorization(serving: Serving, ana: Hands) -> None:
    async with bare_app(serving) as app:
        typing = asyncio.create_task(ana.tell("to the bot"))
        envelope = await app.next()
        await app.ack(envelope)
        await typing
    payload, event = envelope["payload"], envelope["payload"]["event"]
    assert (envelope["type"], envelope["retry_attempt"], payload["type"]) == ("events_api", 0, "event_callback")
    assert (event["type"], event["channel_type"], event["text"]) == ("message", "im", "to the bot")
    assert payload["authorizations"][0]["user_id"] == "U01TRYOUT"


async def test_a_click_tells_of_message_and_state(
    serving: Serving, workspace: Workspace, client: Any, ana: Hands
) -> None:
    picker = {"type": "datepicker", "action_id": "day", "initial_date": "2026-03-01"}
    blocks = [actions(button("Yes", "yes", value="7"), picker, block_id="answer")]
    async with bare_app(serving) as app:
        posted = await client.chat_postMessage(channel="U01ANA", text="Well?", blocks=blocks)
        await app.ack(await app.next())  # its own message
        pressing = asyncio.create_task(ana.press(ana.dms()[0], "Yes"))
        envelope = await app.next()
        await app.ack(envelope)
        await pressing
    payload = envelope["payload"]
    (action,) = payload["actions"]
    assert payload["type"] == "block_actions"
    assert (action["action_id"], action["block_id"], action["value"], action["text"]["text"]) == (
        "yes",
        "answer",
        "7",
        "Yes",
    )
    assert payload["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": posted["channel"],
        "is_ephemeral": False,
    }
    assert payload["message"]["ts"] == posted["ts"]
    assert payload["channel"]["name"] == "directmessage"
    assert payload["state"]["values"]["answer"]["day"] == {"type": "datepicker", "selected_date": "2026-03-01"}
    assert payload["user"] == {"id": "U01ANA", "username": "ana", "name": "ana", "team_id": "T0SANDBOX"}


async def test_without_a_connection_the_person_is_told_at_once(serving: Serving, ana: Hands) -> None:
    with pytest.raises(Refusal) as caught:
        await ana.command("/hello")
    assert caught.value.code == "dispatch_failed"
    assert "/hello" in ana.troubles[0].text
    assert "dispatch_failed" in ana.troubles[0].text


async def test_a_late_ack_is_a_timeout_for_the_person(serving: Serving, workspace: Workspace, ana: Hands) -> None:
    workspace.timings.ack_seconds = 0.1
    async with bare_app(serving) as app:
        with pytest.raises(Refusal) as caught:
            await ana.command("/hello")
        await app.ack(await app.next(), {"text": "too late"})
        workspace.timings.ack_seconds = 3
        async with answering(app):
            await ana.command("/hello")
    assert caught.value.code == "operation_timeout"
    assert ana.ephemerals("general") == [], "the late answer counts no more"


async def test_an_event_without_ack_comes_again_three_times_and_says_why(
    serving: Serving, workspace: Workspace, ana: Hands
) -> None:
    workspace.timings.ack_seconds = 0.05
    workspace.timings.retry_after = (0.0, 0.0, 0.0)
    async with bare_app(serving) as app:
        await ana.tell("anybody?")
        envelopes = [await app.next() for _ in range(4)]
        await ana.until(lambda: len(workspace.record.deliveries_of("events_api")) == 4)
        workspace.timings.ack_seconds = 3
        answer = asyncio.create_task(ana.tell("and now?"))
        last = await app.next()
        await app.ack(last)
        await answer
    assert [one["retry_attempt"] for one in envelopes] == [0, 1, 2, 3]
    assert [one["retry_reason"] for one in envelopes] == ["", "timeout", "timeout", "timeout"]
    assert len({one["payload"]["event_id"] for one in envelopes}) == 1
    assert len({one["envelope_id"] for one in envelopes}) == 4
    assert last["payload"]["event"]["text"] == "and now?", "after the third time it is given up"


async def test_an_event_missed_while_nobody_was_connected_reaches_who_comes(
    serving: Serving, workspace: Workspace, ana: Hands
) -> None:
    workspace.timings.retry_after = (0.1,) * 50
    await ana.tell("early")
    async with bare_app(serving) as app:
        envelope = await app.next()
        await app.ack(envelope)
        await ana.until(lambda: workspace.record.deliveries[-1].problem is None)
    assert envelope["payload"]["event"]["text"] == "early"
    assert envelope["retry_attempt"] >= 1


async def test_each_of_several_connections_gets_its_turn(serving: Serving, workspace: Workspace, ana: Hands) -> None:
    async with bare_app(serving) as one, bare_app(serving) as other:
        assert (one.hello["num_connections"], other.hello["num_connections"]) == (1, 2)
        served: set[str] = set()

        async def count(name: str, app: Any) -> None:
            envelope = await app.next()
            served.add(name)
            await app.ack(envelope)
            await app.answer_all()

        counting = [asyncio.create_task(count("one", one)), asyncio.create_task(count("other", other))]
        for _ in range(4):
            await ana.command("/hello")
        for task in counting:
            task.cancel()
        await asyncio.gather(*counting, return_exceptions=True)
    assert served == {"one", "other"}


async def test_no_more_than_ten_connections(serving: Serving) -> None:
    held = [bare_app(serving) for _ in range(11)]
    apps = [await one.__aenter__() for one in held]
    assert [app.hello["type"] for app in apps] == ["hello"] * 10 + ["disconnect"]
    assert apps[-1].hello["reason"] == "too_many_websockets"
    for one in held:
        await one.__aexit__(None, None, None)


async def test_a_refresh_asks_to_reconnect_and_still_takes_the_old_acks(
    serving: Serving, workspace: Workspace, ana: Hands
) -> None:
    workspace.timings.refresh_grace = 0.5
    async with bare_app(serving) as old:
        typing = asyncio.create_task(ana.command("/hello", "general"))
        envelope = await old.next()
        refreshing = asyncio.create_task(workspace.sockets.refresh("A01TRYOUT"))
        assert (await old.next())["reason"] == "refresh_requested"
        await old.ack(envelope, {"text": "from the old line"})
        await typing
        assert not workspace.is_connected(workspace.apps["A01TRYOUT"])
        async with bare_app(serving) as new, answering(new):
            await ana.command("/hello")
        await refreshing
        assert (await old.socket.receive()).type is aiohttp.WSMsgType.CLOSE
    assert len(ana.ephemerals("general")) == 1


async def test_a_ticket_opens_one_connection(serving: Serving) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(f"{serving.url}/link/?ticket=invented")


SUBMISSION_ANSWERS: list[tuple[Any, list[str]]] = [
    (None, []),
    ({"response_action": "clear"}, []),
    ({"response_action": "update", "view": modal(title=plain("Updated"))}, ["Updated"]),
    ({"response_action": "push", "view": modal(title=plain("Pushed"))}, ["Title", "Pushed"]),
]


@pytest.mark.parametrize(("answer", "titles"), SUBMISSION_ANSWERS)
async def test_what_the_answer_to_a_submission_does(
    serving: Serving, workspace: Workspace, client: Any, ana: Hands, answer: Any, titles: list[str]
) -> None:
    async with bare_app(serving) as app, answering(app, answer):
        trigger_id = workspace.triggers.issue("A01TRYOUT", "U01ANA")
        await client.views_open(trigger_id=trigger_id, view=modal())
        assert await ana.submit() == {}
    assert [view.as_slack()["title"]["text"] for view in workspace.views.stack("U01ANA")] == titles


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"response_action": "errors", "errors": {"elsewhere": "no"}}, "invalid_errors"),
        ({"response_action": "errors"}, "invalid_errors"),
        ({"response_action": "dance"}, "invalid_response_action"),
        ({"response_action": "update", "view": modal(title=plain("x" * 25))}, "invalid_arguments"),
    ],
)
async def test_an_answer_that_slack_cannot_use_is_trouble_for_the_person(
    serving: Serving, workspace: Workspace, client: Any, ana: Hands, answer: Any, error: str
) -> None:
    async with bare_app(serving) as app, answering(app, answer):
        trigger_id = workspace.triggers.issue("A01TRYOUT", "U01ANA")
        await client.views_open(trigger_id=trigger_id, view=modal())
        with pytest.raises(Refusal) as caught:
            await ana.submit()
    assert caught.value.code == error
    assert ana.view() is not None, "the form stays open, with what was typed"


async def test_closing_is_told_to_who_asked_for_it(
    serving: Serving, workspace: Workspace, client: Any, ana: Hands
) -> None:
    async with bare_app(serving) as app, answering(app):
        for quiet in (False, True):
            trigger_id = workspace.triggers.issue("A01TRYOUT", "U01ANA")
            await client.views_open(trigger_id=trigger_id, view=modal(notify_on_close=not quiet))
            await ana.close(everything=quiet)
    (closed,) = workspace.record.deliveries_of("interactive")
    assert (closed.payload["type"], closed.payload["is_cleared"]) == ("view_closed", False)
