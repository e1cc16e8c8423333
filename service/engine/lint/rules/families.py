"""Runs every family of rules over a diagram, and over all diagrams together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from service.engine.facts import Register, Severity
from service.engine.lint.catalog import error
from service.engine.lint.diagram import Diagram
from service.engine.lint.report import Pen, Report
from service.engine.lint.rules import files
from service.engine.lint.rules.acts import check_acts
from service.engine.lint.rules.blocks import check_blocks
from service.engine.lint.rules.calls import check_calls, check_decision_uses
from service.engine.lint.rules.centre import check_centre
from service.engine.lint.rules.correlation import check_correlation
from service.engine.lint.rules.cycles import check_cycles
from service.engine.lint.rules.data import check_data
from service.engine.lint.rules.elements import MAX_NODES, check_elements
from service.engine.lint.rules.events import check_events
from service.engine.lint.rules.expressions import check_expressions
from service.engine.lint.rules.extensions import check_extensions
from service.engine.lint.rules.forms import Forms, check_form_keys
from service.engine.lint.rules.joins import check_joins
from service.engine.lint.rules.kernel import check_kernel
from service.engine.lint.rules.limits import check_limits
from service.engine.lint.rules.names import check_names
from service.engine.lint.rules.procedures import check_procedures
from service.engine.lint.rules.references import check_references
from service.engine.lint.rules.register import check_register
from service.engine.lint.rules.structure import check_structure
from service.engine.lint.rules.tasks import check_tasks
from service.engine.lint.rules.timers import check_timers

log = logging.getLogger(__name__)

BROKEN = error(
    "LB999",
    "检查程序自身出错（{detail}），请把文件交给系统管理员",
    "the linter itself failed ({detail})",
    "报告给系统管理员",
)

FAMILIES: tuple[Callable[[Diagram, Pen], None], ...] = (
    check_elements,
    check_references,
    check_events,
    check_data,
    check_correlation,
    check_blocks,
    check_tasks,
    check_structure,
    check_cycles,
    check_joins,
    check_expressions,
    check_timers,
    check_extensions,
    check_acts,
    check_procedures,
    check_centre,
)


def check_diagram(
    diagram: Diagram,
    content: bytes,
    forms: Forms,
    report: Report,
    register: Register | None = None,
    *,
    complete: bool = False,
) -> None:
    """All rules that look at one file; the kernel only reads what the rules let pass.

    `complete`: a form that is not among the files does not exist.
    """
    pen = Pen(report, diagram)
    check_processes(diagram, pen)
    if is_too_large(diagram):
        check_elements(diagram, pen)
        return
    for family in FAMILIES:
        guarded(report, diagram.file, lambda check=family: check(diagram, pen))  # type: ignore[misc]
    guarded(report, diagram.file, lambda: check_form_keys(diagram, forms, pen))
    guarded(report, diagram.file, lambda: check_names(diagram, forms, pen, complete=complete))
    guarded(report, diagram.file, lambda: check_limits(diagram, forms, pen))
    if register is not None:
        guarded(report, diagram.file, lambda: check_register(diagram, register, pen))
    if not any(f.file == diagram.file and f.severity is Severity.ERROR for f in report.findings.values()):
        guarded(report, diagram.file, lambda: check_kernel(diagram, content, report))


def check_processes(diagram: Diagram, pen: Pen) -> None:
    """There is something to execute."""
    if not diagram.processes:
        pen.say(files.NO_PROCESS, diagram.document.root)
    for process in diagram.processes:
        if not process.executable:
            pen.say(files.NOT_EXECUTABLE, process.element, detail=process.key)


def is_too_large(diagram: Diagram) -> bool:
    """Whether a process has more nodes than are allowed; then nothing else is looked at."""
    return any(sum(len(s.nodes) for s in p.scope.everything()) > MAX_NODES for p in diagram.processes if p.executable)


def check_together(
    diagrams: Sequence[Diagram],
    known: frozenset[str],
    must_exist: bool,
    report: Report,
    *,
    decisions: frozenset[str] = frozenset(),
    known_decisions: frozenset[str] = frozenset(),
) -> None:
    """All rules that look at the files together. `decisions`: those of the files; `known_decisions`: deployed ones."""
    if diagrams:
        guarded(
            report,
            diagrams[0].file,
            lambda: check_decision_uses(diagrams, decisions, known_decisions, must_exist, report),
        )
        guarded(report, diagrams[0].file, lambda: check_calls(diagrams, known, must_exist, report))


def guarded(report: Report, file: str, check: Callable[[], None]) -> None:
    """Run a check; its own failure becomes a finding, never a traceback."""
    try:
        check()
    except Exception as failure:
        log.exception("a lint rule failed on %s", file)
        report.add(BROKEN, file, detail=type(failure).__name__)
