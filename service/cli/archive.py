"""`lianban archive`: verify packages with nothing but the files; go through the chain of an installation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from service.casework import open_office
from service.casework.archive.checking import (
    CHAIN_FILE,
    Verdict,
    read_key,
    read_links,
    verify_chain,
    verify_package,
    wrong_links,
)
from service.cli.door import installation, lianban
from service.settings import Settings


@lianban.group("archive")
def archive_group() -> None:
    """只读存档：归档包核验。"""


@archive_group.command("verify")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--key-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="封签密钥文件（与 LIANBAN_ARCHIVE_KEY 内容相同）",
)
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="输出格式 [text]")
@click.pass_context
def verify_command(context: click.Context, files: tuple[Path, ...], key_file: Path | None, style: str) -> None:
    """核验归档包（*.zip），不需要数据库；目录中有 chain.json 时一并核验归档链。退出码：0 完好，1 有损坏，2 无法读取。"""
    key = read_key(_read(context, key_file).decode(errors="replace")) if key_file is not None else None
    told: list[dict[str, Any]] = []
    unreadable = False
    for path in _packages(files):
        try:
            with path.open("rb") as source:
                verdict = verify_package(source, key=key)
        except OSError as failure:
            click.echo(f"{path}: 无法读取（{failure.strerror or type(failure).__name__}）", err=True)
            unreadable = True
            continue
        told.append(_told(path, verdict))
    chains = [one / CHAIN_FILE for one in files if one.is_dir() and (one / CHAIN_FILE).is_file()]
    troubles = [sentence for chain in chains for sentence in _wrong_chain(context, chain, told)]
    _say(told, troubles, style)
    context.exit(2 if unreadable else 1 if troubles or any(not one["sound"] for one in told) else 0)


@archive_group.command("verify-chain")
@click.option("--packages/--no-packages", default=True, help="是否读取每个归档包 [是]")
@installation
@click.pass_context
def verify_chain_command(context: click.Context, settings: Settings, packages: bool) -> None:
    """核验本机的归档链、归档包和审计链。退出码：0 完好，1 有损坏。"""
    office = open_office(settings)
    try:
        report = verify_chain(office, most=(None if packages else 0, None))
    finally:
        office.close()
    for one in report.broken:
        click.echo(one.text)
    click.echo(
        f"归档链 {report.links} 包，读取 {report.packages} 包，审计链 {report.audit} 段，有问题 {len(report.broken)} 处。"
    )
    context.exit(1 if report.broken else 0)


def _packages(files: Sequence[Path]) -> list[Path]:
    """The files themselves, and the packages in directories."""
    return [one for path in files for one in (sorted(path.glob("*.zip")) if path.is_dir() else [path])]


def _told(path: Path, verdict: Verdict) -> dict[str, Any]:
    head = verdict.manifest.head if verdict.manifest is not None else None
    return {
        "file": str(path),
        "sound": verdict.sound,
        "number": head.number if head is not None else None,
        "title": head.title if head is not None else None,
        "entries": len(verdict.manifest.entries) if verdict.manifest is not None else 0,
        "manifest_sm3": verdict.manifest_hash,
        "sha256": verdict.digest,
        "keyed": verdict.keyed,
        "damages": [
            {"part": one.part.value, "entry": one.entry, "begins": one.begins, "ends": one.ends, "text": one.text}
            for one in verdict.damages
        ],
    }


def _wrong_chain(context: click.Context, chain: Path, told: Sequence[dict[str, Any]]) -> list[str]:
    links = read_links(_read(context, chain))
    if links is None:
        return [f"{chain}: 不是归档链清单"]
    found = list(wrong_links(links))
    by_name = {Path(one["file"]).name: one for one in told if Path(one["file"]).parent == chain.parent}
    for link in links:
        package = by_name.get(link.file)
        if package is None:
            found.append(f"{link.file}：清单中的归档包缺失")
        elif (package["sha256"], package["manifest_sm3"]) != (link.digest, link.manifest):
            found.append(f"{link.file}：不是归档链登记的那一包")
    return found


def _say(told: Sequence[dict[str, Any]], troubles: Sequence[str], style: str) -> None:
    if style == "json":
        click.echo(json.dumps({"packages": told, "chain": list(troubles)}, ensure_ascii=False, indent=2))
        return
    for one in told:
        state = "完好" if one["sound"] else "已损坏"
        click.echo(f"{one['file']}: {state} {one['number'] or ''} {one['title'] or ''}".rstrip())
        click.echo(f"  清单摘要 SM3 {one['manifest_sm3']}，{one['entries']} 个文件")
        for damage in one["damages"]:
            click.echo(f"  {damage['text']}")
    for sentence in troubles:
        click.echo(sentence)


def _read(context: click.Context, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        click.echo(f"{path}: 无法读取（{failure.strerror or type(failure).__name__}）", err=True)
        context.exit(2)
