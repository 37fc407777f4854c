"""Answers leave as soon as they are known: before Slack has shown what follows, and although somebody else writes."""

import ast
import inspect
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

import handlers
from bot.database import Database
from bot.models.guests import Guest
from bot.models.visits import Visit
from bot.settings import Transport
from sandbox.faults import Fault
from sandbox.hands import Hands
from sandbox.record import Delivered
from tests.reception import PEOPLE, Reception, reception, text_of

LISTENERS = {f"{name} {listener.__name__}": listener for name, listener in (handlers.ACTIONS | handlers.VIEWS).items()}
A_WHILE = 0.5
"""Seconds that Slack's Web API hangs before it breaks off: many times what an answer takes."""


def person(office: Reception, name: str) -> Hands:
    """Somebody who goes on when Slack has its answer, as people do, not when the bot has done everything."""
    return Hands(office.workspace, PEOPLE[name], patience=20)


async def all_of(database: Database, kind: type[Any]) -> list[Any]:
    async with database.read() as session:
        return list((await session.exec(select(kind))).all())


@asynccontextmanager
async def somebody_writes(database: Database) -> AsyncIterator[None]:
    """Nothing can be written into the drafts, nor on SQLite anywhere."""
    async with database.write() as session:
        if database.dialect == "postgresql":
            await (await session.connection()).execute(text("LOCK TABLE draft IN EXCLUSIVE MODE"))
        yield


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_a_visit_is_open_and_answered_while_slack_hangs(database_url: str, transport: Transport) -> None:
    async with reception(database_url, transport=transport) as office:
        lina = person(office, "lina")
        await office.fill_form(office.lina)
        await office.lina.submit()
        office.workspace.faults.add(Fault("timeout", "views.update", seconds=A_WHILE, times=100))
        assert await lina.submit() == {}
        assert len(await all_of(office.visita.database, Visit)) == 1
        assert (lina.view() or {})["callback_id"] == "new_visit", "the read-back is closed, the visit not yet shown"
        office.workspace.faults.clear()


async def test_what_fails_behind_an_answer_is_said_and_what_was_saved_is_kept(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="show_party")
        await office.lina.press(action_id="add_guest")
        await office.lina.fill("name", "Marta Gil")
        office.workspace.faults.add(Fault("server_error", "views.update", times=100))
        assert await office.lina.submit() == {}
        assert [guest.name for guest in await all_of(office.visita.database, Guest)] == ["Luis García", "Marta Gil"]
        said = text_of(office.lina.view() or {})
        assert "无法显示，但您已保存的内容均已保留" in said
        assert "内容未保存" not in said


async def test_the_bot_stops_when_what_follows_its_answers_is_done(database_url: str) -> None:
    async with reception(database_url) as office:
        lina = person(office, "lina")
        await lina.command("/visit create")
    assert [call.ok for call in office.workspace.record.calls_of("views.open")] == [True]


async def test_the_form_opens_although_somebody_else_is_writing(database_url: str) -> None:
    async with reception(database_url) as office:
        lina = person(office, "lina")
        await office.lina.command("/visit help")
        async with somebody_writes(office.visita.database):
            await lina.command("/visit create")
            assert (await lina.until(lina.view) or {})["callback_id"] == "new_visit"
            await lina.fill("company", "Acme")
        await lina.close()
        await office.visita.desk.under_way.ended()
        await office.lina.command("/visit create")
        assert "Acme" in str(office.lina.form()), "what was typed was written as soon as it could be"


async def test_somebody_long_unseen_is_answered_while_slack_hangs(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.chen.command("/visit")
        await office.pass_time(until=office.now + timedelta(days=3))
        office.workspace.faults.add(Fault("timeout", "users.info", seconds=A_WHILE))
        await person(office, "chen").command("/visit help")
        assert not [
            call for call in office.workspace.record.calls_of("users.info") if call.workspace_time == office.now
        ]
        assert "/visit 新建" in text_of(office.chen.messages("reception")[-1])


async def test_what_arrives_twice_is_done_once_and_answered_the_same(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        office.workspace.faults.add(Fault("duplicate_envelope", times=1_000))
        before = len(office.workspace.record.deliveries)
        await office.lina.command("/visit help")
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="show_party")
        await office.lina.press(action_id="add_guest")
        await office.lina.fill("name", "Marta Gil")
        assert await office.lina.submit() == {}
        await office.lina.tell("hello")
        assert [guest.name for guest in await all_of(office.visita.database, Guest)] == ["Luis García", "Marta Gil"]
        answers: dict[str, list[Any]] = {}
        for one in office.workspace.record.deliveries[before:]:
            answers.setdefault(call_of(one), []).append((one.answer, one.problem))
        assert all(len(each) == 2 and each[0] == each[1] for each in answers.values()), answers
        replies = [message for message in office.inbox(office.lina) if "/visit 新建" in text_of(message)]
        assert len(replies) == 1, "what was typed once is answered once"


def call_of(delivered: Delivered) -> str:
    return str(delivered.payload.get("trigger_id") or delivered.payload.get("event_id"))


SHOWN = re.compile(r"client\.|show_|open_|publish_home|respond|say\b|_list_again|_window_again|hand_out")
"""What calls Slack."""


@pytest.mark.parametrize("listener", [*LISTENERS.values()], ids=[*LISTENERS])
def test_no_listener_calls_slack_before_it_has_answered(listener: Any) -> None:
    nodes = ast.walk(ast.parse(inspect.getsource(listener)))
    awaited = [node.value for node in nodes if isinstance(node, ast.Await) and isinstance(node.value, ast.Call)]
    calls = [ast.unparse(call.func) for call in sorted(awaited, key=lambda call: call.lineno)]
    before = calls[: calls.index("ack")] if "ack" in calls else calls
    assert not [call for call in before if SHOWN.match(call)], before
