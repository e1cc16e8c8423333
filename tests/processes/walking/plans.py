"""The plans of the joint chains: what is declared, and the cases that together take every flow to every end.

Nodes are read from the diagram, so a node more is a case more. What a chain has of its own (its survey, its filing) is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from scripts.campaigns.city import City
from service.casework.chains.joining import join_department, leave_department
from service.casework.money.billing import cancel_bill
from tests.processes.walking.frame import miss_milestone
from tests.processes.walking.programs import ends_of, process_of
from tests.processes.walking.steering import Act, Plan, slugs_of

SMALL = {"land_area_m2": 4000, "earth_m3": 100}
DECLARED: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "chain_GY_25": (
        {"eia_category": "form", "civil_building": True},
        {"eia_category": "registration", "civil_building": False, **SMALL},
    ),
    "chain_JS_35": (
        {
            "initiation": "record",
            "eia_category": "book",
            "special_project": True,
            "civil_building": True,
            "drawings_filed": True,
        },
        {
            "initiation": "approval",
            "eia_category": "form",
            "special_project": False,
            "civil_building": False,
            "drawings_filed": False,
        },
        {"initiation": "record", "eia_category": "registration", "special_project": False, "drawings_filed": False},
    ),
    "chain_YS_10": (
        {"special_project": True, "lightning": True, "built_m2": 350},
        {"special_project": False, "lightning": False, "built_m2": 0},
    ),
}  # the first has as many nodes as there can be
SECOND = ("Approval", "EiaForm", "FireFiling")  # nodes only the second declaration has
GOOD = {"Task_Review": ({"deviation_pct": 1},)}  # what is built stands where it was permitted
FILING, FORMS = "Task_Filing", {"chain_GY_25": "file_drawings", "chain_JS_35": "file_JS_35"}
CASHIER = "feehan"
LEAD = {"chain_GY_25": "101-rep", "chain_JS_35": "104-rep", "chain_YS_10": "104-rep"}
THRICE = {"nodes": {"*": ("withdrawn", "refuse")}, "rulings": {"*": ("resubmit", "resubmit", "resubmit", "proceed")}}
OWN = ("Task_Intake", "Task_Check", "Task_Issue", "Task_JoinedSum", "Task_Joined", "Task_Plan", "Task_Opinion_Joint")


def plans_of(key: str) -> list[Plan]:
    """Every case of a chain, the cheap ones first; none of a process that has no plans."""
    if key == "support_DB_20":
        return _agency()
    return [*_plans(key)] if key in DECLARED else []


def _plans(key: str) -> list[Plan]:
    first, second, *more = DECLARED[key]
    slugs = slugs_of(key)
    free = [slug for slug in slugs if f"Gone_{slug}" in ends_of(key)]
    asked = "Task_Plan" if "Task_Plan" in _desks(key) else "Task_Accept"
    coordinate = [f"Task_Coordinate_{slug}" for slug in slugs]
    return [
        Plan(name="not accepted", declared=first, says={"Task_Intake": ({"decision": "reject"},)}),
        Plan(name="corrected, then taken back", declared=first, says={"Task_Intake": ({"decision": "correct"}, {})},
             meanwhile={asked: (_tell("Start_Withdraw"),)}),
        Plan(name="not corrected", declared=first, says={"Task_Intake": ({"decision": "correct"},)}, left=("Task_Correction",)),
        Plan(name="all granted", declared=first, nodes={"*": ("grant",)}, says=GOOD),
        Plan(name="all granted, the other kind", declared=second, nodes={"*": ("grant",)}, says=GOOD),
        *(Plan(name=f"kind {n}", declared=one) for n, one in enumerate(more, 3)),
        Plan(name="stopped, then refused again and again", declared=first, late=coordinate, **THRICE),
        Plan(name="the same, the other kind", declared=second, late=coordinate, **THRICE),
        Plan(name="left out", declared=first, nodes={slug: ("left_out",) for slug in free}),
        Plan(name="everybody late", declared=first, late=(*slugs, *OWN), meanwhile={asked: (_join(key, "113"),)}),
        Plan(name="everybody late, the other kind", declared=second, late=(*slugs, *OWN)),
        Plan(name="departments asked and let go, rulings, milestones", declared=first,
             meanwhile={asked: (_join(key, "113"), _join(key, "112"), _let_go(key, "112"), _tell("Start_Ruling", ruling_text="容缺受理"), _late)}),
        Plan(name="who leads sees it cannot go on", declared=first, meanwhile={asked: (_join(key, "113"),)},
             says={"Task_JoinedSum": ({"joined_ruling": "terminate"},)}),
        *_own(key, first, second),
        *(Plan(name=f"terminated at {slug}", declared=second if slug in SECOND else first, rulings={slug: ("terminate",)}) for slug in slugs),
    ]  # fmt: skip


def _own(key: str, first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Plan]:
    """What only some chains have."""
    found = []
    if "Call_Fees" in _desks(key):
        owing = {**first, "relocate": True}
        said = {FILING: ({"relocate": True},)}
        found += [
            Plan(name="nobody pays", declared=owing, says=said, unpaid=True, nodes={"*": ("grant",)}),
            Plan(name="billed twice, then paid", declared=owing, says=said, nodes={"Defence": ("grant",)},
                 meanwhile={"Task_Review": (_bill_again,)}),
        ]  # fmt: skip
    if FILING in _desks(key):
        late = second if key == "chain_JS_35" else first
        found += [
            Plan(name="never files", declared=late, left=(FILING,)),
            Plan(name="files online", declared=late, meanwhile={FILING: (_file_online(key),)}),
        ]
    if "Sub_Survey" in _desks(key):
        mend, good, bad = ({"survey_conclusion": word} for word in ("整改", "通过", "不通过"))
        found += [
            Plan(name="mended once", declared=first, says={"Task_Survey": (*[mend] * 5, good)}),
            Plan(name="surveyed and unfit", declared=first, says={"Task_Survey": (bad,)}),
            Plan(name="concluded unfit", declared=second, says={"Task_Opinion_Joint": ({"decision": "refuse"},)}),
        ]
    return found


def _agency() -> list[Plan]:
    """投资项目全程代办: every kind of filing, blocked and filed again; 工业 with a bill that was paid the first time."""
    give_up = {"Task_Unblock": ({"outcome": "give_up"},)}
    again = ({"outcome": "solved"}, {"outcome": "meeting"}, {"outcome": "give_up"})
    desks = ("Task_Entry", "Task_Contract", "Task_Collect", "Task_Unblock", "Task_Handover", "Task_Single")
    files = ("Task_File_Company", "Task_File_Industry", "Task_File_Building")
    refused: dict[str, Any] = {"Task_Single": ({"filed_decision": "refuse"},), "Task_Unblock": again}
    return [
        Plan(name="not accepted", says={"Task_Entry": ({"decision": "reject"},)}),
        Plan(name="single, granted, without a promise", declared={"project_kind": "其他"},
             says={"Task_Entry": ({"conditions": ["符合产业政策"]},)}),
        Plan(name="single, refused until given up, everybody late", declared={"project_kind": "其他"}, says=refused, late=desks),
        Plan(name="company and industry, late, refused", declared={"project_kind": "工业", "new_company": True}, says=give_up, late=files),
        Plan(name="building, late, refused", declared={"project_kind": "房建"}, says=give_up, late=files),
        Plan(name="industry, filed again after its bill was paid", declared={"project_kind": "工业"},
             nodes={"*": ("grant",), "Permit": ("refuse", "grant")}, rulings={"Permit": ("terminate", "proceed")},
             says={FILING: ({"relocate": True},), "Task_Unblock": again}),
    ]  # fmt: skip


# -- what is done meanwhile ------------------------------------------------------------------------------------


def _tell(element: str, **said: Any) -> Act:
    """A message comes to one of the chain's own events."""

    def act(city: City, case: UUID) -> None:
        heard = next(one for one in city.listeners(case) if one.element == element)
        assert city.tell(heard, said) is None

    return act


def _join(key: str, department: str) -> Act:
    """One department more is asked."""

    def act(city: City, case: UUID) -> None:
        join_department(
            city.office,
            city.actor(LEAD[key]),
            case,
            department=department,
            matter="现场情况",
            days=3,
            reason="情况特殊",
        )

    return act


def _let_go(key: str, department: str) -> Act:
    """It is not needed any more."""

    def act(city: City, case: UUID) -> None:
        desks = [one.row for one in city.desks(case) if one.row.element == "Task_Joined"]
        task = next(one for one in desks if one.department == department)
        leave_department(city.office, city.actor(LEAD[key]), case, task.id, reason="已经了解")

    return act


def _late(city: City, case: UUID) -> None:
    """The next milestone passes."""
    assert miss_milestone(city, case)


def _bill_again(city: City, case: UUID) -> None:
    """The bill is withdrawn; the chain makes another one."""
    [bill] = [one for one in city.bills() if one.case_id == case]
    cancel_bill(city.office, city.actor(CASHIER), bill.number, reason="面积有误", again=False)


def _file_online(key: str) -> Act:
    """The applicant files what comes next without coming to the window."""

    def act(city: City, case: UUID) -> None:
        heard = next(one for one in city.listeners(case) if one.element == "Filed_Online")
        assert city.tell(heard, city.fill(FORMS[key], {}, key=key)) is None

    return act


def _desks(key: str) -> frozenset[str]:
    """Elements on the uppermost level of a chain."""
    return frozenset(one.get("id") for one in process_of(key) if one.get("id"))
