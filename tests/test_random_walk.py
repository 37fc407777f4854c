"""A short random walk over all verbs by anybody; `python -m tests.random_walk` walks on."""

import pytest

from bot.app import read_rulebook
from bot.procedure.rules import Rulebook
from tests.classic import CLASSIC
from tests.conftest import Source
from tests.random_walk.walking import SEED, walk


@pytest.mark.timeout(900)  # only shrinking a failure takes long
@pytest.mark.parametrize(
    ("rulebook", "walks", "steps"), [(CLASSIC, 3, 30), (read_rulebook(), 3, 20)], ids=["four rows", "every row"]
)
def test_whatever_anybody_tries_states_are_legal_nothing_is_held_twice_and_the_record_says_why(
    source: Source, rulebook: Rulebook, walks: int, steps: int
) -> None:
    taken = walk(source, rulebook, seed=SEED, walks=walks, steps=steps)
    assert taken, "nothing was tried"
