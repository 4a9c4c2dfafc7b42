"""Exports are on record; those about persons need a second person."""

import sqlalchemy as sa
from alembic import op

from gis.migrations.scripts import run_script

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_CHECKS = {
    "format": "format IN ('csv','json')",
    "purpose": "length(btrim(purpose)) >= 10",
    "named": "btrim(recipient) <> '' AND btrim(legal_basis) <> ''",
    "expires_at": "expires_at > requested_at",
    "decision": "decision IN ('approved','refused')",
    "decided": "(decided_at IS NULL) = (decided_by IS NULL)"
    " AND (decided_at IS NULL) = (decision IS NULL)",
    "other_decider": "decided_by <> requested_by",
    "sha256": "octet_length(sha256) = 32",
}


def _at(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[sa.Text]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "exports",
        sa.Column("export_id", sa.UUID(), nullable=False),
        _text("kind"),
        _text("format"),
        sa.Column("persons", sa.Boolean(), nullable=False),
        sa.Column("fields", sa.ARRAY(sa.Text()), nullable=False),
        _text("purpose"),
        _text("recipient"),
        _text("legal_basis"),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        _text("requested_by"),
        _at("requested_at"),
        _at("expires_at"),
        _text("decision", nullable=True),
        _text("decided_by", nullable=True),
        _at("decided_at", nullable=True),
        _text("decision_note", nullable=True),
        *(
            sa.CheckConstraint(words, name=op.f(f"ck_exports_{name}"))
            for name, words in _CHECKS.items()
        ),
        sa.PrimaryKeyConstraint("export_id", name=op.f("pk_exports")),
    )
    op.create_index("ix_exports_requested_at", "exports", ["requested_at"])
    op.create_table(
        "export_files",
        sa.Column("export_id", sa.UUID(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"], ["exports.export_id"], name=op.f("fk_export_files_export_id")
        ),
        sa.PrimaryKeyConstraint("export_id", name=op.f("pk_export_files")),
    )
    op.create_table(
        "export_fetches",
        sa.Column("fetch_id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("export_id", sa.UUID(), nullable=False),
        _text("fetched_by"),
        _at("fetched_at"),
        sa.ForeignKeyConstraint(
            ["export_id"], ["exports.export_id"], name=op.f("fk_export_fetches_export_id")
        ),
        sa.PrimaryKeyConstraint("fetch_id", name=op.f("pk_export_fetches")),
    )
    op.create_index(op.f("ix_export_fetches_export_id"), "export_fetches", ["export_id"])
    run_script("0023_exports.sql")


def downgrade() -> None:
    """Take back."""
    op.execute("DROP FUNCTION drop_export_files(timestamptz)")
    for table in ("export_fetches", "export_files", "exports"):
        op.drop_table(table)
