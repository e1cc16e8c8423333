"""流程: deployed versions, their diagrams, and what an upload would change before it is deployed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.decisions import DecisionVersion, decision_uses, decision_versions
from service.casework.examining import form_key_of, read_library
from service.casework.linting import lint
from service.casework.register.agreeing import what_the_register_says
from service.casework.register.reading import found_by, startable_items
from service.engine import decision_cards
from service.engine.examine import DMN_SUFFIXES
from service.engine.facts import Finding, Resource
from service.rules.document_kinds import KINDS
from service.rules.message_texts import TEMPLATES
from service.rules.refusals import Forbidden, Missing
from service.store.workbench import PersonCard, VersionRow, Workbench

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

APPLICATION = "apply_"  # forms of applications are named so
MAY_DEPLOY = ("process_designer", "system_admin")
MAY_READ = (*MAY_DEPLOY, "business_office", "supervisor", "counter_clerk", "chief_rep")


@dataclass(frozen=True, kw_only=True)
class ProcessLine:
    """One process in the list: its newest version, how many versions; `own` and `running` of all of them."""

    newest: VersionRow
    versions: int
    running: int
    own: int


@dataclass(frozen=True, kw_only=True)
class Change:
    """What deploying would do to one process. `unchanged`: the deployed version says the same already."""

    key: str
    name: str
    file: str
    current: int | None
    next: int
    unchanged: bool
    running: int
    table: bool = False  # a decision: cases ask the newest one from then on


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What the linter found and what would change; `resources`: the files as they would be deployed."""

    findings: tuple[Finding, ...]
    errors: tuple[Finding, ...]
    changes: tuple[Change, ...]
    resources: tuple[Resource, ...]
    added: tuple[str, ...]  # files taken from the deployed version because the uploaded ones need them


def process_list(office: Office, actor: Actor, *, search: str = "") -> tuple[ProcessLine, ...]:
    """All deployed processes by kind and name; chains first. Refused: Forbidden PROCESSES_FORBIDDEN."""
    _require_reader(actor)
    return _lines(office, search)


def _lines(office: Office, search: str = "") -> tuple[ProcessLine, ...]:
    with office.reading() as records:
        by_key: dict[str, list[VersionRow]] = {}
        for version in Workbench(records).versions():
            by_key.setdefault(version.key, []).append(version)
    words = search.casefold().split()
    lines = [
        ProcessLine(
            newest=found[0], versions=len(found), running=sum(v.running for v in found), own=sum(v.own for v in found)
        )
        for found in by_key.values()
        if all(word in f"{found[0].key} {found[0].name}".casefold() for word in words)
    ]
    kinds = {"CHAIN": 0, "ITEM": 1, "SUPPORT": 2}
    return tuple(sorted(lines, key=lambda line: (kinds.get(line.newest.zw_kind or "", 3), line.newest.key)))


@dataclass(frozen=True, kw_only=True)
class ProcessPage:
    """One process: its versions, newest first, who deployed them, and the names of all processes it calls."""

    versions: tuple[VersionRow, ...]
    people: Mapping[str, PersonCard]
    names: Mapping[str, str]


def process_page(office: Office, actor: Actor, key: str) -> ProcessPage:
    """One process with its versions. Refused: Forbidden PROCESSES_FORBIDDEN, Missing DEFINITION_NOT_FOUND."""
    _require_reader(actor)
    with office.reading() as records:
        bench = Workbench(records)
        every = bench.versions()
        found = tuple(version for version in every if version.key == key)
        if not found:
            raise Missing("DEFINITION_NOT_FOUND", "没有键为 {key} 的流程。", key=key)
        return ProcessPage(
            versions=found,
            people=bench.people({version.deployed_by for version in found}),
            names={version.key: version.name or version.key for version in reversed(every)},
        )


@dataclass(frozen=True, kw_only=True)
class AskedAct:
    """One act of a diagram as its page shows it. `codes`: (code, title) of documents and messages."""

    element: str
    name: str
    act: str
    codes: tuple[tuple[str, str], ...]
    inputs: Mapping[str, str]
    waits: bool


def process_acts(office: Office, actor: Actor, definition_id: UUID) -> tuple[AskedAct, ...]:
    """What a version asks of the service, element by element. Refused: Forbidden PROCESSES_FORBIDDEN."""
    from service.engine import asked_in

    _require_reader(actor)
    with office.reading() as records:
        found = Workbench(records).bpmn(definition_id)
    return tuple(
        AskedAct(
            element=one.element,
            name=one.name,
            act=one.act,
            codes=tuple((code, title_of_code(code)) for code in one.codes),
            inputs=one.inputs,
            waits=one.waits,
        )
        for one in (asked_in(found[1]) if found is not None else ())
    )


def title_of_code(code: str) -> str:
    """What a kind of document or a message is called."""
    if code in KINDS:
        return KINDS[code].title
    return TEMPLATES[code].event if code in TEMPLATES else ""


def diagram_source(office: Office, actor: Actor, definition_id: UUID) -> tuple[VersionRow, bytes]:
    """A version and its BPMN, byte for byte as uploaded, also of one no longer in use.

    Staff may see every diagram, an applicant those of the own cases. Refused: Missing DEFINITION_NOT_FOUND.
    """
    with office.reading() as records:
        bench = Workbench(records)
        version, found = bench.version(definition_id), bench.bpmn(definition_id)
        inside = actor.department is not None or actor.has(*MAY_READ)
        if version is None or found is None or not (inside or definition_id in bench.runs_with(actor.username)):
            raise Missing("DEFINITION_NOT_FOUND", "没有这个流程版本。")
    return version, found[1]


def _require_reader(actor: Actor) -> None:
    if not actor.has(*MAY_READ):
        raise Forbidden("PROCESSES_FORBIDDEN", "您没有查看流程库的权限。")


def startable(office: Office, actor: Actor, *, search: str = "") -> tuple[VersionRow, ...]:
    """Newest versions the actor may start by hand: not suspended, with a plain start event, their item in use, no variants that
    only chains call; chains first.

    `search`: words of name, key or item code, or the initials of the item's name in the register.
    """
    items = startable_items(office)
    words = search.casefold().split()
    found = []
    for line in _lines(office):
        newest, item = line.newest, items.get(line.newest.key)
        if newest.zw_kind == "SUPPORT" and not _applied_for(newest):  # begun for a matter, by its own page or event
            continue
        if newest.suspended or not any(start.get("kind") == "none" for start in newest.starts):
            continue
        if item is None and any(newest.key.startswith(f"{key}_") for key in items):  # the variant a chain calls
            continue
        if item is not None and item.status != "ACTIVE":
            continue
        named = f"{newest.key} {newest.name}".casefold()
        if all(word in named or (item is not None and found_by(item, word)) for word in words):
            found.append(newest)
    return tuple(found)


def joint_chains(office: Office, *, search: str = "") -> tuple[VersionRow, ...]:
    """The joint chains and agency services an applicant may begin, for the catalogue. `search`: words of name or key."""
    words = search.casefold().split()
    newest = [line.newest for line in _lines(office)]
    return tuple(
        one
        for one in newest
        if not one.suspended
        and (
            _applied_for(one)
            if one.zw_kind == "SUPPORT"
            else one.zw_kind == "CHAIN" and any(start.get("kind") == "none" for start in one.starts)
        )
        if all(word in f"{one.key} {one.key.replace('_', '-')} {one.name}".casefold() for word in words)
    )


def _applied_for(one: VersionRow) -> bool:
    """Whether a supporting process begins with an application form: 全程代办 (DB-20) and 四级联动 (SX-1) are asked for like chains."""
    return any(
        start.get("kind") == "none" and str(start.get("form_key") or "").startswith(APPLICATION) for start in one.starts
    )


def preview_upload(office: Office, actor: Actor, resources: Sequence[Resource], *, alone: bool = False) -> Preview:
    """Lint the files and say which process and decision would get which version. Deploys nothing. Refused: Forbidden.

    A revised form alone brings the deployed diagrams that use it; a revised diagram alone brings the deployed forms
    it names: a version is always complete. `alone`: other diagrams are left out, which is quick while somebody draws.
    """
    if not actor.has(*MAY_DEPLOY):
        raise Forbidden("DEPLOY_FORBIDDEN", "只有流程设计员或系统管理员可以上传流程。")
    with office.reading() as records:
        bench = Workbench(records)
        newest: dict[str, VersionRow] = {}
        running: Counter[str] = Counter()
        for version in bench.versions():
            newest.setdefault(version.key, version)
            running[version.key] += version.running
        complete = _completed(records, newest, tuple(resources), alone=alone)
        register = what_the_register_says(records, complete)
        decisions = decision_versions(records)
        tables = _tables(records, decisions, complete)
    examination = lint(
        complete, known=frozenset(newest), known_decisions=frozenset(decision_uses(decisions)), register=register
    )
    changes = tuple(
        Change(
            key=draft.key,
            name=draft.name or draft.key,
            file=draft.resource,
            current=newest[draft.key].version if draft.key in newest else None,
            next=newest[draft.key].version + 1 if draft.key in newest else 1,
            unchanged=draft.key in newest and newest[draft.key].digest == draft.digest,
            running=running[draft.key],
        )
        for draft in examination.drafts
    )
    given = {resource.name for resource in resources}
    return Preview(
        findings=examination.findings,
        errors=examination.errors,
        changes=(*changes, *tables),
        resources=complete,
        added=tuple(resource.name for resource in complete if resource.name not in given),
    )


def _completed(
    records: Records, newest: dict[str, VersionRow], resources: tuple[Resource, ...], *, alone: bool
) -> tuple[Resource, ...]:
    """Files are known by their names without the folder they were deployed from: a page sends no folders."""
    bench, names = Workbench(records), {_base(one.name) for one in resources}
    revised = {key for one in resources if (key := form_key_of(one.name)) is not None}
    complete = list(resources)
    for version in () if alone else newest.values():
        diagram = bench.bpmn(version.id) if revised & set(version.forms) else None
        if diagram is not None and _base(diagram[0]) not in names:
            complete.append(Resource(name=diagram[0], content=diagram[1]))
    drawn = b"".join(one.content for one in complete if form_key_of(one.name) is None)
    for form in read_library(records, complete).inherited:
        if f'"{form_key_of(form.name)}"'.encode() in drawn:
            complete.append(form)
    return tuple(complete)


def _tables(records: Records, versions: Sequence[DecisionVersion], resources: Sequence[Resource]) -> tuple[Change, ...]:
    """What deploying the files would do to decisions."""
    newest = {one.key: one for one in versions}
    found = []
    for file in resources:
        for card in decision_cards(file.content) if file.name.lower().endswith(DMN_SUFFIXES) else ():
            before = newest.get(card.key)
            there = before is not None and not before.deleted
            same = records.deployments.contents([before.resource_id]) if before is not None and there else {}
            found.append(
                Change(
                    key=card.key,
                    name=card.name or card.key,
                    file=file.name,
                    current=before.version if before is not None and there else None,
                    next=before.version + 1 if before is not None else 1,
                    unchanged=file.content in same.values(),
                    running=0,
                    table=True,
                )
            )
    return tuple(found)


def _base(name: str) -> str:
    return name.rsplit("/", 1)[-1]
