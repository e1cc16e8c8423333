"""督办 (SP-02): orders raised by rung L4, by hand or by a diagram; signed for, answered, ruled on, done again once, given upwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.acts.request import Request
from service.casework.clocks.climbing import order_number
from service.casework.journalling import CaseFile, case_file, put_back
from service.casework.office import Office
from service.casework.posts import LEADER, group_of, look_up
from service.casework.rights import require_reader
from service.casework.supervising import About, carry_out, raise_card, raise_outside
from service.casework.support_asking import ORDER
from service.casework.support_cases import begin_support, doer_of, keep, served, subject_id, text_of
from service.rules.cards import CardAct, CardState, Violation
from service.rules.refusals import Conflict, Forbidden, refuse
from service.store.records import Records
from service.store.supervision import SupervisionRow

LONGEST_TEXT = 2000
REPLY_LIMIT = "1wd"  # by hand, and when given back; two half-days for what rung L4 raised


def issue_order(
    office: Office, actor: Actor, case_id: UUID, *, to: str, matter: str, demand: str, scope: UUID | None = None
) -> UUID:
    """Supervision orders a department, or one of its people, to answer for a case within a working day; the supporting case.

    Refused: Forbidden ORDER_FORBIDDEN; Missing CASE_NOT_FOUND; Invalid ORDER_ADDRESSEE, ORDER_MATTER, ORDER_DEMAND; Conflict
    ORDER_OPEN while one to the same addressee is unanswered, MEASURE_NOT_DEPLOYED.
    """
    if "supervisor" not in actor.roles:
        raise Forbidden("ORDER_FORBIDDEN", "只有督查人员可以签发督办单。")
    said, wanted = _words(matter, demand)

    def attempt() -> UUID:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id), alive=False)
            require_reader(records, actor, file.row)
            person, department = addressee(records, to)
            if any(
                one.violation == Violation.ORDER
                and one.addressee == (person or department)
                and one.state in (CardState.OPEN, CardState.SIGNED)
                for one in records.supervision.of_case(case_id)
            ):
                raise Conflict("ORDER_OPEN", "对同一承办人的督办单尚未回复，不能重复签发。")
            variables, row = _raise(records, file, person, department, said, scope=scope)
            made = begin_support(
                office,
                records,
                ORDER,
                subject=row.id,
                actor=actor,
                title=f"督办{variables['order_no']}-{file.row.title or ''}",
                variables={**variables, "order_matter": said, "order_demand": wanted},
                file=file,
                scope=scope,
                department=department,
            )
            if made is None:
                raise not_deployed()
            put_back(records, file)
            return made

    return office.attempt(attempt)


def order(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """立督办单, as the desk has issued it; once. Refused: Invalid ORDER_ADDRESSEE."""
    if request.values.get("order_card"):
        return {}
    person, department = addressee(records, text_of(request.values, "order_to"))
    about = served(records, file)
    variables, row = _raise(records, about, person, department, text_of(request.values, "order_matter"))
    if about is not None:
        put_back(records, about)
    if records.measures.find(file.id) is not None:
        records.measures.retarget(file.id, row.id)
    else:  # begun by a diagram
        keep(records, file.id, ORDER, subject=row.id, file=about, department=department)
    return variables


def card(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """Note on the order what the desk before has done. What its page was told already stays."""
    found = records.supervision.find(subject_id(request.values, "order_card"))
    if found is None:
        return {"card_state": None}
    about = served(records, file)
    row = records.supervision.find(found.id, lock=True)
    assert row is not None  # never deleted
    values, deed = request.values, request.inputs.get("deed", "")
    rework = int(values.get("order_rework") or 0)
    told: dict[str, Any] = {}
    match deed:
        case "sign":
            row = _do(records, about, row, CardAct.SIGN, "", doer_of(records, file, "Task_Sign"))
        case "reply":
            row = _do(
                records, about, row, CardAct.REPLY, _said(values, "order_reply"), doer_of(records, file, "Task_Reply")
            )
        case "reject":
            note = _said(values, "ruling_note")
            row = _do(records, about, row, CardAct.REJECT, note, doer_of(records, file, "Task_Rule"))
            told = {"order_rework": rework + 1, "order_limit": REPLY_LIMIT}
        case "escalate":
            row = _do(
                records, about, row, CardAct.REJECT, _said(values, "ruling_note"), doer_of(records, file, "Task_Rule")
            )
            _red(records, about, row)
        case _:
            ruler = doer_of(records, file, "Task_Rule")
            row = _do(records, about, row, CardAct.ACCEPT, "", ruler)
            row = _do(records, about, row, CardAct.CLOSE, text_of(values, "interview"), ruler)
    if about is not None:
        put_back(records, about)
    return {"card_state": row.state, **told}


def addressee(records: Records, to: str) -> tuple[str | None, str]:
    """Whom an order goes to: (person, department). Refused: Invalid ORDER_ADDRESSEE, naming order_to."""
    if records.people.department(to) is not None:
        return None, to
    person = records.people.find(to) if to else None
    if person is None or not person.active or person.department is None or "supervisor" in person.roles:
        raise refuse("order_to", "ORDER_ADDRESSEE", "请填写承办部门编码，或承办人的用户名。")
    return person.username, person.department


def not_deployed() -> Conflict:
    """The process is not there, or is suspended."""
    return Conflict("MEASURE_NOT_DEPLOYED", "该配套流程尚未部署或已停用。")


def _words(matter: str, demand: str) -> tuple[str, str]:
    said, wanted = matter.strip(), demand.strip()
    for field, text in (("order_matter", said), ("order_demand", wanted)):
        if not text or len(text) > LONGEST_TEXT:
            code = field.upper()
            raise refuse(field, code, "请填写督办事由和要求，各不超过 {most} 个字。", most=LONGEST_TEXT)
    return said, wanted


def _raise(
    records: Records,
    file: CaseFile | None,
    person: str | None,
    department: str,
    matter: str,
    *,
    scope: UUID | None = None,
) -> tuple[dict[str, Any], SupervisionRow]:
    """The order on its list, numbered, with what the diagram has to know of it."""
    number, to = order_number(records, records.now), person or department
    facts = {"order": number, "number": number, "matter": matter[:200]}
    if file is None:
        row = raise_outside(records, Violation.ORDER, to=to, department=department, facts=facts)
    else:
        raised = raise_card(
            records, file, Violation.ORDER, to=to, department=department, at=records.now, about=About(scope=scope),
            facts=facts,
        )  # fmt: skip
        assert raised is not None  # its number is its own
        row = raised
    due = records.calendar.due_after_workdays(records.now, 1)
    records.supervision.change(row.id, {"feedback_due_at": due})
    variables = {
        "order_card": str(row.id),
        "order_no": number,
        "order_person": person,
        "order_department": department,
        "order_limit": REPLY_LIMIT,
        "order_rework": 0,
    }
    return variables, replace(row, feedback_due_at=due)


def _do(
    records: Records, file: CaseFile | None, row: SupervisionRow, act: CardAct, said: str, actor: Actor
) -> SupervisionRow:
    try:
        return carry_out(records, file, row, act, said, actor)
    except Conflict as refusal:
        if refusal.code != "CARD_STATE":
            raise
        return row  # on its page somebody was faster


def _red(records: Records, file: CaseFile | None, row: SupervisionRow) -> None:
    """Unanswered twice: 红牌 to the department, its 分管领导 is told."""
    if file is None or row.department is None:
        return
    seats = look_up(records, [(row.department, LEADER)]).get(group_of(row.department, LEADER), ())
    raise_card(
        records, file, Violation.ORDER_UNMET, to=row.department, department=row.department, at=records.now,
        about=About(scope=row.scope_id, clock=row.clock_id, task=row.task_id),
        facts={"order": row.detail.get("number"), "told": [one.username for one in seats]},
    )  # fmt: skip


def _said(values: Mapping[str, Any], name: str) -> str:
    return text_of(values, name)[:LONGEST_TEXT]
