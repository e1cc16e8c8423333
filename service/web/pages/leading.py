"""牵头联办: the chains a department leads, and what who leads may do there: 催办部门, 召集会商, 汇总意见."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from service.casework.leading import convene, remind, sum_up
from service.casework.workbench import ChainPage, chain_page, led_chains
from service.rules.refusals import Forbidden, Missing, Refusal
from service.web.instants import read_instant
from service.web.pages import columns, listing
from service.web.pages.labels import CASE_LIGHTS, CASE_VIEWS
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.pages.wording import say
from service.web.statuses import status_of


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act: what it is called, what it means, what it asks for."""

    title: Any
    about: Any
    button: Any
    asks: tuple[str, ...]  # departments, at, room, or the name of a text
    text: Any
    must: bool = True
    do: Callable[[Any, UUID, Mapping[str, str]], None]


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list of chains, and one page per act."""

    def load(number: int) -> Any:
        return led_chains(office, acting(), **_filters(), page=number)

    listed = listing.declare(
        pages, listing.Listed(name="led_chains", words=_("牵头联办"), load=load, columns=columns.LED_CHAINS)
    )

    @pages.get("/chains", endpoint="led_chains")
    def chains() -> str:
        asked = _filters()
        state = None if asked["view"] == "running" else asked["view"]
        address = Address("pages.led_chains", state=state, light=asked["light"], q=asked["search"])
        return render_template("led_chains.html", found=listing.shown(listed), **asked, address=address)

    @pages.get("/cases/<uuid:case_id>/lead/<name>", endpoint="lead_act")
    def ask(case_id: UUID, name: str) -> str:
        return _page(case_id, name, {})

    @pages.post("/cases/<uuid:case_id>/lead/<name>", endpoint="do_lead_act")
    def do(case_id: UUID, name: str) -> Response | tuple[str, int]:
        given = {field: text.strip() for field, text in request.form.items()}
        try:
            _known(name).do(office, case_id, given)
        except (Missing, Forbidden):
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _page(case_id, name, given, refusal), 422 if status == 400 else status
        return redirect(url_for("pages.chain", case_id=case_id))

    def _page(case_id: UUID, name: str, given: Mapping[str, str], refusal: Refusal | None = None) -> str:
        act, chain = _known(name), chain_page(office, acting(), case_id)
        if not chain.leads:
            raise Forbidden("LEADING_FORBIDDEN", "只有牵头部门的协调人和负责人可以召集、催办和汇总")
        offices = _at_work(chain)
        chosen = request.form.getlist("departments") if given else request.args.getlist("department")
        return render_template(
            "lead_act.html",
            name=name,
            act=act,
            chain=chain,
            page=chain.page,
            offices=offices,
            chosen=chosen or ([] if given else list(offices)),
            given=given,
            refusal=refusal,
            problems={one.field: one for one in (refusal.fields if refusal else ())},
        )


def _known(name: str) -> Act:
    if name not in ACTS:
        raise Missing("ACT_NOT_FOUND", "没有这个操作，或者您现在不能进行。")
    return ACTS[name]


def _at_work(chain: ChainPage) -> dict[str, list[Any]]:
    """Department → its branches that are being worked on, the departments with something late first."""
    running = [one for one in chain.branches if one.state == "RUNNING" and one.department]
    found: dict[str, list[Any]] = {}
    for one in sorted(running, key=lambda one: one.light not in ("red", "yellow")):
        found.setdefault(one.department, []).append(one)
    return found


def _filters() -> dict[str, Any]:
    view, light = request.args.get("state", "running"), request.args.get("light", "")
    return {
        "view": view if view in CASE_VIEWS else "running",
        "light": light if light in CASE_LIGHTS else None,
        "search": request.args.get("q", "").strip()[:100],
    }


def _remind(office: Any, case_id: UUID, given: Mapping[str, str]) -> None:
    done = remind(office, acting(), case_id, request.form.getlist("departments"), given.get("note", ""))
    if done.told:
        flash(ngettext("已催办 %(num)s 项任务。", "已催办 %(num)s 项任务。", done.told), "good")
    for task, refusal in done.refused:
        flash(gettext("“%(task)s”没有催办：%(why)s", task=task, why=say(refusal)), "warn")


def _convene(office: Any, case_id: UUID, given: Mapping[str, str]) -> None:
    convene(
        office,
        acting(),
        case_id,
        at=read_instant(given.get("at", "")),
        room=given.get("room", ""),
        subject=given.get("subject", ""),
        departments=request.form.getlist("departments"),
    )
    flash(gettext("已通知参加会商的部门。"), "good")


def _sum_up(office: Any, case_id: UUID, given: Mapping[str, str]) -> None:
    sum_up(office, acting(), case_id, given.get("text", ""))
    flash(gettext("汇总意见已保存，参加联办的部门都能看到。"), "good")


ACTS: dict[str, Act] = {
    "remind": Act(
        title=_("催办部门"),
        about=_("提醒所选部门正在办理的人员。同一任务每人每半天只能催办一次，次数公开。"),
        button=_("催办"),
        asks=("departments", "note"),
        text=_("想说的话"),
        must=False,
        do=_remind,
    ),
    "convene": Act(
        title=_("召集会商"),
        about=_("通知所选部门的首席代表参加。会商不代替各部门作出决定，结论由各部门在自己的任务中填写。"),
        button=_("发出通知"),
        asks=("departments", "at", "room", "subject"),
        text=_("会商的内容"),
        do=_convene,
    ),
    "summary": Act(
        title=_("汇总意见"),
        about=_("把各部门到目前为止的意见汇总成一段话。申请人看不到；各部门的意见不变。"),
        button=_("保存汇总"),
        asks=("text",),
        text=_("汇总意见"),
        do=_sum_up,
    ),
}
