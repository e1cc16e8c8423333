"""Collects findings."""

from __future__ import annotations

from service.engine.facts import Finding
from service.engine.lint.catalog import Rule

MAX_FINDINGS = 500  # of one file: more would be read by nobody
MAX_SHOWN = 80  # characters of a text out of the file


class Report:
    """The findings of several files, each said once."""

    def __init__(self) -> None:
        self.findings: dict[tuple[object, ...], Finding] = {}
        self.counts: dict[str, int] = {}

    def add(self, rule: Rule, file: str, *, line: int = 1, column: int = 0, element: str | None = None, **params: object) -> None:
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
        )
        key = (rule.code, file, line, element, finding.text)
        if key not in self.findings:
            self.findings[key] = finding
            self.counts[file] = self.counts.get(file, 0) + 1

    def sorted(self) -> tuple[Finding, ...]:
        """The findings by file, line, column, rule."""
        return tuple(sorted(self.findings.values(), key=lambda f: (f.file, f.line, f.column, f.code, f.element or "")))


def shorten(text: str) -> str:
    """A text out of a file as it may stand in a sentence: one line, not long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= MAX_SHOWN else flat[: MAX_SHOWN - 1] + "…"
