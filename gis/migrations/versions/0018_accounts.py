"""Accounts have a version, logins and tokens a name of their own; one administrator always stays."""

import sqlalchemy as sa
from alembic import op

from gis.migrations.scripts import run_script

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_LOGINS = {"login_sessions": "session_id", "api_tokens": "token_id"}


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "users", sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False)
    )
    for table, name in _LOGINS.items():
        op.add_column(
            table,
            sa.Column(name, sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        )
        op.add_column(table, sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
        op.create_unique_constraint(op.f(f"uq_{table}_{name}"), table, [name])
    op.add_column(
        "installation",
        sa.Column(
            "has_administrator", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
    )
    run_script("0018_accounts.sql")


def downgrade() -> None:
    """Take back."""
    run_script("0018_accounts_down.sql")
    op.drop_column("installation", "has_administrator")
    for table, name in _LOGINS.items():
        op.drop_constraint(op.f(f"uq_{table}_{name}"), table, type_="unique")
        op.drop_column(table, "seen_at")
        op.drop_column(table, name)
    op.drop_column("users", "version")
