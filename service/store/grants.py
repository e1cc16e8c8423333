"""A role of PostgreSQL for the service that does not own the tables: what is written once it may add and read, nothing else.

Whoever owns a table can drop its triggers; a role without UPDATE and DELETE cannot even try (GB/T 22239-2019 8.1.4.3 c).
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from service.rules.refusals import Conflict, Invalid, Missing
from service.store.database import Database

ROLE = "SELECT rolsuper, pg_has_role(rolname, relowner, 'MEMBER') FROM pg_roles, pg_class WHERE rolname = :role AND relname = 'journal'"
TABLES = """
    SELECT relname AS name, EXISTS (
        SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND tgname = relname || '_keeps'
    ) AS kept
    FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') ORDER BY relname
"""
SEALING = ("ledger", "audit_block")  # locked as a whole while they are sealed
MAINTAIN_SINCE = 17  # release of PostgreSQL in which locking got a right of its own


def grant_service(database: Database, role: str) -> tuple[str, ...]:
    """Give `role` what the service needs, take from it whatever else it had on our tables; the tables that it can only add to.

    Run by the owner, after every upgrade again. Refused: Invalid GRANT_NEEDS_POSTGRESQL, Missing ROLE_UNKNOWN, Conflict
    ROLE_OWNS_TABLES (a superuser, or the owner itself).
    """
    if database.dialect != "postgresql":
        raise Invalid("GRANT_NEEDS_POSTGRESQL", "只有 PostgreSQL 有数据库角色；SQLite 由触发器和文件权限保护。")
    with database.writing() as connection:
        found = connection.execute(text(ROLE), {"role": role}).one_or_none()
        if found is None:
            raise Missing("ROLE_UNKNOWN", "数据库里没有角色 {role}，请先 CREATE ROLE … LOGIN。", role=role)
        if any(found):
            raise Conflict("ROLE_OWNS_TABLES", "{role} 是表的所有者或超级用户，限制对它没有意义。", role=role)
        return _grant(connection, role)


def _grant(connection: Connection, role: str) -> tuple[str, ...]:
    quote = connection.dialect.identifier_preparer.quote
    to, schema = quote(role), quote(connection.execute(text("SELECT current_schema()")).scalar_one())
    version = connection.dialect.server_version_info or (0,)
    whole = "MAINTAIN" if int(version[0]) >= MAINTAIN_SINCE else "TRUNCATE"  # a trigger refuses TRUNCATE all the same
    tables = connection.execute(text(TABLES)).all()
    statements = [
        f"GRANT USAGE ON SCHEMA {schema} TO {to}",
        f"REVOKE CREATE ON SCHEMA {schema} FROM {to}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {to}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {to}",
    ]
    for table in tables:
        rights = "SELECT, INSERT" if table.kept else "SELECT, INSERT, UPDATE, DELETE"
        if table.name == "alembic_version":
            rights = "SELECT"
        if table.name in SEALING:
            rights += f", {whole}"
        statements.append(f"GRANT {rights} ON {quote(table.name)} TO {to}")
    for statement in statements:
        connection.execute(text(statement.replace(":", r"\:")))
    return tuple(table.name for table in tables if table.kept)
