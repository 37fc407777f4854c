"""ranks of a company for every workspace that has none"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SCALE = (
    (100, "Chairman or Chairwoman", "Presidente/a del Consejo de Administración", "董事长"),
    (95, "Vice Chair", "Vicepresidente/a del Consejo", "副董事长"),
    (90, "President, CEO", "Director/a ejecutivo/a, CEO", "总裁、首席执行官"),
    (85, "General Manager", "Director/a general", "总经理"),
    (80, "Executive Deputy General Manager", "Primer/a subdirector/a general", "常务副总经理"),
    (75, "Deputy General Manager", "Subdirector/a general", "副总经理"),
    (65, "Director of an area", "Director/a de área", "总监"),
    (55, "Department Manager", "Jefe/a de departamento", "部门经理"),
    (50, "Deputy Manager", "Subjefe/a de departamento", "副经理"),
    (40, "Supervisor", "Supervisor/a", "主管"),
    (20, "Specialist, Officer", "Especialista, técnico/a", "专员、职员"),
)
"""The scale that was the same for every house until now."""


def upgrade() -> None:
    workspaces = sa.table("workspace", sa.column("id", sa.String))
    ranks = sa.table(
        "rank",
        sa.column("workspace_id", sa.String),
        sa.column("value", sa.Integer),
        sa.column("titles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
    )
    known = sa.select(ranks.c.workspace_id)
    bare = op.get_bind().execute(sa.select(workspaces.c.id).where(workspaces.c.id.not_in(known))).scalars().all()
    rows = [
        {"workspace_id": workspace, "value": value, "titles": {"en": english, "es": spanish, "zh_CN": chinese}}
        for workspace in bare
        for value, english, spanish, chinese in _SCALE
    ]
    if rows:
        op.get_bind().execute(sa.insert(ranks), rows)


def downgrade() -> None:
    """The ranks stay: the release before does not look at them."""
