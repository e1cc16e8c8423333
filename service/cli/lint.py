"""`lianban lint`: what is wrong with process and form files, as compilers say it. Needs no database."""

from __future__ import annotations

import json
import logging
import multiprocessing
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import click

from service.casework import Finding, Register, Resource, Severity, lint
from service.casework.register import is_item_file, read_item_files
from service.cli.door import lianban

SECONDS_A_FILE = 10
LARGEST_READ = 2_000_001  # bytes: one more than the linter accepts, so that it says "too large" itself
SUFFIXES = (".bpmn", ".form", ".dmn")  # looked for in directories
ACCEPTED = (*SUFFIXES, ".xml", ".json")
UNREADABLE = frozenset({"LB002", "LB004", "LB005", "LB601"})  # not XML, not JSON, no text at all


@lianban.command("lint")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="输出格式 [text]")
@click.option("--calls", is_flag=True, help="被调用的流程和所用表单必须在所给文件之中")
@click.pass_context
def command(context: click.Context, files: tuple[Path, ...], style: str, calls: bool) -> None:
    """检查流程图（*.bpmn）、表单（*.form）和事项（如 104-XK-001.json）；目录会逐级查找。退出码：0 无问题，1 有问题，2 无法读取。"""
    resources, missing = read_files(files)
    cards = [one for one in resources if is_item_file(one.name)]
    register = Register(items=read_item_files(cards)[0])
    findings, stopped = examine_in_time([one for one in resources if one not in cards], register, calls=calls)
    findings = (*findings, *item_findings(cards))
    missing += stopped
    tell = tell_json if style == "json" else tell_text
    tell(findings, missing)
    if missing or any(finding.code in UNREADABLE for finding in findings):
        context.exit(2)
    context.exit(1 if any(finding.severity is not Severity.NOTE for finding in findings) else 0)


def read_files(paths: Sequence[Path]) -> tuple[list[Resource], list[str]]:
    """The files' contents under the names they were given by, and a sentence for each that cannot be read."""
    resources: dict[str, Resource] = {}
    missing = []
    for path in paths:
        found = sorted(f for f in path.rglob("*") if _linted(f) and f.is_file()) if path.is_dir() else [path]
        if not found:
            missing.append(f"{path}: 目录中没有 *.bpmn、*.dmn 或 *.form 文件")
        for file in found:
            if file.suffix not in ACCEPTED:
                missing.append(f"{file}: 不是流程图、决策表或表单文件（*.bpmn、*.dmn、*.form）")
                continue
            try:
                with file.open("rb") as stream:
                    resources[str(file)] = Resource(name=str(file), content=stream.read(LARGEST_READ))
            except OSError as failure:
                missing.append(f"{file}: 无法读取（{failure.strerror or type(failure).__name__}）")
    return list(resources.values()), missing


def examine_in_time(
    resources: Sequence[Resource], register: Register, *, calls: bool
) -> tuple[Sequence[Finding], list[str]]:
    """The findings, made in a process of its own that is killed after 10 seconds a file; a sentence when it was."""
    if not resources:
        return (), []
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)
    child = fork.Process(target=examine_apart, args=(sender, resources, register, calls), daemon=True)
    child.start()
    sender.close()
    try:
        seconds = SECONDS_A_FILE * len(resources)
        if not receiver.poll(seconds):
            return (), [f"检查超过 {seconds} 秒，已停止"]
        findings: Sequence[Finding] = receiver.recv()
        return findings, []
    except EOFError:
        return (), ["检查程序意外退出"]
    finally:
        child.kill()
        child.join()


def examine_apart(sender: Connection, resources: Sequence[Resource], register: Register, calls: bool) -> None:
    """What the child does: it answers, or closes the line without a word (no traceback, a rule that failed is a finding)."""
    logging.disable(logging.CRITICAL)
    with suppress(Exception):
        sender.send(lint(resources, known=() if calls else None, register=register).findings)
    sender.close()


def item_findings(cards: Sequence[Resource]) -> tuple[Finding, ...]:
    """What is wrong with item cards, the field in the place of an element."""
    return tuple(
        Finding(
            code=one.problem.code,
            severity=Severity.ERROR,
            file=one.file,
            line=1,
            element=one.problem.field,
            text=one.sentence,
            english=one.problem.code,
        )
        for one in read_item_files(cards)[1]
    )


def _linted(file: Path) -> bool:
    return file.suffix in SUFFIXES or is_item_file(file.name)


def tell_text(findings: Sequence[Finding], missing: Sequence[str]) -> None:
    """One line a finding."""
    for finding in findings:
        click.echo(f"{finding.file}:{finding.line}: {finding.code} {finding.element or '-'} {finding.text}")
    for sentence in missing:
        click.echo(sentence, err=True)


def tell_json(findings: Sequence[Finding], missing: Sequence[str]) -> None:
    """One document for programs."""
    told = [
        {
            "file": finding.file,
            "line": finding.line,
            "column": finding.column,
            "code": finding.code,
            "severity": finding.severity.value,
            "element": finding.element,
            "message": finding.text,
            "english": finding.english,
            "remedy": finding.remedy,
            "remedy_english": finding.remedy_english,
        }
        for finding in findings
    ]
    click.echo(json.dumps({"findings": told, "unreadable": list(missing)}, ensure_ascii=False, indent=2))
