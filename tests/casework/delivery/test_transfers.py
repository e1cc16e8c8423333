"""移交单: who brings what, who signs for it, and what a missing certificate holds up (SM-15, W19)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from service.casework.actors import Actor
from service.casework.delivery.reading import handover_list, handover_page, waiting_to_hand_over
from service.casework.delivery.transfers import Handed, hand_over, sign_for, withdraw
from service.casework.office import Office
from service.rules.deliveries import HandoverState
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from tests.casework.clocks.items import do
from tests.casework.delivery.results import decided, papers
from tests.casework.desk import CLERK, ISSUER, REVIEWER, STRANGER, actions_of

NUMBERS = ("SJ202603161040001", "SJ202603161040002", "SJ202603161040003", "SJ202603161040004")


def handed(case: UUID, number: str = "990100202603190005", **more: object) -> Handed:
    return replace(Handed(case_id=case, scope=None, number=number, name="施工许可证"), **more)  # type: ignore[arg-type]


def test_only_a_department_hands_over_and_only_what_waits_for_it(window: Office) -> None:
    case = decided(window)
    for actor in (CLERK, replace(REVIEWER, department=None)):
        with pytest.raises(Forbidden):
            hand_over(window, actor, [handed(case)])
        with pytest.raises(Forbidden):
            waiting_to_hand_over(window, actor)
    with pytest.raises(Conflict) as other:
        hand_over(window, STRANGER, [handed(case)])
    assert other.value.code == "HANDOVER_NOT_WAITING"
    assert waiting_to_hand_over(window, STRANGER) == ()
    for items, field in (
        ([], "items"),
        ([handed(case, number=" ")], "items.1"),
        ([handed(case), handed(case, "2", name="")], "items.2"),
        ([handed(case, copies=0)], "items.1"),
        ([handed(case), handed(case)], "items"),
    ):
        with pytest.raises(Invalid) as refusal:
            hand_over(window, REVIEWER, items)
        assert [one.field for one in refusal.value.fields] == [field]
    with pytest.raises(Missing):
        hand_over(window, REVIEWER, [handed(uuid4())])


def test_the_window_signs_for_each_and_a_missing_one_holds_up_its_own_item_only(window: Office) -> None:
    cases = [decided(window, number) for number in NUMBERS]
    assert len(waiting_to_hand_over(window, REVIEWER)) == 4
    row = hand_over(window, REVIEWER, [handed(case, f"9901{n}") for n, case in enumerate(cases)], " 四件 ")
    assert (row.number, row.state, row.note) == ("YJ20260316104001", HandoverState.SENT, "四件")
    assert waiting_to_hand_over(window, REVIEWER) == ()
    with pytest.raises(Conflict) as open_:
        do(window, cases[0], "Issue", answers={"certificate_no": "99010", "delivery": "window"})
    assert open_.value.code == "HANDOVER_OPEN"
    with pytest.raises(Forbidden):
        sign_for(window, REVIEWER, row.id, {})
    both = replace(REVIEWER, roles=frozenset({"reviewer_a", "issue_clerk"}))
    with pytest.raises(Forbidden) as own:
        sign_for(window, both, row.id, {})
    assert own.value.code == "HANDOVER_SELF"
    with pytest.raises(Invalid):
        sign_for(window, ISSUER, row.id, {9: "x"})
    signed = sign_for(window, ISSUER, row.id, {3: "未随附"})
    assert (signed.state, signed.received_by) == (HandoverState.PARTLY, "wuqian")
    with pytest.raises(Conflict):
        sign_for(window, ISSUER, row.id, {})
    for n, case in enumerate(cases):
        if n == 2:
            with pytest.raises(Conflict):
                do(window, case, "Issue", answers={"certificate_no": "99012", "delivery": "window"})
            assert papers(window, case, "W19") == []
        else:
            do(window, case, "Issue", answers={"certificate_no": f"9901{n}", "delivery": "window"})
            [paper] = papers(window, case, "W19")
            assert paper.facts["certificates"] == [{"number": f"9901{n}", "name": "施工许可证", "copies": 1}]
    assert [one.case_id for one in waiting_to_hand_over(window, REVIEWER)] == [cases[2]], "to be brought again"
    again = hand_over(window, REVIEWER, [handed(cases[2], "99012")])
    sign_for(window, ISSUER, again.id, {})
    do(window, cases[2], "Issue", answers={"certificate_no": "99012", "delivery": "window"})
    assert [one for one in actions_of(window, cases[2]) if one.startswith("result:")] == [
        "result:handed_over",
        "result:missing",
        "result:handed_over",
        "result:received",
    ]


def test_a_list_is_taken_back_before_it_is_signed_for(window: Office) -> None:
    case = decided(window)
    row = hand_over(window, REVIEWER, [handed(case)])
    with pytest.raises(Missing):
        withdraw(window, STRANGER, row.id)
    assert withdraw(window, REVIEWER, row.id).state == HandoverState.WITHDRAWN
    with pytest.raises(Conflict):
        sign_for(window, ISSUER, row.id, {})
    with pytest.raises(Missing):
        sign_for(window, ISSUER, uuid4(), {})
    do(window, case, "Issue", answers={"certificate_no": "1", "delivery": "window"})


def test_a_department_sees_its_own_lists_and_the_window_all(window: Office) -> None:
    row = hand_over(window, REVIEWER, [handed(decided(window))])
    assert handover_list(window, REVIEWER).total == handover_list(window, ISSUER).total == 1
    assert handover_list(window, STRANGER).total == 0
    with pytest.raises(Missing):
        handover_page(window, STRANGER, row.id)
    with pytest.raises(Forbidden):
        handover_list(window, CLERK)
    page = handover_page(window, ISSUER, row.id)
    assert (page.signs, page.takes_back, page.lines[0].number) == (True, False, "990100202603190005")
    own: Actor = REVIEWER
    assert handover_page(window, own, row.id).takes_back
