"""Why a limit ends when it does: one line for every day from the start on, counted or not and by which rule.

This is the content of the time proof sheet (时限证明) and of 时限试算.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from service.rules.clocks import Clock, Suspension, Unit, midnight
from service.rules.counting import HOUR, Reading, counted, due_position, hours_on, reading, ruler_of
from service.rules.pauses import name_of
from service.rules.sentences import WEEKDAYS, Sentence, filled
from service.rules.worktime import SHANGHAI, WorkCalendar

DAY = timedelta(1)
SECOND = timedelta(seconds=1)


class DayRule(StrEnum):
    """Why a day counts or does not."""

    START_DAY = "START_DAY"  # 开始的当日不计入, 民法典 art. 201
    WORKDAY = "WORKDAY"
    MAKEUP = "MAKEUP"  # 调休上班
    CALENDAR_DAY = "CALENDAR_DAY"
    IMMEDIATE = "IMMEDIATE"  # 即办件, due at close of the day
    WEEKEND = "WEEKEND"
    HOLIDAY = "HOLIDAY"  # 节假日, 行政许可法 art. 82
    PAUSED = "PAUSED"
    ROLLED = "ROLLED"  # the last day rests, 民法典 art. 203
    RESUMED = "RESUMED"  # nothing was left when the pause began: due on the day of resumption
    CLOSED = "CLOSED"  # the counters had closed already
    OVERDUE = "OVERDUE"


SAID = {
    DayRule.START_DAY: Sentence("开始当日，不计入（《民法典》第二百零一条）"),
    DayRule.IMMEDIATE: Sentence("即办件，当日办结"),
    DayRule.WEEKEND: Sentence("周末，不计入"),
    DayRule.HOLIDAY: Sentence("节假日放假，不计入"),
    DayRule.PAUSED: Sentence("暂停计时（{why}），不计入"),
    DayRule.ROLLED: Sentence("期满日逢休息日，顺延至工作日，不计入（《民法典》第二百零三条）"),
    DayRule.RESUMED: Sentence("恢复计时，期限已用完，当日必须办结"),
    DayRule.CLOSED: Sentence("窗口已停止办公，不计入"),
}
COUNTED = {
    (Unit.WORKDAY, DayRule.WORKDAY): Sentence("工作日，计入，第{n}个工作日"),
    (Unit.WORKDAY, DayRule.MAKEUP): Sentence("调休上班，计入，第{n}个工作日"),
    (Unit.CALENDAR, DayRule.CALENDAR_DAY): Sentence("计入，第{n}日"),
    (Unit.HALFDAY, DayRule.WORKDAY): Sentence("工作日，计入{units}个半日，累计{n}个半日"),
    (Unit.HALFDAY, DayRule.MAKEUP): Sentence("调休上班，计入{units}个半日，累计{n}个半日"),
    (Unit.HOUR, DayRule.WORKDAY): Sentence("工作日，计入{units}小时，累计{n}小时"),
    (Unit.HOUR, DayRule.MAKEUP): Sentence("调休上班，计入{units}小时，累计{n}小时"),
}
LATE = {
    Unit.WORKDAY: Sentence("已超期，第{n}个工作日"),
    Unit.CALENDAR: Sentence("已超期，第{n}日"),
    Unit.HALFDAY: Sentence("已超期，累计{n}个半日"),
    Unit.HOUR: Sentence("已超期，累计{n}小时"),
}
UNSAID = filled(Sentence("{text}"), text="")  # counted days say how many units they use instead
DUE = Sentence("{text}，{at}到期")
EXTENDED = Sentence("{text}（延长的期限）")
LINE = Sentence("{day} {weekday}：{text}。")
JOINED = Sentence("{one}、{other}")


@dataclass(frozen=True, kw_only=True)
class DayLine:
    """One day of a clock: how many units of the limit it uses and by which rule; `sentence` says it to people.

    `over`: units used after the limit had ended.
    """

    day: date
    units: float
    rule: DayRule
    sentence: Sentence
    over: float = 0

    @property
    def what(self) -> Sentence:
        """The sentence without its date."""
        text: Sentence = dict(self.sentence.params)["text"]
        return text


def explain(calendar: WorkCalendar, clock: Clock, now: datetime, *, ahead: bool = True) -> tuple[DayLine, ...]:
    """Every day from the start to the due day, and on to `now` (or the end of the clock) when that is later.

    The units of the days up to the due one add up to the limit. Not `ahead`: told up to `now` only, as a stopped clock
    always is up to its end; then units and `over` add up to what the reading of that instant says is used.
    Refused: CALENDAR_MISSING.
    """
    moment = now if clock.stopped_at is None else min(now, clock.stopped_at)
    ahead = ahead and clock.stopped_at is None
    sheet = _Sheet(calendar, clock.resumed(moment), reading(calendar, clock, moment), None if ahead else moment)
    today = moment.astimezone(SHANGHAI).date()
    day, last = clock.started.astimezone(SHANGHAI).date(), sheet.said.due.day
    last = max(last, today) if ahead else today
    lines = []
    while day <= last:
        lines.append(sheet.line(day))
        day += DAY
    return tuple(lines)


class _Sheet:
    """A proof sheet while it is written: what has been used so far and on which day last. `until`: nothing is told after it."""

    def __init__(self, calendar: WorkCalendar, clock: Clock, said: Reading, until: datetime | None) -> None:
        self.calendar, self.clock, self.said, self.until = calendar, clock, said, until
        self.used, self.late = 0.0, 0.0
        self.ruler = ruler_of(calendar, clock)
        self.end = 0 if clock.unit is Unit.HOUR else due_position(self.ruler) or 0
        self.used_on = clock.started.astimezone(SHANGHAI).date()

    def line(self, day: date) -> DayLine:
        """The next day."""
        due, over = self.said.due, self._over(day)
        self.late = round(self.late + over, 4)
        if day > due.day:
            rule = DayRule.OVERDUE if over else self._skipped(day)
            text = filled(LATE[self.clock.unit], n=f"{self.late:g}") if over else self._said(rule, day)
            return DayLine(day=day, units=0, over=over, rule=rule, sentence=_line(day, text))
        units = self._units(day)
        before, self.used = self.used, round(self.used + units, 4)
        rule = self._counted(day) if units else self._skipped(day)
        text = self._said(rule, day)
        if units:
            self.used_on = day
            text = filled(COUNTED[self.clock.unit, rule], n=f"{self.used:g}", units=f"{units:g}")
            if self.clock.amount <= before:
                text = filled(EXTENDED, text=text)
        if day == due.day:
            text = filled(DUE, text=text, at=f"{due.at:%H:%M}")
        return DayLine(day=day, units=units, over=over, rule=rule, sentence=_line(day, text))

    def _units(self, day: date) -> float:
        """What a day up to the due one uses of the limit."""
        if self.clock.unit is Unit.HOUR:
            until = min(self._end(day), self.said.due.at)
            return round(hours_on(self.calendar, self.clock, day, self.clock.started, until) / HOUR, 4)
        a, b = self._span(day)
        return min(counted(self.ruler, max(a, self.ruler.origin()), b), self.clock.total - self.used)

    def _over(self, day: date) -> float:
        """What a day uses after the due instant."""
        if day < self.said.due.day:
            return 0
        if self.clock.unit is Unit.HOUR:
            spent = hours_on(self.calendar, self.clock, day, self.said.due.at, self._end(day))
            return round(spent / HOUR, 4)
        a, b = self._span(day)
        return counted(self.ruler, max(a, self.end), b)

    def _span(self, day: date) -> tuple[int, int]:
        """The positions (a, b] of a day."""
        begin, end = self.ruler.at(midnight(day)), self.ruler.at(midnight(day + DAY) - SECOND)
        if self.until is not None:
            end = min(end, self.ruler.at(self.until))
        return begin - (self.clock.unit is not Unit.HALFDAY), end

    def _end(self, day: date) -> datetime:
        """The instant up to which a day is told."""
        return midnight(day + DAY) if self.until is None else min(midnight(day + DAY), self.until)

    def _counted(self, day: date) -> DayRule:
        if self.clock.unit is Unit.CALENDAR:
            return DayRule.CALENDAR_DAY
        return DayRule.MAKEUP if day.weekday() > 4 else DayRule.WORKDAY

    def _skipped(self, day: date) -> DayRule:
        """Why a day uses nothing."""
        clock, due = self.clock, self.said.due.day
        working = self.calendar.is_workday(day)
        if day == due:
            if not clock.total:
                return DayRule.IMMEDIATE
            waited = any(self.used_on <= one.after < day for one in clock.suspensions)
            return DayRule.RESUMED if waited else DayRule.ROLLED
        if day == clock.started.astimezone(SHANGHAI).date() and clock.total and clock.unit is not Unit.HOUR:
            return DayRule.START_DAY
        if not working and clock.unit is not Unit.CALENDAR:
            return DayRule.WEEKEND if day.weekday() > 4 else DayRule.HOLIDAY
        if self._pauses(day):
            return DayRule.PAUSED
        return DayRule.ROLLED if clock.unit is Unit.CALENDAR and clock.total else DayRule.CLOSED

    def _pauses(self, day: date) -> tuple[Suspension, ...]:
        """The pauses that keep a day from counting: whole days for limits in days, any hour of it for the others."""
        if self.clock.unit in (Unit.WORKDAY, Unit.CALENDAR):
            return tuple(one for one in self.clock.suspensions if one.after < day <= (one.through or date.max))
        return tuple(
            one
            for one in self.clock.suspensions
            if one.paused_from < midnight(day + DAY) and (one.paused_until is None or one.paused_until > midnight(day))
        )

    def _said(self, rule: DayRule, day: date) -> Sentence:
        if rule is not DayRule.PAUSED:
            return SAID.get(rule, UNSAID)
        names = list(dict.fromkeys(name_of(one.kind) for one in self._pauses(day)))
        why = names[0]
        for name in names[1:]:
            why = filled(JOINED, one=why, other=name)
        return filled(SAID[rule], why=why)


def _line(day: date, text: Sentence) -> Sentence:
    return filled(LINE, day=day.isoformat(), weekday=WEEKDAYS[day.weekday()], text=text)
