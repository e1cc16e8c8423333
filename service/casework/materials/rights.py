"""Who may do what with the materials of a case, beyond reading it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.actors import Actor
from service.casework.rights import may_read, require_reader
from service.rules.refusals import Forbidden, Missing
from service.store.cases import CaseRow
from service.store.materials import MaterialRow, VersionRow

if TYPE_CHECKING:
    from service.store.records import Records

WINDOW = ("counter_clerk", "issue_clerk", "agency_officer")  # take what is handed in
CHECKERS = ("counter_clerk",)  # compare it with the original
EXAMINERS = ("reviewer_a", "reviewer_b", "chief_rep", "resident_leader", "dept_head")


def find_line(records: Records, actor: Actor, material_id: UUID) -> tuple[MaterialRow, CaseRow]:
    """A line and its case, for who may read it. Refused: Missing MATERIAL_NOT_FOUND."""
    line = records.materials.line(material_id)
    row = records.cases.find(line.case_id) if line is not None else None
    if line is None or row is None or not may_read(records, actor, row):
        raise Missing("MATERIAL_NOT_FOUND", "没有这项材料，或者您无权查看。")
    return line, row


def find_version(records: Records, actor: Actor, version_id: UUID) -> VersionRow:
    """A version, for who may read its case. Refused: Missing MATERIAL_NOT_FOUND."""
    version = records.materials.version(version_id)
    row = records.cases.find(version.case_id) if version is not None else None
    if version is None or row is None or not may_read(records, actor, row):
        raise Missing("MATERIAL_NOT_FOUND", "没有这项材料，或者您无权查看。")
    return version


def may_bring(records: Records, actor: Actor, row: CaseRow) -> bool:
    """The window, who started the case, and who has an open task of it."""
    return actor.has(*WINDOW) or row.started_by == actor.username or _has_work(records, actor, row.id)


def may_check(records: Records, actor: Actor) -> bool:
    """The window compares with the original."""
    return actor.has(*CHECKERS)


def may_examine(records: Records, actor: Actor, row: CaseRow) -> bool:
    """Whoever reviews and decides in a department that has a part in the case."""
    if not actor.has(*EXAMINERS):
        return False
    people, departments = records.tasks.groups_involved(row.id)
    return actor.service or actor.username in people or actor.department in departments


def require_bringer(records: Records, actor: Actor, row: CaseRow) -> None:
    """Refused: Missing CASE_NOT_FOUND; Forbidden MATERIAL_FORBIDDEN."""
    require_reader(records, actor, row)
    if not may_bring(records, actor, row):
        raise Forbidden("MATERIAL_FORBIDDEN", "只有窗口人员、申请人和正在办理的人可以提交材料。")


def require_window(actor: Actor) -> None:
    """Refused: Forbidden MATERIAL_WINDOW_ONLY."""
    if not actor.has(*CHECKERS):
        raise Forbidden("MATERIAL_WINDOW_ONLY", "只有综合窗口受理人员可以进行此操作。")


def _has_work(records: Records, actor: Actor, case_id: UUID) -> bool:
    if any(task.assignee == actor.username for task in records.tasks.open_of(case_id)):
        return True
    return any(
        one.value == actor.username if one.kind == "user" else one.value in actor.groups
        for one in records.tasks.offered(case_id)
    )
