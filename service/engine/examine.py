"""Examine uploaded files: hardened XML, rules, expressions, forms, and at last the kernel's own parser."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from service.engine import feel
from service.engine.decisions import DecisionFile
from service.engine.facts import Draft, Examination, Register, Resource
from service.engine.lint.diagram import BPMN, Diagram, local, read_diagram
from service.engine.lint.drafts import make_drafts
from service.engine.lint.report import Report
from service.engine.lint.rules import files
from service.engine.lint.rules.decisions import check_decisions, check_one_place, uses_of
from service.engine.lint.rules.families import check_diagram, check_together, guarded
from service.engine.lint.rules.forms import Forms
from service.engine.lint.xml import XmlRefused, read_xml

BPMN_SUFFIXES = (".bpmn", ".bpmn2", ".xml")
FORM_SUFFIXES = (".form", ".form.json")
DMN_SUFFIXES = (".dmn", ".dmn11.xml")
SECONDS = 0.7  # see feel.allowance: what is slow counts many times


def examine(
    resources: Sequence[Resource],
    *,
    known: Collection[str] = (),
    check_calls: bool = True,
    known_decisions: Collection[str] = (),
    register: Register | None = None,
    complete: bool = False,
) -> Examination:
    """Findings in file and line order; drafts of the executable processes when there is no error.

    Never raises for bad input. `known`: keys of processes already deployed, that may be called. `check_calls`: whether
    a called process that is neither given nor known is an error. `known_decisions`: decisions already deployed, as
    `key`, `key@deployment`, `key@version:2`, `key@versionTag:v1`. `register`: item cards the diagrams must agree with.
    `complete`: every form there is stands among the files, so that one that is missing is an error in a procedure.
    All expressions together may take `SECONDS` of the processor and as much again for each megabyte; what comes after is refused.
    """
    size = sum(len(resource.content) for resource in resources)
    with feel.allowance(SECONDS * (1 + size / 1e6)):
        return _examined(resources, known, check_calls, known_decisions, register, complete)


def _examined(
    resources: Sequence[Resource],
    known: Collection[str],
    check_calls: bool,
    known_decisions: Collection[str],
    register: Register | None,
    complete: bool,
) -> Examination:
    report = Report()
    forms = Forms(report)
    diagrams: list[tuple[Diagram, Resource]] = []
    decisions: dict[str, DecisionFile] = {}
    names: set[str] = set()
    for resource in resources:
        if resource.name in names:
            report.add(files.TWICE, resource.name, detail=resource.name)
            continue
        names.add(resource.name)
        lower = resource.name.lower()
        if lower.endswith(FORM_SUFFIXES):
            forms.read(resource)
        elif lower.endswith(DMN_SUFFIXES):
            found = guarded_decisions(report, resource)
            if found is not None:
                decisions[resource.name] = found
        elif lower.endswith(BPMN_SUFFIXES):
            diagram = read_bpmn(report, resource)
            if diagram is not None:
                diagrams.append((diagram, resource))
        else:
            report.add(files.KEPT, resource.name)
    for diagram, resource in diagrams:
        check_diagram(diagram, resource.content, forms, report, register, complete=complete)
    check_one_place(report, decisions)
    check_together(
        [diagram for diagram, _ in diagrams],
        frozenset(known),
        check_calls,
        report,
        decisions=frozenset(use for file in decisions.values() for use in uses_of(file)),
        known_decisions=frozenset(known_decisions),
    )
    drafts: list[Draft] = []
    findings = report.sorted()
    examination = Examination(findings=findings, drafts=())
    if not examination.errors:
        contents = {resource.name: resource.content for resource in resources}
        tables = {id: contents[name] for name, file in decisions.items() for id in file.decisions}
        for diagram, resource in diagrams:
            drafts.extend(make_drafts(diagram, resource.content, forms.by_key, tables))
    return Examination(findings=findings, drafts=tuple(drafts))


def read_bpmn(report: Report, resource: Resource) -> Diagram | None:
    """The diagram of a BPMN file, or None after a finding."""
    try:
        document = read_xml(resource.content)
    except XmlRefused as refused:
        files.report_unreadable(report, resource.name, refused)
        return None
    root = document.root
    if root.tag != f"{BPMN}definitions":
        report.add(files.NOT_BPMN, resource.name, line=document.line(root), detail=local(root))
        return None
    return read_diagram(resource.name, document)


def guarded_decisions(report: Report, resource: Resource) -> DecisionFile | None:
    """The decisions of a DMN file, or None after a finding."""
    found: list[DecisionFile | None] = []
    guarded(report, resource.name, lambda: found.append(check_decisions(report, resource)))
    return found[0] if found else None
