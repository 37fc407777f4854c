"""What a transaction has written so far."""

from dataclasses import dataclass, field
from typing import Self

from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql.dml import UpdateBase
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession


@dataclass(frozen=True)
class Written:
    """The rows that a session has flushed, and the tables it has written to by statements of its own.

    What goes past the session, as `add_rows` does, is not known here.
    """

    rows: list[SQLModel] = field(default_factory=list)
    """New, changed and deleted ones."""
    columns: dict[int, set[str]] = field(default_factory=dict)
    """Of the changed ones, by `id()`: which are different."""
    tables: set[str] = field(default_factory=set)
    """Written to by statements: which of their rows is not known."""

    @classmethod
    def by(cls, session: AsyncSession) -> Self:
        """From now on, until the session ends."""
        written = cls()
        event.listen(session.sync_session, "before_flush", written._flushing)
        event.listen(session.sync_session, "do_orm_execute", written._executing)
        return written

    def _flushing(self, session: Session, *_: object) -> None:
        self.rows.extend([*session.new, *session.deleted])
        for row in session.dirty:
            state = inspect(row)
            assigned = set(state.manager) - state.unmodified  # to look at the history of every column takes long
            different = {name for name in assigned if state.attrs[name].history.has_changes()}
            if different:
                self.rows.append(row)
                self.columns.setdefault(id(row), set()).update(different)

    def _executing(self, asked: ORMExecuteState) -> None:
        if isinstance(asked.statement, UpdateBase):
            self.tables.add(str(asked.statement.entity_description["table"].name))
