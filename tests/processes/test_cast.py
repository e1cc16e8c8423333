"""The shipped chain through the office with the people of 云溪市: who gets which desk, and who when it is late."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from service.casework.actors import SYSTEM
from service.casework.attending import attend_due
from service.casework.completing import complete_task
from service.casework.deploying import deploy
from service.casework.office import Office
from service.casework.signing_in import find_actor
from service.casework.starting import start_case
from service.rules.refusals import Forbidden
from service.store.tasks import TaskRow
from tests.casework.desk import actions_of
from tests.conftest import Clock
from tests.processes.library import resources

DECLARED = {
    "applicant": "云溪华印制罐有限公司",
    "project_code": "2603-990100-04-01-482915",
    "project_name": "年产2亿只金属罐项目",
    "initiation": "record",
    "eia_category": "form",
    "special_project": True,
    "civil_building": True,
    "drawings_filed": True,
}
REPLIES: dict[str, dict[str, Any]] = {
    "ACCEPT": {"decision": "accept", "materials": ["申请表(表)"]},
    "REVIEW": {"recommendation": "grant"},
    "APPROVE": {"decision": "grant"},
    "ISSUE": {"delivery": "joint"},
    "OPINION": {"conclusion": "agree"},
    "COORDINATE": {"approvals": ["立项文件"]},
}


@pytest.fixture
def chain(demo_office: Office) -> UUID:
    """JS-35 deployed and declared by the applicant."""
    deploy(demo_office, SYSTEM, "建设工程一站报建", resources("chain_JS_35"))
    applicant = find_actor(demo_office, "lizhao")
    assert applicant is not None
    return start_case(demo_office, applicant, key="chain_JS_35", variables=DECLARED).id


def desks(office: Office, case_id: UUID) -> list[TaskRow]:
    """Open tasks of the case, oldest first."""
    with office.reading() as records:
        found = [t for t in records.tasks.of_case(case_id) if t.ended_at is None]
    return sorted(found, key=lambda t: (t.created_at, t.element))


def answer(office: Office, task: TaskRow) -> str:
    """The person the task belongs to completes it; who that was."""
    assert task.assignee is not None, f"{task.element} of {task.department} belongs to nobody"
    actor = find_actor(office, task.assignee)
    assert actor is not None
    complete_task(office, actor, task.id, answers=REPLIES[task.stage or ""])
    return task.assignee


def test_every_desk_of_the_chain_falls_to_one_person(demo_office, chain):
    seen: dict[tuple[str, str], set[str]] = {}
    for _ in range(200):
        attend_due(demo_office)
        open_desks = desks(demo_office, chain)
        if not open_desks:
            break
        task = open_desks[0]
        seen.setdefault((str(task.department), str(task.role)), set()).add(answer(demo_office, task))
    assert seen == {
        ("201", "counter_clerk"): {"wangfang"},
        ("201", "issue_clerk"): {"wuqian"},
        ("104", "reviewer_a"): {"zhangwei"},
        ("104", "chief_rep"): {"chengang"},
        **{(d, "reviewer_a"): {f"{d}-a"} for d in ("101", "102", "103", "105", "107")},
        **{(d, "chief_rep"): {f"{d}-rep"} for d in ("101", "102", "103", "105", "107")},
    }
    actions = actions_of(demo_office, chain)
    assert actions[0] == "case:started"
    assert actions.count("case:completed") == 1


def test_a_late_review_goes_to_the_chief_representative_who_may_not_approve_it_as_well(
    demo_office: Office, chain: UUID, clock: Clock
):
    def of_103() -> TaskRow:
        return next(t for t in desks(demo_office, chain) if t.department == "103")

    while not any(t.department == "103" for t in desks(demo_office, chain)):
        answer(demo_office, desks(demo_office, chain)[-1])
    late = of_103()
    assert (late.element, late.assignee) == ("Task_Review", "103-a")
    assert late.due_at is not None
    clock.now = late.due_at
    while attend_due(demo_office):
        pass
    moved = of_103()
    assert (moved.id, moved.assignee) == (late.id, "103-rep")
    assert moved.escalated_at == late.due_at
    actions = actions_of(demo_office, chain)
    assert "task:escalated" in actions
    assert actions.index("task:escalated") < actions.index("action:done", actions.index("task:escalated"))
    reviewer = find_actor(demo_office, "103-a")
    assert reviewer is not None
    with pytest.raises(Forbidden):
        complete_task(demo_office, reviewer, late.id, answers=REPLIES["REVIEW"])
    assert answer(demo_office, moved) == "103-rep"
    assert (of_103().element, of_103().assignee) == ("Task_Approve", "103-head")
