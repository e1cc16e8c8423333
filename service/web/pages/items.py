"""事项目录 and 办事指南: open to everybody, generated from the register, printable; with all versions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext, lazy_gettext
from flask_login import current_user

from service.casework.register import (
    catalogue,
    guide,
    guide_paper,
    item_diagram,
    item_flow_picture,
    item_history,
    may_office,
    may_propose,
    may_propose_any,
    may_watch,
)
from service.casework.workbench import joint_chains, startable
from service.rules.worktime import SHANGHAI
from service.web.downloads import pdf
from service.web.pages import columns, listing
from service.web.pages import item_words as words
from service.web.pages.item_guide import guide_sections, limits_of, steps_of
from service.web.pages.paging import Address
from service.web.pages.rights import Rights
from service.web.pages.wording import centre_name

FILTERS = ("department", "kind", "theme", "status")


def register(pages: Blueprint, office: Any) -> None:
    """Adds the catalogue, the guide, its versions and its flow chart."""

    def load(number: int) -> Any:
        search, chosen = _filters()
        return catalogue(office, search=search, filters=chosen, page=number)

    listed = listing.declare(
        pages,
        listing.Listed(name="items", words=lazy_gettext("事项目录"), load=load, columns=columns.ITEMS),
    )

    @pages.get("/items")
    def items() -> str:
        search, chosen = _filters()
        who, found = reader(), listing.shown(listed)
        return render_template(
            "items/catalogue.html",
            list=found,
            chosen=chosen,
            search=search,
            address=Address("pages.items", q=search, **chosen),
            words=words,
            watching=may_watch(who),
            proposing=who is not None and may_propose_any(who),
            startable=_startable(office, who),
            chains=() if any(chosen.values()) or found.page > 1 else joint_chains(office, search=search),
        )

    @pages.get("/items/<code>")
    def item(code: str) -> str:
        who = reader()
        found = guide(office, who, code, version=_version())
        return render_template(
            "items/guide.html",
            found=found,
            words=words,
            steps=steps_of(found.card),
            limits=limits_of(found.card),
            watching=may_watch(who),
            proposing=who is not None and may_propose(who, found.card.department),
            official=who is not None and may_office(who),
        )

    @pages.get("/items/<code>/guide.pdf")
    def item_guide_file(code: str) -> Response:
        found = guide(office, reader(), code, version=_version())
        sections = guide_sections(found.card, found.department)
        address = f"{request.url_root.rstrip('/')}/items/{found.card.code}"
        since = found.row.effective_from.astimezone(SHANGHAI).date() if found.row.effective_from else ""
        version = gettext("第 %(version)s 版，自 %(day)s 起施行", version=found.row.version, day=since)
        content = guide_paper(
            found, sections, centre=centre_name(office), address=address, version=version, translate=gettext
        )
        return pdf(content, gettext("办事指南"), found.card.code)

    @pages.get("/items/<code>/flow.bpmn")
    def item_flow(code: str) -> Response:
        response = Response(item_diagram(office, code), mimetype="application/xml")
        response.headers["Cache-Control"] = "no-cache"
        return response

    @pages.get("/items/<code>/flow.svg")
    def item_picture(code: str) -> Response:
        response = Response(item_flow_picture(office, code), mimetype="image/svg+xml")
        response.headers["Cache-Control"] = "no-cache"
        return response

    @pages.get("/items/<code>/versions")
    def item_versions(code: str) -> str:
        who = reader()
        lines, people = item_history(office, who, code)
        return render_template(
            "items/versions.html",
            code=code,
            lines=lines,
            people=people,
            words=words,
            watching=may_watch(who),
            official=who is not None and may_office(who),
        )


def _filters() -> tuple[str, dict[str, str]]:
    chosen = {name: request.args.get(name, "").strip()[:20] for name in FILTERS}
    return request.args.get("q", "").strip()[:100], chosen


def reader() -> Any:
    """Who reads, None for the public."""
    return current_user.actor if current_user.is_authenticated else None


def _startable(office: Any, who: Any) -> frozenset[str]:
    """Processes the reader may start from the catalogue."""
    if who is None or not Rights(who, demo=office.settings.demo).take_in:
        return frozenset()
    return frozenset(one.key for one in startable(office, who))


def _version() -> int | None:
    text = request.args.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
