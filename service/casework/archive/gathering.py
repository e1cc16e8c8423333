"""What goes into a package: everything the service knows of a case, piece by piece, in one order.

The first package of a case holds everything, a supplement what has come since: journal lines after the last package, and
every piece that no earlier package holds in this form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from service.casework.office import Office
from service.documents.sealed import Piece, canonical
from service.rules.hashes import sm3
from service.rules.plain_json import plain_json
from service.rules.vocabulary import JournalAction
from service.store.archives import ArchiveFileRow, PackageRow
from service.store.cases import CaseRow
from service.store.history import JournalLine
from service.store.records import Records
from service.store.tasks import TaskRow

CENTRE, CENTRE_CODE = "政务服务中心", "201"
OUTCOMES = {"COMPLETED": "完成", "CANCELLED": "流程转向", "TACIT": "超时默许"}


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The case a package is made of. `earlier`: its packages so far; `lines`: journal lines not yet in one of them."""

    case: CaseRow
    file: ArchiveFileRow
    name: str  # of its process
    item: str  # catalogue code
    department: str
    keeper: str  # 立档单位
    lines: tuple[JournalLine, ...]
    journal: tuple[JournalLine, ...]
    tasks: tuple[TaskRow, ...]
    values: Mapping[str, Any]  # the case's own variables
    people: Mapping[str, str]
    earlier: tuple[PackageRow, ...]

    @property
    def part(self) -> int:
        """0: the first package of the case."""
        return len(self.earlier)


Source = Callable[[Office, Records, Subject], Iterable[Piece]]


def subject_of(office: Office, records: Records, row: CaseRow, file: ArchiveFileRow) -> Subject:
    """Everything packages have in common, read under the case's lock or of a case at rest."""
    earlier = records.archives.packages_of(row.id)
    held = max((one.holds for one in earlier), default=0)
    journal = records.history.lines(row.id)
    tasks = records.tasks.of_case(row.id)
    names = {one for line in journal if (one := line.actor)} | {
        one for task in tasks for one in (task.assignee, task.ended_by) if one
    }
    definition = records.deployments.definition(row.definition_id)
    program = office.programs.for_binding(records, row.binding_id, row.key)
    departments = {one.code: one.name for one in records.people.departments()}
    return Subject(
        case=row,
        file=file,
        name=definition.name if definition is not None else row.key,
        item=program.attributes(row.key).get("item", ""),
        department=departments.get(file.department or "", CENTRE),
        keeper=departments.get(CENTRE_CODE, CENTRE).partition("(")[0].partition("（")[0],
        lines=tuple(line for line in journal if line.line > held),
        journal=journal,
        tasks=tasks,
        values={one.name: one.value for one in records.variables.of_scope(row.id, row.id)},
        people=records.people.names(sorted(names)),
        earlier=earlier,
    )


def held_by(packages: Iterable[PackageRow]) -> frozenset[tuple[str, str]]:
    """Path and SM3 of every piece that packages hold."""
    return frozenset((entry["path"], entry["sm3"]) for one in packages for entry in one.entries)


def piece_hash(piece: Piece) -> str:
    """SM3 of what a piece holds."""
    if isinstance(piece.content, bytes):
        return sm3(piece.content)
    with piece.content() as source:
        return sm3(iter(lambda: source.read(1 << 20), b""))


# -- what the service itself knows


def process_files(office: Office, records: Records, subject: Subject) -> Iterator[Piece]:
    """The diagrams and forms the case ran by, as deployed: of the case and of every item it called."""
    ran = {subject.case.definition_id, *(task.definition_id for task in subject.tasks)}
    ran |= {one.definition_id for one in records.history.activities(subject.case.id)}
    rows = sorted(records.deployments.definitions(ran), key=lambda one: (one.key, one.version))
    contents = records.deployments.contents([one.resource_id for one in rows])
    used = {task.form_key for task in subject.tasks} | {start.get("form_key") for one in rows for start in one.starts}
    for one in rows:
        yield Piece(
            path=f"process/{one.key}-v{one.version}.bpmn",
            title=f"{one.name or one.key} 第{one.version}版流程图",
            kind="PROCESS",
            content=contents[one.resource_id],
        )
    forms = {key: UUID(id) for one in rows for key, id in one.forms.items() if key in used}
    schemas = records.deployments.contents(list(forms.values()))
    for key, id in sorted(forms.items()):
        yield Piece(path=f"process/forms/{key}.form", title=f"表单 {key}", kind="FORM", content=schemas[id])


def opinions(office: Office, records: Records, subject: Subject) -> Iterator[Piece]:
    """What was answered at every desk, and what was remarked."""
    tasks = {task.id: task for task in subject.tasks}
    answered = [
        {
            "element": line.element,
            "name": tasks[line.task_id].name if line.task_id in tasks else line.element,
            "stage": tasks[line.task_id].stage if line.task_id in tasks else None,
            "by": line.actor,
            "by_name": subject.people.get(line.actor or "", line.actor),
            "at": line.written_at,
            "acting_for": (line.detail or {}).get("acting_for"),
            "answers": (line.detail or {}).get("answers", {}),
        }
        for line in subject.journal
        if line.action == JournalAction.TASK_COMPLETED
    ]
    remarks = [asdict(one) for one in records.history.comments(subject.case.id)]
    yield data_piece("opinions.json", "办理意见", "OPINION", {"answers": answered, "comments": remarks})


def journal_lines(office: Office, records: Records, subject: Subject) -> Iterator[Piece]:
    """The journal since the last package."""
    if subject.lines:
        first, last = subject.lines[0].line, subject.lines[-1].line
        lines = [asdict(line) for line in subject.lines]
        yield data_piece(
            f"journal/{first:05d}-{last:05d}.json", f"办理日志 第{first}–{last}条", "JOURNAL", {"lines": lines}
        )


def state(office: Office, records: Records, subject: Subject) -> Iterator[Piece]:
    """Tasks, limits, proceedings, supervision and the values of the case as they are now."""
    id = subject.case.id
    tasks = [{**asdict(one), "by_name": subject.people.get(one.ended_by or "", "")} for one in subject.tasks]
    yield data_piece("tasks.json", "环节", "TASK", {"tasks": tasks})
    clocks = [asdict(one) for one in sorted(records.clocks.of_case(id), key=lambda one: (one.started_at, one.id.bytes))]
    yield data_piece("clocks.json", "时限", "CLOCK", {"clocks": clocks})
    proceedings = [asdict(one) for one in records.proceedings.of_case(id)]
    if proceedings:
        yield data_piece("proceedings.json", "特别程序和其他事项", "PROCEEDING", {"proceedings": proceedings})
    cards = [asdict(one) for one in records.supervision.of_case(id)]
    if cards:
        yield data_piece("supervision.json", "监察事项", "SUPERVISION", {"cards": cards})
    deliveries = [asdict(one) for one in records.deliveries.of_case(id)]
    if deliveries:
        yield data_piece("deliveries.json", "送达", "DELIVERY", {"deliveries": deliveries})
    values = sorted(
        (asdict(one) for one in records.variables.of_case(id)), key=lambda one: (str(one["scope_id"]), one["name"])
    )
    yield data_piece("data.json", "办件数据", "DATA", {"variables": values})


OWN_SOURCES: tuple[Source, ...] = (opinions, state, journal_lines, process_files)


def data_piece(path: str, title: str, kind: str, content: Mapping[str, Any]) -> Piece:
    """A piece of plain data, in one spelling."""
    return Piece(path=path, title=title, kind=kind, content=canonical(plain_json(content)))
