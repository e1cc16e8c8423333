"""What a running instance is doing, as Camunda's tree of activity instances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.listing import CaseRow, IncidentRow

if TYPE_CHECKING:
    from service.casework import ScopeView, Wait


def activity_tree(
    case: CaseRow,
    scopes: Sequence[ScopeView],
    waits: Sequence[Wait],
    incidents: Sequence[IncidentRow],
    definitions: Mapping[str, UUID],
) -> dict[str, Any]:
    """The tree: the case, in it sub-processes and calls, in those what waits. A called process hangs below its call.

    `definitions`: version of every process that runs in the case, by key.
    """

    def node(token: UUID, element: str, name: str, kind: str, process: str) -> dict[str, Any]:
        return {
            "id": str(token),
            "parentActivityInstanceId": None,
            "activityId": element,
            "activityName": name or None,
            "name": name or None,
            "activityType": kind,
            "processInstanceId": str(case.id),
            "processDefinitionId": str(definitions.get(process, case.definition_id)),
            "childActivityInstances": [],
            "childTransitionInstances": [],
            "executionIds": [str(token)],
            "incidentIds": [],
            "incidents": [],
        }

    root = node(case.id, str(case.definition_id), case.definition_name, "processDefinition", case.definition_key)
    nodes: dict[UUID | None, dict[str, Any]] = {None: root}
    for scope in scopes:  # parents first
        if scope.host is not None:
            around = nodes.get(scope.parent, root)
            own = node(scope.host, scope.element or "", scope.name, scope.activity_type, scope.process)
            own["processDefinitionId"] = _definition_around(scope, around, own)
            nodes[scope.host] = _hang(own, around)
    for wait in waits:
        if wait.host is None and wait.id not in nodes:  # what listens at the border of an activity is no activity
            own = node(wait.id, wait.element, wait.name, wait.activity_type, wait.process)
            nodes[wait.id] = _hang(own, nodes.get(wait.scope, root))
    for incident in incidents:
        place = nodes.get(incident.token_id, root)
        place["incidentIds"].append(str(incident.id))
        place["incidents"].append({"id": str(incident.id), "activityId": incident.element})
    return root


def _definition_around(scope: ScopeView, around: Mapping[str, Any], own: Mapping[str, Any]) -> Any:
    """A call belongs to the process that calls, not to the one that runs in it."""
    return around["processDefinitionId"] if scope.activity_type == "callActivity" else own["processDefinitionId"]


def _hang(node: dict[str, Any], parent: dict[str, Any]) -> dict[str, Any]:
    node["parentActivityInstanceId"] = parent["id"]
    parent["childActivityInstances"].append(node)
    return node
