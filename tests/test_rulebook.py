"""The lead times as people edit them: the file that ships, every mistake pointed at, a new row without code."""

from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files

import pytest

from bot.app import read_rulebook
from bot.models.notices import NoticeKind
from bot.procedure import leadtimes
from bot.procedure.leads import Lead
from bot.procedure.leadtimes import RulebookError
from bot.procedure.rules import Rule
from bot.procedure.vocabulary import About, Anchor, Answer, To
from tests.classic import CLASSIC
from tests.reception import SHANGHAI, labels, reception, text_of

SHIPPED = files("schedules").joinpath("leadtimes.toml").read_text(encoding="utf-8")
ONE_RULE = """\
gather_changes = "1min"

# When people set off.
[[rule]]
id = "D1.2"
about = "pickup"
anchor = "setting_off"
lead = "1h"
to = ["driver", "greeters"]
notice = "reminder"
answer = { driver = "on_my_way" }
"""
SEND_OFF = """
[[rule]]
id = "D6.2z"
about = "departure"
anchor = "start"
lead = "2h"
to = ["leaders", "driver"]
notice = "reminder"
answer = { leaders = "got_it", driver = "got_it" }
"""


@pytest.mark.parametrize(
    ("rule_id", "lead", "anchor", "to"),
    [
        ("C1", Lead(days=2), Anchor.START, (To.ADMINISTRATION,)),
        ("B6", Lead(days=2), Anchor.START, (To.EXECUTIVE_OFFICE,)),
        ("D1.2", Lead(hours=1), Anchor.SETTING_OFF, (To.DRIVER, To.GREETERS)),
        ("D3.1", Lead(hours=4), Anchor.START, (To.LEAD_HOST, To.LEADERS, To.TEAM)),
    ],
)
def test_the_classic_lead_times_ship(rule_id: str, lead: Lead, anchor: Anchor, to: tuple[To, ...]) -> None:
    rule = read_rulebook().rule(rule_id)
    assert rule is not None
    assert (rule.lead, rule.anchor, rule.to) == (lead, anchor, to)


def test_changes_are_gathered_for_a_minute() -> None:
    assert read_rulebook().gather_changes == timedelta(minutes=1)


def test_a_rule_is_read_as_it_is_written() -> None:
    assert leadtimes.parse(ONE_RULE).rules == (
        Rule(
            id="D1.2",
            about=About.PICKUP,
            anchor=Anchor.SETTING_OFF,
            lead=Lead(hours=1),
            to=(To.DRIVER, To.GREETERS),
            notice=NoticeKind.REMINDER,
            answers={To.DRIVER: Answer.ON_MY_WAY},
        ),
    )
    assert leadtimes.parse(ONE_RULE).rules[0].answer_of(To.GREETERS) == Answer.NONE


def test_a_row_that_is_not_there_is_no_rule() -> None:
    assert read_rulebook().rule("D9.9") is None


@pytest.mark.parametrize(
    ("right", "wrong", "line", "field", "why"),
    [
        ('gather_changes = "1min"\n', "\n", 1, "gather_changes", "missing"),
        ('gather_changes = "1min"', "gather_changes = 1", 1, "gather_changes", "'1'"),
        ('gather_changes = "1min"', 'gather_changes = "a while"', 1, "gather_changes", "'a while'"),
        ('gather_changes = "1min"', 'gather_changes = "1min"\ngather = "2min"', 2, "gather", "not known"),
        ("[[rule]]", "[[ruel]]", 4, "ruel", "not known"),
        ("[[rule]]", "[rule]", 4, "rule", "list"),
        ('id = "D1.2"\n', "", 4, "id", "missing"),
        ('id = "D1.2"', "id = 1.2", 5, "id", "D1.2"),
        ('id = "D1.2"', 'id = "pick-up"', 5, "id", "'pick-up'"),
        ('about = "pickup"\n', "", 4, "about", "missing"),
        ('"pickup"', '"lunch"', 6, "about", "meal, meeting, tour"),
        ('anchor = "setting_off"\n', "", 4, "anchor", "missing"),
        ('"setting_off"', '"middle"', 7, "anchor", "start, end, setting_off"),
        ('lead = "1h"\n', "", 4, "lead", "missing"),
        ('"1h"', '"one hour"', 8, "lead", "'one hour'"),
        ('"1h"', "1", 8, "lead", "'1'"),
        ('"1h"', '"-1h"', 8, "lead", "'-1h'"),
        ('to = ["driver", "greeters"]\n', "", 4, "to", "missing"),
        ('["driver", "greeters"]', "[]", 9, "to", "empty"),
        ('["driver", "greeters"]', '"driver"', 9, "to", "list"),
        ('["driver", "greeters"]', '["driver", "chef"]', 9, "to", "'chef'"),
        ('notice = "reminder"\n', "", 4, "notice", "missing"),
        ('"reminder"', '"poem"', 10, "notice", "'poem'"),
        ('"reminder"', '"card"', 10, "notice", "about pickup says reminder or duty"),
        ('"pickup"', '"vehicle"', 10, "notice", "about vehicle says vehicle_request"),
        ('{ driver = "on_my_way" }', '"on_my_way"', 11, "answer", "such as"),
        ('{ driver = "on_my_way" }', '{ driver = "perhaps" }', 11, "answer", "'perhaps'"),
        ('{ driver = "on_my_way" }', '{ chef = "got_it" }', 11, "answer", "'chef'"),
        ('{ driver = "on_my_way" }', '{ team = "got_it" }', 11, "answer", "team is not told"),
        ('lead = "1h"', 'lead = "1h"\nled = "2h"', 9, "led", "not known"),
        ('lead = "1h"', 'lead = "1h"\ncounter = "time"', 9, "counter", "asks for nothing"),
    ],
)
def test_a_mistake_is_refused_with_its_line_and_field(right: str, wrong: str, line: int, field: str, why: str) -> None:
    assert right in ONE_RULE
    with pytest.raises(RulebookError) as refused:
        leadtimes.parse(ONE_RULE.replace(right, wrong, 1), "mine.toml")
    assert str(refused.value).startswith(f"mine.toml, line {line}, field {field!r}: ")
    assert why in str(refused.value)


def test_a_request_has_its_own_buttons() -> None:
    asked = ONE_RULE.replace('"pickup"', '"vehicle"').replace('"reminder"', '"vehicle_request"')
    with pytest.raises(RulebookError, match="line 11, field 'answer': a request has buttons of its own"):
        leadtimes.parse(asked)


FLOWERS = """
[[rule]]
id = "C22"
about = "meal"
anchor = "start"
lead = "6h"
to = ["front_desk"]
notice = "request"
say = "gift"
minds = ["time", "guests"]
confirm = ["reference", "cost?"]
counter = "note"
answer_by = "1h"
"""


@pytest.mark.parametrize(
    ("right", "wrong", "field", "why"),
    [
        ('answer_by = "1h"\n', "", "answer_by", "answer_by or answer_within"),
        ('answer_by = "1h"\n', 'answer_by = "1h"\nanswer_within = "1d"\n', "answer_by", "one of both"),
        ('say = "gift"\n', "", "say", "is missing"),
        ('["time", "guests"]', '["time", "weather"]', "minds", "'weather'"),
        ('"cost?"', '"colour"', "confirm", "'colour'"),
        ('"cost?"', '"room"', "room", "which rooms of the house"),
        ('"note"', '"poem"', "counter", "time, note"),
        ('counter = "note"', 'answer = { front_desk = "done" }', "answer", "buttons of its own"),
    ],
)
def test_a_mistake_in_a_request_is_refused_with_its_field(right: str, wrong: str, field: str, why: str) -> None:
    assert right in FLOWERS
    with pytest.raises(RulebookError) as refused:
        leadtimes.parse('gather_changes = "1min"\n' + FLOWERS.replace(right, wrong, 1), "mine.toml")
    assert f"field {field!r}: " in str(refused.value)
    assert why in str(refused.value)


async def test_a_new_kind_of_booking_needs_only_data(database_url: str) -> None:
    """A row of which nothing but the file knows: asked of its owner, confirmed with what it has to say."""
    added = leadtimes.parse(SHIPPED + FLOWERS).rule("C22")
    assert added is not None
    async with reception(database_url, rulebook=replace(CLASSIC, rules=(added,))) as office:
        await office.open_visit()
        await office.pass_time(until=datetime(2026, 3, 5, 12, 29, tzinfo=SHANGHAI))
        assert office.inbox(office.grace) == []
        await office.pass_time(minutes=2)
        (request,) = office.inbox(office.grace)
        assert labels(request) == ["Confirm", "Decline", "Suggest a change"]
        await office.grace.press(request, action_id="confirm_request")
        assert set(await office.grace.submit()) == {"reference"}
        await office.grace.fill("reference", "F-17")
        assert await office.grace.submit() == {}
        await office.settle()
        assert "F-17" in text_of(office.last(office.lina))
        assert labels(office.last(office.grace)) == ["Take back"]


def test_a_row_that_stands_there_twice_is_refused_at_its_second_line() -> None:
    second = ONE_RULE.partition("\n\n")[2]
    with pytest.raises(RulebookError, match=r"line 14, field 'id': 'D1\.2' stands there twice"):
        leadtimes.parse(ONE_RULE + second)


def test_what_is_no_toml_is_refused_with_its_line() -> None:
    with pytest.raises(RulebookError, match=r"leadtimes\.toml: .*line 8"):
        leadtimes.parse(ONE_RULE.replace('lead = "1h"', "lead = "))


@pytest.mark.parametrize("rules", ["", "rule = 3\n", 'rule = [{ id = "C1" }]\n'])
def test_a_book_without_rules_of_its_own_lines_is_refused(rules: str) -> None:
    with pytest.raises(RulebookError, match="field 'rule'"):
        leadtimes.parse('gather_changes = "1min"\n' + rules)


@pytest.mark.parametrize("which", [0, 1, 2, 3])
def test_comments_and_other_rules_do_not_lead_the_line_astray(which: int) -> None:
    """The shipped file with one lead misspelt: the line is that of this very lead."""
    lines = SHIPPED.splitlines()
    number = [n for n, text in enumerate(lines) if text.startswith("lead =")][which]
    lines[number] = 'lead = "soon"'
    with pytest.raises(RulebookError, match=rf"line {number + 1}, field 'lead'"):
        leadtimes.parse("\n".join(lines))


async def test_a_new_row_needs_only_data(database_url: str) -> None:
    """D6.2: the send-off, two hours before the departure, to leaders and driver. Nothing but the file knows it."""
    added = leadtimes.parse(SHIPPED + SEND_OFF).rule("D6.2z")
    assert added is not None
    book = replace(CLASSIC, rules=(*CLASSIC.rules, added))
    async with reception(database_url, rulebook=book) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=datetime(2026, 3, 6, 16, 59, tzinfo=SHANGHAI))
        before = {who: len(office.inbox(who)) for who in (office.chen, office.sofia, office.lina)}
        await office.pass_time(minutes=2)
        told = {who: office.inbox(who)[before[who] :] for who in before}
        for who in (office.chen, office.sofia):
            (reminder,) = told[who]
            assert "19:00" in text_of(reminder)
            assert len(labels(reminder)) == 1
        assert told[office.lina] == []
        await office.chen.press(told[office.chen][0], action_id="declare_got_it")
        await office.settle()
        assert labels(office.last(office.chen)) == []
