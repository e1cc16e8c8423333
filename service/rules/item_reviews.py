"""年规范 and 季清理: what the reviews of the catalogue ask about each item, and what a department may answer (DF-05, DF-06)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from service.rules.item_checks import remarks_of
from service.rules.item_words import ItemStatus
from service.rules.items import ItemCard
from service.rules.promises import WARNING_LINE
from service.rules.sentences import Sentence

IDLE_QUARTERS = 4


class ReviewDecision(StrEnum):
    """What a department says of an item."""

    KEEP = "KEEP"  # 保留
    ADD = "ADD"  # 新增
    CANCEL = "CANCEL"  # 取消
    CHANGE = "CHANGE"  # 变更


class FindingCode(StrEnum):
    """Why an item stands on the list."""

    NO_CASE = "NO_CASE"  # nobody asked for it in four quarters
    OVER_DEFAULT = "OVER_DEFAULT"  # promises more than three working days
    COULD_BE_IMMEDIATE = "COULD_BE_IMMEDIATE"  # XN-06
    TO_CONFIRM = "TO_CONFIRM"  # 待核定, such as a basis that may have changed
    NO_PROCESS = "NO_PROCESS"  # handled on paper
    SUSPENDED = "SUSPENDED"


FINDINGS = {
    FindingCode.NO_CASE: Sentence("连续四个季度没有办件"),
    FindingCode.OVER_DEFAULT: Sentence("承诺时限 {days} 个工作日，超过 3 个工作日"),
    FindingCode.COULD_BE_IMMEDIATE: Sentence("不需要勘查、评审和集体决定，应为即办件"),
    FindingCode.TO_CONFIRM: Sentence("有 {count} 处待核定"),
    FindingCode.NO_PROCESS: Sentence("流程尚未上线"),
    FindingCode.SUSPENDED: Sentence("处于暂停状态"),
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One of them with its figures."""

    code: FindingCode
    figures: Mapping[str, Any]

    @property
    def said(self) -> Sentence:
        """In words."""
        return Sentence(FINDINGS[self.code].text, tuple(self.figures.items()))


def findings_of(
    card: ItemCard, *, online: bool, known_since: date, last_asked: date | None, today: date
) -> tuple[Finding, ...]:
    """What a review asks about an item. `known_since`: when its first version came into force."""
    found = []
    if card.status is ItemStatus.SUSPENDED:
        found.append(Finding(code=FindingCode.SUSPENDED, figures={}))
    if max(known_since, last_asked or known_since) < four_quarters_before(today):
        found.append(Finding(code=FindingCode.NO_CASE, figures={}))
    if card.promised > WARNING_LINE:
        found.append(Finding(code=FindingCode.OVER_DEFAULT, figures={"days": card.promised}))
    if any(one.code == "ITEM_COULD_BE_IMMEDIATE" for one in remarks_of(card)):
        found.append(Finding(code=FindingCode.COULD_BE_IMMEDIATE, figures={}))
    if card.to_confirm:
        found.append(Finding(code=FindingCode.TO_CONFIRM, figures={"count": len(card.to_confirm)}))
    if not online:
        found.append(Finding(code=FindingCode.NO_PROCESS, figures={}))
    return tuple(found)


def four_quarters_before(today: date) -> date:
    """The first day of the fourth full quarter before today."""
    month = (today.month - 1) // 3 * 3 + 1
    return date(today.year - IDLE_QUARTERS // 4, month, 1)


def quarter_before(today: date) -> tuple[int, int]:
    """Year and number of the quarter that has ended last."""
    number = (today.month - 1) // 3
    return (today.year, number) if number else (today.year - 1, 4)
