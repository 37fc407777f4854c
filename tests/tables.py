"""Looking into the tables of a reception."""

from typing import Any, TypeVar

from sqlmodel import SQLModel, select

from tests.reception import Reception

Row = TypeVar("Row", bound=SQLModel)


async def rows(office: Reception, table: type[Row], **where: Any) -> list[Row]:
    """The rows of a table with these values, in the order they were written."""
    async with office.visita.database.read() as session:
        return list((await session.exec(select(table).filter_by(**where).order_by("id"))).all())
