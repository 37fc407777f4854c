"""`visita check` finds what is wrong and says what to do; here with a stand-in for the two calls to Slack."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.check import Finding, examine
from bot.database import Database
from bot.scopes import SCOPES
from bot.settings import Settings, load_settings

ROOT = Path(__file__).parent.parent
MANIFEST = json.loads((ROOT / "manifest.json").read_text())


@asynccontextmanager
async def slack(*, granted: str | None = ",".join(SCOPES), error: str | None = None) -> AsyncIterator[str]:
    """Answers `auth.test` and `apps.connections.open` as Slack does; the address of its API."""

    async def auth_test(request: web.Request) -> web.Response:
        headers = {} if granted is None else {"x-oauth-scopes": granted}
        answer = {"ok": True, "user": "visita", "team": "Acme"} if error is None else {"ok": False, "error": error}
        return web.json_response(answer, headers=headers)

    async def connections_open(request: web.Request) -> web.Response:
        known = request.headers["Authorization"] == "Bearer xapp-good"
        return web.json_response({"ok": True, "url": "wss://"} if known else {"ok": False, "error": "invalid_auth"})

    app = web.Application()
    app.add_routes([web.post("/api/auth.test", auth_test), web.post("/api/apps.connections.open", connections_open)])
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/api/"))


async def findings(settings: Settings) -> dict[str, Finding]:
    return {finding.point: finding async for finding in examine(lambda: settings)}


def wrong(found: dict[str, Finding]) -> set[str]:
    return {finding.point for finding in found.values() if not finding.right}


async def test_a_complete_bot_is_fine_on_every_point(database: Database, database_url: str) -> None:
    async with slack() as url:
        found = await findings(Settings("xoxb-good", "xapp-good", slack_api_url=url, database_url=database_url))

    assert found.keys() == {"languages", "configuration", "database", "bot token", "scopes", "app token"}
    assert wrong(found) == set()
    assert database.dialect in found["database"].says
    assert found["bot token"].says == "visita in Acme"


async def test_http_is_about_the_signing_secret_instead_of_the_app_token() -> None:
    async with slack() as url:
        settings = Settings("xoxb-good", None, "secret", slack_api_url=url, transport="http")
        found = await findings(settings)

    assert found["signing secret"].right
    assert "app token" not in found


async def test_missing_scopes_are_named_with_what_stops_working() -> None:
    async with slack(granted="chat:write,commands, im:write") as url:
        found = await findings(Settings("xoxb-good", "xapp-good", slack_api_url=url))

    assert not found["scopes"].right
    assert "users:read (each person's language" in found["scopes"].says
    assert "commands (" not in found["scopes"].says


async def test_refused_tokens_are_told_with_a_remedy() -> None:
    async with slack(error="token_revoked") as url:
        found = await findings(Settings("xoxb-old", "xapp-bad", slack_api_url=url))

    assert {"bot token", "app token"} <= wrong(found)
    assert "install the app again" in found["bot token"].says
    assert "copy it again" in found["app token"].says


async def test_an_address_that_does_not_answer_is_told_as_such(unused_tcp_port: int) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/api/"

    found = await findings(Settings("xoxb-good", "xapp-good", slack_api_url=url))

    assert {"bot token", "app token"} <= wrong(found)
    assert f"{url} does not answer" in found["bot token"].says


async def test_a_database_without_tables_is_told(bare_database_url: str, unused_tcp_port: int) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/api/"

    found = await findings(Settings("xoxb-x", "xapp-x", slack_api_url=url, database_url=bare_database_url))

    assert not found["database"].right
    assert "visita migrate" in found["database"].says


async def test_a_sqlite_file_is_not_made_by_looking_for_it(tmp_path: Path, unused_tcp_port: int) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/api/"
    file = tmp_path / "new.sqlite3"

    for _ in range(2):
        found = await findings(Settings("xoxb-x", "xapp-x", slack_api_url=url, database_url=f"sqlite:///{file}"))
        assert "not there yet" in found["database"].says


async def test_a_database_that_is_not_running_is_told_without_its_password(unused_tcp_port: int) -> None:
    database_url = f"postgresql://visita:hunter2@127.0.0.1:{unused_tcp_port}/visita"
    settings = Settings(
        "xoxb-x", "xapp-x", slack_api_url=f"http://127.0.0.1:{unused_tcp_port}/", database_url=database_url
    )

    found = await findings(settings)

    assert "cannot be used" in found["database"].says
    assert "hunter2" not in str(found["database"])


async def test_without_settings_every_missing_variable_has_a_line() -> None:
    found = [finding async for finding in examine(lambda: load_settings({}, env_file=None))]

    lines = [str(finding) for finding in found if not finding.right]
    assert [line.split(": ")[1] for line in lines] == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]


def test_the_manifest_asks_for_the_scopes_that_are_explained_and_no_others() -> None:
    assert MANIFEST["oauth_config"]["scopes"] == {"bot": sorted(SCOPES)}
    page = (ROOT / "docs" / "scopes.md").read_text()
    assert [scope for scope in SCOPES if f"`{scope}`" not in page] == []


def test_the_manifest_fits_into_slacks_limits() -> None:
    about, command = MANIFEST["display_information"], MANIFEST["features"]["slash_commands"][0]

    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    assert command["command"] == "/visit"
    assert len(command["usage_hint"]) <= 1000


@pytest.mark.parametrize("event", ["app_home_opened", "user_change", "message.im", "app_uninstalled", "tokens_revoked"])
def test_the_manifest_subscribes_to_what_the_bot_follows(event: str) -> None:
    assert event in MANIFEST["settings"]["event_subscriptions"]["bot_events"]
