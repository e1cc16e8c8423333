"""延期: once, before the limit ends, by the right person, at most what the law gives, told to the applicant.

行政许可法 art. 42 and DOMAIN D.5 (R-EXT-1 to R-EXT-3), R-CHN-1 for chains.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.rules.clocks import Clock, Extension
from service.rules.counting import deadline
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.rules.worktime import WorkCalendar


@dataclass(frozen=True, kw_only=True)
class ExtensionRule:
    """How much may be added, by whom, on which ground. `delegates`: only when their letter says 延期."""

    most: int
    basis: str
    approvers: frozenset[str]
    delegates: frozenset[str] = frozenset()


EXTENSION_RULES = {
    "SINGLE": ExtensionRule(
        most=10,
        basis="《行政许可法》第四十二条第一款",
        approvers=frozenset({"dept_head"}),
        delegates=frozenset({"resident_leader"}),
    ),
    "JOINT": ExtensionRule(most=15, basis="《行政许可法》第四十二条第二款", approvers=frozenset({"leader"})),
    "PROJECT_APPROVAL": ExtensionRule(
        most=40, basis="《企业投资项目核准和备案管理条例》第十条", approvers=frozenset({"dept_head"})
    ),
    "MARKET_ENTITY": ExtensionRule(
        most=3, basis="《市场主体登记管理条例》第十九条", approvers=frozenset({"dept_head"})
    ),
    "FOOD": ExtensionRule(most=5, basis="《食品经营许可和备案管理办法》", approvers=frozenset({"dept_head"})),
}


def extend(
    calendar: WorkCalendar,
    clock: Clock,
    extension: Extension,
    *,
    rule: ExtensionRule | None,
    role: str,
    at: datetime,
    delegated: bool = False,
) -> Clock:
    """The clock with more time; a paused one may be extended too (C.5.3).

    `rule` None: the statute of the item gives no extension. Refused: EXTENSION_NONE, EXTENSION_ONCE, EXTENSION_LATE,
    EXTENSION_TOO_LONG, EXTENSION_NOT_GRANTED, EXTENSION_WITHOUT_REASONS, CLOCK_STOPPED, CALENDAR_MISSING.
    """
    if rule is None:
        raise Conflict("EXTENSION_NONE", "该事项的法律依据没有规定延期。")
    if clock.stopped_at is not None:
        raise Conflict("CLOCK_STOPPED", "时限已经停止，不能延期。")
    if clock.extensions:
        raise Conflict("EXTENSION_ONCE", "已经延期一次，不能再次延期（《行政许可法》第四十二条）。")
    due = deadline(calendar, clock)
    if due is not None and at >= due.at:
        raise Conflict("EXTENSION_LATE", "延期应在到期前批准，该时限已于 {due} 到期。", due=due.at)
    if not 1 <= extension.amount <= rule.most:
        raise Invalid("EXTENSION_TOO_LONG", "最多延长 {most} 个工作日（{basis}）。", most=rule.most, basis=rule.basis)
    if role not in rule.approvers and not (delegated and role in rule.delegates):
        raise Forbidden("EXTENSION_NOT_GRANTED", "无权批准延期，延期依据为{basis}。", basis=rule.basis)
    if not extension.notice:
        raise Invalid("EXTENSION_WITHOUT_REASONS", "延期理由必须告知申请人，请填写延期通知书。")
    return clock.with_extension(extension)
