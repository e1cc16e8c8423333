"""What elements are called: rows keep their ids only, the programs of their cases know the names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from service.casework.office import Office
from service.store.listing.files import bindings_of_cases

MOST_BINDINGS = 40  # programs looked into for one list; beyond that names stay empty


def element_names(office: Office, case_ids: Collection[UUID]) -> Mapping[tuple[UUID, str], str]:
    """(definition, element) → name, for everything the cases run with."""
    names: dict[tuple[UUID, str], str] = {}
    with office.reading() as records:
        for binding_id, key in bindings_of_cases(records, case_ids, MOST_BINDINGS):
            program = office.programs.for_binding(records, binding_id, key)
            for process in program.processes():
                definition_id = program.definition_id(process)
                for element, card in program.elements(process).items():
                    names[definition_id, element] = card.name
    return names
