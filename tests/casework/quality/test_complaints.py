"""投诉 in the office: numbers without gaps, who investigates (S-12), who may read, withdrawal, papers and messages."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from service.casework.assigning import assign_task
from service.casework.completing import complete_task
from service.casework.listing import Inquiry, count_rows
from service.casework.materials.reading import material_panel
from service.casework.quality import (
    ComplaintForm,
    file_complaint,
    file_public_complaint,
    register_list,
    withdraw_complaint,
)
from service.casework.reading import get_case
from service.casework.workbench import case_list
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from service.store.listing import ACTIVITIES, CASES, EXECUTIONS, OPERATIONS, TASKS, VARIABLES, Listing
from tests.casework.quality.conftest import Town
from tests.conftest import Clock

FOUND = {"extend": "no", "investigation": "已向窗口核实", "proposed_reply": "致歉"}


def file(town: Town, by: str = "lizhao", **form: Any) -> UUID:
    """A complaint about 住建局."""
    given = {"kind": "fee", "text": "收费项目没有公示", "department": "104"} | form
    return file_complaint(town.office, town.who(by), ComplaintForm(**given)).id


def accepted(town: Town, by: str = "lizhao", **form: Any) -> UUID:
    """One that was accepted and dispatched; the officer corrects nothing."""
    case_id = file(town, by, **form)
    town.step(case_id, "Task_Accept", decision="accept", matter_kind=form.get("kind", "fee"))
    return case_id


def test_numbers_have_no_gap_whatever_fails(town: Town, clock: Clock):
    def number() -> str:
        return str(town.values(file(town))["complaint_no"])

    assert number() == "TS-2026-0001"
    with pytest.raises(Invalid):
        file(town, about="SJ209901010010001")
    with pytest.raises(Invalid):
        file(town, department="999")
    assert number() == "TS-2026-0002"
    clock.set("2027-01-04 09:00")
    assert number() == "TS-2027-0001"


@pytest.mark.parametrize(
    ("form", "code", "field"),
    [
        ({"kind": "weather"}, "COMPLAINT_KIND", "kind"),
        ({"text": "  "}, "COMPLAINT_TEXT", "text"),
        ({"about": "SJ000"}, "COMPLAINT_ABOUT", "about"),
        ({"department": "999"}, "COMPLAINT_DEPARTMENT", "department"),
    ],
)
def test_what_a_complaint_lacks_is_named(town: Town, form, code, field):
    with pytest.raises(Invalid) as refused:
        file(town, **form)
    assert refused.value.code == code
    assert [one.field for one in refused.value.fields] == [field]


def test_who_works_in_a_department_files_none_for_others(town: Town):
    with pytest.raises(Forbidden):
        file(town, by="zhangwei")


def test_a_complaint_about_a_department_goes_to_its_leader_not_to_its_chief(town: Town):
    case_id = accepted(town)
    [task] = town.open(case_id)
    assert (task.element, task.department, task.role, task.assignee) == (
        "Task_Department", "104", "resident_leader", "zhaomin",
    )  # fmt: skip


@pytest.mark.parametrize(
    "form", [{"accused": "张伟"}, {"accused": "P10401"}, {"kind": "integrity"}, {"window": "12号窗口"}]
)
def test_whatever_names_a_person_or_concerns_integrity_goes_to_supervision(town: Town, form):
    case_id = accepted(town, **form)
    [task] = town.open(case_id)
    assert (task.element, task.department, task.assignee) == ("Task_Supervision", "201", "sunli")
    if "accused" in form:
        assert town.values(case_id)["person"] == "zhangwei"


def test_a_complaint_about_supervision_goes_to_the_inspectorate(town: Town):
    case_id = accepted(town, accused="孙丽", department="201")
    [task] = town.open(case_id)
    assert (task.department, task.assignee) == ("202", "leiming")
    assert town.values(case_id)["reviewer_dept"] == "201"


def test_nobody_gets_or_reads_what_is_about_themselves(town: Town):
    case_id = accepted(town, accused="江月", department="201")
    [task] = town.open(case_id)
    with pytest.raises(Missing):
        get_case(town.office, town.who("jiangyue"), case_id)
    with pytest.raises(Forbidden) as refused:
        assign_task(town.office, town.who("guotao"), task.id, "jiangyue")
    assert refused.value.code == "COMPLAINED_PERSON"
    town.step(case_id, "Task_Supervision", **FOUND)
    [audit] = town.open(case_id)
    assert audit.assignee is None
    with pytest.raises(Forbidden) as refused:
        complete_task(town.office, town.who("jiangyue"), audit.id, answers={"audit": "approve", "reply": "无"})
    assert refused.value.code == "COMPLAINED_PERSON"


def test_the_colleagues_of_somebody_complained_about_read_nothing(town: Town):
    case_id = accepted(town, accused="张伟")
    for username in ("zhangwei", "chengang", "wangfang", "wuqian"):
        with pytest.raises(Missing):
            get_case(town.office, town.who(username), case_id)
    for username in ("lizhao", "sunli", "jiangyue", "tianyue"):
        assert get_case(town.office, town.who(username), case_id).id == case_id


@pytest.mark.parametrize("listing", [CASES, TASKS, VARIABLES, ACTIVITIES, EXECUTIONS, OPERATIONS])
def test_no_list_tells_windows_and_colleagues_of_a_complaint(town: Town, listing: Listing[Any]):
    case_id = accepted(town, accused="张伟")
    seen = {"process_instance_id": case_id}
    for username in ("zhangwei", "wangfang", "qinlan", "hejing", "guotao"):
        assert count_rows(town.office, town.who(username), listing, Inquiry(filters=seen)) == 0, username
    for username in ("sunli", "jiangyue", "engine"):
        assert count_rows(town.office, town.who(username), listing, Inquiry(filters=seen)) > 0, username
    assert case_list(town.office, town.who("hejing"), view="all", key="support_SP_01").total == 0
    assert case_list(town.office, town.who("sunli"), view="all", key="support_SP_01").total == 1


def test_a_complaint_is_answered_confirmed_and_scored(town: Town):
    case_id = accepted(town)
    town.step(case_id, "Task_Department", **FOUND)
    assert town.step(case_id, "Task_Audit", audit="approve", reply="已公示并退还") == "jiangyue"
    assert town.step(case_id, "Task_Confirm", satisfaction="satisfied") == "lizhao"
    town.step(case_id, "Task_Close", valid=True, close_reason="属实")
    assert town.end(case_id) == "End_Closed"
    with town.office.reading() as records:
        papers = [(one.code, one.state, one.facts["form"]) for one in records.documents.of_case(case_id)]
        cards = [(one.violation, one.level, one.addressee) for one in records.supervision.of_case(case_id)]
    assert sorted(papers) == [("W29", "ISSUED", "投诉受理单"), ("W29", "ISSUED", "投诉答复书")]
    assert cards == [("COMPLAINT_VALID", "HINT", "104")]


def test_the_department_and_the_complainant_are_told(town: Town):
    case_id = accepted(town)
    town.step(case_id, "Task_Department", **FOUND)
    town.step(case_id, "Task_Audit", audit="approve", reply="已公示并退还")
    with town.office.reading() as records:
        told = {
            (one.code, one.box): one.text
            for one in records.messages.of_case(case_id)
            if one.code in ("L08", "L09") and one.channel == "INAPP"
        }
    assert set(told) == {("L08", "zhaomin"), ("L09", "lizhao")}
    assert "TS-2026-0001" in told["L09", "lizhao"]


def test_an_anonymous_complaint_knows_nobody_and_tells_nobody(town: Town):
    case_id = accepted(town, anonymous=True)
    with pytest.raises(Missing):
        get_case(town.office, town.who("lizhao"), case_id)
    town.step(case_id, "Task_Department", **FOUND)
    town.step(case_id, "Task_Audit", audit="approve", reply="已公示")
    assert [one.element for one in town.open(case_id)] == ["Task_Close"]
    with town.office.reading() as records:
        assert not [one for one in records.messages.of_case(case_id) if one.code == "L09"]


def test_the_review_is_done_by_another_officer(town: Town):
    case_id = accepted(town, kind="efficiency")
    assert town.step(case_id, "Task_Supervision", **FOUND) == "sunli"
    town.step(case_id, "Task_Audit", audit="approve", reply="已督促")
    town.step(case_id, "Task_Confirm", satisfaction="unsatisfied")
    assert town.step(case_id, "Task_Review", review_finding="原处理适当", review_reply="维持") == "leiming"


def test_silence_for_three_working_days_is_consent(town: Town, clock: Clock):
    case_id = accepted(town)
    town.step(case_id, "Task_Department", **FOUND)
    town.step(case_id, "Task_Audit", audit="approve", reply="已公示")
    [confirm] = town.open(case_id)
    assert confirm.due_at is not None
    clock.now = confirm.due_at
    town.run()
    assert [one.element for one in town.open(case_id)] == ["Task_Close"]
    assert town.values(case_id)["satisfaction"] == "silent"


def test_only_its_complainant_withdraws_it_and_only_until_it_is_answered(town: Town):
    first, second = file(town), accepted(town)
    with pytest.raises(Forbidden):
        withdraw_complaint(town.office, town.who("wangfang"), first)
    withdraw_complaint(town.office, town.who("lizhao"), first)
    assert town.values(first)["withdrawn"] is True
    town.step(second, "Task_Department", **FOUND)
    town.step(second, "Task_Audit", audit="approve", reply="已公示")
    with pytest.raises(Conflict) as refused:
        withdraw_complaint(town.office, town.who("lizhao"), second)
    assert refused.value.code == "WITHDRAW_TOO_LATE"


def test_the_register_counts_and_filters(town: Town):
    withdraw_complaint(town.office, town.who("lizhao"), file(town))
    accepted(town, kind="integrity")
    accepted(town)
    found = register_list(town.office, town.who("jiangyue"), "complaints")
    assert (found.total, found.counts["assigned"], found.counts["withdrawn"]) == (3, 2, 1)
    assert [one.state for one in found.items] == ["assigned", "assigned", "withdrawn"]
    kinds = register_list(town.office, town.who("jiangyue"), "complaints", kind="integrity")
    assert [one.case.business_key for one in kinds.items] == ["TS-2026-0002"]
    over = register_list(town.office, town.who("jiangyue"), "complaints", state="withdrawn")
    assert [one.case.business_key for one in over.items] == ["TS-2026-0001"]
    assert register_list(town.office, town.who("lizhao"), "complaints").total == 3
    assert register_list(town.office, town.who("chengang"), "complaints").total == 0


def png() -> BytesIO:
    """A picture somebody took."""
    made = BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "PNG")
    made.seek(0)
    return made


def test_what_proves_a_complaint_stands_in_its_case_and_what_is_no_file_makes_none(town: Town):
    form = ComplaintForm(kind="fee", text="多收费", department="104")
    made = file_complaint(town.office, town.who("lizhao"), form, [("收据.png", png())])
    (line,) = material_panel(town.office, town.who("lizhao"), made.id).lines
    assert (line.row.name, [one.row.name for one in line.files]) == ("投诉证据材料", ["收据.png"])
    assert line.files[0].row.uploaded_by == "lizhao"
    before = made.business_key
    for files, code in (
        ([("病毒.exe", BytesIO(b"MZ"))], "FILE_KIND"),
        ([("a.png", png())] * 6, "COMPLAINT_FILES"),
        ([("空.png", BytesIO(b""))], "FILE"),
    ):
        with pytest.raises(Invalid, match=code):
            file_complaint(town.office, town.who("lizhao"), form, files)
    after = file_complaint(town.office, town.who("lizhao"), form).business_key
    assert (before, after) == ("TS-2026-0001", "TS-2026-0002"), "what was refused took no number"


@pytest.mark.parametrize(("phone", "anonymous"), [("13900000009", False), ("", True)])
def test_somebody_without_an_account_complains_and_is_called_or_left_alone(town: Town, phone: str, anonymous: bool):
    form = ComplaintForm(kind="fee", text="多收费", phone=phone)
    made = file_public_complaint(town.office, form, [("现场.png", png())])
    values = town.values(made.id)
    assert (values["anonymous"], values["phone"], values["complainant"]) == (anonymous, phone or None, None)
    assert values["source"] == "online" and get_case(town.office, town.who("jiangyue"), made.id).started_by is None
    (line,) = material_panel(town.office, town.who("jiangyue"), made.id).lines
    assert line.files[0].row.uploaded_by is None
