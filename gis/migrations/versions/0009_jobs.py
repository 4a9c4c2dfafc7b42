"""The queue of jobs (procrastinate 3.10), and what people see of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from gis.migrations.scripts import run_script

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_STATES = "state IN ('waiting','running','done','failed','cancelled')"


def _at(name: str, *, nullable: bool = True) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "jobs",
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=True),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Text(), server_default=sa.text("'system'"), nullable=False),
        _at("created_at", nullable=False),
        _at("due_at"),
        _at("started_at"),
        _at("ended_at"),
        _at("updated_at", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("done", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("total", sa.Float(), nullable=True),
        sa.Column("message", postgresql.JSONB(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("cancel_requested_by", sa.Text(), nullable=True),
        sa.CheckConstraint(_STATES, name=op.f("ck_jobs_state")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_jobs")),
    )
    op.create_table(
        "job_effects",
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        _at("made_at", nullable=False),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_effects")),
    )
    op.create_index("ix_jobs_updated_at", "jobs", ["updated_at"], unique=False)
    op.create_index("ix_jobs_state_job_id", "jobs", ["state", "job_id"], unique=False)
    run_script("0009_procrastinate.sql")
    run_script("0009_jobs.sql")


def downgrade() -> None:
    """Take back."""
    run_script("0009_jobs_down.sql")
    op.drop_table("job_effects")
    op.drop_table("jobs")
