"""When a rule of the procedure applies: the conditions of the rulebook, each a question to the picture of a visit."""

from collections.abc import Callable

from bot.models.notices import DeclarationKind
from bot.models.roles import Part, Role
from bot.models.visits import Approval, Background, MealStyle, Means, Stop, StopKind
from bot.procedure.guest_itinerary import guests_agreed, is_current, version_sent
from bot.procedure.levels import has_leader, has_vip, level_of
from bot.procedure.picture import Picture
from bot.procedure.rules import Rule
from bot.procedure.vocabulary import Condition, Moot

_HOLDS: dict[Condition, Callable[[Picture, Stop], bool]] = {
    Condition.LEVEL_1: lambda picture, _: level_of(picture) == 1,
    Condition.LEVEL_1_OR_2: lambda picture, _: level_of(picture) <= 2,
    Condition.VIP: lambda picture, _: has_vip(picture),
    Condition.LEADERS_OR_VIP: lambda picture, _: has_vip(picture) or has_leader(picture),
    Condition.FOREIGN: lambda picture, _: picture.visit.is_foreign,
    Condition.NEW_CLIENT: lambda picture, _: picture.visit.is_new_client,
    Condition.BACKGROUND_OPEN: lambda picture, _: picture.visit.background == Background.OPEN,
    Condition.IMPORTANT: lambda _, stop: stop.is_important,
    Condition.SIMPLE: lambda _, stop: stop.style == MealStyle.SIMPLE,
    Condition.BANQUET: lambda _, stop: stop.style == MealStyle.BANQUET,
    Condition.LONG: lambda _, stop: stop.is_long,
    Condition.HOTEL: lambda picture, _: picture.visit.wants_hotel,
    Condition.TICKETS: lambda picture, _: picture.visit.wants_tickets,
    Condition.LETTER: lambda picture, _: picture.visit.needs_letter is True and picture.visit.letter_issued_at is None,
    Condition.OWN_CAR: lambda picture, _: any(s.kind == StopKind.OWN_CAR for s in picture.live_stops),
    Condition.NUMBER_UNKNOWN: lambda picture, _: number_unknown(picture),
    Condition.OTHER_STOPS: lambda picture, _: bool(picture.visit.other_stops),
    Condition.SENIOR_LEADER: lambda picture, _: bool(
        set(picture.active(Part.LEADER)) & set(picture.holders(Role.SENIOR_LEADER))
    ),
    Condition.BY_PLANE: lambda _, stop: stop.means == Means.PLANE,
    Condition.FIRST_AT_HOUSE: lambda picture, stop: stop == picture.first_at_house,
    Condition.ITINERARY_SENT: lambda picture, _: version_sent(picture) > 0,
    Condition.NEEDS_APPROVAL: lambda picture, _: picture.visit.needs_approval,
}
_DECLARED = {
    Moot.ON_MY_WAY: DeclarationKind.ON_MY_WAY,
    Moot.IN_PLACE: DeclarationKind.IN_PLACE,
    Moot.ABOARD: DeclarationKind.ABOARD,
    Moot.ARRIVED: DeclarationKind.ARRIVED,
    Moot.HERE: DeclarationKind.HERE,
}


def applies(rule: Rule, picture: Picture, stop: Stop) -> bool:
    """Whether all conditions of the rule are as it wants them."""
    return all(_HOLDS[condition](picture, stop) is wanted for condition, wanted in rule.when)


def is_moot(rule: Rule, picture: Picture, stop: Stop) -> bool:
    """Whether somebody has declared or done what makes the rule needless."""
    if Moot.PLAN_SENT in rule.unless and picture.visit.approval in (Approval.SUBMITTED, Approval.APPROVED):
        return True
    if Moot.GUESTS_AGREED in rule.unless and guests_agreed(picture):
        return True
    if Moot.ITINERARY_CURRENT in rule.unless and is_current(picture):
        return True
    declared = {_DECLARED[moot] for moot in rule.unless if moot in _DECLARED}
    return bool(declared) and bool(picture.declared_of(stop, declared))


def number_unknown(picture: Picture) -> bool:
    """Whether the number of the arriving flight or train is still to be announced (A4)."""
    return picture.visit.arrival_means != Means.OWN_CAR and not picture.visit.arrival_number
