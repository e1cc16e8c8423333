"""档案: files of ended cases, their packages, where the paper lies, taking packages out with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from service.casework.archive.keeping import lay_paper, retention_rules, set_term
from service.casework.archive.reading import (
    VIEWS,
    FileSearch,
    Taken,
    archive_list,
    archive_page,
    check_package,
    export_files,
    take_package,
)
from service.rules.refusals import Forbidden, Missing, Refusal
from service.rules.retention import CATEGORIES, TERM_CODES
from service.web.pages import columns, listing
from service.web.pages.labels import ARCHIVE_KINDS, ARCHIVE_TERMS, ARCHIVE_VIEWS
from service.web.pages.paging import Address
from service.web.pages.rights import Rights
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

CHUNK = 1 << 18
ZIP = "application/zip"
YEARS = {code: years for years, code in TERM_CODES.items()}


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list, one file, its packages, and the terms."""

    def load(number: int) -> Any:
        view, _, search = _filters()
        return archive_list(office, acting(), search=search, view=view, page=number)

    listing.declare(
        pages,
        listing.Listed(name="archive", words=lazy_gettext("档案"), load=load, columns=columns.ARCHIVE),
    )

    @pages.get("/archive")
    def archive() -> str:
        return _list(office)

    @pages.post("/archive/export")
    def export_archive() -> AnyResponse | tuple[str, int]:
        try:
            taken = export_files(office, acting(), _cases(), request.form.get("reason", "")[:500])
        except Forbidden:
            raise
        except Refusal as refusal:
            code = status_of(refusal)
            return _list(office, refusal), 422 if code in (400, 404) else code
        return _sent(taken)

    @pages.get("/archive/terms")
    def archive_terms() -> str:
        return _terms(office)

    @pages.post("/archive/terms/<category>")
    def set_archive_term(category: str) -> AnyResponse | tuple[str, int]:
        code = request.form.get("years", "")
        try:
            if code not in YEARS:
                raise Missing("NOT_FOUND", "没有这个地址。")
            set_term(office, acting(), category, YEARS[code], request.form.get("basis", "")[:300])
        except (Forbidden, Missing):
            raise
        except Refusal as refusal:
            return _terms(office, category, refusal), 422
        flash(gettext("保管期限已修改，今后归档的案卷按新期限保管。"), "good")
        return redirect(url_for("pages.archive_terms"))

    @pages.get("/archive/<uuid:case_id>")
    def archive_file(case_id: UUID) -> str:
        return _file(office, case_id)

    @pages.post("/archive/<uuid:case_id>/place")
    def lay_archive(case_id: UUID) -> AnyResponse | tuple[str, int]:
        form = request.form
        try:
            laid = lay_paper(office, acting(), case_id, form.get("box", "")[:60], form.get("position", "")[:20])
        except (Forbidden, Missing):
            raise
        except Refusal as refusal:
            code = status_of(refusal)
            return _file(office, case_id, refused="place", refusal=refusal), 422 if code == 400 else code
        flash(gettext("纸质档案已登记在 %(box)s 盒第 %(position)s 位。", box=laid.box, position=laid.position), "good")
        return redirect(url_for("pages.archive_file", case_id=case_id))

    @pages.post("/archive/<uuid:case_id>/packages/<int:part>/check")
    def check_archive_package(case_id: UUID, part: int) -> str:
        return _file(office, case_id, checked=(part, check_package(office, acting(), case_id, part)))

    @pages.post("/archive/<uuid:case_id>/packages/<int:part>/take")
    def take_archive_package(case_id: UUID, part: int) -> AnyResponse | tuple[str, int]:
        try:
            taken = take_package(office, acting(), case_id, part, request.form.get("reason", "")[:500])
        except (Forbidden, Missing):
            raise
        except Refusal as refusal:
            return _file(office, case_id, refused=f"take-{part}", refusal=refusal), 422
        return _sent(taken)


def _filters() -> tuple[str, dict[str, str], FileSearch]:
    view, year = request.args.get("view", "all"), request.args.get("year", "")
    filters = {
        "q": request.args.get("q", "").strip()[:60],
        "year": year if year.isascii() and year.isdigit() and len(year) == 4 else "",
        "years": _among("years", tuple(YEARS)),
        "category": _among("category", tuple(CATEGORIES)),
        "department": request.args.get("department", "")[:8],
        "box": request.args.get("box", "").strip()[:40],
    }
    search = FileSearch(
        words=filters["q"],
        year=int(filters["year"]) if filters["year"] else None,
        years=filters["years"],
        category=filters["category"],
        department=filters["department"],
        box=filters["box"],
    )
    return (view if view in VIEWS else "all"), filters, search


def _list(office: Any, refusal: Refusal | None = None) -> str:
    view, filters, _ = _filters()
    return render_template(
        "archive.html",
        found=listing.shown(listing.lists()["archive"]),
        view=view,
        filters=filters,
        narrowed=any(filters.values()) or view != "all",
        views=ARCHIVE_VIEWS,
        terms=ARCHIVE_TERMS,
        term_codes=TERM_CODES,
        categories=CATEGORIES,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
        chosen=set(request.form.getlist("case")),
        reason=request.form.get("reason", "")[:500],
        address=Address("pages.archive", view=None if view == "all" else view, **filters),
    )


def _file(office: Any, case_id: UUID, *, refused: str = "", refusal: Refusal | None = None, checked: Any = None) -> str:
    return render_template(
        "archive_file.html",
        page=archive_page(office, acting(), case_id),
        refused=refused,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
        given=request.form,
        checked=checked,
        kinds=ARCHIVE_KINDS,
        terms=ARCHIVE_TERMS,
        term_codes=TERM_CODES,
        categories=CATEGORIES,
    )


def _terms(office: Any, refused: str = "", refusal: Refusal | None = None) -> str:
    return render_template(
        "archive_terms.html",
        rules=retention_rules(office, acting()),
        keeps=Rights(acting(), demo=office.settings.demo).keep_archive,
        refused=refused,
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
        given=request.form,
        terms=ARCHIVE_TERMS,
        term_codes=TERM_CODES,
        categories=CATEGORIES,
    )


def _cases() -> list[UUID]:
    found = []
    for text in request.form.getlist("case"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _among(name: str, choices: tuple[str, ...]) -> str:
    text = request.args.get(name, "")
    return text if text in choices else ""


def _sent(taken: Taken) -> Response:
    """The file, streamed; never stored by anybody in between."""
    response = Response(_pieces(taken.stream), content_type=ZIP)
    response.headers["Content-Length"] = str(taken.size)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"archive.zip\"; filename*=UTF-8''{quote(taken.name)}"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(CHUNK):
            yield piece
