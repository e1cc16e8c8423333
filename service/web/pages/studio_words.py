"""The words of the studio: kinds of elements, what is said about them, and differences told as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from service.web.pages import labels

HOW = {"ADDED": _("新增的"), "REMOVED": _("删去的"), "CHANGED": _("改动的")}
BADGES = {"ADDED": "done", "REMOVED": "over", "CHANGED": "warned"}
KINDS = {
    "process": _("流程"),
    "collaboration": _("协作图"),
    "participant": _("泳池"),
    "lane": _("泳道"),
    "startEvent": _("开始事件"),
    "endEvent": _("结束事件"),
    "intermediateCatchEvent": _("中间捕获事件"),
    "intermediateThrowEvent": _("中间抛出事件"),
    "boundaryEvent": _("边界事件"),
    "task": _("任务"),
    "userTask": _("人工环节"),
    "manualTask": _("线下环节"),
    "serviceTask": _("系统环节"),
    "sendTask": _("发送任务"),
    "receiveTask": _("接收任务"),
    "scriptTask": _("脚本任务"),
    "businessRuleTask": _("决策任务"),
    "callActivity": _("调用流程"),
    "subProcess": _("子流程"),
    "transaction": _("事务子流程"),
    "adHocSubProcess": _("自由子流程"),
    "exclusiveGateway": _("排他网关"),
    "parallelGateway": _("并行网关"),
    "inclusiveGateway": _("包容网关"),
    "eventBasedGateway": _("事件网关"),
    "complexGateway": _("复杂网关"),
    "sequenceFlow": _("连线"),
    "messageFlow": _("消息流"),
    "association": _("关联"),
    "textAnnotation": _("注释"),
    "group": _("分组"),
    "dataObject": _("数据对象"),
    "dataObjectReference": _("数据对象引用"),
    "dataStoreReference": _("数据存储"),
    "message": _("消息"),
    "signal": _("信号"),
    "error": _("错误"),
    "escalation": _("升级"),
}
ASPECTS = {
    "kind": _("类型"),
    "name": _("名称"),
    "form": _("表单"),
    "lane": _("泳道"),
    "condition": _("条件"),
    "documentation": _("说明"),
    "script": _("脚本"),
    "timer": _("定时"),
    "event": _("事件"),
    "loop": _("多份办理"),
    "input": _("输入参数 %(field)s"),
    "output": _("输出参数 %(field)s"),
    "handed_in": _("传入 %(field)s"),
    "handed_out": _("传出 %(field)s"),
    "camunda": _("属性 %(field)s"),
    "attribute": _("属性 %(field)s"),
    "zw": _("属性 %(field)s"),
    "extension": _("扩展 %(field)s"),
    "part": _("内容 %(field)s"),
}
FLOWS = {
    "sourceRef": _("起点"),
    "targetRef": _("终点"),
    "attachedToRef": _("附着的环节"),
    "default": _("缺省连线"),
    "messageRef": _("消息"),
    "signalRef": _("信号"),
    "errorRef": _("错误"),
    "escalationRef": _("升级"),
}
CAMUNDA = {
    "assignee": _("办理人"),
    "candidateUsers": _("候选人"),
    "candidateGroups": _("候选岗位"),
    "dueDate": _("到期"),
    "priority": _("优先级"),
    "versionTag": _("版本标签"),
    "topic": _("外部任务主题"),
    "type": _("实现方式"),
    "decisionRef": _("决策表"),
    "resultVariable": _("结果变量"),
    "mapDecisionResult": _("结果形式"),
    "calledElement": _("调用的流程"),
    "collection": _("多份的来源"),
    "elementVariable": _("每份的变量"),
    "initiator": _("发起人变量"),
}
ATTRIBUTES = {
    "calledElement": _("调用的流程"),
    "cancelActivity": _("是否中断"),
    "isInterrupting": _("是否中断"),
    "isExecutable": _("是否执行"),
    "gatewayDirection": _("网关方向"),
    "scriptFormat": _("脚本语言"),
    "processRef": _("所画的流程"),
    "triggeredByEvent": _("由事件触发"),
    "errorCode": _("错误代码"),
    "escalationCode": _("升级代码"),
}
ZW = {  # our own attributes, as the panel and differences call them
    "kind": _("类别"),
    "item": _("事项编码"),
    "short": _("简称"),
    "limit": _("时限"),
    "limit_start": _("承诺时限起算"),
    "receipt": _("受理时限"),
    "statutory": _("法定时限"),
    "statutory_start": _("法定时限起算"),
    "promise_reason": _("承诺时限理由"),
    "extension": _("延期规则"),
    "basis": _("设定依据"),
    "result": _("办理结果"),
    "certificate": _("证照种类"),
    "valid": _("有效期"),
    "fee": _("收费"),
    "fees": _("收费标准"),
    "tacit": _("默许级别"),
    "tacit_basis": _("默许依据"),
    "tacit_answers": _("默许时的答复"),
    "tacit_confirm": _("默许确认"),
    "decides": _("决定机关"),
    "chain_type": _("联办类型"),
    "lead": _("牵头部门"),
    "milestones": _("里程碑"),
    "milestone": _("所属里程碑"),
    "data_contract": _("数据约定"),
    "version_note": _("版本说明"),
    "excludes": _("排除"),
    "clock": _("时钟"),
    "bulk": _("批量办理"),
    "stage": _("环节"),
    "role": _("岗位"),
    "dept": _("部门"),
    "form": _("表单"),
    "ladder": _("督办阶梯"),
    "pause": _("不计时"),
    "doc": _("出具文书"),
    "sms": _("发送消息"),
    "mask": _("隐去申请人"),
    "quorum": _("会签方式"),
    "avoid": _("回避"),
    "empty": _("岗位无人时"),
    "same": _("同一人时"),
    "duplicate": _("重复办理时"),
    "action": _("系统动作"),
    "target": _("针对的环节"),
    "decision": _("办理决定"),
    "reaches": _("到达标记"),
    # inputs of acts
    "answer": _("答复"),
    "deed": _("具体动作"),
    "fields": _("传出的字段"),
    "into": _("结果写入"),
    "process": _("启动的流程"),
    "rate": _("抽取比例"),
    "sampling": _("抽查方式"),
    "series": _("编号序列"),
    "subject": _("事由"),
    "title": _("标题"),
    "to": _("发往"),
    "transfer": _("移送方式"),
    "violation": _("过错情形"),
}

VALUES: Mapping[str, Mapping[str, Any]] = {  # what the values of closed lists are called
    "kind": {"ITEM": _("事项"), "CHAIN": _("联办链"), "SUPPORT": _("支撑流程")},
    "ladder": {"standard": _("标准"), "opinion": _("征求意见"), "receipt": _("受理"), "none": _("不督办")},
    "tacit": {
        "none": _("不适用"),
        "never": _("不得默许"),
        "opinion": _("视为同意意见"),
        "stage_skip": _("越过本环节"),
        "decision": _("视为准予"),
        "statutory": _("依法视为"),
    },
    "limit_start": {"RECEIPT": _("收件"), "ACCEPTANCE": _("受理"), "DECLARED": _("申报")},
    "statutory_start": {"RECEIPT": _("收件"), "ACCEPTANCE": _("受理"), "MATERIALS_COMPLETE": _("材料齐全")},
    "tacit_confirm": {"none": _("不需要"), "lead": _("由牵头部门确认")},
    "decides": {"own": _("本机关"), "upper": _("上级机关"), "collective": _("集体审议")},
    "bulk": {"yes": _("可以"), "no": _("不可以")},
    "clock": {"AGENCY": _("代办")},
    "empty": {"queue": _("等待认领"), "up": _("交上一级"), "ask": _("询问业务科"), "skip": _("跳过")},
    "same": {"keep": _("仍由本人"), "up": _("交上一级"), "ask": _("询问业务科"), "skip": _("跳过")},
    "duplicate": {"keep": _("仍由本人"), "up": _("交上一级"), "ask": _("询问业务科"), "skip": _("跳过")},
    "extension": {
        "NONE": _("不得延期"),
        "SINGLE": _("单项许可"),
        "JOINT": _("联合办理"),
        "PROJECT_APPROVAL": _("项目核准"),
        "MARKET_ENTITY": _("市场主体登记"),
        "FOOD": _("食品经营"),
    },
    "stages": {
        **labels.STAGES,
        "SUPERVISE": _("督办"),
        "CALLBACK": _("回访"),
        "COMPLAINT": _("投诉"),
        "RATING": _("评价"),
    },
    "reaches": {
        "RECEIVED": _("收件"),
        "CORRECTING": _("一次告知补正"),
        "SUPPLEMENTED": _("补正到齐"),
        "ACCEPTED": _("受理"),
        "DEEMED_ACCEPTED": _("视为受理"),
        "NOT_ACCEPTED": _("不予受理"),
        "DECIDED_YES": _("准予"),
        "DECIDED_NO": _("不予"),
        "READY": _("待领取"),
        "DELIVERED": _("已送达"),
        "SIGNED": _("已签订"),
        "WITHDRAWN": _("撤回"),
        "RETURNED": _("退件"),
        "ABANDONED": _("视为放弃"),
        "TERMINATED": _("终止"),
    },
    "action": labels.ACT_NAMES,
}


def kind_words(kind: str) -> str:
    """What a BPMN element is called."""
    return str(KINDS.get(kind, kind))


def property_words(name: str) -> str:
    """What one of our attributes is called."""
    return str(ZW.get(name, name))


def part_words(part: Any) -> str:
    """What a part of an element is called."""
    if part.aspect == "flow":
        return str(FLOWS.get(part.field, part.field))
    named = {"zw": ZW, "camunda": CAMUNDA, "attribute": ATTRIBUTES}.get(part.aspect, {}).get(part.field)
    if named is not None:
        return str(named)
    words = str(ASPECTS.get(part.aspect, part.aspect))
    return words.replace("%(field)s", part.field) if "%(field)s" in words else words


def said_words(part: Any, value: str | None) -> str:
    """What a part says: by its name where it is one of a list, kinds of elements by theirs."""
    if part.aspect == "kind":
        return kind_words(value or "")
    if part.aspect == "zw" and value:
        named = {"stage": "stages"}.get(part.field, part.field)
        known = labels.ROLES if part.field == "role" else VALUES.get(named, {})
        if value in known:
            return f"{known[value]}（{value}）"
    if part.aspect == "attribute" and value in ("true", "false"):
        return gettext("是") if value == "true" else gettext("否")
    return value_words(value)


def value_words(value: str | None) -> str:
    """A value, short enough to be read."""
    if value is None:
        return gettext("（没有）")
    value = " ".join(value.split())
    return value if len(value) <= 160 else value[:159] + "…"


def grouped(differences: Iterable[Any]) -> dict[str, list[Any]]:
    """Differences by how; steps before what connects them."""
    found: dict[str, list[Any]] = {}
    for one in differences:
        found.setdefault(one.how, []).append(one)
    order = ("CHANGED", "ADDED", "REMOVED")
    return {how: sorted(found[how], key=lambda one: one.kind.endswith("Flow")) for how in order if how in found}
