"""办件: who has it and until when, what happened, where it stands on its diagrams."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext, ngettext

from service.casework.delivery.reading import case_deliveries
from service.casework.measures.showing import offers
from service.casework.money.viewing import case_bills
from service.casework.quality import case_offers
from service.casework.supporting import linked_cases
from service.casework.workbench import CasePage, case_page
from service.rules.deliveries import STATE_NAMES, WAY_NAMES
from service.rules.refusals import Missing
from service.web.pages.answers import answered_blocks, application_blocks
from service.web.pages.sign_in import acting
from service.web.pages.timeline import timeline_of
from service.web.pages.wording import due, left


def register(pages: Blueprint, office: Any) -> None:
    """Adds the case page and what its diagrams are painted with."""

    @pages.get("/cases/<uuid:case_id>", endpoint="case")
    def show(case_id: UUID) -> str:
        page = case_page(office, acting(), case_id)
        answered = [(one, answered_blocks(one)) for one in page.answered]
        diagram = _chosen(page)
        by_scope = {one.scope: one for one in page.diagrams}
        trail = [diagram]
        while trail[0].scope is not None:
            trail.insert(0, by_scope[trail[0].parent])
        inside = [one for one in page.diagrams if one.scope is not None and one.parent == diagram.scope]
        return render_template(
            "case.html",
            page=page,
            timeline=timeline_of(page, answered),
            diagram=diagram,
            trail=trail,
            inside=inside,
            linked=linked_cases(office, acting(), case_id),
            measures=offers(office, acting(), case_id),
            application=application_blocks(page),
            answered=answered,
            deliveries=case_deliveries(office, acting(), case_id),
            delivery_states=STATE_NAMES,
            delivery_ways=WAY_NAMES,
            money=case_bills(office, acting(), case_id),
            offers=case_offers(office, acting(), case_id),
        )

    @pages.get("/cases/<uuid:case_id>/marks")
    def marks(case_id: UUID) -> dict[str, Any]:
        page = case_page(office, acting(), case_id)
        diagram = _chosen(page)
        return {"elements": {element: _mark(page, case_id, mark) for element, mark in diagram.marks.items()}}


def _chosen(page: CasePage) -> Any:
    wanted = request.args.get("scope")
    for diagram in page.diagrams:
        if (str(diagram.scope) if diagram.scope else None) == (wanted or None):
            return diagram
    raise Missing("DIAGRAM_NOT_FOUND", "这个办件没有调用过这个流程。")


def _mark(page: CasePage, case_id: UUID, mark: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"state": mark.state}
    if mark.tasks:
        first = mark.tasks[0]
        said["badge"] = _badge(mark.state, first)
        owner = first.owner.name if first.owner else gettext("待认领")
        said["owner"] = f"{owner} · {due(first.row.due_at, page.now)}" if first.row.due_at else owner
    elif mark.state == "done":
        said["badge"] = ngettext("✓", "✓ %(num)s 次", max(mark.times, 1))
    elif mark.state in ("late", "escalated", "yellow", "failed"):
        said["badge"] = {
            "late": gettext("■ 超期"),
            "escalated": gettext("↑ 已升级"),
            "yellow": gettext("▲ 临期"),
            "failed": gettext("! 故障"),
        }[mark.state]
    if mark.calls:
        said["href"] = url_for("pages.case", case_id=case_id, scope=mark.calls[-1], _anchor="diagram")
        said["link"] = ngettext("打开流程 ›", "打开 %(num)s 个 ›", len(mark.calls))
    return said


def _badge(state: str, item: Any) -> str:
    if state == "escalated":
        return gettext("↑ 已升级 %(left)s", left=left(item))
    return {"late": "■ ", "yellow": "▲ "}.get(state, "● ") + left(item)
