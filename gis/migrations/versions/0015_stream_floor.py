"""The stream of a restored database goes on in a new block of positions."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "installation",
        sa.Column("stream_floor", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_column("installation", "stream_floor")
