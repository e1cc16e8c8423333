"""`lianban import`: diagrams of Camunda 7, Flowable and Activiti as ours, with what was taken over and what is left to do."""

from __future__ import annotations

import json
from pathlib import Path

import click

from service.casework import SYSTEM, Resource, open_office
from service.casework.studio.importing import Imported, begin_import, note_data, read_foreign
from service.cli.door import installation, lianban
from service.cli.lint import read_files
from service.settings import Settings


@lianban.command("import")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="把转换后的文件写到这个目录")
@click.option("--draft", is_flag=True, help="在系统中为每张图开始一份草稿")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@installation
@click.pass_context
def import_command(
    context: click.Context, settings: Settings, files: tuple[Path, ...], out: Path | None, draft: bool, as_json: bool
) -> None:
    """转换 Camunda 7、Flowable、Activiti 的流程图；代码和脚本不执行。退出码：0 全部转换，1 有需要处理的，2 无法读取。"""
    resources, missing = read_files(files)
    found, unreadable = read_foreign(resources)
    missing += [f"{name}: 不是可以读取的流程图" for name in unreadable]
    if out is not None:
        _write(found, out)
    drafts = _begin(settings, found, resources) if draft and not missing else {}
    _tell(found, drafts, missing, as_json=as_json)
    if missing:
        context.exit(2)
    context.exit(1 if any(one.counted()["open"] for one in found) else 0)


def _write(found: tuple[Imported, ...], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for one in found:
        (out / Path(one.file).name).write_bytes(one.content)
        for name, form in one.forms.items():
            (out / name).write_bytes(form)


def _begin(settings: Settings, found: tuple[Imported, ...], resources: list[Resource]) -> dict[str, str]:
    office = open_office(settings)
    try:
        return {one.file: str(begin_import(office, SYSTEM, resources, one.file)) for one in found}
    finally:
        office.close()


def _tell(found: tuple[Imported, ...], drafts: dict[str, str], missing: list[str], *, as_json: bool) -> None:
    if as_json:
        told = [
            {
                "file": one.file,
                "key": one.key,
                "product": one.product,
                "draft": drafts.get(one.file),
                "forms": sorted(one.forms),
                "counts": one.counted(),
                "notes": [note_data(note) for note in one.notes],
            }
            for one in found
        ]
        click.echo(json.dumps({"diagrams": told, "unreadable": missing}, ensure_ascii=False, indent=2))
        return
    for one in found:
        counts = one.counted()
        click.echo(
            f"{one.file}: {one.product}，转换 {counts['mapped']}，翻译 {counts['translated']}，保留 {counts['kept']}，需要处理 {counts['open']}"
        )
        for note in one.notes:
            if note.reason is not None:
                problem = f"{note.problem[0]}。" if note.problem else ""
                said = f"{note.what}={note.value} {note.reason}{problem}{note.remedy or ''}"
                click.echo(f"{one.file}:{note.line}: {note.verdict} {note.element or '-'} {said}")
        if one.file in drafts:
            click.echo(f"{one.file}: 草稿 {drafts[one.file]}")
    for sentence in missing:
        click.echo(sentence, err=True)
