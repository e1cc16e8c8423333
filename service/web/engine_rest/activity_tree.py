"""What a running instance is doing, as Camunda's tree of activity instances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.listing import ActivityRow, CaseRow, IncidentRow

if TYPE_CHECKING:
    from service.casework import ScopeView


def activity_tree(
    case: CaseRow, scopes: Sequence[ScopeView], activities: Sequence[ActivityRow], incidents: Sequence[IncidentRow]
) -> dict[str, Any]:
    """The tree: the case, in it sub-processes and calls, in those what waits. A called process hangs below its call."""
    troubles: dict[UUID | None, list[IncidentRow]] = {}
    for incident in incidents:
        troubles.setdefault(incident.token_id, []).append(incident)
    root = _node(case.id, None, str(case.definition_id), case.definition_name, "processDefinition", case.definition_id)
    nodes: dict[UUID | None, dict[str, Any]] = {None: root}
    definitions = {row.id: row.definition_id for row in activities}
    for scope in scopes:
        if scope.host is not None:
            own = definitions.get(scope.host, case.definition_id)
            nodes[scope.host] = _node(scope.host, None, scope.element or "", scope.name, scope.activity_type, own)
    for scope in scopes:
        if scope.host is not None:
            _hang(nodes[scope.host], nodes.get(scope.parent, root))
    for row in activities:
        if row.id not in nodes:
            nodes[row.id] = _node(row.id, None, row.element, row.name or row.element, row.kind, row.definition_id)
            _hang(nodes[row.id], nodes.get(row.scope_id, root))
    for token, opened in troubles.items():
        node = nodes.get(token, root)
        node["incidentIds"] = [str(incident.id) for incident in opened]
        node["incidents"] = [{"id": str(i.id), "activityId": i.element} for i in opened]
    for node in nodes.values():
        node["processInstanceId"] = str(case.id)
    return root


def _node(token: UUID, parent: UUID | None, element: str, name: str, kind: str, definition_id: UUID) -> dict[str, Any]:
    return {
        "id": str(token),
        "parentActivityInstanceId": None,
        "activityId": element,
        "activityName": name or None,
        "name": name or None,
        "activityType": kind,
        "processInstanceId": None,
        "processDefinitionId": str(definition_id),
        "childActivityInstances": [],
        "childTransitionInstances": [],
        "executionIds": [str(token)],
        "incidentIds": [],
        "incidents": [],
    }


def _hang(node: dict[str, Any], parent: dict[str, Any]) -> None:
    node["parentActivityInstanceId"] = parent["id"]
    parent["childActivityInstances"].append(node)
