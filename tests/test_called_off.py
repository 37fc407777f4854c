"""A visit whose papers the guests have is canceled: what the lead host forwards, and what the guests' calendars do."""

from datetime import datetime, timedelta

import pytest
from icalendar import Calendar

from bot.messages.guest_calendar import calendar_file
from bot.procedure.guest_itinerary import next_sent
from sandbox.hands import Hands
from tests.classic import only
from tests.reception import Reception, labels, reception, text_of
from tests.samples import DINNER, HOST, Scene, with_stop
from tests.test_guest_side import files_of, move_dinner, open_itinerary, send
from tests.test_messages import CATALOGS
from tests.test_party import shown

BOOK = only("B5", "B5b")


async def cancel(office: Reception, who: Hands) -> None:
    await who.command("/visit cancel 1")
    await who.fill("reason", "预算冻结")
    assert await who.submit() == {}
    await office.settle()


def calendars(office: Reception, who: Hands) -> list[Calendar]:
    return [Calendar.from_ical(file.data) for file in files_of(office, who) if file.name.endswith(".ics")]


def sequences(calendar: Calendar) -> dict[str, int]:
    return {str(event["uid"]): int(event.decoded("sequence")) for event in calendar.walk("VEVENT")}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", ("no se realizará", "su calendario", "Si tiene alguna pregunta")),
        ("zh_CN", ("取消", "日历", "如有疑问")),
        ("en", ("will not take place", "calendar", "please contact")),
    ],
)
async def test_the_host_gets_a_text_and_a_file_to_forward(
    database_url: str, language: str, said: tuple[str, ...]
) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit(guest_language=language)
        await open_itinerary(office, office.lina)
        await send(office, office.lina)
        await office.lina.close(everything=True)
        await move_dinner(office, 1)
        await open_itinerary(office, office.lina)
        await send(office, office.lina)
        await office.lina.close(everything=True)
        await cancel(office, office.lina)

        told = office.last(office.lina)
        assert "请通知来宾" in told["text"]
        for words in said:
            assert words in text_of(told)
        assert "预算冻结" not in text_of(told), "why is no business of the guests"
        await office.lina.press(told, action_id="open_itinerary")
        await send(office, office.lina)
        assert "私信" in shown(office.lina)
        first, second, last = calendars(office, office.lina)
        assert str(last["method"]) == "CANCEL"
        assert {str(event["status"]) for event in last.walk("VEVENT")} == {"CANCELLED"}
        assert sequences(first).keys() == sequences(second).keys() == sequences(last).keys()
        assert [set(sequences(one).values()) for one in (first, second, last)] == [{1}, {2}, {3}]
        assert said[0] in office.last(office.lina)["text"], "the text comes with the file"

        await office.lina.press(action_id="send_itinerary")
        await office.visita.desk.under_way.ended()
        assert "已收到" in shown(office.lina)
        assert len(calendars(office, office.lina)) == 3
        await office.lina.close(everything=True)
        await office.lina.command("/visit history 1")
        assert "取消通知" in shown(office.lina)


async def test_guests_who_have_nothing_need_not_be_told_by_file(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit()
        (duty,) = office.inbox(office.lina)
        await cancel(office, office.lina)
        assert len(office.inbox(office.lina)) == 1
        await office.lina.press(duty, action_id="open_itinerary", as_shown=True)
        assert office.lina.view() is None


async def test_who_else_cancels_leaves_it_to_the_host(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit()
        await open_itinerary(office, office.lina)
        await send(office, office.lina)
        await office.lina.close(everything=True)
        before = len(office.inbox(office.liu))
        await cancel(office, office.liu)
        asked = [m for m in office.inbox(office.lina) if "请通知来宾" in m["text"]]
        assert [labels(message) for message in asked] == [["获取日历文件"]]
        assert len(office.inbox(office.liu)) == before


async def test_of_a_confidential_visit_the_lock_screen_names_nobody(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit(confidential=["yes"], guest_language="en")
        await office.lina.command("/visit show 1")
        await open_itinerary(office, office.lina)
        await send(office, office.lina)
        await office.lina.close(everything=True)
        await cancel(office, office.lina)
        told = office.last(office.lina)
        assert "will not take place" in text_of(told)
        assert not any(name in told["text"] for name in ("Acme", "Luis", "García"))


def test_a_removed_stop_is_canceled_with_the_rest_and_every_file_is_read_as_it_was_written() -> None:
    """RFC 5545: lines of 75 octets at most, folded between characters; commas, semicolons and line ends escaped."""
    scene = Scene(CATALOGS, "zh_CN")
    place = "状元楼; 牡丹厅, 二楼\\东侧\n" * 6
    picture = scene.picture(stops=with_stop(scene.stops(), DINNER, place=place), guest_language="zh-CN")
    picture.visit.guest_itinerary = next_sent(picture)
    first = calendar_file(scene.reading(picture, HOST))
    next(stop for stop in picture.stops if stop.key == DINNER).is_removed = True
    second = calendar_file(scene.reading(picture, HOST))
    picture.visit.guest_itinerary = next_sent(picture)
    picture.visit.state = "canceled"
    third = calendar_file(scene.reading(picture, HOST))
    for written in (first, second, third):
        lines = written.split(b"\r\n")
        assert all(len(line) <= 75 for line in lines)
        assert b"\n" not in b"".join(lines), "every line ends with CRLF"
        for line in lines:
            line.decode()  # no character is cut in two
    read = [Calendar.from_ical(written) for written in (first, second, third)]
    events = [{str(event["uid"]): event for event in one.walk("VEVENT")} for one in read]
    assert [str(one["method"]) for one in read] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert events[0].keys() == events[1].keys() == events[2].keys()
    dinner = next(uid for uid in events[0] if uid.endswith(f"-{DINNER}@visita"))
    assert [str(one[dinner]["status"]) for one in events] == ["CONFIRMED", "CANCELLED", "CANCELLED"]
    assert [int(one[dinner].decoded("sequence")) for one in events] == [1, 2, 3]
    assert str(events[0][dinner]["location"]) == place
    assert str(events[1][dinner]["transp"]) == "TRANSPARENT", "its time is free again"
    was: datetime = events[0][dinner].decoded("dtstart")
    assert events[2][dinner].decoded("dtstart") == was
    assert was.utcoffset() == timedelta(hours=8)
