"""The roles of the procedure: who is asked and told what."""

from enum import StrEnum


class Role(StrEnum):
    """A role that people of the workspace fill, for all visits alike."""

    ADMINISTRATION = "administration"
    EXECUTIVE_OFFICE = "executive_office"
    SENIOR_LEADER = "senior_leader"
    """Chairman, president and others whose time is asked for at the executive office (B6)."""
    DRIVER = "driver"
    FRONT_DESK = "front_desk"
    GATE = "gate"
    IT = "it"
    FINANCE = "finance"


class Part(StrEnum):
    """The part a person takes in one visit."""

    LEADER = "leader"
    GREETER = "greeter"
    """Meets the guests at the airport or station (D1.2)."""
    TEAM = "team"
    DRIVER = "driver"
