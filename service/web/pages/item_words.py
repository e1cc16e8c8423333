"""The register's closed lists and fields in words, and how templates say any value of a card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from service.rules.clocks import PauseKind
from service.rules.pauses import name_of
from service.rules.sentences import Sentence

TYPES = {
    "LICENSE": _("行政许可"),
    "CONFIRM": _("行政确认"),
    "BENEFIT": _("行政给付"),
    "LEVY": _("行政征收"),
    "RULING": _("行政裁决"),
    "OTHER": _("其他行政权力"),
    "SERVICE": _("公共服务"),
}
NATURES = {
    "APPROVAL": _("审批"),
    "REVIEW": _("审核"),
    "FILING": _("备案"),
    "REGISTRATION": _("登记"),
    "SERVICE": _("服务"),
}
CATEGORIES = {"APPROVAL": _("审批事项"), "CONVENIENCE": _("便民服务事项")}
KINDS = {"IMMEDIATE": _("即办件"), "PROMISED": _("承诺件"), "JOINT": _("联办件"), "REPORT_UP": _("上报件")}
LEVELS = {
    "PROVINCE": _("省级"),
    "CITY": _("市级"),
    "COUNTY": _("县（区）级"),
    "TOWNSHIP": _("乡镇（街道）级"),
    "VILLAGE": _("村（社区）级"),
}
STATUSES = {"ACTIVE": _("在用"), "SUSPENDED": _("暂停"), "CANCELLED": _("取消"), "DEVOLVED": _("下放")}
LIMIT_UNITS = {
    "WORKDAY": _("工作日"),
    "CALENDAR": _("自然日"),
    "IMMEDIATE": _("即时"),
    "NONE": _("没有规定"),
}
STARTS = {
    "ACCEPTANCE": _("自受理之日起"),
    "RECEIPT": _("自收到申请之日起"),
    "MATERIALS_COMPLETE": _("自收到全部有效文件之日起"),
}
TACIT = {
    "NONE": _("不适用默许"),
    "INTERNAL_OPINION": _("征求意见逾期视为同意"),
    "STAGE_SKIP": _("审核逾期免签通过"),
    "DECISION": _("逾期默许批准"),
    "STATUTORY": _("法律规定逾期视为同意"),
    "NEVER": _("永不默许"),
}
LOCKS = {
    "PUBLIC_SAFETY": _("公共安全"),
    "HEALTH": _("人身健康、生命财产安全"),
    "ECOLOGY": _("生态环境"),
    "SCARCE": _("有限资源、数量限制"),
}
FORMS = {"ORIGINAL": _("原件"), "COPY": _("复印件"), "ELECTRONIC": _("电子件"), "FORM": _("系统填表")}
NEEDS = {"MANDATORY": _("必要"), "CONDITIONAL": _("有条件的必要")}
MATERIAL_SOURCES = {"APPLICANT": _("申请人自备"), "SHARED": _("数据共享，免提交"), "THIRD_PARTY": _("中介机构出具")}
CHANNELS = {
    "COUNTER": _("窗口"),
    "ONLINE": _("网上"),
    "TOWNSHIP": _("乡镇（街道）"),
    "VILLAGE": _("村（社区）"),
    "KIOSK": _("自助终端"),
    "MAIL": _("邮寄"),
}
AUDIENCE = {
    "PERSON": _("自然人"),
    "ENTERPRISE": _("企业法人"),
    "INSTITUTION": _("事业法人"),
    "SOCIAL": _("社会组织法人"),
    "AUTHORITY": _("行政机关"),
}
BOARDS = {"APPROVAL": _("行政审批"), "SERVICE": _("政务服务"), "CONVENIENCE": _("便民服务")}
THEMES = {
    "CONSTRUCTION": _("工程建设"),
    "START": _("企业开办"),
    "BUSINESS": _("经营许可"),
    "SAFETY": _("安全生产"),
    "ENVIRONMENT": _("环保水务"),
    "TRANSPORT": _("交通运输"),
    "HEALTH": _("医疗卫生"),
    "EDUCATION": _("教育"),
    "FAMILY": _("婚育户籍"),
    "ELDERLY": _("养老"),
    "INSURANCE": _("社保就业"),
    "TAX": _("税费"),
    "HOUSING": _("住房与不动产"),
    "CULTURE": _("文化旅游"),
    "FARMING": _("农林"),
    "UTILITIES": _("水电"),
}
COMPLAINTS = {"PHONE": _("电话"), "WINDOW": _("窗口"), "ONLINE": _("网上"), "LETTER": _("信函")}
RESULTS = {"CERTIFICATE": _("证照"), "APPROVAL": _("批文"), "RECEIPT": _("备案回执"), "SERVICE": _("办理结果")}
EXCEPTIONS = {
    "SURVEY": _("现场勘查"),
    "EXPERT": _("专家或技术评审、检验检测"),
    "CONSULT": _("征求意见、会签"),
    "PUBLICITY": _("公示、听证"),
    "UPPER": _("上级或政府决定、限额"),
    "COMPLEX": _("事项复杂"),
}
FIELD_KINDS = {
    "TEXT": _("文字"),
    "LONG_TEXT": _("长文字"),
    "WHOLE": _("整数"),
    "DECIMAL": _("小数"),
    "DATE": _("日期"),
    "DATE_RANGE": _("起止日期"),
    "YES_NO": _("是否"),
    "CHOICE": _("选择"),
    "LIST": _("列表"),
    "FILE": _("文件"),
    "PARTY": _("人员或单位"),
    "PLACE": _("地理范围"),
}
BASIS_LEVELS = {
    "LAW": _("法律"),
    "ADMINISTRATIVE_REGULATION": _("行政法规"),
    "LOCAL_REGULATION": _("地方性法规"),
    "RULE": _("规章"),
    "NORMATIVE": _("规范性文件"),
}
APPROVERS = {"dept_head": _("部门主要负责人"), "resident_leader": _("分管领导"), "leader": _("本级政府负责人")}
DRAFT_STATES = {"DRAFT": _("草稿"), "SUBMITTED": _("待审核")}
VERSION_SOURCES = {
    "FILE": _("文件部署"),
    "PAGE": _("页面修改"),
    "IMPORT": _("批量导入"),
    "ACT": _("状态变更"),
    "REVIEW": _("年度清理"),
}
FIELDS = {
    "code": _("事项编码"),
    "name": _("事项名称"),
    "short_name": _("简称"),
    "type": _("事项类型"),
    "nature": _("事项性质"),
    "category": _("目录分类"),
    "department": _("部门"),
    "level": _("行使层级"),
    "status": _("状态"),
    "devolved_to": _("承接单位"),
    "devolved_on": _("下放日期"),
    "national_code": _("国家编码"),
    "themes": _("主题"),
    "audience": _("服务对象"),
    "kind": _("办件类型"),
    "basis": _("审批依据"),
    "conditions": _("申请条件"),
    "process": _("流程"),
    "materials": _("申报材料"),
    "statutory": _("法定时限"),
    "promised": _("承诺时限"),
    "correction": _("补正告知期限"),
    "stages": _("环节时限"),
    "counter_minutes": _("窗口办理分钟数"),
    "survey": _("需要现场勘查"),
    "expert": _("需要专家评审"),
    "collective": _("需要集体决定"),
    "hearing": _("必须听证"),
    "limited": _("有数量限制"),
    "procedures": _("特别程序"),
    "extension": _("延期"),
    "tacit": _("默许级别"),
    "tacit_basis": _("默许依据"),
    "lock": _("锁定理由类别"),
    "lock_reason": _("锁定理由"),
    "fees": _("收费标准"),
    "fee_statement": _("收费说明"),
    "fee_basis": _("收费依据"),
    "result": _("办理结果"),
    "renewal_days": _("延续申请提前天数"),
    "windows": _("办理窗口"),
    "board": _("板块"),
    "channels": _("办理渠道"),
    "visits": _("到场次数"),
    "complaints": _("投诉渠道"),
    "agency": _("可以代办"),
    "green_channel": _("绿色通道"),
    "exceptions": _("例外理由"),
    "remarks": _("特别说明"),
    "fields": _("申请表字段"),
    "to_confirm": _("待核定"),
    "file": _("文件"),
    "effective_from": _("生效时间"),
    "note": _("修改理由"),
    "answer": _("意见"),
    "card": _("事项"),
}
PARTS = {  # of the entries of lists and groups
    "name": _("名称"),
    "article": _("条款"),
    "text": _("内容"),
    "level": _("效力级别"),
    "form": _("形式"),
    "source": _("来源"),
    "copies": _("份数"),
    "need": _("必要性"),
    "condition": _("提交条件"),
    "shared_key": _("共享数据键"),
    "reusable": _("可复用"),
    "defer_days": _("容缺补交（工作日，空为不允许）"),
    "validity": _("有效期要求"),
    "basis": _("依据"),
    "kind": _("种类"),
    "most": _("最长"),
    "unit": _("单位"),
    "excluded": _("不计入时限"),
    "reason": _("理由"),
    "value": _("数值"),
    "start": _("起算"),
    "note": _("说明"),
    "approver": _("批准人"),
    "times": _("次数"),
    "months": _("有效月数"),
    "key": _("字段键"),
    "label": _("字段名称"),
    "length": _("字数"),
    "choices": _("选项"),
    "hint": _("填写提示"),
}
WORDS: dict[str, Mapping[str, Any]] = {  # field, or field.part of an entry → its closed list
    "type": TYPES,
    "nature": NATURES,
    "category": CATEGORIES,
    "kind": KINDS,
    "level": LEVELS,
    "status": STATUSES,
    "tacit": TACIT,
    "lock": LOCKS,
    "board": BOARDS,
    "themes": THEMES,
    "audience": AUDIENCE,
    "channels": CHANNELS,
    "basis.level": BASIS_LEVELS,
    "materials.form": FORMS,
    "materials.source": MATERIAL_SOURCES,
    "materials.need": NEEDS,
    "statutory.unit": LIMIT_UNITS,
    "statutory.start": STARTS,
    "correction.unit": LIMIT_UNITS,
    "procedures.kind": {kind.value: name_of(kind) for kind in PauseKind},
    "procedures.unit": LIMIT_UNITS,
    "extension.approver": APPROVERS,
    "result.kind": RESULTS,
    "complaints.kind": COMPLAINTS,
    "exceptions.reason": EXCEPTIONS,
    "fields.kind": FIELD_KINDS,
}


def register(app: Any) -> None:
    """Filters of the register's templates."""
    app.jinja_env.filters.update(item_value=item_value, item_field=item_field, item_word=word)
    app.jinja_env.tests["match_start"] = lambda path, name: path == name or path.startswith(f"{name}[")


def item_field(path: str) -> str:
    """The name of a field by its path: `materials[2].name` → 申报材料 第3项 名称."""
    first, _, rest = path.partition(".")
    name, _, number = first.partition("[")
    words = [str(FIELDS.get(name, name))]
    if number.rstrip("]").isdigit():
        words.append(gettext("第 %(number)s 项", number=int(number.rstrip("]")) + 1))
    if rest:
        words.append(str(PARTS.get(rest.partition("[")[0], rest)))
    return " ".join(words)


def item_value(value: Any, field: str) -> str:
    """A value of a card in words; closed lists by their names, entries part by part."""
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, Mapping):
        comma = gettext("，")
        return comma.join(
            f"{PARTS.get(name, name)}{gettext('：')}{item_value(one, f'{field}.{name}')}" for name, one in value.items()
        )
    if isinstance(value, (list, tuple)):
        if field == "stages":
            return " / ".join(str(one) for one in value)
        return gettext("；").join(item_value(one, field) for one in value)
    return word(WORDS.get(field, {}), str(value))


def word(known: Mapping[str, Any], value: str) -> str:
    """One word of a closed list in the language of the reader."""
    found = known.get(value, value)
    return found.words(gettext) if isinstance(found, Sentence) else str(found)
