"""收件 in one act: refused as a whole or done as a whole, with the paper of its outcome and a receipt."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from service.casework.office import Office
from service.casework.window.receiving import receive
from service.casework.window.slip import slip_code, slip_of
from service.casework.window.waiting import ONLINE, waiting
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from service.rules.vocabulary import Mark
from tests.casework.desk import actions_of, open_tasks
from tests.casework.window.hall import CONTRACT, LINES, SAFETY, SENIOR, application, open_hall, settle, taken, who
from tests.conftest import Clock


@pytest.fixture
def hall(any_demo_office: Office) -> Office:
    return open_hall(any_demo_office)


@pytest.fixture
def demo(demo_office: Office) -> Office:
    return open_hall(demo_office)


def cases(office: Office) -> int:
    """How many there are."""
    with office.reading() as records:
        return len(records.intakes.recent("wangfang", 99))


def test_who_is_no_clerk_takes_nothing_in(demo: Office) -> None:
    for username in ("lizhao", "zhangwei", "chengang", "guotao"):
        with pytest.raises(Forbidden) as refused:
            receive(demo, who(demo, username), application())
        assert refused.value.code == "WINDOW_ONLY"


def test_a_window_of_another_board_refuses_and_says_where_to_go(demo: Office) -> None:
    with pytest.raises(Conflict) as refused:
        receive(demo, who(demo, "wangfang"), application(window="W040"))
    assert refused.value.code == "WINDOW_CANNOT"
    assert refused.value.sentence() == "W040窗口不受理“建筑工程施工许可证核发”，请到W001、W002、W003、W004 等窗口办理。"
    assert cases(demo) == 0
    with pytest.raises(Missing):
        receive(demo, who(demo, "wangfang"), application(window="W999"))


def test_what_is_missing_keeps_it_from_being_accepted_and_nothing_is_left_behind(hall: Office) -> None:
    with pytest.raises(Invalid) as refused:
        receive(hall, who(hall, "wangfang"), application("accept", CONTRACT, SAFETY))
    assert refused.value.code == "MATERIAL_LACKING" and [one.field for one in refused.value.fields] == [
        CONTRACT,
        SAFETY,
    ]
    assert cases(hall) == 0


def test_an_agent_without_a_letter_is_refused_field_by_field(demo: Office) -> None:
    with pytest.raises(Invalid) as refused:
        receive(demo, who(demo, "wangfang"), application(agent={"agent_name": "周强", "agent_id_no": "12"}))
    assert sorted(one.field for one in refused.value.fields) == ["agent_id_no", "agent_letter"]


def test_accepting_is_one_act_with_its_paper_its_number_and_a_receipt(hall: Office) -> None:
    case = taken(
        hall, ticket="A012", agent={"agent_name": "周强", "agent_id_no": "91990100MA0000001X", "agent_letter": "1号"}
    )
    slip = slip_of(hall, who(hall, "wangfang"), case)
    assert slip.outcome is Mark.ACCEPTED and slip.ready and len(slip.acceptance) == 23 and len(slip.code) == 6
    assert slip.latest is not None and slip.latest.isoformat() == "2026-03-19"  # three working days from Monday
    assert [one.title for one in slip.papers] == ["收件凭证", "受理通知书"]
    assert slip.intake is not None and (slip.intake.window, slip.intake.ticket) == ("W012", "A012")
    assert {one.row.name: (one.row.paper, one.row.copies) for one in slip.materials}["质量安全措施"] == ("ORIGINAL", 1)
    assert "Task_Review" in open_tasks(hall, case) and "material:seen" in actions_of(hall, case)
    assert slip_code(hall, who(hall, "wangfang"), case).startswith("<svg")


def test_the_receipt_is_for_the_window_and_who_applied(demo: Office) -> None:
    case = taken(demo)
    for username in ("zhangwei", "lizhao", "sunli"):
        with pytest.raises(Missing):
            slip_of(demo, who(demo, username), case)


def test_a_correction_names_every_gap_at_once_with_its_notice(demo: Office) -> None:
    case = taken(demo, "correct", CONTRACT, SAFETY)
    slip = slip_of(demo, who(demo, "wangfang"), case)
    assert slip.outcome is Mark.CORRECTING and "补正一次告知书" in [one.title for one in slip.papers]
    with demo.reading() as records:
        (notice,) = records.proceedings.of_case(case, "CORRECTION")
    assert [one["material"] for one in notice.detail["gaps"]] == [CONTRACT, SAFETY]
    assert notice.detail["notes"] == "中标通知书/施工合同：未提交\n质量安全措施：未提交"


def test_what_comes_from_shared_data_is_not_asked_for_and_the_case_is_not_begun(demo: Office) -> None:
    with pytest.raises(Conflict) as refused:
        taken(demo, "correct", LINES[1])
    assert refused.value.code == "MATERIAL_SHARED" and cases(demo) == 0


def test_a_form_sent_twice_is_one_case(hall: Office) -> None:
    sent = application(token=uuid4())
    clerk = who(hall, "wangfang")
    with ThreadPoolExecutor(2) as both:
        made = {one.result() for one in [both.submit(receive, hall, clerk, sent) for _ in range(2)]}
    assert len(made) == 1 and receive(hall, clerk, replace(sent, title="再来")) in made


def test_what_is_only_taken_in_waits_with_its_countdown(hall: Office, clock: Clock) -> None:
    first = taken(hall, None, window="W003", ticket="A7")
    clock.advance(days=1)
    second = taken(hall, None)
    clerk = who(hall, "wangfang")
    found = waiting(hall, clerk)
    assert [one.row.case_id for one in found.items] == [first, second] and found.total == 2
    line = found.items[0]
    assert line.row.deemed_at is not None and line.row.deemed_at.astimezone().isoformat()[:10] == "2026-03-23"
    assert (line.countdown.light, line.countdown.over) == ("green", False)
    assert [one.row.case_id for one in waiting(hall, clerk, at="W003").items] == [first]
    assert [one.row.ticket for one in waiting(hall, clerk, search="A7").items] == ["A7"]
    assert waiting(hall, clerk, at=ONLINE).total == 0
    clock.set("2026-03-20T16:00")
    assert waiting(hall, clerk).items[0].countdown.light == "yellow"
    with pytest.raises(Forbidden):
        waiting(hall, who(hall, "zhangwei"))


def test_an_item_done_at_once_says_how_long_the_counter_took(demo: Office, clock: Clock) -> None:
    begun = clock.now
    clock.advance(timedelta(minutes=4, seconds=20))
    person = {"applicant": "刘桂英", "applicant_id_no": "410185195203121243", "phone": "13900000002"}
    lines = tuple(
        replace(one, line=line) for one, line in zip(application().checked, ("身份证(共)", "登记照(自)"), strict=False)
    )
    granted = {
        "decision": "grant", "certificate_no": "LN202600001", "delivery": "spot", "receiver": "刘桂英",
    }  # fmt: skip
    case = receive(
        demo,
        who(demo, "wangfang"),
        application(None, key=SENIOR, answers=person, checked=lines, conclusion=granted, opened_at=begun),
    )
    settle(demo)
    slip = slip_of(demo, who(demo, "wangfang"), case)
    assert slip.minutes == 4.3 and slip.outcome is Mark.DECIDED_YES
