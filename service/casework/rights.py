"""Who may read a case, who sees only that it is there, and who may interfere with one. Denied unless granted here or by
holding a task.
"""

from __future__ import annotations

from service.casework.actors import Actor
from service.casework.office import Office
from service.rules.refusals import Forbidden, Missing
from service.rules.roles import BUSINESS, MONEY
from service.store.cases import CaseRow
from service.store.records import Records

READERS = (  # read every case: counters and the agency answer for all of them, the others oversee
    "supervisor",
    "business_office",
    "leader",
    "agency_officer",
    "counter_clerk",
    "issue_clerk",
    "complaint_officer",  # calls back whoever was served
)
TECHNICIANS = ("system_admin",)  # number, process, state and failures of a case, nothing that is said in it (P07)
SEERS = (*READERS, *TECHNICIANS)
COMPLAINT = "support_SP_01"
CONFIDENTIAL = {  # processes whose cases only these roles read all of: about people, not about items (S-12)
    COMPLAINT: ("supervisor", "complaint_officer", "business_office", "leader"),
    "support_SP_14": ("supervisor", "leader"),
}
BEGUN_BY_THEIR_PAGE = frozenset(  # of quality: with what their page has checked and counted, or by a job
    f"support_SP_{number}" for number in ("01", "03", "04", "14", "15", "16", "20")
)
WORKERS = tuple(sorted(BUSINESS - set(MONEY)))  # posts that work on cases
ARCHIVISTS = ("archivist",)  # read what has ended (P32)
STARTERS = ("counter_clerk", "agency_officer", "applicant")
KEEPERS = ("business_office", "system_admin")  # suspend, terminate, repair
HEADS = ("dept_head", "resident_leader", "chief_rep")  # give the tasks of their department to somebody else
COORDINATORS = ("lead_coordinator",)  # 牵头部门协调人: reads, urges, convenes and sums up, decides nothing (SM-30)
CHAIN = "CHAIN"  # zw:kind of a process that joins items
RULING = "Task_Coordinate"  # desks of who leads a part of a chain begin so


def department_of(actor: Actor) -> str | None:
    """The department whose cases somebody sees with the rest of it: whoever has a post there that works on cases (P07).

    Administrators, designers, archivists and who keeps the money of a department work in it, but not on its cases.
    """
    return actor.department if actor.has(*WORKERS) else None


def require_library_reader(actor: Actor) -> None:
    """Diagrams, forms and tables as files are the house's; the public reads its guides. Refused: Forbidden LIBRARY_FORBIDDEN."""
    if not (actor.service or actor.roles - {"applicant"}):
        raise Forbidden("LIBRARY_FORBIDDEN", "流程、表单和决策文件只供工作人员查看")


def may_read(records: Records, actor: Actor, row: CaseRow) -> bool:
    """Service accounts, overseers, the starter, whoever has or had a task of it, posts of a department involved,
    archivists once it has ended, heads and coordinators (牵头部门协调人) of a department whose item it is, whoever was asked for an opinion or sent a copy. Cases
    about people: overseers, the starter, whoever has or had a task of it, heads of a department involved; never whom a
    complaint is about."""
    if actor.service:
        return True
    if row.key in CONFIDENTIAL:
        return _may_read_confidential(records, actor, row)
    if actor.has(*READERS) or row.started_by == actor.username:
        return True
    if row.ended_at is not None and actor.has(*ARCHIVISTS):
        return True
    people, departments = records.tasks.groups_involved(row.id)
    if actor.username in people or (department_of(actor) is not None and actor.department in departments):
        return True
    if actor.has(*HEADS, *COORDINATORS) and any(
        one.department == actor.department for one in records.clocks.of_case(row.id)
    ):
        return True
    return any(
        one.value == actor.username if one.kind == "user" else one.value in actor.groups
        for one in records.tasks.offered(row.id)
    ) or records.together.may_read(row.id, actor.username)


def leads(office: Office, records: Records, actor: Actor, row: CaseRow) -> bool:
    """Whether somebody speaks for the department that leads a chain, or a part of it: its 协调人 and its heads (SM-30)."""
    if actor.service or actor.department is None or not actor.has(*COORDINATORS, *HEADS):
        return False
    program = office.programs.for_binding(records, row.binding_id, row.key)
    written = program.attributes(row.key)
    if written.get("kind") != CHAIN:
        return False
    ruling = {card.zw.get("dept") for one, card in program.elements(row.key).items() if one.startswith(RULING)}
    return actor.department in ruling | {written.get("lead")}


def may_see(records: Records, actor: Actor, row: CaseRow) -> bool:
    """Whoever may read the case, and technicians: where it stands and what has failed. Not cases about people."""
    return may_read(records, actor, row) or (actor.has(*TECHNICIANS) and row.key not in CONFIDENTIAL)


def withheld_from(actor: Actor) -> frozenset[str]:
    """Processes of whose cases the actor is shown their own only."""
    return frozenset(key for key, readers in CONFIDENTIAL.items() if not actor.has(*readers))


def _may_read_confidential(records: Records, actor: Actor, row: CaseRow) -> bool:
    if row.started_by == actor.username:
        return True
    if row.key == COMPLAINT and _names(records, row, actor.username):
        return False
    people, departments = records.tasks.groups_involved(row.id)
    return (
        actor.has(*CONFIDENTIAL[row.key])
        or actor.username in people
        or (actor.has(*HEADS) and actor.department in departments)
        or any(one.kind == "user" and one.value == actor.username for one in records.tasks.offered(row.id))
        or any(one.value in actor.groups and ":" in one.value for one in records.tasks.offered(row.id))
    )


def _names(records: Records, row: CaseRow, person: str) -> bool:
    """Whether the case is about this person (variable `person`)."""
    return any(one.name == "person" and one.value == person for one in records.variables.of_scope(row.id, row.id))


def require_reader(records: Records, actor: Actor, row: CaseRow | None) -> CaseRow:
    """The case, for who may read it. Refused: Missing CASE_NOT_FOUND for everybody else, as if there were none."""
    if row is None or not may_read(records, actor, row):
        raise Missing("CASE_NOT_FOUND", "没有这个办件，或者您无权查看。")
    return row


def require_seer(records: Records, actor: Actor, row: CaseRow | None) -> CaseRow:
    """The case, for who may see where it stands. Refused: Missing CASE_NOT_FOUND."""
    if row is None or not may_see(records, actor, row):
        raise Missing("CASE_NOT_FOUND", "没有这个办件，或者您无权查看。")
    return row


def require_starter(office: Office, actor: Actor) -> None:
    """Refused: Forbidden START_FORBIDDEN. A designer may try a process out in demo mode only."""
    if actor.has(*STARTERS) or (office.settings.demo and actor.has("process_designer")):
        return
    raise Forbidden("START_FORBIDDEN", "您没有发起办件的权限")


def require_writer(actor: Actor) -> None:
    """三员分立: whoever may not read what is in cases writes nothing into them either, with a message or by hand.

    Refused: Forbidden VARIABLES_BY_READERS.
    """
    if actor.has(*TECHNICIANS) and not actor.has(*READERS):
        raise Forbidden(
            "VARIABLES_BY_READERS",
            "系统管理员看不到办件的内容，不能修改办件数据；请业务科说明理由后修改",
            details={"rule": "P07", "instead": "business_office"},
        )


def require_keeper(actor: Actor) -> None:
    """Refused: Forbidden KEEPER_ONLY."""
    if not actor.has(*KEEPERS):
        raise Forbidden("KEEPER_ONLY", "只有业务科和系统管理员可以进行此操作")
