"""部门与岗位: the tree of departments, who holds their posts, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from service.casework.staff.departments import department_page, department_tree, put_department
from service.rules.refusals import Conflict, Invalid, Refusal
from service.web.pages import listing
from service.web.pages.labels import DEPARTMENT_KINDS, DEPARTMENT_STATES, ENTRIES, LACKS, LEVELS, ROLES, UNIT_TYPES
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

FIELDS = ("code", "name", "short", "kind", "unit_type", "parent", "level", "entry")
TREE = 100  # departments of one page: most centres have fewer, and the tree stays in one piece
POSTS = ("reviewer_a", "reviewer_b", "chief_rep", "resident_leader", "dept_head")


def register(pages: Blueprint, office: Any) -> None:
    """Adds the tree, one department, and the form to add or change one."""

    def load(number: int) -> Any:
        found = department_tree(office, acting(), **_filters())
        shown = listing.cut(found.items, number, size=TREE)
        return replace(found, items=shown.items, page=shown.page, pages=shown.pages)

    listed = listing.declare(
        pages,
        listing.Listed(
            name="departments",
            words=lazy_gettext("部门与岗位"),
            load=load,
            columns=(
                listing.Column(code="code", words=lazy_gettext("编码"), cell=lambda row, _: row.department.code),
                listing.Column(code="name", words=lazy_gettext("部门"), cell=lambda row, _: row.department.name),
                listing.Column(
                    code="kind", words=lazy_gettext("类别"), cell=lambda row, _: DEPARTMENT_KINDS[row.department.kind]
                ),
                listing.Column(
                    code="unit_type",
                    words=lazy_gettext("进驻科室"),
                    cell=lambda row, _: UNIT_TYPES.get(row.department.unit_type or "", ""),
                ),
                listing.Column(
                    code="entry", words=lazy_gettext("进驻"), cell=lambda row, _: ENTRIES[row.department.entry]
                ),
                *(_post_column(role) for role in POSTS),
                listing.Column(code="windows", words=lazy_gettext("窗口数"), cell=lambda row, _: row.windows),
                listing.Column(code="people", words=lazy_gettext("人数"), cell=lambda row, _: row.people),
                listing.Column(
                    code="lacks",
                    words=lazy_gettext("不齐全"),
                    cell=lambda row, _: "、".join(str(LACKS[code]) for code in row.lacks),
                ),
            ),
        ),
    )

    @pages.get("/admin/departments", endpoint="departments")
    def tree() -> str:
        filters = _filters()
        found = listing.shown(listed)
        return render_template(
            "admin/departments.html",
            found=found,
            filters=filters,
            posts=POSTS,
            address=Address("pages.departments", q=filters["search"], kind=filters["kind"], state=filters["state"]),
        )

    @pages.get("/admin/departments/new", endpoint="new_department")
    def new() -> str:
        department_tree(office, acting())
        return _form(office, {"kind": "FUNCTIONAL", "level": "CITY", "entry": "RESIDENT"}, new=True)

    @pages.get("/admin/departments/<code>", endpoint="department")
    def show(code: str) -> str:
        page = department_page(office, acting(), code)
        given = {name: value or "" for name, value in asdict(page.line.department).items()}
        return _page(page, given)

    @pages.post("/admin/departments", endpoint="change_department")
    def change() -> Response | tuple[str, int]:
        given = {name: request.form.get(name, "").strip()[:200] for name in FIELDS}
        new = request.form.get("new") == "yes"
        try:
            code = put_department(office, acting(), given, new=new)
        except (Invalid, Conflict) as refusal:
            status = 422 if isinstance(refusal, Invalid) else status_of(refusal)
            if new:
                return _form(office, given, new=True, refusal=refusal), status
            return _page(department_page(office, acting(), given["code"]), given, refusal), status
        flash(gettext("已保存。"), "good")
        return redirect(url_for("pages.department", code=code))


def _filters() -> dict[str, str]:
    kind, state = request.args.get("kind", ""), request.args.get("state", "")
    return {
        "search": request.args.get("q", "").strip()[:60],
        "kind": kind if kind in DEPARTMENT_KINDS else "",
        "state": state if state in DEPARTMENT_STATES else "",
    }


def _post_column(role: str) -> listing.Column:
    def cell(row: Any, found: Any) -> str:
        return "、".join(found.names.get(seat.username, seat.username) for seat in row.seats[role])

    return listing.Column(code=role, words=ROLES[role], cell=cell)


def _page(page: Any, given: Mapping[str, str], refusal: Refusal | None = None) -> str:
    return render_template("admin/department.html", page=page, posts=POSTS, **_shared(given, refusal), new=False)


def _form(office: Any, given: Mapping[str, str], *, new: bool, refusal: Refusal | None = None) -> str:
    choices = [line.department for line in department_tree(office, acting()).items]
    return render_template("admin/department.html", page=None, choices=choices, **_shared(given, refusal), new=new)


def _shared(given: Mapping[str, str], refusal: Refusal | None) -> dict[str, Any]:
    return {
        "given": given,
        "refusal": refusal,
        "problems": {one.field: one for one in (refusal.fields if refusal else ())},
        "kinds": DEPARTMENT_KINDS,
        "unit_types": UNIT_TYPES,
        "levels": LEVELS,
        "entries": ENTRIES,
    }
