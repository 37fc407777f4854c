"""Which app is told what, and in which shape."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.errors import Refusal
from sandbox.hands import Hands
from sandbox.people.doors import deactivate, welcome
from sandbox.server import Serving
from sandbox.workspace import Workspace
from tests.sandbox.bare_app import answering, bare_app
from tests.sandbox.standins import home, section


def told(workspace: Workspace) -> list[dict[str, Any]]:
    return [delivered.payload["event"] for delivered in workspace.record.deliveries_of("events_api")]


async def test_messages_are_told_where_the_app_is_subscribed_and_a_member(
    serving: Serving, workspace: Workspace, ana: Hands
) -> None:
    async with bare_app(serving) as app, answering(app):
        await ana.type("general", "in a channel")
        await ana.type("random", "where the app is not")
        await ana.type("plans", "of a kind it is not subscribed to")
        await ana.tell("directly")
    assert [(event["text"], event["channel_type"]) for event in told(workspace)] == [
        ("in a channel", "channel"),
        ("directly", "im"),
    ]


async def test_a_subscription_without_its_scope_tells_nothing(
    serving: Serving, workspace: Workspace, ana: Hands
) -> None:
    app = workspace.apps["A01TRYOUT"]
    app.granted = sorted(app.scopes - {"im:history"})
    async with bare_app(serving) as connection, answering(connection):
        await ana.tell("unheard")
    assert told(workspace) == []


async def test_a_mention_is_told_once_more_as_such(serving: Serving, workspace: Workspace, ana: Hands) -> None:
    async with bare_app(serving) as app, answering(app):
        await ana.type("general", "<@U01TRYOUT> are you there?")
    assert sorted(event["type"] for event in told(workspace)) == ["app_mention", "message"]


async def test_changes_and_deletions_are_told_with_what_was_before(
    serving: Serving, workspace: Workspace, client: AsyncWebClient
) -> None:
    async with bare_app(serving) as app, answering(app):
        posted = await client.chat_postMessage(channel="C01GENERAL", text="one")
        await client.chat_update(channel="C01GENERAL", ts=posted["ts"], text="two")
        await client.chat_delete(channel="C01GENERAL", ts=posted["ts"])
        await workspace.events.settled()
    _, changed, deleted = told(workspace)
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("two", "one")
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", posted["ts"])


async def test_an_opened_home_tab_is_told_with_the_view_that_is_there(
    serving: Serving, workspace: Workspace, client: AsyncWebClient, ana: Hands
) -> None:
    async with bare_app(serving) as app, answering(app):
        await ana.open_home()
        await client.views_publish(user_id="U01ANA", view=home(section("Hi")))
        await ana.open_home()
    first, second = told(workspace)
    assert (first["type"], first["tab"], "view" in first) == ("app_home_opened", "home", False)
    assert second["view"]["blocks"][0]["text"]["text"] == "Hi"


async def test_people_coming_and_leaving(serving: Serving, workspace: Workspace) -> None:
    app = workspace.apps["A01TRYOUT"]
    app.manifest_source["settings"]["event_subscriptions"]["bot_events"].append("team_join")
    async with bare_app(serving) as connection, answering(connection):
        welcome(workspace, id="U01DAN", name="dan", locale="en-GB")
        deactivate(workspace, "U01CHEN")
        await workspace.events.settled()
    joined, left = told(workspace)
    assert (joined["type"], joined["user"]["id"]) == ("team_join", "U01DAN")
    assert (left["type"], left["user"]["id"], left["user"]["deleted"]) == ("user_change", "U01CHEN", True)


async def test_a_member_who_joins_is_told(serving: Serving, workspace: Workspace, client: AsyncWebClient) -> None:
    async with bare_app(serving) as app, answering(app):
        await client.conversations_join(channel="C01RANDOM")
        await workspace.events.settled()
    (event,) = told(workspace)
    assert (event["type"], event["user"], event["channel"]) == ("member_joined_channel", "U01TRYOUT", "C01RANDOM")


async def test_a_message_shortcut_carries_the_message(serving: Serving, workspace: Workspace, ana: Hands) -> None:
    await ana.type("random", "answer this")
    async with bare_app(serving) as app, answering(app):
        await ana.shortcut("answer", ana.messages("random")[0])
    payload = workspace.record.deliveries_of("interactive")[0].payload
    assert (payload["type"], payload["callback_id"]) == ("message_action", "answer")
    assert payload["message"]["text"] == "answer this"
    assert payload["response_url"].startswith(serving.url)


async def test_names_in_a_command_become_references_where_the_manifest_asks_for_it(
    serving: Serving, workspace: Workspace, ana: Hands
) -> None:
    described = workspace.apps["A01TRYOUT"].manifest_source["features"]["slash_commands"][0]
    async with bare_app(serving) as app, answering(app):
        await ana.command("/hello @ben in #general or @nobody")
        described["should_escape"] = True
        await ana.command("/hello @ben in #general or @nobody")
    texts = [delivered.payload["text"] for delivered in workspace.record.deliveries_of("slash_commands")]
    assert texts == [
        "@ben in #general or @nobody",
        "<@U01BEN|ben> in <#C01GENERAL|general> or @nobody",
    ]


async def test_an_app_that_is_not_interactive_hears_of_no_click(workspace: Workspace, ana: Hands) -> None:
    workspace.apps["A01TRYOUT"].manifest_source["settings"]["interactivity"]["is_enabled"] = False
    with pytest.raises(Refusal, match="app_not_interactive"):
        await ana.shortcut("hello")
