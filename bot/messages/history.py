"""The record of a visit in words (G5): who did what, when, old and new; in a window, and as a table to keep."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from bot.i18n import Mrkdwn, as_plain, bold, join
from bot.messages import blocks, papers, plan_changes, threads
from bot.messages.blocks import Block
from bot.messages.clients import profile_label
from bot.messages.facts import label, value
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import HistoryPage, VisitRef
from bot.messages.reading import Reading
from bot.models.guests import Paper, ProfileField
from bot.models.notices import Record, RecordKind

SHOWN = 15
"""Entries on one page."""
_DETAILS_SHOWN = 12
_LONGEST_VALUE = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula."""
Line = tuple[str, str, str]
"""What it is about, how it was, how it is."""


def window(reading: Reading, records: Sequence[Record], *, first: int, total: int) -> Block:
    """One page, the newest entry last; `first`: how many are on the pages before."""
    t, visit = reading.t, reading.picture.visit
    content: list[Block] = [blocks.section(entry(reading, record)) for record in records]
    buttons = []
    if first > 0:
        before = HistoryPage(visit.key, max(first - SHOWN, 0)).pack()
        buttons.append(blocks.button(t.pgettext("history.button", "Earlier"), Action.SHOW_HISTORY_BEFORE, before))
    if first + len(records) < total:
        after = HistoryPage(visit.key, first + SHOWN).pack()
        buttons.append(blocks.button(t.pgettext("history.button", "Later"), Action.SHOW_HISTORY_AFTER, after))
    export = t.pgettext("history.button", "Export as CSV")
    buttons.append(blocks.button(export, Action.EXPORT_HISTORY, VisitRef(visit.key).pack()))
    count = t.rich.npgettext(
        "history",
        "{first} to {last} of {count} entry",
        "{first} to {last} of {count} entries",
        total,
        first=first + 1,
        last=first + len(records),
        count=total,
    )
    return blocks.modal(
        ViewId.HISTORY,
        t.pgettext("modal.title", "History {reference}", reference=visit.reference),
        [*content, blocks.context(count), blocks.actions(*buttons)],
        close=t.pgettext("modal.close", "Close"),
        metadata=VisitRef(visit.key).pack(),
    )


def entry(reading: Reading, record: Record) -> Mrkdwn:
    """When, who did what, and what changed with it."""
    t = reading.t.rich
    lines = [_line(reading, line) for line in details(reading, record)]
    shown = lines[:_DETAILS_SHOWN]
    if len(lines) > len(shown):
        hidden = len(lines) - len(shown)
        shown.append(t.npgettext("history", "and {count} more", "and {count} more", hidden, count=hidden))
    return join("\n", [bold(reading.moment(record.at)), threads.sentence(reading, record), *shown])


def table(reading: Reading, records: Sequence[Record]) -> bytes:
    """Everything as CSV, a line for each thing that changed; in UTF-8 with a mark so that spreadsheets read Chinese."""
    t = reading.t
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(
        [
            t.pgettext("history.column", "Time"),
            t.pgettext("history.column", "Person"),
            t.pgettext("history.column", "What was done"),
            t.pgettext("history.column", "Detail"),
            t.pgettext("history.column", "Before"),
            t.pgettext("history.column", "After"),
        ]
    )
    for record in records:
        at = record.at.astimezone(reading.venue).isoformat(" ", "seconds")
        done = as_plain(threads.sentence(reading, record))
        for line in details(reading, record) or [("", "", "")]:
            rows.writerow([at, *(_cell(text) for text in (reading.name(record.person_id), done, *line))])
    return written.getvalue().encode("utf-8-sig")


def details(reading: Reading, record: Record) -> list[Line]:
    """What changed, each with old and new; what is not quoted has neither."""
    return [*_changed(reading, record.details.get("changes", {})), *_further(reading, record)]


def _changed(reading: Reading, changes: dict[str, list[Any]]) -> Iterator[Line]:
    changed = reading.t.pgettext("history", "changed")
    for name, pair in changes.items():
        old, new = (value(reading, name, one) for one in pair) if pair else ("", changed)
        yield label(reading.t, name), old, new


def _further(reading: Reading, record: Record) -> Iterator[Line]:
    """What an entry tells besides the fields of a form."""
    t, told = reading.t, record.details
    match RecordKind(record.kind):
        case RecordKind.PARTY_CHANGED:
            if told.get("added"):
                yield t.pgettext("history", "Added"), "", t.list(told["added"])
            if told.get("removed"):
                yield t.pgettext("history", "Taken off"), t.list(told["removed"]), ""
            if told.get("guest"):
                yield t.pgettext("history", "Guest"), "", told["guest"]
        case RecordKind.LEVEL_CHOSEN:
            if told.get("reason"):
                yield t.gettext("Reason"), "", told["reason"]
        case RecordKind.PLAN_SENT | RecordKind.PLAN_TAKEN_BACK:
            yield t.pgettext("history", "Revision"), "", t.number(told["revision"])
            yield from plan_changes.details(reading, told["changed"])
        case (
            RecordKind.CHANGE_ASKED
            | RecordKind.CHANGE_MADE
            | RecordKind.CHANGE_GRANTED
            | RecordKind.CHANGE_REFUSED
            | RecordKind.CHANGE_TAKEN_BACK
            | RecordKind.CHANGE_OVERTAKEN
            | RecordKind.CHANGE_SEEN
        ):
            yield from plan_changes.details(reading, told["changed"])
            if told.get("reason"):
                yield t.gettext("Reason"), "", told["reason"]
        case RecordKind.PLAN_RETURNED:
            yield t.pgettext("history", "Remarks"), "", told["remarks"]
        case RecordKind.PLAN_HANDED:
            yield t.gettext("Deputy"), reading.name(told["old"]), reading.name(told["new"])
        case RecordKind.CLIENT_CHANGED:
            for field in told.get("fields", ()):
                yield profile_label(t, ProfileField(field)), "", t.pgettext("history", "changed")
        case RecordKind.PAPERS_CHANGED:
            for paper in Paper:
                old, new = (_paper(reading, told.get(when, {}).get(paper)) for when in ("old", "new"))
                if old != new:
                    yield papers.paper(t, paper), old, new


def _paper(reading: Reading, state: bool | None) -> str:
    t = reading.t
    if state is None:
        return t.pgettext("paper.state", "not wanted")
    return t.pgettext("paper.state", "there") if state else t.pgettext("paper.state", "still missing")


def _line(reading: Reading, line: Line) -> Mrkdwn:
    t = reading.t.rich
    about, old, new = line[0], *(blocks.shortened(" ".join(text.split()), _LONGEST_VALUE) for text in line[1:])
    if old and new:
        return t.pgettext("history", "{label}: {old} → *{new}*", label=about, old=old, new=new)
    return t.pgettext("history", "{label}: {value}", label=about, value=new or old)


def _cell(text: str) -> str:
    """A cell that a spreadsheet shows instead of working it out."""
    return f"'{text}" if text.startswith(_FORMULA) else text
