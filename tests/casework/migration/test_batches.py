"""Who plans, who begins; pausing, cancelling; dry runs; what does not fit is refused."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from service.casework import attend_due, start_case
from service.casework.actors import Actor
from service.casework.migration import (
    batch_view,
    begin_batch,
    cancel_batch,
    forget_batch,
    latest_batches,
    make_plan,
    pause_batch,
    resume_batch,
    suggest,
    try_out,
    undo_batch,
    versions,
)
from service.casework.migration.carrying import carry_over
from service.casework.office import Office
from service.rules.migrations import BatchState
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from service.rules.vocabulary import LedgerAction
from tests.casework.desk import CLERK, ENGINE, KEEPER, LINEAR, REVIEWER, deploy_text, hire, journal_of
from tests.casework.migration.test_carrying import NEW, OLD, states, work

DESIGNER = Actor(username="designer", name="设计", roles=frozenset({"process_designer"}))
OTHER = replace(KEEPER, username="yewuke", roles=frozenset({"business_office"}))


def test_planned_by_one_and_begun_by_another(office: Office) -> None:
    hire(office)
    old, new = deploy_text(office, OLD), deploy_text(office, NEW)
    with office.transaction() as records:
        row = records.deployments.definition(new)
        assert row is not None
    for stranger in (CLERK, REVIEWER):
        with pytest.raises(Forbidden, match="MIGRATION_NOT_YOURS"):
            make_plan(office, stranger, old, new, {})
    plan = make_plan(office, DESIGNER, old, new, {})
    with pytest.raises(Forbidden, match="MIGRATION_NOT_YOURS"):
        begin_batch(office, DESIGNER, plan.id)
    own = make_plan(office, KEEPER, old, new, {})
    with pytest.raises(Conflict, match="MIGRATION_SAME_PERSON"):
        begin_batch(office, KEEPER, own.id)
    with pytest.raises(Invalid, match="MIGRATION_EMPTY"):
        begin_batch(office, OTHER, own.id)
    with pytest.raises(Missing, match="CASE_NOT_FOUND"):
        begin_batch(office, OTHER, own.id, [uuid4()])
    start_case(office, ENGINE, definition_id=old)
    batch = begin_batch(office, OTHER, own.id)
    work(office)
    assert batch_view(office, DESIGNER, batch).begun_by == OTHER.username
    with office.reading() as records:
        [planned, *_] = records.ledger.lines(LedgerAction.MIGRATION_PLANNED)
        [begun] = records.ledger.lines(LedgerAction.MIGRATION_BEGUN)
    assert (
        planned.actor == KEEPER.username
        and begun.actor == OTHER.username
        and begun.detail["made_by"] == KEEPER.username
    )


def test_versions_that_do_not_fit_are_refused(office: Office) -> None:
    old, other = deploy_text(office, OLD), deploy_text(office, LINEAR, key="other")
    with pytest.raises(Conflict, match="MIGRATION_OTHER_PROCESS"):
        make_plan(office, ENGINE, old, other, {})
    with pytest.raises(Conflict, match="MIGRATION_SAME_VERSION"):
        make_plan(office, ENGINE, old, old, {})
    with pytest.raises(Missing, match="DEFINITION_NOT_FOUND"):
        make_plan(office, ENGINE, old, uuid4(), {})
    new = deploy_text(office, NEW)
    with pytest.raises(Invalid, match="MIGRATION_MAPPING") as refused:
        make_plan(office, ENGINE, old, new, {"p": {"A": "nobody"}})
    assert [one.code for one in refused.value.details] == ["TARGET_UNKNOWN"]
    assert [card.version for card in versions(office, ENGINE, "p")] == [2, 1]
    pairs = {pair.old: pair.how for pair in suggest(office, ENGINE, old, new).pairs}
    assert pairs["A"] == pairs["B"] == "id"


def test_a_batch_is_paused_resumed_and_cancelled(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.casework.migration.batches.AT_ONCE", 2)
    old, cases = deploy_text(office, OLD), []
    for _ in range(7):
        cases.append(start_case(office, ENGINE, key="p").id)
    plan = make_plan(office, ENGINE, old, deploy_text(office, NEW), {})
    work(office)
    batch = begin_batch(office, ENGINE, plan.id)
    attend_due(office, limit=1)
    paused = pause_batch(office, ENGINE, batch)
    assert (paused.state, paused.had, paused.cases) == (BatchState.PAUSED, 2, 7)
    work(office)
    assert batch_view(office, ENGINE, batch).had == 2
    resume_batch(office, ENGINE, batch)
    attend_due(office, limit=1)
    with pytest.raises(Conflict, match="MIGRATION_RUNNING"):
        undo_batch(office, ENGINE, batch)
    cancelled = cancel_batch(office, ENGINE, batch)
    assert cancelled.counts == {"DONE": 4, "SKIPPED": 3} and cancelled.state is BatchState.CANCELLED
    work(office)
    assert [state for state, _ in states(office, batch)] == ["DONE"] * 4 + ["SKIPPED"] * 3
    with pytest.raises(Conflict, match="MIGRATION_OVER"):
        pause_batch(office, ENGINE, batch)
    undo_batch(office, ENGINE, batch)
    work(office)
    assert batch_view(office, ENGINE, batch).counts == {"UNDONE": 4, "SKIPPED": 3}
    with pytest.raises(Conflict, match="MIGRATION_NOTHING_DONE"):
        undo_batch(office, ENGINE, batch)
    assert [one.id for one in latest_batches(office, ENGINE, process="p")] == [batch]
    forget_batch(office, ENGINE, batch)
    actions = [line.action for case in cases for line in journal_of(office, case)]
    assert not latest_batches(office, ENGINE, process="p") and actions.count("case:migrated") == 4


def test_a_dry_run_changes_nothing(office: Office) -> None:
    old = deploy_text(office, OLD)
    case = start_case(office, ENGINE, key="p").id
    new = deploy_text(office, NEW)
    before = journal_of(office, case)
    tried = try_out(office, ENGINE, old, new, {"p": {"A": None}})
    assert tried.counts == {"IMPOSSIBLE": 1} and tried.codes == {"ELEMENT_GONE": 1}
    assert try_out(office, ENGINE, old, new).counts == {"AS_IS": 1}
    with office.reading() as records:
        row = records.cases.find(case)
    assert row is not None and row.definition_id == old and journal_of(office, case) == before


def test_a_fault_of_ours_leaves_the_case_and_the_batch_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    old = deploy_text(office, OLD)
    first = start_case(office, ENGINE, key="p").id
    second = start_case(office, ENGINE, key="p").id
    plan = make_plan(office, ENGINE, old, deploy_text(office, NEW), {})

    def broken(office, records, plan, batch, item, row):  # type: ignore[no-untyped-def]
        if item.case_id == first:
            raise RuntimeError("broken")
        carry_over(office, records, plan, batch, item, row)

    monkeypatch.setattr("service.casework.migration.batches.carry_over", broken)
    batch = begin_batch(office, ENGINE, plan.id, [first, second])
    work(office)
    assert states(office, batch) == [("FAILED", "MIGRATION_FAULT"), ("DONE", None)]
    assert batch_view(office, ENGINE, batch).state is BatchState.DONE
