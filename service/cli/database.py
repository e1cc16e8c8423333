"""`lianban db`: the schema of the database."""

from __future__ import annotations

import click

from service.casework import open_office, upgrade
from service.cli.door import installation, lianban
from service.settings import Settings


@lianban.group("db")
def database_group() -> None:
    """数据库结构。"""


@database_group.command("upgrade")
@installation
def upgrade_command(settings: Settings) -> None:
    """把数据库升级到本版本的结构；可以重复执行。"""
    office = open_office(settings)
    try:
        upgrade(office)
    finally:
        office.close()
    click.echo("数据库结构已是最新。")
