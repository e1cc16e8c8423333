"""Every table. One row per thing of the trade; ids are UUIDs, instants are aware, JSON is text.

Small on purpose: a finished linear case may cost at most 5 kB with its history, so columns that repeat what a
definition says are left out, and the open-work tables (candidates, subscriptions, external tasks, agenda) lose
their row when the work is done.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text, text

from service.store.columns import Id, Instant, Json

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# -- organisation -----------------------------------------------------------------------------------------------

department = Table(
    "department",
    metadata,
    Column("code", String(8), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("short", String(20), nullable=False),  # how it is called on a diagram or a lamp: 住建
    Column("window_kind", String(20), nullable=False),  # 常设, 综合, …
    Column("kind", String(16), nullable=False, server_default="FUNCTIONAL"),  # rules.organisation.DepartmentKind
    Column("unit_type", String(20)),  # rules.organisation.UnitType: which section is in the centre
    Column("parent", String(8)),  # code of the department above it
    Column("level", String(10), nullable=False, server_default="CITY"),
    Column("entry", String(10), nullable=False, server_default="RESIDENT"),  # 筹建, 已进驻, 迁出
)

person = Table(
    "person",
    metadata,
    Column("id", Id, primary_key=True),
    Column("username", String(60), nullable=False, unique=True),
    Column("alias", String(60), unique=True),  # another name for signing in and being named; rows keep the username
    Column("name", String(60), nullable=False),
    Column("staff_no", String(20)),
    Column("department", String(8), ForeignKey("department.code")),
    Column("duty", String(40), nullable=False, server_default=""),  # what the person is called: A岗, 首席代表
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("demo", Boolean, nullable=False, server_default=text("false")),
    Column("failed_logins", Integer, nullable=False, server_default="0"),
    Column("locked_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("must_change", Boolean, nullable=False, server_default=text("false")),  # a start password was given
    Column(
        "stamp", Integer, nullable=False, server_default="0"
    ),  # grows with roles, password and closing: sessions end
    Column("toured_at", Instant),  # has put away the tour of the first day
    Column("password_at", Instant),  # since when the password is this one; None: since the account was opened
)

person_role = Table(
    "person_role",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Column("role", String(40), primary_key=True),  # codes of DOMAIN B.1: counter_clerk, reviewer_a, chief_rep, …
    Column("mac", String(100)),  # store.seals
)

# -- process library --------------------------------------------------------------------------------------------

deployment = Table(
    "deployment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False, server_default=""),
    Column("source", String(200)),
    Column("deployed_at", Instant, nullable=False),
    Column("deployed_by", String(60), nullable=False),
    Column("note", Text),
    Column("deleted_at", Instant),  # set when its definitions never ran and it was deleted; rows stay for audit
)

resource = Table(
    "resource",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deployment_id", Id, ForeignKey("deployment.id"), nullable=False, index=True),
    Column("name", String(255), nullable=False),
    Column("digest", String(64), nullable=False),  # SHA-256 of the content, hexadecimal
    Column("content", LargeBinary, nullable=False),  # byte for byte as uploaded
)

definition = Table(
    "definition",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(255), nullable=False),
    Column("version", Integer, nullable=False),
    Column("deployment_id", Id, ForeignKey("deployment.id"), nullable=False, index=True),
    Column("resource_id", Id, ForeignKey("resource.id"), nullable=False),
    Column("name", String(255), nullable=False, server_default=""),
    Column("version_tag", String(100)),
    Column("zw_kind", String(10)),  # ITEM, CHAIN, SUPPORT or null for a plain BPMN file
    Column("digest", String(64), nullable=False),  # of the BPMN and the forms it names
    Column("called", Json, nullable=False),  # keys of called processes
    Column("forms", Json, nullable=False),  # form key -> resource id (text)
    Column("starts", Json, nullable=False),  # [{"kind", "name", "element"}]: how an instance can begin
    Column("note", Json),  # notes of the linter (ignored attributes and the like)
    Column("suspended", Boolean, nullable=False, server_default=text("false")),
    Column("deleted_at", Instant),
)
Index("uq_definition_key_version", definition.c.key, definition.c.version, unique=True)

start_subscription = Table(  # only of the newest version of a key; timers have an agenda row instead
    "start_subscription",
    metadata,
    Column("definition_id", Id, ForeignKey("definition.id"), primary_key=True),
    Column("element", String(255), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("name", String(255), nullable=False),
)
Index("ix_start_subscription_kind_name", start_subscription.c.kind, start_subscription.c.name)

binding = Table(  # which version of every called process a case runs with, decided at its start
    "binding",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("members", Json, nullable=False),  # process key -> definition id (text)
)

# -- cases ------------------------------------------------------------------------------------------------------

case = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("definition_id", Id, ForeignKey("definition.id"), nullable=False),
    Column("key", String(255), nullable=False),  # of the definition
    Column("binding_id", Id, ForeignKey("binding.id"), nullable=False),
    Column("business_key", String(255)),
    Column("title", String(200)),  # 主体-事项
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),  # number of the last journal line
    Column("started_at", Instant, nullable=False),
    Column("started_by", String(60)),
    Column("ended_at", Instant),
    Column("end_element", String(255)),
    Column("reason", Text),  # of a termination
    Column("blob", LargeBinary),  # engine state, null when ended
)
Index("ix_cases_key_started_at", case.c.key, case.c.started_at)
Index(
    "uq_cases_running_business_key",
    case.c.key,
    case.c.business_key,
    unique=True,
    sqlite_where=text("ended_at IS NULL AND business_key IS NOT NULL"),
    postgresql_where=text("ended_at IS NULL AND business_key IS NOT NULL"),
)
Index(
    "ix_cases_business_key",
    case.c.business_key,
    sqlite_where=text("business_key IS NOT NULL"),
    postgresql_where=text("business_key IS NOT NULL"),
)

task = Table(  # user and manual tasks, open and ended: a projection of the engine's tokens with a single writer
    "task",
    metadata,
    Column("id", Id, primary_key=True),  # the token's id
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("definition_id", Id, nullable=False),  # of the (called) process the element belongs to
    Column("scope_id", Id),  # null: the case itself; else the token that hosts the sub- or called process
    Column("element", String(255), nullable=False),
    Column("name", String(255), nullable=False),
    Column("description", Text),
    Column("form_key", String(255)),
    Column("assignee", String(60)),
    Column("owner", String(60)),
    Column("delegation", String(10)),  # PENDING, RESOLVED
    Column("priority", Integer, nullable=False, server_default="50"),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("follow_up_at", Instant),
    Column("seen", Integer, nullable=False),  # case version at which THIS task last changed
    Column("stage", String(20)),
    Column("department", String(8)),
    Column("role", String(40)),
    Column("escalated_at", Instant),
    Column("warn_at", Instant),  # when it turns yellow; with due_at all the inbox needs to tell lights apart
    Column("paused_at", Instant),  # its clock stands still since then
    Column("acting_for", String(60)),  # 代岗: whose task the assignee does
    Column("awaits", String(40)),  # number of the 移交单 whose certificate nobody has signed for
    Column("ended_at", Instant),
    Column("ended_by", String(60)),
    Column("outcome", String(10)),
)
_open_task: dict[str, Any] = {"sqlite_where": text("ended_at IS NULL"), "postgresql_where": text("ended_at IS NULL")}
Index("ix_task_open_assignee", task.c.assignee, task.c.due_at, **_open_task)
Index("ix_task_open_department", task.c.department, task.c.due_at, **_open_task)
Index("ix_task_open_element", task.c.definition_id, task.c.element, **_open_task)
Index(
    "ix_task_passed",
    task.c.definition_id,
    task.c.ended_at,
    sqlite_where=text("ended_at IS NOT NULL"),
    postgresql_where=text("ended_at IS NOT NULL"),
)

task_candidate = Table(  # only of open tasks
    "task_candidate",
    metadata,
    Column("task_id", Id, ForeignKey("task.id"), primary_key=True),
    Column("kind", String(5), primary_key=True),  # user, group
    Column("value", String(100), primary_key=True),  # username, role, department or department:role
    sqlite_with_rowid=False,
)
Index("ix_task_candidate_kind_value", task_candidate.c.kind, task_candidate.c.value)

comment = Table(
    "comment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("task_id", Id),
    Column("author", String(60), nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("message", Text, nullable=False),
)

activity = Table(  # every element instance that is not a user task, written when entered and when left
    "activity",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, nullable=False, index=True),
    Column("definition_id", Id, nullable=False),
    Column("scope_id", Id),
    Column("element", String(255), nullable=False),
    Column("kind", String(30), nullable=False),  # Camunda's activityType: startEvent, exclusiveGateway, …
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", String(10)),
    sqlite_with_rowid=False,
)
Index("ix_activity_open_element", activity.c.definition_id, activity.c.element, **_open_task)
_passed_call = "kind = 'callActivity' AND ended_at IS NOT NULL"
Index(
    "ix_activity_call_passed",
    activity.c.definition_id,
    activity.c.ended_at,
    sqlite_where=text(_passed_call),
    postgresql_where=text(_passed_call),
)

journal = Table(  # the case's version is the number of its last line
    "journal",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("written_at", Instant, nullable=False),
    Column("action", String(40), nullable=False),
    Column("actor", String(60)),  # null: the system by rule
    Column("element", String(255)),
    Column("task_id", Id),
    Column("detail", Json),
    Column("mac", String(100)),  # store.seals
    sqlite_with_rowid=False,
)

variable = Table(  # current values: projection of the engine's scopes; kept when item or case has ended
    "variable",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("scope_id", Id, primary_key=True),  # the case's own id for process variables, else the hosting token
    Column("name", String(255), primary_key=True),
    Column("type", String(20), nullable=False),  # Camunda's type name: String, Integer, Json, Date, …
    Column("value", Json),
    sqlite_with_rowid=False,
)

subscription = Table(  # live tokens that listen to messages and signals
    "subscription",
    metadata,
    Column("id", Id, primary_key=True),  # the token's id
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    Column("name", String(255), nullable=False),
    Column("element", String(255), nullable=False),
    Column("created_at", Instant, nullable=False),
)
Index("ix_subscription_kind_name", subscription.c.kind, subscription.c.name)

external_task = Table(  # service and send tasks with a topic, while they wait for a worker
    "external_task",
    metadata,
    Column("id", Id, primary_key=True),  # the token's id
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("definition_id", Id, nullable=False),
    Column("scope_id", Id),
    Column("element", String(255), nullable=False),
    Column("topic", String(255), nullable=False),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    Column("worker", String(255)),
    Column("locked_until", Instant),
    Column("retries", Integer),
    Column("error_message", Text),
    Column("error_details", Text),
)
Index("ix_external_task_topic", external_task.c.topic, external_task.c.priority)

incident = Table(
    "incident",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), index=True),
    Column("definition_id", Id),
    Column("kind", String(30), nullable=False),
    Column("element", String(255)),
    Column("token_id", Id),  # token, job or external task the incident is about
    Column("message", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
)
Index("ix_incident_token", incident.c.token_id)

agenda = Table(  # what will happen next: BPMN timers, in-house actions, thrown messages and signals
    "agenda",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("case_id", Id, ForeignKey("cases.id"), index=True),
    Column("definition_id", Id),
    Column("token_id", Id),  # timer, action: the waiting token
    Column("element", String(255)),
    Column("due_at", Instant, nullable=False),
    Column("ready_at", Instant),  # when to try: due_at, later after a failure, null = parked (no retries, suspended)
    Column("retries", Integer, nullable=False, server_default="3"),
    Column("locked_until", Instant),  # claimed by a node until then
    Column("error", Text),
    Column("detail", Json),
)
Index(
    "ix_agenda_ready",
    agenda.c.ready_at,
    sqlite_where=text("ready_at IS NOT NULL"),
    postgresql_where=text("ready_at IS NOT NULL"),
)
Index("ix_agenda_token", agenda.c.token_id)

# -- the service itself -----------------------------------------------------------------------------------------

ledger = Table(  # changes outside any case: deployments, people, the demo clock
    "ledger",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("written_at", Instant, nullable=False),
    Column("action", String(40), nullable=False),
    Column("actor", String(60)),
    Column("subject", String(255)),
    Column("detail", Json),
)

setting = Table(
    "setting",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", Json),
)

number_series = Table(
    "number_series",
    metadata,
    Column("name", String(60), primary_key=True),  # prefix, day, department
    Column("last", Integer, nullable=False),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("node", String(100), primary_key=True),
    Column("beaten_at", Instant, nullable=False),  # always real time, never the demo clock
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("actor", String(60), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request", String(64), nullable=False),  # digest of method, path and body
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("stored_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
