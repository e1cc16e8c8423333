"""Letters of authority, declared relatives and signatures; a change of the first two makes the staff another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = ("authority_letter", "relative")
EVENTS = ("INSERT", "UPDATE", "DELETE")
GROW = "UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'staff_version';"


def upgrade() -> None:
    """Add the tables and the triggers that count up the version of the staff."""
    op.create_table(
        "authority_letter",
        sa.Column("id", Id(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("department", sa.String(8), nullable=False),
        sa.Column("grantor", sa.String(60), nullable=False),
        sa.Column("grantee", sa.String(60), nullable=False),
        sa.Column("deputy", sa.String(60), nullable=True),
        sa.Column("items", Json(), nullable=False),
        sa.Column("powers", Json(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("scan", sa.String(64), nullable=True),
        sa.Column("scan_name", sa.String(120), server_default="", nullable=False),
        sa.Column("scan_type", sa.String(80), server_default="", nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("registered_by", sa.String(60), nullable=False),
        sa.Column("registered_at", Instant(), nullable=False),
        sa.Column("activated_by", sa.String(60), nullable=True),
        sa.Column("activated_at", Instant(), nullable=True),
        sa.Column("withdrawn_by", sa.String(60), nullable=True),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_letter")),
        sa.UniqueConstraint("number", name=op.f("uq_authority_letter_number")),
    )
    op.create_index("ix_authority_letter_department", "authority_letter", ["department", "state"])
    op.create_table(
        "relative",
        sa.Column("id", Id(), nullable=False),
        sa.Column("username", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("identity", sa.String(64), server_default="", nullable=False),
        sa.Column("declared_by", sa.String(60), nullable=False),
        sa.Column("declared_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relative")),
    )
    op.create_index("ix_relative_username", "relative", ["username"])
    op.create_table(
        "signature",
        sa.Column("username", sa.String(60), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.Column("drawn_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("username", name=op.f("pk_signature")),
    )
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in TABLES:
        for event in EVENTS:
            then = "EXECUTE FUNCTION staff_changed()" if postgres else f"BEGIN {GROW} END"
            op.execute(f"CREATE TRIGGER {_name(table, event)} AFTER {event} ON {table} {then}")


def downgrade() -> None:
    """Take them away again."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in TABLES:
        for event in EVENTS:
            op.execute(f"DROP TRIGGER {_name(table, event)}" + (f" ON {table}" if postgres else ""))
    for table in ("signature", "relative", "authority_letter"):
        op.drop_table(table)


def _name(table: str, event: str) -> str:
    return f"staff_{table}_{event.lower()}"
