"""429 past the documented rates, and when one may go on."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.rates import Limiter, Rate, Rates
from sandbox.workspace import Workspace
from tests.sandbox.standins import HandTime


def test_a_bucket_takes_its_burst_and_then_its_pace() -> None:
    time = HandTime()
    limiter, limits = Limiter(time.monotonic), [(("a",), Rate(per_second=2, burst=3))]
    assert [limiter.wait(limits) for _ in range(4)] == [0, 0, 0, 1]
    time.pass_(0.5)
    assert [limiter.wait(limits) for _ in range(2)] == [0, 1]
    time.pass_(60)
    assert [limiter.wait(limits) for _ in range(4)] == [0, 0, 0, 1]


def test_a_refused_call_costs_nothing_of_the_other_limit() -> None:
    time = HandTime()
    limiter = Limiter(time.monotonic)
    narrow, wide = (("channel",), Rate(1, 1)), (("all",), Rate(1, 2))
    assert limiter.wait([narrow, wide]) == 0
    assert limiter.wait([narrow, wide]) > 0
    assert limiter.wait([(("other",), Rate(1, 1)), wide]) == 0


async def test_posting_too_fast_into_one_channel_is_refused_with_retry_after(
    client: AsyncWebClient, workspace: Workspace, time_source: HandTime
) -> None:
    workspace.rates.post_per_channel = Rate(1, 2)
    for _ in range(2):
        await client.chat_postMessage(channel="C01GENERAL", text="x")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C01GENERAL", text="x")
    response = caught.value.response
    assert (response.status_code, response["error"], response.headers["Retry-After"]) == (429, "ratelimited", "1")
    await client.chat_postMessage(channel="C01RANDOM", text="another channel")
    time_source.pass_(1)
    await client.chat_postMessage(channel="C01GENERAL", text="x")


async def test_the_workspace_as_a_whole_has_a_rate_of_its_own(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.rates.post_per_workspace = Rate(1, 3)
    for user in ("U01ANA", "U01BEN", "U01CHEN"):
        await client.chat_postMessage(channel=user, text="x")
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.chat_postMessage(channel="C01GENERAL", text="x")


async def test_tiers_and_lifted_limits(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.rates.tiers[2] = Rate(1 / 3, 1)
    await client.users_list()
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.users_list()
    workspace.rates = Rates.unlimited()
    for _ in range(30):
        await client.users_list()
