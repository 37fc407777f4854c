"""The papers for the guests as pictures, in three languages: `python -m tests.papers` draws docs/images/papers anew."""

import asyncio
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdfium2

from bot.documents import Documents, Template
from bot.i18n import Catalogs, Translator
from bot.messages import guest_sheet, invitation
from bot.messages.reading import Reading
from bot.models.forms import PassportForm
from tests.gallery.guest_side import PASSPORT
from tests.reference import HOST, Reference
from tests.samples import READERS, RULES

FOLDER = Path(__file__).parents[1] / "docs" / "images" / "papers"
SCALE = 1.25
"""Pixels for each of the 72 points of an inch."""


async def draw() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    catalogs = Catalogs.load()
    reference = Reference()
    passports = [PassportForm(guest.name, PASSPORT) for guest in reference.guests()]
    for language, locale in READERS.items():
        picture = reference.picture()
        picture.visit.guest_language = language
        zone = ZoneInfo(reference.zone)

        def of_the_guests(code: str, zone: ZoneInfo = zone) -> Translator:
            return catalogs.translator(code, zone)

        t = catalogs.translator(locale, zone)
        reading = Reading(t, picture, reference.opened_at, picture.people[HOST], of_the_guests, RULES)
        contents = {
            Template.ITINERARY: guest_sheet.sheet(reading).as_data(),
            Template.LETTER: invitation.letter(reading, passports),
        }
        for template, data in contents.items():
            made = await Documents().pdf(template, data, archival=True)
            for number, page in enumerate(pypdfium2.PdfDocument(made), 1):
                file = FOLDER / f"{template.name.lower()}-{language}-{number}.png"
                page.render(scale=SCALE).to_pil().save(file, optimize=True)
                sys.stdout.write(f"{file.name}: {file.stat().st_size // 1024} kB\n")


if __name__ == "__main__":
    asyncio.run(draw())
