"""办件查询: the cases a person may read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from service.casework.workbench import case_list
from service.web.pages.labels import CASE_LIGHTS, CASE_VIEWS
from service.web.pages.paging import Address, page_wanted
from service.web.pages.sign_in import acting


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list of cases."""

    @pages.get("/cases")
    def cases() -> str:
        view = request.args.get("state", "running")
        view = view if view in CASE_VIEWS else "running"
        key = request.args.get("process", "")[:255] or None
        number = request.args.get("version", "")
        version = int(number) if key and number.isascii() and number.isdigit() and len(number) < 7 else None
        search = request.args.get("q", "").strip()[:100]
        lit = request.args.get("light", "")
        light = lit if lit in CASE_LIGHTS else None
        found = case_list(
            office, acting(), view=view, key=key, version=version, light=light, search=search, page=page_wanted()
        )
        state = None if view == "running" else view
        address = Address("pages.cases", state=state, process=key, version=version, light=light, q=search)
        return render_template(
            "cases.html",
            found=found,
            view=view,
            key=key,
            version=version,
            light=light,
            search=search,
            address=address,
        )
