"""Lights of whole cases: of the limits that govern a case or one of its items, the one that ends first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, func, literal, select
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
