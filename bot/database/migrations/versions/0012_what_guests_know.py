"""the itinerary as the guests know it"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0008"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("visit", schema=None) as batch_op:
        # What may not be empty keeps its default: replicas of the release before still write rows without it.
        batch_op.add_column(sa.Column("guest_itinerary", _JSON, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("guest_itinerary_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_column("guest_itinerary_at")
        batch_op.drop_column("guest_itinerary")
