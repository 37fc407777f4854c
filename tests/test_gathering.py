"""What comes within a moment is written together, and each who waits hears what became of theirs."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.services.gathering import Gathering


class Ledger:
    """Writes numbers, doubled; refuses groups with a 0 in them."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def write(self, numbers: Sequence[int]) -> Sequence[int]:
        self.groups.append(list(numbers))
        self.begun.set()
        await self.may_end.wait()
        if 0 in numbers:
            raise ValueError
        return [2 * number for number in numbers]


async def test_one_group_for_what_comes_within_a_moment() -> None:
    ledger = Ledger()
    gathering = Gathering(ledger.write)
    assert await asyncio.gather(*map(gathering.add, (1, 2, 3))) == [2, 4, 6]
    assert await gathering.add(4) == 8
    assert ledger.groups == [[1, 2, 3], [4]]


async def test_what_comes_while_a_group_is_written_is_the_next_group() -> None:
    ledger = Ledger()
    ledger.may_end.clear()
    gathering = Gathering(ledger.write)
    first = asyncio.create_task(gathering.add(1))
    await ledger.begun.wait()
    others = [asyncio.create_task(gathering.add(number)) for number in (2, 3)]
    await asyncio.sleep(0)
    ledger.may_end.set()
    assert await asyncio.gather(first, *others) == [2, 4, 6]
    assert ledger.groups == [[1], [2, 3]]


async def test_a_failure_is_everybodys_and_the_next_group_is_written() -> None:
    gathering = Gathering(Ledger().write)
    failures = await asyncio.gather(*map(gathering.add, (1, 0)), return_exceptions=True)
    assert [type(failure) for failure in failures] == [ValueError, ValueError]
    assert await gathering.add(1) == 2


@pytest.mark.parametrize("number", [0, 1])
async def test_whoever_waits_no_longer_holds_up_nobody(number: int) -> None:
    ledger = Ledger()
    ledger.may_end.clear()
    gathering = Gathering(ledger.write)
    gone, stays = (asyncio.create_task(gathering.add(one)) for one in (number, 2))
    await ledger.begun.wait()
    gone.cancel()
    await asyncio.sleep(0)
    ledger.may_end.set()
    [result] = await asyncio.gather(stays, return_exceptions=True)
    assert result == 4 if number else isinstance(result, ValueError)
    assert ledger.groups == [[number, 2]]
