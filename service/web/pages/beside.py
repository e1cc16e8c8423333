"""The materials beside a task: one file at a time, its pages, and who answers for it being true, complete and examined."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request

from service.casework import get_task
from service.casework.materials.reading import MaterialFile, MaterialLine, MaterialPanel, material_panel
from service.rules.refusals import Missing
from service.web.bodies import as_identity
from service.web.pages.sign_in import acting


def register(pages: Blueprint, office: Any) -> None:
    """Adds the part of the task page, and `files_beside(task)` for its first drawing."""

    @pages.app_template_global("files_beside")
    def files_beside(row: Any) -> dict[str, Any] | None:
        panel = material_panel(office, acting(), row.case_id)
        found = _files(panel, row.scope_id)
        return _shown(panel, found, 0) if found else None

    @pages.get("/tasks/<uuid:task_id>/beside", endpoint="beside")
    def part(task_id: UUID) -> str:
        task = get_task(office, acting(), task_id)
        panel = material_panel(office, acting(), task.case.id)
        found = _files(panel, task.scope_id)
        wanted = as_identity(request.args.get("file", ""))
        at = next((number for number, (_, file) in enumerate(found) if file.row.id == wanted), None)
        if at is None:
            raise Missing("MATERIAL_NOT_FOUND", "没有这项材料，或者您无权查看。")
        return render_template("parts/beside.html", beside=_shown(panel, found, at), task_id=task_id)


def _files(panel: MaterialPanel, scope: UUID | None) -> list[tuple[MaterialLine, MaterialFile]]:
    """The files that count, those of the task's own item first."""
    lines = sorted(panel.lines, key=lambda line: (line.scope != scope, line.scope is not None))
    own = [line for line in lines if line.scope == scope]
    return [(line, file) for line in (own or lines) for file in line.current]


def _shown(panel: MaterialPanel, found: list[tuple[MaterialLine, MaterialFile]], at: int) -> dict[str, Any]:
    line, file = found[at]
    return {
        "panel": panel,
        "files": found,
        "at": at,
        "line": line,
        "file": file,
        "before": found[at - 1][1].row.id if at else None,
        "after": found[at + 1][1].row.id if at + 1 < len(found) else None,
    }
