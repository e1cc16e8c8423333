"""撤回与终止 (SP-10): an undecided case ends because its applicant wants it, or because the agency cannot go on.

Of a chain what has been decided stands and the rest ends (`chains/withdrawing.py`). One item may be taken back by itself; the
chain goes on or ends as its frame says (`chains/stopping.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from service.casework.actors import Actor
from service.casework.acts.asking import asking
from service.casework.acts.request import Request
from service.casework.chains.stopping import StoppableItem, stop_item, stoppable
from service.casework.chains.withdrawing import ChainSplit, end_items, require_open_chain, split_of
from service.casework.delivery.parting import part_deliveries
from service.casework.journalling import CaseFile, case_file, put_back, require_running, write
from service.casework.measures.orders import not_deployed
from service.casework.money.billing import withdraw
from service.casework.money.settled import require_settled
from service.casework.office import Office
from service.casework.projection import Running, settle, take_up
from service.casework.rights import HEADS, require_reader
from service.casework.support_asking import WITHDRAWAL
from service.casework.support_cases import Desk, begin_support, doer_of, keep, link, require_served, served, text_of
from service.rules.payments import OPEN as UNPAID
from service.rules.refusals import Conflict, Forbidden, Missing, Refusal, refuse
from service.rules.vocabulary import InHouseAction, JournalAction, Mark
from service.store.records import Records

LONGEST_REASON = 500
WINDOW = ("counter_clerk", "agency_officer")
ENDINGS = (Mark.WITHDRAWN, Mark.TERMINATED)
REASONS = {Mark.WITHDRAWN: "申请人撤回申请", Mark.TERMINATED: "机关终止办理"}
ENDED = {Mark.WITHDRAWN: "随同撤回", Mark.TERMINATED: "随同终止"}
PAPERS = ("W24", "W23")  # 终止通知书, 材料退还清单
TOLD = "M23"
DECIDED = frozenset({Mark.DECIDED_YES, Mark.DECIDED_NO, Mark.READY, Mark.DELIVERED})


def ask_withdrawal(office: Office, actor: Actor, case_id: UUID, *, ending: str, reason: str, node: str = "") -> UUID:
    """Begin 撤回 (the applicant, the window or an agent for them) or 终止 (who answers for the department); the supporting case.

    `node`: of a chain, the one item that is taken back. Refused: Missing CASE_NOT_FOUND; Conflict CASE_ENDED, CASE_SUSPENDED,
    WITHDRAWAL_DECIDED, WITHDRAWAL_ISSUING, WITHDRAWAL_UNPAID, WITHDRAWAL_PENDING, MEASURE_NOT_DEPLOYED, NODE_NOT_RUNNING; Forbidden WITHDRAWAL_FORBIDDEN; Invalid
    WITHDRAWAL_ENDING, REASON_MISSING, REASON_TOO_LONG.
    """
    said = reason.strip()
    if ending not in ENDINGS or (node and ending != Mark.WITHDRAWN):
        raise refuse("ending", "WITHDRAWAL_ENDING", "请选择申请人撤回或机关终止。")
    if not said:
        raise refuse("reason", "REASON_MISSING", "请写明理由")
    if len(said) > LONGEST_REASON:
        raise refuse("reason", "REASON_TOO_LONG", "说明不能超过 {most} 个字", most=LONGEST_REASON)

    def attempt() -> UUID:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id))
            require_reader(records, actor, file.row)
            department = _department(records, file)
            if not _may(actor, file, department, ending):
                raise Forbidden("WITHDRAWAL_FORBIDDEN", "撤回由申请人、窗口或代办员提出；终止由承办部门负责人提出。")
            item = _item(office, records, file, node) if node else None
            split = None if item is not None else require_open(office, records, file)
            if records.measures.running(WITHDRAWAL, for_case=case_id):
                raise Conflict("WITHDRAWAL_PENDING", "已有撤回或终止正在办理。")
            made = begin_support(
                office,
                records,
                WITHDRAWAL,
                subject=uuid5(case_id, f"{ending}/{file.row.version}"),
                actor=actor,
                title=f"{'撤回' if ending == Mark.WITHDRAWN else '终止'}-{file.row.title or ''}{f'（{item.name}）' if item else ''}",
                variables={
                    "ending": ending,
                    "reason": said,
                    "node": node or None,
                    "withdrawn_item": item.name if item is not None else _whole(split),
                },
                file=file,
                department=department,
                start="Start_Withdrawal",
            )
            if made is None:
                raise not_deployed()
            put_back(records, file)
            return made

    return office.attempt(attempt)


def may_ask(actor: Actor, started_by: str | None, department: str | None) -> tuple[str, ...]:
    """The endings somebody may ask for, for pages."""
    found = [Mark.WITHDRAWN.value] if actor.has(*WINDOW) or actor.username == started_by else []
    if actor.has(*HEADS) and department is not None and actor.department == department:
        found.append(Mark.TERMINATED.value)
    return tuple(found)


def withdrawal(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """校验尚未决定, or 停钟退件: the case ends with its papers. Asked again it has ended already."""
    origin = served(records, file) or _named(records, file, request)
    try:
        if request.inputs.get("deed") == "check":
            require_running(origin.row)
            _require_open(office, records, origin, text_of(request.values, "node"))
            return {"withdrawable": True, "ending": text_of(request.values, "ending") or Mark.WITHDRAWN.value}
        if text_of(request.values, "node"):
            _end_item(office, records, origin, file, request)
        else:
            _end(office, records, origin, file, request)
    except Refusal as refusal:
        if isinstance(refusal, Missing):
            raise
        return {"withdrawable": False, "withdrawn": False, "withdrawal_problem": refusal.sentence()}
    return {"withdrawn": True}


def check_undecided(office: Office, records: Records, desk: Desk) -> None:
    """Nobody is promised an end that has been overtaken. Refused: Conflict CASE_ENDED, CASE_SUSPENDED, WITHDRAWAL_DECIDED,
    WITHDRAWAL_ISSUING, WITHDRAWAL_UNPAID."""
    if desk.said.get("decision") != "confirm":
        return
    origin = require_served(records, desk.file)
    require_running(origin.row)
    _require_open(office, records, origin, text_of(desk.values, "node"))


def require_undecided(records: Records, file: CaseFile) -> None:
    """Refused: Conflict WITHDRAWAL_DECIDED when an item of the case has been decided."""
    lines = (*records.history.lines(file.id), *file.lines)
    marks = {(line.detail or {}).get("mark") for line in lines if line.action == JournalAction.ITEM_REACHED}
    if marks & DECIDED:
        raise Conflict("WITHDRAWAL_DECIDED", "本件已经作出决定，不能再撤回或终止。")


def require_open(office: Office, records: Records, file: CaseFile) -> ChainSplit | None:
    """Of a chain what ends and what stands. Refused: Conflict WITHDRAWAL_DECIDED, WITHDRAWAL_ISSUING, WITHDRAWAL_UNPAID."""
    split = split_of(office, records, file.row)
    require_split(records, file, split)
    return split


def require_split(records: Records, file: CaseFile, split: ChainSplit | None) -> None:
    """Refused: as `require_open`, for a split that is known."""
    if split is None:
        require_undecided(records, file)
    else:
        require_open_chain(records, file, split)
        _require_paid(records, file, split)


def _require_paid(records: Records, file: CaseFile, split: ChainSplit) -> None:
    """What was granted is paid for: with the bill of the chain the duty to pay would end, and the paper goes to the window."""
    for item in split.stands:
        try:
            require_settled(records, file.id, item.scope)
        except Conflict as refusal:
            raise Conflict(
                "WITHDRAWAL_UNPAID",
                "“{name}”已经准予，应缴的费用还没有缴清。请先缴清，或者由收费部门减免、撤销该笔收费，再撤回或终止。",
                name=item.name,
            ) from refusal


def end_running(
    records: Records,
    running: Running,
    split: ChainSplit | None,
    ending: Mark,
    actor: Actor,
    reason: str,
    **detail: str,
) -> None:
    """The mark first, so that papers know how it ended; open bills go with it; of a chain what was decided stands and is handed
    out by itself. `detail`: what the journal says besides the reason."""
    origin = running.file
    if split is not None:
        reason = split.told(reason, ENDED[ending])[:LONGEST_REASON]
        end_items(records, origin, split, ending, actor)
        part_deliveries(records, origin, actor)
    write(records, origin, JournalAction.ITEM_REACHED, actor, detail={"mark": ending.value})
    for bill in records.bills.of_case(origin.id):
        if bill.state in UNPAID:
            withdraw(records, running, bill, None, reason)
    running.run.cancel()
    origin.change(reason=reason)
    write(records, origin, JournalAction.CASE_TERMINATED, actor, detail={"reason": reason, **detail})
    settle(records, running)


def _whole(split: ChainSplit | None) -> str:
    if split is None or not split.stands:
        return "全部事项"
    ends = "、".join(one.name for one in split.ends) or "尚未开始的事项"
    return f"尚未决定的事项：{ends}；已经决定的不受影响：{'、'.join(one.name for one in split.stands)}"


def _end(office: Office, records: Records, origin: CaseFile, file: CaseFile, request: Request) -> None:
    """The case ends and its papers are asked for; what was paid goes back its own way (SP-17)."""
    require_running(origin.row)
    split = require_open(office, records, origin)
    ending = Mark(text_of(request.values, "ending") or Mark.WITHDRAWN.value)
    desk = "Task_Confirm" if ending is Mark.WITHDRAWN else "Task_Terminate"
    actor = doer_of(records, file, desk)
    reason = text_of(request.values, "reason") or REASONS[ending]
    end_running(records, take_up(office, records, origin), split, ending, actor, reason)
    values = _told(records, actor, request, desk)
    asked = [(InHouseAction.DOCUMENT.value, {"doc": code}) for code in PAPERS]
    if ending is Mark.WITHDRAWN:
        asked.append((InHouseAction.MESSAGE.value, {"sms": TOLD}))
    records.agenda.add(
        [
            asking(origin.id, act, element=None, inputs=inputs, values=values, now=records.now, place=place)
            for place, (act, inputs) in enumerate(asked)
        ]
    )
    records.prompt = True


def _end_item(office: Office, records: Records, origin: CaseFile, file: CaseFile, request: Request) -> None:
    """One item of a chain is taken back; the chain goes on."""
    require_running(origin.row)
    actor = doer_of(records, file, "Task_Confirm")
    reason = text_of(request.values, "reason") or REASONS[Mark.WITHDRAWN]
    node, values = text_of(request.values, "node"), _told(records, actor, request, "Task_Confirm")
    stop_item(records, take_up(office, records, origin), node, Mark.WITHDRAWN, actor, reason, values)


def _told(records: Records, actor: Actor, request: Request, desk: str) -> dict[str, str]:
    """What the papers say besides: at which window, and who has the materials back."""
    person = records.people.find(actor.username)
    number = person.staff_no or "" if person is not None else ""
    window = "".join(sign for sign in number if sign.isdigit()).lstrip("0")
    return {"window": window or "1", "receiver": text_of(request.values.get(desk) or {}, "receiver")}


def _require_open(office: Office, records: Records, origin: CaseFile, node: str) -> None:
    if node:
        _item(office, records, origin, node)
    else:
        require_open(office, records, origin)


def _item(office: Office, records: Records, file: CaseFile, node: str) -> StoppableItem:
    """Refused: Conflict NODE_NOT_RUNNING."""
    found = next((one for one in stoppable(office, records, file.row) if one.node == node), None)
    if found is None:
        raise Conflict("NODE_NOT_RUNNING", "这个事项现在没有在办，或者已经作出决定，不能单独停办。")
    return found


def _named(records: Records, file: CaseFile, request: Request) -> CaseFile:
    """The running case a message has named (MSG_WITHDRAW with `case_number`), linked now. Refused: Missing WITHDRAWAL_CASE."""
    found = records.cases.running_numbered(text_of(request.values, "case_number"))
    row = records.cases.lock(found.id) if found is not None and found.id != file.id else None
    if row is None:
        raise Missing(
            "WITHDRAWAL_CASE", "没有编号为“{number}”的在办件。", number=text_of(request.values, "case_number")
        )
    origin = CaseFile(row)
    keep(records, file.id, WITHDRAWAL, subject=file.id, file=origin, department=_department(records, origin))
    link(records, file.id, origin, WITHDRAWAL, title=file.row.title or "")
    put_back(records, origin)
    return origin


def _department(records: Records, file: CaseFile) -> str | None:
    """Whose item the case is."""
    return next((one.department for one in records.clocks.of_case(file.id) if one.department), None)


def _may(actor: Actor, file: CaseFile, department: str | None, ending: str) -> bool:
    return ending in may_ask(actor, file.row.started_by, department)
