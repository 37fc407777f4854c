"""The counting itself: it would notice what the campaign claims not to have happened."""

from datetime import UTC, datetime, timedelta

from bot.slack import NOTICE_EVENT
from sandbox.conversing import open_direct
from sandbox.model.messages import Message
from sandbox.workspace import Workspace
from tests.chaos.company import Due, seed, slack_ids
from tests.chaos.journal import Journal
from tests.chaos.tally import QUEUE, UNEXPLAINED, count

PEOPLE = 3
BOT = "U00VISITA"


class Told:
    """A workspace in which notices are posted by hand."""

    def __init__(self) -> None:
        self.workspace = Workspace.load(seed(PEOPLE))
        self.journal = Journal()
        self.planned: list[Due] = []

    def plan(self, name: str, ago: float = 0.0) -> Due:
        moment = datetime.fromtimestamp(self.journal.now(), UTC) - timedelta(seconds=ago)
        self.planned.append(Due(name, moment, slack_ids(PEOPLE)[0]))
        return self.planned[-1]

    def post(self, name: str, to: str | None = None, text: str = "") -> None:
        channel = open_direct(self.workspace, [BOT, to or slack_ids(PEOPLE)[0]])
        metadata = {"event_type": NOTICE_EVENT, "event_payload": {"notice": name}}
        ts = self.workspace.messages.next_ts()
        self.workspace.messages.add(Message(channel.id, ts, {"ts": ts, "text": text or name, "metadata": metadata}))


def test_what_did_not_come_is_lost_and_what_came_twice_is_doubled() -> None:
    told = Told()
    for name in ("fine", "lost", "doubled"):
        told.plan(name)
    for name in ("fine", "doubled", "doubled"):
        told.post(name)
    tally = count(told.workspace, told.planned, told.journal)
    assert (tally.notices, tally.lost, tally.doubled) == (3, ("lost",), ("doubled",))


def test_what_reads_alike_to_the_same_person_is_doubled_whatever_its_id() -> None:
    told = Told()
    for name in ("one", "other"):
        told.plan(name)
        told.post(name, text="Ana is on the way")
    assert len(count(told.workspace, told.planned, told.journal).doubled) == 1


def test_a_notice_in_another_conversation_is_misplaced() -> None:
    told = Told()
    told.plan("astray")
    told.post("astray", to=slack_ids(PEOPLE)[1])
    assert count(told.workspace, told.planned, told.journal).misplaced == ("astray",)


def test_a_notice_before_its_time_is_early_unless_the_clock_showed_it() -> None:
    told = Told()
    told.plan("soon", ago=-3600)
    told.post("soon")
    assert count(told.workspace, told.planned, told.journal).early == ("soon",)
    told.journal = Journal()
    told.journal.stepped(3601)
    told.plan("ahead", ago=-3600)
    told.post("ahead")
    assert "ahead" not in count(told.workspace, told.planned, told.journal).early


def test_a_late_notice_is_put_down_to_what_went_on_or_to_the_queue_or_to_nothing() -> None:
    told = Told()
    told.plan("late", ago=10)
    told.post("late")
    assert list(count(told.workspace, told.planned, told.journal).late) == [UNEXPLAINED]
    told.journal.happened("a process was killed", told.journal.now() - 20)
    assert list(count(told.workspace, told.planned, told.journal).late) == ["a process was killed"]


def test_a_stream_of_messages_without_a_pause_is_a_queue() -> None:
    told = Told()
    told.plan("in the queue", ago=2)
    told.post("in the queue")
    assert list(count(told.workspace, told.planned, told.journal).late) == [QUEUE]


def test_a_clock_put_back_shows_the_hour_once_more_but_what_was_due_is_due() -> None:
    journal = Journal()
    now = datetime.fromtimestamp(journal.now(), UTC)
    journal.stepped(3600)
    ahead = journal.now()
    while journal.now() == ahead:
        pass  # a fast machine does both within a microsecond, which is all that the clock tells
    journal.stepped(0)
    assert journal.shown_at(now + timedelta(minutes=30)) <= journal.now()
    assert journal.shown_at(now + timedelta(hours=2)) == (now + timedelta(hours=2)).timestamp()
