"""Areas have a parent and a path; jurisdictions are compared by its segments."""

import sqlalchemy as sa
from alembic import op

from gis.migrations.scripts import run_script

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("areas", sa.Column("parent_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "areas",
        sa.Column("path", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.create_foreign_key(
        op.f("fk_areas_parent_id"), "areas", "areas", ["parent_id"], ["area_id"],
        ondelete="SET NULL",
    )  # fmt: skip
    op.create_index(op.f("ix_areas_parent_id"), "areas", ["parent_id"], unique=False)
    op.create_index("ix_areas_path", "areas", ["path"], unique=False, postgresql_using="gin")
    run_script("0007_areas.sql")


def downgrade() -> None:
    """Take back."""
    run_script("0007_areas_down.sql")
    op.drop_index("ix_areas_path", table_name="areas", postgresql_using="gin")
    op.drop_index(op.f("ix_areas_parent_id"), table_name="areas")
    op.drop_constraint(op.f("fk_areas_parent_id"), "areas", type_="foreignkey")
    op.drop_column("areas", "path")
    op.drop_column("areas", "parent_id")
