"""会审部门: departments a running chain asks for an opinion beside its items, and that are let go again (SM-30).

The frame of the chain draws them (`Event_Joined`): each is a desk with a limit of its own; who leads sums up at
`Task_JoinedSum`, which waits for all of them. Silence never agrees there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, case_file, require_running, write
from service.casework.office import Office
from service.casework.posts import CHIEF, REVIEWERS, group_of
from service.casework.projection import settle, take_up
from service.casework.rights import require_reader
from service.rules.clocks import ClockKind
from service.rules.refusals import Conflict, Forbidden, refuse
from service.rules.vocabulary import JournalAction
from service.store.cases import CaseRow
from service.store.records import Records

JOIN, LEAVE = "MSG_DEPARTMENT_JOINED", "MSG_DEPARTMENT_LEFT"
DESK, SUM, ASKS = "Task_Joined", "Task_JoinedSum", "Gateway_Joined"
DAYS = range(1, 11)  # working days a department may be given
USUAL = 3  # R-CHN-7
LONGEST = 500


@dataclass(frozen=True, kw_only=True)
class JoinedDepartment:
    """A department that was asked. `task`: its open desk; `conclusion`: what it said; `by`: until when."""

    no: int
    department: str
    name: str
    matter: str
    task: UUID | None
    by: datetime | None
    conclusion: str | None


@dataclass(frozen=True, kw_only=True)
class JoinPage:
    """The departments asked, and what who looks may do. `open`: more may be asked; `may`: by them."""

    asked: tuple[JoinedDepartment, ...]
    offered: Mapping[str, str]
    open: bool
    may: bool


@dataclass(frozen=True, kw_only=True)
class JoinPreview:
    """What asking a department would mean. `reviewers`: who may answer; `chain_due`: when the chain itself ends."""

    department: str
    name: str
    by: datetime
    chain_due: datetime | None
    reviewers: tuple[str, ...]

    @property
    def late(self) -> bool:
        """Whether its limit ends after the chain's."""
        return self.chain_due is not None and self.by > self.chain_due


def join_page(office: Office, actor: Actor, case_id: UUID) -> JoinPage:
    """Who was asked besides. Refused: Missing CASE_NOT_FOUND."""
    with office.reading() as records:
        row = require_reader(records, actor, records.cases.find(case_id))
        known = {one.name: one.value for one in records.variables.of_case(row.id) if one.scope_id in (None, row.id)}
        names = {one.code: one.name for one in records.people.departments()}
        tasks = [one for one in records.tasks.open_of(row.id) if one.element == DESK]
        may = row.ended_at is None and leads(office, records, row, actor)
        said = {one.get("no"): one for one in _listed(known.get("joined_opinions"))}
        found = []
        for one in _listed(known.get("joined")):
            code = str(one.get("department"))
            answer = said.get(one.get("no"))
            task = None if answer else next((task for task in tasks if task.department == code), None)
            found.append(
                JoinedDepartment(
                    no=int(one.get("no") or 0),
                    department=code,
                    name=names.get(code, code),
                    matter=str(one.get("matter") or ""),
                    task=task.id if task is not None else None,
                    by=task.due_at if task is not None else None,
                    conclusion=None if answer is None else str(answer.get("conclusion") or ""),
                )
            )
        return JoinPage(
            asked=tuple(found),
            offered=_staffed(records, names) if may else {},
            open=_refusal(office, records, row, known) is None,
            may=may,
        )


def preview_join(office: Office, actor: Actor, case_id: UUID, *, department: str, days: int) -> JoinPreview:
    """What would follow; nothing changes. Refused: as `join_department`."""
    with office.reading() as records:
        row = records.cases.find(case_id)
        if row is None:
            row = require_reader(records, actor, row)
        return _judged(office, records, row, actor, department, days)


def join_department(
    office: Office, actor: Actor, case_id: UUID, *, department: str, matter: str, days: int = USUAL, reason: str
) -> None:
    """A department is asked for its opinion, within so many working days, by the 首席代表 of a department that leads.

    Refused: Missing CASE_NOT_FOUND; Forbidden LEAD_ONLY; Invalid REASON_MISSING, JOIN_MATTER, JOIN_DAYS, DEPARTMENT_UNKNOWN; Conflict
    CASE_ENDED, CASE_SUSPENDED, JOIN_NONE (the chain does not draw it), JOIN_EARLY, JOIN_LATE, JOIN_OPEN (asked already),
    DEPARTMENT_UNSTAFFED.
    """
    why, what = _reason(reason), matter.strip()
    if not what or len(what) > LONGEST:
        raise refuse("matter", "JOIN_MATTER", "请写明请该部门审查的内容，不超过 {most} 个字", most=LONGEST)

    def act() -> None:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id))
            require_running(file.row)
            seen = _judged(office, records, file.row, actor, department, days)
            running = take_up(office, records, file)
            wait = next((one for one in running.run.waits().values() if one.event == JOIN), None)
            if wait is None:
                raise _none()
            no = 1 + max((int(one.get("no") or 0) for one in _listed(running.run.variables().get("joined"))), default=0)
            asked = {"no": no, "department": department, "name": seen.name, "matter": what, "limit": f"{days}wd"}
            running.run.deliver(wait.id, {"joining": asked})
            detail = {"name": seen.name, "department": department, "joined": True, "reason": why, "matter": what}
            write(records, file, JournalAction.CHAIN_CHANGED, actor, element=DESK, detail={**detail, "days": days})
            settle(records, running)

    office.attempt(act)


def leave_department(office: Office, actor: Actor, case_id: UUID, task_id: UUID, *, reason: str) -> None:
    """A department that has not answered yet is not asked any more; what was said stays.

    Refused: Missing CASE_NOT_FOUND; Forbidden LEAD_ONLY; Invalid REASON_MISSING; Conflict CASE_ENDED, CASE_SUSPENDED, JOIN_ANSWERED.
    """
    why = _reason(reason)

    def act() -> None:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id))
            require_running(file.row)
            _require_lead(office, records, file.row, actor)
            running = take_up(office, records, file)
            wait = next(
                (one for one in running.run.waits().values() if one.event == LEAVE and one.host == task_id), None
            )
            if wait is None:
                raise Conflict("JOIN_ANSWERED", "该部门已经答复，或者已经减去。")
            own = running.run.variables(task_id)
            department, no = str(own.get("joint_department") or ""), own.get("joint_no")
            running.run.deliver(wait.id, {"leaving": no})
            name = next((one.name for one in records.people.departments() if one.code == department), department)
            detail = {"name": name, "department": department, "joined": False, "reason": why}
            write(records, file, JournalAction.CHAIN_CHANGED, actor, element=DESK, task_id=task_id, detail=detail)
            settle(records, running)

    office.attempt(act)


def check_all_said(records: Records, file: CaseFile, said: Mapping[str, Any]) -> None:
    """汇总会审意见 waits for everybody who was asked. Refused: Conflict OPINIONS_OPEN, which names them."""
    open_ = [one.department or "" for one in records.tasks.open_of(file.id) if one.element == DESK]
    if open_ and said.get("joined_ruling") != "terminate":
        names = {one.code: one.name for one in records.people.departments()}
        listed = "、".join(names.get(one, one) for one in open_)
        raise Conflict(
            "OPINIONS_OPEN", "还有会审部门没有答复：{departments}。可以催办，或者写明理由减去。", departments=listed
        )


def leads(office: Office, records: Records, row: CaseRow, actor: Actor) -> bool:
    """Whether somebody is the 首席代表 of the department that leads the chain or one of its stages."""
    if not actor.has(CHIEF) and not actor.service:
        return False
    program = office.programs.for_binding(records, row.binding_id, row.key)
    if program.attributes(row.key).get("kind") != "CHAIN":
        return False
    cards = program.elements(row.key).values()
    rule = {one.zw.get("dept") for one in cards if one.element.startswith("Task_Coordinate_") or one.element == SUM}
    return actor.service or actor.department in rule | {program.attributes(row.key).get("lead")}


def _judged(office: Office, records: Records, row: CaseRow, actor: Actor, department: str, days: int) -> JoinPreview:
    _require_lead(office, records, row, actor)
    known = {one.name: one.value for one in records.variables.of_case(row.id) if one.scope_id in (None, row.id)}
    refused = _refusal(office, records, row, known)
    if refused is not None:
        raise refused
    found = records.people.department(department)
    if found is None:
        raise refuse("department", "DEPARTMENT_UNKNOWN", "没有编码为 {department} 的部门", department=department[:20])
    if days not in DAYS:
        raise refuse("days", "JOIN_DAYS", "答复时限应为 {least} 至 {most} 个工作日", least=DAYS[0], most=DAYS[-1])
    if any(one.element == DESK and one.department == department for one in records.tasks.open_of(row.id)):
        raise Conflict("JOIN_OPEN", "{department}已经在会审，还没有答复。", department=found.name)
    members = records.people.members({group_of(department, role) for role in (*REVIEWERS, CHIEF)})
    reviewers = dict.fromkeys(name for names in members.values() for name in names)
    if not reviewers:
        raise Conflict(
            "DEPARTMENT_UNSTAFFED", "{department}没有审核岗和首席代表，不能征求它的意见。", department=found.name
        )
    chain = next((one for one in records.clocks.of_case(row.id) if one.kind == ClockKind.CHAIN), None)
    return JoinPreview(
        department=department,
        name=found.name,
        by=records.calendar.due_after_workdays(records.now, days),
        chain_due=chain.due_at if chain is not None else None,
        reviewers=tuple(reviewers),
    )


def _refusal(office: Office, records: Records, row: CaseRow, known: Mapping[str, Any]) -> Conflict | None:
    """Why nobody more may be asked now; None: they may."""
    program = office.programs.for_binding(records, row.binding_id, row.key)
    if ASKS not in program.elements(row.key):
        return _none()
    if not isinstance(known.get("joined"), list):
        return Conflict("JOIN_EARLY", "联办件受理以后才能增加会审部门。")
    passed = any(one.element == ASKS for one in records.history.activities(row.id))
    if passed and not any(one.element == SUM for one in records.tasks.open_of(row.id)):
        return Conflict("JOIN_LATE", "各部门意见已经汇总，不能再增加会审部门。")
    return None


def _reason(text: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise refuse("reason", "REASON_MISSING", "请写明理由")
    return said


def _staffed(records: Records, names: Mapping[str, str]) -> dict[str, str]:
    """The departments somebody could answer for."""
    groups = {group_of(code, role): code for code in names for role in (*REVIEWERS, CHIEF)}
    there = {groups[group] for group, held in records.people.members(set(groups)).items() if held and group in groups}
    return {code: name for code, name in names.items() if code in there}


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _none() -> Conflict:
    return Conflict("JOIN_NONE", "本联办不征求会审意见：流程图没有画出会审部门。")


def _require_lead(office: Office, records: Records, row: CaseRow, actor: Actor) -> None:
    """Who leads a later stage leads the chain already. Refused: Missing CASE_NOT_FOUND, Forbidden LEAD_ONLY."""
    if not leads(office, records, row, actor):
        require_reader(records, actor, row)
        raise Forbidden("LEAD_ONLY", "只有牵头部门的首席代表可以调整联办部门。")
