"""The card of a visit, in the reception channel and as an answer to "show", and the parts other messages have of it."""

from bot.i18n import Mrkdwn, escape, join
from bot.messages import (
    absences,
    blocks,
    bookings,
    clients,
    confidential,
    driving,
    feasibility,
    guests,
    levels,
    plans,
    requests,
    settings_pages,
    words,
)
from bot.messages.blocks import Block, Message
from bot.messages.ids import Action
from bot.messages.payloads import VisitRef
from bot.messages.reading import Reading
from bot.models.bookings import Booking, BookingKind, BookingState
from bot.models.notices import DeclarationKind
from bot.models.roles import Part
from bot.models.visits import Foreign, Stop, StopKind, VisitState
from bot.procedure.levels import level_of, wants_reason
from bot.procedure.rearranging import vacant

_STOPS_SHOWN = 30


def card(reading: Reading) -> Message:
    """The card that always shows the present state."""
    t, visit = reading.t, reading.picture.visit
    buttons = [details(reading)]
    if plans.is_to_send(reading):
        buttons.append(plans.send_button(reading))
    secret = [confidential.mark(t)] if visit.is_confidential else []
    content = [blocks.header(title(reading)), *secret, *body(reading), blocks.actions(*buttons)]
    alone = t.gettext("{title}: {guests}", title=title(reading), guests=words.guests(t, visit))
    return Message(alone, tuple(content))


def details(reading: Reading) -> Block:
    """The button that opens the visit's window."""
    value = VisitRef(reading.picture.visit.key).pack()
    return blocks.button(reading.t.pgettext("visit.button", "Details"), Action.SHOW_VISIT, value)


def body(reading: Reading) -> list[Block]:
    """The facts, the stops, the requests and the open points."""
    content = blocks.fields(facts(reading))
    if not reading.picture.visit.is_open:
        return [blocks.section(state(reading)), *content]
    where = plans.standing(reading)
    content += [blocks.section(where)] if where else []
    stops = join("\n", [*(stop_line(reading, stop) for stop in shown_stops(reading)), hidden_stops(reading)])
    requested = join(
        "\n",
        [
            *(requests.status(reading, b) for b in reading.picture.bookings if _is_of_people(b)),
            *bookings.summary(reading),
        ],
    )
    content += [blocks.section(stops)] if stops else []
    content += [blocks.section(requested)] if requested else []
    gaps = open_points(reading)
    if gaps:
        content.append(blocks.section(join("\n", gaps)))
    return content


def _is_of_people(booking: Booking) -> bool:
    """Cars with their drivers and leaders' time: each has its own line on the card."""
    return booking.kind != BookingKind.REQUEST and booking.state != BookingState.RELEASED


def line(reading: Reading) -> Mrkdwn:
    """A visit in one line of a list."""
    t, visit = reading.t, reading.picture.visit
    dates = t.span(visit.arrives_at, visit.departs_at, reading.venue, now=reading.now)
    found = t.rich.gettext(
        "*{reference}* {guests}\n{dates}",
        reference=visit.reference,
        guests=words.guests(t, visit),
        dates=dates,
    )
    return confidential.marked(visit, found)


def shown_stops(reading: Reading) -> tuple[Stop, ...]:
    """As many stops as there is room for: all, or those that are still to come."""
    stops = reading.picture.live_stops
    if len(stops) > _STOPS_SHOWN:
        stops = tuple(stop for stop in stops if stop.ends_at >= reading.now) or stops
    return stops[:_STOPS_SHOWN]


def hidden_stops(reading: Reading) -> Mrkdwn:
    """How many stops are left out, so that nobody believes the list is whole."""
    hidden = len(reading.picture.live_stops) - len(shown_stops(reading))
    if not hidden:
        return Mrkdwn("")
    return reading.t.rich.ngettext("and {count} more stop", "and {count} more stops", hidden, count=hidden)


def stop_line(reading: Reading, stop: Stop) -> Mrkdwn:
    """A stop in one line: what, when, where, and who has answered."""
    t, moment = reading.t.rich, words.stop_time(reading, stop)
    name = words.stop_name(reading.t, stop)
    icon = Mrkdwn(words.stop_icon(stop))
    where = words.place(reading.t, stop)
    if where and stop.number:
        text = t.pgettext(
            "stop.line",
            "{icon} *{name}*: {moment}, {number}, {place}",
            icon=icon,
            name=name,
            moment=moment,
            number=stop.number,
            place=where,
        )
    elif where or stop.number:
        text = t.pgettext(
            "stop.line",
            "{icon} *{name}*: {moment}, {place}",
            icon=icon,
            name=name,
            moment=moment,
            place=where or stop.number,
        )
    else:
        text = t.pgettext("stop.line", "{icon} *{name}*: {moment}", icon=icon, name=name, moment=moment)
    leaving = escape(words.setting_off(reading, stop))
    return join("\n", [join(" · ", [text, leaving] if leaving else [text]), *_declared(reading, stop)])


def open_points(reading: Reading) -> list[Mrkdwn]:
    """What is still missing, said at once and not at the moment of need."""
    picture, t = reading.picture, reading.t.rich
    if not picture.visit.is_open or picture.visit.departs_at < reading.now:
        return []
    points = [absences.in_visit(reading), clients.open_point(reading)]
    if picture.visit.foreign in (None, Foreign.UNDECIDED):
        points.append(t.gettext(":question: Invitation letter: please ask whether the guests need one."))
    unfilled = settings_pages.vacancies(reading.t, vacant(picture, reading.rulebook))
    points += [unfilled] if unfilled else []
    named = {person for part in (*picture.parts.values(), *picture.stop_parts.values()) for person in part}
    left = sorted(person for person in named | {picture.visit.lead_host_id} if not picture.people[person].is_active)
    if left:
        names = reading.t.list([reading.name(person) for person in left])
        points.append(
            t.gettext(":warning: No longer in this workspace: {names}. Please choose somebody else.", names=names)
        )
    pickup = picture.pickup
    if pickup and not pickup.number:
        points.append(t.gettext(":warning: The flight or train number of the arrival is not known yet."))
    if pickup and not picture.visit.contact_phone:
        points.append(t.gettext(":warning: The guests' phone number is missing."))
    meals = [s for s in picture.live_stops if s.kind == StopKind.MEAL and s.starts_at > reading.now]
    nameless = [meal for meal in meals if not meal.place and not meal.room]
    if nameless:
        points.append(
            t.ngettext(
                ":warning: {count} meal has no restaurant yet.",
                ":warning: {count} meals have no restaurant yet.",
                len(nameless),
                count=len(nameless),
            )
        )
    if not picture.parts.get(Part.LEADER) and any(s.kind == StopKind.MEAL for s in picture.live_stops):
        points.append(t.gettext(":warning: No leader accompanies the meals."))
    if wants_reason(picture, level_of(picture)) and not picture.visit.level_reason:
        points.append(t.gettext(":warning: Level or host differ from what is proposed: please say why."))
    return [point for point in points if point] + feasibility.lines(reading)


def title(reading: Reading) -> str:
    t, visit = reading.t, reading.picture.visit
    today = reading.now.astimezone(reading.venue).date()
    first = t.day(visit.arrives_at.astimezone(reading.venue).date(), today=today)
    match VisitState(visit.state):
        case VisitState.OPEN:
            return t.pgettext(
                "card.header",
                "{reference} {company}, {date}",
                reference=visit.reference,
                company=visit.company,
                date=first,
            )
        case VisitState.CANCELED:
            return t.pgettext(
                "card.header", "{reference} {company} (canceled)", reference=visit.reference, company=visit.company
            )


def state(reading: Reading) -> Mrkdwn:
    visit = reading.picture.visit
    return reading.t.rich.gettext(
        ":no_entry_sign: Canceled by {name}: {reason}",
        name=reading.name(visit.canceled_by_id),
        reason=visit.cancel_reason,
    )


def facts(reading: Reading) -> list[tuple[str, Mrkdwn]]:
    t, picture, visit = reading.t, reading.picture, reading.picture.visit
    leaders = [picture.people[p] for p in picture.parts.get(Part.LEADER, ())]
    greeters = [picture.people[p] for p in picture.parts.get(Part.GREETER, ())]
    kind = t.pgettext("client", "new client") if visit.is_new_client else t.pgettext("client", "returning client")
    services = [t.pgettext("service", "hotel")] * visit.wants_hotel + [
        t.pgettext("service", "tickets")
    ] * visit.wants_tickets
    return [
        (t.gettext("Guests"), escape(words.guests(t, visit))),
        (t.gettext("Lead guest"), escape(words.titled(t, visit)) if visit.guest_title else Mrkdwn("")),
        (t.gettext("Lead host"), words.person(t, picture.lead_host)),
        (
            t.gettext("Purpose"),
            t.rich.pgettext("purpose", "{purpose}, {client}", purpose=words.purpose(t, visit.purpose), client=kind),
        ),
        (t.gettext("Protocol level"), levels.fact(reading)),
        (t.gettext("Stay"), escape(t.span(visit.arrives_at, visit.departs_at, reading.venue, now=reading.now))),
        (t.gettext("Meets the guests"), words.people(t, greeters)),
        (t.gettext("Accompanying leaders"), words.people(t, leaders)),
        (t.gettext("Contact"), words.contact(reading)),
        (t.gettext("Also to arrange"), escape(t.list(services)) if services else Mrkdwn("")),
        (t.gettext("Dietary needs"), blocks.fitted(guests.food(reading), 500)),
        (t.gettext("Customs"), escape(blocks.shortened(visit.customs_notes, 500))),
    ]


def _declared(reading: Reading, stop: Stop) -> list[Mrkdwn]:
    """Who is on the way, who comes, who does not."""
    t, said = reading.t.rich, [d for d in reading.picture.declarations if d.stop_id == stop.id]
    current = [d for d in said if d.stop_starts_at == stop.starts_at]

    def names(kind: DeclarationKind) -> str:
        return reading.t.list([reading.declarer(d) for d in current if d.kind == kind])

    lines = driving.progress(reading, stop)
    if any(d.kind == DeclarationKind.ATTENDS for d in current):
        lines.append(t.gettext(":large_green_circle: Will attend: {names}", names=names(DeclarationKind.ATTENDS)))
    if any(d.kind == DeclarationKind.CANNOT_ATTEND for d in current):
        lines.append(t.gettext(":red_circle: Can't attend: {names}", names=names(DeclarationKind.CANNOT_ATTEND)))
    return lines
