"""The steps of the first walk on the page, for the tests of it and for the pictures."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import expect

from bot import demo_office
from bot.clock import SystemClock
from bot.messages import words
from bot.messages.ids import Action, ViewId
from tests.browser.people import FormFilling, Seat, Somebody

CLIENT = "Acme"
GUEST = "Luis García"
PHONE = "+34 612 34 56 99"
FLIGHT = "MU5102"
PLACE = "T2, Gate 4"
PLATE = "苏A 12345"
REFERENCE = "V-0001"
SETTING_OFF, DINNER_AHEAD = "D1.2", "D1.4"
"""The rows that the clock shows when the reminders of the pick-up (D1.2) and of the dinner (D3.1) go out with them."""
VENUE = ZoneInfo(demo_office.ZONE)


def arrival_day() -> date:
    """A Thursday more than three weeks ahead: nothing is due yet, whatever day the walk is taken on."""
    soonest = SystemClock().now().date() + timedelta(days=22)
    return soonest + timedelta(days=(3 - soonest.weekday()) % 7)


async def open_details(host: Seat) -> None:
    """The visit's window, from `/visit show`: the card in the channel speaks the language of the house."""
    answers = await host.answers_to_me().count()
    await host.type(f"/visit show {REFERENCE}")
    await expect(host.answers_to_me()).to_have_count(answers + 1)
    await host.press(host.answer_to_me(), Action.SHOW_VISIT)
    await expect(host.window(ViewId.VISIT)).to_be_visible()


async def begin(host: Seat) -> FormFilling:
    """`/visit create`, typed into the channel."""
    await host.type("/visit create")
    form = FormFilling(host, ViewId.NEW_VISIT)
    await expect(form.window).to_be_visible()
    return form


async def fill_in(form: FormFilling) -> None:
    """The form as the lead host of the walk fills it in."""
    await choose_days(form)
    await form.write(company=CLIENT, guest_name=GUEST, party_size="4")
    await form.write(contact_name="Pedro Gómez", contact_phone=PHONE)
    await form.write(arrival_number=FLIGHT, arrival_place=PLACE)
    await form.choose(guest_language=dict(words.language_names(form.seat.says.t))["es"])
    await form.choose(greeters=[Somebody("sofia").name], leaders=[Somebody("sofia").name, Somebody("zhang").name])


async def choose_days(form: FormFilling) -> None:
    """One night from the day of arrival. Each day that is chosen has the meals of the stay looked up anew."""
    day = arrival_day()
    meals = form.window.get_by_label(form.seat.says.field(form.view, "stops"))
    await form.write(arrival_date=day.isoformat())
    await expect(meals).to_have_count(0)
    await form.write(departure_date=(day + timedelta(days=1)).isoformat())
    await expect(meals).to_be_visible()


async def review(form: FormFilling) -> None:
    """ "Review": the read-back stands above the form."""
    await form.submit()
    await expect(form.seat.window(ViewId.READ_BACK)).to_be_visible()


async def confirm_read_back(host: Seat) -> None:
    """ "Open the visit": its window takes the place of the form, and is closed."""
    await host.submit(ViewId.READ_BACK)
    await expect(host.window(ViewId.VISIT)).to_be_visible()
    await host.close(host.window(ViewId.VISIT))


async def open_visit(host: Seat) -> None:
    """From the command to the card in the channel."""
    form = await begin(host)
    await fill_in(form)
    await review(form)
    await confirm_read_back(host)
    await expect(host.half.get_by_role("article").last).to_contain_text(REFERENCE)


async def assign_car(administration: Seat) -> None:
    """Administration answers the request with the car that the form proposes, and 陈伟."""
    await administration.read_news()
    await administration.press(administration.asking(Action.ASSIGN_VEHICLE), Action.ASSIGN_VEHICLE)
    await choose_driver(administration, "chen")


async def choose_driver(administration: Seat, driver: str) -> None:
    """The form behind "Assign vehicle"."""
    form = FormFilling(administration, ViewId.ASSIGN_VEHICLE)
    await form.choose(driver=Somebody(driver).name)
    await form.submit()
    await expect(form.window).to_have_count(0)


async def confirm_request(asked: Seat) -> None:
    """A driver or the executive office confirms; the buttons go."""
    await asked.read_news()
    await asked.answer(Action.CONFIRM_REQUEST)


async def set_off(driver: Seat) -> None:
    """The driver presses "I'm on my way"; the button goes."""
    await driver.answer(Action.DECLARE_ON_MY_WAY)
