"""Every row that bears a seal, looked at one after another; and the rows of before, sealed once when the column came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, literal, select, text, tuple_, update

from service.store.records_schema import WRITTEN_ONCE, keeping
from service.store.seals import KEYS, TABLES, RecordTampered, Seals, raw

if TYPE_CHECKING:
    from service.store.records import Records

AT_ONCE = 2000


def wrong_rows(records: Records, table: str, key_ids: Counter[str]) -> Iterator[RecordTampered]:
    """Rows of a table that are not as they were written, by key; `key_ids` counts rows by the key their seals say."""
    for values in chain.from_iterable(_batches(records.connection, table)):
        mac = values.pop("mac")
        key_ids[(mac or "").partition(":")[0]] += 1
        if not records.seals.holds(table, values, mac):
            yield RecordTampered(table, {name: values[name] for name in KEYS[table]})


def unknown_keys(records: Records, known: Callable[[str], bool]) -> tuple[str, ...]:
    """Ids of keys that grants are sealed with and nobody has."""
    found = records.execute(select(TABLES["person_role"].c.mac).where(TABLES["person_role"].c.mac.is_not(None)))
    ids = {str(mac).partition(":")[0] for mac in found.scalars()}
    return tuple(sorted(one for one in ids if not known(one)))


def seal_existing(connection: Connection, seals: Seals) -> int:
    """Seal every row of before, within the migration that brings the column; how many. What they said then is what counts from now on."""
    sealed = 0
    for name, table in TABLES.items():
        kept = table in WRITTEN_ONCE
        if kept:
            _let_go(connection, name)
        write = (
            update(table)
            .where(*(table.c[key] == bindparam(f"one_{key}") for key in KEYS[name]))
            .values(mac=bindparam("new_mac"))
        )
        for rows in _batches(connection, name):
            new = [
                {f"one_{key}": values[key] for key in KEYS[name]} | {"new_mac": seals.mac(name, values)}
                for values in rows
            ]
            connection.execute(write, new)
            sealed += len(new)
        if kept:
            _keep(connection, name)
    return sealed


def _batches(connection: Connection, table: str) -> Iterator[list[dict[str, Any]]]:
    """All rows in the order of their keys, so many at once."""
    key = [TABLES[table].c[name] for name in KEYS[table]]
    query = select(*raw(TABLES[table])).order_by(*key).limit(AT_ONCE)
    rows = [dict(row._mapping) for row in connection.execute(query)]
    while rows:
        last = tuple_(*(literal(rows[-1][column.name], column.type) for column in key))
        yield rows
        rows = [dict(row._mapping) for row in connection.execute(query.where(tuple_(*key) > last))]


def _let_go(connection: Connection, table: str) -> None:
    """Triggers that refuse changes go for the time of the migration."""
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER {table}_keeps_{verb}"))
    else:
        for name in ("keeps", "keeps_all"):
            connection.execute(text(f"DROP TRIGGER {table}_{name} ON {table}"))


def _keep(connection: Connection, table: str) -> None:
    for statement in keeping(table, connection.dialect.name):
        connection.execute(text(statement))
