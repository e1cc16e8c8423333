"""The page that lists every rule, made from the rules themselves: `python -m service.engine.lint.handbook > docs/lint.md`."""

from __future__ import annotations

from service.engine.facts import Severity
from service.engine.lint.catalog import RULES, Rule
from service.engine.lint.rules import families, registry

HEADINGS = (
    ("LB0", "Files"),
    ("LB1", "Elements of BPMN"),
    ("LB2", "Ids and references"),
    ("LB3", "Structure"),
    ("LB4", "Expressions and timers"),
    ("LB5", "Extensions"),
    ("LB6", "Forms"),
    ("LB7", "Calls between processes"),
    ("LB8", "Decision tables"),
    ("LB9", "Last checks"),
    ("BV", "Procedures of a centre (`zw:kind` ITEM, CHAIN, SUPPORT)"),
)
SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
INTRODUCTION = """# Lint rules

Generated from the rules (`python -m service.engine.lint.handbook > docs/lint.md`); a test compares. Do not edit.

`lianban lint FILE…` and every deployment apply these rules. An **error** refuses the deployment, a **warning** should be
looked at, a **note** only informs. `lianban lint` prints `file:line: CODE element-id message` and exits 0 when there are
at most notes, 1 with warnings or errors, 2 when a file cannot be read or is no XML or JSON at all; `--format json` prints
the same for programs.

BV-02 (supported elements) are the LB1xx rules, BV-13 (calls resolve, no circles) the LB7xx.
Where each BV rule stands and which test shows it: `docs/procedure_rules.md`.
"""


def handbook() -> str:
    """The page as Markdown."""
    assert families.FAMILIES  # importing the families has declared every rule
    parts = [INTRODUCTION]
    for prefix, heading in HEADINGS:
        rules = sorted((rule for code, rule in RULES.items() if code.startswith(prefix)), key=lambda rule: rule.code)
        rows = "\n".join(map(row, rules))
        parts.append(
            f"## {heading}\n\n| code | | finding | in English | remedy | in English |\n|---|---|---|---|---|---|\n{rows}\n"
        )
    return "\n".join([*parts, *names()])


def names() -> list[str]:
    """The names and functions BV-18 and BV-14 know."""
    rows = [
        f"| {kind} | `{name}` | {title} |"
        for kind, (known, _, _, _) in registry.REGISTERED.items()
        for name, title in known.items()
    ]
    functions = ", ".join(f"`{name}`" for name in sorted(registry.FUNCTIONS))
    return [
        "## Names of events in procedures\n\nThe registry of BV-18 (`service/rules/event_names.py`).\n\n| | | |\n|---|---|---|\n"
        + "\n".join(rows)
        + "\n",
        f"## Functions of scripts in procedures\n\nBV-14 knows these functions of FEEL and no others: {functions}.\n",
    ]


def row(rule: Rule) -> str:
    """One rule as a line of the table."""
    cells = (rule.code, SEVERITIES[rule.severity], rule.text, rule.english, rule.remedy, rule.remedy_english)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    print(handbook(), end="")
