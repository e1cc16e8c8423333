"""Who may see the registers of quality, and who may write into them (DOMAIN B.2, P20 to P22; S-10, S-12, S-13)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from service.casework.actors import Actor
from service.casework.kept_apart import kept_apart
from service.casework.posts import group_of
from service.casework.separation import OVERSIGHT_STAGE, same_line
from service.rules.refusals import Forbidden
from service.rules.sentences import Sentence
from service.store.records import Records
from service.store.tasks import TaskRow

OFFICER, SUPERVISOR, OFFICE = "complaint_officer", "supervisor", "business_office"
OVERSEERS = (OFFICER, SUPERVISOR, OFFICE, "leader")
SEERS: Mapping[str, tuple[str, ...]] = {  # register → roles that see all of it; everybody else their own
    "complaints": OVERSEERS,
    "callbacks": OVERSEERS,
    "bad_ratings": OVERSEERS,
    "faults": (SUPERVISOR, "leader"),
    "consultations": (*OVERSEERS, "counter_clerk"),
    "inspections": (SUPERVISOR, OFFICE, "leader"),
    "on_site": (*OVERSEERS,),
}
WINDOWS = ("counter_clerk",)
COMPLAINANTS = (
    "applicant",
    "agency_officer",
    OFFICER,
    SUPERVISOR,
    *WINDOWS,
)  # who files, for themselves or for a walk-in
KEPT_APART = frozenset({"COMPLAINT", "RATING", "SUPERVISE"})  # stages in which a case may name whom it avoids
AVOIDED = "person"  # variable: whom a complaint, a rating or a fault is about


def may_see(actor: Actor, register: str) -> bool:
    """Whether somebody sees a whole register."""
    return actor.has(*SEERS[register])


def may_register(actor: Actor, register: str) -> bool:
    """Whether somebody may begin one by hand."""
    return {
        "complaints": actor.has(*COMPLAINANTS),
        "consultations": actor.has(*WINDOWS),
        "faults": actor.has(SUPERVISOR),
    }.get(register, False)


def may_see_ratings(actor: Actor) -> bool:
    """Overseers see every rating, people of a department its own, applicants their own."""
    return actor.has(*OVERSEERS) or "applicant" in actor.roles or actor.department is not None


def require_register(actor: Actor, register: str) -> None:
    """Refused: Forbidden QUALITY_FORBIDDEN."""
    if not may_register(actor, register):
        raise Forbidden("QUALITY_FORBIDDEN", "您没有办理这项登记的权限。")


def require_uninvolved(records: Records, row: TaskRow, person: str) -> None:
    """S-12: nobody handles what is about themselves, but the statement and the appeal a fault asks of them by name (no role).

    A complaint about somebody is not handled in their department either. One statement, for these stages only. Refused:
    Forbidden COMPLAINED_PERSON, COMPLAINED_LINE.
    """
    if row.stage not in KEPT_APART or row.role is None:
        return
    accused = whom(records, row.case_id)
    if accused is None:
        return
    groups, params = (group_of(row.department, row.role),), {"task": row.name}
    if accused == person:
        raise kept_apart(
            records,
            "S-12",
            "COMPLAINED_PERSON",
            Sentence("“{task}”涉及您本人，应当回避，由其他人办理"),
            Sentence("“{task}”涉及您本人，应当回避，可由{instead}办理"),
            groups=groups,
            without={person},
            **params,
        )
    if row.stage == OVERSIGHT_STAGE and same_line(records, accused, person):
        raise kept_apart(
            records,
            "S-12",
            "COMPLAINED_LINE",
            Sentence("“{task}”涉及本部门的人员，不能由本部门办理"),
            Sentence("“{task}”涉及本部门的人员，不能由本部门办理，可由{instead}办理"),
            groups=(*groups, OFFICER, SUPERVISOR),
            without={person, accused},
            **params,
        )


def whom(records: Records, case_id: UUID) -> str | None:
    """Whom a case is about, by username; None: nobody."""
    found = (one.value for one in records.variables.of_scope(case_id, case_id) if one.name == AVOIDED)
    return next((str(value) for value in found if value), None)


def is_about(records: Records, case_id: UUID, person: str) -> bool:
    """Whether a case names this person as the one it is about."""
    return whom(records, case_id) == person
