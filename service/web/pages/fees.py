"""收费标准: what is charged, on which basis, since when; and what it would come to. For everyone (DF-27, XN-22)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request

from service.casework.money.viewing import catalogue, estimate
from service.rules.refusals import Refusal
from service.web.statuses import status_of

INPUT = "in_"  # before the name of what a standard has to know


def register(pages: Blueprint, office: Any) -> None:
    """Adds the catalogue with its calculator; the question is in the address."""

    @pages.get("/fees")
    def fees() -> str | tuple[str, int]:
        search = request.args.get("q", "").strip()[:60]
        found = catalogue(office, search=search)
        chosen = _chosen(found.entries)
        given = {name[len(INPUT) :]: text.strip()[:40] for name, text in request.args.items() if name.startswith(INPUT)}
        claims = [text[:40] for text in request.args.getlist("claim")]
        line, refusal = None, None
        if chosen is not None and given:
            try:
                line = estimate(office, chosen.row.id, given, claims)
            except Refusal as refused:
                refusal = refused
        page = render_template(
            "fees.html",
            found=found,
            search=search,
            chosen=chosen,
            given=given,
            claims=claims,
            line=line,
            refusal=refusal,
            problems={one.field: one for one in (refusal.fields if refusal else ())},
        )
        return page if refusal is None else (page, 422 if status_of(refusal) == 400 else status_of(refusal))


def _chosen(entries: Any) -> Any:
    try:
        wanted = UUID(request.args.get("standard", ""))
    except ValueError:
        return None
    return next((one for one in entries if one.row.id == wanted), None)
