"""A list as a file people open with a spreadsheet. A cell is data, never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from service.rules.cells import harmless

WIDEST = 60  # characters


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Comma-separated, with the mark spreadsheets know UTF-8 by."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_workbook(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet, its head kept in sight; every cell is text."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    lines = [list(heads), *(list(row) for row in rows)]
    for number in range(len(heads)):
        longest = max((len(line[number]) for line in lines[:200]), default=8)
        sheet.column_dimensions[get_column_letter(number + 1)].width = min(WIDEST, 4 + 2 * longest)
    for line in lines:
        cells = []
        for text in line:
            cell = WriteOnlyCell(sheet, value=text)
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
