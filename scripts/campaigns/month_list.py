"""The sheet of a month against the list of cases (办件查询) as 业务科 reads it, page by page: no case is in one and not in the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date
from uuid import UUID

from scripts.campaigns.city import KEEPER, City
from scripts.campaigns.month_diagrams import SIX, cards
from scripts.campaigns.month_sheet import RECEIVED, TOTAL, Sheet, day_of
from service.casework.workbench import case_list
from service.store.workbench import CaseLine

VIEWS = ("running", "completed", "terminated")


def listed(city: City) -> tuple[list[CaseLine], list[str]]:
    """Every line of the list, and where its views do not add up."""
    actor, lines, page = city.actor(KEEPER), [], 1
    while (found := case_list(city.office, actor, view="all", page=page)).page == page:
        lines += found.items
        page += 1
        if page > found.pages:
            break
    counts, wrong = found.counts, []
    if sum(counts[view] for view in VIEWS) != counts["all"] or counts["all"] != len(lines):
        wrong.append(f"the list of cases has {len(lines)} lines, its views count {dict(counts)}")
    return lines, wrong


def against_list(
    sheet: Sheet, lines: Collection[CaseLine], accepted: Collection[UUID], first: date, last: date
) -> list[str]:
    """Where what was received and the kinds of what was accepted are not what the list holds."""
    received: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for line in lines:
        card = cards()[line.key]
        if card.kind not in ("ITEM", "CHAIN"):
            continue
        if first <= day_of(line.started_at) <= last:
            received[card.department] += 1
            received[TOTAL] += 1
        if line.id in accepted:
            kinds[SIX[card.counts_as]] += 1
    wrong = [
        f"{department}: {sheet.rows[department][RECEIVED]} received, the list of cases has {received[department]}"
        for department in sorted({*sheet.rows, *received})
        if sheet.rows.get(department, Counter())[RECEIVED] != received[department]
    ]
    row = sheet.rows.get(TOTAL, Counter())
    return wrong + [
        f"{kind}: {row[kind]} accepted, the list of cases has {kinds[kind]}"
        for kind in SIX.values()
        if row[kind] != kinds[kind]
    ]
