"""Which files of the blob store are referred to: every column that `blob_column` declares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, select, union_all

from service.store.records import Records
from service.store.tables import metadata

PAGE = 500


def blob_columns() -> tuple[ColumnElement[str], ...]:
    """Every column that holds digests."""
    return tuple(
        column for table in metadata.sorted_tables for column in table.columns if column.info.get("blob") is True
    )


def referred(records: Records, digests: Sequence[str]) -> frozenset[str]:
    """Which of these digests some row refers to."""
    asked = [select(column).where(column.in_(digests)).distinct() for column in blob_columns()]
    if not asked or not digests:
        return frozenset()
    return frozenset(row[0] for row in records.execute(union_all(*asked)))


def every_reference(records: Records) -> Iterator[str]:
    """Every digest that some row refers to, each once, in order."""
    columns, last = blob_columns(), ""
    while columns:
        pages = [
            select(column.label("digest")).where(column > last).distinct().order_by(column).limit(PAGE).subquery()
            for column in columns
        ]
        rows = records.execute(union_all(*(select(page.c.digest) for page in pages)))
        found = sorted({row[0] for row in rows})[:PAGE]
        if not found:
            return
        yield from found
        last = found[-1]
