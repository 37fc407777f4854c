"""What becomes of visits: their stops, guests, level, delays; new ones, copies, remarks."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlmodel import select

from bot.models.bookings import BookingKind, BookingState
from bot.models.forms import ClientForm, GuestForm, PartyForm
from bot.models.guests import ProfileField
from bot.models.remarks import RemarkKind
from bot.models.roles import Part
from bot.models.visits import Background, Stop, Visit
from bot.procedure.intake import form_of
from bot.procedure.passengers import Passenger
from bot.procedure.stops import stop_form_of
from bot.services.pictures import read_picture
from tests.random_walk.steps import EVERYBODY, MOST_VISITS, Walk, now_and_then, there, which, who
from tests.random_walk.who_may import Deed
from tests.small_office import CHEN, MARTA, WANG
from tests.test_properties import DRIVERS, HOSTS, some_changes, some_leaders

NAMES = st.sampled_from(["Ana Ruiz", "Li Wei", "Tom Ode", ""])


class Changing(Walk):
    """What hosts, and those who are with the guests, enter."""

    # Visits.

    @precondition(lambda walk: walk.opened < MOST_VISITS and len(walk.present("visit")) < 1 + walk.taken // 20 % 2)
    @rule(
        arrival=st.sampled_from([0, 1, 5, 26, 50, 51, 74, 100]),
        stay=st.sampled_from([4, 9, 30, 54]),
        leaders=some_leaders,
        greeters=some_leaders,
        driver=st.sampled_from(DRIVERS),
        host=st.sampled_from(HOSTS),
        is_confidential=st.sampled_from([False, False, True]),
    )
    def open_visit(self, arrival: int, stay: int, host: str, **fields: Any) -> None:
        async def open_visit() -> None:
            await self.small.open_visit(self.form(arrival, stay, lead_host=host, **fields))

        self.opened += 1
        self.act(open_visit())

    @precondition(lambda walk: walk.opened < MOST_VISITS)
    @now_and_then
    @rule(n=which, by=who)
    def copy_visit(self, n: int, by: int) -> None:
        async def copy_visit() -> None:
            visit = await self.one_of("visit", n)
            host = await self.somebody(by, Deed.CHANGE, visit)
            self.claim = None  # whoever may see a visit may open one like it
            draft = await self.small.copies.begin(host, visit.id)
            await self.small.visits.open(host, draft.id)

        self.opened += 1
        self.act(copy_visit())

    @there("visit")
    @rule(n=which, is_confidential=st.booleans(), hours=st.sampled_from([0, 0, 2, 24]), hotel=st.booleans())
    def change_frame(self, n: int, is_confidential: bool, hours: int, hotel: bool) -> None:
        async def change_frame() -> None:
            visit = self.pick(await self.small.all(Visit), n)
            async with self.small.database.read() as session:
                form = form_of(await read_picture(session, visit))
            departs = (visit.departs_at + timedelta(hours=hours)).astimezone(self.zone)
            form = replace(form, is_confidential=is_confidential, wants_hotel=hotel)
            form = replace(form, departure_date=departs.date(), departure_time=departs.time())
            await self.small.visits.change(await self.host_of(visit), visit.key, form)

        self.act(change_frame())

    @now_and_then
    @rule(n=which)
    def cancel(self, n: int) -> None:
        async def cancel() -> None:
            visit = self.pick(await self.small.all(Visit), n)
            await self.small.visits.cancel(await self.host_of(visit), visit.key, "not coming")

        self.act(cancel())

    @there("visit")
    @rule(n=which, by=who, level=st.sampled_from([1, 2, 3, 4]), reason=st.sampled_from(["", "The chairman asked."]))
    def choose_level(self, n: int, by: int, level: int, reason: str) -> None:
        async def choose_level() -> None:
            visit = await self.one_of("visit", n)
            await self.small.levels.choose(await self.somebody(by, Deed.CHANGE, visit), visit.id, level, reason)

        self.act(choose_level())

    @there("visit")
    @rule(n=which, by=who, minutes=st.sampled_from(["90", "20", "-30", "soon"]))
    def delay(self, n: int, by: int, minutes: str) -> None:
        async def delay() -> None:
            visit = await self.one_of("visit", n)
            await self.small.delays.delay(await self.somebody(by, Deed.DELAY, visit), visit.id, minutes)

        self.act(delay())

    # Stops.

    @there("stop", is_removed=False)
    @rule(n=which, driver=st.sampled_from([CHEN, WANG, MARTA]), is_driven=st.booleans())
    def name_a_driver(self, n: int, driver: str, is_driven: bool) -> None:
        async def name_a_driver() -> None:
            stop = self.pick(await self.live_stops(), n)
            await self._save(stop, needs_car=is_driven, people={Part.DRIVER: (driver,)})

        self.act(name_a_driver())

    @there("booking", state=BookingState.COUNTERED)
    @rule(n=which, change=st.one_of(*some_changes))
    def move_as_proposed(self, n: int, change: dict[str, Any]) -> None:
        """To where the owner of a request wants a stop, by hand and perhaps with something else."""

        async def move_as_proposed() -> None:
            booking = await self.one_of("booking", n, BookingState.COUNTERED, kind=BookingKind.REQUEST)
            stop = self.pick([stop for stop in await self.live_stops() if stop.id == booking.stop_id], 0)
            at = booking.counter.get("starts_at")
            moved = stop.starts_at if at is None else type(stop.starts_at).fromisoformat(at)
            moved = moved.astimezone(self.zone)
            await self._save(stop, day=moved.date(), starts=moved.time(), **change if n % 2 else {})

        self.act(move_as_proposed())

    async def _save(self, stop: Stop, *, people: dict[Part, tuple[str, ...]] | None = None, **fields: Any) -> None:
        async with self.small.database.read() as session:
            visit = (await session.exec(select(Visit).where(Visit.id == stop.visit_id))).one()
            form = stop_form_of(await read_picture(session, visit), stop)
        form = replace(form, people={**form.people, **(people or {})}, **fields)
        await self.small.stops.change(await self.host_of(visit), stop.key, form)

    # Guests and client.

    @there("visit")
    @rule(n=which, by=who, name=NAMES, vip=st.booleans())
    def add_guest(self, n: int, by: int, name: str, vip: bool) -> None:
        async def add_guest() -> None:
            visit = await self.one_of("visit", n)
            actor = await self.somebody(by, Deed.CHANGE, visit)
            await self.small.guests.add(actor, visit.id, GuestForm(name=name, is_vip=vip))

        self.act(add_guest())

    @there("visit")
    @rule(n=which, by=who, names=st.lists(NAMES, min_size=1, max_size=3, unique=True))
    def add_list(self, n: int, by: int, names: list[str]) -> None:
        async def add_list() -> None:
            visit = await self.one_of("visit", n)
            actor = await self.somebody(by, Deed.CHANGE, visit)
            await self.small.guests.add_list(actor, visit.id, [Passenger(name) for name in names if name])

        self.act(add_list())

    @there("guest")
    @rule(
        n=which, by=who, change=st.sampled_from([{"is_vip": True}, {"diet": "vegan"}, {"is_lead": True}, {"rank": 6}])
    )
    def change_guest(self, n: int, by: int, change: dict[str, Any]) -> None:
        async def change_guest() -> None:
            guest = await self.one_of("guest", n)
            actor = await self.somebody(by, Deed.CHANGE, (await self.tables())["visit"][guest.visit_id])
            await self.small.guests.change(actor, guest.id, GuestForm(**{"name": guest.name, **change}))

        self.act(change_guest())

    @there("guest")
    @rule(n=which, by=who)
    def remove_guest(self, n: int, by: int) -> None:
        async def remove_guest() -> None:
            guest = await self.one_of("guest", n)
            actor = await self.somebody(by, Deed.CHANGE, (await self.tables())["visit"][guest.visit_id])
            await self.small.guests.remove(actor, guest.id)

        self.act(remove_guest())

    @there("visit")
    @rule(n=which, by=who, size=st.sampled_from(["2", "7", "30", "?"]), vip=st.booleans())
    def describe_party(self, n: int, by: int, size: str, vip: bool) -> None:
        async def describe_party() -> None:
            visit = await self.one_of("visit", n)
            actor = await self.somebody(by, Deed.CHANGE, visit)
            await self.small.guests.describe(actor, visit.id, PartyForm(party_size=size, is_vip=vip))

        self.act(describe_party())

    @there("visit")
    @rule(n=which, by=who, background=st.sampled_from(Background), text=st.sampled_from(["", "Tea, no coffee."]))
    def write_client(self, n: int, by: int, background: Background, text: str) -> None:
        async def write_client() -> None:
            visit = await self.one_of("visit", n)
            form = ClientForm(dict.fromkeys(ProfileField, text), background)
            await self.small.clients.write(await self.somebody(by, Deed.CHANGE, visit), visit.id, form)

        self.act(write_client())

    # On the day.

    @there("visit")
    @rule(n=which, one=st.sampled_from(EVERYBODY), kind=st.sampled_from(RemarkKind), about=st.sampled_from(EVERYBODY))
    def note(self, n: int, one: str, kind: RemarkKind, about: str) -> None:
        async def note() -> None:
            visit = await self.one_of("visit", n)
            await self.small.remarks.note(await self.anybody(one), visit.id, kind, "Cold soup.", about)

        self.act(note())

    @there("visit")
    @rule(n=which, by=who)
    def remind_everyone(self, n: int, by: int) -> None:
        async def remind_everyone() -> None:
            visit = await self.one_of("visit", n)
            await self.small.nudges.remind_everyone(await self.somebody(by, Deed.CHANGE, visit), visit.id)

        self.act(remind_everyone())
