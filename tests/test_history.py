"""The record of a visit (G5): who did what, when, old and new; it only grows, and can be taken along as a table."""

import csv
import io
from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from bot.database import Database
from bot.i18n import Mrkdwn, as_plain
from bot.messages import history as words
from bot.models.forms import GuestForm, VisitForm
from bot.models.handouts import Handout
from bot.models.notices import Record, RecordKind
from bot.models.remarks import RemarkKind
from bot.models.visits import Visit
from bot.procedure.history import differences
from bot.procedure.intake import form_of
from bot.services.handouts import TAKES
from bot.services.pictures import read_picture
from sandbox.faults import Fault
from sandbox.hands import Hands
from tests.reception import Reception, reception
from tests.test_party import shown

HERE = "reception"


def exported(office: Reception, who: Hands) -> list[list[list[str]]]:
    """The tables in a person's messages with the bot, each row by row."""
    files = [file for message in office.inbox(who) for file in message.get("files", ())]
    contents = [office.workspace.files.get(file["id"]) for file in files]
    texts = [file.data.decode("utf-8-sig") for file in contents if file is not None]
    return [list(csv.reader(io.StringIO(text))) for text in texts]


async def change_visit(office: Reception, **typed: str) -> None:
    await office.lina.press(office.card(), action_id="show_visit")
    await office.lina.press(action_id="change_visit")
    for name, text in typed.items():
        await office.lina.fill(name, text)
    assert await office.lina.submit() == {}
    await office.lina.close(everything=True)
    await office.settle()


async def test_what_was_changed_stays_with_old_and_new(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await change_visit(office, company="Globex", party_size="6", food_notes="Sin gluten")
        await office.lina.command("/visit 历史 V-0001", channel=HERE)
        text = shown(office.lina)
        assert "Acme → *Globex*" in text
        assert "4 → *6*" in text
        assert "Sin gluten" not in text, "what stays for ever does not quote what guests do not eat"
        assert text.index("新建了") < text.index("Globex"), "the newest last"


async def test_a_stop_a_guest_and_a_level_leave_what_they_were(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        actor = await office.actor("lina")
        await office.visita.desk.guests.add(actor, 1, GuestForm(name="Ana Pérez", allergies="peanuts"))
        await office.visita.desk.guests.change(actor, 2, GuestForm(name="Ana Pérez", title="CEO", allergies="none"))
        await office.visita.desk.levels.choose(actor, 1, 1, "Old friends")
        await office.visita.desk.delays.delay(actor, 1, "90")
        async with office.visita.database.read() as session:
            records = (await session.exec(select(Record).order_by(col(Record.id)))).all()
        assert [record.details.get("changes") for record in records[1:]] == [
            {},
            {"title": ["", "CEO"], "allergies": []},
            {"level": [3, 1]},
            {"starts_at": ["2026-03-05T06:30:00+00:00", "2026-03-05T08:00:00+00:00"]},
        ]
        assert "peanuts" not in str([record.details for record in records])


async def test_what_the_visits_form_does_to_a_stop_is_on_record(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        actor = await office.actor("lina")
        verbs, form = office.visita.desk.visits, await seen(office)
        for typed in ({"arrival_place": "Gate 5"}, {"wants_pickup": False}, {"wants_pickup": True}):
            await verbs.change(actor, 1, replace(form, **typed))
        async with office.visita.database.read() as session:
            records = (await session.exec(select(Record).where(Record.kind == RecordKind.CHANGED))).all()
        found = [{name: told for name, told in record.details.items() if name != "stop"} for record in records]
        assert found == [{"changes": {"place": ["T2, Gate 4", "Gate 5"]}}, {"removed": True}, {"added": True}]


async def seen(office: Reception) -> VisitForm:
    """What the form for the visit shows."""
    async with office.visita.database.read() as session:
        return form_of(await read_picture(session, (await session.exec(select(Visit))).one()))


async def test_pages_are_turned_and_stay_within_what_slack_shows(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        actor = await office.actor("lina")
        for number in range(2 * words.SHOWN):
            await office.visita.desk.remarks.note(actor, 1, RemarkKind.WISH, f"wish {number}.")
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="show_history")
        assert f"wish {2 * words.SHOWN - 1}." in shown(office.lina)
        assert "wish 0." not in shown(office.lina)
        await office.lina.press(action_id="show_history_before")
        await office.lina.press(action_id="show_history_before")
        assert "wish 0." in shown(office.lina)
        assert "show_history_before" not in str(office.lina.view())
        await office.lina.press(action_id="show_history_after")
        assert f"wish {words.SHOWN}." in shown(office.lina)


async def test_the_record_goes_to_those_whom_it_concerns(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await office.emma.command("/visit history V-0001", channel=HERE)
        assert office.emma.view() is None
        assert "lead host" in office.emma.ephemerals(HERE)[-1]["text"]
        await office.liu.command("/visit history 1", channel=HERE)
        assert "V-0001" in str(office.liu.view())


async def test_the_table_is_sent_once_for_each_state(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await change_visit(office, company="=HYPERLINK(1)")
        await office.lina.command("/visit history V-0001", channel=HERE)
        await office.lina.press(action_id="export_history")
        await office.visita.desk.under_way.ended()
        assert "已发送" in shown(office.lina)
        (table,) = exported(office, office.lina)
        assert table[0] == ["时间", "操作人", "操作", "项目", "变更前", "变更后"]
        assert table[1][0].startswith("2026-03-02 09:00:")
        assert table[1][0].endswith("+08:00")
        assert table[1][1] == "李娜"
        assert ["Acme", "'=HYPERLINK(1)"] in [row[4:] for row in table]
        await office.lina.press(action_id="export_history")
        assert "已收到" in shown(office.lina)
        await office.lina.close()
        await office.visita.desk.remarks.note(await office.actor("lina"), 1, RemarkKind.WISH, "One more")
        await office.lina.press(action_id="export_history")
        await office.visita.desk.under_way.ended()
        assert len(exported(office, office.lina)) == 2
        assert all(who == "李娜" for who in [row[1] for row in exported(office, office.lina)[1][1:]])


async def test_what_slack_did_not_take_may_be_asked_for_again(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await office.lina.command("/visit history V-0001", channel=HERE)
        office.workspace.faults.add(Fault("server_error", method="files.completeUploadExternal", times=1))
        await office.lina.press(action_id="export_history")
        await office.visita.desk.under_way.ended()
        assert "没有接收" in shown(office.lina)
        assert exported(office, office.lina) == []
        await office.lina.press(action_id="export_history")
        await office.visita.desk.under_way.ended()
        assert len(exported(office, office.lina)) == 1


async def test_what_a_process_took_with_it_may_be_asked_for_again(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await office.lina.command("/visit history V-0001", channel=HERE)
        async with office.visita.database.write() as session:
            session.add(
                Handout(visit_id=1, person_id=(await office.actor("lina")).id, kind="history", shows="1:zh_Hans_CN",
                        claimed_until=office.now + TAKES)
            )  # fmt: skip
        await office.lina.press(action_id="export_history")
        assert "正在发送" in shown(office.lina)
        await office.lina.close()
        await office.pass_time(minutes=3)
        await office.lina.press(action_id="export_history")
        await office.visita.desk.under_way.ended()
        assert len(exported(office, office.lina)) == 1


@pytest.mark.parametrize("statement", ["UPDATE record SET kind = 'opened'", "DELETE FROM record"])
async def test_what_stands_on_record_stays(database_url: str, statement: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        with pytest.raises(DBAPIError, match="neither changed nor deleted"):
            await _run(office.visita.database, statement)
        async with office.visita.database.read() as session:
            assert [record.kind for record in (await session.exec(select(Record))).all()] == ["opened"]


async def _run(database: Database, statement: str) -> None:
    async with database.write() as session:
        await (await session.connection()).exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("sentence", "plain"),
    [(":white_check_mark: 李娜 &amp; Co: &lt;ok&gt;", "李娜 & Co: <ok>"), ("Luis: at 10:30:15", "Luis: at 10:30:15")],
)
def test_a_sentence_without_markup(sentence: str, plain: str) -> None:
    assert as_plain(Mrkdwn(sentence)) == plain


def test_the_order_of_people_is_no_change() -> None:
    assert differences({"leader": [1, 2], "team": [3]}, {"leader": [2, 1], "team": []}) == {"team": [[3], []]}
