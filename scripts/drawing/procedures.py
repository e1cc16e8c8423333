"""特别程序 (SP-08): what 审核 asks for, what the 首席代表 grants, and the procedure during which no limit runs."""

from __future__ import annotations

from drawing.office import choice, late, office_task, script, waiting_task
from drawing.sheet import OTHERWISE, Node, Sheet

KINDS = {  # kind of pause: (name in ids, name of the desk, stage, days at most)
    "HEARING": ("Hearing", "听证", "HEARING", "20wd"),
    "INSPECTION": ("Inspection", "检验检测", "EXPERT", "20wd"),
    "EXPERT": ("Expert", "专家评审", "EXPERT", "20wd"),
    "ENTRUSTED_EVALUATION": ("Evaluation", "委托评估", "EXPERT", "30wd"),
    "DESIGN_REVISION": ("Revision", "设计修改", "CORRECT", "60wd"),
    "TENDER": ("Tender", "招标", "EXPERT", "60wd"),
}
ROW = 100


def procedure_form(kinds: list[str]) -> str:
    """Key of the form in which the 首席代表 chooses among these procedures."""
    return "_".join(["procedure", *(kind.lower() for kind in kinds[3:])])


def draw_procedures(
    sheet: Sheet, kinds: list[str], x: float, y: float, *, dept: str, desk: str = "Task_Review"
) -> Node:
    """A collapsed sub-process: asked for by `desk`, granted or not, done; afterwards that desk begins anew."""
    made = sheet.node("subProcess", "Procedure", "特别程序", x, y)
    inner = made.inside = Sheet("Procedure")
    start = inner.node("startEvent", "Start_Procedure", "", 120, 180)
    asked = office_task(
        inner, "Task_Procedure", "批准特别程序", 240, 180, stage="COORDINATE", role="chief_rep", dept=dept, limit="1wd",
        form=procedure_form(kinds), results=("procedure",),
    )  # fmt: skip
    which = choice(inner, "Gateway_Procedure", "程序种类", 390, 180, (414, 134))
    bottom = 80 + ROW * (len(kinds) - 1)
    result = script(
        inner, "Script_Procedure", "登记程序结果",
        f"recommendation = null\nprocedure = null\n{desk} = null\nTask_Procedure = null", 820, 180,
    )  # fmt: skip
    end = inner.node("endEvent", "End_Procedure", "完成", 940, 180)
    inner.flow(start, asked)
    inner.flow(asked, which)
    for n, kind in enumerate(kinds):
        id, name, stage, limit = KINDS[kind]
        at = 80 + ROW * n
        notice = inner.node("intermediateThrowEvent", f"Notice_{id}", "书面告知", 530, at, zw__doc="W07")
        form = {"form": "hearing", "zw__doc": "W12"} if kind == "HEARING" else {"form": "procedure_result"}
        task = waiting_task(
            inner, f"Task_{id}", name, 650, at, stage=stage, role="reviewer_a", dept=dept, limit=limit, pause=kind,
            **form,
        )  # fmt: skip
        side = "right" if at == which.y else "top" if at < which.y else "bottom"
        inner.flow(which, notice, name, f'procedure = "{kind}"', way=f"{side}-left", label=(420, at - 18))
        inner.flow(notice, task)
        inner.flow(task, result, **({} if at == result.y else {"bend": 740}))
    inner.flow(
        which, result, "不同意", OTHERWISE, way="bottom-bottom", bend=bottom + 70, label=(420, bottom + 53)
    )  # fmt: skip
    inner.flow(result, end)
    late(inner, asked, bottom + 130)
    return made
