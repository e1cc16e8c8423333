"""评价: of a case that has ended, by its applicant or at the window; the list; bad ratings that were dealt with, for everybody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from service.casework.quality import RATING_TAGS, bad_ratings, rate_case, rateable, rating_list
from service.rules.refusals import Conflict, Invalid, Refusal
from service.web.pages import columns, listing
from service.web.pages.paging import Address
from service.web.pages.quality_words import CHANNELS, GRADES
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the rating of a case, the list and what is made public."""

    def load(number: int) -> Any:
        grade, channel, department = _filters()
        return rating_list(office, acting(), grade=grade, department=department, channel=channel, page=number)

    listed = listing.declare(
        pages,
        listing.Listed(name="ratings", words=lazy_gettext("评价"), load=load, columns=columns.RATINGS),
    )

    @pages.get("/ratings")
    def ratings() -> str:
        grade, channel, department = _filters()
        found = listing.shown(listed)
        return render_template(
            "quality/ratings.html",
            found=found,
            grade=grade,
            channel=channel,
            department=department,
            narrowed=grade is not None or bool(channel or department),
            address=Address(
                "pages.ratings", grade=None if grade is None else str(grade), channel=channel, department=department
            ),
        )

    @pages.get("/ratings/published", endpoint="published_ratings")
    def published() -> str:
        return render_template("quality/published.html", found=bad_ratings(office))

    @pages.get("/cases/<uuid:case_id>/rating", endpoint="rating")
    def form(case_id: UUID) -> str:
        return _page(office, case_id, {})

    @pages.post("/cases/<uuid:case_id>/rating", endpoint="rate")
    def rate(case_id: UUID) -> Response | tuple[str, int]:
        chosen = request.form.get("grade", "")
        tags = [one for one in request.form.getlist("tags") if one in RATING_TAGS]
        given = {"grade": chosen, "said": request.form.get("said", "").strip(), "tags": tags}
        try:
            grade = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) == 1 else -1
            rate_case(office, acting(), case_id, grade, tags=tags, said=str(given["said"]))
        except (Invalid, Conflict) as refusal:
            status = 422 if isinstance(refusal, Invalid) else status_of(refusal)
            return _page(office, case_id, given, refusal), status
        flash(gettext("谢谢您的评价。"), "good")
        return redirect(url_for("pages.case", case_id=case_id))


def _filters() -> tuple[int | None, str, str]:
    text, channel = request.args.get("grade", ""), request.args.get("channel", "")
    grade = int(text) if text in {str(one) for one in GRADES} else None
    return grade, (channel if channel in CHANNELS else ""), request.args.get("department", "")[:8]


def _page(office: Any, case_id: UUID, given: dict[str, Any], refusal: Refusal | None = None) -> str:
    found = rateable(office, acting(), case_id)
    known = found.given
    before = {"grade": str(known.grade), "said": known.said, "tags": known.tags} if known and known.grade else {}
    return render_template(
        "quality/rating.html",
        found=found,
        given={**before, **given},
        tags=RATING_TAGS,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
    )
