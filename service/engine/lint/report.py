"""Collects findings."""

from __future__ import annotations

from typing import Any

from service.engine.facts import Finding
from service.engine.lint.catalog import Rule
from service.engine.lint.diagram import Diagram

MAX_FINDINGS = 500  # of one file: more would be read by nobody
MAX_SHOWN = 80  # characters of a text out of the file


class Report:
    """The findings of several files, each said once."""

    def __init__(self) -> None:
        self.findings: dict[tuple[object, ...], Finding] = {}
        self.counts: dict[str, int] = {}

    def add(
        self, rule: Rule, file: str, *, line: int = 1, column: int = 0, element: str | None = None, **params: object
    ) -> None:
        """One finding of a rule; `params` fill its sentences."""
        if self.counts.get(file, 0) >= MAX_FINDINGS:
            return
        shown = {name: shorten(str(value)) for name, value in params.items()}
        finding = Finding(
            code=rule.code,
            severity=rule.severity,
            file=file,
            line=line,
            element=element,
            text=rule.text.format(**shown),
            english=rule.english.format(**shown),
            column=column,
            remedy=rule.remedy.format(**shown),
            remedy_english=rule.remedy_english.format(**shown),
        )
        key = (rule.code, file, line, element, finding.text)
        if key not in self.findings:
            self.findings[key] = finding
            self.counts[file] = self.counts.get(file, 0) + 1

    def sorted(self) -> tuple[Finding, ...]:
        """The findings by file, line, column, rule."""
        return tuple(sorted(self.findings.values(), key=lambda f: (f.file, f.line, f.column, f.code, f.element or "")))


class Pen:
    """Writes findings about one diagram: line and element come from the XML element meant."""

    def __init__(self, report: Report, diagram: Diagram) -> None:
        self.report = report
        self.diagram = diagram

    def say(self, rule: Rule, element: Any, **params: object) -> None:
        """One finding about an element; it is named by its own id, or by that of the element around it."""
        named = element
        while named is not None and not named.get("id"):
            named = named.getparent()
        line, column = self.diagram.document.places.get(element, (1, 0))
        name = named.get("id") if named is not None else None
        self.report.add(rule, self.diagram.file, line=line, column=column, element=name, **params)


def shorten(text: str) -> str:
    """A text out of a file as it may stand in a sentence: one line, not long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= MAX_SHOWN else flat[: MAX_SHOWN - 1] + "…"
