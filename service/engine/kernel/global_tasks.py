"""Global tasks are processes of one task: a call activity calls them like any other process (BPMN 2.0.2, 10.3.6)."""

from __future__ import annotations

from typing import Any

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
TASKS = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}


def expand_global_tasks(root: Any) -> None:
    """Put a process with the same id around every global task of the file; the task keeps the id, too."""
    for element in [child for child in root if isinstance(child.tag, str)]:
        tag = TASKS.get(element.tag.removeprefix(BPMN)) if element.tag.startswith(BPMN) else None
        id = element.get("id")
        if tag is None or not id:
            continue
        process = root.makeelement(f"{BPMN}process", {"id": id, "isExecutable": "true"})
        process.set("name", element.get("name") or id)
        root.replace(element, process)
        element.tag = BPMN + tag
        if element.get("scriptLanguage"):
            element.set("scriptFormat", element.get("scriptLanguage"))
        start, end = (root.makeelement(BPMN + kind, {"id": f"{id}_{kind}"}) for kind in ("startEvent", "endEvent"))
        flows = [
            root.makeelement(f"{BPMN}sequenceFlow", {"id": f"{id}_{name}", "sourceRef": source, "targetRef": target})
            for name, source, target in (("begin", f"{id}_startEvent", id), ("finish", id, f"{id}_endEvent"))
        ]
        process.extend([start, element, end, *flows])
