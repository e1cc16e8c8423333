"""Joint chains: the clocks of nodes, and the days of the chain that do not count (DOMAIN D.11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.clockwork.book import STOPPED, WAITING, Pause, day_of, stored_pause
from service.casework.clockwork.movement import Movement
from service.rules.chains import NodeRun, frozen_days, milestone_code
from service.rules.clocks import ClockKind, Unit, read_limit
from service.store.clocks import ClockRow

if TYPE_CHECKING:
    from service.engine import ElementCard

CHAIN_WAIT = "CHAIN_WAIT"


def bound_node(move: Movement, chain: UUID | None, process: str, scope: UUID, call: ElementCard) -> Iterator[ClockRow]:
    """The clocks of a node that begins: its own limit, and its milestone unless a predecessor made it start late.

    R-CHN-3: a node that starts by the day planned, the end of the milestone reached before it, is bound by its own.
    """
    limit, milestone = call.zw.get("limit"), call.zw.get("milestone")
    department = call.zw.get("dept")
    if limit:
        amount, unit = read_limit(limit)
        yield move.drafts.row(
            ClockKind.MILESTONE,
            call.name or call.element,
            scope,
            process,
            amount,
            unit,
            element=call.element,
            department=department,
        )
    wanted = move.clocks.one(ClockKind.MILESTONE, chain, code=milestone) if milestone else None
    if wanted is None:
        return
    planned = _planned_start(move, chain, wanted)
    if planned is not None and move.today > planned:
        return
    yield move.drafts.row(
        ClockKind.MILESTONE,
        wanted.name,
        scope,
        process,
        wanted.amount,
        Unit.WORKDAY,
        started=wanted.started_at,
        pauses=tuple(one for one in wanted.pauses if one["kind"] != WAITING),
        element=call.element,
        department=department,
    )


def refreeze(move: Movement) -> None:
    """Count anew which days of a chain are frozen: no node runs, and one is paused or the applicant is waited for."""
    for chain in tuple(move.clocks.live(ClockKind.CHAIN)):
        frozen = frozen_now(move, chain)
        moved = [
            row
            for row in move.clocks.live(ClockKind.CHAIN, ClockKind.MILESTONE)
            if row.scope_id == chain.scope_id or milestone_code(row.name)
        ]
        for row in moved:
            kept = tuple(one for one in row.pauses if one["kind"] != CHAIN_WAIT)
            if (*kept, *frozen) != tuple(row.pauses):
                fresh = move.clocks.change(row.id, pauses=(*kept, *frozen))
                move.recount([fresh], "CHAIN", frozen=[[one["after"], one.get("through")] for one in frozen])


def frozen_now(move: Movement, chain: ClockRow) -> tuple[Pause, ...]:
    """The frozen stretches of a chain as of today; one that would freeze tomorrow is open (R-CHN-2)."""
    tomorrow = move.today + timedelta(1)
    waiting = [
        (date.fromisoformat(one["after"]), None if "through" not in one else date.fromisoformat(one["through"]))
        for one in chain.pauses
        if one["kind"] == WAITING
    ]
    found = []
    for one in frozen_days(list(_nodes(move, chain)), waiting, tomorrow):
        stored = stored_pause(one)
        if one.through == tomorrow:
            del stored["through"]
            if one.after >= tomorrow:
                continue
        found.append(stored)
    return tuple(found)


def _nodes(move: Movement, chain: ClockRow) -> Iterator[NodeRun]:
    """The items of a chain: each runs from its receipt until its result is ready, less its pauses."""
    items: dict[UUID, list[ClockRow]] = {}
    for row in move.clocks.rows.values():
        if (
            row.kind in (ClockKind.RECEIPT, ClockKind.CASE)
            and row.scope_id is not None
            and row.scope_id != chain.scope_id
        ):
            items.setdefault(row.scope_id, []).append(row)
    for rows in items.values():
        ended = [row.stopped_at for row in rows if row.state == STOPPED and row.stopped_at is not None]
        last = max(ended) if len(ended) == len(rows) else None
        yield NodeRun(
            started=day_of(min(row.started_at for row in rows)),
            finished=None if last is None else day_of(last),
            pauses=tuple(
                (date.fromisoformat(one["after"]), None if "through" not in one else date.fromisoformat(one["through"]))
                for row in rows
                for one in row.pauses
            ),
        )


def _planned_start(move: Movement, chain: UUID | None, wanted: ClockRow) -> date | None:
    """The end of the milestone reached last, else of the one before; None: the node may start with the chain."""
    milestones = [row for row in move.clocks.rows.values() if row.kind == ClockKind.MILESTONE and row.scope_id == chain]
    before = [row for row in milestones if row.amount < wanted.amount]
    reached = [row for row in before if row.state == STOPPED]
    ends = [row for row in (reached or before) if row.due_at is not None]
    last = max(ends, key=lambda row: row.amount, default=None)
    return None if last is None or last.due_at is None else day_of(last.due_at)
