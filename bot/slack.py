"""The one way out to Slack: paced instead of running into limits, and with a clear outcome of every call."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.pace import Pace, alone
from bot.searched import NextPage, Searched

Turn = Callable[[], AbstractAsyncContextManager[None]]
"""Entered when it is one's turn to ask Slack."""

NOTICE_EVENT = "visita_notice"
"""Message metadata carries the notice's id under this event type, so that an unknown outcome can be looked up.
Beside it stands what the message tells: by the time it is found, something else may hold."""
_TOLD_CHARACTERS = 8_000
"""At most; a whole day of a driver takes a quarter of it."""

CHANNEL_SECONDS = 1.0
_CHANNEL_BURST = 3
"""A card and what follows at once in its thread."""
_CALL_SECONDS = 1.2
"""`chat.update` is taken fifty times a minute, and so is a look into a conversation."""
WORKSPACE_SECONDS = 1 / 5
"""Several hundred messages a minute for a workspace (Slack's documentation names no number): the fewest that can be
called so, for whoever runs into the limit waits longer."""
WORKSPACE_BURST = 20
"""At once after a rest: what a visit that is opened has to tell leaves together."""
_PAGE = 200
"""Messages that are read at a time."""
_SEARCHES_KEPT, SEARCH_KEPT_SECONDS = 50, 900.0
"""Of so many conversations is kept for so long what was found in them."""
SECONDS_UNTOLD = 30.0
"""Waited after a 429 that does not say in seconds how long."""
TAKEN_BACK = {"token_revoked", "account_inactive"}
"""About the bot's own token: the workspace removed the app, or took its token back."""
_BLOCKED = {"invalid_auth", "not_authed", "token_expired"}
UNREACHABLE = {
    "account_inactive",
    "user_not_found",
    "user_disabled",
    "users_not_found",
    "channel_not_found",
    "cannot_dm_bot",
    "messages_tab_disabled",
    "restricted_action",
}
"""Slack's words, and ours, for a person to whom nothing can be written."""
CLOSED = UNREACHABLE | {"is_archived", "not_in_channel"}
"""The same for a channel: another one has to be chosen, or the bot let in."""
RATE_LIMITED, NOT_CONNECTED = "ratelimited", "not connected"
_LATER = {RATE_LIMITED, "rate_limited", "service_unavailable", "internal_error", "fatal_error", "request_timeout"}
_MOVING = {"team_added_to_org", "org_login_required"}
"""While a workspace moves into an Enterprise organization, which ends by itself."""
SURELY_NOT_POSTED = {RATE_LIMITED, NOT_CONNECTED} | _BLOCKED | _MOVING
"""Refusals after which nobody has to look whether the message arrived all the same."""


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


class MissingScope(TryLater):
    """The workspace did not grant what this call needs."""

    def __init__(self) -> None:
        super().__init__("missing_scope")


class TurnFarOff(Exception):  # noqa: N818
    """So many messages wait for this channel, or for the workspace, that the next one's turn comes in `seconds`.

    `for_all_seconds`: how long whatever else is to go to this workspace has to wait as well.
    """

    def __init__(self, seconds: float, for_all_seconds: float = 0.0) -> None:
        super().__init__(f"its turn comes in {seconds:.0f} s")
        self.seconds = seconds
        self.for_all_seconds = for_all_seconds


class UnknownOutcome(Exception):  # noqa: N818
    """The call may or may not have been carried out: look before doing it again."""


class NotInstalled(Exception):  # noqa: N818
    """The workspace has removed the bot: nothing goes there until it is installed again; `code` is Slack's word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Posted:
    """Where a message stands."""

    channel: str
    ts: str


@dataclass(frozen=True)
class Found:
    """A message that was posted without our knowing, and what it tells its reader; None where it does not say."""

    posted: Posted
    told: Mapping[str, Any] | None
    shows: str = ""
    """The fingerprint of the message as it was posted; empty where it does not say."""


_POSTING = ("chat.postMessage", "files.completeUploadExternal")


@dataclass(frozen=True, repr=False)
class File:
    """A file to send. Its repr shows nothing of it."""

    name: str
    title: str
    content: bytes


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
        if request.url.rstrip("/").endswith(_POSTING):
            return False
        return await super()._can_retry_async(state=state, request=request, response=response, error=error)


@dataclass(frozen=True)
class _Conversation:
    """Turns in a channel or a DM. They are counted twice: whoever comes one by one and then waits behind others for the
    workspace would leave with those who came after them all at once."""

    comes: Pace
    leaves: Pace

    @property
    def wait(self) -> float:
        """Those who come before this one leave before it, too, behind all who wait to leave by now."""
        return max(self.comes.wait, self.leaves.wait + self.comes.seconds_of_all)

    @property
    def is_idle(self) -> bool:
        return self.comes.is_idle and self.leaves.is_idle

    def pause(self, seconds: float) -> None:
        self.comes.pause(seconds)
        self.leaves.pause(seconds)


def _check(wait: float, ends: float, for_all_seconds: float = 0.0) -> None:
    """TurnFarOff where waiting takes longer than until it `ends`, by the loop's time."""
    if wait > ends - asyncio.get_running_loop().time():
        raise TurnFarOff(wait, for_all_seconds)


class Slack:
    """Slack's Web API as this bot uses it, for one token. `refused` is told Slack's word when it refuses the token;
    `sharers` says how many processes send with it."""

    are_several = False

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        channel_seconds: float = CHANNEL_SECONDS,
        workspace_seconds: float = WORKSPACE_SECONDS,
        workspace_burst: int = WORKSPACE_BURST,
        refused: Callable[[str], Awaitable[None]] | None = None,
        sharers: Callable[[], int] = alone,
    ) -> None:
        self.client = client
        self._refused = refused
        self._channel_seconds = channel_seconds
        self._sharers = sharers
        self._workspace = Pace(workspace_seconds, workspace_burst, sharers)
        self._leaving = Pace(workspace_seconds, workspace_burst, sharers)
        self._edits = Pace(workspace_seconds and _CALL_SECONDS, 20, sharers)
        self._looks = Pace(workspace_seconds and _CALL_SECONDS, 20, sharers)
        self._channels: dict[str, _Conversation] = {}
        self._searches: dict[tuple[str, str | None], Searched] = {}
        """By channel and thread, those that were searched last at the end."""
        self._forgetting: asyncio.TimerHandle | None = None
        self._limited = ("", 0.0)
        """The channel that was limited last, and until when."""
        self._dms: dict[str, str] = {}

    async def to(self, _workspace_id: str) -> Self:
        """The only line there is (`bot.switchboard` has several)."""
        return self

    async def post(
        self,
        to: str,
        message: Mapping[str, Any],
        notice_id: str,
        thread_ts: str | None = None,
        *,
        told: Mapping[str, Any] | None = None,
        shows: str = "",
    ) -> Posted:
        """Post to a channel, or to a person's DM where `to` is a user id, with the notice's id as metadata.

        `told`: what its reader knows then; `shows`: the fingerprint of the message. Wait for the `turn` of the channel
        before.
        """
        written = json.dumps(told) if told is not None else ""
        telling = {"told": written} if 0 < len(written) <= _TOLD_CHARACTERS else {}
        metadata = {"event_type": NOTICE_EVENT, "event_payload": {"notice": notice_id, "shows": shows, **telling}}
        call = self.client.chat_postMessage(
            channel=to, **message, metadata=metadata, thread_ts=thread_ts, unfurl_links=False, unfurl_media=False
        )
        try:
            answer = await self._outcome(call)
        except TryLater as later:
            self._hold_back(to, later.seconds)
            raise
        return Posted(str(answer["channel"]), str(answer["ts"]))

    async def update(self, posted: Posted, message: Mapping[str, Any], notice_id: str) -> None:
        """Edit a message; its metadata stays. Wait for the `edit_turn` before."""
        metadata = {"event_type": NOTICE_EVENT, "event_payload": {"notice": notice_id}}
        try:
            await self._outcome(
                self.client.chat_update(channel=posted.channel, ts=posted.ts, **message, metadata=metadata)
            )
        except TryLater as later:
            self._edits.pause(later.seconds)
            raise

    async def look_for(
        self, to: str, notice_id: str, *, since: float, tries: int, thread_ts: str | None = None, turn: Turn
    ) -> Found | None:
        """The message that carries this notice's id, if it was posted after all (unix seconds `since`).

        `tries`: how often it was claimed to be sent; as long as that stays the same, nobody has posted it meanwhile.
        Each page of the conversation is read in a `turn`, in which the `look_turn` is waited for.
        """
        channel = await self._channel(to)
        searched = self._searched(channel, thread_ts)
        asked = searched.asked_at(notice_id, tries)
        async with searched.reading:
            while not searched.says_of(notice_id, since, asked):
                async with turn():
                    await self._read_on(searched, partial(self._page, channel, thread_ts), since)
        if notice_id not in searched.found:
            return None
        ts, metadata = searched.found[notice_id]
        told = metadata.get("told")
        return Found(Posted(channel, ts), json.loads(told) if told else None, metadata.get("shows") or "")

    async def _read_on(self, searched: Searched, page: NextPage, since: float) -> None:
        try:
            await searched.read_on(page, since)
        except Undeliverable as refused:
            if refused.code != "invalid_cursor":
                raise
            searched.begin_anew()
        except TryLater as later:
            if later.seconds:
                self._looks.pause(later.seconds)
            raise

    def _searched(self, channel: str, thread_ts: str | None) -> Searched:
        """Of the conversations that were searched lately."""
        found = self._searches.pop((channel, thread_ts), None) or Searched(NOTICE_EVENT)
        found.used_at, self._searches[channel, thread_ts] = asyncio.get_running_loop().time(), found
        self._searches = dict(list(self._searches.items())[-_SEARCHES_KEPT:])
        if self._forgetting is None:
            self._forget_searches()
        return found

    def _forget_searches(self) -> None:
        """What was not searched lately, by itself: there may never be another look into this workspace."""
        loop = asyncio.get_running_loop()
        since = loop.time() - SEARCH_KEPT_SECONDS
        self._searches = {where: one for where, one in self._searches.items() if one.used_at > since}
        oldest = next(iter(self._searches.values()), None)
        self._forgetting = None
        if oldest is not None:
            self._forgetting = loop.call_at(oldest.used_at + SEARCH_KEPT_SECONDS, self._forget_searches)

    async def send_files(self, to: str, files: Sequence[File], comment: str) -> None:
        """Put files into a person's DM, with a few words before them. Whether they arrived is not known after an
        `UnknownOutcome`: Slack offers nothing to look for them by."""
        uploads = [{"filename": file.name, "title": file.title, "content": file.content} for file in files]
        channel = await self._channel(to)
        await self._outcome(self.client.files_upload_v2(channel=channel, file_uploads=uploads, initial_comment=comment))

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

    async def _page(self, channel: str, thread_ts: str | None, window: Mapping[str, Any]) -> Mapping[str, Any]:
        asked: dict[str, Any] = {"channel": channel, "include_all_metadata": True, "limit": _PAGE, **window}
        if thread_ts:
            answer = await self._outcome(self.client.conversations_replies(ts=thread_ts, **asked))
        else:
            answer = await self._outcome(self.client.conversations_history(**asked))
        page: Mapping[str, Any] = answer.data  # type: ignore[assignment]
        return page

    async def _channel(self, to: str) -> str:
        if not to.startswith(("U", "W")):
            return to
        if to not in self._dms:
            answer = await self._outcome(self.client.conversations_open(users=to))
            self._dms[to] = str(answer["channel"]["id"])
        return self._dms[to]

    async def turn(self, to: str, within: float, urgency: float = 0.0) -> None:
        """Returns when the next message to this channel may go out; TurnFarOff, at once, if not `within` seconds.

        Whoever waited in vain would have taken the turn of another. Of those who wait for the workspace the one with
        the lowest `urgency` goes first.
        """
        if len(self._channels) > 10_000:
            self._channels = {name: one for name, one in self._channels.items() if not one.is_idle}
        conversation, ends = self._conversation(to), asyncio.get_running_loop().time() + within
        of_all = self._workspace.wait_of(urgency)
        _check(max(conversation.wait, of_all), ends, of_all if of_all > within else 0.0)
        await conversation.comes.turn()
        # Behind the first line there are two more. Who would stand there for too long takes no turn of theirs: where
        # all of them did, nobody would be in time any more for as long as others come.
        _check(max(self._workspace.wait_of(urgency), conversation.leaves.wait), ends)
        await self._workspace.turn(urgency)
        _check(conversation.leaves.wait, ends)
        await conversation.leaves.turn()

    async def look_turn(self, within: float) -> None:
        """Returns when the next look may be made; TurnFarOff, at once, if not `within` seconds."""
        if self._looks.wait > within:
            raise TurnFarOff(self._looks.wait)
        await self._looks.turn()

    async def leave(self, within: float) -> None:
        """Returns at once, but after Slack was slow: those whose turn came meanwhile would all leave together.
        TurnFarOff, at once, if not `within` seconds."""
        _check(self._leaving.wait, asyncio.get_running_loop().time() + within)
        await self._leaving.turn()

    async def edit_turn(self, *, at_once: bool = False) -> None:
        """Returns when the next edit may go out; one that somebody waits for goes out `at_once`."""
        await self._edits.turn(at_once=at_once)

    def _conversation(self, to: str) -> "_Conversation":
        found = self._channels.get(to)
        if found is None:
            own = partial(Pace, self._channel_seconds, _CHANNEL_BURST, self._sharers)
            found = self._channels[to] = _Conversation(own(), own())
        return found

    def _hold_back(self, to: str, seconds: float) -> None:
        """Slack limits a channel or the whole workspace and does not say which: a second channel tells."""
        if not seconds:
            return
        now = asyncio.get_running_loop().time()
        before, until = self._limited
        self._conversation(to).pause(seconds)
        if before and before != to and now < until:
            self._workspace.pause(seconds)
        self._limited = (to, now + seconds)

    async def _outcome(self, call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
        """The answer of a call, or one of the four ways in which it can fail."""
        try:
            return await call
        except SlackApiError as error:
            failure = self._failure(error)
            code = getattr(failure, "code", "")
            if self._refused is not None and code in TAKEN_BACK | _BLOCKED:
                await self._refused(code)
            raise failure from error
        except SlackRequestError as error:  # the bytes of a file did not go through: nothing was shown to anybody
            raise TryLater("upload failed") from error
        except aiohttp.ClientConnectorError as error:
            raise TryLater(NOT_CONNECTED) from error
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise UnknownOutcome(type(error).__name__) from error

    def _failure(self, error: SlackApiError) -> Exception:
        response = error.response
        # What the SDK could not read comes as it came over the line.
        is_unread = isinstance(response, aiohttp.ClientResponse)
        status, said = (response.status, None) if is_unread else (response.status_code, response.data)
        code = str(said.get("error") or "") if isinstance(said, dict) else ""
        if status == 429 or code in (RATE_LIMITED, "rate_limited"):
            return TryLater(RATE_LIMITED, _asked_seconds(response.headers.get("Retry-After", "1")))
        if status >= 500 or not code:  # in other words than Slack's: something in between has answered
            return UnknownOutcome(code or f"status {status}")
        if code == "missing_scope":
            return MissingScope()
        if code in TAKEN_BACK:
            return NotInstalled(code)
        return TryLater(code) if code in _LATER | _BLOCKED | _MOVING else Undeliverable(code)


def _asked_seconds(retry_after: str) -> float:
    """Slack asks for a number of seconds; what stands in between may name a date instead (RFC 9110)."""
    try:
        return float(retry_after)
    except ValueError:
        return SECONDS_UNTOLD
