"""What may be published: the headings of 六公开 and 七公开, closed lists of materials, limits, stages, silence and fees.

Problems refuse; remarks (`Remark`) are shown and do not: they are what the yearly review asks about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.rules.clocks import Unit
from service.rules.fees import BasisLevel
from service.rules.item_words import (
    TYPE_LETTERS,
    ItemCategory,
    ItemKind,
    ItemLimitUnit,
    ItemStatus,
    MaterialNeed,
    MaterialSource,
)
from service.rules.items import CODE, ItemCard
from service.rules.promises import check_promise
from service.rules.refusals import FieldProblem, Refusal
from service.rules.sentences import Sentence
from service.rules.stages import check_plan
from service.rules.tacit import TacitLevel

VAGUE = (  # 兜底表述 (SM-03)
    re.compile(r"法律、?法规规定(?:应当?提交)?的(?:其[他它])?"),
    re.compile(r"规定的其[他它]"),
    re.compile(r"其[他它](?:相关|有关)?的?(?:材料|资料|文件|证明|证件|手续|情形|条件|要求)"),
    re.compile(r"(?:有关|相关)的?(?:材料|资料|文件|证明|证件|手续)"),
    re.compile(r"等(?:相关|有关)?(?:材料|资料|文件|证明|证件|手续)"),
    re.compile(r"视情况|视情形|必要的?材料|认为(?:应当|需要|有必要)|按(?:有关)?规定(?:应当)?提供"),
    re.compile(r"(?:及其[他它]|等|等等|…+|\.{3,})$"),
)
LICENCE_BASES = frozenset(
    {BasisLevel.LAW, BasisLevel.ADMINISTRATIVE_REGULATION, BasisLevel.LOCAL_REGULATION, BasisLevel.RULE}
)
VAGUE_WORDING = Sentence("不得使用兜底表述“{phrase}”，请逐项写明。")
HEADINGS = (  # the union of 六公开 and 七公开; limits, procedure and result are never empty
    ("basis", Sentence("办事指南的“审批依据”不能为空。")),
    ("conditions", Sentence("办事指南的“申请条件”不能为空。")),
    ("materials", Sentence("办事指南的“申报材料”不能为空。")),
    ("complaints", Sentence("办事指南的“投诉渠道”不能为空。")),
    ("channels", Sentence("办事指南的“办理渠道”不能为空。")),
    ("audience", Sentence("办事指南的“服务对象”不能为空。")),
)
DEPARTMENT_IN_CODE = Sentence("编码前三位应为部门 {department}。")
TYPE_IN_CODE = Sentence("编码中的 {letters} 应与事项类型一致。")
BEYOND_STATUTE = Sentence("承诺时限 {promised} 个工作日超过法定时限 {statutory} 日。")
IMMEDIATE_PROMISE = Sentence("即办件的承诺时限应为 0，各环节应为 0；其他办件至少 1 个工作日。")
STATUTE_EMPTY = Sentence("法定时限按日计的应至少 1 日，即时或没有规定的应为 0。")
STATUTE_MOST = Sentence("最长法定时限应按日计，并且长于一般的法定时限。")
NO_STAGES = Sentence("承诺件至少有一个环节要有时间。")
LOCKED = Sentence("涉及公共安全、人身健康、生态环境或有限资源的事项永不适用默许。")
NO_GROUND = Sentence("默许级别为 NEVER 的事项须写明锁定理由。")
NO_TACIT_BASIS = Sentence("决定默许和法定默许须写明依据。")
TACIT_ELSEWHERE = Sentence("由上级、政府或集体决定的事项不能由本级默许作出决定。")
NO_FEE = Sentence("请引用收费标准，或填写“不收费”及其依据。")
BOTH_FEES = Sentence("引用了收费标准，不能再填写不收费说明。")
LOW_BASIS = Sentence("行政许可的依据至少有一项为法律、法规或规章。")
NO_WINDOW = Sentence("在用的审批事项须写明办理窗口：大厅之外无审批。")
NO_SHARED_KEY = Sentence("共享材料须写明共享数据的键。")
NO_CONDITION = Sentence("有条件提交的材料须写明条件。")
NEEDLESS_CONDITION = Sentence("必要材料不写条件；有条件的请选“有条件的必要”。")
NO_DEVOLVED = Sentence("下放事项须写明承接单位和日期。")
NO_CHOICES = Sentence("选择题须列出选项。")


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something to look at, without refusing."""

    code: str
    said: Sentence


def check_card(card: ItemCard) -> tuple[FieldProblem, ...]:
    """Everything that keeps a card from being published, in the order of its fields."""
    return tuple(
        problem
        for part in (_identity, _headings, _wording, _materials, _limits, _silence, _money)
        for problem in part(card)
    )


def check_change(before: ItemCard | None, after: ItemCard) -> tuple[FieldProblem, ...]:
    """What no version may change: the code, and a lock against silence once it is there (行政许可法 art. 12, P29)."""
    if before is None or before.lock is None:
        return ()
    if after.lock is before.lock and after.tacit is TacitLevel.NEVER:
        return ()
    return (_wrong("tacit", "ITEM_TACIT_LOCKED", LOCKED_FOR_GOOD),)


LOCKED_FOR_GOOD = Sentence("该事项的默许级别依法锁定为“永不默许”，任何人不得改变级别和锁定理由。")


def remarks_of(card: ItemCard) -> tuple[Remark, ...]:
    """What the reviewer should look at (XN-06, AMB-12, 待核定)."""
    found = []
    if card.kind is ItemKind.PROMISED and not (card.survey or card.expert or card.collective or card.exceptions):
        found.append(Remark(code="ITEM_COULD_BE_IMMEDIATE", said=COULD_BE_IMMEDIATE))
    if card.to_confirm:
        found.append(Remark(code="ITEM_TO_CONFIRM", said=Sentence(TO_CONFIRM.text, (("count", len(card.to_confirm)),))))
    return tuple(found)


COULD_BE_IMMEDIATE = Sentence("不需要勘查、评审和集体决定，应为即办件，或写明例外理由。")
TO_CONFIRM = Sentence("有 {count} 处待本地核定。")


def vague_phrase(text: str) -> str | None:
    """The catch-all phrase in a text, None when it says what is meant."""
    for pattern in VAGUE:
        found = pattern.search(text.strip())
        if found:
            return found[0]
    return None


def exception_text(card: ItemCard) -> str:
    """The reasons as one text, for the rule of promises."""
    return "、".join(str(one.reason) for one in card.exceptions)


def _identity(card: ItemCard) -> Iterator[FieldProblem]:
    match = CODE.fullmatch(card.code)
    if match and match[1] != card.department:
        yield _wrong("code", "ITEM_CODE", DEPARTMENT_IN_CODE, department=card.department)
    if match and TYPE_LETTERS.get(match[2]) is not card.type:
        yield _wrong("code", "ITEM_CODE", TYPE_IN_CODE, letters=match[2])
    if card.status is ItemStatus.DEVOLVED and not (card.devolved_to and card.devolved_on):
        yield _wrong("devolved_to", "ITEM_DEVOLVED", NO_DEVOLVED)
    for n, one in enumerate(card.fields):
        if one.kind == "CHOICE" and len(one.choices) < 1:
            yield _wrong(f"fields[{n}].choices", "ITEM_CHOICES", NO_CHOICES)


def _headings(card: ItemCard) -> Iterator[FieldProblem]:
    for field, heading in HEADINGS:
        if not getattr(card, field):
            yield _wrong(field, "ITEM_HEADING_EMPTY", heading)
    if card.status is ItemStatus.ACTIVE and card.category is ItemCategory.APPROVAL and not card.windows:
        yield _wrong("windows", "ITEM_WINDOW_MISSING", NO_WINDOW)
    if card.licence and card.basis and not any(one.level in LICENCE_BASES for one in card.basis):
        yield _wrong("basis", "ITEM_BASIS_LEVEL", LOW_BASIS)


def _wording(card: ItemCard) -> Iterator[FieldProblem]:
    texts = [("name", card.name)]
    texts += [(f"conditions[{n}]", text) for n, text in enumerate(card.conditions)]
    for n, one in enumerate(card.materials):
        texts += [(f"materials[{n}].name", one.name), (f"materials[{n}].condition", one.condition)]
    for field, text in texts:
        phrase = vague_phrase(text)
        if phrase is not None:
            yield _wrong(field, "ITEM_WORDING", VAGUE_WORDING, phrase=phrase)


def _materials(card: ItemCard) -> Iterator[FieldProblem]:
    for n, one in enumerate(card.materials):
        at = f"materials[{n}]"
        if one.source is MaterialSource.SHARED and not one.shared_key:
            yield _wrong(f"{at}.shared_key", "ITEM_SHARED_KEY", NO_SHARED_KEY)
        if one.need is MaterialNeed.CONDITIONAL and not one.condition:
            yield _wrong(f"{at}.condition", "ITEM_CONDITION", NO_CONDITION)
        if one.need is MaterialNeed.MANDATORY and one.condition:
            yield _wrong(f"{at}.condition", "ITEM_CONDITION", NEEDLESS_CONDITION)


def _limits(card: ItemCard) -> Iterator[FieldProblem]:
    law = card.statutory
    counted = law.unit in (ItemLimitUnit.WORKDAY, ItemLimitUnit.CALENDAR)
    if counted is not (law.value > 0):
        yield _wrong("statutory.value", "ITEM_STATUTORY", STATUTE_EMPTY)
    if law.most is not None and (not counted or law.most <= law.value):
        yield _wrong("statutory.most", "ITEM_STATUTORY", STATUTE_MOST)
    if card.immediate is not (card.promised == 0) or (card.immediate and any(card.stages)):
        yield _wrong("promised", "ITEM_PROMISE_KIND", IMMEDIATE_PROMISE)
        return
    if counted and card.promised > law.value:
        yield _wrong(
            "promised", "ITEM_PROMISE_BEYOND_STATUTE", BEYOND_STATUTE, promised=card.promised, statutory=law.value
        )
    if not card.immediate:
        unit = Unit.WORKDAY if law.unit is ItemLimitUnit.WORKDAY else Unit.CALENDAR
        try:
            check_promise(card.promised, law.value, unit, exception_text(card))
        except Refusal as refusal:
            yield from refusal.fields
        try:
            check_plan(card.stages, card.promised)
        except Refusal as refusal:
            yield FieldProblem(
                field="stages", code=refusal.code, text=refusal.text, params=tuple(refusal.params.items())
            )
        if not any(card.stages):
            yield _wrong("stages", "ITEM_STAGES_EMPTY", NO_STAGES)


def _silence(card: ItemCard) -> Iterator[FieldProblem]:
    if card.lock is not None and card.tacit is not TacitLevel.NEVER:
        yield _wrong("tacit", "ITEM_TACIT_LOCKED", LOCKED)
    if card.limited and card.tacit not in (TacitLevel.NEVER, TacitLevel.NONE):
        yield _wrong("tacit", "ITEM_TACIT_LOCKED", LOCKED)
    if card.tacit is TacitLevel.NEVER and card.lock is None:
        yield _wrong("lock", "ITEM_TACIT_GROUND", NO_GROUND)
    if card.tacit in (TacitLevel.DECISION, TacitLevel.STATUTORY) and not card.tacit_basis:
        yield _wrong("tacit_basis", "ITEM_TACIT_BASIS", NO_TACIT_BASIS)
    if card.tacit is TacitLevel.DECISION and (card.collective or card.kind is ItemKind.REPORT_UP):
        yield _wrong("tacit", "ITEM_TACIT_ELSEWHERE", TACIT_ELSEWHERE)


def _money(card: ItemCard) -> Iterator[FieldProblem]:
    if not card.fees and not (card.fee_statement and card.fee_basis):
        yield _wrong("fee_basis" if card.fee_statement else "fee_statement", "ITEM_HEADING_EMPTY", NO_FEE)
    if card.fees and card.fee_statement:
        yield _wrong("fee_statement", "ITEM_FEE_TWICE", BOTH_FEES)


def _wrong(field: str, code: str, said: Sentence, **params: Any) -> FieldProblem:
    return FieldProblem(field=field, code=code, text=said.text, params=tuple(params.items()))
