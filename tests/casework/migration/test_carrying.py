"""A case goes over: what stays with it, what is rewritten, what is refused and left alone, what can be taken back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from service.casework import attend_due, claim_task, complete_task, correlate, start_case, suspend_case
from service.casework.handing import save_draft
from service.casework.migration import (
    batch_items,
    batch_view,
    begin_batch,
    give_up_weekly,
    make_plan,
    try_out,
    undo_batch,
)
from service.casework.office import Office
from service.rules.migrations import BatchState, ItemState
from service.rules.vocabulary import JournalAction
from service.store.schema import activity, agenda, external_task, incident, subscription, variable
from tests.casework.desk import ENGINE, REVIEWER, agenda_of, deploy_text, hire, journal_of, open_tasks, waits_of
from tests.casework.test_truths import check
from tests.conftest import Clock
from tests.engine.drive import HOUR, process

GROUP = 'camunda:candidateGroups="104"'
OLD = (
    f'<startEvent id="S"/><userTask id="A" name="甲" {GROUP}/><userTask id="B" name="乙" {GROUP}/><endEvent id="E"/>'
    f'<boundaryEvent id="T" attachedToRef="A" cancelActivity="false">{HOUR}</boundaryEvent><endEvent id="TE"/>'
    "\nS -> A\nA -> B\nB -> E\nT -> TE\n"
)
NEW = OLD.replace("A -> B\n", f'A -> N\nN -> B\n<userTask id="N" name="新增" {GROUP}/>').replace(
    'name="甲"', 'name="甲审"'
)
RENAMED = NEW.replace('"A"', '"A2"').replace("S -> A\nA -> N", "S -> A2\nA2 -> N")


def work(office: Office) -> None:
    """The worker, until nothing is due."""
    while attend_due(office):
        continue


def migrated(office: Office, old: UUID, new: UUID, *cases: UUID, mapping: dict | None = None) -> UUID:
    """A batch of these cases, done."""
    plan = make_plan(office, ENGINE, old, new, {"p": mapping} if mapping else {})
    batch = begin_batch(office, ENGINE, plan.id, cases or None)
    work(office)
    return batch


def states(office: Office, batch: UUID) -> list[tuple[str, str | None]]:
    """What became of the cases of a batch, in their order."""
    return [(item.state.value, item.code) for item in batch_items(office, ENGINE, batch)]


def test_a_case_goes_on_in_the_new_version_with_everything_it_has(any_office: Office, clock: Clock) -> None:
    office = any_office
    hire(office)
    old = deploy_text(office, OLD)
    case = start_case(office, ENGINE, key="p", business_key="BJ-1").id
    task = open_tasks(office, case)["A"]
    claim_task(office, REVIEWER, task.id, REVIEWER.username)
    timer = next(row for row in agenda_of(office, case) if row.kind == "timer")
    clock.advance(minutes=10)
    new = deploy_text(office, NEW)
    batch = migrated(office, old, new)
    assert states(office, batch) == [("DONE", None)]
    row = open_tasks(office, case)["A"]
    assert (row.id, row.assignee, row.name, row.definition_id) == (task.id, REVIEWER.username, "甲审", new)
    assert (row.created_at, row.due_at) == (task.created_at, task.due_at) and row.seen > task.seen
    kept = next(row for row in agenda_of(office, case) if row.kind == "timer")
    assert (kept.id, kept.due_at, kept.definition_id) == (timer.id, timer.due_at, new)
    line = journal_of(office, case)[-1]
    assert line.action == JournalAction.CASE_MIGRATED and line.actor == ENGINE.username
    assert (line.detail["from"], line.detail["to"], line.detail["batch"]) == (str(old), str(new), str(batch))
    check(office, case)
    complete_task(office, REVIEWER, row.id)
    assert set(open_tasks(office, case)) == {"N"}


def test_another_id_is_written_everywhere(office: Office) -> None:
    hire(office)

    def beside(task: str, receive: str, work: str, topic: str) -> str:
        return (
            f'<startEvent id="S"/><parallelGateway id="G"/><userTask id="{task}" {GROUP}/><endEvent id="E"/>'
            f'<boundaryEvent id="T" attachedToRef="{task}" cancelActivity="false">{HOUR}</boundaryEvent><endEvent id="TE"/>'
            f'<receiveTask id="{receive}" messageRef="M1"/><endEvent id="RE"/><endEvent id="XE"/>'
            f'<serviceTask id="{work}" camunda:type="external" camunda:topic="{topic}"/>'
            f"\nS -> G\nG -> {task}\n{task} -> E\nT -> TE\nG -> {receive}\n{receive} -> RE\nG -> {work}\n{work} -> XE\n"
        )

    old = deploy_text(office, beside("A", "R", "X", "t"))
    case = start_case(office, ENGINE, key="p").id
    new = deploy_text(office, beside("A2", "R2", "X2", "t2"))
    batch = migrated(office, old, new, case, mapping={"A": "A2", "R": "R2", "X": "X2"})
    assert states(office, batch) == [("DONE", None)]
    check(office, case)
    with office.reading() as records:
        [external] = records.execute(external_task.select()).all()
        [listening] = records.execute(subscription.select()).all()
        live = {row.element for row in records.execute(activity.select().where(activity.c.ended_at.is_(None)))}
        timers = {row.element for row in records.execute(agenda.select().where(agenda.c.case_id == case))}
    assert (external.element, external.topic, external.definition_id) == ("X2", "t2", new)
    assert listening.element == "R2" and set(open_tasks(office, case)) == {"A2"}
    assert {"R2", "X2"} <= live and not {"R", "X"} & live and "T" in timers
    assert correlate(office, ENGINE, "m1", case_id=case)
    assert JournalAction.MESSAGE_RECEIVED in {line.action for line in journal_of(office, case)}


def test_who_cannot_is_listed_with_the_reason_and_left_alone(office: Office) -> None:
    hire(office)
    old = deploy_text(office, OLD)
    first, second, third = (start_case(office, ENGINE, key="p").id for _ in range(3))
    complete_task(office, REVIEWER, open_tasks(office, second)["A"].id)
    suspend_case(office, ENGINE, third)
    new = deploy_text(
        office,
        OLD.replace('<userTask id="B" name="乙"', '<serviceTask id="C" camunda:type="external" camunda:topic="t"')
        .replace(f' {GROUP}/><endEvent id="E"/>', '/><endEvent id="E"/>')
        .replace("A -> B\nB -> E", "A -> C\nC -> E"),
    )
    before = {case: journal_of(office, case) for case in (second, third)}
    tried = try_out(office, ENGINE, old, new)
    assert tried.counts == {"AS_IS": 1, "IMPOSSIBLE": 2} and tried.codes == {"ELEMENT_GONE": 1, "CASE_SUSPENDED": 1}
    batch = migrated(office, old, new, first, second, third)
    assert states(office, batch) == [("DONE", None), ("FAILED", "ELEMENT_GONE"), ("FAILED", "CASE_SUSPENDED")]
    assert {case: journal_of(office, case) for case in before} == before
    complete_task(office, REVIEWER, open_tasks(office, second)["B"].id)
    assert batch_view(office, ENGINE, batch).state is BatchState.DONE
    again = migrated(office, old, new, first)
    assert states(office, again) == [("FAILED", "MIGRATION_OTHER_VERSION")]


def test_a_migration_that_would_break_is_rolled_back(office: Office) -> None:
    hire(office)
    old = deploy_text(office, OLD)
    case = start_case(office, ENGINE, key="p").id
    wrong = "<timerEventDefinition><timeDuration>= 1 + missing</timeDuration></timerEventDefinition>"
    new = deploy_text(
        office, OLD + f'<boundaryEvent id="W" attachedToRef="A">{wrong}</boundaryEvent><endEvent id="WE"/>\nW -> WE\n'
    )
    before = journal_of(office, case)
    batch = migrated(office, old, new)
    assert states(office, batch) == [("FAILED", "MIGRATION_BREAKS")] and journal_of(office, case) == before
    with office.reading() as records:
        assert not records.execute(incident.select()).all()
    check(office, case)


def test_a_batch_is_taken_back_as_long_as_nobody_went_on(office: Office, clock: Clock) -> None:
    hire(office)
    old = deploy_text(office, OLD)
    kept, moved = (start_case(office, ENGINE, key="p").id for _ in range(2))
    before, timers = waits_of(office, kept), {row.id: row.due_at for row in agenda_of(office, kept)}
    new = deploy_text(office, RENAMED)
    batch = migrated(office, old, new, kept, moved, mapping={"A": "A2"})
    assert set(open_tasks(office, kept)) == {"A2"}
    complete_task(office, REVIEWER, open_tasks(office, moved)["A2"].id)
    clock.advance(minutes=5)
    undo_batch(office, ENGINE, batch)
    work(office)
    assert states(office, batch) == [("UNDONE", None), ("MOVED_ON", "MIGRATION_MOVED_ON")]
    assert waits_of(office, kept) == before and set(open_tasks(office, kept)) == {"A"}
    assert {row.id: row.due_at for row in agenda_of(office, kept)} == timers
    assert open_tasks(office, kept)["A"].definition_id == old and open_tasks(office, moved)["N"].definition_id == new
    assert journal_of(office, kept)[-1].action == JournalAction.CASE_MIGRATED_BACK
    complete_task(office, REVIEWER, open_tasks(office, kept)["A"].id)
    assert set(open_tasks(office, kept)) == {"B"}


def test_what_taking_back_would_need_is_given_up_for_cases_that_went_on(office: Office) -> None:
    hire(office)
    old = deploy_text(office, OLD)
    kept, moved = (start_case(office, ENGINE, key="p").id for _ in range(2))
    batch = migrated(office, old, deploy_text(office, RENAMED), kept, moved, mapping={"A": "A2"})
    with office.transaction() as records:
        assert give_up_weekly(office, records, records.now) == {"given_up": 0}
    complete_task(office, REVIEWER, open_tasks(office, moved)["A2"].id)
    with office.transaction() as records:
        assert give_up_weekly(office, records, records.now) == {"given_up": 1}
        stored = {one.case_id: one.blob for one in (records.migrations.item(batch, n) for n in (1, 2)) if one}
    assert stored[kept] and stored[moved] is None
    undo_batch(office, ENGINE, batch)
    work(office)
    assert states(office, batch) == [("UNDONE", None), ("MOVED_ON", "MIGRATION_MOVED_ON")]


def test_variables_that_were_copied_go_with_what_is_taken_back(office: Office) -> None:
    hire(office)
    old = deploy_text(office, OLD)
    case = start_case(office, ENGINE, key="p").id
    complete_task(office, REVIEWER, open_tasks(office, case)["A"].id, answers={"conclusion": "agree"})
    batch = migrated(office, old, deploy_text(office, RENAMED), mapping={"A": "A2"})

    def names() -> set[str]:
        with office.reading() as records:
            return {row.name for row in records.execute(variable.select().where(variable.c.case_id == case))}

    assert names() == {"A", "A2"}
    undo_batch(office, ENGINE, batch)
    work(office)
    assert names() == {"A"} and states(office, batch) == [("UNDONE", None)]
    check(office, case)


def test_a_draft_stays_with_its_task(office: Office) -> None:
    hire(office)
    old = deploy_text(office, OLD)
    case = start_case(office, ENGINE, key="p").id
    task = open_tasks(office, case)["A"].id
    claim_task(office, REVIEWER, task, REVIEWER.username)
    save_draft(office, REVIEWER, task, {"opinion": "同意"})
    batch = migrated(office, old, deploy_text(office, NEW))
    with office.reading() as records:
        assert records.together.draft_of(task, REVIEWER.username) is not None
    assert states(office, batch) == [("DONE", None)]


def test_called_processes_go_on_in_the_versions_of_the_batch(office: Office) -> None:
    hire(office)
    inner = f'<startEvent id="QS"/><userTask id="V" {GROUP}/><endEvent id="QE"/>\nQS -> V\nV -> QE\n'
    main = process(
        f'<startEvent id="S"/><callActivity id="C" calledElement="q"/><userTask id="Z" {GROUP}/><endEvent id="E"/>'
        "\nS -> C\nC -> Z\nZ -> E\n"
    )
    old = deploy_text(office, main + process(inner, "q"))
    case = start_case(office, ENGINE, key="p").id
    more = inner.replace("V -> QE", f'V -> W\nW -> QE\n<userTask id="W" {GROUP}/>')
    new = deploy_text(office, main.replace('id="Z"', 'id="Z" name="末"') + process(more, "q"))
    batch = migrated(office, old, new)
    assert states(office, batch) == [("DONE", None)]
    check(office, case)
    complete_task(office, REVIEWER, open_tasks(office, case)["V"].id)
    assert set(open_tasks(office, case)) == {"W"}


def test_a_limit_goes_on_counting(office: Office, clock: Clock) -> None:
    hire(office)
    limited = OLD.replace('name="甲"', 'name="甲" zw:limit="2hd"')
    old = deploy_text(office, limited)
    case = start_case(office, ENGINE, key="p").id
    due = open_tasks(office, case)["A"].due_at
    with office.reading() as records:
        [before] = records.clocks.of_case(case)
    clock.advance(timedelta(hours=1))
    new = deploy_text(office, limited.replace('"A"', '"A2"').replace("S -> A\nA ->", "S -> A2\nA2 ->"))
    batch = migrated(office, old, new)
    assert states(office, batch) == [("DONE", None)]
    with office.reading() as records:
        [after] = records.clocks.of_case(case)
    assert due is not None and open_tasks(office, case)["A2"].due_at == due
    assert (after.element, after.id, after.due_at, after.state) == ("A2", before.id, before.due_at, before.state)


@pytest.mark.parametrize("state", [ItemState.WAITING, ItemState.DONE])
def test_a_turn_that_comes_twice_is_one(office: Office, state: ItemState) -> None:
    from service.casework.migration.batches import take_turn

    hire(office)
    old = deploy_text(office, OLD)
    case = start_case(office, ENGINE, key="p").id
    new = deploy_text(office, NEW)
    plan = make_plan(office, ENGINE, old, new, {})
    batch = begin_batch(office, ENGINE, plan.id)
    with office.reading() as records:
        [item] = records.migrations.next_items(batch, "WAITING", 5)
    take_turn(office, plan, item)
    if state is ItemState.DONE:
        take_turn(office, plan, item)
    work(office)
    lines = [line for line in journal_of(office, case) if line.action == JournalAction.CASE_MIGRATED]
    assert len(lines) == 1 and states(office, batch) == [("DONE", None)]
