"""办理: the form of one task beside what was answered before; completing offers the next task; giving back a take-over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework import Asked, complete_task, give_back_task
from service.casework.handing import DraftRow, draft_of
from service.casework.workbench import TaskPage, feel, next_work, task_page
from service.rules.forms import entries_of, has_conditions, hidden_fields, initial_values, judge, present, read_page
from service.rules.refusals import Conflict, Forbidden, Invalid, Refusal
from service.rules.work_filters import filter_of
from service.web.pages.answers import EMPTY, answered_blocks, application_blocks
from service.web.pages.paging import Address, seen_version
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

UNFIT = "ANSWERS_REFUSED"


def register(pages: Blueprint, office: Any) -> None:
    """Adds the task page and the act of completing."""

    @pages.get("/tasks/<uuid:task_id>", endpoint="task")
    def show(task_id: UUID) -> str:
        page = task_page(office, acting(), task_id)
        draft = draft_of(office, acting(), task_id) if page.may_complete else None
        entries = initial_values(page.schema or EMPTY, page.data)
        return _page(page, _begun(page, draft, entries), draft=draft)

    @pages.post("/tasks/<uuid:task_id>", endpoint="complete")
    def complete(task_id: UUID) -> Response | str | tuple[str, int] | dict[str, list[str]]:
        actor = acting()
        if request.accept_mimetypes.best == "application/json":
            page = task_page(office, actor, task_id)
            schema = page.schema or EMPTY
            entries = read_page(schema, request.form.getlist)
            return {"hidden": sorted(hidden_fields(schema, entries, data=page.data, evaluate=feel))}
        try:
            done = complete_task(office, actor, task_id, fill=_filled, seen=seen_version())
        except (Conflict, Forbidden, Invalid) as refusal:
            page = task_page(office, actor, task_id)
            entries = read_page(page.schema or EMPTY, request.form.getlist)
            if refusal.code == UNFIT:
                return _page(page, entries, problems=refusal.fields), 422
            too_late = page.item.row.ended_at is not None
            return _page(page, entries, refusal=refusal, too_late=too_late), status_of(refusal)
        if done.held:
            flash(gettext("“%(task)s”已提交，会签意见到齐后生效。", task=done.task), "good")
            return redirect(url_for("pages.task", task_id=task_id))
        flash(gettext("“%(task)s”已完成。", task=done.task), "good")
        came = _came_from()
        following = next_work(office, actor, after=task_id, case_id=done.case_id, wanted=filter_of(came))
        if following is None and not came:
            return redirect(url_for("pages.case", case_id=done.case_id))
        then = following.row.id if following else None
        return redirect(Address("pages.completed", task_id=task_id, next=then, **{"from": came})())

    @pages.post("/tasks/<uuid:task_id>/give-back")
    def give_back(task_id: UUID) -> Response | tuple[str, int]:
        actor = acting()
        reason = request.form.get("reason", "")
        try:
            give_back_task(office, actor, task_id, reason)
        except (Conflict, Forbidden, Invalid) as refusal:
            page = task_page(office, actor, task_id)
            entries = initial_values(page.schema or EMPTY, page.data)
            status = 422 if isinstance(refusal, Invalid) else status_of(refusal)
            return _page(page, entries, kept=refusal, reason=reason[:500]), status
        flash(gettext("已退回原承办人。"), "good")
        return redirect(url_for("pages.task", task_id=task_id))

    @pages.get("/tasks/<uuid:task_id>/completed")
    def completed(task_id: UUID) -> str:
        actor = acting()
        page = task_page(office, actor, task_id)
        came = _came_from()
        following = next_work(office, actor, after=task_id, case_id=page.case.id, wanted=filter_of(came))
        return render_template("task_completed.html", page=page, following=following, came=filter_of(came))


def _came_from() -> str:
    """The filter of the list the task was opened from; empty: the usual one."""
    return request.args.get("from", "")[:1000]


def _begun(page: TaskPage, draft: DraftRow | None, entries: dict[str, Any]) -> dict[str, Any]:
    """What the form begins with: what somebody has typed before, or submitted in vain, in front of what is known."""
    if draft is None:
        return entries
    answers = draft.entries.get("answers")
    typed = draft.entries.get("entries") or (entries_of(page.schema or EMPTY, answers) if answers else {})
    return {**entries, **typed}


def _filled(form: Asked) -> dict[str, Any]:
    """The answers of the page to a task's form. Refused: Invalid UNFIT."""
    schema = form.schema or EMPTY
    judged = judge(schema, read_page(schema, request.form.getlist), data=form.data, evaluate=feel)
    if judged.problems:
        raise Invalid(UNFIT, "表单填写有误。", fields=judged.problems)
    return dict(judged.answers)


def _page(
    page: TaskPage,
    entries: dict[str, Any],
    *,
    problems: Any = (),
    refusal: Refusal | None = None,
    too_late: bool = False,
    kept: Refusal | None = None,
    reason: str = "",
    draft: DraftRow | None = None,
) -> str:
    """`kept`: why a task that was taken over could not be given back, and with which `reason` it was tried."""
    schema = page.schema or EMPTY
    return render_template(
        "task.html",
        page=page,
        blocks=present(schema, entries, data=page.data, evaluate=feel, wrong=problems),
        problems=problems,
        refusal=refusal,
        too_late=too_late,
        kept=kept,
        reason=reason,
        draft=draft,
        conditions=has_conditions(schema),
        ours=[(one, answered_blocks(one)) for one in page.answered if one.task.scope_id == page.item.row.scope_id],
        others=[(one, answered_blocks(one)) for one in page.answered if one.task.scope_id != page.item.row.scope_id],
        application=application_blocks(page),
    )
