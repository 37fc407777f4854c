"""What Slack told people when an app did not answer properly."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """`code` is Slack's name for it, `text` what the person read."""

    user_id: str
    code: str
    text: str
