"""Changes of what was approved (B8): asked for, allowed, refused, overtaken, made at once; nothing slips through."""

import asyncio
from datetime import datetime

import pytest
from sqlmodel import col, select

from bot.errors import AlreadyAnswered, NotAllowed, Overtaken, SentForConsent
from bot.models.forms import GuestForm, PartyForm, StopForm, VisitForm
from bot.models.notices import Record, RecordKind
from bot.models.plans import ChangeRequest, ChangeState
from bot.models.visits import Stop, StopKind, Visit
from bot.procedure.intake import form_of
from bot.procedure.picture import Picture
from bot.procedure.stops import stop_form_of
from sandbox.hands import Hands
from tests.classic import ROWS, only
from tests.reception import SHANGHAI, Reception, labels, reception, text_of

RULES = only(*ROWS, "B3")
FAR = {"arrival_date": "2026-03-12", "departure_date": "2026-03-13"}
DINNER = 4


async def _approved(office: Reception, **fields: object) -> None:
    """A visit of level 3, which Sofía has approved."""
    await office.open_visit(leaders=["U06SOFIA"], greeters=["U02CARLOS"], **FAR | fields)
    await office.lina.press(office.last(office.lina), action_id="send_plan")
    assert await office.lina.submit() == {}
    await office.settle()
    await office.sofia.press(office.last(office.sofia), action_id="approve_plan")
    await office.settle()


async def _move_dinner(office: Reception, starts: str, place: str = "", by: Hands | None = None) -> None:
    """Through the form, as the host does it."""
    host = by or office.lina
    await host.press(office.card(), action_id="show_visit")
    await host.press(action_id="stop_menu", value=f"1~change~{DINNER}")
    await host.choose(None, "starts", starts)
    if place:
        await host.fill("place", place)
    await host.submit()
    await office.settle()


async def _requests(office: Reception) -> list[ChangeRequest]:
    async with office.visita.database.read() as session:
        return list((await session.exec(select(ChangeRequest).order_by(col(ChangeRequest.id)))).all())


async def _dinner(office: Reception) -> Stop:
    async with office.visita.database.read() as session:
        return (await session.exec(select(Stop).where(Stop.id == DINNER))).one()


async def _visit(office: Reception) -> Visit:
    async with office.visita.database.read() as session:
        return (await session.exec(select(Visit))).one()


async def _records(office: Reception, kind: RecordKind) -> list[Record]:
    async with office.visita.database.read() as session:
        return list((await session.exec(select(Record).where(Record.kind == kind))).all())


async def _picture(office: Reception) -> Picture:
    return await office.visita.desk.lookup.find(await office.actor("lina"), "V-0001")


async def _form(office: Reception, **changes: object) -> StopForm:
    picture = await _picture(office)
    stop = picture.stop(DINNER)
    assert stop is not None
    return StopForm(**vars(stop_form_of(picture, stop)) | changes)


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


async def test_b8_asked_and_allowed(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office)
        before = (await _dinner(office)).starts_at
        await _move_dinner(office, "20:00")
        shown = text_of(office.lina.view() or {})
        assert "Sofía Herrera" in shown, "it is said who is asked"
        assert (await _dinner(office)).starts_at == before, "nothing has changed"
        await office.lina.close()
        await office.lina.submit()
        assert len(await _requests(office)) == 1, "pressed twice, asked once"
        await office.settle()

        asked = office.last(office.sofia)
        assert all(part in text_of(asked) for part in ("18:30", "20:00", "李娜"))
        assert labels(asked)[:2] == ["Autorizar", "Rechazar"]
        told = len(office.inbox(office.sofia))
        await office.sofia.press(asked, action_id="allow_change")
        await office.settle()
        assert (await _dinner(office)).starts_at == _at(12, 20)
        assert "Sofía" in text_of(office.last(office.lina)), "the asker knows"
        assert labels(office.inbox(office.sofia)[told - 1]) == ["Revisar el plan"]
        await office.pass_time(until=_at(12, 16, 1))
        assert any("20:00" in text_of(message) for message in office.inbox(office.sofia)[told:]), "reminders moved"
        kinds = (RecordKind.CHANGE_ASKED, RecordKind.CHANGE_GRANTED)
        records = [record for kind in kinds for record in await _records(office, kind)]
        assert [bool(record.details["changed"]) for record in records] == [True, True]


async def test_b8_the_approver_sees_what_would_not_fit_any_more(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office)
        await _move_dinner(office, "20:00")
        assert ":warning:" not in text_of(office.last(office.sofia)), "what did not fit before is no news"
        await _move_dinner(office, "14:00")
        asked = office.last(office.sofia)
        assert text_of(asked).count(":warning:") == 1
        assert "antes de que" in text_of(asked), "the guests are still on their way"
        await office.sofia.press(asked, action_id="allow_change")
        await office.settle()
        assert ":warning:" not in text_of(office.last(office.sofia)), "decided is decided"


async def test_b8_the_approver_sees_that_so_many_guests_do_not_fit_into_the_car(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office)
        await office.liu.press(office.card(), action_id="show_visit")
        await office.liu.press(action_id="assign_vehicle")
        await office.liu.choose(None, "vehicle", ["1"])
        await office.liu.choose(None, "driver", ["U04CHEN"])
        assert await office.liu.submit() == {}
        await office.settle()
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="change_visit")
        await office.lina.fill("party_size", "14")
        await office.lina.submit()
        await office.settle()
        asked = text_of(office.last(office.sofia))
        assert "4 → *14*" in asked
        assert asked.count(":warning:") == 1
        assert "GL8" in asked, "the car with six seats"


async def test_b8_taken_back_by_whoever_asked(database_url: str) -> None:
    """In the visit's window; the approver's message says so, and nobody is told twice."""
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office)
        await _move_dinner(office, "20:00")
        await office.lina.close(everything=True)
        await office.settle()
        asked, told = office.last(office.sofia), len(office.inbox(office.lina))
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="take_back_change")
        assert "take_back_change" not in str(office.lina.view()), "nobody is asked any more"
        await office.settle()
        assert labels(office.last(office.sofia)) == ["Revisar el plan"]
        assert "李娜" in text_of(office.last(office.sofia))
        assert len(office.inbox(office.lina)) == told, "she did it herself"
        await office.sofia.press(asked, action_id="allow_change", as_shown=True)
        assert (await _requests(office))[0].state == ChangeState.TAKEN_BACK
        assert (await _dinner(office)).starts_at == _at(12, 18, 30)
        (kept,) = await _records(office, RecordKind.CHANGE_TAKEN_BACK)
        assert kept.details["changed"]


async def test_b8_taken_back_by_the_lead_host_for_another(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office)
        await _move_dinner(office, "20:00", by=office.liu)
        await office.liu.close(everything=True)
        await office.settle()
        told = len(office.inbox(office.liu))
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="take_back_change")
        await office.settle()
        (news,) = office.inbox(office.liu)[told:]
        assert "李娜" in text_of(news)


async def test_b8_refused_with_a_reason(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office)
        await _move_dinner(office, "20:00")
        asked = office.last(office.sofia)
        await office.sofia.press(asked, action_id="refuse_change")
        await office.sofia.fill("reason", " ")
        assert set(await office.sofia.submit()) == {"reason"}
        await office.sofia.fill("reason", "El director sale temprano")
        assert await office.sofia.submit() == {}
        await office.settle()
        assert (await _dinner(office)).starts_at == _at(12, 18, 30)
        assert "El director sale temprano" in text_of(office.last(office.lina))
        await office.sofia.press(asked, action_id="allow_change", as_shown=True)
        assert (await _requests(office))[0].state == ChangeState.REFUSED


async def test_b8_what_is_no_decision_is_made_at_once(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office)
        desk, lina = office.visita.desk, await office.actor("lina")
        form = VisitForm(**vars(form_of(await _picture(office))) | {"contact_phone": "+34 612 345 600"})
        await desk.visits.change(lina, 1, form)
        assert (await _visit(office)).contact_phone.endswith("56 00")
        await desk.stops.change(lina, DINNER, await _form(office, place="状元楼"))
        assert (await _dinner(office)).place == "状元楼", "filling in what the plan left open is preparation"
        with pytest.raises(SentForConsent):
            await desk.stops.change(lina, DINNER, await _form(office, place="Casa Pepe"))
        assert (await _dinner(office)).place == "状元楼"


async def test_b8_the_approver_changes_without_asking(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await office.open_visit(office.sofia, **FAR)
        await office.sofia.press(office.last(office.sofia), action_id="send_plan")
        assert await office.sofia.submit() == {}
        await office.settle()
        await office.sofia.press(office.last(office.sofia), action_id="approve_plan")
        desk, sofia = office.visita.desk, await office.actor("sofia")
        form = await _form(office, starts=_at(12, 19).time(), ends=None)
        await desk.stops.change(sofia, DINNER, form)
        assert (await _dinner(office)).starts_at == _at(12, 19)
        assert await _requests(office) == []


async def test_b8_overtaken(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office)
        desk, lina, sofia = office.visita.desk, await office.actor("lina"), await office.actor("sofia")
        for hour in (20, 21):
            with pytest.raises(SentForConsent):
                await desk.stops.change(lina, DINNER, await _form(office, starts=_at(12, hour).time(), ends=None))
        first, second = await _requests(office)
        await desk.consents.allow(sofia, first.key, first.version)
        with pytest.raises(Overtaken):
            await desk.consents.allow(sofia, second.key, second.version)
        assert (await _dinner(office)).starts_at == _at(12, 20)
        await office.settle()
        assert [request.state for request in await _requests(office)] == [ChangeState.GRANTED, ChangeState.OVERTAKEN]
        assert any("Sofía" in text_of(message) for message in office.inbox(office.lina)[-2:])


async def test_b8_what_changed_meanwhile_is_kept(database_url: str) -> None:
    """A form that waited for consent puts back nothing that was put right in between."""
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office)
        desk, lina, sofia = office.visita.desk, await office.actor("lina"), await office.actor("sofia")
        seen = vars(form_of(await _picture(office)))
        with pytest.raises(SentForConsent):
            await desk.visits.change(lina, 1, VisitForm(**seen | {"party_size": "6"}))
        await desk.visits.change(lina, 1, VisitForm(**seen | {"contact_phone": "+34 612 345 600"}))
        request = (await _requests(office))[0]
        await desk.consents.allow(sofia, request.key, request.version)
        visit = await _visit(office)
        assert (visit.party_size, visit.contact_phone.endswith("56 00")) == (6, True)


@pytest.mark.parametrize("verb", ["add", "copy", "remove", "level"])
async def test_b8_every_verb_waits_and_is_carried_out(database_url: str, verb: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office)
        desk, lina, sofia = office.visita.desk, await office.actor("lina"), await office.actor("sofia")
        before = await _picture(office)
        form = StopForm(day=_at(13, 9).date(), starts=_at(13, 16).time(), subject="G7001")
        made = {
            "add": lambda: desk.stops.add(lina, 1, StopKind.TOUR, form),
            "copy": lambda: desk.stops.copy(lina, DINNER, _at(13, 9).date()),
            "remove": lambda: desk.stops.remove(lina, DINNER),
            "level": lambda: desk.levels.choose(lina, 1, 2, "Su director"),
        }
        with pytest.raises(SentForConsent):
            await made[verb]()
        assert len((await _picture(office)).live_stops) == len(before.live_stops)
        request = (await _requests(office))[0]
        await desk.consents.allow(sofia, request.key, request.version)
        after = await _picture(office)
        changed = {"add": 1, "copy": 1, "remove": -1, "level": 0}[verb]
        assert len(after.live_stops) - len(before.live_stops) == changed
        assert (await _visit(office)).level == (2 if verb == "level" else None)


async def test_b8_guests_of_the_party(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office, party_size="1")
        desk, lina, sofia = office.visita.desk, await office.actor("lina"), await office.actor("sofia")
        guest = (await _picture(office)).guests[0]
        await desk.guests.change(lina, guest.key, GuestForm(name=guest.name, diet="vegano"))
        with pytest.raises(SentForConsent):
            await desk.guests.add(lina, 1, GuestForm(name="Ana Ruiz"))
        with pytest.raises(SentForConsent):
            await desk.guests.describe(lina, 1, PartyForm(party_size="3"))
        one, two = await _requests(office)
        await desk.consents.allow(sofia, one.key, one.version)
        assert [guest.name for guest in (await _picture(office)).guests] == ["Luis García", "Ana Ruiz"]
        with pytest.raises(Overtaken):
            await desk.consents.allow(sofia, two.key, two.version)


async def test_b8_what_begins_today_is_made_at_once(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office)
        await office.pass_time(until=_at(12, 9))
        await _move_dinner(office, "20:00")
        assert (await _dinner(office)).starts_at == _at(12, 20)
        asked = office.last(office.sofia)
        assert labels(asked)[:2] == ["Tomo nota", "Enviar observaciones"]
        await office.sofia.press(asked, action_id="refuse_change")
        await office.sofia.fill("reason", "La próxima vez, llámeme")
        assert await office.sofia.submit() == {}
        await office.settle()
        assert (await _requests(office))[0].state == ChangeState.SEEN
        assert any("La próxima vez" in text_of(message) for message in office.inbox(office.lina))
        assert (await _dinner(office)).starts_at == _at(12, 20), "what was made stays"


async def test_b8_an_approver_who_takes_part_hears_of_an_urgent_change_once(database_url: str) -> None:
    """What is put before them to note tells their own part as well; they hear again when it changes again."""
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office)
        await office.pass_time(until=_at(12, 15))
        told = len(office.inbox(office.sofia))
        await _move_dinner(office, "20:00")
        await office.pass_time(minutes=3)
        (noted,) = office.inbox(office.sofia)[told:]
        assert labels(noted)[:2] == ["Tomo nota", "Enviar observaciones"]
        assert "Le afecta en lo siguiente" in text_of(noted)
        assert "20:00" in noted["text"], "on the lock screen"
        await office.sofia.press(noted, action_id="note_change")
        await office.pass_time(until=_at(12, 16, 5))
        await _move_dinner(office, "20:30")
        await office.pass_time(minutes=3)
        (again,) = [m for m in office.inbox(office.sofia)[told:] if "20:30" in m["text"]]
        assert labels(again)[:2] == ["Tomo nota", "Enviar observaciones"]


async def test_b8_a_delay_waits_for_nobody(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office)
        await office.lina.command("/visit delay V-0001 90")
        await office.settle()
        assert (await _visit(office)).arrives_at == _at(12, 16)
        asked = office.last(office.sofia)
        await office.sofia.press(asked, action_id="note_change")
        await office.settle()
        assert (await _requests(office))[0].state == ChangeState.SEEN


async def test_b8_silence_climbs_the_ladder(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office)
        await _move_dinner(office, "20:00")
        await office.pass_time(hours=4, minutes=1)
        assert "Acme" in office.last(office.xu)["text"], "nobody is named as deputy: the next leader is asked"
        assert "徐明" in text_of(office.last(office.lina))
        await office.xu.press(office.last(office.xu), action_id="allow_change")
        await office.settle()
        assert (await _dinner(office)).starts_at == _at(12, 20)


async def test_b8_a_typed_yes_allows(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office)
        await _move_dinner(office, "20:00")
        await office.sofia.tell("De acuerdo")
        assert (await _dinner(office)).starts_at == _at(12, 20)


async def test_b8_who_may_and_two_at_once(database_url: str) -> None:
    async with reception(database_url, rulebook=RULES, approved=True) as office:
        await _approved(office)
        await _move_dinner(office, "20:00")
        desk, request = office.visita.desk, (await _requests(office))[0]
        for who in ("lina", "liu", "xu", "chen"):
            with pytest.raises(NotAllowed):
                await desk.consents.allow(await office.actor(who), request.key, request.version)
        sofia = await office.actor("sofia")
        results = await asyncio.gather(
            *(desk.consents.allow(sofia, request.key, request.version) for _ in range(3)), return_exceptions=True
        )
        assert [type(result) for result in results if result is not None] == [AlreadyAnswered] * 2
        assert len(await _records(office, RecordKind.CHANGE_GRANTED)) == 1
