"""回访 (SP-03) and 抽查 (SP-16): a sample of the month's ended cases, each one looked at."""

from __future__ import annotations

from pathlib import Path

from drawing.office import choice, script
from drawing.sheet import OTHERWISE, Node, Sheet, element
from drawing.supporting import CENTRE, act, desk, end, several, write


def ordered(sheet: Sheet, found_by: str, problem: str, x: float, y: float) -> Node:
    """What a 督办单 (SP-02) is to say about one case of the sample."""
    text = (
        "order_to = one.department\n"
        f'order_matter = "{found_by}发现问题：" + {problem} + "（办件" + one.number + "）"\n'
        'order_demand = "核实整改，一个工作日内书面回复"'
    )
    return script(sheet, "Script_Order", "整理督办事由", text, x, y)


def order(sheet: Sheet, x: float, y: float) -> Node:
    """督办 begins."""
    return act(
        sheet, "Start_Order", "转督办", "start", x, y, zw__process="support_SP_02",
        zw__fields="order_to order_matter order_demand", zw__title="检查发现的问题",
    )  # fmt: skip


def draw_callback(folder: Path) -> None:
    """SP-03 回访: a sample of the month's ended cases, or whom another process names (`sample`), each called up to three times."""
    sheet = Sheet("support_SP_03")
    caller, system = sheet.lane("回访员", 130), sheet.lane("系统", 130)
    start = sheet.node("startEvent", "Start_Callback", "每月回访", 180, system.middle)
    drawn = act(sheet, "Sample", "抽取回访对象", "sample", 430, system.middle, zw__sampling="CALLBACK")
    anybody = choice(sheet, "Gateway_Sample", "有无对象", 560, system.middle, (536, system.middle + 30))
    calls = sheet.node("subProcess", "Calls", "逐件回访", 690, caller.middle, body=several("sample", "one"))
    calls.extensions.append(
        element("camunda:inputOutput", None, element("camunda:inputParameter", "=0", name="attempts"))
    )
    inner = calls.inside = Sheet("Calls")
    begin = inner.node("startEvent", "Start_Call", "", 120, 180)
    task = desk(
        inner, "Task_Call", "电话回访", 240, 180, stage="CALLBACK", role="complaint_officer", dept=CENTRE, limit="15wd",
        form="callback", zw__doc="W30",
    )  # fmt: skip
    tried = script(inner, "Script_Tried", "登记次数", "attempts = attempts + 1", 380, 180)
    reached = choice(inner, "Gateway_Reached", "是否接通", 490, 180, (466, 210))
    problem = choice(inner, "Gateway_Problem", "有无问题", 600, 180, (628, 190))
    complaint = act(
        inner, "Start_FoundComplaint", "转为投诉", "start", 740, 270, zw__process="support_SP_01",
        zw__fields="matter_kind source anonymous department about_number complaint_text phone", zw__title="回访发现的问题",
    )  # fmt: skip
    given = inner.node(
        "scriptTask", "Script_Complaint", "整理投诉内容", 600, 270, scriptFormat="feel",
        body=[
            element(
                "bpmn:script",
                'source = "callback"\nanonymous = false\nmatter_kind = "procedure"\n'
                "department = one.department\nabout_number = one.number\ncomplaint_text = Task_Call.problem\nphone = null",
            )
        ],
    )  # fmt: skip
    matter = ordered(inner, "回访", "Task_Call.problem", 740, 90)
    told = order(inner, 880, 90)
    done = end(inner, "End_Call", "完成", 1010, 180)
    done.label = (1034, 173)
    inner.flow(begin, task)
    inner.flow(task, tried)
    inner.flow(tried, reached)
    inner.flow(
        reached, task, "未接通，退回再联系", 'Task_Call.reached = "no" and attempts < 3', way="top-top", bend=100, label=(380, 64)
    )  # fmt: skip
    inner.flow(reached, problem, "", OTHERWISE)
    inner.flow(problem, done, "", OTHERWISE)
    inner.flow(problem, given, "需查处", 'Task_Call.follow = "complaint"', way="bottom-top")
    inner.flow(given, complaint)
    inner.flow(complaint, done, way="right-bottom")
    inner.flow(
        problem, matter, "需督办", 'Task_Call.follow = "order"', way="top-left", label=(606, 112)
    )  # fmt: skip
    inner.flow(matter, told)
    inner.flow(told, done, way="right-top")
    counted = script(
        sheet, "Script_Rate", "汇总回访率",
        'reached_count = count(Task_Call[item.reached = "yes"])\n'
        'problem_count = count(Task_Call[item.follow != null and item.follow != "none"])',
        840, system.middle,
    )  # fmt: skip
    over = end(sheet, "End_Callback", "归档", 970, system.middle)
    none = end(sheet, "End_NoSample", "完成", 560, caller.middle, above=True)
    named = choice(sheet, "Gateway_Named", "有无指定对象", 290, system.middle, (254, system.middle + 30))
    sheet.flow(start, named)
    sheet.flow(named, drawn, "", OTHERWISE)
    sheet.flow(
        named, calls, "有指定", "named = true", way="top-top", bend=caller.top + 14, label=(298, system.middle - 46)
    )
    sheet.flow(drawn, anybody)
    sheet.flow(anybody, none, "无", OTHERWISE, way="top-bottom", label=(568, system.middle - 46))
    sheet.flow(anybody, calls, "有", "sample_size > 0", way="right-bottom")
    sheet.flow(calls, counted, way="right-top")
    sheet.flow(counted, over)
    write(
        sheet, "回访", "回访", 1050, folder,
        "in: period, named, sample, sample_size, matter_kind, source, anonymous, about_number, complaint_text, phone; out: reached_count, problem_count, reached, follow, problem, number, department, one",
    )  # fmt: skip


def draw_sampling(folder: Path) -> None:
    """SP-16 抽查."""
    sheet = Sheet("support_SP_16")
    supervision, office, system = sheet.lane("督查", 130), sheet.lane("业务科", 130), sheet.lane("系统", 130)
    start = sheet.node("startEvent", "Start_Sampling", "每月抽查", 180, system.middle)
    drawn = act(sheet, "Sample", "抽取办件", "sample", 310, system.middle, zw__sampling="INSPECTION")
    anything = choice(sheet, "Gateway_Sample", "有无办件", 440, system.middle, (416, system.middle + 30))
    checks = sheet.node("subProcess", "Checks", "逐件核查", 570, supervision.middle, body=several("sample", "one"))
    inner = checks.inside = Sheet("Checks")
    begin = inner.node("startEvent", "Start_Check", "", 120, 180)
    task = desk(
        inner, "Task_Check", "核查办件", 240, 180, stage="SUPERVISE", role="supervisor", dept=CENTRE, limit="10wd",
        form="inspection",
    )  # fmt: skip
    wrong = choice(inner, "Gateway_Found", "有无问题", 370, 180)
    confirm = desk(
        inner, "Task_Confirm", "确认问题", 500, 270, stage="COORDINATE", role="business_office", dept=CENTRE, limit="2wd",
        form="inspection_confirm",
    )  # fmt: skip
    stands = choice(inner, "Gateway_Confirmed", "是否成立", 630, 270, (606, 300))
    noted = ordered(inner, "抽查", "Task_Check.findings", 760, 270)
    told = order(inner, 900, 270)
    done = end(inner, "End_Check", "完成", 1010, 180, above=True)
    inner.flow(begin, task)
    inner.flow(task, wrong)
    inner.flow(wrong, done, "", OTHERWISE)
    inner.flow(wrong, confirm, "有", 'Task_Check.result = "problem"', way="bottom-left")
    inner.flow(confirm, stands)
    inner.flow(stands, noted, "成立", 'Task_Confirm.confirmed = "yes"')
    inner.flow(stands, done, "", OTHERWISE, way="top-left")
    inner.flow(noted, told)
    inner.flow(told, done, way="right-bottom")
    counted = script(
        sheet, "Script_Counted", "汇总抽查结果",
        'problem_count = count(Task_Check[item.result = "problem"])', 720, system.middle,
    )  # fmt: skip
    over = end(sheet, "End_Sampling", "归档", 850, system.middle)
    none = end(sheet, "End_NoSample", "完成", 440, office.middle, above=True)
    sheet.flow(start, drawn)
    sheet.flow(drawn, anything)
    sheet.flow(anything, none, "无", OTHERWISE, way="top-bottom", label=(448, system.middle - 46))
    sheet.flow(anything, checks, "有", "sample_size > 0", way="right-bottom")
    sheet.flow(checks, counted, way="right-top")
    sheet.flow(counted, over)
    write(
        sheet, "抽查", "抽查", 930, folder,
        "in: period; out: problem_count, result, confirmed, one",
    )  # fmt: skip
