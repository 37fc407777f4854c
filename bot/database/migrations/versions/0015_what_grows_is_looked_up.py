"""what a message tells besides, whom a visit has told, and what is held from now on are looked up, not searched for"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_notice_of_visit", "notice", ["visit_id", "person_id"])
    where = sa.text("merged_into IS NOT NULL")
    op.create_index("ix_notice_merged", "notice", ["merged_into"], sqlite_where=where, postgresql_where=where)
    op.create_index("ix_hold_of_workspace", "hold", ["workspace_id", "ends_at"])


def downgrade() -> None:
    op.drop_index("ix_hold_of_workspace", "hold")
    op.drop_index("ix_notice_merged", "notice")
    op.drop_index("ix_notice_of_visit", "notice")
