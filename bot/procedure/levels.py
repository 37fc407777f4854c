"""Level of a visit and parity of its hosts (B1, B2). Internal: never shown where a guest can read it."""

from enum import StrEnum

from bot.models.people import Person
from bot.models.roles import Part
from bot.procedure.picture import Picture

LEADER_RANK = 50
"""From here on a guest counts as a leader: suites (C2), breakfast in company (D2.3)."""
_LEVEL_1_FROM, _LEVEL_2_FROM = 85, 65


class Parity(StrEnum):
    """The rank of the leading host against that of the lead guest (B1)."""

    EQUAL = "equal"
    HIGHER = "higher"
    LOWER = "lower"


def parity(host_rank: int | None, guest_rank: int | None) -> Parity | None:
    """None where one of the ranks is not known."""
    if host_rank is None or guest_rank is None:
        return None
    if host_rank == guest_rank:
        return Parity.EQUAL
    return Parity.HIGHER if host_rank > guest_rank else Parity.LOWER


def proposed_level(guest_rank: int | None, *, is_vip: bool) -> int:
    """By the rank of the lead guest; VIPs are received at level 1."""
    if is_vip or (guest_rank or 0) >= _LEVEL_1_FROM:
        return 1
    return 2 if (guest_rank or 0) >= _LEVEL_2_FROM else 3


def level_of(picture: Picture) -> int:
    """The level that was chosen, else the one proposed; 1 is the highest."""
    visit = picture.visit
    return visit.level or proposed_level(visit.guest_rank, is_vip=has_vip(picture))


def has_vip(picture: Picture) -> bool:
    return picture.visit.is_vip or any(guest.is_vip for guest in picture.guests)


def has_leader(picture: Picture) -> bool:
    """Whether a guest is of leader rank."""
    ranks = [picture.visit.guest_rank, *(guest.rank for guest in picture.guests)]
    return any(rank is not None and rank >= LEADER_RANK for rank in ranks)


HOST_RANK = {1: 85, 2: 75, 3: 55}
"""From which rank on somebody leads the reception at each level (B2): general manager, deputy, department manager."""


class Extra(StrEnum):
    """What a level brings with it besides people."""

    LOBBY = "lobby"
    """Leaders receive in the lobby, in place early; else at the door."""
    WELCOME_SCREEN = "welcome_screen"
    FLOWERS = "flowers"
    PHOTOGRAPHER = "photographer"


EXTRAS: dict[int, tuple[Extra, ...]] = {
    1: (Extra.LOBBY, Extra.WELCOME_SCREEN, Extra.FLOWERS, Extra.PHOTOGRAPHER),
    2: (Extra.LOBBY, Extra.WELCOME_SCREEN),
    3: (Extra.WELCOME_SCREEN,),
}


def leading_host(picture: Picture) -> Person | None:
    """The most senior of the accompanying leaders whose rank is known."""
    ranked = [picture.people[person] for person in picture.active(Part.LEADER)]
    return max((p for p in ranked if p.rank is not None), key=lambda p: (p.rank or 0, -p.key), default=None)


def parity_of(picture: Picture) -> Parity | None:
    """The leading host against the lead guest (B1); None while one of the ranks is not known."""
    host = leading_host(picture)
    return parity(host.rank if host else None, picture.visit.guest_rank)


def proposed_of(picture: Picture) -> int:
    """The level that follows from who comes."""
    return proposed_level(picture.visit.guest_rank, is_vip=has_vip(picture))


def wants_reason(picture: Picture, level: int) -> bool:
    """Whether a level is an exception that needs a reason: another than proposed, or a host of too low a rank."""
    host = leading_host(picture)
    is_too_low = host is not None and (host.rank or 0) < HOST_RANK[level]
    return level != proposed_of(picture) or is_too_low
