"""The record of a visit (G5): read page by page, and handed out whole."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func
from sqlmodel import col, select

from bot.errors import NotAllowed
from bot.models.notices import Record
from bot.models.people import Actor, Person
from bot.procedure.picture import Picture
from bot.services.lookup import Lookup
from bot.services.office import Office
from bot.services.records import named_in


@dataclass(frozen=True)
class Entries:
    """Some of the entries of a visit's record, the newest last."""

    picture: Picture
    """With everybody whom the entries name."""
    records: Sequence[Record]
    first: int
    """How many there are before."""
    total: int


@dataclass(frozen=True)
class History:
    """Reads."""

    office: Office
    lookup: Lookup

    async def entries(self, actor: Actor, visit_id: int, *, first: int | None = None, shown: int | None) -> Entries:
        """`shown` entries after the `first` (all of them where it is None); the newest where no first one is given.

        Raises NotAllowed for those whom the record does not concern.
        """
        picture = await self.lookup.show(actor, visit_id)
        if not picture.visit.shows_record_to(actor):
            raise NotAllowed(picture.visit.kept_by)
        of_visit = select(Record).where(Record.visit_id == visit_id).order_by(col(Record.at), col(Record.id))
        async with self.office.database.read() as session:
            count = select(func.count()).select_from(Record).where(col(Record.visit_id) == visit_id)
            total = (await session.exec(count)).one()
            if shown is None:
                first, shown = 0, total
            elif first is None:
                first = max(total - shown, 0)
            records = (await session.exec(of_visit.offset(first).limit(shown))).all()
            missing = named_in(records) - picture.people.keys()
            more = (await session.exec(select(Person).where(col(Person.id).in_(missing)))).all() if missing else ()
        everybody = {**picture.people, **{person.key: person for person in more}}
        return Entries(replace(picture, people=everybody), records, first, total)
