"""A simulated month of the demo city in one process: everything that can be applied for is, and everybody does what they do.

Applications come in from a week before the month on, so that it begins with cases that are under way; some came in three
months before from people who do not pay, and are given up for it in the month. At every tick the clock moves, what is due happens at its instant, and each case sees one act after another. At the end of the month the
monthly sheet is made from the journals (`month_sheet.py`) and compared with a count of the tables (`month_count.py`) and with the
list of cases (`month_list.py`).
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from scripts.campaigns.city import CLERK, KEEPER, OWN_MESSAGES, City, Desk
from scripts.campaigns.month_count import count, journals_of
from scripts.campaigns.month_diagrams import applied_for, cards
from scripts.campaigns.month_list import against_list, listed
from scripts.campaigns.month_people import AGAIN, EARLY_TICKS, NEVER, Filing, MonthPeople
from scripts.campaigns.month_sheet import Sheet, sheet_of
from scripts.campaigns.quarter_law import CHINA
from service.casework import terminate_case
from service.casework.measures.withdrawal import ask_withdrawal
from service.rules.refusals import Refusal

SEED = 20260302
EARLY, BEGINS, FIRST, LAST = date(2026, 1, 5), date(2026, 3, 25), date(2026, 4, 1), date(2026, 4, 30)
WITHDRAWAL = "support_SP_10"
TRIES = 4  # of one task; then it is told
Line = Mapping[str, Any]


@dataclass
class _Post:
    """An open task, message or bill somebody will do something about. `nth`: of the earlier ones at the same place."""

    nth: int
    due: int | None = None  # tick
    refused: int = 0


@dataclass(kw_only=True)
class MonthReport:
    """What a month came to. `faults`: incidents, tasks nobody could do, cells that differ, sums that do not add up."""

    sheet: Sheet
    figures: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    stuck: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def lines(self) -> list[str]:
        """What is printed."""
        return [
            f"{', '.join(f'{many:,} {what}' for what, many in self.figures.items())}, {self.seconds:.0f} s",
            f"ends: {_listed(self.ends)}",
            f"refused: {_listed(self.refused) or 'nothing'}; gave up: {_listed(self.stuck) or 'nothing'}",
            *self.sheet.lines,
            f"{len(self.faults)} faults",
            *(f"  {one}" for one in self.faults[:60]),
        ]


class Month:
    """One month of one city."""

    def __init__(self, city: City, people: MonthPeople) -> None:
        self.city, self.people = city, people
        self.cases: dict[UUID, Filing] = {}
        self.begun: dict[UUID, int] = {}  # tick
        self.posts: dict[UUID, _Post] = {}
        self.came: Counter[tuple[UUID, str, str]] = Counter()
        self.refused: Counter[str] = Counter()
        self.stuck: Counter[str] = Counter()
        self.acts = self.attended = 0

    def run(self, filings: Sequence[Filing]) -> None:
        """From the first tick to the end of the last day."""
        by_tick: dict[int, list[Filing]] = {}
        for filing in filings:
            by_tick.setdefault(filing.tick, []).append(filing)
        for tick, instant in enumerate(self.people.ticks):
            self.attended += self.city.turn(instant)
            for filing in by_tick.get(tick, ()):
                self._file(filing, tick)
            self.attended += self.city.attend()
            self._outside(tick)
            while self._round(tick):
                self.attended += self.city.attend()
        self.attended += self.city.turn(datetime.combine(self.people.ticks[-1].date(), datetime.max.time(), CHINA))

    def _file(self, filing: Filing, tick: int) -> None:
        case = self.city.apply(filing.process, nth=filing.nth, chosen=filing.chosen, number=filing.name)
        self.cases[case] = filing
        self.begun[case] = tick
        self.acts += 1

    def _outside(self, tick: int) -> None:
        """Bills are paid, messages come, cases are ended by the centre."""
        for bill in self.city.bills():
            post = self._post(bill.id, (bill.case_id, "", "bill"))
            if post.due is None:
                filing = self.cases.get(bill.case_id)
                post.due = NEVER if filing is not None and filing.unpaid else tick + self.people.pays(bill.number)
            if post.due <= tick:
                post.due = NEVER
                self.city.pay(bill)
                self.acts += 1
        for heard in self.city.listeners():
            if heard.name in OWN_MESSAGES and heard.name != "MSG_WITHDRAW":
                continue
            post = self._post(heard.token, (heard.case, heard.element, heard.name))
            if post.due is None:
                post.due = tick + self.people.hears(self._number(heard.case), heard.element, heard.name, post.nth)
            if post.due <= tick:
                post.due = tick + AGAIN
                self._told(self.city.tell(heard))
        for case, filing in self.cases.items():
            if filing.unpaid:
                continue
            if self.begun[case] + self.people.gives_up(filing.number) == tick:
                self._try(terminate_case, KEEPER, case, "申请人终止营业")
            if self.begun[case] + self.people.takes_back(filing.number) == tick:
                self._try(ask_withdrawal, CLERK, case, ending="WITHDRAWN", reason="申请人不再办理")
        self.attended += self.city.attend()

    def _try(self, act: Callable[..., object], username: str, case: UUID, *said: str, **told: str) -> None:
        """Somebody does something to a case, or is told why not."""
        self.acts += 1
        try:
            act(self.city.office, self.city.actor(username), case, *said, **told)
        except Refusal as refusal:
            self.refused[refusal.code] += 1

    def _round(self, tick: int) -> int:
        """At most one task of every case is done; how many were."""
        done: set[UUID] = set()
        for desk in self.city.desks():
            row = desk.row
            number = self._number(row.case_id)
            post = self._post(row.id, (row.case_id, desk.process, row.element))
            filing = self.cases.get(row.case_id)
            if post.due is None:
                patience = self._decide(desk, number, post.nth).patience
                post.due = tick + (patience % EARLY_TICKS if filing is not None and filing.unpaid else patience)
            if post.due > tick or row.case_id in done:
                continue
            done.add(row.case_id)
            usual = post.refused or (filing is not None and filing.unpaid)
            chosen = self.people.usual(row.form_key) if usual else self._decide(desk, number, post.nth).chosen
            code = self.city.complete(desk, self.city.fill(row.form_key, chosen, key=desk.process, nth=max(number, 0)))
            self._told(code)
            post.due = NEVER
            if code is not None:
                post.refused += 1
                post.due = tick + AGAIN
                if post.refused >= TRIES:
                    self.stuck[f"{desk.process}/{row.element}: {code}"] += 1
                    post.due = NEVER
        return len(done)

    def _decide(self, desk: Desk, number: int, nth: int) -> Any:
        row = desk.row
        waits = row.stage in ("CORRECT", "HEARING", "EXPERT", "PUBLICITY") or row.role == "applicant"
        return self.people.decide(number, desk.process, row.element, nth, row.form_key, waits=waits)

    def _post(self, id: UUID, place: tuple[UUID, str, str]) -> _Post:
        if id not in self.posts:
            self.posts[id] = _Post(nth=self.came[place])
            self.came[place] += 1
        return self.posts[id]

    def _number(self, case: UUID) -> int:
        return self.cases[case].number if case in self.cases else -1

    def _told(self, code: str | None) -> None:
        self.acts += 1
        if code is not None:
            self.refused[code] += 1


def play(
    folder: Path, cases: int, *, seed: int = SEED, only: Sequence[str] | None = None, kind_url: str = ""
) -> MonthReport:
    """A month on a fresh city. `only`: the processes that are applied for; None: all there are."""
    begun = time.monotonic()
    processes = tuple(only or applied_for())
    people = MonthPeople(seed, cases, processes, BEGINS, LAST, EARLY)
    url = kind_url or f"sqlite:///{folder / 'lianban.db'}"
    city = City(folder, url, people.ticks[0], only=(*processes, WITHDRAWAL))
    try:
        month = Month(city, people)
        month.run(people.filings({key: cards()[key].start_form for key in processes}))
        with city.office.reading() as records:
            journals, facts = journals_of(records), count(records, FIRST, LAST)
        lines, apart = listed(city)
    finally:
        city.close()
    sheet = sheet_of(journals, FIRST, LAST)
    report = MonthReport(sheet=sheet, refused=month.refused, stuck=month.stuck, ends=facts.ends)
    report.figures.update(
        {
            "applications": len(month.cases),
            "processes": len(processes),
            "acts": month.acts,
            "agenda items attended": month.attended,
            "journal lines": sum(len(lines) for _, lines in journals),
            "lines of the list": len(lines),
            **facts.figures,
        }
    )
    report.faults += facts.faults + [f"nobody could do {what} ({many})" for what, many in month.stuck.items()]
    report.faults += sheet.differences(facts.sheet) + sheet.sums()
    report.faults += apart + against_list(sheet, lines, facts.accepted, FIRST, LAST)
    report.seconds = time.monotonic() - begun
    return report


def month(cases: int, kind: str = "sqlite", seed: int | None = None) -> bool:
    """`scripts/soak month`: the month, printed; whether it ended without a fault."""
    del kind
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="lianban-month-", dir=memory if memory.is_dir() else None) as folder:
        report = play(Path(folder), cases, seed=SEED if seed is None else seed)
    print(f"seed {SEED if seed is None else seed}", *report.lines, sep="\n")
    return not report.faults


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{what} {many:,}" for what, many in counted.most_common())
