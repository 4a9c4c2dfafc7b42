"""Signals of the data themselves: far fewer reports than were due."""

from alembic import op

from gis.migrations.scripts import run_script

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_KIND = "kind IN ('series','institution','calls'{more})"
_NAMED = (
    "({more}(kind = 'institution') = (institution_key IS NOT NULL))"
    " AND (institution_key IS NULL) = (institution IS NULL)"
)


def _checks(kind: str, institution: str) -> None:
    for name, check in (("kind", kind), ("institution", institution)):
        whole = op.f(f"ck_surveillance_signals_{name}")
        op.drop_constraint(whole, "surveillance_signals")
        op.create_check_constraint(whole, "surveillance_signals", check)


def upgrade() -> None:
    """Apply."""
    _checks(_KIND.format(more=",'drop'"), _NAMED.format(more="kind = 'drop' OR "))
    run_script("0055_drops.sql")


def downgrade() -> None:
    """Take back. Lost: the signals of drops."""
    op.execute("DELETE FROM surveillance_signals WHERE kind = 'drop'")
    _checks(_KIND.format(more=""), _NAMED.format(more=""))
    run_script("0050_calls.sql")
