"""The shipped chains with their clocks: everybody uses the whole limit, and the chain is done in its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from service.casework import attend_due, complete_task, get_case, start_case
from service.casework.actors import SYSTEM
from service.casework.deploying import deploy
from service.casework.office import Office
from service.rules.clocks import ClockKind
from service.rules.worktime import standard_calendar
from service.store.clocks import ClockRow
from service.store.tasks import TaskRow
from tests.casework.clocks.items import lines_of
from tests.casework.desk import ENGINE
from tests.conftest import CHINA, Clock
from tests.processes.library import resources
from tests.processes.test_chains import ALL, DECLARED, PROJECT, REPLIES

CALENDAR = standard_calendar()
FILED = "Task_Filing"


def begun(office: Office, clock: Clock, key: str, at: str = "2026-03-02T10:00", **changes: Any) -> UUID:
    """A chain declared at an instant."""
    deploy(office, SYSTEM, "联办", resources(key))
    clock.set(at)
    return start_case(office, ENGINE, key=key, variables=DECLARED[key] | changes).id


def state(office: Office, case_id: UUID) -> tuple[tuple[TaskRow, ...], list[ClockRow]]:
    """Open tasks and all clocks."""
    with office.reading() as records:
        return records.tasks.open_of(case_id), list(records.clocks.of_case(case_id))


def pass_until(office: Office, clock: Clock, target: datetime) -> None:
    """Attend everything on the way at its own instant."""
    while True:
        while attend_due(office):
            pass
        with office.reading() as records:
            stop = records.agenda.first_ready()
        if stop is None or stop > target:
            break
        clock.now = max(stop, clock.now)
    clock.now = target


def node_of(rows: list[ClockRow], task: TaskRow) -> ClockRow | None:
    """The own limit of the node a task stands in."""
    scope = next(row.scope_id for row in rows if row.id == task.id)
    return next(
        (
            row
            for row in rows
            if row.kind == ClockKind.MILESTONE and row.scope_id == scope and row.element and row.name[:1] != "M"
        ),
        None,
    )


def last_instant(rows: list[ClockRow], task: TaskRow) -> datetime | None:
    """Until when somebody who uses the whole limit keeps a task: the issuing desk of a node until the node's end, the window
    until M0, the joint issue until its own; None: it is done at once."""
    node = node_of(rows, task)
    if node is not None:
        return node.due_at if task.stage == "ISSUE" else None
    if task.element == "Task_Intake":
        return next(row.due_at for row in rows if row.name.startswith("M0 "))
    return None if task.element == FILED else next(row.due_at for row in rows if row.id == task.id)


def reply(task: TaskRow) -> dict[str, Any]:
    """What a desk answers, with a certificate number nobody else has."""
    said = dict(REPLIES.get(task.element, {"conclusion": "agree"}))
    return said | ({"certificate_no": f"云-{task.id.hex[:12]}"} if "certificate_no" in said else {})


def use_every_limit(office: Office, clock: Clock, case_id: UUID, *, files: datetime | None = None) -> None:
    """Play the chain to its end; the applicant files what is asked for next at `files`, else at once."""
    for _ in range(400):
        pass_until(office, clock, clock.now)
        tasks, rows = state(office, case_id)
        if not tasks:
            with office.reading() as records:
                assert [one.message for one in records.incidents.open_of_case(case_id)] == []
            return
        kept = []
        for task in tasks:
            until = files if task.element == FILED else last_instant(rows, task)
            if until is None or until - timedelta(minutes=1) <= clock.now:
                complete_task(office, ENGINE, task.id, answers=reply(task))
                break
            kept.append(until - timedelta(minutes=1))
        else:
            pass_until(office, clock, min(kept))
    raise AssertionError("the chain does not end")


def day(instant: datetime | None) -> str:
    """The day of an instant in China."""
    assert instant is not None
    return instant.astimezone(CHINA).date().isoformat()


@pytest.mark.slow
@pytest.mark.parametrize(("key", "used", "due"), [("chain_GY_25", 25, "2026-04-07"), ("chain_JS_35", 34, "2026-04-21")])
def test_a_chain_keeps_its_limit_when_everybody_uses_theirs(
    demo_office: Office, clock: Clock, key: str, used: int, due: str
) -> None:
    case_id = begun(demo_office, clock, key)
    use_every_limit(demo_office, clock, case_id)
    _, rows = state(demo_office, case_id)
    chain = next(row for row in rows if row.kind == ClockKind.CHAIN)
    assert get_case(demo_office, ENGINE, case_id).state == "COMPLETED"
    assert day(chain.due_at) == due and day(chain.started_at) == "2026-03-02"
    assert chain.stopped_at is not None and chain.due_at is not None and chain.stopped_at <= chain.due_at
    began, ended = (one.astimezone(CHINA).date() for one in (chain.started_at, chain.stopped_at))
    assert CALENDAR.workdays_between(began, ended) == used
    assert [one for one in lines_of(demo_office, case_id, "chain:attributed")] == []


def test_days_of_waiting_for_the_drawings_are_frozen(demo_office: Office, clock: Clock) -> None:
    case_id = begun(demo_office, clock, "chain_GY_25", eia_category="registration", land_area_m2=3000)
    use_every_limit(demo_office, clock, case_id, files=Clock().set("2026-03-27T10:00"))
    _, rows = state(demo_office, case_id)
    chain = next(row for row in rows if row.kind == ClockKind.CHAIN)
    frozen = [(one["after"], one["through"]) for one in chain.pauses if one["kind"] == "CHAIN_WAIT"]
    assert frozen == [("2026-03-20", "2026-03-27")], "M2 was reached on the last day of its limit"
    assert day(chain.due_at) == "2026-04-14"
    assert chain.stopped_at is not None and chain.due_at is not None and chain.stopped_at <= chain.due_at


def do(office: Office, case_id: UUID, element: str, process: str | None = None, **answers: Any) -> None:
    """Answer an open task of the chain or of one of its items."""
    tasks, rows = state(office, case_id)
    of = {row.id: row.process for row in rows}
    task = next(one for one in tasks if one.element == element and process in (None, of.get(one.id)))
    complete_task(office, ENGINE, task.id, answers=answers)


def test_a_branch_nobody_finished_leaves_at_yellow_and_keeps_a_clock_of_its_own(
    demo_office: Office, clock: Clock
) -> None:
    case_id = begun(demo_office, clock, "chain_QY_1", branches=["seal", "social"])
    do(demo_office, case_id, "Task_Intake", decision="accept")
    do(demo_office, case_id, "Task_Desk", "item_111_XK_001", **REPLIES["Task_Desk"])
    do(demo_office, case_id, "Task_Desk", "item_112_QT_001", **REPLIES["Task_Desk"])
    do(demo_office, case_id, "Task_Seals", seal_codes="4101000012345")
    pass_until(demo_office, clock, Clock().set("2026-03-03T08:59"))
    tasks, _ = state(demo_office, case_id)
    assert [one.element for one in tasks] == ["Task_Desk"], "social insurance is open still"
    pass_until(demo_office, clock, Clock().set("2026-03-03T09:30"))
    with demo_office.reading() as records:
        _, (own,) = records.exchange.linked(case_id)
    (tasks, rows) = state(demo_office, own.id)
    assert [one.element for one in tasks] == ["Task_Desk"]
    assert {row.kind for row in rows} >= {"RECEIPT", "STAGE"}
    do(demo_office, case_id, "Task_Issue", certificates=2, delivery="electronic", receiver="李昭")
    pass_until(demo_office, clock, clock.now)
    assert get_case(demo_office, ENGINE, case_id).state == "COMPLETED"
    _, rows = state(demo_office, case_id)
    (chain,) = (row for row in rows if row.kind == ClockKind.CHAIN)
    assert chain.stopped_at is not None and chain.due_at is not None and chain.stopped_at < chain.due_at
    assert get_case(demo_office, ENGINE, own.id).state == "ACTIVE"


def test_a_complex_registration_is_promised_three_days_instead_of_one(demo_office: Office, clock: Clock) -> None:
    case_id = begun(demo_office, clock, "chain_QY_1", branches=[])
    do(demo_office, case_id, "Task_Intake", decision="complex", reason="外商投资")
    _, rows = state(demo_office, case_id)
    assert {row.name: day(row.due_at) for row in rows if row.kind in ("CHAIN", "MILESTONE") and row.scope_id is None} == {
        "联办时限": "2026-03-05", "M1 一日办结": "2026-03-05",
    }  # fmt: skip


def test_a_joint_acceptance_surveys_once_and_says_so_on_one_paper(demo_office: Office, clock: Clock) -> None:
    case_id = begun(demo_office, clock, "chain_YS_10", special_project=True, built_m2=0, lightning=False)
    use_every_limit(demo_office, clock, case_id)
    _, rows = state(demo_office, case_id)
    chain = next(row for row in rows if row.kind == ClockKind.CHAIN)
    assert chain.stopped_at is not None and chain.due_at is not None and chain.stopped_at <= chain.due_at
    assert day(chain.due_at) == "2026-03-16"
    with demo_office.reading() as records:
        papers = {row.code: row for row in records.documents.of_case(case_id) if row.scope_id is None}
        assert records.incidents.open_of_case(case_id) == ()
    assert {one["conclusion"] for one in papers["W32"].facts["units"]} == {"同意准予", "同意"}
    assert [one["department"] for one in papers["W32"].facts["units"]][:3] == [
        "云溪市自然资源和规划局", "云溪市住房和城乡建设局", "云溪市城市管理局",
    ]  # fmt: skip
    assert papers["W32"].facts["conclusion"] == "联合验收合格。合格"
    table = [one["stage"] for one in papers["W13"].facts["steps"]]
    assert "建设工程规划核实·批准" in table and "现场勘查·现场勘查" in table


@pytest.mark.parametrize("conditions", [3, 2])
def test_the_agency_promises_twenty_days_from_the_signed_contract(
    demo_office: Office, clock: Clock, conditions: int
) -> None:
    deploy(demo_office, SYSTEM, "代办", resources("support_DB_20"))
    clock.set("2026-02-27T10:00")
    case_id = start_case(demo_office, ENGINE, key="support_DB_20", variables=PROJECT | {"project_kind": "其他"}).id
    do(demo_office, case_id, "Task_Entry", decision="accept", conditions=ALL[:conditions])
    pass_until(demo_office, clock, Clock().set("2026-03-02T10:00"))
    do(demo_office, case_id, "Task_Contract", agent="周强", client_signed="李昭", scope="立项\n施工许可")
    pass_until(demo_office, clock, clock.now)
    _, rows = state(demo_office, case_id)
    assert [day(row.due_at) for row in rows if row.kind == ClockKind.AGENCY] == ["2026-03-30"] * (conditions == 3)
    with demo_office.reading() as records:
        (paper,) = (row for row in records.documents.of_case(case_id) if row.code == "W34")
    assert paper.facts["contract_no"] == "DB-2026-0001" and paper.facts["form"] == "代办委托书"
    assert paper.facts["scope"] == ["立项", "施工许可"]
