"""What a designer may write into an expression of a draft: the names its diagram and forms make, as they were saved last."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.studio.checking import diagram_of
from service.casework.studio.library import key_of, kind_of, live_files
from service.casework.studio.rights import require_designer, wanted_draft
from service.engine.studio import Usable, form_schema, functions, named_by, usable_names

__all__ = ["functions", "names_of_draft"]


def names_of_draft(office: Office, actor: Actor, draft_id: UUID) -> tuple[Usable, ...]:
    """Names by name; forms of the draft before those that are deployed.

    Refused: Forbidden STUDIO_FORBIDDEN; Missing PROCESS_DRAFT_NOT_FOUND.
    """
    require_designer(actor)
    with office.reading() as records:
        row = wanted_draft(records, draft_id)
        files = records.process_drafts.files(row.id)
        diagram = files[diagram_of(files)]
        contents = {key_of(name): content for name, content in files.items() if kind_of(name) == "form"}
        live = live_files(records)
        for key in named_by(diagram)[0]:
            if key not in contents and f"{key}.form" in live:
                contents[key] = live[f"{key}.form"].read(records)
    schemas = {key: schema for key, content in contents.items() if (schema := form_schema(content)) is not None}
    return usable_names(diagram, row.process, schemas)
