"""what is late and waits to be tried again: looked up"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    where = sa.text("state = 'pending' AND attempt_at <> due_at")
    op.create_index("ix_notice_put_off", "notice", ["due_at"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_notice_put_off", "notice")
