"""过错责任 and 咨询: who begins them, numbers, and that they reach who must answer."""

from __future__ import annotations

import pytest

from service.casework.quality import open_fault, register_consultation, register_list, suspects
from service.casework.reading import get_case
from service.casework.starting import start_case
from service.rules.refusals import Forbidden, Invalid, Missing
from tests.casework.quality.conftest import Town
from tests.conftest import Clock

FACTS = {"kind": "late", "facts": "施工许可审核超时三日"}


def test_a_fault_is_decided_together_served_and_appealed_to_others(town: Town):
    case = open_fault(town.office, town.who("sunli"), person="zhangwei", **FACTS)
    assert case.business_key == "GZ-2026-0001"
    assert town.step(case.id, "Task_Open", opened="yes", reason="证据充分") == "sunli"
    assert town.step(case.id, "Task_Statement", statement="材料不全所致") == "zhangwei"
    town.step(
        case.id, "Task_Decide", guilty="yes", established="超时三日", members="孙丽、田悦、江月", minutes="集体研究"
    )
    town.step(
        case.id, "Task_Sanction", sanction="talk", finding="提醒谈话", served_on="2026-03-16", appeal_by="2026-03-23"
    )
    with town.office.reading() as records:
        [paper] = records.documents.of_case(case.id)
    assert (paper.code, paper.state, paper.facts["person"], paper.facts["statement"]) == (
        "W28",
        "ISSUED",
        "张伟",
        "材料不全所致",
    )
    town.step(case.id, "Task_Appeal", appeals="yes", grounds="处理过重")
    assert town.step(case.id, "Task_Review", review="revoke", reason="情节轻微") == "leiming"
    assert town.end(case.id) == "End_Revoked"


def test_only_supervision_opens_one_and_never_against_itself(town: Town):
    with pytest.raises(Forbidden):
        open_fault(town.office, town.who("chengang"), person="zhangwei", **FACTS)
    for person in ("sunli", "lizhao", "nobody"):
        with pytest.raises(Invalid) as refused:
            open_fault(town.office, town.who("sunli"), person=person, **FACTS)
        assert refused.value.fields[0].field == "person"
    with pytest.raises(Invalid):
        open_fault(town.office, town.who("sunli"), person="zhangwei", kind="late", facts=" ")
    names = {one.username for one in suspects(town.office, town.who("sunli"))}
    assert "zhangwei" in names and "sunli" not in names and "lizhao" not in names


def test_a_fault_of_supervision_is_looked_into_by_the_inspectorate(town: Town):
    case = open_fault(town.office, town.who("leiming"), person="sunli", **FACTS)
    [task] = town.open(case.id)
    assert (task.department, task.assignee) == ("202", "leiming")
    with pytest.raises(Missing):
        get_case(town.office, town.who("wangfang"), case.id)


def test_no_person_begins_a_supporting_process_with_words_of_their_own(town: Town):
    for username in ("lizhao", "wangfang"):
        with pytest.raises(Forbidden) as refused:
            start_case(town.office, town.who(username), key="support_SP_14", variables={"person": "zhangwei"})
        assert refused.value.code == "SUPPORT_BY_ITS_PAGE"


def test_a_question_is_answered_at_once_or_by_the_department(town: Town):
    answers = {"question": "怎样备案", "way": "at_once", "answer_given": "网上申报"}
    at_once = register_consultation(town.office, town.who("wangfang"), answers)
    assert (at_once.business_key, town.end(at_once.id)) == ("ZX-2026-0001", "End_Answered")
    handed = register_consultation(
        town.office, town.who("wangfang"), {"question": "消防怎样办", "way": "handed_on", "department": "104"}
    )
    assert town.step(handed.id, "Task_Receive", received="not_ours", reason="属消防") == "zhangwei"
    assert town.step(handed.id, "Task_Assign", department="106") == "wangfang"
    town.step(handed.id, "Task_Receive", received="ours")
    town.step(handed.id, "Task_Answer", answer="请到消防窗口")
    assert town.end(handed.id) == "End_Replied"
    found = register_list(town.office, town.who("wangfang"), "consultations", state="answered")
    assert [one.case.business_key for one in found.items] == ["ZX-2026-0002"]
    with pytest.raises(Forbidden):
        register_consultation(town.office, town.who("zhangwei"), answers)


def test_a_question_nobody_takes_is_reminded_of_after_thirty_minutes_of_counter_time(town: Town, clock: Clock):
    clock.set("2026-03-16T11:45")
    asked = {"question": "消防怎样办", "way": "handed_on", "department": "104"}
    case = register_consultation(town.office, town.who("wangfang"), asked)
    [task] = town.open(case.id)
    with town.office.reading() as records:
        [row] = records.clocks.of_case(case.id)
    zone = town.office.settings.time_zone
    assert [f"{at.astimezone(zone):%H:%M}" for at in (row.warn_at, row.due_at) if at] == ["13:45", "17:00"]
    clock.set("2026-03-16T13:46")
    town.run()
    with town.office.reading() as records:
        assert {one.id: one.light for one in records.clocks.of_case(case.id)}[task.id] == "yellow"
