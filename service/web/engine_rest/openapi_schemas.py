"""What `/engine-rest` takes and gives, in short: `name` a text or null, `name!` a text, `@` an instant, `#` a number, `?` yes or no,
`name:Other` another schema, `name*Other` a list of them."""

from __future__ import annotations

import re
from typing import Any

PROPERTY = re.compile(r"(\w+)([!@#?]|:(?:\w+)|\*(?:\w+))?")
KINDS: dict[str, dict[str, Any]] = {
    "": {"type": ["string", "null"]},
    "!": {"type": "string"},
    "@": {"type": ["string", "null"], "description": "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "examples": ["2026-03-16T09:00:00.000+0800"]},
    "#": {"type": ["integer", "null"]},
    "?": {"type": ["boolean", "null"]},
}  # fmt: skip
SHORT = {  # what is answered
    "Count": "count#",
    "Batch": "id! type totalJobs# jobsCreated# batchJobsPerSeed# invocationsPerBatchJob# suspended? createUserId startTime@ executionStartTime@",
    "BatchStatistics": "id! type totalJobs# jobsCreated# remainingJobs# completedJobs# failedJobs# suspended? createUserId startTime@",
    "Comment": "id! userId taskId processInstanceId time@ message",
    "Definition": "id! key! name version# versionTag resource deploymentId! diagram description category suspended? tenantId historyTimeToLive startableInTasklist?",
    "Deployment": "id! name source deploymentTime@ tenantId",
    "Resource": "id! name! deploymentId!",
    "Instance": "id! definitionId! definitionKey businessKey caseInstanceId ended? suspended? tenantId",
    "Execution": "id! processInstanceId! ended? tenantId",
    "ExternalTask": "id! activityId activityInstanceId createTime@ errorMessage executionId lockExpirationTime@ processDefinitionId processDefinitionKey "
    "processDefinitionVersionTag processInstanceId retries# workerId topicName priority# businessKey suspended? tenantId",
    "LockedExternalTask": "id! topicName! workerId activityId processInstanceId processDefinitionKey businessKey retries# priority# lockExpirationTime@ "
    "errorMessage errorDetails variables:Variables extensionProperties:Anything",
    "Incident": "id! processDefinitionId processInstanceId executionId incidentTimestamp@ incidentType activityId failedActivityId incidentMessage configuration",
    "Job": "id! processInstanceId processDefinitionId processDefinitionKey executionId retries# exceptionMessage failedActivityId dueDate@ suspended? priority#",
    "Task": "id! name assignee created@ due@ followUp@ lastUpdated@ delegationState description executionId owner parentTaskId priority# processDefinitionId "
    "processInstanceId caseDefinitionId caseInstanceId caseExecutionId taskDefinitionKey suspended? formKey tenantId taskState",
    "IdentityLink": "userId groupId type!",
    "Variable": "type valueInfo:Anything",
    "HistoricInstance": "id! businessKey processDefinitionId processDefinitionKey processDefinitionName processDefinitionVersion# startTime@ endTime@ durationInMillis# "
    "startUserId deleteReason state",
    "HistoricActivity": "id! activityId activityName activityType processInstanceId executionId taskId assignee startTime@ endTime@ durationInMillis# canceled?",
    "HistoricTask": "id! name assignee owner description deleteReason startTime@ endTime@ duration# taskDefinitionKey priority# due@ followUp@ processInstanceId",
    "HistoricVariable": "id! name! type processInstanceId executionId activityInstanceId createTime@ state",
    "HistoricIncident": "id! createTime@ endTime@ incidentType activityId incidentMessage processInstanceId open? resolved?",
    "Operation": "id! operationType entityType userId timestamp@ processInstanceId taskId",
    "DecisionDefinition": "id! key! name version# resource deploymentId versionTag tenantId",
    "Xml": "id! bpmn20Xml!",
    "DecisionXml": "id! dmnXml!",
    "FormKey": "key contextPath",
    "Version": "version!",
    "Engine": "name!",
    "Error": "type! message! code# reason!",
    # what is asked
    "Assignment": "userId",
    "Completion": "variables:Variables withVariablesInReturn?",
    "Resolution": "variables:Variables",
    "Start": "businessKey variables:Variables withVariablesInReturn?",
    "Suspension": "suspended? includeProcessInstances? executionDate",
    "Modifications": "modifications:Variables deletions*Text",
    "TaskChange": "name description assignee owner priority# due@ followUp@ delegationState",
    "NewComment": "message!",
    "FetchAndLock": "workerId! maxTasks# usePriority? asyncResponseTimeout# topics*Topic sorting*Anything",
    "Topic": "topicName! lockDuration# businessKey processDefinitionId processDefinitionKey processVariables:Anything includeExtensionProperties?",
    "WorkerCompletion": "workerId! variables:Variables localVariables:Variables",
    "Failure": "workerId! errorMessage errorDetails retries# retryTimeout#",
    "WorkerError": "workerId! errorCode! errorMessage variables:Variables",
    "WorkerEscalation": "workerId! escalationCode! variables:Variables",
    "LockExtension": "workerId! newDuration#",
    "Lock": "workerId! lockDuration#",
    "Retries": "retries#",
    "ManyRetries": "retries# externalTaskIds*Text",
    "Priority": "priority#",
    "DueDate": "duedate@",
    "Message": "messageName! businessKey processInstanceId correlationKeys:Variables localCorrelationKeys:Variables processVariables:Variables resultEnabled? "
    "variablesInResultEnabled? all?",
    "Signal": "name! executionId variables:Variables",
    "Trigger": "variables:Variables",
    "MigrationWish": "sourceProcessDefinitionId! targetProcessDefinitionId! updateEventTriggers?",
    "MigrationPlan": "sourceProcessDefinitionId! targetProcessDefinitionId! instructions*Anything variables:Anything",
    "MigrationExecution": "migrationPlan:MigrationPlan processInstanceIds*Text processInstanceQuery:Anything",
    "Modification": "instructions*Anything annotation skipCustomListeners? skipIoMappings?",
    "Evaluation": "variables:Variables",
    "Files": "deployment-name",
}  # fmt: skip


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by name. Answers may say more than is described, requests too: what is not known is not heeded."""
    found: dict[str, dict[str, Any]] = {name: _schema(text) for name, text in SHORT.items()}
    anything = {"description": "any JSON"}
    found["Anything"], found["Text"] = anything, {"type": "string"}
    found["Variable"]["properties"]["value"] = anything
    found["Variables"] = {"type": ["object", "null"], "additionalProperties": {"$ref": "#/components/schemas/Variable"}}
    found["Files"] = {
        "type": "object",
        "properties": {
            name: {"type": "string"}
            for name in (
                "deployment-name",
                "deployment-source",
                "tenant-id",
                "enable-duplicate-filtering",
                "deploy-changed-only",
            )
        },
        "additionalProperties": {"type": "string", "contentMediaType": "application/octet-stream"},
        "description": "Every other part is a file: BPMN, DMN, form.",
    }
    return found


def reference(name: str) -> dict[str, Any]:
    """A schema by its name, `[name]` a list of it."""
    if name.startswith("["):
        return {"type": "array", "items": reference(name.strip("[]"))}
    return {"$ref": f"#/components/schemas/{name}"}


def _schema(text: str) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for word in text.split():
        found = PROPERTY.match(word)
        assert found is not None, word
        name, kind = found[1], found[2] or ""
        if kind[:1] in (":", "*"):
            inner = reference(kind[1:])
            properties[name] = {"type": ["array", "null"], "items": inner} if kind[0] == "*" else inner
        else:
            properties[name] = KINDS[kind]
    needed = [word[:-1] for word in text.split() if word.endswith("!")]
    return {"type": "object", "properties": properties, **({"required": needed} if needed else {})}
