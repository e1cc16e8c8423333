"""The demo clock: only in demo mode, 404 otherwise."""

from __future__ import annotations

from flask import Response

from service.casework import DemoClock, move_demo_clock, read_demo_clock
from service.web.api.door import answer, door, this_office, who
from service.web.api.paging import only_parameters
from service.web.bodies import read_body
from service.web.instants import iso_instant


def _shown(clock: DemoClock) -> Response:
    return answer({"now": iso_instant(clock.now), "frozen": clock.frozen, "attended": clock.attended})


@door.get("/demo/clock")
def show_clock() -> Response:
    only_parameters()
    return _shown(read_demo_clock(this_office()))


@door.put("/demo/clock")
def set_clock() -> Response:
    """Moves the clock to `now` or by `advance`; answers when everything due on the way has been attended.

    `frozen` makes it stand still between moves, or go on.
    """
    body = read_body()
    body.only("now", "advance", "frozen")
    clock = move_demo_clock(
        this_office(),
        who(),
        now=body.instant("now"),
        advance=body.text("advance", longest=40),
        frozen=None if body.raw("frozen") is None else body.flag("frozen"),
    )
    return _shown(clock)
