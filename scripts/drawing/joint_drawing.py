"""ST-7 施工图联合审查, as joint chains call it: five sections at once, one list of opinions, what was wrong is seen again.

The revision is the applicant's time (令13号 art. 12) and comes at most twice; only sections that asked for it look again.
Silence agrees for 绿建节能 alone, never for structure, fire, civil defence or lightning.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from drawing.asked import ROW, Opinion, draw_opinion
from drawing.deciding import end_granted, issue_line, refusal_line
from drawing.frame import REGISTERED, decide, draw_review, draw_ruling, finish
from drawing.office import choice, script, timed, waiting_task
from drawing.register import desk_limit, slug
from drawing.sheet import OTHERWISE, Node, Sheet, element
from drawing.window import draw_window

SUPPLEMENT = element("bpmn:message", id="Message_Supplement", name="MSG_SUPPLEMENT")
FORM = "section_review"
SECTIONS = (  # the opinion, the lane, the variable of its conclusion, when it is asked in the first round
    (Opinion("Task_Structure", "建筑结构审查", "104", "4wd", form=FORM), "住建", "structure", ""),
    (Opinion("Task_Fire", "消防审查", "104", "4wd", form=FORM), "住建", "fire", ""),
    (Opinion("Task_Energy", "绿建节能审查", "104", "3wd", silent=True, form=FORM), "住建", "energy", ""),
    (Opinion("Task_Defence", "人防审查", "105", "4wd", form=FORM), "人防", "defence", ""),
    (Opinion("Task_Lightning", "防雷审查", "122", "3wd", form=FORM), "气象", "lightning", "lightning_review = true"),
)
AGAIN = """review_round = review_round + 1
recommendation = null
Task_Review = null
Task_Revision = null"""


def draw_joint_drawing(cards: dict[str, dict], folder: Path) -> None:
    """Draw item_104_QT_005_joint into `folder`."""
    card = cards["104-QT-005"]
    sheet = Sheet(f"item_{slug(card)}_joint")
    opening = sheet.lane("综合窗口", 400)
    asked = {name: sheet.lane(name, ROW * rows) for name, rows in (("住建", 3), ("人防", 1), ("气象", 1))}
    reviewing, deciding = sheet.lane("部门审核", 430), sheet.lane("首席代表", 150)
    issuing = sheet.lane("发证窗口", 170)
    sheet.lane("系统", 100)
    kept = [f"{variable} = null" for _, _, variable, _ in SECTIONS]
    first = draw_window(
        sheet, opening, f"{slug(card)}_joint", registered="\n".join([*REGISTERED, "review_round = 1", *kept]),
        limit=desk_limit(card["stages"][0]),
    )  # fmt: skip
    top = asked["住建"].top
    middle = top + 2 * ROW + 2
    merge = choice(sheet, "Merge_Accepted", "", 540, first.taken.y + 70)
    rounds = choice(sheet, "Merge_Round", "", 600, middle)
    split = sheet.node("inclusiveGateway", "Fork_Sections", "分专业审查", 690, middle, label=(704, middle - 36))
    join = sheet.node("inclusiveGateway", "Join_Sections", "审查到齐", 1250, middle, label=(1190, middle - 36))
    for n, (opinion, _, variable, when) in enumerate(SECTIONS):
        y = top + ROW * n + 44
        task = draw_opinion(sheet, opinion, 850, y)
        task.extensions = [_conclusion(opinion.id, variable)]
        side = "top" if y < middle else "bottom"
        again = f'review_round = 1 or {variable} = "revise"'
        sheet.flow(split, task, "", f"{when} and ({again})" if when else again, way=f"{side}-left")
        sheet.flow(task, join, way=f"right-{side}")
    sheet.flow(split, join, "无须复审", OTHERWISE, label=(1090, middle + 3))

    x, y = 1400, reviewing.top + 195
    review = card["stages"][1] - 8  # the sections take four working days of the stage
    reviewed, advised = draw_review(sheet, card, x, y, limit=desk_limit(review), name="汇总意见", form="review_joint")
    advised.label = (x + 145, y + 6)
    ruling = draw_ruling(sheet, card, reviewed, x + 560, deciding.middle, name="出具审查合格书")
    script_again = _revision(sheet, advised, ruling.approved, rounds, reviewing.top + 330, reviewing.top + 408)
    refusing, _ = refusal_line(sheet, ruling.decided.x + 90, deciding.middle)
    granting, issued = issue_line(
        sheet, ruling.decided.x, issuing, limit=desk_limit(card["stages"][3]), charged=False, licence=False
    )  # fmt: skip
    end_granted(sheet, issued, issued.x + 190, silent=False)
    sheet.flow(first.taken, merge, way="bottom-top")
    sheet.flow(first.told, merge, way="bottom-left")
    sheet.flow(merge, rounds, way="bottom-left")
    sheet.flow(
        script_again, rounds, "复审", way="bottom-bottom", bend=reviewing.top + 408, label=(700, reviewing.top + 390)
    )
    sheet.flow(rounds, split)
    sheet.flow(join, reviewed, bend=1320)
    decide(sheet, advised, ruling)
    sheet.flow(ruling.decided, refusing, "不予", 'decision = "refuse"')
    sheet.flow(ruling.decided, granting, "合格", 'decision = "grant"', way="bottom-top")
    finish(
        sheet, card, folder, tasks=[first.accepting, reviewed, ruling.approved, issued], start=first.start,
        roots=[SUPPLEMENT], more={"zw__data_contract": "in: joint, lightning_review; out: decision, certificate_no"},
    )  # fmt: skip


def _conclusion(task: str, variable: str) -> ET.Element:
    """What a section concluded, under a name of its own."""
    said = f"=if {task}.conclusion != null then {task}.conclusion else {variable}"
    return element("camunda:inputOutput", None, element("camunda:outputParameter", said, name=variable))


def _revision(sheet: Sheet, advised: Node, approved: Node, rounds: Node, y: float, low: float) -> Node:
    """一次性意见单, the applicant's revision, and on to another round; what never comes back is decided as it is."""
    x = advised.x
    told = sheet.node(
        "intermediateThrowEvent", "Notice_Revision", "一次性意见单", x, y, label=(x - 92, y - 7), zw__doc="W08"
    )
    waiting = waiting_task(
        sheet, "Task_Revision", "等待设计修改", x + 130, y, stage="CORRECT", role="counter_clerk", dept="201", limit="60wd",
        form="revised_drawings", pause="DESIGN_REVISION",
    )  # fmt: skip
    heard = sheet.node(
        "boundaryEvent", "Revised", "修改到齐", x + 155, y - 32, label=(x + 178, y - 56), attachedToRef=waiting.id,
        body=[element("bpmn:messageEventDefinition", id="Hear_Revised", messageRef="Message_Supplement")],
    )  # fmt: skip
    over = timed(
        sheet, waiting, "Due_Revision", "逾期未改", 'due("CORRECT")', x + 155, y + 32, label=(x + 178, y + 40),
    )  # fmt: skip
    again = script(sheet, "Script_Round", "登记复审", AGAIN, x + 280, y)
    sheet.flow(
        advised, told, "需修改", 'recommendation = "revise" and review_round < 3', way="bottom-top", label=(x + 6, y - 64)
    )  # fmt: skip
    sheet.flow(told, waiting)
    sheet.flow(waiting, again)
    sheet.flow(heard, again, way="top-top", bend=y - 62)
    sheet.flow(over, approved, way="bottom-left")
    return again
