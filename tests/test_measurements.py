"""What the benchmarks measure is what they say, whatever becomes of the rules."""

from collections import Counter
from datetime import timedelta
from itertools import chain

from bench.filling import TABLES
from bench.visits import DUE_TOGETHER, NOTICES, VISITS, Diary
from bot.clock import SystemClock


def test_each_visit_has_sixty_notices_of_which_ten_fall_due_together() -> None:
    moment = SystemClock().now() + timedelta(days=30)
    highest = dict.fromkeys(TABLES, 0)
    notices = list(
        chain.from_iterable(
            rows["notice"] for rows in Diary(highest, SystemClock().now()).batches(iter([moment] * VISITS))
        )
    )
    assert set(Counter(row["visit_id"] for row in notices).values()) == {NOTICES}
    assert Counter(row["due_at"] for row in notices)[moment] == VISITS * DUE_TOGETHER
