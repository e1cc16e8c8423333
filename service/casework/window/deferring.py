"""容缺受理 beside the diagram: the promise is taken at acceptance, the case goes on, and what was promised comes in time or
the case is put before the 首席代表 to be ended (SP-10). Nothing is granted or issued before (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

from service.casework.acts.asking import asking
from service.casework.acts.request import Request
from service.casework.clockwork.book import day_of
from service.casework.journalling import CaseFile, case_file, put_back, write
from service.casework.materials.files import by_line, current, note
from service.casework.materials.rights import CHECKERS, require_window
from service.casework.messages.time_notices import reminded
from service.casework.projection import settle, take_up
from service.casework.register.rows import card_of
from service.casework.rights import require_reader
from service.casework.support_asking import WITHDRAWAL, ask_support
from service.casework.window.screen import matched
from service.rules.deferrals import MISSING, Deferral, deferrals
from service.rules.materials import Listed, Source, read_line
from service.rules.refusals import Conflict, Missing, refuse
from service.rules.vocabulary import InHouseAction, JournalAction, Mark
from service.store.proceedings import ProceedingRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.cases import CaseRow
    from service.store.records import Records

DEFERRAL, ACT = "DEFERRAL", "deferral"  # kind of proceeding; act of the agenda
OPEN, CLOSED, LAPSED = "OPEN", "CLOSED", "LAPSED"
PAPERS = ("W41", "W42")
REMIND, DUE = "remind", "due"
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class DeferralLine:
    """One material that was promised. `supplied_on` None: not yet."""

    material: str
    supply_by: date
    supplied_on: date | None
    late: bool


@dataclass(frozen=True, kw_only=True)
class DeferralView:
    """A promise of a case. `state`: OPEN, CLOSED (kept) or LAPSED; `may_supply`: the window, while it is open."""

    id: UUID
    number: str
    state: str
    signed_by: str
    lines: tuple[DeferralLine, ...]
    may_supply: bool


def defer(
    records: Records, file: CaseFile, actor: Actor, wanted: Sequence[tuple[str, int]], *, present: int, signed_by: str
) -> tuple[Deferral, ...]:
    """Take the promise for some lines (as the checklist writes them, with the days the register allows); under the case's lock.

    Refused: as `rules.deferrals.deferrals`; Invalid SIGNED_BY_MISSING.
    """
    if not signed_by.strip():
        raise refuse("signed_by", "SIGNED_BY_MISSING", "请填写承诺人姓名。")
    subject = next((one.subject for one in records.materials.lines(file.id) if one.subject), None)
    broken = subject is not None and records.applicants.has_broken(subject)
    today = day_of(records.now)
    named = [(line, read_line(line).name, days) for line, days in wanted]
    found = deferrals(records.calendar, today, named, present=present, broken=broken)
    if not found:
        return ()
    day, department = f"{today:%Y%m%d}", actor.department or "201"
    number = f"RQ{day}{department}{records.series.next(f'RQ/{day}/{department}'):04d}"
    detail = {
        "gaps": [
            {"material": one.material, "line": one.line, "days": one.days, "supply_by": one.supply_by.isoformat()}
            for one in found
        ],
        "reply_by": max(one.supply_by for one in found).isoformat(),
        "signed_by": signed_by.strip()[:60],
        "signed_at": records.now.isoformat(),
        "clerk": actor.username,
    }
    row = ProceedingRow(
        id=uuid4(),
        case_id=file.id,
        scope_id=None,
        kind=DEFERRAL,
        state=OPEN,
        opened_at=records.now,
        opened_by=actor.username,
        document=number,
        detail=detail,
    )
    records.proceedings.add(row)
    told = {"proceeding": str(row.id), "kind": DEFERRAL, "document": number, **detail}
    write(records, file, JournalAction.PROCEEDING_OPENED, actor, detail=told)
    _plan(records, file, row, found)
    return found


def promise(office: Office, actor: Actor, case_id: UUID, materials: Sequence[str], *, signed_by: str) -> None:
    """Take the promise for a case that was taken in and has no outcome yet: it may be accepted afterwards.

    Refused: Missing CASE_NOT_FOUND; Forbidden MATERIAL_WINDOW_ONLY; Conflict CASE_ENDED, CASE_SUSPENDED, DEFERRAL_TOO_LATE, DEFERRAL_OPEN;
    Invalid DEFERRAL_NONE; and as `defer`.
    """
    if not materials:
        raise refuse("materials", "DEFERRAL_NONE", "请选择以后补交的材料。")

    def attempt() -> None:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id))
            require_reader(records, actor, file.row)
            require_window(actor)
            if not _undecided(records, file.row):
                raise Conflict("DEFERRAL_TOO_LATE", "只有等待受理的办件可以承诺补交材料。")
            if any(one.state == OPEN for one in records.proceedings.of_case(case_id, DEFERRAL)):
                raise Conflict("DEFERRAL_OPEN", "已有容缺承诺尚未了结。")
            days = _allowed(office, records, file.row)
            have = by_line(records.materials.versions(case_id))
            brought = [
                one
                for one in records.materials.lines(case_id)
                if one.name not in materials and (one.paper or current(have.get(one.id, ())))
            ]
            wanted = [(name, days.get(name, 0)) for name in materials]
            found = defer(records, file, actor, wanted, present=len(brought), signed_by=signed_by)
            running = take_up(office, records, file)
            running.run.set_variables({MISSING: [one.material for one in found]})
            settle(records, running)

    office.attempt(attempt)


def deferral_offers(office: Office, actor: Actor, case_id: UUID) -> Mapping[str, int]:
    """Materials of a case the window may let come later, with their working days; none when it is too late or not allowed."""
    if not actor.has(*CHECKERS):
        return {}
    with office.reading() as records:
        row = require_reader(records, actor, records.cases.find(case_id))
        promised = any(one.state == OPEN for one in records.proceedings.of_case(case_id, DEFERRAL))
        return {} if promised or not _undecided(records, row) else _allowed(office, records, row)


def deferral_of(office: Office, actor: Actor, case_id: UUID) -> tuple[DeferralView, ...]:
    """The promises of a case. Refused: Missing CASE_NOT_FOUND."""
    with office.reading() as records:
        row = require_reader(records, actor, records.cases.find(case_id))
        today = day_of(records.now)
        return tuple(
            DeferralView(
                id=one.id,
                number=one.document or "",
                state=one.state,
                signed_by=str(one.detail.get("signed_by") or ""),
                lines=tuple(
                    DeferralLine(
                        material=gap["material"],
                        supply_by=(until := date.fromisoformat(gap["supply_by"])),
                        supplied_on=date.fromisoformat(gap["supplied_on"]) if gap.get("supplied_on") else None,
                        late=not gap.get("supplied_on") and until < today,
                    )
                    for gap in one.detail["gaps"]
                ),
                may_supply=one.state == OPEN and row.ended_at is None and actor.has(*CHECKERS),
            )
            for one in records.proceedings.of_case(case_id, DEFERRAL)
        )


def supply(
    office: Office, actor: Actor, case_id: UUID, proceeding_id: UUID, material: str, *, paper: str = "", copies: int = 0
) -> None:
    """What was promised has come: as a file on its line, or on paper (`paper` ORIGINAL or COPY, so many `copies`).

    Refused: Missing CASE_NOT_FOUND, DEFERRAL_UNKNOWN; Forbidden MATERIAL_WINDOW_ONLY; Conflict CASE_ENDED, CASE_SUSPENDED,
    DEFERRAL_OVER, DEFERRAL_SUPPLIED; Invalid MATERIAL_NOTHING.
    """

    def attempt() -> None:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id))
            require_reader(records, actor, file.row)
            require_window(actor)
            row = records.proceedings.find(proceeding_id)
            if row is None or row.case_id != case_id or row.kind != DEFERRAL:
                raise Missing("DEFERRAL_UNKNOWN", "没有这个容缺承诺。")
            if row.state != OPEN:
                raise Conflict("DEFERRAL_OVER", "这个容缺承诺已经了结。")
            gap = next((one for one in row.detail["gaps"] if one["material"] == material), None)
            if gap is None:
                raise Missing("DEFERRAL_UNKNOWN", "没有这个容缺承诺。")
            if gap.get("supplied_on"):
                raise Conflict(
                    "DEFERRAL_SUPPLIED", "“{material}”已于 {day} 补交。", material=material, day=gap["supplied_on"]
                )
            _bring(records, file, actor, gap, paper, copies)
            _supplied(office, records, file, actor, row, gap)

    office.attempt(attempt)


def deferral_turn(office: Office, records: Records, file: CaseFile, request: Request) -> None:
    """The act of the agenda: the applicant is reminded, or the promised day is over. Asked again, or when it has come, it is nothing."""
    row = records.proceedings.find(UUID(request.inputs["proceeding"]))
    if row is None or row.state != OPEN or file.row.ended_at is not None:
        return
    day = date.fromisoformat(request.inputs["day"])
    late = [one for one in row.detail["gaps"] if not one.get("supplied_on") and one["supply_by"] <= day.isoformat()]
    if not late:
        return
    if request.inputs["turn"] == REMIND:
        clock = next((one for one in records.clocks.of_case(file.id) if one.scope_id is None), None)
        if clock is not None:
            left = {**row.detail, "gaps": late, "reply_by": day.isoformat()}
            known = ProceedingRow(id=row.id, case_id=row.case_id, scope_id=None, kind=row.kind, state=row.state,
                                  opened_at=row.opened_at, opened_by=row.opened_by, document=row.document, detail=left)  # fmt: skip
            file.notices += reminded(records.now, clock, known, 0)
            put_back(records, file)
        return
    _lapse(records, file, row, [one["material"] for one in late])


def _undecided(records: Records, row: CaseRow) -> bool:
    return any(one.scope_id is None and one.stage == "ACCEPT" for one in records.tasks.open_of(row.id))


def _allowed(office: Office, records: Records, row: CaseRow) -> dict[str, int]:
    """Material → working days, as the register said when the case began."""
    program = office.programs.for_binding(records, row.binding_id, row.key)
    code = program.attributes(row.key).get("item", "")
    item = records.register.at(code, row.started_at) if code else None
    if item is None:
        return {}
    lines = [one for one in records.materials.lines(row.id) if one.scope_id == row.id]
    listed = [Listed(text=one.name, name=one.name, source=Source(one.source)) for one in lines]
    return {
        one.listed.name: one.card.defer_days
        for one in matched(listed, card_of(item).materials)
        if one.card is not None and one.card.defer_days
    }


def _plan(records: Records, file: CaseFile, row: ProceedingRow, found: Sequence[Deferral]) -> None:
    """The papers now, a reminder on the morning of each promised day, and its end."""
    rows = [
        asking(
            file.id, InHouseAction.DOCUMENT.value, element=None, process=file.row.key, inputs={"doc": code},
            values={}, now=records.now, place=place,
        )
        for place, code in enumerate(PAPERS)
    ]  # fmt: skip
    for day in sorted({one.supply_by for one in found}):
        for turn, due in ((REMIND, records.calendar.open_of(day)), (DUE, records.calendar.close_of(day) + INSTANT)):
            inputs = {"proceeding": str(row.id), "turn": turn, "day": day.isoformat()}
            rows.append(
                asking(file.id, ACT, element=None, inputs=inputs, values={}, now=records.now, due=max(due, records.now))
            )
    records.agenda.add(rows)
    records.prompt = True


def _bring(records: Records, file: CaseFile, actor: Actor, gap: Mapping[str, Any], paper: str, copies: int) -> None:
    line = next((one for one in records.materials.lines(file.id) if one.name == gap["material"]), None)
    if line is None:
        raise Missing("MATERIAL_NOT_FOUND", "没有这项材料，或者您无权查看。")
    if paper in ("ORIGINAL", "COPY") and copies > 0:
        records.materials.change_line(
            line.id, seen_by=actor.username, seen_at=records.now, paper=paper, copies=min(copies, 99)
        )
        note(records, file, JournalAction.MATERIAL_SEEN, actor, line, paper=paper, copies=min(copies, 99))
        return
    if not current(by_line(records.materials.versions(file.id)).get(line.id, ())):
        raise refuse("paper", "MATERIAL_NOTHING", "“{material}”还没有提交任何文件或纸质件。", material=gap["material"])


def _supplied(
    office: Office, records: Records, file: CaseFile, actor: Actor, row: ProceedingRow, gap: Mapping[str, Any]
) -> None:
    today = day_of(records.now).isoformat()
    gaps = [{**one, "supplied_on": today} if one is gap else dict(one) for one in row.detail["gaps"]]
    left = [one["material"] for one in gaps if not one.get("supplied_on")]
    values: dict[str, Any] = {"detail": {**row.detail, "gaps": gaps}}
    told = {"proceeding": str(row.id), "kind": DEFERRAL, "material": gap["material"], "supplied_on": today}
    if not left:
        values |= {"state": CLOSED, "closed_at": records.now, "closed_by": actor.username}
    records.proceedings.change(row.id, values)
    write(records, file, JournalAction.DEFERRAL_SUPPLIED, actor, detail=told)
    running = take_up(office, records, file)
    running.run.set_variables({MISSING: left})
    if not left:
        write(
            records, file, JournalAction.PROCEEDING_CLOSED, actor,
            detail={"proceeding": str(row.id), "kind": DEFERRAL, "outcome": "SUPPLIED"},
        )  # fmt: skip
        if running.move is not None:
            running.move.ask_again(None)
    settle(records, running)


def _lapse(records: Records, file: CaseFile, row: ProceedingRow, late: Sequence[str]) -> None:
    """Not kept: the 首席代表 decides on ending the case (SP-10); until then nothing is granted."""
    reason = f"容缺材料“{'、'.join(late)}”逾期未补交"
    detail = {**row.detail, "outcome": LAPSED, "late": list(late)}
    records.proceedings.change(row.id, {"state": LAPSED, "detail": detail})  # stays open: silence grants nothing either
    told = {"proceeding": str(row.id), "kind": DEFERRAL, "outcome": LAPSED, "late": list(late)}
    write(records, file, JournalAction.PROCEEDING_CLOSED, None, detail=told)
    clocks = records.clocks.of_case(file.id)
    department = next((one.department for one in clocks if one.department), None)
    ask_support(
        records,
        file.id,
        WITHDRAWAL,
        subject=uuid5(row.id, LAPSED),
        title=f"终止-{file.row.title or ''}",
        variables={"ending": Mark.TERMINATED.value, "reason": reason},
        department=department,
    )
    put_back(records, file)
