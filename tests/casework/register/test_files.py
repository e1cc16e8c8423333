"""A workbook or JSON file is judged row by row; a hostile one is refused; an import makes drafts only."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from service.casework.office import Office
from service.casework.register import ImportPreview, export_items, guide, import_items, item_drafts
from service.rules.refusals import Forbidden, Invalid, TooLarge
from tests.casework.register.cast import CHIEF, CLERK, CODE, OFFICER, card_data, put_in

NAMES = {"code": "事项编码", "name": "事项名称", "promised": "承诺时限"}


def given(office: Office, content: bytes, name: str = "items.xlsx", **more: Any) -> ImportPreview:
    return import_items(
        office,
        more.pop("actor", OFFICER),
        name,
        content,
        names=NAMES,
        **{"note": "批量修改", "confirmed": False, **more},
    )


def changed_book(office: Office, *changes: tuple[str, int, int, Any]) -> bytes:
    """The exported workbook with cells changed: sheet, row, column, value."""
    book = load_workbook(io.BytesIO(export_items(office, "xlsx", names=NAMES)))
    for sheet, row, column, value in changes:
        book[sheet].cell(row, column).value = value
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_mistake_is_told_by_sheet_row_and_field_and_keeps_everything_out(any_office: Office) -> None:
    put_in(any_office, card_data(), card_data("104-XK-002"))
    content = changed_book(any_office, ("材料", 3, 2, "其他相关材料"), ("事项", 3, 5, "FAST"))
    found = given(any_office, content, confirmed=True)
    told = {(one.sheet, one.row, one.code, one.problem.code) for one in found.problems}
    assert told == {("材料", 3, CODE, "ITEM_WORDING"), ("事项", 3, "104-XK-002", "ITEM_FIELD_INVALID")}
    assert not found.saved and item_drafts(any_office, OFFICER) == ()


def test_a_changed_row_becomes_a_draft_and_nothing_is_in_force(any_office: Office) -> None:
    put_in(any_office, card_data(), card_data("104-XK-002"))
    cards = json.loads(export_items(any_office, "json", names=NAMES))
    cards[0].update(promised=2, stages=[1, 1, 1, 1])
    found = given(any_office, json.dumps(cards).encode(), "items.json", confirmed=True)
    assert (found.changed, found.unchanged, found.saved) == (((CODE, "建筑工程施工许可证核发"),), 1, True)
    [draft] = item_drafts(any_office, OFFICER)
    assert (draft.row.code, draft.row.source, draft.row.state) == (CODE, "IMPORT", "DRAFT")
    assert guide(any_office, None, CODE).card.promised == 3


def test_whoever_may_not_change_an_item_is_told_in_its_row(office: Office) -> None:
    put_in(office, card_data(), card_data("115-GG-004"))
    cards = [card_data(visits=0), card_data("115-GG-004", visits=0)]
    found = given(office, json.dumps(cards).encode(), "x.json", actor=CHIEF)
    assert [(one.row, one.problem.code) for one in found.problems] == [(2, "ITEM_FORBIDDEN")]
    with pytest.raises(Forbidden, match="REGISTER_CLOSED"):
        given(office, b"[]", "x.json", actor=CLERK)


def test_an_item_twice_in_a_file_is_refused(office: Office) -> None:
    cards = [card_data(), card_data()]
    found = given(office, json.dumps(cards).encode(), "x.json")
    assert [(one.row, one.problem.code) for one in found.problems] == [(2, "ITEM_FILE_TWICE")]


def _zip(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b""),
        ("a.xlsx", b"PK\x03\x04 broken"),
        ("a.xlsx", _zip(evil=b"<!DOCTYPE x [<!ENTITY a 'b'>]>")),
        ("a.json", b"{"),
        ("a.json", b"[]"),
        ("a.json", b"[1, 2]"),
        ("a.json", b'"text"'),
        ("a.json", b"[" * 200_000),
        ("a.exe", b"MZ"),
        ("xlsx", b""),
    ],
)
def test_a_file_that_is_no_list_of_items_is_refused(office: Office, name: str, content: bytes) -> None:
    with pytest.raises(Invalid, match="FILE_"):
        given(office, content, name)


def test_a_file_that_unpacks_to_more_than_it_says_is_refused(office: Office) -> None:
    with pytest.raises(TooLarge, match="FILE_TOO_LARGE"):
        given(office, _zip(**{"xl/worksheets/sheet1.xml": b"0" * 70_000_000}))
    with pytest.raises(TooLarge, match="FILE_TOO_LARGE"):
        given(office, b"0" * (5 * 1024 * 1024), "a.json")


def test_a_sheet_without_items_is_told(office: Office) -> None:
    book, content = Workbook(), io.BytesIO()
    book.active.title = "事项"
    book.save(content)
    with pytest.raises(Invalid, match="FILE_UNREADABLE"):
        given(office, content.getvalue())


def test_a_formula_in_a_cell_is_text_when_it_goes_out_and_comes_back(office: Office) -> None:
    put_in(office, card_data(remarks=["=HYPERLINK(1)"], name="-施工许可"))
    content = export_items(office, "xlsx", names=NAMES)
    sheet = load_workbook(io.BytesIO(content))["事项"]
    values = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert "'=HYPERLINK(1)" in values and not any(value.startswith(("=", "-")) for value in values)
    assert given(office, content).unchanged == 1


def test_all_shipped_items_go_out_and_come_back_unchanged(office: Office) -> None:
    from tests.casework.register.cast import ITEMS

    put_in(office, *(json.loads(path.read_text("utf-8")) for path in ITEMS.glob("*.json")))
    for shape, name in (("xlsx", "a.xlsx"), ("json", "a.json")):
        found = given(office, export_items(office, shape, names=NAMES), name)
        assert (found.unchanged, found.problems[:3]) == (81, ())
