"""what a message tells besides, whom a visit has told, what is held and which days are to come: looked up"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_notice_of_visit", "notice", ["visit_id", "person_id"])
    _index_some("ix_notice_merged", ["merged_into"], "merged_into IS NOT NULL")
    _index_some("ix_notice_of_day", ["workspace_id", "useful_until"], "visit_id IS NULL")
    op.create_index("ix_hold_of_workspace", "hold", ["workspace_id", "ends_at"])
    op.create_index("ix_visit_of_workspace", "visit", ["workspace_id", "departs_at"])


def _index_some(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "notice", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_visit_of_workspace", "visit")
    op.drop_index("ix_hold_of_workspace", "hold")
    op.drop_index("ix_notice_of_day", "notice")
    op.drop_index("ix_notice_merged", "notice")
    op.drop_index("ix_notice_of_visit", "notice")
