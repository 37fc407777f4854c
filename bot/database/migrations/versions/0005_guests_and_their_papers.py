"""guests and their papers"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    # What may not be empty keeps its default: replicas of the release before still write rows without it.
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.add_column(sa.Column("allergies", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("papers", _JSON, nullable=False, server_default="{}"))
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.add_column(sa.Column("copied_from_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_draft_copied_from_id_visit"), "visit", ["copied_from_id"], ["id"])
    # The lead guest is the first of every party.
    op.execute(
        "INSERT INTO guest (visit_id, position, name, title, rank, gender, diet, customs, is_vip, by_own_car, passport)"
        " SELECT id, 0, guest_name, guest_title, guest_rank, 'unknown', '', '', false, false, '' FROM visit"
        " WHERE NOT EXISTS (SELECT 1 FROM guest WHERE guest.visit_id = visit.id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_draft_copied_from_id_visit"), type_="foreignkey")
        batch_op.drop_column("copied_from_id")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_column("papers")
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.drop_column("allergies")
