"""转办, 委派, 加签, 催办, 抄送: acts between people on a task, one page each; opinions, taking back and drafts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response as Answer

from service.casework.countersigning import answer_signing, remove_signer
from service.casework.handing import (
    HandingPanel,
    answer_delegation,
    delegate_work,
    drop_draft,
    handing_panel,
    people_named,
    people_to_ask,
    save_draft,
    send_copy,
    take_back,
    task_colleagues,
    transfer_task,
    urge_task,
)
from service.casework.together.asking import Place, ask_signers
from service.casework.together.instances import add_instance, remove_instance
from service.casework.workbench import task_page
from service.casework.workbench.work import departments_by_code
from service.rules.countersign import Mode
from service.rules.forms import read_page
from service.rules.refusals import Conflict, Forbidden, Missing, Refusal, refuse
from service.web.pages.answers import EMPTY
from service.web.pages.sign_in import acting
from service.web.pages.wording import say
from service.web.statuses import status_of

APART = re.compile(r"[、，,；;\s]+")
FIELD_OF = {
    "PERSON_UNKNOWN": "to",
    "NOT_OF_THE_POST": "to",
    "DUTIES_SEPARATED_OTHER": "to",
    "INSPECTOR_DECIDES_OTHER": "to",
    "RELATIVE_AVOIDED": "to",
    "AGENT_HANDLES": "to",
    "OUTSIDE_LETTER": "to",
    "DEPUTY_NOT_YET": "to",
    "HANDED_TO_ONESELF": "to",
    "PERSON_AWAY": "to",
    "SIGNER_ASKED": "people",
    "SIGNER_FORBIDDEN": "people",
    "READER_FORBIDDEN": "people",
    "COPIED_ALREADY": "people",
}
PLACES = {
    Place.BEFORE: _("前加签：先听取意见，再由我提交"),
    Place.PARALLEL: _("并加签：同时征求，我提交后等意见到齐"),
    Place.AFTER: _("后加签：我提交以后再征求，意见到齐才生效"),
}
MODES = {
    Mode.ALL: _("全部同意（等所有人发表意见）"),
    Mode.ANY: _("一人同意即可"),
    Mode.RATIO: _("按比例同意"),
    Mode.SEQUENTIAL: _("依次会签，有人不同意即结束"),
    Mode.VETO: _("一票否决，有人不同意即结束"),
}


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act: what it is called, what it means, which questions it asks, and doing it."""

    title: Any
    about: Any
    button: Any
    done: Any
    asks: tuple[str, ...]  # colleague, people, place, mode, or the name of a text
    text: Any = ""  # what the text is called
    must: bool = True
    do: Callable[[Any, UUID, Mapping[str, str]], Any]


def register(pages: Blueprint, office: Any) -> None:
    """Adds one page per act, the acts without a page, and what templates ask for."""

    @pages.app_template_global("handing_of")
    def of_task(task_id: UUID) -> HandingPanel:
        return handing_panel(office, acting(), task_id)

    @pages.get("/tasks/<uuid:task_id>/handing/<name>", endpoint="handing_act")
    def ask(task_id: UUID, name: str) -> str:
        panel = _panel(office, task_id, name)
        return _page(office, name, panel, {})

    @pages.post("/tasks/<uuid:task_id>/handing/<name>", endpoint="do_handing_act")
    def do(task_id: UUID, name: str) -> Answer | tuple[str, int]:
        panel = _panel(office, task_id, name)
        given = {field: text.strip() for field, text in request.form.items()}
        try:
            ACTS[name].do(office, task_id, given)
        except Missing:
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _page(office, name, panel, given, refusal), 422 if status == 400 else status
        flash(str(ACTS[name].done), "good")
        return redirect(_afterwards(office, task_id, panel.case_id))

    @pages.post("/tasks/<uuid:task_id>/fetch-back", endpoint="take_back")
    def take(task_id: UUID) -> Answer:
        return _done(task_id, lambda: take_back(office, acting(), task_id), gettext("已收回，仍由您办理。"))

    @pages.post("/tasks/<uuid:task_id>/signers/<uuid:signer_id>", endpoint="sign")
    def sign(task_id: UUID, signer_id: UUID) -> Answer | tuple[str, int]:
        vote, opinion = request.form.get("vote", ""), request.form.get("opinion", "")
        try:
            answer_signing(office, acting(), task_id, signer_id, vote, opinion)
        except (Conflict, Forbidden) as refusal:
            flash(say(refusal), "bad")
        except Missing:
            raise
        except Refusal as refusal:
            panel = handing_panel(office, acting(), task_id)
            return render_template(
                "handing_sign.html",
                panel=panel,
                given=request.form,
                problems={one.field: one for one in refusal.fields},
            ), 422
        else:
            flash(gettext("意见已发表。"), "good")
        return redirect(url_for("pages.task", task_id=task_id, _anchor="signers"))

    @pages.post("/tasks/<uuid:task_id>/signers/<uuid:signer_id>/remove", endpoint="remove_signer")
    def remove(task_id: UUID, signer_id: UUID) -> Answer:
        reason = request.form.get("reason", "")
        return _done(task_id, lambda: remove_signer(office, acting(), task_id, signer_id, reason), gettext("已减签。"))

    @pages.post("/tasks/<uuid:task_id>/draft", endpoint="save_draft")
    def keep(task_id: UUID) -> Response:
        page = task_page(office, acting(), task_id)
        entries = read_page(page.schema or EMPTY, request.form.getlist)
        at = save_draft(office, acting(), task_id, entries)
        return jsonify(saved=at.isoformat())

    @pages.post("/tasks/<uuid:task_id>/draft/drop", endpoint="drop_draft")
    def drop(task_id: UUID) -> Answer:
        return _done(task_id, lambda: drop_draft(office, acting(), task_id), gettext("草稿已删除。"))


def _done(task_id: UUID, act: Callable[[], Any], words: str) -> Answer:
    """An act without a page: what refuses it is said where one came from."""
    try:
        act()
    except Missing:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
    else:
        flash(words, "good")
    return redirect(url_for("pages.task", task_id=task_id))


def _afterwards(office: Any, task_id: UUID, case_id: UUID) -> str:
    """Back to the task, as long as one may still see it."""
    try:
        handing_panel(office, acting(), task_id)
    except Missing:
        return url_for("pages.inbox")
    return url_for("pages.task", task_id=task_id)


def _panel(office: Any, task_id: UUID, name: str) -> HandingPanel:
    panel = handing_panel(office, acting(), task_id)
    if name not in ACTS:
        raise Missing("ACT_NOT_FOUND", "没有这个操作，或者您现在不能进行。")
    return panel


def _page(office: Any, name: str, panel: HandingPanel, given: Mapping[str, str], refusal: Refusal | None = None) -> str:
    act, actor = ACTS[name], acting()
    problems = {one.field: one for one in refusal.fields} if refusal else {}
    if refusal is not None and not problems and refusal.code in FIELD_OF:
        problems = {
            one.field: one
            for one in refuse(FIELD_OF[refusal.code], refusal.code, refusal.text, **refusal.params).fields
        }
    return render_template(
        "handing_act.html",
        name=name,
        act=act,
        panel=panel,
        given=given,
        chosen=request.form.getlist("people"),
        refusal=refusal,
        problems=problems,
        open=name in panel.acts,
        colleagues=task_colleagues(office, actor, panel.task_id, opinion=name == "delegate")
        if "colleague" in act.asks and name in panel.acts
        else (),
        everybody=people_to_ask(office, actor) if "people" in act.asks and name in panel.acts else (),
        departments=departments_by_code(office) if "item" in act.asks else {},
        places=PLACES,
        modes=MODES,
    )


def _people(office: Any) -> list[str]:
    others = [one for one in APART.split(request.form.get("others", "")) if one]
    return [*request.form.getlist("people"), *people_named(office, others)]


def _seen(given: Mapping[str, str]) -> int | None:
    text = given.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _transfer(office: Any, task_id: UUID, given: Mapping[str, str]) -> None:
    if not given.get("to"):
        raise refuse("to", "FIELD_REQUIRED", "请选择接办的人。")
    transfer_task(office, acting(), task_id, given["to"], given.get("reason", ""), seen=_seen(given))


def _delegate(office: Any, task_id: UUID, given: Mapping[str, str]) -> None:
    if not given.get("to"):
        raise refuse("to", "FIELD_REQUIRED", "请选择征求谁的意见。")
    delegate_work(office, acting(), task_id, given["to"], given.get("question", ""), seen=_seen(given))


def _ask(office: Any, task_id: UUID, given: Mapping[str, str]) -> None:
    if given.get("place") not in tuple(Place):
        raise refuse("place", "FIELD_REQUIRED", "请选择加签的方式。")
    mode = given.get("mode", "")
    policy = f"ratio:{given.get('ratio', '')}" if mode == Mode.RATIO else mode
    ask_signers(
        office,
        acting(),
        task_id,
        _people(office),
        place=Place(given["place"]),
        policy=policy,
        question=given.get("question", ""),
    )


ACTS: dict[str, Act] = {
    "transfer": Act(
        title=_("转办"),
        about=_("任务交给本岗位的其他人员办理，时限照常计算。对方动手以前可以收回。"),
        button=_("确认转办"),
        done=_("已转办。"),
        asks=("colleague", "reason"),
        text=_("转办的理由"),
        do=_transfer,
    ),
    "delegate": Act(
        title=_("委派"),
        about=_("请同事先提出意见，交回后仍由您决定，时限照常计算。对方动手以前可以收回。"),
        button=_("确认委派"),
        done=_("已委派，等待同事的意见。"),
        asks=("colleague", "question"),
        text=_("请同事做什么"),
        do=_delegate,
    ),
    "answer": Act(
        title=_("交回委派"),
        about=_("意见交给委派您的同事，由其继续办理。"),
        button=_("交回"),
        done=_("已交回。"),
        asks=("opinion",),
        text=_("我的意见"),
        do=lambda office, task_id, given: answer_delegation(office, acting(), task_id, given.get("opinion", "")),
    ),
    "ask": Act(
        title=_("加签"),
        about=_("请其他人员对这项任务发表意见，时限照常计算。意见随时可见，结论仍由承办人作出。"),
        button=_("确认加签"),
        done=_("已加签。"),
        asks=("people", "place", "mode", "question"),
        text=_("征求意见的内容"),
        do=_ask,
    ),
    "join": Act(
        title=_("增加会签对象"),
        about=_("再征求一个部门的意见，从现在起办理；已经发表的意见不变。"),
        button=_("确认增加"),
        done=_("已增加。"),
        asks=("item", "reason"),
        text=_("增加的理由"),
        do=lambda office, task_id, given: add_instance(
            office, acting(), task_id, given.get("item", ""), given.get("reason", "")
        ),
    ),
    "leave": Act(
        title=_("减去本会签任务"),
        about=_("不再征求这一份意见，任务取消；其余意见够数时，会签随即结束。不能撤销。"),
        button=_("确认减去"),
        done=_("已减去。"),
        asks=("reason",),
        text=_("减去的理由"),
        do=lambda office, task_id, given: remove_instance(office, acting(), task_id, given.get("reason", "")),
    ),
    "urge": Act(
        title=_("催办"),
        about=_("提醒承办人和尚未发表意见的人员。同一任务每人每半天只能催办一次，次数公开。"),
        button=_("催办"),
        done=_("已催办。"),
        asks=("note",),
        text=_("想说的话"),
        must=False,
        do=lambda office, task_id, given: urge_task(office, acting(), task_id, given.get("note", "")),
    ),
    "copy": Act(
        title=_("抄送"),
        about=_("对方只能查看这个办件，阅知后这里可以看到。"),
        button=_("抄送"),
        done=_("已抄送。"),
        asks=("people", "note"),
        text=_("想说的话"),
        must=False,
        do=lambda office, task_id, given: send_copy(
            office, acting(), handing_panel(office, acting(), task_id).case_id, _people(office), given.get("note", "")
        ),
    ),
}
