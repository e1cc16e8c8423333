"""What an applicant has handed in once is not asked for again; whoever hands in, compares or examines leaves a line."""

from __future__ import annotations

import io
import threading
import zipfile
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from service.casework import attend_due, complete_task
from service.casework.actors import Actor
from service.casework.blob_care import verify_blobs
from service.casework.carrying import carry_due
from service.casework.materials import receiving, scanning
from service.casework.materials.export import pack_case
from service.casework.materials.handing_on import hand_on
from service.casework.materials.marking import mark_examined, mark_seen, withdraw_file
from service.casework.materials.pieces import put_piece, put_together
from service.casework.materials.reading import material_panel, materials_of, open_file, thumbnail_of
from service.casework.materials.receiving import bring_material
from service.casework.materials.reusing import offers_for, reuse_material
from service.casework.materials.sharing import Shareable, note_share_failed, note_shared, share_document, subject_key
from service.casework.office import Office
from service.casework.terminating import terminate_case
from service.casework.workbench import task_page
from service.connectors.choosing import Connectors
from service.connectors.outgoing import ConnectorTrouble
from service.connectors.virus_scanner import Scan
from service.received import Examined
from service.rules.materials import LineState, Origin, Verdict
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Refusal, TooLarge
from service.store.materials import VersionRow
from tests.casework.desk import (
    CLERK,
    ENGINE,
    KEEPER,
    REVIEWER,
    STRANGER,
    SUPERVISOR,
    actions_of,
    journal_of,
    open_tasks,
)
from tests.casework.materials_desk import CHAIN, CODE, ITEM, begin, bring, form, lines_of, open_counter
from tests.conftest import Clock, deploy_bpmn
from tests.engine.drive import definitions
from tests.received.made import picture

APPLICANT = Actor(username="lizhao", name="李昭", roles=frozenset({"applicant"}))
ANOTHER = Actor(username="another", name="他人", roles=frozenset({"applicant"}))
FORM, LICENCE, SAFETY, REPORT = "申请表", "营业执照", "质量安全措施", "检测报告"


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are looked at by a process of its own; what it finds has its own tests."""

    def examine(path, *, name, scan):
        return Examined(media_type="image/jpeg", pages=1, dpi=300, thumbnail=b"small " + path.read_bytes()[:20])

    if "whole" not in request.keywords:
        monkeypatch.setattr(receiving, "examine", examine)


@pytest.fixture
def counter(any_office: Office) -> Office:
    open_counter(any_office)
    return any_office


def refused(kind: type[Refusal], code: str, act, *given, **named) -> Refusal:
    with pytest.raises(kind) as caught:
        act(*given, **named)
    assert caught.value.code == code, caught.value
    return caught.value


def read(office: Office, version: UUID) -> tuple[VersionRow, bytes]:
    """What is known of a file, and its content."""
    row, stream = open_file(office, CLERK, version)
    with stream:
        return row, stream.read()


def ask(office: Office, case_id: UUID, *, reason: str = "共享库中没有", name: str = LICENCE) -> None:
    """Say that the shared base could not give it."""
    note_share_failed(office, CLERK, lines_of(office, case_id)[name].row.id, reason)


def offered(office: Office, task: UUID) -> list[str]:
    """What the page of the desk offers for the notice."""
    schema = task_page(office, CLERK, task).schema
    return next([v["value"] for v in one["values"]] for one in schema["components"] if one["key"] == "gaps")


# -- who may not ------------------------------------------------------------------------------------------------


def test_a_shared_material_may_not_be_asked_for_until_the_reason_is_kept(counter: Office):
    case = begin(counter)
    refused(Conflict, "MATERIAL_SHARED", bring, counter, case, LICENCE)
    line = lines_of(counter, case)[LICENCE]
    assert line.state is LineState.WAITING
    refused(Invalid, "REASON_MISSING", note_share_failed, counter, CLERK, line.row.id, "  ")
    refused(Forbidden, "MATERIAL_WINDOW_ONLY", note_share_failed, counter, SUPERVISOR, line.row.id, "超时")
    ask(counter, case)
    assert lines_of(counter, case)[LICENCE].state is LineState.MISSING
    bring(counter, case, LICENCE)
    assert lines_of(counter, case)[LICENCE].state is LineState.SUBMITTED
    failed = next(one for one in journal_of(counter, case) if one.action == "material:share_failed")
    assert (failed.actor, (failed.detail or {})["reason"]) == ("wangfang", "共享库中没有")
    other = lines_of(counter, case)[SAFETY].row.id
    refused(Conflict, "MATERIAL_NOT_SHARED", note_share_failed, counter, CLERK, other, "超时")


def test_a_correction_notice_may_not_name_a_shared_material_either(counter: Office):
    case = begin(counter)
    task = open_tasks(counter, case)["Accept"].id
    said = {"decision": "correct", "gaps": ["营业执照(共)"], "gap_notes": "缺"}
    refused(Conflict, "MATERIAL_SHARED", complete_task, counter, CLERK, task, answers=said)
    assert offered(counter, task) == ["申请表(表)", "质量安全措施(自)", "检测报告(中)"]
    ask(counter, case)
    assert offered(counter, task) == ["申请表(表)", "营业执照(共)", "质量安全措施(自)", "检测报告(中)"]
    complete_task(counter, CLERK, task, answers=said)
    assert lines_of(counter, case)[LICENCE].gap
    assert not lines_of(counter, case)[SAFETY].gap


def test_strangers_see_nothing_and_readers_hand_in_nothing(counter: Office):
    case = begin(counter)
    line = lines_of(counter, case)[SAFETY].row.id
    version = bring(counter, case, SAFETY)
    for who in (STRANGER, ANOTHER, APPLICANT, KEEPER):
        refused(Missing, "CASE_NOT_FOUND", material_panel, counter, who, case)
        refused(Missing, "MATERIAL_NOT_FOUND", open_file, counter, who, version)
        refused(Missing, "MATERIAL_NOT_FOUND", thumbnail_of, counter, who, version)
        refused(Missing, "MATERIAL_NOT_FOUND", bring_material, counter, who, line, io.BytesIO(b"x"), name="a.jpg")
        refused(Missing, "MATERIAL_NOT_FOUND", offers_for, counter, who, line)
        refused(Missing, "CASE_NOT_FOUND", pack_case, counter, who, case)
        refused(Missing, "MATERIAL_NOT_FOUND", withdraw_file, counter, who, version, "x")
    refused(Forbidden, "MATERIAL_FORBIDDEN", bring_material, counter, SUPERVISOR, line, io.BytesIO(b"x"), name="a.jpg")
    refused(Missing, "MATERIAL_NOT_FOUND", open_file, counter, CLERK, uuid4())


def test_an_applicant_hands_in_for_the_own_case_but_scans_and_compares_nothing(counter: Office):
    case = begin(counter, actor=APPLICANT)
    bring(counter, case, SAFETY, actor=APPLICANT)
    refused(
        Forbidden,
        "ORIGIN_FORBIDDEN",
        bring,
        counter,
        case,
        SAFETY,
        picture(dpi=600),
        actor=APPLICANT,
        origin=Origin.SCAN,
    )
    refused(Invalid, "ORIGIN_UNKNOWN", bring, counter, case, SAFETY, actor=CLERK, origin=Origin.EARLIER)
    line = lines_of(counter, case)[SAFETY].row.id
    refused(Forbidden, "MATERIAL_WINDOW_ONLY", mark_seen, counter, APPLICANT, line)
    refused(Forbidden, "MATERIAL_EXAMINER_ONLY", mark_examined, counter, APPLICANT, line)


def test_an_ended_case_takes_nothing_more(counter: Office):
    case = begin(counter)
    line = lines_of(counter, case)[SAFETY].row.id
    version = bring(counter, case, SAFETY)
    terminate_case(counter, KEEPER, case, "撤回")
    refused(Conflict, "CASE_ENDED", bring, counter, case, SAFETY, picture(dpi=600))
    refused(Conflict, "CASE_ENDED", mark_seen, counter, CLERK, line)
    refused(Conflict, "CASE_ENDED", withdraw_file, counter, CLERK, version, "误传")
    refused(Conflict, "CASE_ENDED", put_piece, counter, CLERK, line, b"x")
    panel = material_panel(counter, CLERK, case)
    assert not (panel.open or panel.may_bring or panel.may_check)
    assert read(counter, version)[1]


def test_a_file_beyond_the_limits_is_refused(counter: Office, monkeypatch: pytest.MonkeyPatch):
    case = begin(counter)
    monkeypatch.setattr(receiving, "LARGEST_FILE", 1000)
    refused(TooLarge, "FILE_TOO_LARGE", bring, counter, case, SAFETY, bytes(1001))
    monkeypatch.setattr(receiving, "LARGEST_FILE", 10_000_000)
    bring(counter, case, SAFETY, bytes(4000))
    monkeypatch.setattr(receiving, "LARGEST_CASE", 5000)
    refused(Conflict, "CASE_FULL", bring, counter, case, REPORT, bytes(1001))
    monkeypatch.setattr(receiving, "LARGEST_CASE", 10_000_000)
    monkeypatch.setattr(receiving, "MOST_VERSIONS", 2)
    bring(counter, case, SAFETY, b"2")
    refused(Conflict, "MATERIAL_FULL", bring, counter, case, SAFETY, b"3")


def test_a_replacement_needs_its_reason_and_something_to_replace(counter: Office):
    case = begin(counter)
    first = bring(counter, case, SAFETY)
    refused(Invalid, "REASON_MISSING", bring, counter, case, SAFETY, b"x", replaces=first)
    second = bring(counter, case, SAFETY, b"new", replaces=first, reason="盖章不清")
    refused(Conflict, "MATERIAL_GONE", bring, counter, case, SAFETY, b"y", replaces=first, reason="再换")
    line = lines_of(counter, case)[SAFETY]
    assert [one.row.id for one in line.files] == [first, second] and [one.row.id for one in line.current] == [second]
    assert read(counter, first)[0].digest != line.current[0].row.digest  # the history stays


# -- what is looked at --------------------------------------------------------------------------------------------


@pytest.mark.whole
def test_a_real_picture_is_looked_at_kept_and_given_back(counter: Office):
    case = begin(counter)
    content = picture()
    refused(Invalid, "FILE_KIND", bring, counter, case, SAFETY, content, name="措施.exe")
    refused(Invalid, "FILE_NOT_WHAT_IT_SAYS", bring, counter, case, SAFETY, content, name="措施.pdf")
    refused(Invalid, "SCAN_DPI_LOW", bring, counter, case, SAFETY, picture(dpi=150), origin=Origin.SCAN)
    assert actions_of(counter, case).count("material:submitted") == 0
    version = bring(counter, case, SAFETY, content, name="../措施\u202egpj.JPG", origin=Origin.SCAN)
    row, kept = read(counter, version)
    assert kept == content and (row.name, row.dpi, row.pages) == ("措施gpj.jpg", 300, 1)
    assert thumbnail_of(counter, CLERK, version)[:2] == b"\xff\xd8"
    assert verify_blobs(counter).checked == 2


class Scanner:
    """A virus scanner in some mood."""

    def __init__(self, mood: str) -> None:
        self.mood = mood

    def scan(self, content) -> Scan:
        content.read()
        if self.mood == "away":
            raise ConnectorTrouble("UNREACHABLE", "clamd", retryable=True)
        return Scan(signature="Eicar-Test-Signature" if self.mood == "found" else "")


def with_scanner(office: Office, mood: str) -> Scanner:
    known = office.connectors
    office._connectors = replace(known, scanner=Scanner(mood)) if isinstance(known, Connectors) else None
    assert office.connectors.scanner is not None
    return office.connectors.scanner  # type: ignore[return-value]


def test_a_virus_is_refused_and_who_brought_it_is_kept(counter: Office):
    with_scanner(counter, "found")
    case = begin(counter)
    refused(Invalid, "MATERIAL_INFECTED", bring, counter, case, SAFETY)
    line = journal_of(counter, case)[-1]
    assert (line.action, line.actor) == ("material:refused", "wangfang")
    assert (line.detail or {})["signature"] == "Eicar-Test-Signature"
    assert lines_of(counter, case)[SAFETY].state is LineState.MISSING
    assert list(counter.blobs.listed()) == []


@pytest.mark.parametrize(("mood", "state"), [("clean", LineState.SUBMITTED), ("found", LineState.QUARANTINED)])
def test_while_the_scanner_is_away_nobody_opens_the_file(counter: Office, clock: Clock, mood: str, state: LineState):
    scanner = with_scanner(counter, "away")
    case = begin(counter)
    version = bring(counter, case, SAFETY)
    line = lines_of(counter, case)[SAFETY]
    assert line.state is LineState.QUARANTINED
    for act in (open_file, thumbnail_of):
        refused(Conflict, "MATERIAL_QUARANTINED", act, counter, CLERK, version)
    refused(Conflict, "MATERIAL_QUARANTINED", mark_seen, counter, CLERK, line.row.id)
    refused(Missing, "MATERIALS_NONE", pack_case, counter, CLERK, case)
    clock.advance(minutes=1)
    carry_due(counter)  # still away: put off
    assert lines_of(counter, case)[SAFETY].state is LineState.QUARANTINED
    scanner.mood = mood
    clock.advance(minutes=6)
    carry_due(counter)
    assert lines_of(counter, case)[SAFETY].state is state
    assert actions_of(counter, case)[-1] == "material:scanned"
    if mood == "clean":
        assert read(counter, version)[0].verdict == Verdict.CLEAN
    else:
        refused(Conflict, "MATERIAL_QUARANTINED", open_file, counter, CLERK, version)


def test_a_scanner_that_stays_away_is_told_to_an_administrator_in_the_end(counter: Office, clock: Clock):
    with_scanner(counter, "away")
    case = begin(counter)
    bring(counter, case, SAFETY)
    for _ in range(len(scanning.WAITS) + 2):
        clock.advance(hours=5)
        carry_due(counter)
    assert actions_of(counter, case)[-1] == "incident:opened"
    assert lines_of(counter, case)[SAFETY].state is LineState.QUARANTINED


# -- two at once -------------------------------------------------------------------------------------------------


def test_the_same_file_brought_by_eight_at_once_is_one_version(counter: Office):
    case = begin(counter)
    got: list[UUID] = []
    threads = [threading.Thread(target=lambda: got.append(bring(counter, case, SAFETY))) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(got) == 8 and len(set(got)) == 1
    assert actions_of(counter, case).count("material:submitted") == 1
    assert len(list(counter.blobs.listed())) == 2  # the file and its thumbnail


def test_two_who_replace_the_same_file_do_not_both_win(counter: Office):
    case = begin(counter)
    first = bring(counter, case, SAFETY)
    told: list[object] = []

    def replace_it(content: bytes) -> None:
        try:
            told.append(bring(counter, case, SAFETY, content, replaces=first, reason="换"))
        except Refusal as refusal:
            told.append(refusal.code)

    threads = [threading.Thread(target=replace_it, args=(b"%d" % number,)) for number in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(isinstance(one, str) for one in told) == [False, True] and "MATERIAL_GONE" in told
    assert len(lines_of(counter, case)[SAFETY].current) == 1


# -- what people say ----------------------------------------------------------------------------------------------


def test_who_has_compared_the_original_does_not_examine_it(counter: Office):
    case = begin(counter)
    both = replace(CLERK, roles=frozenset({"counter_clerk", "reviewer_a"}))
    bring(counter, case, SAFETY)
    line = lines_of(counter, case)[SAFETY].row.id
    refused(Conflict, "MATERIAL_NOTHING", mark_seen, counter, both, lines_of(counter, case)[REPORT].row.id)
    mark_seen(counter, both, line, paper="COPY", copies=2)
    complete_task(counter, CLERK, open_tasks(counter, case)["Accept"].id)
    refused(Forbidden, "DUTIES_SEPARATED", mark_examined, counter, both, line)
    refused(Forbidden, "MATERIAL_EXAMINER_ONLY", mark_examined, counter, CLERK, line)
    mark_examined(counter, REVIEWER, line, remark="与规划一致")
    found = lines_of(counter, case)[SAFETY]
    assert found.state is LineState.EXAMINED and (found.form, found.row.copies) == ("复印件", 2)
    assert actions_of(counter, case)[-1] == "material:examined"


@pytest.mark.parametrize(("paper", "copies", "code"), [("FAX", 1, "PAPER_UNKNOWN"), ("COPY", 0, "COPIES_UNKNOWN"), ("", 2, "COPIES_UNKNOWN"), ("COPY", 100, "COPIES_UNKNOWN")])  # fmt: skip
def test_paper_is_an_original_or_a_copy_in_some_copies(counter: Office, paper: str, copies: int, code: str):
    case = begin(counter)
    line = lines_of(counter, case)[SAFETY].row.id
    refused(Invalid, code, mark_seen, counter, CLERK, line, paper=paper, copies=copies)


def test_a_new_file_takes_the_marks_away(counter: Office):
    case = begin(counter)
    first = bring(counter, case, SAFETY)
    line = lines_of(counter, case)[SAFETY].row.id
    mark_seen(counter, CLERK, line)
    assert lines_of(counter, case)[SAFETY].state is LineState.SEEN
    bring(counter, case, SAFETY, b"another page")
    assert lines_of(counter, case)[SAFETY].state is LineState.SUBMITTED
    mark_seen(counter, CLERK, line)
    withdraw_file(counter, CLERK, first, "误传")
    found = lines_of(counter, case)[SAFETY]
    assert found.state is LineState.SUBMITTED and len(found.current) == 1 and len(found.files) == 2
    refused(Conflict, "MATERIAL_GONE", withdraw_file, counter, CLERK, first, "再撤")


def test_what_was_examined_only_its_department_takes_off(counter: Office):
    case = begin(counter)
    version = bring(counter, case, SAFETY)
    complete_task(counter, CLERK, open_tasks(counter, case)["Accept"].id)
    mark_examined(counter, REVIEWER, lines_of(counter, case)[SAFETY].row.id)
    refused(Forbidden, "MATERIAL_NOT_YOURS", withdraw_file, counter, CLERK, version, "误传")
    refused(Invalid, "REASON_MISSING", withdraw_file, counter, REVIEWER, version, " ")
    withdraw_file(counter, REVIEWER, version, "材料有误")
    assert lines_of(counter, case)[SAFETY].state is LineState.MISSING


# -- 免二次录入 -----------------------------------------------------------------------------------------------------


def first_case(office: Office, valid_to: date | None = date(2026, 12, 31)) -> UUID:
    """A case whose licence was compared with the original."""
    case = begin(office)
    ask(office, case)
    bring(office, case, LICENCE, b"licence")
    mark_seen(office, CLERK, lines_of(office, case)[LICENCE].row.id, valid_to=valid_to, issuer="市场监督管理局")
    return case


def test_an_expired_document_is_neither_attached_nor_offered(counter: Office, clock: Clock):
    clock.set("2026-03-02T10:00")
    first_case(counter, valid_to=date(2026, 4, 1))
    clock.set("2026-04-02T09:00")
    later = begin(counter)
    line = lines_of(counter, later)[LICENCE]
    assert line.state is LineState.WAITING
    assert offers_for(counter, CLERK, line.row.id) == ()


def test_another_applicant_is_given_nothing_of_it(counter: Office):
    first_case(counter)
    other = begin(counter, code="91990100MA5K2X7Q4M")
    line = lines_of(counter, other)[LICENCE]
    assert line.state is LineState.WAITING and offers_for(counter, CLERK, line.row.id) == ()
    nobody = begin(counter, code=None)
    line = lines_of(counter, nobody)[LICENCE]
    assert line.row.subject is None and offers_for(counter, CLERK, line.row.id) == ()


def test_a_licence_shown_once_is_attached_to_the_next_case_by_itself(counter: Office, clock: Clock):
    clock.set("2026-03-02T10:00")
    first = first_case(counter)
    clock.set("2026-05-10T10:00")
    later = begin(counter)
    line = lines_of(counter, later)[LICENCE]
    assert line.state is LineState.SHARED and line.form == "共享获取"
    (file,) = line.current
    assert (file.row.origin, file.row.origin_case, file.row.issuer) == ("SHARED", first, "市场监督管理局")
    assert file.row.uploaded_by is None and actions_of(counter, later)[-1] == "material:attached"
    assert lines_of(counter, later)[SAFETY].state is LineState.MISSING  # of the project, not of the applicant


def test_what_was_never_compared_with_an_original_is_offered_not_attached(counter: Office):
    first = begin(counter)
    bring(counter, first, REPORT, b"report")
    later = begin(counter)
    line = lines_of(counter, later)[REPORT]
    assert line.state is LineState.MISSING
    (offer,) = offers_for(counter, CLERK, line.row.id)
    assert not offer.shared
    version = reuse_material(counter, CLERK, line.row.id, offer.id)
    assert reuse_material(counter, CLERK, line.row.id, offer.id) == version  # twice is once
    (file,) = lines_of(counter, later)[REPORT].current
    assert (file.row.origin, file.row.origin_case) == ("EARLIER", first)
    refused(Conflict, "OFFER_GONE", reuse_material, counter, CLERK, line.row.id, uuid4())


def test_of_cases_they_may_not_read_people_are_offered_nothing(counter: Office):
    first = begin(counter)
    bring(counter, first, REPORT, b"report")
    own = begin(counter, actor=APPLICANT)
    line = lines_of(counter, own)[REPORT].row.id
    assert offers_for(counter, APPLICANT, line) == ()
    (offer,) = offers_for(counter, CLERK, line)
    refused(Conflict, "OFFER_GONE", reuse_material, counter, APPLICANT, line, offer.id)


def test_what_was_replaced_or_withdrawn_is_not_offered(counter: Office):
    first = begin(counter)
    wrong = bring(counter, first, REPORT, b"wrong")
    bring(counter, first, REPORT, b"right", replaces=wrong, reason="传错")
    withdrawn = bring(counter, first, REPORT, b"also wrong")
    withdraw_file(counter, CLERK, withdrawn, "传错")
    later = begin(counter)
    offers = offers_for(counter, CLERK, lines_of(counter, later)[REPORT].row.id)
    assert len(offers) == 1 and offers[0].id not in (wrong, withdrawn)


def test_there_is_one_current_document_of_a_kind_and_the_newer_takes_its_place(counter: Office):
    first_case(counter)
    case = begin(counter)
    assert lines_of(counter, case)[LICENCE].state is LineState.SHARED
    bring(counter, case, LICENCE, b"renewed", origin=Origin.SHARED)
    old = lines_of(counter, case)[LICENCE].files[0].row.id
    withdraw_file(counter, CLERK, old, "已换新证")
    mark_seen(counter, CLERK, lines_of(counter, case)[LICENCE].row.id, valid_to=date(2030, 1, 1))
    third = begin(counter)
    (file,) = lines_of(counter, third)[LICENCE].current
    assert counter.blobs.read(file.row.digest) == b"renewed" and file.row.valid_to == date(2030, 1, 1)


def test_a_certificate_the_house_has_issued_is_attached_to_the_next_item(counter: Office):
    deploy_bpmn(counter, definitions(ITEM).decode(), forms={"list.form": form("建设工程规划许可证(共)")}, name="again")
    digest = counter.blobs.put(b"%PDF-1.7 a certificate")
    with counter.transaction() as records:
        share_document(
            records, Shareable(code=CODE, name="建设工程规划许可证", digest=digest, size=22, issuer="自然资源局")
        )
    line = lines_of(counter, begin(counter))["建设工程规划许可证"]
    assert line.state is LineState.SHARED and line.current[0].row.media_type == "application/pdf"


def test_a_certificate_of_one_item_is_handed_on_to_the_items_that_wait_for_it(any_office: Office):
    open_counter(any_office, "建设工程规划许可证(共)", more=CHAIN)
    case = begin(any_office, key="chain")
    digest = any_office.blobs.put(b"%PDF-1.7 a certificate")
    with any_office.transaction() as records:
        scope = records.materials.lines(case)[0].scope_id
        hand_on(records, case_id=case, scope=scope, name="建设工程规划许可证", digest=digest, size=22)
    with any_office.reading() as records:
        assert [one.state for one in materials_of(records, case)] == [LineState.SHARED] * 2
    assert lines_of(any_office, begin(any_office))["建设工程规划许可证"].state is LineState.SHARED
    assert actions_of(any_office, case).count("material:attached") == 2


def test_verified_in_the_register_without_a_file_counts_as_shared(counter: Office):
    case = begin(counter)
    line = lines_of(counter, case)[LICENCE].row.id
    note_shared(counter, CLERK, line, "国家企业信用信息公示系统 2026-03-19 10:02")
    found = lines_of(counter, case)[LICENCE]
    assert found.state is LineState.SHARED and not found.current
    assert actions_of(counter, case)[-1] == "material:shared"


def test_one_set_of_materials_serves_every_item_of_a_chain(any_office: Office):
    open_counter(any_office, more=CHAIN)
    case = begin(any_office, key="chain")
    with any_office.reading() as records:
        lines = records.materials.lines(case)
    assert len(lines) == 8 and len({line.scope_id for line in lines}) == 2
    one = next(line for line in lines if line.name == SAFETY)
    bring_material(any_office, CLERK, one.id, io.BytesIO(b"measures"), name="a.jpg")
    with any_office.reading() as records:
        versions = records.materials.versions(case)
    assert sorted(row.origin for row in versions) == ["SIBLING", "UPLOAD"]
    form_line = next(line for line in lines if line.name == FORM)
    bring_material(any_office, CLERK, form_line.id, io.BytesIO(b"form"), name="b.jpg")
    with any_office.reading() as records:
        assert len(records.materials.versions(case)) == 3  # every item has a form of its own


def test_the_form_filled_in_here_is_not_asked_for_on_paper(counter: Office):
    case = begin(counter)
    panel = material_panel(counter, CLERK, case)
    assert {line.row.name for line in panel.lines if line.filled_in} == {FORM}
    wanting = [line for line in panel.lines if line.state is LineState.MISSING and not line.filled_in]
    assert panel.missing == len(wanting) > 0


def test_the_tables_name_no_applicant(counter: Office):
    case = begin(counter)
    subject = lines_of(counter, case)[SAFETY].row.subject
    assert subject == subject_key(CODE.lower()) and CODE not in (subject or "")


def test_laying_out_a_checklist_twice_is_laying_it_out_once(counter: Office):
    case = begin(counter)
    before = actions_of(counter, case)
    attend_due(counter)
    assert len(lines_of(counter, case)) == 4 and actions_of(counter, case) == before


# -- pieces and packages ------------------------------------------------------------------------------------------


def test_a_piece_of_somebody_else_is_not_put_together(counter: Office):
    case = begin(counter)
    line, other = (lines_of(counter, case)[name].row.id for name in (SAFETY, REPORT))
    piece = put_piece(counter, CLERK, line, b"secret")
    digest = piece.slip.partition(".")[0]
    for actor, material, slip in (
        (ENGINE, line, piece.slip),
        (CLERK, other, piece.slip),
        (CLERK, line, digest),
        (CLERK, line, f"{digest}.{'0' * 64}"),
        (CLERK, line, "é.é"),
    ):
        refused(Invalid, "PIECES_INVALID", put_together, counter, actor, material, [slip], name="a.jpg")
    refused(Invalid, "PIECE_SIZE", put_piece, counter, CLERK, line, b"")
    refused(TooLarge, "FILE_TOO_LARGE", put_together, counter, CLERK, line, [piece.slip] * 51, name="a.jpg")


def test_pieces_are_put_together_in_their_order(counter: Office):
    case = begin(counter)
    line = lines_of(counter, case)[SAFETY].row.id
    slips = [put_piece(counter, CLERK, line, bytes([number]) * 1_500_000).slip for number in (1, 2, 3)]
    stream = put_together(counter, CLERK, line, slips, name="a.jpg")
    version = bring_material(counter, CLERK, line, stream, name="a.jpg")
    row, content = read(counter, version)
    assert row.size == 4_500_000 and content == b"".join(bytes([n]) * 1_500_000 for n in (1, 2, 3))


def test_the_package_holds_every_file_that_counts_and_a_list_of_them(counter: Office):
    case = begin(counter)
    wrong = bring(counter, case, SAFETY, b"wrong", name="=cmd.jpg")
    bring(counter, case, SAFETY, b"right", name="=cmd.jpg", replaces=wrong, reason="传错")
    bring(counter, case, REPORT, b"report", name="报告.jpg")
    name, package = pack_case(counter, CLERK, case)
    with package, zipfile.ZipFile(package) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == [
            "03 质量安全措施/02 =cmd.jpg", "04 检测报告/01 报告.jpg", "manifest.json", "目录.csv",
        ]  # fmt: skip
        assert archive.read("03 质量安全措施/02 =cmd.jpg") == b"right"
        assert "'=cmd.jpg" in archive.read("目录.csv").decode("utf-8-sig")
    assert name.endswith("材料.zip")
    with counter.reading() as records:
        (taken,) = [line for line in records.ledger.lines() if line.action == "materials:taken"]
    assert (taken.actor, taken.subject) == ("wangfang", str(case))


def test_every_file_of_a_case_is_in_use_for_the_store(counter: Office):
    case = begin(counter)
    bring(counter, case, SAFETY)
    report = verify_blobs(counter)
    assert (report.checked, report.missing, report.damaged) == (2, (), ())
