"""收件: choose a process, fill in its start form, and the case begins."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework import sample_application, start_case, start_form
from service.casework.drafts import Draft, drop_draft, keep_draft, open_draft
from service.casework.workbench import feel, startable
from service.rules.forms import has_conditions, hidden_fields, judge, present, read_page
from service.rules.refusals import Forbidden, Refusal
from service.web.pages.rights import Rights
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

EMPTY: dict[str, Any] = {"components": []}


def register(pages: Blueprint, office: Any) -> None:
    """Adds the choice of processes and their start forms."""

    @pages.get("/cases/new")
    def choose_process() -> str:
        _may_take_in(office)
        search = request.args.get("q", "").strip()[:100]
        found = startable(office, acting(), search=search)
        return render_template("case_new.html", processes=found, search=search)

    @pages.route("/cases/new/<key>", methods=["GET", "POST"])
    def take_in(key: str) -> Response | str | tuple[str, int]:
        _may_take_in(office)
        form = start_form(office, acting(), key)
        schema = form.schema or EMPTY
        if request.method == "GET":
            draft = open_draft(office, acting(), found) if (found := _uuid(request.args.get("draft", ""))) else None
            begun = dict(draft.entries) if draft is not None else _sample(office, key) or _entries(schema)
            return _page(form, schema, begun, (), draft=draft)
        entries = read_page(schema, request.form.getlist)
        draft_id = _uuid(request.form.get("draft", ""))
        if request.form.get("act") == "draft":
            keep_draft(office, acting(), key, entries, draft_id=draft_id)
            flash(gettext("草稿已保存，可以随时在“我的办件”里继续填写。"), "good")
            return redirect(url_for("pages.my"))
        if request.accept_mimetypes.best == "application/json":
            return {"hidden": sorted(hidden_fields(schema, entries, data={}, evaluate=feel))}  # type: ignore[return-value]
        judged = judge(schema, entries, data={}, evaluate=feel)
        title = request.form.get("case-title", "").strip()[:200] or None
        number = request.form.get("case-number", "").strip()[:255] or None
        if judged.problems:
            return _page(form, schema, entries, judged.problems), 422
        try:
            case = start_case(
                office, acting(), key=key, business_key=number, variables=dict(judged.answers), title=title
            )
        except Refusal as refusal:
            return _page(form, schema, entries, (), refusal=refusal), status_of(refusal)
        if draft_id is not None:
            drop_draft(office, acting(), draft_id)
        flash(gettext("已收件，办件开始办理。"), "good")
        return redirect(url_for("pages.case", case_id=case.id))


def _may_take_in(office: Any) -> None:
    if not Rights(acting(), demo=office.settings.demo).take_in:
        raise Forbidden("START_FORBIDDEN", "您没有收件的权限，请由综合窗口、代办员或申请人发起。")


def _entries(schema: Any) -> dict[str, Any]:
    from service.rules.forms import initial_values

    return initial_values(schema, {})


def _sample(office: Any, key: str) -> dict[str, Any] | None:
    """The example that was asked for, in demo mode."""
    nth = request.args.get("sample", "")
    if not office.settings.demo or not nth.isdecimal() or len(nth) > 4:
        return None
    return dict(sample_application(office, acting(), key, int(nth)))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _page(
    form: Any,
    schema: Any,
    entries: Any,
    problems: Any,
    *,
    refusal: Refusal | None = None,
    draft: Draft | None = None,
) -> str:
    return render_template(
        "case_start.html",
        form=form,
        blocks=present(schema, entries, data={}, evaluate=feel, wrong=problems),
        problems=problems,
        refusal=refusal,
        conditions=has_conditions(schema),
        draft=draft,
        draft_id=str(draft.id) if draft is not None else request.form.get("draft", ""),
        may_keep=acting().has("applicant", "agency_officer"),
        title=request.form.get("case-title", ""),
        number=request.form.get("case-number", ""),
        next_sample=int(nth) + 1 if (nth := request.args.get("sample", "")).isdecimal() and len(nth) < 4 else 0,
    )
