"""PostgreSQL databases that are used again: making one from a template costs a second of processor time, emptying one little.

A database that a test has given back holds the rows and numbers of its template and nothing else. One whose tables,
triggers or functions a test has changed is thrown away, and so is one that has served many, before it is bloated.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg
from psycopg import sql

USES = 60
CATALOGS = ("pg_class", "pg_attribute", "pg_trigger", "pg_constraint", "pg_proc", "pg_index", "pg_type")
SHAPE = " UNION ALL ".join(f"SELECT count(*), sum(xmin::text::numeric) FROM {name}" for name in CATALOGS) + (
    " UNION ALL SELECT count(*), 0 FROM pg_db_role_setting"
)
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
FILLED = TABLES.replace("ORDER BY", "AND pg_relation_size(oid) > 0 ORDER BY")
NUMBERS = "SELECT sequencename, start_value, last_value FROM pg_sequences WHERE schemaname = 'public'"
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


@dataclass
class Used:
    """A database, what it looked like when it was made, and how often it was used."""

    name: str
    shape: list[tuple]
    uses: int = 0


@dataclass
class Recycled:
    """Databases made from one template; `server` is the URL of the maintenance database as libpq reads it."""

    server: str
    template: str
    rows: dict[str, bytes] = field(default_factory=dict)
    numbers: list[tuple] = field(default_factory=list)
    free: list[Used] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self._connect(self.template) as connection:
            for (table,) in connection.execute(TABLES).fetchall():
                with connection.cursor().copy(self._copy(table, "TO STDOUT")) as copy:
                    content = b"".join(bytes(block) for block in copy)
                if len(content) > 21:  # header and trailer of a copy without rows
                    self.rows[table] = content
            self.numbers = connection.execute(NUMBERS).fetchall()

    def take(self, name: str) -> Used:
        """A database as the template is; `name` is for a new one."""
        if self.free:
            return self.free.pop()
        self._say("CREATE DATABASE {} TEMPLATE {}", name, self.template)
        with self._connect(name) as connection:
            return Used(name, connection.execute(SHAPE).fetchall())

    def give_back(self, used: Used) -> None:
        """Made as it was, or dropped."""
        used.uses += 1
        if used.uses < USES and self._restore(used):
            self.free.append(used)
        else:
            self._say("DROP DATABASE {} WITH (FORCE)", used.name)

    def _restore(self, used: Used) -> bool:
        with self._connect(used.name) as connection:
            connection.execute(OTHERS, [used.name])
            if connection.execute(SHAPE).fetchall() != used.shape:
                return False
            connection.execute("SET session_replication_role = replica")  # what is written once may go now
            for (table,) in connection.execute(FILLED).fetchall():
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            for table, content in self.rows.items():
                with connection.cursor().copy(self._copy(table, "FROM STDIN")) as copy:
                    copy.write(content)
            for name, start, last in self.numbers:
                connection.execute(
                    "SELECT setval(%s::regclass, %s, %s)", [f'public."{name}"', last or start, bool(last)]
                )
        return True

    @staticmethod
    def _copy(table: str, where: str) -> sql.Composed:
        return sql.SQL("COPY {} " + where + " (FORMAT BINARY)").format(sql.Identifier(table))

    def _connect(self, name: str) -> psycopg.Connection:
        return psycopg.connect(self.server, dbname=name)

    def _say(self, text: str, *names: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.SQL(text).format(*map(sql.Identifier, names)))
