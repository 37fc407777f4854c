"""The record of a visit (G5), as those who change it read it."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.models.notices import Record
from bot.procedure.history import named
from bot.procedure.telling import WAS

_NAMING = ("driver", "leader", "owner", "before")
"""Details that name a person."""


def named_in(records: Iterable[Record]) -> set[int]:
    """Everybody whom the entries name."""
    found: set[int] = set()
    for record in records:
        told = record.details
        ids = (record.person_id, *(told.get(name) for name in _NAMING), *told.get("people", ()))
        ids += tuple(told[name] for name in ("old", "new") if isinstance(told.get(name), int))
        found |= {person for person in ids if person is not None} | named(told.get("changes", {}))
    return found


def named_by(payload: Mapping[str, Any]) -> set[int]:
    """Everybody whom a notice names: who need not have a part in the visit any more."""
    told = [payload, payload.get(WAS) or {}, *(change.get("old") or {} for change in payload.get("changes", ()))]
    people = {facts.get(name) for facts in told for name in ("driver", "host", "from", "by", "left")}
    return {person for person in people if isinstance(person, int)}
