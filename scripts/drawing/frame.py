"""What items of several departments have in common: the window, the reviewing and deciding desks, the issuing desk.

Each part is placed by its caller, which joins them by flows and draws between them what only its item has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree as ET

from drawing.correction import draw_correction
from drawing.office import ESCALATION, choice, document, late, mark, office_task, script, timed
from drawing.procedures import draw_procedures
from drawing.register_card import facts, half_days, slug
from drawing.sheet import OTHERWISE, Drawing, Lane, Node, Sheet

CENTRE = "201"  # department code of the service centre
SPECIAL = ["HEARING", "INSPECTION", "EXPERT"]
REGISTERED = ("return_count", "decision", "recommendation", "procedure", "certificate_no")


@dataclass(frozen=True, kw_only=True)
class Window:
    """The first desk: where the item goes on from, when it was accepted and when it is deemed accepted."""

    start: Node
    accepting: Node
    taken: Node
    told: Node


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """The deciding desk: the gateway behind it, and the way back to 审核."""

    approved: Node
    decided: Node


def draw_window(sheet: Sheet, card: dict, lane: Lane, registered: Sequence[str] = ()) -> Window:
    """收件登记, 受理, 补正, 不予受理 and 视为受理 in a lane at least 360 high; `registered`: more lines of 收件登记."""
    row, name = lane.top + 195, slug(card)
    start = sheet.node(
        "startEvent", "Start_Apply", "提出申请", 180, row, camunda__formKey=f"apply_{name}", zw__doc="W01", zw__sms="M01",
    )  # fmt: skip
    lines = [f"{one} = {0 if one == 'return_count' else 'null'}" for one in REGISTERED]
    intake = script(sheet, "Script_Register", "收件登记", "\n".join([*lines, *registered]), 280, row)
    accepting = office_task(
        sheet, "Task_Accept", "受理", 420, row, stage="ACCEPT", role="counter_clerk", dept=CENTRE,
        limit=f"{half_days(card)[0]}hd", form=f"accept_{name}", results=("decision",), shift=-35, mark=-74,
    )  # fmt: skip
    accepted = choice(sheet, "Gateway_Accept", "是否受理", 540, row, (484, row - 46))
    taken = mark(
        sheet, "Mark_Accepted", "已受理", "ACCEPTED", 540, row + 105, (562, row + 98), zw__doc="W02", zw__sms="M02",
    )  # fmt: skip
    turned = mark(sheet, "Mark_NotAccepted", "不予受理", "NOT_ACCEPTED", 620, row)
    notice = document(sheet, "Document_Rejection", "出具不予受理通知", "W03", 720, row, sms="M05")
    rejected = sheet.node("endEvent", "End_NotAccepted", "不予受理", 824, row)
    bottom = row + accepting.height / 2
    deemed = timed(
        sheet, accepting, "Deem_Task_Accept", "视为受理", 'due("RECEIPT")', 450, bottom, label=(472, bottom + 4),
        zw__reaches="DEEMED_ACCEPTED",
    )  # fmt: skip
    told = document(sheet, "Document_Deemed", "出具视为受理通知", "W02", 450, row + 105, sms="M06")
    told.width = 96
    draw_correction(sheet, accepting, accepted, lane.top + 75, dept=CENTRE)
    sheet.flow(start, intake)
    sheet.flow(intake, accepting)
    sheet.flow(accepting, accepted)
    sheet.flow(accepted, turned, "不予受理", 'decision = "reject"', label=(556, row - 34))
    sheet.flow(turned, notice)
    sheet.flow(notice, rejected)
    sheet.flow(accepted, taken, "受理", OTHERWISE, way="bottom-top")
    sheet.flow(deemed, told, way="bottom-top")
    return Window(start=start, accepting=accepting, taken=taken, told=told)


def go_on(window: Window, sheet: Sheet, following: Node, *, bend: float | None = None) -> None:
    """Join both ways of being accepted to what follows in a lane further down."""
    merge = choice(sheet, "Merge_Accepted", "", 540, window.taken.y + 70)
    sheet.flow(window.taken, merge, way="bottom-top")
    sheet.flow(window.told, merge, way="bottom-left")
    sheet.flow(merge, following, way="bottom-left", bend=bend)


def draw_review(sheet: Sheet, card: dict, x: float, y: float, *, limit: str, name: str = "审核", form: str = "review",
                **more: str) -> tuple[Node, Node]:  # fmt: skip
    """审核 with its special procedures above it; the desk and the gateway from which the plain way goes on."""
    dept = card["code"][:3]
    reviewed = office_task(
        sheet, "Task_Review", name, x, y, stage="REVIEW", role="reviewer_a", dept=dept, limit=limit, form=form,
        results=("recommendation",), zw__sms="M12", **more,
    )  # fmt: skip
    advised = choice(sheet, "Gateway_Review", "审核结论", x + 115, y, (x + 92, y + 32))
    special = draw_procedures(sheet, SPECIAL, x + 115, y - 120, dept=dept)
    sheet.flow(reviewed, advised)
    sheet.flow(advised, special, "特别程序", 'recommendation = "procedure"', way="top-bottom", label=(x + 121, y - 46))
    sheet.flow(special, reviewed, way="left-top", shift=(0, 20))
    return reviewed, advised


def draw_ruling(sheet: Sheet, card: dict, reviewed: Node, x: float, y: float, *, limit: str, name: str = "批准",
                form: str = "approve", gap: float = 180, forget: str = "Task_Approve = null") -> Ruling:  # fmt: skip
    """批准 at (x, y), the gateway `gap` behind it, and the way back to `reviewed`, at most three times; `forget`: answers
    that do not count any more then."""
    approved = office_task(
        sheet, "Task_Approve", name, x, y, stage="APPROVE", role="chief_rep", dept=card["code"][:3], limit=limit,
        form=form, results=("decision",), zw__sms="M12",
    )  # fmt: skip
    decided = choice(sheet, "Gateway_Decide", "批准结论", x + gap, y, (x + gap - 80, y - 34))
    again = script(
        sheet, "Script_Return", "登记退回次数", f"return_count = return_count + 1\n{forget}\ndecision = null",
        x + gap, reviewed.y,
    )  # fmt: skip
    rounds = choice(sheet, "Gateway_Return", "", x + gap - 100, reviewed.y)
    back = reviewed.y - 175
    sheet.flow(decided, again, "退回", OTHERWISE, way="top-bottom")
    sheet.flow(again, rounds, way="left-right")
    sheet.flow(
        rounds, reviewed, "退回", "return_count <= 3", way="top-top", bend=back, shift=(0, -20), label=(x - 60, back + 3)
    )  # fmt: skip
    sheet.flow(rounds, approved, "已退三次", OTHERWISE, way="bottom-top", shift=(0, 25), label=(x + gap - 94, reviewed.y + 30))
    return Ruling(approved=approved, decided=decided)


def draw_refusal(sheet: Sheet, x: float, y: float, *, name: str = "不予") -> Node:
    """不予: the mark, the written decision with its message, the end."""
    refusing = mark(sheet, "Mark_Refused", name, "DECIDED_NO", x, y, zw__doc="W13")
    refusal = document(sheet, "Document_Refusal", "出具不予决定", "W15", x + 110, y, sms="M16")
    refusal.attributes["zw:reaches"] = "READY"
    refused = sheet.node("endEvent", "End_Refused", "办结-不予", x + 220, y, zw__reaches="DELIVERED", zw__sms="M20")
    sheet.flow(refusing, refusal)
    sheet.flow(refusal, refused)
    return refusing


def draw_grant(sheet: Sheet, card: dict, x: float, y: float) -> Node:
    """准予: the mark with the decision of a licence; what is no licence says so itself by its result."""
    papers = "W13 W14" if card["type"] == "LICENSE" else "W13"
    return mark(sheet, "Mark_Granted", "准予", "DECIDED_YES", x, y, zw__doc=papers)


def draw_issue(sheet: Sheet, card: dict, x: float, y: float, *, name: str = "制证发证", role: str = "issue_clerk",
               dept: str = CENTRE) -> tuple[Node, Node]:  # fmt: skip
    """制证发证 and the end of a grant; the end is placed right of it by whoever joins them."""
    issued = office_task(
        sheet, "Task_Issue", name, x, y, stage="ISSUE", role=role, dept=dept, limit=f"{half_days(card)[3]}hd",
        form="issue", results=("certificate_no",), zw__doc="W18", zw__reaches="READY",
    )  # fmt: skip
    granted = sheet.node("endEvent", "End_Granted", "办结-准予", x + 190, y, zw__reaches="DELIVERED", zw__sms="M20")
    return issued, granted


def draw_fee(sheet: Sheet, x: float, y: float, paid_when: str) -> tuple[Node, Node]:
    """缴费 (SP-05) before anything is handed out, unless `paid_when` says that nothing is owed here: first and last node."""
    asked = choice(sheet, "Gateway_Fee", "是否缴费", x, y, (x - 24, y + 30))
    paying = sheet.node("callActivity", "Call_Fee", "缴费", x + 110, y, calledElement="support_SP_05")
    paid = choice(sheet, "Gateway_Paid", "缴费结果", x + 230, y, (x + 206, y + 30))
    given_up = sheet.node(
        "endEvent", "End_FeeAbandoned", "放弃", x + 230, y - 66, zw__reaches="ABANDONED", zw__doc="W24",
        label=(x + 254, y - 73),
    )  # fmt: skip
    settled = choice(sheet, "Merge_Fee", "", x + 310, y)
    sheet.flow(asked, paying, "", OTHERWISE)
    sheet.flow(asked, settled, "不缴费", paid_when, way="top-top", bend=y - 100, label=(asked.x + 6, y - 46))
    sheet.flow(paying, paid)
    sheet.flow(paid, given_up, "逾期未缴", "fee_abandoned = true", way="top-bottom", label=(paid.x - 56, y - 42))
    sheet.flow(paid, settled, "", OTHERWISE)
    return asked, settled


def finish(sheet: Sheet, card: dict, folder: Path, *, tasks: Sequence[Node], start: Node, width: float,
           contract: str = "", name: str = "", roots: Sequence[ET.Element] = (),
           more: Mapping[str, str] = MappingProxyType({})) -> None:  # fmt: skip
    """The climbs of the desks in lane 系统, which comes last, and the file."""
    system = sheet.lanes[-1]
    for task in tasks:
        late(sheet, task, system.middle)
    Drawing(
        key=sheet.key,
        name=name or card["name"],
        sheet=sheet,
        attributes=facts(card, contract=contract) | dict(more),
        width=width,
        outsider="申请人",
        outsider_flow=("申请材料", start.id),
        roots=[ESCALATION, *roots],
    ).write(folder / f"{sheet.key}.bpmn")
