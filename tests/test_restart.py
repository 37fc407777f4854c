"""The bot as a process: killed at any moment and started again, and stopped by SIGTERM."""

import asyncio
import os
import random
import shutil
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from bot import demo, demo_office
from bot.app import Pacing, Visita
from bot.clock import SystemClock
from bot.models.notices import Notice, NoticeKind, NoticeState
from sandbox.errors import Refusal
from sandbox.faults import Fault
from sandbox.hands import Hands
from sandbox.rates import Rates
from sandbox.server import Serving, serve
from sandbox.workspace import Workspace
from tests.test_replicas import ON_POSTGRES

VISITS = 6
SEED = 20260302


class Process:
    """`visita run` against a workspace, as a service manager starts it."""

    def __init__(self, serving: Serving, database_url: str, folder: Path) -> None:
        self._folder = folder
        self._environment = {
            "PATH": os.defpath,
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "SLACK_BOT_TOKEN": demo_office.BOT_TOKEN,
            "SLACK_APP_TOKEN": demo_office.APP_TOKEN,
            "SLACK_API_URL": serving.api_url,
            "DATABASE_URL": database_url,
            "VISITA_TIMEZONE": demo_office.ZONE,
            "VISITA_LOCALE": demo_office.LOCALE,
        }
        self._serving = serving
        self._running: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Returns when the bot is connected."""
        command = (sys.executable, "-m", "bot", "run")
        log = (self._folder / "bot.log").open("ab")
        with log:
            self._running = await asyncio.create_subprocess_exec(
                *command, cwd=self._folder, env=self._environment, stdout=log, stderr=log
            )
        workspace = self._serving.workspace
        app = next(iter(workspace.apps)).id
        before = len(workspace.sockets.connections(app))
        connected = await workspace.feed.until(lambda: len(workspace.sockets.connections(app)) > before, 30)
        assert connected, (self._folder / "bot.log").read_text()

    async def end_beside_others(self, how: signal.Signals) -> int:
        """Sends the signal and returns the exit code; other processes stay connected."""
        assert self._running is not None
        self._running.send_signal(how)
        return await asyncio.wait_for(self._running.wait(), 20)

    async def end(self, how: signal.Signals) -> int:
        """Sends the signal and returns the exit code."""
        code = await self.end_beside_others(how)
        workspace = self._serving.workspace
        await workspace.feed.until(lambda: not workspace.is_connected(next(iter(workspace.apps))), 20)
        return code


@asynccontextmanager
async def reception_of_today() -> AsyncIterator[Serving]:
    """The demo's company today: the bot runs as a process of its own, by the machine's clock."""
    workspace = Workspace.load(demo_office.seed(), rates=Rates.unlimited())
    # People here wait longer than in Slack: what is tested is not how busy this machine is.
    workspace.timings.ack_seconds = workspace.timings.trigger_seconds = 20
    async with serve(workspace) as serving:
        yield serving


async def _furnish(serving: Serving, database_url: str, *, approved: bool = False) -> None:
    settings = demo.demo_settings(serving.api_url, database_url)
    async with demo.open_office(settings, SystemClock(), pacing=Pacing(0, 0), approved=approved):
        pass


async def _open_a_visit(hands: Hands, company: str) -> None:
    """Guests who land in half an hour: administration, driver and whoever meets them are told at once."""
    soon = (SystemClock().now() + timedelta(minutes=30)).astimezone(ZoneInfo(demo_office.ZONE))
    await hands.command("/visit create")
    await hands.until(hands.view)
    for name, typed in {"company": company, "guest_name": "Luis García", "party_size": "3"}.items():
        await hands.fill(name, typed)
    leaves = soon + timedelta(days=1)
    for name, value in {
        "arrival_date": soon.date().isoformat(),
        "arrival_time": soon.strftime("%H:%M"),
        "departure_date": leaves.date().isoformat(),
        "departure_time": leaves.strftime("%H:%M"),
        "greeters": ["U06SOFIA"],
        "driver": "U04CHEN",
    }.items():
        await hands.choose(None, name, value)
    assert await hands.submit() == {}
    assert await hands.submit() == {}
    await hands.close(everything=True)


async def _until_posted(serving: Serving, least: int, patience: float) -> None:
    posts = serving.workspace.record
    await serving.workspace.feed.until(lambda: len(posts.calls_of("chat.postMessage")) >= least, patience)


async def test_killed_at_any_moment_nothing_is_lost_and_nobody_told_twice(database_url: str, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    async with reception_of_today() as serving:
        await _furnish(serving, database_url)
        process = Process(serving, database_url, tmp_path)
        lina = Hands(serving.workspace, "U01LINA")
        await process.start()
        for number in range(VISITS):
            await _open_a_visit(lina, f"Company {number}")
            if number % 3 == 2:
                posted = len(serving.workspace.record.calls_of("chat.postMessage")) + chance.randrange(3)
                await _until_posted(serving, posted, 5)
                await process.end(signal.SIGKILL)
                await process.start()
        settings = demo.demo_settings(serving.api_url, database_url)
        async with demo.open_office(settings, SystemClock(), pacing=Pacing(0, 0)) as visita:
            await _until_all_is_sent(visita, serving)
        assert await process.end(signal.SIGTERM) == 0
        for person, each in (("U04CHEN", 1), ("U06SOFIA", 1), ("U08LIU", 1)):
            texts = [m["text"] for m in Hands(serving.workspace, person).dms() if m.get("bot_id")]
            for number in range(VISITS):
                told = sum(f"Company {number}" in text for text in texts)
                assert told == each, (person, number, texts)


@ON_POSTGRES
async def test_replicas_are_replaced_one_after_the_other_without_a_gap(database_url: str, tmp_path: Path) -> None:
    """Each gets SIGTERM while messages are under way; commands are answered all the time."""
    async with reception_of_today() as serving:
        await _furnish(serving, database_url)
        old, new = ([Process(serving, database_url, tmp_path) for _ in range(2)] for _ in range(2))
        lina, posts = Hands(serving.workspace, "U01LINA"), serving.workspace.record
        for process in old:
            await process.start()
        for number, (leaving, coming) in enumerate(zip(old, new, strict=True)):
            posted = len(posts.calls_of("chat.postMessage"))
            await _open_a_visit(lina, f"Company {2 * number}")
            await _until_posted(serving, posted + 1, 10)
            ending = asyncio.create_task(leaving.end_beside_others(signal.SIGTERM))
            await _open_a_visit(lina, f"Company {2 * number + 1}")
            assert await ending == 0
            await coming.start()
        settings = demo.demo_settings(serving.api_url, database_url)
        async with demo.open_office(settings, SystemClock(), pacing=Pacing(0, 0)) as visita:
            await _until_all_is_sent(visita, serving)
            async with visita.database.read() as session:
                rows = (await session.exec(select(Notice).where(Notice.state == NoticeState.SENT))).all()
        for process in new:
            assert await process.end_beside_others(signal.SIGTERM) == 0
        calls = [call for call in posts.calls_of("chat.postMessage") if call.ok]
        ids = [call.arguments["metadata"]["event_payload"]["notice"] for call in calls]
        assert len(ids) == len(set(ids)), "nobody is told twice"
        assert {row.id for row in rows} == set(ids), "what counts as sent was sent, and nothing else"
        assert not posts.calls_of("conversations.history"), "whoever stops leaves nothing in doubt"
        for person in ("U04CHEN", "U06SOFIA", "U08LIU"):
            texts = [m["text"] for m in Hands(serving.workspace, person).dms() if m.get("bot_id")]
            assert all(any(f"Company {number}" in text for text in texts) for number in range(4)), (person, texts)


async def _until_all_is_sent(visita: Visita, serving: Serving, *, gathered: bool = True) -> None:
    """What the killed process had claimed is sent when its lease ends: up to a minute. `gathered`: and the changes that
    are gathered for a minute."""

    async def waiting() -> int:
        open_states = (NoticeState.PENDING, NoticeState.SENDING)
        soon = visita.desk.clock.now() + timedelta(minutes=5)
        kinds = [NoticeKind.CHANGE] if not gathered else []
        async with visita.database.read() as session:
            statement = select(Notice.id).where(col(Notice.state).in_(open_states), Notice.attempt_at < soon)
            return len((await session.exec(statement.where(col(Notice.kind).not_in(kinds)))).all())

    async with asyncio.timeout(100):
        while await waiting():
            await serving.workspace.feed.until(lambda: False, 0.5)


async def _changed_after_approval(serving: Serving) -> None:
    """Sofía has approved a visit of next week, and is asked whether two guests more may come."""
    lina, sofia = Hands(serving.workspace, "U01LINA", patience=60), Hands(serving.workspace, "U06SOFIA", patience=60)
    day = SystemClock().now() + timedelta(days=8)
    await lina.command("/visit create")
    await lina.until(lina.view)
    for name, value in {"company": "Acme", "guest_name": "Luis García", "party_size": "4"}.items():
        await lina.fill(name, value)
    dates = {"arrival_date": day.date().isoformat(), "departure_date": (day + timedelta(days=1)).date().isoformat()}
    for choice, chosen in (dates | {"leaders": ["U06SOFIA"], "greeters": ["U02CARLOS"]}).items():
        await lina.choose(None, choice, chosen)
    assert await lina.submit() == {}
    assert await lina.submit() == {}
    await lina.close(everything=True)
    await lina.press(await lina.until(lambda: _with_button(lina, "send_plan")), action_id="send_plan")
    await lina.until(lina.view)
    assert await lina.submit() == {}
    await sofia.press(await sofia.until(lambda: _with_button(sofia, "approve_plan")), action_id="approve_plan")
    await Hands(serving.workspace, "U08LIU", patience=60).until(
        lambda: _with_button(Hands(serving.workspace, "U08LIU"), "confirm_request")
    )
    cards = [m for m in lina.messages("reception") if "show_visit" in str(m.get("blocks"))]
    await lina.press(cards[-1], action_id="show_visit")
    await lina.until(lina.view)
    await lina.press(action_id="change_visit")
    await lina.until(lambda: (lina.view() or {})["callback_id"] == "change_visit")
    await lina.fill("party_size", "6")
    await lina.submit()
    await lina.close(everything=True)
    await sofia.until(lambda: _with_button(sofia, "allow_change"))


def _with_button(who: Hands, action: str) -> dict[str, Any] | None:
    """The newest message to somebody with this button."""
    return next((m for m in reversed(who.dms()) if f"'action_id': '{action}'" in str(m.get("blocks"))), None)


def _state_of_change(file: Path) -> tuple[str, int]:
    """What the database says: the change, and how many guests come."""
    with closing(sqlite3.connect(file)) as database:
        (state,) = database.execute("SELECT state FROM change_request").fetchone()
        (party,) = database.execute("SELECT party_size FROM visit").fetchone()
    return str(state), int(party)


@pytest.mark.sqlite
@pytest.mark.parametrize("instant", ["before the commit", "before any message", "in the middle of the messages"])
async def test_killed_while_a_change_is_allowed(instant: str, sqlite_template: Path, tmp_path: Path) -> None:
    """Nothing has happened and the press can be repeated, or all who are concerned hear of it, once."""
    file = tmp_path / "visita.sqlite3"
    shutil.copyfile(sqlite_template, file)
    url = f"sqlite:///{file}"
    async with reception_of_today() as serving:
        workspace = serving.workspace
        await _furnish(serving, url, approved=True)
        process = Process(serving, url, tmp_path)
        await process.start()
        await _changed_after_approval(serving)
        sofia, lina = Hands(workspace, "U06SOFIA", patience=60), Hands(workspace, "U01LINA", patience=60)
        asked = _with_button(sofia, "allow_change")
        if instant == "before the commit":
            with closing(sqlite3.connect(file, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                delivered = len(workspace.record.deliveries)
                press = asyncio.create_task(sofia.press(asked, action_id="allow_change"))
                await workspace.feed.until(lambda: len(workspace.record.deliveries) > delivered, 10)
                await process.end(signal.SIGKILL)
                with pytest.raises(Refusal):
                    await press
                other.execute("ROLLBACK")
            assert _state_of_change(file) == ("asked", 4)
            await process.start()
            await sofia.press(asked, action_id="allow_change")
        else:
            held = 1 if instant == "in the middle of the messages" else 50
            posted = len(workspace.record.calls_of("chat.postMessage"))
            workspace.faults.add(Fault("timeout", "chat.postMessage", times=held, seconds=60))
            await sofia.press(asked, action_id="allow_change")
            await workspace.feed.until(lambda: _state_of_change(file)[0] == "granted", 30)
            if held == 1:
                await workspace.feed.until(lambda: len(workspace.record.calls_of("chat.postMessage")) > posted, 30)
            await process.end(signal.SIGKILL)
            workspace.faults.clear()
            assert _state_of_change(file) == ("granted", 6)
            await process.start()
        await workspace.feed.until(lambda: _state_of_change(file) == ("granted", 6), 30)
        async with demo.open_office(demo.demo_settings(serving.api_url, url), SystemClock()) as visita:
            await _until_all_is_sent(visita, serving, gathered=False)
        assert await process.end(signal.SIGTERM) == 0
        told = [m["text"] for m in lina.dms() if m.get("bot_id")]
        assert sum("变更已获同意" in text for text in told) == 1, told
        asked_again = [m for m in Hands(workspace, "U08LIU").dms() if "6 人" in m["text"] and "项待办" in m["text"]]
        assert len(asked_again) == 1, [m["text"] for m in Hands(workspace, "U08LIU").dms()]
