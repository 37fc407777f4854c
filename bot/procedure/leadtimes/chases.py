"""How silence is chased, as the file says it: the table [chase] for all, the field `chase` of one rule."""

from collections.abc import Collection
from typing import Any

from bot.procedure.chasing import Chase, Pace, Step, steps_in_order
from bot.procedure.leadtimes import readers
from bot.procedure.leadtimes.entries import Entry
from bot.procedure.vocabulary import Answer, To


def chase_of_all(head: Entry) -> Chase:
    """The table [chase], each of whose fields stands on a line of its own."""
    entry = head.table("chase")
    names = {"again", "deputy", "tell", "apart", "longest", "office_hours_from", "no_nights_from", "awake", "steps"}
    entry.refuse_unknown(names)
    shares = tuple((step, entry.read(step.value, readers.share)) for step in Step)
    if [share for _, share in shares] != sorted({share for _, share in shares}):
        raise entry.mistake("tell", "the steps are due one after the other: again, then deputy, then tell")
    pace = Pace(
        shares=shares,
        apart=entry.read("apart", readers.span),
        longest=entry.read("longest", readers.days),
        office_from=entry.read("office_hours_from", readers.span),
        awake_from=entry.read("no_nights_from", readers.span),
        awake=entry.read("awake", readers.hours),
    )
    return Chase(pace, entry.read("steps", _steps_by_answer))


def chase_of_rule(entry: Entry, to: Collection[To]) -> dict[To, tuple[Step, ...]]:
    """`false`, steps for all who are told, or steps for some of them."""
    value = entry.values["chase"]
    if value is False:
        return {}
    if not isinstance(value, dict):
        steps = entry.read("chase", _steps)
        return dict.fromkeys(to, steps)
    found = entry.read("chase", lambda table: {readers.one_of(To)(who): _steps(steps) for who, steps in table.items()})
    untold = [who for who in found if who not in to]
    if untold:
        raise entry.mistake("chase", f"{untold[0]} is not told")
    return found


def _steps(value: Any) -> tuple[Step, ...]:
    return steps_in_order([readers.one_of(Step)(step) for step in readers.list_of(str)(value)])


def _steps_by_answer(value: Any) -> dict[str, tuple[Step, ...]]:
    if not isinstance(value, dict):
        raise ValueError('steps for each kind of question, such as { attendance = ["again", "tell"] }')
    asked = {"request", *Answer} - {Answer.NONE}
    for answer in value:
        if answer not in asked:
            raise ValueError(f"{answer!r} is none of {', '.join(sorted(asked))}")
    return {answer: _steps(steps) for answer, steps in value.items()}
