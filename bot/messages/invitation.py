"""The invitation letter (A5), in the guests' language. What it says of passports goes into the document and nowhere
else."""

from collections.abc import Sequence
from typing import Any

from bot.i18n import Translator
from bot.messages import words
from bot.messages.guest_sheet import in_guests_language
from bot.messages.reading import Reading
from bot.models.forms import PassportForm
from bot.models.visits import Payer, Purpose


def letter(reading: Reading, passports: Sequence[PassportForm]) -> dict[str, Any]:
    """The data of the letter's template; `passports`: name and number as each guest has confirmed them."""
    t, picture, visit = in_guests_language(reading), reading.picture, reading.picture.visit
    house, host = picture.workspace.name, picture.lead_host
    return {
        "lang": t.language.value.partition("_")[0],
        "house": house,
        "address": [line.strip() for line in picture.workspace.address.splitlines() if line.strip()],
        "date": _day(t, reading, reading.now),
        "title": t.pgettext("invitation", "Letter of invitation"),
        "salutation": t.pgettext("invitation", "To whom it may concern:"),
        "paragraphs": [
            t.pgettext(
                "invitation",
                "We, {house}, invite the guests named below, of {company}, to visit us from {first} to {last}.",
                house=house,
                company=visit.company,
                first=_day(t, reading, visit.arrives_at),
                last=_day(t, reading, visit.departs_at),
            ),
            t.pgettext("invitation", "Purpose of the visit: {purpose}.", purpose=_purpose(t, visit.purpose)),
        ],
        "columns": [
            t.pgettext("invitation", "Number"),
            t.pgettext("invitation", "Name as in the passport"),
            t.pgettext("invitation", "Passport number"),
        ],
        "guests": [[str(place), form.name, form.number] for place, form in enumerate(passports, 1)],
        "closing": [_costs(t, visit.hotel_payer), t.pgettext("invitation", "Please grant them the visa they need.")],
        "signature": [line for line in (host.name, host.title, host.phone) if line],
        "stamp": t.pgettext("invitation", "Signature and stamp"),
    }


def _day(t: Translator, reading: Reading, at: Any) -> str:
    return t.full_date(at.astimezone(reading.venue).date())


def _purpose(t: Translator, purpose: str) -> str:
    """What an authority is told; that somebody complains is no business of theirs."""
    return t.pgettext("invitation", "Business talks") if purpose == Purpose.COMPLAINT else words.purpose(t, purpose)


def _costs(t: Translator, payer: str) -> str:
    if payer == Payer.HOUSE:
        return t.pgettext("invitation", "We bear the costs of their hotel; they bear those of their journey.")
    return t.pgettext("invitation", "The guests bear the costs of their journey and their stay.")
