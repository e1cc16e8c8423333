"""五个到位 (DF-14): whether a department in the centre has its people, its authority, its window, its items and its rules.

All from what the system knows already. Equipment is kept nowhere: a window that is open stands for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.casework.actors import Actor
from service.casework.letters.reading import report_of
from service.casework.office import Office
from service.casework.staff.departments import lines_of
from service.casework.staff.rights import STAFF_READERS
from service.rules.item_checks import check_card
from service.rules.item_reading import read_card
from service.rules.organisation import DepartmentKind, Entry
from service.rules.refusals import Forbidden
from service.store.register import VersionRow
from service.store.workbench import Workbench

READERS = (*STAFF_READERS, "supervisor", "leader")


class Check(StrEnum):
    """What has to be in place before a department opens its windows."""

    PEOPLE = "PEOPLE"  # 人员到位: every post is held
    AUTHORITY = "AUTHORITY"  # 授权到位: its 首席代表 has a letter today
    EQUIPMENT = "EQUIPMENT"  # 办公设备到位: it has a window
    BUSINESS = "BUSINESS"  # 业务移交到位: its items are carried out here
    PROCEDURE = "PROCEDURE"  # 办事程序规范到位: its guides are complete


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One check of one department. `why`: what was counted, or codes of what is missing."""

    met: bool
    have: int
    of: int
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChecksLine:
    """A department with its five checks."""

    code: str
    name: str
    entry: str
    findings: Mapping[Check, Finding]

    @property
    def met(self) -> int:
        """How many of the five are in place."""
        return sum(one.met for one in self.findings.values())


@dataclass(frozen=True, kw_only=True)
class ChecksBoard:
    """The departments that decide, by code; `met`: how many have each; `ready`: how many have all five."""

    items: tuple[ChecksLine, ...]
    met: Mapping[Check, int]
    ready: int


def five_checks(office: Office, actor: Actor) -> ChecksBoard:
    """The board. Refused: Forbidden CHECKS_FORBIDDEN."""
    if not actor.has(*READERS):
        raise Forbidden("CHECKS_FORBIDDEN", "只有业务科、督查科、领导和管理员可以查看五个到位。")
    with office.reading() as records:
        lines = [
            line
            for line in lines_of(records)
            if line.department.kind == DepartmentKind.FUNCTIONAL and line.department.entry != Entry.LEFT
        ]
        lettered = {one.code for one in report_of(records) if one.number is not None}
        drawn = {one.key for one in Workbench(records).versions()}
        items: dict[str, list[VersionRow]] = {}
        for row in records.register.current(records.now, whole=True):
            items.setdefault(row.department, []).append(row)
    found = []
    for line in lines:
        code, own = line.department.code, items.get(line.department.code, [])
        missing = tuple(one for one in line.lacks if one != "unit_type")
        carried = sum(row.process in drawn for row in own)
        complete = sum(not check_card(read_card(row.card)) for row in own)
        findings = {
            Check.PEOPLE: Finding(met=not missing, have=5 - min(5, len(missing)), of=5, lacks=missing),
            Check.AUTHORITY: Finding(met=code in lettered, have=int(code in lettered), of=1),
            Check.EQUIPMENT: Finding(met=line.windows > 0, have=line.windows, of=max(1, line.windows)),
            Check.BUSINESS: Finding(met=0 < len(own) == carried, have=carried, of=len(own)),
            Check.PROCEDURE: Finding(met=0 < len(own) == complete, have=complete, of=len(own)),
        }
        found.append(ChecksLine(code=code, name=line.department.name, entry=line.department.entry, findings=findings))
    return ChecksBoard(
        items=tuple(sorted(found, key=lambda one: (-(5 - one.met), one.code))),
        met={check: sum(one.findings[check].met for one in found) for check in Check},
        ready=sum(one.met == len(Check) for one in found),
    )
