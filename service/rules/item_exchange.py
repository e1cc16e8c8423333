"""An item in the field shape of GB/T 39046-2020 (政务服务平台基础数据规范), for platforms that collect catalogues.

Field names are the standard's Chinese names of the data items; coded values are its codes where it has codes.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from service.rules.item_words import (
    TYPE_CODES,
    ItemAudience,
    ItemChannel,
    ItemKind,
    ItemLevel,
    ItemLimitUnit,
    ItemStatus,
    MaterialForm,
    MaterialNeed,
    MaterialSource,
)
from service.rules.items import ItemCard

LEVELS = {
    ItemLevel.PROVINCE: "2",
    ItemLevel.CITY: "3",
    ItemLevel.COUNTY: "4",
    ItemLevel.TOWNSHIP: "5",
    ItemLevel.VILLAGE: "6",
}
KINDS = {ItemKind.IMMEDIATE: "1", ItemKind.PROMISED: "2"}  # every other kind is 9 其他
AUDIENCE = {
    ItemAudience.PERSON: "1",
    ItemAudience.ENTERPRISE: "2",
    ItemAudience.INSTITUTION: "3",
    ItemAudience.SOCIAL: "4",
    ItemAudience.AUTHORITY: "5",
}
CHANNELS = {
    ItemChannel.COUNTER: "1",
    ItemChannel.TOWNSHIP: "1",
    ItemChannel.VILLAGE: "1",
    ItemChannel.KIOSK: "1",
    ItemChannel.ONLINE: "2",
    ItemChannel.MAIL: "4",
}
UNITS = {
    ItemLimitUnit.WORKDAY: "工作日",
    ItemLimitUnit.CALENDAR: "自然日",
    ItemLimitUnit.IMMEDIATE: "即时",
    ItemLimitUnit.NONE: "无",
}
FORMS = {
    MaterialForm.ORIGINAL: "原件",
    MaterialForm.COPY: "复印件",
    MaterialForm.ELECTRONIC: "电子件",
    MaterialForm.FORM: "表格",
}
SOURCES = {
    MaterialSource.APPLICANT: "申请人自备",
    MaterialSource.SHARED: "政府部门核发",
    MaterialSource.THIRD_PARTY: "中介机构或法定机构产生",
}


def exchanged(card: ItemCard, *, department: str, version: int, since: date, region: str) -> dict[str, Any]:
    """The item for exchange. `department`: name of the 实施主体; `region`: division code of the place."""
    return {
        "事项名称": card.name,
        "基本编码": card.national_code or card.code,
        "实施编码": card.code,
        "事项类型": TYPE_CODES[card.type],
        "事项版本": str(version),
        "事项状态": "1" if card.status is ItemStatus.ACTIVE else "2",
        "计划生效日期": since.isoformat(),
        "实施主体": department,
        "实施主体性质": "1",
        "行政区划代码": region,
        "行使层级": LEVELS[card.level],
        "服务对象": "^".join(AUDIENCE[one] for one in card.audience),
        "办理形式": "^".join(dict.fromkeys(CHANNELS[one] for one in card.channels)),
        "办件类型": KINDS.get(card.kind, "9"),
        "设定依据": [{"依据名称": one.name, "条款号": one.article, "条款内容": one.text} for one in card.basis],
        "受理条件": list(card.conditions),
        "法定办结时限": card.statutory.value,
        "法定办结时限单位": UNITS[card.statutory.unit],
        "法定办结时限说明": card.statutory.note,
        "承诺办结时限": card.promised,
        "承诺办结时限单位": "工作日",
        "到办事现场次数": card.visits,
        "数量限制": "有" if card.limited else "无",
        "是否收费": "1" if card.fees else "0",
        "收费标准": list(card.fees),
        "收费依据": card.fee_basis,
        "特别程序": [{"特别程序种类": one.kind.value, "时限": one.most, "依据": one.basis} for one in card.procedures],
        "申请材料": [
            {
                "材料名称": one.name,
                "材料形式": FORMS[one.form],
                "来源渠道": SOURCES[one.source],
                "材料份数": one.copies,
                "是否必要": "1" if one.need is MaterialNeed.MANDATORY else "2",
                "必要性描述": one.condition,
                "材料依据": one.basis,
                "是否免提交": "1" if one.source is MaterialSource.SHARED else "0",
            }
            for one in card.materials
        ],
        "审批结果名称": card.result.name,
        "审批结果有效期": card.result.months,
        "监督投诉方式": [one.value for one in card.complaints],
    }
