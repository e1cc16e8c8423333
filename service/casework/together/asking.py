"""加签 at a single task: who is asked, before, beside or after its holder."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.handing.colleagues import require_heard
from service.casework.handing.passing import reason_of
from service.casework.journalling import CaseFile, put_back, write
from service.casework.office import Office
from service.casework.taking import take_seen
from service.casework.together.rounds import open_next
from service.rules.countersign import Policy, read_policy
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.vocabulary import JournalAction
from service.store.people import Member
from service.store.records import Records
from service.store.tasks import TaskFile, TaskRow
from service.store.together import SignerRow, SigningRow

MOST_SIGNERS = 20


class Place(StrEnum):
    """When the others are heard."""

    BEFORE = "BEFORE"  # 前加签: before the holder may submit
    PARALLEL = "PARALLEL"  # 并加签: at once; what the holder submits waits for them
    AFTER = "AFTER"  # 后加签: once the holder has submitted; it takes effect when they have been heard


def ask_signers(
    office: Office, actor: Actor, task_id: UUID, people: Sequence[str], *, place: Place, policy: str, question: str
) -> UUID:
    """加签: ask colleagues, of any department, for their opinion on one's own task; the round's id.

    Refused: Forbidden SIGNERS_NOT_YOURS, SIGNER_FORBIDDEN, COMPLAINED_PERSON, SUPERVISION_NEVER_ACTS; Invalid naming the
    field: SIGNERS_MISSING, SIGNERS_MANY, PERSON_UNKNOWN, COUNTERSIGN_MODE, REASON_MISSING, REASON_LONG; Conflict
    SIGNER_ASKED, PERSON_AWAY, TASK_DELEGATED, TASK_SUBMITTED.
    """
    names = list(dict.fromkeys(one.strip() for one in people if one.strip()))
    if not names:
        raise refuse("people", "SIGNERS_MISSING", "请选择征求谁的意见")
    if len(names) > MOST_SIGNERS:
        raise refuse("people", "SIGNERS_MANY", "一次最多征求 {most} 个人的意见", most=MOST_SIGNERS)
    rule, asked, round_id = read_policy(policy), reason_of(question, "question"), uuid4()

    def attempt() -> None:
        with office.transaction() as records:
            file, task = take_seen(records, actor, task_id)
            _require_asker(actor, task.row)
            _require_quiet(records, task.row)
            chosen = [_signer(records, actor, task, name) for name in names]
            signing = SigningRow(
                id=round_id,
                case_id=file.id,
                task_id=task_id,
                place=place.value,
                policy=str(rule),
                question=asked,
                asked_by=actor.username,
                asked_at=records.now,
                state="WAITING" if place is Place.AFTER else "OPEN",
            )
            _ask(records, file, actor, task.row, signing, rule, chosen)
            put_back(records, file)
            records.prompt = True

    office.attempt(attempt)
    return round_id


def find_signer(records: Records, task_id: UUID, signer_id: UUID) -> tuple[SigningRow, SignerRow]:
    """A seat of a task and its round. Refused: Missing SIGNER_NOT_FOUND."""
    row = next((one for one in records.together.of_task(task_id) if one.id == signer_id), None)
    if row is None:
        raise Missing("SIGNER_NOT_FOUND", "没有这个会签意见，或者您无权查看。")
    return next(one for one in records.together.rounds(task_id) if one.id == row.signing_id), row


def _ask(
    records: Records,
    file: CaseFile,
    actor: Actor,
    row: TaskRow,
    signing: SigningRow,
    policy: Policy,
    chosen: Collection[Member],
) -> None:
    """Keep the round, note it, and open the seats whose turn it is."""
    signers = [
        SignerRow(
            id=uuid4(),
            signing_id=signing.id,
            case_id=file.id,
            task_id=row.id,
            person=one.username,
            position=number,
            state="WAITING",
        )
        for number, one in enumerate(chosen)
    ]
    records.together.ask(signing, signers)
    detail = {
        "people": [one.username for one in chosen],
        "place": signing.place,
        "policy": str(policy),
        "reason": signing.question,
    }
    write(records, file, JournalAction.SIGNERS_ASKED, actor, element=row.element, task_id=row.id, detail=detail)
    if signing.state == "OPEN":
        open_next(records, file, row, signing, signers)


def _signer(records: Records, actor: Actor, task: TaskFile, name: str) -> Member:
    """Somebody who may be asked. Refused: see `ask_signers`."""
    found = records.people.find(name)
    person = records.people.roles_of({found.username}).get(found.username) if found is not None else None
    if person is None:
        raise refuse("people", "PERSON_UNKNOWN", "没有用户“{user}”，或者该用户已停用", user=name[:60])
    if person.username in (actor.username, task.row.assignee):
        raise refuse("people", "SIGNER_HOLDER", "{person}就是承办人，不需要加签", person=person.name)
    require_heard(records, task.row, person)
    if any(
        one.person == person.username and one.state in ("WAITING", "OPEN")
        for one in records.together.of_task(task.row.id)
    ):
        raise Conflict("SIGNER_ASKED", "已经在征求{person}的意见", person=person.name)
    return person


def _require_asker(actor: Actor, row: TaskRow) -> None:
    if row.assignee != actor.username or "applicant" in actor.roles:
        raise Forbidden("SIGNERS_NOT_YOURS", "任务“{task}”不是您承办的，不能加签或减签", task=row.name)


def _require_quiet(records: Records, row: TaskRow) -> None:
    if row.delegation == "PENDING":
        raise Conflict("TASK_DELEGATED", "任务“{task}”正在委托他人办理，请先交回", task=row.name)
    if records.together.held(row.id) is not None:
        raise Conflict("TASK_SUBMITTED", "任务“{task}”已经提交，正在等待会签意见", task=row.name)


def name_of(records: Records, username: str) -> str:
    return records.people.names([username]).get(username, username)
