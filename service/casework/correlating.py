"""Messages find the one who waits for them: a token of a running case, or a process that begins with one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, case_file, require_running, write
from service.casework.masking import require_no_guess
from service.casework.office import Office
from service.casework.projection import settle, take_up
from service.casework.reading import case_view
from service.casework.rights import require_keeper, require_writer
from service.casework.starting import begin, wanted_definition
from service.casework.views import Correlation
from service.rules.refusals import Invalid, Refusal
from service.rules.vocabulary import JournalAction, SubscriptionKind
from service.store.deployments import StartListener
from service.store.records import Records
from service.store.subscriptions import SubscriptionRow

MESSAGE = SubscriptionKind.MESSAGE
ROUNDS = 3  # how often to look again when the one who waited was served by somebody else meanwhile


def correlate(
    office: Office,
    actor: Actor,
    message: str,
    *,
    business_key: str | None = None,
    case_id: UUID | None = None,
    keys: Mapping[str, Any] | None = None,
    local_keys: Mapping[str, Any] | None = None,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
    all: bool = False,
) -> tuple[Correlation, ...]:
    """Deliver a message to exactly one waiting token, or start a case with it; `all`: to every one.

    `keys`: process variables that must be equal, and values of the message's correlation properties where the diagram
    has them (others are found in `variables` as it says); `local_keys`: those of the item the token stands in. A waiting token
    goes before a start event. Refused: Invalid MESSAGE_NOT_CORRELATED when nobody waits, MESSAGE_AMBIGUOUS when
    several do and not `all`, Forbidden KEEPER_ONLY, CONTACT_FILTER (S-18), Conflict CASE_SUSPENDED.
    """
    require_keeper(actor)
    if variables:
        require_writer(actor)
    for name, value in {**(keys or {}), **(local_keys or {})}.items():
        require_no_guess(actor, name, value)
    for _ in range(ROUNDS):
        with office.reading() as records:
            waiting = _waiting(office, records, message, business_key, case_id, keys, local_keys, variables)
            starts = () if case_id is not None else records.deployments.start_listeners(MESSAGE, message)
        if all:
            reached = [c for one in waiting if (c := hand_over(office, actor, one, variables, types)) is not None]
            reached += [_start(office, actor, one, business_key, variables, types) for one in starts]
            if reached:
                return tuple(reached)
            break
        if len(waiting) > 1 or (not waiting and len(starts) > 1):
            raise Invalid(
                "MESSAGE_AMBIGUOUS",
                "消息“{message}”应有唯一的接收者，但有 {count} 个",
                message=message,
                count=len(waiting) or len(starts),
            )
        if waiting:
            reached_one = hand_over(office, actor, waiting[0], variables, types)
            if reached_one is not None:
                return (reached_one,)
            continue
        if starts:
            return (_start(office, actor, starts[0], business_key, variables, types),)
        break
    raise nobody_waits(message)


def nobody_waits(message: str) -> Invalid:
    """The refusal of a message nobody waits for."""
    return Invalid("MESSAGE_NOT_CORRELATED", "没有办件在等待消息“{message}”", message=message)


def hand_over(
    office: Office,
    actor: Actor | None,
    waiting: SubscriptionRow,
    variables: Mapping[str, Any] | None,
    types: Mapping[str, str] | None = None,
    item: UUID | None = None,
) -> Correlation | None:
    """Deliver to one token in its own transaction; None: it does not wait any more.

    `item`: the agenda item that brings the message or signal; it is done with the delivery, and if it is gone, so is
    the message.
    """

    def act() -> Correlation | None:
        with office.transaction() as records:
            row = records.cases.lock(waiting.case_id)
            if item is not None:
                if records.agenda.lock(item) is None:
                    return None
                records.agenda.drop([item])
            if row is None or records.subscriptions.find(waiting.id) is None:
                return None
            require_running(row)
            file = CaseFile(row)
            deliver_in(office, records, file, waiting, actor, variables, types)
            return Correlation(kind="execution", case=case_view(row), execution_id=waiting.id)

    return office.attempt(act)


def deliver_in(
    office: Office,
    records: Records,
    file: CaseFile,
    waiting: SubscriptionRow,
    actor: Actor | None,
    variables: Mapping[str, Any] | None,
    types: Mapping[str, str] | None = None,
) -> None:
    """Deliver to one token of a locked case."""
    message = waiting.kind == MESSAGE
    running = take_up(office, records, file)
    running.run.deliver(waiting.id, dict(variables or {}), types=types)
    write(
        records,
        file,
        JournalAction.MESSAGE_RECEIVED if message else JournalAction.SIGNAL_RECEIVED,
        actor,
        element=waiting.element,
        detail={"name": waiting.name},
    )
    settle(records, running)


def deliver_to(
    office: Office,
    actor: Actor,
    case_id: UUID,
    message: str | None,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
) -> None:
    """Deliver a message to the token of one case that waits for it; `case_id` may be the id of the token itself.

    `message` None: whatever it waits for. Refused: Invalid MESSAGE_NOT_CORRELATED, MESSAGE_AMBIGUOUS, Missing
    CASE_NOT_FOUND, Conflict CASE_ENDED or CASE_SUSPENDED, Forbidden KEEPER_ONLY.
    """
    require_keeper(actor)
    if variables:
        require_writer(actor)

    def act() -> None:
        with office.transaction() as records:
            row = records.cases.lock(case_id) or records.cases.lock_of_subscription(case_id)
            file = case_file(row)
            found = [
                one
                for one in records.subscriptions.of_case(file.id)
                if case_id in (one.id, one.case_id) and (message is None or (one.kind, one.name) == (MESSAGE, message))
            ]
            if not found:
                raise nobody_waits(message or "")
            if len(found) > 1:
                raise Invalid(
                    "MESSAGE_AMBIGUOUS",
                    "消息“{message}”应有唯一的接收者，但有 {count} 个",
                    message=message or "",
                    count=len(found),
                )
            deliver_in(office, records, file, found[0], actor, variables, types)

    office.attempt(act)


def _waiting(
    office: Office,
    records: Records,
    message: str,
    business_key: str | None,
    case_id: UUID | None,
    keys: Mapping[str, Any] | None,
    local_keys: Mapping[str, Any] | None,
    payload: Mapping[str, Any] | None,
) -> tuple[SubscriptionRow, ...]:
    found = records.subscriptions.listening(MESSAGE, message, business_key=business_key, case_id=case_id)
    addressed = business_key is not None or case_id is not None
    correlated = _correlated(office, records, found)
    meant = tuple(
        one for one in found if one.id in correlated and _fits(office, records, one, payload, keys, addressed)
    )
    found = tuple(one for one in found if one.id not in correlated)
    if keys and found:
        fitting = records.variables.cases_with([one.case_id for one in found], keys)
        found = tuple(one for one in found if one.case_id in fitting)
    found = tuple(sorted((*found, *meant), key=lambda one: (one.created_at, one.id.bytes)))
    if local_keys and found:
        found = tuple(one for one in found if _sees(office, records, one, local_keys))
    return found


def _correlated(office: Office, records: Records, found: tuple[SubscriptionRow, ...]) -> frozenset[UUID]:
    """Tokens whose message has correlation properties in the diagram."""
    bindings = records.cases.bindings({one.case_id for one in found})
    programs = {id: office.programs.for_binding(records, id, key) for id, key in set(bindings.values())}
    return frozenset(
        one.id
        for one in found
        if one.case_id in bindings and one.element in programs[bindings[one.case_id][0]].correlated
    )


def _fits(
    office: Office,
    records: Records,
    one: SubscriptionRow,
    payload: Mapping[str, Any] | None,
    keys: Mapping[str, Any] | None,
    addressed: bool,
) -> bool:
    """Whether the message's correlation properties are the token's; keys that are none are process variables."""
    row = records.cases.find(one.case_id)
    if row is None or row.ended_at is not None:
        return False
    run = take_up(office, records, CaseFile(row)).run
    meant, names = run.fits(one.id, payload or {}, keys, addressed=addressed)
    seen = run.variables()
    return meant and all(
        name in seen and seen[name] == value for name, value in (keys or {}).items() if name not in names
    )


def _sees(office: Office, records: Records, one: SubscriptionRow, wanted: Mapping[str, Any]) -> bool:
    """Whether the token stands where all these variables have these values."""
    row = records.cases.find(one.case_id)
    if row is None or row.ended_at is not None:
        return False
    seen = take_up(office, records, CaseFile(row)).run.variables(one.id)
    return all(name in seen and seen[name] == value for name, value in wanted.items())


def _start(
    office: Office,
    actor: Actor | None,
    listener: StartListener,
    business_key: str | None,
    variables: Mapping[str, Any] | None,
    types: Mapping[str, str] | None,
) -> Correlation:
    return office.attempt(lambda: start_by(office, actor, listener, business_key, variables, types))


def start_by(
    office: Office,
    actor: Actor | None,
    listener: StartListener,
    business_key: str | None,
    variables: Mapping[str, Any] | None,
    types: Mapping[str, str] | None = None,
    item: UUID | None = None,
) -> Correlation:
    """A message or signal starts a case, in a transaction of its own; `item` as in `hand_over`."""
    with office.transaction() as records:
        if item is not None:
            if records.agenda.lock(item) is None:
                raise AlreadyDone
            records.agenda.drop([item])
        case = begin(
            office,
            records,
            actor,
            wanted_definition(records, definition_id=listener.definition_id),
            business_key=business_key,
            variables=variables,
            types=types,
            start=listener.element,
        )
        return Correlation(kind="definition", case=case)


class AlreadyDone(Refusal):
    """Another node has done it."""

    def __init__(self) -> None:
        super().__init__("ALREADY_DONE", "已由其他节点办理")
