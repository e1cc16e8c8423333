"""`lianban deploy`: for people, git hooks and CI: what was made, what is wrong, and an exit code that says which."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from service.casework import Finding, Office, open_office
from service.casework.folder_preview import preview_folder
from service.casework.register import ItemFinding
from service.cli.deploy import Deployed, deploy_paths, files_of, read_resources, tell_findings, tell_item_findings
from service.cli.door import installation, lianban
from service.cli.watching import snapshot, watch
from service.rules.refusals import Refusal
from service.rules.worktime import SHANGHAI
from service.settings import Settings

DONE, FINDINGS, USAGE, REFUSED = 0, 1, 2, 3  # exit codes, docs/deploying.md
WITH_FINDINGS = frozenset({"DEPLOYMENT_REFUSED", "ITEMS_REFUSED"})


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the command was asked for."""

    paths: tuple[Path, ...]
    name: str
    note: str | None
    effective_from: datetime | None
    dry_run: bool
    as_json: bool


@lianban.command("deploy")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--name", help="部署名称，默认取第一个文件或目录的名称")
@click.option("--note", help="说明：改了什么、依据什么")
@click.option(
    "--effective-from",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    help="事项版本的生效时间（北京时间），默认立即生效",
)
@click.option("--dry-run", is_flag=True, help="只检查，说明会产生哪些版本，不部署")
@click.option("--watch", "watching", is_flag=True, help="一直看着这些目录，保存后自动部署，有错误也不停")
@click.option("--json", "as_json", is_flag=True, help="每次输出一行 JSON")
@installation
@click.pass_context
def deploy_command(
    context: click.Context,
    settings: Settings,
    paths: tuple[Path, ...],
    name: str | None,
    note: str | None,
    effective_from: datetime | None,
    dry_run: bool,
    watching: bool,
    as_json: bool,
) -> None:
    """部署流程（*.bpmn）、决策（*.dmn）、表单（*.form）和事项（如 104-XK-001.json）；内容没有变化的不产生新版本。

    退出码：0 已部署或没有变化，1 文件有错误，2 用法不对或没有可部署的文件，3 被拒绝或系统连接不上。
    """
    wanted = Wanted(
        paths=paths,
        name=name or paths[0].name,
        note=note,
        effective_from=effective_from.replace(tzinfo=SHANGHAI) if effective_from else None,
        dry_run=dry_run,
        as_json=as_json,
    )
    if not watching:
        context.exit(_attempt(settings, wanted))
    with _until_told(), suppress(KeyboardInterrupt):
        watch(lambda: snapshot(files_of(wanted.paths)), lambda: _attempt(settings, wanted))


def _attempt(settings: Settings, wanted: Wanted) -> int:
    """Deploy once, or say what would be; the exit code. Whatever goes wrong is told, not raised: watching goes on."""
    try:
        if not files_of(wanted.paths):
            _tell_wrong(wanted, USAGE, "NO_FILES", "没有可以部署的文件（*.bpmn、*.dmn、*.form 或事项）。")
            return USAGE
        office = open_office(settings)
        try:
            return _preview(office, wanted) if wanted.dry_run else _deploy(office, wanted)
        finally:
            office.close()
    except Refusal as refusal:
        code = FINDINGS if refusal.code in WITH_FINDINGS else REFUSED
        _tell_wrong(wanted, code, refusal.code, refusal.sentence(), refusal.details if code == FINDINGS else ())
        return code
    except Exception as fault:  # a database that is away, a file that vanished: the next change may find it there
        _tell_wrong(wanted, REFUSED, "UNREACHABLE", f"{type(fault).__name__} {' '.join(str(fault).split())[:200]}")
        return REFUSED


def _deploy(office: Office, wanted: Wanted) -> int:
    made = deploy_paths(
        office, wanted.paths, wanted.name, wanted.note, effective_from=wanted.effective_from, quiet=True
    )
    if wanted.as_json:
        _say(outcome="unchanged" if made.unchanged else "deployed", **_versions(made))
        return DONE
    for definition in made.processes.definitions if made.processes else ():
        click.echo(f"{definition.key} 第 {definition.version} 版 {definition.name}")
    for code, version in made.items.made if made.items else ():
        click.echo(f"{code} 第 {version} 版")
    if made.unchanged:
        click.echo("内容没有变化，未产生新版本。")
    return DONE


def _preview(office: Office, wanted: Wanted) -> int:
    preview, items = preview_folder(office, read_resources(wanted.paths))
    changes = [one for one in preview.changes if not one.unchanged]
    if wanted.as_json:
        _say(
            outcome="findings" if preview.errors else "would deploy" if changes or items else "unchanged",
            processes=[{"key": one.key, "version": one.next, "running": one.running} for one in changes],
            items=list(items),
            findings=[_finding(one) for one in preview.findings],
        )
    else:
        tell_findings(preview.findings)
        for one in changes:
            click.echo(f"{one.key} 将成为第 {one.next} 版，在办 {one.running} 件按原版本办理")
        for code in items:
            click.echo(f"{code} 将产生新版本")
        if not changes and not items:
            click.echo("内容没有变化，不会产生新版本。")
    return FINDINGS if preview.errors else DONE


def _tell_wrong(wanted: Wanted, code: int, name: str, sentence: str, details: Sequence[Any] = ()) -> None:
    if wanted.as_json:
        outcome = {FINDINGS: "findings", USAGE: "usage", REFUSED: "refused"}[code]
        _say(outcome=outcome, code=name, message=sentence, findings=[_finding(one) for one in details])
        return
    tell_findings(tuple(one for one in details if isinstance(one, Finding)))
    tell_item_findings(tuple(one for one in details if isinstance(one, ItemFinding)))
    click.echo(f"{sentence}（{name}）", err=True)


def _versions(made: Deployed) -> dict[str, Any]:
    definitions = made.processes.definitions if made.processes else ()
    return {
        "processes": [{"key": one.key, "version": one.version, "name": one.name} for one in definitions],
        "items": [{"code": code, "version": version} for code, version in (made.items.made if made.items else ())],
    }


def _finding(one: Finding | ItemFinding) -> dict[str, Any]:
    if isinstance(one, ItemFinding):
        return {"file": one.file, "code": one.problem.code, "element": one.problem.field, "message": one.sentence}
    return {
        "file": one.file,
        "line": one.line,
        "code": one.code,
        "severity": str(one.severity),
        "element": one.element,
        "message": one.text,
        "remedy": one.remedy,
    }


def _say(**told: Any) -> None:
    click.echo(json.dumps(told, ensure_ascii=False))


@contextmanager
def _until_told() -> Iterator[None]:
    """SIGTERM ends the watch like Ctrl+C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
