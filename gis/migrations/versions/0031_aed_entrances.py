"""Which entrance leads to a defibrillator, and pictures of the places where they hang."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_CHECKS = {
    "content": "octet_length(content) BETWEEN 100 AND 400000",
    "named": "btrim(source) <> '' AND btrim(licence) <> ''",
}


def upgrade() -> None:
    """Apply."""
    op.add_column("aeds", sa.Column("entrance", sa.Text(), nullable=True))
    op.create_table(
        "aed_photos",
        sa.Column("aed_id", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        *(
            sa.CheckConstraint(words, name=op.f(f"ck_aed_photos_{name}"))
            for name, words in _CHECKS.items()
        ),
        sa.ForeignKeyConstraint(
            ["aed_id"], ["aeds.aed_id"], name=op.f("fk_aed_photos_aed_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("aed_id", name=op.f("pk_aed_photos")),
    )


def downgrade() -> None:
    """Take back. Lost: entrances and pictures."""
    op.drop_table("aed_photos")
    op.drop_column("aeds", "entrance")
