"""What a package of another installation would change here, entry by entry, before anything is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from service.casework.actors import Actor
from service.casework.deploying import may_deploy_directly
from service.casework.examining import examine_against, form_key_of, read_library
from service.casework.messages.own_texts import text_preview
from service.casework.office import Office
from service.casework.packages.exporting import live_entries, require_keeper
from service.casework.papers.templates import template_preview
from service.casework.register.deploying import ItemFinding, read_item_files
from service.engine.facts import Finding, Resource
from service.engine.studio import Difference, TableDifference, compare_diagrams, compare_tables, drawn_process
from service.rules.form_diff import FieldDifference, compare_forms
from service.rules.packages import Entry, Package, read_package
from service.rules.refusals import Forbidden, Refusal
from service.rules.sentences import Sentence
from service.rules.studio import DraftState
from service.store.records import Records

DEPLOYED = ("processes", "forms", "decisions")
DRAWN_HERE = Sentence("这里有人正在修改它，导入后其草稿要重做。")
WENT_BACK = Sentence("与这里以前的版本相同，导入就是退回旧版本。")
BY_OTHERS = Sentence("不随流程发布，由各自的负责人在系统中修改。")
OTHER_KEY = Sentence("文件名与流程键不一致。")


class Verdict(StrEnum):
    """What an entry would do here."""

    NEW = "new"
    CHANGED = "changed"
    CONFLICT = "conflict"  # something here would be lost: a draft, or a newer version
    REFUSED = "refused"
    LEFT = "left"  # not the importer's to change
    SAME = "same"


@dataclass(frozen=True, kw_only=True)
class EntryView:
    """One entry. `here`: the version there is; why it conflicts or is refused, and what it says otherwise."""

    entry: Entry
    verdict: Verdict
    here: int | None = None
    why: Sentence | None = None
    refusal: Refusal | None = None
    findings: tuple[Finding, ...] = ()
    problems: tuple[ItemFinding, ...] = ()
    differences: tuple[Difference, ...] = ()
    fields: tuple[FieldDifference, ...] = ()
    tables: tuple[TableDifference, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PackageView:
    """A package as this installation sees it. `direct`: it would be in force at once; else it goes to release."""

    package: Package
    entries: tuple[EntryView, ...]
    direct: bool

    def of(self, *verdicts: Verdict) -> tuple[EntryView, ...]:
        """The entries of some verdicts."""
        return tuple(one for one in self.entries if one.verdict in verdicts)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many entries of each verdict."""
        return {str(verdict): len(self.of(verdict)) for verdict in Verdict}


def preview_package(office: Office, actor: Actor, content: bytes) -> PackageView:
    """Every entry judged; nothing is kept.

    Refused: Forbidden PACKAGE_FORBIDDEN; TooLarge PACKAGE_TOO_LARGE; Invalid PACKAGE_UNREADABLE, PACKAGE_FORMAT,
    PACKAGE_PATH, PACKAGE_CHANGED.
    """
    require_keeper(actor)
    package = read_package(content)
    direct = may_deploy_directly(office, actor)
    with office.reading() as records:
        here = live_entries(records)
        changed = [one for one in package.entries if one.path not in here or not _same(here[one.path], one)]
        cards = [_resource(one) for one in changed if one.kind == "items"]
        known, problems = read_item_files(cards)
        resources = deployed_along(package, changed)
        library = read_library(records, resources, known.values() if direct else ())
        findings = examine_against(resources, library).errors
        conflicts = {one.path: why for one in changed if (why := _conflict(records, one, here)) is not None}
    judge = _Judge(office, actor, here, conflicts, findings, problems, direct)
    views = tuple(judge.view(one, changed=one in changed) for one in package.entries)
    return PackageView(package=package, entries=views, direct=direct)


def deployed_along(package: Package, changed: Iterable[Entry]) -> list[Resource]:
    """Diagrams, forms and tables that are deployed for these changes: what changed, and diagrams that use it."""
    wanted = {one.path: one for one in changed if one.kind in DEPLOYED}
    keys = [key for one in wanted.values() if (key := form_key_of(one.base)) is not None]
    tables = any(one.kind == "decisions" for one in wanted.values())
    for one in package.entries:
        uses = any(f'"{key}"'.encode() in one.content for key in keys) or tables and b"businessRuleTask" in one.content
        if one.kind == "processes" and uses:
            wanted[one.path] = one
    return [_resource(one) for one in wanted.values()]


class _Judge:
    def __init__(
        self,
        office: Office,
        actor: Actor,
        here: Mapping[str, Entry],
        conflicts: Mapping[str, Sentence],
        findings: Sequence[Finding],
        problems: Sequence[ItemFinding],
        direct: bool,
    ) -> None:
        self.office, self.actor, self.here, self.direct = office, actor, here, direct
        self.conflicts, self.findings, self.problems = conflicts, findings, problems

    def view(self, entry: Entry, *, changed: bool) -> EntryView:
        there = self.here.get(entry.path)
        version = None if there is None else there.version
        if not changed:
            return EntryView(entry=entry, verdict=Verdict.SAME, here=version)
        said: dict[str, Any] = {"entry": entry, "here": version, **_differences(there, entry)}
        findings = tuple(one for one in self.findings if one.file == entry.base)
        problems = tuple(one for one in self.problems if one.file == entry.base)
        if entry.kind == "processes" and (drawn_process(entry.content) or ("",))[0] != entry.base.removesuffix(".bpmn"):
            return EntryView(verdict=Verdict.REFUSED, why=OTHER_KEY, findings=findings, **said)
        if findings or problems:
            return EntryView(verdict=Verdict.REFUSED, findings=findings, problems=problems, **said)
        if entry.kind not in DEPLOYED and not self.direct:
            return EntryView(verdict=Verdict.LEFT, why=BY_OTHERS, **said)
        try:
            self._examine(entry)
        except Forbidden:
            return EntryView(verdict=Verdict.LEFT, why=BY_OTHERS, **said)
        except (Refusal, UnicodeDecodeError) as refused:
            refusal = refused if isinstance(refused, Refusal) else None
            return EntryView(verdict=Verdict.REFUSED, refusal=refusal, **said)
        if entry.path in self.conflicts:
            return EntryView(verdict=Verdict.CONFLICT, why=self.conflicts[entry.path], **said)
        return EntryView(verdict=Verdict.NEW if there is None else Verdict.CHANGED, **said)

    def _examine(self, entry: Entry) -> None:
        code = entry.base.removesuffix(".txt")
        if entry.kind == "documents":
            template_preview(self.office, self.actor, code, body=entry.content.decode())
        elif entry.kind == "messages":
            text_preview(self.office, self.actor, code, entry.content.decode())


def _resource(entry: Entry) -> Resource:
    return Resource(name=entry.base, content=entry.content)


def _same(there: Entry, entry: Entry) -> bool:
    """Cards say the same when their data do, everything else when its bytes are."""
    if entry.kind != "items":
        return there.digest == entry.digest
    ours, theirs = (read_item_files([_resource(one)])[0] for one in (there, entry))
    return ours == theirs and bool(theirs)


def _conflict(records: Records, entry: Entry, here: Mapping[str, Entry]) -> Sentence | None:
    """What would be lost here."""
    if entry.path not in here:
        return None
    key = entry.base.rpartition(".")[0]
    if entry.kind == "items":
        return DRAWN_HERE if records.register.open_draft(key) is not None else None
    if entry.kind != "processes":
        return None
    if any(one.process == key for one in records.process_drafts.listed([DraftState.OPEN], first=0, size=1000)):
        return DRAWN_HERE
    earlier = records.deployments.versions_of(key)
    files = records.deployments.resources({one.resource_id for one, _ in earlier})
    return WENT_BACK if any(one.digest == entry.digest for one in files.values()) else None


def _differences(there: Entry | None, entry: Entry) -> dict[str, Any]:
    if there is None:
        return {}
    if entry.kind == "processes" and drawn_process(entry.content) is not None:
        return {"differences": compare_diagrams(there.content, entry.content)}
    if entry.kind == "decisions":
        return {"tables": compare_tables(there.content, entry.content)}
    if entry.kind == "forms":
        return {"fields": compare_forms(_json(there.content), _json(entry.content))}
    return {}


def _json(content: bytes) -> Mapping[str, Any] | None:
    try:
        data = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    return data if isinstance(data, dict) else None
