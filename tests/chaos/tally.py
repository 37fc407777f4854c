"""Who was told what and when, by the workspace's own conversations; the bot's database is not asked."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bot.slack import NOTICE_EVENT
from sandbox.workspace import Workspace
from tests.chaos.company import Due
from tests.chaos.journal import Journal, Seconds
from tests.reception import text_of

LATE = 1.0
"""Seconds after its due time from which a notice wants a reason."""
QUEUE_PAUSE = 3.0
"""Seconds without any message in which a queue cannot be said to have moved on."""
QUEUE = "waited for its turn in the queue"
UNEXPLAINED = "unexplained"


@dataclass(frozen=True)
class Tally:
    """What came of all notices that were planned."""

    notices: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    """Arrived twice, or read alike to the last word: every visit here has a client and a time of its own."""
    misplaced: tuple[str, ...]
    """In another conversation than the DM of the person it was for."""
    early: tuple[str, ...]
    lateness: tuple[float, ...]
    """Seconds of each that arrived, in order of size."""
    late: dict[str, list[float]] = field(default_factory=dict)
    """The seconds of those that were late, by reason."""

    @property
    def unexplained(self) -> int:
        return len(self.late.get(UNEXPLAINED, ()))

    def percentile(self, share: float) -> float:
        return self.lateness[min(int(len(self.lateness) * share), len(self.lateness) - 1)] if self.lateness else 0.0


def arrivals(workspace: Workspace) -> dict[str, list[tuple[str, Seconds]]]:
    """By notice: in which conversation it stands, and since when."""
    found: defaultdict[str, list[tuple[str, Seconds]]] = defaultdict(list)
    for channel in workspace.channels:
        for message in workspace.messages.of(channel.id):
            metadata = message.body.get("metadata") or {}
            if metadata.get("event_type") == NOTICE_EVENT:
                found[metadata["event_payload"]["notice"]].append((channel.id, float(message.ts)))
    return found


def missing(workspace: Workspace, planned: Iterable[Due]) -> int:
    """How many have not arrived."""
    there = arrivals(workspace)
    return sum(due.id not in there for due in planned)


def count(workspace: Workspace, planned: Sequence[Due], journal: Journal) -> Tally:
    there = arrivals(workspace)
    first = {notice: min(at for _, at in places) for notice, places in there.items()}
    shown = {due.id: journal.shown_at(due.due_at) for due in planned}
    arrived = [due for due in planned if due.id in first]
    reasons = _Reasons(journal, sorted(first.values()))
    late: defaultdict[str, list[float]] = defaultdict(list)
    for due in arrived:
        if first[due.id] - shown[due.id] > LATE:
            late[reasons.of(shown[due.id], first[due.id])].append(first[due.id] - shown[due.id])
    return Tally(
        notices=len(planned),
        lost=tuple(due.id for due in planned if due.id not in first),
        doubled=(*(notice for notice, places in there.items() if len(places) > 1), *_said_twice(workspace)),
        misplaced=tuple(due.id for due in arrived if not _is_dm_of(workspace, there[due.id][0][0], due.person)),
        early=tuple(due.id for due in arrived if first[due.id] < shown[due.id]),
        lateness=tuple(sorted(max(first[due.id] - shown[due.id], 0.0) for due in arrived)),
        late=dict(late),
    )


def refusals(workspace: Workspace) -> Counter[str]:
    """What Slack answered to the bot's calls besides taking them."""
    return Counter(
        "429" if call.status == 429 else f"status {call.status}" if call.status != 200 else str(call.answer["error"])
        for call in workspace.record.calls
        if not call.ok
    )


@dataclass(frozen=True)
class _Reasons:
    """Why a notice came late: what was done to the bot meanwhile, or a queue that moved on all the time."""

    journal: Journal
    sent: list[Seconds]

    def of(self, shown: Seconds, arrived: Seconds) -> str:
        known = self.journal.reasons(shown, arrived)
        if known:
            return " + ".join(known)
        # The messages around and between: a stream without a pause is a queue.
        around = self.sent[max(bisect_left(self.sent, shown) - 1, 0) : bisect_right(self.sent, arrived)]
        flows = all(later - earlier < QUEUE_PAUSE for earlier, later in pairwise([shown, *around]) if later > shown)
        return QUEUE if flows else UNEXPLAINED


def _said_twice(workspace: Workspace) -> list[str]:
    """What stands in the same person's DM under two ids."""
    said: defaultdict[str, set[str]] = defaultdict(set)
    for channel in workspace.channels:
        for message in workspace.messages.of(channel.id) if channel.is_im else ():
            words = f"{channel.id}: {message.body['text']} {text_of(message.body)}"
            said[words].add(str(message.body.get("metadata")))
    return [words for words, ids in said.items() if len(ids) > 1]


def _is_dm_of(workspace: Workspace, channel_id: str, person: str) -> bool:
    channel = workspace.channels[channel_id]
    return channel.is_im and person in channel.members
