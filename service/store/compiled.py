"""A Core statement as the driver takes it: text, values in their order, and how result rows are read. Compiled once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import attrgetter, itemgetter
from typing import Any

import orjson
from sqlalchemy import Dialect, Executable, Integer, LargeBinary, String
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.dialects.sqlite import pysqlite

from service.store.columns import Id, Instant, Json

Convert = Callable[[Any], Any]
# Not the dialects of an engine: what is compiled is shared by all of them. `$1`: as the server itself counts parameters.
_DIALECTS: Mapping[str, Dialect] = {
    "postgresql": psycopg.dialect(paramstyle="numeric_dollar"),  # type: ignore[no-untyped-call]
    "sqlite": pysqlite.dialect(),
}
TEXT, BINARY = 0, 1


@dataclass(frozen=True, eq=False, kw_only=True)
class Compiled:
    """One statement for one dialect."""

    sql: str
    pick: Convert  # the parameters in the order of the text: of a mapping …
    pick_fields: Convert  # … or of a row object
    writers: tuple[Convert | None, ...]  # how each is handed to the driver; None: as it is
    formats: tuple[int, ...] = ()  # PostgreSQL: in which of its two ways each value is written
    fixed: Mapping[str, Any]  # values that stand in the statement itself
    columns: tuple[str, ...]  # of the rows it returns
    readers: tuple[tuple[int, Convert], ...]  # columns that are not what the driver returns

    def bind(self, row: Any) -> tuple[Any, ...]:
        """The values of one execution: of a dictionary, or of an object that has them as fields."""
        if isinstance(row, dict):
            values = self.pick({**self.fixed, **row} if self.fixed else row)
        else:
            values = self.pick_fields(row)
        return tuple(
            [
                value if write is None or value is None else write(value)
                for value, write in zip(values, self.writers, strict=True)
            ]
        )

    def read(self, row: Sequence[Any]) -> dict[str, Any]:
        """One result row by column name."""
        cells = list(row)
        for place, convert in self.readers:
            cells[place] = convert(cells[place])
        return dict(zip(self.columns, cells, strict=True))


@lru_cache(maxsize=512)
def compiled(statement: Executable, database: str) -> Compiled:
    """Remembered by the statement itself, which therefore is a constant of its module or built by a cached function."""
    dialect = _DIALECTS[database]
    text: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    binds = [(name, text.binds[name]) for name in text.positiontup]
    columns: Sequence[Any] = tuple(getattr(statement, "exported_columns", ()))
    readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    written = [
        _written(bind.type, dialect) if database == "postgresql" else _bound(bind.type, dialect) for _, bind in binds
    ]
    return Compiled(
        sql=str(text),
        pick=_picking(itemgetter, text.positiontup),
        pick_fields=_picking(attrgetter, text.positiontup),
        writers=tuple(write for write, _ in written),
        formats=tuple(way for _, way in written),
        fixed={name: bind.value for name, bind in binds if not bind.required},
        columns=tuple(column.name for column in columns),
        readers=tuple((place, convert) for place, convert in enumerate(readers) if convert is not None),
    )


def _picking(getter: Callable[..., Convert], names: Sequence[str]) -> Convert:
    if len(names) > 1:
        return getter(*names)
    one = getter(*names) if names else None
    return lambda row: (one(row),) if one else ()


def _bound(kind: Any, dialect: Dialect) -> tuple[Convert | None, int]:
    if isinstance(kind, Id | Instant | Json):  # what these return, SQLite takes as it is
        return partial(kind.process_bind_param, dialect=dialect), BINARY
    return kind.dialect_impl(dialect).bind_processor(dialect), BINARY


def _written(kind: Any, dialect: Dialect) -> tuple[Convert | None, int]:
    """How PostgreSQL is told a value of a column type. Texts as binary, so that the server sees and refuses a zero byte."""
    match kind:
        case Id():
            return (lambda value: value.bytes), BINARY
        case Instant():
            return (lambda value: kind.process_bind_param(value, dialect).isoformat().encode()), TEXT
        case Json():
            return (lambda value: orjson.dumps(value, option=orjson.OPT_SORT_KEYS)), BINARY
        case LargeBinary():
            return None, BINARY
        case Integer():
            return (lambda value: str(value).encode()), TEXT
        case String():
            return str.encode, BINARY
        case _:
            raise NotImplementedError(f"no way to write {kind!r} is known; send the statement with `execute`")
