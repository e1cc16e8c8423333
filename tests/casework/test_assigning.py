"""Who holds a task: claim, release, assign, delegate, resolve, update, comment."""

from __future__ import annotations

import pytest

from service.casework import (
    assign_task,
    claim_task,
    comment_task,
    complete_task,
    delegate_task,
    get_task,
    release_task,
    resolve_task,
    start_case,
    task_comments,
    update_task,
)
from service.casework.office import Office
from service.casework.variables import case_variables
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from tests.casework import desk
from tests.casework.desk import (
    CHIEF,
    CLERK,
    ENGINE,
    FOUR_STAGES,
    KEEPER,
    REVIEWER,
    SECOND,
    STRANGER,
    SUPERVISOR,
    actions_of,
    deploy_text,
    open_tasks,
)

QUEUE = (
    '<startEvent id="S"/><userTask id="A" name="甲" camunda:candidateGroups="104"/><endEvent id="E"/>\nS -> A\nA -> E\n'
)


@pytest.fixture
def staffed(any_office: Office) -> Office:
    desk.hire(any_office)
    deploy_text(any_office, QUEUE)
    return any_office


def test_strangers_and_supervisors_do_not_claim(staffed: Office) -> None:
    case = start_case(staffed, CLERK, key="p")
    task = open_tasks(staffed, case.id)["A"]
    for actor in (STRANGER, SUPERVISOR):
        with pytest.raises(Forbidden):
            claim_task(staffed, actor, task.id)
    with pytest.raises(Forbidden):
        claim_task(staffed, REVIEWER, task.id, SECOND.username)
    assert open_tasks(staffed, case.id)["A"].assignee is None


def test_a_claimed_task_is_its_holders_until_released(staffed: Office) -> None:
    case = start_case(staffed, CLERK, key="p")
    task = open_tasks(staffed, case.id)["A"]
    view = claim_task(staffed, REVIEWER, task.id)
    assert view.assignee == "zhangwei" and view.candidate_groups == ("104",) and view.seen > task.seen
    assert claim_task(staffed, REVIEWER, task.id).assignee == "zhangwei"
    with pytest.raises(Conflict) as refusal:
        claim_task(staffed, SECOND, task.id)
    assert refusal.value.code == "TASK_ALREADY_CLAIMED" and "张伟" in refusal.value.sentence()
    with pytest.raises(Forbidden):
        complete_task(staffed, SECOND, task.id)
    with pytest.raises(Forbidden):
        release_task(staffed, SECOND, task.id)
    assert release_task(staffed, REVIEWER, task.id).assignee is None
    complete_task(staffed, SECOND, task.id)
    assert get_task(staffed, CLERK, task.id).assignee == "liuyang"
    assert actions_of(staffed, case.id)[1:3] == ["task:claimed", "task:released"]


def test_a_released_post_task_becomes_the_queue_of_its_post(staffed: Office) -> None:
    deploy_text(staffed, FOUR_STAGES, key="q")
    case = start_case(staffed, CLERK, key="q")
    task = open_tasks(staffed, case.id)["Accept"]
    assert release_task(staffed, SECOND, task.id).candidate_groups == ("104:reviewer_b",)
    assert claim_task(staffed, SECOND, task.id).assignee == SECOND.username


def test_heads_and_keepers_assign_but_only_people_who_exist(staffed: Office) -> None:
    deploy_text(staffed, FOUR_STAGES, key="q")
    case = start_case(staffed, CLERK, key="q")
    task = open_tasks(staffed, case.id)["Accept"]
    with pytest.raises(Forbidden):
        assign_task(staffed, SECOND, task.id, REVIEWER.username)
    with pytest.raises(Invalid) as refusal:
        assign_task(staffed, CHIEF, task.id, "nobody")
    assert refusal.value.code == "PERSON_UNKNOWN"
    assert assign_task(staffed, CHIEF, task.id, REVIEWER.username).assignee == REVIEWER.username
    assert assign_task(staffed, KEEPER, task.id, None).assignee is None


def test_a_delegated_task_comes_back_before_it_is_completed(staffed: Office) -> None:
    case = start_case(staffed, CLERK, key="p")
    task = open_tasks(staffed, case.id)["A"]
    claim_task(staffed, REVIEWER, task.id)
    with pytest.raises(Forbidden):
        delegate_task(staffed, SECOND, task.id, SECOND.username)
    view = delegate_task(staffed, REVIEWER, task.id, SECOND.username)
    assert (view.owner, view.assignee, view.delegation) == ("zhangwei", "liuyang", "PENDING")
    with pytest.raises(Conflict) as refusal:
        complete_task(staffed, SECOND, task.id)
    assert refusal.value.code == "TASK_DELEGATED"
    view = resolve_task(staffed, SECOND, task.id, {"draft": "已起草"})
    assert (view.assignee, view.delegation) == ("zhangwei", "RESOLVED")
    assert case_variables(staffed, CLERK, case.id)["draft"].value == "已起草"
    assert complete_task(staffed, REVIEWER, task.id).ended


def test_a_task_given_to_an_alias_is_the_persons(staffed: Office) -> None:
    with staffed.transaction() as records:
        for username, alias in (("zhangwei", "104-a"), ("liuyang", "104-b")):
            person = records.people.find(username)
            assert person is not None
            records.people.change(person.id, alias=alias)
    case = start_case(staffed, CLERK, key="p")
    task = open_tasks(staffed, case.id)["A"]
    assert claim_task(staffed, REVIEWER, task.id, "104-a").assignee == "zhangwei"
    view = delegate_task(staffed, REVIEWER, task.id, "104-b")
    assert (view.owner, view.assignee) == ("zhangwei", "liuyang")
    assert assign_task(staffed, KEEPER, task.id, "104-a").assignee == "zhangwei"
    assert update_task(staffed, ENGINE, task.id, {"assignee": "104-b", "owner": "104-a"}).assignee == "liuyang"
    assert assign_task(staffed, ENGINE, task.id, "only-a-program-knows").assignee == "only-a-program-knows"


def test_a_diagram_that_names_an_alias_names_the_person(staffed: Office) -> None:
    with staffed.transaction() as records:
        person = records.people.find("zhangwei")
        assert person is not None
        records.people.change(person.id, alias="104-a")
    tasks = (
        '<startEvent id="S"/><userTask id="A" camunda:assignee="104-a"/>'
        '<userTask id="B" camunda:candidateUsers="104-a,liuyang"/><endEvent id="E"/>\nS -> A\nA -> B\nB -> E\n'
    )
    deploy_text(staffed, tasks, key="q")
    case = start_case(staffed, CLERK, key="q")
    complete_task(staffed, REVIEWER, open_tasks(staffed, case.id)["A"].id)
    assert complete_task(staffed, REVIEWER, open_tasks(staffed, case.id)["B"].id).ended


def test_a_task_is_changed_field_by_field(staffed: Office) -> None:
    case = start_case(staffed, CLERK, key="p")
    task = open_tasks(staffed, case.id)["A"]
    with pytest.raises(Invalid):
        update_task(staffed, ENGINE, task.id, {"element": "B"})
    with pytest.raises(Invalid):
        update_task(staffed, ENGINE, task.id, {"name": ""})
    view = update_task(staffed, ENGINE, task.id, {"name": "乙", "priority": 80})
    assert (view.name, view.priority) == ("乙", 80)
    assert update_task(staffed, ENGINE, task.id, {"name": "乙"}).seen == view.seen, "nothing changed, so no new version"


def test_comments_are_kept_and_empty_ones_refused(staffed: Office) -> None:
    case = start_case(staffed, CLERK, key="p")
    task = open_tasks(staffed, case.id)["A"]
    with pytest.raises(Invalid) as refusal:
        comment_task(staffed, CLERK, task.id, "  ")
    assert refusal.value.fields[0].field == "message"
    with pytest.raises(Missing):
        comment_task(staffed, STRANGER, task.id, "看看")
    comment_task(staffed, CLERK, task.id, "请加急")
    assert [(one.author, one.message) for one in task_comments(staffed, REVIEWER, task.id)] == [("wangfang", "请加急")]
    assert actions_of(staffed, case.id)[-1] == "task:commented"
