"""Plan and approval (B3, B4): sent by the host, decided by the approver, the deputy or the next leader; revisions."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from bot.app import read_rulebook
from bot.errors import AlreadyHanded, NotAllowed
from bot.models.notices import Notice, NoticeKind, NoticeState, Record, RecordKind
from bot.models.plans import Plan, PlanState
from bot.models.roles import Role
from bot.models.visits import Approval, StopKind, Visit
from bot.procedure.calendar import Calendar
from bot.procedure.ladder import Standing, answer_by, ladder
from handlers import words
from sandbox.hands import Hands
from tests.classic import ROWS, only
from tests.pictures import HOST, LEADER, SENIOR, TEAM, Sketch
from tests.reception import PEOPLE, SHANGHAI, Reception, labels, reception, text_of

RULES = only(*ROWS, "B3")


async def _plans(office: Reception) -> list[Plan]:
    async with office.visita.database.read() as session:
        return list((await session.exec(select(Plan).order_by(col(Plan.id)))).all())


async def _visit(office: Reception) -> Visit:
    async with office.visita.database.read() as session:
        return (await session.exec(select(Visit))).one()


async def _records(office: Reception, kind: RecordKind) -> list[Record]:
    async with office.visita.database.read() as session:
        return list((await session.exec(select(Record).where(Record.kind == kind))).all())


async def _send(office: Reception, who: Hands | None = None, cost: str = "12000") -> None:
    host = who or office.lina
    await host.press(office.last(host), action_id="send_plan")
    await host.fill("estimated_cost", cost)
    assert await host.submit() == {}
    await office.settle()


async def _sent(office: Reception, **fields: object) -> None:
    """A visit of level 3, whose plan Sofía approves."""
    await office.open_visit(leaders=["U06SOFIA"], **fields)
    await _send(office)


async def test_b4_the_whole_way_with_a_return(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        duty = office.last(office.lina)
        assert "提交" in text_of(duty), "the host is told at once to send the plan"
        assert (await _visit(office)).approval == Approval.DRAFT
        await _send(office)
        asked = office.last(office.sofia)
        assert "Acme" in asked["text"]
        assert labels(asked)[:2] == ["Aprobar", "Devolver para cambios"]
        assert office.inbox(office.liu) == [], "nothing is prepared before the approval"

        await office.sofia.press(asked, action_id="return_plan")
        await office.sofia.fill("remarks", "  ")
        assert set(await office.sofia.submit()) == {"remarks"}
        await office.sofia.fill("remarks", "La cena, más tarde")
        assert await office.sofia.submit() == {}
        await office.settle()
        returned = office.last(office.lina)
        assert "La cena, más tarde" in text_of(returned)
        assert (await _visit(office)).approval == Approval.RETURNED

        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="stop_menu", value="1~change~4")
        await office.lina.choose(None, "starts", "19:30")
        assert await office.lina.submit() == {}
        await office.lina.close(everything=True)
        await office.settle()
        await _send(office)
        second = office.last(office.sofia)
        assert all(part in text_of(second) for part in ("19:30", "Revisión 2"))
        assert "La cena, más tarde" in text_of(second), "she sees what she asked for"
        await office.sofia.press(second, action_id="approve_plan")
        await office.settle()

        assert labels(office.last(office.sofia)) == ["Revisar el plan"]
        visit = await _visit(office)
        assert (visit.approval, visit.prepared_from is not None) == (Approval.APPROVED, True)
        assert "Sofía" in text_of(office.last(office.lina))
        await office.pass_time(days=1, hours=8)
        assert "用车申请" in office.last(office.liu)["text"], "now the car is asked for"
        states = [(plan.revision, plan.state) for plan in await _plans(office)]
        assert states == [(1, PlanState.RETURNED), (2, PlanState.APPROVED)]
        kinds = (RecordKind.PLAN_SENT, RecordKind.PLAN_RETURNED, RecordKind.PLAN_APPROVED)
        assert [len(await _records(office, kind)) for kind in kinds] == [2, 1, 1]
        assert (await _records(office, RecordKind.PLAN_SENT))[1].details["changed"], "the record has old and new"


async def test_b4_whoever_decides_reads_what_the_visit_collides_with(database_url: str) -> None:
    """Sofía takes part in another visit at the same time: the message to her names it."""
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await office.open_visit(office.carlos, company="Globex", leaders=["U06SOFIA"])
        await _sent(office)
        assert "V-0001" in text_of(office.last(office.sofia))


async def test_b3_the_host_is_told_to_send_the_plan(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        duty = office.last(office.lina)
        assert labels(duty) == ["提交审批", "查看方案"]
        await office.lina.press(duty, action_id="show_plan")
        shown = text_of(office.lina.view() or {})
        assert all(part in shown for part in ("Acme", "T2, Gate 4"))
        await office.lina.close()
        await _send(office)
        assert labels(office.inbox(office.lina)[0]) == [], "it is done when the plan is sent"


async def test_b4_a_visit_without_approvers_needs_no_approval(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES) as office:
        await office.open_visit()
        visit = await _visit(office)
        assert (visit.approval, visit.prepared_from) == (Approval.NOT_NEEDED, visit.opened_at)
        assert office.inbox(office.lina) == []


async def test_b4_who_may_and_who_was_first(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _sent(office)
        asked = office.last(office.sofia)
        plan = (await _plans(office))[0]
        for who in ("lina", "liu", "xu", "chen"):
            with pytest.raises(NotAllowed):
                await office.visita.desk.plans.approve(await office.actor(who), plan.key, plan.version)
        await asyncio.gather(*(office.sofia.press(asked, action_id="approve_plan", as_shown=True) for _ in range(4)))
        await office.settle()
        assert len(await _records(office, RecordKind.PLAN_APPROVED)) == 1
        assert sum("方案已批准" in m["text"] for m in office.inbox(office.lina)) == 1
        await office.sofia.press(asked, action_id="return_plan", as_shown=True)
        answer = [m for m in office.sofia.dms() if m.get("ephemeral")][-1]
        assert "Sofía Herrera" in answer["text"], "it is said who decided"


async def test_a2_nothing_is_sent_while_the_background_check_is_open(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await office.open_visit(leaders=["U06SOFIA"], is_new_client="yes")
        await office.lina.press(office.last(office.lina), action_id="send_plan")
        answer = [m for m in office.lina.dms() if m.get("ephemeral")][-1]
        assert "背景" in answer["text"]
        assert await _plans(office) == []
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="show_client")
        await office.lina.choose(None, "background", "competitor")
        await office.lina.fill("background_notes", "打听价格")
        assert await office.lina.submit() == {}
        await office.lina.close(everything=True)
        await office.settle()
        assert "背景" not in text_of(office.card()), "a channel reads no finding"
        for who, is_told in ((office.lina, True), (office.sofia, True), (office.chen, False)):
            await who.command("/visit show V-0001", channel="general")
            assert ("打听价格" in text_of(who.ephemerals("general")[-1])) is is_told
        await _send(office)
        assert "competencia" in text_of(office.last(office.sofia)) or "competidor" in text_of(office.last(office.sofia))


async def test_b4_silence_goes_to_the_deputy_then_to_the_next_leader(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await office.open_visit(leaders=["U06SOFIA"], arrival_date="2026-03-12", departure_date="2026-03-13")
        sofia = await office.actor("sofia")
        emma = (await office.actor("emma")).person
        await office.visita.desk.people.choose(sofia, language=None, zone=None, deputy=emma.slack_id)
        await _send(office)
        assert office.inbox(office.emma) == []
        await office.pass_time(hours=4, minutes=1)
        assert "Acme" in office.last(office.emma)["text"], "half a working day later her deputy is asked"
        assert "Emma" in text_of(office.last(office.lina)), "and the host knows"
        assert office.inbox(office.xu) == []
        await office.pass_time(hours=4, minutes=1)
        assert "Acme" in office.last(office.xu)["text"], "then the approver of the next higher level"
        await office.xu.press(office.last(office.xu), action_id="approve_plan")
        await office.settle()
        for who in (office.sofia, office.emma, office.xu):
            assert len(labels(office.last(who))) == 1, "nobody can decide any more"
            assert "徐明" in text_of(office.last(who))
        told = len(office.inbox(office.zhang))
        await office.pass_time(days=2)
        assert len(office.inbox(office.zhang)) == told, "nobody else is asked"


async def test_b4_where_nobody_else_can_be_asked_the_lead_host_hears_of_the_silence(database_url: str) -> None:
    """At the highest level, and the deputy is silent, too."""
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await office.open_visit(leaders=["U06SOFIA"], arrival_date="2026-03-12", departure_date="2026-03-13")
        await office.visita.desk.levels.choose(await office.actor("lina"), 1, 1, "The chairman asked.")
        await _send(office)
        for hours, told in ((5, 0), (24, 1), (24, 1)):
            await office.pass_time(hours=hours)
            assert sum("至今无人答复" in text_of(message) for message in office.inbox(office.lina)) == told


async def test_b4_where_the_lead_host_approves_and_nobody_answers_administration_hears(database_url: str) -> None:
    """Whoever approves has taken the visit over."""
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await office.open_visit(leaders=["U06SOFIA"], arrival_date="2026-03-12", departure_date="2026-03-13")
        await office.visita.desk.levels.choose(await office.actor("lina"), 1, 1, "The chairman asked.")
        await _send(office)
        lina = await office.actor("lina")
        await office.visita.desk.handovers.hand_over(lina, 1, lina.id, PEOPLE["zhang"])
        for hours, told in ((5, 0), (48, 1), (24, 1)):
            await office.pass_time(hours=hours)
            assert sum("至今无人答复" in text_of(message) for message in office.inbox(office.liu)) == told


async def test_b4_handed_to_the_deputy(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _sent(office)
        await office.sofia.press(office.last(office.sofia), action_id="hand_plan")
        await office.sofia.choose(None, "deputy", "U06SOFIA")
        assert set(await office.sofia.submit()) == {"deputy"}, "not to herself"
        await office.sofia.choose(None, "deputy", "U03EMMA")
        assert await office.sofia.submit() == {}
        await office.settle()
        assert "Emma" in text_of(office.last(office.lina))
        mine = office.last(office.sofia)
        assert "Emma" in text_of(mine), "she sees that it worked, and with whom it is"
        assert labels(mine) == ["Aprobar", "Devolver para cambios", "Revisar el plan"], "she may still decide herself"
        await office.emma.press(office.last(office.emma), action_id="approve_plan")
        await office.settle()
        assert (await _visit(office)).approval == Approval.APPROVED
        handed = await _records(office, RecordKind.PLAN_HANDED)
        assert [(record.details["old"], record.details["new"]) for record in handed] == [
            (None, (await office.actor("emma")).id)
        ]


async def test_b4_handing_it_on_twice_changes_nothing_twice(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        sofia = await office.actor("sofia")
        emma = (await office.actor("emma")).person
        await office.visita.desk.people.choose(sofia, language=None, zone=None, deputy=emma.slack_id)
        await _sent(office)
        asked = office.last(office.sofia)
        await office.sofia.press(asked, action_id="hand_plan")
        (plan,) = await _plans(office)
        with pytest.raises(AlreadyHanded):
            await office.visita.desk.plans.hand_over(sofia, plan.key, plan.version, emma.key)
        await office.pass_time(minutes=20)
        assert len(await _records(office, RecordKind.PLAN_HANDED)) == 1
        assert len(office.inbox(office.emma)) == 1
        assert (await _plans(office))[0].answer_by == plan.answer_by


async def test_whoever_knows_of_a_visit_hears_once_that_it_is_off(database_url: str) -> None:
    """Approvers who were asked, and departments that had the reception notice only, too."""
    async with reception(database_url, rulebook=read_rulebook(), approved=True) as office:
        await office.open_visit(leaders=["U06SOFIA"], arrival_date="2026-03-12", departure_date="2026-03-13")
        await office.lina.press(office.card(), action_id="send_plan")
        assert await office.lina.submit() == {}
        await office.settle()
        await office.sofia.press(office.last(office.sofia), action_id="hand_plan")
        await office.sofia.choose(None, "deputy", "U15XU")
        assert await office.sofia.submit() == {}
        await office.settle()
        await office.xu.press(office.last(office.xu), action_id="approve_plan")
        await office.settle()
        before = {name: len(office.inbox(getattr(office, name))) for name in PEOPLE}
        assert {name for name in PEOPLE if before[name]} >= {"lina", "sofia", "xu", "liu", "zhao", "ana", "gao"}
        await office.lina.command("/visit cancel V-0001")
        await office.lina.fill("reason", "客户改期")
        assert await office.lina.submit() == {}
        await office.pass_time(minutes=30)
        told = {name: office.inbox(getattr(office, name))[count:] for name, count in before.items() if count}
        assert all("客户改期" in text_of(one) for news in told.values() for one in news)
        assert {name: len(news) for name, news in told.items()} == {name: name != "lina" for name in told}


async def test_b4_a_change_takes_back_what_was_sent(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _sent(office)
        asked = office.last(office.sofia)
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="stop_menu", value="1~change~4")
        await office.lina.choose(None, "starts", "20:00")
        assert await office.lina.submit() == {}
        await office.lina.close(everything=True)
        await office.settle()
        assert (await _plans(office))[0].state == PlanState.TAKEN_BACK
        assert labels(office.last(office.sofia)) == ["Revisar el plan"], "her message says so"
        await office.sofia.press(asked, action_id="approve_plan", as_shown=True)
        assert (await _visit(office)).approval == Approval.DRAFT
        await _send(office)
        assert "20:00" in text_of(office.last(office.sofia))
        assert len(await _records(office, RecordKind.PLAN_TAKEN_BACK)) == 1


async def test_b4_what_is_no_decision_takes_nothing_back(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _sent(office)
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="change_visit")
        await office.lina.fill("contact_phone", "+34 612 345 600")
        assert await office.lina.submit() == {}
        await office.settle()
        assert (await _plans(office))[0].state == PlanState.SUBMITTED


async def test_b4_preparation_begins_once(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _sent(office)
        await office.sofia.press(office.last(office.sofia), action_id="approve_plan")
        await office.settle()
        began = (await _visit(office)).prepared_from
        assert began is not None
        assert (await _visit(office)).opened_at < began


async def test_b4_the_approver_hears_of_a_cancellation(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await office.open_visit(leaders=["U06SOFIA"], greeters=["U02CARLOS"])
        await _send(office)
        await office.sofia.press(office.last(office.sofia), action_id="approve_plan")
        await office.settle()
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="cancel_visit")
        await office.lina.fill("reason", "改期")
        assert await office.lina.submit() == {}
        await office.settle()
        assert "改期" in text_of(office.last(office.sofia))


async def test_b4_the_plan_on_a_page(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _sent(office)
        await office.lina.command("/visit plan V-0001")
        shown = text_of(office.lina.view() or {})
        assert "Acme" in shown


async def test_b4_the_state_is_in_the_rows(database_url: str) -> None:
    """Killed after the press and before any message left: whatever is due is found again."""
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _sent(office)
        sofia, plan = await office.actor("sofia"), (await _plans(office))[0]
        await office.visita.desk.plans.approve(sofia, plan.key, plan.version)
        async with office.visita.database.read() as session:
            waiting = select(Notice).where(Notice.state == NoticeState.PENDING, Notice.kind == NoticeKind.PLAN_NEWS)
            assert len((await session.exec(waiting)).all()) == 1
        await office.settle()
        assert "Sofía" in text_of(office.last(office.lina))


async def test_b7_the_reception_notice(database_url: str) -> None:
    rules = only(*ROWS, "B3", "B7", "C2", "C8", "C11")
    async with reception(database_url, rulebook=rules, approved=True) as office:
        await office.open_visit(leaders=["U06SOFIA"], arrival_date="2026-03-12", departure_date="2026-03-13")
        await _send(office)
        assert office.inbox(office.gao) == []
        await office.sofia.press(office.last(office.sofia), action_id="approve_plan")
        await office.settle()
        for who in (office.liu, office.ana, office.gao, office.grace):
            assert sum("Acme" in text_of(message) for message in office.inbox(who)) == 1, "in one message, once"
        assert len(office.inbox(office.zhao)) == 0, "nobody of IT has anything to do by these rows"
        assert not any("接待通知" in text_of(message) for message in office.inbox(office.lina)), "the host sent it"
        assert not any("Aviso" in text_of(message) for message in office.inbox(office.sofia)), "she approved it"
        await office.gao.press(office.last(office.gao), action_id="show_reception")
        shown = text_of(office.gao.view() or {})
        assert all(part in shown for part in ("Acme", "李娜", "高峰", "刘芳", "T2, Gate 4"))


@pytest.mark.parametrize("yes", ["ok", "同意，谢谢", "De acuerdo, gracias.", "Approved!", "好的", "SÍ :+1:"])
async def test_b4_typed_answers(database_url: str, yes: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _sent(office)
        await office.sofia.tell("no")
        assert labels(office.last(office.sofia))[:2] == ["Aprobar", "Devolver para cambios"]
        assert (await _plans(office))[0].state == PlanState.SUBMITTED, "a no wants its reason"
        await office.sofia.tell("ok?, pero más tarde")
        assert (await _plans(office))[0].state == PlanState.SUBMITTED, "only what is a yes and nothing else"
        await office.sofia.tell(yes)
        await office.settle()
        assert (await _visit(office)).approval == Approval.APPROVED
        told = len(office.inbox(office.sofia))
        await office.sofia.tell(yes)
        assert "/visit" in text_of(office.inbox(office.sofia)[told]), "nothing waits any more"


async def test_b4_an_ok_after_the_visit_is_over_approves_nothing(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _sent(office)
        await office.pass_time(until=datetime(2026, 3, 7, 9, 0, tzinfo=SHANGHAI))
        told = len(office.inbox(office.sofia))
        await office.sofia.tell("ok")
        await office.settle()
        assert (await _visit(office)).approval == Approval.SUBMITTED
        assert "/visit" in text_of(office.inbox(office.sofia)[told]), "nothing waits any more"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *((yes, True) for yes in ("Ok!", "yes please", "sí, apruebo", "可以，谢谢！", "已阅，同意", "ok谢谢", "👍🏽")),
        *((no, False) for no in ("no", "no, gracias", "不同意，谢谢", "No estoy de acuerdo.", ":-1:")),
        *((other, None) for other in ("ok?", "可以吗？", "thanks", "已阅", "不同意，太贵了", "okno", "sí, no")),
    ],
)
def test_b4_courtesies_change_no_answer(typed: str, meant: bool | None) -> None:
    assert words.answer(typed) is meant


async def test_b4_what_is_no_clear_answer_brings_the_buttons(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _sent(office)
        await office.sofia.tell("Sí, pero la cena más tarde")
        assert labels(office.last(office.sofia))[:2] == ["Aprobar", "Devolver para cambios"]
        assert (await _plans(office))[0].state == PlanState.SUBMITTED
        await office.sofia.tell("ayuda")
        assert "/visit" in text_of(office.last(office.sofia)), "who asks for the commands gets them"


async def test_b4_a_typed_answer_to_several(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        for company in ("Acme", "Globex"):
            await office.open_visit(leaders=["U06SOFIA"], company=company)
            await _send(office)
        await office.sofia.tell("sí")
        asked = office.last(office.sofia)
        assert all(company in text_of(asked) for company in ("Acme", "Globex"))
        assert [plan.state for plan in await _plans(office)] == [PlanState.SUBMITTED] * 2
        await office.sofia.press(asked, action_id="approve_plan", value="1~2~1")
        assert [plan.state for plan in await _plans(office)] == [PlanState.SUBMITTED, PlanState.APPROVED]


def _ladder(*, away: bool = False, level: int = 3, **roles: tuple[int, ...]) -> list[tuple[Standing, tuple[int, ...]]]:
    """Who is asked, for a visit more than two days ahead; `away`: the approver is, when the plan is sent."""
    filled = {Role.APPROVER_1: (SENIOR,), Role.APPROVER_3: (LEADER,)} | {Role(r): p for r, p in roles.items()}
    sketch = Sketch(roles=filled)
    sketch.stop(StopKind.MEETING, "2026-03-12 09:00")
    picture, sent = sketch.picture(), sketch.at("2026-03-02 09:00")
    picture.visit.level, picture.visit.arrives_at = level, sketch.at("2026-03-12 09:00")
    picture.people[LEADER].deputy_id = TEAM
    picture.people[LEADER].away_until = sketch.at("2026-03-09 09:00") if away else None
    calendar = Calendar(ZoneInfo("Asia/Shanghai"), "CN")
    plan = Plan(
        visit_id=1, revision=1, submitted_by_id=HOST, submitted_at=sent, answer_by=answer_by(picture, sent, calendar)
    )
    rungs = ladder(picture, plan, calendar)
    assert [rung.since for rung in rungs] == sorted(rung.since for rung in rungs)
    if away:
        assert rungs[1].since == sent, "the deputy of somebody who is away is asked at once"
    return [(rung.standing, rung.people) for rung in rungs]


def test_b4_the_ladder() -> None:
    deputy, higher = (Standing.DEPUTY, (TEAM,)), (Standing.NEXT, (SENIOR,))
    assert _ladder() == [(Standing.APPROVER, (LEADER,)), deputy, higher]
    assert _ladder(away=True) == [(Standing.APPROVER, (LEADER,)), deputy, higher]
    nobody = (Standing.NEXT, ())
    assert _ladder(level=1) == [(Standing.APPROVER, (SENIOR,)), nobody], "nobody is above the highest"
    assert _ladder(level=2) == [(Standing.APPROVER, (SENIOR,)), nobody], (
        "where nobody approves a level, the next higher does"
    )
    same = _ladder(approver_1=(LEADER,))
    assert same == [(Standing.APPROVER, (LEADER,)), deputy, nobody], "nobody is asked twice"


@pytest.mark.parametrize(
    ("sent", "hours", "until"),
    [
        ("2026-03-02T09:00", 4, "2026-03-02T13:00"),
        ("2026-03-02T16:00", 4, "2026-03-03T11:00"),
        ("2026-03-06T17:00", 4, "2026-03-09T12:00"),
        ("2026-03-01T12:00", 1, "2026-03-02T10:00"),
        ("2026-03-02T20:00", 1, "2026-03-03T10:00"),
        ("2026-04-30T17:30", 1, "2026-05-06T09:30"),
    ],
)
def test_b4_deadlines_count_office_time(sent: str, hours: int, until: str) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    calendar = Calendar(zone, "CN")
    moment = datetime.fromisoformat(sent).replace(tzinfo=zone).astimezone(UTC)
    expected = datetime.fromisoformat(until).replace(tzinfo=zone)
    assert calendar.office_time_after(moment, timedelta(hours=hours)) == expected
    assert calendar.is_working_day(date(2026, 3, 2))
