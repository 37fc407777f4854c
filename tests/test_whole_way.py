"""The whole way of a visit: plan, return, deputy, approval, requests, no, something else, change, confirmed, canceled.

Played by the people of the demo in three languages with the rulebook that ships; looked at in the database at the end.
"""

import json
from collections import Counter
from datetime import datetime
from typing import Any

from sqlmodel import select

from bot.app import read_rulebook
from bot.messages.ids import Action
from bot.models.bookings import Booking, BookingKind, BookingState, Hold
from bot.models.notices import Notice, NoticeState, Record, RecordKind
from bot.models.plans import ChangeRequest, ChangeState, Plan, PlanState
from bot.models.visits import Approval, Stop, Visit
from sandbox.hands import Hands
from tests.reception import PEOPLE, SHANGHAI, Reception, Shown, labels, reception, text_of

DAYS = {"arrival_date": "2026-03-12", "departure_date": "2026-03-13"}
DINNER = 4
HOTEL, DINING, SHOWROOM, CAR = "C2", "C3", "C4c", "C1"
SAID = {"place": "金陵饭店", "reference": "JL-8812", "cost": "2400", "amount": "5000"}
"""What a confirmation says where its form asks for it."""


async def rows(office: Reception, table: type[Any], **where: Any) -> list[Any]:
    async with office.visita.database.read() as session:
        return list((await session.exec(select(table).filter_by(**where).order_by(table.id))).all())


async def request_of(office: Reception, rule: str, stop_id: int | None = None) -> Booking:
    """The request of a row of section C."""
    live = [b for b in await rows(office, Booking, rule=rule) if b.state != BookingState.RELEASED]
    found: Booking = next(b for b in live if stop_id is None or b.stop_id == stop_id)
    return found


def asking(who: Hands, booking: Booking, action: str) -> Shown | None:
    """The message to somebody in which a request can be answered so."""
    value = f"1~{booking.id}~{booking.version}"
    buttons = (
        (message, element)
        for message in who.dms()
        for block in message.get("blocks", [])
        for element in block.get("elements", [])
    )
    return next((m for m, e in buttons if e.get("action_id") == action and e.get("value") == value), None)


async def answer(office: Reception, who: Hands, booking: Booking, action: str, **said: str) -> None:
    """Press a request's button, and say what its form asks for."""
    message = asking(who, booking, action)
    assert message is not None, (who.user.name, booking.rule, action)
    await who.press(message, action_id=action, value=f"1~{booking.id}~{booking.version}")
    view = who.view()
    if view is not None:
        fields = {block["block_id"].partition(":")[0] for block in view["blocks"] if block["type"] == "input"}
        for name, text in said.items():
            if name in fields:
                await (who.fill(name, text) if name not in _CHOSEN else who.choose(None, name, text))
        assert await who.submit() == {}
    await office.settle()


_CHOSEN = ("owner", "starts", "day", "vehicle", "driver")


async def confirm_what_waits(office: Reception) -> None:
    """Everybody confirms what they are asked for by now."""
    for name in PEOPLE:
        who = getattr(office, name)
        for booking in await rows(office, Booking, kind=BookingKind.REQUEST, state=BookingState.REQUESTED):
            if asking(who, booking, "confirm_request"):
                await answer(office, who, booking, "confirm_request", **SAID)


async def send_plan(office: Reception, **changes: str) -> None:
    """The host looks at it once more, puts right what was asked for, and sends it."""
    emma = office.emma
    if changes:
        await emma.press(office.card(), action_id="show_visit")
        await emma.press(action_id="stop_menu", value=f"1~change~{DINNER}")
        for name, value in changes.items():
            await emma.choose(None, name, value)
        assert await emma.submit() == {}
        await emma.close(everything=True)
        await office.settle()
    await emma.press(office.card(), action_id="send_plan")
    await emma.fill("estimated_cost", "12000")
    assert await emma.submit() == {}
    await office.settle()


async def approved_at_last(office: Reception) -> None:
    """Sofía returns the plan; the second time she hands it to 徐明, who approves it."""
    await office.open_visit(office.emma, **DAYS, leaders=["U06SOFIA"], team=["U02CARLOS"])
    await send_plan(office)
    await office.sofia.press(office.last(office.sofia), action_id="return_plan")
    await office.sofia.fill("remarks", "La cena, más tarde")
    assert await office.sofia.submit() == {}
    await office.settle()
    assert "La cena, más tarde" in text_of(office.last(office.emma))
    await send_plan(office, starts="19:00")
    await office.sofia.press(office.last(office.sofia), action_id="hand_plan")
    await office.sofia.choose(None, "deputy", "U15XU")
    assert await office.sofia.submit() == {}
    await office.settle()
    assert await rows(office, Booking) == [], "nothing is asked for before the approval"
    await office.xu.press(office.last(office.xu), action_id="approve_plan")
    await office.settle()


async def declined_and_asked_of_another(office: Reception) -> None:
    """The showroom is being painted; Emma asks Grace, who has another one."""
    await answer(office, office.liu, await request_of(office, SHOWROOM), "decline_request", reason="展厅正在粉刷")
    assert "展厅正在粉刷" in text_of(office.last(office.emma))
    await answer(office, office.emma, await request_of(office, SHOWROOM), "reassign_request", owner="U12GRACE")
    await answer(office, office.grace, await request_of(office, SHOWROOM), "confirm_request", room_name="Hall 2")


async def suggested_otherwise(office: Reception) -> None:
    """Dinner half an hour later: Emma takes it, Sofía allows what she had approved otherwise."""
    suggested = await request_of(office, DINING, DINNER)
    await answer(office, office.liu, suggested, "propose_otherwise", starts="19:30", note="包间19:30才空出来")
    await answer(office, office.emma, await request_of(office, DINING, DINNER), "accept_counter")
    await office.emma.close(everything=True) if office.emma.view() else None
    await office.settle()
    (proposal,) = [one for one in office.inbox(office.emma) if "suggests" in text_of(one)]
    assert labels(proposal) == [], "nothing more to press"
    assert "waits for consent" in text_of(proposal)
    assert (await request_of(office, DINING, DINNER)).state == BookingState.COUNTERED, "not without consent"
    await office.sofia.press(office.last(office.sofia), action_id="allow_change")
    await office.settle()
    assert (await request_of(office, DINING, DINNER)).state == BookingState.CONFIRMED
    assert "19:30" in text_of(office.last(office.liu))


async def changed_after_approval(office: Reception) -> None:
    """Two guests more: asked, allowed; who had answered for four is asked once more."""
    emma, before = office.emma, {b.id: b.state for b in await rows(office, Booking)}
    await emma.press(office.card(), action_id="show_visit")
    await emma.press(action_id="change_visit")
    await emma.fill("party_size", "6")
    await emma.submit()
    await emma.close(everything=True)
    await office.settle()
    assert {b.id: b.state for b in await rows(office, Booking)} == before, "nothing has changed yet"
    await office.sofia.press(office.last(office.sofia), action_id="allow_change")
    await office.settle()
    await office.pass_time(minutes=2)
    assert (await rows(office, Visit))[0].party_size == 6
    asked = [b.rule for b in await rows(office, Booking) if before[b.id] == BookingState.CONFIRMED and b.round]
    assert set(asked) >= {HOTEL, DINING}, "what was confirmed for four does not hold"


async def car_and_driver(office: Reception) -> None:
    """陈伟 can't; 王强 drives."""
    liu = office.liu
    for driver in ("U04CHEN", "U05WANG"):
        await answer(office, liu, await request_of(office, CAR), "assign_vehicle", driver=driver)
        if driver == "U04CHEN":
            await answer(office, office.chen, await request_of(office, CAR), "decline_request", reason="那天休假")
    await answer(office, office.wang, await request_of(office, CAR), "confirm_request")


async def confirmed_ahead(office: Reception, *rules: str) -> None:
    """In the visit's window administration says what is done before it is asked for: gift and cleaning."""
    await office.liu.press(office.card(), action_id="show_visit")
    for rule in rules:
        booking = await request_of(office, rule)
        await office.liu.press(action_id="request_menu", value=f"1~confirm~{booking.id}~{booking.version}")
    await office.liu.close()
    await office.settle()


async def test_the_whole_way(database_url: str) -> None:
    async with reception(database_url, rulebook=read_rulebook(), approved=True) as office:
        await approved_at_last(office)
        await declined_and_asked_of_another(office)
        await suggested_otherwise(office)
        await confirm_what_waits(office)
        await changed_after_approval(office)
        await confirm_what_waits(office)
        await office.pass_time(until=datetime(2026, 3, 10, 17, 30, tzinfo=SHANGHAI))
        await car_and_driver(office)
        for day in (11, 12):
            await confirm_what_waits(office)
            await office.pass_time(until=datetime(2026, 3, day, 9, tzinfo=SHANGHAI))
        await confirm_what_waits(office)
        await confirmed_ahead(office, "C15", "C21")
        await _everything_is_confirmed(office)
        await _canceled_and_told(office)
        await _the_record_is_whole(office)
        await _nobody_was_told_twice(office)


async def _everything_is_confirmed(office: Reception) -> None:
    states = {(b.rule, b.id): b.state for b in await rows(office, Booking)}
    assert {key: state for key, state in states.items() if state != BookingState.CONFIRMED} == {}
    assert len(states) > 15
    await office.emma.press(office.card(), action_id="show_visit")
    assert "Everything is confirmed" in text_of(office.emma.view() or {})
    await office.emma.close()
    assert [plan.state for plan in await rows(office, Plan)] == [PlanState.RETURNED, PlanState.APPROVED]
    assert [asked.state for asked in await rows(office, ChangeRequest)] == [ChangeState.GRANTED] * 2
    assert (await rows(office, Visit))[0].approval == Approval.APPROVED


async def _canceled_and_told(office: Reception) -> None:
    before = {name: len(office.inbox(getattr(office, name))) for name in PEOPLE}
    await office.emma.command("/visit cancel V-0001")
    await office.emma.fill("reason", "The guests are ill")
    assert await office.emma.submit() == {}
    await office.settle()
    await office.pass_time(days=4)
    told = {name: office.inbox(getattr(office, name))[before[name] :] for name in PEOPLE}
    knew = {name for name in PEOPLE if before[name]} - {"emma", "chen"}  # she did it; he could not drive
    assert knew >= {"sofia", "xu", "liu", "wang", "grace", "ana", "zhao"}
    for name in knew:
        assert len(told[name]) == 1, (name, [m["text"] for m in told[name]])
        assert "The guests are ill" in text_of(told[name][0])
    assert told["emma"] == [], [text_of(m) for m in told["emma"]]
    assert await rows(office, Hold) == []
    assert {b.state for b in await rows(office, Booking)} == {BookingState.RELEASED}


async def _the_record_is_whole(office: Reception) -> None:
    """Every step is there, with who took it."""
    records = await rows(office, Record)
    found = Counter(record.kind for record in records)
    once = {
        RecordKind.OPENED: 1,
        RecordKind.PLAN_SENT: 2,
        RecordKind.PLAN_RETURNED: 1,
        RecordKind.PLAN_HANDED: 1,
        RecordKind.PLAN_APPROVED: 1,
        RecordKind.REQUEST_DECLINED: 1,
        RecordKind.REQUEST_REASSIGNED: 1,
        RecordKind.REQUEST_COUNTERED: 1,
        RecordKind.CHANGE_ASKED: 2,
        RecordKind.CHANGE_GRANTED: 2,
        RecordKind.VEHICLE_ASSIGNED: 2,
        RecordKind.DRIVER_DECLINED: 1,
        RecordKind.CANCELED: 1,
    }
    assert {kind: found[kind] for kind in once} == once
    confirmed = {r.details.get("booking") for r in records if r.kind == RecordKind.REQUEST_CONFIRMED}
    requests = await rows(office, Booking, kind=BookingKind.REQUEST)
    assert len(confirmed) >= len(requests) - 1, "each was confirmed by somebody; one by taking what was suggested"
    assert all(record.person_id for record in records)


async def _nobody_was_told_twice(office: Reception) -> None:
    """Every notice that was sent stands once in a conversation, and nobody has two messages that say the same."""
    sent = [n for n in await rows(office, Notice) if n.state == NoticeState.SENT]
    assert len({(n.slack_channel, n.slack_ts) for n in sent}) == len(sent)
    assert not [n for n in await rows(office, Notice) if n.state in (NoticeState.FAILED, NoticeState.SENDING)]
    posted = [call.arguments for call in office.workspace.record.calls_of("chat.postMessage")]
    told = Counter((post["channel"], json.dumps(post["blocks"])) for post in posted if post["channel"][0] in "DU")
    told = Counter({said: times for said, times in told.items() if Action.REMIND_EVERYONE not in said[1]})  # C16, twice
    assert [blocks for blocks, times in told.items() if times > 1] == []
    assert (await rows(office, Stop, id=DINNER))[0].starts_at.astimezone(SHANGHAI).hour == 19
