"""whoever was asked for consent, or had the reception notice, knows of the visit and hears when it is off"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what was sent, its readers know that the visit takes place: under 0, where others have the facts of a stop."""
    as_json = "" if op.get_bind().dialect.name == "sqlite" else "::jsonb"
    op.execute(
        f"""UPDATE notice SET told = '{{"0": {{}}}}'{as_json}
        WHERE (kind IN ('plan_request', 'change_request') OR rule = 'B7')
        AND sent_at IS NOT NULL AND told = '{{}}'{as_json}"""  # noqa: S608 - names above
    )


def downgrade() -> None:
    """The release before passes over what is told of no stop: there is nothing to undo."""
