"""导入: diagrams of Camunda 7 and Flowable, what is taken over and what is left, then a draft with its report."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from service.casework import studio
from service.casework.studio.importing import begin_import, import_report, note_data, preview_import
from service.rules.refusals import Invalid
from service.web.pages.sent_files import carried, kept_files, sent_files
from service.web.pages.sign_in import acting

VERDICTS = {"open": _("需要处理"), "kept": _("保留，不起作用"), "translated": _("已翻译"), "mapped": _("已转换")}
MARKS = {"open": "over", "kept": "queue", "translated": "done", "mapped": "done"}
Result = Response | str | tuple[str, int]


def register(pages: Blueprint, office: Any) -> None:
    """Adds the page that takes files, its preview, and the report of a draft that was imported."""

    @pages.get("/studio/import", endpoint="studio_import")
    def ask() -> str:
        return _asked(None)

    @pages.post("/studio/import", endpoint="preview_import")
    def show() -> Result:
        try:
            resources = sent_files()
            lines = preview_import(office, acting(), resources)
        except Invalid as refusal:
            return _asked(refusal), 422
        return render_template(
            "studio/import_preview.html",
            lines=lines,
            notes={one.imported.file: [note_data(note) for note in one.imported.notes] for one in lines},
            kept=carried(resources),
            **_words(),
        )

    @pages.post("/studio/import/begin", endpoint="begin_import")
    def begin() -> Result:
        try:
            made = begin_import(office, acting(), kept_files(), request.form.get("file", ""))
        except Invalid as refusal:
            return _asked(refusal), 422
        return redirect(url_for("pages.import_report", draft_id=made))

    @pages.get("/studio/drafts/<uuid:draft_id>/import", endpoint="import_report")
    def report(draft_id: UUID) -> str:
        found = import_report(office, acting(), draft_id)
        return render_template("studio/import_report.html", report=found, row=found.row, **_words())

    def _asked(refusal: Invalid | None) -> str:
        studio.draft_count(office, acting())  # for designers only
        return render_template("studio/import.html", refusal=refusal)


def _words() -> dict[str, Any]:
    english = 0 if str(get_locale()).startswith("zh") else 1

    def why(note: dict[str, Any]) -> str:
        """Why something was left and what to do, in the reader's language."""
        reason, remedy = note["reason"], note["remedy"]
        problem = note["problem"][english] if note["problem"] else ""
        return " ".join(part for part in (reason and gettext(reason), problem, remedy and gettext(remedy)) if part)

    return {"verdicts": VERDICTS, "marks": MARKS, "why": why}
