"""`lianban package`: everything an installation runs by as one file, and what another installation makes of it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from service.casework import SYSTEM, open_office
from service.casework.packages import PackageView, Verdict, export_package, import_package, preview_package
from service.cli.door import installation, lianban
from service.rules.refusals import Refusal
from service.settings import Settings

FINDINGS, REFUSED = 1, 3  # exit codes, docs/deploying.md
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@lianban.group("package")
def package() -> None:
    """导出、导入流程包：在用的流程、表单、决策表、事项、文书和消息模板。"""


@package.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@installation
def export_command(settings: Settings, file: Path) -> None:
    """把在用的全部内容导出为一个 ZIP 文件，附清单和校验值。"""
    office = open_office(settings)
    try:
        content = export_package(office, SYSTEM)
    finally:
        office.close()
    file.write_bytes(content)
    click.echo(f"{file}: {len(content)} 字节")


@package.command("import")
@click.argument("file", type=FILE)
@click.option("--note", default="命令行导入流程包", help="为什么导入")
@click.option("--conflicts", is_flag=True, help="有冲突的也导入")
@click.option("--dry-run", is_flag=True, help="只看会改动什么")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@installation
@click.pass_context
def import_command(
    context: click.Context, settings: Settings, file: Path, note: str, conflicts: bool, dry_run: bool, as_json: bool
) -> None:
    """比较流程包与这里的内容并一次导入，全部成功或全部不变。退出码：0 已导入或没有变化，1 有不能导入的，3 被拒绝。"""
    content = file.read_bytes()
    office = open_office(settings)
    try:
        view = preview_package(office, SYSTEM, content)
        _tell(view, as_json=as_json)
        if view.of(Verdict.REFUSED):
            context.exit(FINDINGS)
        wanted = view.of(Verdict.NEW, Verdict.CHANGED, *([Verdict.CONFLICT] if conflicts else []))
        if dry_run or not wanted:
            return
        made = import_package(office, SYSTEM, content, note=note, conflicts=conflicts)
    except Refusal as refusal:
        click.echo(f"{refusal.sentence()}（{refusal.code}）", err=True)
        context.exit(REFUSED)
    finally:
        office.close()
    if not as_json:
        click.echo(f"导入了 {made.processes} 个流程版本、{made.items} 个事项版本、{made.words} 个模板。")


def _tell(view: PackageView, *, as_json: bool) -> None:
    if as_json:
        told = [
            {
                "path": one.entry.path,
                "verdict": str(one.verdict),
                "here": one.here,
                "there": one.entry.version,
                "differences": len(one.differences) + len(one.fields) + len(one.tables),
                "findings": [*(f.text for f in one.findings), *(p.sentence for p in one.problems)],
            }
            for one in view.entries
        ]
        click.echo(json.dumps({"counts": view.counts, "entries": told}, ensure_ascii=False, indent=2))
        return
    for one in view.entries:
        if one.verdict is not Verdict.SAME:
            click.echo(f"{one.entry.path}: {one.verdict} {one.why or ''}".rstrip())
            for said in (*(f.text for f in one.findings), *(p.sentence for p in one.problems)):
                click.echo(f"  {said}")
    click.echo("、".join(f"{name} {count}" for name, count in view.counts.items()))
