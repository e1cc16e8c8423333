"""What two versions of a process differ in, in words and on two diagrams side by side; an earlier one put back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from service.casework import studio
from service.casework.workbench import process_page
from service.rules.refusals import Conflict, Invalid
from service.web.pages import studio_words as words
from service.web.pages.sign_in import acting
from service.web.pages.studio_table_words import table_words
from service.web.pages.wording import say


def register(pages: Blueprint, office: Any) -> None:
    """Adds the comparison of versions, of a draft with what is live, and putting a version back."""

    @pages.get("/processes/<key>/compare", endpoint="compare_versions")
    def versions(key: str) -> str:
        page = process_page(office, acting(), key)
        numbers = [one.version for one in page.versions]
        after = _number("to", numbers, numbers[0])
        earlier = [one for one in numbers if one < after]
        before = _number("from", numbers, earlier[0] if earlier else after)
        shown = studio.compare_versions(office, acting(), key, before, after)
        return _page(shown, versions=page.versions)

    @pages.get("/studio/drafts/<uuid:draft_id>/compare", endpoint="compare_process_draft")
    def draft(draft_id: UUID) -> str:
        return _page(studio.compare_draft(office, acting(), draft_id), versions=())

    @pages.get("/releases/<uuid:release_id>/processes/<key>", endpoint="compare_release")
    def release(release_id: UUID, key: str) -> str:
        return _page(studio.compare_release(office, acting(), release_id, key), versions=())

    @pages.get("/releases/<uuid:release_id>/processes/<key>.bpmn", endpoint="release_diagram")
    def handed_in(release_id: UUID, key: str) -> Response:
        return Response(studio.release_diagram(office, acting(), release_id, key), mimetype="application/xml")

    @pages.post("/processes/<key>/restore", endpoint="restore_version")
    def restore(key: str) -> Any:
        number = request.form.get("version", "")
        try:
            made = studio.restore_version(
                office, acting(), key, int(number) if number.isdecimal() else 0, reason=request.form.get("reason", "")
            )
        except (Invalid, Conflict) as refusal:
            flash(say(refusal), "bad")
        else:
            now = "、".join(f"v{one.version}" for one in made.definitions)
            flash(gettext("已恢复 v%(old)s 的内容，现行版本为 %(new)s。", old=number, new=now), "good")
        return redirect(url_for("pages.process", key=key))


def _page(shown: studio.Comparison, **more: Any) -> str:
    return render_template(
        "studio/compare.html",
        shown=shown,
        groups=words.grouped(shown.differences),
        words=words,
        table_words=table_words,
        marks=_marks(shown),
        **more,
    )


def _marks(shown: studio.Comparison) -> dict[str, dict[str, str]]:
    """Element → how it differs, for the earlier and the later diagram."""
    how = {one.element: one.how for one in shown.differences}
    return {
        "before": {id: said for id, said in how.items() if said != "ADDED"},
        "after": {id: said for id, said in how.items() if said != "REMOVED"},
    }


def _number(name: str, known: list[int], otherwise: int) -> int:
    given = request.args.get(name, "")
    return int(given) if given.isdecimal() and int(given) in known else otherwise
