"""批量办理: what is about to be completed, a run going on, and what became of each task."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.bulk import begin_bulk, bulk_view, choose, go_on, latest_runs
from service.rules.bulk import LONGEST_OPINION, MOST, BulkAct
from service.rules.refusals import Conflict, Forbidden, Invalid, Refusal
from service.web.bodies import NOWHERE, as_identity
from service.web.pages import inbox_words as words
from service.web.pages.addresses import safe_next
from service.web.pages.sign_in import acting
from service.web.pages.wording import say


def register(pages: Blueprint, office: Any) -> None:
    """Adds choosing, beginning, going on and the outcomes."""

    @pages.post("/inbox/bulk/choose", endpoint="choose_bulk")
    def chosen() -> str | Response | tuple[str, int]:
        act = request.form.get("act", "")
        if act != BulkAct.COMPLETE:
            return _begin(office, act, dict.fromkeys(_tasks(), ""))
        return _ask(office, None)

    @pages.post("/inbox/bulk", endpoint="begin_bulk")
    def begin() -> str | Response | tuple[str, int]:
        common = request.form.get("opinion", "").strip()
        tasks = {one: request.form.get(f"opinion-{one}", "").strip() or common for one in _tasks()}
        told = ((one, request.form.get(f"seen-{one}", "")) for one in tasks)
        seen = {one: int(text) for one, text in told if text.isdecimal() and len(text) < 10}
        return _begin(office, BulkAct.COMPLETE, tasks, seen)

    @pages.get("/inbox/bulk/<uuid:run_id>", endpoint="bulk")
    def show(run_id: UUID) -> str:
        return render_template("bulk.html", run=bulk_view(office, acting(), run_id), words=words, told=_told)

    @pages.post("/inbox/bulk/<uuid:run_id>/go-on", endpoint="go_on_bulk")
    def further(run_id: UUID) -> str | Response:
        run = go_on(office, acting(), run_id)
        if request.headers.get("X-Requested-With") == "fetch":
            return render_template("parts/bulk_run.html", run=run, words=words, told=_told)
        return redirect(url_for("pages.bulk", run_id=run_id))

    @pages.get("/inbox/bulk", endpoint="bulk_runs")
    def latest() -> str:
        return render_template("bulk_runs.html", runs=latest_runs(office, acting()), words=words)


def _tasks() -> list[UUID]:
    found = (as_identity(text) for text in request.form.getlist("task"))
    return [one for one in found if one != NOWHERE]


def _ask(office: Any, refusal: Refusal | None) -> str | Response | tuple[str, int]:
    """The page that asks for the opinions; what was typed stays."""
    back = safe_next(request.form.get("next"))
    try:
        tasks = choose(office, acting(), _tasks())
    except Invalid as empty:
        flash(say(empty), "bad")
        return redirect(back)
    page = render_template(
        "bulk_new.html",
        tasks=tasks,
        refusal=refusal,
        typed=request.form,
        key=request.form.get("key") or uuid4().hex,
        back=back,
        most=MOST,
        longest=LONGEST_OPINION,
    )
    return page if refusal is None else (page, 422)


def _begin(
    office: Any, act: str, tasks: dict[UUID, str], seen: dict[UUID, int] | None = None
) -> str | Response | tuple[str, int]:
    """Begin and carry out the first of them; the same request again shows the same run."""
    said = "".join(f"{one}{text}" for one, text in sorted(tasks.items(), key=lambda pair: pair[0].hex))
    key = f"{request.form.get('key', '')[:40]}:{act}:{hashlib.sha256(said.encode()).hexdigest()[:32]}"
    to = request.form.get("to") or None
    try:
        run = begin_bulk(office, acting(), BulkAct(act), tasks, key=key, to=to, seen=seen)
    except (Invalid, Forbidden, ValueError) as refusal:
        if act == BulkAct.COMPLETE and isinstance(refusal, Invalid) and tasks:
            return _ask(office, refusal)
        flash(say(refusal) if isinstance(refusal, Refusal) else gettext("请选择要进行的操作"), "bad")
        return redirect(safe_next(request.form.get("next")))
    go_on(office, acting(), run)
    return redirect(url_for("pages.bulk", run_id=run))


def _told(item: Any) -> str:
    """Why a task was refused, in the language of the reader."""
    return say(Conflict(str(item.code), str(item.sentence), **(item.params or {})))
