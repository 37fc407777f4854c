"""Hands envelopes to apps and waits for the ack, three seconds as Slack does."""

import asyncio
from typing import Any

from sandbox.clock import WorkspaceClock
from sandbox.delivery.envelope import Ack, Envelope, Undeliverable
from sandbox.delivery.http_delivery import HttpDelivery
from sandbox.delivery.socket_mode import SocketMode
from sandbox.faults import Fault, Faults
from sandbox.model.apps import App
from sandbox.record import Delivered, Record
from sandbox.timings import Timings


class Deliveries:
    """Delivers by the way the app is configured for, and keeps the record."""

    def __init__(
        self,
        clock: WorkspaceClock,
        record: Record,
        faults: Faults,
        timings: Timings,
        sockets: SocketMode,
        http: HttpDelivery,
    ) -> None:
        self._clock = clock
        self._record = record
        self._faults = faults
        self._timings = timings
        self._sockets = sockets
        self._http = http
        self._copies: set[asyncio.Task[Ack]] = set()

    async def send(self, app: App, envelope: Envelope) -> Ack:
        """One attempt; problems are answered as `operation_timeout` and `dispatch_failed`."""
        fault = self._faults.for_delivery(envelope.kind)
        if fault and fault.kind == "duplicate_envelope":
            copy = asyncio.create_task(self._attempt(app, envelope, None))
            self._copies.add(copy)
            copy.add_done_callback(self._copies.discard)
        return await self._attempt(app, envelope, fault)

    async def close(self) -> None:
        for copy in self._copies:
            copy.cancel()
        await asyncio.gather(*self._copies, return_exceptions=True)

    async def _attempt(self, app: App, envelope: Envelope, fault: Fault | None) -> Ack:
        started = self._clock.monotonic()
        try:
            async with asyncio.timeout(self._timings.ack_seconds):
                ack = Ack(await self._deliver(app, envelope, fault))
        except TimeoutError:
            ack = Ack(problem="operation_timeout")
        except Undeliverable as failure:
            ack = Ack(payload=failure.reason, problem="dispatch_failed", retry=failure.retry)
        self._enter(app, envelope, ack, self._clock.monotonic() - started)
        return ack

    async def _deliver(self, app: App, envelope: Envelope, fault: Fault | None) -> Any:
        if fault and fault.kind == "drop_connection":
            await self._sockets.drop(app.id)
            raise Undeliverable("connection_failed")
        transport = self._sockets if app.uses_sockets else self._http
        answer = await transport.deliver(app, envelope)
        if fault and fault.kind == "slow_ack":
            await asyncio.sleep(fault.seconds)
        return answer

    def _enter(self, app: App, envelope: Envelope, ack: Ack, took: float) -> None:
        self._record.add(
            Delivered(
                kind=envelope.kind,
                app_id=app.id,
                payload=envelope.payload,
                transport="socket" if app.uses_sockets else "http",
                attempt=envelope.attempt,
                answer=ack.payload,
                problem=ack.problem,
                took=took,
                at=self._clock.wall(),
                workspace_time=self._clock.now(),
            )
        )
