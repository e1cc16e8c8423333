"""The registers of quality: 投诉, 差评处置, 回访, 抽查, 过错责任, 咨询, 现场办公; each a list that leads to its cases."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from service.casework.quality import REGISTERS, may_register, may_see, register_list
from service.web.pages import columns, listing
from service.web.pages.paging import Address
from service.web.pages.quality_words import FILTERS, TITLES
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
        pages.add_url_rule(path, endpoint=name, view_func=_list_of(pages, office, name))


def _list_of(pages: Blueprint, office: Any, name: str) -> Any:
    def load(number: int) -> Any:
        return register_list(office, acting(), name, **_filters(name), page=number)

    listed = listing.declare(
        pages,
        listing.Listed(name=name, words=TITLES[name], load=load, columns=columns.register_columns(name)),
    )

    def show() -> str:
        asked = _filters(name)
        return render_template(
            "quality/register.html",
            found=listing.shown(listed),
            name=name,
            **asked,
            kinds=FILTERS.get(name, {}),
            narrowed=any(asked.values()),
            sees_all=may_see(acting(), name),
            begins=may_register(acting(), name),
            address=Address(
                f"pages.{name}",
                state=asked["state"],
                kind=asked["kind"],
                department=asked["department"],
                q=asked["search"],
            ),
        )

    return show


def _filters(name: str) -> dict[str, str]:
    state, kind = request.args.get("state", ""), request.args.get("kind", "")
    return {
        "state": state if state in REGISTERS[name].every_state() else "",
        "kind": kind if kind in FILTERS.get(name, {}) else "",
        "department": request.args.get("department", "")[:8],
        "search": request.args.get("q", "").strip()[:100],
    }
