"""An hour without Slack on the day of two visits: what each person receives once it is back, as they read it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.faults import Fault
from tests.reception import PEOPLE, SHANGHAI, Reception, reception, text_of

Visit = Mapping[str, Any]
OPENED = datetime(2026, 3, 5, 8, 30, tzinfo=SHANGHAI)
AWAY = datetime(2026, 3, 5, 13, 45, tzinfo=SHANGHAI)
BACK = AWAY + timedelta(hours=1)
AT_LAST = timedelta(minutes=20)
"""After Slack came back; whatever was to be said has been said by then."""
VISITS = (
    {"company": "Ares", "arrival_time": "14:50", "driver": "U04CHEN", "greeters": ["U06SOFIA"]},
    {"company": "Boreas", "arrival_time": "15:30", "driver": "U05WANG", "greeters": ["U03EMMA"], "team": ["U12GRACE"]},
)
"""Their pick-ups are to be reminded of at 13:50 and 14:30, their dinners at 14:30: always while Slack is away."""
_ENDLESS = 1_000_000


@dataclass(frozen=True)
class Read:
    """One message as its reader has it before the eyes; `at` by the office's clock."""

    at: datetime
    text: str


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
        "Made by `make chaos`; do not edit.",
        "",
        f"Two parties of guests are on their way. At {AWAY:%H:%M} Slack begins to answer everything with an error;",
        f"at {BACK:%H:%M} it is back. This is all that anybody received from then on, in their own language and as",
        "they read it. Guests of Ares land at 14:50, guests of Boreas at 15:30; drivers and whoever meets them are",
        "reminded an hour before (13:50 and 14:30), of dinner at 18:30 people are reminded four hours before (14:30).",
        "",
    ]
    for person, messages in read.items():
        lines += [f"## {person}", ""] + ([] if messages else ["Nothing.", ""])
        for message in messages:
            quoted = [f"> {line}  " if line else ">" for line in message.text.splitlines()]
            lines += [f"At {message.at:%H:%M:%S}:", "", *quoted, ""]
    return "\n".join(lines)


def _read(office: Reception, name: str, since: datetime) -> Iterator[Read]:
    for message in office.inbox(getattr(office, name)):
        at = datetime.fromtimestamp(float(message["ts"]), UTC).astimezone(SHANGHAI)
        if at >= since:
            yield Read(at, text_of(message))
