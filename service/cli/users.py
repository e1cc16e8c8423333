"""`lianban user`: accounts. A password comes from a prompt or from standard input, never from the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import click

from service.casework import SYSTEM, Office, add_person, change_password, disable_person, list_people, open_office
from service.casework.identity.directory import link_identity
from service.casework.identity.factors import reset_factors
from service.casework.identity.tokens import make_token, revoke_token, tokens_of
from service.cli.door import installation, lianban
from service.settings import Settings


@contextmanager
def _opened(settings: Settings) -> Iterator[Office]:
    office = open_office(settings)
    try:
        yield office
    finally:
        office.close()


def _password() -> str:
    """Asked twice on a terminal; otherwise the first line of standard input."""
    if sys.stdin.isatty():
        return str(click.prompt("密码", hide_input=True, confirmation_prompt="再输一次"))
    return sys.stdin.readline().rstrip("\r\n")


@lianban.group("user")
def user_group() -> None:
    """账号：新增、列出、改密码、停用。"""


@user_group.command("add")
@click.argument("username")
@click.option("--name", required=True, help="姓名")
@click.option("--department", help="部门编码，例如 104")
@click.option("--role", "roles", multiple=True, help="角色编码，可以多次给出，例如 counter_clerk；程序账号用 service")
@installation
def add_command(settings: Settings, username: str, name: str, department: str | None, roles: tuple[str, ...]) -> None:
    """新增账号；密码从提示或标准输入读取。"""
    with _opened(settings) as office:
        add_person(office, SYSTEM, username, name, _password(), department=department, roles=frozenset(roles))
    click.echo(f"已新增 {username}（{name}）。")


@user_group.command("list")
@installation
def list_command(settings: Settings) -> None:
    """列出账号、姓名、部门和角色。"""
    with _opened(settings) as office:
        people = list_people(office)
    for person in people:
        state = "" if person.active else "（已停用）"
        click.echo(
            "\t".join([person.username, person.name + state, person.department or "-", ",".join(sorted(person.roles))])
        )


@user_group.command("password")
@click.argument("username")
@installation
def password_command(settings: Settings, username: str) -> None:
    """修改密码；新密码从提示或标准输入读取。"""
    with _opened(settings) as office:
        change_password(office, SYSTEM, username, _password())
    click.echo(f"已修改 {username} 的密码。")


@user_group.command("disable")
@click.argument("username")
@installation
def disable_command(settings: Settings, username: str) -> None:
    """停用账号：不能再登录，已办的事仍记在其名下。"""
    with _opened(settings) as office:
        disable_person(office, SYSTEM, username)
    click.echo(f"已停用 {username}。")


@user_group.command("reset-second-factor")
@click.argument("username")
@click.option("--reason", required=True, help="理由，记入审计记录")
@installation
def reset_command(settings: Settings, username: str, reason: str) -> None:
    """重设第二种验证方式：手机和恢复码都丢失时使用。"""
    with _opened(settings) as office:
        reset_factors(office, SYSTEM, username, reason)
    click.echo(f"已重设 {username} 的第二种验证方式。")


@user_group.command("token")
@click.argument("username")
@click.option("--name", required=True, help="用途")
@click.option("--scope", "scopes", multiple=True, required=True, help="范围：read、tasks、cases、work、deploy、operate")
@click.option("--days", type=int, default=90, show_default=True, help="有效期（天）")
@installation
def token_command(settings: Settings, username: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """为程序账号新建令牌；令牌写到标准输出，只显示这一次。"""
    with _opened(settings) as office:
        _, token = make_token(office, SYSTEM, username, name=name, scopes=scopes, days=days)
    click.echo(token)


@user_group.command("tokens")
@click.argument("username")
@installation
def tokens_command(settings: Settings, username: str) -> None:
    """列出账号的令牌：编号、用途、范围、有效期。"""
    with _opened(settings) as office:
        tokens = tokens_of(office, SYSTEM, username)
    for one in tokens:
        click.echo("\t".join([str(one.id), one.name, ",".join(one.scopes), one.ends_at.isoformat()]))


@user_group.command("revoke-token")
@click.argument("username")
@click.argument("token_id", type=click.UUID)
@installation
def revoke_command(settings: Settings, username: str, token_id: UUID) -> None:
    """吊销令牌，立即失效。"""
    with _opened(settings) as office:
        revoke_token(office, SYSTEM, username, token_id)
    click.echo("已吊销。")


@user_group.command("link")
@click.argument("username")
@click.option("--issuer", required=True, help="身份来源：统一身份认证的 issuer，或目录服务的地址")
@click.option("--subject", required=True, help="在那里的编号（sub、entryUUID）")
@installation
def link_command(settings: Settings, username: str, issuer: str, subject: str) -> None:
    """把统一身份关联到已有的账号。"""
    with _opened(settings) as office:
        link_identity(office, SYSTEM, username, issuer, subject)
    click.echo(f"已关联 {username}。")
