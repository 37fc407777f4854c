"""The first walk: from `/visit create` to the driver's button, through the front door."""

import pytest

from bot.settings import Transport
from tests.reception import Reception, labels, reception, text_of


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_the_walk(database_url: str, transport: Transport) -> None:
    async with reception(database_url, transport=transport) as office:
        await office.open_visit(driver="U04CHEN", leaders=["U06SOFIA", "U07ZHANG"])
        assert "V-0001 Acme" in office.card()["text"]
        assert office.inbox(office.liu) == [], "two days ahead is early enough"

        await office.pass_time(days=1, hours=8.5)
        await _car_is_assigned_and_confirmed(office)
        await office.zhou.press(office.last(office.zhou), action_id="confirm_request")
        await office.settle()
        assert "张建国" in office.last(office.lina)["text"]

        await office.pass_time(until=office.now.replace(day=5, hour=5, minute=30))
        reminder = office.last(office.chen)
        assert "1 小时" in reminder["text"]
        assert "MU5102" in reminder["text"]
        assert "1 hora" in office.last(office.sofia)["text"]

        await office.chen.press(reminder, action_id="declare_on_my_way")
        await office.settle()
        assert "陈伟" in office.last(office.lina)["text"]
        assert labels(office.last(office.chen)) == ["已到位", "来宾已上车", "已送达"], "the next step is one press away"
        assert "陈伟" in text_of(office.card())


async def _car_is_assigned_and_confirmed(office: Reception) -> None:
    await office.liu.press(office.last(office.liu), action_id="assign_vehicle")
    assert await office.liu.submit() == {}
    await office.settle()
    assert labels(office.last(office.liu)) == ["撤回派车"]
    await office.chen.press(office.last(office.chen), action_id="confirm_request")
    await office.settle()
    for informed in (office.lina, office.liu):
        assert "陈伟" in office.last(informed)["text"]
    assert labels(office.last(office.chen)) == ["临时去不了"]
