"""Facts about receipt and time: 收件凭证, 受理通知书, 补正告知书, 特别程序, 暂停, 延期, 超时默许."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from service.casework.clockwork.book import clock_of, promised_end
from service.casework.papers.subject import Subject, day_of
from service.rules.clocks import ClockKind, PauseKind, Unit, read_limit
from service.rules.counting import reading
from service.rules.pauses import PAUSE_RULES, Exclusion, name_of
from service.rules.refusals import Refusal
from service.store.clocks import ClockRow

UNITS = {Unit.WORKDAY: "个工作日", Unit.CALENDAR: "日", Unit.HALFDAY: "个半日", Unit.HOUR: "小时"}
KIND_OF_FORM = {"表": "原件", "自": "原件", "共": "数据共享"}  # the mark at the end of a material's name
ANNOUNCED = frozenset(  # procedures the applicant is told of in writing before they begin (R-SUS-5)
    {kind.value for kind, rule in PAUSE_RULES.items() if rule.ordered or rule.exclusion is Exclusion.PER_ITEM}
    | {PauseKind.DESIGN_REVISION.value}
)
DEFAULT_REMEDY = "补齐或者更正后提交"


def received(subject: Subject) -> Mapping[str, Any]:
    """W01."""
    return {
        "materials": materials_of(subject),
        "received_at": subject.row.started_at.isoformat(),
        "receiver": subject.name(subject.row.started_by),
        "notice_limit": words(subject.clock(ClockKind.RECEIPT)) or "五个工作日",
    }


def accepted(subject: Subject) -> Mapping[str, Any] | None:
    """W02; None when the item was not accepted."""
    found = subject.reached("ACCEPTED", "DEEMED_ACCEPTED", "M0")
    if found is None:
        return None
    deemed = subject.reached("DEEMED_ACCEPTED") == found
    promise, statutory = subject.clock(ClockKind.CASE, ClockKind.CHAIN), subject.clock(ClockKind.STATUTORY)
    at_once = promise is not None and promise.amount == 0
    return {
        "accepted_on": found[1].isoformat(),
        "process_type": "即办件" if at_once else "承诺件",
        "promise": words(promise),
        "promised_due": _iso(_promised(subject, promise)),
        "statutory": words(statutory) or "法律、法规未规定",
        "fee": subject.attributes.get("fee") or "按收费标准另行通知",
        "pick_up": {"post": "邮寄送达", "window": "窗口领取", "electronic": "电子证照"}.get(
            subject.text("pick_up"), "窗口领取或者邮寄送达"
        ),
        "deemed": deemed,
    }


def _promised(subject: Subject, row: ClockRow | None) -> date | None:
    at = None if row is None else promised_end(subject.records.calendar, row)
    return subject.due(row) if at is None else day_of(at)


def correction(subject: Subject) -> Mapping[str, Any] | None:
    """W04: every gap with its problem; the notes have a line for each of them, or are about all."""
    step = subject.last(stage="ACCEPT")
    answers = step.answers if step is not None and step.answers.get("decision") == "correct" else {}
    gaps = [one for one in answers.get("gaps") or () if isinstance(one, str)]
    if not gaps:
        return {"reply_by": _iso(subject.due(subject.clock(ClockKind.CORRECTION)))}
    notes = [line.strip() for line in str(answers.get("gap_notes") or "").splitlines() if line.strip()]
    return {
        "gaps": [_gap(name, n, gaps, notes) for n, name in enumerate(gaps)],
        "reply_by": _iso(subject.due(subject.clock(ClockKind.CORRECTION))),
    }


def _gap(name: str, n: int, gaps: list[str], notes: list[str]) -> dict[str, str]:
    """One row. A note begins with the material's name, or stands at its place, else all of it is the problem."""
    plain = bare(name)
    own = [line for line in notes if line.startswith((name, plain))]
    text = own[0] if own else notes[n] if len(notes) == len(gaps) else "\n".join(notes)
    text = text.removeprefix(name).removeprefix(plain).lstrip("：: ")
    problem, _, remedy = text.partition("；")
    return {"material": plain, "problem": problem or "未提交或者不符合要求", "remedy": remedy or DEFAULT_REMEDY}


def procedure(subject: Subject) -> Mapping[str, Any] | None:
    """W07; None while no special procedure is open. Who is late already is told of it as well, though no clock stands still."""
    found = _pause(subject, still=True, special=True)
    if found is None:
        return _begun(subject)
    kind, pause = found
    rule = PAUSE_RULES[PauseKind(kind)]
    began = date.fromisoformat(pause["after"]) + timedelta(1)
    days = pause.get("expected_days") or rule.longest
    return {
        "procedure": name_of(kind).words(str),
        "basis": pause.get("basis") or rule.basis,
        "days": days,
        "started_on": began.isoformat(),
        "expected_on": _iso(subject.records.calendar.add_workdays(began, days) if days else None),
    }


def clock_paused(subject: Subject) -> Mapping[str, Any] | None:
    """W08 of the latest pause: that the clocks stand, or that they go on."""
    found = _pause(subject, still=True) or _pause(subject, still=False)
    row = subject.main
    if found is None or row is None:
        return None
    kind, pause = found
    name, over = name_of(kind).words(str), "through" in pause
    return {
        "act": "恢复" if over else "暂停",
        "reason": f"{name}已经结束，恢复计算办理期限。" if over else f"因{name}，暂停计算办理期限。",
        "from_day": (date.fromisoformat(pause["after"]) + timedelta(1)).isoformat(),
        "through_day": pause.get("through"),
        "left": _left(subject, row),
        "new_due": _iso(subject.due(row)) if over else None,
    }


def extended(subject: Subject) -> Mapping[str, Any] | None:
    """W09 of the latest extension that was granted."""
    granted = [one for one in subject.proceedings("EXTENSION") if one.state == "GRANTED"]
    row = subject.main
    if row is None or not row.extensions:
        return None
    clock = clock_of(row)
    before = subject.due_of(replace(clock, extensions=clock.extensions[:-1]))
    last, asked = clock.extensions[-1], granted[-1] if granted else None
    return {
        "due": _iso(None if before is None else day_of(before)),
        "days": last.amount,
        "new_due": _iso(subject.due(row)),
        "reason": str((asked.detail if asked else {}).get("reason") or ""),
        "approved_by": subject.name(last.approved_by or (asked.closed_by if asked else None)),
    }


def passed_by_silence(subject: Subject) -> Mapping[str, Any] | None:
    """W16; None unless silence decided."""
    step, row = subject.last(stage="APPROVE"), subject.clock(ClockKind.CASE, ClockKind.STATUTORY)
    if step is None or step.task.outcome != "TACIT" or row is None:
        return None
    due, calendar = subject.due(row), subject.records.calendar
    passed = day_of(step.task.ended_at or subject.records.now)
    return {
        "due": _iso(due),
        "over_days": calendar.workdays_between(due, passed) if due is not None and due < passed else 0,
        "basis": silence_basis(subject),
        "department": subject.authority,
        "certificate_by": calendar.close_of(calendar.add_workdays(passed, 1)).isoformat(),
    }


def silence_basis(subject: Subject) -> str:
    """The rule by which silence agrees. It is the place's own; a real one has to be named in the diagram, else it is missing."""
    settings = subject.office.settings
    return subject.attributes.get("tacit_basis") or (
        f"《{settings.city}行政审批超时默许办法》" if settings.demo else ""
    )


def materials_of(subject: Subject) -> list[dict[str, Any]]:
    """The materials that were ticked at the counter, else none are known."""
    step = subject.last(stage="ACCEPT")
    names = (step.answers.get("materials") if step is not None else None) or subject.values.get("handed_in") or ()
    return [
        {
            "name": bare(one),
            "form": KIND_OF_FORM.get(one[-2:-1], "复印件") if one.endswith(")") else "原件",
            "copies": 1,
            "pages": 1,
        }
        for one in names
        if isinstance(one, str) and one.strip()
    ]


def bare(name: str) -> str:
    """A material's name without the mark of its form: 施工合同(自)."""
    return name[:-3] if len(name) > 3 and name[-1] == ")" and name[-3] == "(" else name


def words(row: ClockRow | None) -> str:
    """A limit in words."""
    if row is None:
        return ""
    return "即时办结" if row.amount == 0 else f"{row.amount}{UNITS[Unit(row.unit)]}"


def _pause(subject: Subject, *, still: bool, special: bool = False) -> tuple[str, Mapping[str, Any]] | None:
    """The latest pause of the main clock that is open, or that is over."""
    row = subject.main
    pauses = [
        one
        for one in (row.pauses if row is not None else ())
        if ("through" not in one) is still
        and one["kind"] in tuple(PauseKind)
        and (not special or one["kind"] in ANNOUNCED)
    ]
    return (pauses[-1]["kind"], pauses[-1]) if pauses else None


def _begun(subject: Subject) -> Mapping[str, Any] | None:
    """W07 of a procedure whose desk is open: a red clock is not paused for it (R-SUS-4), 许可法 §45 asks for the notice anyway."""
    for task in reversed(subject.records.tasks.open_of(subject.row.id)):
        drawn = subject.drawn(task.element) if subject.has(task.scope_id) else {}
        kind = drawn.get("pause", "")
        if kind in ANNOUNCED and PAUSE_RULES[PauseKind(kind)].exclusion is Exclusion.EXCLUDED:
            rule, granted = PAUSE_RULES[PauseKind(kind)], subject.last(answering="expected_days")
            told = granted.answers["expected_days"] if granted is not None else None
            return {
                "procedure": name_of(kind).words(str),
                "basis": rule.basis,
                "days": told or _workdays(drawn.get("limit", "")) or rule.longest,
                "started_on": None,
                "expected_on": None,
            }
    return None


def _workdays(limit: str) -> int | None:
    if not limit or limit.startswith("="):
        return None
    amount, unit = read_limit(limit)
    return amount if unit is Unit.WORKDAY else None


def _left(subject: Subject, row: ClockRow) -> int | None:
    try:
        return max(0, reading(subject.records.calendar, clock_of(row), subject.records.now).remaining)
    except Refusal:
        return None


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
