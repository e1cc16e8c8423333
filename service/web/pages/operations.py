"""运行: the agenda, scheduled jobs, external tasks, deployments and the state of the system."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from service.casework.operations.agenda import MOVABLE, agenda_item, agenda_list, put_off, run_now
from service.casework.operations.agenda import VIEWS as AGENDA_VIEWS
from service.casework.operations.deployments import deployment_list
from service.casework.operations.external import VIEWS as EXTERNAL_VIEWS
from service.casework.operations.external import external_task_list, let_try_again
from service.casework.operations.scheduled import job_list, job_runs, run_job_now
from service.casework.operations.state import system_state
from service.rules.refusals import Forbidden, Missing, Refusal, refuse
from service.web.instants import read_instant
from service.web.pages import listing
from service.web.pages.labels import ACT_NAMES, AGENDA_KINDS, JOB_NAMES, JOB_VIEWS, MESSAGE_EVENTS
from service.web.pages.ledger_words import job_words
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.pages.wording import say
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the five places and the acts on agenda items, jobs and external tasks."""
    _add_agenda(pages, office)
    _add_jobs(pages, office)
    _add_external_tasks(pages, office)
    _add_deployments(pages, office)

    @pages.get("/admin/system", endpoint="system")
    def system() -> str:
        return render_template("admin/system.html", state=system_state(office, acting()))


def _add_agenda(pages: Blueprint, office: Any) -> None:
    def load(number: int) -> Any:
        view, filters = _agenda_filters()
        return agenda_list(office, acting(), filters=filters, view=view, sort=listing.sort_wanted(), page=number)

    listed = listing.declare(
        pages,
        listing.Listed(
            name="agenda",
            words=lazy_gettext("日程"),
            load=load,
            sorts=("due_at", "ready_at", "kind", "retries", "number"),
            columns=(
                listing.Column(code="ready_at", words=lazy_gettext("执行时间"), cell=lambda row, _: row.ready_at),
                listing.Column(code="due_at", words=lazy_gettext("到期"), cell=lambda row, _: row.due_at),
                listing.Column(
                    code="kind", words=lazy_gettext("种类"), cell=lambda row, _: AGENDA_KINDS.get(row.kind, row.kind)
                ),
                listing.Column(
                    code="element",
                    words=lazy_gettext("事项"),
                    cell=lambda row, found: item_about(row, found.more[row.id]),
                ),
                listing.Column(code="number", words=lazy_gettext("办件编号"), cell=lambda row, _: row.business_key),
                listing.Column(
                    code="key", words=lazy_gettext("流程"), cell=lambda row, found: found.more[row.id].process
                ),
                listing.Column(code="retries", words=lazy_gettext("剩余次数"), cell=lambda row, _: row.retries),
                listing.Column(code="error", words=lazy_gettext("原因"), cell=lambda row, _: row.error),
            ),
        ),
    )

    @pages.get("/admin/agenda", endpoint="agenda")
    def every() -> str:
        view, filters = _agenda_filters()
        return render_template(
            "admin/agenda.html",
            found=listing.shown(listed),
            view=view,
            filters=filters,
            about=item_about,
            address=Address("pages.agenda", view=None if view == "coming" else view, **filters),
        )

    @pages.get("/admin/agenda/<uuid:item_id>", endpoint="agenda_item")
    def show(item_id: UUID) -> str:
        return _item(office, item_id)

    @pages.post("/admin/agenda/<uuid:item_id>/<act>", endpoint="agenda_act")
    def see_to(item_id: UUID, act: str) -> Response | tuple[str, int]:
        reason = request.form.get("reason", "")
        try:
            if act == "run":
                run_now(office, acting(), item_id, reason)
                words = gettext("已执行。")
            elif act == "move":
                until = read_instant(request.form.get("until", ""))
                if until is None:
                    raise refuse("until", "FIELD_INVALID", "请填写正确的时间。")
                put_off(office, acting(), item_id, until, reason)
                words = gettext("已改期。")
            else:
                raise Missing("NOT_FOUND", "没有这个地址。")
        except (Forbidden, Missing):
            raise
        except Refusal as refusal:
            status = 422 if status_of(refusal) == 400 else status_of(refusal)
            return _item(office, item_id, act=act, refusal=refusal), status
        flash(words, "good")
        return redirect(url_for("pages.agenda"))


def _add_jobs(pages: Blueprint, office: Any) -> None:
    def load(number: int) -> listing.OnePage:
        view, search = _job_filters()
        found = job_list(office, acting()).items
        named = [one for one in found if search.casefold() in f"{JOB_NAMES.get(one.name, '')} {one.name}".casefold()]
        views = {"all": named, "failing": [one for one in named if one.error]}
        return listing.cut(views[view], number, counts={name: len(rows) for name, rows in views.items()})

    listed = listing.declare(
        pages,
        listing.Listed(
            name="jobs",
            words=lazy_gettext("定期任务"),
            load=load,
            columns=(
                listing.Column(
                    code="name", words=lazy_gettext("任务"), cell=lambda row, _: JOB_NAMES.get(row.name, row.name)
                ),
                listing.Column(code="next_run", words=lazy_gettext("下次"), cell=lambda row, _: row.next_run),
                listing.Column(
                    code="last",
                    words=lazy_gettext("上次"),
                    cell=lambda row, _: row.last.written_at if row.last else None,
                ),
                listing.Column(code="result", words=lazy_gettext("结果"), cell=lambda row, _: job_words(row.result)),
                listing.Column(code="error", words=lazy_gettext("原因"), cell=lambda row, _: row.error),
            ),
        ),
    )

    @pages.get("/admin/jobs", endpoint="jobs")
    def jobs() -> str:
        view, search = _job_filters()
        return render_template(
            "admin/jobs.html",
            found=listing.shown(listed),
            view=view,
            search=search,
            address=Address("pages.jobs", view=None if view == "all" else view, q=search),
        )

    @pages.get("/admin/jobs/<name>", endpoint="job")
    def job(name: str) -> str:
        return _job(office, name)

    @pages.post("/admin/jobs/<name>/run", endpoint="run_job")
    def run(name: str) -> Response | tuple[str, int]:
        try:
            run_job_now(office, acting(), name, request.form.get("reason", ""))
        except (Forbidden, Missing):
            raise
        except Refusal as refusal:
            return _job(office, name, refusal), 422 if status_of(refusal) == 400 else status_of(refusal)
        flash(gettext("已执行，结果见下。"), "good")
        return redirect(url_for("pages.job", name=name))


def _add_external_tasks(pages: Blueprint, office: Any) -> None:
    def load(number: int) -> Any:
        view, filters = _external_filters()
        return external_task_list(office, acting(), filters=filters, view=view, page=number)

    listed = listing.declare(
        pages,
        listing.Listed(
            name="external_tasks",
            words=lazy_gettext("外部任务"),
            load=load,
            columns=(
                listing.Column(code="topic", words=lazy_gettext("主题"), cell=lambda row, _: row.topic),
                listing.Column(code="number", words=lazy_gettext("办件编号"), cell=lambda row, _: row.business_key),
                listing.Column(code="element", words=lazy_gettext("环节"), cell=lambda row, _: row.element),
                listing.Column(code="created_at", words=lazy_gettext("产生"), cell=lambda row, _: row.created_at),
                listing.Column(code="worker", words=lazy_gettext("领取的程序"), cell=lambda row, _: row.worker),
                listing.Column(code="locked_until", words=lazy_gettext("锁定至"), cell=lambda row, _: row.locked_until),
                listing.Column(code="retries", words=lazy_gettext("剩余次数"), cell=lambda row, _: row.retries),
                listing.Column(code="error", words=lazy_gettext("原因"), cell=lambda row, _: row.error_message),
            ),
        ),
    )

    @pages.get("/admin/external-tasks", endpoint="external_tasks")
    def every() -> str:
        view, filters = _external_filters()
        return render_template(
            "admin/external_tasks.html",
            found=listing.shown(listed),
            view=view,
            filters=filters,
            address=Address("pages.external_tasks", view=None if view == "all" else view, **filters),
        )

    @pages.post("/admin/external-tasks/<uuid:task_id>/retry", endpoint="retry_external_task")
    def retry(task_id: UUID) -> Response:
        try:
            let_try_again(office, acting(), task_id)
        except (Forbidden, Missing):
            raise
        except Refusal as refusal:
            flash(say(refusal), "bad")
        else:
            flash(gettext("已恢复，程序下次领取时重试。"), "good")
        return redirect(url_for("pages.external_tasks"))


def _add_deployments(pages: Blueprint, office: Any) -> None:
    def load(number: int) -> Any:
        filters = _deployment_filters()
        return deployment_list(office, acting(), filters=filters, page=number)

    listed = listing.declare(
        pages,
        listing.Listed(
            name="deployments",
            words=lazy_gettext("部署记录"),
            load=load,
            columns=(
                listing.Column(code="deployed_at", words=lazy_gettext("部署时间"), cell=lambda row, _: row.deployed_at),
                listing.Column(code="name", words=lazy_gettext("名称"), cell=lambda row, _: row.name),
                listing.Column(code="source", words=lazy_gettext("来源"), cell=lambda row, _: row.source),
                listing.Column(
                    code="versions",
                    words=lazy_gettext("流程版本"),
                    cell=lambda row, found: "、".join(
                        f"{one.name} v{one.version}" for one in found.more["versions"].get(row.id, ())
                    ),
                ),
                listing.Column(code="deployed_by", words=lazy_gettext("部署人"), cell=lambda row, _: row.deployed_by),
                listing.Column(code="note", words=lazy_gettext("说明"), cell=lambda row, _: row.note),
            ),
        ),
    )

    @pages.get("/admin/deployments", endpoint="deployments")
    def every() -> str:
        filters = _deployment_filters()
        return render_template(
            "admin/deployments.html",
            found=listing.shown(listed),
            search=filters["name_like"],
            address=Address("pages.deployments", q=filters["name_like"]),
        )


def item_about(row: Any, words: Any) -> str:
    """What an item of the agenda is about, in words."""
    said: list[str] = []
    if row.kind == "job":
        said.append(str(JOB_NAMES.get(row.element, row.element)))
    elif row.kind == "notice":
        said.append(str(MESSAGE_EVENTS.get(row.element, row.element or "")))
    elif words.act:
        said.append(str(ACT_NAMES.get(words.act, words.act)))
    return " · ".join(one for one in (*said, words.place, words.person) if one)


def _agenda_filters() -> tuple[str, dict[str, str]]:
    view, kind = request.args.get("view", "coming"), request.args.get("kind", "")
    filters = {"kind": kind if kind in AGENDA_KINDS else "", "q": request.args.get("q", "").strip()[:60]}
    return (view if view in AGENDA_VIEWS else "coming"), filters


def _job_filters() -> tuple[str, str]:
    view = request.args.get("view", "all")
    return view if view in JOB_VIEWS else "all", request.args.get("q", "").strip()[:60]


def _external_filters() -> tuple[str, dict[str, str]]:
    view = request.args.get("view", "all")
    filters = {
        "topic_name": request.args.get("topic_name", "").strip()[:255],
        "worker_id": request.args.get("worker_id", "").strip()[:255],
    }
    return (view if view in EXTERNAL_VIEWS else "all"), filters


def _deployment_filters() -> dict[str, str]:
    return {"name_like": request.args.get("q", "").strip()[:60]}


def _item(office: Any, item_id: UUID, *, act: str = "", refusal: Refusal | None = None) -> str:
    row, words = agenda_item(office, acting(), item_id)
    return render_template(
        "admin/agenda_item.html",
        row=row,
        words=words,
        about=item_about(row, words),
        act=act,
        given=request.form,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
        movable=row.kind in MOVABLE,
        runnable=row.kind not in ("clock", "absence"),
    )


def _job(office: Any, name: str, refusal: Refusal | None = None) -> str:
    found = next((one for one in job_list(office, acting()).items if one.name == name), None)
    return render_template(
        "admin/job.html",
        found=found,
        runs=job_runs(office, acting(), name),
        given=request.form,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
    )
