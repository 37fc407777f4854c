"""The tables: made in steps, once, equal to what the models declare, and never by a version that is too old."""

import asyncio
import json
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from bot.database import BrokenReferencesError, Database, DatabaseTooNewError, Shape
from bot.database.migration import alembic_config, declared_tables, steps
from bot.models.bookings import Booking, Hold
from bot.models.notices import Declaration, Notice
from bot.models.people import Person, RoleHolder, Workspace
from bot.models.ranks import Preset, ranks_of
from bot.models.settings import Rank
from bot.models.visits import Approval, Stop, Visit

MIGRATE = """
import asyncio, sys
from bot.database import Database

async def migrate():
    database = Database(sys.argv[1])
    await database.migrate()
    await database.close()

asyncio.run(migrate())
"""


def differences(connection: Connection) -> list[Any]:
    found: list[Any] = compare_metadata(MigrationContext.configure(connection), declared_tables())
    return found


def constraint_names(metadata: MetaData) -> set[str]:
    return {
        str(constraint.name)
        for table in metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is not None
    }


async def test_migrations_match_models(database: Database) -> None:
    async with database.read() as session:
        assert await (await session.connection()).run_sync(differences) == []
    assert await database.shape() is Shape.CURRENT


async def test_constraints_are_called_the_same_on_both_databases(database: Database) -> None:
    """A migration that changes a constraint finds it by its name."""
    made = MetaData()
    async with database.read() as session:
        await (await session.connection()).run_sync(made.reflect, only=lambda name, _: name != "alembic_version")

    assert constraint_names(made) == constraint_names(declared_tables())


async def test_every_step_can_be_taken_alone(bare_database_url: str) -> None:
    database = Database(bare_database_url)
    assert await database.shape() is Shape.EMPTY

    *steps, last = [step.revision for step in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]
    for step in steps:
        await database.migrate(step)
        assert await database.shape() is Shape.OLDER
    await database.migrate(last)

    assert await database.shape() is Shape.CURRENT
    await database.close()


def test_the_steps_are_what_their_files_say() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    assert steps() == {script.revision: script.down_revision for script in scripts.walk_revisions()}


OF_THE_FIRST_RELEASE = (
    "INSERT INTO workspace (id, name, zone, locale, country, visits_opened)"
    " VALUES ('T1', 'House', 'Asia/Shanghai', 'zh-CN', 'CN', 1)",
    "INSERT INTO person (id, workspace_id, slack_id, name, title, phone, is_workspace_admin, is_active)"
    " VALUES (7, 'T1', 'U7', '刘芳', '', '', true, true)",
    "INSERT INTO role_holder (workspace_id, role, person_id) VALUES ('T1', 'administration', 7)",
)


async def _write(database: Database, *statements: str) -> None:
    async with database.write() as session:
        for statement in statements:
            await (await session.connection()).exec_driver_sql(statement)


async def test_people_and_roles_of_the_first_release_are_kept(bare_database_url: str) -> None:
    database = Database(bare_database_url)
    await database.migrate("0001")
    async with database.write() as session:
        for statement in OF_THE_FIRST_RELEASE:
            await (await session.connection()).execute(text(statement))

    await database.migrate()

    async with database.write() as session:
        # A replica of the release before writes on until it is replaced.
        written = "INSERT INTO role_holder (workspace_id, role, person_id) VALUES ('T1', 'gate', 7)"
        await (await session.connection()).execute(text(written))
    async with database.read() as session:
        holders = (await session.exec(select(RoleHolder).order_by(RoleHolder.role))).all()
        person = (await session.exec(select(Person))).one()
    assert [(holder.role, holder.person_id, holder.is_deputy) for holder in holders] == [
        ("administration", 7, False),
        ("gate", 7, False),
    ]
    assert (person.name, person.deputy_id, person.is_workspace_admin) == ("刘芳", None, True)
    await database.close()


MORNING = "2026-03-05 06:30:00+00:00"
OF_THE_SECOND_RELEASE = (
    *OF_THE_FIRST_RELEASE,
    "INSERT INTO visit (id, workspace_id, number, state, zone, company, is_new_client, purpose, guest_name,"
    " guest_title, party_size, guest_language, contact_name, contact_phone, arrives_at, arrival_means,"
    " arrival_number, departs_at, departure_means, departure_number, wants_hotel, wants_tickets, food_notes,"
    " customs_notes, lead_host_id, opened_by_id, opened_at, cancel_reason) VALUES (1, 'T1', 1,"
    " 'open', 'Asia/Shanghai', 'Acme', false, 'courtesy',"
    f" 'Luis', '', 4, 'es', '', '', '{MORNING}', 'plane', 'MU1', '2026-03-06 11:00:00+00:00', 'plane', '',"
    " false, false, '', '', 7, 7, '2026-03-02 01:00:00+00:00', '')",
    *(
        "INSERT INTO stop (id, visit_id, kind, starts_at, ends_at, place, number, meal, is_removed)"
        f" VALUES ({number}, 1, '{kind}', '{MORNING}', '2026-03-05 08:00:00+00:00', '', '', {meal}, false)"
        for number, kind, meal in ((1, "pickup", "NULL"), (2, "meal", "'breakfast'"), (3, "meal", "'dinner'"))
    ),
    *(
        "INSERT INTO declaration (visit_id, stop_id, person_id, stop_starts_at, kind, declared_at)"
        f" VALUES (1, {stop}, 7, '{MORNING}', '{kind}', '2026-03-05 06:00:00+00:00')"
        for stop, kind in ((1, "on_my_way"), (2, "got_it"), (3, "cannot_attend"))
    ),
    *(
        "INSERT INTO notice (id, workspace_id, visit_id, key, kind, rule, person_id, stop_id, payload, due_at,"
        " useful_until, created_at, state, attempt_at, attempts, lease, sent_at, told, rendered, reason)"
        f" VALUES ('{key}', 'T1', 1, '{rule}:stop{stop}:20260305T063000:person7{again}', 'reminder', '{rule}', 7,"
        f" {stop}, '{json.dumps({'to': 'driver', 'answer': answer})}', '{MORNING}', '{MORNING}', '{MORNING}',"
        f" '{state}', '{MORNING}', 0, '', {sent}, '{json.dumps({})}', '', '')"
        for key, rule, stop, answer, state, sent, again in (
            ("a", "D1.2", 1, "on_my_way", "sent", f"'{MORNING}'", ""),
            ("b", "D3.1", 2, "got_it", "pending", "NULL", ""),
            ("c", "D3.1", 3, "attendance", "pending", "NULL", ":again1"),
            ("d", "D3.1", 1, "none", "sent", f"'{MORNING}'", ""),
        )
    ),
)


async def test_what_was_declared_and_asked_in_the_second_release_is_kept(bare_database_url: str) -> None:
    database = Database(bare_database_url)
    await database.migrate("0002")
    async with database.write() as session:
        for statement in OF_THE_SECOND_RELEASE:
            await (await session.connection()).exec_driver_sql(statement)

    await database.migrate()

    moment = "20260305T063000"
    async with database.read() as session:
        declarations = (await session.exec(select(Declaration).order_by(col(Declaration.id)))).all()
        notices = {notice.id: notice for notice in (await session.exec(select(Notice))).all()}
        stops = (await session.exec(select(Stop).order_by(col(Stop.id)))).all()
    assert [(found.key, found.rule) for found in declarations] == [
        (f"way:stop1:{moment}:person7", "D1.2"),
        (f"D3.1:stop2:{moment}:person7", "D3.1"),
        (f"attendance:stop3:{moment}:person7", "D3.1"),
    ]
    assert [notices[key].payload.get("asks") for key in "abcd"] == [
        f"way:stop1:{moment}:person7",
        f"D3.1:stop2:{moment}:person7",
        f"attendance:stop3:{moment}:person7",
        None,
    ]
    assert [notices[key].state for key in "abcd"] == ["sent", "pending", "pending", "sent"]
    assert [stop.kind for stop in stops] == ["pickup", "breakfast", "meal"]
    assert [found.key for found in declarations] == [notices[key].payload["asks"] for key in "abc"]
    await database.close()


OF_THE_SIXTH_RELEASE = (
    "INSERT INTO visit (id, workspace_id, number, state, zone, company, is_new_client, purpose, guest_name,"
    " guest_title, party_size, guest_language, contact_name, contact_phone, arrives_at, arrival_means,"
    " arrival_number, departs_at, departure_means, departure_number, wants_hotel, wants_tickets, hotel_payer,"
    " food_notes, customs_notes, level_reason, is_vip, is_foreign, has_agent, brings_interpreter, other_stops,"
    " background, background_notes, lead_host_id, opened_by_id, opened_at, cancel_reason) VALUES (1, 'T1', 1,"
    f" 'open', 'Asia/Shanghai', 'Acme', false, 'courtesy', 'Luis', '', 4, 'es', '', '', '{MORNING}', 'plane',"
    " 'MU1', '2026-03-06 11:00:00+00:00', 'plane', '', false, false, 'guest', '', '', '', false, false, false,"
    " false, '', 'open', '', 7, 7, '2026-03-02 01:00:00+00:00', '')"
)


async def test_what_is_under_way_goes_on_without_an_approval(bare_database_url: str) -> None:
    """Visits that were entered before plans were approved: what was being prepared for them goes on."""
    database = Database(bare_database_url)
    await database.migrate("0006")
    async with database.write() as session:
        for statement in OF_THE_FIRST_RELEASE:
            await (await session.connection()).exec_driver_sql(statement)
        await (await session.connection()).exec_driver_sql(OF_THE_SIXTH_RELEASE)

    await database.migrate()

    async with database.read() as session:
        visit = (await session.exec(select(Visit))).one()
    assert (visit.approval, visit.prepared_from) == (Approval.NOT_NEEDED, visit.opened_at)
    await database.close()


async def test_cars_that_are_assigned_are_held_from_now_on(bare_database_url: str) -> None:
    """Requests under way keep their answers; what two of them were given for the same time is held by the first."""
    database = Database(bare_database_url)
    await database.migrate("0006")
    booking = (
        "INSERT INTO booking (id, visit_id, kind, state, version, round, stop_id, vehicle_id, driver_id, changed_at,"
        " reason) VALUES ({id}, 1, 'vehicle', '{state}', 2, 1, 1, 1, 7, '2026-03-02 02:00:00+00:00', '')"
    )
    async with database.write() as session:
        connection = await session.connection()
        for statement in (
            *OF_THE_FIRST_RELEASE,
            OF_THE_SIXTH_RELEASE,
            "INSERT INTO stop (id, visit_id, kind, starts_at, ends_at, place, number, travel_minutes, subject, room,"
            " route, plate, is_important, is_international, is_long, needs_car, is_removed) VALUES (1, 1, 'pickup',"
            f" '{MORNING}', '2026-03-05 08:00:00+00:00', '', 'MU1', 40, '', '', '', '', false, false, false, false,"
            " false)",
            "INSERT INTO vehicle (id, workspace_id, name, plate, seats, is_active)"
            " VALUES (1, 'T1', 'GL8', 'A1', 6, true)",
            booking.format(id=1, state="confirmed"),
            booking.format(id=2, state="assigned"),
        ):
            await connection.exec_driver_sql(statement)

    await database.migrate()

    async with database.read() as session:
        holds = (await session.exec(select(Hold).order_by(col(Hold.id)))).all()
        bookings = (await session.exec(select(Booking).order_by(col(Booking.id)))).all()
    assert [(hold.booking_id, hold.vehicle_id, hold.person_id) for hold in holds] == [(1, 1, None), (1, None, 7)]
    assert {(hold.starts_at, hold.ends_at) for hold in holds} == {
        (datetime(2026, 3, 5, 5, 30, tzinfo=UTC), datetime(2026, 3, 5, 8, 0, tzinfo=UTC))
    }
    assert [booking.state for booking in bookings] == ["confirmed", "assigned"]
    await database.close()


async def test_what_is_held_stays_held_and_visits_are_planned_anew(bare_database_url: str) -> None:
    """Drivers who are named for single stops are held from now on: their visits are looked through at the start."""
    database = Database(bare_database_url)
    await database.migrate("0006")
    await _write(database, *OF_THE_FIRST_RELEASE, OF_THE_SIXTH_RELEASE)
    await database.migrate("0012")
    await _write(
        database,
        "UPDATE workspace SET planned_by = 'the release before'",
        "INSERT INTO booking (id, visit_id, kind, state, version, round, driver_id, changed_at, reason)"
        f" VALUES (1, 1, 'vehicle', 'confirmed', 2, 1, 7, '{MORNING}', '')",
        "INSERT INTO hold (id, workspace_id, visit_id, booking_id, person_id, starts_at, ends_at)"
        f" VALUES (1, 'T1', 1, 1, 7, '{MORNING}', '2026-03-05 08:00:00+00:00')",
    )

    await database.migrate()

    with pytest.raises(IntegrityError):
        await _write(
            database,
            "INSERT INTO hold (id, workspace_id, visit_id, person_id, starts_at, ends_at)"
            f" VALUES (2, 'T1', 1, 7, '{MORNING}', '2026-03-05 07:00:00+00:00')",
        )
    async with database.read() as session:
        (hold,) = (await session.exec(select(Hold))).all()
        workspace = (await session.exec(select(Workspace))).one()
    assert (hold.booking_id, hold.person_id) == (1, 7)
    assert (workspace.planned_by, workspace.address) == ("", "")
    await database.close()


async def test_whoever_was_asked_or_had_the_reception_notice_knows_of_the_visit(bare_database_url: str) -> None:
    """What was sent before this release counts when the visit is canceled after it."""
    database = Database(bare_database_url)
    await database.migrate("0006")
    await _write(database, *OF_THE_FIRST_RELEASE, OF_THE_SIXTH_RELEASE)
    await database.migrate("0013")
    row = (
        "INSERT INTO notice (id, workspace_id, visit_id, key, kind, rule, person_id, payload, due_at, useful_until,"
        " created_at, state, attempt_at, attempts, lease, sent_at, told, rendered, reason) VALUES ('{id}', 'T1', 1,"
        " '{id}', '{kind}', '{rule}', 7, '{nothing}', '{at}', '{at}', '{at}', '{state}', '{at}', 0, '', {sent},"
        " '{told}', '', '')"
    )
    at, one = {"at": MORNING, "nothing": "{}"}, '{"1": {"starts_at": "2026-03-05T06:30:00+00:00"}}'
    sent, waits = {"state": "sent", "sent": f"'{MORNING}'"}, {"state": "pending", "sent": "NULL"}
    await _write(
        database,
        row.format(id="asked", kind="plan_request", rule="B4", told="{}", **sent, **at),
        row.format(id="notice", kind="duty", rule="B7", told="{}", **sent, **at),
        row.format(id="waits", kind="duty", rule="B7", told="{}", **waits, **at),
        row.format(id="knows", kind="duty", rule="A8", told=one, **sent, **at),
        row.format(id="card", kind="card", rule="", told="{}", **sent, **at),
    )

    await database.migrate()

    async with database.read() as session:
        told = {notice.id: notice.told for notice in (await session.exec(select(Notice))).all()}
    whole: dict[str, object] = {"0": {}}
    assert told == {"asked": whole, "notice": whole, "waits": {}, "knows": json.loads(one), "card": {}}
    await database.close()


async def test_houses_that_have_no_ranks_get_those_of_a_company(bare_database_url: str) -> None:
    database = Database(bare_database_url)
    await database.migrate("0005")
    async with database.write() as session:
        for statement in OF_THE_FIRST_RELEASE:
            await (await session.connection()).execute(text(statement))

    await database.migrate()

    async with database.read() as session:
        ranks = (await session.exec(select(Rank).order_by(col(Rank.value).desc()))).all()
    preset = ranks_of(Preset.COMPANY, "T1")
    assert [(rank.value, rank.titles) for rank in ranks] == [(rank.value, rank.titles) for rank in preset]
    await database.close()


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    await database.migrate()

    assert await database.shape() is Shape.CURRENT


async def test_of_processes_that_start_together_one_migrates_and_the_other_waits(bare_database_url: str) -> None:
    replicas = [await asyncio.create_subprocess_exec(sys.executable, "-c", MIGRATE, bare_database_url) for _ in "ab"]

    assert [await replica.wait() for replica in replicas] == [0, 0]
    database = Database(bare_database_url)
    assert await database.shape() is Shape.CURRENT
    await database.close()


async def test_a_database_of_a_later_version_is_left_alone(database: Database) -> None:
    async with database.write() as session:
        await (await session.connection()).execute(text("UPDATE alembic_version SET version_num = 'later'"))

    with pytest.raises(DatabaseTooNewError, match="later"):
        await database.migrate()
    assert await database.shape() is Shape.NEWER


@pytest.mark.parametrize("source", [pytest.param("sqlite", marks=pytest.mark.sqlite)], indirect=True)
async def test_a_migration_that_would_break_references_is_taken_back(bare_database_url: str) -> None:
    """SQLite does not check references while tables are copied, so they are checked before the commit."""
    with closing(sqlite3.connect(bare_database_url.removeprefix("sqlite:///"))) as connection:
        connection.executescript(
            "CREATE TABLE old_host (id integer PRIMARY KEY);"
            "CREATE TABLE old_guest (host_id integer REFERENCES old_host (id));"
            "INSERT INTO old_guest VALUES (7);"
        )
    database = Database(bare_database_url)

    with pytest.raises(BrokenReferencesError, match="old_guest"):
        await database.migrate()
    assert await database.shape() is Shape.EMPTY
    await database.close()
