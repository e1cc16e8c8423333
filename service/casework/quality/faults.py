"""过错责任追究 (SP-14): opened by supervision from a card or a complaint, against a person."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.quality.rights import require_register
from service.casework.starting import begin, wanted_definition
from service.casework.views import CaseView
from service.rules.numbers import FAULT as SERIES
from service.rules.quality import CENTRE, FAULT_KINDS, INSPECTORATE
from service.rules.refusals import refuse
from service.rules.roles import OVERSIGHT

KEY = "support_SP_14"
LONGEST = 2000


@dataclass(frozen=True, kw_only=True)
class Suspect:
    """Somebody a fault can be looked into for."""

    username: str
    name: str
    department: str | None


def suspects(office: Office, actor: Actor) -> tuple[Suspect, ...]:
    """Everybody who works in the centre or a department. Refused: Forbidden QUALITY_FORBIDDEN."""
    require_register(actor, "faults")
    with office.reading() as records:
        return tuple(
            Suspect(username=one.username, name=one.name, department=one.department)
            for one in records.people.listing(active=True)
            if one.department is not None and one.username != actor.username
        )


def open_fault(office: Office, actor: Actor, *, person: str, kind: str, facts: str, about: str = "") -> CaseView:
    """Begin a 过错责任 case, numbered GZ-YYYY-NNNN. Supervision itself is looked into by the inspectorate, and reviews are
    the other one's (S-12).

    Refused: Forbidden QUALITY_FORBIDDEN; Invalid FAULT_PERSON, FAULT_KIND, FAULT_FACTS; Missing DEFINITION_NOT_FOUND.
    """
    require_register(actor, "faults")
    if kind not in FAULT_KINDS:
        raise refuse("kind", "FAULT_KIND", "请选择过错情形。")
    said = facts.strip()
    if not said or len(said) > LONGEST:
        raise refuse("facts", "FAULT_FACTS", "请写明事实，不超过 {most} 个字。", most=LONGEST)

    def act() -> CaseView:
        with office.transaction() as records:
            found = records.people.find(person.strip())
            if found is None or not found.active or found.department is None or found.username == actor.username:
                raise refuse("person", "FAULT_PERSON", "请选择在岗的责任人，不能是本人。")
            day = records.now.astimezone(office.settings.time_zone).date()
            number = SERIES.number(day, records.series.next(SERIES.series(day)))
            overseer = found.department == CENTRE and not found.roles.isdisjoint(OVERSIGHT)
            variables = {
                "fault_no": number,
                "person": found.username,
                "person_name": found.name,
                "department": found.department,
                "fault_kind": kind,
                "facts": said,
                "about_number": about.strip() or None,
                "supervisor_dept": INSPECTORATE if overseer else CENTRE,
                "reviewer_dept": CENTRE if overseer else INSPECTORATE,
            }
            definition = wanted_definition(records, key=KEY)
            return begin(
                office, records, actor, definition, business_key=number, variables=variables, title=f"过错责任 {number}"
            )

    return office.attempt(act)
