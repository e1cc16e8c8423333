"""办件迁移: what a new version would mean for the cases that run, the plan, and the batches that carry it out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.migration import (
    BatchView,
    CaseVerdict,
    DryRun,
    batch_items,
    batch_view,
    begin_batch,
    cancel_batch,
    latest_batches,
    make_plan,
    may_begin,
    may_plan,
    pause_batch,
    plan_page,
    resume_batch,
    try_out,
    try_plan,
    undo_batch,
    versions,
)
from service.casework.people import people_names
from service.rules.migrations import ItemState
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Refusal
from service.web.bodies import as_identity
from service.web.pages import migration_words as words
from service.web.pages.paging import Address, page_wanted
from service.web.pages.sign_in import acting
from service.web.pages.wording import say
from service.web.statuses import status_of

PAGE = 50
NOTHING = "-"  # the choice of an element that is to go on as nothing
LOOK = 1.0  # seconds between two looks at a batch that is under way
TURNS = {"pause": pause_batch, "resume": resume_batch, "cancel": cancel_batch, "undo": undo_batch}
SETTLED = {
    "failed": (ItemState.FAILED, ItemState.MOVED_ON),
    "done": (ItemState.DONE, ItemState.UNDONE),
    "waiting": (ItemState.WAITING, ItemState.UNDOING, ItemState.SKIPPED),
}


def register(pages: Blueprint, office: Any) -> None:
    """Adds the plan of a process, the kept plan, and the batch; `may_migrate()` for templates."""

    @pages.app_template_global("may_migrate")
    def offered() -> bool:
        return may_plan(acting())

    @pages.get("/processes/<key>/migration", endpoint="migration")
    def ask(key: str) -> str:
        return _drafted(office, key, request.args)

    @pages.post("/processes/<key>/migration", endpoint="try_migration")
    def tried(key: str) -> Any:
        if request.form.get("act") != "keep":
            return _drafted(office, key, request.form)
        old, new = as_identity(request.form.get("from", "")), as_identity(request.form.get("to", ""))
        try:
            plan = make_plan(office, acting(), old, new, _mapping())
        except (Conflict, Invalid) as refusal:
            return _drafted(office, key, request.form, refusal), status_of(refusal)
        flash(gettext("迁移方案已保存，请另一人核准后开始。"), "good")
        return redirect(url_for("pages.migration_plan", plan_id=plan.id))

    @pages.get("/migrations/<uuid:plan_id>", endpoint="migration_plan")
    def show(plan_id: UUID) -> str:
        return _kept(office, plan_id)

    @pages.post("/migrations/<uuid:plan_id>/begin", endpoint="begin_migration")
    def begin(plan_id: UUID) -> Any:
        tried = try_plan(office, acting(), plan_id)
        able = [one.case_id for one in tried.cases if not one.judgement.reasons]
        try:
            batch = begin_batch(office, acting(), plan_id, able)
        except (Conflict, Forbidden, Invalid, Missing) as refusal:
            flash(say(refusal), "bad")
            return redirect(url_for("pages.migration_plan", plan_id=plan_id))
        return redirect(url_for("pages.migration_batch", batch_id=batch))

    @pages.get("/migration-batches/<uuid:batch_id>", endpoint="migration_batch")
    def batch(batch_id: UUID) -> str:
        return render_template("migration_batch.html", **_batch(office, batch_id))

    @pages.post("/migration-batches/<uuid:batch_id>/look", endpoint="look_at_migration")
    def look(batch_id: UUID) -> Any:
        if request.headers.get("X-Requested-With") != "fetch":
            return redirect(url_for("pages.migration_batch", batch_id=batch_id))
        time.sleep(LOOK)
        return render_template("parts/migration_batch.html", **_batch(office, batch_id))

    @pages.post("/migration-batches/<uuid:batch_id>/<any(pause, resume, cancel, undo):act>", endpoint="turn_migration")
    def turn(batch_id: UUID, act: str) -> Response:
        try:
            TURNS[act](office, acting(), batch_id)
        except (Conflict, Forbidden) as refusal:
            flash(say(refusal), "bad")
        return redirect(url_for("pages.migration_batch", batch_id=batch_id))


def _drafted(office: Any, key: str, given: Any, refusal: Refusal | None = None) -> str:
    """The page on which a plan is drawn up: versions, mapping, what would become of every case."""
    cards = versions(office, acting(), key)
    old, new = as_identity(given.get("from", "")), as_identity(given.get("to", ""))
    known = {card.id for card in cards}
    if old not in known or new not in known:
        busy = [card for card in cards[1:] if card.cases] or list(cards[1:]) or [cards[0]]
        old, new = busy[0].id, cards[0].id
    tried: DryRun | None = None
    if old != new:
        mapping = _mapping() if request.method == "POST" else {}
        try:
            tried = try_out(office, acting(), old, new, mapping)
        except Conflict as no:
            refusal = refusal or no
    batches = latest_batches(office, acting(), process=key, limit=10)
    return render_template(
        "migration.html",
        key=key,
        versions=cards,
        old=old,
        new=new,
        tried=tried,
        refusal=refusal,
        groups=_groups(tried),
        batches=batches,
        people=people_names(office, {one.begun_by for one in batches}),
        words=words,
        nothing=NOTHING,
        **_listed(tried, None),
    )


def _kept(office: Any, plan_id: UUID) -> str:
    page = plan_page(office, acting(), plan_id)
    tried = try_plan(office, acting(), plan_id)
    batches = [one for one in latest_batches(office, acting(), process=page.plan.process) if one.plan.id == plan_id]
    return render_template(
        "migration_plan.html",
        page=page,
        plan=page.plan,
        tried=tried,
        groups=_groups(tried),
        batches=batches,
        people=people_names(office, {page.plan.made_by, *(one.begun_by for one in batches)}),
        may_begin=may_begin(acting()),
        words=words,
        nothing=NOTHING,
        **_listed(tried, Address("pages.migration_plan", plan_id=plan_id)),
    )


def _listed(tried: DryRun | None, address: Address | None) -> dict[str, Any]:
    """The cases of a dry run, filtered by verdict and reason, a page of them."""
    verdict, code = request.values.get("verdict", ""), request.values.get("code", "")
    found: Sequence[CaseVerdict] = tried.cases if tried is not None else ()
    found = [
        one
        for one in found
        if verdict in ("", one.judgement.verdict) and (not code or any(r.code == code for r in one.judgement.reasons))
    ]
    page = page_wanted() if address is not None else 1
    shown = found[(page - 1) * PAGE : page * PAGE]
    pages = max(1, -(-len(found) // PAGE))
    place = None if address is None else address.beside(verdict=verdict, code=code)
    return {
        "shown": shown,
        "list": {"page": page, "pages": pages, "total": len(found)},
        "address": place,
        "verdict": verdict,
        "code": code,
    }


def _groups(tried: DryRun | None) -> dict[str, list[Any]]:
    """The pairs by process, those that ask for a decision first."""
    found: dict[str, list[Any]] = {}
    for pair in tried.suggestion.pairs if tried is not None else ():
        found.setdefault(pair.process, []).append(pair)
    return {process: sorted(pairs, key=lambda one: one.how == "id") for process, pairs in found.items()}


def _mapping() -> dict[str, dict[str, str | None]]:
    """What the form says of elements for which it says something else than the suggestion (`map:process:element`)."""
    found: dict[str, dict[str, str | None]] = {}
    for name, value in request.form.items():
        kind, _, rest = name.partition(":")
        process, _, element = rest.partition(":")
        if kind != "map" or not element or value == request.form.get(f"was:{rest}", ""):
            continue
        found.setdefault(process, {})[element] = None if value in (NOTHING, "") else value
    return found


def _batch(office: Any, batch_id: UUID) -> dict[str, Any]:
    view: BatchView = batch_view(office, acting(), batch_id)
    kind = request.args.get("show", "failed")
    states = SETTLED.get(kind, ())
    page = page_wanted()
    counted = view.of(*states) if states else view.cases
    items = batch_items(office, acting(), batch_id, states=states, limit=PAGE, offset=(page - 1) * PAGE)
    return {
        "batch": view,
        "people": people_names(office, {view.begun_by}),
        "items": items,
        "kind": kind if kind in SETTLED else "all",
        "kinds": ("failed", "done", "waiting", "all"),
        "list": {"page": page, "pages": max(1, -(-counted // PAGE)), "total": counted},
        "address": Address("pages.migration_batch", batch_id=batch_id, show=kind),
        "may_begin": may_begin(acting()),
        "words": words,
        "told": lambda item: say(Conflict(str(item.code), str(item.sentence), **item.params)),
    }
