"""Who is there, who has it in hand, and what the house decides: roles, rules, hours, cars and rooms."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.models.rearrangement import Rearrangement, RuleChange
from bot.models.roles import Role
from bot.models.settings import RoomKind
from tests.random_walk.steps import DARING, EVERYBODY, GAO, GRACE, HOUSE, HUANG, STRANGER, Walk, there, which, who
from tests.random_walk.who_may import Deed
from tests.small_office import CHEN, EMMA, LINA, LIU, MARTA, SOFIA, TEAM, ZHANG, ZHOU
from tests.watched import NothingThereError

FILLED = {
    Role.ADMINISTRATION: [(LIU,), (LIU,), (LIU, MARTA), ()],
    Role.EXECUTIVE_OFFICE: [(ZHOU,), ()],
    Role.SENIOR_LEADER: [(ZHANG,), (ZHANG, SOFIA), ()],
    Role.APPROVER_1: [(GAO,), (GAO, HUANG), (GRACE,)],
    Role.APPROVER_2: [(GRACE,), (GRACE, STRANGER)],
    Role.FINANCE: [(STRANGER,), (MARTA,), ()],
    Role.GATE: [(STRANGER,), (EMMA,), ()],
    Role.TECHNICAL: [(HUANG,), ()],
    Role.FRONT_DESK: [(HUANG,), (STRANGER, LINA), ()],
}
"""Who may come to fill what."""
HOURS = [("09:00", "18:00"), ("08:30", "17:00"), ("10:00", "16:00")]


class Arranging(Walk):
    """What people decide on for themselves, and administrators for the house."""

    # Who is there, and who has it in hand.

    @there("visit")
    @rule(n=which, by=who, to=st.sampled_from(EVERYBODY))
    def hand_over(self, n: int, by: int, to: str) -> None:
        async def hand_over() -> None:
            visit = await self.one_of("visit", n)
            is_led = (await self.tables())["person"][visit.lead_host_id].is_active
            actor = await self.somebody(by, Deed.HAND_OVER if is_led else Deed.HAND_ON, visit)
            await self.small.handovers.hand_over(actor, visit.id, visit.lead_host_id, to)

        self.act(hand_over())

    @rule(by=who, colleague=st.sampled_from(EVERYBODY))
    def take_over(self, by: int, colleague: str) -> None:
        async def take_over() -> None:
            (person,) = (await self.tables()).where("person", slack_id=colleague)
            await self.small.handovers.take_over(await self.somebody(by, Deed.TAKE_OVER, person), colleague)

        self.act(take_over())

    @rule(one=st.sampled_from(EVERYBODY), deputy=st.sampled_from(EVERYBODY), days=st.sampled_from([0, 1, 1, 3, 3]))
    def go_away(self, one: str, deputy: str, days: int) -> None:
        async def go_away() -> None:
            back_on = (self.small.clock.at + timedelta(days=days)).astimezone(self.zone).date()
            await self.small.absences.go_away(await self.anybody(one), deputy, back_on)

        self.act(go_away())

    @rule(n=which)
    def come_back(self, n: int) -> None:
        async def come_back() -> None:
            people = (await self.tables()).where("person", is_active=True)
            away = [one for one in people if one.away_until and one.away_until > self.small.clock.at]
            one = self.pick(away if away and n % DARING else people, n)
            await self.small.absences.come_back(await self.small.actor(one.slack_id))

        self.act(come_back())

    @rule(one=st.sampled_from(EVERYBODY), deputy=st.sampled_from(["", *EVERYBODY]))
    def choose_deputy(self, one: str, deputy: str) -> None:
        async def choose_deputy() -> None:
            actor = await self.anybody(one)
            await self.small.people.choose(actor, language=None, zone=None, deputy=deputy)

        self.act(choose_deputy())

    @rule(who=st.sampled_from([SOFIA, ZHANG, MARTA, ZHOU, HUANG, STRANGER, EMMA, CHEN]))
    def leave_or_return(self, who: str) -> None:
        async def leave_or_return() -> None:
            gone = self.small.directory.gone
            if who not in gone and len(gone) > 1:
                raise NothingThereError
            gone ^= {who}
            await self.small.people.follow(TEAM, await self.small.directory.profile(TEAM, who))

        self.act(leave_or_return())

    # What the house decides.

    @rule(n=which, role=st.sampled_from(list(FILLED)), by=st.sampled_from([LIU, LIU, LIU, SOFIA]))
    def fill_role(self, n: int, role: Role, by: str) -> None:
        async def fill_role() -> None:
            named = FILLED[role][n % len(FILLED[role])]
            known = await self.small.people.known(TEAM, named)
            people = tuple(known[one].key for one in named if one not in self.small.directory.gone)
            rows = (await self.tables()).where("role_holder", role=role)
            if n % 7 == 5 and role != Role.APPROVER_1:
                holders = {row.person_id for row in rows if not row.is_deputy}
                wanted = Rearrangement(deputies={role: tuple(one for one in people if one not in holders)})
            else:
                wanted = Rearrangement(holders={role: people}, deputies={role: ()})
            await self.small.arrangements.arrange(await self.small.actor(by), wanted)

        self.act(fill_role())

    @rule(
        n=which,
        lead=st.sampled_from([None, "3h", "2d"]),
        is_on=st.sampled_from([True, True, False]),
        by=st.sampled_from([LIU, LIU, SOFIA]),
    )
    def change_rule(self, n: int, lead: str | None, is_on: bool, by: str) -> None:
        async def change_rule() -> None:
            entry = self.rulebook.rules[n % len(self.rulebook.rules)]
            changed = RuleChange(entry.id, None if entry.is_said_at_once else lead, None, is_on)
            await self.small.arrangements.arrange(await self.small.actor(by), Rearrangement(rule=changed))

        self.act(change_rule())

    @rule(hours=st.sampled_from(HOURS), country=st.sampled_from(["CN", "US"]), early=st.sampled_from([30, 90]))
    def change_site(self, hours: tuple[str, str], country: str, early: int) -> None:
        async def change_site() -> None:
            site = Rearrangement({"opens": hours[0], "closes": hours[1], "country": country, "early_domestic": early})
            self.site_changed_at = self.small.clock.at
            await self.small.arrangements.arrange(await self.small.actor(LIU), site)

        self.act(change_site())

    @rule(administration=st.sampled_from([(LIU,), (LIU, MARTA)]), office=st.sampled_from([(ZHOU,), ()]))
    def settings_change(self, administration: tuple[str, ...], office: tuple[str, ...]) -> None:
        async def settings_change() -> None:
            roles = HOUSE | {Role.ADMINISTRATION: administration, Role.EXECUTIVE_OFFICE: office}
            known = await self.small.people.known(TEAM, EVERYBODY)
            held = {role: tuple(known[one].key for one in named) for role, named in roles.items()}
            wanted = Rearrangement(holders=held, deputies=dict.fromkeys(held, ()))
            await self.small.arrangements.arrange(await self.small.actor(LIU), wanted)

        self.act(settings_change())

    @rule(n=which, by=st.sampled_from([LIU, LIU, SOFIA]), is_new=st.sampled_from([True, True, False]))
    def furnish_house(self, n: int, by: str, is_new: bool) -> None:
        async def furnish_house() -> None:
            actor, verbs = await self.small.actor(by), self.small.furnishings
            match n % 2, is_new:
                case 0, True:
                    await verbs.add_vehicle(actor, name=f"Car {n}", plate=f"P {n}", seats=1 + n % 9)
                case 0, False:
                    await verbs.retire_vehicle(actor, (await self.one_of("vehicle", n)).id)
                case 1, True:
                    await verbs.add_room(actor, name=f"Room {n}", kind=[*RoomKind][n % len(RoomKind)], capacity=n)
                case _:
                    await verbs.retire_room(actor, (await self.one_of("room", n)).id)

        self.act(furnish_house())
