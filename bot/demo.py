"""`visita demo`: a local workspace and the bot in one process, so that anybody can try it without an account."""

import asyncio
import sys
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import app, demo_office
from bot.app import Pacing, Visita
from bot.clock import Clock
from bot.models.notices import NoticeState
from bot.models.people import Person
from bot.models.rearrangement import Rearrangement
from bot.models.roles import Role
from bot.procedure.recipients import APPROVERS
from bot.procedure.rules import Rulebook
from bot.services.reading import Translators
from bot.settings import Settings, async_database_url
from bot.vault import new_key
from sandbox.server import serve
from sandbox.workspace import Workspace


async def run(folder: Path, *, port: int, fresh: bool, locale: str | None, approved: bool, stop: asyncio.Event) -> None:
    """Workspace and bot until `stop` is set; goes on where it was, or with `fresh` from the start.

    `locale`: what everybody of a fresh workspace reads; None: each person their own language. `approved`: leaders of a
    fresh workspace approve the plans of visits.
    """
    state, database, key = await asyncio.to_thread(_files, folder, fresh)
    workspace = Workspace.load(demo_office.seed(locale), state=state)
    async with AsyncExitStack() as stack:
        serving = await stack.enter_async_context(serve(workspace, port))
        settings = demo_settings(serving.api_url, f"sqlite:///{database}", secret_keys=(key,), locale=locale)
        visita = await stack.enter_async_context(open_office(settings, workspace.clock, approved=approved))
        workspace.next_due = lambda: next_due(visita)
        await stack.enter_async_context(app.listening(visita))
        await stack.enter_async_context(_next_due_shown(workspace, visita))
        workspace.clock.subscribe(visita.timetable.wake)
        sys.stdout.write(welcome(serving.url))
        sys.stdout.flush()
        await stop.wait()


def _files(folder: Path, fresh: bool) -> tuple[Path, Path, str]:
    """Where workspace and bot keep what they know, both empty for a fresh start, and the demo's own key."""
    folder.mkdir(parents=True, exist_ok=True)
    state, database = folder / "demo-workspace.sqlite3", folder / "demo.sqlite3"
    if fresh:
        for file in (path for base in (state, database) for path in folder.glob(f"{base.name}*")):
            file.unlink()
    key = folder / "demo.key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(new_key(), encoding="ascii")
    return state, database, key.read_text(encoding="ascii")


def demo_settings(
    api_url: str, database_url: str, *, secret_keys: tuple[str, ...] = (), locale: str | None = None
) -> Settings:
    """What `.env` would hold for the app of the local workspace."""
    return Settings(
        slack_bot_token=demo_office.BOT_TOKEN,
        slack_app_token=demo_office.APP_TOKEN,
        slack_signing_secret=demo_office.SIGNING_SECRET,
        slack_api_url=api_url,
        database_url=async_database_url(database_url),
        secret_keys=secret_keys,
        timezone=ZoneInfo(demo_office.ZONE),
        locale=locale or demo_office.LOCALE,
    )


@asynccontextmanager
async def open_office(
    settings: Settings,
    clock: Clock,
    *,
    catalogs: Translators | None = None,
    rulebook: Rulebook | None = None,
    pacing: Pacing | None = None,
    approved: bool = False,
) -> AsyncIterator[Visita]:
    """The bot with the demo's company: roles and cars are set through the services that settings use in production.

    `approved`: leaders approve the plans of visits; else preparation begins when a visit is entered.
    """
    parts = app.build(settings, clock=clock, catalogs=catalogs, rulebook=rulebook, pacing=pacing)
    async with parts as visita:
        await visita.database.migrate()
        workspace = await app.introduce(visita)
        if workspace.reception_channel is None:
            await furnish(visita, workspace.id, approved=approved)
        yield visita


async def furnish(visita: Visita, workspace_id: str, *, approved: bool = False) -> None:
    """Roles, reception channel and cars, set through the services that settings use in production."""
    desk, vacant = visita.desk, () if approved else tuple(APPROVERS.values())
    groups = (*demo_office.ROLES.values(), *demo_office.DEPUTIES.values(), tuple(demo_office.RANKS))
    everybody = {slack_id for group in groups for slack_id in group}
    known = await desk.people.known(workspace_id, everybody)
    actor = await desk.people.actor(workspace_id, demo_office.ADMINISTRATOR)
    await desk.arrangements.arrange(
        actor,
        Rearrangement(
            {"reception_channel": demo_office.RECEPTION, "zone": demo_office.ZONE},
            _filled(demo_office.ROLES, known, vacant),
            _filled(demo_office.DEPUTIES, known, vacant),
        ),
    )
    for slack_id, value in demo_office.RANKS.items():
        await desk.furnishings.give_rank(actor, known[slack_id], value)
    for name, plate, seats in demo_office.VEHICLES:
        await desk.furnishings.add_vehicle(actor, name=name, plate=plate, seats=seats)
    for name, kind, capacity in demo_office.ROOMS:
        await desk.furnishings.add_room(actor, name=name, kind=kind, capacity=capacity)


def _filled(
    roles: Mapping[Role, Sequence[str]], known: Mapping[str, Person], vacant: Collection[Role]
) -> dict[Role, tuple[int, ...]]:
    return {role: tuple(known[slack_id].key for slack_id in ids) for role, ids in roles.items() if role not in vacant}


async def next_due(visita: Visita) -> tuple[datetime, str] | None:
    """What the page's clock offers to jump to: the next notice, by its row of the procedure and its recipient."""
    upcoming = await visita.delivery.outbox.upcoming()
    if upcoming is None:
        return None
    notice, name = upcoming
    moment = notice.due_at if notice.state == NoticeState.SENDING else notice.attempt_at
    return moment, " · ".join(part for part in (notice.rule, name) if part)


@asynccontextmanager
async def _next_due_shown(workspace: Workspace, visita: Visita) -> AsyncIterator[None]:
    """Until the block ends, the page's clock offers what is due next as soon as that changes."""
    changed = asyncio.Event()
    changed.set()  # a page may have looked before anybody could say what is due

    async def follow() -> None:
        shown: tuple[datetime, str] | None = None
        while await changed.wait():
            changed.clear()
            due = await next_due(visita)
            if due != shown:
                workspace.feed.tell_everybody({"type": "clock", "clock": await workspace.clock_state()})
                shown = due

    visita.database.after_commit(changed.set, every=True)  # what was sent is not due any more
    following = asyncio.create_task(follow(), name="next due")
    try:
        yield
    finally:
        following.cancel()


def welcome(url: str) -> str:
    """The address, and what to try first."""
    hints = [f"  {number}. {hint}" for number, hint in enumerate(demo_office.HINTS["en"], 1)]
    return "\n".join(["", f"Visita is open at {url}", "", *hints, "", ""])
