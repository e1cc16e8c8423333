"""The process library as programs read it: files byte for byte, figures per definition."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from service.casework.actors import Actor
from service.casework.listing.asking import sight_of
from service.casework.office import Office
from service.rules.refusals import Missing
from service.store.listing import DEFINITIONS, DefinitionFigures, definition_figures
from service.store.listing.definitions import DefinitionRow
from service.store.listing.files import StoredFile, definition_file, resource_content


@dataclass(frozen=True, kw_only=True)
class ResourceFile:
    """One deployed file."""

    id: UUID
    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class DefinitionStatistics:
    """A definition with its running instances, failed jobs and open incidents by kind."""

    definition: DefinitionRow
    figures: DefinitionFigures = field(default_factory=DefinitionFigures)


def resource_file(
    office: Office,
    actor: Actor,
    *,
    definition_id: UUID | None = None,
    resource_id: UUID | None = None,
    deployment_id: UUID | None = None,
) -> ResourceFile:
    """The BPMN file of a definition, or any deployed file. Refused: Missing DEFINITION_NOT_FOUND, RESOURCE_NOT_FOUND."""
    with office.reading() as records:
        file: StoredFile | None = None
        if definition_id is not None:
            file = definition_file(records, definition_id)
            if file is None:
                raise Missing("DEFINITION_NOT_FOUND", "没有编号为 {id} 的流程定义。", id=definition_id)
        elif resource_id is not None:
            file = resource_content(records, resource_id, deployment_id)
        if file is None:
            raise Missing("RESOURCE_NOT_FOUND", "没有编号为 {id} 的资源。", id=resource_id)
        return ResourceFile(id=file.id, name=file.name, content=file.content)


def definition_statistics(office: Office, actor: Actor) -> tuple[DefinitionStatistics, ...]:
    """Every definition with its figures, in the order of keys and versions."""
    with office.reading() as records:
        definitions = DEFINITIONS.rows(records, sight_of(actor), {})
        figures = definition_figures(records)
    return tuple(
        DefinitionStatistics(definition=definition, figures=figures.get(definition.id, DefinitionFigures()))
        for definition in definitions
    )
