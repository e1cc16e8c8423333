"""How days, instants and what is left of a limit are said in a message (DOMAIN F.2)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from service.rules.messages import units
from service.rules.worktime import SHANGHAI, CalendarMissing, WorkCalendar

ITEM = 8  # characters of an item's short name
STAGES = {  # zw:stage as a message says it, four characters at most
    "ACCEPT": "受理",
    "REVIEW": "审核",
    "APPROVE": "批准",
    "ISSUE": "发证",
    "OPINION": "征求意见",
    "SURVEY": "现场勘查",
    "EXPERT": "专家评审",
    "HEARING": "听证",
    "PUBLICITY": "公示",
    "PAY": "缴费",
    "CORRECT": "补正",
    "COORDINATE": "会商",
    "SUPERVISE": "督办",
    "CALLBACK": "回访",
    "COMPLAINT": "投诉",
    "RATING": "评价",
    "MEETING": "会议",
    "IMMEDIATE": "当场办理",
}
PROCEDURES = {  # rules.clocks.PauseKind as M09 says it, six characters at most; others are told otherwise or not at all
    "HEARING": "听证",
    "TENDER": "招标",
    "AUCTION": "拍卖",
    "INSPECTION": "检验检测",
    "APPRAISAL": "鉴定",
    "EXPERT": "专家评审",
    "ENTRUSTED_EVALUATION": "委托评估",
    "PUBLICITY": "公示",
    "CONSULT": "征求意见",
    "UPPER_LEVEL": "上级审批",
    "DESIGN_REVISION": "设计修改",
    "FORCE_MAJEURE": "不可抗力",
}
ENDS = ("核发", "审批", "审查", "审核", "许可", "备案", "核准", "批准")


def day_said(day: date | datetime) -> str:
    """`3月19日`."""
    if isinstance(day, datetime):
        day = day.astimezone(SHANGHAI).date()
    return f"{day.month}月{day.day}日"


def until_said(instant: datetime) -> str:
    """`3月19日12时`; an instant within an hour is said as the hour that has begun: never later than it is."""
    local = instant.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日{local.hour}时"


def moment_said(instant: datetime) -> str:
    """`3月16日9:00`."""
    local = instant.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日{local.hour}:{local.minute:02d}"


def left_said(calendar: WorkCalendar, now: datetime, due: datetime) -> str:
    """What is left of a limit in half-days, the one that runs not counted: `半天`, `1天`, `1天半`, from ten days on whole days."""
    if due <= now:
        return "0天"
    try:
        halves = max(1, calendar.slot_of(due) - calendar.slot_of(now))
    except CalendarMissing:
        return f"{max(1, (due - now) // timedelta(1))}天"
    days, half = divmod(min(halves, 199), 2)
    if not days:
        return "半天"
    return f"{days}天" + ("半" if half and days < 10 else "")


def item_said(short: str | None, name: str) -> str:
    """An item's short name, at most eight characters; without one its name, cut in the middle so that its kind is told."""
    said = " ".join((short or name).split()) or "办件"
    if units(said) <= ITEM:
        return said
    end = next((word for word in ENDS if said.endswith(word)), "")
    kept = said[: len(said) - len(end)]
    while units(kept) + units(end) > ITEM:
        kept = kept[:-1]
    return kept + end
