"""Telephone calls, callers' hashes, positions of phones, links that ask for one."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def _moment(name: str, *, needed: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def _text(name: str, *, needed: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=not needed)


def _city(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["city_id"], ["cities.city_id"], ondelete="CASCADE", name=op.f(f"fk_{table}_city_id")
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "telephone_calls",
        sa.Column("call_id", sa.UUID(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        _text("exchange", needed=True), _text("exchange_ref", needed=True),
        _text("state", needed=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("simulated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _moment("rang_at", needed=True), _moment("answered_at"), _moment("ended_at"),
        _moment("silent_at"), _text("transferred_to"), _text("recording_ref"),
        sa.Column("call_back", sa.Text(), server_default=sa.text("'none'"), nullable=False),
        sa.Column("call_back_tries", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        _moment("call_back_due_at"), sa.Column("follows_call_id", sa.UUID(), nullable=True),
        sa.CheckConstraint(
            "state IN ('ringing','answered','held','abandoned','transferred','ended')",
            name=op.f("ck_telephone_calls_state"),
        ),
        sa.CheckConstraint(
            "call_back IN ('none','due','reached','unreached')",
            name=op.f("ck_telephone_calls_call_back"),
        ),
        sa.CheckConstraint(
            "(call_back = 'due') = (call_back_due_at IS NOT NULL)",
            name=op.f("ck_telephone_calls_due"),
        ),
        _city("telephone_calls"),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_telephone_calls")),
        sa.UniqueConstraint(
            "city_id", "exchange", "exchange_ref",
            name=op.f("uq_telephone_calls_city_id_exchange_exchange_ref"),
        ),
    )  # fmt: skip
    op.create_index(
        "ix_telephone_calls_open", "telephone_calls", ["city_id", "rang_at"],
        postgresql_where=sa.text(
            "state IN ('ringing','answered','held') OR call_back IN ('due','unreached')"
        ),
    )  # fmt: skip
    op.create_index("ix_telephone_calls_rang_at", "telephone_calls", ["city_id", "rang_at"])
    op.create_table(
        "caller_digests",
        sa.Column("call_id", sa.UUID(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        _text("key_id", needed=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _moment("noted_at", needed=True),
        _city("caller_digests"),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_caller_digests")),
    )
    op.create_index("ix_caller_digests_digest", "caller_digests", ["digest"])
    op.create_table(
        "caller_fixes",
        sa.Column("fix_id", sa.UUID(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("call_id", sa.UUID(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        _text("source", needed=True),
        _moment("received_at", needed=True), _moment("positioned_at"),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("radius_m", sa.Double(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("shown_radius_m", sa.Double(), nullable=True),
        _text("method", needed=True),
        sa.Column("altitude_m", sa.Double(), nullable=True),
        _text("floor"), sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("faults", JSONB(), nullable=False),
        sa.CheckConstraint(
            "source IN ('sms','https','link')", name=op.f("ck_caller_fixes_source")
        ),
        sa.CheckConstraint(
            "(geom IS NULL) = (shown_radius_m IS NULL)", name=op.f("ck_caller_fixes_area")
        ),
        _city("caller_fixes"),
        sa.PrimaryKeyConstraint("fix_id", name=op.f("pk_caller_fixes")),
    )  # fmt: skip
    op.create_index("ix_caller_fixes_call_id", "caller_fixes", ["call_id"])
    op.create_index("ix_caller_fixes_received_at", "caller_fixes", ["received_at"])
    op.create_index(
        "ix_caller_fixes_digest", "caller_fixes", ["digest", "received_at"],
        postgresql_where=sa.text("call_id IS NULL"),
    )  # fmt: skip
    op.create_index("idx_caller_fixes_geom", "caller_fixes", ["geom"], postgresql_using="gist")
    op.create_table(
        "location_links",
        sa.Column("link_id", sa.UUID(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("call_id", sa.UUID(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        _moment("made_at", needed=True), _moment("expires_at", needed=True), _moment("used_at"),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_location_links_expires")),
        _city("location_links"),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_location_links")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_location_links_token_digest")),
    )  # fmt: skip
    op.create_index("ix_location_links_call_id", "location_links", ["call_id"])


def downgrade() -> None:
    """Take back. Lost: calls of the exchange, hashes of callers, positions of phones, links."""
    for table in ("location_links", "caller_fixes", "caller_digests", "telephone_calls"):
        op.drop_table(table)
