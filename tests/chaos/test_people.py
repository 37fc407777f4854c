"""People while Slack misbehaves: each press counts once, and after an outage each reads what is still true."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.errors import Refusal
from sandbox.faults import Fault, FaultKind
from tests.chaos.outage import BACK, VISITS, without_slack
from tests.reception import reception

pytestmark = pytest.mark.sqlite
GREETERS = {"sofia": "U06SOFIA", "emma": "U03EMMA", "grace": "U12GRACE"}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'visita.sqlite3'}"


async def test_a_visit_that_is_submitted_twice_is_opened_once(url: str) -> None:
    async with reception(url) as office:
        office.workspace.faults.add(Fault("duplicate_envelope", "interactive", times=1_000))
        await office.open_visit(driver="U04CHEN")
        cards = [message for message in office.lina.messages("reception") if message.get("bot_id")]
        assert ["V-0001" in card["text"] for card in cards] == [True]


@pytest.mark.parametrize("kind", ["duplicate_envelope", "slow_ack", "drop_connection"])
async def test_each_press_counts_once(url: str, kind: FaultKind) -> None:
    async with reception(url) as office:
        await office.open_visit(driver="U04CHEN", greeters=list(GREETERS.values()))
        await office.pass_time(until=office.now.replace(day=5, hour=5, minute=30))
        told = len(office.inbox(office.lina))
        office.workspace.timings.ack_seconds = 1
        for name in GREETERS:
            office.workspace.faults.add(Fault(kind, "interactive", seconds=1.5))
            hands = getattr(office, name)
            reminder = office.last(hands)
            for _ in range(2):
                # Whoever sees no answer presses once more.
                with suppress(Refusal):
                    await hands.press(reminder, action_id="declare_on_my_way", as_shown=True)
                await hands.until(lambda: office.workspace.is_connected(next(iter(office.workspace.apps))))
        await office.settle()
        assert len(office.inbox(office.lina)) == told + len(GREETERS)


async def test_once_slack_is_back_each_reads_soon_and_once_what_is_still_true(url: str) -> None:
    read = await without_slack(url, away=BACK - timedelta(minutes=20), visits=VISITS[1:2])
    assert [len(read[name]) for name in ("王强", "Emma Clarke", "刘芳")] == [1, 1, 0]
    (reminder,) = read["王强"]
    assert reminder.at - BACK < timedelta(minutes=2)
    assert any(f"{minutes} 分钟" in reminder.text for minutes in (43, 44, 45))


@pytest.mark.timeout(300)  # sixty minutes of tries take ten seconds on an idle machine
async def test_what_came_too_late_to_be_of_use_is_reported_to_the_host_in_one_message(url: str) -> None:
    read = await without_slack(url, visits=VISITS[2:])
    missed = ("王强", "Carlos Ruiz", "Grace Lin")
    reports = [message.text for message in read["李娜"] if "王强" in message.text]
    assert [[name in report for name in missed] for report in reports] == [[True, True, True]]
    assert [len(read[name]) for name in missed] == [0, 0, 0]
