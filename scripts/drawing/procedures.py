"""特别程序 (SP-08): what 审核 asks for, what the 首席代表 grants, and the procedure during which no limit runs."""

from __future__ import annotations

from drawing.office import choice, late, office_task, script, waiting_task
from drawing.sheet import OTHERWISE, Node, Sheet

KINDS = {  # kind of pause: (id, name of the desk, stage, days at most, document)
    "HEARING": ("Task_Hearing", "听证", "HEARING", "20wd", "W12"),
    "INSPECTION": ("Task_Inspection", "检验检测", "EXPERT", "20wd", "W07"),
    "EXPERT": ("Task_Expert", "专家评审", "EXPERT", "20wd", "W07"),
    "ENTRUSTED_EVALUATION": ("Task_Evaluation", "委托评估", "EXPERT", "30wd", "W07"),
    "DESIGN_REVISION": ("Task_Revision", "设计修改", "CORRECT", "60wd", "W07"),
}
ROW = 100


def procedure_form(kinds: list[str]) -> str:
    """Key of the form in which the 首席代表 chooses among these procedures."""
    return "_".join(["procedure", *(kind.lower() for kind in kinds[3:])])


def draw_procedures(sheet: Sheet, kinds: list[str], x: float, y: float, *, dept: str) -> Node:
    """A collapsed sub-process: asked for by 审核, granted or not, done; afterwards 审核 begins anew."""
    made = sheet.node("subProcess", "Procedure", "特别程序", x, y)
    inner = made.inside = Sheet("Procedure")
    start = inner.node("startEvent", "Start_Procedure", "", 120, 180)
    asked = office_task(
        inner, "Task_Procedure", "批准特别程序", 240, 180, stage="COORDINATE", role="chief_rep", dept=dept, limit="1wd",
        form=procedure_form(kinds), results=("procedure",), zw__doc="W07",
    )  # fmt: skip
    which = choice(inner, "Gateway_Procedure", "程序种类", 390, 180, (414, 134))
    bottom = 80 + ROW * (len(kinds) - 1)
    result = script(
        inner, "Script_Procedure", "登记程序结果",
        "recommendation = null\nprocedure = null\nTask_Review = null\nTask_Procedure = null", 780, 180,
    )  # fmt: skip
    end = inner.node("endEvent", "End_Procedure", "完成", 900, 180)
    inner.flow(start, asked)
    inner.flow(asked, which)
    for n, kind in enumerate(kinds):
        id, name, stage, limit, doc = KINDS[kind]
        at = 80 + ROW * n
        task = waiting_task(
            inner, id, name, 600, at, stage=stage, role="reviewer_a", dept=dept, limit=limit, form="procedure_result",
            pause=kind, doc=doc,
        )  # fmt: skip
        side = "right" if at == which.y else "top" if at < which.y else "bottom"
        inner.flow(which, task, name, f'procedure = "{kind}"', way=f"{side}-left", label=(470, at - 18))
        inner.flow(task, result, **({} if at == result.y else {"bend": 690}))
    inner.flow(
        which, result, "不同意", OTHERWISE, way="bottom-bottom", bend=bottom + 70, label=(470, bottom + 53)
    )  # fmt: skip
    inner.flow(result, end)
    late(inner, asked, bottom + 130)
    return made
