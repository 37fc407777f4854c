"""An hour without Slack on the day of three visits: what each person receives once it is back, as they read it.

`python -m tests.chaos.outage` writes docs/outage.md; so does `make chaos`.
"""

import asyncio
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.logs import configure_logging
from sandbox.faults import Fault
from tests.reception import PEOPLE, SHANGHAI, Reception, labels, reception

PAGE = Path(__file__).parents[2] / "docs" / "outage.md"
Visit = Mapping[str, Any]
OPENED = datetime(2026, 3, 5, 8, 30, tzinfo=SHANGHAI)
AWAY = datetime(2026, 3, 5, 13, 44, tzinfo=SHANGHAI)
BACK = AWAY + timedelta(minutes=61)
AT_LAST = timedelta(minutes=60)
"""After Slack came back; whatever was to be said has been said by then."""
VISITS = (
    {"company": "Ares", "arrival_time": "14:50", "driver": "U04CHEN", "greeters": ["U06SOFIA"]},
    {"company": "Boreas", "arrival_time": "15:30", "driver": "U05WANG", "greeters": ["U03EMMA"], "team": ["U12GRACE"]},
    {"company": "Cronos", "arrival_time": "14:45", "driver": "U05WANG", "greeters": ["U02CARLOS", "U12GRACE"]},
)
"""Reminders of their pick-ups are due at 13:50, 14:30 and 13:45: always while Slack is away.
Those of Cronos are of no use any more at 14:45."""
_ENDLESS = 1_000_000


@dataclass(frozen=True)
class Read:
    """One message as its reader has it before the eyes; `at` by the office's clock."""

    at: datetime
    text: str
    buttons: list[str]


async def without_slack(
    database_url: str, *, away: datetime = AWAY, visits: Sequence[Visit] = VISITS
) -> dict[str, list[Read]]:
    """By person, what came in from the moment in which Slack went `away` until a while after it was back."""
    async with reception(database_url, start=OPENED) as office:
        for visit in visits:
            await office.open_visit(arrival_date="2026-03-05", departure_date="2026-03-06", **visit)
        await office.pass_time(until=away)
        office.workspace.faults.add(Fault("server_error", None, _ENDLESS))
        await office.pass_time(until=BACK)
        office.workspace.faults.clear()
        await office.pass_time(until=BACK + AT_LAST)
        return {office.workspace.users[PEOPLE[name]].real_name: list(_read(office, name, away)) for name in PEOPLE}


def page(read: dict[str, list[Read]]) -> str:
    """All of it, person by person."""
    lines = [
        "# An hour without Slack",
        "",
        "Made by `make chaos` or `.venv/bin/python -m tests.chaos.outage`; do not edit.",
        "",
        f"Three parties of guests are on their way. At {AWAY:%H:%M} Slack begins to answer everything with an error;",
        f"at {BACK:%H:%M} it is back. This is all that anybody received from then on, in their own language and as",
        "they read it (what stands in brackets are buttons).",
        "",
        "- Guests of Cronos arrive at 14:45. Their driver and the two who meet them were to be reminded at 13:45: that",
        "  is of no use any more, so nobody is told; the lead host is, in one message.",
        "- Guests of Ares arrive at 14:50, of Boreas at 15:30; reminders were due at 13:50 and 14:30. They say what is",
        "  true when they arrive, not what was true when they were due.",
        "- Those who dine with them are reminded four hours before.",
        "",
    ]
    for person, messages in read.items():
        lines += [f"## {person}", ""] + ([] if messages else ["Nothing.", ""])
        for message in messages:
            quoted = [f"> {line}  " if line else ">" for line in message.text.splitlines()]
            pressable = [f"> {' '.join(f'[{button}]' for button in message.buttons)}"] if message.buttons else []
            lines += [f"At {message.at:%H:%M:%S}:", "", *quoted, *pressable, ""]
    return "\n".join(lines)


def _read(office: Reception, name: str, since: datetime) -> Iterator[Read]:
    for message in office.inbox(getattr(office, name)):
        at = datetime.fromtimestamp(float(message["ts"]), UTC).astimezone(SHANGHAI)
        if at >= since:
            yield Read(at, _with_names(office, "\n".join(_said(message["blocks"]))), labels(message))


def _with_names(office: Reception, text: str) -> str:
    """Slack shows whoever is mentioned by name, and what is bold in bold."""
    named = re.sub(r"<@(\w+)>", lambda found: f"@{office.workspace.users[found[1]].real_name}", text)
    return re.sub(r"\*([^*\n]+)\*", r"**\1**", named)


def _said(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What a message says, line by line, without its buttons."""
    for block in blocks:
        parts = [
            block.get("text"),
            *block.get("fields", ()),
            *(block.get("elements", ()) if _is_context(block) else ()),
        ]
        yield from (str(part["text"]) for part in parts if part)


def _is_context(block: Mapping[str, Any]) -> bool:
    return bool(block["type"] == "context")


def main() -> None:
    configure_logging("ERROR", json=False, secrets=())
    with tempfile.TemporaryDirectory(prefix="visita-outage-") as folder:
        PAGE.write_text(page(asyncio.run(without_slack(f"sqlite:///{folder}/visita.sqlite3"))), encoding="utf-8")


if __name__ == "__main__":
    main()
