"""审计链: how far the audit trail is sealed, verified on the spot, taken out with its proof."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from typing import IO, Any

from flask import Blueprint, Response, render_template, request

from service.casework.audit.exporting import export_for
from service.casework.audit.showing import chain_page
from service.rules.refusals import Invalid, Refusal
from service.web.pages.sign_in import acting
from service.web.pages.wording import say, told

CHUNK = 1 << 18


def register(pages: Blueprint, office: Any) -> None:
    """Adds the page and the export."""

    @pages.get("/admin/audit/chain", endpoint="audit_chain")
    def chain() -> str:
        return _page(office)

    @pages.post("/admin/audit/chain/export", endpoint="export_audit_chain")
    def export() -> Response | tuple[str, int]:
        since, until = (_day(request.form.get(name, "")) for name in ("since", "until"))
        target = tempfile.SpooledTemporaryFile(max_size=1 << 24)
        try:
            export_for(office, acting(), target, reason=request.form.get("reason", "")[:500], since=since, until=until)
        except Refusal as refusal:
            target.close()
            if not isinstance(refusal, Invalid):
                raise
            return _page(office, problem=say(refusal)), 422
        response = Response(_chunks(target), mimetype="application/zip")
        response.headers.set("Content-Disposition", "attachment", filename="audit-chain.zip")
        response.headers["Cache-Control"] = "no-store"
        return response


def _page(office: Any, *, problem: str = "") -> str:
    since, until = (_day(request.values.get(name, "")) for name in ("since", "until"))
    verify = request.args.get("verify") == "1"
    return render_template(
        "admin/audit_chain.html",
        page=chain_page(office, acting(), verify=verify, since=since, until=until),
        since=since,
        until=until,
        problem=problem,
        told=told,
        reason=request.form.get("reason", "")[:500],
    )


def _chunks(target: IO[bytes]) -> Iterator[bytes]:
    with target:
        target.seek(0)
        while chunk := target.read(CHUNK):
            yield chunk


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
