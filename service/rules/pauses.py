"""Special procedures and other pauses: which count, who approves them, how long, and what must be there first.

行政许可法 art. 45 and DOMAIN C.5.2, D.4 (R-SUS-4, R-SUS-5, R-SUS-6, R-SUS-8).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from service.rules.clocks import Clock, PauseKind, Suspension
from service.rules.lights import Light
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.rules.sentences import Sentence, filled
from service.rules.worktime import SHANGHAI, WorkCalendar

OUTAGE = timedelta(minutes=60)  # counter time a slot must be down to be frozen


class Exclusion(StrEnum):
    """Whether the time of a procedure is part of the limit."""

    EXCLUDED = "EXCLUDED"
    PER_ITEM = "PER_ITEM"  # counted unless the item's own statute or a local rule leaves it out


@dataclass(frozen=True, kw_only=True)
class PauseRule:
    """What holds for one kind of pause. `approvers`: roles, empty when the system does it by itself."""

    name: Sentence
    basis: str
    approvers: frozenset[str] = frozenset({"chief_rep"})
    longest: int | None = None  # working days, None: as announced
    once: bool = False
    exclusion: Exclusion = Exclusion.EXCLUDED
    ordered: bool = False  # may also begin on a red clock, by supervision (R-SUS-4)


ART_45 = "《行政许可法》第四十五条"
DECIDED = "本中心规定"
PAUSE_RULES: dict[PauseKind, PauseRule] = {
    PauseKind.CORRECTION: PauseRule(name=Sentence("补正"), basis=DECIDED, longest=10, once=True),
    PauseKind.HEARING: PauseRule(name=Sentence("听证"), basis="《行政许可法》第四十五条至第四十八条", longest=20, ordered=True),
    PauseKind.TENDER: PauseRule(name=Sentence("招标"), basis=ART_45, ordered=True),
    PauseKind.AUCTION: PauseRule(name=Sentence("拍卖"), basis=ART_45, ordered=True),
    PauseKind.INSPECTION: PauseRule(name=Sentence("检验检测检疫"), basis=ART_45, ordered=True),
    PauseKind.APPRAISAL: PauseRule(name=Sentence("鉴定"), basis=ART_45, ordered=True),
    PauseKind.EXPERT: PauseRule(name=Sentence("专家评审"), basis=ART_45, ordered=True),
    PauseKind.ENTRUSTED_EVALUATION: PauseRule(
        name=Sentence("委托评估"), basis="《企业投资项目核准和备案管理条例》第九条、第十条", longest=30, ordered=True
    ),
    PauseKind.PUBLICITY: PauseRule(name=Sentence("公示"), basis="事项规定", exclusion=Exclusion.PER_ITEM),
    PauseKind.CONSULT: PauseRule(name=Sentence("征求意见"), basis="事项规定", exclusion=Exclusion.PER_ITEM),
    PauseKind.UPPER_LEVEL: PauseRule(name=Sentence("上级审批"), basis="《行政许可法》第四十三条", approvers=frozenset()),
    PauseKind.DESIGN_REVISION: PauseRule(
        name=Sentence("设计修改"), basis="住房和城乡建设部令第13号第十二条", approvers=frozenset({"reviewer_a", "reviewer_b"}),
        longest=60,
    ),
    PauseKind.PAYMENT: PauseRule(name=Sentence("待缴费"), basis=DECIDED, approvers=frozenset()),
    PauseKind.APPLICANT_REQUEST: PauseRule(name=Sentence("申请人申请暂缓"), basis=DECIDED, longest=20, once=True),
    PauseKind.FORCE_MAJEURE: PauseRule(
        name=Sentence("不可抗力"), basis=DECIDED, approvers=frozenset({"business_office", "supervisor"}), ordered=True
    ),
    PauseKind.SYSTEM_OUTAGE: PauseRule(
        name=Sentence("系统故障"), basis=DECIDED, approvers=frozenset({"system_admin", "supervisor"}), ordered=True
    ),
    PauseKind.NEXT_FILING: PauseRule(name=Sentence("等待申报"), basis=DECIDED, approvers=frozenset()),
    PauseKind.SUSPENDED: PauseRule(name=Sentence("挂起"), basis=DECIDED, approvers=frozenset()),
}  # fmt: skip
WITHOUT_NOTICE = frozenset({PauseKind.FORCE_MAJEURE, PauseKind.SYSTEM_OUTAGE, PauseKind.NEXT_FILING})


def name_of(kind: str) -> Sentence:
    """What people call a kind of pause; the word itself when it is another system's."""
    if kind in PauseKind.__members__:
        return PAUSE_RULES[PauseKind(kind)].name
    return filled(Sentence("{kind}"), kind=kind) if kind else Sentence("暂停")


def open_pause(
    clock: Clock, light: Light, pause: Suspension, role: str, *, item_excludes: frozenset[PauseKind] = frozenset()
) -> Clock:
    """The clock with a pause that the law and the centre allow; it may already be paused for another reason (C.5.3).

    `light`: what the clock shows now. `item_excludes`: kinds the item's own statute leaves out of its limit.
    Refused: PAUSE_KIND_UNKNOWN, PAUSE_COUNTED, CLOCK_STOPPED, CLOCK_RED, PAUSE_ONCE, PAUSE_NOT_GRANTED,
    PAUSE_WITHOUT_NOTICE, PAUSE_TOO_LONG.
    """
    if pause.kind not in PauseKind.__members__:
        raise Invalid("PAUSE_KIND_UNKNOWN", "没有这种暂停事由：{kind}。", kind=pause.kind[:40])
    kind = PauseKind(pause.kind)
    rule = PAUSE_RULES[kind]
    if rule.exclusion is Exclusion.PER_ITEM and kind not in item_excludes:
        raise Conflict("PAUSE_COUNTED", "{kind}所需时间计入办理时限，不能暂停。", kind=rule.name.text)
    if light is Light.DONE:
        raise Conflict("CLOCK_STOPPED", "时限已经停止，不能暂停。")
    if light is Light.RED and not (rule.ordered and role == "supervisor"):
        raise Conflict("CLOCK_RED", "已经超期，不能再暂停；不可抗力、系统故障和法定程序由督查决定。")
    if rule.once and any(one.kind == kind for one in clock.suspensions):
        raise Conflict("PAUSE_ONCE", "{kind}在一个办件中只能暂停一次。", kind=rule.name.text)
    if rule.approvers and role not in rule.approvers and not (rule.ordered and role == "supervisor"):
        raise Forbidden("PAUSE_NOT_GRANTED", "无权批准因{kind}暂停计时。", kind=rule.name.text)
    if rule.approvers and kind not in WITHOUT_NOTICE and not (pause.notice and pause.expected_days is not None):
        raise Invalid(
            "PAUSE_WITHOUT_NOTICE",
            "暂停前必须将所需时间书面告知申请人（《行政许可法》第四十五条），请填写告知书和预计天数。",
        )
    if rule.longest is not None and (pause.expected_days or 0) > rule.longest:
        raise Invalid("PAUSE_TOO_LONG", "{kind}最长 {longest} 个工作日。", kind=rule.name.text, longest=rule.longest)
    return clock.with_pause(pause)


def pause_alarm(calendar: WorkCalendar, pause: Suspension, today: date) -> str | None:
    """SUSPENSION_LONG for an open pause beyond what was announced: HINT after 5 working days, YELLOW after 10 (R-SUS-6)."""
    if pause.through is not None or pause.expected_days is None:
        return None
    over = calendar.workdays_between(pause.after, today) - pause.expected_days
    return "YELLOW" if over > 10 else "HINT" if over > 5 else None


def outage_pauses(calendar: WorkCalendar, down: datetime, up: datetime) -> tuple[Suspension, ...]:
    """What an outage freezes: every half-day slot down for at least 60 minutes of counter time (R-SUS-8).

    A slot is frozen for clocks in half-days and hours; a day only when both its slots are.
    """
    found: list[Suspension] = []
    day, last = down.astimezone(SHANGHAI).date(), up.astimezone(SHANGHAI).date()
    while day <= last:
        frozen = [
            (opens, closes)
            for opens, closes in calendar.open_spans(day)
            if min(closes, up) - max(opens, down) >= OUTAGE
        ]
        if frozen:
            whole = len(frozen) == len(calendar.open_spans(day))
            found.append(
                Suspension(
                    kind=PauseKind.SYSTEM_OUTAGE,
                    after=day - timedelta(1) if whole else day,
                    through=day,
                    began_at=frozen[0][0] - timedelta(seconds=1),
                    ended_at=frozen[-1][1],
                )
            )
        day += timedelta(1)
    return tuple(found)
