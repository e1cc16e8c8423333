"""`lianban audit`: seal what was written, verify the audit trail line by line, export it with its proof."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from service.casework import open_office
from service.casework.audit.anchoring import note_anchor, read_anchors
from service.casework.audit.exporting import UNREADABLE, export_audit, verify_export
from service.casework.audit.records import RecordReport, verify_records
from service.casework.audit.sealing import seal_audit
from service.casework.audit.verifying import AuditReport, verify_audit
from service.cli.door import installation, lianban
from service.settings import Settings

DAY = click.DateTime(["%Y-%m-%d"])


@lianban.group("audit")
def audit_group() -> None:
    """审计链：封存、核验、导出。"""


@audit_group.command("seal")
@installation
def seal_command(settings: Settings) -> None:
    """把尚未封存的台账和办理过程封入审计链，并记下锚点（LIANBAN_AUDIT_ANCHORS）。每晚归档检查时也会封存。"""
    office = open_office(settings)
    try:
        lines, anchor = seal_audit(office), note_anchor(office)
    finally:
        office.close()
    click.echo(f"封存 {lines} 行" + (f"，到第 {anchor.sequence} 段，链值 {anchor.chain}" if anchor else ""))


@audit_group.command("verify")
@click.option("--from", "since", type=DAY, metavar="YYYY-MM-DD", help="只核验这一天起封存的段")
@click.option("--to", "until", type=DAY, metavar="YYYY-MM-DD", help="只核验到这一天封存的段")
@click.option(
    "--anchors", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="库外保存的锚点文件，一并比对"
)
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="输出格式 [text]")
@installation
@click.pass_context
def verify_command(
    context: click.Context,
    settings: Settings,
    since: datetime | None,
    until: datetime | None,
    anchors: Path | None,
    style: str,
) -> None:
    """逐行核验台账和每个办件的办理过程，以及办理过程、时钟、加签意见、角色的记录封签（不限定日期时）。退出码：0 完好，1 有改动。"""
    noted = read_anchors(anchors) if anchors is not None else ()
    office = open_office(settings)
    try:
        report = verify_audit(office, since=_day(since), until=_day(until), anchors=noted)
        sealed = verify_records(office) if since is None and until is None else RecordReport()
    finally:
        office.close()
    _say(report, sealed, style)
    context.exit(1 if report.wrong or sealed.wrong else 0)


@audit_group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "since", type=DAY, metavar="YYYY-MM-DD", help="从这一天封存的段起")
@click.option("--to", "until", type=DAY, metavar="YYYY-MM-DD", help="到这一天封存的段止")
@installation
def export_command(settings: Settings, file: Path, since: datetime | None, until: datetime | None) -> None:
    """导出审计链和其中的每一行；内附只用标准库的核验程序 verify.py。"""
    office = open_office(settings)
    try:
        with file.open("xb") as target:
            lines = export_audit(office, target, since=_day(since), until=_day(until))
    except FileExistsError as there:
        raise click.ClickException(f"{file}: 已有这个文件") from there
    finally:
        office.close()
    click.echo(f"{file}: {lines} 行")


@audit_group.command("verify-export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def verify_export_command(context: click.Context, file: Path) -> None:
    """核验一份导出，不需要数据库。退出码：0 完好，1 有改动，2 无法读取。"""
    try:
        wrong = list(verify_export(str(file)))
    except UNREADABLE as failure:
        click.echo(f"{file}: 无法读取（{type(failure).__name__}）", err=True)
        context.exit(2)
    click.echo("\n".join(wrong) or f"{file}: 完好")
    context.exit(1 if wrong else 0)


def _say(report: AuditReport, sealed: RecordReport, style: str) -> None:
    if style == "json":
        told: dict[str, Any] = {
            "blocks": report.blocks,
            "read": report.read,
            "lines": report.lines,
            "unsealed": report.unsealed,
            "keyed": report.keyed,
            "wrong": [
                {
                    "block": one.block,
                    "stream": one.trouble.stream if one.trouble else None,
                    "line": one.trouble.number if one.trouble else None,
                    "kind": one.trouble.kind.value if one.trouble else "seal",
                    "text": one.text,
                }
                for one in report.wrong
            ],
            "records": {
                "rows": sealed.rows,
                "keys": dict(sealed.keys),
                "wrong": [
                    {
                        "table": one.table,
                        "key": {name: str(said) for name, said in one.key.items()},
                        "text": one.sentence(),
                    }
                    for one in sealed.wrong
                ],
            },
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for text in (*(one.text for one in report.wrong), *(f"{one.sentence()}（{one.subject}）" for one in sealed.wrong)):
        click.echo(text)
    click.echo(
        f"审计链 {report.blocks} 段，读取 {report.read} 段 {report.lines} 行，尚未封存 {report.unsealed} 行，有问题 {len(report.wrong)} 处。"
    )
    if sealed.rows:
        keys = "、".join(f"{name or '无封签'} {count} 行" for name, count in sorted(sealed.keys.items()))
        click.echo(f"记录封签 {sealed.keys.total()} 行（{keys}），有问题 {len(sealed.wrong)} 处。")


def _day(instant: datetime | None) -> date | None:
    return instant.date() if instant is not None else None
