"""What stands between 审核 and 批准 (公示, 听证, 集体会议) and everything from 批准 to the end."""

from __future__ import annotations

from drawing.office import choice, document, mark, office_task, script, waiting_task
from drawing.register import desk_limit
from drawing.reviewing import Line
from drawing.sheet import OTHERWISE, Lane, Node, Sheet, element
from drawing.specials import Works
from drawing.window import CENTRE


def counted_limit(limit: str) -> int:
    """Half-days of 公示 that counts: its working days, and one to write down what came of it."""
    return 2 * int(limit.removesuffix("wd")) + 1


def publicised(line: Line, limit: str, reviewed: Node, *, counted: bool = False) -> Node:
    """公示 before a grant, once; who objects is heard in another 综合意见. Returns the question whose other way is 批准.

    `counted`: the days are the office's, with a due timer; otherwise the applicant is told that no limit runs.
    """
    sheet, y = line.sheet, line.y
    question = line.ask("Gateway_Publicity", "是否公示")
    if counted:
        shown = office_task(
            sheet, "Task_Publicity", "公示", line.x + 140, y, stage="PUBLICITY", role="reviewer_a", dept=line.dept,
            limit=desk_limit(counted_limit(limit)), form="publicity",
        )  # fmt: skip
        done = element("camunda:outputParameter", "=true", name="publicised")
        shown.extensions = [element("camunda:inputOutput", None, done)]
        line.desks.append(shown)
        line.to(shown, name="未公示", condition='recommendation != "refuse" and publicised != true')
    else:
        line.to(
            sheet.node("intermediateThrowEvent", "Notice_Publicity", "公示告知", line.x + 85, y, zw__doc="W07"),
            condition=OTHERWISE,
        )
        line.to(
            waiting_task(
                sheet, "Task_Publicity", "公示", line.x + 100, y, stage="PUBLICITY", role="reviewer_a", dept=line.dept,
                limit=limit, form="publicity", pause="PUBLICITY",
            )
        )  # fmt: skip
    objection = line.ask("Gateway_Objection", "有无异议", 110)
    objection.label = (objection.x - 24, y + 30)
    again = y - 66
    sheet.flow(
        objection, reviewed, "有异议退回" if counted else "有异议", "Task_Publicity.objections = true", way="top-top",
        bend=again, shift=(0, 38), label=(objection.x - (70 if counted else 46), again + 4),
    )  # fmt: skip
    return question


def heard(line: Line) -> Node:
    """听证 the law orders before every decision: announced seven days before, then held; during it no limit runs."""
    sheet, y = line.sheet, line.y
    question = line.ask("Gateway_Hearing", "是否已听证")
    announced = office_task(
        sheet, "Task_Announce", "听证公告", line.x + 110, y, stage="HEARING", role="reviewer_a", dept=line.dept,
        limit="2hd", form="hearing_notice", results=("held_at", "hearing_place", "hearing_host"), zw__doc="W12",
    )  # fmt: skip
    line.desks.append(announced)
    line.to(announced, condition=OTHERWISE)
    line.to(sheet.node("intermediateThrowEvent", "Notice_Hearing_Ordered", "书面告知", line.x + 100, y, zw__doc="W07"))
    line.to(
        waiting_task(
            sheet, "Task_Hearing_Ordered", "听证", line.x + 100, y, stage="HEARING", role="reviewer_a", dept=line.dept,
            limit="20wd", form="hearing", pause="HEARING", zw__doc="W12",
        )
    )  # fmt: skip
    return question


def taxed(line: Line, point: str) -> None:
    """税控联管 (SK) before 批准: asked once the case is about to be granted, and not again when the tax has been cleared."""
    sheet = line.sheet
    question = line.ask("Gateway_Taxed", "是否查验完税")
    question.label = (question.x - 16, line.y - 46)
    given = [
        element("camunda:in", source=name, target=name) for name in ("applicant", "applicant_uscc", "project_code")
    ]
    call = sheet.node(
        "callActivity", "Call_Tax", "税控查验", line.x + 120, line.y, calledElement="chain_SK_check",
        extensions=[
            element("camunda:in", sourceExpression=f"={point}", target="tax_point"),
            *given,
            element("camunda:out", source="tax_cleared", target="tax_cleared"),
            element("camunda:out", source="tax_voucher", target="tax_voucher"),
        ],
    )  # fmt: skip
    line.to(call, condition=OTHERWISE)
    meet = line.to(choice(sheet, "Merge_Taxed", "", line.x + 110, line.y))
    line.around(question, meet, "不需查验", 'recommendation = "refuse" or tax_cleared = true')


def met(line: Line, lane: Lane) -> Node:
    """集体审议: papers, then the meeting with its minutes; the decision follows what was resolved."""
    sheet = line.sheet
    papers = office_task(
        sheet, "Task_Papers", "会议材料", line.x + 150, line.y, stage="MEETING", role="reviewer_a", dept=line.dept,
        limit="2hd", form="meeting_papers",
    )  # fmt: skip
    line.to(papers, condition=OTHERWISE)
    meeting = office_task(
        sheet, "Task_Meeting", "集体会议", line.x + 190, lane.middle, stage="MEETING", role="chief_rep",
        dept=line.dept, limit="4hd", form="meeting", results=("resolution",),
    )  # fmt: skip
    line.desks += [papers, meeting]
    line.to(meeting, way="right-top", shift=(0, -30))
    return meeting


def issue_line(
    sheet: Sheet, x: float, issuing: Lane, *, limit: str, charged: bool, licence: bool, inputs: dict[str, str] | None = None
) -> tuple[Node, Node]:  # fmt: skip
    """准予 and 制证发证 in the lane of the issuing window, with 缴费 (SP-05) between them where the item costs something.

    `inputs`: what the fee is charged for, FEEL by name.
    """
    y = issuing.middle
    granting = mark(sheet, "Mark_Granted", "准予", "DECIDED_YES", x, y, zw__doc="W13 W14" if licence else "W13")
    issued = office_task(
        sheet, "Task_Issue", "制证发证", x + (440 if charged else 120), y, stage="ISSUE", role="issue_clerk", dept=CENTRE,
        limit=limit, form="issue", results=("certificate_no",), zw__doc="W18", zw__reaches="READY",
    )  # fmt: skip
    if not charged:
        sheet.flow(granting, issued)
        return granting, issued
    asked = choice(sheet, "Gateway_Fee", "是否缴费", x + 80, y, (x + 56, y + 30))
    parameters = [element("camunda:inputParameter", f"={feel}", name=name) for name, feel in (inputs or {}).items()]
    paying = sheet.node(
        "callActivity", "Call_Fee", "缴费", x + 190, y, calledElement="support_SP_05",
        extensions=[element("camunda:inputOutput", None, *parameters)] if parameters else None,
    )  # fmt: skip
    paid = choice(sheet, "Gateway_Paid", "缴费结果", x + 310, y, (x + 286, y + 30))
    given_up = sheet.node(
        "endEvent", "End_FeeAbandoned", "放弃", x + 310, y - 66, zw__reaches="ABANDONED", zw__doc="W24",
        label=(x + 334, y - 73),
    )  # fmt: skip
    sheet.flow(granting, asked)
    sheet.flow(asked, paying, "", OTHERWISE)
    sheet.flow(
        asked, issued, "不缴费", "joint = true", way="top-top", bend=y - 92, label=(asked.x + 6, y - 46), shift=(0, -20)
    )  # fmt: skip
    sheet.flow(paying, paid)
    sheet.flow(paid, given_up, "逾期未缴", "fee_abandoned = true", way="top-bottom", label=(paid.x - 56, y - 42))
    sheet.flow(paid, issued, "", OTHERWISE)
    return granting, issued


def built(sheet: Sheet, last: Node, rule: Works, dept: str) -> tuple[Node, Node]:
    """Works after the contract, which is out by then: no limit of the item runs any more. The desk, and the node that leads on."""
    sent = mark(sheet, "Mark_Sent", "合同送达", "DELIVERED", last.x + 100, last.y)
    sheet.flow(last, sent)
    last = sent
    asked = choice(sheet, "Gateway_Works", rule.question, last.x + 100, last.y, (last.x + 76, last.y + 30))
    desk = office_task(
        sheet, "Task_Works", rule.task, last.x + 260, last.y, stage="COORDINATE", role="reviewer_a", dept=dept,
        limit="30wd", form="works",
    )  # fmt: skip
    meet = choice(sheet, "Merge_Works", "", last.x + 370, last.y)
    sheet.flow(last, asked)
    sheet.flow(asked, desk, rule.label, rule.condition)
    sheet.flow(desk, meet)
    sheet.flow(asked, meet, rule.otherwise, OTHERWISE, way="top-top", bend=last.y - 66)
    return desk, meet


def followed(sheet: Sheet, last: Node) -> Node:
    """许可后跟踪: a case of its own, so that this one can end."""
    made = sheet.node(
        "serviceTask", "Start_FollowUp", "启动后续跟踪", last.x + 140, last.y, size=(116, 64), zw__action="start",
        zw__process="support_follow_up", zw__fields="applicant follow_up follow_up_dept follow_up_limit follow_up_to certificate_no",
    )  # fmt: skip
    sheet.flow(last, made)
    return made


def refusal_line(sheet: Sheet, x: float, y: float) -> tuple[Node, Node]:
    """不予 with its letter: first and last node."""
    refusing = mark(sheet, "Mark_Refused", "不予", "DECIDED_NO", x, y, zw__doc="W13")
    refusal = document(sheet, "Document_Refusal", "出具不予决定", "W15", x + 110, y, sms="M16")
    refusal.attributes["zw:reaches"] = "READY"
    refused = sheet.node("endEvent", "End_Refused", "办结-不予", x + 220, y, zw__reaches="DELIVERED", zw__sms="M20")
    sheet.flow(refusing, refusal)
    sheet.flow(refusal, refused)
    return refusing, refused


def end_granted(sheet: Sheet, last: Node, x: float, *, silent: bool, delivered: bool = False) -> None:
    """办结-准予; a certificate that silence has granted ends the item under a name of its own. `delivered`: before already."""
    reached = {} if delivered else {"zw__reaches": "DELIVERED"}
    granted = sheet.node("endEvent", "End_Granted", "办结-准予", x, last.y, **reached, zw__sms="M20")
    if not silent:
        sheet.flow(last, granted)
        return
    how = choice(sheet, "Gateway_Tacit", "", last.x + 100, last.y)
    tacitly = sheet.node(
        "endEvent", "End_Tacit", "办结-默许", x, last.y - 56, label=(x + 22, last.y - 63), zw__reaches="DELIVERED",
        zw__sms="M20",
    )  # fmt: skip
    sheet.flow(last, how)
    sheet.flow(how, tacitly, "超时默许", "Task_Approve_tacit = true", way="top-left", label=(how.x - 2, last.y - 76))
    sheet.flow(how, granted, "", OTHERWISE)


def returned(sheet: Sheet, line: Line, approved: Node, decided: Node, desk: Node, back: float) -> None:
    """退回 to the reviewing desk at most three times, then the deciding desk decides."""
    again = script(
        sheet, "Script_Return", "登记退回次数",
        "return_count = return_count + 1\nTask_Approve = null\ndecision = null", decided.x, line.y,
    )  # fmt: skip
    rounds = choice(sheet, "Gateway_Return", "", decided.x - 100, line.y)
    sheet.flow(decided, again, "退回", OTHERWISE, way="top-bottom")
    sheet.flow(again, rounds, way="left-right")
    sheet.flow(
        rounds, desk, "退回", "return_count <= 3", way="top-top", bend=back, shift=(0, -20),
        label=(rounds.x - 40, back + 3),
    )  # fmt: skip
    sheet.flow(
        rounds, approved, "已退三次", OTHERWISE, way="bottom-top", shift=(0, 25), label=(rounds.x + 6, line.y + 30)
    )  # fmt: skip
