"""内部备注 and 内部查询 of a case for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from service.casework.notes.queries import QueryView, answer_query, ask_applicant, withdraw_query
from service.casework.notes.reading import NotePanel, NoteView, note_panel
from service.casework.notes.writing import delete_note, edit_note, write_note
from service.rules.refusals import Forbidden, Missing
from service.web.api.door import answer, case_id, door, identify, this_office, who
from service.web.api.paging import only_parameters
from service.web.bodies import read_body
from service.web.instants import iso_instant

LONGEST_NOTE, LONGEST_QUERY = 2000, 500


@door.get("/cases/<text>/notes")
def list_notes(text: str) -> Response:
    """The notes of a case, the latest first."""
    only_parameters()
    return answer({"items": [_note(one) for one in _panel(case_id(text)).notes]})


@door.post("/cases/<text>/notes")
def add_note(text: str) -> Response:
    """Write one; whoever it names with @ is told."""
    body = read_body()
    body.only("text")
    found = case_id(text)
    made = write_note(this_office(), who(), found, body.needed_text("text", longest=LONGEST_NOTE))
    return answer(_note(_one(found, made)), 201, f"/api/v1/cases/{found}/notes/{made}")


@door.put("/cases/<text>/notes/<note>")
def change_note(text: str, note: str) -> Response:
    """Change one's own within ten minutes."""
    body = read_body()
    body.only("text")
    found, note_id = case_id(text), _note_id(note)
    _one(found, note_id)
    edit_note(this_office(), who(), note_id, body.needed_text("text", longest=LONGEST_NOTE))
    return answer(_note(_one(found, note_id)))


@door.delete("/cases/<text>/notes/<note>")
def remove_note(text: str, note: str) -> Response:
    """Take one's own away; that it was there stays."""
    found, note_id = case_id(text), _note_id(note)
    _one(found, note_id)
    delete_note(this_office(), who(), note_id)
    return answer(_note(_one(found, note_id)))


@door.get("/cases/<text>/queries")
def list_queries(text: str) -> Response:
    """The internal queries of a case, the latest first."""
    only_parameters()
    return answer({"items": [_query(one) for one in _panel(case_id(text)).queries]})


@door.post("/cases/<text>/queries")
def add_query(text: str) -> Response:
    """Ask the applicant through the window."""
    body = read_body()
    body.only("question")
    found = case_id(text)
    made = ask_applicant(this_office(), who(), found, body.needed_text("question", longest=LONGEST_QUERY))
    return answer(_query(_asked(found, made)), 201, f"/api/v1/cases/{found}/queries/{made}")


@door.post("/cases/<text>/queries/<query>/answer")
def reply_to_query(text: str, query: str) -> Response:
    """By the window: what the applicant said."""
    body = read_body()
    body.only("answer")
    found, query_id = case_id(text), _query_id(query)
    _asked(found, query_id)
    answer_query(this_office(), who(), query_id, body.needed_text("answer", longest=LONGEST_QUERY))
    return answer(_query(_asked(found, query_id)))


@door.post("/cases/<text>/queries/<query>/withdraw")
def take_query_back(text: str, query: str) -> Response:
    """By who asked, while nobody has answered."""
    found, query_id = case_id(text), _query_id(query)
    read_body().only()
    _asked(found, query_id)
    withdraw_query(this_office(), who(), query_id)
    return answer(_query(_asked(found, query_id)))


def _panel(found: UUID) -> NotePanel:
    panel = note_panel(this_office(), who(), found)
    if panel is None:
        raise Forbidden("NOTES_FORBIDDEN", "备注和内部查询只供工作人员使用。")
    return panel


def _one(found: UUID, note_id: UUID) -> NoteView:
    for one in _panel(found).notes:
        if one.id == note_id:
            return one
    raise Missing("NOTE_NOT_FOUND", "没有这条备注，或者您无权查看。")


def _asked(found: UUID, query_id: UUID) -> QueryView:
    for one in _panel(found).queries:
        if one.row.id == query_id:
            return one
    raise Missing("QUERY_NOT_FOUND", "没有这条内部查询，或者您无权查看。")


def _note_id(text: str) -> UUID:
    return identify(text, "NOTE_NOT_FOUND", "没有编号为 {id} 的备注。")


def _query_id(text: str) -> UUID:
    return identify(text, "QUERY_NOT_FOUND", "没有编号为 {id} 的内部查询。")


def _note(one: NoteView) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "author": one.author,
        "writtenAt": iso_instant(one.written_at),
        "text": one.text,
        "mentions": list(one.mentions),
        "editedAt": iso_instant(one.edited_at),
        "deletedAt": iso_instant(one.deleted_at),
        "files": [{"id": str(file.id), "name": file.name, "size": file.size} for file in one.files],
        "mayEdit": one.may_edit,
    }


def _query(one: QueryView) -> dict[str, Any]:
    row = one.row
    return {
        "id": str(row.id),
        "askedBy": row.asked_by,
        "department": row.department,
        "askedAt": iso_instant(row.asked_at),
        "question": row.question,
        "state": row.state,
        "closedBy": row.closed_by,
        "closedAt": iso_instant(row.closed_at),
        "answer": row.answer,
    }
