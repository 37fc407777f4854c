"""How a step is taken and what must hold of it, in a house with approvers, deputies, cars and rooms."""

from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from types import CoroutineType
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from bot.errors import NotAllowed, Overtaken, Refusal, SentForConsent
from bot.models.people import Actor
from bot.models.roles import Role
from bot.models.settings import RoomKind
from bot.models.visits import Visit, VisitState
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
ONE_SIDED = (Deed.ANSWER, Deed.GIVE_BACK, Deed.DECIDE, Deed.CONSENT, Deed.HAND_ON)
"""Who may depends on when, or on who else is there: only that nobody else did is checked."""
DARING = 6
"""Every so many steps anything is tried, be there something to try it on or not."""
MOST_VISITS = 4
REFUSED = " - "
"""Between an action and how it was refused, in what is counted."""
A_WHILE = timedelta(seconds=30)
who, which = st.integers(0, 40), st.integers(0, 60)


def there(table: str, **values: Any) -> Callable[[Any], Any]:
    """A step that can be tried while such a row of a visit that is not over is there; and now and then without."""
    return precondition(lambda walk: walk.is_daring or bool(walk.present(table, **values)))


def now_and_then(step: Any) -> Any:
    """A step that ends much: mostly left alone, so that something goes on."""
    return precondition(lambda walk: walk.taken % DARING == 0)(step)


class Walk(Days):
    """Steps by whoever dares; after each the laws are looked at."""

    roles = HOUSE
    acts_amid = False  # what a refusal leaves alone could not be told from what the delivery writes

    def __init__(self) -> None:
        super().__init__()
        self.before: Tables | None = None
        """The rows as they stand between two steps."""
        self.claim: tuple[Deed, Any, int] | None = None
        self.taken = self.dared = 0
        self.is_quiet = False
        """Whether the last step left everything as it was."""
        self.done: Counter[str] = Counter()
        self.touched: set[int] | None = None
        """The visits that the last step changed anything of; None is all of them."""
        self.watched_at: datetime | None = None

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
        self.is_quiet = self.run(self._watched(verb)) and self.delivers
        if self.delivers and not self.is_quiet:
            self.deliver()
        self.delivers = True

    async def _watched(self, verb: Coroutine[Any, Any, Any]) -> bool:
        """What is refused changes nothing; what is not was done by somebody who may. Says if nothing has changed."""
        assert isinstance(verb, CoroutineType)
        before, refused, name = await self.tables(), None, verb.__qualname__.split(".")[1]
        try:
            await verb
        except NothingThereError:
            self.done[f"{name}{REFUSED}nothing there"] += 1
            return True
        except Refusal as refusal:
            refused = refusal
        after = await read_tables(self.small.database) if refused is not None else before
        found = list(changed(before, after))
        if refused is not None:
            spared = ASKS_FOR_CONSENT if isinstance(refused, (SentForConsent, Overtaken)) else UNTOUCHED_BY_REFUSALS
            left = [one for one in found if one[0] not in spared]
            assert not left, f"{refused!r} left {left}"
        self.done[f"{name}{REFUSED}{type(refused).__name__}" if refused is not None else name] += 1
        if self.claim is not None:
            self._check_claim(before, refused)
        return refused is not None and not found

    def _check_claim(self, before: Tables, refused: Refusal | None) -> None:
        assert self.claim is not None
        deed, row, person = self.claim
        may = MAY[deed](before, row)
        if refused is None:
            assert person in may, f"person {person} was let {deed} {row}, who may: {may}"
        elif isinstance(refused, NotAllowed) and deed not in ONE_SIDED and before["person"][person].is_active:
            assert person not in may, f"person {person} was not let {deed} {row}"

    async def tables(self) -> Tables:
        """The rows as they stood before this step."""
        return self.before or await read_tables(self.small.database)

    async def watch(self) -> None:
        self.taken += 1
        if self.is_quiet:
            self.is_quiet = False
            return
        before, after = self.before, await read_tables(self.small.database)
        for law in laws.ALWAYS:
            law(before or after, after)
        self.before = after
        now = self.small.clock.at
        if before is None or self.watched_at is None or now - self.watched_at > A_WHILE:
            self.touched, self.watched_at = None, now
        else:
            self.touched = _touched(before, after)
        await super().watch()

    async def watched_visits(self) -> list[Visit]:
        """Those about which something has changed; after a while all of them."""
        visits = await super().watched_visits()
        return visits if self.touched is None else [visit for visit in visits if visit.id in self.touched]

    # What the world does: time is let pass in strides, and whatever falls due on the way is delivered at its moment.

    @rule(minutes=st.sampled_from([1, 10, 10, 60, 60, 240, 240, 1440, 4000]))
    def time_jumps(self, minutes: int) -> None:
        self.done["time_jumps"] += 1
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
        laws.silence_was_noticed(await read_tables(self.small.database), self.small.clock.at, is_chased=is_chased)

    # Who does it, and to what.

    @property
    def is_daring(self) -> bool:
        return self.taken % DARING == 1

    def goes_on(self, row: Any) -> bool:
        """Whether the visit that a row belongs to is neither canceled nor over."""
        visit = row if hasattr(row, "arrives_at") else None
        if visit is None and self.before is not None:
            visit = self.before["visit"].get(getattr(row, "visit_id", None))
        if visit is None:
            return True
        return bool(visit.state == VisitState.OPEN and visit.departs_at > self.small.clock.at)

    def present(self, table: str, **values: Any) -> list[Any]:
        """Such rows of visits that are not over."""
        if self.before is None:
            return []
        return [row for row in self.before.where(table, **values) if self.goes_on(row)]

    def pick(self, found: Sequence[Any], n: int) -> Any:
        """Mostly one of a visit that is not over."""
        going_on = [row for row in found if self.goes_on(row)]
        return super().pick(going_on if going_on and n % DARING != 1 else found, n)

    async def somebody(self, n: int, deed: Deed, row: Any) -> Actor:
        """Mostly one of those who may; every fourth time anybody, who may not know better."""
        tables = await self.tables()
        people = {person.slack_id: key for key, person in tables["person"].items()}
        fit = sorted(slack_id for slack_id, key in people.items() if key in MAY[deed](tables, row))
        among = EVERYBODY if n % 4 == 0 or not fit else fit
        chosen = among[n // 4 % len(among)]
        self.claim = (deed, row, people[chosen])
        return await self.anybody(chosen)

    async def anybody(self, slack_id: str) -> Actor:
        """Unless they have left."""
        if slack_id in self.small.directory.gone:
            raise NothingThereError
        return await self.small.actor(slack_id)

    async def host_of(self, visit: Visit) -> Actor:
        self.dared += 1
        return await self.somebody(self.dared * 7, Deed.CHANGE, (await self.tables())["visit"][visit.key])

    async def one_of(self, table: str, n: int, *states: Any, **values: Any) -> Any:
        """One in one of these states, where there is any; else any."""
        tables = await self.tables()
        found = [row for row in tables.where(table, **values) if row.state in states] if states else []
        return self.pick(found or tables.where(table, **values), n)


def _touched(before: Tables, after: Tables) -> set[int] | None:
    """The visits of which anything has changed; None where something did that may concern all of them."""
    found: set[int] = set()
    for table, was, now in changed(before, after):
        row = now or was
        if table == "visit":
            found.add(row.id)
        elif getattr(row, "visit_id", None) is not None:
            found.add(row.visit_id)
        elif table != "notice":  # run sheets and boards follow the visits
            return None
    return found
