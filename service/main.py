"""Composition root: the `lianban` command, with web and worker in one process (`serve`) or the worker alone (`worker`)."""

from __future__ import annotations

import gc
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import replace
from types import FrameType
from typing import NoReturn

import click

from service.casework import Office, arm_jobs, demo_accounts, has_demo_accounts, load_demo_city, open_office, upgrade
from service.casework.messages.channels import check_channels
from service.casework.readiness import require_own_release, require_record_keys
from service.cli import archive, audit, backup, blobs, database, deploy_command, importing, lint, package, users  # noqa: F401  each adds its commands
from service.cli.deploy import deploy_paths
from service.cli.door import installation, lianban
from service.rules.refusals import Conflict
from service.settings import Settings
from service.settings.logs import configure_logs
from service.web.app import create_app
from service.web.server import build_server
from service.worker.runner import Worker

STOPPING = (signal.SIGTERM, signal.SIGINT)
SWITCH_SECONDS = 0.0005  # a request thread waits this long for the interpreter, not 5 ms


def main() -> NoReturn:
    """Entry point of the console script."""
    lianban(prog_name="lianban")
    raise SystemExit(0)


@lianban.command("serve")
@click.option("--host", help="监听地址 [LIANBAN_HOST，默认 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="监听端口 [LIANBAN_PORT，默认 8000]")
@installation
def serve(settings: Settings, host: str | None, port: int | None) -> None:
    """启动服务：升级数据库、部署 processes/ 和 forms/、网页与定时工作同在一个进程。"""
    begun = time.monotonic()
    settings = replace(settings, host=host or settings.host, port=settings.port if port is None else port)
    listener = _bind(settings.host, settings.port)
    configure_logs(quiet=settings.demo)
    office = _prepared(settings)
    app = create_app(office)
    worker = Worker(office)
    worker.start()
    server = build_server(app, listener, threads=settings.threads, trusted_proxy=settings.trusted_proxy)
    tune_interpreter()
    signal.signal(signal.SIGTERM, _leave)
    address = f"http://{settings.host}:{listener.getsockname()[1]}"
    _say(f"联办已就绪（{time.monotonic() - begun:.1f} 秒）：{address}")
    if settings.demo:
        _tell_demo_accounts()
    server.run()  # returns on SIGTERM and SIGINT
    _say("正在停止……")
    server.close()
    worker.stop()
    office.close()
    _say("已停止。")


@lianban.command("worker")
@installation
def worker_command(settings: Settings) -> None:
    """只启动定时工作（多节点部署时与若干 lianban serve 共用一个 PostgreSQL）。"""
    configure_logs(quiet=False)
    office = open_office(settings)
    check_channels(office)
    require_own_release(office)
    _refuse_demo_accounts(office)
    arm_jobs(office)
    worker = Worker(office)
    with suppress(SystemExit):  # no Event: a handler that sets one may interrupt the wait for it, which holds its lock
        for number in STOPPING:
            signal.signal(number, _leave)
        worker.start()
        _say("定时工作已启动。")
        while True:
            signal.pause()
    worker.stop()
    office.close()
    _say("已停止。")


def tune_interpreter() -> None:
    """Short turns between threads; what was built at start lives as long as the process, so garbage is not sought there."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _prepared(settings: Settings) -> Office:
    """An office whose database is migrated, with the demo city where wanted and every shipped process deployed."""
    office = open_office(settings)
    check_channels(office)
    _say("升级数据库……")
    upgrade(office)
    require_record_keys(office)
    _refuse_demo_accounts(office)
    if settings.demo:
        _say("载入示范城市云溪市……")
        load_demo_city(office)
    arm_jobs(office)
    shipped = [path for path in (settings.processes_dir, settings.forms_dir) if path.is_dir()]
    if shipped:
        made = deploy_paths(office, shipped, "processes")
        _say(made.told)
    return office


def _refuse_demo_accounts(office: Office) -> None:
    """Accounts whose password everybody knows must not be there outside demo mode. Conflict DEMO_ACCOUNTS_PRESENT."""
    if not office.settings.demo and has_demo_accounts(office):
        raise Conflict("DEMO_ACCOUNTS_PRESENT", "数据库中有演示账号，不能以正式方式启动；请换一个数据库，或加 --demo。")


def _bind(host: str, port: int) -> socket.socket:
    """The listening address, taken before anything else is done. Exit 2 when it cannot be had."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        click.echo(f"不能监听 {host}:{port}：{error.strerror}（PORT_UNAVAILABLE）；可用 --port 换一个端口。", err=True)
        raise SystemExit(2) from error
    return listener


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _tell_demo_accounts() -> None:
    _say("演示账号（密码都是 Yunxi-2026!）：")
    for account in demo_accounts():
        _say(f"  {account.username:<12}{account.title}")


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
