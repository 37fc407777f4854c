"""Several Slack workspaces in one process: each gets its own and nothing of the others, whatever happens to them."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select
from structlog.testing import capture_logs

from bot import app
from bot.app import Pacing
from bot.check import examine
from bot.models.installations import Installation
from bot.models.notices import Notice, NoticeKind, NoticeState, Reason
from bot.models.visits import Visit
from bot.procedure.silence import CHASED
from bot.settings import Transport
from bot.slack import NotInstalled
from bot.vault import new_key
from sandbox.faults import Fault
from tests.reception import CATALOGS, SHANGHAI, Reception, text_of
from tests.several import HERE, THERE, Companies, open_for_business, two_companies

# slack_sdk's own use of aiohttp, while it trades a code for a token.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

TUESDAY = datetime(2026, 3, 3, 15, 0, tzinfo=SHANGHAI)


@pytest.fixture
async def companies(database_url: str) -> AsyncIterator[Companies]:
    async with two_companies(database_url) as both:
        await open_for_business(both)
        yield both


async def notices(companies: Companies, team: str) -> list[Notice]:
    async with companies.visita.database.read() as session:
        statement = select(Notice).where(Notice.workspace_id == team).order_by(col(Notice.due_at))
        return list((await session.exec(statement)).all())


def posted(company: Reception) -> list[str]:
    return [call.arguments["channel"] for call in company.workspace.record.calls_of("chat.postMessage")]


def everything_said(company: Reception) -> str:
    inboxes = [company.inbox(getattr(company, name)) for name in ("liu", "sofia", "lina", "chen")]
    return "\n".join(message["text"] + text_of(message) for inbox in inboxes for message in inbox)


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_each_workspace_gets_its_own_and_nothing_of_the_other(database_url: str, transport: Transport) -> None:
    async with two_companies(database_url, transport=transport) as companies:
        await open_for_business(companies)
        await companies.here.open_visit(company="Acme")
        await companies.there.open_visit(company="Bolívar")
        await companies.here.pass_time(until=datetime(2026, 3, 5, 13, 31, tzinfo=SHANGHAI))

        here, there = everything_said(companies.here), everything_said(companies.there)
        assert "Acme" in here
        assert "Bolívar" not in here
        assert "Bolívar" in there
        assert "Acme" not in there
        assert sorted(posted(companies.here)) == sorted(posted(companies.there))
        assert {"C01RECEPTION", "U08LIU", "U06SOFIA"} <= set(posted(companies.here))


async def test_the_token_is_stored_sealed(companies: Companies) -> None:
    async with companies.visita.database.read() as session:
        rows = (await session.exec(select(Installation).order_by(Installation.workspace_id))).all()

    assert [row.workspace_id for row in rows] == [HERE, THERE]
    assert all("xoxb" not in json.dumps(row.model_dump(mode="json")) for row in rows)
    grant = await companies.visita.desk.installations.grant(THERE)
    assert grant is not None
    assert grant.token == f"xoxb-{THERE}"
    assert "xoxb" not in repr(grant)
    assert "chat:write" in rows[0].scopes


async def test_whoever_says_no_installs_nothing(database_url: str) -> None:
    async with two_companies(database_url) as companies:
        assert "access_denied" in await companies.install(companies.here, "cancel")

        assert await companies.visita.desk.installations.all() == []
        with pytest.raises(NotInstalled):
            await companies.visita.desk.lines.to(HERE)


async def test_what_is_due_waits_while_the_bot_is_removed_and_goes_on_when_it_is_back(companies: Companies) -> None:
    here, there = companies.here, companies.there
    await here.open_visit(company="Acme")
    await there.open_visit(company="Bolívar")
    bot = here.workspace.apps["A01VISITA"]
    here.workspace.uninstall(bot)
    await here.workspace.events.settled()
    calls = len(here.workspace.record.entries)

    await there.pass_time(until=TUESDAY)

    assert len(here.workspace.record.entries) == calls, "nobody knocks at a closed door"
    assert "Bolívar" in everything_said(there)
    held = [n for n in await notices(companies, HERE) if n.due_at <= TUESDAY and n.state == NoticeState.PENDING]
    assert {n.reason for n in held} == {Reason.NOT_INSTALLED}
    assert {n.attempts for n in held} == {0}

    await companies.install(here)
    await here.settle()

    after = {n.id: n.state for n in await notices(companies, HERE)}
    assert {after[n.id] for n in held} <= {NoticeState.SENT, NoticeState.MERGED}
    assert "Acme" in here.last(here.liu)["text"]


async def test_messages_show_the_present_state_as_soon_as_the_bot_is_back(companies: Companies) -> None:
    here, desk = companies.here, companies.visita.desk
    await here.open_visit(company="Acme")
    here.workspace.uninstall(here.workspace.apps["A01VISITA"])
    await here.workspace.events.settled()
    async with companies.visita.database.read() as session:
        (visit,) = (await session.exec(select(Visit).where(Visit.workspace_id == HERE))).all()
    await desk.visits.cancel(await desk.people.actor(HERE, "U01LINA"), visit.key, "the guests fell ill")
    await here.settle()
    edits = len(here.workspace.record.calls_of("chat.update"))

    await companies.install(here)
    await here.settle()

    assert len(here.workspace.record.calls_of("chat.update")) > edits


async def test_another_replica_shows_the_present_state_though_it_knows_the_old_token_alone(
    companies: Companies,
) -> None:
    here, settings = companies.here, companies.visita.settings
    async with app.build(settings, clock=here.workspace.clock, catalogs=CATALOGS, pacing=Pacing(0, 0)) as replica:
        await here.open_visit(company="Acme")
        await replica.switchboard.to(HERE)
        here.workspace.revoke_tokens(here.workspace.apps["A01VISITA"])
        await here.workspace.events.settled()
        await companies.install(here)
        await here.settle()
        edits = len([call for call in here.workspace.record.calls_of("chat.update") if call.ok])
        async with companies.visita.database.write() as session:
            cards = update(Notice).where(col(Notice.kind) == NoticeKind.CARD, col(Notice.workspace_id) == HERE)
            await session.exec(cards.values(stale_since=here.now, rendered="otherwise"))

        await Reception(here.workspace, replica).pass_time(seconds=10)

    assert len([call for call in here.workspace.record.calls_of("chat.update") if call.ok]) == edits + 1


async def test_another_replica_finds_the_new_token_whatever_slack_says_of_the_old_one(companies: Companies) -> None:
    here, settings = companies.here, companies.visita.settings
    async with app.build(settings, clock=here.workspace.clock, catalogs=CATALOGS, pacing=Pacing(0, 0)) as replica:
        await replica.switchboard.to(HERE)
        here.workspace.apps["A01VISITA"].bot_token = "xoxb-another"  # the old one is `invalid_auth` from now on
        await companies.install(here)
        await here.fill_form(here.lina)
        assert await here.lina.submit() == {}
        assert await here.lina.submit() == {}
        before = len(posted(here))

        await Reception(here.workspace, replica).pass_time(minutes=1)

    taken = [call for call in here.workspace.record.calls_of("chat.postMessage")[before:] if call.ok]
    assert "C01RECEPTION" in {call.arguments["channel"] for call in taken}


async def test_what_becomes_useless_meanwhile_is_not_sent_and_the_host_hears_of_it_afterwards(
    companies: Companies,
) -> None:
    here = companies.here
    await here.open_visit(company="Acme")
    here.workspace.revoke_tokens(here.workspace.apps["A01VISITA"])
    await here.workspace.events.settled()
    before = posted(here)

    await here.pass_time(until=datetime(2026, 3, 5, 14, 31, tzinfo=SHANGHAI))
    assert posted(here) == before
    await companies.install(here)
    await here.settle()

    found = await notices(companies, HERE)
    due = [n for n in found if n.rule in ("C1", "D1.2")]
    follows = [n for n in due if CHASED in n.payload or n.kind == NoticeKind.SILENCE]
    assert {n.state for n in due if n not in follows} == {NoticeState.EXPIRED}
    assert {n.state for n in follows} == {NoticeState.WITHDRAWN}, "nobody has been asked"
    reports = [n for n in found if n.kind == NoticeKind.UNDELIVERED]
    assert {n.state for n in reports} <= {NoticeState.SENT, NoticeState.MERGED}
    expired = [n for n in found if n.state == NoticeState.EXPIRED and n.person_id is not None]
    assert sum(len(n.payload["missed"]) for n in reports) == len(expired), "each is reported, and once"


async def test_a_workspace_that_installs_anew_while_old_news_is_on_its_way_stays(companies: Companies) -> None:
    installations = companies.visita.desk.installations
    long_ago = companies.here.now - timedelta(hours=1)

    await installations.end(HERE, long_ago)

    assert await installations.grant(HERE) is not None


async def test_a_token_that_slack_refuses_is_dropped_even_if_nobody_told_us(companies: Companies) -> None:
    here = companies.here
    await here.open_visit(company="Acme")
    here.workspace.apps.revoke(here.workspace.apps["A01VISITA"])

    await here.pass_time(until=TUESDAY)

    assert await companies.visita.desk.installations.grant(HERE) is None


async def test_a_workspace_that_is_limited_holds_up_nobody_else(companies: Companies) -> None:
    here, there = companies.here, companies.there
    for number in range(8):
        await here.open_visit(company=f"Acme {number}")
    await there.open_visit(company="Bolívar")
    here.workspace.faults.add(Fault("rate_limited", "chat.postMessage", times=10_000, seconds=30))
    before = len(posted(there))
    here.workspace.clock.to(TUESDAY)

    companies.visita.timetable.start()
    try:
        arrived = await there.workspace.feed.until(lambda: len(posted(there)) > before, 5)
    finally:
        here.workspace.faults.clear()
        await companies.visita.timetable.stop()

    assert arrived


async def test_what_is_due_waits_while_no_key_opens_the_token(companies: Companies) -> None:
    """The key was changed and the old one left out: said once for each try, and nothing breaks over and over."""
    here, settings = companies.here, replace(companies.visita.settings, secret_keys=(new_key(),))
    await here.fill_form(here.lina)
    assert await here.lina.submit() == {}
    assert await here.lina.submit() == {}
    async with app.build(settings, clock=here.workspace.clock, catalogs=CATALOGS, pacing=Pacing(0, 0)) as blind:
        with capture_logs() as lines:
            await blind.delivery.deliver_due()
    due = [n for n in await notices(companies, HERE) if n.due_at <= here.now and n.state != NoticeState.MERGED]

    assert "notice_failed" not in {line["event"] for line in lines}
    assert {n.state for n in due} == {NoticeState.PENDING}
    assert {n.reason for n in due} == {Reason.NOT_INSTALLED}
    here.workspace.clock.forward(timedelta(minutes=6))
    await here.settle()
    assert NoticeState.PENDING not in {n.state for n in await notices(companies, HERE) if n.due_at <= here.now}


async def test_the_check_names_every_workspace_and_what_became_of_it(companies: Companies) -> None:
    here = companies.here
    here.workspace.uninstall(here.workspace.apps["A01VISITA"])
    await here.workspace.events.settled()

    found = {finding.point: finding async for finding in examine(lambda: companies.visita.settings)}

    assert found["workspaces"].says.startswith("1 have the app installed")
    assert "waits" in found[f"workspace Company {HERE} ({HERE})"].says
    assert found[f"workspace Company {THERE} ({THERE})"].says == f"visita in Company {THERE}"
    assert found[f"workspace Company {THERE} ({THERE}), scopes"].right
    other_key = replace(companies.visita.settings, secret_keys=(new_key(),))
    found = {finding.point: finding async for finding in examine(lambda: other_key)}
    assert "VISITA_SECRET_KEY" in found[f"workspace Company {THERE} ({THERE})"].says
