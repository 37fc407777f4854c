"""Being away: the deputy who was asked meanwhile hears when it is theirs no longer, and only then."""

from datetime import timedelta

from bot.models.bookings import Booking
from bot.models.notices import DeclarationKind, Notice, NoticeState
from bot.models.people import Person
from bot.procedure.deputies import FOR
from bot.procedure.silence import CHASED
from bot.procedure.vocabulary import To
from tests.classic import only
from tests.reception import Reception, Shown, labels, reception, text_of
from tests.small_office import EMMA, LINA, LIU, MARTA, SmallOffice, small_office
from tests.test_reconcile import FORM, MONDAY
from tests.test_silence import DINNER, asking, march


async def away(office: Reception, deputy: str) -> None:
    """Sofía goes away until the ninth."""
    await office.sofia.command("/visit ausente")
    await office.sofia.choose(None, "deputy", deputy)
    await office.sofia.choose(None, "back_on", "2026-03-09")
    assert await office.sofia.submit() == {}


async def back(office: Reception) -> None:
    await office.sofia.open_home()
    await office.sofia.press(office.sofia.home(), action_id="come_back")
    await office.settle()


def told(office: Reception, words: str) -> list[Shown]:
    """What Emma heard of a change."""
    return [message for message in office.inbox(office.emma) if words in text_of(message)]


async def test_whoever_was_asked_instead_hears_that_the_colleague_is_back(database_url: str) -> None:
    async with reception(database_url, rulebook=DINNER) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await away(office, "U03EMMA")
        await office.pass_time(until=march(5, 15))
        (asked,) = asking(office, office.emma, "declare_attends")
        await back(office)
        (same,) = [message for message in office.inbox(office.emma) if message["ts"] == asked["ts"]]
        assert "You no longer stand in for Sofía Herrera here." in text_of(same)
        assert not {"I'll attend", "I can't attend"} & set(labels(same)), "it would be refused"
        await office.pass_time(until=march(5, 15, 5))
        assert len(told(office, "you no longer need to take part")) == 1


async def test_whoever_has_answered_for_a_colleague_still_hears_what_changes(database_url: str) -> None:
    async with reception(database_url, rulebook=DINNER) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await away(office, "U03EMMA")
        await office.pass_time(until=march(5, 15))
        await office.emma.press(office.last(office.emma), action_id="declare_attends")
        await back(office)
        await office.pass_time(until=march(5, 15, 5))
        assert not told(office, "you no longer need to take part"), "she is expected at table"
        assert not asking(office, office.sofia, "declare_attends"), "it is answered"


async def test_whoever_answers_for_a_leader_reads_what_the_leader_takes_part_in(database_url: str) -> None:
    async with reception(database_url, rulebook=only("C5b", "E1")) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await away(office, "U03EMMA")
        await office.pass_time(until=march(4, 18))
        (asked,) = [m for m in office.inbox(office.emma) if "You receive guests" in m["text"]]
        assert "Thu 5 Mar, 14:30 · Airport pickup" in text_of(asked)
        assert "Thu 5 Mar, 18:30 · Dinner" in text_of(asked)


async def test_another_deputy_takes_the_place_of_the_first(database_url: str) -> None:
    async with reception(database_url, rulebook=DINNER) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await away(office, "U03EMMA")
        await office.pass_time(until=march(5, 15))
        await away(office, "U15XU")
        await office.pass_time(until=march(5, 15, 5))
        assert len(asking(office, office.xu, "declare_attends")) == 1
        assert len(told(office, "you no longer need to take part")) == 1
        assert not asking(office, office.emma, "declare_attends")


async def test_the_deputy_of_a_deputy_can_answer_whatever_else_changes(database_url: str) -> None:
    async with reception(database_url, rulebook=DINNER) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        emma = await office.actor("emma")
        await office.visita.desk.people.choose(emma, language=None, zone=None, deputy="U15XU")
        await away(office, "U03EMMA")
        await office.pass_time(until=march(5, 17, 50))
        asked = asking(office, office.xu, "declare_attends")
        assert len(asked) == 1
        await office.visita.desk.levels.choose(await office.actor("lina"), 1, 1, "The chairman asked.")
        await office.settle()
        assert len(asking(office, office.xu, "declare_attends")) == 1


CAR = only("C1", chased=True)


async def asked_in_place(small: SmallOffice, who: str) -> list[str]:
    """In whose place somebody is, or is to be, asked."""
    people = {person.key: person.slack_id for person in await small.all(Person)}
    rows = [row for row in await small.all(Notice) if FOR in row.payload and row.state != NoticeState.WITHDRAWN]
    return [people[row.payload[FOR]] for row in rows if people[row.person_id] == who and CHASED not in row.payload]


async def test_a_request_that_somebody_without_a_part_took_on_goes_to_their_deputy(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=CAR) as small:
        await small.open_visit(FORM)
        (car,) = await small.all(Booking)
        await small.people.known("T1", ["U13"])
        await small.bookings.reassign(await small.actor(LINA), car.key, car.version, "U13")
        await small.settle()
        until = (MONDAY + timedelta(days=5)).date()
        await small.absences.go_away(await small.actor("U13"), EMMA, until)
        assert await asked_in_place(small, EMMA) == ["U13"]


async def test_where_the_deputy_goes_away_too_the_colleague_is_asked_themselves(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=CAR) as small:
        await small.open_visit(FORM)
        await small.people.known("T1", ["U13"])
        until = (MONDAY + timedelta(days=5)).date()
        await small.absences.go_away(await small.actor(LIU), "U13", until)
        await small.settle()
        assert await asked_in_place(small, "U13") == [LIU]
        await small.absences.go_away(await small.actor("U13"), MARTA, until)
        await small.settle()
        (liu,) = await small.all(Person, slack_id=LIU)
        rows = await small.all(Notice, person_id=liu.key, rule="C1", state=NoticeState.PENDING)
        assert [row.payload["to"] for row in rows if CHASED not in row.payload] == [To.ADMINISTRATION]
        assert not await asked_in_place(small, "U13")


async def test_whoever_names_another_deputy_has_that_one_asked(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=CAR) as small:
        liu = await small.actor(LIU)
        await small.people.choose(liu, language=None, zone=None, deputy=MARTA)
        await small.open_visit(FORM)
        await small.settle()
        await small.people.choose(liu, language=None, zone=None, deputy=EMMA)
        deputies = [row for row in await small.all(Notice, state=NoticeState.PENDING) if FOR in row.payload]
        (emma,) = await small.all(Person, slack_id=EMMA)
        assert {row.person_id for row in deputies} == {emma.key}


async def test_the_deputy_of_two_who_are_away_is_asked_in_the_place_of_whoever_it_is_now(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=only("A7", chased=True)) as small:
        await small.people.known("T1", ["U13"])
        until = (MONDAY + timedelta(days=9)).date()
        for one in (LINA, EMMA):
            await small.absences.go_away(await small.actor(one), "U13", until)
        visit = await small.open_visit(FORM)
        await small.settle()
        await small.handovers.hand_over(await small.actor(LIU), visit.key, visit.lead_host_id, EMMA)
        await small.settle()
        assert await asked_in_place(small, "U13") == [LINA, EMMA]
        (emma,) = await small.all(Person, slack_id=EMMA)
        asked = await small.all(Notice, rule="A7", state=NoticeState.SENT)
        (now,) = [row for row in asked if row.payload.get(FOR) == emma.key]
        await small.declarations.declare(await small.actor("U13"), now.id, DeclarationKind.DONE)


async def test_the_deputy_of_two_will_be_asked_in_the_place_of_whoever_is_silent_then(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=CAR) as small:
        await small.people.known("T1", ["U13"])
        for one in (LIU, "U13"):
            await small.people.choose(await small.actor(one), language=None, zone=None, deputy=EMMA)
        await small.open_visit(FORM)
        await small.settle()
        assert await to_be_asked(small, EMMA) == [LIU]
        await small.absences.go_away(await small.actor(LIU), "U13", (MONDAY + timedelta(days=5)).date())
        await small.settle()
        assert await to_be_asked(small, EMMA) == ["U13"]


async def to_be_asked(small: SmallOffice, who: str) -> list[str]:
    """In whose place somebody will be asked, should they stay silent."""
    people = {person.key: person.slack_id for person in await small.all(Person)}
    rows = [row for row in await small.all(Notice, state=NoticeState.PENDING) if {FOR, CHASED} <= row.payload.keys()]
    return [people[row.payload[FOR]] for row in rows if people[row.person_id] == who]
