"""容缺受理: allowed by the register only, promised in writing, kept in time or put before the 首席代表; nothing is granted before."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from service.casework import attend_due, complete_task
from service.casework.actors import SYSTEM
from service.casework.deploying import deploy
from service.casework.office import Office
from service.casework.register import deploy_items
from service.casework.window.deferring import deferral_of, deferral_offers, promise, supply
from service.casework.window.receiving import Presence, receive
from service.casework.window.slip import slip_of
from service.engine.facts import Resource
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from tests.casework.desk import actions_of, open_tasks
from tests.casework.papers.city import ACCEPT, GRANT, REVIEW
from tests.casework.window.hall import CONTRACT, SAFETY, application, open_hall, settle, taken, who
from tests.conftest import Clock
from tests.processes.library import ROOT, resources

CARD = ROOT / "processes" / "items" / "104-XK-001.json"
MATERIAL = "中标通知书/施工合同"


def opened(office: Office) -> Office:
    """施工许可 whose contract may come five working days later."""
    open_hall(office)
    deploy(office, SYSTEM, "配套流程", resources("support_SP_10"))
    card = json.loads(CARD.read_text(encoding="utf-8"))
    card["materials"][4]["defer_days"] = 5
    deploy_items(office, SYSTEM, [Resource(name=CARD.name, content=json.dumps(card).encode())])
    return office


@pytest.fixture
def hall(any_demo_office: Office) -> Office:
    return opened(any_demo_office)


@pytest.fixture
def demo(demo_office: Office) -> Office:
    return opened(demo_office)


def promised(office: Office, *lines: str, signed_by: str = "李昭") -> UUID:
    """Accepted with some lines deferred."""
    wanted = lines or (CONTRACT,)
    made = application(signed_by=signed_by)
    marked = tuple(
        one if one.line not in wanted else type(one)(line=one.line, presence=Presence.DEFERRED) for one in made.checked
    )
    case = receive(office, who(office, "wangfang"), application(checked=marked, signed_by=signed_by))
    settle(office)
    return case


def until(office: Office, clock: Clock, text: str) -> None:
    """Let time pass, attending everything on the way."""
    target = Clock().set(text)
    while True:
        with office.reading() as records:
            stop = records.agenda.first_ready()
        if stop is None or stop > target:
            break
        clock.now = max(stop, clock.now)
        attend_due(office)
    clock.now = target


def test_what_the_register_does_not_allow_is_not_deferred(demo: Office) -> None:
    with pytest.raises(Invalid) as refused:
        promised(demo, CONTRACT, SAFETY)
    assert refused.value.code == "DEFERRAL_NOT_ALLOWED" and [one.field for one in refused.value.fields] == [SAFETY]
    with pytest.raises(Invalid) as refused:
        promised(demo, signed_by=" ")
    assert refused.value.code == "SIGNED_BY_MISSING"


def test_nothing_is_granted_before_the_promise_is_kept(hall: Office) -> None:
    case = promised(hall)
    assert {"容缺受理承诺书", "容缺受理通知书", "受理通知书"} <= {
        one.title for one in slip_of(hall, who(hall, "wangfang"), case).papers
    }
    complete_task(hall, who(hall, "zhangwei"), open_tasks(hall, case)["Task_Review"].id, answers=REVIEW)
    approve = open_tasks(hall, case)["Task_Approve"].id
    with pytest.raises(Conflict) as refused:
        complete_task(hall, who(hall, "chengang"), approve, answers=GRANT)
    assert refused.value.code == "DEFERRED_MISSING"
    (view,) = deferral_of(hall, who(hall, "wangfang"), case)
    assert (view.lines[0].material, view.lines[0].supply_by.isoformat()) == (MATERIAL, "2026-03-23")
    with pytest.raises(Forbidden):
        supply(hall, who(hall, "zhangwei"), case, view.id, MATERIAL, paper="ORIGINAL", copies=1)
    with pytest.raises(Invalid):
        supply(hall, who(hall, "wangfang"), case, view.id, MATERIAL)
    with pytest.raises(Missing):
        supply(hall, who(hall, "wangfang"), case, view.id, "别的")
    supply(hall, who(hall, "wangfang"), case, view.id, MATERIAL, paper="ORIGINAL", copies=1)
    with pytest.raises(Conflict) as refused:
        supply(hall, who(hall, "wangfang"), case, view.id, MATERIAL, paper="ORIGINAL", copies=1)
    assert refused.value.code == "DEFERRAL_OVER"
    complete_task(hall, who(hall, "chengang"), approve, answers=GRANT)
    assert "Task_Issue" in open_tasks(hall, case) and "deferral:supplied" in actions_of(hall, case)


def test_a_promise_that_is_not_kept_goes_to_the_chief_representative_and_bars_the_next(
    hall: Office, clock: Clock
) -> None:
    case = promised(hall)
    until(hall, clock, "2026-03-24T08:00")
    (view,) = deferral_of(hall, who(hall, "wangfang"), case)
    assert view.state == "LAPSED" and view.lines[0].late and not view.may_supply
    with hall.reading() as records:
        (support,) = records.measures.running("support_SP_10", for_case=case)
        desk = records.tasks.open_of(support.id if hasattr(support, "id") else support)
    assert [one.element for one in desk] == ["Task_Terminate"]
    with pytest.raises(Conflict) as refused:
        promised(hall)
    assert refused.value.code == "DEFERRAL_BROKEN"


def test_a_promise_that_is_kept_lapses_no_more(demo: Office, clock: Clock) -> None:
    case = promised(demo)
    (view,) = deferral_of(demo, who(demo, "wangfang"), case)
    supply(demo, who(demo, "wangfang"), case, view.id, MATERIAL, paper="COPY", copies=2)
    until(demo, clock, "2026-03-24T08:00")
    assert deferral_of(demo, who(demo, "wangfang"), case)[0].state == "CLOSED"
    assert taken(demo)


def test_what_was_taken_in_may_be_promised_for_before_it_is_accepted(hall: Office) -> None:
    case = taken(hall, None)
    clerk = who(hall, "wangfang")
    assert (
        deferral_offers(hall, clerk, case) == {MATERIAL: 5, "资金落实承诺书": 5}
        and deferral_offers(hall, who(hall, "zhangwei"), case) == {}
    )
    with pytest.raises(Invalid):
        promise(hall, clerk, case, [], signed_by="李昭")
    with pytest.raises(Invalid) as refused:
        promise(hall, clerk, case, ["质量安全措施"], signed_by="李昭")
    assert refused.value.code == "DEFERRAL_NOT_ALLOWED"
    promise(hall, clerk, case, [MATERIAL], signed_by="李昭")
    settle(hall)
    with pytest.raises(Conflict):
        promise(hall, clerk, case, [MATERIAL], signed_by="李昭")
    complete_task(hall, clerk, open_tasks(hall, case)["Task_Accept"].id, answers=ACCEPT)
    complete_task(hall, who(hall, "zhangwei"), open_tasks(hall, case)["Task_Review"].id, answers=REVIEW)
    with pytest.raises(Conflict) as late:
        complete_task(hall, who(hall, "chengang"), open_tasks(hall, case)["Task_Approve"].id, answers=GRANT)
    assert late.value.code == "DEFERRED_MISSING"
    with pytest.raises(Conflict) as late:
        promise(hall, clerk, case, [MATERIAL], signed_by="李昭")
    assert late.value.code == "DEFERRAL_TOO_LATE"
