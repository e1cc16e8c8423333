"""Opinions of other departments: one task each, in the department's lane, with its climb beside it."""

from __future__ import annotations

from dataclasses import dataclass

from drawing.office import late, office_task
from drawing.sheet import Node, Sheet

ROW = 132  # height an opinion with its climb takes
SILENT = {"zw__tacit": "opinion", "zw__tacit_answers": "conclusion=agree"}


@dataclass(frozen=True)
class Opinion:
    """One department asked. `silent`: whether its silence counts as agreement (INTERNAL_OPINION)."""

    id: str
    name: str
    dept: str
    limit: str
    silent: bool = False
    form: str = "opinion"


def draw_opinion(sheet: Sheet, opinion: Opinion, x: float, y: float, *, results: tuple[str, ...] = ()) -> Node:
    """The task at (x, y); 56 below it, to the right, what happens when it is late."""
    task = office_task(
        sheet, opinion.id, opinion.name, x, y, stage="OPINION", role="reviewer_a", dept=opinion.dept,
        limit=opinion.limit, form=opinion.form, results=results, shift=-26, mark=-74, zw__ladder="opinion",
        zw__doc="W10", **(SILENT if opinion.silent else {}),
    )  # fmt: skip
    late(sheet, task, y + 56, way="bottom-left", x=x + 150)
    return task
