"""The table of access as data: `table.csv`, one line per address, one column per role.

`method`, `address` with the objects it names, `send` (a name in `bodies.py`), then for each role the answers for what is near
(own) and what is far (other); one letter where an address names no object. The letters: see `walking.letter`.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("table.csv")
ROLES = {  # column → who stands for it; the numbers are those of DOMAIN B.1
    "anonymous": "",  # R27
    "nobody": "lianxi",  # an account without a role: R03 and R15, which have none in the service
    "applicant": "lizhao",  # R01, and R02 who acts through it
    "counter_clerk": "wangfang",  # R04
    "reviewer_a": "zhangwei",  # R05
    "reviewer_b": "liuyang",  # R06
    "inspector": "xunke",  # R07
    "chief_rep": "chengang",  # R08
    "resident_leader": "zhaomin",  # R09
    "dept_head": "luoming",  # R10
    "issue_clerk": "wuqian",  # R11
    "agency_officer": "zhouqiang",  # R12, R13 secretary
    "lead_coordinator": "shenyan",  # R14
    "supervisor": "sunli",  # R16
    "complaint_officer": "jiangyue",  # R17
    "business_office": "tianyue",  # R18
    "legal_checker": "gaolin",  # R19
    "fee_manager": "feehan",  # R20
    "finance": "caiwu",  # R20, who approves
    "cashier": "cashier",  # the channel at the counter (S-11)
    "process_designer": "hejing",  # R21
    "system_admin": "guotao",  # R22
    "security_admin": "machao",  # R23
    "audit_admin": "linlan",  # R24
    "leader": "xuhong",  # R25, R13 convener
    "archivist": "qinlan",  # R26
    "service": "engine",  # R28
}
OBJECT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Line:
    """One address and what it answers to whom."""

    method: str
    address: str
    send: str
    cells: dict[str, str]

    @property
    def objects(self) -> list[str]:
        """The objects it names."""
        return OBJECT.findall(self.address)


def read() -> list[Line]:
    """The table."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            Line(row["method"], row["address"], row["send"], {role: row[role] for role in ROLES})
            for row in csv.DictReader(file)
        ]


def write(lines: list[Line]) -> None:
    """The table as it is kept: by address, then by method."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["method", "address", "send", *ROLES])
        for one in sorted(lines, key=lambda line: (line.address, line.method, line.send)):
            out.writerow([one.method, one.address, one.send, *(one.cells[role] for role in ROLES)])
