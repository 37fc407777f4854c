"""What operators see of a running bot: the figures for Prometheus, the page for orchestrators, and the alert rules."""

import re
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, event, make_url
from structlog.testing import capture_logs

from bot import app
from bot.metrics import Answer, Metrics, Outcome
from bot.models.notices import NoticeKind
from bot.services.health import Health, Watch
from sandbox.faults import Fault
from tests.reception import SHANGHAI, Reception, reception

ALERTS = Path(__file__).parent.parent / "docs" / "alerts.yml"
BEFORE = datetime(2026, 3, 5, 13, 29, tzinfo=SHANGHAI)
"""A minute before the pick-up reminders of 13:30."""
ON_SQLITE = pytest.mark.parametrize("source", ["sqlite"], indirect=True)
"""For what does not depend on the kind of database."""


async def fetch(office: Reception, path: str) -> tuple[int, str]:
    """One page of the bot's server, as an operator's machine gets it."""
    settings = office.visita.settings
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://{settings.host}:{settings.port}{path}") as answer,
    ):
        return answer.status, await answer.text()


class Scrape:
    """What Prometheus reads from the page."""

    def __init__(self, page: str) -> None:
        families = list(text_string_to_metric_families(page))
        self.samples = [sample for family in families for sample in family.samples]
        self.names = {sample.name for sample in self.samples}

    def __call__(self, name: str, **labels: str) -> float:
        """The sum over every series of that name with these labels."""
        found = [s.value for s in self.samples if s.name == name and labels.items() <= s.labels.items()]
        assert found, f"{name} {labels} is not on the page"
        return sum(found)


async def scrape(office: Reception) -> Scrape:
    status, page = await fetch(office, "/metrics")
    assert status == 200
    return Scrape(page)


async def test_what_was_sent_and_what_waits(database_url: str) -> None:
    async with reception(database_url, transport="http") as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=BEFORE)
        figures = await scrape(office)
        posted = len(office.workspace.record.calls_of("chat.postMessage"))
        assert figures("visita_notices_total", outcome=Outcome.SENT) == posted > 0
        assert figures("visita_notice_lateness_seconds_count") == posted
        assert figures("visita_notice_lateness_seconds_bucket", le="10.0") == posted, "nothing was late"
        assert figures("visita_notices_pending") > 1
        assert (figures("visita_notices_due"), figures("visita_oldest_due_seconds")) == (0, 0)

        office.workspace.clock.to(datetime(2026, 3, 5, 13, 35, tzinfo=SHANGHAI))
        late = await scrape(office)
        assert late("visita_notices_due") >= 2
        assert late("visita_oldest_due_seconds") == pytest.approx(300, abs=60)

        await office.settle()
        sent = await scrape(office)
        assert sent("visita_notices_due") == 0
        reminders = sent("visita_notice_lateness_seconds_count", kind=NoticeKind.REMINDER)
        assert sent("visita_notice_lateness_seconds_sum", kind=NoticeKind.REMINDER) == pytest.approx(
            300 * reminders, abs=60
        )
        _, page = await fetch(office, "/metrics")
        assert not re.search(r"Acme|Luis|MU5102|V-0001|\b[UCDT]0\w+", page), "nobody is named"


@ON_SQLITE
async def test_messages_that_were_put_right_and_answers_to_people(database_url: str) -> None:
    async with reception(database_url, transport="http") as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(days=1, hours=8.5)
        assert (await scrape(office))("visita_notices_total", outcome=Outcome.EDITED) == 0
        await office.liu.press(office.last(office.liu), action_id="assign_vehicle")
        assert await office.liu.submit() == {}
        await office.settle()
        figures = await scrape(office)
        edits = len(office.workspace.record.calls_of("chat.update"))
        assert figures("visita_notices_total", outcome=Outcome.EDITED) == edits > 0
        assert figures("visita_listener_seconds_count", listener="visit_command") == 1
        assert figures("visita_listener_seconds_count", listener="vehicle_assigned") == 1
        assert figures("visita_listener_failures_total") == 0
        opened = len(office.workspace.record.calls_of("views.open"))
        calls = figures("visita_slack_calls_total", method="views.open", answer=Answer.OK)
        assert calls == opened > 0, "what listeners call counts as well"


@ON_SQLITE
async def test_limits_errors_and_those_who_cannot_be_reached(database_url: str) -> None:
    async with reception(database_url, transport="http") as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=BEFORE)
        before = await scrape(office)
        assert before("visita_notices_total", outcome=Outcome.FAILED) == 0, (
            "there from the start, or no alert sees the 1"
        )
        office.workspace.faults.add(Fault("rate_limited", method="chat.postMessage", times=2))
        office.workspace.faults.add(Fault("server_error", method="chat.postMessage", times=1))
        # She has left, and Slack's event that says so is lost.
        office.workspace.users["U06SOFIA"].deleted = True
        await office.pass_time(minutes=20)
        after = await scrape(office)
        post = {"method": "chat.postMessage"}
        assert after("visita_slack_calls_total", answer=Answer.RATE_LIMITED, **post) == 2
        assert after("visita_slack_calls_total", answer=Answer.SERVER_ERROR, **post) == 1
        assert after("visita_notices_total", outcome=Outcome.PUT_OFF) == 3
        assert after("visita_notices_total", outcome=Outcome.FAILED, kind=NoticeKind.REMINDER) >= 1


@ON_SQLITE
async def test_an_apology_is_counted(database_url: str) -> None:
    async with reception(database_url, transport="http") as office:
        before = await scrape(office)
        assert before("visita_listener_failures_total", listener="visit_command") == 0, "or no alert sees the 1"
        assert before("visita_listener_failures_total", listener="form_closed") == 0
        office.workspace.faults.add(Fault("server_error", method="views.open", times=1))
        with capture_logs() as lines:
            await office.lina.command("/visit create")
        assert "listener_failed" in {line["event"] for line in lines}
        assert (await scrape(office))("visita_listener_failures_total", listener="visit_command") == 1


async def test_what_a_dead_sender_left_is_taken_over(database_url: str) -> None:
    async with reception(database_url, transport="http") as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=BEFORE)
        office.workspace.clock.to(datetime(2026, 3, 5, 13, 30, 1, tzinfo=SHANGHAI))
        left = await office.visita.delivery.claims.claim(10, [])
        assert (await scrape(office))("visita_leases_reclaimed_total") == 0
        await office.pass_time(minutes=2)
        assert (await scrape(office))("visita_leases_reclaimed_total") == len(left) > 0


async def test_health_follows_the_database(database_url: str) -> None:
    async with reception(database_url, transport="http") as office:
        status, well = await fetch(office, "/health")
        assert status == 200, well
        assert re.search(r'"database":true,"migration":"\w+"', well)
        async with gone(office, database_url):
            status, ill = await fetch(office, "/health")
            assert status == 503
            assert "the database does not answer" in ill
            figures = await scrape(office)
            assert figures("visita_database_up") == 0
            assert "visita_notices_due" not in figures.names, "what is not known is not shown"
        assert (await fetch(office, "/health"))[0] == 200


@asynccontextmanager
async def gone(office: Reception, url: str) -> AsyncIterator[None]:
    """Until the block ends, nobody reaches the database."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        with out_of_reach(Path(str(parsed.database))):
            await office.visita.database.close()
            yield
        return
    server: Any = await asyncpg.connect(url.replace(str(parsed.database), "postgres"))
    try:
        await server.execute(f"ALTER DATABASE {parsed.database} WITH ALLOW_CONNECTIONS false")
        await server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", str(parsed.database)
        )
        yield
        await server.execute(f"ALTER DATABASE {parsed.database} WITH ALLOW_CONNECTIONS true")
    finally:
        await server.close()


@contextmanager
def out_of_reach(file: Path) -> Iterator[None]:
    """Until the block ends, a folder is where the file was."""
    away = file.rename(file.with_suffix(".away"))
    file.mkdir()
    yield
    file.rmdir()
    away.rename(file)


async def test_health_turns_when_nothing_is_sent_any_more(database_url: str) -> None:
    async with reception(database_url, transport="http") as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=BEFORE)
        assert (await fetch(office, "/health"))[0] == 200
        office.workspace.clock.to(datetime(2026, 3, 5, 13, 35, tzinfo=SHANGHAI))
        status, stuck = await fetch(office, "/health")
        assert status == 503
        assert "what is due is not being sent" in stuck
        assert "the timetable has stopped looking" in stuck

        just_started = await _just_started(office)
        assert just_started.problems == (), "what an outage left is no reason to restart the bot that clears it"
        assert just_started.oldest_due_seconds > 120

        await office.settle()
        assert (await fetch(office, "/health"))[0] == 200


async def _just_started(office: Reception) -> Health:
    return await Watch(office.visita.delivery.office, Metrics()).health()


@ON_SQLITE
async def test_socket_mode_opens_a_port_only_when_asked_to(database_url: str) -> None:
    async with reception(database_url) as office:
        quiet = replace(office.visita, settings=replace(office.visita.settings, port=free_port()))
        async with app.answering(quiet):
            with pytest.raises(aiohttp.ClientConnectorError):
                await fetch(Reception(office.workspace, quiet), "/health")
        asked = replace(quiet, settings=replace(quiet.settings, metrics=True))
        async with app.answering(asked):
            shown = Reception(office.workspace, asked)
            assert (await scrape(shown))("visita_connected") == 1
            assert '"connected":true' in (await fetch(shown, "/health"))[1]
            assert (await fetch(shown, "/slack/events"))[0] == 404, "Slack has no business here"


@ON_SQLITE
async def test_http_can_keep_its_figures_to_itself(database_url: str) -> None:
    async with reception(database_url, transport="http") as office:
        assert "visita_connected" not in (await scrape(office)).names
        settings = replace(office.visita.settings, port=free_port(), metrics=False)
        closed = replace(office.visita, settings=settings)
        async with app.answering(closed):
            assert (await fetch(Reception(office.workspace, closed), "/metrics"))[0] == 404
            assert (await fetch(Reception(office.workspace, closed), "/health"))[0] == 200


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@ON_SQLITE
async def test_looking_at_the_queue_reads_the_index_and_not_every_message_ever_sent(database_url: str) -> None:
    async with reception(database_url) as office:
        visita = office.visita
        with statements() as asked:
            await visita.delivery.claims.claim(5, [])
            await visita.delivery.outbox.next_due()
            await visita.watch.page()
        looks = [(sql, values) for sql, values in asked if "FROM notice" in sql]
        assert len(looks) >= 6
        for sql, values in looks:
            async with visita.database.read() as session:
                connection = await session.connection()
                plan = [row.detail for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
            read = [step for step in plan if "notice" in step]
            assert read, f"{sql}\n{plan}"
            assert all(re.search(r"INDEX ix_notice_(open|put_off|stale)\b", step) for step in read), f"{sql}\n{plan}"


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """Every statement that is executed in the block, with its values."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        found.append((sql, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@ON_SQLITE
async def test_the_alert_rules_speak_of_what_is_measured(database_url: str) -> None:
    rules = list(alert_rules(ALERTS.read_text()))
    assert len({rule["alert"] for rule in rules}) == len(rules) >= 8
    for rule in rules:
        assert rule.keys() == {"alert", "expr", "for", "severity", "summary", "remedy"}, rule
        assert re.fullmatch(r"\d+[smh]", rule["for"])
        assert rule["severity"] in {"page", "ticket"}
        assert rule["expr"].count("(") == rule["expr"].count(")")
        assert rule["remedy"].endswith(".")
    async with reception(database_url) as office:
        watched = replace(office.visita, settings=replace(office.visita.settings, port=free_port(), metrics=True))
        async with app.answering(watched):
            await office.lina.command("/visit help")
            await office.open_visit()
            measured = (await scrape(Reception(office.workspace, watched))).names
    assert {name for rule in rules for name in re.findall(r"visita_\w+", rule["expr"])} <= measured


def alert_rules(text: str) -> Iterator[dict[str, str]]:
    """The rules of a file in the narrow form of YAML that ours keeps to: any other line is refused."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert lines[:3] == ["groups:", "  - name: visita", "    rules:"]
    rule: dict[str, str] = {}
    for line in lines[3:]:
        if line in ("        labels:", "        annotations:"):
            continue
        first = re.fullmatch(r"      - alert: (\w+)", line)
        if first:
            if rule:
                yield rule
            rule = {"alert": first[1]}
            continue
        entry = re.fullmatch(r"        (?:  (?=severity|summary|remedy))?(\w+): (\w+|'[^']*')", line)
        assert entry, f"not in the form of this file: {line}"
        assert entry[1] not in rule, line
        rule[entry[1]] = entry[2].strip("'")
    yield rule
