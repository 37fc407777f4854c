"""The double check (C16): what is open with its owners, one press that reminds them all, and the introduction list."""

from datetime import datetime

import pytest

from bot.app import read_rulebook
from bot.errors import NotAllowed
from bot.i18n import Catalogs
from bot.models.notices import NoticeKind
from bot.procedure.sayings import Say
from bot.services.reading import Readers
from bot.services.saying import is_needless
from bot.services.sight import Fresh, Planned
from sandbox.hands import Hands
from tests.classic import only
from tests.reception import SHANGHAI, Reception, Shown, labels, reception, text_of
from tests.samples import HOST, PICKUP, Scene, notice


def march(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def double_checks(office: Reception, who: Hands) -> list[Shown]:
    return [
        m for m in office.inbox(who) if m["text"].startswith(("双重核对", "最后核对")) or "remind_everyone" in str(m)
    ]


def nudges(office: Reception, who: Hands) -> list[Shown]:
    return [m for m in office.inbox(who) if m["text"].startswith(("尚待完成", "Still open", "Pendientes"))]


async def test_the_day_before_host_and_administration_see_what_is_open_and_remind_its_owners(database_url: str) -> None:
    async with reception(database_url, rulebook=read_rulebook()) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=march(4, 14, 30))
        (check,) = double_checks(office, office.lina)
        shown = text_of(check)
        assert "刘芳" in shown, "the car waits for administration"
        assert "酒店" in shown, "the hotel is not booked"
        await office.lina.press(check, action_id="remind_everyone")
        await office.settle()
        (nudge,) = nudges(office, office.liu)
        assert "酒店" in text_of(nudge)
        assert not nudges(office, office.lina), "who presses knows"
        await office.lina.press(check, action_id="remind_everyone")
        await office.pass_time(minutes=59)
        assert len(nudges(office, office.liu)) == 1, "not twice within an hour"
        await office.pass_time(minutes=2)
        await office.lina.press(double_checks(office, office.lina)[0], action_id="remind_everyone")
        await office.settle()
        assert len(nudges(office, office.liu)) == 2


async def test_only_host_and_administration_may_remind(database_url: str) -> None:
    async with reception(database_url, rulebook=only("C2", "C16")) as office:
        await office.open_visit()
        grace, visit = (
            await office.actor("grace"),
            await office.visita.desk.lookup.find(await office.actor("lina"), "1"),
        )
        with pytest.raises(NotAllowed):
            await office.visita.desk.nudges.remind_everyone(grace, visit.visit.key)


@pytest.mark.parametrize("is_open", [True, False])
def test_the_second_double_check_is_sent_only_if_something_is_open(*, is_open: bool) -> None:
    rulebook, catalogs = only("A9", "C16b"), Catalogs.load()
    scene = Scene(catalogs, "en")
    picture = scene.picture(
        bookings=[], stops=scene.stops()[:1], other_stops="A fair" if is_open else "", needs_letter=False
    )
    told = notice(NoticeKind.DUTY, HOST, stop_id=PICKUP, rule="C16b", payload={"say": Say.DOUBLE_CHECK})
    fresh = Fresh(told, picture, Planned(picture, rulebook), None, None)
    assert is_needless(fresh, Readers(catalogs), rulebook, march(5, 2, 30)) is not is_open


async def test_whoever_looks_at_a_visit_finds_the_introduction_list(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await office.lina.press(office.card(), action_id="show_visit")
        assert "介绍名单" in labels(office.lina.view())
        await office.lina.press(action_id="show_introductions")
        shown = text_of(office.lina.view())
        assert shown.index("Sofía") < shown.index("Luis García"), "hosts first"


async def test_of_a_large_party_everybody_is_on_the_introduction_list(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(party_size="35", leaders=["U06SOFIA"])
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="show_party")
        await office.lina.press(action_id="paste_guests")
        await office.lina.fill("list", "\n".join(f"Guest {n} of Acme, Engineer" for n in range(2, 36)))
        await office.lina.submit()
        assert await office.lina.submit() == {}
        await office.lina.close(everything=True)
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="show_introductions")
        shown = text_of(office.lina.view())
        assert all(f"Guest {n} of Acme" in shown for n in range(2, 36))
