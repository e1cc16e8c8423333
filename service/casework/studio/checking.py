"""What the linter says of a draft: judged with everything that is deployed, as releasing it would."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.studio.rights import require_designer, wanted_draft
from service.casework.workbench import Preview, Resource, preview_upload
from service.engine.facts import Severity


def check_draft(office: Office, actor: Actor, draft_id: UUID, content: bytes | None = None) -> Preview:
    """Findings and changes of a draft, or of its diagram as it is being drawn. Nothing is kept.

    Refused: Forbidden STUDIO_FORBIDDEN; Missing PROCESS_DRAFT_NOT_FOUND.
    """
    require_designer(actor)
    with office.reading() as records:
        wanted_draft(records, draft_id)
        files = records.process_drafts.files(draft_id)
    if content is not None:
        files[diagram_of(files)] = content
    return examined(office, actor, files)


def examined(office: Office, actor: Actor, files: Mapping[str, bytes]) -> Preview:
    """The same for files of a draft."""
    return preview_upload(office, actor, [Resource(name=name, content=content) for name, content in files.items()])


def counted(office: Office, actor: Actor, files: Mapping[str, bytes]) -> tuple[int, int]:
    """How many errors and warnings."""
    preview = examined(office, actor, files)
    return len(preview.errors), sum(one.severity is Severity.WARNING for one in preview.findings)


def diagram_of(files: Mapping[str, bytes]) -> str:
    """The name of the diagram among the files of a draft."""
    return next(name for name in files if name.lower().endswith((".bpmn", ".bpmn20.xml", ".xml")))
