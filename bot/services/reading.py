"""Which language and zone each reader gets: own choice, else Slack's, else the workspace's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.i18n import Translator, language_of
from bot.messages.reading import Reading
from bot.models.people import Person, Workspace
from bot.procedure.conflicts import Surroundings
from bot.procedure.picture import Picture
from bot.procedure.rules import NO_RULES, Rulebook


class Translators(Protocol):
    """Where translators come from: the catalogs."""

    def translator(self, code: str, zone: ZoneInfo) -> Translator: ...


@dataclass(frozen=True)
class Readers:
    """Makes the translator of each reader."""

    catalogs: Translators
    rulebook: Rulebook = NO_RULES

    def of(self, person: Person, workspace: Workspace) -> Translator:
        """The translator of one person."""
        codes = (person.chosen_language, person.slack_locale, workspace.locale)
        code = next((code for code in codes if code and language_of(code)), "en-US")
        return self.catalogs.translator(code, zone_of(person, workspace))

    def of_channel(self, workspace: Workspace) -> Translator:
        """The translator for what everybody reads: the workspace's language and the venue's zone."""
        code = workspace.locale if language_of(workspace.locale) else "en-US"
        return self.catalogs.translator(code, ZoneInfo(workspace.zone))

    def reading(
        self, picture: Picture, person: Person | None, now: datetime, around: Surroundings | None = None
    ) -> Reading:
        """One reader, or the channel, before a visit; with what else goes on at the house, where that is looked at."""
        workspace = picture.workspace
        t = self.of(person, workspace) if person else self.of_channel(workspace)
        venue = picture.visit.venue
        return Reading(
            t,
            picture,
            now,
            person,
            lambda code: self.catalogs.translator(code, venue),
            self.rulebook,
            around or Surroundings(),
        )


def zone_of(person: Person, workspace: Workspace) -> ZoneInfo:
    """The person's zone; names that this machine does not know are passed over."""
    for name in (person.chosen_zone, person.slack_zone):
        if name:
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError):
                continue
    return ZoneInfo(workspace.zone)
