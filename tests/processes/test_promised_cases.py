"""Promised items in the demo city: surveys, publicity, hearings, opinions, meetings, fees and silence with people, clocks,
papers and messages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from service.casework import start_case
from service.casework.actors import SYSTEM
from service.casework.deploying import deploy
from service.casework.office import Office
from service.rules.clocks import ClockKind
from service.rules.refusals import Forbidden, Invalid
from service.store.clocks import ClockRow
from tests.casework.desk import actions_of, open_tasks
from tests.casework.messages.conftest import messages
from tests.casework.money.till import pay, the_bill
from tests.casework.papers.city import do, papers, who, work
from tests.conftest import CHINA, Clock, make_office
from tests.processes.library import resources
from tests.processes.promised import SIGNED

TREES, VENUE, WATER, SCHOOL = "item_107_XK_002", "item_119_XK_001", "item_108_XK_001", "item_117_XK_001"
TITLE, PRINTS, AGENCY = "item_102_QR_005", "item_119_XK_004", "item_119_XK_002"
PERMIT = "item_103_XK_004"
APPLICANT = {
    "applicant": "云溪华印制罐有限公司",
    "applicant_uscc": "91990100MA0000001X",
    "contact": "李昭",
    "phone": "13900000001",
}
GRANT = {"decision": "grant", "opinion": "同意"}
YES = {"recommendation": "grant", "opinion": "符合条件"}


@pytest.fixture(scope="module")
def city_file(sqlite_demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city with these items, deployed once."""
    directory = tmp_path_factory.mktemp("promised")
    path = directory / "lianban.db"
    shutil.copyfile(sqlite_demo_template, path)
    office = make_office(f"sqlite:///{path}", directory, Clock(), demo=True)
    deploy(office, SYSTEM, "承诺件", resources(TREES, VENUE, WATER, SCHOOL, TITLE, PRINTS, AGENCY, PERMIT))
    office.close()
    with create_engine(f"sqlite:///{path}").connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return path


@pytest.fixture
def city(city_file: Path, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """An office on a copy of it, on Monday morning."""
    path = tmp_path / "lianban.db"
    shutil.copyfile(city_file, path)
    office = make_office(f"sqlite:///{path}", tmp_path, clock, demo=True)
    yield office
    office.close()


def accepted(office: Office, key: str, **variables: Any) -> UUID:
    """王芳 takes in an application and accepts it."""
    case = start_case(office, who(office, "wangfang"), key=key, variables={**APPLICANT, **variables}, title="华印公司")
    work(office)
    do(office, case.id, "Task_Accept", "wangfang", decision="accept", materials=["申请表(表)"])
    return case.id


def clock_of(office: Office, case_id: UUID, kind: ClockKind) -> ClockRow:
    """The only clock of a kind."""
    with office.reading() as records:
        [found] = [one for one in records.clocks.of_case(case_id) if one.kind == kind]
    return found


def due(office: Office, case_id: UUID) -> str:
    """The day the promise ends; empty while it stands still."""
    at = clock_of(office, case_id, ClockKind.CASE).due_at
    return "" if at is None else f"{at.astimezone(CHINA):%m-%d}"


def told(office: Office, case_id: UUID) -> list[str]:
    """Messages to the applicant by short message, with their texts."""
    return [f"{one.code} {one.text}" for one in messages(office, case_id, audience="APPLICANT", channel="SMS")]


def surveyed(office: Office, case_id: UUID, inspector: str, **changes: Any) -> None:
    """The survey is agreed on and signed for."""
    do(office, case_id, "Task_Booking", inspector, survey_on="2026-03-17", half="上午", place="人民路12号")
    do(office, case_id, "Task_Survey", inspector, **{**SIGNED, **changes})


# -- 现场勘查 and 公示 --------------------------------------------------------------------------------------------


def test_a_survey_belongs_to_the_item_and_two_inspectors_sign_for_it(city: Office) -> None:
    case = accepted(city, TREES)
    do(city, case, "Task_Review", "107-a", opinion="材料齐全")
    do(city, case, "Task_Booking", "107-a", survey_on="2026-03-17", half="上午", place="人民路12号")
    stage = next(one for one in _stages(city, case) if one.name == "现场签单")
    assert (stage.scope_id, stage.department, stage.amount) == (None, "107", 2), "it is a stage of the item that called"
    with pytest.raises(Invalid) as refused:
        do(city, case, "Task_Survey", "107-a", **{**SIGNED, "inspector_b": SIGNED["inspector_a"]})
    assert (refused.value.code, refused.value.fields[0].field) == ("QUORUM_NOT_MET", "inspector_b")
    do(city, case, "Task_Survey", "107-a", **{**SIGNED, "others": "夏小玲，云执003"})
    sheet = papers(city, case)["W11"]
    assert (sheet.state, sheet.scope_id) == ("ISSUED", None)
    assert [one["name"] for one in sheet.facts["inspectors"]] == ["沈耀华", "胡兆丰", "夏小玲"]
    assert sheet.facts["checks"] == [{"item": "现场布局", "finding": "与图纸一致", "photo": "P1"}]
    assert (sheet.facts["conclusion"], sheet.facts["applicant_signed"]) == ("通过", "李昭")
    found = {one[:3]: one for one in told(city, case)}
    assert "3月17日上午" in found["M07"] and "绿地树木" in found["M07"] and "人民路" in found["M07"]
    assert "通过" in found["M08"]
    desks = [one.text for one in messages(city, case, code="T01") if "现场勘查" in one.text]
    assert desks and all("绿地树木" in one for one in desks), "who surveys is told of which item"
    assert "现场勘查" in [one["stage"] for one in _circulated(city, case)]


def test_who_has_surveyed_does_not_decide(city: Office) -> None:
    case = accepted(city, VENUE)
    do(city, case, "Task_Review", "119-a", opinion="材料齐全")
    surveyed(city, case, "119-a", inspector_b="毛静怡")
    do(city, case, "Task_Conclude", "119-a", **YES)
    _heard(city, case)
    with pytest.raises(Forbidden) as refused:
        do(city, case, "Task_Approve", "119-rep", **GRANT)
    assert refused.value.code == "INSPECTOR_DECIDES"


def test_while_it_is_made_public_no_limit_runs(city: Office, clock: Clock) -> None:
    case = accepted(city, TREES)
    do(city, case, "Task_Review", "107-a", opinion="材料齐全")
    surveyed(city, case, "107-a")
    before = due(city, case)
    do(city, case, "Task_Conclude", "107-a", **YES)
    assert before == "03-25" and due(city, case) == ""
    notice = papers(city, case)["W07"].facts
    assert (notice["procedure"], notice["days"], notice["expected_on"]) == ("公示", 5, "2026-03-24")
    clock.set("2026-03-24T10:00")
    do(city, case, "Task_Publicity", "107-a", published_from="2026-03-17", published_to="2026-03-23", place="现场")
    assert due(city, case) == "04-02", "six working days were left out"
    said = {one[:3]: one for one in told(city, case)}
    assert "公示约需5个工作日" in said["M09"] and "4月2日" in said["M10"]
    assert papers(city, case)["W08"].facts["act"] == "恢复"
    do(city, case, "Task_Approve", "107-rep", **GRANT)
    do(city, case, "Task_Issue", "wuqian", delivery="window", receiver="李昭")
    assert {"W01", "W02", "W07", "W08", "W11", "W13", "W14", "W18"} <= set(papers(city, case))
    assert "case:completed" in actions_of(city, case)


def test_the_law_gives_a_permit_longer_by_its_class_and_when_the_site_is_visited(city: Office) -> None:
    def limit(case: UUID) -> int:
        return clock_of(city, case, ClockKind.STATUTORY).amount

    plain = accepted(city, PERMIT, mgmt_class="简化")
    assert limit(plain) == 20
    do(city, plain, "Task_Review", "103-a", opinion="存疑", site_check=True)
    assert limit(plain) == 45, "排污许可管理条例 art. 12: the site is visited"
    weighty = accepted(city, PERMIT, mgmt_class="重点")
    assert limit(weighty) == 30
    do(city, weighty, "Task_Expert_Ordered", "103-a", result="通过")
    do(city, weighty, "Task_Review", "103-a", opinion="材料齐全", site_check=False)
    assert limit(weighty) == 30, "without a visit it stays"


# -- 听证 --------------------------------------------------------------------------------------------------------

ANNOUNCED = {
    "announced_on": "2026-03-17", "held_at": "2026-03-25T09:00", "hearing_place": "三楼会议室", "hearing_host": "罗建国",
    "expected_days": 10,
}  # fmt: skip


def _heard(office: Office, case_id: UUID) -> None:
    do(office, case_id, "Task_Announce", "119-a", **ANNOUNCED)
    do(
        office, case_id, "Task_Hearing_Ordered", "119-a", held_at="2026-03-25T09:00", place="三楼会议室", host="罗建国",
        result="利害关系人无异议", signatures="李昭\n王桂兰",
    )  # fmt: skip


def test_a_hearing_is_announced_seven_days_before_and_not_held_by_who_reviewed(city: Office, clock: Clock) -> None:
    case = accepted(city, VENUE)
    do(city, case, "Task_Review", "119-a", opinion="材料齐全")
    surveyed(city, case, "119-a")
    do(city, case, "Task_Conclude", "119-a", **YES)
    with pytest.raises(Invalid) as short:
        do(city, case, "Task_Announce", "119-a", **{**ANNOUNCED, "held_at": "2026-03-23T09:00"})
    assert (short.value.code, short.value.fields[0].field) == ("HEARING_NOTICE_SHORT", "held_at")
    with pytest.raises(Forbidden) as own:
        do(city, case, "Task_Announce", "119-a", **{**ANNOUNCED, "hearing_host": "雷文静"})
    assert own.value.code == "HOST_REVIEWED"
    do(city, case, "Task_Announce", "119-a", **ANNOUNCED)
    announced = papers(city, case)["W12"]
    assert (announced.state, announced.facts["form"], announced.facts["host"]) == ("ISSUED", "听证公告", "罗建国")
    assert papers(city, case)["W07"].facts["days"] == 10
    assert due(city, case) == ""
    clock.set("2026-03-25T11:00")
    do(
        city, case, "Task_Hearing_Ordered", "119-a", held_at="2026-03-25T09:00", place="三楼会议室", host="罗建国",
        result="利害关系人无异议", signatures="李昭\n王桂兰",
    )  # fmt: skip
    record = papers(city, case)["W12"].facts
    assert (record["form"], record["signatures"]) == ("听证笔录", ["李昭", "王桂兰"])
    assert due(city, case) == "04-09", "ten working days from 16 March, seven of them left out"
    do(city, case, "Task_Approve", "119-rep", **GRANT)
    assert "Task_Issue" in open_tasks(city, case)


# -- 征求意见, 集体审议, 缴费, 跟踪 ------------------------------------------------------------------------------------


def test_while_another_department_is_asked_about_ground_water_no_limit_runs(city: Office, clock: Clock) -> None:
    case = accepted(city, WATER, source="地下")
    assert due(city, case) == "" and open_tasks(city, case)["Task_Opinion_Housing"].assignee == "zhangwei"
    taken = papers(city, case)["W02"]
    assert (taken.state, taken.facts["promised_due"]) == ("ISSUED", "2026-04-14"), (
        "the promise is told before the pause"
    )
    assert any(one.startswith("M02") and "4月14日" in one for one in told(city, case))
    clock.set("2026-03-18T10:00")
    do(city, case, "Task_Opinion_Housing", "zhangwei", conclusion="agree", opinion="公共供水管网未覆盖")
    assert due(city, case) == "04-16", "twenty working days from 16 March, two of them left out"
    asked = papers(city, case)["W10"].facts
    assert asked["effect"] == "请按期书面回复" and "公共供水管网未覆盖" in asked["opinion"]


def test_a_meeting_is_recorded_with_its_minutes_and_decides(city: Office) -> None:
    case = accepted(city, SCHOOL)
    do(city, case, "Task_Review", "117-a", **YES)
    do(city, case, "Task_Papers", "117-a", title="某某小学筹设", opinion="提请审议")
    held = {
        "met_at": "2026-03-18T14:00", "chair": "李雪梅", "attendees": "李雪梅，分管领导\n高兰英，首席代表\n马卫东，A岗",
        "resolution": "grant", "minutes": "一致同意筹设", "minutes_no": "2026-3",
    }  # fmt: skip
    with pytest.raises(Invalid) as small:
        do(city, case, "Task_Meeting", "117-rep", **{**held, "attendees": "李雪梅，分管领导"})
    assert (small.value.code, small.value.fields[0].field) == ("MEETING_TOO_SMALL", "attendees")
    do(city, case, "Task_Meeting", "117-rep", **held)
    do(city, case, "Task_Approve", "117-rep", **GRANT)
    assert "Task_Issue" in open_tasks(city, case)
    steps = [(one["stage"], one["opinion"]) for one in _circulated(city, case)]
    assert ("集体审议", "同意准予") in steps


def test_nothing_is_issued_before_the_fee_of_the_registration_is_paid(city: Office) -> None:
    case = accepted(city, TITLE, certs_count=3, reg_type="转移")
    do(city, case, "Task_Review", "102-a", opinion="材料齐全")
    surveyed(city, case, "102-a")
    do(city, case, "Task_Conclude", "102-a", **YES, house_use="非住宅")
    do(city, case, "Task_Manual", "113-a", tax_state="paid", tax_voucher="完税1")
    do(city, case, "Task_Approve", "102-rep", **GRANT)
    bill = the_bill(city, case)
    assert bill.total == 570 and open_tasks(city, case) == {}, "550 and two more certificates at 10"
    assert due(city, case) == ""
    pay(city, bill)
    work(city)
    do(city, case, "Task_Issue", "wuqian", delivery="window", receiver="李昭")
    assert {one[:3] for one in told(city, case)} >= {"M13", "M14"}
    assert "W14" not in papers(city, case), "a registration is no licence"


def test_the_deposit_is_followed_up_in_a_case_that_names_its_licence(city: Office) -> None:
    case = accepted(city, AGENCY)
    do(city, case, "Task_Review", "119-a", **YES)
    do(city, case, "Task_Approve", "119-rep", **GRANT)
    do(city, case, "Task_Issue", "wuqian", delivery="window", receiver="李昭")
    with city.reading() as records:
        _, [started] = records.exchange.linked(case)
    task = open_tasks(city, started.id)["Task_FollowUp"]
    assert (task.department, task.assignee) == ("119", "119-a")
    assert f"{task.due_at:%m-%d}" == "03-19", "three working days"
    do(city, started.id, "Task_FollowUp", "119-a", fulfilled="yes", opinion="已存入")


# -- silence ----------------------------------------------------------------------------------------------------


def test_a_print_nobody_decided_on_in_thirty_days_is_deemed_agreed_to(city: Office, clock: Clock) -> None:
    case = accepted(city, PRINTS)
    do(city, case, "Task_Review", "119-a", **YES)
    clock.set("2026-04-14T18:00")
    work(city)
    assert "Task_Approve" in open_tasks(city, case)
    clock.set("2026-04-15T18:00")
    work(city)
    assert set(open_tasks(city, case)) == {"Task_Issue"}
    do(city, case, "Task_Issue", "wuqian", delivery="window", receiver="李昭")
    assert "W16" in papers(city, case)
    with city.reading() as records:
        assert any(one.element == "End_Tacit" for one in records.history.activities(case))


def _stages(office: Office, case_id: UUID) -> list[ClockRow]:
    with office.reading() as records:
        return [one for one in records.clocks.of_case(case_id) if one.kind == ClockKind.STAGE]


def _circulated(office: Office, case_id: UUID) -> list[dict[str, Any]]:
    """The desks of the circulation sheet; of a case that is not decided yet, as it would be."""
    from service.casework.papers.deciding import circulation
    from service.casework.papers.subject import Subject

    with office.reading() as records:
        row = records.cases.find(case_id)
        assert row is not None
        return list((circulation(Subject(office, records, row, None)) or {})["steps"])


def test_who_is_late_already_is_told_of_a_hearing_in_writing_though_no_clock_stands_still(
    city: Office, clock: Clock
) -> None:
    case = accepted(city, VENUE)
    do(city, case, "Task_Review", "119-a", opinion="材料齐全")
    surveyed(city, case, "119-a")
    do(city, case, "Task_Conclude", "119-a", **YES)
    clock.set("2026-04-27T10:00")
    work(city)
    do(
        city,
        case,
        "Task_Announce",
        "119-rep",
        **{**ANNOUNCED, "announced_on": "2026-04-27", "held_at": "2026-05-12T09:00"},
    )
    told = papers(city, case)["W07"]
    assert (told.state, told.facts["procedure"], told.facts["days"]) == ("ISSUED", "听证", 10)
    assert not {"started_on", "expected_on"} & {name for name, value in told.facts.items() if value}
    assert not clock_of(city, case, ClockKind.CASE).pauses, "R-SUS-4: a red clock is not paused"
