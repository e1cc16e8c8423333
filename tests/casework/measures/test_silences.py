"""超时默许执行 (SP-19): begun by what silence has decided, or by what keeps it from deciding; carried out and looked at."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework.clocks.proceedings import close_proceeding, open_proceeding
from service.casework.office import Office
from service.casework.supporting import linked_cases
from service.rules.refusals import Conflict, Invalid
from tests.casework.desk import ENGINE
from tests.casework.measures.city import answer, begin, ended, put_up, task, until, value, who
from tests.conftest import Clock

ITEM, SUPPORT = "item_107_XK_005", "support_SP_19"


def silent(office: Office, clock: Clock) -> UUID:
    """V10-01: promised 5 working days from 2026-03-11, due 2026-03-18."""
    put_up(office, ITEM, SUPPORT)
    clock.set("2026-03-11T10:00")
    case = begin(office, ITEM)
    answer(office, case, "Task_Accept", decision="accept")
    return case


def supports(office: Office, case: UUID) -> list[UUID]:
    return [one.id for one in linked_cases(office, ENGINE, case)[1]]


def test_what_silence_decided_is_issued_by_the_department_and_checked_by_supervision(
    any_demo_office: Office, clock: Clock
) -> None:
    office = any_demo_office
    case = silent(office, clock)
    until(office, clock, "2026-03-20T08:59")
    assert supports(office, case) == []
    until(office, clock, "2026-03-20T09:05")
    [support] = supports(office, case)
    desk = task(office, support)
    assert (desk.element, desk.assignee, desk.department) == ("Task_Certificate", "107-rep", "107")
    assert value(office, support, "tacit_held") is False
    with office.reading() as records:
        assert [one.code for one in records.documents.of_case(case)].count("W16") == 1
    with pytest.raises(Conflict, match="SILENCE_UNISSUED"):
        answer(office, support, "Task_Certificate", "107-rep", certificate_no="1")
    answer(office, case, "Task_Issue", certificate_no="云广〔2026〕1号", delivery="electronic")
    with pytest.raises(Invalid, match="SILENCE_CERTIFICATE"):
        answer(office, support, "Task_Certificate", "107-rep", certificate_no="1")
    answer(office, support, "Task_Certificate", "107-rep", certificate_no="云广〔2026〕1号")
    answer(office, support, "Task_Check", "sunli", conclusion="lawful", opinion="符合法定条件")
    assert ended(office, support) == "End_Done" and supports(office, case) == [support]


def test_a_department_that_does_not_issue_it_in_a_working_day_loses_it_to_the_business_office(
    demo_office: Office, clock: Clock
) -> None:
    case = silent(demo_office, clock)
    until(demo_office, clock, "2026-03-23T17:01")
    [support] = supports(demo_office, case)
    assert task(demo_office, support).element == "Task_Centre"


def test_held_silence_is_explained_by_supervision_once_for_each_set_of_reasons(
    demo_office: Office, clock: Clock
) -> None:
    case = silent(demo_office, clock)
    objection = open_proceeding(demo_office, who(demo_office, "wangfang"), case, kind="OBJECTION", reason="邻居异议")
    until(demo_office, clock, "2026-03-24T10:00")
    [support] = supports(demo_office, case)
    assert task(demo_office, support).element == "Task_Explain"
    assert "异议" in value(demo_office, support, "tacit_holds")
    answer(demo_office, support, "Task_Explain", "sunli", explanation="异议处理后再定")
    assert ended(demo_office, support) == "End_Held"
    close_proceeding(demo_office, who(demo_office, "wangfang"), case, objection.id)
    until(demo_office, clock, "2026-03-25T10:00")
    assert len(supports(demo_office, case)) == 2, "what has passed afterwards has its own"
