"""Every shipped diagram laid out by 自动排版: as it is drawn, from a mess, and as if it had never been drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from scripts.campaigns.served import ROOT
from scripts.layout.checks import Finding, check
from scripts.layout.reading import read
from scripts.layout.tidying import meaning, scrambled, tidied

STYLE = "LY07"  # more crossings than our own drawings may have: counted, no fault


@dataclass(kw_only=True)
class TidyReport:
    """What was laid out and what was wrong. `spent`: milliseconds of processor time by variant and file."""

    files: int
    spent: dict[str, dict[str, int]] = field(default_factory=dict)
    findings: list[tuple[str, Finding]] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    @property
    def crossed(self) -> Counter[str]:
        """By variant, sheets with more crossings than ours may have."""
        return Counter(variant for variant, one in self.findings if one.code == STYLE)

    @property
    def faults(self) -> list[tuple[str, Finding]]:
        """Everything else that was measured."""
        return [one for one in self.findings if one[1].code != STYLE]


def run_tidy(folder: Path, count: int, seed: int) -> TidyReport:
    """Lay out `count` shipped files in three ways and measure the results."""
    files = sorted((ROOT / "processes").rglob("*.bpmn"))[:count]
    report = TidyReport(files=len(files))
    (folder / "mess").mkdir()
    messy = [scrambled(file, folder / "mess" / file.name, seed + at) for at, file in enumerate(files)]
    for variant, given in (("as drawn", files), ("from a mess", messy), ("never drawn", files)):
        made = folder / variant
        made.mkdir()
        report.spent[variant] = tidied(given, made, bare=variant == "never drawn")
        for file in files:
            report.findings += [(variant, one) for one in check(read(made / file.name))]
            if meaning(made / file.name) != meaning(file):
                report.changed.append(f"{variant}: {file.name}")
    return report
