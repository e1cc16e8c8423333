"""内部备注: for the house only, with colleagues named, changed for ten minutes, never gone without a trace."""

from __future__ import annotations

import io
from uuid import UUID

import pytest

from service.casework import Office, attend_due, case_journal, start_case, sweep_blobs, terminate_case
from service.casework.actors import Actor
from service.casework.messages.reading import message_box
from service.casework.notes.queries import answer_query, ask_applicant, open_queries, withdraw_query
from service.casework.notes.reading import note_panel, open_note_file
from service.casework.notes.writing import delete_note, edit_note, write_note
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Refusal
from tests.casework.desk import CLERK, FOUR_STAGES, KEEPER, REVIEWER, SECOND, STRANGER, SUPERVISOR, deploy_text, hire
from tests.conftest import Clock
from tests.received.made import picture

APPLICANT = Actor(username="lizhao", name="李昭", roles=frozenset({"applicant"}))


@pytest.fixture
def desk(any_office: Office) -> Office:
    """The cast, and a procedure of four stages."""
    hire(any_office)
    hire(any_office, [APPLICANT])
    deploy_text(any_office, FOUR_STAGES, key="p")
    return any_office


@pytest.fixture
def case(desk: Office) -> UUID:
    return start_case(desk, CLERK, key="p").id


def refused(act, *given, **named) -> str:
    with pytest.raises(Refusal) as caught:
        act(*given, **named)
    return caught.value.code


def test_who_may_not_read_the_case_neither_reads_nor_writes_its_notes(desk: Office, case: UUID) -> None:
    assert refused(write_note, desk, STRANGER, case, "看看") == "CASE_NOT_FOUND"
    assert refused(note_panel, desk, STRANGER, case) == "CASE_NOT_FOUND"


def test_an_applicant_is_not_told_that_there_are_notes(desk: Office) -> None:
    own = start_case(desk, APPLICANT, key="p").id
    write_note(desk, SUPERVISOR, own, "请留意。")
    assert note_panel(desk, APPLICANT, own) is None
    assert refused(write_note, desk, APPLICANT, own, "我的备注") == "NOTES_FORBIDDEN"
    lines = case_journal(desk, SUPERVISOR, own)
    assert lines[-1].action == "note:written" and "请留意" not in str(lines[-1].detail)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("  ", "NOTE_EMPTY"),
        ("长" * 2001, "NOTE_TOO_LONG"),
        ("@无名氏 请看", "MENTION_UNKNOWN"),
        ("@路人 请看", "MENTION_UNKNOWN"),
    ],
)
def test_what_cannot_be_said_or_told_is_refused_beside_the_text(desk: Office, case: UUID, text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        write_note(desk, CLERK, case, text)
    assert caught.value.code == code and [one.field for one in caught.value.fields] == ["text"]


def test_whoever_is_named_and_may_read_the_case_is_told_once(desk: Office, case: UUID) -> None:
    write_note(desk, CLERK, case, "@张伟请看附图，@zhangwei @王芳")
    while attend_due(desk):
        pass
    (told,) = message_box(desk, REVIEWER, kind="N").items
    assert told.code == "N01" and "王芳在" in told.text and told.case_id == case
    assert not message_box(desk, CLERK, kind="N").items


def test_the_same_words_out_of_the_same_form_stand_once(desk: Office, case: UUID) -> None:
    first = write_note(desk, CLERK, case, "@张伟 请看", key="k1")
    assert write_note(desk, CLERK, case, "@张伟 请看 ", key="k1") == first
    others = {
        write_note(desk, CLERK, case, "另一条", key="k1"),
        write_note(desk, SUPERVISOR, case, "@张伟 请看", key="k1"),
        write_note(desk, CLERK, case, "@张伟 请看", key="k2"),
        write_note(desk, CLERK, case, "@张伟 请看"),
    }
    assert len(others | {first}) == 5
    assert [line.action for line in case_journal(desk, SUPERVISOR, case)].count("note:written") == 5
    query = ask_applicant(desk, SECOND, case, "面积是多少？", key="k1")
    assert ask_applicant(desk, SECOND, case, "面积是多少？", key="k1") == query
    assert ask_applicant(desk, SECOND, case, "面积是多少？", key="k2") != query


def test_a_note_is_changed_by_its_author_within_ten_minutes_and_keeps_what_it_said(
    desk: Office, case: UUID, clock: Clock
) -> None:
    note = write_note(desk, CLERK, case, "第一稿")
    assert refused(edit_note, desk, SUPERVISOR, note, "改") == "NOTE_NOT_YOURS"
    clock.advance(minutes=10)
    edit_note(desk, CLERK, note, "第二稿")
    with desk.reading() as records:
        row = records.notes.find(note)
    assert row is not None and row.text == "第二稿" and [one["text"] for one in row.earlier] == ["第一稿"]
    clock.advance(seconds=1)
    assert refused(edit_note, desk, CLERK, note, "第三稿") == "NOTE_OLD"


def test_a_deleted_note_leaves_who_wrote_it_and_when_it_went(desk: Office, case: UUID) -> None:
    note = write_note(desk, CLERK, case, "写错了", [("图.jpg", io.BytesIO(picture()))])
    (before,) = note_panel(desk, SUPERVISOR, case).notes  # type: ignore[union-attr]
    delete_note(desk, CLERK, note)
    (view,) = note_panel(desk, SUPERVISOR, case).notes  # type: ignore[union-attr]
    assert (view.text, view.files, view.author) == ("", (), "wangfang") and view.deleted_at is not None
    assert refused(open_note_file, desk, SUPERVISOR, before.files[0].id) == "FILE_NOT_FOUND"
    assert refused(delete_note, desk, CLERK, note) == "NOTE_GONE"
    actions = [line.action for line in case_journal(desk, SUPERVISOR, case)]
    assert actions[-2:] == ["note:written", "note:deleted"]


def test_a_file_of_a_note_is_examined_kept_and_given_to_who_may_read(desk: Office, case: UUID) -> None:
    with pytest.raises(Invalid):
        write_note(desk, CLERK, case, "附件", [("坏.pdf", io.BytesIO(b"MZ"))])
    write_note(desk, CLERK, case, "现场照片", [("现场.jpg", io.BytesIO(picture()))])
    (view,) = note_panel(desk, REVIEWER, case).notes  # type: ignore[union-attr]
    row, stream = open_note_file(desk, REVIEWER, view.files[0].id)
    with stream:
        assert (row.name, stream.read()) == ("现场.jpg", picture())
    assert refused(open_note_file, desk, STRANGER, row.id) == "FILE_NOT_FOUND"
    sweep_blobs(desk)
    open_note_file(desk, REVIEWER, row.id)[1].close()
    many = [(f"{number}.jpg", io.BytesIO(picture())) for number in range(6)]
    assert refused(write_note, desk, CLERK, case, "太多", many) == "FILES_TOO_MANY"


def test_a_case_that_has_ended_takes_no_notes(desk: Office, case: UUID) -> None:
    write_note(desk, CLERK, case, "之前")
    terminate_case(desk, KEEPER, case, "测试")
    assert refused(write_note, desk, CLERK, case, "之后") == "CASE_ENDED"
    assert note_panel(desk, CLERK, case).may_write is False  # type: ignore[union-attr]


def test_a_query_goes_through_the_window_and_its_answer_comes_back(desk: Office, case: UUID) -> None:
    with pytest.raises(Forbidden) as caught:
        ask_applicant(desk, CLERK, case, "谁签的字？")
    assert caught.value.code == "QUERY_FORBIDDEN"
    query = ask_applicant(desk, SECOND, case, "施工单位是否更换？")
    while attend_due(desk):
        pass
    assert [one.code for one in message_box(desk, CLERK, kind="N").items] == ["N02"]
    assert refused(answer_query, desk, SECOND, query, "是") == "QUERY_WINDOW_ONLY"
    assert refused(open_queries, desk, SECOND) == "QUERY_WINDOW_ONLY"
    assert [one.row.question for one in open_queries(desk, CLERK).items] == ["施工单位是否更换？"]
    answer_query(desk, CLERK, query, "申请人答复：没有更换。")
    while attend_due(desk):
        pass
    assert [one.code for one in message_box(desk, SECOND, kind="N").items] == ["N03"]
    (view,) = note_panel(desk, SECOND, case).queries  # type: ignore[union-attr]
    assert view.row.answer == "申请人答复：没有更换。" and view.row.closed_by == "wangfang"
    with pytest.raises(Conflict) as late:
        withdraw_query(desk, SECOND, query)
    assert late.value.params["who"] == "王芳"
    assert [line.action for line in case_journal(desk, CLERK, case)][-2:] == ["query:asked", "query:answered"]


def test_a_query_is_taken_back_by_who_asked_only(desk: Office, case: UUID) -> None:
    query = ask_applicant(desk, SECOND, case, "面积是多少？")
    assert refused(withdraw_query, desk, REVIEWER, query) == "QUERY_NOT_YOURS"
    withdraw_query(desk, SECOND, query)
    assert open_queries(desk, CLERK).total == 0 and open_queries(desk, CLERK, view="closed").total == 1


def test_a_stranger_finds_no_query(desk: Office, case: UUID) -> None:
    query = ask_applicant(desk, SECOND, case, "面积是多少？")
    with pytest.raises(Missing):
        answer_query(desk, STRANGER, query, "不知道")
