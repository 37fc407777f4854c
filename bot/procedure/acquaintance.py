"""What the house knows of a client when the company's name is typed (A6)."""

from dataclasses import dataclass

from bot.models.forms import ClientForm
from bot.models.guests import Client, ProfileField
from bot.models.visits import Visit
from bot.procedure.picture import Picture


def client_form_of(picture: Picture) -> ClientForm:
    """The client of a visit as it would stand in its form."""
    visit, told = picture.visit, picture.client.profile if picture.client else {}
    profile = {str(name): str(told.get(name, "")) for name in ProfileField}
    return ClientForm(profile, visit.background, visit.background_notes)


@dataclass(frozen=True)
class Acquaintance:
    """A client who has been here, or whose profile was written."""

    client: Client
    visits: tuple[Visit, ...]
    """Earlier visits, the newest first."""
    coming: tuple[Visit, ...] = ()
    """Visits that are still to come, the furthest first."""
