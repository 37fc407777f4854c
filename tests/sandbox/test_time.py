"""The workspace's clock, and what follows it."""

from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import WorkspaceClock
from sandbox.hands import Hands
from sandbox.people.seeing import move_clock
from sandbox.workspace import Workspace
from tests.sandbox.standins import HandTime


def test_the_clock_runs_on_from_where_it_was_moved() -> None:
    source = HandTime()
    clock = WorkspaceClock(source)
    moves: list[datetime] = []
    stop = clock.subscribe(lambda: moves.append(clock.now()))
    start = clock.now()
    clock.forward(timedelta(days=1))
    source.pass_(60)
    assert clock.now() - start == timedelta(days=1, minutes=1)
    stop()
    clock.forward(timedelta(days=1))
    assert moves == [start + timedelta(days=1)]


def test_the_clock_goes_back_only_on_purpose() -> None:
    clock = WorkspaceClock(HandTime())
    start = clock.now()
    with pytest.raises(ValueError, match="forward"):
        clock.forward(timedelta(seconds=-1))
    clock.to(start - timedelta(days=1))
    assert clock.now() == start
    clock.shift(timedelta(days=-1))
    assert clock.now() == start - timedelta(days=1)


async def test_messages_carry_the_workspaces_time_and_keep_their_order_when_it_goes_back(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    workspace.clock.to(datetime(2030, 1, 1, tzinfo=UTC))
    late = (await client.chat_postMessage(channel="C01GENERAL", text="x"))["ts"]
    assert float(late) == pytest.approx(datetime(2030, 1, 1, tzinfo=UTC).timestamp())
    workspace.clock.shift(timedelta(days=-7))
    assert (await client.chat_postMessage(channel="C01GENERAL", text="y"))["ts"] > late


async def test_jumping_to_what_a_program_says_is_due(workspace: Workspace) -> None:
    due = workspace.clock.now() + timedelta(hours=3)

    async def next_due() -> tuple[datetime, str]:
        return due, "Pick-up"

    workspace.next_due = next_due
    shown = await workspace.clock_state()
    assert (shown["next"], shown["next_label"]) == (due.timestamp(), "Pick-up")
    await move_clock(workspace, {"to": "next"})
    assert workspace.clock.now() == due


async def test_offsets_of_zones_follow_the_workspaces_date(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.clock.shift(datetime(2030, 1, 15, tzinfo=UTC) - workspace.clock.now())
    winter = (await client.users_info(user="U01ANA"))["user"]["tz_offset"]
    workspace.clock.to(datetime(2030, 7, 15, tzinfo=UTC))
    summer = (await client.users_info(user="U01ANA"))["user"]["tz_offset"]
    assert (winter, summer) == (3600, 7200)


async def test_a_profile_change_is_told_to_apps(workspace: Workspace, serving: object, ana: Hands) -> None:
    await ana.change_profile(locale="zh-CN", tz="Asia/Shanghai")
    (event,) = [one.payload["event"] for one in workspace.record.deliveries_of("events_api")]
    assert event["type"] == "user_change"
    assert (event["user"]["id"], event["user"]["locale"], event["user"]["tz"]) == ("U01ANA", "zh-CN", "Asia/Shanghai")
