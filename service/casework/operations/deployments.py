"""Deployments: who deployed what and when; P25."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from service.casework.actors import Actor
from service.casework.listing.pages import RowPage, row_page
from service.casework.office import Office
from service.casework.operations.rights import require_deployment_reader
from service.store.listing import DEFINITIONS, DEPLOYMENTS, Sight
from service.store.listing.definitions import DefinitionRow, DeploymentRow

PAGE = 20


def deployment_list(
    office: Office, actor: Actor, *, filters: Mapping[str, str] | None = None, sort: str = "", page: int = 1
) -> RowPage[DeploymentRow]:
    """One page of deployments, the latest first; `more`: `versions`, id → definitions it made, and `names` of people.

    Refused: Forbidden DEPLOYMENTS_NOT_YOURS.
    """
    require_deployment_reader(actor)
    asked = {name: f"%{value}%" if name == "name_like" else value for name, value in (filters or {}).items() if value}
    everything = Sight(everything=True)
    found = row_page(
        office, actor, DEPLOYMENTS, asked, sort=sort or "-deployment_time", page=page, sight=everything, size=PAGE
    )  # fmt: skip
    with office.reading() as records:
        made: dict[object, tuple[DefinitionRow, ...]] = {
            row.id: DEFINITIONS.rows(records, everything, {"deployment_id": row.id}) for row in found.items
        }
        names = records.people.names({row.deployed_by for row in found.items if row.deployed_by})
    return replace(found, more={"versions": made, "names": names})
