"""The version of the staff: grows with every change of a person, a role or an absence, whoever makes it.

And the row that acts hold which count by no calendar.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("person", "person_role", "absence")
COUNTED = {"person": " OF username, department, active"}  # signing in changes others
EVENTS = ("INSERT", "UPDATE", "DELETE")
GROW = "UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'staff_version';"


def upgrade() -> None:
    """The row and the triggers that count it up."""
    op.execute("INSERT INTO setting (name, value) VALUES ('staff_version', '1'), ('uncounted', '0')")
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(
            f"CREATE FUNCTION staff_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {GROW} RETURN NULL; END $$"
        )
    for table in TABLES:
        for event in EVENTS:
            when = event + (COUNTED.get(table, "") if event == "UPDATE" else "")
            then = "EXECUTE FUNCTION staff_changed()" if postgres else f"BEGIN {GROW} END"
            op.execute(f"CREATE TRIGGER {_name(table, event)} AFTER {when} ON {table} {then}")


def downgrade() -> None:
    """Take them away again."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in TABLES:
        for event in EVENTS:
            op.execute(f"DROP TRIGGER {_name(table, event)}" + (f" ON {table}" if postgres else ""))
    if postgres:
        op.execute("DROP FUNCTION staff_changed()")
    op.execute("DELETE FROM setting WHERE name IN ('staff_version', 'uncounted')")


def _name(table: str, event: str) -> str:
    return f"staff_{table}_{event.lower()}"
