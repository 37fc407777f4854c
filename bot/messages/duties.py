"""Duties of the procedure: what to do or to mind for a stop, for whom, and the button that says it is done.

A new row of the rulebook needs no code unless it says something new: then its words stand here, by their name in
`bot.procedure.sayings`.
"""

from collections.abc import Callable

from bot.i18n import Mrkdwn, Translator, escape
from bot.messages import blocks, driving, guests, particulars, words
from bot.messages.answering import answering
from bot.messages.blocks import Block, Message
from bot.messages.ids import Action
from bot.messages.payloads import VisitRef
from bot.messages.reading import Reading
from bot.models.notices import Notice
from bot.models.visits import Stop
from bot.procedure.sayings import Say

Words = Callable[[Translator], str]

TITLES: dict[Say, Words] = {
    Say.OUR_CONTACT: lambda t: t.pgettext("duty", "Tell the guests whom to call"),
    Say.APPLICATION: lambda t: t.pgettext("duty", "Visit reported"),
    Say.BACKGROUND_CHECK: lambda t: t.pgettext("duty", "Check the new client"),
    Say.ANNOUNCE_NUMBER: lambda t: t.pgettext("duty", "Flight or train number missing"),
    Say.INVITATION_LETTER: lambda t: t.pgettext("duty", "Invitation letter"),
    Say.OTHER_STOPS: lambda t: t.pgettext("duty", "The guests' other stops"),
    Say.EARLY_WORD: lambda t: t.pgettext("duty", "Visit announced"),
    Say.AGREE_ITINERARY: lambda t: t.pgettext("duty", "Agree on the itinerary with the guests"),
    Say.ITINERARY_CHANGED: lambda t: t.pgettext("duty", "The guests have an old itinerary"),
    Say.SEND_PLAN: lambda t: t.pgettext("duty", "Send the plan for approval"),
    Say.RECEPTION_NOTICE: lambda t: t.pgettext("duty", "Reception notice"),
    Say.HOTEL: lambda t: t.pgettext("duty", "Book the hotel"),
    Say.DINING_ROOM: lambda t: t.pgettext("duty", "Book a private dining room"),
    Say.MEETING_ROOM: lambda t: t.pgettext("duty", "Reserve the meeting room"),
    Say.SHOWROOM: lambda t: t.pgettext("duty", "Announce the tour"),
    Say.LEADER_BRIEFING: lambda t: t.pgettext("duty", "You receive guests"),
    Say.SUPPLIES: lambda t: t.pgettext("duty", "Get the supplies ready"),
    Say.CASH_ADVANCE: lambda t: t.pgettext("duty", "Cash advance for a visit"),
    Say.WELCOME_TEXT: lambda t: t.pgettext("duty", "Welcome text for the lobby screen"),
    Say.WELCOME_SCREEN: lambda t: t.pgettext("duty", "Switch on the welcome screen"),
    Say.SIGNS: lambda t: t.pgettext("duty", "Signs and place cards"),
    Say.GATE_NOTICE: lambda t: t.pgettext("duty", "Guests are expected"),
    Say.GATE_SOON: lambda t: t.pgettext("duty", "Guests arrive soon"),
    Say.DOCUMENTS: lambda t: t.pgettext("duty", "Get the documents ready"),
    Say.EQUIPMENT: lambda t: t.pgettext("duty", "Get the equipment ready"),
    Say.TICKETS: lambda t: t.pgettext("duty", "Tickets for the way back"),
    Say.GIFT: lambda t: t.pgettext("duty", "Gift for the guests"),
    Say.DOUBLE_CHECK: lambda t: t.pgettext("duty", "Double check"),
    Say.PROGRAMME: lambda t: t.pgettext("duty", "Meeting program"),
    Say.QUESTIONS: lambda t: t.pgettext("duty", "Likely questions"),
    Say.TALKING_POINTS: lambda t: t.pgettext("duty", "Talking points"),
    Say.PRESENTATION: lambda t: t.pgettext("duty", "Company presentation"),
    Say.SIGHTS: lambda t: t.pgettext("duty", "Sights and shopping nearby"),
    Say.CLEANING: lambda t: t.pgettext("duty", "Cleaning before the visit"),
    Say.CONFIRM_ARRIVAL: lambda t: t.pgettext("duty", "Check the arrival time"),
    Say.IN_PLACE: lambda t: t.pgettext("duty", "Be in place"),
    Say.DRIVER_MISSING: lambda t: t.pgettext("duty", "Driver not in place yet"),
    Say.GUESTS_ABOARD: lambda t: t.pgettext("duty", "Meet the guests"),
    Say.VIP_ROOM: lambda t: t.pgettext("duty", "Welcome in the hotel"),
    Say.CHECKED_IN: lambda t: t.pgettext("duty", "Hotel check-in"),
    Say.CHECK_OUT: lambda t: t.pgettext("duty", "Hotel check-out"),
    Say.RECONFIRM_RESTAURANT: lambda t: t.pgettext("duty", "Reconfirm the restaurant"),
    Say.SEAT_CARDS: lambda t: t.pgettext("duty", "Set the place cards"),
    Say.DISHES: lambda t: t.pgettext("duty", "Order the dishes"),
    Say.DRINKS: lambda t: t.pgettext("duty", "Drinks in place"),
    Say.AT_TABLE: lambda t: t.pgettext("duty", "The meal begins soon"),
    Say.BILL: lambda t: t.pgettext("duty", "The meal ends soon"),
    Say.AFTER_MEAL: lambda t: t.pgettext("duty", "Take the guests on after the meal"),
    Say.STAFF_MEAL: lambda t: t.pgettext("duty", "Meal for drivers and staff"),
    Say.ROOM_READY: lambda t: t.pgettext("duty", "Get the meeting room ready"),
    Say.LAST_LOOK: lambda t: t.pgettext("duty", "Last look at the meeting room"),
    Say.TOUR_READY: lambda t: t.pgettext("duty", "Tour begins soon"),
    Say.TRIP_PLAN: lambda t: t.pgettext("duty", "Approve the trip"),
    Say.CAR_STOCK: lambda t: t.pgettext("duty", "Stock the car for the trip"),
    Say.RESTAURANTS: lambda t: t.pgettext("duty", "Tell the restaurants on the way"),
    Say.ONLINE_CHECK_IN: lambda t: t.pgettext("duty", "Online check-in"),
    Say.CAR_AT_DOOR: lambda t: t.pgettext("duty", "Car at the door"),
    Say.SEE_OFF: lambda t: t.pgettext("duty", "See the guests off"),
    Say.LEAVE_IN_TIME: lambda t: t.pgettext("duty", "Leave in time"),
    Say.AT_PORT: lambda t: t.pgettext("duty", "At the airport or station"),
    Say.DIRECTIONS: lambda t: t.pgettext("duty", "Send the directions"),
    Say.DROP_OFF: lambda t: t.pgettext("duty", "Guests arrive by car soon"),
}

REQUESTS: dict[Say, Words] = {
    Say.OUR_CONTACT: lambda t: t.gettext(
        "Please read names, phone numbers, dates and flight numbers back to them once more, and forward our contact."
    ),
    Say.APPLICATION: lambda t: t.gettext("This is the reception application: what is to be arranged follows."),
    Say.BACKGROUND_CHECK: lambda t: t.gettext(
        "Does the company exist, is it a competitor, what does it want? Look at its website, talk to people, and note "
        "what you found. The plan can't be approved before."
    ),
    Say.ANNOUNCE_NUMBER: lambda t: t.gettext("Please ask the guests for it and enter it in the visit."),
    Say.INVITATION_LETTER: lambda t: t.gettext(
        "The guests need one for their visa. Collect name and passport number, have the guests confirm them, then "
        "issue the letter."
    ),
    Say.OTHER_STOPS: lambda t: t.gettext(
        "The guests see others before or after us. Where they want to visit another firm, please arrange the contact."
    ),
    Say.EARLY_WORD: lambda t: t.gettext(
        "So that you know early what the guests want. Please tell the lead host who takes part in the talks."
    ),
    Say.AGREE_ITINERARY: lambda t: t.gettext("Send it to them in their language, and note here when they have agreed."),
    Say.ITINERARY_CHANGED: lambda t: t.gettext(
        "It changed since you sent it. Please send it once more and agree on it again."
    ),
    Say.SEND_PLAN: lambda t: t.gettext(
        "Please look at the plan, complete it and send it. Cars, rooms and everything else are asked for once it is "
        "approved."
    ),
    Say.RECEPTION_NOTICE: lambda t: t.gettext(
        "The plan of this visit is approved. The notice says who comes, when, and who does what."
    ),
    Say.HOTEL: lambda t: t.gettext("Suites for leaders and VIPs, standard rooms for the others."),
    Say.DINING_ROOM: lambda t: t.gettext("Please book a private dining room, and say which."),
    Say.MEETING_ROOM: lambda t: t.gettext("Please reserve it for this time."),
    Say.SHOWROOM: lambda t: t.gettext("Please reserve the showroom, or announce the guests at the works."),
    Say.LEADER_BRIEFING: lambda t: t.gettext("The lead host can tell you more."),
    Say.SUPPLIES: lambda t: t.gettext(
        "For this number of guests: water, coffee, tea, fruit, snacks, cups, notepads, pens, samples, gifts, flags, "
        "banners."
    ),
    Say.CASH_ADVANCE: lambda t: t.gettext("Please prepare an advance for these guests and days."),
    Say.WELCOME_TEXT: lambda t: t.gettext("Please prepare it in the guests' language."),
    Say.WELCOME_SCREEN: lambda t: t.gettext("It should be on when the guests arrive."),
    Say.SIGNS: lambda t: t.gettext("Pickup sign, place cards and banner, please."),
    Say.GATE_NOTICE: lambda t: t.gettext(
        "When they arrive, the gate calls the front desk and the head of administration. The fountain should be on."
    ),
    Say.GATE_SOON: lambda t: t.gettext(
        "The gate lets them in and calls the front desk and the head of administration. The fountain should be on."
    ),
    Say.DOCUMENTS: lambda t: t.gettext(
        "Presentation, product data, quotation, samples, state of projects, contracts, correspondence; in English for "
        "foreign guests. Share them with the department head and the vice president."
    ),
    Say.EQUIPMENT: lambda t: t.gettext("Projector, camera, catalogs in print and on a stick, calculator."),
    Say.TICKETS: lambda t: t.gettext("Please have them ready, hand them to the guests and have them check the data."),
    Say.GIFT: lambda t: t.gettext("It should be ready now, and given before the guests leave."),
    Say.DOUBLE_CHECK: lambda t: t.gettext("Please go through people, places and vehicles once more."),
    Say.PROGRAMME: lambda t: t.gettext("Subjects, speakers and the aim of the talks, please."),
    Say.QUESTIONS: lambda t: t.gettext(
        "Please prepare likely questions with answers, and agree on the talking points."
    ),
    Say.TALKING_POINTS: lambda t: t.gettext("The lead host will agree on the talking points with you."),
    Say.PRESENTATION: lambda t: t.gettext("Please have it reviewed before it is used."),
    Say.SIGHTS: lambda t: t.gettext("Please look for what could please the guests in their free time."),
    Say.CLEANING: lambda t: t.gettext("Gate, lobby, corridors, meeting rooms and restrooms, please."),
    Say.CONFIRM_ARRIVAL: lambda t: t.gettext("Please check the flight or train and when it arrives."),
    Say.IN_PLACE: lambda t: t.gettext("Be there 10 to 20 minutes early, and say when you are in place."),
    Say.DRIVER_MISSING: lambda t: t.gettext("Please call the driver, and find another way if needed."),
    Say.GUESTS_ABOARD: lambda t: t.gettext(
        "Say when the guests are in the car: those who receive them are waiting to know. Ask the guests what they wish "
        "for the program."
    ),
    Say.VIP_ROOM: lambda t: t.gettext("Welcome board at the entrance, fruit and flowers in the room."),
    Say.CHECKED_IN: lambda t: t.gettext("See the guests checked in, and agree with them when you meet next."),
    Say.CHECK_OUT: lambda t: t.gettext("Please check out for the guests, and mind the luggage."),
    Say.RECONFIRM_RESTAURANT: lambda t: t.gettext("Please call once more: time, number of guests, diets."),
    Say.SEAT_CARDS: lambda t: t.gettext("Please set them by rank, the guest of honor first."),
    Say.DISHES: lambda t: t.gettext("Please mind the diets, and order with thrift."),
    Say.DRINKS: lambda t: t.gettext("They should be on the table now."),
    Say.AT_TABLE: lambda t: t.gettext("Everyone should be in place now."),
    Say.BILL: lambda t: t.gettext("Please settle the bill. The driver is told to be at the door."),
    Say.AFTER_MEAL: lambda t: t.gettext("Please be at the door with the car now."),
    Say.STAFF_MEAL: lambda t: t.gettext("Drivers and staff on duty eat too: please arrange it."),
    Say.ROOM_READY: lambda t: t.gettext(
        "Clean, well lit, at the right temperature; place cards, pen and paper, cups, water, fruit, documents; "
        "projector tested."
    ),
    Say.LAST_LOOK: lambda t: t.gettext("Air conditioning on, everything in its place?"),
    Say.TOUR_READY: lambda t: t.gettext("Please have the route and the protective equipment ready."),
    Say.TRIP_PLAN: lambda t: t.gettext("Please look at the plan of the trip and approve it, or talk to the lead host."),
    Say.CAR_STOCK: lambda t: t.gettext("Cash, water, wine, fruit, umbrellas and camera in the car, please."),
    Say.RESTAURANTS: lambda t: t.gettext("Please tell them when the guests come and how many."),
    Say.ONLINE_CHECK_IN: lambda t: t.gettext("Please check the guests in online."),
    Say.CAR_AT_DOOR: lambda t: t.gettext("Be at the door 5 to 10 minutes early: the guests never wait for the car."),
    Say.SEE_OFF: lambda t: t.gettext("Please come to the door now to see the guests off."),
    Say.LEAVE_IN_TIME: lambda t: t.gettext("Leave then, and the party is at the airport or station in good time."),
    Say.AT_PORT: lambda t: t.gettext("Luggage, check-in, boarding passes; keep the receipts where we paid."),
    Say.DIRECTIONS: lambda t: t.gettext("Please send the guests the directions and agree where they get out."),
    Say.DROP_OFF: lambda t: t.gettext("Please call their contact: where are they, where are they met?"),
}


_OF_MEAL: dict[Say, Callable[[Translator, str, str], str]] = {
    Say.AT_TABLE: lambda t, meal, at: t.pgettext("duty.header", "{meal} begins soon: {moment}", meal=meal, moment=at),
    Say.BILL: lambda t, meal, at: t.pgettext("duty.header", "{meal} ends soon: {moment}", meal=meal, moment=at),
}
"""Which meal it is, is known where one stop is told of."""
_LONG_BEFORE = {
    Say.OUR_CONTACT,
    Say.BACKGROUND_CHECK,
    Say.ANNOUNCE_NUMBER,
    Say.INVITATION_LETTER,
    Say.OTHER_STOPS,
    Say.AGREE_ITINERARY,
    Say.ITINERARY_CHANGED,
    Say.SEND_PLAN,
}
"""What the lead host does long before anybody comes."""


def duty(reading: Reading, notice: Notice, stop: Stop, *, is_outdated: bool) -> Message:
    """The duty as it should read now: with its button, with what was answered, or as overtaken."""
    t, say = reading.t, Say(notice.payload["say"])
    heading = title(reading, say, stop)
    # That the guests were sent a newer itinerary since is told where it stands with them.
    if is_outdated and say != Say.ITINERARY_CHANGED:
        text = t.rich.gettext(":warning: This has changed since. Please see the newer message.")
        return Message(heading, (blocks.header(heading), blocks.section(text)))
    content: list[Block] = [blocks.header(heading), *particulars.changed_since(reading, notice, stop)]
    content += blocks.fields(particulars.of_duty(reading, say, stop))
    content.append(blocks.section(asked(reading, say)))
    if say == Say.DRIVER_MISSING:
        content += [blocks.context(line) for line in driving.progress(reading, stop)]
    content += guests.our_contact(reading) if say == Say.OUR_CONTACT else []
    content += [_whole_notice(reading)] if say == Say.RECEPTION_NOTICE else []
    content += answering(reading, notice, stop)
    alone = t.pgettext("duty.alone", "{title}. {guests}", title=heading, guests=words.guests(t, reading.picture.visit))
    return Message(alone, tuple(content))


def _whole_notice(reading: Reading) -> Block:
    """The door to all of it (B7)."""
    label = reading.t.pgettext("duty.button", "Open the notice")
    return blocks.actions(blocks.button(label, Action.SHOW_RECEPTION, VisitRef(reading.picture.visit.key).pack()))


def title(reading: Reading, say: Say, stop: Stop) -> str:
    """What, and when the stop is; for whom, where the time would be taken for the time it is to be done by."""
    t, visit = reading.t, reading.picture.visit
    if say in _LONG_BEFORE:
        today = reading.now.astimezone(reading.venue).date()
        day = t.day(visit.arrives_at.astimezone(reading.venue).date(), today=today)
        return t.pgettext(
            "duty.header", "{duty}: {company}, {date}", duty=TITLES[say](t), company=visit.company, date=day
        )
    if say == Say.LEADER_BRIEFING and reading.own_stops:
        stop = reading.own_stops[0]
    moment = reading.moment(particulars.when(reading, say, stop))
    if say in _OF_MEAL:
        return _OF_MEAL[say](t, words.stop_name(t, stop), moment)
    return reading.t.pgettext("duty.header", "{duty}: {moment}", duty=TITLES[say](reading.t), moment=moment)


def asked(reading: Reading, say: Say) -> Mrkdwn:
    """What the owner of a duty or a request is asked to do."""
    return escape(REQUESTS[say](reading.t)) + _more(reading, say)


def _more(reading: Reading, say: Say) -> Mrkdwn:
    """The house's own rules, where there are any (D3.9)."""
    rules = reading.picture.workspace.food_rules
    if say not in (Say.DISHES, Say.DINING_ROOM, Say.RECONFIRM_RESTAURANT) or not rules:
        return Mrkdwn("")
    return Mrkdwn("\n") + escape(rules)
