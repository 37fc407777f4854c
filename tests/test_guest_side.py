"""The guests' side (B5, A5, A7): itinerary as text, document and calendar file, consent, invitation letter."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pypdfium2
import pytest
from icalendar import Calendar
from sqlmodel import select

from bot.documents import DocumentError, Documents, Template
from bot.messages import guest_sheet, invitation
from bot.messages.guest_calendar import calendar_file
from bot.models.forms import PassportForm
from bot.models.people import Person
from bot.models.visits import StopKind, Visit
from bot.procedure.guest_itinerary import LONG_GAP, for_guests, guests_agreed, is_current, long_gaps, next_sent
from bot.vault import new_key
from sandbox.faults import Fault
from sandbox.hands import Hands
from sandbox.model.files import File
from tests.classic import only
from tests.gallery.guest_side import PASSPORT, foreign
from tests.reception import SHANGHAI, Reception, reception, text_of
from tests.samples import DINNER, HOST, NOW, PICKUP, Scene, with_stop
from tests.test_messages import CATALOGS
from tests.test_papers import NAME, NUMBER, open_papers, type_passport
from tests.test_party import shown

LANGUAGES = ("en", "es", "zh_CN")
BOOK = only("B5", "B5b")


def files_of(office: Reception, who: Hands) -> list[File]:
    """Everything that came to a person's messages with the bot."""
    ids = [file["id"] for message in office.inbox(who) for file in message.get("files", ())]
    return [file for file in map(office.workspace.files.get, ids) if file is not None]


def text_in(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


async def open_itinerary(office: Reception, who: Hands) -> None:
    await who.press(office.card(), action_id="show_visit")
    await who.press(action_id="show_itinerary")


async def send(office: Reception, who: Hands) -> None:
    await who.press(action_id="send_itinerary")
    await office.visita.desk.under_way.ended()
    await office.settle()


async def move_dinner(office: Reception, hours: int) -> None:
    """The dinner, or whatever is last on the first day, is put off."""
    desk, actor = office.visita.desk, await office.actor("lina")
    picture = await desk.lookup.show(actor, 1)
    stop = picture.live_stops[-2]
    await office.lina.press(office.card(), action_id="show_visit")
    await office.lina.press(action_id="stop_menu", value=f"1~change~{stop.key}")
    later = (stop.starts_at + timedelta(hours=hours)).astimezone(SHANGHAI)
    await office.lina.choose(None, "starts", later.strftime("%H:%M"))
    assert await office.lina.submit() == {}
    await office.lina.close(everything=True)
    await office.pass_time(minutes=2)


async def test_b5_the_itinerary(database_url: str) -> None:
    """Sent to the host, agreed by the guests; changed, and agreed on again."""
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit()
        duty = office.last(office.lina)
        assert "与来宾确认行程" in duty["text"]
        await office.lina.press(duty, action_id="open_itinerary")
        assert "Programa de su visita" in shown(office.lina)
        assert "guests_agreed" not in str(office.lina.view()), "nobody agrees with what they have not seen"
        await send(office, office.lina)
        message = office.last(office.lina)
        assert "Programa de su visita" in message["text"]
        assert [file["name"] for file in message["files"]] == ["V-0001.pdf", "V-0001.ics"]
        await office.lina.press(action_id="guests_agreed")
        assert "来宾已同意" in shown(office.lina)
        await office.lina.close(everything=True)
        await office.settle()
        assert "来宾已同意" in text_of(office.inbox(office.lina)[0]), "the duty says so too"

        before = len(office.inbox(office.lina))
        await move_dinner(office, 1)
        news = [m["text"] for m in office.inbox(office.lina)[before:]]
        assert any("来宾手中的行程已过时" in text for text in news)
        await open_itinerary(office, office.lina)
        assert "发出之后行程有变" in shown(office.lina), "what the guests agreed with is not this"
        await send(office, office.lina)
        await office.lina.press(action_id="guests_agreed")
        assert "来宾已同意" in shown(office.lina)
        assert len(files_of(office, office.lina)) == 4


async def test_what_guests_get_is_in_their_language_and_says_nothing_they_should_not_read(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit(guest_language="en", customs_notes="loud", food_notes="vegan", purpose="complaint")
        async with office.visita.database.write() as session:
            visit = (await session.exec(select(Visit))).one()
            visit.level_reason, visit.background_notes, visit.estimated_cost = "weak partner", "in debt", 98765
            session.add(visit)
        await open_itinerary(office, office.lina)
        await send(office, office.lina)
        pdf, calendar = (file.data for file in files_of(office, office.lina))
        said = text_in(pdf) + calendar.decode() + office.last(office.lina)["text"]
        assert "Program of your visit" in said
        host = (await office.actor("lina")).person
        assert host.name in text_in(pdf)
        assert host.phone in text_in(pdf)
        for secret in ("loud", "vegan", "weak partner", "in debt", "98765", "Complaint", "level", "U01LINA"):
            assert secret not in said


async def test_a_second_press_sends_nothing_and_a_failed_one_may_be_repeated(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit()
        await open_itinerary(office, office.lina)
        office.workspace.faults.add(Fault("server_error", method="files.completeUploadExternal", times=1))
        await send(office, office.lina)
        assert files_of(office, office.lina) == []
        assert "没有接收" in shown(office.lina)
        assert "还没有收到行程" in shown(office.lina)
        await send(office, office.lina)
        await office.lina.press(action_id="send_itinerary")
        await office.visita.desk.under_way.ended()
        assert "已收到" in shown(office.lina)
        assert len(files_of(office, office.lina)) == 2


async def test_those_who_may_not_change_the_visit_send_nothing(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit()
        await office.emma.press(office.card(), action_id="show_visit")
        assert "show_itinerary" not in str(office.emma.view())
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="show_itinerary")
        await office.visita.desk.visits.cancel(await office.actor("lina"), 1, "off")
        await office.lina.press(action_id="send_itinerary")
        assert "已取消" in shown(office.lina)


async def test_a5_the_letter(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    """It goes to those who may see passports, and nowhere else."""
    async with reception(database_url, secret_keys=(new_key(),), rulebook=only("A5")) as office:
        await office.open_visit(foreign="with_letter", lead_host="U02CARLOS")
        await open_papers(office, office.carlos)
        await office.carlos.press(action_id="issue_letter")
        assert "Luis García" in shown(office.carlos)
        await office.carlos.close()
        await type_passport(office.carlos)
        await office.carlos.press(action_id="issue_letter")
        await office.visita.desk.under_way.ended()
        (letter,) = files_of(office, office.carlos)
        assert NUMBER in text_in(letter.data)
        assert NAME in text_in(letter.data)
        assert ":white_check_mark:" in shown(office.carlos)
        await open_papers(office, office.lina)
        assert "issue_letter" not in str(office.lina.view()), "she opened the visit and may change it, no more"
        for who in (office.lina, office.liu):
            assert files_of(office, who) == []
        told = str([getattr(entry, "arguments", entry) for entry in office.posts()]) + caplog.text
        assert NUMBER not in told
        await office.carlos.press(action_id="issue_letter")
        await office.visita.desk.under_way.ended()
        assert len(files_of(office, office.carlos)) == 1, "once for each state"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", Template)
async def test_documents_have_every_sign_and_can_be_read(language: str, template: Template) -> None:
    scene = Scene(CATALOGS, language)
    reading = scene.reading(foreign(scene), HOST)
    reading.picture.workspace.address = "江苏省南京市 1 号\n\n1 Jiangning Road, Nanjing"
    passports = [PassportForm("王芳 WANG FANG", PASSPORT)]
    sheet = guest_sheet.sheet(reading)
    data = sheet.as_data() if template is Template.ITINERARY else invitation.letter(reading, passports)
    made = await Documents().pdf(template, data, archival=True)
    assert len(made) < 60_000, "only the signs that are used come along"
    text = "".join(text_in(made).split())
    said = list(_texts(data))
    assert [one for one in said if "".join(one.split()) not in text] == []


async def test_what_people_typed_is_not_read_as_a_template() -> None:
    scene = Scene(CATALOGS, "en")
    picture = foreign(scene)
    picture.visit.company = '#panic("x") $a$ *b* #{1+1} \\ `c` <d> @e'
    reading = scene.reading(picture, HOST)
    assert "#panic" in text_in(await Documents().pdf(Template.ITINERARY, guest_sheet.sheet(reading).as_data()))


async def test_a_sign_that_no_font_has_is_refused_where_that_is_asked() -> None:
    scene = Scene(CATALOGS, "en")
    reading = scene.reading(foreign(scene), HOST)
    data = guest_sheet.sheet(reading).as_data() | {"guests": "\U0010fffd"}
    with pytest.raises(DocumentError) as refused:
        await Documents().pdf(Template.ITINERARY, data, archival=True)
    assert "Acme" not in repr(refused.value)
    assert await Documents().pdf(Template.ITINERARY, data)


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from () if name == "lang" else _texts(value)
    elif isinstance(node, list | tuple):
        for item in node:
            yield from _texts(item)
    elif isinstance(node, str):
        yield node


@pytest.mark.parametrize(("language", "title"), [("es", "Programa"), ("zh_CN", "来访日程"), ("fr", "Program of")])
def test_the_guests_language_else_english(language: str, title: str) -> None:
    scene = Scene(CATALOGS, "zh_CN")
    reading = scene.reading(scene.picture(guest_language=language), HOST)
    assert guest_sheet.sheet(reading).as_text().startswith(title)


def test_the_calendar_keeps_its_events_and_takes_off_what_is_off() -> None:
    scene = Scene(CATALOGS, "en")
    picture = scene.picture()
    first = Calendar.from_ical(calendar_file(scene.reading(picture, HOST)))
    events = {str(event["uid"]): event for event in first.walk("VEVENT")}
    assert len(events) == 5
    assert {int(event.decoded("sequence")) for event in events.values()} == {1}
    assert all(event["dtstart"].params["TZID"] == "Asia/Shanghai" for event in events.values())
    assert [str(zone["tzid"]) for zone in first.walk("VTIMEZONE")] == ["Asia/Shanghai"]

    picture.visit.guest_itinerary = next_sent(picture)
    picture = replace(picture, stops=tuple(with_stop(picture.stops, DINNER, is_removed=True)))
    second = Calendar.from_ical(calendar_file(scene.reading(picture, HOST)))
    again = {str(event["uid"]): event for event in second.walk("VEVENT")}
    assert again.keys() == events.keys()
    assert {int(event.decoded("sequence")) for event in again.values()} == {2}
    off = [uid for uid, event in again.items() if event["status"] == "CANCELLED"]
    assert off == [uid for uid in events if uid.endswith(f"-{DINNER}@visita")]
    picture.visit.guest_itinerary = next_sent(picture)
    assert next_sent(picture)["version"] == 2, "the same twice is the same version"


def test_what_guests_know_and_what_they_agreed_with() -> None:
    picture = Scene(CATALOGS, "en").picture(guest_confirmed_at=NOW)
    assert not guests_agreed(picture)
    picture.visit.guest_itinerary = next_sent(picture)
    assert is_current(picture)
    assert guests_agreed(picture)
    picture.lead_host.phone = "+86 1"
    assert not guests_agreed(picture), "whom to call is part of it (A7)"


@pytest.mark.parametrize(("hours", "is_foreign", "found"), [(2, True, 0), (3, True, 1), (3, False, 0)])
def test_long_gaps_are_pointed_out_for_foreign_guests(hours: int, is_foreign: bool, found: int) -> None:
    scene = Scene(CATALOGS, "en")
    first, second, *_ = scene.stops()
    later = with_stop([first, second], second.key, starts_at=first.ends_at + timedelta(hours=hours))
    assert timedelta(hours=2) == LONG_GAP
    assert len(long_gaps(scene.picture(stops=later, is_foreign=is_foreign))) == found


async def test_an_itinerary_of_which_the_guests_have_the_newest_is_nobodys_task(database_url: str) -> None:
    async with reception(database_url, rulebook=only("B3", "B5", "B5b", "B7", "C11"), approved=True) as office:
        await office.open_visit()
        await office.lina.press(office.card(), action_id="send_plan")
        assert await office.lina.submit() == {}
        await office.settle()
        await office.sofia.press(office.last(office.sofia), action_id="approve_plan")
        await office.settle()
        await open_itinerary(office, office.lina)
        await send(office, office.lina)
        await office.gao.press(office.last(office.gao), action_id="show_reception")
        assert "与来宾确认行程" in shown(office.gao)
        assert "已过时" not in shown(office.gao)


async def test_the_way_to_the_airport_is_no_gap(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit(foreign="without_letter", departure_time="19:00")
        await open_itinerary(office, office.lina)
        assert "2 小时 30 分钟" in shown(office.lina), "from half past two to five, when they set off"
        await office.lina.close(everything=True)
        await office.open_visit(foreign="without_letter", departure_time="18:30")
        await open_itinerary(office, office.lina)
        assert "2 小时" not in shown(office.lina)


def test_only_what_guests_may_read_is_compared() -> None:
    picture = Scene(CATALOGS, "en").picture()
    before = for_guests(picture)
    picture.visit.level, picture.visit.food_notes, picture.visit.estimated_cost = 1, "changed", 5
    people = {**picture.people, 99: Person(id=99, workspace_id="T01", slack_id="U", name="N")}
    stops = tuple(with_stop(picture.stops, PICKUP, plate="B", is_important=True))
    assert for_guests(replace(picture, people=people, stops=stops)) == before
    assert {StopKind(told["kind"]) for told in before["stops"].values()} >= {StopKind.PICKUP, StopKind.MEAL}


def test_times_in_the_calendar_are_moments() -> None:
    scene = Scene(CATALOGS, "en")
    event = Calendar.from_ical(calendar_file(scene.reading(scene.picture(), HOST))).walk("VEVENT")[0]
    starts: datetime = event.decoded("dtstart")
    assert starts == scene.stops()[0].starts_at


async def test_what_is_forwarded_in_chinese_keeps_a_name_in_other_letters_apart(database_url: str) -> None:
    async with reception(database_url, rulebook=only("A7")) as office:
        for name, greeting in (("Pedro Gómez", "尊敬的 Pedro Gómez："), ("王明", "尊敬的王明：")):
            await office.open_visit(guest_language="zh_CN", contact_name=name)
            assert greeting in text_of(office.last(office.lina))
