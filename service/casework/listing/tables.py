"""Rows as a file: CSV that spreadsheets read as UTF-8, or a workbook. A cell is data, never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from service.casework.actors import Actor
from service.casework.office import Office
from service.rules.cells import harmless
from service.rules.refusals import Invalid, refuse
from service.rules.vocabulary import LedgerAction
from service.rules.worktime import SHANGHAI

FORMATS = ("xlsx", "csv")
MOST = 10_000  # rows of one file
LONGEST_PURPOSE = 200
WIDEST = 60  # letters of a column


def write_table(kind: str, title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The file of a list, `kind` xlsx or csv."""
    return _workbook(title, heads, rows) if kind == "xlsx" else _comma_separated(heads, rows)


def note_export(
    office: Office, actor: Actor, *, name: str, kind: str, filters: dict[str, str], rows: int, purpose: str
) -> None:
    """One line of the ledger for each file that leaves the house (LW-11). Refused: Invalid PURPOSE_MISSING, PURPOSE_TOO_LONG."""
    require_purpose(purpose)
    with office.transaction() as records:
        detail = {"format": kind, "filters": filters, "rows": rows, "purpose": purpose.strip()}
        records.ledger.write(LedgerAction.LIST_EXPORTED, actor.username, name, detail)


def require_purpose(purpose: str) -> None:
    """Refused, naming the field: PURPOSE_MISSING, PURPOSE_TOO_LONG."""
    if not purpose.strip():
        raise refuse("purpose", "PURPOSE_MISSING", "请写明导出的用途。")
    if len(purpose.strip()) > LONGEST_PURPOSE:
        raise refuse("purpose", "PURPOSE_TOO_LONG", "导出的用途不能超过 {most} 个字。", most=LONGEST_PURPOSE)


def require_short(total: int) -> None:
    """Refused: Invalid LIST_TOO_LONG_FOR_FILE."""
    if total > MOST:
        raise Invalid(
            "LIST_TOO_LONG_FOR_FILE", "共 {total} 条，一次最多导出 {most} 条，请先筛选。", total=total, most=MOST
        )


def plain_cell(value: Any) -> Any:
    """A value as a cell holds it: instants in China without an offset, texts that nobody takes for a formula."""
    match value:
        case None:
            return ""
        case bool():
            return str(value)
        case int() | float() | Decimal():
            return value
        case datetime():
            return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
        case _:
            text = "".join(letter for letter in str(value) if letter in "\n\t" or ord(letter) >= 32)[:32_000]
            return harmless(text)


def _comma_separated(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\r\n")
    writer.writerow([plain_cell(head) for head in heads])
    for row in rows:
        writer.writerow([plain_cell(value) for value in row])
    return b"\xef\xbb\xbf" + content.getvalue().encode()


def _workbook(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(letter for letter in title if letter not in r"[]:*?/\\")[:31] or "1")
    lines = [[plain_cell(value) for value in row] for row in rows]
    for place, head in enumerate(heads, 1):
        widest = max([len(str(head)), *(len(str(line[place - 1])) for line in lines)], default=8)
        sheet.column_dimensions[get_column_letter(place)].width = min(WIDEST, 2 + 2 * widest)
    sheet.freeze_panes = "A2"
    sheet.append([plain_cell(head) for head in heads])
    for line in lines:
        sheet.append(line)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
