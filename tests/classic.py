"""The four rows of the procedure that the first walk knew: for tests that are about something else than all rows."""

from dataclasses import replace

from bot.app import read_rulebook
from bot.procedure.rules import Rulebook

ROWS = ("C1", "B6", "D1.2", "D3.1")


def only(*rule_ids: str, chased: bool = False) -> Rulebook:
    """The rulebook that ships, without all other entries; silence is chased only where that is asked for."""
    shipped = read_rulebook()
    rules = tuple(rule for rule in shipped.rules if rule.id in rule_ids)
    return replace(shipped, rules=rules, chase=shipped.chase if chased else None)


CLASSIC = only(*ROWS)
