"""退回, 撤回, 跳转, 终止, 重新启动: what would happen is shown first; the reason is asked; what has changed meanwhile is not done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.returning import (
    GROUNDS,
    Way,
    end_case,
    end_preview,
    may_reopen,
    move_places,
    move_token,
    reopen_case,
    reopen_preview,
    return_preview,
    return_task,
    take_back_preview,
    take_back_task,
)
from service.rules.refusals import Conflict, FieldProblem, Forbidden, Invalid, Refusal, refuse
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

Answer = Response | str | tuple[str, int]


def register(pages: Blueprint, office: Any) -> None:
    """Adds the pages of 退回, 撤回, 跳转, 终止 and 重新启动, and `may_reopen(case_id)` for templates."""

    @pages.app_template_global("may_reopen")
    def offered(case_id: UUID) -> bool:
        return may_reopen(office, acting(), case_id)

    @pages.get("/tasks/<uuid:task_id>/return", endpoint="return_task")
    def ask_return(task_id: UUID) -> Answer:
        preview = return_preview(office, acting(), task_id)
        return _page(
            "return", preview=preview, case_id=preview.task.case_id, task=preview.task, given={"way": Way.AGAIN}
        )

    @pages.post("/tasks/<uuid:task_id>/return", endpoint="do_return_task")
    def do_return(task_id: UUID) -> Answer:
        given = _given()

        def act() -> Response:
            element, scope = _chosen(given)
            done = return_task(
                office,
                acting(),
                task_id,
                element=element,
                scope=scope,
                reason=given.get("reason", ""),
                way=given.get("way", ""),
                seen=given.get("seen", ""),
            )
            flash(gettext("“%(task)s”已退回。", task=done.task), "good")
            return redirect(url_for("pages.case", case_id=done.case_id))

        def again(refusal: Refusal) -> str:
            preview = return_preview(office, acting(), task_id)
            return _page(
                "return", refusal, preview=preview, case_id=preview.task.case_id, task=preview.task, given=given
            )

        return _tried(act, again)

    @pages.get("/tasks/<uuid:task_id>/recall", endpoint="take_back_task")
    def ask_take_back(task_id: UUID) -> Answer:
        try:
            preview = take_back_preview(office, acting(), task_id)
        except (Conflict, Forbidden) as refusal:
            return _page("take_back", refusal, preview=None, task_id=task_id, given={}), status_of(refusal)
        return _page("take_back", preview=preview, case_id=preview.task.case_id, task=preview.task, given={})

    @pages.post("/tasks/<uuid:task_id>/recall", endpoint="do_take_back_task")
    def do_take_back(task_id: UUID) -> Answer:
        given = _given()

        def act() -> Response:
            reason, seen = given.get("reason", ""), given.get("seen", "")
            done = take_back_task(office, acting(), task_id, reason=reason, seen=seen)
            flash(gettext("已撤回“%(task)s”，请重新办理。", task=done.task), "good")
            return redirect(url_for("pages.case", case_id=done.case_id))

        def again(refusal: Refusal) -> str:
            try:
                preview = take_back_preview(office, acting(), task_id)
            except (Conflict, Forbidden) as no:
                return _page("take_back", no, preview=None, task_id=task_id, given=given)
            return _page(
                "take_back", refusal, preview=preview, case_id=preview.task.case_id, task=preview.task, given=given
            )

        return _tried(act, again)

    @pages.get("/cases/<uuid:case_id>/tokens/<uuid:token>/move", endpoint="move_token")
    def ask_move(case_id: UUID, token: UUID) -> Answer:
        preview = move_places(office, acting(), case_id, token)
        return _page("move", preview=preview, case_id=case_id, token=token, given={})

    @pages.post("/cases/<uuid:case_id>/tokens/<uuid:token>/move", endpoint="do_move_token")
    def do_move(case_id: UUID, token: UUID) -> Answer:
        given = _given()

        def act() -> Response:
            element, scope = _chosen(given)
            reason, seen = given.get("reason", ""), given.get("seen", "")
            move_token(office, acting(), case_id, token, element, reason, scope=scope, seen=seen)
            flash(gettext("已跳转。"), "good")
            return redirect(url_for("pages.case", case_id=case_id))

        def again(refusal: Refusal) -> str:
            preview = move_places(office, acting(), case_id, token)
            return _page("move", refusal, preview=preview, case_id=case_id, token=token, given=given)

        return _tried(act, again)

    @pages.get("/cases/<uuid:case_id>/end", endpoint="end_case")
    def ask_end(case_id: UUID) -> Answer:
        return _page("end", preview=end_preview(office, acting(), case_id), case_id=case_id, given={})

    @pages.post("/cases/<uuid:case_id>/end", endpoint="do_end_case")
    def do_end(case_id: UUID) -> Answer:
        given = _given()

        def act() -> Response:
            ground, reason, seen = (given.get(name, "") for name in ("ground", "reason", "seen"))
            end_case(office, acting(), case_id, ground=ground, reason=reason, seen=seen)
            flash(gettext("办件已终止。"), "good")
            return redirect(url_for("pages.case", case_id=case_id))

        def again(refusal: Refusal) -> str:
            preview = end_preview(office, acting(), case_id)
            return _page("end", refusal, preview=preview, case_id=case_id, given=given)

        return _tried(act, again)

    @pages.get("/cases/<uuid:case_id>/reopen", endpoint="reopen_case")
    def ask_reopen(case_id: UUID) -> Answer:
        return _page("reopen", preview=reopen_preview(office, acting(), case_id), case_id=case_id, given={})

    @pages.post("/cases/<uuid:case_id>/reopen", endpoint="do_reopen_case")
    def do_reopen(case_id: UUID) -> Answer:
        given = _given()

        def act() -> Response:
            reopen_case(office, acting(), case_id, reason=given.get("reason", ""), seen=given.get("seen", ""))
            flash(gettext("办件已重新启动。"), "good")
            return redirect(url_for("pages.case", case_id=case_id))

        def again(refusal: Refusal) -> str:
            preview = reopen_preview(office, acting(), case_id)
            return _page("reopen", refusal, preview=preview, case_id=case_id, given=given)

        return _tried(act, again)

    def _page(kind: str, refusal: Refusal | None = None, **more: Any) -> str:
        preview = more["preview"]
        places = getattr(preview, "places", None) or ([preview.place] if hasattr(preview, "place") else [])
        return render_template(
            "returning.html",
            kind=kind,
            refusal=refusal,
            problems=_problems(refusal),
            open=[one for one in places if one.refused is None],
            closed=[one for one in places if one.refused is not None],
            grounds={ground.value: words.words(gettext) for ground, words in GROUNDS.items()},
            **more,
        )


def _tried(act: Callable[[], Response], again: Callable[[Refusal], str]) -> Answer:
    """Do it, or show the page again with what was wrong."""
    try:
        return act()
    except (Conflict, Forbidden, Invalid) as refusal:
        status = status_of(refusal)
        return again(refusal), 422 if isinstance(refusal, Invalid) else status


def _given() -> dict[str, str]:
    return {field: text.strip() for field, text in request.form.items()}


def _chosen(given: dict[str, str]) -> tuple[str, UUID | None]:
    """The place somebody chose: `element` or `element@scope`. Refused: Invalid RETURN_TARGET."""
    element, _, scope = given.get("target", "").partition("@")
    try:
        found = UUID(scope) if scope else None
    except ValueError:
        element, found = "", None
    if not element:
        raise refuse("target", "RETURN_TARGET", "请选择要退回的环节")
    return element, found


def _problems(refusal: Refusal | None) -> dict[str, FieldProblem]:
    return {} if refusal is None else {one.field: one for one in refusal.fields}
