"""Who reads what, when: everything a builder needs besides the notice itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.i18n import Translator
from bot.models.notices import Declaration
from bot.models.people import Person
from bot.models.visits import Stop
from bot.procedure.conflicts import Surroundings
from bot.procedure.days import stops_with
from bot.procedure.picture import Picture
from bot.procedure.rules import NO_RULES, Rulebook


@dataclass(frozen=True)
class Reading:
    """One reader before one visit at one moment."""

    t: Translator
    picture: Picture
    now: datetime
    reader: Person | None
    """None for a channel."""
    in_language: Callable[[str], Translator]
    """A translator for another language, such as the guests'."""
    rulebook: Rulebook = NO_RULES
    """As it comes with this release: what the visit's people are told by."""
    around: Surroundings = field(default_factory=Surroundings)
    """What else goes on at the house, where that is looked at."""
    in_place_of: int | None = None
    """Whose deputy the reader is here."""

    @property
    def venue(self) -> ZoneInfo:
        return self.picture.visit.venue

    def person(self, person_id: int | None) -> Person | None:
        return self.picture.people.get(person_id) if person_id is not None else None

    def name(self, person_id: int | None) -> str:
        """The person's name, empty for nobody."""
        person = self.person(person_id)
        return person.name if person else ""

    def declarer(self, declared: Declaration) -> str:
        """Who declared something; for whom, where a deputy did."""
        name, absent = self.name(declared.person_id), self.name(declared.details.get("for"))
        return (
            self.t.pgettext("declared", "{name} (in place of {absent})", name=name, absent=absent) if absent else name
        )

    @property
    def own_stops(self) -> Sequence[Stop]:
        """What the reader takes part in, or whoever they stand in for, in order."""
        if self.reader is None:
            return ()
        return stops_with(self.picture, self.in_place_of or self.reader.key)

    def is_reader(self, person_id: int | None) -> bool:
        return self.reader is not None and self.reader.id == person_id

    def plain_moment(self, at: datetime) -> str:
        """A moment at the venue, for a sentence that names the zone elsewhere."""
        return self.t.moment(at, self.venue, now=self.now, named=False)

    def moment(self, at: datetime) -> str:
        return self.t.moment(at, self.venue, now=self.now)
