"""What every address of `/engine-rest` is for: a sentence, what it answers, what it takes, and which list it asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.casework import listing as lists

NOTHING, FILE, TEXT, ANY = "", "file", "text", "Anything"  # answers: 204; bytes; plain text; whatever JSON


@dataclass(frozen=True)
class Said:
    """One endpoint. `answer`, `body`: names of schemas, `[Name]` for a list; `listing`: whose filters and sorts it heeds;
    `wished`: the schema of a 200 that comes instead of the usual 204 when the body asks for it."""

    summary: str
    answer: str = NOTHING
    body: str | None = None
    listing: Any = None
    wished: str = ""


def _variables(endpoint: str, of: str) -> dict[str, Said]:
    """The six addresses of variables of something."""
    return {
        f"{endpoint}_variables": Said(f"Variables of {of}", "Variables"),
        f"modify_{endpoint}_variables": Said(f"Write and remove variables of {of} in one transaction", NOTHING, "Modifications"),
        f"{endpoint}_variable": Said(f"One variable of {of}", "Variable"),
        f"put_{endpoint}_variable": Said(f"Write one variable of {of}", NOTHING, "Variable"),
        f"delete_{endpoint}_variable": Said(f"Remove one variable of {of}"),
        f"{endpoint}_variable_data": Said(f"The bytes of a file variable of {of}", FILE),
        f"upload_{endpoint}_variable": Said(f"Write a file variable of {of}", NOTHING, "Files"),
    }  # fmt: skip


def _twice(said: dict[str, Said]) -> dict[str, Said]:
    """The same by the key of a definition."""
    return {
        **said,
        **{f"{name}_by_key": Said(f"{one.summary}, by key", one.answer, one.body) for name, one in said.items()},
    }


DESCRIBED: dict[str, Said] = {
    "list_batches": Said("Batches of migrations", "[Batch]"),
    "count_batches": Said("How many batches", "Count"),
    "get_batch": Said("One batch", "Batch"),
    "delete_batch": Said("End a batch; what has not had its turn stays as it is"),
    "suspend_batch": Said("Pause or resume a batch", NOTHING, "Suspension"),
    "list_statistics": Said("Batches with their progress", "[BatchStatistics]"),
    "count_statistics": Said("How many batches with progress", "Count"),
    "decisions": Said("Decision definitions", "[DecisionDefinition]"),
    "count_decisions": Said("How many decision definitions", "Count"),
    **_twice({
        "get_decision": Said("One decision definition", "DecisionDefinition"),
        "evaluate_decision": Said("Evaluate a decision table", "[Anything]", "Evaluation"),
        "decision_xml": Said("The DMN of a decision", "DecisionXml"),
    }),
    "list_deployments": Said("Deployments", "[Deployment]", None, lists.DEPLOYMENTS),
    "count_deployments": Said("How many deployments", "Count", None, lists.DEPLOYMENTS),
    "get_deployment": Said("One deployment", "Deployment"),
    "remove_deployment": Said("Take a deployment out of use"),
    "list_resources": Said("Files of a deployment", "[Resource]"),
    "get_resource": Said("One file of a deployment", "Resource"),
    "read_resource": Said("The bytes of a file of a deployment", FILE),
    "create_deployment": Said(
        "Deploy files; 403 DIRECT_DEPLOYMENT_OFF where three persons agree to processes (S-07)", "Deployment", "Files"
    ),
    "engines": Said("The engines: one", "[Engine]"),
    "version": Said("The version of the interface", "Version"),
    "list_executions": Said("Executions", "[Execution]", None, lists.EXECUTIONS),
    "count_executions": Said("How many executions", "Count", None, lists.EXECUTIONS),
    "get_execution": Said("One execution", "Execution"),
    "message_subscription": Said("What an execution waits for", "Anything"),
    "trigger_message": Said("Deliver a message to one waiting execution", NOTHING, "Trigger"),
    "signal_execution": Said("Let a waiting execution go on", NOTHING, "Trigger"),
    **_variables("execution", "an execution"),
    "list_external_tasks": Said("External tasks", "[ExternalTask]", None, lists.EXTERNAL_TASKS),
    "count_external_tasks": Said("How many external tasks", "Count", None, lists.EXTERNAL_TASKS),
    "get_external_task": Said("One external task", "ExternalTask"),
    "fetch_and_lock_tasks": Said("Lock free tasks for a worker, waiting for them if wished", "[LockedExternalTask]", "FetchAndLock"),
    "topic_names": Said("Topics there are tasks of", "[Text]"),
    "complete_external_task": Said("Complete an external task", NOTHING, "WorkerCompletion"),
    "fail_external_task": Said("Report a failure; without retries left it becomes an incident", NOTHING, "Failure"),
    "external_bpmn_error": Said("Throw an error the diagram catches", NOTHING, "WorkerError"),
    "external_bpmn_escalation": Said("Throw an escalation the diagram catches", NOTHING, "WorkerEscalation"),
    "error_details": Said("Details of the last failure", TEXT),
    "extend_external_lock": Said("Extend a lock", NOTHING, "LockExtension"),
    "lock_external_task": Said("Lock one task", NOTHING, "Lock"),
    "unlock_external_task": Said("Give up a lock"),
    "put_external_retries": Said("Set the retries of a task", NOTHING, "Retries"),
    "put_many_external_retries": Said("Set the retries of many tasks", NOTHING, "ManyRetries"),
    "put_external_priority": Said("Set the priority of a task", NOTHING, "Priority"),
    "list_history_instances": Said("Instances, also ended ones", "[HistoricInstance]", None, lists.CASES),
    "count_history_instances": Said("How many instances, also ended ones", "Count", None, lists.CASES),
    "get_history_instance": Said("One instance, also an ended one", "HistoricInstance"),
    "list_history_activities": Said("What was executed", "[HistoricActivity]", None, lists.ACTIVITIES),
    "count_history_activities": Said("How much was executed", "Count", None, lists.ACTIVITIES),
    "get_history_activity": Said("One thing that was executed", "HistoricActivity"),
    "list_history_tasks": Said("Tasks, also ended ones", "[HistoricTask]", None, lists.TASKS),
    "count_history_tasks": Said("How many tasks, also ended ones", "Count", None, lists.TASKS),
    "list_history_variables": Said("Variables of all instances", "[HistoricVariable]", None, lists.VARIABLES),
    "count_history_variables": Said("How many variables", "Count", None, lists.VARIABLES),
    "list_operations": Said("Who did what", "[Operation]", None, lists.OPERATIONS),
    "count_operations": Said("How many things were done", "Count", None, lists.OPERATIONS),
    "list_history_incidents": Said("Incidents, also closed ones", "[HistoricIncident]", None, lists.INCIDENTS),
    "count_history_incidents": Said("How many incidents, also closed ones", "Count", None, lists.INCIDENTS),
    "list_incidents": Said("Open incidents", "[Incident]", None, lists.INCIDENTS),
    "count_incidents": Said("How many open incidents", "Count", None, lists.INCIDENTS),
    "get_incident": Said("One incident", "Incident"),
    "delete_incident": Said("Close an incident without trying again"),
    "list_jobs": Said("Timers and failed steps", "[Job]", None, lists.JOBS),
    "count_jobs": Said("How many timers and failed steps", "Count", None, lists.JOBS),
    "get_job": Said("One timer or failed step", "Job"),
    "put_job_due": Said("Move a timer", NOTHING, "DueDate"),
    "execute": Said("Do it at once, whatever its due instant"),
    "put_job_retries": Said("Set the retries of a failed step", NOTHING, "Retries"),
    "job_stacktrace": Said("Why a step failed", TEXT),
    "correlate_message": Said("Send a message: to an instance that waits, or to start one", "[Anything]", "Message"),
    "throw_signal": Said("Send a signal to everybody who listens, or to one execution", NOTHING, "Signal"),
    "generate_plan": Said("A migration plan for whatever has a likeness in the target version", "MigrationPlan", "MigrationWish"),
    "validate_plan": Said("What is wrong with a migration plan", "Anything", "MigrationPlan"),
    "migrate": Said("Migrate instances: all of them or none", NOTHING, "MigrationExecution"),
    "migrate_later": Said("Migrate instances as a batch", "Batch", "MigrationExecution"),
    "list_definitions": Said("Process definitions", "[Definition]", None, lists.DEFINITIONS),
    "count_definitions": Said("How many process definitions", "Count", None, lists.DEFINITIONS),
    "definition_figures": Said("Running instances, failed jobs and incidents of every version", "[Anything]"),
    "called_definitions": Said("The newest versions of the processes this one calls", "[Definition]"),
    "get_definition": Said("One process definition", "Definition"),
    "get_definition_by_key": Said("The newest version of a process", "Definition"),
    "start": Said("Start an instance", "Instance", "Start"),
    "start_by_key": Said("Start an instance of the newest version", "Instance", "Start"),
    "suspend_by_id": Said("Suspend or resume a definition", NOTHING, "Suspension"),
    "suspend_by_key": Said("Suspend or resume a definition, by key", NOTHING, "Suspension"),
    **_twice({
        "definition_deployed_start_form": Said("The form a process starts with", "Anything"),
        "definition_form_variables": Said("Variables of the start form", "Variables"),
        "definition_start_form": Said("The key of the start form", "FormKey"),
        "definition_xml": Said("The BPMN of a definition", "Xml"),
        "submit_start_form": Said("Start an instance by its form", "Instance", "Start"),
    }),
    "list_instances": Said("Running instances", "[Instance]", None, lists.CASES),
    "count_instances": Said("How many running instances", "Count", None, lists.CASES),
    "get_instance": Said("One running instance", "Instance"),
    "delete_instance": Said("End an instance; its history stays"),
    "activity_instances": Said("What an instance is doing, scope within scope", "Anything"),
    "instance_comments": Said("Comments on an instance", "[Comment]"),
    "modify_instance": Said("Move an instance to another step", NOTHING, "Modification"),
    "modify_instance_later": Said("Refused: instances are moved at once or not at all", NOTHING, "Modification"),
    "suspend_instance": Said("Suspend or resume an instance", NOTHING, "Suspension"),
    **_variables("instance", "an instance"),
    "list_tasks": Said("Open tasks", "[Task]", None, lists.TASKS),
    "count_tasks": Said("How many open tasks", "Count", None, lists.TASKS),
    "get_task": Said("One open task", "Task"),
    "put_task": Said("Change a task: null empties a field, what is missing stays", NOTHING, "TaskChange"),
    "claim": Said("Claim a task for somebody", NOTHING, "Assignment"),
    "unclaim": Said("Give a task back to its candidates"),
    "assign": Said("Give a task to somebody, or to nobody", NOTHING, "Assignment"),
    "delegate": Said("Ask somebody to work on a task", NOTHING, "Assignment"),
    "resolve": Said("Hand a delegated task back", NOTHING, "Resolution"),
    "complete": Said("Complete a task; 200 with the variables afterwards if wished", NOTHING, "Completion", wished="Variables"),
    "throw": Said("Refused: user tasks throw neither errors nor escalations"),
    "form": Said("The key of a task's form", "FormKey"),
    "deployed_form": Said("The form of a task", "Anything"),
    "task_form_variables": Said("Variables of a task's form", "Variables"),
    "task_variables_of": Said("Variables of a task", "Variables"),
    **{name: one for name, one in _variables("task", "a task").items() if name != "task_variables"},
    "list_task_comments": Said("Comments on a task", "[Comment]"),
    "get_task_comment": Said("One comment", "Comment"),
    "create_task_comment": Said("Comment on a task", "Comment", "NewComment"),
    "identity_links": Said("Who may have a task", "[IdentityLink]"),
    "add_identity_link": Said("Let somebody have a task", NOTHING, "IdentityLink"),
    "delete_identity_link": Said("Let somebody no longer have a task", NOTHING, "IdentityLink"),
    "openapi": Said("This description", "Anything"),
}  # fmt: skip
