"""B.2 as data, and every list of roles in casework that lets somebody change something held against it."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

from service.rules.permissions import ACTS, DEVIATIONS, MATRIX, allowed_to_change
from service.rules.roles import ROLES

ROOT = Path(__file__).parents[2]
GATES = {  # list of roles → the operation of B.2 it opens
    "deploying.DEPLOYERS": "P25", "measures.effective.SCHEDULERS": "P25", "packages.exporting.KEEPERS": "P25",
    "studio.restoring.RESTORERS": "P25", "migration.rights.PLANNERS": "P25", "studio.rights.DESIGNERS": "P23",
    "people.GRANTERS": "P26", "staff.rights.ASKERS": "P26", "staff.rights.DECIDERS": "P26", "staff.rights.ORGANISERS": "P26",
    "letters.registering.MAY_ACTIVATE": "P27", "letters.registering.REGISTRARS": "P27", "letters.relatives.KEEPERS": "P27",
    "rights.STARTERS": "P05", "rights.HEADS": "P11", "archive.rights.FILERS": "P32", "delivery.rights.ISSUERS": "P16",
    "papers.authorities.DECIDERS": "P10", "register.rights.OWN_PROPOSERS": "P02", "materials.rights.WINDOW": "P06",
    "materials.rights.CHECKERS": "P06", "materials.rights.EXAMINERS": "P08", "measures.withdrawal.WINDOW": "P15",
    "window.desks.CLERKS": "P06", "window.reissuing.WINDOW": "P06", "quality.ratings.WINDOWS": "P22", "quality.reading.RATERS": "P22",
    "quality.rights.WINDOWS": "P21", "masking.WINDOWS": "P33", "masking.ISSUERS": "P33", "masking.WITH_REASON": "P33",
    "masking.HEADS": "P33", "clocks.outages.DECLARERS": "P12", "measures.refunds.ASKERS": "P18", "money.exempting.ASKERS": "P18",
    "money.rights.STANDARD_KEEPERS": "P02", "delivery.rights.HANDERS": "P16", "clocks.extending.DEPARTMENT": "P13",
    "money.rights.MANAGERS": "P18", "money.rights.FINANCE": "P18", "money.rights.CASHIERS": "P18",
    "quality.rights.COMPLAINANTS": "P21", "register.rights.PROPOSERS": "P02", "supervising.HEADS": "P20",
    "workbench.chief_pages.CHIEFS": "P11",
}  # fmt: skip
READING = frozenset({"P33"})  # looking is the act
OUTSIDE = {  # lists of roles that open nothing of B.2: readers, who is told, and what the matrix does not know
    "readers": "READERS SEERS TECHNICIANS OVERSEERS WATCHERS LOOKERS EVERYWHERE ARCHIVISTS TAKERS STANDARD_READERS SEAL_READERS "
    "TEMPLATE_READERS LOG_READERS EXCHANGE_READERS CALENDAR_READERS DEPLOYMENT_READERS LEDGER_READERS STAFF_READERS MAY_READ MAY_WATCH "
    "OVERSIGHT COORDINATORS WORKERS LETTER_READERS SERIES_READERS OF_CASES OF_DEPARTMENT",
    "told, placed or kept apart": "TOLD OUTSIDE SUBJECTS NUMBERS LEADERS REVIEWERS RUNGS LADDER POSTS BY_LETTER GRANTEES DEPUTIES",
    "of the running service": "KEEPERS OPERATORS MOVERS MAY_DEPLOY ADMINISTRATORS EXCHANGE_KEEPERS CALLERS DEPLOYERS TEMPLATE_KEEPERS "
    "SEAL_KEEPERS VOIDERS PRINTERS OFFICES",
    "speaking with each other": "SENDERS WAITING_FOR ASKERS WINDOW WIDE",
}
UNNAMED = frozenset(" ".join(OUTSIDE.values()).split())


def lists_of_roles() -> dict[str, tuple[str, ...]]:
    """Every module constant of casework that is a tuple of roles and nothing else."""
    found = {}
    for path in sorted((ROOT / "service" / "casework").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT / "service" / "casework").with_suffix("").parts)
        names = [
            target.id
            for node in ast.parse(path.read_text("utf-8")).body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)
            for target in node.targets
            if isinstance(target, ast.Name)
        ]
        for name in names:
            value = getattr(importlib.import_module(f"service.casework.{module}"), name)
            if value and all(isinstance(one, str) for one in value) and set(value) <= set(ROLES):
                found[f"{module}.{name}"] = value
    return found


LISTS = lists_of_roles()


def test_the_matrix_speaks_of_roles_there_are_in_words_of_the_domain() -> None:
    for operation in MATRIX.values():
        assert set(operation.cells) <= set(ROLES), operation.code
        for cell in operation.cells.values():
            assert set(cell) <= ACTS | set("odcamhr") and ACTS & set(cell), operation.code
    assert {code for code, _ in DEVIATIONS} <= set(MATRIX)
    assert not {(code, role) for code, role in DEVIATIONS if MATRIX[code].changes(role)}, (
        "no deviation where there is none"
    )


def test_administrators_have_no_case_and_supervision_no_business_task() -> None:
    for role in ("system_admin", "security_admin", "audit_admin"):
        assert not any(MATRIX[code].touches(role) for code in ("P04", "P05", "P06", "P07", "P08", "P10", "P16", "P33"))
    assert not any(
        MATRIX[code].changes("supervisor") for code in ("P05", "P06", "P08", "P10", "P11", "P16", "P25", "P26")
    )


@pytest.mark.parametrize(("gate", "code"), GATES.items(), ids=list(GATES))
def test_who_is_let_in_may_do_it_by_the_matrix_or_for_a_reason(gate: str, code: str) -> None:
    judged = MATRIX[code].touches if code in READING else lambda role: allowed_to_change(code, role)
    assert [role for role in LISTS[gate] if not judged(role)] == []


def test_every_list_of_roles_is_judged_or_said_to_be_outside() -> None:
    assert [name for name in LISTS if name not in GATES and name.rpartition(".")[2] not in UNNAMED] == []
