"""帮助: a manual for every role, one section for every place, search, the tour of the first day.

Manuals are Markdown files by language below `service/web/manuals`; a section is a heading with an anchor of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app, redirect, render_template, request, send_from_directory, url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user
from markdown_it import MarkdownIt
from markupsafe import Markup
from werkzeug.wrappers import Response

from service.casework.staff.accounts import begin_tour, end_tour
from service.rules.refusals import Missing
from service.web.pages.help_places import PLACES, STEPS, TOURS
from service.web.pages.language import chosen
from service.web.pages.sign_in import acting

MANUALS = Path(__file__).resolve().parents[1] / "manuals"
PICTURES = Path(__file__).resolve().parents[1] / "static" / "manuals"
SECTION = re.compile(r"^## (?P<words>.+?) \{#(?P<anchor>[a-z0-9-]+)\}$", re.M)
PLACES_MANUAL = "pages"
ROLES = {  # manual → roles it is for
    "applicant": ("applicant",),
    "window": ("counter_clerk", "agency_officer"),
    "reviewer": ("reviewer_a", "reviewer_b", "inspector"),
    "chief": ("chief_rep", "resident_leader", "dept_head"),
    "issuing": ("issue_clerk",),
    "lead": ("lead_coordinator", "business_office"),
    "supervisor": ("supervisor", "complaint_officer", "leader"),
    "designer": ("process_designer", "legal_checker"),
    "system": ("system_admin",),
    "security": ("security_admin",),
    "audit": ("audit_admin",),
    "archive": ("archivist",),
    "fees": ("fee_manager", "finance", "cashier"),
}
NAMES = {
    "applicant": _("申请人"),
    "window": _("综合窗口与代办"),
    "reviewer": _("A岗、B岗与勘查"),
    "chief": _("首席代表与部门领导"),
    "issuing": _("发证窗口"),
    "lead": _("牵头部门与业务科"),
    "supervisor": _("督查与投诉受理"),
    "designer": _("流程设计员与法制审核"),
    "system": _("系统管理员"),
    "security": _("安全管理员"),
    "audit": _("审计管理员"),
    "archive": _("档案员"),
    "fees": _("收费、财政与银行柜台"),
    PLACES_MANUAL: _("每个页面能做什么"),
}
LONGEST = 60
AROUND = 60  # letters shown around what was found


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section of a manual. `plain`: its text without marks, for the search."""

    anchor: str
    words: str
    html: Markup
    plain: str


@dataclass(frozen=True, kw_only=True)
class Manual:
    """One manual: what stands before its first section, and its sections."""

    name: str
    opening: Markup
    sections: tuple[Section, ...]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Something the search found: where, and the words around it."""

    manual: str
    section: Section
    before: str
    found: str
    after: str


def register(app: Flask, pages: Blueprint, office: Any) -> None:
    """Adds the pages of help, `help_here()` for the frame, and the end of the tour."""
    app.jinja_env.globals.update(help_here=help_here, tour_steps=tour_steps)

    @pages.get("/help", endpoint="help")
    def index() -> str:
        words = request.args.get("q", "").strip()[:LONGEST]
        return render_template(
            "help/index.html",
            words=words,
            hits=search(words, chosen()) if words else (),
            names=NAMES,
            own=_own_manuals(),
        )

    @pages.get("/help/<name>", endpoint="manual")
    def show(name: str) -> str:
        if name not in NAMES:
            raise Missing("NOT_FOUND", "没有这个地址。")
        return render_template("help/manual.html", manual=manual(name, chosen()), name=name, names=NAMES)

    @pages.get("/help/pictures/<path:name>", endpoint="manual_picture")
    def picture(name: str) -> Response:
        return send_from_directory(PICTURES, name, max_age=3600)

    @pages.post("/help/tour", endpoint="tour")
    def tour() -> Response:
        if request.form.get("again"):
            begin_tour(office, acting())
        else:
            end_tour(office, acting())
        return redirect(url_for("pages.inbox"))


def help_here() -> str:
    """The address of the section about the page of this request."""
    place = place_of(request.endpoint or "")
    return url_for("pages.manual", name=PLACES_MANUAL, _anchor=place)


def place_of(endpoint: str) -> str:
    """The anchor of the section about a page: pages of one module are one place."""
    view = current_app.view_functions.get(endpoint)
    module = (view.__module__ if view is not None else "").rpartition(".")[2]
    return PLACES.get(endpoint.removeprefix("pages."), PLACES.get(module, "general"))


def tour_steps(actor: Any) -> list[tuple[str, Any]]:
    """What the tour shows somebody: places and what they are for."""
    return [(url_for(f"pages.{step}"), STEPS[step]) for step in _tour_of(actor)]


def search(words: str, language: str) -> tuple[Hit, ...]:
    """Sections with all of the words, those with a word in the heading first."""
    wanted = [word for word in words.lower().split() if word]
    found: list[tuple[int, Hit]] = []
    for name in NAMES:
        for section in manual(name, language).sections:
            text = f"{section.words}。{section.plain}"
            low = text.lower()
            if not wanted or not all(word in low for word in wanted):
                continue
            at = low.index(wanted[0])
            hit = Hit(
                manual=name,
                section=section,
                before=text[max(0, at - AROUND) : at],
                found=text[at : at + len(wanted[0])],
                after=text[at + len(wanted[0]) : at + len(wanted[0]) + AROUND],
            )
            heading = any(word in section.words.lower() for word in wanted)
            found.append((0 if heading else 1, hit))
    return tuple(hit for _rank, hit in sorted(found, key=lambda pair: pair[0]))


@cache
def manual(name: str, language: str) -> Manual:
    """A manual in a language."""
    text = (MANUALS / language / f"{name}.md").read_text(encoding="utf-8")
    marks = list(SECTION.finditer(text))
    ends = [one.start() for one in marks[1:]] + [len(text)]
    opening = text[: marks[0].start()] if marks else text
    return Manual(
        name=name,
        opening=_html(opening),
        sections=tuple(
            Section(
                anchor=mark["anchor"],
                words=mark["words"],
                html=_html(text[mark.end() : end]),
                plain=_plain(text[mark.end() : end]),
            )
            for mark, end in zip(marks, ends, strict=True)
        ),
    )


def _html(text: str) -> Markup:
    """Markdown of ours as HTML; HTML in it is shown as text."""
    return Markup(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def _plain(text: str) -> str:
    without = re.sub(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|[*`#>|\[]", " ", text)
    return re.sub(r"\s+", " ", without).strip()


def _own_manuals() -> list[str]:
    if not current_user.is_authenticated:
        return ["applicant"]
    return [name for name, roles in ROLES.items() if not acting().roles.isdisjoint(roles)]


def _tour_of(actor: Any) -> tuple[str, ...]:
    """The steps of somebody's tour, by the first role that has one."""
    steps: Mapping[str, tuple[str, ...]] = TOURS
    return next((steps[role] for role in steps if role in actor.roles), steps[""])
