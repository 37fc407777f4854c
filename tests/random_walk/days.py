"""Days on which anybody tries anything, with approvers, deputies, cars and rooms; see also `tests.test_properties`."""

from collections import Counter
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlmodel import select

from bot.errors import NotAllowed, Overtaken, Refusal, SentForConsent
from bot.models.bookings import BookingState
from bot.models.forms import AnswerForm, GuestForm, PartyForm
from bot.models.notices import DeclarationKind
from bot.models.people import Actor
from bot.models.plans import PlanState
from bot.models.roles import Part, Role
from bot.models.settings import RoomKind
from bot.models.visits import Visit
from bot.procedure.stops import stop_form_of
from bot.services.pictures import read_picture
from tests.random_walk import laws
from tests.random_walk.tables import Tables, changed, read_tables
from tests.random_walk.who_may import MAY, Deed
from tests.small_office import CHEN, EMMA, LINA, LIU, MARTA, ROLES, SOFIA, TEAM, WANG, ZHANG, ZHOU
from tests.test_properties import Days
from tests.watched import NothingThereError

GAO, GRACE, HUANG, STRANGER = "U10", "U11", "U12", "U13"
"""The approver of the first level, the one of the others, the first one's deputy, and somebody with no part at all."""
EVERYBODY = (LINA, EMMA, CHEN, WANG, SOFIA, ZHANG, MARTA, LIU, ZHOU, GAO, GRACE, HUANG, STRANGER)
HOUSE = dict(ROLES) | {Role.APPROVER_1: (GAO,), Role.APPROVER_2: (GRACE,), Role.APPROVER_3: (GRACE,)}
UNTOUCHED_BY_REFUSALS = ("draft", "person")
"""Save for these: what was typed is kept, and Slack's profiles are read whoever asks."""
ASKS_FOR_CONSENT = (*UNTOUCHED_BY_REFUSALS, "change_request", "record", "notice")
"""What is touched where nothing is changed but consent is asked for (B8)."""
ONE_SIDED = (Deed.ANSWER, Deed.DECIDE, Deed.CONSENT)
"""Who may depends on when: only that nobody else did is checked."""

who, which = st.integers(0, 40), st.integers(0, 60)
some_answers = st.builds(
    AnswerForm,
    room=st.sampled_from(["", "1", "2", "3"]),
    room_name=st.sampled_from(["", "Peony"]),
    place=st.sampled_from(["Grand Hotel", ""]),
    reference=st.sampled_from(["A-1", ""]),
    amount=st.sampled_from(["2000", "a lot"]),
    cost=st.sampled_from(["", "800"]),
    note=st.sampled_from(["", "As usual."]),
)


class AnyDay(Days):
    """The steps of `Days`, by whoever dares, and all that came with plans, requests and silence."""

    roles = HOUSE

    def __init__(self) -> None:
        super().__init__()
        self.before: Tables | None = None
        self.claim: tuple[Deed, Any, int] | None = None
        self.dared = 0
        self.done: Counter[str] = Counter()

    async def furnish(self) -> None:
        small = self.small
        await small.people.known(TEAM, EVERYBODY)
        liu = await small.actor(LIU)
        for name, kind, capacity in (
            ("Peony", RoomKind.DINING, 6),
            ("Blue", RoomKind.MEETING, 12),
            ("Hall", RoomKind.SHOWROOM, 30),
        ):
            await small.furnishings.add_room(liu, name=name, kind=kind, capacity=capacity)
        for one, deputy in ((GAO, HUANG), (LIU, MARTA), (LINA, EMMA)):
            await small.people.choose(await small.actor(one), language=None, zone=None, deputy=deputy)

    # How a step is taken, and what must hold of it.

    def act(self, verb: Coroutine[Any, Any, Any]) -> None:
        self.claim = None
        self.run(self._watched(verb))
        if self.delivers:
            self.deliver()
        self.delivers = True

    async def _watched(self, verb: Coroutine[Any, Any, Any]) -> None:
        """What is refused changes nothing; what is not was done by somebody who may."""
        await self.small.people.known(TEAM, EVERYBODY)
        before, refused, name = await self.tables(), None, verb.__qualname__.split(".")[-1]
        try:
            await verb
        except NothingThereError:
            name = "nothing there"
        except Refusal as refusal:
            refused = refusal
        if refused is not None:
            spared = ASKS_FOR_CONSENT if isinstance(refused, (SentForConsent, Overtaken)) else UNTOUCHED_BY_REFUSALS
            left = [found for found in changed(before, await self.tables()) if found[0] not in spared]
            assert not left, f"{refused!r} left {left}"
        self.done[f"{name} {type(refused).__name__ if refused else ''}".strip()] += 1
        if self.claim is not None and name != "nothing there":
            self._check_claim(before, refused)

    def _check_claim(self, before: Tables, refused: Refusal | None) -> None:
        assert self.claim is not None
        deed, row, person = self.claim
        may = MAY[deed](before, row)
        if refused is None:
            assert person in may, f"person {person} was let {deed} {row}, who may: {may}"
        elif isinstance(refused, NotAllowed) and deed not in ONE_SIDED and before["person"][person].is_active:
            assert person not in may, f"person {person} was not let {deed} {row}"

    async def tables(self) -> Tables:
        return await read_tables(self.small.database)

    async def watch(self) -> None:
        after = await self.tables()
        for law in laws.ALWAYS:
            law(self.before or after, after)
        self.before = after
        await super().watch()

    @rule(minutes=st.sampled_from([1, 10, 60, 240, 1440, 4000]))
    def time_jumps(self, minutes: int) -> None:
        """Here the bot is never down: whatever falls due on the way is delivered at its moment."""
        self.run(self._pass_time(self.small.clock.at + timedelta(minutes=minutes)))
        self.delivered = True

    def come_to_rest(self) -> None:
        """Nobody does anything any more, and the visits come and go."""
        self.small.slack.trouble.clear()
        self.run(self._in_the_end())
        super().come_to_rest()

    async def _pass_time(self, until: datetime) -> None:
        small = self.small
        await small.settle()
        due = await small.delivery.outbox.next_due()
        while due is not None and due <= until:
            small.clock.at = max(small.clock.at, due)
            await small.settle()
            due = await small.delivery.outbox.next_due()
        small.clock.at = max(small.clock.at, until)
        await small.settle()

    async def _in_the_end(self) -> None:
        await self._pass_time(self.small.clock.at + timedelta(days=12))
        is_chased = self.rulebook.chase is not None
        laws.silence_was_noticed(await self.tables(), self.small.clock.at, is_chased=is_chased)

    async def somebody(self, n: int, deed: Deed, row: Any) -> Actor:
        """Mostly one of those who may; every third time anybody, who may not know better."""
        tables = await self.tables()
        people = {person.slack_id: key for key, person in tables["person"].items()}
        fit = sorted(slack_id for slack_id, key in people.items() if key in MAY[deed](tables, row))
        chosen = (EVERYBODY if n % 3 == 0 or not fit else fit)[
            n // 3 % len(EVERYBODY if n % 3 == 0 or not fit else fit)
        ]
        if chosen in self.small.directory.gone:
            raise NothingThereError
        self.claim = (deed, row, people[chosen])
        return await self.small.actor(chosen)

    async def host_of(self, visit: Visit) -> Actor:
        self.dared += 1
        return await self.somebody(self.dared * 7, Deed.CHANGE, (await self.tables())["visit"][visit.key])

    async def one_of(self, table: str, n: int, **values: Any) -> Any:
        found = (await self.tables()).where(table, **values)
        return self.pick(found, n)

    # Plans.

    @rule(n=which, by=who, cost=st.sampled_from(["", "12000", "lots"]))
    def send_plan(self, n: int, by: int, cost: str) -> None:
        async def send_plan() -> None:
            visit = await self.one_of("visit", n)
            await self.small.plans.submit(await self.somebody(by, Deed.CHANGE, visit), visit.id, cost)

        self.act(send_plan())

    @rule(n=which, by=who, how=st.sampled_from(["approve", "approve", "approve", "return", "hand", "late"]))
    def decide(self, n: int, by: int, how: str) -> None:
        async def decide() -> None:
            open_ones = (await self.tables()).where("plan", state=PlanState.SUBMITTED)
            plan = self.pick(open_ones, n) if open_ones and how != "late" else await self.one_of("plan", n)
            actor, verbs = await self.somebody(by, Deed.DECIDE, plan), self.small.plans
            match how:
                case "return":
                    await verbs.send_back(actor, plan.id, plan.version, "Not the chairman.")
                case "hand":
                    await verbs.hand_over(actor, plan.id, plan.version, HUANG)
                case _:
                    await verbs.approve(actor, plan.id, plan.version - (how == "late"))

        self.act(decide())

    @rule(n=which, by=who, how=st.sampled_from(["allow", "allow", "refuse", "note", "late"]))
    def consent(self, n: int, by: int, how: str) -> None:
        async def consent() -> None:
            request = await self.one_of("change_request", n)
            actor, verbs = await self.somebody(by, Deed.CONSENT, request), self.small.consents
            match how:
                case "refuse":
                    await verbs.refuse(actor, request.id, request.version, "Not on a Sunday.")
                case "note":
                    await verbs.note(actor, request.id, request.version)
                case _:
                    await verbs.allow(actor, request.id, request.version - (how == "late"))

        self.act(consent())

    # Requests.

    @rule(n=which, by=who, car=which, driver=st.sampled_from([CHEN, WANG]))
    def name_a_car(self, n: int, by: int, car: int, driver: str) -> None:
        async def name_a_car() -> None:
            booking = await self.one_of("booking", n, kind="vehicle")
            vehicle = await self.one_of("vehicle", car)
            actor = await self.somebody(by, Deed.ASSIGN, booking)
            await self.small.bookings.assign(actor, booking.id, booking.version, vehicle.id, driver)

        self.act(name_a_car())

    @rule(n=which, by=who, form=some_answers, is_old=st.sampled_from([0, 0, 0, 1]))
    def confirm(self, n: int, by: int, form: AnswerForm, is_old: int) -> None:
        async def confirm() -> None:
            booking = await self.request(n)
            actor = await self.somebody(by, Deed.ANSWER, booking)
            await self.small.bookings.confirm(actor, booking.id, booking.version - is_old, form)

        self.act(confirm())

    @rule(n=which, by=who)
    def decline(self, n: int, by: int) -> None:
        async def decline() -> None:
            booking = await self.request(n)
            actor = await self.somebody(by, Deed.ANSWER, booking)
            await self.small.bookings.decline(actor, booking.id, booking.version, "There is none.")

        self.act(decline())

    @rule(n=which, by=who, minutes=st.sampled_from([0, -60, 45]), note=st.sampled_from(["", "Only upstairs."]))
    def propose(self, n: int, by: int, minutes: int, note: str) -> None:
        async def propose() -> None:
            booking = await self.request(n)
            stop = (await self.tables())["stop"][booking.stop_id]
            at = (stop.starts_at + timedelta(minutes=minutes)).astimezone(self.zone)
            actor = await self.somebody(by, Deed.ANSWER, booking)
            form = AnswerForm(day=at.date(), starts=at.time(), note=note)
            await self.small.bookings.propose(actor, booking.id, booking.version, form)

        self.act(propose())

    @rule(n=which, by=who, yes=st.booleans())
    def answer_proposal(self, n: int, by: int, yes: bool) -> None:
        async def answer_proposal() -> None:
            booking = await self.one_of("booking", n, state=BookingState.COUNTERED)
            actor, verbs = await self.somebody(by, Deed.REASSIGN, booking), self.small.bookings
            if yes:
                await verbs.accept(actor, booking.id, booking.version)
            else:
                await verbs.reject(actor, booking.id, booking.version, "It has to be at noon.")

        self.act(answer_proposal())

    @rule(n=which, by=who, to=st.sampled_from(EVERYBODY))
    def reassign(self, n: int, by: int, to: str) -> None:
        async def reassign() -> None:
            booking = await self.request(n)
            actor = await self.somebody(by, Deed.REASSIGN, booking)
            await self.small.bookings.reassign(actor, booking.id, booking.version, to)

        self.act(reassign())

    async def request(self, n: int) -> Any:
        """One that waits for an answer, or every fourth time any."""
        tables = await self.tables()
        waiting = [b for s in (BookingState.REQUESTED, BookingState.ASSIGNED) for b in tables.where("booking", state=s)]
        return self.pick(waiting if waiting and n % 4 else tables.where("booking"), n // 4)

    @rule(n=which, by=who)
    def take_back(self, n: int, by: int) -> None:
        async def take_back() -> None:
            request = await self.one_of("change_request", n)
            actor = await self.somebody(by, Deed.TAKE_BACK, request)
            await self.small.consents.take_back(actor, request.id, request.version)

        self.act(take_back())

    # The visit, its guests, its level, its delays.

    @rule(n=which, by=who, driver=st.sampled_from([CHEN, WANG, MARTA]), is_driven=st.booleans())
    def name_a_driver(self, n: int, by: int, driver: str, is_driven: bool) -> None:
        async def name_a_driver() -> None:
            stop = await self.one_of("stop", n)
            visit = (await self.tables())["visit"][stop.visit_id]
            async with self.small.database.read() as session:
                read = (await session.exec(select(Visit).where(Visit.id == visit.id))).one()
                picture = await read_picture(session, read)
            form = stop_form_of(picture, stop)
            form = replace(form, needs_car=is_driven, people={**form.people, Part.DRIVER: (driver,)})
            await self.small.stops.change(await self.somebody(by, Deed.CHANGE, visit), stop.id, form)

        self.act(name_a_driver())

    @rule(n=which, by=who, level=st.sampled_from([1, 2, 3, 4]), reason=st.sampled_from(["", "The chairman asked."]))
    def choose_level(self, n: int, by: int, level: int, reason: str) -> None:
        async def choose_level() -> None:
            visit = await self.one_of("visit", n)
            await self.small.levels.choose(await self.somebody(by, Deed.CHANGE, visit), visit.id, level, reason)

        self.act(choose_level())

    @rule(n=which, by=who, minutes=st.sampled_from(["90", "-30", "soon"]))
    def delay(self, n: int, by: int, minutes: str) -> None:
        async def delay() -> None:
            visit = await self.one_of("visit", n)
            await self.small.delays.delay(await self.somebody(by, Deed.DELAY, visit), visit.id, minutes)

        self.act(delay())

    @rule(n=which, by=who, name=st.sampled_from(["Ana Ruiz", "Li Wei", ""]), vip=st.booleans())
    def add_guest(self, n: int, by: int, name: str, vip: bool) -> None:
        async def add_guest() -> None:
            visit = await self.one_of("visit", n)
            actor = await self.somebody(by, Deed.CHANGE, visit)
            await self.small.guests.add(actor, visit.id, GuestForm(name=name, is_vip=vip))

        self.act(add_guest())

    @rule(n=which, by=who)
    def remove_guest(self, n: int, by: int) -> None:
        async def remove_guest() -> None:
            guest = await self.one_of("guest", n)
            actor = await self.somebody(by, Deed.CHANGE, (await self.tables())["visit"][guest.visit_id])
            await self.small.guests.remove(actor, guest.id)

        self.act(remove_guest())

    @rule(n=which, by=who, size=st.sampled_from(["2", "7", "30", "?"]))
    def describe_party(self, n: int, by: int, size: str) -> None:
        async def describe_party() -> None:
            visit = await self.one_of("visit", n)
            actor = await self.somebody(by, Deed.CHANGE, visit)
            await self.small.guests.describe(actor, visit.id, PartyForm(party_size=size))

        self.act(describe_party())

    @rule(n=which, by=who, kind=st.sampled_from([*DeclarationKind]))
    def declare_for_somebody(self, n: int, by: int, kind: DeclarationKind) -> None:
        async def declare_for_somebody() -> None:
            told = [row for row in (await self.tables()).where("notice") if row.sent_at and row.person_id]
            notice = self.pick(told, n)
            actor = await self.somebody(by, Deed.DECLARE, notice)
            await self.small.declarations.declare(actor, notice.id, kind)

        self.act(declare_for_somebody())

    # Who is there, and who has it in hand.

    @rule(n=which, by=who, to=st.sampled_from(EVERYBODY))
    def hand_over(self, n: int, by: int, to: str) -> None:
        async def hand_over() -> None:
            visit = await self.one_of("visit", n)
            actor = await self.somebody(by, Deed.HAND_OVER, visit)
            await self.small.handovers.hand_over(actor, visit.id, visit.lead_host_id, to)

        self.act(hand_over())

    @rule(by=who, colleague=st.sampled_from(EVERYBODY))
    def take_over(self, by: int, colleague: str) -> None:
        async def take_over() -> None:
            person = await self.one_of("person", 0, slack_id=colleague)
            await self.small.handovers.take_over(await self.somebody(by, Deed.TAKE_OVER, person), colleague)

        self.act(take_over())

    @rule(one=st.sampled_from(EVERYBODY), deputy=st.sampled_from(EVERYBODY), days=st.sampled_from([0, 1, 3]))
    def go_away(self, one: str, deputy: str, days: int) -> None:
        async def go_away() -> None:
            back_on = (self.small.clock.at + timedelta(days=days)).astimezone(self.zone).date()
            await self.small.absences.go_away(await self.small.actor(one), deputy, back_on)

        self.act(go_away())

    @rule(one=st.sampled_from(EVERYBODY))
    def come_back(self, one: str) -> None:
        async def come_back() -> None:
            await self.small.absences.come_back(await self.small.actor(one))

        self.act(come_back())
