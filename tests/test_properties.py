"""Whatever people do and however time passes: the notices are the planner's, each told once, in time, and true.

A machine takes random steps through the real services and checks `tests.promises` after every one. Another SEED or more
EXAMPLES look further; what they find becomes a test of its own in `tests/test_reconcile.py`.
"""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test
from structlog.testing import capture_logs

from bot.app import read_rulebook
from bot.models.bookings import Booking, Vehicle
from bot.models.forms import StopForm
from bot.models.notices import DeclarationKind, Notice, NoticeKind, NoticeState
from bot.models.people import Person
from bot.models.roles import Part, Role
from bot.models.visits import MealStyle, Means, StopKind, Visit
from bot.procedure.intake import form_of
from bot.procedure.rules import Rulebook
from bot.procedure.stops import stop_form_of
from bot.services.pictures import read_picture
from tests.classic import CLASSIC
from tests.conftest import Source
from tests.postgres import TEMPLATE, Server
from tests.small_office import CHEN, EMMA, LINA, LIU, MARTA, ROLES, SOFIA, TEAM, WANG, ZHANG, ZHOU
from tests.watched import HOURS_AHEAD, WatchedOffice, copied

SEED = 20260302
EXAMPLES, STEPS = 8, 20
OF_EVERY_ROW = 3
"""Examples on the whole rulebook, whose planning takes ten times as long."""
HOSTS, LEADERS, DRIVERS = (LINA, EMMA), (SOFIA, ZHANG, MARTA), ("", CHEN, WANG)

some_leaders = st.lists(st.sampled_from(LEADERS), max_size=2, unique=True).map(tuple)
some_travel = st.sampled_from(["", "0", "45", "200"])
which = st.integers(0, 7)
ASKING, TOLD = (NoticeKind.REMINDER, NoticeKind.DUTY), (NoticeState.SENT, NoticeState.MERGED)
some_changes: tuple[st.SearchStrategy[dict[str, Any]], ...] = (
    st.builds(dict, place=st.sampled_from(["", "Gate 4"])),
    st.builds(dict, travel_minutes=some_travel),
    st.builds(dict, room=st.sampled_from(["", "Peony"]), subject=st.sampled_from(["", "Prices"])),
    st.builds(dict, means=st.sampled_from(Means), number=st.sampled_from(["", "G123"])),
    st.builds(dict, ends=st.sampled_from([None, time(20, 0)])),
    st.builds(dict, is_important=st.booleans(), is_long=st.booleans(), needs_car=st.booleans()),
    st.builds(dict, style=st.sampled_from(["", *MealStyle])),
    st.builds(dict, people=st.dictionaries(st.sampled_from([Part.LEADER, Part.TEAM, Part.DRIVER]), some_leaders)),
)
"""Of one stop."""


class Days(WatchedOffice):
    """Days at the reception."""

    acts_amid = True
    """Whether things are done while a message is on its way."""

    # What people do.

    @precondition(lambda self: self.opened < 1)
    @rule(
        arrival=HOURS_AHEAD,
        stay=st.sampled_from([4, 30]),
        leaders=some_leaders,
        greeters=some_leaders,
        driver=st.sampled_from(DRIVERS),
        host=st.sampled_from(HOSTS),
        travel=some_travel,
    )
    def open_visit(self, arrival: int, stay: int, host: str, travel: str, **people: Any) -> None:
        self.opened += 1
        self.act(self.small.open_visit(self.form(arrival, stay, lead_host=host, travel_minutes=travel, **people)))

    @rule(
        n=which,
        change=st.one_of(
            st.builds(dict, party_size=st.sampled_from(["1", "4", "9"])),
            st.builds(dict, food_notes=st.sampled_from(["", "no seafood"])),
            st.builds(dict, arrival_number=st.sampled_from(["", "MU5102"])),
            st.builds(dict, wants_pickup=st.booleans()),
            st.builds(dict, driver=st.sampled_from(DRIVERS)),
            st.builds(dict, lead_host=st.sampled_from(HOSTS)),
            st.builds(dict, leaders=some_leaders),
            st.builds(dict, greeters=some_leaders),
            st.builds(dict, team=some_leaders),
            st.builds(dict, travel_minutes=some_travel),
        ),
    )
    def change_visit(self, n: int, change: dict[str, Any]) -> None:
        async def change_it() -> None:
            visit = self.pick(await self.small.all(Visit), n)
            async with self.small.database.read() as session:
                form = form_of(await read_picture(session, visit))
            await self.small.visits.change(await self.host_of(visit), visit.key, replace(form, **change))

        self.act(change_it())

    @rule(n=which, minutes=st.sampled_from([-180, -20, 5, 60, 300, 1440]), change=st.one_of(*some_changes))
    def change_stop(self, n: int, minutes: int, change: dict[str, Any]) -> None:
        async def change_it() -> None:
            stop = self.pick(await self.live_stops(), n)
            async with self.small.database.read() as session:
                (visit,) = await self.small.all(Visit, id=stop.visit_id)
                form = stop_form_of(await read_picture(session, visit), stop)
            moved = (stop.starts_at + timedelta(minutes=minutes)).astimezone(self.zone)
            form = replace(form, day=moved.date(), starts=moved.time(), **change)
            await self.small.stops.change(await self.host_of_stop(stop), stop.key, form)

        self.act(change_it())

    @rule(n=which, hours=st.sampled_from([1, 6, 24]), kind=st.sampled_from(StopKind), change=st.one_of(*some_changes))
    def add_stop(self, n: int, hours: int, kind: StopKind, change: dict[str, Any]) -> None:
        async def add() -> None:
            visit = self.pick(await self.small.all(Visit), n)
            at = (visit.arrives_at + timedelta(hours=hours)).astimezone(self.zone)
            form = replace(StopForm(day=at.date(), starts=at.time()), **change)
            await self.small.stops.add(await self.host_of(visit), visit.key, kind, form)

        self.act(add())

    @rule(n=which, days=st.sampled_from([-1, 1]))
    def copy_stop(self, n: int, days: int) -> None:
        async def copy() -> None:
            stop = self.pick(await self.live_stops(), n)
            day = (stop.starts_at + timedelta(days=days)).astimezone(self.zone).date()
            await self.small.stops.copy(await self.host_of_stop(stop), stop.key, day)

        self.act(copy())

    @rule(n=which)
    def remove_stop(self, n: int) -> None:
        async def remove() -> None:
            stop = self.pick(await self.live_stops(), n)
            await self.small.stops.remove(await self.host_of_stop(stop), stop.key)

        self.act(remove())

    @rule(n=which)
    def cancel(self, n: int) -> None:
        async def cancel() -> None:
            visit = self.pick(await self.small.all(Visit), n)
            await self.small.visits.cancel(await self.host_of(visit), visit.key, "not coming")

        self.act(cancel())

    @rule(n=which, car=which, driver=st.sampled_from(DRIVERS[1:]))
    def assign(self, n: int, car: int, driver: str) -> None:
        async def assign() -> None:
            booking = self.pick(await self.small.all(Booking), n)
            vehicle = self.pick(await self.small.all(Vehicle), car)
            actor = await self.small.actor(LIU)
            await self.small.bookings.assign(actor, booking.key, booking.version, vehicle.key, driver)

        self.act(assign())

    @rule(n=which, yes=st.booleans(), who=st.sampled_from([CHEN, WANG, LIU, ZHOU]))
    def answer(self, n: int, yes: bool, who: str) -> None:
        async def answer() -> None:
            booking = self.pick(await self.small.all(Booking), n)
            actor, verbs = await self.small.actor(who), self.small.bookings
            if yes:
                await verbs.confirm(actor, booking.key, booking.version)
            else:
                await verbs.decline(actor, booking.key, booking.version, "no time")

        self.act(answer())

    @rule(n=which, kind=st.sampled_from(DeclarationKind))
    def declare(self, n: int, kind: DeclarationKind) -> None:
        async def declare() -> None:
            told = [r for s in TOLD for k in ASKING for r in await self.small.all(Notice, kind=k, state=s)]
            notice = self.pick(told, n)
            person = self.pick(await self.small.all(Person, id=notice.person_id), 0)
            await self.small.declarations.declare(await self.small.actor(person.slack_id), notice.id, kind)

        self.act(declare())

    @rule(who=st.sampled_from([SOFIA, CHEN, ZHANG, MARTA, ZHOU]))
    def leave_or_return(self, who: str) -> None:
        self.small.directory.gone ^= {who}

        async def follow() -> None:
            await self.small.people.follow(TEAM, await self.small.directory.profile(TEAM, who))

        self.act(follow())

    @rule(administration=st.sampled_from([(LIU,), (), (LIU, MARTA)]), office=st.sampled_from([(ZHOU,), ()]))
    def settings_change(self, administration: tuple[str, ...], office: tuple[str, ...]) -> None:
        roles = dict(ROLES) | {Role.ADMINISTRATION: administration, Role.EXECUTIVE_OFFICE: office}
        self.act(self.small.arrange(roles, self.zone.key))

    # What the world does.

    @rule(minutes=st.sampled_from([1, 10, 60, 240, 1440, 4000]))
    def time_jumps(self, minutes: int) -> None:
        self.small.clock.at += timedelta(minutes=minutes)
        self.deliver()

    @rule()
    def time_passes_to_the_next_notice(self) -> None:
        due = self.run(self.small.delivery.outbox.next_due())
        if due is not None:
            self.small.clock.at = max(self.small.clock.at, due)
        self.deliver()

    @rule(kind=st.sampled_from(["lost", "unheard", "limited"]))
    def slack_has_trouble(self, kind: str) -> None:
        self.small.slack.trouble.append(kind)

    @rule()
    def a_sender_dies(self) -> None:
        """It had claimed what was due and took it along; a minute later somebody else may."""
        self.run(self.small.delivery.claims.claim(2, []))
        self.small.clock.at += timedelta(seconds=61)
        self.deliver()

    @rule()
    def delivery_is_held_up(self) -> None:
        """The next thing that is done is done before anything is sent."""
        self.delivers = False

    @precondition(lambda self: self.acts_amid)
    @rule(minutes=st.sampled_from([0, 1, 10, 60]), trouble=st.sampled_from(["", "lost", "unheard", "limited"]))
    def a_message_is_on_its_way(self, minutes: int, trouble: str) -> None:
        """The next thing that is done is done so many minutes later, and meanwhile."""
        self.amid = timedelta(minutes=minutes), trouble


@pytest.mark.timeout(900)  # only shrinking a failure takes long
@pytest.mark.parametrize("rulebook", [CLASSIC, read_rulebook()], ids=["four rows", "every row"])
def test_whatever_happens_everybody_is_told_once_in_time_and_the_truth(source: Source, rulebook: Rulebook) -> None:
    on_postgres, planned_by = isinstance(source, Server), rulebook
    examples = EXAMPLES if rulebook is CLASSIC else OF_EVERY_ROW

    @seed(SEED)
    class Machine(Days):
        open_database = staticmethod(lambda: source.copy(TEMPLATE) if isinstance(source, Server) else copied(source))
        rulebook = planned_by
        at_once = 16 if on_postgres else 1

    with capture_logs():
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=1 if on_postgres else examples,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
                phases=[Phase.generate, Phase.shrink],
            ),
        )
