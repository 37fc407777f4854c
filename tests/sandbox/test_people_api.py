"""The people API and its events, spoken as the page speaks them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox.hands import Hands
from sandbox.people.doors import change_profile
from sandbox.server import Serving
from sandbox.workspace import Workspace
from tests.sandbox.bare_app import answering, bare_app
from tests.sandbox.standins import actions, button, field, modal, option, section, select, text_input


class Page:
    """One person's browser."""

    def __init__(self, session: aiohttp.ClientSession, user_id: str) -> None:
        self.session = session
        self.user_id = user_id

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        async with self.session.get(f"/people/{path}", params={"as": self.user_id, **query}) as response:
            return dict(await response.json())

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        async with self.session.post(f"/people/{path}", json={"as": self.user_id, **body}) as response:
            return dict(await response.json()) | {"status": response.status}


@pytest.fixture
async def page(serving: Serving) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession(base_url=serving.url) as session:
        yield Page(session, "U01ANA")


@pytest.mark.parametrize(
    ("locale", "hint"), [("es-LA", "Escriba /hello"), ("zh-CN", "输入 /hello"), ("fr-FR", "Type /hello")]
)
async def test_hints_are_in_the_persons_language(page: Page, workspace: Workspace, locale: str, hint: str) -> None:
    workspace.hints = {"en": ["Type /hello"], "es": ["Escriba /hello"], "zh": ["输入 /hello"]}
    change_profile(workspace, "U01ANA", {"locale": locale})
    assert (await page.get("state"))["hints"] == [hint]


async def test_the_page_starts_with_everything_a_person_sees(page: Page, workspace: Workspace) -> None:
    workspace.hints = ["Type /hello"]
    state = await page.get("state")
    assert state["me"]["real_name"] == "Ana Torres"
    assert state["me"]["tz_offset"] in (3600, 7200)
    assert {channel["name"] for channel in state["channels"]} == {"general", "random", "plans"}
    (app,) = state["apps"]
    assert (app["name"], app["connected"], app["home"]) == ("Tryout", False, True)
    assert app["commands"] == [{"command": "/hello", "description": "Says hello", "usage_hint": "[name]"}]
    assert (state["views"], state["notifications"], state["hints"]) == ([], [], ["Type /hello"])
    assert state["clock"]["now"] == pytest.approx(workspace.now_seconds())
    everybody = await page.get("list")
    assert {user["id"] for user in everybody["users"]} >= {"U01ANA", "U01BEN"}


async def test_typing_reading_and_threads(page: Page, serving: Serving, ben: Hands) -> None:
    sent = await page.post("message", channel="C01GENERAL", text="1 < 2 & @ben")
    await page.post("message", channel="C01GENERAL", text="indeed", thread_ts=sent["ts"])
    (seen,) = ben.messages("general")
    assert seen["text"] == "1 &lt; 2 &amp; <@U01BEN>"
    thread = await page.get("thread", channel="C01GENERAL", ts=sent["ts"])
    assert [message["text"] for message in thread["messages"]] == [seen["text"], "indeed"]
    async with aiohttp.ClientSession(base_url=serving.url) as session:
        bens = Page(session, "U01BEN")
        before = {one["id"]: one["unread"] for one in (await bens.get("state"))["channels"]}
        await bens.post("read", channel="C01GENERAL")
        after = {one["id"]: one["unread"] for one in (await bens.get("state"))["channels"]}
    assert (before["C01GENERAL"], after["C01GENERAL"]) == (1, 0)


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("message", {"channel": "C404", "text": "x"}, "channel_not_found"),
    ("message", {"channel": "C01GENERAL", "text": " "}, "no_text"),
    ("message", {"channel": "C01GENERAL", "text": "/hello"}, "is_command"),
    ("message", {"channel": "C01GENERAL"}, "invalid_arguments"),
    ("message", {"channel": "C01GENERAL", "text": 7}, "invalid_arguments"),
    ("dm", {"with": "U01BEN"}, "invalid_arguments"),
    ("action", {"view": {"id": "V1", "values": {"a": 1}}, "action": {}}, "invalid_arguments"),
    ("view/submit", {"view": "V1"}, "invalid_arguments"),
    ("command", {"channel": "C01GENERAL", "text": "/nothing"}, "unknown_command"),
    ("command", {"channel": "C01GENERAL", "text": "/hello"}, "dispatch_failed"),
    ("dm", {"with": ["U404"]}, "user_not_found"),
    ("action", {"action": {"block_id": "a", "action_id": "b"}}, "invalid_arguments"),
    ("action", {"view": {"id": "V404"}, "action": {"block_id": "a", "action_id": "b"}}, "view_not_found"),
    ("shortcut", {"callback_id": "nothing"}, "no_such_shortcut"),
    ("shortcut", {"callback_id": "answer"}, "no_such_shortcut"),
    ("home", {"app": "A404"}, "app_not_found"),
    ("profile", {"tz": "Mars/Olympus"}, "invalid_profile"),
    ("clock", {"forward": -5}, "invalid_arguments"),
    ("clock", {"to": "next"}, "nothing_due"),
    ("faults", {"as": "U01ANA", "kind": "none"}, "invalid_fault"),
]


@pytest.mark.parametrize(
    ("path", "body", "error"), REFUSED, ids=[f"{row[0]}-{row[2]}-{index}" for index, row in enumerate(REFUSED)]
)
async def test_what_a_person_cannot_do(page: Page, path: str, body: dict[str, Any], error: str) -> None:
    answer = await page.post(path, **body)
    assert (answer["ok"], answer["error"]) == (False, error)
    assert answer["status"] >= 400


async def test_nobody_acts_as_a_bot_or_a_stranger(page: Page) -> None:
    for user_id in ("U01TRYOUT", "U404", ""):
        page.user_id = user_id
        assert (await page.post("message", channel="C01GENERAL", text="x"))["error"] == "user_not_found"


async def test_the_form_of_a_modal_goes_with_its_values(
    page: Page, serving: Serving, workspace: Workspace, client: Any
) -> None:
    form = modal(
        field(text_input(min_length=3), block_id="name"),
        field(select("Red", "Blue"), block_id="colour", optional=True),
    )
    async with bare_app(serving) as app, answering(app):
        opened = await client.views_open(trigger_id=workspace.triggers.issue("A01TRYOUT", "U01ANA"), view=form)
        view_id = opened["view"]["id"]

        async def submit(**values: Any) -> dict[str, Any]:
            return await page.post("view/submit", view={"id": view_id, "values": values})

        assert "name" in (await submit())["errors"]
        assert "name" in (await submit(name={"typed": {"value": "ab"}}))["errors"]
        wrong = await submit(name={"typed": {"value": "abc"}}, colour={"pick": {"selected_option": {"value": "green"}}})
        assert wrong["error"] == "no_such_option"
        right = await submit(name={"typed": {"value": "abc"}}, colour={"pick": {"selected_option": {"value": "blue"}}})
        assert right["ok"]
    (sent,) = workspace.record.deliveries_of("interactive")
    values = sent.payload["view"]["state"]["values"]
    assert values["name"]["typed"] == {"type": "plain_text_input", "value": "abc"}
    assert values["colour"]["pick"]["selected_option"]["text"]["text"] == "Blue"


async def test_an_external_select_asks_the_app(page: Page, serving: Serving, client: Any, workspace: Workspace) -> None:
    element = {"type": "external_select", "action_id": "city", "min_query_length": 2}
    posted = await client.chat_postMessage(channel="U01ANA", text="Where?", blocks=[actions(element, block_id="b")])
    where = {"message": {"channel": posted["channel"], "ts": posted["ts"]}, "block_id": "b", "action_id": "city"}
    action = {"block_id": "b", "action_id": "city", "type": "external_select", "selected_option": {"value": "lima"}}
    async with bare_app(serving) as app, answering(app, {"options": [option("Lima")]}):
        assert (await page.post("action", message=where["message"], action=action))["error"] == "no_such_option"
        assert (await page.post("options", **where, value="l"))["options"] == []
        offered = await page.post("options", **where, value="li")
        assert [one["value"] for one in offered["options"]] == ["lima"]
        assert (await page.post("action", message=where["message"], action=action))["ok"]
    asked = workspace.record.deliveries_of("interactive")[0].payload
    assert (asked["type"], asked["value"], asked["action_id"]) == ("block_suggestion", "li", "city")


async def test_events_are_pushed_to_those_they_concern(page: Page, client: Any, ben: Hands) -> None:
    async with page.session.ws_connect("/people/events?as=U01ANA") as socket:

        async def until(kind: str) -> dict[str, Any]:
            while True:
                event: dict[str, Any] = await socket.receive_json(timeout=5)
                if event["type"] == kind:
                    return event

        await ben.type("general", "Good <morning>, @ana")
        assert (await until("message"))["message"]["user"] == "U01BEN"
        mention = await until("notification")
        assert (mention["title"], mention["text"]) == ("Ben Walker (#general)", "Good <morning>, @Ana Torres")
        posted = await client.chat_postMessage(channel="U01ANA", text="*Pick-up* at <!date^1780000000^{time}|9:00>")
        assert (await until("channel"))["channel"]["is_im"]
        card = await until("notification")
        assert (card["title"], card["text"]) == ("Tryout", "Pick-up at 9:00")
        await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="Changed")
        assert (await until("message_changed"))["message"]["text"] == "Changed"
        await client.chat_delete(channel=posted["channel"], ts=posted["ts"])
        assert (await until("message_deleted"))["ts"] == posted["ts"]
        await ben.change_profile(real_name="Benjamin")
        assert (await until("user"))["user"]["real_name"] == "Benjamin"
        await page.post("clock", forward=3600)
        assert (await until("clock"))["clock"]["can_move"]
        await client.views_publish(user_id="U01ANA", view={"type": "home", "blocks": [section("Hi")]})
        assert (await until("home"))["view"]["blocks"][0]["text"]["text"] == "Hi"
    state = await page.get("state")
    assert [card["title"] for card in state["notifications"]] == ["Ben Walker (#general)", "Tryout"]


async def test_apps_are_shown_coming_and_going(page: Page, serving: Serving) -> None:
    async with page.session.ws_connect("/people/events?as=U01ANA") as socket:
        async with bare_app(serving):
            assert (await socket.receive_json(timeout=5))["apps"][0]["connected"] is True
        assert (await socket.receive_json(timeout=5))["apps"][0]["connected"] is False


async def test_two_pages_of_two_people_see_one_conversation(page: Page, serving: Serving) -> None:
    opened = await page.post("dm", **{"with": ["U01BEN"]})
    async with page.session.ws_connect("/people/events?as=U01BEN") as socket:
        await page.post("message", channel=opened["channel"]["id"], text="Psst")
        first, second = await asyncio.gather(socket.receive_json(timeout=5), socket.receive_json(timeout=5))
    assert {first["type"], second["type"]} == {"message", "notification"}


GUARDED: list[tuple[dict[str, str], int]] = [
    ({}, 200),
    ({"Origin": "{url}"}, 200),
    ({"Origin": "https://elsewhere.example"}, 403),
    ({"Origin": "http://localhost:1"}, 403),
    ({"Host": "elsewhere.example"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), GUARDED)
async def test_other_pages_and_hosts_are_kept_out(serving: Serving, headers: dict[str, str], status: int) -> None:
    sent = {name: value.format(url=serving.url) for name, value in headers.items()}
    async with aiohttp.ClientSession(base_url=serving.url, headers=sent) as session:
        body = {"as": "U01ANA", "channel": "C01GENERAL", "text": "x"}
        assert (await session.post("/people/message", json=body)).status == status
        if status == 403:
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect("/people/events?as=U01ANA")


async def test_a_button_that_was_taken_away_cannot_be_pressed(page: Page, client: Any) -> None:
    posted = await client.chat_postMessage(channel="U01ANA", text="?", blocks=[actions(button(), block_id="b")])
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    await client.chat_update(**where, text="answered", blocks=[section("answered")])
    action = {"block_id": "b", "action_id": "go", "type": "button"}
    assert (await page.post("action", message=where, action=action))["error"] == "no_such_element"
