"""Workbooks that strangers hand in: how far they unpack, what stands in their XML and how long reading takes is bounded."""

from __future__ import annotations

import io
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

SECONDS = 0.75  # of the processor, for all sheets of a workbook: some 60,000 cells of text
MOST_CELLS = 150_000
MOST_PARTS = 500
MOST_STRINGS, MOST_MARKS = (
    400_000,
    20_000,
)  # tags of the shared strings; of everything else that is read whole, styles first of all
PIECE = 64 * 1024
DECLARED = tuple(
    word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
Rows = list[Sequence[Any]]


class WorkbookTooLarge(ValueError):
    """It unpacks to more than is allowed, or takes too long to read."""


def read_sheets(
    content: bytes, wanted: Callable[[int, str], bool], *, unpacked: int, rows: int, columns: int
) -> dict[str, Rows]:
    """The cells of the sheets that are wanted, asked by place and title. `unpacked`: bytes of all parts at most.

    Raises WorkbookTooLarge, ValueError for document types in it, and whatever a damaged workbook makes its reader raise.
    """
    from openpyxl import load_workbook

    began = time.thread_time()
    _look_through(content, unpacked)
    with warnings.catch_warnings():  # openpyxl warns of styles it does not know
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            return {
                sheet.title: list(_in_time(sheet.iter_rows(max_row=rows, max_col=columns, values_only=True), began))
                for place, sheet in enumerate(book.worksheets)
                if wanted(place, sheet.title)
            }
        finally:
            book.close()


def _in_time(rows: Iterator[Sequence[Any]], began: float) -> Iterator[Sequence[Any]]:
    for row in rows:
        if time.thread_time() - began > SECONDS:
            raise WorkbookTooLarge("reading takes too long")
        yield row


def _look_through(content: bytes, unpacked: int) -> None:
    """Every part to its end: no more than is allowed, and no document type, whose entities would unpack without end."""
    total = marks = 0
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        cells, entries = 0, parts.infolist()
        if len(entries) > MOST_PARTS or sum(one.file_size for one in entries) > unpacked:
            raise WorkbookTooLarge("it unpacks to too much")
        for entry in entries:
            before, strings = b"", 0
            streamed = "/worksheets/" in entry.filename
            with parts.open(entry) as stream:
                while piece := stream.read(PIECE):
                    total += len(piece)
                    if total > unpacked:
                        raise WorkbookTooLarge("it unpacks to too much")
                    if any(word in before + piece for word in DECLARED):
                        raise ValueError("a document type")
                    if entry.filename.endswith("haredStrings.xml"):
                        strings += piece.count(b"<")
                    elif streamed:
                        cells += piece.count(b"<c ") + piece.count(b"<c>") + piece.count(b"<c/")
                    else:
                        marks += piece.count(b"<")
                    if strings > MOST_STRINGS or marks > MOST_MARKS or cells > MOST_CELLS:
                        raise WorkbookTooLarge("too many cells, or too many parts of it are read whole")
                    before = piece[-32:]
