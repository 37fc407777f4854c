"""Letting an app in: the consent page, the code, the token; and out again."""

from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Serving
from sandbox.workspace import Workspace
from tests.sandbox.bare_app import answering, bare_app
from tests.sandbox.standins import code

BACK = "http://127.0.0.1:9/done"


@pytest.fixture
def credentials(workspace: Workspace) -> dict[str, str]:
    app = workspace.apps["A01TRYOUT"]
    app.manifest_source["oauth_config"]["redirect_urls"] = [BACK]
    return {"client_id": app.client_id, "client_secret": app.client_secret}


async def consent(serving: Serving, client_id: str, answer: str = "allow") -> dict[str, list[str]]:
    query = {"client_id": client_id, "scope": "chat:write,users:read", "redirect_uri": BACK, "state": "s1"}
    async with aiohttp.ClientSession() as session:
        page = await session.get(f"{serving.url}/oauth/v2/authorize", params=query)
        assert "chat:write" in await page.text()
        url, form = f"{serving.url}/oauth/v2/authorize", {"answer": answer, "as": "U01ANA"}
        async with session.post(url, params=query, data=form, allow_redirects=False) as response:
            assert response.status == 303
            return parse_qs(urlsplit(response.headers["Location"]).query)


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack_sdk's own use of aiohttp
async def test_a_code_is_traded_for_a_token_once(serving: Serving, credentials: dict[str, str]) -> None:
    came_back = await consent(serving, credentials["client_id"])
    assert came_back["state"] == ["s1"]
    slack = AsyncWebClient(base_url=serving.api_url)
    given = await slack.oauth_v2_access(**credentials, code=came_back["code"][0], redirect_uri=BACK)
    assert (given["token_type"], given["scope"]) == ("bot", "chat:write,users:read")
    assert given["authed_user"] == {"id": "U01ANA"}
    installed = AsyncWebClient(token=given["access_token"], base_url=serving.api_url)
    assert (await installed.users_info(user="U01ANA"))["ok"]
    assert await code(installed.users_lookupByEmail(email="x")) == "missing_scope"
    again = slack.oauth_v2_access(**credentials, code=came_back["code"][0])
    assert await code(again) == "invalid_code"
    wrong = slack.oauth_v2_access(client_id=credentials["client_id"], client_secret="x", code="y")
    assert await code(wrong) == "bad_client_secret"


async def test_a_person_may_say_no(serving: Serving, credentials: dict[str, str]) -> None:
    assert (await consent(serving, credentials["client_id"], "cancel"))["error"] == ["access_denied"]


async def test_only_addresses_of_the_manifest_get_a_code(serving: Serving, credentials: dict[str, str]) -> None:
    query = {"client_id": credentials["client_id"], "redirect_uri": "https://elsewhere.example/"}
    async with aiohttp.ClientSession() as session:
        assert (await session.get(f"{serving.url}/oauth/v2/authorize", params=query)).status == 400


async def test_an_uninstalled_app_is_told_and_locked_out(
    serving: Serving, workspace: Workspace, client: AsyncWebClient, credentials: dict[str, str]
) -> None:
    app = workspace.apps["A01TRYOUT"]
    app.manifest_source["settings"]["event_subscriptions"]["bot_events"] += ["app_uninstalled", "tokens_revoked"]
    async with bare_app(serving) as connection, answering(connection):
        workspace.revoke_tokens(app)
        workspace.uninstall(app)
        await workspace.events.settled()
    told = [one.payload["event"]["type"] for one in workspace.record.deliveries_of("events_api")]
    assert told == ["tokens_revoked", "app_uninstalled"]
    assert await code(client.auth_test()) == "token_revoked"
    late = AsyncWebClient(token=app.bot_token, base_url=serving.api_url)
    assert await code(late.auth_test()) == "account_inactive"
