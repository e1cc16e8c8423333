"""The rules for procedures of a centre that stand in files of their own: BV-12, BV-14, BV-15, BV-18, BV-23, BV-25."""

from __future__ import annotations

from service.engine.lint.diagram import Diagram
from service.engine.lint.report import Pen
from service.engine.lint.rules.papers import check_papers
from service.engine.lint.rules.procedures import KINDS
from service.engine.lint.rules.registry import check_registry
from service.engine.lint.rules.returns import check_returns
from service.engine.lint.rules.wording import check_wording


def check_centre(diagram: Diagram, pen: Pen) -> None:
    """Every executable process with zw:kind."""
    for process in diagram.processes:
        if process.executable and process.kind in KINDS:
            check_returns(process, pen)
            check_papers(process, pen)
            check_registry(diagram, process, pen)
            check_wording(process, pen)
