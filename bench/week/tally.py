"""Who was told what and when, by what stands in Slack's own record; the bot's rows only say what was due when."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlmodel import select

from bot.app import Visita
from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.visits import Visit
from bot.procedure.calendar import calendar_of
from bot.services.pictures import read_picture
from bot.slack import NOTICE_EVENT, WORKSPACE_BURST, WORKSPACE_SECONDS
from sandbox.record import ApiCall
from sandbox.workspace import Workspace
from tests.promises import ALWAYS, Books, nothing_is_overdue
from tests.reception import text_of
from tests.small_office import Post

PROMISES = (*ALWAYS, nothing_is_overdue)
SOON = 12 * 3600.0
LATE = 1.0
"""Seconds."""
PACED = 5.0
"""Seconds: within them more than the burst leaves only where others have to wait for the bot's pace."""
NOT_SENT = {NoticeState.WITHDRAWN}
"""States of a notice that nobody has to receive."""


@dataclass
class Checks:
    """How often the promises of `tests.promises` were looked at, and what was found."""

    made: int = 0
    broken: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Tally:
    """What came of every notice of the week."""

    due: int
    arrived: int
    lost: tuple[str, ...]
    """Due, wanted, and in no conversation, neither by itself nor in a message with others."""
    doubled: tuple[str, ...]
    """In a conversation more than once."""
    repeated: tuple[str, ...]
    """The same words to the same person in the same conversation, under whatever id."""
    early: tuple[str, ...]
    unknown: tuple[str, ...]
    """Posted without a notice behind them."""
    given_up: dict[str, int]
    """Expired or failed, by reason."""
    withdrawn: dict[str, int]
    """Not sent because nobody needed it any more, by reason."""
    kinds: dict[str, int]
    lateness: tuple[tuple[float, str], ...]
    """Seconds and kind of each, in order of size."""
    why_late: dict[str, int]
    """What held up those that were more than a second late."""

    @property
    def is_right(self) -> bool:
        return not (self.lost or self.doubled or self.repeated or self.early or self.unknown or self.given_up)


def posted(workspace: Workspace) -> list[ApiCall]:
    """Every message that Slack took."""
    return posted_of(workspace.record.calls_of("chat.postMessage"))


def posted_of(calls: Iterable[ApiCall]) -> list[ApiCall]:
    return [call for call in calls if call.ok and call.method == "chat.postMessage"]


def notice_of(post: ApiCall) -> str:
    metadata = post.answer["message"].get("metadata") or {}
    return str(metadata["event_payload"]["notice"]) if metadata.get("event_type") == NOTICE_EVENT else ""


async def check(
    visita: Visita, workspace: Workspace, checks: Checks, now: datetime, *, over_since: datetime | None = None
) -> None:
    """Every promise, for every visit as it stands; not for those that were over before."""
    posts: defaultdict[str, list[Post]] = defaultdict(list)
    for post in posted(workspace):
        posts[notice_of(post)].append(_as_post(post))
    office = visita.delivery.office
    async with visita.database.read() as session:
        sheets = (await session.exec(select(Notice).where(Notice.kind == NoticeKind.RUN_SHEET))).all()
        for visit in (await session.exec(select(Visit))).all():
            if over_since is not None and visit.departs_at < over_since:
                continue
            picture = await read_picture(session, visit)
            rows = list((await session.exec(select(Notice).where(Notice.visit_id == visit.key))).all())
            of_visit = [post for row in rows for post in posts[row.id]]
            calendar = calendar_of(picture.workspace, picture.visit)
            books = Books(picture, rows, of_visit, office.rulebook, calendar, now, sheets)
            for promise in PROMISES:
                checks.made += 1
                try:
                    promise(books)
                except AssertionError as broken:
                    checks.broken.append(f"{now:%m-%d %H:%M} {visit.reference} {promise.__name__}: {broken}")


async def tally(visita: Visita, workspace: Workspace, now: datetime) -> Tally:
    async with visita.database.read() as session:
        rows = {row.id: row for row in (await session.exec(select(Notice))).all()}
    posts = sorted(posted(workspace), key=_at)
    times: defaultdict[str, list[float]] = defaultdict(list)
    for post in posts:
        times[notice_of(post)].append(_at(post))
    due = [row for row in rows.values() if row.due_at <= now and row.state not in NOT_SENT]
    told_by = {row.id: (row.merged_into or "") if row.state == NoticeState.MERGED else row.id for row in due}
    arrived = [(row, min(times[by])) for row in due if (by := told_by[row.id]) in times]
    late = {told_by[row.id]: row for row, at in arrived if at - row.due_at.timestamp() > LATE}
    return Tally(
        due=len(due),
        arrived=len(arrived),
        lost=tuple(row.key for row in due if told_by[row.id] not in times),
        doubled=tuple(rows[one].key for one, at in times.items() if len(at) > 1 and one in rows),
        repeated=tuple(_repeated(post for post in posts if not _is_asked_for(rows.get(notice_of(post))))),
        early=tuple(row.key for row, at in arrived if at < row.due_at.timestamp()),
        unknown=tuple(one for one in times if one not in rows),
        given_up=dict(Counter(r.reason for r in due if r.state in (NoticeState.EXPIRED, NoticeState.FAILED))),
        withdrawn=dict(Counter(row.reason for row in rows.values() if row.state == NoticeState.WITHDRAWN)),
        kinds=dict(Counter(row.kind for row, _ in arrived).most_common()),
        lateness=tuple(sorted((max(at - row.due_at.timestamp(), 0.0), row.kind) for row, at in arrived)),
        why_late=dict(Counter(_why_late(post, late[one], posts) for post in posts if (one := notice_of(post)) in late)),
    )


def _at(post: ApiCall) -> float:
    """When it arrived, in seconds since 1970."""
    return float(post.answer["ts"])


def _why_late(post: ApiCall, row: Notice, posts: Sequence[ApiCall]) -> str:
    """`posts` in order of time."""
    at, channel = _at(post), post.answer["channel"]
    earlier = posts[bisect_left(posts, at - PACED, key=_at) : bisect_left(posts, at, key=_at)]
    in_channel = (other for other in earlier if other.answer["channel"] == channel)
    if row.kind == NoticeKind.THREAD:
        return "a thread begins when its card is there"
    if any(at - _at(other) <= LATE * 1.1 for other in in_channel):
        return "one a second in a conversation"
    if len(earlier) >= WORKSPACE_BURST:
        return f"{1 / WORKSPACE_SECONDS:g} a second in a workspace, after {WORKSPACE_BURST}"
    return "this machine was busy"


def _is_asked_for(row: Notice | None) -> bool:
    """Whether somebody has it said once more by a press (C16)."""
    return row is not None and row.kind == NoticeKind.NUDGE


def _repeated(posts: Iterable[ApiCall]) -> Iterable[str]:
    """Messages to people that read alike to the last word and came within hours of each other."""
    last: dict[str, float] = {}
    for post in posts:
        channel, at = str(post.answer["channel"]), _at(post)
        if channel.startswith("D"):
            said = f"{channel}: {text_of(post.arguments)}"
            if at - last.get(said, 0.0) < SOON:
                yield said
            last[said] = at


def _as_post(post: ApiCall) -> Post:
    return Post(
        at=datetime.fromtimestamp(_at(post), UTC),
        notice=notice_of(post),
        channel=str(post.answer["channel"]),
        text=str(post.arguments.get("text")),
        ts=str(post.answer["ts"]),
        thread=post.arguments.get("thread_ts"),
    )
