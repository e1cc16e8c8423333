"""原件已核, 已审查, 撤下: what people say of a material. The window compares with the original, the reviewer examines (SM-17)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.journalling import CaseFile, case_file, put_back
from service.casework.materials.files import by_line, current, note, readable
from service.casework.materials.rights import find_line, find_version, may_examine, require_bringer, require_window
from service.casework.materials.sharing import share_line
from service.rules.refusals import Conflict, Forbidden, refuse
from service.rules.vocabulary import JournalAction
from service.store.materials import MaterialRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

PAPERS = frozenset({"", "ORIGINAL", "COPY"})
MOST_COPIES = 99


def mark_seen(
    office: Office,
    actor: Actor,
    material_id: UUID,
    *,
    paper: str = "",
    copies: int = 0,
    valid_to: date | None = None,
    issuer: str = "",
) -> None:
    """The window has compared a material with its original. `paper`: what stays here on paper, ORIGINAL or COPY, in so
    many `copies`; `valid_to` and `issuer` as the original says.

    Refused: MATERIAL_NOT_FOUND, MATERIAL_WINDOW_ONLY, CASE_ENDED, CASE_SUSPENDED; Conflict MATERIAL_NOTHING,
    MATERIAL_QUARANTINED; Invalid PAPER_UNKNOWN, COPIES_UNKNOWN.
    """
    if paper not in PAPERS:
        raise refuse("paper", "PAPER_UNKNOWN", "纸质件应为原件或复印件")
    if not 0 <= copies <= MOST_COPIES or (paper == "") != (copies == 0):
        raise refuse("copies", "COPIES_UNKNOWN", "份数应为 1 至 {most}，没有纸质件时为 0", most=MOST_COPIES)

    def attempt() -> None:
        with office.transaction() as records:
            file, line = _locked(records, actor, material_id)
            require_window(actor)
            versions = by_line(records.materials.versions(file.id)).get(line.id, ())
            files = current(versions)
            if not files and not paper and line.share_reference is None:
                raise Conflict("MATERIAL_NOTHING", "“{material}”还没有提交任何文件或纸质件。", material=line.name)
            if not all(readable(one) for one in files):
                raise Conflict("MATERIAL_QUARANTINED", "“{material}”尚未通过病毒检查。", material=line.name)
            for one in files:
                if valid_to is not None or issuer:
                    records.materials.change_version(
                        one.id, valid_to=valid_to or one.valid_to, issuer=" ".join(issuer.split())[:100] or one.issuer
                    )
            records.materials.change_line(
                line.id, seen_by=actor.username, seen_at=records.now, paper=paper, copies=copies
            )
            until = None if valid_to is None else valid_to.isoformat()
            note(
                records,
                file,
                JournalAction.MATERIAL_SEEN,
                actor,
                line,
                paper=paper,
                copies=copies or None,
                valid_to=until,
            )
            share_line(records, actor, line, by_line(records.materials.versions(file.id)).get(line.id, ()))
            put_back(records, file)

    office.attempt(attempt)


def mark_examined(office: Office, actor: Actor, material_id: UUID, *, remark: str = "") -> None:
    """The department has examined a material. Not by who compared it with the original.

    Refused: MATERIAL_NOT_FOUND, CASE_ENDED, CASE_SUSPENDED; Forbidden MATERIAL_EXAMINER_ONLY, DUTIES_SEPARATED;
    Conflict MATERIAL_NOTHING, MATERIAL_QUARANTINED.
    """

    def attempt() -> None:
        with office.transaction() as records:
            file, line = _locked(records, actor, material_id)
            if not may_examine(records, actor, file.row):
                raise Forbidden("MATERIAL_EXAMINER_ONLY", "只有承办部门的审查人员可以进行此操作。")
            if line.seen_by == actor.username:
                raise Forbidden("DUTIES_SEPARATED", "核对原件的人不能再审查同一份材料。")
            files = current(by_line(records.materials.versions(file.id)).get(line.id, ()))
            if not files and not line.paper and line.share_reference is None:
                raise Conflict("MATERIAL_NOTHING", "“{material}”还没有提交任何文件或纸质件。", material=line.name)
            if not all(readable(one) for one in files):
                raise Conflict("MATERIAL_QUARANTINED", "“{material}”尚未通过病毒检查。", material=line.name)
            records.materials.change_line(line.id, examined_by=actor.username, examined_at=records.now)
            remarked = " ".join(remark.split())[:500]
            note(records, file, JournalAction.MATERIAL_EXAMINED, actor, line, remark=remarked)
            put_back(records, file)

    office.attempt(attempt)


def withdraw_file(office: Office, actor: Actor, version_id: UUID, reason: str) -> None:
    """Take a file off its line: it was the wrong one. It stays in the history, with the reason.

    Refused: MATERIAL_NOT_FOUND, MATERIAL_FORBIDDEN, CASE_ENDED, CASE_SUSPENDED; Conflict MATERIAL_GONE;
    Forbidden MATERIAL_NOT_YOURS; Invalid REASON_MISSING.
    """
    text = " ".join(reason.split())[:500]
    if not text:
        raise refuse("reason", "REASON_MISSING", "请写明理由")

    def attempt() -> None:
        with office.transaction() as records:
            version = find_version(records, actor, version_id)
            file, line = _locked(records, actor, version.material_id)
            require_bringer(records, actor, file.row)
            files = current(by_line(records.materials.versions(file.id)).get(line.id, ()))
            if all(one.id != version_id for one in files):
                raise Conflict("MATERIAL_GONE", "这个文件已被他人替换或撤下，请刷新后再试。")
            if line.examined_at is not None and not may_examine(records, actor, file.row):
                raise Forbidden(
                    "MATERIAL_NOT_YOURS", "“{material}”已经审查，只有承办部门可以撤下。", material=line.name
                )
            records.materials.change_version(
                version_id, withdrawn_by=actor.username, withdrawn_at=records.now, withdrawn_reason=text
            )
            records.materials.change_line(line.id, seen_by=None, seen_at=None, examined_by=None, examined_at=None)
            note(records, file, JournalAction.MATERIAL_WITHDRAWN, actor, line, version, reason=text)
            put_back(records, file)

    office.attempt(attempt)


def _locked(records: Records, actor: Actor, material_id: UUID) -> tuple[CaseFile, MaterialRow]:
    line, row = find_line(records, actor, material_id)
    file = case_file(records.cases.lock(row.id))
    return file, records.materials.line(material_id) or line
