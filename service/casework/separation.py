"""岗位分离: who may not hold or do a task, by which rule, and who may act instead (DOMAIN B.3, B.4 rule 7; DF-12).

Asked when a task is placed, claimed, assigned or delegated, and again when it is completed. Programs are not asked: what they
may do is granted to them one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.posts import CHIEF, STAND_INS, group_of, look_up
from service.casework.powers import OF_STAGES, POWER_NAMES, has_letter, needs_letter
from service.rules.letters import Power
from service.rules.refusals import Forbidden
from service.rules.relatives import Party, near, parties_of
from service.rules.roles import OVERSIGHT
from service.rules.sentences import Sentence
from service.rules.stages import IMMEDIATE, stage_word
from service.store.tasks import StageDone, TaskRow

if TYPE_CHECKING:
    from service.casework.journalling import CaseFile
    from service.casework.office import Office
    from service.casework.projection import Running
    from service.engine.facts import Wait
    from service.store.cases import CaseRow
    from service.store.records import Records

# Stage -> stages of the same item that the same person must not have done: S-01, S-02, S-03 of the duty rules. One
# person may do all four at the one desk of a 即办件 (S-01, exception); what it hands on counts as taken there.
APART = {"REVIEW": ("ACCEPT", IMMEDIATE), "APPROVE": ("ACCEPT", IMMEDIATE, "REVIEW"), "ISSUE": ("APPROVE",)}
STAGE_NAMES = {"ACCEPT": "受理", "REVIEW": "审核", "APPROVE": "批准", "ISSUE": "发证", IMMEDIATE: "当场办理"}
RULES = {"ACCEPT": "S-01", IMMEDIATE: "S-01", "REVIEW": "S-02", "APPROVE": "S-03"}  # by the stage that was done
HANDLING = frozenset(  # stages in which an office handles an application
    {
        "ACCEPT",
        IMMEDIATE,
        "REVIEW",
        "APPROVE",
        "ISSUE",
        "SURVEY",
        "OPINION",
        "EXPERT",
        "HEARING",
        "MEETING",
        "COORDINATE",
    }
)
KEPT_FROM_AGENTS = HANDLING | {"COMPLAINT", "RATING"}
OUTSIDE = ("applicant", "agency_officer")  # whose own desks these are: not handling
INSPECTORS = "survey_inspectors"
HOST = "hearing_host"
OVERSIGHT_STAGE = "COMPLAINT"
WORDS = re.compile(r"[、，,；;\s]+")
MOST_NAMES = 5


@dataclass(frozen=True, kw_only=True)
class Bar:
    """Why somebody may not: the rule, and the refusal in words, without and with who may act instead."""

    rule: str
    code: str
    text: Sentence
    instead: Sentence
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True)
class Matter:
    """A task as duties look at it. `item`: code of the item, None where nobody can tell; `read`: the values it sees."""

    name: str
    stage: str | None
    scope: UUID | None
    role: str | None
    department: str | None
    item: str | None
    done: Sequence[StageDone]
    filed_by: str | None
    avoided: str | None = None
    read: Callable[[], Mapping[str, Any]] = dict

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """What the task sees, read when first asked for."""
        return self.read()

    def parties(self, fingerprint: Callable[[str], str]) -> tuple[Party, ...]:
        """Whose application it is."""
        return parties_of(self.values, fingerprint)


def matter_at(running: Running, wait: Wait, done: Sequence[StageDone]) -> Matter:
    """A task that is opening, or is open with its engine in hand."""
    return Matter(
        name=wait.name or wait.element,
        stage=stage_word(wait.zw.get("stage")),
        scope=wait.variable_scope,
        role=wait.zw.get("role"),
        department=wait.zw.get("dept"),
        item=running.program.attributes(wait.process).get("item"),
        done=done,
        filed_by=running.file.row.started_by,
        avoided=wait.zw.get("avoid"),
        read=lambda: running.run.variables(wait.id),
    )


def matter_of(
    records: Records, file: CaseFile, row: TaskRow, done: Sequence[StageDone], office: Office | None = None
) -> Matter:
    """An open task without its engine. `office` None: which item it is of is not looked up, any letter of the department counts."""
    item = None
    if office is not None:
        program = office.programs.for_binding(records, file.row.binding_id, file.row.key)
        process = next((one for one in program.processes() if program.definition_id(one) == row.definition_id), None)
        item = None if process is None else program.attributes(process).get("item")
    return _matter(records, file.row, row, done, item)


def _matter(records: Records, case: CaseRow, row: TaskRow, done: Sequence[StageDone], item: str | None) -> Matter:

    def read() -> Mapping[str, Any]:
        scopes = dict.fromkeys((case.id, row.scope_id or case.id))
        return {one.name: one.value for scope in scopes for one in records.variables.of_scope(case.id, scope)}

    return Matter(
        name=row.name,
        stage=row.stage,
        scope=row.scope_id,
        role=row.role,
        department=row.department,
        item=item,
        done=done,
        filed_by=case.started_by,
        read=read,
    )


def matter_in(records: Records, row: TaskRow, done: Sequence[StageDone]) -> Matter:
    """The same where only the task is on the desk: one statement for its case."""
    case = records.cases.find(row.case_id)
    assert case is not None
    return _matter(records, case, row, done, None)


def barred_by(stage: str | None, scope: UUID | None, person: str, done: Iterable[StageDone]) -> str | None:
    """The stage of the same item this person has done and that bars them from this one; None: none does."""
    apart = APART.get(stage or "", ())
    return next((d.stage for d in done if d.stage in apart and d.scope_id == scope and d.person == person), None)


def bar_of(records: Records, matter: Matter, person: str) -> Bar | None:
    """The first rule that keeps somebody from a task; None: nothing does. No statement while the staff is known."""
    before = barred_by(matter.stage, matter.scope, person, matter.done)
    if before is not None:
        return Bar(
            rule=RULES[before],
            code="DUTIES_SEPARATED",
            text=Sentence("{person}已办理本事项的{done}环节，不能再办理{stage}环节（岗位分离）"),
            instead=Sentence("{person}已办理本事项的{done}环节，不能再办理{stage}环节（岗位分离），可由{instead}办理"),
            params={"done": STAGE_NAMES[before], "stage": STAGE_NAMES[matter.stage or ""]},
        )
    if matter.avoided and person == matter.avoided:
        return Bar(
            rule="S-12",
            code="COMPLAINED_PERSON",
            text=Sentence("“{task}”涉及{person}本人，应当回避，由其他人办理"),
            instead=Sentence("“{task}”涉及{person}本人，应当回避，可由{instead}办理"),
            params={"task": matter.name},
        )
    if matter.role in OUTSIDE:
        return None
    for rule in (_of_the_line, _hosted, _surveyed, _near, _agent, _minuted, _outside):
        found = rule(records, matter, person)
        if found is not None:
            return found
    return None


def bar(records: Records, matter: Matter) -> Callable[[str], bool]:
    """Tells whom the rules keep from a task."""
    return lambda person: bar_of(records, matter, person) is not None


def require_free(records: Records, matter: Matter, person: str, row: TaskRow) -> None:
    """Refused: Forbidden DUTIES_SEPARATED (S-01 to S-03), INSPECTOR_DECIDES (S-04), HOST_REVIEWS (S-05), RELATIVE_AVOIDED (S-06), COMPLAINED_PERSON,
    COMPLAINED_LINE (S-12), AGENT_HANDLES (S-13), MINUTES_OWN (S-15), OUTSIDE_LETTER (DF-12). `details`: the rule, and who may act instead."""
    found = bar_of(records, matter, person)
    if found is None:
        return
    names = acting_instead(records, matter, person, row)
    details = {"rule": found.rule, "instead": [{"username": username, "name": name} for username, name in names]}
    text = (found.instead if names else found.text).text
    known = records.staff.people.get(person)
    said: dict[str, Any] = {**found.params, "person": known.name if known is not None else person}
    if names:
        said["instead"] = "、".join(name for _, name in names)
    raise Forbidden(found.code, text, details=details, **said)


def acting_instead(records: Records, matter: Matter, person: str, row: TaskRow) -> tuple[tuple[str, str], ...]:
    """Who else may do it, in the order of the ladder: of the same post, then who stands in; present, and barred by no rule."""
    role = CHIEF if row.escalated_at is not None else matter.role
    if role is None:
        return ()
    seats = look_up(records, [(matter.department, role)])
    found: dict[str, None] = {}
    for rung in (role, *(STAND_INS.get(role, ()) if matter.department else ())):
        for seat in seats.get(group_of(matter.department, rung), ()):
            if seat.absence is None and seat.username != person and bar_of(records, matter, seat.username) is None:
                found.setdefault(seat.username)
    people = records.staff.people
    return tuple((one, people[one].name if one in people else one) for one in list(found)[:MOST_NAMES])


def _of_the_line(records: Records, matter: Matter, person: str) -> Bar | None:
    """S-12: a complaint about somebody is not handled in their department; supervision and complaint officers come first."""
    if matter.stage != OVERSIGHT_STAGE or not matter.avoided or not same_line(records, matter.avoided, person):
        return None
    return Bar(
        rule="S-12",
        code="COMPLAINED_LINE",
        text=Sentence("“{task}”涉及{person}所在部门的人员，不能由本部门办理"),
        instead=Sentence("“{task}”涉及{person}所在部门的人员，不能由本部门办理，可由{instead}办理"),
        params={"task": matter.name},
    )


def same_line(records: Records, accused: str, person: str) -> bool:
    """Whether somebody works in the department of the one a complaint is about, and not in oversight (S-12)."""
    people = records.staff.people
    theirs, known = people.get(accused), people.get(person)
    if theirs is None or known is None or not known.roles.isdisjoint(OVERSIGHT):
        return False
    return known.department == theirs.department


def _hosted(records: Records, matter: Matter, person: str) -> Bar | None:
    """S-05: who presides over the hearing does not review the application afterwards (行政许可法 art. 48)."""
    known = records.staff.people.get(person)
    if matter.stage != "REVIEW" or known is None:
        return None
    if known.name not in WORDS.split(str(matter.values.get(HOST) or "")):
        return None
    return Bar(
        rule="S-05",
        code="HOST_REVIEWS",
        text=Sentence("{person}主持本事项的听证，不能再审查本申请（《行政许可法》第四十八条）"),
        instead=Sentence("{person}主持本事项的听证，不能再审查本申请（《行政许可法》第四十八条），可由{instead}办理"),
    )


def _surveyed(records: Records, matter: Matter, person: str) -> Bar | None:
    """S-04: who has inspected the site does not decide."""
    known = records.staff.people.get(person)
    if matter.stage != "APPROVE" or known is None:
        return None
    if known.name not in WORDS.split(str(matter.values.get(INSPECTORS) or "")):
        return None
    return Bar(
        rule="S-04",
        code="INSPECTOR_DECIDES",
        text=Sentence("{person}参加了本事项的现场勘查，不能再批准（岗位分离）"),
        instead=Sentence("{person}参加了本事项的现场勘查，不能再批准（岗位分离），可由{instead}办理"),
    )


def _near(records: Records, matter: Matter, person: str) -> Bar | None:
    """S-06: nobody handles what they or their relatives have applied for."""
    known = records.staff.people.get(person)
    if matter.stage not in HANDLING or known is None:
        return None
    found = near(known.name, known.relatives, matter.parties(records.staff.fingerprint))
    if found is None:
        return None
    return Bar(
        rule="S-06",
        code="RELATIVE_AVOIDED",
        text=Sentence("“{task}”的申请人、代理人或股东中有{person}本人或其申报的关系人，应当回避"),
        instead=Sentence("“{task}”的申请人、代理人或股东中有{person}本人或其申报的关系人，应当回避，可由{instead}办理"),
        params={"task": matter.name},
    )


def _agent(records: Records, matter: Matter, person: str) -> Bar | None:
    """S-13: the agent who has filed a case takes no part in its handling, rating or complaint."""
    if matter.stage not in KEPT_FROM_AGENTS or person != matter.filed_by:
        return None
    known = records.staff.people.get(person)
    if known is None or "agency_officer" not in known.roles:
        return None
    return Bar(
        rule="S-13",
        code="AGENT_HANDLES",
        text=Sentence("本件由{person}代办申报，{person}不能再参加它的办理、评价和投诉处理"),
        instead=Sentence("本件由{person}代办申报，{person}不能再参加它的办理、评价和投诉处理，可由{instead}办理"),
    )


def _minuted(records: Records, matter: Matter, person: str) -> Bar | None:
    """S-15: the convener signs the minutes, the secretary who has kept them does not."""
    known = records.staff.people.get(person)
    if matter.stage != "MEETING" or matter.role != "leader" or known is None or "agency_officer" not in known.roles:
        return None
    if not any(one.stage == "MEETING" and one.person == person for one in matter.done):
        return None
    return Bar(
        rule="S-15",
        code="MINUTES_OWN",
        text=Sentence("会议纪要由{person}起草，应由召集人另行签发"),
        instead=Sentence("会议纪要由{person}起草，应由{instead}另行签发"),
    )


def _outside(records: Records, matter: Matter, person: str) -> Bar | None:
    """DF-12: who decides for a department does so within a letter of authority, and whatever else its 首席代表 or 分管领导
    does for others; its head gives the letters."""
    if not needs_letter(records, person, matter.department, matter.stage, matter.role):
        return None
    assert matter.department is not None and matter.stage is not None
    power = OF_STAGES[matter.stage]
    if has_letter(records, person, matter.department, power, matter.item):
        return None
    if power is Power.APPROVE:
        text = Sentence("“{task}”（{item}）不在{person}的授权委托书范围内，{person}不能批准")
        instead = Sentence("“{task}”（{item}）不在{person}的授权委托书范围内，{person}不能批准，可由{instead}办理")
    else:
        text = Sentence("“{task}”（{item}）需要{power}权限，{person}的授权委托书没有授予")
        instead = Sentence("“{task}”（{item}）需要{power}权限，{person}的授权委托书没有授予，可由{instead}办理")
    return Bar(
        rule="DF-12",
        code="OUTSIDE_LETTER",
        text=text,
        instead=instead,
        params={"task": matter.name, "item": matter.item or "—", "power": POWER_NAMES[power].text},
    )
