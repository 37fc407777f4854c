"""The steps from a plan to everything confirmed, on the page: for the test of the whole way and for the pictures."""

from playwright.async_api import Locator, expect

from bot.messages.ids import Action, ViewId
from bot.messages.payloads import RequestVerb, StopVerb
from bot.procedure.sayings import Say
from tests.browser import walking
from tests.browser.people import FormFilling, Seat, Somebody

WAITING = "🟡"
EDITS_MS = 30_000
"""How long the messages of everybody concerned may take to be edited, as fast as Slack lets a bot."""
SAID: dict[Say, dict[str, str]] = {
    Say.HOTEL: {"place": "金陵饭店", "reference": "JL-8812", "cost": "2400"},
    Say.DINING_ROOM: {},
    Say.MEETING_ROOM: {},
    Say.SHOWROOM: {},
    Say.CASH_ADVANCE: {"amount": "5000"},
}
"""The requests that are confirmed in a form, and what is said there besides what it proposes."""


async def send_plan(host: Seat, cost: str = "12000") -> None:
    """The button under the newest message that has one, and the cost."""
    await host.press(host.asking(Action.SEND_PLAN), Action.SEND_PLAN)
    form = FormFilling(host, ViewId.SEND_PLAN)
    await form.write(estimated_cost=cost)
    await form.submit()
    await expect(form.window).to_have_count(0)


async def return_plan(approver: Seat, remarks: str) -> None:
    await approver.press(approver.asking(Action.RETURN_PLAN), Action.RETURN_PLAN)
    form = FormFilling(approver, ViewId.RETURN_PLAN)
    await form.write(remarks=remarks)
    await form.submit()
    await expect(form.window).to_have_count(0)


async def hand_plan(approver: Seat, deputy: str) -> None:
    """Nobody is named as the approver's deputy: one is chosen."""
    await approver.press(approver.asking(Action.HAND_PLAN), Action.HAND_PLAN)
    form = FormFilling(approver, ViewId.HAND_PLAN)
    await form.choose(deputy=Somebody(deputy).name)
    await form.submit()
    await expect(form.window).to_have_count(0)


async def approve_plan(approver: Seat) -> None:
    await approver.press(approver.asking(Action.APPROVE_PLAN), Action.APPROVE_PLAN)
    await expect(approver.asking(Action.APPROVE_PLAN)).to_have_count(0)


async def allow_change(approver: Seat) -> None:
    """What was approved may be otherwise."""
    await approver.press(approver.asking(Action.ALLOW_CHANGE), Action.ALLOW_CHANGE)
    await expect(approver.asking(Action.ALLOW_CHANGE)).to_have_count(0, timeout=EDITS_MS)


async def move_pickup(host: Seat, time: str) -> None:
    """The pick-up is the first of the stops in the visit's window."""
    await walking.open_details(host)
    await host.choose_in_menu(host.window(ViewId.VISIT), StopVerb.CHANGE)
    form = FormFilling(host, ViewId.STOP)
    await form.write(starts=time)
    await form.submit()
    await expect(host.window(ViewId.VISIT)).to_contain_text(time)
    await host.close(host.window(ViewId.VISIT))


def waiting(seat: Seat, say: Say) -> Locator:
    """The rows of the visit's window with requests of a kind that wait for their answer."""
    rows = seat.window(ViewId.VISIT).locator(".section")
    return rows.filter(has_text=WAITING).filter(has_text=seat.says.duty(say))


async def confirm(seat: Seat, *says: Say) -> None:
    """In the visit's window, everything of these kinds that waits for this person."""
    await walking.open_details(seat)
    for say in says:
        rows = waiting(seat, say)
        await expect(rows.first).to_be_visible()
        left = await rows.count()
        while left:
            await seat.choose_in_menu(rows.first, RequestVerb.CONFIRM)
            if say in SAID:
                form = FormFilling(seat, ViewId.CONFIRM_REQUEST)
                await form.write(**SAID[say])
                await form.submit()
            left -= 1
            await expect(rows).to_have_count(left)
    await seat.close(seat.window(ViewId.VISIT))


async def decline(seat: Seat, say: Say, reason: str) -> None:
    """In the visit's window; the reason goes to the lead host."""
    await walking.open_details(seat)
    await seat.choose_in_menu(waiting(seat, say).first, RequestVerb.DECLINE)
    form = FormFilling(seat, ViewId.DECLINE_REQUEST)
    await form.write(reason=reason)
    await form.submit()
    await expect(seat.window(ViewId.VISIT)).to_contain_text(reason)
    await seat.close(seat.window(ViewId.VISIT))


async def suggest_time(seat: Seat, say: Say, time: str) -> None:
    """ "Not at seven, at eight": for the first request of the kind."""
    await walking.open_details(seat)
    await seat.choose_in_menu(waiting(seat, say).first, RequestVerb.PROPOSE)
    form = FormFilling(seat, ViewId.PROPOSE_OTHERWISE)
    await form.write(starts=time)
    await form.submit()
    await expect(seat.window(ViewId.VISIT)).to_contain_text(time)
    await seat.close(seat.window(ViewId.VISIT))


async def ask_somebody_else(host: Seat, somebody: str) -> None:
    """From the message that says no."""
    await host.press(host.asking(Action.REASSIGN_REQUEST), Action.REASSIGN_REQUEST)
    form = FormFilling(host, ViewId.REASSIGN_REQUEST)
    await form.choose(owner=Somebody(somebody).name)
    await form.submit()
    await expect(form.window).to_have_count(0)


async def assign(administration: Seat, driver: str) -> None:
    """Car and driver, from the visit's window: the car is asked for two days ahead only."""
    await walking.open_details(administration)
    await administration.press(administration.window(ViewId.VISIT), Action.ASSIGN_VEHICLE)
    await walking.choose_driver(administration, driver)
    await administration.close(administration.window(ViewId.VISIT))
