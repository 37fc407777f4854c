"""Rows that are only looked at."""

import subprocess
import sys

import pytest
from sqlmodel import select

from bot.database import Database, seen, whole
from bot.models.people import Workspace

FIRST_OF_ALL = """
from sqlalchemy import create_engine, insert
from bot.database import seen, whole
from bot.models.people import Workspace

table = Workspace.__table__
with create_engine("sqlite://").begin() as connection:
    table.create(connection)
    connection.execute(insert(table), {"id": "T1", "name": "House", "zone": "Asia/Shanghai", "locale": "en-US"})
    (workspace,) = seen(Workspace, connection.execute(whole(Workspace)))
print(workspace.name)
"""


def test_the_first_thing_a_process_asks_for_can_be_read() -> None:
    """A bot that starts with something due asks for nothing else before."""
    said = subprocess.run([sys.executable, "-c", FIRST_OF_ALL], capture_output=True, text=True, check=False)
    assert said.stdout == "House\n", said.stderr


async def test_what_is_only_looked_at_reads_as_the_model_and_cannot_be_changed(database: Database) -> None:
    async with database.write() as session:
        session.add(Workspace(id="T1", name="House", zone="Asia/Shanghai", locale="en-US"))
    async with database.read() as session:
        kept = (await session.exec(select(Workspace))).one()
        (looked_at,) = seen(Workspace, await (await session.connection()).execute(whole(Workspace)))

    assert isinstance(looked_at, Workspace)
    assert looked_at.model_dump() == kept.model_dump()
    assert (looked_at.name, looked_at.visits_opened) == ("House", 0)
    assert "name='House'" in repr(looked_at)
    with pytest.raises(AttributeError, match="only looked at"):
        looked_at.name = "Other"
