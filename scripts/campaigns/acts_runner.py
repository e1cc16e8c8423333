"""One worker of the acts campaign: does and carries what is due, and dies where the campaign wants it to.

`LIANBAN_SOAK_KILL=<point>:<n>` kills the process with SIGKILL when that point is reached for the n-th time. The points lie
around the steps of acts and errands; they are put in here, by wrapping, and are unknown to the service.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from service.casework import act_book, attending, carrying
from service.casework.office import Office, open_office
from service.settings import Settings

POINTS = (
    "act-before",  # claimed, nothing done
    "act-inside",  # done, not committed
    "act-after",  # committed
    "take-before",
    "take-after",  # taken, nothing sent
    "carry-after",  # sent, nothing kept
    "keep-inside",  # kept, not committed
    "keep-after",
)


def main() -> None:
    """`acts_runner DATA_DIR DATABASE_URL`; prints how much was done and carried."""
    folder, url = Path(sys.argv[1]), sys.argv[2]
    office = campaign_office(folder, url)
    point, _, nth = os.environ.get("LIANBAN_SOAK_KILL", "").partition(":")
    if point:
        arm(point, int(nth))
    done = carried = 0
    while True:
        now = attending.attend_due(office)
        sent = carrying.carry_due(office)
        done, carried = done + now, carried + sent
        if not now and not sent:
            break
    print(done, carried, flush=True)
    os._exit(0)


def campaign_office(folder: Path, url: str) -> Office:
    """The office of the campaign; its clock is a file that the campaign moves."""
    settings = Settings(data_dir=folder, database_url=url, demo=True, secret="campaign-secret-of-the-installation")

    def clock() -> datetime:
        return datetime.fromtimestamp(float((folder / "clock").read_text()), UTC)

    return open_office(settings, clock=clock)


def arm(point: str, nth: int) -> None:
    """Put the deadly point in."""
    reached = 0

    def die() -> None:
        nonlocal reached
        reached += 1
        if reached == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(step: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **more: Any) -> Any:
            die()
            return step(*args, **more)

        return wrapped

    def after(step: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **more: Any) -> Any:
            result = step(*args, **more)
            die()
            return result

        return wrapped

    match point:
        case "act-before":
            attending._do_asked = before(attending._do_asked)  # type: ignore[assignment]
        case "act-inside":
            attending._do_asked = after(attending._do_asked)  # type: ignore[assignment]
            attending._act = after(attending._act)  # type: ignore[assignment]
        case "act-after":
            attending._in_case = after(attending._in_case)  # type: ignore[assignment]
        case "take-before":
            carrying._take = before(carrying._take)  # type: ignore[assignment]
        case "take-after":
            carrying._take = after(carrying._take)  # type: ignore[assignment]
        case "keep-after":
            carrying._keep = after(carrying._keep)  # type: ignore[assignment]
        case _:
            step = {"carry-after": "carry", "keep-inside": "keep"}[point]
            for carrier in act_book.CARRIERS.values():
                setattr(carrier, step, after(getattr(carrier, step)))


if __name__ == "__main__":
    main()
