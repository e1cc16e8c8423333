"""What crosses the engine's door: plain frozen data, no SpiffWorkflow object, no XML element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from service.rules.items import ItemCard

# -- deploying --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One uploaded file, byte for byte."""

    name: str
    content: bytes


class Severity(StrEnum):
    """How bad a finding is: an error refuses the deployment, a warning does not, a note only informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing the linter says: where, which rule, in Chinese and English."""

    code: str
    severity: Severity
    file: str
    line: int
    element: str | None
    text: str  # Chinese sentence, filled in
    english: str
    column: int = 0
    remedy: str = ""  # what to do about it, Chinese
    remedy_english: str = ""


@dataclass(frozen=True, kw_only=True)
class Register:
    """What the item register says, as far as diagrams must agree with it. `standards`: codes of approved fee standards;
    None: not known, empty: none has been entered yet."""

    items: Mapping[str, ItemCard]
    standards: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Start:
    """One way an instance can begin. kind: none, message, timer, signal. name: of the message or signal, timer text.

    `element` is what Run.start takes; `<id>#2` is the second definition of a multiple start event.
    """

    kind: str
    element: str
    name: str = ""
    timer: str = ""  # date, duration or cycle
    form_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class TaskCard:
    """What a definition says about one user task (Camunda and zw attributes), for lists and linters."""

    element: str
    name: str
    form_key: str | None
    lane: str | None
    zw: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One executable process found in the examined resources, ready to become a definition version."""

    key: str
    name: str
    resource: str  # name of the file it stands in
    version_tag: str | None
    zw: Mapping[str, str]  # zw:kind, zw:item, zw:limit, zw:lead … without prefix
    called: tuple[str, ...]  # keys of the processes it calls
    forms: tuple[str, ...]  # form keys it uses
    starts: tuple[Start, ...]
    tasks: tuple[TaskCard, ...]
    digest: str  # SHA-256 of the BPMN file and the forms it names
    decisions: tuple[str, ...] = ()  # `key`, `key@deployment`, `key@version:3`, `key@versionTag:v1`


@dataclass(frozen=True, kw_only=True)
class DecisionCard:
    """One decision of a DMN file."""

    key: str
    name: str
    version_tag: str | None = None


@dataclass(frozen=True, kw_only=True)
class Examination:
    """The result of examining resources: findings in file and line order, drafts when there is no error."""

    findings: tuple[Finding, ...]
    drafts: tuple[Draft, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that refuse the deployment."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)


@dataclass(frozen=True, kw_only=True)
class Source:
    """One process as deployed: its key, the version it stands for, the BPMN file and the forms it names."""

    key: str
    definition_id: UUID
    bpmn: bytes
    forms: Mapping[str, bytes] = field(default_factory=dict)
    decisions: Mapping[str, bytes] = field(default_factory=dict)  # DMN files by `key` or `key@binding`


@dataclass(frozen=True, kw_only=True)
class ElementCard:
    """What pages and history need to know about one element of a process."""

    element: str
    name: str
    activity_type: str  # Camunda's
    kind: str  # the BPMN tag: userTask, boundaryEvent …
    process: str  # key
    parent: str | None = None  # the embedded sub-process it stands in
    attached_to: str | None = None  # boundary events
    called: str | None = None  # call activities: key of the called process
    form_key: str | None = None
    lane: str | None = None
    zw: Mapping[str, str] = field(default_factory=dict)  # as written
    conditions: tuple[str, ...] = ()  # of the flows that leave it
    after: tuple[str, ...] = ()  # the elements whose flows lead to it


# -- running ----------------------------------------------------------------------------------------------------


class WaitKind(StrEnum):
    """What a live token waits for."""

    USER_TASK = "userTask"  # user and manual tasks
    EXTERNAL_TASK = "externalTask"  # service and send tasks with camunda:topic
    ACTION = "action"  # service tasks with zw:action, run by the worker
    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    INCIDENT = "incident"  # the token failed; retry or repair


@dataclass(frozen=True, kw_only=True)
class Wait:
    """One live wait point. `id` is the token's id and stays the same across save and load."""

    id: UUID
    kind: WaitKind
    element: str
    name: str
    activity_type: str  # Camunda's: userTask, serviceTask, boundaryTimer, intermediateTimer, receiveTask, …
    process: str  # key of the process the element stands in
    scope: UUID | None  # hosting token of the nearest sub-process or called process; None for the case itself
    variable_scope: UUID | None  # hosting token of the nearest CALLED process; None for the case itself
    host: UUID | None = None  # boundary subscriptions: the token of the activity they are attached to
    entered_at: datetime | None = None
    due: datetime | None = None  # timers; None while the clock they follow stands still
    event: str | None = None  # message or signal name
    topic: str | None = None
    action: str | None = None  # zw:action
    priority: int | None = None  # evaluated camunda:priority / taskPriority
    form_key: str | None = None
    assignee: str | None = None  # evaluated
    candidate_users: tuple[str, ...] = ()
    candidate_groups: tuple[str, ...] = ()
    due_date: datetime | None = None  # evaluated camunda:dueDate, or due instant of zw:limit
    follow_up: datetime | None = None
    description: str | None = None
    lane: str | None = None
    zw: Mapping[str, str] = field(default_factory=dict)  # zw: attributes of the element, `dept`/`role` evaluated
    properties: Mapping[str, str] = field(default_factory=dict)  # camunda:properties
    local: Mapping[str, Any] = field(default_factory=dict)  # local variables (loop item, input parameters)
    loop: int | None = None  # loopCounter of a multi-instance child
    error: str | None = None  # incidents: what failed
    correlation: Mapping[str, Any] = field(default_factory=dict)  # values the message must have, by property
    returned_to: str | None = None  # a task that came back: who did it before


@dataclass(frozen=True, kw_only=True)
class ScopeView:
    """One open scope of the case: the case itself (`host` None), a sub-process or a called process."""

    host: UUID | None  # the token that hosts it; the scope's id
    element: str | None
    name: str
    activity_type: str  # "process" for the case itself
    process: str  # key of the process that runs in it
    parent: UUID | None  # host of the scope around it; None: the case (or the case itself)
    variable_scope: UUID | None
    business_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One open ad-hoc sub-process: its host token and the activities that may be begun in it now."""

    host: UUID
    element: str
    name: str
    activities: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Passage:
    """An element instance was entered or left during this run, in order."""

    id: UUID
    what: str  # "entered", "completed", "cancelled"
    element: str
    name: str
    activity_type: str
    process: str
    scope: UUID | None
    variable_scope: UUID | None = None  # hosting token of the nearest CALLED process; None: the case itself
    zw: Mapping[str, str] = field(default_factory=dict)  # of a completed element that asks for acts: as written
    values: Mapping[str, Any] = field(default_factory=dict)  # and what it saw then


@dataclass(frozen=True, kw_only=True)
class Thrown:
    """A message or signal left the case, or an escalation nobody caught."""

    kind: str  # message, signal, escalation
    name: str
    element: str
    variables: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Countersigned:
    """A countersigned multi-instance activity is over: by which policy, with which result (PASSED, FAILED)."""

    element: str
    policy: str
    result: str
    asked: int
    agreed: int
    objected: int


@dataclass(frozen=True, kw_only=True)
class VariableChange:
    """One variable of a scope was written (or removed: `removed`)."""

    scope: UUID | None
    name: str
    value: Any = None
    type: str | None = None  # Camunda type the client declared, None: infer from the value
    removed: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one run did, to be written in the same transaction."""

    state: bytes | None  # None when ended
    ended: str | None  # None while alive; "completed" or "cancelled"
    end_elements: tuple[str, ...]  # end events reached in the top scope in this run
    opened: tuple[Wait, ...]
    closed: tuple[UUID, ...]  # wait points that are gone (whatever their kind)
    changed: tuple[Wait, ...]  # same token, other facts: a re-armed timer
    passages: tuple[Passage, ...]
    thrown: tuple[Thrown, ...]
    variables: tuple[VariableChange, ...]
    steps: int  # automatic element executions
    countersigned: tuple[Countersigned, ...] = ()

    def followed_by(self, later: Outcome) -> Outcome:
        """Both as one, when only timers have been counted anew between them."""
        fresh = {wait.id: wait for wait in later.changed}
        opened = tuple(fresh.pop(wait.id, wait) for wait in self.opened)
        changed = tuple(fresh.pop(wait.id, wait) for wait in self.changed)
        return replace(self, state=later.state, opened=opened, changed=(*changed, *fresh.values()))
