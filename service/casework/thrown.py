"""What leaves a case or begins one by itself: thrown messages and signals, timer start events; one agenda item each."""

from __future__ import annotations

from uuid import UUID, uuid4

from service.casework.correlating import AlreadyDone, hand_over, start_by
from service.casework.journalling import CaseFile, put_back, write
from service.casework.office import Office
from service.casework.starting import begin, wanted_definition
from service.casework.working_days import WhenCounted
from service.rules.refusals import Invalid
from service.rules.vocabulary import AgendaKind, JournalAction, SubscriptionKind
from service.store.agenda import AgendaRow
from service.store.deployments import StartListener
from service.store.records import Records
from service.store.subscriptions import SubscriptionRow


def asked_again(records: Records, item: AgendaRow, *, early: bool = False) -> AgendaRow:
    """The item as it is now, locked. Refused: AlreadyDone."""
    row = records.agenda.lock(item.id)
    if row is None or (not early and (row.ready_at is None or row.ready_at > records.now)):
        raise AlreadyDone
    return row


def start_by_timer(office: Office, item: AgendaRow) -> bool:
    """A timer start event: start a case, and arm the next round of a cycle."""
    from service.engine import next_start

    with office.transaction() as records:
        row = asked_again(records, item, early=True)
        if row.ready_at is None or row.ready_at > records.now or row.definition_id is None:
            raise AlreadyDone
        detail = row.detail or {}
        following = next_start(
            row.due_at, detail.get("left", 0), detail.get("every", ""), records.now, WhenCounted(records)
        )
        if following is None:
            records.agenda.drop([row.id])
        else:
            again = {"due_at": following.due, "ready_at": following.due, "locked_until": None, "retries": 3}
            records.agenda.change(row.id, {**again, "detail": {"left": following.left, "every": following.every}})
        definition = wanted_definition(records, definition_id=row.definition_id)
        begin(office, records, None, definition, start=row.element)
        return records.prompt


def send_message(office: Office, item: AgendaRow) -> bool:
    """A message a case has thrown: to the one who waits for it under the same business key, or to a start event.

    One that says a `case_number` is for the case that bears it, and for nobody else.
    """
    detail = item.detail or {}
    name, variables = str(detail.get("name", "")), detail.get("variables") or {}
    with office.reading() as records:
        case = records.cases.find(item.case_id) if item.case_id is not None else None
        key = case.business_key if case is not None else None
        link = records.exchange.parent_of(item.case_id) if item.case_id is not None else None
        number = str(variables.get("case_number") or "")
        waiting: tuple[SubscriptionRow, ...] = ()
        if number:
            waiting = records.subscriptions.listening(SubscriptionKind.MESSAGE, name, business_key=number)
        elif link is not None:  # what a supporting case says is said to the case that started it
            waiting = records.subscriptions.listening(SubscriptionKind.MESSAGE, name, case_id=link.parent_id)
        if not waiting and not number:
            waiting = records.subscriptions.listening(SubscriptionKind.MESSAGE, name, business_key=key)
            waiting = tuple(one for one in waiting if one.case_id != item.case_id) or waiting
        starts = () if number else records.deployments.start_listeners(SubscriptionKind.MESSAGE, name)
    found = len(waiting) or len(starts)
    if found > 1:
        raise Invalid(
            "MESSAGE_AMBIGUOUS", "消息“{message}”应有唯一的接收者，但有 {count} 个", message=name, count=found
        )
    if waiting:
        hand_over(office, None, waiting[0], variables, item=item.id)
    elif starts:
        start_by(office, None, starts[0], key, variables, item=item.id)
    else:
        _unclaimed(office, item, name)
    return True


def _unclaimed(office: Office, item: AgendaRow, name: str) -> None:
    """Nobody waited for what the case has thrown: its journal says so."""
    with office.transaction() as records:
        case = records.cases.lock_of_job(item.id)
        asked_again(records, item, early=True)
        records.agenda.drop([item.id])
        if case is not None:
            file = CaseFile(case)
            write(records, file, JournalAction.MESSAGE_UNCLAIMED, None, element=item.element, detail={"name": name})
            put_back(records, file)


def send_signal(office: Office, item: AgendaRow) -> bool:
    """A signal a case has thrown: first one item for everybody who listens now, then each on its own."""
    detail = item.detail or {}
    name, variables = str(detail.get("name", "")), detail.get("variables") or {}
    if item.token_id is not None:
        with office.reading() as records:
            waiting = records.subscriptions.find(item.token_id)
        if waiting is None or hand_over(office, None, waiting, variables, item=item.id) is None:
            _drop(office, item)
        return True
    if item.definition_id is not None:
        listener = StartListener(
            definition_id=item.definition_id, element=item.element or "", kind=SubscriptionKind.SIGNAL, name=name
        )
        start_by(office, None, listener, None, variables, item=item.id)
        return True
    with office.transaction() as records:
        asked_again(records, item)
        records.agenda.drop([item.id])
        for_tokens = [
            _copy(item, case_id=one.case_id, token_id=one.id, element=one.element)
            for one in records.subscriptions.listening(SubscriptionKind.SIGNAL, name)
        ]
        for_starts = [
            _copy(item, definition_id=one.definition_id, element=one.element)
            for one in records.deployments.start_listeners(SubscriptionKind.SIGNAL, name)
        ]
        records.agenda.add([*for_tokens, *for_starts])
        return True


def _copy(
    item: AgendaRow,
    *,
    element: str,
    case_id: UUID | None = None,
    token_id: UUID | None = None,
    definition_id: UUID | None = None,
) -> AgendaRow:
    return AgendaRow(
        id=uuid4(),
        kind=AgendaKind.SIGNAL,
        case_id=case_id,
        definition_id=definition_id,
        token_id=token_id,
        element=element,
        due_at=item.due_at,
        ready_at=item.due_at,
        detail=item.detail,
    )


def _drop(office: Office, item: AgendaRow) -> None:
    with office.transaction() as records:
        records.agenda.drop([item.id])
