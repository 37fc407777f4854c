"""What does not fit in a plan, in words, with a way out."""

from collections.abc import Sequence
from dataclasses import replace

from bot.i18n import Mrkdwn
from bot.messages import words
from bot.messages.reading import Reading
from bot.procedure.calendar import calendar_of
from bot.procedure.conflicts import Conflict, Trouble, conflicts
from bot.procedure.picture import Picture
from bot.procedure.plans import Differences, as_it_would_be

SHOWN = 8


def lines(reading: Reading) -> list[Mrkdwn]:
    """What does not fit, as many as one takes in at a glance."""
    found = _found(reading)
    listed = [warning(reading, conflict) for conflict in found[:SHOWN]]
    hidden = len(found) - len(listed)
    if hidden:
        more = reading.t.rich.ngettext("and {count} more warning", "and {count} more warnings", hidden, count=hidden)
        listed.append(more)
    return listed


def arising(reading: Reading, found: Differences) -> list[Mrkdwn]:
    """What would not fit any more if the visit were changed like this."""
    return arising_in(reading, as_it_would_be(reading.picture, found))


def arising_in(reading: Reading, changed: Picture) -> list[Mrkdwn]:
    """What would not fit any more if the visit were that one."""
    after = replace(reading, picture=changed)
    known = {conflict.of for conflict in _found(reading)}
    return [warning(after, conflict) for conflict in _found(after) if conflict.of not in known][:SHOWN]


def _found(reading: Reading) -> Sequence[Conflict]:
    picture = reading.picture
    return conflicts(picture, reading.around, calendar_of(picture.workspace, picture.visit), reading.now)


def warning(reading: Reading, conflict: Conflict) -> Mrkdwn:
    """One line: what is wrong, and what can be done."""
    t, stop = reading.t.rich, conflict.stop
    item, other = words.stop_apart(reading, stop), ""
    if conflict.other is not None:
        is_here = not conflict.reference
        other = words.stop_apart(reading, conflict.other) if is_here else words.stop_name(reading.t, conflict.other)
    at = reading.moment(conflict.at) if conflict.at else ""
    match conflict.trouble:
        case Trouble.OVERLAP:
            return t.gettext(
                ":warning: {item} and {other} are at the same time. Move one, such as {item} to {at} or later.",
                item=item,
                other=other,
                at=at,
            )
        case Trouble.TRAVEL:
            return t.ngettext(
                ":warning: {item}: the drive there takes {count} minute after {other}. Move it to {at} or later.",
                ":warning: {item}: the drive there takes {count} minutes after {other}. Move it to {at} or later.",
                conflict.count,
                item=item,
                count=conflict.count,
                other=other,
                at=at,
            )
        case Trouble.NOT_THERE_YET:
            return t.gettext(
                ":warning: {item} begins before the guests can be there. Move it to {at} or later.", item=item, at=at
            )
        case Trouble.GONE:
            return t.gettext(
                ":warning: {item} ends after the guests have to leave. Let it end by {at}.", item=item, at=at
            )
        case Trouble.OFFICE_CLOSED:
            return t.gettext(
                ":warning: {item} is outside office hours. Move it, or ask those concerned whether they can come.",
                item=item,
            )
        case Trouble.GAP:
            return t.gettext(
                ":warning: Nothing is planned between {other} and {item}, for hours. Add a stop or move them closer.",
                item=item,
                other=other,
            )
        case Trouble.SEATS | Trouble.CARS_SMALL | Trouble.ROOM_SMALL:
            return _too_small(reading, conflict, item)
        case Trouble.FINAL_TALKS | Trouble.NO_INTERPRETER:
            return _of_talks(reading, conflict, item)
        case _:
            return _twice(reading, conflict, item, other, at)


def _too_small(reading: Reading, conflict: Conflict, item: str) -> Mrkdwn:
    t = reading.t.rich
    if conflict.trouble == Trouble.SEATS:
        return t.ngettext(
            ":warning: {car} has {count} seat for guests, too few for this party. Ask for a larger one, or a second.",
            ":warning: {car} has {count} seats for guests, too few for this party. Ask for a larger one, or a second.",
            conflict.count,
            car=conflict.resource,
            count=conflict.count,
        )
    if conflict.trouble == Trouble.CARS_SMALL:
        return t.ngettext(
            ":warning: No car of the house takes this party: the largest has {count} seat for guests. "
            "Rent a larger one, or plan for two.",
            ":warning: No car of the house takes this party: the largest has {count} seats for guests. "
            "Rent a larger one, or plan for two.",
            conflict.count,
            count=conflict.count,
        )
    return t.ngettext(
        ":warning: {item}: {room} has {count} seat, too few for this party. Choose a larger room.",
        ":warning: {item}: {room} has {count} seats, too few for this party. Choose a larger room.",
        conflict.count,
        item=item,
        room=conflict.resource,
        count=conflict.count,
    )


def _of_talks(reading: Reading, conflict: Conflict, item: str) -> Mrkdwn:
    t = reading.t.rich
    if conflict.trouble == Trouble.FINAL_TALKS:
        return t.gettext(
            ":warning: {item}: {name} sits in the project talks. "
            "Without senior leaders at the table the final decision stays open.",
            item=item,
            name=reading.name(conflict.person_id),
        )
    return t.gettext(
        ":warning: {item}: nobody interprets for our side. Name an interpreter or somebody of the host team.",
        item=item,
    )


def _twice(reading: Reading, conflict: Conflict, item: str, other: str, at: str) -> Mrkdwn:
    """Somebody or something is wanted in two places."""
    t = reading.t.rich
    who = reading.name(conflict.person_id) if conflict.trouble == Trouble.PERSON_TWICE else conflict.resource
    if conflict.reference:
        return t.gettext(
            ":warning: {item}: {who} is taken by {reference} ({other}) until {at}. Choose another, or move it.",
            item=item,
            who=who,
            reference=conflict.reference,
            other=other,
            at=at,
        )
    return t.gettext(
        ":warning: {item}: {who} is still taken by {other} until {at}. Choose another, or move it.",
        item=item,
        who=who,
        other=other,
        at=at,
    )
