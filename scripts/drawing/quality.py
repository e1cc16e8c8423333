"""Supporting processes of quality (DOMAIN E.6): what happens when somebody complains, rates badly, asks, or is called back.

None of them stands on the path of a case (ENG-5): each is a case of its own, begun by a person, a rating or a job.
"""

from __future__ import annotations

from pathlib import Path

from drawing.complaint import draw_complaint
from drawing.counter import draw_consultation, draw_on_site_day
from drawing.ratings import draw_bad_rating, draw_fault
from drawing.sampling import draw_callback, draw_sampling


def draw_quality(folder: Path) -> None:
    """Draw all of them into `folder`."""
    for draw in (
        draw_complaint,
        draw_callback,
        draw_bad_rating,
        draw_fault,
        draw_consultation,
        draw_sampling,
        draw_on_site_day,
    ):
        draw(folder)
