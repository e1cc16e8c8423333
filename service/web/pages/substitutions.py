"""代岗情况: who is away in the whole centre and who does the work."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext, lazy_gettext

from service.casework.staff.departments import department_names
from service.casework.staff.substitutions import VIEWS, substitution_list
from service.web.pages import listing
from service.web.pages.labels import ABSENCE_KINDS, ROLES
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list."""

    def load(number: int) -> Any:
        view, filters = _asked()
        return substitution_list(office, acting(), filters=filters, view=view, sort=_sort(), page=number)

    listed = listing.declare(
        pages,
        listing.Listed(
            name="substitutions",
            words=lazy_gettext("代岗情况"),
            load=load,
            sorts=("since", "recorded_at"),
            columns=(
                listing.Column(code="name", words=lazy_gettext("人员"), cell=lambda row, _: row.name),
                listing.Column(code="department", words=lazy_gettext("部门"), cell=lambda row, _: row.department),
                listing.Column(code="since", words=lazy_gettext("离岗时间"), cell=lambda row, _: row.since),
                listing.Column(code="until", words=lazy_gettext("返岗时间"), cell=lambda row, _: row.until),
                listing.Column(code="kind", words=lazy_gettext("种类"), cell=lambda row, _: ABSENCE_KINDS[row.kind]),
                listing.Column(code="reason", words=lazy_gettext("事由"), cell=lambda row, _: row.reason),
                listing.Column(code="cover", words=lazy_gettext("由谁办理"), cell=_cover),
                listing.Column(code="recorded_by", words=lazy_gettext("登记人"), cell=_recorder),
            ),
        ),
    )

    @pages.get("/admin/substitutions", endpoint="substitutions")
    def every() -> str:
        view, filters = _asked()
        return render_template(
            "admin/substitutions.html",
            found=listing.shown(listed),
            view=view,
            filters=filters,
            departments=department_names(office),
            cover=_cover,
            address=Address("pages.substitutions", view=None if view == "away" else view, **filters),
        )


def _asked() -> tuple[str, dict[str, str]]:
    view = request.args.get("view", "away")
    return (view if view in VIEWS else "away"), {"department": request.args.get("department", "")[:8]}


def _sort() -> str:
    return listing.sort_wanted()


def _cover(row: Any, found: Any) -> str:
    held = found.more["covers"].get(row.id, ())
    words = []
    for role, one in held:
        owner = found.more["names"].get(one.owner, one.owner) if one.owner else gettext("待认领")
        words.append(
            f"{ROLES[role]}：{owner}" if one.owner or not one.uncovered else f"{ROLES[role]}：" + gettext("无人在岗")
        )
    return "；".join(words)


def _recorder(row: Any, found: Any) -> str:
    return str(found.more["names"].get(row.recorded_by, row.recorded_by))
