"""投诉 (SP-01): filed by whoever is served, with or without an account, by a window for a walk-in or a caller; numbered at
once, with what proves it, withdrawn until answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO
from uuid import UUID

from service.casework.actors import Actor
from service.casework.correlating import deliver_in
from service.casework.journalling import case_file
from service.casework.materials.evidence import keep_evidence
from service.casework.materials.receiving import ReceivedFile, receive_file
from service.casework.office import Office
from service.casework.quality.rights import COMPLAINANTS, require_register
from service.casework.rights import require_reader
from service.casework.starting import begin, wanted_definition
from service.casework.views import CaseView
from service.rules.material_files import clean_name
from service.rules.numbers import COMPLAINT as SERIES
from service.rules.quality import COMPLAINT_KINDS, COMPLAINT_SOURCES
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.store.records import Records

KEY = "support_SP_01"
LONGEST = 2000
MOST_FILES = 5
OPEN_TO_WITHDRAWAL = frozenset({"Task_Accept", "Task_Department", "Task_Supervision", "Task_Audit"})
ONLINE, WITHDRAW = "online", "MSG_WITHDRAW"


@dataclass(frozen=True, kw_only=True)
class ComplaintForm:
    """What somebody complains about. `about`: number of a case; `accused`: a name or a staff number; `name`, `phone`: of a
    complainant without an account."""

    kind: str
    text: str
    source: str = ONLINE
    anonymous: bool = False
    about: str = ""
    department: str = ""
    window: str = ""
    accused: str = ""
    name: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What the page offers: departments, and the case it was opened from."""

    departments: Mapping[str, str]
    about: str
    department: str
    stage: str
    walk_in: bool


def open_complaint(office: Office, actor: Actor, case_id: UUID | None) -> Offered:
    """What a new complaint begins with; from a case (质疑, SM-45) its number and department are filled in.

    Refused: Forbidden QUALITY_FORBIDDEN; Missing CASE_NOT_FOUND.
    """
    require_register(actor, "complaints")
    with office.reading() as records:
        departments = {one.code: one.name for one in records.people.departments()}
        about = department = stage = ""
        if case_id is not None:
            row = require_reader(records, actor, records.cases.find(case_id))
            about, department = row.business_key or "", department_of(records, case_id) or ""
            stage = stage_of(records, case_id) or ""
        return Offered(
            departments=departments,
            about=about,
            department=department,
            stage=stage,
            walk_in="applicant" not in actor.roles,
        )


def file_complaint(
    office: Office, actor: Actor, form: ComplaintForm, files: Sequence[tuple[str, BinaryIO]] = ()
) -> CaseView:
    """登记投诉: the number TS-YYYY-NNNN is counted in the transaction that starts the case, so none is ever missing.

    `files`: names and contents of what proves it. Refused: Forbidden QUALITY_FORBIDDEN; Invalid COMPLAINT_KIND, COMPLAINT_SOURCE,
    COMPLAINT_TEXT, COMPLAINT_ABOUT (no such case), COMPLAINT_DEPARTMENT, COMPLAINT_FILES, MATERIAL_INFECTED and the codes of
    `rules.material_files.FAULTS`; Conflict DEFINITION_SUSPENDED; Missing DEFINITION_NOT_FOUND; Unavailable BLOBS_UNREACHABLE.
    """
    require_register(actor, "complaints")
    return _file(office, actor, form, files)


def file_public_complaint(office: Office, form: ComplaintForm, files: Sequence[tuple[str, BinaryIO]] = ()) -> CaseView:
    """The same by somebody who has not signed in (P21, R27): told by telephone when they leave a number, else anonymous.

    Refused: as `file_complaint`.
    """
    unknown = not form.phone.strip() and not form.name.strip()
    return _file(office, None, replace(form, source=ONLINE, anonymous=form.anonymous or unknown), files)


def public_departments(office: Office) -> Mapping[str, str]:
    """The departments a complaint may be about."""
    with office.reading() as records:
        return {one.code: one.name for one in records.people.departments()}


def _file(office: Office, actor: Actor | None, form: ComplaintForm, files: Sequence[tuple[str, BinaryIO]]) -> CaseView:
    _checked(form)
    evidence = _received(office, files)
    applicant = actor is None or "applicant" in actor.roles

    def act() -> CaseView:
        with office.transaction() as records:
            departments = {one.code for one in records.people.departments()}
            if form.department and form.department not in departments:
                raise refuse("department", "COMPLAINT_DEPARTMENT", "请选择列出的部门。")
            about = find_case(records, form.about)
            if form.about.strip() and about is None:
                raise refuse(
                    "about", "COMPLAINT_ABOUT", "没有编号为“{number}”的办件，请核对。", number=form.about.strip()
                )
            day = records.now.astimezone(office.settings.time_zone).date()
            number = SERIES.number(day, records.series.next(SERIES.series(day)))
            own = actor if actor is not None and applicant and not form.anonymous else None
            variables = {
                "complaint_no": number,
                "matter_kind": form.kind,
                "source": ONLINE if applicant else form.source,
                "anonymous": form.anonymous,
                "complainant": own.username if own else None,
                "complainant_name": None if form.anonymous else (form.name.strip() or (own.name if own else None)),
                "phone": None if form.anonymous else form.phone.strip() or None,
                "about_number": form.about.strip() or None,
                "about_case": str(about) if about is not None else None,
                "about_stage": stage_of(records, about) if about is not None else None,
                "department": form.department or (department_of(records, about) if about is not None else None),
                "window": form.window.strip() or None,
                "accused": form.accused.strip() or None,
                "person": None,
                "complaint_text": form.text.strip(),
            }
            definition = wanted_definition(records, key=KEY)
            starter = None if form.anonymous and applicant else actor
            made = begin(
                office, records, starter, definition, business_key=number, variables=variables, title=f"投诉 {number}"
            )
            keep_evidence(records, case_file(records.cases.lock(made.id)), starter, KEY, evidence)
            return made

    return office.attempt(act)


def _received(office: Office, files: Sequence[tuple[str, BinaryIO]]) -> list[tuple[str, ReceivedFile]]:
    """Looked at, scanned and kept, outside of any transaction."""
    if len(files) > MOST_FILES:
        raise refuse("files", "COMPLAINT_FILES", "证据材料最多 {most} 个文件。", most=MOST_FILES)
    found = []
    for name, content in files:
        clean = clean_name(name)
        one = receive_file(office, content, clean)
        if one.infected:
            raise refuse(
                "files",
                "MATERIAL_INFECTED",
                "“{name}”含有病毒（{signature}），没有保存。",
                name=clean,
                signature=one.signature,
            )
        found.append((clean, one))
    return found


def withdraw_complaint(office: Office, actor: Actor, case_id: UUID) -> None:
    """撤回投诉, by whoever filed it, until it has been answered (C.5.8).

    Refused: Missing COMPLAINT_MISSING; Forbidden WITHDRAW_OWN_ONLY; Conflict WITHDRAW_TOO_LATE.
    """

    def act() -> None:
        with office.transaction() as records:
            row = records.cases.lock(case_id)
            if row is None or row.key != KEY or not (row.started_by == actor.username or actor.has(*COMPLAINANTS)):
                raise Missing("COMPLAINT_MISSING", "没有这件投诉，或者您无权查看。")
            if row.started_by != actor.username:
                raise Forbidden("WITHDRAW_OWN_ONLY", "只有登记投诉的人可以撤回投诉。")
            heard = [one for one in records.subscriptions.of_case(case_id) if one.name == WITHDRAW]
            if not heard or not is_withdrawable(records, case_id):
                raise Conflict("WITHDRAW_TOO_LATE", "投诉已经答复或办结，不能再撤回。")
            deliver_in(office, records, case_file(row), heard[0], actor, {}, {})

    office.attempt(act)


def find_case(records: Records, number: str) -> UUID | None:
    """The case somebody means by its 收件号 or 受理号."""
    wanted = number.strip()
    if not wanted:
        return None
    return records.quality.case_numbered(wanted)


def department_of(records: Records, case_id: UUID | None) -> str | None:
    """Whose item a case is, by its clocks."""
    if case_id is None:
        return None
    rows = records.clocks.of_case(case_id)
    main = [one.department for one in rows if one.kind in ("CASE", "CHAIN", "RECEIPT") and one.department]
    return main[0] if main else next((one.department for one in rows if one.department), None)


def stage_of(records: Records, case_id: UUID) -> str | None:
    """Where a case stands: the names of its open steps; None when it has ended."""
    names = dict.fromkeys(one.name for one in records.tasks.open_of(case_id))
    return "、".join(names)[:200] or None


def is_withdrawable(records: Records, case_id: UUID) -> bool:
    """Whether it has not been answered yet."""
    return any(one.element in OPEN_TO_WITHDRAWAL for one in records.tasks.open_of(case_id))


def _checked(form: ComplaintForm) -> None:
    if form.kind not in COMPLAINT_KINDS:
        raise refuse("kind", "COMPLAINT_KIND", "请选择投诉类别。")
    if form.source not in COMPLAINT_SOURCES:
        raise refuse("source", "COMPLAINT_SOURCE", "请选择投诉来源。")
    said: Any = form.text.strip()
    if not said:
        raise refuse("text", "COMPLAINT_TEXT", "请写明投诉的事实和要求。")
    if len(said) > LONGEST:
        raise refuse("text", "COMPLAINT_TEXT_LONG", "投诉内容不能超过 {most} 个字。", most=LONGEST)
