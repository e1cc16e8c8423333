"""The register as a workbook: one sheet for the items, one for each list of theirs; what is read is told by sheet and row.

Column heads are the fields' names in Chinese or their keys; closed lists are written by their keys. A cell is data, never
a formula: what begins like one is written as text and read as text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from service.casework.workbooks import Rows, WorkbookTooLarge, read_sheets
from service.rules.cells import DANGEROUS
from service.rules.items import ItemCard, card_data
from service.rules.refusals import TooLarge, refuse

LARGEST = 4 * 1024 * 1024  # bytes of the file
UNPACKED = 24 * 1024 * 1024  # bytes of a workbook when it is unpacked
MOST_LINES = 20_000
MOST_COLUMNS = 80
MAIN = "事项"
LISTS = {  # sheet → field and its parts
    "依据": ("basis", ("name", "article", "text", "level")),
    "材料": (
        "materials",
        (
            "name",
            "form",
            "source",
            "copies",
            "need",
            "condition",
            "shared_key",
            "reusable",
            "defer_days",
            "validity",
            "basis",
        ),
    ),
    "特别程序": ("procedures", ("kind", "most", "unit", "excluded", "basis")),
    "例外理由": ("exceptions", ("reason", "text")),
    "投诉渠道": ("complaints", ("kind", "value")),
    "字段": ("fields", ("key", "label", "kind", "length", "choices", "unit", "hint")),
}
TEXTS = ("conditions", "remarks", "to_confirm")  # one line of a cell each
WORDS = ("themes", "audience", "channels", "fees", "windows")  # between spaces
GROUPS = {
    "statutory": ("value", "most", "unit", "start", "note"),
    "correction": ("value", "unit"),
    "extension": ("most", "approver", "times"),
    "result": ("kind", "name", "months"),
}
STAGES = ("受理", "审核", "批准", "发证")
PLAIN = (
    "code name short_name type nature category department level status devolved_to devolved_on national_code kind "
    "process promised counter_minutes survey expert collective hearing limited tacit tacit_basis lock lock_reason "
    "fee_statement fee_basis renewal_days board visits agency green_channel"
).split()
FLAGS = frozenset("survey expert collective hearing limited agency green_channel reusable excluded".split())
NUMBERS = frozenset(
    "promised counter_minutes renewal_days visits copies most times value months length defer_days".split()
)
YES, NO = frozenset({"是", "true", "1", "yes"}), frozenset({"否", "false", "0", "no", ""})


@dataclass(kw_only=True)
class SheetCard:
    """One item as a workbook holds it: its data, and the sheet and row each field stands in."""

    data: dict[str, Any]
    row: int
    places: dict[str, tuple[str, int]] = field(default_factory=dict)

    def place(self, path: str) -> tuple[str, int]:
        """Sheet and row of a field by its path."""
        entry = path.partition(".")[0]
        return self.places.get(entry, (MAIN, self.row))


def write_book(cards: Iterable[ItemCard], names: Mapping[str, str]) -> bytes:
    """The workbook of cards, `names`: what the fields are called."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    main = book.create_sheet(MAIN)
    columns = _columns()
    main.append([_head(column, names) for column in columns])
    sheets = {sheet: book.create_sheet(sheet) for sheet in LISTS}
    for sheet, (_, parts) in LISTS.items():
        sheets[sheet].append(["code", *parts])
    for card in cards:
        data = card_data(card)
        main.append([_cell(_read(data, column)) for column in columns])
        for sheet, (name, parts) in LISTS.items():
            for entry in data.get(name, ()):
                sheets[sheet].append([card.code, *(_cell(entry.get(part)) for part in parts)])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def read_book(content: bytes, names: Mapping[str, str]) -> list[SheetCard]:
    """The items of a workbook. Refused, naming the field `file`: FILE_TOO_LARGE, FILE_UNREADABLE."""
    sheets = _sheets(content)
    if MAIN not in sheets:
        raise refuse("file", "FILE_UNREADABLE", "工作簿中应有名为“{sheet}”的工作表。", sheet=MAIN)
    heads = {name: key for key, name in names.items()}
    cards: dict[str, SheetCard] = {}
    found: list[SheetCard] = []
    for number, line in _lines(sheets[MAIN], heads):
        card = SheetCard(data=_card(line), row=number)
        found.append(card)
        cards.setdefault(str(card.data.get("code", "")), card)
    if not found:
        raise refuse("file", "FILE_UNREADABLE", "工作表“{sheet}”中没有事项；第一行应为列名。", sheet=MAIN)
    for sheet, (name, parts) in LISTS.items():
        for number, line in _lines(sheets.get(sheet, ()), heads):
            owner = cards.get(line.get("code", ""))
            if owner is None:
                continue
            entries = owner.data.setdefault(name, [])
            owner.places[f"{name}[{len(entries)}]"] = (sheet, number)
            entries.append(_entry(line, parts))
    return found


def _columns() -> list[str]:
    columns = [*PLAIN, *WORDS, *TEXTS, *(f"stages.{name}" for name in STAGES)]
    return columns + [f"{group}.{part}" for group, parts in GROUPS.items() for part in parts]


def _head(column: str, names: Mapping[str, str]) -> str:
    return str(names.get(column, column))


def _read(data: Mapping[str, Any], column: str) -> Any:
    group, _, part = column.partition(".")
    if group == "stages":
        return data["stages"][STAGES.index(part)]
    if part:
        return (data.get(group) or {}).get(part)
    value = data.get(column)
    if column in WORDS:
        return " ".join(value or ())
    return "\n".join(value or ()) if column in TEXTS else value


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (list, tuple)):
        value = " ".join(map(str, value))
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return value


def _card(line: Mapping[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {name: value for name in PLAIN if (value := _typed(name, line.get(name, ""))) != ""}
    for name in WORDS:
        data[name] = line.get(name, "").split()
    for name in TEXTS:
        data[name] = [one.strip() for one in line.get(name, "").splitlines() if one.strip()]
    data["stages"] = [_typed("promised", line.get(f"stages.{name}", "") or "0") for name in STAGES]
    for group, parts in GROUPS.items():
        values = {part: value for part in parts if (value := _typed(part, line.get(f"{group}.{part}", ""))) != ""}
        if values:
            data[group] = values
    return data


def _entry(line: Mapping[str, str], parts: Sequence[str]) -> dict[str, Any]:
    entry = {part: value for part in parts if (value := _typed(part, line.get(part, ""))) != ""}
    if "choices" in entry:
        entry["choices"] = str(entry["choices"]).split()
    return entry


def _typed(name: str, text: str) -> Any:
    """A cell as the card wants it; what cannot be read stays a text, so that the rules name the field."""
    if text == "":
        return ""
    if name in FLAGS:
        lowered = text.lower()
        return True if lowered in YES else False if lowered in NO else text
    if name in NUMBERS and name != "value":
        return int(text) if re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) else text
    if name == "value" and re.fullmatch(r"[0-9]{1,4}", text, re.ASCII):
        return int(text)
    return text


def _lines(rows: Iterable[Sequence[Any]], heads: Mapping[str, str]) -> Iterable[tuple[int, dict[str, str]]]:
    """Number and cells of every line below the heads."""
    columns: dict[int, str] = {}
    for number, row in enumerate(rows, 1):
        texts = [_text(value) for value in row]
        if not columns:
            columns = {at: heads.get(text, text) for at, text in enumerate(texts) if text}
        elif any(texts):
            yield number, {column: texts[at] for at, column in columns.items() if at < len(texts)}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(DANGEROUS) else text


def _sheets(content: bytes) -> dict[str, Rows]:
    if len(content) > LARGEST:
        raise TooLarge("FILE_TOO_LARGE", "文件不能超过 4 MB。")
    try:
        return read_sheets(
            content,
            lambda _, title: title in (MAIN, *LISTS),
            unpacked=UNPACKED,
            rows=MOST_LINES,
            columns=MOST_COLUMNS,
        )
    except WorkbookTooLarge as error:
        raise TooLarge("FILE_TOO_LARGE", "文件展开后过大，请分成几个文件。") from error
    except Exception as error:  # whatever a damaged workbook makes the reader raise
        raise refuse("file", "FILE_UNREADABLE", "文件无法读取，请检查格式。") from error
