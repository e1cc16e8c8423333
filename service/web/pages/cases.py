"""办件查询: the cases a person may read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext

from service.casework.workbench import Standing, case_list
from service.web.pages import columns, listing
from service.web.pages.labels import CASE_LIGHTS, CASE_VIEWS
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list of cases."""

    def load(number: int) -> Any:
        return case_list(office, acting(), **_filters(), page=number)

    listed = listing.declare(
        pages,
        listing.Listed(name="cases", words=lazy_gettext("办件查询"), load=load, columns=columns.CASES),
    )

    @pages.get("/cases")
    def cases() -> str:
        asked = _filters()
        state = None if asked["view"] == "running" else asked["view"]
        address = Address(
            "pages.cases",
            state=state,
            process=asked["key"],
            version=asked["version"],
            light=asked["light"],
            q=asked["search"],
            **_asked_at(asked["at"]),
        )
        return render_template("cases.html", found=listing.shown(listed), **asked, address=address)


def _at() -> Standing | None:
    """The step whose cases are asked for (`step`, `of` its process, `of_version`, `overdue`)."""
    step, process, number = (request.args.get(name, "")[:255] for name in ("step", "of", "of_version"))
    if not step or not process:
        return None
    version = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else None
    return Standing(process=process, element=step, version=version, overdue=request.args.get("overdue") == "1")


def _asked_at(at: Standing | None) -> dict[str, Any]:
    """The same as parts of an address."""
    if at is None:
        return {}
    return {"step": at.element, "of": at.process, "of_version": at.version, "overdue": 1 if at.overdue else None}


def _filters() -> dict[str, Any]:
    view, light = request.args.get("state", "running"), request.args.get("light", "")
    key, number = request.args.get("process", "")[:255] or None, request.args.get("version", "")
    return {
        "view": view if view in CASE_VIEWS else "running",
        "key": key,
        "version": int(number) if key and number.isascii() and number.isdigit() and len(number) < 7 else None,
        "at": _at(),
        "light": light if light in CASE_LIGHTS else None,
        "search": request.args.get("q", "").strip()[:100],
    }
