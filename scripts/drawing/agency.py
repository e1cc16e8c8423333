"""DB-20 投资项目全程代办: three conditions, one contract, then an agent who files every chain and item of the project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from drawing.chain_forms import agency_forms, gy_declaration, js_declaration, keys_of, qy_declaration
from drawing.chain_frame import decide
from drawing.decisions import ANY, Table, text, write_table
from drawing.forms import write_form
from drawing.items import CENTRE
from drawing.office import (
    ESCALATION,
    choice,
    document,
    late,
    mark,
    office_task,
    promoted,
    script,
)
from drawing.sheet import OTHERWISE, Drawing, Node, Sheet, element

KEY = "support_DB_20"
CHAINS = {  # slug: key of the plan, called process, form of its declaration, where it says whether it was granted
    "Company": ("company", "chain_QY_1", "apply_QY_1", "licence_decision"),
    "Industry": ("industry", "chain_GY_25", "apply_GY_25", "permit_decision"),
    "Building": ("building", "chain_JS_35", "apply_JS_35", "permit_decision"),
}
NAMES = {"Company": "企业开办", "Industry": "工业联审", "Building": "一站报建"}
BEGUN = "filings = []\nfiling_round = 1\nTask_Unblock = null"
AGAIN = """plan = for one in filings[item.decision != "grant"] return {key: one.key, name: one.name}
filings = filings[item.decision = "grant"]
filing_round = filing_round + 1
Task_Unblock = null"""

VISITED = """sample = [{case: null, number: contract_no, title: if project_name = null then applicant else project_name, department: "201", reasons: "全程代办", visit: visit_no}]
sample_size = 1
named = true"""  # one call-back (SP-03) for every project, beside those of the month's sample


def matrix() -> Table:
    """本级事项清单: which chains and items the agent files, in this order."""
    rows = [
        (("true", ANY), ("company", "企业开办"), "新设公司的"),
        ((ANY, '"工业"'), ("industry", "工业项目联合审批"), ""),
        ((ANY, '"房建","市政","商贸"'), ("building", "建设工程一站报建"), ""),
        ((ANY, 'not("工业","房建","市政","商贸")'), ("single", "单项申报"), "其他项目由代办员逐项申报"),
    ]
    return Table(
        key="matrix_DB_20",
        name="代办本级事项清单",
        inputs=(("是否新设公司", "company_asked", "boolean"), ("项目类别", "project_kind", "string")),
        outputs=(("链或单项", "key", "string"), ("名称", "name", "string")),
        rows=[(cells, tuple(map(text, results)), remark) for cells, results, remark in rows],
    )


def draw_agency(cards: Mapping[str, Mapping], folder: Path) -> None:
    """Draw support_DB_20, its plan and its forms into `folder`; `cards`: those of the register, by code."""
    forms = agency_forms()
    declared = {slug: keys_of(form) for slug, form in _declarations(cards).items()}
    sheet = Sheet(KEY)
    agent = sheet.lane("代办员", 300)
    section = sheet.lane("业务科", 150)
    system = sheet.lane("系统", 110)
    y, low = agent.top + 90, agent.top + 220

    start = sheet.node(
        "startEvent", "Start_Agency", "代办申请", 180, y, camunda__formKey="apply_DB_20", zw__doc="W01", zw__sms="M01"
    )
    entry = _desk(sheet, "Task_Entry", "核对代办条件", 314, y, stage="ACCEPT", limit="2hd", form="entry_DB_20",
                  results=("decision", "conditions"))  # fmt: skip
    accepted = choice(sheet, "Gateway_Entry", "是否受理", 420, y)
    turned = mark(sheet, "Mark_NotAccepted", "不予受理", "NOT_ACCEPTED", 480, low)
    notice = document(sheet, "Document_Rejection", "出具不予受理通知", "W03", 575, low, sms="M05")
    rejected = sheet.node("endEvent", "End_NotAccepted", "不予受理", 665, low)
    number = sheet.node(
        "serviceTask", "Number_Contract", "编委托书号", 560, y, size=(100, 64), zw__action="number", zw__series="DB",
        zw__into="contract_no",
    )  # fmt: skip
    contract = _desk(
        sheet, "Task_Contract", "签订代办委托书", 730, y, stage="COORDINATE", limit="2hd", form="contract_DB_20"
    )
    contract.attributes["zw:doc"] = "W34"
    promised = choice(sheet, "Gateway_Promise", "三项条件", 850, y)
    signed = mark(sheet, "Mark_Signed", "开始计时", "SIGNED", 930, y)
    meet = choice(sheet, "Merge_Promise", "", 1010, y)
    begun = script(
        sheet,
        "Script_Begun",
        "登记代办项目",
        f"company_asked = if new_company = true then true else false\n{BEGUN}",
        1110,
        y,
    )
    plan = decide(sheet, "Decide_Plan", "生成事项清单", "matrix_DB_20", "plan", 1240, y)
    collect = _desk(
        sheet, "Task_Collect", "收集材料与预审", 1370, y, stage="COORDINATE", limit="2wd", form="collect_DB_20"
    )
    filing = _filing(sheet, 1510, y, declared)
    blocked = choice(sheet, "Gateway_Blocked", "是否受阻", 1690, y, (1714, y - 40))
    unblock = _desk(
        sheet,
        "Task_Unblock",
        "协调受阻事项",
        1690,
        section.top + 60,
        stage="COORDINATE",
        limit="1wd",
        form="unblock_DB_20",
    )
    ruled = choice(sheet, "Gateway_Unblock", "协调结果", 1830, section.top + 60, (1858, section.top + 68))
    issue = sheet.node(
        "serviceTask", "Raise_Issue", "列入联审议题", 1550, section.top + 60, size=(116, 64), zw__action="record"
    )
    again = script(sheet, "Script_Again", "再次申报", AGAIN, 1425, section.top + 60)
    handover = _desk(
        sheet, "Task_Handover", "移交证照与单据", 1960, y, stage="ISSUE", limit="1wd", form="handover_DB_20"
    )
    handover.attributes["zw:doc"] = "W34"
    ready = mark(sheet, "Mark_Ready", "代办完成", "READY", 2080, y)
    noted = sheet.node("serviceTask", "Note_Ledger", "登记代办台账", 2180, y, size=(116, 64), zw__action="record")
    visit_no = sheet.node(
        "serviceTask", "Number_Visit", "编回访号", 2310, y, size=(100, 64), zw__action="number", zw__series="HF", zw__into="visit_no",
    )  # fmt: skip
    named = script(sheet, "Script_Visit", "列为回访对象", VISITED, 2430, y)
    called = sheet.node(
        "serviceTask", "Start_Visit", "启动回访", 2560, y, size=(116, 64), zw__action="start", zw__process="support_SP_03",
        zw__fields="named sample sample_size", zw__title="代办项目回访",
    )  # fmt: skip
    end = sheet.node("endEvent", "End_Agency", "完成", 2680, y, zw__sms="M20")
    sheet.flow(start, entry)
    sheet.flow(entry, accepted)
    sheet.flow(accepted, turned, "不予受理", 'decision = "reject"', way="bottom-left", label=(426, y + 60))
    sheet.flow(turned, notice)
    sheet.flow(notice, rejected)
    sheet.flow(accepted, number, "受理", OTHERWISE)
    sheet.flow(number, contract)
    sheet.flow(contract, promised)
    sheet.flow(promised, signed, "齐备", "count(conditions) = 3", label=(876, y - 18))
    sheet.flow(promised, meet, "不齐，不作承诺", OTHERWISE, way="bottom-bottom", bend=y + 66, label=(870, y + 70))
    sheet.flow(signed, meet)
    sheet.flow(meet, begun)
    sheet.flow(begun, plan)
    sheet.flow(plan, collect)
    sheet.flow(collect, filing)
    sheet.flow(filing, blocked)
    blocks = 'count(filings[item.decision != "grant"]) > 0'
    sheet.flow(blocked, unblock, "受阻退回", f"{blocks} and filing_round <= 3", way="bottom-top", label=(1696, y + 60))
    sheet.flow(blocked, handover, "", OTHERWISE)
    sheet.flow(unblock, ruled)
    sheet.flow(
        ruled,
        handover,
        "办不成的除外",
        'Task_Unblock.outcome = "give_up"',
        way="right-bottom",
        label=(1862, section.top + 42),
    )
    sheet.flow(
        ruled, issue, "仍受阻", OTHERWISE, way="bottom-bottom", bend=section.top + 128, label=(1680, section.top + 132)
    )
    sheet.flow(
        ruled, again, "已解决", 'Task_Unblock.outcome = "solved"', way="top-top", bend=section.top + 14,
        label=(1746, section.top + 16),
    )  # fmt: skip
    sheet.flow(issue, again, way="left-right")
    sheet.flow(
        again, filing, "退回", way="top-bottom", shift=(-20, -30), bend=agent.top + 200, label=(1412, agent.top + 204)
    )
    sheet.flow(handover, ready)
    sheet.flow(ready, noted)
    sheet.flow(noted, visit_no)
    sheet.flow(visit_no, named)
    sheet.flow(named, called)
    sheet.flow(called, end)
    for task in (entry, contract, collect, unblock, handover):
        late(sheet, task, system.middle)

    Drawing(
        key=KEY,
        name="投资项目全程代办",
        sheet=sheet,
        attributes={
            "zw__kind": "SUPPORT",
            "zw__item": "DB-20",
            "zw__chain_type": "AGENCY",
            "zw__clock": "AGENCY",
            "zw__limit": "20wd",
            "zw__lead": CENTRE,
            "zw__short": "全程代办",
            "zw__fee": "不收费",
            "camunda__versionTag": "1.0",
        },
        width=2770,
        outsider="投资方",
        outsider_flow=("代办申请", start.id),
        roots=[ESCALATION],
    ).write(folder / "processes" / f"{KEY}.bpmn")
    write_table(matrix(), folder / "processes")
    for key, parts in forms.items():
        write_form(key, parts, folder / "forms")


def _desk(sheet: Sheet, id: str, name: str, x: float, y: float, *, stage: str, limit: str, form: str,
          results: Sequence[str] = ()) -> Node:  # fmt: skip
    """A desk of the agency."""
    return office_task(
        sheet, id, name, x, y, stage=stage, role="agency_officer", dept=CENTRE, limit=limit, form=form,
        results=tuple(results), shift=-28, mark=-74,
    )  # fmt: skip


def _declarations(cards: Mapping[str, Mapping]) -> dict[str, list[dict]]:
    """The declaration forms of the chains, as far as their answers are handed on."""
    return {"Company": qy_declaration(cards), "Industry": gy_declaration(cards), "Building": js_declaration()}


def _filing(sheet: Sheet, x: float, y: float, declared: Mapping[str, Sequence[str]]) -> Node:
    """逐项申报: one filing of the plan after another, a chain called or an item followed by hand."""
    made = sheet.node("subProcess", "Sub_File", "逐项申报", x, y)
    made.body = [
        element(
            "bpmn:multiInstanceLoopCharacteristics", id="Each_Filing", isSequential="true", camunda__collection="plan",
            camunda__elementVariable="filing",
        )
    ]  # fmt: skip
    inner = made.inside = Sheet("Sub_File")
    middle, row = 295, 150
    start = inner.node("startEvent", "Start_File", "", 120, middle)
    which = choice(inner, "Gateway_File", "申报什么", 220, middle, (140, middle + 30))
    kept = script(
        inner, "Script_Filed", "登记申报结果",
        "filings = append(filings, {key: filing.key, name: filing.name, decision: filed_decision})\nfiled_decision = null",
        760, middle,
    )  # fmt: skip
    end = inner.node("endEvent", "End_File", "完成", 880, middle)
    inner.flow(start, which)
    for n, (slug, (word, called, form, decision)) in enumerate(CHAINS.items()):
        at = 70 + row * n
        task = office_task(
            inner, f"Task_File_{slug}", f"填报{NAMES[slug]}", 370, at, stage="COORDINATE", role="agency_officer", dept=CENTRE,
            limit="2wd", form=form, shift=-28, mark=-74,
        )  # fmt: skip
        task.extensions = promoted(task.id, *dict.fromkeys(declared[slug]))
        call = inner.node(
            "callActivity", f"Call_{slug}", NAMES[slug], 570, at, calledElement=called, zw__dept=CENTRE,
            extensions=[
                *(element("camunda:in", source=key, target=key) for key in dict.fromkeys(declared[slug])),
                element("camunda:out", source=decision, target="filed_decision"),
            ],
        )  # fmt: skip
        side = "top" if at < middle else "bottom"
        inner.flow(which, task, NAMES[slug], f'filing.key = "{word}"', way=f"{side}-left", label=(232, at - 18))
        inner.flow(task, call)
        inner.flow(call, kept, way=f"right-{side}")
        late(inner, task, at + 76, way="bottom-left", x=500)
    single = office_task(
        inner, "Task_Single", "单项申报与跟踪", 370, 70 + row * 3, stage="COORDINATE", role="agency_officer", dept=CENTRE,
        limit="14wd", form="single_DB_20", results=("filed_decision",), shift=-28, mark=-74,
    )  # fmt: skip
    inner.flow(which, single, "单项", OTHERWISE, way="bottom-left", label=(232, 70 + row * 3 - 18))
    inner.flow(single, kept, way="right-bottom")
    late(inner, single, 70 + row * 3 + 62, way="bottom-left", x=500)
    inner.flow(kept, end)
    return made
