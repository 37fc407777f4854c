"""What operators read of the queue: what is late shows as late, and why it is not out."""

from collections.abc import AsyncIterator
from datetime import UTC, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics
from bot.models.notices import Notice, NoticeState
from bot.services.delivery import Delivery
from bot.services.health import Watch
from bot.services.reading import Readers
from bot.slack import NotInstalled, Slack
from bot.switchboard import NO_GRANT
from tests.small_office import CATALOGS, SmallOffice, small_office
from tests.test_sight import FORM, MONDAY, REMINDED


@pytest.fixture
async def small(database_url: str) -> AsyncIterator[SmallOffice]:
    """All is well and told, until just before the reminders of the pick-up."""
    async with small_office(database_url, MONDAY) as small:
        await small.open_visit(FORM)
        small.clock.at = REMINDED.astimezone(UTC) - timedelta(minutes=1)
        await small.settle()
        small.clock.at += timedelta(minutes=2)
        yield small


class Removed:
    """The lines of a bot that no workspace has."""

    are_several = True

    async def to(self, _workspace_id: str) -> Slack:
        raise NotInstalled(NO_GRANT)


class Slow:
    """A line that takes a message an hour."""

    are_several = False

    def __init__(self, small: SmallOffice) -> None:
        self._line = Slack(small.slack, channel_seconds=0, workspace_seconds=3600, workspace_burst=1)

    async def to(self, _workspace_id: str) -> Slack:
        return self._line


async def figures(watch: Watch) -> dict[str, float]:
    """The last word of each name: `due`, `put_off` and so on."""
    page = (await watch.page()).decode()
    samples = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
    return {sample.name.removeprefix("visita_").removeprefix("notices_"): sample.value for sample in samples}


async def due_of(small: SmallOffice) -> list[Notice]:
    waits = (NoticeState.PENDING, NoticeState.SENDING)
    return [one for one in await small.all(Notice) if one.state in waits and one.due_at <= small.clock.at]


async def test_what_fails_again_and_again_is_due_for_as_long_as_it_is_late(small: SmallOffice) -> None:
    small.slack.trouble = ["says internal_error"] * 1000
    watch = Watch(small.office, small.delivery.metrics)
    for _ in range(20):
        await small.delivery.deliver_due()
        small.clock.at += timedelta(minutes=1)
    await small.delivery.deliver_due()
    late = await due_of(small)
    assert late
    assert all(one.attempts and one.attempt_at > small.clock.at for one in late)

    found = await figures(watch)

    assert found["due"] == found["put_off"] == len(late)
    assert (found["waiting"], found["oldest_waiting_seconds"], found["held"]) == (0, 0, 0)
    assert found["oldest_due_seconds"] == pytest.approx(21 * 60, abs=1)
    assert found["pending"] == len(await small.all(Notice, state=NoticeState.PENDING)) - len(late) > 0
    health = await watch.health()
    assert health.problems == (), "no restart would help"
    assert health.oldest_due_seconds >= 20 * 60
    assert health.queue is not None
    assert (health.queue.due, health.queue.put_off) == (len(late), len(late))


async def test_nobody_is_woken_for_what_waits_for_a_workspace_that_removed_the_bot(small: SmallOffice) -> None:
    delivery = Delivery(small.office, Readers(CATALOGS), Removed(), at_once=1)
    await delivery.deliver_due()
    small.clock.at += timedelta(minutes=30)
    held = await due_of(small)
    assert held

    found = await figures(Watch(small.office, delivery.metrics))

    assert found["held"] == len(held)
    assert (found["due"], found["put_off"], found["waiting"], found["oldest_due_seconds"]) == (0, 0, 0, 0)


async def test_what_waits_for_its_turn_is_told_from_what_failed(small: SmallOffice) -> None:
    delivery = Delivery(small.office, Readers(CATALOGS), Slow(small), at_once=1)
    await delivery.deliver_due()
    small.clock.at += timedelta(minutes=5)
    waits = await due_of(small)
    assert waits
    assert not any(one.attempts for one in waits)

    found = await figures(Watch(small.office, delivery.metrics))

    assert found["waiting"] == found["due"] == len(waits)
    assert found["put_off"] == 0
    assert found["oldest_due_seconds"] == pytest.approx(6 * 60, abs=1)


async def test_what_nobody_takes_waits_and_what_a_sender_has_does_not(small: SmallOffice) -> None:
    watch = Watch(small.office, Metrics())
    small.clock.at += timedelta(minutes=4)
    untaken = await figures(watch)
    assert untaken["waiting"] == untaken["due"] == len(await due_of(small)) > 0
    assert untaken["oldest_due_seconds"] == pytest.approx(5 * 60, abs=1)
    assert untaken["oldest_waiting_seconds"] == pytest.approx(5 * 60, abs=1)

    await small.delivery.claims.claim(100)

    taken = await figures(watch)
    assert taken["due"] == len(await due_of(small)) > 0
    assert (taken["waiting"], taken["put_off"], taken["oldest_waiting_seconds"]) == (0, 0, 0)
    assert taken["oldest_due_seconds"] == pytest.approx(5 * 60, abs=1)
