"""Plans and who decides on them, changes that want consent, requests and their answers, reminders that are answered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.models.bookings import BookingKind, BookingState
from bot.models.forms import AnswerForm
from bot.models.notices import DeclarationKind, NoticeKind
from bot.models.people import Actor
from bot.models.plans import ChangeState, PlanState
from bot.models.visits import Approval
from bot.procedure.vocabulary import Answer
from tests.random_walk.steps import EVERYBODY, HUANG, Walk, there, which, who
from tests.random_walk.who_may import Deed
from tests.small_office import CHEN, WANG
from tests.watched import NothingThereError

_ASKING = (NoticeKind.REMINDER, NoticeKind.DUTY)
WAITS = (BookingState.REQUESTED, BookingState.ASSIGNED)
_YES = (BookingState.CONFIRMED, BookingState.ASSIGNED)
SAYS = {
    Answer.ON_MY_WAY: (DeclarationKind.ON_MY_WAY,),
    Answer.ATTENDANCE: (DeclarationKind.ATTENDS, DeclarationKind.CANNOT_ATTEND),
    Answer.GOT_IT: (DeclarationKind.GOT_IT,),
    Answer.DONE: (DeclarationKind.DONE,),
    Answer.HERE: (DeclarationKind.HERE,),
    Answer.DRIVE: (
        DeclarationKind.ON_MY_WAY,
        DeclarationKind.IN_PLACE,
        DeclarationKind.ABOARD,
        DeclarationKind.ARRIVED,
    ),
}
"""What may be said to what asks for it."""
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


WHOLE_ANSWER = AnswerForm(room_name="Peony", place="Grand Hotel", reference="A-1", amount="2000")
whole_answers = st.builds(replace, st.just(WHOLE_ANSWER), room=st.sampled_from(["", "1", "2", "3"]))


class Deciding(Walk):
    """What somebody is asked, and says."""

    # What is asked next is done by one who may: otherwise few walks would come far.

    @rule(n=which, form=whole_answers)
    def get_on_with_it(self, n: int, form: AnswerForm) -> None:
        self.act(self.get_on(n, form))

    async def get_on(self, n: int, form: AnswerForm = WHOLE_ANSWER) -> None:
        """A plan that waits is approved, one that was not sent is sent, a request is confirmed."""
        plans = self.present("plan", state=PlanState.SUBMITTED)
        drafts = self.present("visit", approval=Approval.DRAFT)
        if plans:
            plan = self.pick(plans, n)
            await self.small.plans.approve(await self.fit(n, Deed.DECIDE, plan), plan.id, plan.version)
        elif drafts:
            visit = self.pick(drafts, n)
            await self.small.plans.submit(await self.fit(n, Deed.CHANGE, visit), visit.id, "")
        else:
            asked = [one for state in WAITS for one in self.present("booking", state=state)]
            await self._answer(self.pick(asked, n), n, form)

    async def _answer(self, booking: Any, n: int, form: AnswerForm) -> None:
        verbs = self.small.bookings
        if booking.kind == BookingKind.VEHICLE and booking.state == BookingState.REQUESTED:
            vehicle, admin = await self.one_of("vehicle", n), await self.fit(n, Deed.ASSIGN, booking)
            await verbs.assign(admin, booking.id, booking.version, vehicle.id, (CHEN, WANG)[n % 2])
        else:
            await verbs.confirm(await self.fit(n, Deed.ANSWER, booking), booking.id, booking.version, form)

    async def fit(self, n: int, deed: Deed, row: Any) -> Actor:
        """One of those who may."""
        return await self.somebody(4 * n + 1, deed, row)

    # Plans.

    @there("visit", approval=Approval.DRAFT)
    @rule(n=which, by=who, cost=st.sampled_from(["", "", "12000", "lots"]))
    def send_plan(self, n: int, by: int, cost: str) -> None:
        async def send_plan() -> None:
            unsent = self.present("visit", approval=Approval.DRAFT) + self.present("visit", approval=Approval.RETURNED)
            visit = self.pick(unsent, n) if unsent else await self.one_of("visit", n)
            await self.small.plans.submit(await self.somebody(by, Deed.CHANGE, visit), visit.id, cost)

        self.act(send_plan())

    @there("plan", state=PlanState.SUBMITTED)
    @rule(n=which, by=who, how=st.sampled_from(["approve", "approve", "approve", "return", "late"]))
    def decide(self, n: int, by: int, how: str) -> None:
        async def decide() -> None:
            plan = await self.one_of("plan", n, *([] if how == "late" else [PlanState.SUBMITTED]))
            actor, verbs = await self.somebody(by, Deed.DECIDE, plan), self.small.plans
            match how:
                case "return":
                    await verbs.send_back(actor, plan.id, plan.version, "Not the chairman.")
                case _:
                    await verbs.approve(actor, plan.id, plan.version - (how == "late"))

        self.act(decide())

    @there("plan", state=PlanState.SUBMITTED)
    @rule(n=which, by=who, to=st.sampled_from([HUANG, HUANG, *EVERYBODY]))
    def hand_plan(self, n: int, by: int, to: str) -> None:
        async def hand_plan() -> None:
            plan = await self.one_of("plan", n, PlanState.SUBMITTED)
            actor = await self.somebody(by, Deed.DECIDE, plan)
            await self.small.plans.hand_over(actor, plan.id, plan.version, to)

        self.act(hand_plan())

    @there("change_request", state=ChangeState.ASKED)
    @rule(n=which, by=who, how=st.sampled_from(["allow", "allow", "allow", "refuse", "late"]))
    def consent(self, n: int, by: int, how: str) -> None:
        async def consent() -> None:
            request = await self.one_of("change_request", n, *([] if how == "late" else [ChangeState.ASKED]))
            actor, verbs = await self.somebody(by, Deed.CONSENT, request), self.small.consents
            if how == "refuse":
                await verbs.refuse(actor, request.id, request.version, "Not on a Sunday.")
            else:
                await verbs.allow(actor, request.id, request.version - (how == "late"))

        self.act(consent())

    @there("change_request", state=ChangeState.MADE)
    @rule(n=which, by=who, remarks=st.booleans())
    def take_note(self, n: int, by: int, remarks: bool) -> None:
        async def take_note() -> None:
            request = await self.one_of("change_request", n, ChangeState.MADE)
            actor, verbs = await self.somebody(by, Deed.CONSENT, request), self.small.consents
            if remarks:
                await verbs.refuse(actor, request.id, request.version, "Ask me first.")
            else:
                await verbs.note(actor, request.id, request.version)

        self.act(take_note())

    @there("change_request", state=ChangeState.ASKED)
    @rule(n=which, by=who)
    def take_back(self, n: int, by: int) -> None:
        async def take_back() -> None:
            request = await self.one_of("change_request", n, ChangeState.ASKED)
            actor = await self.somebody(by, Deed.TAKE_BACK, request)
            await self.small.consents.take_back(actor, request.id, request.version)

        self.act(take_back())

    # Requests.

    @there("booking", kind="vehicle")
    @rule(n=which, by=who, car=which, driver=st.sampled_from([CHEN, WANG]))
    def name_a_car(self, n: int, by: int, car: int, driver: str) -> None:
        async def name_a_car() -> None:
            waits = (BookingState.REQUESTED, BookingState.DECLINED)
            booking = await self.one_of("booking", n, *(waits if n % 3 else ()), kind="vehicle")
            vehicle = await self.one_of("vehicle", car)
            actor = await self.somebody(by, Deed.ASSIGN, booking)
            await self.small.bookings.assign(actor, booking.id, booking.version, vehicle.id, driver)

        self.act(name_a_car())

    @there("booking", state=BookingState.REQUESTED)
    @rule(n=which, by=who, form=some_answers, is_old=st.sampled_from([0, 0, 0, 0, 1]))
    def confirm(self, n: int, by: int, form: AnswerForm, is_old: int) -> None:
        async def confirm() -> None:
            booking = await self.request(n)
            actor = await self.somebody(by, Deed.ANSWER, booking)
            await self.small.bookings.confirm(actor, booking.id, booking.version - is_old, form)

        self.act(confirm())

    @there("booking", state=BookingState.ASSIGNED)
    @rule(n=which, by=who, yes=st.sampled_from([True, True, False]))
    def answer_as_driver(self, n: int, by: int, yes: bool) -> None:
        async def answer_as_driver() -> None:
            booking = await self.one_of("booking", n, BookingState.ASSIGNED)
            actor, verbs = await self.somebody(by, Deed.ANSWER, booking), self.small.bookings
            if yes:
                await verbs.confirm(actor, booking.id, booking.version)
            else:
                await verbs.decline(actor, booking.id, booking.version, "Ill.")

        self.act(answer_as_driver())

    @there("booking", state=BookingState.REQUESTED)
    @rule(n=which, by=who)
    def decline(self, n: int, by: int) -> None:
        async def decline() -> None:
            booking = await self.request(n)
            actor = await self.somebody(by, Deed.ANSWER, booking)
            await self.small.bookings.decline(actor, booking.id, booking.version, "There is none.")

        self.act(decline())

    @there("booking", state=BookingState.CONFIRMED)
    @rule(n=which, by=who)
    def take_back_a_yes(self, n: int, by: int) -> None:
        async def take_back_a_yes() -> None:
            booking = await self.one_of("booking", n, BookingState.CONFIRMED)
            actor = await self.somebody(by, Deed.ANSWER, booking)
            await self.small.bookings.decline(actor, booking.id, booking.version, "It burned down.")

        self.act(take_back_a_yes())

    @there("booking", state=BookingState.CONFIRMED)
    @rule(n=which, by=who, is_old=st.sampled_from([0, 0, 0, 1]))
    def cannot_after_all(self, n: int, by: int, is_old: int) -> None:
        async def cannot_after_all() -> None:
            booking = await self.one_of("booking", n, *(_YES if n % 6 else ()))
            actor = await self.somebody(by, Deed.GIVE_BACK, booking)
            await self.small.bookings.take_back(actor, booking.id, booking.version - is_old)

        self.act(cannot_after_all())

    @there("booking", state=BookingState.REQUESTED)
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

    @there("booking", state=BookingState.COUNTERED)
    @rule(n=which, by=who, yes=st.sampled_from([True, True, False]))
    def answer_proposal(self, n: int, by: int, yes: bool) -> None:
        async def answer_proposal() -> None:
            booking = await self.one_of("booking", n, BookingState.COUNTERED)
            actor, verbs = await self.somebody(by, Deed.REASSIGN, booking), self.small.bookings
            if yes:
                await verbs.accept(actor, booking.id, booking.version)
            else:
                await verbs.reject(actor, booking.id, booking.version, "It has to be at noon.")

        self.act(answer_proposal())

    @there("booking", state=BookingState.DECLINED)
    @rule(n=which, by=who, to=st.sampled_from(EVERYBODY))
    def ask_somebody_else(self, n: int, by: int, to: str) -> None:
        async def ask_somebody_else() -> None:
            booking = await self.one_of("booking", n, BookingState.DECLINED)
            actor = await self.somebody(by, Deed.REASSIGN, booking)
            await self.small.bookings.reassign(actor, booking.id, booking.version, to)

        self.act(ask_somebody_else())

    @there("booking", state=BookingState.REQUESTED)
    @rule(n=which, by=who, to=st.sampled_from(EVERYBODY))
    def reassign(self, n: int, by: int, to: str) -> None:
        async def reassign() -> None:
            booking = await self.request(n)
            actor = await self.somebody(by, Deed.REASSIGN, booking)
            await self.small.bookings.reassign(actor, booking.id, booking.version, to)

        self.act(reassign())

    async def request(self, n: int) -> Any:
        """One that waits for an answer, or every sixth time any."""
        return await self.one_of("booking", n, *(WAITS if n % 6 else ()))

    # Reminders.

    @there("notice", kind=NoticeKind.DUTY)
    @rule(n=which, by=who, way=which, minutes=st.sampled_from([0, 0, 0, 15, -1]))
    def declare_for_somebody(self, n: int, by: int, way: int, minutes: int) -> None:
        async def declare_for_somebody() -> None:
            notice = await self.asking(n)
            actor = await self.somebody(by, Deed.DECLARE, notice)
            says = SAYS.get(notice.payload["answer"], ()) if way % 5 else tuple(DeclarationKind)
            if minutes and notice.payload["answer"] == Answer.DRIVE:
                await self.small.declarations.late(actor, notice.id, minutes)
            else:
                await self.small.declarations.declare(actor, notice.id, self._said(says, way))

        self.act(declare_for_somebody())

    @there("declaration", kind=DeclarationKind.ATTENDS)
    @rule(n=which, by=who)
    def cannot_attend_after_all(self, n: int, by: int) -> None:
        async def cannot_attend_after_all() -> None:
            notice, actor = await self._asked_of(DeclarationKind.ATTENDS, n, by)
            await self.small.declarations.take_back(actor, notice.id)

        self.act(cannot_attend_after_all())

    @there("declaration", kind=DeclarationKind.CANNOT_ATTEND)
    @rule(n=which, by=who)
    def attend_after_all(self, n: int, by: int) -> None:
        async def attend_after_all() -> None:
            notice, actor = await self._asked_of(DeclarationKind.CANNOT_ATTEND, n, by)
            await self.small.declarations.attend_after_all(actor, notice.id)

        self.act(attend_after_all())

    async def _asked_of(self, kind: DeclarationKind, n: int, by: int) -> tuple[Any, Actor]:
        """A message to which somebody answered so, or now and then any, and who answers it now."""
        said = await self.one_of("declaration", n, kind=kind)
        asked = [one for one in self._told() if one.payload.get("asks") == said.key]
        notice = self.pick([one for one in asked if one.visit_id == said.visit_id] or self._told(), n)
        return notice, await self.somebody(by, Deed.DECLARE, notice)

    @there("declaration", kind=DeclarationKind.ABOARD)
    @rule(n=which, by=who, guests=st.sampled_from([1, 3, 0]), luggage=st.sampled_from([None, 2]))
    def count_guests(self, n: int, by: int, guests: int, luggage: int | None) -> None:
        async def count_guests() -> None:
            told = [notice for notice in self._told() if notice.payload.get("answer") == Answer.DRIVE]
            notice = self.pick(told, n)
            actor = await self.somebody(by, Deed.DECLARE, notice)
            await self.small.declarations.count(actor, notice.id, guests, luggage)

        self.act(count_guests())

    async def asking(self, n: int) -> Any:
        """What reached somebody and asks something that nobody has answered; now and then any."""
        answered = {(row.visit_id, row.key) for row in (await self.tables())["declaration"].values()}
        told = [one for one in self._told() if one.payload.get("answer") in SAYS]
        open_ones = [one for one in told if (one.visit_id, one.payload.get("asks")) not in answered]
        return self.pick(open_ones if open_ones and n % 6 else told, n // 6)

    def _told(self) -> list[Any]:
        rows = self.before.where("notice") if self.before is not None else []
        return [row for row in rows if row.sent_at and row.person_id and row.kind in _ASKING]

    def _said(self, says: tuple[DeclarationKind, ...], way: int) -> DeclarationKind:
        if not says:
            raise NothingThereError
        return says[way % len(says)]
