"""Being away: the deputy who was asked meanwhile hears when it is theirs no longer, and only then."""

from tests.reception import Reception, Shown, labels, reception, text_of
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
