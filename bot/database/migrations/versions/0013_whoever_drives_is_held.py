"""a driver who is named for a single stop is held for it, without a request; the address of a house

Open visits are planned anew when the bot starts, which holds those who are named already.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

RESOURCES = ("vehicle_id", "person_id", "room_id")


def upgrade() -> None:
    _allow_none(nullable=True)
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        # It keeps its default: replicas of the release before still write rows without it.
        batch_op.add_column(sa.Column("address", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE workspace SET planned_by = ''")


def downgrade() -> None:
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.drop_column("address")
    op.execute("DELETE FROM hold WHERE booking_id IS NULL")
    _allow_none(nullable=False)


def _allow_none(*, nullable: bool) -> None:
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.alter_column("booking_id", existing_type=sa.Integer(), nullable=nullable)
    if op.get_bind().dialect.name == "sqlite":
        for resource in RESOURCES:
            _refuse_a_second_hold(resource)


def _refuse_a_second_hold(resource: str) -> None:
    """The table was copied, which its triggers are not."""
    for event in ("INSERT", f"UPDATE OF {resource}, starts_at, ends_at"):
        name = f"hold_{resource}_on_{event.partition(' ')[0].lower()}"
        at_the_time = "starts_at < NEW.ends_at AND ends_at > NEW.starts_at"
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON hold WHEN NEW.{resource} IS NOT NULL"  # noqa: S608 - names above
            f" AND EXISTS (SELECT 1 FROM hold WHERE {resource} = NEW.{resource} AND id IS NOT NEW.id AND {at_the_time})"
            f" BEGIN SELECT RAISE(ABORT, '{resource} is held already'); END"
        )
