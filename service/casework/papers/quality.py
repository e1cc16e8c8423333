"""Facts of what quality hands out: 过错责任认定书 W28, 投诉受理单 and 投诉答复书 W29, 回访记录表 W30."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.papers.deciding import remedy
from service.casework.papers.subject import Subject, day_of

ACCEPTED = "Mark_Accepted"
SANCTIONS = {
    "talk": "提醒谈话",
    "criticism": "通报批评",
    "transfer": "调离窗口岗位",
    "discipline": "移送处分",
}
QUESTIONS = (
    ("handled", "办过哪些事"),
    ("time_used", "用时多久"),
    ("money_spent", "花了多少钱"),
    ("misconduct", "是否遇到吃拿卡要、捆绑收费、部门不合作"),
)
SATISFACTION = {"5": "非常满意", "4": "满意", "3": "基本满意", "2": "不满意", "1": "非常不满意"}


def fault(subject: Subject) -> Mapping[str, Any] | None:
    """W28, when the sanction is served."""
    decided, sanction = subject.last(element="Task_Decide"), subject.last(element="Task_Sanction")
    if decided is None or sanction is None:
        return None
    stated = subject.last(element="Task_Statement")
    return {
        "person": subject.text("person_name"),
        "established": _said(decided.answers, "established"),
        "statement": _said(stated.answers, "statement") if stated is not None else "",
        "finding": _said(sanction.answers, "finding"),
        "sanction": SANCTIONS.get(_said(sanction.answers, "sanction"), ""),
        "appeal_by": _said(sanction.answers, "appeal_by")[:10],
    }


def complaint(subject: Subject) -> Mapping[str, Any]:
    """W29: what was taken in, or what was found and answered; 不受理 too."""
    found: dict[str, Any] = {
        "form": "投诉受理单" if subject.element == ACCEPTED else "投诉答复书",
        "complaint_no": subject.text("complaint_no"),
        "received_on": day_of(subject.row.started_at).isoformat(),
        "matter": subject.text("complaint_text"),
        **remedy(subject),
    }
    if subject.element == ACCEPTED:
        return found
    accepted = subject.last(element="Task_Accept")
    investigated = subject.last(element="Task_Department") or subject.last(element="Task_Supervision")
    reviewed = subject.last(element="Task_Review")
    reason = _said(accepted.answers, "reason") if accepted is not None else ""
    return found | {
        "investigation": _said((reviewed or investigated).answers, "review_finding", "investigation")
        if investigated is not None
        else "",
        "conclusion": subject.text("reply") or reason,
    }


def called(subject: Subject) -> Mapping[str, Any] | None:
    """W30 of one call that was answered."""
    answers = subject.values.get("Task_Call")
    if not isinstance(answers, Mapping) or answers.get("reached") != "yes":
        return None
    step = subject.last(element="Task_Call")
    return {
        "questions": [{"question": words, "answer": _said(answers, name) or "未回答"} for name, words in QUESTIONS],
        "satisfaction": SATISFACTION.get(str(answers.get("satisfaction") or ""), "未评价"),
        "problem": _said(answers, "problem"),
        "visited_at": subject.records.now.isoformat(),
        "visitor": subject.name(step.task.ended_by if step is not None else None),
    }


def _said(answers: Mapping[str, Any], *names: str) -> str:
    """The first of some answers that is a text and not empty."""
    for name in names:
        value = answers.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""
