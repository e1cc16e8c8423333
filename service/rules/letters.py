"""授权委托书: what a letter of authority lets somebody decide for a department (DF-12, DF-13, DOMAIN C.3.2).

A letter names items and powers, from one day through another; who is named in it, and the stand-in it names, may act on it.
The head of the department needs none: the letter is the head's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

EVERY_ITEM = "*"  # all items of the department, also those to come
MOST_YEARS = 3  # a letter is for a term of office at most, then it is written anew


class Power(StrEnum):
    """What a letter may hand on (powers ⊆ 受理/审核/批准/用章/发证/延期请求)."""

    ACCEPT = "ACCEPT"  # 受理
    REVIEW = "REVIEW"  # 审核
    APPROVE = "APPROVE"  # 批准
    SEAL = "SEAL"  # 用章
    ISSUE = "ISSUE"  # 发证
    EXTEND = "EXTEND"  # 延期请求


class LetterState(StrEnum):
    """What stands in the register; whether an active letter holds today is a matter of its days."""

    DRAFT = "DRAFT"  # registered, waits for the security administrator
    ACTIVE = "ACTIVE"  # 已生效
    WITHDRAWN = "WITHDRAWN"  # 已撤回
    COMING = "COMING"  # active, but its first day is still to come
    EXPIRED = "EXPIRED"  # active, but its last day has passed


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """An activated letter. Days are inclusive."""

    number: str
    department: str
    grantee: str
    deputy: str | None
    items: frozenset[str]
    powers: frozenset[str]
    valid_from: date
    valid_to: date

    def covers(self, person: str, power: Power, item: str | None, day: date) -> bool:
        """Whether this person may use this power for an item on a day. `item` None: for at least one."""
        return (
            person in (self.grantee, self.deputy)
            and power in self.powers
            and self.valid_from <= day <= self.valid_to
            and (item is None or EVERY_ITEM in self.items or item in self.items)
        )


def state_on(state: str, valid_from: date, valid_to: date, day: date) -> LetterState:
    """How a letter stands on a day."""
    found = LetterState(state)
    if found is not LetterState.ACTIVE:
        return found
    if day < valid_from:
        return LetterState.COMING
    return LetterState.EXPIRED if day > valid_to else LetterState.ACTIVE


def overlap(first: tuple[date, date], second: tuple[date, date]) -> bool:
    """Whether two spans of days share one."""
    return first[0] <= second[1] and second[0] <= first[1]


def share(part: int, whole: int) -> str:
    """授权到位率 in per cent with one decimal: 27 of 28 → `96.4`. Of nothing: `—`."""
    return f"{part * 100 / whole:.1f}" if whole else "—"


def missing_powers(powers: Collection[str]) -> tuple[str, ...]:
    """Words that are no power."""
    return tuple(sorted(set(powers) - {one.value for one in Power}))
