"""Counts of people as they are published, once and for good."""

import sqlalchemy as sa
from alembic import op

from gis.migrations.scripts import run_script

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "disclosure_releases",
        sa.Column("release_id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_until", sa.Date(), nullable=False),
        sa.Column("smallest_told", sa.BigInteger(), nullable=False),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "period_until > period_from", name=op.f("ck_disclosure_releases_period")
        ),
        sa.CheckConstraint("smallest_told > 1", name=op.f("ck_disclosure_releases_smallest_told")),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.city_id"], name=op.f("fk_disclosure_releases_city_id")
        ),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_disclosure_releases")),
        sa.UniqueConstraint(
            "subject",
            "city_id",
            "period_from",
            name=op.f("uq_disclosure_releases_subject_city_id_period_from"),
        ),
    )
    op.create_table(
        "disclosure_cells",
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("group_code", sa.Text(), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("people >= 0", name=op.f("ck_disclosure_cells_people")),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["disclosure_releases.release_id"],
            name=op.f("fk_disclosure_cells_release_id"),
        ),
        sa.PrimaryKeyConstraint(
            "release_id", "area_code", "group_code", name=op.f("pk_disclosure_cells")
        ),
    )
    run_script("0020_disclosure.sql")


def downgrade() -> None:
    """Take back. Lost: all releases. Publishing a period again may then tell what was hidden."""
    run_script("0020_disclosure_down.sql")
