"""What the linter says of a draft: judged with everything that is deployed, as releasing it would."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.studio.rights import require_designer, wanted_draft
from service.casework.workbench import Preview, Resource, preview_upload
from service.engine.facts import Severity


def check_draft(
    office: Office, actor: Actor, draft_id: UUID, revised: Mapping[str, bytes | None] | None = None
) -> Preview:
    """Findings and changes of a draft. `revised`: files as they are being drawn, None for one that is taken away; nothing is kept.

    Refused: Forbidden STUDIO_FORBIDDEN; Missing PROCESS_DRAFT_NOT_FOUND.
    """
    require_designer(actor)
    with office.reading() as records:
        wanted_draft(records, draft_id)
        files = records.process_drafts.files(draft_id) | dict(revised or {})
    return examined(office, actor, {name: content for name, content in files.items() if content is not None})


def examined(office: Office, actor: Actor, files: Mapping[str, bytes]) -> Preview:
    """The same for files of a draft. Other processes that use a revised form are looked at when the draft is handed in."""
    resources = [Resource(name=name, content=content) for name, content in files.items()]
    return preview_upload(office, actor, resources, alone=True)


def counted(office: Office, actor: Actor, files: Mapping[str, bytes]) -> tuple[int, int]:
    """How many errors and warnings."""
    return numbers(examined(office, actor, files))


def numbers(preview: Preview) -> tuple[int, int]:
    """How many errors and warnings were found."""
    return len(preview.errors), sum(one.severity is Severity.WARNING for one in preview.findings)


def diagram_of(files: Mapping[str, bytes]) -> str:
    """The name of the diagram among the files of a draft."""
    return next(name for name in files if name.lower().endswith((".bpmn", ".bpmn20.xml", ".xml")))
