"""流程发布 (SP-18): who draws it, who agrees to it and who deploys it are three persons (S-07); 法制 when the law's numbers change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

from service.casework.actors import Actor
from service.casework.acts.request import Request
from service.casework.deploying import deploy_within
from service.casework.examining import examine_against, read_library
from service.casework.journalling import CaseFile
from service.casework.kept_apart import kept_apart
from service.casework.measures.orders import not_deployed
from service.casework.office import Office
from service.casework.support_asking import RELEASE
from service.casework.support_cases import Desk, begin_support, doer_of, subject_id
from service.casework.workbench import MAY_DEPLOY, MAY_READ, Preview, Resource, preview_upload
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from service.rules.sentences import Sentence
from service.rules.vocabulary import JournalAction
from service.store.measures import ReleaseRow
from service.store.records import Records
from service.store.workbench import PersonCard, Workbench

ZW = "{urn:lianban:bpmn:zw:1}"
LEGAL = frozenset(
    {"limit", "statutory", "statutory_start", "receipt", "milestones", "tacit", "extension", "fee", "fees"}
)
DESKS = ("Task_Office", "Task_Legal", "Task_Deploy")
LONGEST_NOTE, MOST_DIFFERENCES, PAGE = 500, 200, 20


@dataclass(frozen=True, kw_only=True)
class ReleaseLine:
    """One release in the list, with its supporting case."""

    row: ReleaseRow
    case_id: UUID | None
    state: str  # of the case, RELEASED once deployed


@dataclass(frozen=True, kw_only=True)
class ReleasePage:
    """One release: what it changes, its files by size, who uploaded it."""

    line: ReleaseLine
    files: Mapping[str, int]
    people: Mapping[str, PersonCard]


def submit_release(office: Office, actor: Actor, resources: Sequence[Resource], *, note: str = "") -> UUID:
    """A designer hands files in to be released; the supporting case.

    Refused: as `examine_release`, and Conflict MEASURE_NOT_DEPLOYED.
    """
    preview = examine_release(office, actor, resources)
    with office.transaction() as records:
        return open_release(office, records, actor, preview, note=note)[1]


def examine_release(office: Office, actor: Actor, resources: Sequence[Resource]) -> Preview:
    """What releasing these files would change; reads only, takes a moment.

    Refused: Forbidden DEPLOY_FORBIDDEN; Invalid RELEASE_ERRORS with the findings, RELEASE_UNCHANGED.
    """
    preview = preview_upload(office, actor, resources)
    if preview.errors:
        raise Invalid(
            "RELEASE_ERRORS",
            "文件有 {count} 处错误，不能提交发布。",
            count=len(preview.errors),
            details=preview.findings,
        )
    if all(one.unchanged for one in preview.changes):
        raise Invalid("RELEASE_UNCHANGED", "与现行版本完全相同，无需发布。")
    return preview


def open_release(
    office: Office, records: Records, actor: Actor, preview: Preview, *, note: str = ""
) -> tuple[UUID, UUID]:
    """The release of what was examined, and the supporting case it is agreed to in. Refused: Conflict MEASURE_NOT_DEPLOYED."""
    changed = [one for one in preview.changes if not one.unchanged]
    bench, newest = Workbench(records), {one.key: one for one in reversed(Workbench(records).versions())}
    files = {one.name: one.content for one in preview.resources}
    changes = []
    for one in changed:
        before = bench.bpmn(newest[one.key].id) if one.key in newest and not one.table else None
        said = [] if one.table else differences(None if before is None else before[1], files[one.file])
        changes.append(
            {
                "key": one.key,
                "name": one.name,
                "current": one.current,
                "next": one.next,
                "running": one.running,
                "differences": said[:MOST_DIFFERENCES],
                "table": one.table,
                "legal": before is None or any(text.split(" ")[1] in LEGAL for text in said),
            }
        )
    row = ReleaseRow(
        id=uuid4(),
        uploaded_by=actor.username,
        uploaded_at=records.now,
        note=note.strip()[:LONGEST_NOTE],
        changes=changes,
        legal=int(any(one["legal"] for one in changes)),
        state="OPEN",
    )
    records.measures.add_release(row, files)
    made = begin_support(
        office,
        records,
        RELEASE,
        subject=row.id,
        actor=actor,
        title=f"发布{'、'.join(one.name for one in changed)}"[:200],
        variables={"release": str(row.id), "note": row.note},
    )
    if made is None:
        raise not_deployed()
    return row.id, made


def release(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """校验, 部署, 影响面报告. What can no longer be deployed is said, and nothing is."""
    row = wanted_release(records, subject_id(request.values, "release"))
    files = _files(records, row)
    match request.inputs.get("deed"):
        case "examine":
            found = examine_against(files, read_library(records, files))
            first = found.errors[0].text if found.errors else None
            return {"valid": not found.errors, "legal_needed": bool(row.legal), "release_problem": first}
        case "deploy":
            return _deploy(office, records, file, request, row, files)
        case _:
            return {"affected": sum(_running(records, row).values())}


def check_apart(office: Office, records: Records, desk: Desk) -> None:
    """S-07. Refused: Forbidden RELEASE_SAME_PERSON for who uploaded or drew it, and for who has agreed at a desk before."""
    row = wanted_release(records, subject_id(desk.values, "release"))
    before = {row.uploaded_by, *records.process_drafts.authors_of(row.id)}
    if desk.row.element == "Task_Deploy":
        before |= _doers(records, desk.file)
    if desk.actor.username in before:
        raise kept_apart(
            records,
            "S-07",
            "RELEASE_SAME_PERSON",
            Sentence("设计、审核和部署须由三人分别办理，您已办理过其中一步。"),
            Sentence("设计、审核和部署须由三人分别办理，您已办理过其中一步，可由{instead}办理。"),
            groups=(desk.row.role or "",),
            without=before,
        )


def release_list(office: Office, actor: Actor, *, page: int = 1) -> tuple[ReleaseLine, ...]:
    """Releases, the latest first. Refused: Forbidden PROCESSES_FORBIDDEN."""
    require_reader(actor)
    with office.reading() as records:
        rows = records.measures.releases(first=(max(page, 1) - 1) * PAGE, size=PAGE)
        return _lines(records, rows)


def scheduled_releases(office: Office, actor: Actor, key: str) -> tuple[ReleaseLine, ...]:
    """What will become of a process at a set instant, the earliest first. Refused: Forbidden PROCESSES_FORBIDDEN."""
    require_reader(actor)
    with office.reading() as records:
        rows = [
            row for row in records.measures.scheduled_releases() if any(one.get("key") == key for one in row.changes)
        ]
        return tuple(line for line in _lines(records, rows) if line.state in ("OPEN", "ACTIVE", "SUSPENDED"))


def release_count(office: Office, actor: Actor) -> int:
    """How many releases there are. Refused: Forbidden PROCESSES_FORBIDDEN."""
    require_reader(actor)
    with office.reading() as records:
        return records.measures.release_count()


def release_page(office: Office, actor: Actor, release_id: UUID) -> ReleasePage:
    """One release. Refused: Forbidden PROCESSES_FORBIDDEN; Missing RELEASE_NOT_FOUND."""
    require_reader(actor)
    with office.reading() as records:
        row = wanted_release(records, release_id)
        [line] = _lines(records, (row,))
        files = {name: len(content) for name, content in records.measures.files_of(row.id).items()}
        return ReleasePage(line=line, files=files, people=Workbench(records).people({row.uploaded_by}))


def differences(before: bytes | None, after: bytes) -> list[str]:
    """Element by element what another version says: `Task_Review limit 6hd → 4hd`, `Task_Review + `, `Task_Review - `."""
    old, new = ({} if before is None else _said(before)), _said(after)
    found = [f"{id} + {new[id].get('name', '')}".rstrip() for id in new if id not in old]
    found += [f"{id} - {old[id].get('name', '')}".rstrip() for id in old if id not in new]
    for id in (one for one in new if one in old):
        names = sorted({*old[id], *new[id]})
        found += [
            f"{id} {name} {old[id].get(name, '—')} → {new[id].get(name, '—')}"
            for name in names
            if old[id].get(name) != new[id].get(name)
        ]
    return found


def _said(content: bytes) -> dict[str, dict[str, str]]:
    """Attributes of every element with an id that is no drawing; the file has been examined by the hardened reader before."""
    found: dict[str, dict[str, str]] = {}
    for element in ET.fromstring(content).iter():
        id, tag = element.get("id"), element.tag
        if id and not tag.startswith("{http://www.omg.org/spec/BPMN/20100524/DI}"):
            found[id] = {name.rpartition("}")[2]: value for name, value in element.attrib.items() if name != "id"}
            found[id] |= {
                f"text{n}": child.text.strip() for n, child in enumerate(element) if child.text and child.text.strip()
            }
    return found


def _deploy(
    office: Office, records: Records, file: CaseFile, request: Request, row: ReleaseRow, files: tuple[Resource, ...]
) -> dict[str, Any]:
    if row.state == "CANCELLED":
        return {"released": False, "release_problem": "定时发布已取消"}
    if request.values.get("decision") != "agree":
        return {"released": False, "release_problem": "系统管理员不部署"}
    actor = doer_of(records, file, "Task_Deploy")
    if actor.username in {row.uploaded_by, *records.process_drafts.authors_of(row.id), *_doers(records, file)}:
        return {"released": False, "release_problem": "设计、审核和部署须由三人分别办理"}
    try:
        made = deploy_within(office, records, actor, "流程发布", files, source="release", note=row.note or None)
    except (Invalid, Conflict) as refusal:
        return {"released": False, "release_problem": refusal.sentence()}
    records.measures.change_release(row.id, {"state": "RELEASED", "deployment_id": made.id})
    return {"released": True}


def _doers(records: Records, file: CaseFile) -> set[str]:
    """Who has agreed at the desks before the last one."""
    return {
        line.actor
        for line in (*records.history.lines(file.id), *file.lines)
        if line.action == JournalAction.TASK_COMPLETED and line.element in DESKS[:-1] and line.actor
    }


def _running(records: Records, row: ReleaseRow) -> Counter[str]:
    """Cases at work with the versions there were before, by process."""
    last = {one["key"]: one["current"] or 0 for one in row.changes}
    found: Counter[str] = Counter()
    for version in Workbench(records).versions():
        if version.key in last and version.version <= last[version.key]:
            found[version.key] += version.running
    return found


def _lines(records: Records, rows: Sequence[ReleaseRow]) -> tuple[ReleaseLine, ...]:
    cases = records.measures.about_each(RELEASE, [row.id for row in rows])
    known = records.cases.some(cases.values())
    return tuple(
        ReleaseLine(
            row=row,
            case_id=cases.get(row.id),
            state=row.state
            if row.state in ("RELEASED", "CANCELLED")
            else known[cases[row.id]].state
            if row.id in cases
            else row.state,
        )
        for row in rows
    )


def _files(records: Records, row: ReleaseRow) -> tuple[Resource, ...]:
    return tuple(Resource(name=name, content=content) for name, content in records.measures.files_of(row.id).items())


def wanted_release(records: Records, release_id: UUID) -> ReleaseRow:
    """One release. Refused: Missing RELEASE_NOT_FOUND."""
    row = records.measures.release(release_id)
    if row is None:
        raise Missing("RELEASE_NOT_FOUND", "没有这次流程发布。")
    return row


def require_reader(actor: Actor) -> None:
    """Refused: Forbidden PROCESSES_FORBIDDEN."""
    if not actor.has(*MAY_READ, *MAY_DEPLOY, "legal_checker"):
        raise Forbidden("PROCESSES_FORBIDDEN", "您没有查看流程库的权限。")
