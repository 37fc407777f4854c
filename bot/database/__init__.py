"""Where visits are kept: SQLite in a file, or PostgreSQL."""

from bot.database.adding import add_rows
from bot.database.among import among
from bot.database.database import Database, NestedTransactionError
from bot.database.documents import Found, Named, RowsOf, Together, ValuesOf
from bot.database.looking import locked, seen, whole
from bot.database.migration import BrokenReferencesError, DatabaseTooNewError, Shape
from bot.database.postgresql import Patience
from bot.database.written import Written

__all__ = [
    "BrokenReferencesError",
    "Database",
    "DatabaseTooNewError",
    "Found",
    "Named",
    "NestedTransactionError",
    "Patience",
    "RowsOf",
    "Shape",
    "Together",
    "ValuesOf",
    "Written",
    "add_rows",
    "among",
    "locked",
    "seen",
    "whole",
]
