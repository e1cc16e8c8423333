"""Signing in: sessions kept by the server, addresses with failures, earlier passwords, second factors, tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLES = ("api_token", "recovery_code", "second_factor", "past_password", "address_failure", "web_session")


def upgrade() -> None:
    """Create the tables. The passwords there are count as set now: nobody is asked for another one by the upgrade."""
    op.add_column("person", sa.Column("password_at", Instant(), nullable=True))
    sqlite = op.get_bind().dialect.name == "sqlite"
    now = "CAST(strftime('%s', 'now') AS INTEGER) * 1000000" if sqlite else "now()"
    op.execute(f"UPDATE person SET password_at = {now}")
    op.create_table(
        "web_session",
        sa.Column("id", Id(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", Id(), nullable=False),
        sa.Column("stamp", sa.Integer(), nullable=False),
        sa.Column("methods", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=45), server_default="", nullable=False),
        sa.Column("agent", sa.String(length=200), server_default="", nullable=False),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_web_session_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("digest", name=op.f("uq_web_session_digest")),
    )
    op.create_index("ix_web_session_person_id", "web_session", ["person_id"], unique=False)
    op.create_table(
        "address_failure",
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("locked_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_address_failure")),
    )
    op.create_table(
        "past_password",
        sa.Column("person_id", Id(), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_past_password_person_id")),
        sa.PrimaryKeyConstraint("person_id", "set_at", name=op.f("pk_past_password")),
    )
    op.create_table(
        "second_factor",
        sa.Column("id", Id(), nullable=False),
        sa.Column("person_id", Id(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), server_default="", nullable=False),
        sa.Column("detail", Json(), nullable=False),
        sa.Column("counter", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_second_factor_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
    )
    op.create_index("ix_second_factor_person_id", "second_factor", ["person_id"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("person_id", Id(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")),
        sa.PrimaryKeyConstraint("person_id", "digest", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", Id(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", Id(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("scopes", Json(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("revoked_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    op.create_index("ix_api_token_person_id", "api_token", ["person_id"], unique=False)


def downgrade() -> None:
    """Drop them again: everybody signs in anew."""
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("person", "password_at")
