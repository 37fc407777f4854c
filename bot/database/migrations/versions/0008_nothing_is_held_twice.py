"""a car, a driver or a room is held by one request at a time: refused by the database itself

What is assigned already is held from now on as well.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0011"
branch_labels = None
depends_on = None

RESOURCES = ("vehicle_id", "person_id", "room_id")
_EARLY, _UNKNOWN = timedelta(minutes=20), timedelta(hours=1)
_MOMENT = sa.DateTime(timezone=True)
_hold = sa.table(
    "hold",
    sa.column("workspace_id", sa.String),
    sa.column("visit_id", sa.Integer),
    sa.column("booking_id", sa.Integer),
    sa.column("vehicle_id", sa.Integer),
    sa.column("person_id", sa.Integer),
    sa.column("starts_at", _MOMENT),
    sa.column("ends_at", _MOMENT),
)


def upgrade() -> None:
    _hold_what_is_assigned()
    for resource in RESOURCES:
        if op.get_bind().dialect.name == "postgresql":
            # Ranges have GiST operators of their own: no extension is needed.
            op.execute(
                f"ALTER TABLE hold ADD CONSTRAINT ex_hold_{resource} EXCLUDE USING gist"
                f" (int8range({resource}::bigint, {resource}::bigint, '[]') WITH &&,"
                f" tstzrange(starts_at, ends_at) WITH &&) WHERE ({resource} IS NOT NULL)"
            )
        else:
            _refuse_on_sqlite(resource)


def _refuse_on_sqlite(resource: str) -> None:
    """A table that a later step copies loses its triggers: that step has to make them again."""
    for event in ("INSERT", f"UPDATE OF {resource}, starts_at, ends_at"):
        name = f"hold_{resource}_on_{event.partition(' ')[0].lower()}"
        at_the_time = "starts_at < NEW.ends_at AND ends_at > NEW.starts_at"
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON hold WHEN NEW.{resource} IS NOT NULL"  # noqa: S608 - names above
            f" AND EXISTS (SELECT 1 FROM hold WHERE {resource} = NEW.{resource} AND id IS NOT NEW.id AND {at_the_time})"
            f" BEGIN SELECT RAISE(ABORT, '{resource} is held already'); END"
        )


def _hold_what_is_assigned() -> None:
    bind = op.get_bind()
    assigned = sa.text(
        "SELECT visit.workspace_id, visit.id AS visit_id, booking.id AS booking_id, booking.vehicle_id,"
        " booking.driver_id AS person_id, stop.starts_at, stop.ends_at, stop.travel_minutes FROM booking"
        " JOIN visit ON visit.id = booking.visit_id JOIN stop ON stop.id = booking.stop_id"
        " WHERE visit.state = 'open' AND booking.kind = 'vehicle' AND booking.state IN ('assigned', 'confirmed')"
        " AND NOT stop.is_removed ORDER BY booking.id"
    ).columns(starts_at=_MOMENT, ends_at=_MOMENT)
    held: list[tuple[str, int, datetime, datetime]] = []
    for row in bind.execute(assigned).mappings().all():
        ends, arrives = _utc(row["ends_at"]), _utc(row["starts_at"])
        travel = row["travel_minutes"]
        begins = arrives - (_UNKNOWN if travel is None else timedelta(minutes=travel) + _EARLY)
        for resource in ("vehicle_id", "person_id"):
            taken = row[resource]
            free = all((resource, taken) != (kind, who) or ends <= a or b <= begins for kind, who, a, b in held)
            if taken is not None and free:
                held.append((resource, taken, begins, ends))
                shared = {name: row[name] for name in ("workspace_id", "visit_id", "booking_id")}
                bind.execute(_hold.insert().values(**shared, **{resource: taken}, starts_at=begins, ends_at=ends))


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def downgrade() -> None:
    for resource in RESOURCES:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"ALTER TABLE hold DROP CONSTRAINT ex_hold_{resource}")
        else:
            op.execute(f"DROP TRIGGER hold_{resource}_on_insert")
            op.execute(f"DROP TRIGGER hold_{resource}_on_update")
    op.execute("DELETE FROM hold")
