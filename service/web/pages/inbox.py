"""待办 and 已办: the home of everybody who works here, what changes in it meanwhile, and the list as a file."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from service.casework import claim_task
from service.casework.bulk import assignable
from service.casework.handing import copy_list
from service.casework.saved_filters import saved_filters
from service.casework.workbench import (
    VIEWS,
    as_csv,
    as_workbook,
    case_list,
    changes_of,
    done_work,
    every_work,
    inbox,
    tab_counts,
)
from service.casework.workbench.work import MOST_ROWS_OF_A_FILE, departments_by_code, note_export
from service.rules.refusals import Conflict
from service.rules.work_filters import COLUMNS, READ, SORTS, STAGES, WorkFilter, read_filter
from service.web.bodies import NOWHERE, as_identity
from service.web.downloads import disposition
from service.web.instants import read_instant
from service.web.pages import inbox_words as words
from service.web.pages import labels
from service.web.pages.addresses import safe_next
from service.web.pages.paging import Address, page_wanted
from service.web.pages.sign_in import acting
from service.web.pages.wording import instant, left, say

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def register(pages: Blueprint, office: Any) -> None:
    """Adds the lists, their changes and files, and the act of claiming."""

    @pages.get("/")
    def home() -> AnyResponse:
        return redirect(url_for("pages.inbox"))

    @pages.get("/inbox", endpoint="inbox")
    def open_list() -> str | AnyResponse:
        actor = acting()
        kept = saved_filters(office, actor)
        if not request.args:
            usual = next((one for one in kept if one.usual), None)
            if usual is not None and usual.wanted.parameters:
                return redirect(Address("pages.inbox", **usual.address)())
        wanted = _wanted()
        if wanted.tab == "done":
            return redirect(url_for("pages.done", q=wanted.q or None))
        if wanted.tab == "followed":
            return _followed(office, wanted)
        if wanted.tab == "copies":
            return _copies(office, wanted)
        work = inbox(office, actor, wanted, page=page_wanted())
        return render_template(
            "inbox.html",
            work=work,
            wanted=wanted,
            views=VIEWS,
            words=words,
            tabs=work.tabs,
            kept=kept,
            key=uuid4().hex,
            choices=_choices(office, wanted),
            people=assignable(office, actor),
            address=Address("pages.inbox", **{"tab": wanted.tab, **wanted.parameters}),
            open_count=lambda: work.tabs["all"],
        )

    @pages.get("/inbox/changes", endpoint="inbox_changes")
    def changes() -> AnyResponse:
        wanted = _wanted()
        since = read_instant(request.args.get("since", ""))
        shown = [one for text in request.args.getlist("row") if (one := as_identity(text)) != NOWHERE]
        if since is None:
            return Response(status=400)
        found = changes_of(office, acting(), wanted, since=since, shown=shown)
        fresh = found.fresh
        answer = jsonify(
            counts=dict(found.counts),
            total=found.counts[wanted.view],
            fresh=fresh,
            told=ngettext("%(num)s 件新任务", "%(num)s 件新任务", fresh) if fresh else gettext("列表有变化"),
            rows=[
                {"id": str(one.id), "state": one.state, "told": str(words.TURNED[one.state]) % {"who": one.by}}
                for one in found.rows
            ],
        )
        answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32])
        answer.headers["Cache-Control"] = "private, no-cache"
        return answer.make_conditional(request)

    @pages.get("/inbox/export.<any(csv, xlsx):kind>", endpoint="inbox_export")
    def export(kind: str) -> Response:
        wanted = _wanted()
        items, at = every_work(office, acting(), wanted, limit=MOST_ROWS_OF_A_FILE)
        note_export(office, acting(), wanted, len(items))
        departments = departments_by_code(office)
        heads = [str(head) for head in words.HEADS]
        rows = [_line(item, departments) for item in items]
        title = str(words.TABS[wanted.tab])
        content = as_csv(heads, rows) if kind == "csv" else as_workbook(title, heads, rows)
        answer = Response(content, content_type="text/csv; charset=utf-8" if kind == "csv" else WORKBOOK)
        answer.headers["Content-Disposition"] = disposition("attachment", f"{title} {at:%Y%m%d}.{kind}")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @pages.get("/inbox/done")
    def done() -> str:
        search = request.args.get("q", "").strip()[:100]
        work = done_work(office, acting(), search=search, page=page_wanted())
        return render_template(
            "done.html",
            work=work,
            search=search,
            wanted=WorkFilter(tab="done", q=search),
            words=words,
            tabs={**tab_counts(office, acting()), **({} if search else {"done": work.total})},
            address=Address("pages.done", q=search),
        )

    @pages.post("/tasks/<uuid:task_id>/claim")
    def claim(task_id: UUID) -> AnyResponse:
        actor = acting()
        back = safe_next(request.form.get("next"))
        try:
            claim_task(office, actor, task_id, actor.username)
        except Conflict as refusal:
            flash(say(refusal), "bad")
            return redirect(back)
        flash(gettext("已认领，请办理。"), "good")
        return redirect(Address("pages.task", task_id=task_id, **{"from": request.form.get("from")})())


def _wanted() -> WorkFilter:
    """The filter of the address; columns come one by one from their boxes."""
    return read_filter(
        {**request.args.to_dict(), "columns": ",".join(request.args.getlist("columns"))}
        if "columns" in request.args
        else request.args
    )


def _followed(office: Any, wanted: WorkFilter) -> str:
    found = case_list(office, acting(), view="all", search=wanted.q, page=page_wanted(), followed=True)
    return render_template(
        "followed.html",
        found=found,
        wanted=wanted,
        words=words,
        tabs=tab_counts(office, acting()),
        address=Address("pages.inbox", tab="followed", q=wanted.q),
    )


def _copies(office: Any, wanted: WorkFilter) -> str:
    found = copy_list(office, acting(), read=wanted.read, search=wanted.q, page=page_wanted())
    return render_template(
        "copies.html",
        found=found,
        wanted=wanted,
        words=words,
        reads=READ,
        tabs=tab_counts(office, acting()),
        address=Address("pages.inbox", tab="copies", q=wanted.q, read=wanted.read if wanted.read != READ[0] else None),
    )


def _choices(office: Any, wanted: WorkFilter) -> dict[str, Any]:
    """What the filter offers to choose from."""
    return {
        "stages": {name: labels.STAGES[name] for name in STAGES},
        "departments": departments_by_code(office),
        "sorts": {name: words.SORTS[name] for name in SORTS},
        "columns": {name: words.COLUMNS[name] for name in COLUMNS},
        "open": wanted.narrowing > 0,
    }


def _line(item: Any, departments: dict[str, tuple[str, str]]) -> list[str]:
    row = item.row
    holder = item.owner.name if item.owner else row.ended_by or row.assignee or gettext("待认领")
    stage = labels.STAGES.get(row.stage or "", "")
    cells = (left(item), instant(row.due_at, year=True), row.name, row.title or row.case_name, row.process_name)
    rest = (row.business_key or "", str(stage), departments.get(row.department or "", ("", ""))[1], holder)
    return [*cells, *rest, instant(row.created_at, year=True), instant(row.ended_at, year=True) if row.ended_at else ""]
