"""plans and their approval, changes that need consent, bookings with what was asked and answered"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _make_plans()
    _make_change_requests()
    # What may not be empty keeps its default: replicas of the release before still write rows without it.
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approval", sa.String(), nullable=False, server_default="not_needed"))
        batch_op.add_column(_moment("prepared_from"))
        batch_op.add_column(sa.Column("estimated_cost", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("is_confidential", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(_moment("guest_confirmed_at"))
        batch_op.add_column(sa.Column("guest_confirmed_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_visit_guest_confirmed_by_id_person"), "person", ["guest_confirmed_by_id"], ["id"]
        )
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("currency", sa.String(), nullable=False, server_default="CNY"))
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(_moment("away_until"))
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rule", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("room_id", sa.Integer(), nullable=True))
        batch_op.add_column(_moment("answer_by"))
        batch_op.add_column(sa.Column("asked", _JSON, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("details", _JSON, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("cost", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("counter", _JSON, nullable=False, server_default="{}"))
        batch_op.create_foreign_key(batch_op.f("fk_booking_owner_id_person"), "person", ["owner_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_booking_room_id_room"), "room", ["room_id"], ["id"])
    _make_holds()
    # What is under way was entered before plans were approved here: its preparation has begun.
    op.execute("UPDATE visit SET prepared_from = opened_at")


def _make_plans() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("facts", _JSON, nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        _moment("submitted_at", nullable=False),
        _moment("answer_by", nullable=False),
        sa.Column("handed_to_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        _moment("decided_at"),
        sa.Column("remarks", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_plan_visit_id_visit")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["person.id"], name=op.f("fk_plan_submitted_by_id_person")),
        sa.ForeignKeyConstraint(["handed_to_id"], ["person.id"], name=op.f("fk_plan_handed_to_id_person")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_plan_decided_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("visit_id", "revision", name=op.f("uq_plan_visit_id_revision")),
    )


def _make_change_requests() -> None:
    op.create_table(
        "change_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("arguments", _JSON, nullable=False),
        sa.Column("differences", _JSON, nullable=False),
        sa.Column("touches", _JSON, nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        _moment("asked_at", nullable=False),
        _moment("answer_by", nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        _moment("decided_at"),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_change_request_visit_id_visit")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_change_request_asked_by_id_person")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_change_request_decided_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
    )
    with op.batch_alter_table("change_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_request_visit_id"), ["visit_id"], unique=False)


def _make_holds() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        _moment("starts_at", nullable=False),
        _moment("ends_at", nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_hold_workspace_id_workspace")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_hold_visit_id_visit")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_hold_booking_id_booking")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicle.id"], name=op.f("fk_hold_vehicle_id_vehicle")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hold_person_id_person")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_hold_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        for column in ("visit_id", "booking_id", "vehicle_id", "person_id", "room_id"):
            batch_op.create_index(batch_op.f(f"ix_hold_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("hold")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_booking_owner_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_booking_room_id_room"), type_="foreignkey")
        for column in ("rule", "owner_id", "room_id", "answer_by", "asked", "details", "cost", "counter"):
            batch_op.drop_column(column)
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("away_until")
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.drop_column("currency")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_visit_guest_confirmed_by_id_person"), type_="foreignkey")
        for column in ("approval", "prepared_from", "estimated_cost", "is_confidential"):
            batch_op.drop_column(column)
        for column in ("guest_confirmed_at", "guest_confirmed_by_id"):
            batch_op.drop_column(column)
    op.drop_table("change_request")
    op.drop_table("plan")
