"""LB9xx: the last word has the kernel that will run it."""

from __future__ import annotations

from service.engine.kernel.faults import ModelFault
from service.engine.kernel.parser import read_process
from service.engine.lint.catalog import error
from service.engine.lint.diagram import Diagram
from service.engine.lint.report import Report

REFUSED = error(
    "LB901", "引擎不接受：{detail}", "the kernel refuses it: {detail}", "按提示修改，或把文件交给系统管理员"
)


def check_kernel(diagram: Diagram, content: bytes, report: Report) -> None:
    """Every executable process can be read by the kernel."""
    for process in diagram.processes:
        if not process.executable or not process.key:
            continue
        try:
            read_process(content, process.key)
        except ModelFault as fault:
            element = diagram.ids.get(fault.element or "", [process.element])[0]
            line = diagram.line(element) if fault.element else fault.line
            report.add(
                REFUSED, diagram.file, line=line or 1, element=fault.element or process.key, detail=fault.sentence
            )
