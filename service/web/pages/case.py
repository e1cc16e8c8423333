"""办件: who has it and until when, what happened, where it stands on its diagrams."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext, ngettext

from service.casework.delivery.reading import case_deliveries
from service.casework.masking import may_ask
from service.casework.measures.showing import offers
from service.casework.messages.reading import messages_of_case
from service.casework.money.viewing import case_bills
from service.casework.notes.reading import note_panel
from service.casework.quality import case_offers
from service.casework.rights import TECHNICIANS
from service.casework.supporting import linked_cases
from service.casework.workbench import CasePage, DiagramPage, case_frame, case_page, diagram_page
from service.rules.deliveries import STATE_NAMES, WAY_NAMES
from service.rules.refusals import Missing
from service.web.bodies import as_identity
from service.web.pages.answers import answered_blocks, application_blocks
from service.web.pages.paging import Address, page_wanted
from service.web.pages.sign_in import acting
from service.web.pages.timeline import KINDS, PAGE, Timeline, timeline_of
from service.web.pages.wording import due, left

FIRST = 6  # branches shown before the rest is folded


def register(pages: Blueprint, office: Any) -> None:
    """Adds the case page and what its diagrams are painted with."""

    @pages.get("/cases/<uuid:case_id>", endpoint="case")
    def show(case_id: UUID) -> str:
        actor = acting()
        try:
            page = case_page(office, actor, case_id)
        except Missing:
            if not actor.has(*TECHNICIANS):
                raise
            return _frame(case_frame(office, actor, case_id))
        answered = [(one, answered_blocks(one)) for one in page.answered]
        messages = messages_of_case(office, actor, case_id)
        outside = actor.roles == frozenset({"applicant"})
        return render_template(
            "case.html",
            page=page,
            timeline=_timeline(page, timeline_of(page, answered, messages, outside=outside, demo=office.settings.demo)),
            first=FIRST,
            contact=may_ask(office, actor, case_id),
            told=messages,
            outside=outside,
            **_diagrams(page),
            linked=linked_cases(office, actor, case_id),
            measures=offers(office, actor, case_id),
            application=application_blocks(page),
            answered=answered,
            deliveries=case_deliveries(office, actor, case_id),
            delivery_states=STATE_NAMES,
            delivery_ways=WAY_NAMES,
            money=case_bills(office, actor, case_id),
            offers=case_offers(office, actor, case_id),
            notes=note_panel(office, actor, case_id),
        )

    @pages.get("/cases/<uuid:case_id>/marks")
    def marks(case_id: UUID) -> dict[str, Any]:
        page = diagram_page(office, acting(), case_id, _scope())
        return {
            "elements": {element: _mark(page, case_id, element) for element in page.diagram.marks},
            "planned": sorted(page.ahead.planned),
            "possible": sorted(page.ahead.possible),
            "running": page.diagram.running,
        }


def _frame(page: CasePage) -> str:
    """The page of who may see where the case stands, but nothing that is said in it."""
    return render_template("case_frame.html", page=page, first=FIRST, **_diagrams(page))


def _diagrams(page: CasePage) -> dict[str, Any]:
    """The chosen diagram, the way to it, and what it calls."""
    diagram = _chosen(page)
    by_scope = {one.scope: one for one in page.diagrams}
    trail = [diagram]
    while trail[0].scope is not None:
        trail.insert(0, by_scope[trail[0].parent])
    inside = [one for one in page.diagrams if one.scope is not None and one.parent == diagram.scope]
    return {"diagram": diagram, "trail": trail, "inside": inside}


def _timeline(page: CasePage, entries: Any) -> Timeline:
    """What the address asks for: one kind, one element, the order, the page."""
    kind, element = request.args.get("kind", ""), request.args.get("element", "")
    order = "old" if request.args.get("order") == "old" else ""
    address = Address(
        "pages.case",
        case_id=page.case.id,
        scope=request.args.get("scope"),
        kind=kind if kind in KINDS else None,
        element=element,
        order=order,
        _anchor="timeline",
    )
    return Timeline.of(
        entries,
        kind=kind if kind in KINDS else "",
        element=element,
        oldest_first=bool(order),
        page=page_wanted(),
        size=PAGE,
        address=address,
    )


def _scope() -> UUID | None:
    text = request.args.get("scope")
    return as_identity(text) if text else None


def _chosen(page: CasePage) -> Any:
    wanted = _scope()
    for diagram in page.diagrams:
        if diagram.scope == wanted:
            return diagram
    raise Missing("DIAGRAM_NOT_FOUND", "这个办件没有调用过这个流程。")


def _mark(page: DiagramPage, case_id: UUID, element: str) -> dict[str, Any]:
    mark, scope = page.diagram.marks[element], page.diagram.scope
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
    if mark.instances is not None:
        said["count"] = gettext("%(done)s/%(all)s 已完成", done=mark.instances[0], all=mark.instances[1])
    elif mark.state != "done" and mark.times:
        said["count"] = gettext("第 %(nth)s 轮", nth=mark.times + 1)
    if mark.calls:
        said["href"] = url_for("pages.case", case_id=case_id, scope=mark.calls[-1], _anchor="diagram")
        said["link"] = ngettext("打开流程 ›", "打开 %(num)s 个 ›", len(mark.calls))
    said["acts"] = url_for("pages.case", case_id=case_id, scope=scope, element=element, _anchor="timeline")
    said["name"] = page.names.get(element, "")
    return said


def _badge(state: str, item: Any) -> str:
    if state == "escalated":
        return gettext("↑ 已升级 %(left)s", left=left(item))
    return {"late": "■ ", "yellow": "▲ "}.get(state, "● ") + left(item)
