"""Every refusal and every problem of a field."""

from collections.abc import Iterator

from bot.errors import (
    AlreadyAnswered,
    AlreadyHanded,
    AlreadySent,
    BackgroundOpen,
    BeingSent,
    FormErrors,
    HasBegun,
    HeldMeanwhile,
    LetterTooEarly,
    NoSecretKey,
    NotAllowed,
    NotSent,
    OutOfDate,
    Overtaken,
    Problem,
    Refusal,
    ResourceTaken,
    SentForConsent,
    SomebodyElseDrives,
    UnknownVisit,
    VisitIsOver,
    WhoMay,
)
from bot.messages import refusals
from tests.samples import MADRID, NOW, SHANGHAI, Scene, at


def refusals_(scene: Scene) -> Iterator[tuple[str, str]]:
    """The one sentence for each."""
    name = scene.typed.name or "刘芳"
    given: list[tuple[str, Refusal]] = [
        *((f"only for: {who}", NotAllowed(who)) for who in WhoMay),
        ("unknown visit", UnknownVisit(scene.typed.reason if scene.typed.name else "V-0999")),
        ("canceled visit", VisitIsOver("V-0012")),
        ("answered already", AlreadyAnswered(name, at(3, 10, 15))),
        ("somebody else drives", SomebodyElseDrives(name)),
        ("too late to take back", HasBegun(name, scene.typed.phone)),
        ("too late to take back, no phone", HasBegun(name)),
        ("too late to take back, to the lead host", HasBegun()),
        ("handed on already", AlreadyHanded(name)),
        ("taken", ResourceTaken(scene.typed.car, "V-0011", at(5, 13), at(5, 16))),
        ("old button", OutOfDate()),
        ("a field without a place in the form", FormErrors({"person": Problem.NOT_A_PERSON})),
        ("no key", NoSecretKey()),
        ("sent for consent", SentForConsent([name, scene.typed.contact])),
        ("overtaken", Overtaken()),
        ("the background check is owed", BackgroundOpen()),
        ("the letter comes later", LetterTooEarly([scene.typed.guest, scene.typed.contact])),
        ("sent already", AlreadySent(at(3, 10, 15))),
        ("on its way", BeingSent()),
        ("Slack did not take it", NotSent()),
        ("anything else", Refusal()),
        ("taken at the same moment", HeldMeanwhile()),
        ("taken, others are free", ResourceTaken(scene.typed.car, "V-0011", at(5, 13), at(5, 16), [name, "G7001"])),
    ]
    for title, refusal in given:
        yield title, refusals.sentence(scene.t(), refusal, SHANGHAI, NOW)
    for title, refusal in given:
        if not isinstance(refusal, AlreadyAnswered | ResourceTaken):
            continue
        yield f"{title}, read elsewhere", refusals.sentence(scene.t(MADRID), refusal, SHANGHAI, NOW)
    counted = (Problem.SEATS, Problem.ROOM_SEATS, Problem.FEWER_THAN_NAMED)
    for problem in Problem:
        yield f"field: {problem}", refusals.problem(scene.t(), problem, "3" if problem in counted else "")
    yield "unexpected", refusals.unexpected(scene.t(), "1f2e3d4c")
    yield "not_shown", refusals.not_shown(scene.t(), "1f2e3d4c")
