"""Nothing lost, nothing twice: lost answers, refusals, limits, people who left, and a bot that dies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from bench.week.passing import PassingLoop
from bot import app, demo
from bot.clock import SystemClock
from bot.services.sending import SENDING_TAKES
from bot.slack import RATE_LIMITED, SECONDS_UNTOLD, TryLater, UnknownOutcome
from sandbox.faults import Fault
from sandbox.people import doors
from tests.reception import SHANGHAI, reception, text_of

BEFORE = datetime(2026, 3, 5, 13, 29, tzinfo=SHANGHAI)
"""A minute before the pick-up reminder of 13:30."""


async def test_a_lost_answer_is_not_sent_again(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=BEFORE)
        before = len(office.inbox(office.chen))
        office.workspace.faults.add(Fault("lost_answer", method="chat.postMessage", times=4))
        await office.pass_time(minutes=10)
        assert len(office.inbox(office.chen)) == before + 1


async def test_an_error_of_slacks_is_tried_again(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=BEFORE)
        before = len(office.inbox(office.chen))
        office.workspace.faults.add(Fault("server_error", method="chat.postMessage", times=3))
        office.workspace.faults.add(Fault("rate_limited", method="chat.postMessage", times=2))
        await office.pass_time(minutes=15)
        assert len(office.inbox(office.chen)) == before + 1


async def test_the_host_is_told_of_somebody_who_cannot_be_reached(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN", team=["U12GRACE"])
        await office.pass_time(until=BEFORE)
        told = len(office.inbox(office.sofia))
        doors.deactivate(office.workspace, "U06SOFIA")
        await office.workspace.events.settled()
        await office.pass_time(hours=2)
        assert len(office.inbox(office.sofia)) == told
        assert any("MU5102" in m["text"] for m in office.inbox(office.lina)), "the host meets the guests instead"


async def test_a_bot_that_was_away_says_the_real_lead(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=BEFORE)
        office.workspace.clock.to(datetime(2026, 3, 5, 13, 55, tzinfo=SHANGHAI))
        await office.settle()
        assert "35 分钟" in office.last(office.chen)["text"]


async def test_what_is_no_longer_useful_is_not_sent_but_reported(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=BEFORE)
        before = len(office.inbox(office.chen))
        office.workspace.clock.to(datetime(2026, 3, 5, 16, 0, tzinfo=SHANGHAI))
        await office.settle()
        assert len(office.inbox(office.chen)) == before
        reports = [text_of(m) for m in office.inbox(office.lina) if "<@U04CHEN>" in text_of(m)]
        assert len(reports) == 1, "one report, however many were not told"
        assert "<@U06SOFIA>" in reports[0]


async def test_messages_carry_their_notice(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await office.pass_time(days=5)
        posts = office.workspace.record.calls_of("chat.postMessage")
        ids = [post.arguments["metadata"]["event_payload"]["notice"] for post in posts]
        assert len(ids) == len(set(ids)) > 5


def test_a_slack_that_says_nothing_is_not_waited_for_beyond_the_lease(tmp_path: Path) -> None:
    """Else another replica has taken the message over, has looked for it in vain, and sends it as well."""

    async def waited() -> float:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, PassingLoop)
        async with _slack_that_says() as url:
            settings = demo.demo_settings(url, f"sqlite:///{tmp_path / 'visita.sqlite3'}")
            async with app.build(settings, clock=SystemClock()) as visita:
                line, begin, loop.hurries = await visita.switchboard.to("T1"), loop.time(), True
                with pytest.raises(UnknownOutcome):
                    await line.post("U1", {"text": "In one hour"}, "the notice")
                return loop.time() - begin

    with asyncio.Runner(loop_factory=PassingLoop) as runner:
        assert runner.run(waited()) < SENDING_TAKES.total_seconds()


@pytest.mark.parametrize(
    "said",
    [
        "502 Bad Gateway\r\nContent-Type: application/json\r\n\r\n",
        "503 Service Unavailable\r\nContent-Type: text/plain\r\n\r\nupstream connect error or disconnect/reset",
        '200 OK\r\nContent-Type: application/json\r\n\r\n{"ok": tr',
        "200 OK\r\nContent-Type: text/html\r\n\r\n<html>Please log in to the network</html>",
        "403 Forbidden\r\nContent-Type: text/html\r\n\r\n<html>Blocked by the gateway</html>",
    ],
)
async def test_what_slack_has_not_said_itself_is_no_refusal(tmp_path: Path, said: str) -> None:
    """What stands in between answers in its own words: the message may have arrived or not, and is not given up."""
    async with _slack_that_says(f"HTTP/1.1 {said}") as url:
        settings = demo.demo_settings(url, f"sqlite:///{tmp_path / 'visita.sqlite3'}")
        async with app.build(settings, clock=SystemClock()) as visita:
            line = await visita.switchboard.to("T1")
            with pytest.raises(UnknownOutcome):
                await line.post("U1", {"text": "In one hour"}, "the notice")
            counted = visita.desk.metrics.page({}).decode()
    assert 'visita_slack_calls_total{answer="refused",method="chat.postMessage"} 0.0' in counted


@pytest.mark.parametrize(("retry_after", "seconds"), [("7", 7), ("Mon, 23 Nov 2026 11:00:00 GMT", SECONDS_UNTOLD)])
async def test_a_limit_is_one_whatever_words_come_with_it(tmp_path: Path, retry_after: str, seconds: float) -> None:
    kind = "Content-Type: application/json"
    limited = f"HTTP/1.1 429 Too Many Requests\r\nRetry-After: {retry_after}\r\n{kind}\r\n\r\n"
    async with _slack_that_says(limited) as url:
        settings = demo.demo_settings(url, f"sqlite:///{tmp_path / 'visita.sqlite3'}")
        async with app.build(settings, clock=SystemClock()) as visita:
            line = await visita.switchboard.to("T1")
            with pytest.raises(TryLater) as later:
                await line.post("U1", {"text": "In one hour"}, "the notice")
    assert (later.value.code, later.value.seconds) == (RATE_LIMITED, seconds)


@asynccontextmanager
async def _slack_that_says(words: str = "") -> AsyncIterator[str]:
    """Answers every call in these words, or none at all where there are none."""
    lines: list[asyncio.StreamWriter] = []

    def call(_asked: asyncio.StreamReader, line: asyncio.StreamWriter) -> None:
        lines.append(line)
        if words:
            line.write(words.encode())
            line.write_eof()

    server = await asyncio.start_server(call, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/"
    finally:
        for line in lines:
            line.close()
        server.close()
