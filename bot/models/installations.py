"""Where the bot is installed: the token of each Slack workspace, sealed."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from bot.models.types import UtcDateTime


class Installation(SQLModel, table=True):
    """What Slack gave the bot when a workspace installed it."""

    __tablename__ = "installation"

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id", max_length=32)
    bot_token: str
    """Sealed by `bot.vault`; empty once the workspace has taken it back."""
    bot_user_id: str
    app_id: str = ""
    scopes: str = ""
    """What the workspace granted, as Slack writes it: names with commas between them."""
    installed_by: str = ""
    """Slack's id of the person who installed it."""
    installed_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None
