"""One bill for a whole chain: JS-35 with ten lines, 600,220.50 元 (V18-12, XN-21)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.casework import attend_due, complete_task, find_actor, start_case
from service.casework.actors import SYSTEM
from service.casework.deploying import deploy
from service.casework.money.settled import require_settled
from service.casework.office import Office
from service.rules.refusals import Conflict
from service.store.tasks import TaskRow
from tests.casework.desk import CLERK
from tests.casework.money.till import lines_of_bill, pay, the_bill, work
from tests.processes.library import resources
from tests.processes.test_chain import DECLARED, reply_to

DEFENCE = "item_105_XK_001"


def played_until_defence(office: Office) -> TaskRow:
    """A chain in which everybody has done everything but the review of the shelter; that task."""
    deploy(office, SYSTEM, "建设工程一站报建", resources("chain_JS_35"))
    variables = {
        **DECLARED,
        "relocate": True,
        "required_m2": 500,
        "occupied_area": 24.5,
        "occupied_days": 15,
        "fee_items": "104-XK-001 107-XK-003",
    }
    case = start_case(office, CLERK, key="chain_JS_35", title="云溪华印制罐-年产2亿只金属罐", variables=variables)
    for _ in range(200):
        while attend_due(office):
            pass
        with office.reading() as records:
            keys = {row.id: row.key for row in records.deployments.newest().values()}
            rows = records.tasks.open_of(case.id)
        held = [row for row in rows if keys.get(row.definition_id) == DEFENCE and row.element == "Task_Review"]
        others = [row for row in rows if row not in held]
        if held and not others:
            return held[0]
        row = others[0]
        actor = find_actor(office, row.assignee or "")
        assert actor is not None, row.element
        complete_task(office, actor, row.id, answers=reply_to(row.element))
    raise AssertionError("the chain does not get there")


@pytest.mark.slow
def test_a_chain_has_one_bill_with_ten_lines(demo_office: Office) -> None:
    office = demo_office
    review = played_until_defence(office)
    made = the_bill(office, review.case_id)
    lines = lines_of_bill(office, made)
    assert (made.total, len(lines)) == (Decimal("600220.50"), 10)
    assert sorted((line.item, f"{line.amount}") for line in lines if line.amount) == [
        ("105-XK-001", "600000.00"),
        ("107-XK-003", "220.50"),
    ]
    assert {line.reason for line in lines if not line.amount} == {"不收费"}
    assert {line.department for line in lines} == {"101", "102", "103", "104", "105", "107"}
    clocks = _states(office, review)
    assert clocks[review.scope_id] == {"PAUSED"} and "PAUSED" not in set.union(
        set(), *(v for k, v in clocks.items() if k not in (review.scope_id, None))
    )
    with office.reading() as records, pytest.raises(Conflict):
        require_settled(records, review.case_id, review.scope_id)
    pay(office, made)
    work(office)
    assert _states(office, review)[review.scope_id] == {"RUNNING"}
    with office.reading() as records:
        require_settled(records, review.case_id, None)


def _states(office: Office, review: TaskRow) -> dict[object, set[str]]:
    """The states of the live promise and statute clocks by item."""
    found: dict[object, set[str]] = {}
    with office.reading() as records:
        for row in records.clocks.of_case(review.case_id):
            if row.state != "STOPPED" and row.kind in ("CASE", "STATUTORY"):
                found.setdefault(row.scope_id, set()).add(row.state)
    return found
