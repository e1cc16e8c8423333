"""Who issues papers: the full names of authorities, and who may do what with their papers."""

from __future__ import annotations

import re

from service.casework.actors import Actor
from service.casework.office import Office
from service.store.records import Records

CENTRE = "201"  # the service centre
OTHER_NAME = re.compile(r"[（(].*[）)]$")  # 国防动员办公室(人民防空办公室)
OF_CENTRE = frozenset({"W01", "W19", "W20", "W21", "W22", "W23", "W26", "W27", "W28", "W29", "W30", "W31", "W34"}) | {
    "W36", "W37", "W38", "W39", "W40",
}  # fmt: skip
DECISIONS = frozenset({"W14", "W15", "W18", "W25"})
WORKERS = ("counter_clerk", "reviewer_a", "reviewer_b", "chief_rep", "resident_leader", "dept_head", "issue_clerk")
DECIDERS = ("chief_rep", "resident_leader", "dept_head")
OFFICES = ("business_office", "supervisor")  # of the centre, for papers about no case
PRINTERS = (*WORKERS, "agency_officer", "business_office", "supervisor")
VOIDERS = ("chief_rep", "dept_head", "business_office")


def authority_of(code: str, department: str | None) -> str:
    """The code of the authority that issues a kind: the centre its own papers, the department of the item the others."""
    return CENTRE if code in OF_CENTRE or department is None else department


def authority_name(office: Office, records: Records, code: str) -> str:
    """The full name of an authority: 云溪市住房和城乡建设局."""
    found = records.people.department(code)
    name = OTHER_NAME.sub("", found.name) if found is not None else "政务服务中心"
    return name if name.startswith(office.settings.city) else f"{office.settings.city}{name}"


def may_issue(actor: Actor, code: str, authority: str) -> bool:
    """Whether somebody may complete and issue a paper by hand: decisions those who decide for the authority."""
    if code in DECISIONS:
        return actor.service or (actor.has(*DECIDERS) and actor.department == authority)
    return actor.has(*WORKERS, *OFFICES)


def may_void(actor: Actor, authority: str) -> bool:
    """作废: who decides for the authority, and the business office of the centre."""
    return actor.has("business_office") or (actor.has(*VOIDERS) and actor.department == authority)
