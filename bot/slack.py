"""The one way out to Slack: pacing instead of running into limits, and a clear outcome of every call."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

NOTICE_EVENT = "visita_notice"
"""Message metadata carries the notice's id under this event type, so that an unknown outcome can be looked up."""

_CHANNEL_SECONDS = 1.0
_WORKSPACE_SECONDS = 1 / 6
"""Several hundred messages a minute for a workspace, kept just under (Slack's documentation names no number)."""
_GONE = {
    "account_inactive",
    "user_not_found",
    "user_disabled",
    "users_not_found",
    "channel_not_found",
    "is_archived",
    "not_in_channel",
    "cannot_dm_bot",
    "messages_tab_disabled",
    "restricted_action",
}
_BLOCKED = {"invalid_auth", "not_authed", "token_revoked", "token_expired", "missing_scope"}
_LATER = {"ratelimited", "rate_limited", "service_unavailable", "internal_error", "fatal_error", "request_timeout"}


class Undeliverable(Exception):  # noqa: N818 - an outcome, not an error of ours
    """Slack will not take this message for this recipient, now or later; `code` is Slack's word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TryLater(Exception):  # noqa: N818
    """Slack did not take it; `seconds` is what Slack asks to wait, 0 where it does not say."""

    def __init__(self, code: str, seconds: float = 0.0) -> None:
        super().__init__(code)
        self.code = code
        self.seconds = seconds


class UnknownOutcome(Exception):  # noqa: N818
    """The call may or may not have been carried out: look before doing it again."""


@dataclass(frozen=True)
class Posted:
    """Where a message stands."""

    channel: str
    ts: str


class RetryWhatIsSafe(AsyncConnectionErrorRetryHandler):
    """After a broken connection every call is made once more, except posting: that may have arrived already."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if request.url.rstrip("/").endswith("chat.postMessage"):
            return False
        return await super()._can_retry_async(state=state, request=request, response=response, error=error)


class Pace:
    """Lets calls through at most once every `seconds`; a pause asked for by Slack holds back everybody behind it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._free_at = 0.0

    async def turn(self) -> None:
        """Returns when it is this caller's turn."""
        now = asyncio.get_running_loop().time()
        mine = max(now, self._free_at)
        self._free_at = mine + self._seconds
        if mine > now:
            await asyncio.sleep(mine - now)

    def pause(self, seconds: float) -> None:
        self._free_at = max(self._free_at, asyncio.get_running_loop().time() + seconds)

    @property
    def is_idle(self) -> bool:
        return self._free_at < asyncio.get_running_loop().time()


class Slack:
    """Slack's Web API as this bot uses it."""

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        channel_seconds: float = _CHANNEL_SECONDS,
        workspace_seconds: float = _WORKSPACE_SECONDS,
    ) -> None:
        self.client = client
        self._channel_seconds = channel_seconds
        self._workspace = Pace(workspace_seconds)
        self._channels: dict[str, Pace] = {}
        self._dms: dict[str, str] = {}

    async def post(self, to: str, message: Mapping[str, Any], notice_id: str, thread_ts: str | None = None) -> Posted:
        """Post to a channel, or to a person's DM where `to` is a user id, with the notice's id as metadata.

        Wait for the `turn` of the channel before.
        """
        metadata = {"event_type": NOTICE_EVENT, "event_payload": {"notice": notice_id}}
        call = self.client.chat_postMessage(
            channel=to, **message, metadata=metadata, thread_ts=thread_ts, unfurl_links=False, unfurl_media=False
        )
        answer = await self._outcome(call)
        return Posted(str(answer["channel"]), str(answer["ts"]))

    async def update(self, posted: Posted, message: Mapping[str, Any], notice_id: str) -> None:
        """Edit a message; its metadata stays."""
        metadata = {"event_type": NOTICE_EVENT, "event_payload": {"notice": notice_id}}
        await self.turn(posted.channel)
        await self._outcome(self.client.chat_update(channel=posted.channel, ts=posted.ts, **message, metadata=metadata))

    async def look_for(self, to: str, notice_id: str, *, since: float, thread_ts: str | None = None) -> Posted | None:
        """The message that carries this notice's id, if it was posted after all (unix seconds `since`)."""
        channel = await self._channel(to)
        cursor = ""
        while True:
            answer = await self._outcome(self._page(channel, since, thread_ts, cursor))
            for message in answer["messages"]:
                metadata = message.get("metadata") or {}
                if metadata.get("event_type") == NOTICE_EVENT and metadata["event_payload"]["notice"] == notice_id:
                    return Posted(channel, str(message["ts"]))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None

    async def user(self, user_id: str) -> Mapping[str, Any]:
        """Slack's `users.info` for one user."""
        answer = await self._outcome(self.client.users_info(user=user_id, include_locale=True))
        user: Mapping[str, Any] = answer["user"]
        return user

    async def join(self, channel: str) -> None:
        """Join a public channel, so that messages can be posted there; Undeliverable where the bot may not."""
        await self._outcome(self.client.conversations_join(channel=channel))

    async def is_in(self, channel: str) -> bool:
        """Whether the bot is a member of a channel."""
        answer = await self._outcome(self.client.conversations_info(channel=channel))
        return bool(answer["channel"].get("is_member"))

    def _page(self, channel: str, since: float, thread_ts: str | None, cursor: str) -> Awaitable[AsyncSlackResponse]:
        window = {"oldest": f"{since:.6f}", "include_all_metadata": True, "limit": 200, "cursor": cursor or None}
        if thread_ts:
            return self.client.conversations_replies(channel=channel, ts=thread_ts, **window)  # type: ignore[arg-type]
        return self.client.conversations_history(channel=channel, **window)  # type: ignore[arg-type]

    async def _channel(self, to: str) -> str:
        if not to.startswith(("U", "W")):
            return to
        if to not in self._dms:
            answer = await self._outcome(self.client.conversations_open(users=to))
            self._dms[to] = str(answer["channel"]["id"])
        return self._dms[to]

    async def turn(self, to: str) -> None:
        """Returns when the next message to this channel may go out."""
        if len(self._channels) > 10_000:
            self._channels = {name: pace for name, pace in self._channels.items() if not pace.is_idle}
        await self._channels.setdefault(to, Pace(self._channel_seconds)).turn()
        await self._workspace.turn()

    async def _outcome(self, call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
        """The answer of a call, or one of the three ways in which it can fail."""
        try:
            return await call
        except SlackApiError as error:
            raise self._failure(error) from error
        except aiohttp.ClientConnectorError as error:
            raise TryLater("not connected") from error
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise UnknownOutcome(type(error).__name__) from error

    def _failure(self, error: SlackApiError) -> Exception:
        response = error.response
        status = getattr(response, "status_code", 200)
        code = str(response.get("error") if hasattr(response, "get") else "") or f"status {status}"
        if status == 429 or code in ("ratelimited", "rate_limited"):
            seconds = float(response.headers.get("Retry-After", 1))
            self._workspace.pause(seconds)
            return TryLater("ratelimited", seconds)
        if status >= 500:
            return UnknownOutcome(code)
        return TryLater(code) if code in _LATER | _BLOCKED else Undeliverable(code)
