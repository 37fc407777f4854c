"""Every row of the reception procedure, where it lives, and the test that proves it; `None`: not carried out yet.

Rows with lead times are entries of the rulebook as well: those are proved by the golden file, which lists every notice
of a reference visit.
"""

from dataclasses import dataclass

GOLDEN = "tests/test_golden.py"
ROAD = "tests/test_road.py"
DOUBLE_CHECK = "tests/test_double_check.py"
VISITS = "tests/test_visits.py"
GUEST_SIDE = "tests/test_guest_side.py"


@dataclass(frozen=True)
class Row:
    """One row: its id, what it asks for in a few words, and where that is proved."""

    id: str
    what: str
    proof: str | None
    note: str = ""
    """What is still missing, where something is."""


ROWS = (
    Row("A1", "Purpose of the visit, with its defaults", "tests/test_party.py"),
    Row("A2", "New clients: background check before the plan is approved", "tests/test_clients.py"),
    Row("A3", "The party: every guest with rank, diet, customs", "tests/test_party.py"),
    Row("A4", "The journey; numbers still to be announced are chased", GOLDEN),
    Row("A5", "Invitation letter and passport data", f"{GUEST_SIDE}::test_a5_the_letter"),
    Row("A6", "Profile of the client", "tests/test_clients.py"),
    Row("A7", "Everything read back before it counts", f"{VISITS}::test_back_from_the_read_back_keeps_the_form"),
    Row("A8", "Administration hears of a visit at once", "tests/test_walk.py"),
    Row("A9", "The guests' other stops", GOLDEN),
    Row("A10", "Preferred airport or station", "tests/test_clients.py::test_arriving_elsewhere_than_asked_is_said"),
    Row("B1", "Parity of host and guest", "tests/test_levels.py::test_b1_the_most_senior_leader_is_compared"),
    Row("B2", "Level of the visit", "tests/test_levels.py::test_b2_another_level_than_proposed_says_why"),
    Row("B3", "Plan drawn up from the procedure", "tests/test_plans.py::test_b3_the_host_is_told_to_send_the_plan"),
    Row("B4", "Plan approved or returned", "tests/test_plans.py::test_b4_the_whole_way_with_a_return"),
    Row("B5", "Itinerary agreed with the guest", f"{GUEST_SIDE}::test_b5_the_itinerary"),
    Row("B6", "Senior leaders asked for at the executive office", "tests/test_plan.py::test_b6_leader_request"),
    Row("B7", "Reception notice to every department", "tests/test_plans.py::test_b7_the_reception_notice"),
    Row("B8", "Changes of what was approved need consent", "tests/test_consents.py::test_b8_asked_and_allowed"),
    Row("B9", "Guests in their own car", GOLDEN),
    Row("B10", "Department head and vice president hear early", GOLDEN),
    *(Row(f"C{number}", what, GOLDEN) for number, what in enumerate(
        (
            "Vehicle and driver",
            "Hotel",
            "Private dining room",
            "Meeting room and showroom",
            "Leaders who receive, attend or dine",
            "Technical staff",
            "Supplies",
            "Cash advance",
            "Welcome text",
            "Signs, place cards, banner",
            "Gate and front desk",
            "Documents",
            "Equipment",
            "Tickets for the way back",
            "Gift",
            "Double check",
            "Meeting program",
            "Likely questions and talking points",
            "Company presentation",
            "Sights and shopping",
            "Cleaning",
        ),
        1,
    )),
    Row("D1.1", "Arrival time confirmed", GOLDEN),
    Row("D1.2", "Reminder before setting off", "tests/test_plan.py::test_d1_2_pickup"),
    Row("D1.3", "Driver in place; silence is told", f"{ROAD}::test_silence_is_told_and_taken_back"),
    Row("D1.4", "Guests aboard, with the time to expect", f"{ROAD}::test_four_presses_tell_those_who_wait"),
    Row("D2.1", "Welcome of VIPs in the hotel", GOLDEN),
    Row("D2.2", "Check-in done, next appointment agreed", GOLDEN),
    Row("D2.3", "Breakfast with leaders and VIPs", GOLDEN),
    Row("D2.4", "Check-out", GOLDEN),
    Row("D3.1", "Reminder of the meal", "tests/test_plan.py::test_d3_1_meal"),
    Row("D3.2", "Restaurant reconfirmed", GOLDEN),
    Row("D3.3", "Place cards set", GOLDEN),
    Row("D3.4", "Drinks in place", GOLDEN),
    Row("D3.5", "Everybody in place", GOLDEN),
    Row("D3.6", "Bill settled, car at the door", GOLDEN),
    Row("D3.7", "Which meal is hosted by whom", "tests/test_proposal.py::test_d3_7_meals"),
    Row("D3.8", "Meal for drivers and staff", GOLDEN),
    Row("D3.9", "Dishes ordered, diets and the house's food rules", GOLDEN),
    Row("D4.1", "Reminder of the meeting", GOLDEN),
    Row("D4.2", "Meeting room ready", GOLDEN),
    Row("D4.3", "Last look at the meeting room", GOLDEN),
    Row("D4.4", "Tour ready", GOLDEN),
    Row("D5.1", "Plan of a trip approved", GOLDEN, "asked for and marked as done; approval itself comes with approval"),
    Row("D5.2", "Car stocked for a long trip", GOLDEN),
    Row("D5.3", "Restaurants on the way told", GOLDEN),
    Row("D6.1", "Tickets and online check-in", GOLDEN),
    Row("D6.2", "Send-off", GOLDEN),
    Row("D6.3", "Car at the door", GOLDEN),
    Row("D6.4", "When to leave, worked out", GOLDEN),
    Row("D6.5", "At the airport or station", GOLDEN),
    Row("D7.1", "Directions and drop-off point for guests in their own car", GOLDEN),
    Row("D8.1", "Car at the door before every drive", GOLDEN),
    Row("E1", "Run sheet of each person's day", "tests/test_days.py"),
    Row("E2", "Introduction list in protocol order", DOUBLE_CHECK),
    Row("E3", "Wishes of the guests", f"{ROAD}::test_a_wish_reaches_logistics_and_host_at_once"),
    Row("E4", "Delays", f"{ROAD}::test_a_flight_that_is_late_moves_the_stop_and_what_hangs_on_it"),
    Row("E5", "Last word in the meeting room", "tests/test_conflicts.py::test_what_does_not_fit"),
    Row("E6", "Unplanned meal", f"{ROAD}::test_an_unplanned_meal_reaches_administration"),
    Row("E7", "Shortcomings", f"{ROAD}::test_a_shortcoming_is_told_to_whom_it_concerns_and_to_nobody_else"),
    Row("E8", "Who interprets", "tests/test_conflicts.py::test_e8_somebody_interprets_for_our_side"),
    Row("F1", "Meeting room cleaned, equipment returned", None),
    Row("F2", "Minutes written, reviewed, signed", None),
    Row("F3", "Minutes translated; technical points confirmed", None),
    Row("F4", "Thank-you letter with minutes and open points", None),
    Row("F5", "Task notices with owner and date", None),
    Row("F6", "Expense report against the cash advance", None),
    Row("F7", "Unused supplies back in the office", None),
    Row("F8", "Review and lessons", None),
    Row("F9", "File complete and archived", None),
    Row("F10", "What the guests asked of us before leaving", None),
    Row("G1", "One owner, who can hand over; everything of a colleague taken over at once", "tests/test_handovers.py"),
    Row("G2", "Nobody asked twice, nobody told for nothing", "tests/test_properties.py"),
    Row("G3", "Never later than the lead time; office hours", "tests/test_calendar.py"),
    Row("G4", "Late entry in one message a person", "tests/test_short_notice.py"),
    Row("G5", "Kept on record", "tests/test_history.py"),
)  # fmt: skip
