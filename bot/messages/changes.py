"""Telling people what is different from what they were told: old and new, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.i18n import Mrkdwn, escape, join
from bot.messages import blocks, bookings, words
from bot.messages.blocks import Block, Message
from bot.messages.reading import Reading
from bot.models.notices import Notice
from bot.models.visits import Means, Stop
from bot.procedure.corrections import What
from bot.procedure.picture import facts, moment_of

Entry = Mapping[str, Any]
"""One stop that somebody knows wrongly, as a notice keeps it."""


def change(reading: Reading, notice: Notice) -> Message:
    """One message with everything that changed for this person."""
    changes = notice.payload["changes"]
    visit, t = reading.picture.visit, reading.t
    if any(entry["what"] == What.CANCELED for entry in changes):
        return canceled(reading)
    found = _found(reading, changes)
    known = _known(reading, found)
    host, title = _new_host(reading, changes), _title(reading, known)
    content: list[Block] = [blocks.header(title)]
    for entry, stop in known:
        content.append(blocks.section(_one(reading, stop, What(entry["what"]), _without_host(entry["old"]))))
    if host:
        content.append(blocks.section(host))
    content += blocks.fields(
        [
            (t.gettext("Guests"), escape(words.guests(t, visit))),
            (t.gettext("Lead host"), words.person(t, reading.picture.lead_host)),
        ]
    )
    if any(entry["what"] != What.RELEASED for entry, _ in found):
        content.append(blocks.context(t.rich.gettext("Everything else stays the same.")))
    return Message(_alone(reading, title, known), tuple(content))


def own_part(reading: Reading, changes: Sequence[Entry]) -> tuple[str, Mrkdwn] | None:
    """The same in short, where it is told with something else: the line on the lock screen, and what has changed."""
    known = _known(reading, _found(reading, changes))
    if not known:
        return None
    lines = [_one(reading, stop, What(entry["what"]), _without_host(entry["old"])) for entry, stop in known]
    return _alone(reading, _title(reading, known), known), join("\n", lines)


def _found(reading: Reading, changes: Iterable[Entry]) -> list[tuple[Entry, Stop]]:
    items = [(entry, reading.picture.stop(entry["stop"])) for entry in changes]
    return [(entry, stop) for entry, stop in items if stop is not None]


def _known(reading: Reading, found: Iterable[tuple[Entry, Stop]]) -> list[tuple[Entry, Stop]]:
    """Those that are more than another lead host."""
    return [(entry, stop) for entry, stop in found if not _is_of_the_host_alone(reading, entry, stop)]


def _title(reading: Reading, known: Sequence[tuple[Entry, Stop]]) -> str:
    t = reading.t
    if not known:
        return t.pgettext("change.header", "New lead host: {company}", company=reading.picture.visit.company)
    if len(known) == 1:
        return t.pgettext("change.header", "Schedule change: {item}", item=words.stop_inline(t, known[0][1]))
    return t.npgettext(
        "change.header", "{count} schedule change", "{count} schedule changes", len(known), count=len(known)
    )


def _new_host(reading: Reading, changes: Iterable[Entry]) -> Mrkdwn:
    """Who leads from now on, once for all stops; nothing where that is as it was told, or is the reader's doing."""
    told = (entry["old"].get("host") for entry in changes if entry["what"] == What.CHANGED)
    present = reading.picture.visit.lead_host_id
    old = next((host for host in told if host not in (None, present)), None)
    is_known = old is None or reading.is_reader(old) or reading.is_reader(present)
    return Mrkdwn("") if is_known else _host(reading, old, present)


def _host(reading: Reading, old: Any, new: Any) -> Mrkdwn:
    before, after = _value(reading, "host", old), _value(reading, "host", new)
    return reading.t.rich.pgettext("change", "Lead host: *{new}* (before: {old})", new=after, old=before)


def _without_host(old: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in old.items() if name != "host"}


def _is_of_the_host_alone(reading: Reading, entry: Entry, stop: Stop) -> bool:
    """Whether the stop itself is as it was told."""
    is_of_host = bool(_new_host(reading, [entry]))
    return is_of_host and not changed_facts(reading, stop, _without_host(entry["old"]))


def changed_facts(reading: Reading, stop: Stop, old: Mapping[str, Any]) -> Mrkdwn:
    """The facts that differ, a line each, new first."""
    present = facts(reading.picture, stop)
    lines = [
        _fact(reading, stop, name, old[name], present.get(name))
        for name in old
        if name in present and present[name] != old[name] and not _goes_without_saying(name, old, present)
    ]
    return join("\n", lines)


def _goes_without_saying(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """The means are seen by the number; an end that moved along with the start is no news of its own."""
    if name == "ends_at":
        lengths = [
            moment_of({"starts_at": told["ends_at"]}) - moment_of(told) for told in (old, new) if "starts_at" in told
        ]
        return len(lengths) == 2 and lengths[0] == lengths[1]
    return name == "means"


def _one(reading: Reading, stop: Stop, what: What, old: Mapping[str, Any]) -> Mrkdwn:
    t, item = reading.t.rich, words.stop_name(reading.t, stop)
    # A send-off is over for those who take part when the guests set off (D6.2).
    begins = old.get("leaves", old["starts_at"]) if what in (What.REMOVED, What.RELEASED) else old["starts_at"]
    moment = reading.moment(moment_of({"starts_at": begins}))
    match what:
        case What.REMOVED:
            return t.gettext("*{item}* ({moment}) no longer takes place.", item=item, moment=moment)
        case What.RELEASED if taken_back := bookings.taken_back(reading, stop):
            return t.gettext(
                "No longer needed: *{what}*, {moment}. Thank you.", what=reading.t.list(taken_back), moment=moment
            )
        case What.RELEASED:
            return t.gettext(
                "*{item}* ({moment}): you no longer need to take part. Thank you.", item=item, moment=moment
            )
        case _:
            facts_changed = changed_facts(reading, stop, old)
            if old["starts_at"] != stop.starts_at.isoformat():
                return t.gettext("*{item}*", item=item) + Mrkdwn("\n") + facts_changed
            return t.gettext("*{item}* ({moment})", item=item, moment=moment) + Mrkdwn("\n") + facts_changed


def _fact(reading: Reading, stop: Stop, name: str, old: Any, new: Any) -> Mrkdwn:
    t = reading.t.rich
    before, after = _value(reading, name, old, named=False), _value(reading, name, new)
    match name:
        case "starts_at":
            return t.pgettext("change", "New time: *{new}* (before: {old})", new=after, old=before)
        case "place":
            return t.pgettext("change", "Place: *{new}* (before: {old})", new=after, old=before)
        case "host":
            return _host(reading, old, new)
        case "number" if stop.means == Means.TRAIN:
            return t.pgettext("change", "Train: *{new}* (before: {old})", new=after, old=before)
        case "number":
            return t.pgettext("change", "Flight: *{new}* (before: {old})", new=after, old=before)
        case "driver":
            return t.pgettext("change", "Driver: *{new}* (before: {old})", new=after, old=before)
        case "plate":
            return t.pgettext("change", "License plate: *{new}* (before: {old})", new=after, old=before)
        case "contact":
            return t.pgettext("change", "Contact phone: *{new}* (before: {old})", new=after, old=before)
        case "food":
            return t.pgettext("change", "Dietary needs: *{new}* (before: {old})", new=after, old=before)
        case "ends_at":
            return t.pgettext("change", "End: *{new}* (before: {old})", new=after, old=before)
        case "leaves":
            return t.pgettext("change", "Setting off: *{new}* (before: {old})", new=after, old=before)
        case "room":
            return t.pgettext("change", "Room: *{new}* (before: {old})", new=after, old=before)
        case "subject":
            return t.pgettext("change", "Subject: *{new}* (before: {old})", new=after, old=before)
        case "route":
            return t.pgettext("change", "Route: *{new}* (before: {old})", new=after, old=before)
        case _:
            return t.pgettext("change", "Number of guests: *{new}* (before: {old})", new=after, old=before)


def _value(reading: Reading, name: str, value: Any, *, named: bool = True) -> str:
    """A fact in words; a time without `named` does not say its zone again."""
    if value is None or value == "":
        if name == "food":
            return reading.t.pgettext("food", "none")
        return reading.t.pgettext("fact", "not known yet")
    if name in ("starts_at", "ends_at", "leaves"):
        moment = moment_of({"starts_at": value})
        return reading.moment(moment) if named else reading.plain_moment(moment)
    if name in ("driver", "host"):
        return reading.name(int(value))
    # In one line, because the new value is bold and Slack ends bold with the line.
    return reading.t.number(value) if isinstance(value, int) else " ".join(str(value).split())


def _alone(reading: Reading, title: str, known: Sequence[tuple[Entry, Stop]]) -> str:
    """The lock screen has the new time where that is what changed."""
    t, guests = reading.t, words.guests(reading.t, reading.picture.visit)
    if not known:
        return t.gettext(
            "{title}. From now on: {name}. {guests}", title=title, name=reading.picture.lead_host.name, guests=guests
        )
    entry, stop = known[0]
    moved = entry["what"] == What.CHANGED and entry["old"]["starts_at"] != stop.starts_at.isoformat()
    if len(known) == 1 and moved:
        return t.gettext(
            "{title}. New time: {new}; before: {old}. {guests}",
            title=title,
            new=reading.moment(stop.starts_at),
            old=reading.plain_moment(moment_of(entry["old"])),
            guests=guests,
        )
    return t.gettext("{title}. {guests}", title=title, guests=guests)


def canceled(reading: Reading) -> Message:
    """The visit is off."""
    t, visit = reading.t, reading.picture.visit
    day = t.day(visit.arrives_at.astimezone(reading.venue).date(), today=reading.now.astimezone(reading.venue).date())
    title = t.pgettext("cancel.header", "Visit canceled: {company}, {date}", company=visit.company, date=day)
    body = t.rich.gettext(
        "{requester} canceled this visit: {reason}. Your tasks are closed and the bookings released. "
        "You do not need to do anything.",
        requester=reading.name(visit.canceled_by_id),
        reason=words.reason(visit.cancel_reason),
    )
    contact = [(t.gettext("Lead host"), words.person(t, reading.picture.lead_host))]
    return Message(title, (blocks.header(title), blocks.section(body), *blocks.fields(contact)))
