"""容缺受理: a material that may come later, until when it is promised, and what a promise that is not kept costs.

The register says which material may be deferred and for how many working days; the applicant promises in writing, the window
tells once what, how, until when and with which consequence. Not for who has broken such a promise before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.rules.refusals import Conflict, FieldProblem, Invalid
from service.rules.sentences import Sentence
from service.rules.worktime import WorkCalendar

MISSING = "deferred_materials"  # variable of a case: what has not come, asked before anything is granted or issued
MOST_DAYS = 20  # working days the register may allow
CONSEQUENCE = "逾期未补交的，终止办理，退回申请材料；承诺不实的，记入信用记录，以后不再适用容缺受理。"
STATEMENT = "申请人承诺：所缺材料在下列期限内补交，内容真实、合法、有效；期限届满前未补交的，自愿承担相应后果。"
NOT_ALLOWED = Sentence("这项材料不允许容缺。")
NOT_ALL = Sentence("主要材料应当齐全，不能全部容缺。")
HOW = "提交综合窗口，或者上传到本办件的材料清单"


@dataclass(frozen=True, kw_only=True)
class Deferral:
    """One material that comes later; `line`: as the checklist writes it."""

    line: str
    material: str
    days: int
    supply_by: date


def deferrals(
    calendar: WorkCalendar, today: date, wanted: Sequence[tuple[str, str, int]], *, present: int, broken: bool
) -> tuple[Deferral, ...]:
    """What is promised today. `wanted`: line, material and the working days the register allows, 0: none; `present`: how many
    materials the applicant has brought; `broken`: an earlier promise was not kept.

    Refused: Conflict DEFERRAL_BROKEN; Invalid DEFERRAL_NOT_ALLOWED naming the lines, DEFERRAL_ALL; CALENDAR_MISSING.
    """
    barred = [line for line, _, days in wanted if days <= 0]
    if barred:
        raise Invalid(
            "DEFERRAL_NOT_ALLOWED",
            "有 {count} 项材料不允许容缺。",
            fields=tuple(
                FieldProblem(field=line, code="DEFERRAL_NOT_ALLOWED", text=NOT_ALLOWED.text) for line in barred
            ),
            count=len(barred),
        )
    if wanted and present == 0:
        raise Invalid(
            "DEFERRAL_ALL",
            "主要材料应当齐全，不能全部容缺。",
            fields=(FieldProblem(field="materials", code="DEFERRAL_ALL", text=NOT_ALL.text),),
        )
    if wanted and broken:
        raise Conflict("DEFERRAL_BROKEN", "申请人以前承诺补交的材料逾期未交，不再适用容缺受理。")
    return tuple(
        Deferral(line=line, material=material, days=days, supply_by=calendar.add_workdays(today, days))
        for line, material, days in wanted
    )


def still_missing(values: Mapping[str, Any]) -> str:
    """The first material that was promised and has not come, as the variables of a case know it; empty: none."""
    found = values.get(MISSING)
    return str(found[0]) if isinstance(found, (list, tuple)) and found else ""
