"""The words of rehearsals: states, verdicts, steps of a way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from service.rules.refusals import Conflict
from service.web.pages.wording import say

STATES = {
    "RUNNING": _("正在试演"),
    "DONE": _("已试演"),
    "FAILED": _("未能试演"),
    "OVERTAKEN": _("已过时"),
}
REPLAYS = {
    "SAME": _("走法和结果相同"),
    "OTHER_WAY": _("结果相同，走法不同"),
    "OTHER_END": _("结果不同"),
    "WAITS": _("停在新的环节"),
    "DATA_MISSING": _("缺少数据"),
    "FAILS": _("会出错"),
    "NOT_PLAYED": _("不能重放"),
}
REPLAY_BADGES = {
    "SAME": "done",
    "OTHER_WAY": "warned",
    "OTHER_END": "over",
    "WAITS": "warned",
    "DATA_MISSING": "over",
    "FAILS": "over",
    "NOT_PLAYED": "queue",
}
WHY = {
    "LED": _("办理中曾退回、跳转、迁移或重新启动，不是按图走完的。"),
    "EVENTS": _("当时从外部来的结果没有全部留下，按原版本也不能重放。"),
    "FAULT": _("重放时出错；错误已记入日志"),
}
STEPS = {
    "start": _("提交申请"),
    "begun": _("由程序发起"),
    "task": _("办理"),
    "act": _("系统办理"),
    "call": _("调用的流程结束"),
    "message": _("收到消息"),
    "clock": _("到时"),
    "silence": _("超时默许"),
    "error": _("出错"),
    "escalation": _("升级"),
}


def way(steps: list[Mapping[str, Any]]) -> str:
    """The steps that lead somewhere, as one line."""
    return " → ".join(_step(step) for step in steps)


def reason(one: Mapping[str, Any]) -> str:
    """Why a case cannot migrate, in the language of the page."""
    return say(Conflict(str(one["code"]), str(one["sentence"]), **one["params"]))


def when(text: str | None) -> datetime | None:
    """An instant as it was kept."""
    return None if text is None else datetime.fromisoformat(text)


def days(half_days: int) -> str:
    """Half-days in working days."""
    whole, half = divmod(half_days, 2)
    return gettext("%(days)s 个工作日", days=f"{whole}.5" if half else whole)


def _step(step: Mapping[str, Any]) -> str:
    said = "，".join(f"{name}={_value(value)}" for name, value in step["say"].items())
    name = f"“{step['name']}”" if step["name"] else ""
    return f"{STEPS[step['kind']]}{name}" + (f"（{said}）" if said else "")


def _value(value: Any) -> str:
    return {True: gettext("是"), False: gettext("否")}[value] if isinstance(value, bool) else str(value)
