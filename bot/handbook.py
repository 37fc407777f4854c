"""The procedure as a table that a receptionist can check: each row, what is said to whom when, and what proves it."""

from collections.abc import Iterable

from bot.i18n import Translator
from bot.messages import rules_in_words
from bot.procedure.rows import ROWS, Row
from bot.procedure.rules import Rule, Rulebook


def lines(rulebook: Rulebook, t: Translator) -> Iterable[str]:
    """One block a row for a terminal: whether it works, the rules, the proof."""
    for row in ROWS:
        state = "works" if row.proof else "open"
        yield f"{row.id:<6}{state:<7}{row.what}" + (f" ({row.note})" if row.note else "")
        yield from (f"{'':<13}{sentence(rule, t)}" for rule in rules_of(rulebook, row))
        if row.proof:
            yield f"{'':<13}proved by {row.proof}"


def page(rulebook: Rulebook, t: Translator) -> str:
    """The same as a page in Markdown, for docs/."""
    head = [
        "# The procedure, row by row",
        "",
        "Written by `visita procedure --markdown`; a test fails where it is out of date. The lead times are those of",
        "[schedules/leadtimes.toml](../schedules/leadtimes.toml); a workspace has its own under `/visit settings`.",
        "",
        *_by_when(rulebook, t),
        "| row | what | works | what is said to whom, when | proved by |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *(_table_row(row, rulebook, t) for row in ROWS), ""])


def _by_when(rulebook: Rulebook, t: Translator) -> list[str]:
    """When answers are due."""
    if rulebook.answers_in_office_from is None:
        return []
    length = t.ahead(rulebook.answers_in_office_from)
    return [
        "An answer to a request that would be due outside office hours is due an hour before the office closes before",
        f"that, where the office works for {length} or more between the asking and then. What is asked later is due to",
        "the minute, day or night.",
        "",
    ]


def rules_of(rulebook: Rulebook, row: Row) -> list[Rule]:
    """The entries of the rulebook that carry out a row."""
    return [rule for rule in rulebook.rules if rule.row == row.id]


def sentence(rule: Rule, t: Translator) -> str:
    """What, to whom, when, and on which condition."""
    said = f"{rules_in_words.what(t, rule)}: {rules_in_words.who(t, rule)}, {rules_in_words.when(t, rule)}"
    condition = rules_in_words.only_for(t, rule)
    return f"{said} ({condition})" if condition else said


def _table_row(row: Row, rulebook: Rulebook, t: Translator) -> str:
    rules = "<br>".join(sentence(rule, t) for rule in rules_of(rulebook, row))
    works = "yes" if row.proof else f"no: {row.note}" if row.note else "no"
    note = f" ({row.note})" if row.note and row.proof else ""
    return f"| {row.id} | {row.what}{note} | {works} | {rules} | {f'`{row.proof}`' if row.proof else ''} |"
