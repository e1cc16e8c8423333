"""Runs every family of rules over a diagram, and over all diagrams together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from service.engine.lint.catalog import error
from service.engine.lint.diagram import Diagram
from service.engine.lint.report import Report
from service.engine.lint.rules.forms import Forms

log = logging.getLogger(__name__)

BROKEN = error(
    "LB999",
    "检查程序自身出错（{detail}），请把文件交给系统管理员",
    "the linter itself failed ({detail})",
    "报告给系统管理员",
)

FAMILIES: tuple[Callable[[Diagram, Report], None], ...] = ()


def check_diagram(diagram: Diagram, content: bytes, forms: Forms, report: Report) -> None:
    """All rules that look at one file. A rule that fails is a finding, never a traceback."""
    for family in FAMILIES:
        guarded(report, diagram.file, lambda check=family: check(diagram, report))  # type: ignore[misc]


def check_together(diagrams: Sequence[Diagram], known: frozenset[str], check_calls: bool, report: Report) -> None:
    """All rules that look at the files together."""


def guarded(report: Report, file: str, check: Callable[[], None]) -> None:
    """Run a check; its own failure becomes a finding."""
    try:
        check()
    except Exception as failure:
        log.exception("a lint rule failed on %s", file)
        report.add(BROKEN, file, detail=type(failure).__name__)
