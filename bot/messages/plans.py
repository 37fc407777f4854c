"""The plan of a visit before its approver, and what its host hears of it (B3, B4)."""

from bot.i18n import Mrkdwn, escape, join
from bot.messages import blocks, clients, feasibility, itinerary, levels, plan_changes, words
from bot.messages.blocks import Block, Message
from bot.messages.ids import Action
from bot.messages.payloads import PlanRef, VisitRef
from bot.messages.reading import Reading
from bot.models.notices import Notice
from bot.models.people import Actor
from bot.models.plans import Plan, PlanState
from bot.models.visits import Approval, StopKind
from bot.procedure.consents import News
from bot.procedure.ladder import Standing
from bot.procedure.plans import PARTS, confirmed_cost, differences

_ROOMS = (StopKind.MEETING,)


def request(reading: Reading, notice: Notice, plan: Plan) -> Message:
    """To whoever is asked for approval; once it is decided, what was decided."""
    t, visit = reading.t, reading.picture.visit
    day = t.day(visit.arrives_at.astimezone(reading.venue).date(), today=reading.now.astimezone(reading.venue).date())
    title = t.pgettext("plan.header", "Visit plan: {company}, {date}", company=visit.company, date=day)
    if plan.is_open and visit.is_open and not _is_with_somebody_else(reading, plan):
        title = t.pgettext(
            "approval.header", "Approval needed: {company} visit, {date}", company=visit.company, date=day
        )
    content: list[Block] = [blocks.header(title)]
    if plan.is_open and visit.is_open:
        content += [blocks.section(_asked(reading, notice, plan)), *_changes(reading, plan), *content_of(reading)]
        content += [decide(reading, plan)]
    else:
        content += [*blocks.fields(_who(reading)), blocks.section(outcome(reading, plan)), _look(reading)]
    alone = t.gettext("{title}. {guests}", title=title, guests=words.guests(t, visit))
    return Message(alone, tuple(content))


def _asked(reading: Reading, notice: Notice, plan: Plan) -> Mrkdwn:
    """Why this person is asked, by whom, until when; with whom it is now, where it was handed on."""
    t, requester = reading.t.rich, reading.name(plan.submitted_by_id)
    if _is_with_somebody_else(reading, plan):
        return t.gettext(
            ":handshake: The visit plan is with {name} now, answer wanted by {moment}. You can still decide yourself.",
            name=reading.name(plan.handed_to_id),
            moment=reading.moment(plan.answer_by),
        )
    match Standing(notice.payload["standing"]):
        case Standing.APPROVER:
            return t.gettext(
                "{requester} has submitted the visit plan for your approval. Please reply by {deadline} so that "
                "vehicles and rooms can be booked.",
                requester=requester,
                deadline=reading.moment(plan.answer_by),
            )
        case Standing.HANDED:
            return t.gettext(
                "The visit plan from {requester} was handed to you: please approve it or return it by {deadline}.",
                requester=requester,
                deadline=reading.moment(plan.answer_by),
            )
        case Standing.DEPUTY:
            return t.gettext(
                "{requester} has submitted the visit plan, and you stand in for the approver: please approve it or "
                "return it.",
                requester=requester,
            )
        case Standing.NEXT:
            return t.gettext(
                "{requester} has submitted the visit plan, and nobody has answered so far: please approve it or "
                "return it.",
                requester=requester,
            )


def decide(reading: Reading, plan: Plan) -> Block:
    """The buttons of whoever is asked."""
    t, value = reading.t, PlanRef(plan.key, plan.version).pack()
    hand = blocks.button(t.pgettext("approval.button", "Hand to my deputy"), Action.HAND_PLAN, value)
    return blocks.actions(
        blocks.button(t.pgettext("approval.button", "Approve"), Action.APPROVE_PLAN, value, style="primary"),
        blocks.button(t.pgettext("approval.button", "Return for changes"), Action.RETURN_PLAN, value),
        *([] if _is_with_somebody_else(reading, plan) else [hand]),
        _review(reading),
    )


def _is_with_somebody_else(reading: Reading, plan: Plan) -> bool:
    return plan.handed_to_id is not None and not reading.is_reader(plan.handed_to_id)


def _look(reading: Reading) -> Block:
    return blocks.actions(_review(reading))


def _review(reading: Reading) -> Block:
    value = VisitRef(reading.picture.visit.key).pack()
    return blocks.button(reading.t.pgettext("approval.button", "Review plan"), Action.SHOW_PLAN, value)


def outcome(reading: Reading, plan: Plan) -> Mrkdwn:
    """Where a revision stands, in one line."""
    t, name = reading.t.rich, reading.name(plan.decided_by_id)
    moment = reading.moment(plan.decided_at) if plan.decided_at else ""
    match PlanState(plan.state):
        case PlanState.APPROVED:
            return t.pgettext("plan", ":white_check_mark: Approved by {name}, {moment}.", name=name, moment=moment)
        case PlanState.RETURNED:
            return t.pgettext(
                "plan",
                ":leftwards_arrow_with_hook: Returned by {name}, {moment}: {remarks}",
                name=name,
                moment=moment,
                remarks=words.reason(plan.remarks),
            )
        case PlanState.TAKEN_BACK:
            return t.pgettext(
                "plan", ":arrows_counterclockwise: Taken back: the visit was changed meanwhile. A new revision follows."
            )
        case PlanState.SUBMITTED if not reading.picture.visit.is_open:
            return t.pgettext("plan", ":no_entry_sign: The visit is canceled.")
        case PlanState.SUBMITTED:
            return t.pgettext(
                "plan",
                ":large_yellow_circle: Sent for approval, answer wanted by {moment}.",
                moment=reading.moment(plan.answer_by),
            )


def standing(reading: Reading) -> Mrkdwn:
    """Where the consent to the visit's plan stands, for card and window; empty where none is needed."""
    t, last = reading.t.rich, reading.picture.last_plan
    visit = reading.picture.visit
    if visit.approval == Approval.NOT_NEEDED or not visit.is_open:
        return Mrkdwn("")
    if visit.approval == Approval.DRAFT or last is None:
        return t.pgettext(
            "plan", ":large_yellow_circle: The plan is a draft: send it for approval when it is complete."
        )
    waiting = sum(request.is_open for request in reading.picture.change_requests)
    lines = [outcome(reading, last)]
    if waiting:
        lines.append(
            t.npgettext(
                "plan",
                ":large_yellow_circle: {count} change waits for consent.",
                ":large_yellow_circle: {count} changes wait for consent.",
                waiting,
                count=waiting,
            )
        )
    return join("\n", lines)


def is_to_send(reading: Reading) -> bool:
    """Whether the plan waits for its host to send it."""
    visit = reading.picture.visit
    return visit.is_open and visit.approval in (Approval.DRAFT, Approval.RETURNED)


def send_button(reading: Reading) -> Block:
    value, label = (
        VisitRef(reading.picture.visit.key).pack(),
        reading.t.pgettext("approval.button", "Send for approval"),
    )
    return blocks.button(label, Action.SEND_PLAN, value, style="primary")


def to_send(reading: Reading) -> list[Block]:
    """The buttons to look at a plan and send it, or where it stands."""
    if is_to_send(reading):
        return [blocks.actions(send_button(reading), _review(reading))]
    text = standing(reading)
    return [blocks.context(text)] if text else []


def in_window(reading: Reading, actor: Actor) -> list[Block]:
    """Where the plan stands, and what this person may do with it, for the visit's window."""
    text = standing(reading)
    if not text:
        return []
    buttons = [send_button(reading)] if reading.picture.visit.can_be_submitted_by(actor) else []
    return [blocks.section(text), blocks.actions(*buttons, _review(reading))]


def content_of(reading: Reading) -> list[Block]:
    """The plan as it stands: warnings, who comes, how they are received, the itinerary, what it takes."""
    t = reading.t
    warning = clients.warning(reading)
    content = [blocks.section(warning)] if warning else []
    content += blocks.fields(_who(reading) + _how(reading))
    stops = itinerary.day_by_day(reading)
    content += [blocks.section(stops)] if stops else []
    unfit = feasibility.lines(reading)
    content += [blocks.section(join("\n", unfit))] if unfit else []
    notes = blocks.shortened(" ".join(reading.picture.visit.background_notes.split()), 500)
    if notes and not warning:
        content += blocks.fields([(t.gettext("Background check"), escape(notes))])
    return content


def _who(reading: Reading) -> list[tuple[str, Mrkdwn]]:
    t, visit = reading.t, reading.picture.visit
    stay = t.span(visit.arrives_at, visit.departs_at, reading.venue, now=reading.now)
    return [
        (t.gettext("Guests"), escape(words.guests(t, visit))),
        (t.gettext("Stay"), escape(stay)),
        (t.gettext("Purpose"), escape(words.purpose(t, visit.purpose))),
        (t.gettext("Lead host"), words.person(t, reading.picture.lead_host)),
    ]


def _how(reading: Reading) -> list[tuple[str, Mrkdwn]]:
    t, picture = reading.t, reading.picture
    parts = [
        (words.part(t, part), words.people(t, [picture.people[person] for person in picture.parts.get(part, ())]))
        for part in PARTS
    ]
    return [
        (t.gettext("Protocol level"), levels.fact(reading)),
        *parts,
        (t.gettext("Also to arrange"), escape(t.list(_to_book(reading)))),
        (t.gettext("Estimated cost"), _cost(reading)),
    ]


def _to_book(reading: Reading) -> list[str]:
    """What has to be booked for the visit, as it stands."""
    t, picture, visit = reading.t, reading.picture, reading.picture.visit
    stops = picture.live_stops
    rides = sum(stop.needs_car or stop.kind == StopKind.PICKUP for stop in stops)
    meals = sum(stop.kind == StopKind.MEAL for stop in stops)
    meetings = sum(stop.kind in _ROOMS for stop in stops)
    wanted = []
    if rides:
        wanted.append(t.npgettext("plan", "{count} drive", "{count} drives", rides, count=rides))
    if visit.wants_hotel:
        payer = plan_changes.payer(reading, visit.hotel_payer)
        wanted.append(t.pgettext("plan", "hotel (paid by {payer})", payer=payer))
    if visit.wants_tickets:
        wanted.append(t.pgettext("service", "tickets"))
    if meals:
        wanted.append(t.npgettext("plan", "{count} dining room", "{count} dining rooms", meals, count=meals))
    if meetings:
        wanted.append(t.npgettext("plan", "{count} meeting room", "{count} meeting rooms", meetings, count=meetings))
    return wanted


def _cost(reading: Reading) -> Mrkdwn:
    t, estimated, confirmed = reading.t, reading.picture.visit.estimated_cost, confirmed_cost(reading.picture)
    if estimated is None and not confirmed:
        return Mrkdwn("")
    known = plan_changes.money(reading, estimated) if estimated is not None else t.pgettext("fact", "not known yet")
    if not confirmed:
        return escape(known)
    booked = plan_changes.money(reading, confirmed)
    return t.rich.pgettext("plan", "{estimated}; booked so far: {booked}", estimated=known, booked=booked)


def _changes(reading: Reading, plan: Plan) -> list[Block]:
    """What is otherwise than in the revision before, and why that one was returned."""
    t, picture = reading.t.rich, reading.picture
    before = next((earlier for earlier in picture.plans if earlier.revision == plan.revision - 1), None)
    if before is None:
        return []
    found = plan_changes.lines(reading, differences(before.facts, plan.facts))
    head = t.pgettext("plan", "*Revision {revision}*, changed since the one before:", revision=plan.revision)
    if not found:
        head = t.pgettext("plan", "*Revision {revision}*, the same as the one before.", revision=plan.revision)
    why = [outcome(reading, before)] if before.state == PlanState.RETURNED else []
    return [blocks.section(join("\n", [*why, head, *found]))]


def news(reading: Reading, notice: Notice, plan: Plan) -> Message:
    """To the lead host: what became of the plan, or who is asked now."""
    t, visit, about = reading.t, reading.picture.visit, News(notice.payload["news"])
    title, body = _news(reading, notice, plan, about)
    content: list[Block] = [blocks.header(title), blocks.section(body), *blocks.fields(_who(reading)[:2])]
    if about in (News.RETURNED, News.TAKEN_BACK) and plan == reading.picture.last_plan:
        content += to_send(reading)
    elif about == News.APPROVED:
        content.append(_look(reading))
    return Message(t.gettext("{title}. {guests}", title=title, guests=words.guests(t, visit)), tuple(content))


def _news(reading: Reading, notice: Notice, plan: Plan, about: News) -> tuple[str, Mrkdwn]:
    t, company, name = reading.t, reading.picture.visit.company, reading.name(plan.decided_by_id)
    names = t.list([reading.name(person) for person in notice.payload.get("people", ())])
    match about:
        case News.APPROVED:
            return t.pgettext("plan.header", "Plan approved: {company}", company=company), t.rich.gettext(
                "{name} approved the plan. Preparation begins now: everybody concerned is asked.", name=name
            )
        case News.RETURNED:
            return t.pgettext("plan.header", "Plan returned: {company}", company=company), t.rich.gettext(
                "{name} asks for changes: {remarks}", name=name, remarks=plan.remarks
            )
        case News.TAKEN_BACK:
            return t.pgettext("plan.header", "Plan taken back: {company}", company=company), t.rich.gettext(
                "The visit changed before anybody decided. Please send the plan again when it is complete."
            )
        case News.HANDED:
            return t.pgettext("plan.header", "Plan handed over: {company}", company=company), t.rich.gettext(
                "{names} decides on the plan now.", names=names
            )
        case News.ASKED_DEPUTY:
            return t.pgettext("plan.header", "Plan still undecided: {company}", company=company), t.rich.gettext(
                "The approver has not answered. Asked now, as deputy: {names}", names=names
            )
        case News.UNANSWERED:
            return t.pgettext("plan.header", "Plan still undecided: {company}", company=company), t.rich.gettext(
                "Nobody has answered so far, and there is nobody else to ask."
            )
        case _:
            return t.pgettext("plan.header", "Plan still undecided: {company}", company=company), t.rich.gettext(
                "Nobody has answered so far. Asked now: {names}", names=names
            )
