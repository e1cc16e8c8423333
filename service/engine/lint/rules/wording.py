"""BV-25: what stands on a drawing is Chinese, short, and says what it means."""

from __future__ import annotations

import re
from typing import Any

from service.engine.lint.catalog import error
from service.engine.lint.diagram import Process, local
from service.engine.lint.report import Pen
from service.rules.item_checks import vague_phrase

WORDING = error(
    "BV-25",
    "名称“{name}”{problem}",
    "the name {name} {english}",
    "改为不超过 20 个字的中文名称，逐项写明，不用“其他材料”“视情况”等说法",
)

LONGEST = 20
NAMED = ("lane", "sequenceFlow", "userTask", "manualTask", "serviceTask", "sendTask", "callActivity", "subProcess")
CHINESE = re.compile("[\u4e00-\u9fff]")


def check_wording(process: Process, pen: Pen) -> None:
    """Names of nodes, flows and lanes; work has a name."""
    flows = [flow.element for scope in process.scope.everything() for flow in scope.flows]
    for element in (*process.lane_elements, *flows, *(node.element for node in process.nodes())):
        check_name(element, pen)


def check_name(element: Any, pen: Pen) -> None:
    """One name."""
    name = " ".join((element.get("name") or "").split())
    if not name:
        if local(element) in NAMED and local(element) != "sequenceFlow" and not element.get("triggeredByEvent"):
            pen.say(WORDING, element, name="", problem="没有填写", english="is missing")
        return
    phrase = vague_phrase(name)
    if len(name) > LONGEST:
        problem, english = (
            f"有 {len(name)} 个字，最多 {LONGEST} 个",
            f"has {len(name)} characters, {LONGEST} are allowed",
        )
    elif not CHINESE.search(name):
        problem, english = "不是中文", "is not Chinese"
    elif phrase is not None:
        problem, english = f"用了兜底表述“{phrase}”", "is a catch-all"
    else:
        return
    pen.say(WORDING, element, name=name, problem=problem, english=english)
