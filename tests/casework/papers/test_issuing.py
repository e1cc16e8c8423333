"""Documents of a case: what the diagram asks for is issued once, numbered without gaps, frozen and printed."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from pypdf import PdfReader

from service.casework.journalling import CaseFile, case_file, put_back
from service.casework.office import Office
from service.casework.papers.handling import (
    add_document,
    complete_draft,
    correct_document,
    drop_draft,
    reprint_document,
    void_document,
)
from service.casework.papers.issuing import issue_document
from service.casework.papers.reading import case_papers, document_file, pdf_of, series_report
from service.rules.hashes import sm3
from service.rules.numbers import read_acceptance_number, shown
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from service.store.documents import DocumentRow
from tests.casework.desk import actions_of, agenda_of
from tests.casework.papers.city import (
    ACCEPT,
    CORRECT,
    GRANT,
    ISSUE,
    REFUSE,
    REVIEW,
    do,
    opened,
    papers,
    received,
    who,
    work,
)
from tests.conftest import Clock

W23 = {
    "reason": "撤回",
    "materials": [{"name": "申请表", "form": "原件", "copies": 1}],
    "receiver": "李昭",
    "returned_at": "2026-03-17T09:00:00+08:00",
}


@pytest.fixture
def city(any_demo_office: Office) -> Office:
    return opened(any_demo_office)


@pytest.fixture
def demo(demo_office: Office) -> Office:
    return opened(demo_office)


def accepted(office: Office) -> UUID:
    case_id = received(office)
    do(office, case_id, "Task_Accept", "wangfang", **ACCEPT)
    return case_id


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def issued(office: Office, case_id: UUID, code: str = "W23", facts=W23, key: UUID | None = None) -> DocumentRow:
    """Issued by the system within a transaction of its own."""
    with office.transaction() as records:
        file = case_file(records.cases.lock(case_id), alive=False)
        row = issue_document(office, records, file, code=code, facts=facts, key=key)
        put_back(records, file)
    return row


# -- refusals


@pytest.mark.parametrize("reason", ["", " ", None])
def test_a_refusal_without_reasons_cannot_be_issued(city: Office, reason: str | None) -> None:
    case_id = accepted(city)
    facts = {
        "established": "合同不含消防工程。",
        "evidence": ["施工合同"],
        "reason": reason,
        "basis": "《建筑法》第八条",
        "review_authority": "云溪市人民政府",
        "court": "云溪市人民法院",
    }
    with pytest.raises(Invalid) as refused:
        issued(city, case_id, "W15", facts)
    assert refused.value.code == "DOCUMENT_FACTS" and refused.value.fields[0].field == "reason"
    assert "W15" not in papers(city, case_id)


def test_a_refused_document_uses_no_number(city: Office) -> None:
    case_id = accepted(city)
    first = papers(city, case_id)["W02"].serial
    with pytest.raises(RuntimeError), city.transaction() as records:
        file = case_file(records.cases.lock(case_id))
        issue_document(city, records, file, code="W02", facts=dict(papers(city, case_id)["W02"].facts))
        raise RuntimeError("the power fails")
    assert issued(city, case_id, "W02", papers(city, case_id)["W02"].facts).serial == (first or 0) + 1


def test_a_stranger_is_told_there_is_no_such_document(demo: Office) -> None:
    case_id = accepted(demo)
    document_id = papers(demo, case_id)["W02"].id
    stranger = who(demo, "103-a")
    for asking in (
        lambda: document_file(demo, stranger, document_id),
        lambda: reprint_document(demo, stranger, document_id, "归档用"),
        lambda: void_document(demo, stranger, document_id, "编号打错"),
        lambda: document_file(demo, stranger, uuid4()),
    ):
        with pytest.raises(Missing) as refused:
            asking()
        assert refused.value.code == "DOCUMENT_NOT_FOUND"
    with pytest.raises(Missing):
        case_papers(demo, stranger, case_id)


def test_who_does_not_decide_neither_voids_nor_decides(demo: Office) -> None:
    case_id = accepted(demo)
    document_id = papers(demo, case_id)["W02"].id
    with pytest.raises(Forbidden):
        void_document(demo, who(demo, "wangfang"), document_id, "编号打错")
    with pytest.raises(Forbidden):
        add_document(demo, who(demo, "chengang"), case_id, "W14")
    with pytest.raises(Forbidden):
        add_document(demo, who(demo, "sunli"), case_id, "W14")


@pytest.mark.parametrize("reason", ["", " ", "短", "长" * 201])
def test_making_void_and_printing_again_need_a_reason(demo: Office, reason: str) -> None:
    case_id = accepted(demo)
    document_id = papers(demo, case_id)["W02"].id
    for act in (void_document, reprint_document):
        with pytest.raises(Invalid) as refused:
            act(demo, who(demo, "chengang"), document_id, reason)
        assert refused.value.code == "DOCUMENT_REASON"


# -- issuing


def test_the_acceptance_notice_bears_the_number_the_limits_and_the_acceptance_number(
    city: Office, clock: Clock
) -> None:
    clock.set("2026-03-16T10:00")
    case_id = accepted(city)
    row = papers(city, case_id)["W02"]
    with city.reading() as records:
        accepted_no = records.documents.acceptance(case_id, None)
    assert accepted_no is not None and read_acceptance_number(accepted_no.number)
    assert shown(accepted_no.number).startswith("990100-20260316-104-00001-")
    assert (row.number, row.state, row.authority) == ("云政服受〔2026〕00001号", "ISSUED", "104")
    assert row.facts["promise"] == "3个工作日" and row.facts["promised_due"] == "2026-03-19"
    said = text_of(pdf_of(city, row.id))
    for words in (
        "云溪市住房和城乡建设局",
        "受理通知书",
        row.number,
        shown(accepted_no.number),
        "104-XK-001",
        "2026年3月19日",
    ):
        assert words in said
    assert row.hash == sm3(pdf_of(city, row.id)) and row.digest is not None


def test_a_granted_case_has_its_papers_and_each_once(city: Office) -> None:
    case_id = accepted(city)
    do(city, case_id, "Task_Review", "zhangwei", **REVIEW)
    do(city, case_id, "Task_Approve", "chengang", **GRANT)
    do(city, case_id, "Task_Issue", "wuqian", **ISSUE)
    with city.reading() as records:
        rows = records.documents.of_case(case_id)
    codes = [row.code for row in rows]
    assert {"W02", "W13", "W14", "W18"} <= set(codes) and len(codes) == len(set(codes))
    assert {row.state for row in rows} == {"ISSUED"} and all(row.hash for row in rows)
    assert not [one for one in agenda_of(city, case_id) if "document" in str(one.detail) or "print" in str(one.detail)]
    steps = papers(city, case_id)["W13"].facts["steps"]
    assert [(one["stage"], one["person"]) for one in steps] == [
        ("受理", "王芳"),
        ("审核", "张伟"),
        ("批准", "陈刚"),
    ]
    assert actions_of(city, case_id).count("document:issued") == len(rows)


def test_a_correction_notice_lists_every_gap_with_its_remedy(city: Office) -> None:
    case_id = received(city)
    do(city, case_id, "Task_Accept", "wangfang", **CORRECT)
    row = papers(city, case_id)["W04"]
    assert row.facts["gaps"] == [
        {"material": "中标通知书/施工合同", "problem": "缺少发包人盖章页", "remedy": "提交经双方盖章的完整合同"},
        {"material": "质量安全措施", "problem": "未附应急预案", "remedy": "补充应急预案"},
    ]
    assert row.facts["reply_by"] == "2026-04-28" and "W02" not in papers(city, case_id)


def test_a_refusal_carries_its_reasons_and_the_remedies(city: Office) -> None:
    case_id = accepted(city)
    do(
        city,
        case_id,
        "Task_Review",
        "zhangwei",
        recommendation="refuse",
        opinion="施工合同不含消防工程。",
        reason="不具备条件",
    )
    do(city, case_id, "Task_Approve", "chengang", **REFUSE)
    row = papers(city, case_id)["W15"]
    said = text_of(pdf_of(city, row.id))
    assert row.state == "ISSUED" and REFUSE["reason"] in said
    assert "六十日内向云溪市人民政府申请行政复议" in said and "六个月内依法向云溪市人民法院提起行政诉讼" in said


def test_what_a_program_leaves_out_keeps_the_refusal_a_draft_that_the_decider_completes(city: Office) -> None:
    case_id = accepted(city)
    do(city, case_id, "Task_Review", "zhangwei", recommendation="refuse")
    do(city, case_id, "Task_Approve", "chengang", decision="refuse")
    row = papers(city, case_id)["W15"]
    assert row.state == "DRAFT" and row.number is None and {"reason", "established"} <= set(row.missing)
    with pytest.raises(Conflict):
        pdf_of(city, row.id)
    with pytest.raises(Forbidden):
        complete_draft(city, who(city, "zhangwei"), row.id, row.facts)
    with pytest.raises(Invalid) as refused:
        complete_draft(city, who(city, "chengang"), row.id, {**row.facts, "established": "查明。"})
    assert refused.value.fields[0].field == "reason"
    whole = {**row.facts, "established": "查明。", "reason": "不具备法定条件。"}
    done = complete_draft(city, who(city, "chengang"), row.id, whole)
    work(city)
    assert done.number == "云政服不许〔2026〕00001号" and done.issued_by == "chengang"
    assert papers(city, case_id)["W15"].hash is not None
    with pytest.raises(Conflict):
        complete_draft(city, who(city, "chengang"), row.id, whole)


def test_the_same_asking_gives_the_same_document(city: Office) -> None:
    case_id, key = accepted(city), uuid4()
    assert issued(city, case_id, key=key).id == issued(city, case_id, key=key).id


def test_parallel_issuing_counts_without_gap_or_double(any_demo_office: Office) -> None:
    office = opened(any_demo_office)
    cases = [accepted(office) for _ in range(4)]
    facts = papers(office, cases[0])["W02"].facts
    with ThreadPoolExecutor(4) as threads:
        rows = list(
            threads.map(lambda n: office.attempt(lambda: issued(office, cases[n % 4], "W02", facts)), range(12))
        )
    serials = sorted(row.serial or 0 for row in rows)
    assert serials == list(range(5, 17))
    [line] = [one for one in series_report(office, who(office, "sunli"), 2026) if one.word == "受"]
    assert (line.last, line.used, line.missing) == (16, 16, ())


# -- afterwards


def test_a_copy_printed_again_is_marked_counted_and_verifiable(demo: Office) -> None:
    case_id = accepted(demo)
    row = papers(demo, case_id)["W02"]
    again, pdf = reprint_document(demo, who(demo, "wangfang"), row.id, "申请人遗失")
    _, second = reprint_document(demo, who(demo, "wangfang"), row.id, "申请人再次遗失")
    assert "补打第1次" in text_of(pdf) and "补打第2次" in text_of(second) and again.reprints == 1
    assert pdf_of(demo, row.id) != pdf and papers(demo, case_id)["W02"].hash == row.hash
    with demo.reading() as records:
        prints = records.documents.prints(row.id)
    assert [(one.nth, one.hash) for one in prints] == [(0, row.hash), (1, sm3(pdf)), (2, sm3(second))]
    assert actions_of(demo, case_id).count("document:reprinted") == 2


def test_a_void_document_keeps_its_number_and_says_so_on_every_page(demo: Office) -> None:
    case_id = accepted(demo)
    row = papers(demo, case_id)["W02"]
    done = void_document(demo, who(demo, "chengang"), row.id, "承诺办结日有误")
    assert (done.state, done.number, done.void_by) == ("VOID", row.number, "chengang")
    assert "作废" in text_of(pdf_of(demo, row.id)) and done.hash == row.hash
    with pytest.raises(Conflict):
        void_document(demo, who(demo, "chengang"), row.id, "再作废一次")
    with pytest.raises(Conflict):
        reprint_document(demo, who(demo, "wangfang"), row.id, "申请人遗失")
    [line] = [one for one in series_report(demo, who(demo, "sunli"), 2026) if one.word == "受"]
    assert [one.number for one in line.void] == [row.number] and line.missing == ()


def test_a_void_document_is_issued_anew_with_the_next_number(demo: Office) -> None:
    case_id = accepted(demo)
    row = papers(demo, case_id)["W02"]
    with pytest.raises(Conflict):
        correct_document(demo, who(demo, "wangfang"), row.id)
    void_document(demo, who(demo, "chengang"), row.id, "承诺办结日有误")
    draft = correct_document(demo, who(demo, "wangfang"), row.id)
    with pytest.raises(Conflict):
        correct_document(demo, who(demo, "wangfang"), row.id)
    new = complete_draft(demo, who(demo, "wangfang"), draft.id, {**draft.facts, "promised_due": "2026-03-20"})
    assert (new.number, new.supersedes) == ("云政服受〔2026〕00002号", row.id)
    with demo.reading() as records:
        assert len(records.documents.acceptances(case_id)) == 1


def test_a_document_brought_about_by_hand_begins_with_what_the_case_knows(demo: Office) -> None:
    case_id = accepted(demo)
    draft = add_document(demo, who(demo, "wangfang"), case_id, "W05")
    assert draft.state == "DRAFT" and draft.facts["signed_by"] == "李昭" and draft.missing == ("signed_at",)
    kept = complete_draft(demo, who(demo, "wangfang"), draft.id, draft.facts, issue=False)
    assert kept.state == "DRAFT"
    done = complete_draft(
        demo, who(demo, "wangfang"), draft.id, {**draft.facts, "signed_at": "2026-03-16T09:20:00+08:00"}
    )
    assert done.state == "ISSUED" and done.number is None and done.reference == done.id.hex
    gone = drop_draft(
        demo, who(demo, "wangfang"), add_document(demo, who(demo, "wangfang"), case_id, "W11").id, "不需要"
    )
    assert (gone.state, gone.number) == ("VOID", None)


def test_an_applicant_sees_what_was_issued_and_no_drafts(demo: Office) -> None:
    case_id = accepted(demo)
    add_document(demo, who(demo, "wangfang"), case_id, "W05")
    with demo.transaction() as records:
        row = records.cases.lock(case_id)
        assert row is not None
        records.cases.change(case_id, {"started_by": "lizhao"})
        CaseFile(row)
    seen = case_papers(demo, who(demo, "lizhao"), case_id)
    assert {line.row.state for line in seen.lines} == {"ISSUED"} and seen.addable == ()
