"""The blueprint all `/engine-rest` resources hang on, and who stands before it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, g, request

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.rights import require_library_reader
from service.rules.refusals import Missing
from service.web.bodies import NOWHERE, as_identity
from service.web.credentials import program_actor, refuse_other_sites
from service.web.once import heed_idempotency_keys

LIBRARY = frozenset(  # answer with files of what is deployed, or from them
    {
        "list_deployments", "count_deployments", "get_deployment", "list_resources", "get_resource", "read_resource",
        "decisions", "count_decisions", "get_decision", "get_decision_by_key", "decision_xml", "decision_xml_by_key",
        "evaluate_decision", "evaluate_decision_by_key", "definition_xml", "definition_xml_by_key", "called_definitions",
    }
)  # fmt: skip
door = Blueprint("engine_rest", __name__, url_prefix="/engine-rest")


@door.before_request
def authenticate() -> None:
    """Every route needs credentials, also the ones that show nothing."""
    refuse_other_sites()
    g.actor = program_actor(this_office())
    if (request.endpoint or "").removeprefix("engine_rest.") in LIBRARY:
        require_library_reader(g.actor)


heed_idempotency_keys(door)


def this_office() -> Office:
    """The office this application serves."""
    office: Office = current_app.extensions["office"]
    return office


def who() -> Actor:
    """Who asks."""
    actor: Actor = g.actor
    return actor


def identify(text: str, code: str, sentence: str) -> UUID:
    """The id in an address; Missing when it cannot be one."""
    found = as_identity(text)
    if found == NOWHERE:
        raise Missing(code, sentence, id=text)
    return found


def case_id(text: str) -> UUID:
    """The id of a process instance."""
    return identify(text, "CASE_NOT_FOUND", "没有编号为 {id} 的办件。")


def task_id(text: str) -> UUID:
    """The id of a task."""
    return identify(text, "TASK_NOT_FOUND", "没有编号为 {id} 的任务。")


def definition_id(text: str) -> UUID:
    """The id of a process definition."""
    return identify(text, "DEFINITION_NOT_FOUND", "没有编号为 {id} 的流程定义。")


def external_task_id(text: str) -> UUID:
    """The id of an external task."""
    return identify(text, "EXTERNAL_TASK_NOT_FOUND", "没有编号为 {id} 的外部任务。")


def job_id(text: str) -> UUID:
    """The id of a job."""
    return identify(text, "JOB_NOT_FOUND", "没有编号为 {id} 的作业。")


def incident_id(text: str) -> UUID:
    """The id of an incident."""
    return identify(text, "INCIDENT_NOT_FOUND", "没有编号为 {id} 的故障。")
