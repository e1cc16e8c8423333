"""`lianban blobs`: the files of materials, documents and archive packages."""

from __future__ import annotations

from datetime import timedelta

import click

from service.casework import open_office, sweep_blobs, verify_blobs
from service.cli.door import installation, lianban
from service.settings import Settings


@lianban.group("blobs")
def blobs_group() -> None:
    """文件库（材料、文书、档案包）。"""


@blobs_group.command("verify")
@installation
def verify_command(settings: Settings) -> None:
    """逐个核对被引用的文件是否存在、内容是否与摘要一致；有问题时以 1 退出。"""
    office = open_office(settings)
    try:
        report = verify_blobs(office)
    finally:
        office.close()
    for word, digests in (("缺失", report.missing), ("损坏", report.damaged)):
        for digest in digests:
            click.echo(f"{word} {digest}")
    click.echo(f"核对 {report.checked} 个文件，缺失 {len(report.missing)} 个，损坏 {len(report.damaged)} 个。")
    if report.missing or report.damaged:
        raise SystemExit(1)


@blobs_group.command("sweep")
@click.option("--grace-days", type=click.IntRange(1, 3650), default=7, help="多少天无人引用才清理 [默认 7]")
@installation
def sweep_command(settings: Settings, grace_days: int) -> None:
    """无人引用的文件先移入回收区，再过同样天数删除；期间有人用到会自动取回。"""
    office = open_office(settings)
    try:
        swept = sweep_blobs(office, grace=timedelta(days=grace_days))
    finally:
        office.close()
    click.echo(f"移入回收区 {swept.binned} 个，删除 {swept.deleted} 个，取回 {swept.restored} 个。")
