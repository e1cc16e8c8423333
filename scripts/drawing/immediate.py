"""T1 即办件: one desk takes, decides and issues in one sitting; what cannot be done at once is promised (转承诺件)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from drawing.card_forms import RETURNING
from drawing.correction import draw_correction
from drawing.immediate_rules import registered, rule_of
from drawing.immediate_tails import EXCHANGE, OUT_BEFORE, TAILS
from drawing.office import ESCALATION, choice, document, late, mark, office_task, script, timed
from drawing.promised_way import draw_promised
from drawing.register import facts, slug
from drawing.sheet import OTHERWISE, Drawing, Lane, Node, Sheet, element

CENTRE = "201"
HEARING = frozenset({"109-GG-003"})  # data of a testing station may come while the desk is open
LANES = (("部门审核", 190), ("首席代表", 130), ("发证窗口", 130))
TALL = {"104-QT-004": 300, "113-QT-002": 270}  # where the department does more than 审核


def draw_immediate(card: Mapping, folder: Path) -> None:
    """Draw item_<slug> of a register card into `folder`."""
    key, hears = f"item_{slug(card)}", card["code"] in HEARING
    sheet = Sheet(key)
    window = sheet.lane("综合窗口", 460 if hears else 400)
    tall = TALL.get(card["code"], 0)
    lanes = [sheet.lane(name, max(height, tall if name == "部门审核" else 0)) for name, height in LANES]
    system = sheet.lane("系统", 100)
    row = window.top + (255 if hears else 195)
    start, task = _take(sheet, card, row)
    if hears:
        _hear(sheet, task)
    first = _answer(sheet, card, task, window.top + 75, task.x + (280 if hears else 140))
    decided = _accept(sheet, card, first)
    refusing, right = _refuse(sheet, decided, first.x + 700)
    issued = _grant(sheet, card, decided)
    after = _end(sheet, card, issued, right, lanes, system)
    taken, deemed = _promise(sheet, task, first, rule_of(card).days)
    draw_promised(
        sheet, card, lanes, system.middle, taken=taken, deemed=deemed, refusing=refusing, after=after,
        decision=_decision(card),
    )  # fmt: skip
    late(sheet, task, system.middle)
    Drawing(
        key=key,
        name=card["name"],
        sheet=sheet,
        attributes=facts(card),
        width=max(node.x for node in sheet.nodes) + 90,
        outsider="申请人",
        outsider_flow=("申请材料", start.id),
        roots=[ESCALATION, *([EXCHANGE] if hears or card["code"] == "112-QT-001" else [])],
    ).write(folder / f"{key}.bpmn")


def _take(sheet: Sheet, card: Mapping, row: float) -> tuple[Node, Node]:
    """申请, 收件登记, and the desk that does all four stages by the close of business."""
    start = sheet.node(
        "startEvent", "Start_Apply", "提出申请", 180, row, camunda__formKey=f"apply_{slug(card)}", zw__doc="W01",
        zw__sms="M01",
    )  # fmt: skip
    intake = script(sheet, "Script_Register", "收件登记", registered(card), 280, row)
    task = office_task(
        sheet, "Task_Desk", "受理审批发证", 420, row, stage="ACCEPT REVIEW APPROVE ISSUE", role="counter_clerk",
        dept=CENTRE, limit="0wd", form=f"desk_{slug(card)}", results=("decision", "certificate_no"), shift=-35, mark=-74,
    )  # fmt: skip
    more = {
        "single_person": '=if Task_Desk.decision = "grant" then true else null'
    }  # S-01: some of these cases are looked at again
    if card["code"] in RETURNING:
        more["count"] = (
            "=if Task_Desk.gaps = null then null else count(Task_Desk.gaps)"  # how many papers M03 speaks of
        )
    task.extensions[0].extend(element("camunda:outputParameter", text, name=name) for name, text in more.items())
    sheet.flow(start, intake)
    sheet.flow(intake, task)
    return start, task


def _hear(sheet: Sheet, task: Node) -> None:
    """检测站数据: what the station sends is put on file at once, the desk stays open for the signature (XN-09)."""
    body = [element("bpmn:messageEventDefinition", id="Hear_Data", messageRef="Message_Exchange")]
    heard = sheet.node(
        "boundaryEvent", "Data_Task_Desk", "检测数据到达", task.x + 30, task.y - 32, body=body, attachedToRef=task.id,
        cancelActivity="false", label=(task.x + 52, task.y - 58),
    )  # fmt: skip
    kept = script(sheet, "Script_Data", "登记检测数据", "tested_by_station = true", task.x + 130, task.y - 115)
    done = sheet.node("endEvent", "End_Data", "完成", task.x + 225, task.y - 115)
    sheet.flow(heard, kept, way="top-left")
    sheet.flow(kept, done)


def _answer(sheet: Sheet, card: Mapping, task: Node, above: float, x: float) -> Node:
    """办理方式: what is missing is asked for or given back, what cannot be done at once is promised."""
    returning = card["code"] in RETURNING
    way = choice(sheet, "Gateway_Desk", "办理方式", x, task.y, (x - 56, task.y - 46))
    sheet.flow(task, way)
    if not returning:
        draw_correction(sheet, task, way, above, dept=CENTRE)
        return way
    back = mark(sheet, "Mark_Returned", "退件", "RETURNED", way.x, above, (way.x + 22, above - 24))
    told = document(sheet, "Document_Returned", "出具材料退还清单", "W23", way.x + 140, above, sms="M03")
    end = sheet.node("endEvent", "End_Returned", "退件", way.x + 270, above)
    sheet.flow(way, back, "退还", 'decision = "return_file"', way="top-bottom", label=(way.x + 6, above + 40))
    sheet.flow(back, told)
    sheet.flow(told, end)
    return way


def _accept(sheet: Sheet, card: Mapping, way: Node) -> Node:
    """是否受理 of what is decided at once, and the decision."""
    barred = rule_of(card).barred
    more = f" or {barred}" if barred else ""
    x, row = way.x + 100, way.y
    taking = choice(sheet, "Gateway_Accept", "是否受理", x, row, (x - 24, row - 46))
    turned = mark(sheet, "Mark_NotAccepted", "不予受理", "NOT_ACCEPTED", x, row + 145)
    notice = document(sheet, "Document_Rejection", "出具不予受理通知", "W03", x + 110, row + 145, sms="M05")
    rejected = sheet.node("endEvent", "End_NotAccepted", "不予受理", x + 220, row + 145)
    taken = mark(sheet, "Mark_Accepted", "已受理", "ACCEPTED", x + 85, row, zw__doc="W02")
    decided = choice(sheet, "Gateway_Decide", "当场决定", x + 170, row, (x + 146, row - 46))
    decides = 'decision = "grant" or decision = "refuse" or decision = "reject"'
    sheet.flow(way, taking, "当场", decides + more)
    sheet.flow(taking, turned, "不予受理", 'decision = "reject"' + more, way="bottom-top", label=(x + 6, row + 86))
    sheet.flow(turned, notice)
    sheet.flow(notice, rejected)
    sheet.flow(taking, taken, "", OTHERWISE)
    sheet.flow(taken, decided)
    return decided


def _refuse(sheet: Sheet, decided: Node, x: float) -> tuple[Node, float]:
    """不予, with its letter; the mark and the right end of this row."""
    row = decided.y + 80
    refusing = mark(sheet, "Mark_Refused", "不予", "DECIDED_NO", x, row, (x - 12, row - 36), zw__doc="W13")
    letter = document(sheet, "Document_Refusal", "出具不予决定", "W15", x + 110, row, sms="M16")
    letter.attributes["zw:reaches"] = "READY"
    end = sheet.node("endEvent", "End_Refused", "办结-不予", x + 220, row, zw__reaches="DELIVERED", zw__sms="M20")
    sheet.flow(decided, refusing, "不予", OTHERWISE, way="bottom-left")
    sheet.flow(refusing, letter)
    sheet.flow(letter, end)
    return refusing, end.x


def _grant(sheet: Sheet, card: Mapping, decided: Node) -> Node:
    """准予 and 制证发证 at the desk."""
    denied = rule_of(card).denied
    condition = f'decision = "grant" and not({denied})' if denied else 'decision = "grant"'
    granting = mark(sheet, "Mark_Granted", "准予", "DECIDED_YES", decided.x + 90, decided.y, zw__doc=_decision(card))
    issued = mark(sheet, "Mark_Issued", "制证发证", "READY", decided.x + 180, decided.y, zw__doc="W18")
    sheet.flow(decided, granting, "准予", condition)
    sheet.flow(granting, issued)
    return issued


def _end(sheet: Sheet, card: Mapping, issued: Node, right: float, lanes: list[Lane], system: Lane) -> Node:
    """What follows the certificate and the end; both ways lead to the first of these nodes, which is returned."""
    tail, sent = TAILS.get(card["code"]), None
    if card["code"] in OUT_BEFORE:
        sent = mark(sheet, "Mark_Sent", "送达", "DELIVERED", right + 80, issued.y, (right + 68, issued.y - 38))
    found = tail(sheet, card, right + (170 if sent else 90), issued.y, lanes, system.middle) if tail else None
    x = right + 80 if found is None else found.right
    reached = {} if sent else {"zw__reaches": "DELIVERED"}
    end = sheet.node("endEvent", "End_Granted", "办结-准予", x, issued.y, label=(x + 24, issued.y - 7),
                     **reached, zw__sms="M20")  # fmt: skip
    if found is None:
        sheet.flow(issued, end)
        return end
    sheet.flow(issued, sent or found.first)
    if sent:
        sheet.flow(sent, found.first)
    for leave in found.exits:
        leave(end)
    return sent or found.first


def _promise(sheet: Sheet, task: Node, way: Node, days: int) -> tuple[Node, Node]:
    """转承诺件, asked for or by silence: who said nothing for five working days has accepted (行政许可法 art. 32)."""
    row, bottom = way.y, task.y + task.height / 2
    taken = mark(
        sheet, "Mark_Promised", "转承诺件", "ACCEPTED", way.x, row + 105, (way.x + 22, row + 98), zw__limit=f"{days}wd",
        zw__doc="W02", zw__sms="M02",
    )  # fmt: skip
    silent = timed(
        sheet, task, "Deem_Task_Desk", "逾期未告知", 'due("RECEIPT")', 450, bottom, label=(472, bottom + 4),
    )  # fmt: skip
    deemed = mark(
        sheet, "Mark_Deemed", "视为受理", "DEEMED_ACCEPTED", 450, row + 92, (472, row + 85), zw__limit=f"{days}wd",
    )  # fmt: skip
    told = document(sheet, "Document_Deemed", "出具视为受理通知", "W02", 450, row + 160, sms="M06")
    told.width = 112
    sheet.flow(way, taken, "转承诺", OTHERWISE, way="bottom-top", label=(way.x + 6, row + 40))
    sheet.flow(silent, deemed, way="bottom-top")
    sheet.flow(deemed, told, way="bottom-top")
    return taken, told


def _decision(card: Mapping) -> str:
    """Papers of a grant: only a licence is decided in writing, a filing or registration says so itself."""
    return "W13 W14" if card["type"] == "LICENSE" else "W13"
