"""Messages that apps write, change and delete, and what Slack refuses about them."""

import json

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import Hands
from sandbox.rates import Rates
from sandbox.server import Serving
from sandbox.workspace import Workspace
from tests.sandbox.conftest import BOT_TOKEN
from tests.sandbox.standins import actions, button, code, refusal, section


async def test_a_message_appears_for_the_people_and_keeps_its_metadata(client: AsyncWebClient, ana: Hands) -> None:
    metadata = {"event_type": "note", "event_payload": {"key": "7"}}
    posted = await client.chat_postMessage(channel="C01GENERAL", text="Hello", metadata=metadata)
    (seen,) = ana.messages("general")
    assert (seen["ts"], seen["text"], seen["bot_id"]) == (posted["ts"], "Hello", "B01TRYOUT")
    history = await client.conversations_history(channel="C01GENERAL", include_all_metadata=True)
    assert history["messages"][0]["metadata"] == metadata
    without = await client.conversations_history(channel="C01GENERAL")
    assert "metadata" not in without["messages"][0]


async def test_writing_to_a_person_opens_the_direct_message(client: AsyncWebClient, ana: Hands) -> None:
    first = await client.chat_postMessage(channel="U01ANA", text="One")
    again = await client.chat_postMessage(channel="U01ANA", text="Two")
    assert first["channel"] == again["channel"]
    assert first["channel"].startswith("D")
    assert [message["text"] for message in ana.dms()] == ["One", "Two"]


async def test_timestamps_never_repeat_even_while_time_stands_still(client: AsyncWebClient) -> None:
    stamps = [(await client.chat_postMessage(channel="C01GENERAL", text="x"))["ts"] for _ in range(5)]
    assert sorted(set(stamps)) == stamps


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C404", "text": "x"}, "channel_not_found"),
        ({"channel": "C01RANDOM", "text": "x", "thread_ts": "1.2"}, "thread_not_found"),
        ({"channel": "C01GENERAL", "text": ""}, "no_text"),
        ({"channel": "C01GENERAL", "text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ({"channel": "C01GENERAL", "text": "x", "blocks": [{"type": "nothing"}]}, "invalid_blocks"),
        ({"channel": "C01GENERAL", "text": "x", "blocks": [section("x" * 2900)] * 5}, "msg_blocks_too_long"),
        ({"channel": "C01GENERAL", "text": "x", "metadata": "nonsense"}, "invalid_metadata_format"),
        ({"channel": "C01GENERAL", "text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_schema"),
        (
            {
                "channel": "C01GENERAL",
                "text": "x",
                "metadata": {"event_type": "a", "event_payload": {"b": "x" * 17_000}},
            },
            "metadata_too_large",
        ),
        ({"channel": "C01GENERAL", "text": "x", "colour": "red"}, "invalid_arguments"),
        ({"channel": "C01GENERAL", "text": "x", "username": "Boss"}, "missing_scope"),
    ],
)
async def test_refused_messages(client: AsyncWebClient, arguments: dict[str, object], error: str) -> None:
    assert await code(client.api_call("chat.postMessage", json=arguments)) == error


async def test_invalid_blocks_are_pointed_at(client: AsyncWebClient) -> None:
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    answer = await refusal(client.chat_postMessage(channel="C01GENERAL", text="x", blocks=blocks))
    said = "must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    assert answer["errors"] == [said]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {said}"]


async def test_a_channel_the_app_is_not_in(workspace: Workspace, client: AsyncWebClient) -> None:
    app = workspace.apps["A01TRYOUT"]
    app.granted = sorted(app.scopes - {"chat:write.public"})
    assert await code(client.chat_postMessage(channel="C01RANDOM", text="x")) == "not_in_channel"
    app.granted = []
    assert (await client.chat_postMessage(channel="C01RANDOM", text="x"))["ok"]


async def test_text_over_the_limit_is_cut_and_refused_in_an_update(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C01GENERAL", text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    updating = client.chat_update(channel="C01GENERAL", ts=posted["ts"], text="x" * 4_001)
    assert await code(updating) == "msg_too_long"


async def test_an_update_with_blocks_shows_no_edited_mark_and_one_with_text_takes_the_blocks_away(
    client: AsyncWebClient, ana: Hands
) -> None:
    posted = await client.chat_postMessage(channel="C01GENERAL", text="Asked", blocks=[actions(button())])
    where = {"channel": "C01GENERAL", "ts": posted["ts"]}
    await client.chat_update(**where, text="Answered", blocks=[section("Answered")])
    (seen,) = ana.messages("general")
    assert [block["type"] for block in seen["blocks"]] == ["section"]
    assert "edited" not in seen
    await client.chat_update(**where, text="Closed")
    (seen,) = ana.messages("general")
    assert seen["text"] == "Closed"
    assert "blocks" not in seen
    assert seen["edited"]["user"] == "U01TRYOUT"


async def test_metadata_stays_through_an_update_that_does_not_name_it(client: AsyncWebClient, ana: Hands) -> None:
    metadata = {"event_type": "note", "event_payload": {"key": "7"}}
    posted = await client.chat_postMessage(channel="C01GENERAL", text="a", metadata=metadata)
    await client.chat_update(channel="C01GENERAL", ts=posted["ts"], text="b")
    assert ana.messages("general")[0]["metadata"] == metadata


async def test_only_its_author_changes_or_deletes_a_message(client: AsyncWebClient, ana: Hands) -> None:
    ts = await ana.type("general", "Mine")
    assert await code(client.chat_update(channel="C01GENERAL", ts=ts, text="x")) == "cant_update_message"
    assert await code(client.chat_delete(channel="C01GENERAL", ts=ts)) == "cant_delete_message"
    assert await code(client.chat_update(channel="C01GENERAL", ts="1.1", text="x")) == "message_not_found"


async def test_a_deleted_message_is_gone_and_the_root_of_a_thread_leaves_a_tombstone(
    client: AsyncWebClient, ana: Hands
) -> None:
    lone = await client.chat_postMessage(channel="C01GENERAL", text="alone")
    root = await client.chat_postMessage(channel="C01GENERAL", text="root")
    await client.chat_postMessage(channel="C01GENERAL", text="reply", thread_ts=root["ts"])
    await client.chat_delete(channel="C01GENERAL", ts=lone["ts"])
    await client.chat_delete(channel="C01GENERAL", ts=root["ts"])
    (left,) = ana.messages("general")
    assert left["subtype"] == "tombstone"
    assert [message["text"] for message in ana.thread("general", root["ts"])][1:] == ["reply"]


async def test_a_thread_counts_its_replies_and_keeps_them_out_of_the_conversation(
    client: AsyncWebClient, ana: Hands
) -> None:
    root = await client.chat_postMessage(channel="C01GENERAL", text="root")
    await client.chat_postMessage(channel="C01GENERAL", text="one", thread_ts=root["ts"])
    await ana.type("general", "two", root["ts"])
    (seen,) = ana.messages("general")
    assert (seen["reply_count"], seen["reply_users"]) == (2, ["U01TRYOUT", "U01ANA"])
    replies = await client.conversations_replies(channel="C01GENERAL", ts=root["ts"])
    assert [message["text"] for message in replies["messages"]] == ["root", "one", "two"]
    history = await client.conversations_history(channel="C01GENERAL")
    assert [message["text"] for message in history["messages"]] == ["root"]


async def test_an_ephemeral_message_is_for_one_pair_of_eyes(client: AsyncWebClient, ana: Hands, ben: Hands) -> None:
    sent = await client.chat_postEphemeral(channel="C01GENERAL", user="U01ANA", text="Between us")
    assert [message["text"] for message in ana.ephemerals("general")] == ["Between us"]
    assert ben.messages("general") == []
    assert (await client.conversations_history(channel="C01GENERAL"))["messages"] == []
    updating = client.chat_update(channel="C01GENERAL", ts=sent["message_ts"], text="x")
    assert await code(updating) == "message_not_found"
    outsider = client.chat_postEphemeral(channel="C01PLANS", user="U01CHEN", text="x")
    assert await code(outsider) == "user_not_in_channel"


async def test_history_is_paged_by_cursor_and_bounded_by_time(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.rates = Rates.unlimited()
    stamps = [(await client.chat_postMessage(channel="C01GENERAL", text=str(n)))["ts"] for n in range(7)]
    seen, cursor = [], ""
    while True:
        page = await client.conversations_history(channel="C01GENERAL", limit=3, cursor=cursor)
        seen += [message["text"] for message in page["messages"]]
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            break
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]
    bounded = await client.conversations_history(channel="C01GENERAL", oldest=stamps[2], latest=stamps[5])
    assert [message["text"] for message in bounded["messages"]] == ["4", "3"]
    one = await client.conversations_history(
        channel="C01GENERAL", oldest=stamps[3], latest=stamps[3], inclusive=True, limit=1
    )
    assert [message["text"] for message in one["messages"]] == ["3"]


async def test_arguments_come_by_query_form_or_json_and_the_token_in_any_of_them(serving: Serving, ana: Hands) -> None:
    url = f"{serving.api_url}chat.postMessage"
    blocks = json.dumps([section("from a form")])
    async with aiohttp.ClientSession() as session:
        query = {"channel": "C01GENERAL", "text": "query", "token": BOT_TOKEN}
        await session.get(url, params=query)
        await session.post(url, data={"channel": "C01GENERAL", "text": "form", "blocks": blocks, "token": BOT_TOKEN})
        header = {"Authorization": f"Bearer {BOT_TOKEN}"}
        await session.post(url, json={"channel": "C01GENERAL", "text": "json"}, headers=header)
    seen = ana.messages("general")
    assert [message["text"] for message in seen] == ["query", "form", "json"]
    assert seen[1]["blocks"][0]["text"]["text"] == "from a form"


async def test_permalinks(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C01GENERAL", text="x")
    link = await client.chat_getPermalink(channel="C01GENERAL", message_ts=posted["ts"])
    assert link["permalink"].endswith(f"/archives/C01GENERAL/p{posted['ts'].replace('.', '')}")
