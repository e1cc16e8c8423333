"""`lianban backup DIR`, `lianban backup verify DIR`, `lianban restore DIR --into URL`: copies of an installation in use, and back."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from service.casework import open_office
from service.casework.backups.making import make_backup
from service.casework.backups.restoring import restore_backup
from service.casework.backups.verifying import verify_backups
from service.cli.door import installation, lianban
from service.rules.refusals import Invalid
from service.rules.worktime import SHANGHAI
from service.settings import Settings

FOLDER = click.Path(file_okay=False, path_type=Path)
INSTANT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])


class Backups(click.Group):
    """What is no name of a command is the folder of a new backup."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """`backup DIR` is `backup make DIR`."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["make", *args]
        return super().parse_args(ctx, args)


@lianban.group("backup", cls=Backups)
def backup_group() -> None:
    """备份数据库和文件库：lianban backup 目录。服务运行时也可以备份。"""


@backup_group.command("make")
@click.argument("folder", type=FOLDER)
@click.option("--keep", type=click.IntRange(1, 3650), help="只保留最近多少个备份 [默认全部保留]")
@installation
def make_command(settings: Settings, folder: Path, keep: int | None) -> None:
    """做一个备份。退出码：0 完整，1 没有完成，或有文件在备份前已经缺失。"""
    office = open_office(settings)
    try:
        made = make_backup(office, folder, keep=keep or 0)
    finally:
        office.close()
    one = made.manifest
    click.echo(
        f"备份 {one.name}：数据库 {one.size} 字节，{sum(one.counts.values())} 行；文件 {one.blobs} 个 {one.blob_bytes} 字节，"
        f"新增 {made.copied} 个；删除旧备份 {made.dropped} 个。密钥不在备份中，请另行保管：{'、'.join(sorted(one.keys))}"
    )
    for digest in one.missing:
        click.echo(f"缺失 {digest}")
    if one.missing:
        raise SystemExit(1)


@backup_group.command("verify")
@click.argument("folder", type=FOLDER)
@click.option("--at", type=INSTANT, metavar="时间", help="这一时间以前最近的备份 [默认最新的]")
@click.option("--all", "every", is_flag=True, help="核验所有备份")
def verify_command(folder: Path, at: datetime | None, every: bool) -> None:
    """核验备份：清单、数据库文件、每个文件的摘要；不需要数据库。退出码：0 完好，1 有损坏，2 没有可用的备份。"""
    try:
        found = verify_backups(folder, at=_aware(at), every=every)
    except Invalid as refusal:
        click.echo(f"{refusal.sentence()}（{refusal.code}）", err=True)
        raise SystemExit(2) from refusal
    for one in found:
        for said in one.wrong:
            click.echo(said)
        click.echo(f"备份 {one.name}：文件 {one.files} 个，" + (f"有问题 {len(one.wrong)} 处" if one.wrong else "完好"))
    raise SystemExit(1 if any(one.wrong for one in found) else 0)


@lianban.command("restore")
@click.argument("folder", type=FOLDER)
@click.option("--into", "url", metavar="URL", required=True, help="恢复到哪个数据库；必须是空的")
@click.option("--at", type=INSTANT, metavar="时间", help="恢复这一时间以前最近的备份 [默认最新的]")
@click.option("--data", "data_dir", type=FOLDER, help="数据目录，文件恢复到其文件库 [LIANBAN_DATA_DIR，默认 ./var]")
def restore_command(folder: Path, url: str, at: datetime | None, data_dir: Path | None) -> None:
    """把备份恢复到一个空的数据库并核验。退出码：0 完好，1 没有恢复，或恢复后有内容核验不符，2 没有可用的备份。"""
    settings = replace(Settings.from_environment(data_dir=data_dir), database_url=url)
    try:
        back = restore_backup(folder, settings, os.environ, at=_aware(at))
    except Invalid as refusal:
        if refusal.code != "BACKUP_NONE":
            raise
        click.echo(f"{refusal.sentence()}（{refusal.code}）", err=True)
        raise SystemExit(2) from refusal
    for said in back.wrong:
        click.echo(said)
    state = back.manifest.made_at.astimezone(SHANGHAI)
    click.echo(
        f"已恢复到 {state:%Y-%m-%d %H:%M:%S} 的状态：{back.rows} 行，文件 {back.files} 个，审计链 {back.lines} 行；"
        + (f"有问题 {len(back.wrong)} 处。" if back.wrong else "核验完好。")
    )
    raise SystemExit(1 if back.wrong else 0)


def _aware(instant: datetime | None) -> datetime | None:
    """A time without offset is that of the wall in China."""
    if instant is None:
        return None
    return (instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)).astimezone(UTC)
