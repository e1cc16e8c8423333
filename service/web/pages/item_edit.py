"""Changing items: the editor with its preview, drafts and their way to publication, suspension and withdrawal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.register import (
    change_status,
    check_draft,
    differences_with,
    drop_draft,
    guide,
    item_draft,
    item_drafts,
    may_office,
    may_propose,
    may_propose_any,
    publish_draft,
    return_draft,
    save_draft,
    submit_draft,
    to_edit,
    withdraw_version,
)
from service.rules.item_words import ItemStatus
from service.rules.items import CODE, card_data
from service.rules.refusals import FieldProblem, Forbidden, Invalid, Missing, Refusal, refuse
from service.rules.worktime import SHANGHAI
from service.web.pages import item_form as form
from service.web.pages import item_words as words
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the editor, drafts and the acts of 业务科."""

    @pages.get("/items/new")
    def item_new() -> str:
        if not may_propose_any(acting()):
            raise _closed()
        return _editor("", {**form.NEW, "department": acting().department or ""}, note="", seen="")

    @pages.post("/items/new")
    def item_create() -> Response | str | tuple[str, int]:
        if not may_propose_any(acting()):
            raise _closed()
        return _sent(office, "")

    @pages.get("/items/<code>/edit")
    def item_edit(code: str) -> str:
        card, seen, note = to_edit(office, acting(), code)
        return _editor(code, card_data(card), note=note, seen=seen)

    @pages.post("/items/<code>/edit")
    def item_change(code: str) -> Response | str | tuple[str, int]:
        to_edit(office, acting(), code)
        return _sent(office, code)

    @pages.get("/items/drafts", endpoint="item_drafts")
    def list_drafts() -> str:
        return render_template("items/drafts.html", lines=item_drafts(office, acting()), words=words)

    @pages.get("/items/drafts/<uuid:draft_id>", endpoint="item_draft")
    def show_draft(draft_id: UUID) -> str:
        return _draft(office, draft_id)

    @pages.post("/items/drafts/<uuid:draft_id>")
    def item_draft_act(draft_id: UUID) -> Response | tuple[str, int]:
        act, answer = request.form.get("act", ""), request.form.get("answer", "")
        try:
            row = _acted(office, draft_id, act, answer)
        except (Invalid, Refusal) as refusal:
            return _draft(office, draft_id, refusal), 422 if status_of(refusal) == 400 else status_of(refusal)
        flash(str(DONE[act]()), "good")
        if act in ("publish", "drop"):
            return redirect(
                url_for("pages.items") if row.version is None else url_for("pages.item_versions", code=row.code)
            )
        return redirect(url_for("pages.item_draft", draft_id=draft_id))

    @pages.route("/items/<code>/status", methods=["GET", "POST"])
    def item_status(code: str) -> Response | str | tuple[str, int]:
        found = guide(office, acting(), code)
        if not may_office(acting()):
            raise Forbidden("ITEM_OFFICE_ONLY", "只有业务科可以发布、暂停、取消事项和汇总清理名单。")
        if request.method == "GET":
            return render_template("items/status.html", found=found, words=words, given={}, problems={}, refusal=None)
        try:
            status = request.form.get("status", "")
            if status not in ItemStatus.__members__:
                raise refuse("status", "ITEM_FIELD_MISSING", "请填写。")
            made = change_status(
                office,
                acting(),
                code,
                ItemStatus(status),
                note=request.form.get("note", ""),
                effective_from=_instant("effective_from"),
                devolved_to=request.form.get("devolved_to", ""),
            )
        except Refusal as refusal:
            page = render_template(
                "items/status.html",
                found=found,
                words=words,
                given=request.form,
                problems=_problems(refusal),
                refusal=refusal,
            )
            return page, 422 if status_of(refusal) == 400 else status_of(refusal)
        flash(gettext("已发布第 %(version)s 版。", version=made.version), "good")
        return redirect(url_for("pages.item_versions", code=code))

    @pages.route("/items/<code>/withdraw", methods=["GET", "POST"])
    def item_withdraw(code: str) -> Response | str | tuple[str, int]:
        found = guide(office, acting(), code)
        if not may_office(acting()) or found.next is None:
            raise Missing("ITEM_MISSING", "没有编码为 {item} 的事项。", item=code[:10])
        if request.method == "GET":
            return render_template("items/withdraw.html", found=found, problems={}, refusal=None, answer="")
        answer = request.form.get("answer", "")
        try:
            withdraw_version(office, acting(), code, answer=answer)
        except Refusal as refusal:
            page = render_template(
                "items/withdraw.html", found=found, problems=_problems(refusal), refusal=refusal, answer=answer
            )
            return page, 422 if status_of(refusal) == 400 else status_of(refusal)
        flash(gettext("已撤回未生效的版本。"), "good")
        return redirect(url_for("pages.item", code=code))


DONE = {
    "submit": lambda: gettext("已提交审核。"),
    "check": lambda: gettext("法制审核已通过。"),
    "return": lambda: gettext("已退回起草人。"),
    "publish": lambda: gettext("已发布。"),
    "drop": lambda: gettext("已放弃修改。"),
}


def _acted(office: Any, draft_id: UUID, act: str, answer: str) -> Any:
    if act == "submit":
        return submit_draft(office, acting(), draft_id)
    if act == "check":
        return check_draft(office, acting(), draft_id)
    if act == "return":
        return return_draft(office, acting(), draft_id, answer=answer)
    if act == "drop":
        return drop_draft(office, acting(), draft_id)
    if act == "publish":
        return publish_draft(office, acting(), draft_id, effective_from=_instant("effective_from"))
    raise refuse("act", "ITEM_ACT_UNKNOWN", "没有这个操作。")


def _sent(office: Any, code: str) -> Response | str | tuple[str, int]:
    """What was sent from the editor: another row, a preview, or a draft to keep."""
    data = form.read_form(request.form)
    if code:
        data["code"] = code
    note, seen, act = request.form.get("note", "")[:2000], request.form.get("seen", ""), request.form.get("act", "")
    if act.startswith("add:"):
        return _editor(code, data, note=note, seen=seen, more=act[4:])
    try:
        if act == "save":
            row = save_draft(office, acting(), data, note=note, seen=seen or None)
            flash(gettext("已保存草稿，提交审核后由另一人发布。"), "good")
            return redirect(url_for("pages.item_draft", draft_id=row.id))
        changes = differences_with(office, acting(), data)
    except Refusal as refusal:
        page = _editor(code, data, note=note, seen=seen, refusal=refusal)
        return page, 422 if status_of(refusal) == 400 else status_of(refusal)
    return _editor(code, data, note=note, seen=seen, changes=changes)


def _editor(
    code: str,
    data: Mapping[str, Any],
    *,
    note: str,
    seen: str,
    more: str = "",
    changes: Any = None,
    refusal: Refusal | None = None,
) -> str:
    return render_template(
        "items/edit.html",
        code=code if CODE.fullmatch(code) else "",
        data=data,
        rows=form.shown_rows(data, more),
        groups=form.GROUPS,
        row_parts=form.ROWS,
        words=words,
        headings=HEADINGS,
        note=note,
        seen=seen,
        changes=changes,
        refusal=refusal,
        problems=_problems(refusal),
    )


HEADINGS = {
    "identity": lambda: gettext("基本信息"),
    "conditions": lambda: gettext("申请条件与特别说明"),
    "limits": lambda: gettext("办理时限"),
    "silence": lambda: gettext("默许"),
    "needs": lambda: gettext("办理要求"),
    "money": lambda: gettext("收费依据和标准"),
    "result": lambda: gettext("办理结果"),
    "places": lambda: gettext("窗口与渠道"),
}


def _draft(office: Any, draft_id: UUID, refusal: Refusal | None = None) -> str:
    found = item_draft(office, acting(), draft_id)
    who = acting()
    return render_template(
        "items/draft.html",
        found=found,
        words=words,
        mine=may_propose(who, found.row.department),
        official=may_office(who),
        lawyer=who.has("legal_checker"),
        author=who.username == found.row.drafted_by,
        refusal=refusal,
        problems=_problems(refusal),
        answer=request.form.get("answer", ""),
        effective_from=request.form.get("effective_from", ""),
    )


def _instant(name: str) -> datetime | None:
    """An instant of the wall in China. Refused: ITEM_FIELD_INVALID."""
    text = request.form.get(name, "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise refuse(name, "ITEM_FIELD_INVALID", "应为日期和时间。") from None


def _problems(refusal: Refusal | None) -> dict[str, FieldProblem]:
    found: dict[str, FieldProblem] = {}
    for one in refusal.fields if refusal else ():
        found.setdefault(one.field, one)
    return found


def _closed() -> Forbidden:
    return Forbidden("ITEM_FORBIDDEN", "只有业务科、流程设计员和本部门首席代表、主要负责人可以修改事项。")
