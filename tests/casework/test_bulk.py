"""批量办理: every task in a transaction of its own, every refusal with its reason, nothing done twice."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest

from service.casework import claim_task, get_task, idempotency, release_task, start_case
from service.casework.actors import Actor
from service.casework.bulk import _digest, begin_bulk, bulk_view, choose, go_on, latest_runs
from service.casework.idempotency import begin_once
from service.casework.office import Office
from service.casework.together.asking import Place, ask_signers
from service.rules.bulk import BulkAct
from service.rules.refusals import Forbidden, Invalid, Missing
from tests.casework import desk
from tests.casework.desk import CHIEF, CLERK, REVIEWER, SECOND, STRANGER, actions_of, deploy_text, open_tasks

QUEUE = (
    '<startEvent id="S"/><userTask id="A" name="甲" zw:dept="104" camunda:candidateGroups="104" camunda:formKey="opinion"/>'
    '<userTask id="Z" name="核准" zw:stage="APPROVE" zw:role="chief_rep" zw:dept="104"/><endEvent id="E"/>\n'
    "S -> A\nA -> Z\nZ -> E\n"
)
FORM = json.dumps(
    {
        "type": "default",
        "id": "opinion",
        "components": [
            {
                "type": "textarea",
                "key": "opinion",
                "label": "意见",
                "id": "f",
                "validate": {"required": True, "maxLength": 20},
            }
        ],
    }
)


@pytest.fixture
def staffed(any_office: Office) -> Office:
    desk.hire(any_office)
    deploy_text(any_office, QUEUE, forms={"opinion.form": FORM})
    return any_office


def begun(office: Office, count: int) -> list[UUID]:
    cases = [start_case(office, CLERK, key="p", title=f"云溪示例{number}").id for number in range(count)]
    return [open_tasks(office, case)["A"].id for case in cases]


def run(office: Office, actor: Actor, act: BulkAct, ids: list[UUID], opinion: str = "", **more: str) -> UUID:
    return begin_bulk(office, actor, act, dict.fromkeys(ids, opinion), key=more.pop("key", uuid4().hex), **more)


def test_nothing_two_hundred_and_one_and_giving_away_as_a_clerk_are_refused(staffed: Office) -> None:
    with pytest.raises(Invalid, match="BULK_EMPTY"):
        run(staffed, REVIEWER, BulkAct.CLAIM, [])
    with pytest.raises(Invalid, match="BULK_TOO_MANY"):
        run(staffed, REVIEWER, BulkAct.CLAIM, [uuid4() for _ in range(201)])
    with pytest.raises(Forbidden, match="ASSIGN_FORBIDDEN"):
        run(staffed, REVIEWER, BulkAct.ASSIGN, [uuid4()], to=SECOND.username)
    with pytest.raises(Invalid, match="PERSON_UNKNOWN"):
        run(staffed, CHIEF, BulkAct.ASSIGN, [uuid4()], to="nobody")


def test_another_person_sees_nothing_of_a_run(staffed: Office) -> None:
    found = run(staffed, REVIEWER, BulkAct.CLAIM, begun(staffed, 1))
    for act in (bulk_view, go_on):
        with pytest.raises(Missing, match="BULK_NOT_FOUND"):
            act(staffed, SECOND, found)
    assert latest_runs(staffed, SECOND) == ()


def test_what_is_refused_is_told_beside_what_is_done(staffed: Office) -> None:
    ids = begun(staffed, 3)
    claim_task(staffed, SECOND, ids[1])
    strange = uuid4()
    view = go_on(staffed, REVIEWER, run(staffed, REVIEWER, BulkAct.CLAIM, [*ids, strange]))
    assert [item.state for item in view.items] == ["DONE", "REFUSED", "DONE", "REFUSED"]
    assert view.items[1].code == "TASK_ALREADY_CLAIMED" and view.items[1].params is not None
    assert view.items[1].params["person"] == "刘洋"
    assert (view.items[3].code, view.items[3].name) == ("TASK_NOT_FOUND", "")
    assert [get_task(staffed, REVIEWER, one).assignee for one in ids] == ["zhangwei", "liuyang", "zhangwei"]


def test_a_stranger_learns_nothing_by_naming_tasks(staffed: Office) -> None:
    ids = begun(staffed, 1)
    view = go_on(staffed, STRANGER, run(staffed, STRANGER, BulkAct.COMPLETE, ids, "同意"))
    assert (view.items[0].state, view.items[0].name, view.items[0].title) == ("REFUSED", "", "")
    assert [(one.name, one.refusal is None) for one in choose(staffed, STRANGER, ids)] == [("", False)]


def test_tasks_are_completed_with_an_opinion_each_and_decisions_are_not(staffed: Office) -> None:
    ids = begun(staffed, 2)
    key = uuid4().hex
    found = begin_bulk(staffed, REVIEWER, BulkAct.COMPLETE, {ids[0]: "材料齐全", ids[1]: "长" * 21}, key=key)
    view = go_on(staffed, REVIEWER, found)
    assert [item.state for item in view.items] == ["DONE", "REFUSED"] and view.items[1].code == "BULK_ANSWERS"
    case = get_task(staffed, CHIEF, ids[0]).case.id
    decision = open_tasks(staffed, case)["Z"].id
    (chosen,) = choose(staffed, CHIEF, [decision])
    assert chosen.refusal is not None and chosen.refusal.code == "BULK_ONE_BY_ONE"
    view = go_on(staffed, CHIEF, run(staffed, CHIEF, BulkAct.COMPLETE, [decision], "同意"))
    assert view.items[0].code == "BULK_ONE_BY_ONE"
    assert open_tasks(staffed, case)["Z"].ended_at is None


def test_what_changed_since_its_opinion_was_written_is_not_completed(staffed: Office) -> None:
    ids = begun(staffed, 2)
    for one in ids:
        claim_task(staffed, REVIEWER, one)
    seen = {one.task_id: one.seen for one in choose(staffed, REVIEWER, ids)}
    release_task(staffed, REVIEWER, ids[0])
    claim_task(staffed, REVIEWER, ids[0])
    found = begin_bulk(staffed, REVIEWER, BulkAct.COMPLETE, dict.fromkeys(ids, "同意"), key="seen", seen=seen)
    view = go_on(staffed, REVIEWER, found)
    assert [(one.state, one.code) for one in view.items] == [("REFUSED", "TASK_CHANGED"), ("DONE", None)]


def test_what_waits_for_others_is_told_as_submitted_also_after_a_crash(
    staffed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = begun(staffed, 3)
    for one in ids:
        claim_task(staffed, REVIEWER, one)
    for one in ids[:2]:
        ask_signers(staffed, REVIEWER, one, ["liuyang"], place=Place.PARALLEL, policy="all", question="请提意见")
    found = run(staffed, REVIEWER, BulkAct.COMPLETE, ids, "同意")
    monkeypatch.setattr("service.casework.bulk.end_once", killed)
    with pytest.raises(KeyboardInterrupt):
        go_on(staffed, REVIEWER, found)
    monkeypatch.undo()
    idempotency._seal.set(None)
    view = go_on(staffed, REVIEWER, found)
    assert [one.state for one in view.items] == ["SUBMITTED", "SUBMITTED", "DONE"] and view.over
    assert get_task(staffed, REVIEWER, ids[0]).ended_at is None


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_chief_gives_tasks_to_one_person_and_takes_them_back(staffed: Office) -> None:
    ids = begun(staffed, 2)
    go_on(staffed, CHIEF, run(staffed, CHIEF, BulkAct.ASSIGN, ids, to=SECOND.username))
    assert {get_task(staffed, CHIEF, one).assignee for one in ids} == {"liuyang"}
    go_on(staffed, CHIEF, run(staffed, CHIEF, BulkAct.RELEASE, ids))
    assert {get_task(staffed, CHIEF, one).assignee for one in ids} == {None}


def test_the_same_key_begins_one_run_and_a_run_goes_on_where_it_stood(staffed: Office) -> None:
    ids = begun(staffed, 3)
    first = run(staffed, REVIEWER, BulkAct.COMPLETE, ids, "同意", key="k")
    assert run(staffed, REVIEWER, BulkAct.COMPLETE, ids, "同意", key="k") == first
    assert go_on(staffed, REVIEWER, first, most=1).of("WAITING") == 2
    assert go_on(staffed, REVIEWER, first).of("DONE") == 3
    assert go_on(staffed, REVIEWER, first).over
    assert [waits for _, waits, _ in latest_runs(staffed, REVIEWER)] == [0]


def test_a_crash_between_the_act_and_its_outcome_neither_loses_nor_repeats_it(
    staffed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = begun(staffed, 1)
    found = run(staffed, REVIEWER, BulkAct.COMPLETE, ids, "同意")
    monkeypatch.setattr(
        "service.store.bulk_runs.BulkRuns.settle", lambda self, item, values: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    with pytest.raises(KeyboardInterrupt):
        go_on(staffed, REVIEWER, found)
    monkeypatch.undo()
    assert bulk_view(staffed, REVIEWER, found).of("WAITING") == 1
    view = go_on(staffed, REVIEWER, found)
    assert view.of("DONE") == 1
    case = get_task(staffed, REVIEWER, ids[0]).case.id
    assert actions_of(staffed, case).count("task:completed") == 1


def test_a_crash_before_the_answer_was_kept_counts_as_done(staffed: Office) -> None:
    ids = begun(staffed, 1)
    found = run(staffed, REVIEWER, BulkAct.CLAIM, ids)
    (item,) = bulk_view(staffed, REVIEWER, found).items
    with staffed.reading() as records:
        row = records.bulk_runs.find(found)
    assert row is not None
    assert begin_once(staffed, REVIEWER, f"bulk:{found}:1", _digest(row, item)) is None
    claim_task(staffed, REVIEWER, ids[0])
    idempotency._seal.set(None)  # the process that had begun is gone, and what it had in mind with it
    assert go_on(staffed, REVIEWER, found).of("DONE") == 1
