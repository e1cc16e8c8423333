"""Starting a case: of the newest version of a process, or of a given one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import orjson

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, write
from service.casework.numbering import receipt_number
from service.casework.office import Office
from service.casework.projection import Running, clocks_of, settle
from service.casework.rights import BEGUN_BY_THEIR_PAGE, require_starter
from service.casework.views import CaseView, StartForm
from service.casework.working_days import WhenCounted
from service.rules.refusals import Conflict, Forbidden, Missing
from service.rules.vocabulary import CaseState, JournalAction
from service.store.cases import CaseRow
from service.store.deployments import DefinitionRow
from service.store.records import Records

LONGEST_TITLE, LONGEST_KEY = 200, 255
SUBJECTS = ("project_name", "applicant_name")  # variables that say whose case it is, the first one given wins


def start_case(
    office: Office,
    actor: Actor,
    *,
    key: str | None = None,
    definition_id: UUID | None = None,
    business_key: str | None = None,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
    start: str | None = None,
    title: str | None = None,
) -> CaseView:
    """Start a case of the newest version of `key` (or of one definition), at start event `start` or the plain one.

    Refused: Missing DEFINITION_NOT_FOUND, Conflict DEFINITION_SUSPENDED or BUSINESS_KEY_IN_USE,
    ITEM_NOT_IN_USE, Forbidden START_FORBIDDEN, SUPPORT_BY_ITS_PAGE.
    """
    require_starter(office, actor)

    def act() -> CaseView:
        with office.transaction() as records:
            definition = wanted_definition(records, key=key, definition_id=definition_id)
            if definition.key in BEGUN_BY_THEIR_PAGE and not actor.service:
                raise Forbidden("SUPPORT_BY_ITS_PAGE", "配套流程由其页面、办件或定时任务启动，不能直接发起。")
            require_in_use(records, definition.key)
            return begin(
                office,
                records,
                actor,
                definition,
                business_key=business_key,
                variables=variables,
                types=types,
                start=start,
                title=title,
            )

    return office.attempt(act)


def begin(
    office: Office,
    records: Records,
    actor: Actor | None,
    definition: DefinitionRow,
    *,
    business_key: str | None = None,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
    start: str | None = None,
    title: str | None = None,
) -> CaseView:
    """Start a case inside a transaction; `actor` None: a timer, message or signal did.

    A case that a person starts without a business key gets a 收件号 as its key.
    """
    from service.engine import Run

    if definition.suspended:
        raise Conflict(
            "DEFINITION_SUSPENDED", "流程“{name}”已停用，不能发起新的办件", name=definition.name or definition.key
        )
    if business_key is not None and len(business_key) > LONGEST_KEY:
        raise Conflict("BUSINESS_KEY_TOO_LONG", "办件编号不能超过 {most} 个字", most=LONGEST_KEY)
    binding_id, program = office.programs.bind(records, definition.id)
    if not business_key and actor is not None and not actor.service:
        business_key = receipt_number(office, records, actor)
    row = CaseRow(
        id=uuid4(),
        definition_id=definition.id,
        key=definition.key,
        binding_id=binding_id,
        business_key=business_key or None,
        title=(title or title_of(definition, variables or {}))[:LONGEST_TITLE],
        state=CaseState.ACTIVE,
        version=0,
        started_at=records.now,
        started_by=actor.username if actor else None,
    )
    file = CaseFile(row, new=True)
    move = clocks_of(records, file, program)
    run = Run.start(
        program,
        case_id=row.id,
        now=records.now,
        calendar=WhenCounted(records),
        variables=dict(variables or {}),
        types=types,
        business_key=row.business_key,
        start=start,
        initiator=actor.username if actor else None,
        keeper=move.keeper if move is not None else None,
    )
    write(records, file, JournalAction.CASE_STARTED, actor, element=start)
    outcome = settle(records, Running(file, program, run, {}, move))
    ended = outcome.ended is not None
    return CaseView(
        id=row.id,
        definition_id=row.definition_id,
        key=row.key,
        business_key=row.business_key,
        title=row.title,
        state=CaseState.COMPLETED if ended else CaseState.ACTIVE,
        version=file.version,
        started_at=row.started_at,
        started_by=row.started_by,
        ended_at=records.now if ended else None,
        end_element=outcome.end_elements[-1] if ended and outcome.end_elements else None,
    )


def require_in_use(records: Records, key: str) -> None:
    """清单之外无权力: no new case of an item that is suspended, cancelled or devolved (SM-04). Refused: ITEM_NOT_IN_USE."""
    found = records.register.status_of_process(key, records.now)
    if found is not None and found[1] != "ACTIVE":
        raise Conflict("ITEM_NOT_IN_USE", "清单外事项：“{name}”已暂停、取消或下放，不能受理新的申请。", name=found[0])


def title_of(definition: DefinitionRow, variables: Mapping[str, Any]) -> str:
    """主体-事项: whose case it is and the name of the procedure."""
    name = definition.name or definition.key
    subject = next((value for one in SUBJECTS if isinstance(value := variables.get(one), str) and value.strip()), None)
    return f"{subject.strip()}-{name}" if subject else name


def wanted_definition(records: Records, *, key: str | None = None, definition_id: UUID | None = None) -> DefinitionRow:
    """The newest version of `key`, or this very definition. Refused: Missing DEFINITION_NOT_FOUND."""
    if definition_id is not None:
        found = records.deployments.definition(definition_id)
    else:
        found = records.deployments.newest([key or ""]).get(key or "")
    if found is None or found.deleted_at is not None:
        raise Missing("DEFINITION_NOT_FOUND", "没有流程“{key}”", key=key or str(definition_id))
    return found


def start_form(office: Office, actor: Actor, key: str) -> StartForm:
    """What starting the newest version of a process asks. Refused: Missing DEFINITION_NOT_FOUND, Forbidden."""
    require_starter(office, actor)
    with office.reading() as records:
        definition = wanted_definition(records, key=key)
        plain_start = next((one for one in definition.starts if one.get("kind") == "none"), {})
        form_key = plain_start.get("form_key")
        resource = definition.forms.get(form_key) if form_key else None
        schema = read_schema(records, UUID(resource)) if resource else None
        return StartForm(
            definition_id=definition.id,
            key=definition.key,
            name=definition.name or definition.key,
            schema=schema,
            form_key=form_key,
        )


def read_schema(records: Records, resource_id: UUID) -> Mapping[str, Any] | None:
    """A form-js schema as deployed."""
    content = records.deployments.contents([resource_id]).get(resource_id)
    schema: Mapping[str, Any] | None = orjson.loads(content) if content else None
    return schema
