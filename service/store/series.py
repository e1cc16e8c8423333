"""Series of numbers without gaps: one row a series, held by whoever counts until the transaction ends."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Executable, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from service.store.schema import number_series

if TYPE_CHECKING:
    from service.store.records import Records


class NumberSeries:
    """Rows of `number_series`."""

    def __init__(self, records: Records) -> None:
        self.records = records

    def next(self, name: str) -> int:
        """The number after the last one of the series, from 1.

        A rollback gives it back. Others who count in the same series wait until this transaction has ended.
        """
        number: int = self.records.execute(_count(self.records.dialect), {"series": name}).scalar_one()
        return number


@cache
def _count(dialect: str) -> Executable:
    insert = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(number_series)
    first = insert.values(name=bindparam("series"), last=1)
    onward = first.on_conflict_do_update(index_elements=["name"], set_={"last": number_series.c.last + 1})
    return onward.returning(number_series.c.last)
