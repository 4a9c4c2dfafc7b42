"""Planning studies and the cells they are of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "studies",
        sa.Column("study_id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parameters", JSONB(), nullable=False),
        sa.Column("areas", ARRAY(sa.Text()), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("stop_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("inputs", JSONB(), nullable=True),
        sa.Column("progress", JSONB(), nullable=True),
        sa.Column("answer", JSONB(), nullable=True),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.city_id"], ondelete="CASCADE", name=op.f("fk_studies_city_id")
        ),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_studies")),
    )
    op.create_index("ix_studies_city_id", "studies", ["city_id", "study_id"])
    op.create_table(
        "study_cells",
        sa.Column("study_id", sa.BigInteger(), nullable=False),
        sa.Column("cells", ARRAY(sa.Text()), nullable=False),
        sa.Column("lon", ARRAY(sa.Double()), nullable=False),
        sa.Column("lat", ARRAY(sa.Double()), nullable=False),
        sa.Column("people", ARRAY(sa.Double()), nullable=False),
        sa.Column("district", ARRAY(sa.Text()), nullable=False),
        sa.Column("before_s", ARRAY(sa.REAL()), nullable=False),
        sa.Column("after_s", ARRAY(sa.REAL()), nullable=False),
        sa.Column("before", ARRAY(sa.REAL()), nullable=False),
        sa.Column("after", ARRAY(sa.REAL()), nullable=False),
        sa.Column("nearest", ARRAY(sa.Text()), nullable=False),
        sa.Column("shapes", ARRAY(sa.LargeBinary()), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["studies.study_id"],
            ondelete="CASCADE",
            name=op.f("fk_study_cells_study_id"),
        ),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_study_cells")),
    )


def downgrade() -> None:
    """Take back. Lost: every study with its answer."""
    op.drop_table("study_cells")
    op.drop_table("studies")
