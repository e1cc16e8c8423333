"""实时视图: the diagram of a process with what stands at every step, the bottlenecks as a list, the cases behind every number."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from service.casework.workbench import LivePage, live_page, may_watch
from service.rules.bottlenecks import LEVELS, MEASURES, USUAL_WINDOW, WINDOWS, Load, heat
from service.rules.lights import DAY_MINUTES, as_span
from service.web.pages import columns, listing
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.pages.studio_words import kind_words
from service.web.pages.wording import measure, working_time

MEASURED = {"waiting": _("在办"), "overdue": _("超期"), "median": _("用时中位数"), "p90": _("用时九成以内")}
HEATS = {1: _("少"), 2: _("较少"), 3: _("较多"), 4: _("最多")}


def register(pages: Blueprint, office: Any) -> None:
    """Adds the live view and what its diagram is painted with; `may_watch()` for templates."""

    @pages.app_template_global("may_watch")
    def offered() -> bool:
        return may_watch(acting())

    def wanted() -> LivePage:
        version, days = (_number(request.args.get(name, "")) for name in ("version", "days"))
        return live_page(
            office,
            acting(),
            listing.part_wanted("key"),
            version=version,
            days=days if days in WINDOWS else USUAL_WINDOW,
        )

    def load(number: int) -> Any:
        page = wanted()
        return listing.cut(page.loads, number, page=page)

    listed = listing.declare(
        pages, listing.Listed(name="process_live", words=_("瓶颈环节"), load=load, columns=columns.LIVE)
    )

    @pages.get("/processes/<key>/live", endpoint="process_live")
    def live(key: str) -> str:
        found = listing.shown(listed)
        page: LivePage = found.more["page"]
        return render_template(
            "process_live.html",
            page=page,
            found=found,
            by=_by(),
            measured=MEASURED,
            heats=HEATS,
            windows=WINDOWS,
            cases_at=lambda load, **narrower: cases_at(page, load.element, **narrower),
            worked=worked,
            limit_words=limit_words,
            kind_words=kind_words,
            address=Address("pages.process_live", **_asked(page)),
            marks=url_for("pages.process_live_marks", **_asked(page)),
        )

    @pages.get("/processes/<key>/live/marks", endpoint="process_live_marks")
    def marks(key: str) -> dict[str, Any]:
        page = wanted()
        levels = heat(page.loads, _by())
        return {
            "elements": {one.element: _mark(page, one, levels.get(one.element, 0)) for one in page.loads},
            "running": True,
        }


def cases_at(page: LivePage, element: str, **narrower: Any) -> str:
    """The list with exactly the cases of a number."""
    version = page.chosen.version if page.chosen is not None else None
    return url_for("pages.cases", step=element, of=page.process, of_version=version, **narrower)


def worked(minutes: int | None) -> str:
    """Counter time in words."""
    return "—" if minutes is None else working_time(as_span(minutes))


def limit_words(minutes: int | None) -> str:
    """A limit as it is written: in working days, or in half-days."""
    if minutes is None:
        return "—"
    halves = round(2 * minutes / DAY_MINUTES)
    return measure(halves, "HALFDAY") if halves % 2 else measure(halves / 2, "WORKDAY")


def _mark(page: LivePage, load: Load, level: int) -> dict[str, Any]:
    by = _by()
    said: dict[str, Any] = {"state": f"heat-{min(level, LEVELS)}", "name": load.name}
    if level and by in ("median", "p90"):
        said["badge"] = worked(load.measure(by))
    elif level:
        said["badge"] = _count(by, load.measure(by))
    if load.waiting and page.listed:
        said["href"], said["link"] = cases_at(page, load.element), gettext("查看办件 ›")
    if load.overdue and by != "overdue":
        said["count"] = _count("overdue", load.overdue)
    return said


def _count(by: str, number: int) -> str:
    if by == "overdue":
        return ngettext("■ 超期 %(num)s 件", "■ 超期 %(num)s 件", number)
    return ngettext("在办 %(num)s 件", "在办 %(num)s 件", number)


def _by() -> str:
    by = request.args.get("by", "")
    return by if by in MEASURES else MEASURES[0]


def _asked(page: LivePage) -> dict[str, Any]:
    """The view as parts of an address."""
    return {
        "key": page.process,
        "version": page.chosen.version if page.chosen is not None else None,
        "days": page.days if page.days != USUAL_WINDOW else None,
        "by": _by() if _by() != MEASURES[0] else None,
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
