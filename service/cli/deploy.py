"""Files and folders become definition versions, item cards versions of the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from service.casework import FOLDER, SYSTEM, DeploymentView, Finding, Office, Resource, deploy
from service.casework.register import (
    DeployedItems,
    ItemFinding,
    deploy_items,
    is_item_file,
    new_cards,
    refuse_bad_items,
)
from service.rules.refusals import Refusal

SUFFIXES = frozenset({".bpmn", ".dmn", ".form"})


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """What a command deployed; None: there were no such files."""

    processes: DeploymentView | None
    items: DeployedItems | None

    @property
    def unchanged(self) -> bool:
        """Nothing was made."""
        return (self.processes is None or self.processes.unchanged) and not (self.items and self.items.made)

    @property
    def told(self) -> str:
        """What was made, in one line."""
        parts = []
        if self.processes is not None and not self.processes.unchanged:
            parts.append(f"{len(self.processes.definitions)} 个流程版本")
        if self.items is not None and self.items.made:
            parts.append(f"{len(self.items.made)} 个事项版本")
        return f"部署了 {'、'.join(parts)}。" if parts else "流程和事项没有变化。"


def read_resources(paths: tuple[Path, ...] | list[Path]) -> list[Resource]:
    """Every process, decision, form and item file of the paths, named from the given folder down, in order of name."""
    found: dict[str, Resource] = {}
    for path in paths:
        for file in files_of([path]):
            name = file.name if file == path else file.relative_to(path.parent).as_posix()
            found[name] = Resource(name=name, content=file.read_bytes())
    return list(found.values())


def files_of(paths: tuple[Path, ...] | list[Path]) -> list[Path]:
    """Every file of the paths that would be deployed, in order of name below each path."""
    return [
        file
        for path in paths
        for file in sorted([path] if path.is_file() else [one for one in path.rglob("*") if _deployed(one)])
    ]


def tell_findings(findings: tuple[Finding, ...]) -> None:
    """One line a finding, as compilers do."""
    for finding in findings:
        element = finding.element or "-"
        click.echo(f"{finding.file}:{finding.line}: {finding.code} {element} {finding.text}", err=True)


def tell_item_findings(findings: tuple[ItemFinding, ...]) -> None:
    """One line a field."""
    for finding in findings:
        click.echo(f"{finding.file}: {finding.problem.code} {finding.problem.field} {finding.sentence}", err=True)


def deploy_paths(
    office: Office,
    paths: tuple[Path, ...] | list[Path],
    name: str,
    note: str | None = None,
    *,
    effective_from: datetime | None = None,
    quiet: bool = False,
) -> Deployed:
    """Deploy what the paths hold in the name of the system; findings of a refused deployment are told unless `quiet`.

    Item cards are read before a process is deployed, so that a wrong one leaves everything as it was.
    """
    resources = read_resources(paths)
    cards = [one for one in resources if is_item_file(one.name)]
    others = [one for one in resources if not is_item_file(one.name)]
    processes, items = None, None
    try:
        refuse_bad_items(cards)
        if others or not cards:
            along = new_cards(office, cards)
            processes = deploy(office, SYSTEM, name, others, source=FOLDER, note=note, cards=along)
        if cards:
            items = deploy_items(office, SYSTEM, cards, effective_from=effective_from, note=note)
    except Refusal as refusal:
        if refusal.code == "DEPLOYMENT_REFUSED" and not quiet:
            tell_findings(refusal.details)
        if refusal.code == "ITEMS_REFUSED" and not quiet:
            tell_item_findings(refusal.details)
        raise
    return Deployed(processes=processes, items=items)


def _deployed(file: Path) -> bool:
    return file.suffix in SUFFIXES or is_item_file(file.name)
