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
    TECHNICAL = "technical"
    VICE_PRESIDENT = "vice_president"
    """The vice president's department: books banquets (C3), hears early what guests want (B10)."""
    DEPARTMENT_HEAD = "department_head"
    APPROVER_1 = "approver_1"
    """Approves plans of level 1 (B4)."""
    APPROVER_2 = "approver_2"
    APPROVER_3 = "approver_3"
    SETTINGS = "settings"
    """May change the settings besides Slack's own administrators."""
    PASSPORTS = "passports"
    """May see passport data besides the lead host (A5)."""


class Part(StrEnum):
    """The part a person takes in one visit."""

    LEADER = "leader"
    GREETER = "greeter"
    """Meets the guests at the airport or station (D1.2)."""
    TEAM = "team"
    """The host team: reception officer, minute-taker, escort."""
    DRIVER = "driver"
    TECHNICAL = "technical"
    INTERPRETER = "interpreter"
    PHOTOGRAPHER = "photographer"
    GUIDE = "guide"
    """Shows the guests round (D4.4)."""
