"""重发查询码: asked for at the window, told once on the answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request

from service.casework.window.reissuing import reissue_code, require_window
from service.casework.window.slip import slip_of
from service.rules.refusals import Invalid
from service.web.pages.sign_in import acting


def register(pages: Blueprint, office: Any) -> None:
    """Adds the page that asks for the document and tells the code."""

    @pages.get("/window/cases/<uuid:case_id>/code", endpoint="query_code")
    def ask(case_id: UUID) -> str:
        return _page(office, case_id)

    @pages.post("/window/cases/<uuid:case_id>/code", endpoint="reissue_code")
    def anew(case_id: UUID) -> Response | tuple[str, int]:
        given = {name: request.form.get(name, "")[:120] for name in ("identity", "name", "checked")}
        try:
            code = reissue_code(
                office,
                acting(),
                case_id,
                identity=given["identity"],
                name=given["name"],
                checked=given["checked"] == "1",
            )
        except Invalid as refusal:
            return _page(office, case_id, given=given, problems=refusal.fields), 422
        answer = make_response(_page(office, case_id, code=code))
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _page(
    office: Any, case_id: UUID, *, given: dict[str, str] | None = None, problems: Any = (), code: str = ""
) -> str:
    require_window(acting())
    return render_template(
        "query_code.html",
        slip=slip_of(office, acting(), case_id),
        given=given or {},
        problems={one.field: one for one in problems},
        code=code,
    )
