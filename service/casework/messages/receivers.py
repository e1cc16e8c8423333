"""Who gets a message: the applicant as the case knows them, people of the house by name or by post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.posts import CHIEF, HEAD, LEADER, group_of
from service.rules.contacts import read_email, read_mobile
from service.rules.message_texts import Audience
from service.rules.messages import template
from service.rules.refusals import Refusal
from service.rules.sending import copied_to_agent

if TYPE_CHECKING:
    from service.casework.journalling import CaseFile
    from service.store.people import Member
    from service.store.records import Records
    from service.store.tasks import TaskRow

PHONES, MAILS = ("phone", "mobile"), ("email",)  # variables of an application form
AGENT = "agent"  # variable: the 代办员 of an active contract
REACHED_BY = (*PHONES, *MAILS, AGENT)
POSTS = {
    Audience.REVIEWER_A: "reviewer_a",
    Audience.REVIEWER_B: "reviewer_b",
    Audience.CHIEF_REP: CHIEF,
    Audience.RESIDENT_LEADER: LEADER,
    Audience.DEPT_HEAD: HEAD,
    Audience.LEAD: CHIEF,
    Audience.RESPONSIBLE: CHIEF,
    Audience.ASKED: "reviewer_a",
    Audience.ATTENDEES: CHIEF,
}
CENTRAL = {
    Audience.SUPERVISOR: "supervisor",
    Audience.LEADERS: "leader",
    Audience.DESIGNER: "process_designer",
}
AUDIENCES = {
    **{post: audience for audience, post in reversed(POSTS.items())},
    **{post: audience for audience, post in CENTRAL.items()},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Receiver:
    """One who is told. `account`: a username; `post`: a queue, for whoever of it comes first; both empty: no account."""

    audience: Audience
    account: str = ""
    post: str = ""
    mobile: str = ""
    email: str = ""

    @property
    def box(self) -> str | None:
        """Where an in-app message lies."""
        return self.account or (f"#{self.post}" if self.post else None)


def boxes_of(username: str, groups: Iterable[str]) -> tuple[str, ...]:
    """The boxes somebody reads: their own, and those of the posts they hold."""
    return (username, *(f"#{group}" for group in sorted(groups)))


def applicants(
    case_id: UUID,
    scope: UUID | None,
    starter: Member | None,
    known: Mapping[tuple[UUID, UUID, str], Any],
    agent: Member | None = None,
) -> tuple[Receiver, ...]:
    """The applicant of a case or item, and the agent of an active contract (not for a secret code).

    `known`: variables as `Messages.variables` gives them; the item's own come before the case's.
    """
    account = starter.username if starter is not None and "applicant" in starter.roles else ""
    mobile, email = reached_by(case_id, scope, known)
    found = [Receiver(audience=Audience.APPLICANT, account=account, mobile=mobile, email=email)]
    if agent is not None and agent.username != account:
        found.append(Receiver(audience=Audience.APPLICANT, account=agent.username))
    return tuple(found)


def reached_by(case_id: UUID, scope: UUID | None, known: Mapping[tuple[UUID, UUID, str], Any]) -> tuple[str, str]:
    """The mobile number and the e-mail address an application names, as far as they are any."""
    mobile = next((one for name in PHONES if (one := _read(read_mobile, case_id, scope, name, known))), "")
    email = next((one for name in MAILS if (one := _read(read_email, case_id, scope, name, known))), "")
    return mobile, email


def said(case_id: UUID, scope: UUID | None, name: str, known: Mapping[tuple[UUID, UUID, str], Any]) -> str:
    """A text an application says, of the item or of the case."""
    for where in (scope or case_id, case_id):
        value = known.get((case_id, where, name))
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def receivers_of(
    records: Records, file: CaseFile, code: str, scope: UUID | None, departments: Sequence[str] = ()
) -> tuple[Receiver, ...]:
    """Whom a message of a case goes to, by the audiences of its template. Refused: MESSAGE_UNKNOWN.

    `departments`: whose people are meant when it is not the case that says so.
    """
    audiences = template(code).to
    found: list[Receiver] = []
    if Audience.APPLICANT in audiences:
        known = records.messages.variables([file.id], REACHED_BY)
        agent = said(file.id, scope, AGENT, known) if copied_to_agent(code) else ""
        people = records.people.roles_of({one for one in (file.row.started_by, agent) if one})
        starter = people.get(file.row.started_by or "")
        found += applicants(file.id, scope, starter, known, people.get(agent))
    if Audience.COMPLAINANT in audiences:
        found += _complainant(records, file, scope)
    others = [one for one in audiences if one not in (Audience.APPLICANT, Audience.COMPLAINANT)]
    if others:
        tasks = [one for one in records.tasks.open_of(file.id) if one.scope_id == scope]
        for department in departments or (_department(records, file, scope, tasks),):
            found += _of_the_house(records, others, tasks, department)
    return tuple(found)


def _complainant(records: Records, file: CaseFile, scope: UUID | None) -> tuple[Receiver, ...]:
    """Whoever complained: their account, or the number they left; nobody when they did not want to be known."""
    known = records.messages.variables([file.id], REACHED_BY)
    starter = records.people.roles_of({file.row.started_by}) if file.row.started_by else {}
    [receiver] = applicants(file.id, scope, starter.get(file.row.started_by or ""), known)
    reached = receiver.account or receiver.mobile or receiver.email
    return (replace(receiver, audience=Audience.COMPLAINANT),) if reached else ()


def holder_of(row: TaskRow, members: Mapping[str, Sequence[str]], audience: Audience | None = None) -> Receiver | None:
    """Who has an open task: its assignee, the only holder of its post, else the queue. None: nobody to be told."""
    audience = audience or AUDIENCES.get(row.role or "", Audience.HOLDER)
    if row.assignee is not None:
        return Receiver(audience=audience, account=row.assignee)
    if row.role is None:
        return None
    group = group_of(row.department, row.role)
    names = members.get(group, ())
    return Receiver(audience=audience, account=names[0]) if len(names) == 1 else Receiver(audience=audience, post=group)


def _of_the_house(
    records: Records, audiences: Sequence[Audience], tasks: Sequence[TaskRow], department: str | None
) -> list[Receiver]:
    found: list[Receiver] = []
    groups = {one: group_of(department, POSTS[one]) for one in audiences if one in POSTS}
    groups |= {one: CENTRAL[one] for one in audiences if one in CENTRAL}
    held = {group_of(one.department, one.role) for one in tasks if one.role is not None}
    members = records.people.members({*groups.values(), *held})
    for audience in audiences:
        if audience in groups:
            found += [Receiver(audience=audience, account=name) for name in members.get(groups[audience], ())]
        else:
            found += [one for row in tasks if (one := holder_of(row, members, audience)) is not None]
    return found


def _department(records: Records, file: CaseFile, scope: UUID | None, tasks: Sequence[TaskRow]) -> str | None:
    """Whose item it is: by its clocks, else by an open task of it."""
    clocks = (one.department for one in records.clocks.of_case(file.id) if one.scope_id == scope)
    return next((one for one in (*clocks, *(task.department for task in tasks)) if one), None)


def _read(
    reader: Any, case_id: UUID, scope: UUID | None, name: str, known: Mapping[tuple[UUID, UUID, str], Any]
) -> str:
    try:
        return str(reader(said(case_id, scope, name, known)))
    except Refusal:
        return ""
