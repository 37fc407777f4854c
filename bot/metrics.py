"""What one running bot counts and times, for Prometheus. Labels name kinds of things, never people or visits."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from importlib.metadata import version

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from bot.models.notices import NoticeKind

_MINUTE, _HOUR = 60, 3600
LATENESS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, _MINUTE, 2 * _MINUTE, 5 * _MINUTE, 15 * _MINUTE)
"""From what nobody notices to what makes a driver late; hours of it mean that the bot was away."""
ACKS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
"""Slack shows an error to the person after three seconds."""


class Outcome(StrEnum):
    """What became of one try to deliver a notice."""

    SENT = "sent"
    EDITED = "edited"
    """A message that had been sent was put right."""
    PUT_OFF = "put_off"
    """To be tried again."""
    WITHDRAWN = "withdrawn"
    """No longer wanted when its turn came; what is withdrawn before that is not counted."""
    EXPIRED = "expired"
    FAILED = "failed"


class Answer(StrEnum):
    """How Slack answered one call."""

    OK = "ok"
    RATE_LIMITED = "rate_limited"
    REFUSED = "refused"
    SERVER_ERROR = "server_error"
    NO_ANSWER = "no_answer"
    """A broken connection, a time-out, or an answer that is not Slack's or cannot be read."""


class Metrics:
    """The figures of one bot since it started, and the moments by which its health is judged."""

    def __init__(self) -> None:
        self.last_look: datetime | None = None
        """When the bot last looked whether something is due."""
        self.last_settled: datetime | None = None
        """When it last came to an end with a notice, however that ended."""
        # A second series for every figure, which says when it began: the start of the process says as much.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        Info("visita", "The version that runs.", registry=registry).info({"version": version("visita")})
        self._lateness = Histogram(
            "visita_notice_lateness_seconds",
            "From the moment a notice was due to the moment it was sent.",
            ["kind"],
            buckets=(*LATENESS, _HOUR, 4 * _HOUR),
            registry=registry,
        )
        self._notices = Counter(
            "visita_notices",
            "Tries to deliver a notice, by what became of them.",
            ["kind", "outcome"],
            registry=registry,
        )
        self._reclaimed = Counter(
            "visita_leases_reclaimed", "Notices taken over from a sender that did not settle them.", registry=registry
        )
        self._nobody = Counter(
            "visita_nobody_told", "Messages that failed with nobody left to report it to.", registry=registry
        )
        self._calls = Counter(
            "visita_slack_calls",
            "Calls of Slack's Web API, by how Slack answered.",
            ["method", "answer"],
            registry=registry,
        )
        self._listeners = Histogram(
            "visita_listener_seconds",
            "From a command, click or event reaching the bot to its answer.",
            ["listener"],
            buckets=ACKS,
            registry=registry,
        )
        self._broken = Counter(
            "visita_listener_failures", "Answers that were an apology for an error.", ["listener"], registry=registry
        )
        self._show_zeros()

    def looked(self, at: datetime) -> None:
        """The bot looked whether something is due."""
        self.last_look = at

    def sent(self, kind: str, due_at: datetime, at: datetime) -> None:
        """A notice arrived."""
        self._lateness.labels(kind).observe((at - due_at).total_seconds())
        self.settled(kind, Outcome.SENT, at)

    def settled(self, kind: str, outcome: Outcome, at: datetime) -> None:
        """A try to deliver a notice came to an end."""
        self._notices.labels(kind, outcome).inc()
        self.last_settled = at

    def waits(self, at: datetime) -> None:
        """A notice could not be sent because Slack takes no more for now: that is no try, and no standstill either."""
        self.last_settled = at

    def reclaimed(self, count: int) -> None:
        """So many notices were left unsettled by their sender and taken over."""
        self._reclaimed.inc(count)

    def nobody_told(self) -> None:
        """A message could not be delivered, and there was nobody to report it to."""
        self._nobody.inc()

    def called(self, method: str, answer: Answer) -> None:
        """Slack was called and answered in this way."""
        children = {each: self._calls.labels(method, each) for each in Answer}
        children[answer].inc()

    def listens(self, listener: str) -> None:
        """There is this listener: that it never failed is shown from the start."""
        self._broken.labels(listener)

    def answered(self, listener: str, seconds: float, *, failed: bool) -> None:
        """A listener came to its end; `failed`: with an apology."""
        self._listeners.labels(listener).observe(seconds)
        self._broken.labels(listener).inc(int(failed))

    def page(self, present: Mapping[str, float]) -> bytes:
        """Everything in Prometheus's text format; `present` are the figures of `GAUGES` that are known now."""
        gauges = CollectorRegistry()
        for name, value in present.items():
            Gauge(name, GAUGES[name], registry=gauges).set(value)
        return generate_latest(self._registry) + generate_latest(gauges)

    def _show_zeros(self) -> None:
        """A counter that appears with its first 1 shows no increase, so that no alert would see the first failure."""
        for kind in NoticeKind:
            for outcome in Outcome:
                self._notices.labels(kind, outcome)


GAUGES: Mapping[str, str] = {
    "visita_database_up": "1 if the database answered this scrape; without it the figures of the queue are absent.",
    "visita_notices_due": "Notices that are due and not out, whatever the reason, without those that are held.",
    "visita_notices_put_off": "Of those that are due, those that were tried and wait to be tried again.",
    "visita_notices_waiting": "Of those that are due, those that wait for their turn, or for a sender.",
    "visita_notices_held": "Notices that are due in workspaces that do not have the bot, and wait until they have it.",
    "visita_notices_pending": "Notices that are to be sent later.",
    "visita_edits_due": "Messages that no longer show the present state and are to be edited now.",
    "visita_oldest_due_seconds": "How long ago the oldest of those that are due fell due; 0 if none is.",
    "visita_oldest_waiting_seconds": "How long a sender could have taken one of them and did not; 0 if there is none.",
    "visita_last_look_seconds": "How long ago this bot last looked whether something is due.",
    "visita_connected": "1 if the connection of Socket Mode stands; absent over HTTP.",
}
"""What is measured at each scrape."""


_UPLOAD = "/upload/v1/"


class CountCalls(AsyncRetryHandler):
    """Counts the calls of every client that it is given to; never asks for a retry.

    Bolt hands its listeners clients of its own, which take these handlers over but would not take over a subclass.
    """

    def __init__(self, metrics: Metrics) -> None:
        super().__init__()
        self._metrics = metrics

    async def can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        """False, after counting: the SDK asks once after every try."""
        if _UPLOAD not in request.url:  # each has an address of its own, and answers in words
            self._metrics.called(request.url.rstrip("/").rpartition("/")[2], _answer(response))
        return False


def _answer(response: HttpResponse | None) -> Answer:
    if response is None:
        return Answer.NO_ANSWER
    body = response.body if isinstance(response.body, dict) else {}
    if response.status_code == 429 or body.get("error") in ("ratelimited", "rate_limited"):
        return Answer.RATE_LIMITED
    if response.status_code >= 500:
        return Answer.SERVER_ERROR
    if "ok" not in body:
        return Answer.NO_ANSWER
    return Answer.OK if body["ok"] else Answer.REFUSED
