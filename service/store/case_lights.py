"""Lights of whole cases: of the limits that govern a case or one of its items, the one that ends first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, func, literal, select
from sqlalchemy import case as choose

from service.store.time_schema import clock

GOVERNING = (
    "RECEIPT",
    "CASE",
    "STATUTORY",
    "CHAIN",
    "MILESTONE",
    "AGENCY",
)  # not the stages, nor what the applicant has


def case_lights(now: datetime, *, of: Collection[UUID] | None = None) -> Subquery:
    """Case → light and effective due instant, of cases with a limit that runs or stands still; of some cases only.

    Red once is red (R-CAL-6). A case stands still when everything that governs it does.
    """
    chosen = [] if of is None else [clock.c.case_id.in_(list(of))]
    live = (
        select(
            clock.c.case_id,
            func.min(clock.c.due_at).label("due_at"),
            func.min(clock.c.warn_at).label("warn_at"),
            func.sum(choose((clock.c.light == "red", 1), else_=0)).label("red"),
            func.sum(choose((clock.c.state == "RUNNING", 1), else_=0)).label("running"),
        )
        .where(clock.c.state != "STOPPED", clock.c.kind.in_(GOVERNING), *chosen)
        .group_by(clock.c.case_id)
        .subquery()
    )
    instant: Any = literal(now, clock.c.due_at.type)
    light = choose(
        ((live.c.red > 0) | (live.c.due_at <= instant), "red"),
        (live.c.running == 0, "stopped"),
        (live.c.warn_at <= instant, "yellow"),
        else_="green",
    )
    return select(live.c.case_id, live.c.due_at, light.label("light")).subquery()


def led_by(department: str) -> Select[Any]:
    """The chains a department leads: the limit of a chain is that of who leads it."""
    return select(clock.c.case_id).where(
        clock.c.kind == "CHAIN", clock.c.scope_id.is_(None), clock.c.department == department
    )


def next_milestones(now: datetime, of: Collection[UUID]) -> Select[Any]:
    """case_id, name, due_at and light of the milestones of chains that are not reached yet, the first due first."""
    instant: Any = literal(now, clock.c.due_at.type)
    light = choose(
        ((clock.c.light == "red") | (clock.c.due_at <= instant), "red"),
        (clock.c.state != "RUNNING", "stopped"),
        (clock.c.warn_at <= instant, "yellow"),
        else_="green",
    )
    return (
        select(clock.c.case_id, clock.c.name, clock.c.due_at, light.label("light"))
        .where(
            clock.c.kind == "MILESTONE",
            clock.c.scope_id.is_(None),
            clock.c.element.is_(None),
            clock.c.state != "STOPPED",
            clock.c.case_id.in_(list(of)),
        )
        .order_by(clock.c.due_at.is_(None), clock.c.due_at, clock.c.name)
    )
