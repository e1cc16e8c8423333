"""`lianban deploy`: files and folders become definition versions."""

from __future__ import annotations

from pathlib import Path

import click

from service.casework import SYSTEM, DeploymentView, Finding, Office, Resource, deploy, open_office
from service.cli.door import installation, lianban
from service.rules.refusals import Refusal
from service.settings import Settings

SUFFIXES = frozenset({".bpmn", ".dmn", ".form"})


def read_resources(paths: tuple[Path, ...] | list[Path]) -> list[Resource]:
    """Every process, decision and form file of the paths, named from the given folder down, in order of name."""
    found: dict[str, Resource] = {}
    for path in paths:
        files = [path] if path.is_file() else [file for file in path.rglob("*") if file.suffix in SUFFIXES]
        for file in sorted(files):
            name = file.name if file == path else file.relative_to(path.parent).as_posix()
            found[name] = Resource(name=name, content=file.read_bytes())
    return list(found.values())


def tell_findings(findings: tuple[Finding, ...]) -> None:
    """One line a finding, as compilers do."""
    for finding in findings:
        element = finding.element or "-"
        click.echo(f"{finding.file}:{finding.line}: {finding.code} {element} {finding.text}", err=True)


def deploy_paths(
    office: Office, paths: tuple[Path, ...] | list[Path], name: str, note: str | None = None
) -> DeploymentView:
    """Deploy what the paths hold in the name of the system; findings of a refused deployment are told."""
    try:
        return deploy(office, SYSTEM, name, read_resources(paths), source="lianban deploy", note=note)
    except Refusal as refusal:
        if refusal.code == "DEPLOYMENT_REFUSED":
            tell_findings(refusal.details)
        raise


@lianban.command("deploy")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--name", help="部署名称，默认取第一个文件或目录的名称")
@click.option("--note", help="说明：改了什么、依据什么")
@installation
def deploy_command(settings: Settings, paths: tuple[Path, ...], name: str | None, note: str | None) -> None:
    """部署流程（*.bpmn）、决策（*.dmn）和表单（*.form）；内容没有变化的不产生新版本。"""
    office = open_office(settings)
    try:
        made = deploy_paths(office, paths, name or paths[0].name, note)
    finally:
        office.close()
    for definition in made.definitions:
        click.echo(f"{definition.key} 第 {definition.version} 版 {definition.name}")
    if made.unchanged:
        click.echo("内容没有变化，未产生新版本。")
