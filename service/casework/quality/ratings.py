"""评价 (DF-31, DF-32, BR-04): one for a case that has ended, by its applicant or pressed at the counter; a bad one is followed up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.posts import CHIEF, HEAD, LEADER, group_of, look_up
from service.casework.quality.complaints import department_of
from service.casework.rights import require_reader
from service.casework.starting import begin, wanted_definition
from service.rules.quality import (
    BAD,
    CENTRE,
    GRADES,
    SUPERVISOR,
    Given,
    checked_grade,
    may_change,
    may_rate,
)
from service.rules.refusals import Conflict, Forbidden, refuse
from service.store.cases import CaseRow
from service.store.exchange import LinkRow
from service.store.quality import RatingRow
from service.store.records import Records

FOLLOW_UP = "support_SP_04"
SUPPORT = "support_"
WINDOWS = ("counter_clerk", "issue_clerk")
LONGEST = 500
RATING_TAGS = ("服务热情", "一次办好", "按时办结", "材料告知不清", "多次跑动", "办理太慢", "态度不好", "收费不明")


@dataclass(frozen=True, kw_only=True)
class Rateable:
    """What the page of a rating shows. `given`: what was rated; `open`: whether it can be rated or changed now."""

    case: CaseRow
    given: RatingRow | None
    open: bool
    by_window: bool


def rateable(office: Office, actor: Actor, case_id: UUID) -> Rateable:
    """Whether somebody may rate a case now. Refused: Missing CASE_NOT_FOUND; Forbidden RATING_FORBIDDEN."""
    with office.reading() as records:
        row = require_reader(records, actor, records.cases.find(case_id))
        given = records.quality.rating_of(case_id)
        by_window = _require_rater(actor, row)
        return Rateable(case=row, given=given, open=is_open(row, given, records), by_window=by_window)


def rate_case(
    office: Office,
    actor: Actor,
    case_id: UUID,
    grade: int,
    *,
    tags: Collection[str] = (),
    said: str = "",
) -> RatingRow:
    """Rate a case, or change the rating once within 24 hours. 不满意 and 非常不满意 open a 差评处置 (SP-04).

    At the counter the window triggers and the citizen presses; 0 (未评价) is what remains when nobody did, and may still be
    rated online. Refused: Missing CASE_NOT_FOUND; Forbidden RATING_FORBIDDEN; Conflict CASE_STILL_RUNNING, RATING_LATE,
    RATED_ALREADY; Invalid RATING_GRADE, RATING_TAGS, RATING_TEXT, RATING_REASON.
    """

    def act() -> RatingRow:
        with office.transaction() as records:
            row = records.cases.lock(case_id)
            found = require_reader(records, actor, row)
            by_window = _require_rater(actor, found)
            checked_grade(grade, by_window=by_window)
            _checked(tags, said, grade)
            given = records.quality.rating_of(case_id)
            _require_open(found, given, records)
            made = _written(records, actor, found, given, grade, sorted(tags), said.strip(), by_window)
            if grade in BAD and made.follow_up is None:
                started = _follow_up(office, records, actor, found, made)
                records.quality.change_rating(made.id, follow_up=started)
            return records.quality.rating_of(case_id) or made

    return office.attempt(act)


def verifier(records: Records, department: str | None, handlers: Collection[str]) -> tuple[str, str]:
    """Role and department that verify a bad rating: the first of 首席代表, 分管领导, 主要负责人 who did nothing in the case
    (S-12); supervision when there is nobody."""
    if department:
        seats = look_up(records, [(department, CHIEF)])
        for role in (CHIEF, LEADER, HEAD):
            holders = {one.username for one in seats.get(group_of(department, role), ())}
            if holders and holders.isdisjoint(handlers):
                return role, department
    return SUPERVISOR, CENTRE


def _written(
    records: Records,
    actor: Actor,
    case: CaseRow,
    given: RatingRow | None,
    grade: int,
    tags: list[str],
    said: str,
    by_window: bool,
) -> RatingRow:
    channel = "WINDOW" if by_window else "ONLINE"
    if given is None:
        made = RatingRow(
            id=uuid4(),
            case_id=case.id,
            grade=grade,
            tags=tags,
            said=said,
            channel=channel,
            rated_by=None if by_window else actor.username,
            clerk=actor.username if by_window else None,
            named=not by_window or _is_applicant(records, case),
            department=department_of(records, case.id),
            rated_at=records.now,
        )
        records.quality.add_rating(made)
        return made
    first = given.grade == 0
    records.quality.change_rating(
        given.id,
        grade=grade,
        tags=tags,
        said=said,
        channel=channel,
        rated_by=None if by_window else actor.username,
        **({"rated_at": records.now} if first else {"changed_at": records.now}),
    )
    found = records.quality.rating_of(case.id)
    return found if found is not None else given


def _follow_up(office: Office, records: Records, actor: Actor, case: CaseRow, made: RatingRow) -> UUID:
    """Start 差评处置, linked to the case that was rated."""
    handlers = {one.ended_by for one in records.tasks.of_case(case.id) if one.ended_by}
    role, department = verifier(records, made.department, handlers)
    number = case.business_key or case.id.hex[:8].upper()
    variables = {
        "rated_case": str(case.id),
        "about_number": number,
        "grade": str(made.grade),
        "rating_text": made.said or "、".join(made.tags),
        "named": made.named,
        "department": made.department or CENTRE,
        "person": made.clerk,
        "verifier_role": role,
        "verifier_dept": department,
        "count": 1,
    }
    definition = wanted_definition(records, key=FOLLOW_UP)
    title = f"差评处置 {number} {GRADES[made.grade]}"
    started = begin(office, records, None, definition, business_key=number, variables=variables, title=title)
    records.exchange.link(
        LinkRow(
            id=started.id,
            parent_id=case.id,
            scope_id=None,
            element="",
            request_id=made.id,
            started_at=records.now,
        )
    )
    return started.id


def _require_rater(actor: Actor, case: CaseRow) -> bool:
    """Whether it is pressed at the counter. Refused: Forbidden RATING_FORBIDDEN for everybody but applicant and windows."""
    if not case.key.startswith(SUPPORT):
        if case.started_by == actor.username and "applicant" in actor.roles:
            return False
        if actor.has(*WINDOWS) and not actor.service:
            return True
    raise Forbidden("RATING_FORBIDDEN", "只有申请人可以评价自己的办件，窗口可以请申请人当场评价。")


def is_open(case: CaseRow, given: RatingRow | None, records: Records) -> bool:
    """Whether a case can be rated, or its rating changed, now."""
    if not may_rate(case.ended_at, records.now):
        return False
    return given is None or may_change(_given(given), records.now)


def _require_open(case: CaseRow, given: RatingRow | None, records: Records) -> None:
    if case.ended_at is None:
        raise Conflict("CASE_STILL_RUNNING", "办件还没有办结，办结后才能评价。")
    if not may_rate(case.ended_at, records.now):
        raise Conflict("RATING_LATE", "办结已超过三十天，不能再评价。")
    if given is not None and not may_change(_given(given), records.now):
        raise Conflict("RATED_ALREADY", "这个办件已经评价过，评价只能在二十四小时内修改一次。")


def _given(row: RatingRow) -> Given:
    return Given(grade=row.grade, at=row.rated_at, changed=row.changed_at is not None)


def _is_applicant(records: Records, case: CaseRow) -> bool:
    member = records.people.roles_of({case.started_by}).get(case.started_by) if case.started_by else None
    return member is not None and "applicant" in member.roles


def _checked(tags: Collection[str], said: str, grade: int) -> None:
    if not set(tags) <= set(RATING_TAGS):
        raise refuse("tags", "RATING_TAGS", "请从列出的评价理由中选择。")
    if len(said.strip()) > LONGEST:
        raise refuse("said", "RATING_TEXT", "评价内容不能超过 {most} 个字。", most=LONGEST)
    if grade in BAD and not tags and not said.strip():
        raise refuse("tags", "RATING_REASON", "不满意的，请选择或写明理由，以便核实整改。")
