"""Signed HTTP requests: version 0 of Slack's signature over the raw body."""

import hashlib
import hmac
import json
import secrets
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.clock import WorkspaceClock
from sandbox.delivery.envelope import Envelope, Undeliverable
from sandbox.model.apps import App

_FORM = "application/x-www-form-urlencoded"


class HttpDelivery:
    """Posts envelopes to the addresses of an app's manifest, or all of them to its `request_url`."""

    def __init__(self, clock: WorkspaceClock) -> None:
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self._verified: set[tuple[str, str]] = set()

    def can_reach(self, app: App) -> bool:
        return bool(app.request_url or app.manifest.url_for("events_api") or app.manifest.url_for("interactive"))

    async def deliver(self, app: App, envelope: Envelope) -> Any:
        url = app.request_url or app.manifest.url_for(envelope.route, envelope.payload.get("command"))
        if url is None:
            raise Undeliverable("app_missing_action_url", retry=False)
        if envelope.kind == "events_api":
            await self._verify(app, url)
            return await self._post(app, url, json.dumps(envelope.payload), "application/json", _retry(envelope))
        if envelope.kind == "slash_commands":
            return await self._post(app, url, urlencode(envelope.payload), _FORM, {})
        form = urlencode({"payload": json.dumps(envelope.payload, ensure_ascii=False)})
        return await self._post(app, url, form, _FORM, {})

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _verify(self, app: App, url: str) -> None:
        """Slack sends events only to an address that echoed a challenge."""
        if (app.id, url) in self._verified:
            return
        challenge = secrets.token_urlsafe(24)
        body = {"token": app.verification_token, "challenge": challenge, "type": "url_verification"}
        answer = await self._post(app, url, json.dumps(body), "application/json", {})
        echoed = answer.get("challenge") if isinstance(answer, dict) else answer
        if echoed != challenge:
            raise Undeliverable("challenge_failed")
        self._verified.add((app.id, url))

    async def _post(self, app: App, url: str, body: str, content_type: str, extra: dict[str, str]) -> Any:
        headers = {**self._signed(app, body), "Content-Type": content_type, **extra}
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers={"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
            )
        try:
            async with self._session.post(url, data=body.encode(), headers=headers) as response:
                text = await response.text()
                if response.status != 200:
                    retry = response.headers.get("X-Slack-No-Retry") != "1"
                    raise Undeliverable("http_error", retry=retry)
        except aiohttp.ClientError as error:
            raise Undeliverable("connection_failed") from error
        return _answer(text, response.content_type)

    def _signed(self, app: App, body: str) -> dict[str, str]:
        timestamp = str(int(self._clock.wall()))
        base = f"v0:{timestamp}:{body}".encode()
        digest = hmac.new(app.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def _retry(envelope: Envelope) -> dict[str, str]:
    if not envelope.attempt:
        return {}
    return {"X-Slack-Retry-Num": str(envelope.attempt), "X-Slack-Retry-Reason": envelope.retry_reason}


def _answer(text: str, content_type: str) -> Any:
    if not text:
        return None
    if content_type == "application/json":
        try:
            return json.loads(text)
        except ValueError as error:
            raise Undeliverable("invalid_response") from error
    return text
