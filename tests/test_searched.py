"""Looking for messages in doubt in a long conversation: read once for all of them, and on from where it stopped."""

import asyncio
import gc
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bench.week.passing import PassingLoop
from bot.searched import Searched
from bot.slack import NOTICE_EVENT, SEARCH_KEPT_SECONDS, Found, Slack, TryLater

DM = "D1"


@dataclass
class Archive(AsyncWebClient):
    """A conversation, given out newest first and a few messages at a time; fails as it is told."""

    page: int = 200
    times: dict[str, float] = field(default_factory=dict)
    """When the messages were posted, by their notices."""
    calls: int = 0
    troubles: list[str] = field(default_factory=list)
    """What becomes of the next calls: nothing, `ratelimited`, `invalid_cursor`."""

    def __post_init__(self) -> None:
        AsyncWebClient.__init__(self, token="xoxb-archive")

    def post(self, notice: str) -> None:
        self.times[notice] = len(self.times) + 1.0

    async def api_call(self, api_method: str, **call: Any) -> AsyncSlackResponse:
        assert api_method == "conversations.history"
        asked = call["params"]
        self.calls += 1
        await asyncio.sleep(0)
        if trouble := self.troubles.pop(0) if self.troubles else "":
            raise SlackApiError("no", self._answer(ok=False, error=trouble))  # type: ignore[no-untyped-call]
        oldest, latest = float(asked["oldest"]), float(asked.get("latest") or "inf")
        before = min(float(asked.get("cursor") or "inf"), latest)
        within = sorted(((at, notice) for notice, at in self.times.items() if oldest < at < before), reverse=True)
        shown, rest = within[: self.page], within[self.page :]
        cursor = {"response_metadata": {"next_cursor": str(shown[-1][0])}} if rest else {}
        return self._answer(messages=[_message(at, notice) for at, notice in shown], **cursor)

    def _answer(self, **data: Any) -> AsyncSlackResponse:
        headers, status = {"Retry-After": "0"}, 429 if data.get("error") == "ratelimited" else 200
        return AsyncSlackResponse(
            client=self,
            http_verb="GET",
            api_url="",
            req_args={},
            data={"ok": True} | data,
            headers=headers,
            status_code=status,
        )


def _message(at: float, notice: str) -> dict[str, Any]:
    payload = {"notice": notice, "shows": f"shown {notice}", "told": "{}"}
    return {"ts": f"{at:.6f}", "metadata": {"event_type": NOTICE_EVENT, "event_payload": payload}}


@asynccontextmanager
async def at_once() -> AsyncIterator[None]:
    yield


def line_to(archive: Archive) -> Slack:
    return Slack(archive, channel_seconds=0, workspace_seconds=0)


_TRIES = itertools.count(1)


async def look(slack: Slack, notice: str, since: float = 0.0, tries: int | None = None) -> Found | None:
    """Another try has failed before, unless it is said how many have."""
    return await slack.look_for(DM, notice, since=since, tries=tries or next(_TRIES), turn=at_once)


async def looks(slack: Slack, notices: Sequence[str]) -> dict[str, bool]:
    found = await asyncio.gather(*(look(slack, notice) for notice in notices))
    return {
        notice: one is not None and one.shows == f"shown {notice}" for notice, one in zip(notices, found, strict=True)
    }


def archive_of(count: int, page: int = 200) -> Archive:
    archive = Archive(page=page)
    for number in range(count):
        archive.post(f"n{number}")
    return archive


async def test_a_long_conversation_is_read_once_for_all_that_are_looked_for() -> None:
    archive = archive_of(1_000)
    asked = ["n3", "n500", "n999", *(f"lost{number}" for number in range(20))]
    assert await looks(line_to(archive), asked) == {name: name.startswith("n") for name in asked}
    assert archive.calls == 5 + 1, "and what came while the first of them read"


async def test_after_a_limit_it_is_read_on_from_where_it_stopped() -> None:
    archive, limits = archive_of(1_000), 0
    slack = line_to(archive)
    archive.troubles = ["", "ratelimited"] * 5
    while True:
        try:
            assert await look(slack, "lost") is None
            break
        except TryLater:
            limits += 1
    assert limits == 5
    assert archive.calls == 5 + limits + 1, "and what came since the first page was asked for"


async def test_what_comes_later_costs_one_page_more() -> None:
    archive = archive_of(1_000)
    slack = line_to(archive)
    assert await look(slack, "late", since=300) is None
    archive.calls = 0
    archive.post("late")
    assert await look(slack, "late", since=300) is not None
    assert archive.calls == 1
    assert await look(slack, "n100", since=0) is not None, "what is older than what was read"
    assert await look(slack, "lost", since=0) is None


async def test_what_was_not_tried_again_since_is_not_looked_for_again() -> None:
    archive = archive_of(300)
    slack = line_to(archive)
    assert await look(slack, "lost", tries=3) is None
    archive.calls = 0
    for number in range(300, 600):
        archive.post(f"n{number}")
    assert await look(slack, "lost", tries=3) is None
    assert archive.calls == 0, "whatever others have posted"
    archive.post("lost")
    assert await look(slack, "lost", tries=4) is not None


async def test_where_slack_no_longer_knows_how_far_it_was_it_is_read_anew() -> None:
    archive = archive_of(600)
    archive.troubles = ["", "invalid_cursor"]
    assert await look(line_to(archive), "lost") is None
    assert archive.calls == 2 + 3


def test_what_was_found_is_forgotten_though_nobody_looks_into_that_workspace_again() -> None:
    async def live() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, PassingLoop)
        loop.hurries = True
        archive = Archive()
        archive.post("once")
        slack = line_to(archive)
        assert await look(slack, "once") is not None
        await asyncio.sleep(SEARCH_KEPT_SECONDS / 2)
        assert await look(slack, "once", tries=1) is not None
        await asyncio.sleep(SEARCH_KEPT_SECONDS * 3 / 4)
        assert is_kept("once"), "since it was looked for last"
        assert archive.calls == 1
        await asyncio.sleep(SEARCH_KEPT_SECONDS / 2)
        assert not is_kept("once")
        assert await look(slack, "once") is not None
        assert archive.calls == 2

    with asyncio.Runner(loop_factory=PassingLoop) as runner:
        runner.run(live())


def is_kept(notice: str) -> bool:
    """Whether what was found of it is still in memory."""
    gc.collect()
    return any(notice in one.found for one in gc.get_objects() if isinstance(one, Searched))


@pytest.mark.parametrize("page", [1, 3])
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("post"), st.integers(1, 4)),
            st.tuples(st.just("look"), st.integers(0, 30)),
            st.tuples(st.just("fail"), st.sampled_from(["ratelimited", "invalid_cursor", ""])),
        ),
        max_size=30,
    )
)
def test_what_was_posted_before_it_is_looked_for_is_found_and_nothing_else(
    page: int, steps: list[tuple[str, Any]]
) -> None:
    async def live() -> None:
        archive = archive_of(5, page)
        slack = line_to(archive)
        for what, much in steps:
            if what == "post":
                for _ in range(much):
                    archive.post(f"n{len(archive.times)}")
            elif what == "fail":
                archive.troubles.append(much)
            else:
                try:
                    found = await look(slack, f"n{much}", since=min(max(much - 3, 0), len(archive.times)))
                except TryLater:
                    continue
                assert (found is not None) == (f"n{much}" in archive.times)

    asyncio.run(live())
