"""Rows that are only looked at."""

import subprocess
import sys

FIRST_OF_ALL = """
from sqlalchemy import create_engine, insert, select
from bot.database import seen
from bot.models.people import Workspace

table = Workspace.__table__
with create_engine("sqlite://").begin() as connection:
    table.create(connection)
    connection.execute(insert(table), {"id": "T1", "name": "House", "zone": "Asia/Shanghai", "locale": "en-US"})
    (workspace,) = seen(Workspace, connection.execute(select(table)))
print(workspace.name)
"""


def test_the_first_thing_a_process_asks_for_can_be_read() -> None:
    """A bot that starts with something due asks for nothing else before."""
    said = subprocess.run([sys.executable, "-c", FIRST_OF_ALL], capture_output=True, text=True, check=False)
    assert said.stdout == "House\n", said.stderr
