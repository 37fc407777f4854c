"""What an administrator wants otherwise in the settings: shown with its effect first, then saved as it was shown."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from bot.errors import OutOfDate
from bot.models.roles import Role
from bot.models.settings import RuleOverride

SITE = (
    *("reception_channel", "zone", "country", "opens", "closes", "address"),
    *("preferred_port", "port_hint", "early_domestic", "early_international", "early_train", "food_rules"),
)
"""Columns of a workspace that its administrators decide."""
_VERSION = 1


@dataclass(frozen=True)
class RuleChange:
    """How a workspace wants one entry of the rulebook; None is the rulebook's own."""

    rule_id: str
    lead: str | None = None
    keeps_office_hours: bool | None = None
    is_on: bool = True

    @property
    def is_default(self) -> bool:
        return self.lead is None and self.keeps_office_hours is None and self.is_on

    def as_override(self, workspace_id: str) -> RuleOverride:
        return RuleOverride(
            workspace_id=workspace_id,
            rule_id=self.rule_id,
            lead=self.lead,
            keeps_office_hours=self.keeps_office_hours,
            is_on=self.is_on,
        )


@dataclass(frozen=True)
class Rearrangement:
    """What is named becomes as it stands here, the rest stays as it is. People are ids of persons."""

    site: Mapping[str, str | int | None] = field(default_factory=dict)
    holders: Mapping[Role, tuple[int, ...]] = field(default_factory=dict)
    deputies: Mapping[Role, tuple[int, ...]] = field(default_factory=dict)
    rule: RuleChange | None = None

    def people(self) -> set[int]:
        """Everybody it names."""
        return {person for group in (*self.holders.values(), *self.deputies.values()) for person in group}

    def pack(self) -> str:
        """For the window that asks once more; far below the 3000 characters there is room for."""
        rule = self.rule and [self.rule.rule_id, self.rule.lead, self.rule.keeps_office_hours, self.rule.is_on]
        packed = [_VERSION, dict(self.site), dict(self.holders), dict(self.deputies), rule]
        return json.dumps(packed, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def parse(cls, packed: str) -> Self:
        """OutOfDate for anything this release did not pack."""
        try:
            version, site, holders, deputies, rule = json.loads(packed)
            if version != _VERSION or not set(site) <= set(SITE):
                raise OutOfDate
            return cls(site, _roles(holders), _roles(deputies), RuleChange(*rule) if rule else None)
        except (TypeError, ValueError, AttributeError) as error:
            raise OutOfDate from error


def _roles(packed: Mapping[str, Any]) -> dict[Role, tuple[int, ...]]:
    return {Role(role): tuple(int(person) for person in people) for role, people in packed.items()}
