"""A plain process of four user tasks for benchmarks and first steps: no zw attributes, Camunda's alone."""

from __future__ import annotations

from pathlib import Path

from drawing.sheet import Drawing, Sheet

STEPS = ("登记", "初核", "复核", "归档")


def draw_linear(folder: Path) -> None:
    """Draw demo process `linear` into `folder`."""
    sheet = Sheet("linear")
    last = sheet.node("startEvent", "Start", "开始", 180, 120, camunda__formKey="demo_request")
    for n, name in enumerate(STEPS, 1):
        task = sheet.node(
            "userTask", f"Task_{n}", name, 140 + 160 * n, 120,
            camunda__formKey="demo_request", camunda__candidateGroups="counter_clerk",
        )  # fmt: skip
        sheet.flow(last, task)
        last = task
    sheet.flow(last, sheet.node("endEvent", "End", "结束", 920, 120))
    attributes = {"camunda__versionTag": "1.0"}
    Drawing(key="linear", name="四步登记(演示)", sheet=sheet, attributes=attributes, width=980).write(
        folder / "linear.bpmn"
    )
