"""Import and export of the register: XLSX and JSON, and the field shape of GB/T 39046; what is wrong is told row by row.

An import makes drafts, never versions: each goes through the review like any other change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.register.drafting import checked_note, put_draft
from service.casework.register.rights import may_propose, require_watcher
from service.casework.register.rows import Source, card_of, digest_of
from service.casework.register.sheets import LARGEST, SheetCard, read_book, write_book
from service.rules.item_checks import check_card, check_change
from service.rules.item_exchange import exchanged
from service.rules.item_reading import read_leniently
from service.rules.items import ItemCard, card_data
from service.rules.refusals import FieldProblem, Invalid, TooLarge, refuse
from service.rules.sentences import Sentence
from service.rules.worktime import SHANGHAI
from service.store.records import Records
from service.store.register import SUBMITTED

MOST_ITEMS = 3000
MOST_OBJECTS = 300_000  # of a JSON file
NOT_OURS = Sentence("您没有修改这个部门的事项的权限。")
IN_REVIEW = Sentence("该事项的修改正在审核，请等待审核结果或先退回。")
TWICE_IN_FILE = Sentence("同一事项在文件中出现两次。")
SHAPES = ("json", "xlsx", "gbt39046")


@dataclass(frozen=True, kw_only=True)
class RowProblem:
    """One mistake: the sheet and row it stands in (JSON: which item), the field, and what is wrong."""

    sheet: str
    row: int
    code: str
    problem: FieldProblem


@dataclass(frozen=True, kw_only=True)
class ImportPreview:
    """What an import would do. `new`, `changed`: codes and names; nothing is done while there are `problems`."""

    new: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, str], ...]
    unchanged: int
    problems: tuple[RowProblem, ...]
    saved: bool


def import_items(
    office: Office, actor: Actor, name: str, content: bytes, *, names: Mapping[str, str], note: str, confirmed: bool
) -> ImportPreview:
    """Judge a file, and with `confirmed` make a draft of every item that is new or differs, all of them or none.

    `names`: what the fields are called in column heads. Refused: Forbidden REGISTER_CLOSED; TooLarge FILE_TOO_LARGE;
    Invalid FILE_KIND, FILE_UNREADABLE, ITEM_NOTE_MISSING.
    """
    require_watcher(actor)
    found = _read(name, content, names)
    if confirmed:
        note = checked_note(note)
        with office.transaction() as records:
            preview, cards = _judged(records, actor, found)
            if not preview.problems:
                for card in cards:
                    put_draft(records, actor, card, note=note, source=Source.IMPORT)
            return _done(preview, saved=not preview.problems)
    with office.reading() as records:
        return _judged(records, actor, found)[0]


def export_items(office: Office, shape: str, *, names: Mapping[str, str]) -> bytes:
    """Every item as it is in force, by code. Refused: Invalid FILE_KIND."""
    if shape not in SHAPES:
        raise refuse("shape", "FILE_KIND", "请选择 XLSX、JSON 或 GB/T 39046。")
    with office.reading() as records:
        rows = records.register.current(records.now, whole=True)
        departments = {one.code: one.name for one in records.people.departments()}
    cards = [card_of(row) for row in rows]
    if shape == "xlsx":
        return write_book(cards, names)
    if shape == "json":
        return _json([card_data(card) for card in cards])
    return _json(
        [
            exchanged(
                card,
                department=departments.get(card.department, card.department),
                version=row.version or 0,
                since=(row.effective_from or row.drafted_at).astimezone(SHANGHAI).date(),
                region=office.settings.region,
            )
            for card, row in zip(cards, rows, strict=True)
        ]
    )


def _read(name: str, content: bytes, names: Mapping[str, str]) -> list[SheetCard]:
    if len(content) > LARGEST:
        raise TooLarge("FILE_TOO_LARGE", "文件不能超过 4 MB。")
    suffix = name.lower().rpartition(".")[2]
    if suffix == "xlsx":
        found = read_book(content, names)
    elif suffix == "json":
        found = _listed(content)
    else:
        raise refuse("file", "FILE_KIND", "请选择 XLSX 或 JSON 文件。")
    if len(found) > MOST_ITEMS:
        raise refuse("file", "FILE_TOO_MANY", "一次最多导入 {most} 个事项。", most=MOST_ITEMS)
    return found


def _listed(content: bytes) -> list[SheetCard]:
    if content.count(b"{") > MOST_OBJECTS:
        raise refuse("file", "FILE_TOO_MANY", "一次最多导入 {most} 个事项。", most=MOST_ITEMS)
    try:
        found = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise _unreadable() from error
    entries = [found] if isinstance(found, dict) else found
    if not isinstance(entries, list) or not entries or not all(isinstance(one, dict) for one in entries):
        raise _unreadable()
    return [SheetCard(data=one, row=number) for number, one in enumerate(entries, 1)]


def _judged(records: Records, actor: Actor, found: Sequence[SheetCard]) -> tuple[ImportPreview, list[ItemCard]]:
    latest = records.register.latest()
    waiting = {row.code for row in records.register.drafts() if row.state == SUBMITTED}
    problems: list[RowProblem] = []
    new: list[tuple[str, str]] = []
    changed: list[tuple[str, str]] = []
    cards: list[ItemCard] = []
    seen: set[str] = set()
    unchanged = 0
    for one in found:
        card, wrong = read_leniently(one.data)
        before = latest.get(card.code)
        old = None if before is None else card_of(before)
        wrong = wrong or check_card(card) or check_change(old, card)
        if not wrong and before is not None and before.digest == digest_of(card):
            unchanged += 1
            seen.add(card.code)
            continue
        if card.code in seen:
            wrong = (*wrong, _problem("code", "ITEM_FILE_TWICE", TWICE_IN_FILE))
        elif card.code in waiting:
            wrong = (*wrong, _problem("code", "ITEM_IN_REVIEW", IN_REVIEW))
        elif not may_propose(actor, card.department):
            wrong = (*wrong, _problem("department", "ITEM_FORBIDDEN", NOT_OURS))
        seen.add(card.code)
        for problem in wrong:
            sheet, row = one.place(problem.field)
            problems.append(RowProblem(sheet=sheet, row=row, code=card.code, problem=problem))
        if not wrong:
            (new if old is None else changed).append((card.code, card.name))
            cards.append(card)
    preview = ImportPreview(
        new=tuple(new), changed=tuple(changed), unchanged=unchanged, problems=tuple(problems), saved=False
    )
    return preview, cards


def _done(preview: ImportPreview, *, saved: bool) -> ImportPreview:
    return ImportPreview(
        new=preview.new,
        changed=preview.changed,
        unchanged=preview.unchanged,
        problems=preview.problems,
        saved=saved,
    )


def _problem(name: str, code: str, said: Sentence) -> FieldProblem:
    return FieldProblem(field=name, code=code, text=said.text)


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2)


def _unreadable() -> Invalid:
    return refuse("file", "FILE_UNREADABLE", "文件无法读取，请检查格式。")
