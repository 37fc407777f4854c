"""the record of a visit can only grow; files that were handed out"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0007"
branch_labels = None
depends_on = None

_REFUSES = "what stands on record is neither changed nor deleted (G5)"
_ON_SQLITE = (
    f"CREATE TRIGGER record_is_not_changed BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, '{_REFUSES}'); END",
    f"CREATE TRIGGER record_is_not_deleted BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, '{_REFUSES}'); END",
)
_ON_POSTGRESQL = (
    f"CREATE FUNCTION record_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_REFUSES}'; END $$",
    "CREATE TRIGGER record_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON record"
    " FOR EACH STATEMENT EXECUTE FUNCTION record_stays()",
)


def upgrade() -> None:
    op.create_table(
        "handout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("shows", sa.String(length=64), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_handout_visit_id_visit")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_handout_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handout")),
        sa.UniqueConstraint(
            "visit_id", "person_id", "kind", "shows", name=op.f("uq_handout_visit_id_person_id_kind_shows")
        ),
    )
    for statement in _ON_SQLITE if op.get_bind().dialect.name == "sqlite" else _ON_POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER record_is_not_changed")
        op.execute("DROP TRIGGER record_is_not_deleted")
    else:
        op.execute("DROP TRIGGER record_stays ON record")
        op.execute("DROP FUNCTION record_stays()")
    op.drop_table("handout")
