"""Examine uploaded files: hardened XML, rules, expressions, forms, and at last the kernel's own parser."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from service.engine.facts import Draft, Examination, Resource
from service.engine.lint.diagram import BPMN, Diagram, local, read_diagram
from service.engine.lint.drafts import make_drafts
from service.engine.lint.report import Report
from service.engine.lint.rules import files
from service.engine.lint.rules.families import check_diagram, check_together
from service.engine.lint.rules.forms import Forms
from service.engine.lint.xml import XmlRefused, read_xml

BPMN_SUFFIXES = (".bpmn", ".bpmn2", ".xml")
FORM_SUFFIXES = (".form", ".form.json")
DMN_SUFFIXES = (".dmn", ".dmn11.xml")


def examine(resources: Sequence[Resource], *, known: Collection[str] = (), check_calls: bool = True) -> Examination:
    """Findings in file and line order; drafts of the executable processes when there is no error.

    Never raises for bad input. `known`: keys of processes already deployed, that may be called. `check_calls`: whether
    a called process that is neither given nor known is an error.
    """
    report = Report()
    forms = Forms(report)
    diagrams: list[tuple[Diagram, Resource]] = []
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
            read_dmn(report, resource)
        elif lower.endswith(BPMN_SUFFIXES):
            diagram = read_bpmn(report, resource)
            if diagram is not None:
                diagrams.append((diagram, resource))
        else:
            report.add(files.KEPT, resource.name)
    for diagram, resource in diagrams:
        check_diagram(diagram, resource.content, forms, report)
    check_together([diagram for diagram, _ in diagrams], frozenset(known), check_calls, report)
    drafts: list[Draft] = []
    findings = report.sorted()
    examination = Examination(findings=findings, drafts=())
    if not examination.errors:
        for diagram, resource in diagrams:
            drafts.extend(make_drafts(diagram, resource.content, forms.by_key))
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


def read_dmn(report: Report, resource: Resource) -> None:
    """Decision tables are kept with the processes; here they must be well-formed only."""
    try:
        document = read_xml(resource.content)
    except XmlRefused as refused:
        files.report_unreadable(report, resource.name, refused)
        return
    if not str(document.root.tag).endswith("}definitions") or "/DMN/" not in str(document.root.tag):
        report.add(files.DMN, resource.name, line=document.line(document.root), detail=local(document.root))
