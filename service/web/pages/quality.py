"""The registers of quality: 投诉, 差评处置, 回访, 抽查, 过错责任, 咨询, 现场办公; each a list that leads to its cases."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from service.casework.quality import REGISTERS, may_register, may_see, register_list
from service.web.pages.paging import Address, page_wanted
from service.web.pages.quality_words import FILTERS
from service.web.pages.sign_in import acting

PLACES = {
    "complaints": "/complaints",
    "bad_ratings": "/bad-ratings",
    "callbacks": "/callbacks",
    "inspections": "/inspections",
    "faults": "/faults",
    "consultations": "/consultations",
    "on_site": "/on-site-days",
}


def register(pages: Blueprint, office: Any) -> None:
    """Adds a list for each register."""
    for name, path in PLACES.items():
        pages.add_url_rule(path, endpoint=name, view_func=_list_of(office, name))


def _list_of(office: Any, name: str) -> Any:
    def show() -> str:
        state = request.args.get("state", "")
        state = state if state in REGISTERS[name].every_state() else ""
        kind = request.args.get("kind", "")
        kind = kind if kind in FILTERS.get(name, {}) else ""
        department = request.args.get("department", "")[:8]
        search = request.args.get("q", "").strip()[:100]
        found = register_list(
            office, acting(), name, state=state, kind=kind, department=department, search=search, page=page_wanted()
        )
        return render_template(
            "quality/register.html",
            found=found,
            name=name,
            state=state,
            kind=kind,
            kinds=FILTERS.get(name, {}),
            department=department,
            search=search,
            narrowed=bool(state or kind or department or search),
            sees_all=may_see(acting(), name),
            begins=may_register(acting(), name),
            address=Address(f"pages.{name}", state=state, kind=kind, department=department, q=search),
        )

    return show
