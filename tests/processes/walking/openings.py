"""How a case of each process is opened: applied for at the window, or asked for where its matter is, with a matter made for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from scripts.campaigns.city import CLERK, ENGINE, City, Desk, start_form_of
from scripts.campaigns.month_diagrams import cards
from scripts.campaigns.month_people import MonthPeople, offered
from service.casework import ask_extension, start_case
from service.casework.clocks.proceedings import open_proceeding
from service.casework.measures.orders import issue_order
from service.casework.measures.refunds import apply_refund
from service.casework.measures.releases import submit_release
from service.casework.measures.renewals import file_renewal
from service.casework.measures.withdrawal import ask_withdrawal
from service.casework.money.refunding import ask_refund
from service.casework.quality import ComplaintForm, file_complaint, open_fault, rate_case, register_consultation
from service.casework.quality.jobs import open_monthly
from service.casework.register import answer_line, open_review
from service.engine import Resource
from service.rules.item_reviews import ReviewDecision
from service.rules.refusals import Refusal
from service.store.certificates import CertificateRow
from tests.processes.library import FILES
from tests.processes.walking.filling import TODAY
from tests.processes.walking.walker import Step

PEOPLE = MonthPeople(1, 0, (), date(2026, 3, 16), date(2026, 3, 16))
PLAIN, FILING, BILLED, SILENT = "item_104_XK_002", "item_101_QT_001", "item_105_XK_001", "item_107_XK_005"
MATTERS = {  # what is deployed besides, for the matter of a supporting case, or for what one item of a chain may need
    **dict.fromkeys(("chain_GY_25", "chain_JS_35", "chain_QY_1", "chain_YS_10"), "support_SP_10"),
    "support_SP_02": PLAIN,
    "support_SP_03": FILING,
    "support_SP_04": FILING,
    "support_SP_07": PLAIN,
    "support_SP_10": PLAIN,
    "support_SP_12": SILENT,
    "support_SP_16": FILING,
    "support_SP_17": BILLED,
    "support_SP_18": PLAIN,
    "support_SP_19": SILENT,
}
NEVER_ALONE = ("support_SP_05",)  # what is owed is an item's: passed in the cases of those that call it
GIVEN: Mapping[str, Mapping[str, Any]] = {  # what whoever starts it always says
    "support_verify": {"verifier": "106", "item_name": "公众聚集场所检查", "applicant": "云溪华印制罐有限公司", "phone": "13900000001"},
    "chain_JG": {"verifier": "104", "item_name": "工业项目建设", "applicant": "云溪华印制罐有限公司", "phone": "13900000001"},
    "support_follow_up": {"follow_up": "开工情况", "follow_up_dept": "104", "follow_up_limit": "20wd"},
    "support_SP_09": {"survey_dept": "104", "booking_limit": "2wd", "survey_limit": "2wd"},
    "support_SP_20": {"quarter": "2026Q1", "department": "104", "limit": "20wd", "days": 60},
    "chain_SK_check": {"applicant": "云溪华印制罐有限公司", "applicant_uscc": "91990100MA0000001X"},
}  # fmt: skip
AGAINST: Mapping[
    tuple[str, str], tuple[str, str, dict[str, Any]]
] = {  # what the desk before an act says when it is to come to nothing
    ("support_SP_07", "Task_Decide"): ("Settle", "extended", {"decision": "refuse", "answer": "可以按期办结"}),
    ("support_SP_13", "Task_Answer"): ("Publish", "published", {"decision": "stop", "answer": "另行研究"}),
    ("support_SP_17", "Task_Approve"): ("Settle", "refunding", {"decision": "refuse", "answer": "依据不足"}),
    ("support_SP_18", "Task_Deploy"): ("Deploy", "released", {"decision": "refuse", "answer": "另行安排"}),
}
FEW = 40  # desks of a matter
_numbers = count(1)
_told: dict[UUID, Mapping[str, Any]] = {}  # how acts are wanted to come out, by case


def open_case(city: City, key: str, trail: Sequence[Step]) -> UUID:
    """A new case that begins as the first of these steps says; what acts will find is made so beforehand."""
    told = {step.element: step.say for step in trail if step.kind == "act"}
    opening = OPENINGS.get(key)
    if opening is not None:
        case = opening(city, trail, told)
        _told[case] = told
        return case
    starter = CLERK if cards()[key].kind in ("ITEM", "CHAIN") else ENGINE
    more = {name: value for name, value in GIVEN.get(key, {}).items() if name not in trail[0].say}
    return _start(city, key, trail[0], starter, **more)


def complete(city: City, desk: Desk, wanted: Mapping[str, Any], *, exactly: bool = False) -> bool:
    """A desk says what is wanted as far as its form offers it, and the usual otherwise, also (unless `exactly`) when that is refused."""
    usual, offers = PEOPLE.usual(desk.row.form_key), offered(desk.row.form_key)
    chosen = usual | {name: value for name, value in wanted.items() if value in offers.get(name, ())}
    return any(_complete(city, desk, said) for said in ((chosen,) if exactly else (chosen, usual)))


def _complete(city: City, desk: Desk, chosen: Mapping[str, Any]) -> bool:
    answers = city.fill(desk.row.form_key, chosen, key=desk.process)
    return city.complete(desk, answers | known_at(city, desk, answers)) is None


def known_at(city: City, desk: Desk, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What only the matter says, at a few desks; what has to be done before them is done."""
    act, output, otherwise = AGAINST.get((desk.process, desk.row.element), ("", "", {}))
    if _told.get(desk.row.case_id, {}).get(act, {}).get(output) is False:
        return otherwise
    match desk.process, desk.row.element:
        case "support_SP_02", "Task_Issue" if answers.get("decision") == "issue":
            return {"order_to": "104"}
        case "support_SP_01", "Task_Accept" if answers.get("decision") == "accept":
            return {"matter_kind": _value(city, desk, "matter_kind"), "department": "104", "accused": None}
        case "support_SP_13", "Task_File":
            _answer_lines(city, desk)
        case "support_SP_19", "Task_Certificate" | "Task_Centre":
            return {"certificate_no": _certificate_of(city, desk)}
    return {}


def _value(city: City, desk: Desk, name: str) -> Any:
    with city.office.reading() as records:
        return next((one.value for one in records.variables.of_case(desk.row.case_id) if one.name == name), None)


# -- the matters ------------------------------------------------------------------------------------------------


def _start(city: City, key: str, first: Step, starter: str, **more: Any) -> UUID:
    variables = {name: moved(city, value) for name, value in first.say.items()} | more
    return start_case(city.office, city.actor(starter), key=key, variables=variables, start=first.element or None).id


def moved(city: City, value: Any) -> Any:
    """A day as far from today as the way has it from its own."""
    if not isinstance(value, str) or not re.fullmatch(r"20\d\d-\d\d-\d\d(T.*)?", value):
        return value
    return (date.fromisoformat(value[:10]) + (city.now.date() - TODAY)).isoformat() + value[10:]


def _running(city: City, key: str = PLAIN, *, until: str = "Task_Review", **chosen: Any) -> UUID:
    """An item that has come to a desk."""
    case = city.apply(key, chosen=chosen)
    city.attend()
    for _ in range(FEW):
        desks = city.desks(case)
        if any(one.row.element == until for one in desks) or not any(complete(city, one, {}) for one in desks):
            break
        city.attend()
    return case


def _ended(city: City, key: str = FILING, **said: Any) -> UUID:
    """An item that is over."""
    case = start_case(
        city.office, city.actor("lizhao"), key=key, variables=city.fill(start_form_of(key), {}, key=key)
    ).id
    city.attend()
    for _ in range(FEW):
        if not any(complete(city, one, said) for one in city.desks(case)):
            break
        city.attend()
    return case


def _beside(city: City, case: UUID) -> UUID:
    """The latest supporting case of a case."""
    with city.office.reading() as records:
        return records.exchange.linked(case)[1][-1].id


def _order(city: City, trail: Sequence[Step], told: Mapping[str, Any]) -> UUID:
    case = _running(city)
    if any(step.element == "Task_Issue" for step in trail):  # asked for by a diagram
        return _start(city, "support_SP_02", trail[0], ENGINE, for_case=str(case), order_card=None)
    said = {"matter": "申请人反映三日无人联系", "demand": "当日联系申请人并书面回复"}
    return issue_order(city.office, city.actor("sunli"), case, to="zhangwei" if len(trail) % 2 else "104", **said)


def _extension(city: City, trail: Sequence[Step], told: Mapping[str, Any]) -> UUID:
    case = _running(city)
    ask_extension(city.office, city.actor("chengang"), case, amount=5, reason="案情复杂")
    city.attend()
    return _beside(city, case)


def _withdrawal(city: City, trail: Sequence[Step], told: Mapping[str, Any]) -> UUID:
    case = _running(city)
    if told.get("Check", {}).get("withdrawable") is False:  # by a message from outside, which asks nobody
        with city.office.reading() as records:
            row = records.cases.find(case)
        assert row is not None
        for element in ("Task_Review", "Task_Approve"):
            desk = next((one for one in city.desks(case) if one.row.element == element), None)
            if desk is not None:
                complete(city, desk, {})
                city.attend()
        return _start(
            city,
            "support_SP_10",
            Step("start", trail[0].element),
            ENGINE,
            case_number=row.business_key,
            ending="WITHDRAWN",
        )
    ending = "TERMINATED" if any(step.element == "Task_Terminate" for step in trail) else "WITHDRAWN"
    by = "zhaomin" if ending == "TERMINATED" else CLERK
    return ask_withdrawal(city.office, city.actor(by), case, ending=ending, reason="项目不再建设")


def _renewal(city: City, trail: Sequence[Step], told: Mapping[str, Any]) -> UUID:
    number, held = f"云广〔2024〕{next(_numbers)}号", _running(city, SILENT, until="Task_Accept")
    late = told.get("Register", {}).get("filed_in_time") is False
    end = city.now.date() + timedelta(10 if late else 35)
    begins = end - timedelta(729)
    with city.office.transaction() as records:
        records.certificates.add(
            CertificateRow(
                id=uuid4(), number=number, kind="大型户外广告设置许可证", item="107-XK-005", department="107",
                holder="云溪华印制罐有限公司", holder_code="9199****001X", state="ACTIVE", issued_on=begins, valid_from=begins,
                valid_to=end, basis="", reason="", follows="", case_id=held, scope_id=None, document_id=None, key=None,
                reminded=2, changed_at=records.now, changed_by=None,
            )
        )  # fmt: skip
    case = _running(city, SILENT, until="Task_Accept")
    made = file_renewal(city.office, city.actor(CLERK), case, number)
    city.attend()
    if told.get("Deem", {}).get("deemed") is False:  # decided before the last day is over
        for _ in range(FEW):
            if not any(complete(city, one, {}) for one in city.desks(case)):
                break
            city.attend()
    return made


def _review(city: City, trail: Sequence[Step], told: Mapping[str, Any]) -> UUID:
    yearly = trail[0].say.get("review_kind") == "YEARLY" or any(step.element == "Task_Public" for step in trail)
    year = 2026 + next(_numbers)
    row = open_review(city.office, city.actor("tianyue"), "YEARLY" if yearly else "QUARTERLY", year, 0 if yearly else 1)
    city.attend()
    with city.office.reading() as records:
        return next(one.id for one in records.measures.running("support_SP_13") if one.subject == row.id)


def _answer_lines(city: City, desk: Desk) -> None:
    with city.office.reading() as records:
        [measure] = [one for one in records.measures.running("support_SP_13") if one.id == desk.row.case_id]
        lines = [one for one in records.reviews.lines(measure.subject) if one.department == desk.row.department]
        people = [one for one in records.people.listing() if one.department == desk.row.department]
    people.sort(key=lambda one: "chief_rep" not in one.roles)
    for line in lines:
        for one in people:
            try:
                answer_line(city.office, city.actor(one.username), measure.subject, line.code, ReviewDecision.KEEP)
            except Refusal:
                continue
            break


def _refund(city: City, trail: Sequence[Step], told: Mapping[str, Any]) -> UUID:
    case = _running(city, BILLED, until="Nowhere", relocate=True)
    for bill in [one for one in city.bills() if one.case_id == case]:
        city.pay(bill)
    city.attend()
    with city.office.reading() as records:
        [bill] = records.bills.of_case(case)
        [payment] = records.bills.payments_of(bill.id)
    if trail[0].say.get("refund") is not None:
        ask_refund(city.office, city.actor("feehan"), payment.id, payment.amount, reason="重复缴费")
        city.attend()
        return _beside(city, case)
    return apply_refund(city.office, city.actor(CLERK), payment.id, payment.amount, reason="项目取消")


def _release(city: City, trail: Sequence[Step], told: Mapping[str, Any]) -> UUID:
    text, number = FILES[PLAIN].read_text("utf-8"), next(_numbers)
    legal = any(step.element == "Task_Legal" for step in trail)
    changed = text.replace('name="审核"', f'name="审核{number}"')
    changed = changed.replace('zw:statutory="15wd"', f'zw:statutory="{8 + number % 7}wd"') if legal else changed
    files = [Resource(name=f"{PLAIN}.bpmn", content=changed.encode())]
    return submit_release(city.office, city.actor("hejing"), files, note="改进名称")


def _silence(city: City, trail: Sequence[Step], told: Mapping[str, Any]) -> UUID:
    case = _running(city, SILENT)
    if told.get("State", {}).get("tacit_held") is not False:
        open_proceeding(city.office, city.actor(CLERK), case, kind="OBJECTION", reason="邻居异议")
    for _ in range(FEW):
        with city.office.reading() as records:
            found = records.exchange.linked(case)[1]
        if found:
            return found[-1].id
        city.turn(city.now + timedelta(days=1))
    raise AssertionError("expected silence to speak or to be held within forty days")


def _certificate_of(city: City, desk: Desk) -> str:
    """The number of the certificate of the item that was granted by silence; issued now if it was not."""
    with city.office.reading() as records:
        parent = records.exchange.parent_of(desk.row.case_id)
    assert parent is not None
    for one in city.desks(parent.parent_id):
        if one.row.element == "Task_Issue":
            complete(city, one, {})
            city.attend()
    with city.office.reading() as records:
        held = records.certificates.of_case(parent.parent_id)
    return held[0].number if held else ""


def _complaint(city: City, trail: Sequence[Step], told: Mapping[str, Any]) -> UUID:
    if any(step.say.get("decision") == "refuse" for step in trail):  # found in a call-back, not yet numbered
        return _start(
            city,
            "support_SP_01",
            trail[0],
            ENGINE,
            department="104",
            matter_kind="fee",
            complaint_text="收费项目没有公示",
        )
    supervised = any(step.element == "Task_Supervision" for step in trail)
    form = ComplaintForm(
        kind="efficiency" if supervised else "fee", text="收费项目没有公示", department="104",
        anonymous=trail[0].say.get("anonymous") is True,
    )  # fmt: skip
    return file_complaint(city.office, city.actor("lizhao"), form).id


def _rating(city: City, trail: Sequence[Step], told: Mapping[str, Any]) -> UUID:
    if trail[0].say.get("named") is False:  # pressed at the counter for an applicant without an account
        case, by = _running(city, FILING, until="Nowhere"), CLERK
    else:
        case, by = _ended(city), "lizhao"
    rate_case(city.office, city.actor(by), case, 1, said="太慢")
    city.attend()
    return _beside(city, case)


def _fault(city: City, trail: Sequence[Step], told: Mapping[str, Any]) -> UUID:
    facts = {"person": "zhangwei", "kind": "late", "facts": "施工许可审核超时三日"}
    return open_fault(city.office, city.actor("sunli"), **facts).id


def _question(city: City, trail: Sequence[Step], told: Mapping[str, Any]) -> UUID:
    return register_consultation(city.office, city.actor(CLERK), dict(trail[0].say)).id


def _month(key: str) -> Callable[[City, Sequence[Step], Mapping[str, Any]], UUID]:
    """The call-backs or the inspection of a month in which some cases have ended, or none has."""

    def opening(city: City, trail: Sequence[Step], told: Mapping[str, Any]) -> UUID:
        if told.get("Sample", {}).get("sample_size") != 0:
            _ended(city)
            _ended(city, decision="refuse", recommendation="refuse")
        period, day = f"{city.now:%Y-%m}", city.now.replace(day=1, hour=8, minute=50)
        city.turn((day + timedelta(days=32)).replace(day=1))
        found = None
        while found is None:
            with city.office.transaction() as records:
                open_monthly(city.office, records, city.now)
                found = next(iter(records.quality.cases_with(key, "period", period)), None)
            if found is None:
                city.turn(city.now + timedelta(days=1))
        return found

    return opening


OPENINGS: Mapping[str, Callable[[City, Sequence[Step], Mapping[str, Any]], UUID]] = {
    "support_SP_01": _complaint,
    "support_SP_02": _order,
    "support_SP_03": _month("support_SP_03"),
    "support_SP_04": _rating,
    "support_SP_07": _extension,
    "support_SP_10": _withdrawal,
    "support_SP_12": _renewal,
    "support_SP_13": _review,
    "support_SP_14": _fault,
    "support_SP_15": _question,
    "support_SP_16": _month("support_SP_16"),
    "support_SP_17": _refund,
    "support_SP_18": _release,
    "support_SP_19": _silence,
}
