"""The 办事指南 in words: its steps, its limits, and its headings for paper."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from service.rules.item_words import ItemLimitUnit
from service.rules.items import STAGES, ItemCard
from service.web.pages import item_words as words


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the procedure, with the nature of what happens in it (XN-05)."""

    words: str
    half_days: int
    nature: str


def steps_of(card: ItemCard) -> list[Step]:
    """The stages in their order, with what the item needs besides."""
    plan = dict(zip(STAGES, card.stages, strict=True))
    service, decides = gettext("服务"), gettext("审批")
    found = [Step(words=gettext("受理"), half_days=plan["受理"], nature=service)]
    if not card.immediate:
        found.append(Step(words=gettext("审核"), half_days=plan["审核"], nature=decides))
    if card.survey:
        found.append(Step(words=gettext("现场勘查"), half_days=0, nature=gettext("两名以上人员，当面签单")))
    if card.expert:
        found.append(Step(words=gettext("专家或技术评审"), half_days=0, nature=gettext("技术审查")))
    if card.hearing:
        found.append(Step(words=gettext("听证"), half_days=0, nature=gettext("特别程序")))
    if card.collective:
        found.append(Step(words=gettext("集体审议"), half_days=0, nature=decides))
    found.append(Step(words=gettext("批准"), half_days=plan["批准"], nature=decides))
    if card.kind == "REPORT_UP":
        found.append(Step(words=gettext("上报"), half_days=0, nature=gettext("上级审批")))
    found.append(Step(words=gettext("发证"), half_days=plan["发证"], nature=service))
    return found


def limits_of(card: ItemCard) -> dict[str, str]:
    """The limits in words."""
    law, correction = card.statutory, card.correction
    if law.unit in (ItemLimitUnit.WORKDAY, ItemLimitUnit.CALENDAR):
        statutory = gettext(
            "%(start)s %(days)s 个%(unit)s",
            start=words.STARTS[law.start],
            days=law.value,
            unit=words.LIMIT_UNITS[law.unit],
        )
        if law.most:
            statutory += gettext("，最长 %(days)s 个%(unit)s", days=law.most, unit=words.LIMIT_UNITS[law.unit])
    else:
        statutory = str(words.LIMIT_UNITS[law.unit])
    extension = gettext("不延期")
    if card.extension.most and card.extension.times:
        extension = gettext(
            "经%(approver)s批准可延长一次，最长 %(days)s 个工作日",
            approver=words.APPROVERS.get(card.extension.approver, card.extension.approver),
            days=card.extension.most,
        )
    unit = words.LIMIT_UNITS[correction.unit]
    return {
        "statutory": statutory + (gettext("（%(note)s）", note=law.note) if law.note else ""),
        "promised": gettext("当场办结") if card.immediate else gettext("%(days)s 个工作日", days=card.promised),
        "correction": gettext("%(days)s 个%(unit)s内", days=correction.value, unit=unit),
        "extension": extension,
    }


def guide_sections(card: ItemCard, department: str) -> list[tuple[str, list[str]]]:
    """The guide as headings with lines, for paper."""
    limits = limits_of(card)
    arrow = " → "
    materials = []
    for number, one in enumerate(card.materials, 1):
        notes = [str(words.FORMS[one.form])]
        if one.source == "SHARED":
            notes = [gettext("免提交")]
        elif one.copies:
            notes.append(gettext("%(count)s 份", count=one.copies))
        if one.condition:
            notes.append(one.condition)
        materials.append(f"{number}. {one.name}（{gettext('，').join(notes)}）")
    basics = gettext("；").join(
        (
            f"{gettext('实施部门')}{gettext('：')}{department}",
            f"{gettext('办件类型')}{gettext('：')}{words.KINDS[card.kind]}",
            f"{gettext('服务对象')}{gettext('：')}{words.item_value([str(a) for a in card.audience], 'audience')}",
            f"{gettext('办理渠道')}{gettext('：')}{words.item_value([str(c) for c in card.channels], 'channels')}",
        )
    )
    fee = gettext("按收费标准 %(codes)s 收取，以缴款单为准。", codes=gettext("、").join(card.fees))
    found = [
        (gettext("基本信息"), [basics]),
        (gettext("审批依据"), [f"{one.name}{one.article}" for one in card.basis]),
        (gettext("申请条件"), [f"{n}. {one}" for n, one in enumerate(card.conditions, 1)]),
        (gettext("申报材料"), materials),
        (gettext("办理程序"), [arrow.join(one.words for one in steps_of(card))]),
        (
            gettext("办理时限"),
            [
                f"{gettext('法定时限')}{gettext('：')}{limits['statutory']}{gettext('；')}"
                f"{gettext('承诺时限')}{gettext('：')}{limits['promised']}"
            ],
        ),
        (gettext("收费依据和标准"), [fee if card.fees else f"{card.fee_statement}（{card.fee_basis}）"]),
        (gettext("办理结果"), [card.result.name]),
        (gettext("特别说明"), list(card.remarks)),
        (
            gettext("投诉渠道"),
            [gettext("；").join(f"{words.COMPLAINTS[one.kind]}{gettext('：')}{one.value}" for one in card.complaints)],
        ),
    ]
    return [(heading, lines) for heading, lines in found if lines]
