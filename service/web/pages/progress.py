"""进度查询: for everybody who has a number and its 查询码, and not too often from one place."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from service.casework.papers.querying import query_progress
from service.rules.proof import MARK_NAMES
from service.rules.refusals import Refusal
from service.web.pages.patience import Patience
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the question and its answer. The code is posted: it stands in no address, history or log."""
    patience = Patience("progress")

    @pages.get("/progress", endpoint="progress")
    def ask() -> str:
        return _page(request.args.get("number", "")[:60])

    @pages.post("/progress", endpoint="ask_progress")
    def answer() -> str | tuple[str, int]:
        patience.take(request.remote_addr or "")
        number = request.form.get("number", "").strip()[:60]
        try:
            found = query_progress(office, number, request.form.get("code", "")[:20])
        except Refusal as refusal:
            return _page(number, refusal=refusal), 422 if status_of(refusal) == 400 else status_of(refusal)
        return _page(number, found=found)


def _page(number: str, **more: Any) -> str:
    return render_template("progress.html", number=number, marks=MARK_NAMES, **{"found": None, "refusal": None, **more})
