"""延期 (SP-07) in the demo city: asked for on the case, decided at a desk of its own, carried out on the limits once."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework import ask_extension, case_clocks, decide_extension, terminate_case
from service.casework.office import Office
from service.rules.refusals import Conflict, Forbidden
from tests.casework.desk import ENGINE, actions_of
from tests.casework.measures.city import answer, begin, beside, ended, put_up, task, until, value, who, work
from tests.conftest import Clock

ITEM, SUPPORT = "item_104_XK_002", "support_SP_07"


def accepted(office: Office) -> UUID:
    """An item of 104 at 审核, promised 7 working days, statutory 15."""
    put_up(office, ITEM, SUPPORT)
    case = begin(office, ITEM)
    answer(office, case, "Task_Accept", decision="accept")
    return case


def due(office: Office, case: UUID) -> dict[str, str]:
    """When the limits of the item end."""
    with office.reading() as records:
        rows = [one for one in records.clocks.of_case(case) if one.kind in ("CASE", "STATUTORY")]
    return {one.kind: str(one.due_at)[:10] for one in rows}


def asked(office: Office, case: UUID, by: str = "chengang") -> UUID:
    """Its chief representative asks for five working days."""
    ask_extension(office, who(office, by), case, amount=5, reason="案情复杂")
    work(office)
    return beside(office, case)


def test_the_head_of_the_agency_grants_it_at_a_desk_and_the_limits_follow(any_demo_office: Office) -> None:
    office = any_demo_office
    case = accepted(office)
    before = due(office, case)
    support = asked(office, case)
    desk = task(office, support)
    assert (desk.element, desk.assignee, desk.department) == ("Task_Decide", "luoming", "104")
    answer(office, support, "Task_Decide", "luoming", decision="agree")
    assert ended(office, support) == "End_Extended" and value(office, support, "extended") is True
    assert due(office, case) == {"CASE": "2026-04-01", "STATUTORY": "2026-04-14"} != before
    assert actions_of(office, case).count("clock:extended") == 2
    with office.reading() as records:
        assert [one.code for one in records.documents.of_case(case) if one.code == "W09"] == ["W09"]


def test_only_another_person_with_the_right_decides_it(demo_office: Office) -> None:
    case = accepted(demo_office)
    support = asked(demo_office, case, by="luoming")
    with pytest.raises(Forbidden, match="EXTENSION_SAME_PERSON"):
        answer(demo_office, support, "Task_Decide", "luoming", decision="agree")
    with pytest.raises(Forbidden, match="TASK_FORBIDDEN"):
        answer(demo_office, support, "Task_Decide", "chengang", decision="agree")


def test_a_refusal_moves_nothing_and_is_kept_with_its_reason(demo_office: Office) -> None:
    case = accepted(demo_office)
    before = due(demo_office, case)
    support = asked(demo_office, case)
    answer(demo_office, support, "Task_Decide", "luoming", decision="refuse", answer="可以按期办结")
    assert ended(demo_office, support) == "End_Refused" and due(demo_office, case) == before
    [request] = case_clocks(demo_office, ENGINE, case).proceedings
    assert (request.state, request.detail["answer"]) == ("REFUSED", "可以按期办结")


def test_decided_on_the_case_page_its_desk_follows_and_nothing_is_extended_twice(demo_office: Office) -> None:
    case = accepted(demo_office)
    support = asked(demo_office, case)
    [request] = case_clocks(demo_office, ENGINE, case).proceedings
    decide_extension(demo_office, who(demo_office, "luoming"), case, request.id, grant=True, notice="延告1号")
    work(demo_office)
    assert ended(demo_office, support) == "End_Extended"
    assert actions_of(demo_office, case).count("clock:extended") == 2


def test_after_the_end_of_the_limit_nothing_can_be_granted(demo_office: Office, clock: Clock) -> None:
    case = accepted(demo_office)
    support = asked(demo_office, case)
    until(demo_office, clock, "2026-04-20T10:00")
    with pytest.raises(Conflict, match="EXTENSION_LATE"):
        answer(demo_office, support, "Task_Decide", "luoming", decision="agree")
    answer(demo_office, support, "Task_Decide", "luoming", decision="refuse", answer="已经到期")
    assert ended(demo_office, support) == "End_Refused"


def test_an_ended_case_leaves_nothing_to_grant_and_its_desk_can_still_be_cleared(demo_office: Office) -> None:
    case = accepted(demo_office)
    support = asked(demo_office, case)
    terminate_case(demo_office, ENGINE, case, "申请人撤回")
    with pytest.raises(Conflict, match="CASE_ENDED"):
        answer(demo_office, support, "Task_Decide", "luoming", decision="agree")
    answer(demo_office, support, "Task_Decide", "luoming", decision="refuse", answer="办件已经结束")
    assert ended(demo_office, support) == "End_Refused" and value(demo_office, support, "extension_state") == "LAPSED"


def test_where_the_process_is_not_deployed_the_page_goes_on_as_before(demo_office: Office) -> None:
    put_up(demo_office, ITEM)
    case = begin(demo_office, ITEM)
    answer(demo_office, case, "Task_Accept", decision="accept")
    request = ask_extension(demo_office, who(demo_office, "chengang"), case, amount=5, reason="案情复杂")
    decide_extension(demo_office, who(demo_office, "luoming"), case, request.id, grant=True, notice="延告1号")
    assert due(demo_office, case)["CASE"] == "2026-04-01"


# -- 授权委托书: 延期 -----------------------------------------------------------------------------------------------------


def without_extending(office: Office, username: str) -> None:
    """The letter of somebody of 104 says everything but 延期."""
    with office.transaction() as records:
        for row in records.letters.listing("104"):
            if row.grantee == username:
                powers = [one for one in row.powers if one != "EXTEND"]
                records.letters.change(row.id, {"powers": powers})


def test_a_chief_whose_letter_does_not_say_so_does_not_ask(demo_office: Office) -> None:
    case = accepted(demo_office)
    without_extending(demo_office, "chengang")
    with pytest.raises(Forbidden, match="OUTSIDE_LETTER") as refused:
        ask_extension(demo_office, who(demo_office, "chengang"), case, amount=5, reason="案情复杂")
    assert [one["username"] for one in refused.value.details["instead"]] == ["luoming", "zhaomin"]
    ask_extension(demo_office, who(demo_office, "zhangwei"), case, amount=5, reason="案情复杂")  # the case is theirs


def test_the_deputy_head_grants_only_what_the_head_has_handed_on(demo_office: Office) -> None:
    case = accepted(demo_office)
    asked(demo_office, case)
    [request] = case_clocks(demo_office, ENGINE, case).proceedings
    without_extending(demo_office, "zhaomin")
    for grant in (True, False):
        with pytest.raises(Forbidden, match="EXTENSION_NOT_GRANTED"):
            decide_extension(
                demo_office, who(demo_office, "zhaomin"), case, request.id, grant=grant, notice="延告1号", reason="不必"
            )
    with demo_office.transaction() as records:
        [row] = [one for one in records.letters.listing("104") if one.grantee == "zhaomin"]
        records.letters.change(row.id, {"powers": [*row.powers, "EXTEND"]})
    decide_extension(demo_office, who(demo_office, "zhaomin"), case, request.id, grant=True, notice="延告1号")
    assert due(demo_office, case)["CASE"] == "2026-04-01"


def test_an_extension_nobody_has_decided_lapses_when_the_case_has_ended(demo_office: Office) -> None:
    case = accepted(demo_office)
    support = asked(demo_office, case)
    answer(demo_office, case, "Task_Review", recommendation="refuse", reason="不符合规范")
    answer(demo_office, case, "Task_Approve", decision="refuse", reason="不符合规范")
    assert ended(demo_office, case) == "End_Refused"
    assert ended(demo_office, support) == "End_Refused" and value(demo_office, support, "extension_state") == "LAPSED"
    with demo_office.reading() as records:
        assert [one.state for one in records.proceedings.of_case(case) if one.kind == "EXTENSION"] == ["CLOSED"]
