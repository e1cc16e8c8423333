"""`lianban db`: the schema of the database."""

from __future__ import annotations

import click

from service.casework import grant_database, open_office, upgrade
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


@database_group.command("grant")
@click.argument("role")
@installation
def grant_command(settings: Settings, role: str) -> None:
    """让数据库角色 ROLE 只能追加、不能改删日志和档案（PostgreSQL；以表的所有者连接，每次升级后再运行一次）。"""
    office = open_office(settings)
    try:
        kept = grant_database(office, role)
    finally:
        office.close()
    click.echo(f"{role} 可以办理业务；只能追加的表：{'、'.join(kept)}。")
