"""Faults on request: what goes wrong between an app and Slack once in a while, made to happen now."""

import random
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from sandbox.errors import Refusal

FaultKind = Literal[
    "rate_limited",
    "server_error",
    "timeout",
    "lost_answer",
    "drop_connection",
    "duplicate_envelope",
    "slow_ack",
]
OF_CALLS = frozenset({"rate_limited", "server_error", "timeout", "lost_answer", "drop_connection"})
OF_DELIVERIES = frozenset({"drop_connection", "duplicate_envelope", "slow_ack"})


@dataclass(slots=True)
class Fault:
    """`method` names a Web API method or a kind of envelope (`events_api` …); None stands for any."""

    kind: FaultKind
    method: str | None = None
    times: int = 1
    probability: float = 1.0
    seconds: float = 1.0


class Faults:
    """The faults still to come."""

    def __init__(self, seed: int = 0) -> None:
        self._open: list[Fault] = []
        self._dice = random.Random(seed)  # noqa: S311 - chooses faults, guards nothing

    def add(self, fault: Fault) -> None:
        if fault.kind not in get_args(FaultKind):
            raise Refusal("invalid_fault", f"kind is one of {', '.join(get_args(FaultKind))}")
        self._open.append(fault)

    def add_json(self, given: dict[str, Any]) -> None:
        unknown = given.keys() - {field.name for field in fields(Fault)}
        if unknown or "kind" not in given:
            raise Refusal("invalid_fault", f"unknown: {sorted(unknown)}" if unknown else "kind is missing")
        self.add(Fault(**given))

    def clear(self) -> None:
        self._open.clear()

    def for_call(self, method: str) -> Fault | None:
        return self._take(OF_CALLS, method)

    def for_delivery(self, kind: str) -> Fault | None:
        return self._take(OF_DELIVERIES, kind)

    def listing(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._open]

    def _take(self, kinds: frozenset[str], method: str) -> Fault | None:
        for fault in self._open:
            if fault.kind not in kinds or fault.method not in (None, method):
                continue
            if fault.probability < 1 and self._dice.random() >= fault.probability:
                continue
            fault.times -= 1
            if fault.times <= 0:
                self._open.remove(fault)
            return fault
        return None
