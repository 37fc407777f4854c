"""What is otherwise in a plan, in words: old → new (B4, B8)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.i18n import Mrkdwn
from bot.messages import facts, words
from bot.messages.reading import Reading
from bot.models.visits import Payer
from bot.procedure.plans import STOPS, Differences, stop_from

Line = tuple[str, str, str]
"""What it is about, how it was, how it is; one of the two is empty for a stop that is added or taken out."""


def lines(reading: Reading, found: Differences) -> list[Mrkdwn]:
    """A line for each fact, the visit's first, then those of each stop."""
    return [_line(reading, line) for line in details(reading, found)]


def details(reading: Reading, found: Differences) -> list[Line]:
    """The same in parts."""
    changed = [_fact(reading, name, *pair) for name, pair in found.items() if name != STOPS]
    return changed + [line for key, pair in found.get(STOPS, {}).items() for line in _of_stop(reading, key, *pair)]


def _line(reading: Reading, line: Line) -> Mrkdwn:
    t, (what, old, new) = reading.t.rich, (" ".join(text.split()) for text in line)
    if not old:
        return t.pgettext("plan.change", "Added: *{item}*, {facts}", item=what, facts=new)
    if not new:
        return t.pgettext("plan.change", "Taken out: *{item}*, {facts}", item=what, facts=old)
    return t.pgettext("plan.change", "{what}: {old} → *{new}*", what=what, old=old, new=new)


def _fact(reading: Reading, name: str, old: Any, new: Any) -> Line:
    if name == "estimated_cost":
        before, after = ("–" if amount is None else money(reading, amount) for amount in (old, new))
        return reading.t.gettext("Estimated cost"), before, after
    return facts.label(reading.t, name), facts.value(reading, name, old), facts.value(reading, name, new)


def _of_stop(
    reading: Reading, key: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> Iterator[Line]:
    told = old or new
    assert told is not None, "a stop that is in neither plan is no difference"
    stop = stop_from(key, told)
    item, moment = words.stop_name(reading.t, stop), reading.moment(stop.starts_at)
    if old is None or new is None:
        where = words.one_line(moment, stop.place, stop.subject).text
        yield (item, "", where) if old is None else (item, where, "")
        return
    for name, before, after in _changed(old, new):
        label, was, now = _fact(reading, name, before, after)
        about = reading.t.pgettext("plan.change", "{item} ({moment}) · {what}", item=item, moment=moment, what=label)
        yield item if name == "starts_at" else about, was, now


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """An end that moved along with the start is no news of its own; people stand by the part they take."""
    names = [name for name in new if name != "people" and old.get(name) != new[name]]
    if {"starts_at", "ends_at"} <= set(names) and _length(old) == _length(new):
        names.remove("ends_at")
    changed = [(name, old.get(name), new[name]) for name in names]
    parts = dict.fromkeys([*old["people"], *new["people"]])
    people = [(part, old["people"].get(part, []), new["people"].get(part, [])) for part in parts]
    return changed + [(part, before, after) for part, before, after in people if before != after]


def _length(stop: Mapping[str, Any]) -> object:
    return datetime.fromisoformat(stop["ends_at"]) - datetime.fromisoformat(stop["starts_at"])


def payer(reading: Reading, value: str) -> str:
    """Who pays the hotel, inside a sentence."""
    t = reading.t
    return t.pgettext("payer", "our house") if value == Payer.HOUSE else t.pgettext("payer", "the guests")


def money(reading: Reading, amount: int) -> str:
    """An amount in the workspace's currency."""
    t, currency = reading.t, reading.picture.workspace.currency
    return t.pgettext("money", "{currency} {amount}", currency=currency, amount=amount)
