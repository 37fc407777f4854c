"""Where visits are kept: SQLite in a file, or PostgreSQL."""

from bot.database.adding import add_rows
from bot.database.database import Database, NestedTransactionError
from bot.database.looking import RowsOf, seen
from bot.database.migration import BrokenReferencesError, DatabaseTooNewError, Shape

__all__ = [
    "BrokenReferencesError",
    "Database",
    "DatabaseTooNewError",
    "NestedTransactionError",
    "RowsOf",
    "Shape",
    "add_rows",
    "seen",
]
