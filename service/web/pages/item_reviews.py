"""清理名单: 年规范 and 季清理, answered item by item, summed up, checked and published."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from service.casework.measures.showing import REVIEW, supporting_case
from service.casework.register import (
    answer_line,
    check_review,
    may_office,
    open_review,
    publish_review,
    return_review,
    review_list,
    review_view,
    sum_up,
)
from service.casework.workbench import service_now
from service.rules.item_reviews import ReviewDecision, quarter_before
from service.rules.refusals import FieldProblem, Refusal, refuse
from service.rules.worktime import SHANGHAI
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

KINDS = {"YEARLY": _("年规范"), "QUARTERLY": _("季清理")}
STATES = {"OPEN": _("填报中"), "SUMMED": _("已汇总"), "CHECKED": _("法制已审"), "PUBLISHED": _("已公布")}
DECISIONS = {"KEEP": _("保留"), "CHANGE": _("变更"), "CANCEL": _("取消"), "ADD": _("新增")}


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list of reviews and one review with its acts."""

    @pages.get("/items/reviews")
    def item_reviews() -> str:
        return _list(office, None)

    @pages.post("/items/reviews")
    def item_review_open() -> Response | tuple[str, int]:
        year, quarter = request.form.get("year", ""), request.form.get("quarter", "0")
        try:
            if not (year.isascii() and year.isdigit() and quarter.isascii() and quarter.isdigit()):
                raise refuse("year", "REVIEW_KIND", "请选择年规范，或某一季度的季清理。")
            kind = "QUARTERLY" if int(quarter) else "YEARLY"
            row = open_review(office, acting(), kind, int(year), int(quarter))
        except Refusal as refusal:
            return _list(office, refusal), 422 if status_of(refusal) == 400 else status_of(refusal)
        return redirect(url_for("pages.item_review", review_id=row.id))

    @pages.get("/items/reviews/<uuid:review_id>")
    def item_review(review_id: UUID) -> str:
        return _page(office, review_id)

    @pages.post("/items/reviews/<uuid:review_id>")
    def item_review_act(review_id: UUID) -> Response | tuple[str, int]:
        code, act = request.form.get("code", "")[:10], request.form.get("act", "")
        try:
            _act(office, review_id, act, code)
        except Refusal as refusal:
            page = _page(office, review_id, refusal=refusal, at=code)
            return page, 422 if status_of(refusal) == 400 else status_of(refusal)
        flash(gettext("已保存。"), "good")
        back = url_for("pages.item_review", review_id=review_id, department=request.args.get("department") or None)
        return redirect(f"{back}#{code}" if code else back)


def _act(office: Any, review_id: UUID, act: str, code: str) -> None:
    if act == "sum":
        sum_up(office, acting(), review_id)
    elif act == "check":
        check_review(office, acting(), review_id)
    elif act == "return":
        return_review(office, acting(), review_id, request.form.get("objection", ""))
    elif act == "publish":
        publish_review(office, acting(), review_id, effective_from=_instant())
    elif act in ReviewDecision.__members__:
        reason = request.form.get("reason", "")
        answer_line(office, acting(), review_id, code, ReviewDecision(act), reason=reason)
    else:
        raise refuse("act", "ITEM_ACT_UNKNOWN", "没有这个操作。")


def _list(office: Any, refusal: Refusal | None) -> str:
    today = service_now(office).astimezone(SHANGHAI).date()
    return render_template(
        "items/reviews.html",
        lines=review_list(office, acting()),
        official=may_office(acting()),
        refusal=refusal,
        kinds=KINDS,
        states=STATES,
        year=today.year,
        quarters=[quarter_before(today), (today.year, (today.month - 1) // 3 + 1)],
    )


def _page(office: Any, review_id: UUID, *, refusal: Refusal | None = None, at: str = "") -> str:
    department = request.args.get("department", "")[:3]
    problems: dict[str, FieldProblem] = {one.field: one for one in (refusal.fields if refusal else ())}
    return render_template(
        "items/review.html",
        found=review_view(office, acting(), review_id, department=department),
        support=supporting_case(office, acting(), REVIEW, review_id),
        department=department,
        official=may_office(acting()),
        lawyer=acting().has("legal_checker"),
        refusal=refusal,
        problems=problems,
        at=at,
        reason=request.form.get("reason", ""),
        objection=request.form.get("objection", ""),
        kinds=KINDS,
        states=STATES,
        decisions=DECISIONS,
    )


def _instant() -> datetime | None:
    text = request.form.get("effective_from", "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise refuse("effective_from", "ITEM_FIELD_INVALID", "应为日期和时间。") from None
