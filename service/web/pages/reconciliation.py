"""对账: the last days, one day with its differences, the bank's file of a day."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.money.reconciling import LARGEST_FILE, handle_exception, reconcile_file
from service.casework.money.viewing import reconciled_day, reconciled_days
from service.rules.refusals import Missing, Refusal, refuse
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the days, one day, the upload and the handling of a difference."""

    @pages.get("/reconciliation")
    def reconciliation() -> Response | str:
        if request.args.get("day"):
            return redirect(url_for("pages.reconciliation_day", day=_day(request.args["day"]).isoformat()))
        return render_template("reconciliation.html", page=reconciled_days(office, acting()))

    @pages.get("/reconciliation/<day>")
    def reconciliation_day(day: str) -> str:
        return _page(office, _day(day))

    @pages.post("/reconciliation/<day>")
    def upload_statement(day: str) -> Response | tuple[str, int]:
        when = _day(day)
        try:
            row = reconcile_file(office, acting(), when, _file())
        except Refusal as refusal:
            return _refused(office, when, refusal, "")
        if row.open:
            flash(gettext("对账完成，有 %(count)s 条差异需要处理。", count=row.open), "warn")
        else:
            flash(gettext("对账完成，%(count)s 笔全部一致。", count=row.matched), "good")
        return redirect(url_for("pages.reconciliation_day", day=when.isoformat()))

    @pages.post("/reconciliation/<day>/<uuid:exception_id>")
    def handle_difference(day: str, exception_id: UUID) -> Response | tuple[str, int]:
        when = _day(day)
        try:
            handle_exception(office, acting(), exception_id, request.form.get("note", ""))
        except Refusal as refusal:
            return _refused(office, when, refusal, str(exception_id))
        flash(gettext("处理结果已登记。"), "good")
        return redirect(url_for("pages.reconciliation_day", day=when.isoformat()))


def _refused(office: Any, day: date, refusal: Refusal, where: str) -> tuple[str, int]:
    code = status_of(refusal)
    if code == 404:
        raise refusal
    return _page(office, day, refusal=refusal, refused=where), 422 if code == 400 else code


def _page(office: Any, day: date, *, refusal: Refusal | None = None, refused: str = "") -> str:
    return render_template(
        "reconciliation_day.html",
        page=reconciled_day(office, acting(), day),
        refusal=refusal,
        refused=refused,
        said=request.form,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
    )


def _file() -> bytes:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise refuse("file", "NO_FILES", "请选择至少一个文件。")
    try:
        return file.read(LARGEST_FILE + 1)
    finally:
        file.close()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Missing("NOT_FOUND", "没有这个页面。") from None
