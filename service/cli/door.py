"""The `lianban` command group: refusals become one line and an exit code, options and variables become settings."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from service import __version__
from service.rules.refusals import Refusal
from service.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


class Door(click.Group):
    """Whatever goes wrong below is told in one line: no traceback unless LIANBAN_TRACEBACK is set."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; exit 1 for a refusal (each field on a line of its own), 1 for a fault."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            click.echo(f"{refusal.sentence()}（{refusal.code}）", err=True)
            for problem in refusal.fields:
                click.echo(f"  {problem.field}：{problem.sentence()}（{problem.code}）", err=True)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception as fault:
            if os.environ.get("LIANBAN_TRACEBACK"):
                raise
            told = " ".join(str(fault).split())[:200]
            click.echo(f"系统内部错误：{type(fault).__name__} {told}（INTERNAL_ERROR）", err=True)
        ctx.exit(1)


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lianban")
def lianban() -> None:
    """联办：由流程图驱动的政务服务联合办理。"""


def installation(command: Command) -> Command:
    """Options that say which installation is meant; the command receives `settings`. Unset options leave LIANBAN_*."""

    @click.option(
        "--data",
        "data_dir",
        type=click.Path(file_okay=False, path_type=Path),
        help="数据目录 [LIANBAN_DATA_DIR，默认 ./var]",
    )
    @click.option("--database-url", metavar="URL", help="数据库 [LIANBAN_DATABASE_URL，默认数据目录中的 SQLite]")
    @click.option("--demo/--no-demo", default=None, help="是否演示模式 [LIANBAN_DEMO]")
    @wraps(command)
    def with_settings(data_dir: Path | None, database_url: str | None, demo: bool | None, **options: Any) -> Any:
        settings = Settings.from_environment(data_dir=data_dir, database_url=database_url, demo=demo)
        return command(settings=settings, **options)

    return with_settings  # type: ignore[return-value]
