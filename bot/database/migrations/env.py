"""Run by Alembic: on the connection that `bot.database.migration` hands over, or on one of its own.

The latter is for developers: `alembic -x database=sqlite:///some.sqlite3 revision --autogenerate -m "…"` writes the
step from that database, which has to be migrated, to the models.
"""

import asyncio
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, make_url
from sqlmodel.sql.sqltypes import AutoString

from bot.database import engines
from bot.database.migration import declared_tables
from bot.models.types import Json, UtcDateTime
from bot.settings import async_database_url


def spell(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """How a type is written into a migration: in SQLAlchemy's own words, so that it outlives ours."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if isinstance(item, Json):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=declared_tables(),
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=spell,
    )
    context.run_migrations()


async def migrate_alone(url: str) -> None:
    engine = engines.migrator(make_url(async_database_url(url)))
    async with engine.connect() as connection, connection.begin():
        await connection.run_sync(migrate)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    asyncio.run(migrate_alone(context.get_x_argument(as_dictionary=True)["database"]))
