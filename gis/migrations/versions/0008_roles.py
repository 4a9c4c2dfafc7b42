"""Roles are data, with their permissions; the rooms' own are stored after the migrations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ROLES = (
    "dispatcher", "supervisor", "cdc", "planner", "hospital", "clinic", "responder",
    "administrator",
)  # fmt: skip
_CHECK = "role IN ({})".format(",".join(f"'{role}'" for role in _ROLES))


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "roles",
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("words", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("declared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("role ~ '^[a-z][a-z0-9_]{1,39}$'", name=op.f("ck_roles_role")),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_roles")),
    )
    op.create_table(
        "role_permissions",
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("held", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("declared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "permission ~ '^[a-z][a-z_]*$'", name=op.f("ck_role_permissions_permission")
        ),
        sa.ForeignKeyConstraint(
            ["role"], ["roles.role"], name=op.f("fk_role_permissions_role"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("role", "permission", name=op.f("pk_role_permissions")),
    )
    op.drop_constraint(op.f("ck_user_roles_role"), "user_roles", type_="check")
    op.execute("INSERT INTO roles (role, words, declared) SELECT DISTINCT role, '{}'::jsonb, true"
               " FROM user_roles")  # fmt: skip
    op.create_foreign_key(
        op.f("fk_user_roles_role"), "user_roles", "roles", ["role"], ["role"], ondelete="CASCADE"
    )
    op.create_index(op.f("ix_user_roles_role"), "user_roles", ["role"])


def downgrade() -> None:
    """Take back; roles made here and who has them are lost."""
    op.drop_index(op.f("ix_user_roles_role"), table_name="user_roles")
    op.drop_constraint(op.f("fk_user_roles_role"), "user_roles", type_="foreignkey")
    op.execute(f"DELETE FROM user_roles WHERE NOT ({_CHECK})")  # noqa: S608 (no input)
    op.create_check_constraint(op.f("ck_user_roles_role"), "user_roles", _CHECK)
    op.drop_table("role_permissions")
    op.drop_table("roles")
