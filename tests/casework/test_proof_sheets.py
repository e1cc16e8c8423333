"""时限证明单 of a case: what ran, what stood still and why, who had it; refused to whom the case is none of their business."""

from __future__ import annotations

import io
import re
from uuid import UUID, uuid4

import pytest
from pypdf import PdfReader

from service.casework import claim_task, complete_task, start_case
from service.casework.office import Office
from service.casework.proof_sheets import print_proof, proof_sheet
from service.rules.clocks import ClockKind
from service.rules.counting import reading
from service.rules.proof import TimeHolder
from service.rules.refusals import Missing, Refusal
from service.rules.worktime import standard_calendar
from tests.casework import clock_rows
from tests.casework.clock_rows import EXPERT, row
from tests.casework.desk import CLERK, FOUR_STAGES, REVIEWER, SECOND, STRANGER, deploy_text, hire, open_tasks
from tests.conftest import Clock


@pytest.fixture
def case_id(any_office: Office, clock: Clock) -> UUID:
    """A case with a promise and a statutory limit that the experts held up for twenty working days."""
    hire(any_office)
    deploy_text(any_office, FOUR_STAGES)
    made = start_case(any_office, CLERK, key="p", title="云溪䶮淼公司-消防设计审查", business_key="990100-1")
    clock_rows.put(
        any_office,
        row(made.id, "RECEIPT", 5, started="2026-03-16T09:00", stopped="2026-03-16T10:02"),
        row(made.id, "CASE", 7, pauses=[EXPERT], basis="承诺"),
        row(made.id, "STATUTORY", 20, pauses=[EXPERT]),
        row(made.id, "STAGE", 4, unit="HALFDAY", name="审核", department="104", stopped="2026-03-18T16:00"),
    )
    clock.set("2026-04-20T10:00")
    return made.id


def test_the_case_of_somebody_else_has_no_sheet(any_office: Office, case_id: UUID) -> None:
    with pytest.raises(Missing, match="CASE_NOT_FOUND"):
        proof_sheet(any_office, STRANGER, case_id)


def test_an_item_that_is_not_there_is_refused(any_office: Office, case_id: UUID) -> None:
    with pytest.raises(Missing, match="ITEM_NOT_FOUND"):
        proof_sheet(any_office, CLERK, case_id, scope=uuid4())


def test_a_year_without_calendar_is_a_refusal_not_a_guess(any_office: Office, case_id: UUID, clock: Clock) -> None:
    clock.set("2027-03-01T10:00")
    with pytest.raises(Refusal, match="CALENDAR_MISSING"):
        proof_sheet(any_office, CLERK, case_id)


def test_the_sheet_tells_promise_counted_and_elapsed_days_apart(any_office: Office, case_id: UUID) -> None:
    sheet = proof_sheet(any_office, CLERK, case_id)
    assert sheet.main is not None and sheet.main.kind is ClockKind.CASE
    assert (sheet.main.proven.clock.total, sheet.main.proven.used, sheet.elapsed) == (7, 5, 35)
    assert {holder: days for holder, days in sheet.shares.items() if days} == {
        TimeHolder.AGENCY: 7,
        TimeHolder.SPECIAL: 28,
    }


def test_the_earliest_limit_binds_and_every_pause_is_told_once(any_office: Office, case_id: UUID) -> None:
    sheet = proof_sheet(any_office, CLERK, case_id)
    assert [one.kind.value for one in sheet.clocks] == ["CASE", "STATUTORY", "RECEIPT", "STAGE"]
    assert sheet.binding is sheet.clocks[0]
    (paused,) = sheet.pauses
    assert (paused.days, paused.pause.approved_by, paused.pause.notice) == (28, "chengang", "特告〔2026〕3号")
    assert len(paused.clocks) == 2


def test_a_limit_that_stands_still_binds_as_if_it_went_on_now(any_office: Office, case_id: UUID) -> None:
    held = {name: value for name, value in EXPERT.items() if name not in ("through", "ended_at")}
    made = start_case(any_office, CLERK, key="p")
    clock_rows.put(any_office, row(made.id, "STATUTORY", 20, pauses=[held]), row(made.id, "CASE", 7, pauses=[held]))
    sheet = proof_sheet(any_office, CLERK, made.id)
    assert sheet.binding is not None and sheet.binding.kind is ClockKind.CASE
    assert sheet.binding.proven.reading.open_ended and sheet.pauses[0].pause.through is None


def test_every_clock_adds_up_to_its_reading(any_office: Office, case_id: UUID) -> None:
    sheet = proof_sheet(any_office, CLERK, case_id)
    calendar = standard_calendar()
    for one in sheet.clocks:
        assert one.proven.used == reading(calendar, one.proven.clock, sheet.made_at).used


def test_the_sheet_names_every_hand_the_case_went_through(any_office: Office, case_id: UUID, clock: Clock) -> None:
    accept = open_tasks(any_office, case_id)["Accept"]
    claim_task(any_office, SECOND, accept.id, SECOND.username)
    clock.advance(hours=3)
    complete_task(any_office, SECOND, accept.id)
    found = [(one.task, one.username, one.until is None) for one in proof_sheet(any_office, CLERK, case_id).holdings]
    assert ("受理", SECOND.username, False) in found
    assert ("审核", REVIEWER.username, True) in found or ("审核", None, True) in found


def test_the_paper_says_what_the_sheet_says(any_office: Office, case_id: UUID) -> None:
    sheet = proof_sheet(any_office, CLERK, case_id)
    made = print_proof(sheet, "云溪市政务服务中心")
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages))
    for words in (
        "时限证明单",
        "990100-1",
        "云溪䶮淼公司-消防设计审查",
        "35个自然日",
        "特告〔2026〕3号",
        "《行政许可法》第四十五条",
        "2026-04-08周三",
        "暂停计时（专家评审），不计入",
        "陈刚",
    ):
        assert words in text
    assert made == print_proof(sheet, "云溪市政务服务中心")
    for one in sheet.clocks:
        for line in one.proven.past:
            assert f"{line.day}" in text and re.sub(r"\s+", "", line.what.words()) in text


def test_a_case_without_limits_has_a_sheet_without_clocks(any_office: Office) -> None:
    hire(any_office)
    deploy_text(any_office, FOUR_STAGES)
    made = start_case(any_office, CLERK, key="p")
    sheet = proof_sheet(any_office, CLERK, made.id)
    assert (sheet.clocks, sheet.main, sheet.binding, sheet.elapsed) == ((), None, None, 0)
    assert print_proof(sheet, "中心").startswith(b"%PDF")
