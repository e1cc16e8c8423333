"""What the checks find in a draft, as the designers' pages show it."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale


def in_chinese() -> bool:
    """Whether the page speaks Chinese."""
    return str(get_locale()).startswith("zh")


def findings_of(preview: Any, *, file: str = "") -> list[dict[str, Any]]:
    """Findings with their remedies. `file`: of one file only."""
    chinese = in_chinese()
    return [
        {
            "code": one.code,
            "severity": str(one.severity),
            "element": one.element,
            "line": one.line,
            "file": one.file,
            "text": one.text if chinese else one.english,
            "remedy": one.remedy if chinese else one.remedy_english,
        }
        for one in preview.findings
        if not file or one.file == file
    ]
