"""超时默许: four levels, what must hold before silence counts as agreement, and what forbids it (DOMAIN D.7).

The department stays responsible; the outcome is marked as tacit everywhere and never passes silently.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from service.rules.refusals import Conflict
from service.rules.sentences import Sentence
from service.rules.worktime import WorkCalendar

NOTICE_DAYS = 2  # working days after the due day, 09:00
CERTIFICATE_DAYS = 1  # working days after the notice
HOLD_DAYS = 3  # working days a supervisor may hold a tacit outcome, once


class TacitLevel(StrEnum):
    """What silence means for an item or a task."""

    NONE = "NONE"
    INTERNAL_OPINION = "INTERNAL_OPINION"  # 缺席默认: an opinion another department was asked for
    STAGE_SKIP = "STAGE_SKIP"  # 逾期不审免签通过: the 审核 stage passes without an opinion
    DECISION = "DECISION"  # 超时默许 of the decision itself
    STATUTORY = "STATUTORY"  # 视为… by the statute, always on
    NEVER = "NEVER"  # locked, nobody may change it


class TacitException(StrEnum):
    """What keeps STAGE_SKIP and DECISION from happening, checked at the trigger; any one is enough."""

    CLOCK_NOT_RUNNING = "CLOCK_NOT_RUNNING"
    PROCEDURE_OPEN = "PROCEDURE_OPEN"  # survey, test, hearing or expert review not finished
    FEE_UNPAID = "FEE_UNPAID"
    MATERIAL_INCOMPLETE = "MATERIAL_INCOMPLETE"  # or a truth challenge is open
    OBJECTION_OPEN = "OBJECTION_OPEN"  # hearing request or objection of an interested party
    HIGHER_LEVEL = "HIGHER_LEVEL"  # the decision belongs to a higher level or a collective meeting
    SYSTEM_OUTAGE = "SYSTEM_OUTAGE"  # at least 60 minutes of business time in the last two half-days
    INVESTIGATION = "INVESTIGATION"  # 监察 or a court order
    EXTENSION_PENDING = "EXTENSION_PENDING"
    SUPERVISOR_HOLD = "SUPERVISOR_HOLD"


SENTENCES = {
    TacitException.CLOCK_NOT_RUNNING: Sentence("时限未在运行，或剩余时间为零仅因日历错误"),
    TacitException.PROCEDURE_OPEN: Sentence("必经的勘查、检测、听证或专家评审尚未完成"),
    TacitException.FEE_UNPAID: Sentence("应缴费用尚未缴清"),
    TacitException.MATERIAL_INCOMPLETE: Sentence("必要材料不齐或真实性存疑尚未了结"),
    TacitException.OBJECTION_OPEN: Sentence("利害关系人的听证申请或异议尚未了结"),
    TacitException.HIGHER_LEVEL: Sentence("应由上级或集体会议决定"),
    TacitException.SYSTEM_OUTAGE: Sentence("最近两个半日内系统故障达到 60 分钟"),
    TacitException.INVESTIGATION: Sentence("办件正在接受监察调查或有法院裁定"),
    TacitException.EXTENSION_PENDING: Sentence("延期申请尚待决定"),
    TacitException.SUPERVISOR_HOLD: Sentence("督查已决定暂缓默许"),
}


SAFETY = "《行政许可法》第十二条第一项"
SCARCE = "《行政许可法》第十二条第二项、第五十三条、第五十七条"


@dataclass(frozen=True, kw_only=True)
class Lock:
    """Why the law keeps an item from any tacit outcome of its own; no role may change it (BR-03)."""

    reason: Sentence
    article: str


LOCKED = {  # 24 items of the catalogue by their codes
    **dict.fromkeys(
        ("103-XK-001", "103-XK-002", "103-XK-004"), Lock(reason=Sentence("直接关系生态环境"), article=SAFETY)
    ),
    **dict.fromkeys(
        ("104-XK-002", "104-XK-003", "106-XK-001"), Lock(reason=Sentence("直接关系公共安全（消防）"), article=SAFETY)
    ),
    "108-XK-003": Lock(reason=Sentence("直接关系公共安全（防洪）"), article=SAFETY),
    **dict.fromkeys(
        ("112-XK-003", "112-XK-004", "116-XK-001", "116-XK-002", "116-XK-003"),
        Lock(reason=Sentence("直接关系公共安全"), article=SAFETY),
    ),
    **dict.fromkeys(
        ("122-XK-001", "122-XK-002"), Lock(reason=Sentence("直接关系公共安全（易燃易爆场所防雷）"), article=SAFETY)
    ),
    "117-XK-002": Lock(reason=Sentence("直接关系学生安全"), article=SAFETY),
    **dict.fromkeys(
        ("111-XK-002", "111-XK-003", "115-XK-001", "115-XK-002", "115-XK-003", "120-XK-001"),
        Lock(reason=Sentence("直接关系人身健康"), article=SAFETY),
    ),
    **dict.fromkeys(
        ("108-XK-001", "121-XK-001", "123-XK-001"), Lock(reason=Sentence("有限资源或有数量限制"), article=SCARCE)
    ),
}
RANKS = (TacitLevel.NONE, TacitLevel.INTERNAL_OPINION, TacitLevel.STAGE_SKIP, TacitLevel.DECISION)
WORDS = {  # as diagrams write levels (zw:tacit)
    "none": TacitLevel.NONE,
    "opinion": TacitLevel.INTERNAL_OPINION,
    "stage_skip": TacitLevel.STAGE_SKIP,
    "decision": TacitLevel.DECISION,
    "statutory": TacitLevel.STATUTORY,
    "never": TacitLevel.NEVER,
}
STAGES = {  # the stage a level belongs to
    TacitLevel.INTERNAL_OPINION: "OPINION",
    TacitLevel.STAGE_SKIP: "REVIEW",
    TacitLevel.DECISION: "APPROVE",
}


def covers(item: TacitLevel, task: TacitLevel) -> bool:
    """Whether an item of this level may have a task of that one; a statutory item passes by its statute alone."""
    if task is TacitLevel.NONE:
        return True
    return item in RANKS and task in RANKS and RANKS.index(task) <= RANKS.index(item)


@dataclass(frozen=True, kw_only=True)
class TacitFacts:
    """What is known of a case at the trigger, one field for each exception."""

    clock_running: bool = True
    calendar_error: bool = False
    procedure_open: bool = False
    fee_unpaid: bool = False
    material_incomplete: bool = False
    objection_open: bool = False
    higher_level: bool = False
    outage_minutes: int = 0  # of business time in the last two half-days
    investigation: bool = False
    extension_pending: bool = False
    held_until: date | None = None
    delivered: bool = True  # the request reached the department, with its time of receipt


@dataclass(frozen=True, kw_only=True)
class TacitVerdict:
    """Whether silence counts, and every reason why not (HOLD)."""

    applies: bool
    holds: tuple[TacitException, ...]


@dataclass(frozen=True, kw_only=True)
class TacitTimes:
    """The instants of a tacit decision: hold window on `overdue_day`, notice, certificate."""

    overdue_day: date
    notice_at: datetime
    certificate_by: datetime


def judge_tacit(level: TacitLevel, facts: TacitFacts, today: date, *, decision: bool = False) -> TacitVerdict:
    """Whether a passed limit counts as agreement at this level.

    `decision`: the task decides itself; an advisory level never reaches it. An opinion needs a delivered request, a clock
    that ran out and a network that worked.
    """
    none = TacitVerdict(applies=False, holds=())
    if level in (TacitLevel.NONE, TacitLevel.NEVER) or (decision and level is not TacitLevel.DECISION):
        return none
    holds = exceptions(facts, today)
    if level is TacitLevel.INTERNAL_OPINION:
        stops = {TacitException.CLOCK_NOT_RUNNING, TacitException.SYSTEM_OUTAGE, TacitException.SUPERVISOR_HOLD}
        holds = tuple(one for one in holds if one in stops)
        return TacitVerdict(applies=not holds and facts.delivered, holds=holds)
    return TacitVerdict(applies=not holds, holds=holds)


def exceptions(facts: TacitFacts, today: date) -> tuple[TacitException, ...]:
    """Which of the ten exceptions hold, in their order."""
    found = (
        (TacitException.CLOCK_NOT_RUNNING, not facts.clock_running or facts.calendar_error),
        (TacitException.PROCEDURE_OPEN, facts.procedure_open),
        (TacitException.FEE_UNPAID, facts.fee_unpaid),
        (TacitException.MATERIAL_INCOMPLETE, facts.material_incomplete),
        (TacitException.OBJECTION_OPEN, facts.objection_open),
        (TacitException.HIGHER_LEVEL, facts.higher_level),
        (TacitException.SYSTEM_OUTAGE, facts.outage_minutes >= 60),
        (TacitException.INVESTIGATION, facts.investigation),
        (TacitException.EXTENSION_PENDING, facts.extension_pending),
        (TacitException.SUPERVISOR_HOLD, facts.held_until is not None and today <= facts.held_until),
    )
    return tuple(one for one, holds in found if holds)


def tacit_times(calendar: WorkCalendar, due: date) -> TacitTimes:
    """Notice at 09:00 of the 2nd working day after the due day, certificate by close of the next. Refused: CALENDAR_MISSING."""
    notice = calendar.add_workdays(due, NOTICE_DAYS)
    return TacitTimes(
        overdue_day=calendar.add_workdays(due, 1),
        notice_at=calendar.open_of(notice),
        certificate_by=calendar.close_of(calendar.add_workdays(notice, CERTIFICATE_DAYS)),
    )


def hold_until(calendar: WorkCalendar, placed: date, due: date, *, before: bool) -> date:
    """Until when a supervisor's hold keeps a decision open: 3 working days, once, placed before the trigger.

    `before`: there has been one. Refused: HOLD_ONCE, HOLD_LATE, CALENDAR_MISSING.
    """
    if before:
        raise Conflict("HOLD_ONCE", "暂缓默许只能决定一次。")
    if calendar.open_of(placed) >= tacit_times(calendar, due).notice_at:
        raise Conflict("HOLD_LATE", "默许已经生效，不能再暂缓。")
    return calendar.add_workdays(placed, HOLD_DAYS)


def check_level(item_level: TacitLevel, wanted: TacitLevel, reason: str) -> None:
    """Refused: TACIT_NEVER for an item the law keeps from it, whoever asks (BR-03)."""
    if item_level is TacitLevel.NEVER and wanted is not TacitLevel.NEVER:
        raise Conflict("TACIT_NEVER", "该事项不得适用超时默许：{reason}。", reason=reason)


def deemed_renewal(expiry: date, filed: date, decided: date | None) -> bool:
    """A renewal filed 30 days before expiry and undecided at its end is granted (行政许可法 art. 50)."""
    return (expiry - filed).days >= 30 and (decided is None or decided > expiry)
