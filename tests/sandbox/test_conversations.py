"""Channels, DMs, people and the team, as apps read them."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import Hands
from sandbox.workspace import Workspace
from tests.sandbox.standins import code, refusal


async def test_channels_are_listed_by_kind_and_private_ones_only_to_members(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    workspace.add_channel("secret", is_private=True, members=["U01ANA"])
    public = await client.conversations_list()
    assert {one["name"] for one in public["channels"]} == {"general", "random"}
    private = await client.conversations_list(types="private_channel")
    assert [one["name"] for one in private["channels"]] == ["plans"]
    assert await code(client.conversations_list(types="secret_channel")) == "invalid_types"


async def test_lists_are_paged_by_cursor(client: AsyncWebClient) -> None:
    first = await client.conversations_list(limit=1)
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_list(limit=1, cursor=cursor)
    assert [one["name"] for one in (*first["channels"], *second["channels"])] == ["general", "random"]
    assert second["response_metadata"]["next_cursor"] == ""
    assert await code(client.conversations_list(cursor="nonsense")) == "invalid_cursor"


async def test_a_conversation_is_described_with_its_members(client: AsyncWebClient) -> None:
    info = await client.conversations_info(channel="C01GENERAL", include_num_members=True)
    assert (info["channel"]["name"], info["channel"]["is_member"], info["channel"]["num_members"]) == (
        "general",
        True,
        4,
    )
    members = await client.conversations_members(channel="C01GENERAL")
    assert set(members["members"]) == {"U01ANA", "U01BEN", "U01CHEN", "U01TRYOUT"}
    assert await code(client.conversations_info(channel="C404")) == "channel_not_found"


async def test_joining_creating_and_inviting(client: AsyncWebClient, ana: Hands) -> None:
    assert await code(client.conversations_invite(channel="C01RANDOM", users="U01ANA")) == "not_in_channel"
    await client.conversations_join(channel="C01RANDOM")
    assert (await client.conversations_join(channel="C01RANDOM"))["warning"] == "already_in_channel"
    created = await client.conversations_create(name="visits")
    channel = created["channel"]["id"]
    assert await code(client.conversations_create(name="visits")) == "name_taken"
    assert await code(client.conversations_create(name="Not so")) == "invalid_name_specials"
    await client.conversations_invite(channel=channel, users=["U01ANA", "U01BEN"])
    assert await code(client.conversations_invite(channel=channel, users="U01ANA")) == "already_in_channel"
    assert ana.messages("visits") == []


async def test_opening_a_direct_message(client: AsyncWebClient) -> None:
    opened = await client.conversations_open(users="U01ANA", return_im=True)
    assert (opened["channel"]["is_im"], opened["channel"]["user"]) == (True, "U01ANA")
    assert (await client.conversations_open(users="U01ANA"))["already_open"]
    group = await client.conversations_open(users="U01ANA,U01BEN")
    assert group["channel"]["id"] != opened["channel"]["id"]
    assert await code(client.conversations_open(users="U404")) == "user_not_found"
    mine = await client.users_conversations(types="im,mpim")
    assert len(mine["channels"]) == 2


async def test_people_have_locale_and_zone_when_asked_for(client: AsyncWebClient) -> None:
    plain = await client.users_info(user="U01CHEN")
    assert "locale" not in plain["user"]
    asked = await client.users_info(user="U01CHEN", include_locale=True)
    user = asked["user"]
    assert (user["locale"], user["tz"], user["tz_offset"]) == ("zh-CN", "Asia/Shanghai", 8 * 3600)
    everybody = await client.users_list(include_locale=True)
    assert {one["id"] for one in everybody["members"]} >= {"U01ANA", "U01BEN", "U01CHEN", "U01TRYOUT"}
    assert await code(client.users_info(user="U404")) == "user_not_found"


async def test_people_by_address(client: AsyncWebClient) -> None:
    found = await client.users_lookupByEmail(email="Ana@example.com")
    assert found["user"]["id"] == "U01ANA"
    assert await code(client.users_lookupByEmail(email="nobody@example.com")) == "users_not_found"


async def test_the_app_and_the_team_know_themselves(client: AsyncWebClient) -> None:
    me = await client.auth_test()
    assert (me["user_id"], me["bot_id"], me["team_id"]) == ("U01TRYOUT", "B01TRYOUT", "T0SANDBOX")
    assert "chat:write" in me.headers["x-oauth-scopes"]
    assert (await client.bots_info(bot="B01TRYOUT"))["bot"]["app_id"] == "A01TRYOUT"
    assert (await client.team_info())["team"]["domain"] == "sandbox"


METHODS_AND_SCOPES: list[tuple[str, dict[str, Any], str]] = [
    ("chat.postMessage", {"channel": "C01GENERAL", "text": "x"}, "chat:write"),
    ("users.info", {"user": "U01ANA"}, "users:read"),
    ("users.lookupByEmail", {"email": "ana@example.com"}, "users:read.email"),
    ("conversations.history", {"channel": "C01GENERAL"}, "channels:history"),
    ("conversations.list", {"types": "im"}, "im:read"),
    ("conversations.open", {"users": "U01ANA"}, "im:write"),
    ("conversations.join", {"channel": "C01RANDOM"}, "channels:join"),
    ("files.info", {"file": "F1"}, "files:read"),
    ("files.getUploadURLExternal", {"filename": "a", "length": 1}, "files:write"),
    ("team.info", {}, "team:read"),
    ("pins.add", {"channel": "C01GENERAL", "timestamp": "1.1"}, "pins:write"),
]


@pytest.mark.parametrize(
    ("method", "arguments", "scope"), METHODS_AND_SCOPES, ids=[row[0] for row in METHODS_AND_SCOPES]
)
async def test_a_scope_that_the_manifest_lacks_is_asked_for(
    client: AsyncWebClient, workspace: Workspace, method: str, arguments: dict[str, Any], scope: str
) -> None:
    app = workspace.apps["A01TRYOUT"]
    app.granted = sorted(app.scopes - {scope})
    answer = await refusal(client.api_call(method, json=arguments))
    assert answer["error"] == "missing_scope"
    assert scope in answer["needed"]
    assert scope not in answer["provided"].split(",")


async def test_tokens(client: AsyncWebClient, serving: Any) -> None:
    async def error_with(token: str | None, method: str = "users.list") -> str:
        return await code(AsyncWebClient(token=token, base_url=serving.api_url).api_call(method))

    assert await error_with(None) == "not_authed"
    assert await error_with("xoxb-of-somebody-else") == "invalid_auth"
    assert await error_with("xapp-sandbox-tryout") == "not_allowed_token_type"
    assert await error_with("xoxb-sandbox-tryout", "apps.connections.open") == "not_allowed_token_type"
    assert await error_with("xoxb-sandbox-tryout", "users.teleport") == "unknown_method"
    assert await error_with("xoxb-sandbox-tryout", "files.upload") == "method_deprecated"
    await client.auth_revoke()
    assert await error_with("xoxb-sandbox-tryout") == "token_revoked"


async def test_reactions_and_pins(client: AsyncWebClient, ana: Hands) -> None:
    ts = await ana.type("general", "Well done")
    await client.reactions_add(channel="C01GENERAL", name="tada", timestamp=ts)
    again = client.reactions_add(channel="C01GENERAL", name="tada", timestamp=ts)
    assert await code(again) == "already_reacted"
    assert ana.messages("general")[0]["reactions"] == [{"name": "tada", "users": ["U01TRYOUT"], "count": 1}]
    await client.reactions_remove(channel="C01GENERAL", name="tada", timestamp=ts)
    assert ana.messages("general")[0]["reactions"] == []
    await client.pins_add(channel="C01GENERAL", timestamp=ts)
    assert ana.messages("general")[0]["pinned_to"] == ["C01GENERAL"]
