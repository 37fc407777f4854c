"""How `schedules/leadtimes.toml` is read and checked: from its text to the rulebook.

The whole file in `book`, one [[rule]] in `rule`, how silence is chased in `chases`; each takes the fields of an entry
(`entries`) with the readers of single values (`readers`).
"""

from bot.procedure.leadtimes.book import parse
from bot.procedure.leadtimes.entries import RulebookError

__all__ = ["RulebookError", "parse"]
