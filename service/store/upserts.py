"""INSERT … ON CONFLICT DO UPDATE: the one statement both databases spell alike but SQLAlchemy keeps in two dialects."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite


@cache
def upsert(dialect: str, table: Table, key: tuple[str, ...], changing: tuple[str, ...] = ()) -> Executable:
    """Insert a row; when the key is there, overwrite the columns `changing` (every other column when not given)."""
    insert = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    names = changing or tuple(column.name for column in table.columns if column.name not in key)
    return insert.on_conflict_do_update(index_elements=list(key), set_={name: insert.excluded[name] for name in names})
