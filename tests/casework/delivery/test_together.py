"""一条龙: what the items of a chain have handed over is fetched in one go, with one receipt for everything (DF-29)."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework import complete_task, start_case
from service.casework.chains.withdrawing import require_open_chain, split_of
from service.casework.delivery.handing_out import hand_out
from service.casework.delivery.reading import case_deliveries
from service.casework.journalling import CaseFile
from service.casework.measures.withdrawal import require_split
from service.casework.office import Office
from service.rules.deliveries import DeliveryState
from service.rules.refusals import Conflict
from service.store.deliveries import DeliveryRow
from tests.casework.clocks.items import MARK, item, task
from tests.casework.delivery.results import APPLICANT, CODE, papers, settle
from tests.casework.desk import ENGINE, ISSUER, deploy_text, journal_of, open_tasks
from tests.conftest import Clock

NAMES = ("planning", "permit")
PART = (
    '<startEvent id="S"/>'
    + MARK.format(id="Granted", mark="DECIDED_YES")
    + task("Issue", "制证发证", "ISSUE", more='zw:reaches="READY"')
    + '<endEvent id="E" zw:reaches="DELIVERED"/>\nS -> Granted\nGranted -> Issue\nIssue -> E\n'
)
CHAIN = (
    '<startEvent id="S"/><callActivity id="A" calledElement="planning"/><callActivity id="B" calledElement="permit"/>'
    + task("All", "统一发证", "ISSUE")
    + MARK.format(id="Ready", mark="READY")
    + '<endEvent id="E"/>\nS -> A\nA -> B\nB -> All\nAll -> Ready\nReady -> E\n'
)

NODE = '<callActivity id="Call_{id}" name="{name}" calledElement="{called}" zw:limit="5wd" zw:dept="104"/>'
FILED = CHAIN.replace('<callActivity id="A" calledElement="planning"/><callActivity id="B" calledElement="permit"/>',
    NODE.format(id="A", name="规划", called="planning") + NODE.format(id="B", name="施工", called="permit"),
).replace("S -> A\nA -> B\nB -> All", "S -> Call_A\nCall_A -> Call_B\nCall_B -> All")  # fmt: skip
AGENCY = '<startEvent id="S"/><callActivity id="File" name="申报" calledElement="chain"/><endEvent id="E"/>\nS -> File\nFile -> E\n'


@pytest.fixture
def chain(window: Office) -> UUID:
    """A chain whose two items have handed their certificates over for the joint issue, and which is ready."""
    for name in NAMES:
        deploy_text(window, item(PART, name))
    deploy_text(window, item(CHAIN, "chain", kind="CHAIN", item="", limit="25wd", lead="104"))
    case = start_case(window, ENGINE, key="chain", business_key="LB202603160001")
    for number in ("9901A", "9901B"):
        finish(window, case.id, "Issue", certificate_no=number, delivery="joint")
    finish(window, case.id, "All", delivery="window", receiver="")
    settle(window)
    return case.id


def finish(office: Office, case: UUID, element: str, **answers: object) -> None:
    complete_task(office, ENGINE, open_tasks(office, case)[element].id, answers=answers)
    settle(office)


def rows(office: Office, case: UUID) -> dict[str, DeliveryRow]:
    with office.reading() as records:
        return {one.process: one for one in records.deliveries.of_case(case)}


def test_everything_is_handed_out_at_once_with_one_receipt(window: Office, chain: UUID, clock: Clock) -> None:
    found = rows(window, chain)
    assert {name: row.state for name, row in found.items()} == {
        "planning": DeliveryState.JOINED,
        "permit": DeliveryState.JOINED,
        "chain": DeliveryState.WAITING,
    }
    page = case_deliveries(window, ISSUER, chain)
    assert [row.process for row in page.together] == ["chain"]
    hand_out(window, ISSUER, chain, [found["chain"].id], APPLICANT, code=CODE, identity_checked=True)
    found = rows(window, chain)
    assert {row.state for row in found.values()} == {DeliveryState.DELIVERED}
    assert len({row.together for row in found.values()}) == 1
    [paper] = papers(window, chain, "W20")
    assert set(paper.facts["document_no"].split("、")) == {"9901A", "9901B"}
    assert set(paper.facts["document"].split("、")) == set(NAMES)
    [done] = [line for line in journal_of(window, chain) if line.action == "delivery:done"]
    assert done.detail is not None and len(done.detail["together"]) == 3


def test_a_chain_that_waits_for_its_joint_issue_only_is_not_taken_back(window: Office) -> None:
    for name in NAMES:
        deploy_text(window, item(PART, name))
    deploy_text(window, item(CHAIN, "chain", kind="CHAIN", item="", limit="25wd", lead="104"))
    case = start_case(window, ENGINE, key="chain", business_key="LB202603160001").id
    for number, open_ in (("9901A", True), ("9901B", False)):
        finish(window, case, "Issue", certificate_no=number, delivery="joint")
        with window.reading() as records:
            row = records.cases.find(case)
            assert row is not None
            split = split_of(window, records, row)
            assert split is not None
            if open_:
                require_open_chain(records, CaseFile(row), split)
                continue
            with pytest.raises(Conflict, match="WITHDRAWAL_DECIDED"):
                require_open_chain(records, CaseFile(row), split)


def test_an_agency_service_is_taken_back_as_the_chain_it_has_filed(window: Office) -> None:
    for name in NAMES:
        deploy_text(window, item(PART, name))
    deploy_text(window, item(FILED, "chain", kind="CHAIN", item="", limit="25wd", lead="104"))
    deploy_text(window, item(AGENCY, "agency", kind="SUPPORT", item=""))
    case = start_case(window, ENGINE, key="agency", business_key="DB-2026-0031").id
    finish(window, case, "Issue", certificate_no="9901A", delivery="joint")
    with window.reading() as records:
        row = records.cases.find(case)
        assert row is not None
        split = split_of(window, records, row)
        assert split is not None
        assert [one.name for one in split.stands] == ["规划"] and [one.name for one in split.busy] == ["施工"]
        with pytest.raises(Conflict, match="WITHDRAWAL_ISSUING"):
            require_split(records, CaseFile(row), split)


def test_an_item_of_the_chain_is_not_handed_out_by_itself(window: Office, chain: UUID) -> None:
    one = rows(window, chain)["permit"].id
    with pytest.raises(Conflict) as refusal:
        hand_out(window, ISSUER, chain, [one], APPLICANT, code=CODE, identity_checked=True)
    assert refusal.value.code == "DELIVERY_STATE"
