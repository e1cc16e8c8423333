"""备注 and 内部查询 on the case page: written there, changed on a page of their own when something is wrong; the window's list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer
from werkzeug.wsgi import wrap_file

from service.casework.notes.queries import answer_query, ask_applicant, open_queries, withdraw_query
from service.casework.notes.reading import open_note_file
from service.casework.notes.writing import LONGEST, delete_note, edit_note, write_note
from service.rules.refusals import Invalid, Missing, Refusal
from service.web.downloads import disposition
from service.web.pages import columns, listing
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.pages.wording import say
from service.web.statuses import status_of

INERT = "default-src 'none'; sandbox; frame-ancestors 'none'"
Result = Answer | str | tuple[str, int]


def _key() -> str:
    return request.form.get("key", "")[:40]


def register(pages: Blueprint, office: Any) -> None:
    """Adds the acts, the page that keeps what was typed, files of notes, and the window's list of queries.

    `form_key()` for templates: what tells a form that is sent twice from one that is filled in again.
    """

    @pages.app_template_global("form_key")
    def form_key() -> str:
        return uuid4().hex

    @pages.post("/cases/<uuid:case_id>/notes", endpoint="write_note")
    def write(case_id: UUID) -> Result:
        sent: list[tuple[str, Any]] = [
            (one.filename, one.stream) for one in request.files.getlist("file") if one.filename
        ]
        text = request.form.get("text", "")
        return _done(
            case_id,
            lambda: write_note(office, acting(), case_id, text, sent, key=_key()),
            gettext("备注已保存。"),
            what="note",
            text=text,
        )

    @pages.post("/cases/<uuid:case_id>/notes/<uuid:note_id>/edit", endpoint="edit_note")
    def edit(case_id: UUID, note_id: UUID) -> Result:
        text = request.form.get("text", "")
        return _done(
            case_id, lambda: edit_note(office, acting(), note_id, text), gettext("备注已修改。"), what="note", text=text
        )

    @pages.post("/cases/<uuid:case_id>/notes/<uuid:note_id>/delete", endpoint="delete_note")
    def delete(case_id: UUID, note_id: UUID) -> Result:
        return _done(case_id, lambda: delete_note(office, acting(), note_id), gettext("备注已删除。"))

    @pages.get("/notes/files/<uuid:file_id>", endpoint="note_file")
    def content(file_id: UUID) -> Response:
        row, stream = open_note_file(office, acting(), file_id)
        response = Response(wrap_file(request.environ, stream), mimetype=row.media_type, direct_passthrough=True)
        response.call_on_close(stream.close)
        response.headers["Content-Disposition"] = disposition("attachment", row.name)
        response.headers["Content-Security-Policy"] = INERT
        response.headers["Cache-Control"] = "no-store"
        response.content_length = row.size
        return response

    @pages.post("/cases/<uuid:case_id>/queries", endpoint="ask_applicant")
    def ask(case_id: UUID) -> Result:
        text = request.form.get("question", "")
        return _done(
            case_id,
            lambda: ask_applicant(office, acting(), case_id, text, key=_key()),
            gettext("内部查询已转综合窗口。"),
            what="question",
            text=text,
        )

    @pages.post("/cases/<uuid:case_id>/queries/<uuid:query_id>/answer", endpoint="answer_query")
    def reply(case_id: UUID, query_id: UUID) -> Result:
        text = request.form.get("answer", "")
        return _done(
            case_id,
            lambda: answer_query(office, acting(), query_id, text),
            gettext("答复已转提出查询的部门。"),
            what="answer",
            text=text,
        )

    @pages.post("/cases/<uuid:case_id>/queries/<uuid:query_id>/withdraw", endpoint="withdraw_query")
    def withdraw(case_id: UUID, query_id: UUID) -> Result:
        return _done(case_id, lambda: withdraw_query(office, acting(), query_id), gettext("内部查询已撤回。"))

    def view_wanted() -> str:
        return "closed" if request.args.get("view") == "closed" else "open"

    asked = listing.declare(
        pages,
        listing.Listed(
            name="queries",
            words=lazy_gettext("内部查询"),
            load=lambda number: open_queries(office, acting(), view=view_wanted(), page=number),
            columns=columns.QUERIES,
        ),
    )

    @pages.get("/queries", endpoint="queries")
    def listed() -> str:
        view, found = view_wanted(), listing.shown(asked)
        address = Address("pages.queries", view="closed" if view == "closed" else None)
        return render_template("queries.html", found=found, view=view, address=address)

    def _done(case_id: UUID, do: Callable[[], Any], words: str, *, what: str = "", text: str = "") -> Result:
        """Do it and go back to the notes; what was refused is shown again with what was typed."""
        try:
            do()
        except Missing:
            raise
        except Refusal as refusal:
            if not what:
                flash(say(refusal), "bad")
                return redirect(url_for("pages.case", case_id=case_id, _anchor="notes"))
            status = 422 if isinstance(refusal, Invalid) else status_of(refusal)
            page = render_template(
                "note.html", case_id=case_id, what=what, text=text, refusal=refusal, again=request.path, longest=LONGEST
            )
            return page, status
        flash(words, "good")
        local = request.form.get("next") == "queries"
        return redirect(url_for("pages.queries") if local else url_for("pages.case", case_id=case_id, _anchor="notes"))
