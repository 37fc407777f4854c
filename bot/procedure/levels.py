"""Level of a visit and parity of its hosts (B1, B2). Internal: never shown where a guest can read it."""

from enum import StrEnum

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
