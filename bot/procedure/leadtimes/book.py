"""The file as a whole: what holds for all rules, and the rules one after the other."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from bot.procedure.leadtimes import readers
from bot.procedure.leadtimes.chases import chase_of_all
from bot.procedure.leadtimes.entries import Entry, RulebookError
from bot.procedure.leadtimes.rule import rule_of
from bot.procedure.rules import Rule, Rulebook


def parse(text: str, source: str = "leadtimes.toml") -> Rulebook:
    """Read and check the file; RulebookError with line and field for the first thing that is wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(f"{source}: {error}") from error
    head = Entry(source, data, text.splitlines(), 1)
    head.refuse_unknown({"gather_changes", "answers_in_office_from", "chase", "rule"})
    gather = head.read("gather_changes", readers.span)
    in_office = head.read_if_given("answers_in_office_from", readers.span, None)
    chase = chase_of_all(head) if "chase" in data else None
    rules: dict[str, Rule] = {}
    for entry in _entries(head):
        rule = rule_of(entry)
        if rule.id in rules:
            raise entry.mistake("id", f"{rule.id!r} stands there twice")
        rules[rule.id] = rule
    return Rulebook(tuple(rules.values()), gather, chase, in_office)


def _entries(head: Entry) -> Iterator[Entry]:
    """Each [[rule]] with the lines from its heading to the next."""
    tables: list[dict[str, Any]] = head.read("rule", readers.list_of(dict))
    headings = [number for number, line in enumerate(head.lines, 1) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]
    if len(headings) != len(tables):
        raise head.mistake("rule", "each rule begins with a line of its own: [[rule]]")
    for values, line, end in zip(tables, headings, [*headings[1:], len(head.lines) + 1], strict=True):
        yield Entry(head.source, values, head.lines[line - 1 : end - 1], line)
