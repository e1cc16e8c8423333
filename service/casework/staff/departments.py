"""Departments: what they are, where they stand in the tree, who holds their posts, and what they lack (DOMAIN C.3.2, XZ-23)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.posts import RUNGS, group_of
from service.casework.staff.rights import OFFICE, SECURITY, require_organiser, require_staff_reader
from service.rules.organisation import DEPARTMENT_CODE, DepartmentKind, Entry, Level, UnitType, lacks
from service.rules.refusals import Conflict, FieldProblem, Invalid, Missing
from service.rules.vocabulary import LedgerAction
from service.store.organisation import WindowRow
from service.store.people import Department
from service.store.records import Records
from service.store.seats import Seat


@dataclass(frozen=True, kw_only=True)
class DepartmentLine:
    """One department in the tree. `depth`: how far below the top; `lacks`: codes of `rules.organisation.lacks`; `people`: how
    many work there."""

    department: Department
    depth: int
    seats: Mapping[str, Sequence[Seat]]
    windows: int
    people: int
    lacks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DepartmentTree:
    """Departments in the order of the tree; `kinds`: how many resident ones of each kind; `people`: heads in all, and of the
    units that manage; `names`: of who holds a post."""

    items: tuple[DepartmentLine, ...]
    total: int
    kinds: Mapping[str, int]
    people: int
    managers: int
    incomplete: int
    names: Mapping[str, str]
    may_change: bool
    page: int = 1  # the tree is one page
    pages: int = 1


@dataclass(frozen=True, kw_only=True)
class DepartmentPage:
    """One department with its windows and the people who hold its posts."""

    line: DepartmentLine
    names: Mapping[str, str]
    windows: tuple[WindowRow, ...]
    above: Department | None
    below: tuple[Department, ...]
    may_change: bool
    choices: tuple[Department, ...]


def department_tree(
    office: Office, actor: Actor, *, search: str = "", kind: str = "", state: str = ""
) -> DepartmentTree:
    """Every department that fits. `state`: incomplete, complete or a value of `Entry`. Refused: Forbidden STAFF_NOT_YOURS."""
    require_staff_reader(actor)
    with office.reading() as records:
        lines = lines_of(records)
        names = _names(records, lines)
        found = [
            line
            for line in lines
            if (not kind or line.department.kind == kind)
            and _fits(line, state)
            and (
                not search
                or search.lower() in f"{line.department.code} {line.department.name} {line.department.short}".lower()
            )
        ]
    resident = [line for line in lines if line.department.entry == Entry.RESIDENT]
    return DepartmentTree(
        items=tuple(found),
        total=len(found),
        kinds=Counter(line.department.kind for line in resident),
        people=sum(line.people for line in lines),
        managers=sum(line.people for line in lines if line.department.kind == DepartmentKind.MANAGING),
        incomplete=sum(bool(line.lacks) for line in lines),
        names=names,
        may_change=_may_change(actor),
    )


def department_page(office: Office, actor: Actor, code: str) -> DepartmentPage:
    """One department. Refused: Forbidden STAFF_NOT_YOURS, Missing DEPARTMENT_NOT_FOUND."""
    require_staff_reader(actor)
    with office.reading() as records:
        lines = lines_of(records)
        line = next((one for one in lines if one.department.code == code), None)
        if line is None:
            raise _none(code)
        every = tuple(one.department for one in lines)
        return DepartmentPage(
            line=line,
            names=_names(records, [line]),
            windows=tuple(one for one in records.organisation.windows() if one.department == code),
            above=next((one for one in every if one.code == line.department.parent), None),
            below=tuple(one for one in every if one.parent == code),
            may_change=_may_change(actor),
            choices=tuple(one for one in every if one.code != code),
        )


def put_department(office: Office, actor: Actor, given: Mapping[str, str], *, new: bool) -> str:
    """Add a department, or change what is known of one; its code.

    Refused: Forbidden ORGANISATION_NOT_YOURS; Invalid DEPARTMENT_INVALID with its fields; Missing DEPARTMENT_NOT_FOUND; Conflict
    DEPARTMENT_TAKEN, TREE_CIRCLE.
    """
    require_organiser(actor)
    wanted = _read(given)
    with office.transaction() as records:
        every = {one.code: one for one in records.people.departments()}
        old = every.get(wanted.code)
        if new and old is not None:
            raise Conflict(
                "DEPARTMENT_TAKEN", "编码 {department} 已经是{name}。", department=wanted.code, name=old.name
            )
        if not new and old is None:
            raise _none(wanted.code)
        if old is not None:
            wanted = replace(wanted, window_kind=old.window_kind)
        _require_tree(every, wanted)
        if wanted == old:
            return wanted.code
        records.people.put_departments([wanted])
        fields = ("name", "short", "kind", "unit_type", "parent", "level", "entry")
        changed = {
            field: getattr(wanted, field)
            for field in fields
            if old is None or getattr(old, field) != getattr(wanted, field)
        }
        detail: dict[str, Any] = {"after": changed}
        if old is not None:
            detail["before"] = {field: getattr(old, field) for field in changed}
        records.ledger.write(LedgerAction.DEPARTMENT_CHANGED, actor.username, wanted.code, detail)
    return wanted.code


def department_names(office: Office) -> dict[str, str]:
    """Code → short name, for choices."""
    with office.reading() as records:
        return {one.code: one.short for one in records.people.departments()}


def lines_of(records: Records) -> list[DepartmentLine]:
    """Every department in the order of the tree, with its posts."""
    every = records.people.departments()
    codes = [one.code for one in every]
    seats = records.people.seats(codes, RUNGS)
    windows, heads = records.organisation.windows_of(), records.organisation.people_of()
    lines: list[DepartmentLine] = []
    children: dict[str | None, list[Department]] = {}
    for one in every:
        children.setdefault(one.parent if one.parent in codes else None, []).append(one)

    def walk(parent: str | None, depth: int) -> None:
        for one in children.get(parent, ()):
            held = {role: seats.get(group_of(one.code, role), ()) for role in RUNGS}
            people = {role: [seat.username for seat in found] for role, found in held.items()}
            count = windows.get(one.code, 0)
            lines.append(
                DepartmentLine(
                    department=one,
                    depth=depth,
                    seats=held,
                    windows=count,
                    people=heads.get(one.code, 0),
                    lacks=lacks(one.kind, one.unit_type, one.entry, people),
                )
            )
            walk(one.code, depth + 1)

    walk(None, 0)
    return lines


def _names(records: Records, lines: Sequence[DepartmentLine]) -> dict[str, str]:
    return records.people.names({seat.username for line in lines for found in line.seats.values() for seat in found})


def _fits(line: DepartmentLine, state: str) -> bool:
    if state == "incomplete":
        return bool(line.lacks)
    if state == "complete":
        return not line.lacks
    return not state or line.department.entry == state


def _read(given: Mapping[str, str]) -> Department:
    text = {name: value.strip() for name, value in given.items()}
    problems = []
    if not DEPARTMENT_CODE.fullmatch(text.get("code", "")):
        problems.append(FieldProblem(field="code", code="CODE_INVALID", text="部门编码应为 3 位数字。"))
    if not 1 <= len(text.get("name", "")) <= 60:
        problems.append(FieldProblem(field="name", code="NAME_INVALID", text="部门名称应为 1 到 60 个字。"))
    if not 1 <= len(text.get("short", "")) <= 20:
        problems.append(FieldProblem(field="short", code="NAME_INVALID", text="简称应为 1 到 20 个字。"))
    for name, kinds, optional in (
        ("kind", DepartmentKind, False),
        ("unit_type", UnitType, True),
        ("level", Level, False),
        ("entry", Entry, False),
    ):
        value = text.get(name, "")
        if value not in tuple(kinds) and not (optional and not value):
            problems.append(FieldProblem(field=name, code="FIELD_INVALID", text="请从列表中选择。"))
    if problems:
        raise Invalid("DEPARTMENT_INVALID", "部门资料不完整或不正确。", fields=tuple(problems))
    return Department(
        code=text["code"],
        name=text["name"],
        short=text["short"],
        window_kind="",
        kind=text["kind"],
        unit_type=text.get("unit_type") or None,
        parent=text.get("parent") or None,
        level=text["level"],
        entry=text["entry"],
    )


def _require_tree(every: Mapping[str, Department], wanted: Department) -> None:
    if wanted.parent is None:
        return
    if wanted.parent not in every:
        problem = FieldProblem(field="parent", code="FIELD_INVALID", text="请从列表中选择。")
        raise Invalid("DEPARTMENT_INVALID", "部门资料不完整或不正确。", fields=(problem,))
    above: str | None = wanted.parent
    while above is not None:
        if above == wanted.code:
            raise Conflict("TREE_CIRCLE", "上级部门不能是本部门或它的下级。")
        above = every[above].parent if above in every else None


def _may_change(actor: Actor) -> bool:
    return not actor.roles.isdisjoint((OFFICE, SECURITY))


def _none(code: str) -> Missing:
    return Missing("DEPARTMENT_NOT_FOUND", "没有编码为 {department} 的部门。", department=code)
