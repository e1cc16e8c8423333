"""首席代表: what climbed to me, what is about to, the department's board; deciding with a signature; drawing the signature."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from service.casework import Asked, assign_task, complete_task
from service.casework.letters import draw_signature, own_signature, signature_of
from service.casework.workbench import feel
from service.casework.workbench.chief_pages import VIEWS, DecisionPage, chief_page, decision_page
from service.rules.forms import has_conditions, initial_values, judge, present, read_page
from service.rules.refusals import Conflict, Forbidden, Invalid, Refusal
from service.web.pages.answers import EMPTY, answered_blocks, application_blocks
from service.web.pages.paging import page_wanted, seen_version
from service.web.pages.sign_in import acting
from service.web.pages.wording import say
from service.web.statuses import status_of

UNFIT = "ANSWERS_REFUSED"
BACK = "pages.chief"


def register(pages: Blueprint, office: Any) -> None:
    """Adds the page of the 首席代表, its task, and signatures."""

    @pages.get("/chief")
    def chief() -> str:
        asked = request.args
        view = asked.get("view", "escalated")
        page = chief_page(
            office,
            acting(),
            view=view if view in VIEWS else "escalated",
            person=asked.get("person", "")[:60] if "person" in asked else None,
            process=asked.get("process", "")[:200] or None,
            page=page_wanted(),
        )
        return render_template("chief.html", page=page, views=VIEWS)

    @pages.get("/chief/tasks/<uuid:task_id>", endpoint="chief_task")
    def show(task_id: UUID) -> str:
        page = decision_page(office, acting(), task_id)
        return _page(page, initial_values(page.task.schema or EMPTY, page.task.data))

    @pages.post("/chief/tasks/<uuid:task_id>", endpoint="chief_decide")
    def decide(task_id: UUID) -> Answer | tuple[str, int]:
        actor = acting()
        try:
            done = complete_task(
                office,
                actor,
                task_id,
                fill=_filled,
                seen=seen_version(),
                signed=request.form.get("signed", "")[:60],
            )
        except (Conflict, Forbidden, Invalid) as refusal:
            page = decision_page(office, actor, task_id)
            entries = read_page(page.task.schema or EMPTY, request.form.getlist)
            status = 422 if isinstance(refusal, Invalid) else status_of(refusal)
            return _page(page, entries, refusal=refusal), status
        flash(gettext("“%(task)s”已完成。", task=done.task), "good")
        return redirect(url_for(BACK, view=request.form.get("view") or None))

    @pages.post("/chief/tasks/<uuid:task_id>/assign", endpoint="chief_assign")
    def assign(task_id: UUID) -> Answer:
        username = request.form.get("username", "")[:60]
        try:
            if not username:
                raise Invalid("FIELD_INVALID", "请选择办理人。")
            assign_task(office, acting(), task_id, username)
        except (Conflict, Forbidden, Invalid) as refusal:
            flash(say(refusal), "bad")
            return redirect(url_for("pages.chief_task", task_id=task_id))
        flash(gettext("已交由所选人员办理。"), "good")
        return redirect(url_for(BACK))

    @pages.get("/signature")
    def signature() -> str:
        return _signature(office, None)

    @pages.post("/signature", endpoint="draw_signature")
    def draw() -> Answer | tuple[str, int]:
        try:
            draw_signature(office, acting(), request.form.get("signature", "")[:300_000])
        except Forbidden:
            raise
        except Refusal as refusal:
            return _signature(office, refusal), 422
        flash(gettext("签名已保存。"), "good")
        return redirect(url_for("pages.signature"))

    @pages.get("/people/<username>/signature.png", endpoint="signature_image")
    def image(username: str) -> Response:
        response = Response(signature_of(office, acting(), username[:60]), content_type="image/png")
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response


def _filled(form: Asked) -> dict[str, Any]:
    """The answers of the page to a task's form. Refused: Invalid UNFIT."""
    schema = form.schema or EMPTY
    judged = judge(schema, read_page(schema, request.form.getlist), data=form.data, evaluate=feel)
    if judged.problems:
        raise Invalid(UNFIT, "表单填写有误。", fields=judged.problems)
    return dict(judged.answers)


def _page(page: DecisionPage, entries: dict[str, Any], *, refusal: Refusal | None = None) -> str:
    task, schema = page.task, page.task.schema or EMPTY
    problems = refusal.fields if refusal is not None and refusal.code == UNFIT else ()
    return render_template(
        "chief_task.html",
        why=page,
        page=task,
        blocks=present(schema, entries, data=task.data, evaluate=feel, wrong=problems),
        problems=problems,
        unsigned=next((one for one in refusal.fields if one.field == "signed"), None) if refusal is not None else None,
        refusal=refusal if refusal is not None and not refusal.fields else None,
        conditions=has_conditions(schema),
        answered=[(one, answered_blocks(one)) for one in task.answered if one.task.scope_id == task.item.row.scope_id],
        application=application_blocks(task),
        signed=request.form.get("signed", ""),
    )


def _signature(office: Any, refusal: Refusal | None) -> str:
    actor = acting()
    return render_template("signature.html", since=own_signature(office, actor), refusal=refusal)
