"""the whole procedure"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Where a column is not allowed to be empty its default stays: while replicas are replaced one by one, those of the
# release before write rows without it.

_TOPICS = {"on_my_way": "way", "attendance": "attendance"}


def _new_key() -> Any:
    return sa.text("gen_random_uuid()::text") if op.get_bind().dialect.name == "postgresql" else ""


def _name_what_was_declared() -> None:
    """Declarations and the reminders that ask for them get the key by which they now find each other."""
    rows = sa.table("declaration", *(sa.column(name) for name in ("id", "stop_id", "person_id", "kind", "key", "rule")))
    starts = sa.column("stop_starts_at", sa.DateTime(timezone=True))
    for row in op.get_bind().execute(sa.select(rows, starts).select_from(rows)).all():
        topic = {"on_my_way": "way", "got_it": "D3.1"}.get(row.kind, "attendance")
        key = f"{topic}:stop{row.stop_id}:{row.stop_starts_at:%Y%m%dT%H%M%S}:person{row.person_id}"
        rule = "D1.2" if row.kind == "on_my_way" else "D3.1"
        op.get_bind().execute(sa.update(rows).where(rows.c.id == row.id).values(key=key, rule=rule))
    notices = sa.table(
        "notice", *(sa.column(name) for name in ("id", "key", "kind", "rule")), sa.column("payload", sa.JSON)
    )
    for row in op.get_bind().execute(sa.select(notices).where(notices.c.kind == "reminder")).all():
        payload = json.loads(row.payload) if isinstance(row.payload, str) else dict(row.payload)
        answer = payload.get("answer", "none")
        if answer != "none":
            _, stop, moment, person = row.key.partition(":again")[0].split(":")
            asks = f"{_TOPICS.get(answer, row.rule)}:{stop}:{moment}:{person}"
            changed = sa.update(notices).where(notices.c.id == row.id).values(payload=payload | {"asks": asks})
            op.get_bind().execute(changed)


def upgrade() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded_name", sa.String(), nullable=False),
        sa.Column("profile", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_client_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("workspace_id", "folded_name", name=op.f("uq_client_workspace_id_folded_name")),
    )
    op.create_table(
        "rank",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_rank_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rank")),
        sa.UniqueConstraint("workspace_id", "value", name=op.f("uq_rank_workspace_id_value")),
    )
    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_room_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
    )
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "rule_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("rule_id", sa.String(), nullable=False),
        sa.Column("lead", sa.String(), nullable=True),
        sa.Column("keeps_office_hours", sa.Boolean(), nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_rule_override_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_override")),
        sa.UniqueConstraint("workspace_id", "rule_id", name=op.f("uq_rule_override_workspace_id_rule_id")),
    )
    op.create_table(
        "guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("gender", sa.String(), nullable=False),
        sa.Column("diet", sa.String(), nullable=False),
        sa.Column("customs", sa.String(), nullable=False),
        sa.Column("is_vip", sa.Boolean(), nullable=False),
        sa.Column("by_own_car", sa.Boolean(), nullable=False),
        sa.Column("passport", sa.String(), nullable=False),
        sa.Column("passport_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_guest_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest")),
    )
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guest_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("stop_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["about_id"], ["person.id"], name=op.f("fk_remark_about_id_person")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["person.id"], name=op.f("fk_remark_noted_by_id_person")),
        sa.ForeignKeyConstraint(["stop_id"], ["stop.id"], name=op.f("fk_remark_stop_id_stop")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_remark_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remark_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "stop_participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("stop_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stop_participant_person_id_person")),
        sa.ForeignKeyConstraint(["stop_id"], ["stop.id"], name=op.f("fk_stop_participant_stop_id_stop")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_stop_participant_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_participant")),
        sa.UniqueConstraint("stop_id", "part", "person_id", name=op.f("uq_stop_participant_stop_id_part_person_id")),
    )
    with op.batch_alter_table("stop_participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stop_participant_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stop_participant_visit_id"), ["visit_id"], unique=False)

    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(), nullable=False, server_default=_new_key()))
        batch_op.add_column(sa.Column("rule", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column(
                "details",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                nullable=False,
                server_default=sa.text("'{}'"),
            )
        )
        batch_op.alter_column("stop_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.alter_column("stop_starts_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        batch_op.drop_constraint(batch_op.f("uq_declaration_stop_id_person_id_stop_starts_at"), type_="unique")
    _name_what_was_declared()
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f("uq_declaration_visit_id_key"), ["visit_id", "key"])

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into", sa.String(length=32), nullable=True))
        batch_op.alter_column("visit_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(
            "ix_notice_of_workspace",
            ["workspace_id", "key"],
            unique=True,
            sqlite_where=sa.text("visit_id IS NULL"),
            postgresql_where=sa.text("visit_id IS NULL"),
        )

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rank", sa.Integer(), nullable=True))

    with op.batch_alter_table("stop", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("room", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("route", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("plate", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("style", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("is_important", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("is_international", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("is_long", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("needs_car", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hotel_payer", sa.String(), nullable=False, server_default="guest"))
        batch_op.add_column(sa.Column("luggage", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("level", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("level_reason", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("is_vip", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("is_foreign", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("needs_letter", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("letter_issued_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("has_agent", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("brings_interpreter", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("other_stops", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("client_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("background", sa.String(), nullable=False, server_default="open"))
        batch_op.add_column(sa.Column("background_notes", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("copied_from_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_visit_client_id"), ["client_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_visit_copied_from_id_visit"), "visit", ["copied_from_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_visit_client_id_client"), "client", ["client_id"], ["id"])

    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opens", sa.String(), nullable=False, server_default="09:00"))
        batch_op.add_column(sa.Column("closes", sa.String(), nullable=False, server_default="18:00"))
        batch_op.add_column(sa.Column("early_domestic", sa.Integer(), nullable=False, server_default="60"))
        batch_op.add_column(sa.Column("early_international", sa.Integer(), nullable=False, server_default="60"))
        batch_op.add_column(sa.Column("early_train", sa.Integer(), nullable=False, server_default="30"))
        batch_op.add_column(sa.Column("preferred_port", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("port_hint", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("food_rules", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("planned_by", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE stop SET kind = 'breakfast' WHERE kind = 'meal' AND meal = 'breakfast'")


def downgrade() -> None:
    op.execute("UPDATE stop SET kind = 'meal' WHERE kind = 'breakfast'")
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.drop_column("planned_by")
        batch_op.drop_column("food_rules")
        batch_op.drop_column("port_hint")
        batch_op.drop_column("preferred_port")
        batch_op.drop_column("early_train")
        batch_op.drop_column("early_international")
        batch_op.drop_column("early_domestic")
        batch_op.drop_column("closes")
        batch_op.drop_column("opens")

    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_visit_client_id_client"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_visit_copied_from_id_visit"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_visit_client_id"))
        batch_op.drop_column("copied_from_id")
        batch_op.drop_column("background_notes")
        batch_op.drop_column("background")
        batch_op.drop_column("client_id")
        batch_op.drop_column("other_stops")
        batch_op.drop_column("brings_interpreter")
        batch_op.drop_column("has_agent")
        batch_op.drop_column("letter_issued_at")
        batch_op.drop_column("needs_letter")
        batch_op.drop_column("is_foreign")
        batch_op.drop_column("is_vip")
        batch_op.drop_column("level_reason")
        batch_op.drop_column("level")
        batch_op.drop_column("luggage")
        batch_op.drop_column("hotel_payer")

    with op.batch_alter_table("stop", schema=None) as batch_op:
        batch_op.drop_column("needs_car")
        batch_op.drop_column("is_long")
        batch_op.drop_column("is_international")
        batch_op.drop_column("is_important")
        batch_op.drop_column("style")
        batch_op.drop_column("plate")
        batch_op.drop_column("route")
        batch_op.drop_column("room")
        batch_op.drop_column("subject")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("rank")

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_notice_of_workspace",
            sqlite_where=sa.text("visit_id IS NULL"),
            postgresql_where=sa.text("visit_id IS NULL"),
        )
        batch_op.alter_column("visit_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("merged_into")

    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_declaration_visit_id_key"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_declaration_stop_id_person_id_stop_starts_at"), ["stop_id", "person_id", "stop_starts_at"]
        )
        batch_op.alter_column("stop_starts_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("stop_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("details")
        batch_op.drop_column("rule")
        batch_op.drop_column("key")

    with op.batch_alter_table("stop_participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stop_participant_visit_id"))
        batch_op.drop_index(batch_op.f("ix_stop_participant_person_id"))

    op.drop_table("stop_participant")
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_remark_visit_id"))

    op.drop_table("remark")
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guest_visit_id"))

    op.drop_table("guest")
    op.drop_table("rule_override")
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_workspace_id"))

    op.drop_table("room")
    op.drop_table("rank")
    op.drop_table("client")
