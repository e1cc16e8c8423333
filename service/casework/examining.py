"""Examining an upload against what is deployed: calls into the library, forms deployed before, circles of calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from service.casework.decisions import decision_uses, decision_versions
from service.casework.office import Office
from service.casework.register.agreeing import what_the_register_says
from service.engine import Draft, Examination, Finding, Register, Resource, Severity, examine
from service.rules.items import ItemCard
from service.rules.refusals import Invalid
from service.store.deployments import LibraryState, ResourceRow
from service.store.records import Records


@dataclass(frozen=True, kw_only=True)
class Library:
    """What was deployed before, as far as an examination needs it."""

    state: LibraryState
    called: Mapping[str, Sequence[str]]  # by the newest version of every process
    forms: Mapping[str | None, ResourceRow]  # newest by form key, of those that are not uploaded again
    inherited: tuple[Resource, ...]
    decisions: Mapping[str, UUID] = field(default_factory=dict)  # file of every decision, by `key` or `key@binding`
    register: Register | None = None


def examine_upload(office: Office, resources: Sequence[Resource]) -> Examination:
    """What deploying these files would say now: checked against what is deployed. Nothing changes."""
    refuse_doubtful_names(resources)
    with office.reading() as records:
        library = read_library(records, resources)
    return examine_against(resources, library)


def read_library(records: Records, resources: Sequence[Resource], cards: Iterable[ItemCard] = ()) -> Library:
    """What is deployed, as far as examining these files needs it. `cards`: of items that are deployed along."""
    state = records.deployments.state()
    called = {key: row.called for key, row in records.deployments.newest().items()}
    uploaded = {form_key_of(one.name) for one in resources}
    forms: dict[str | None, ResourceRow] = {}
    for name, row in records.deployments.newest_files().items():
        key = form_key_of(name)
        if key is not None and key not in uploaded:
            forms[key] = row
    contents = records.deployments.contents({row.id for row in forms.values()})
    inherited = tuple(Resource(name=row.name, content=contents[row.id]) for row in forms.values())
    decisions = decision_uses(decision_versions(records))
    register = what_the_register_says(records, resources, cards)
    return Library(state=state, called=called, forms=forms, inherited=inherited, decisions=decisions, register=register)


def examine_against(resources: Sequence[Resource], library: Library) -> Examination:
    """The findings about the uploaded files, read together with the forms deployed before."""
    examination = examine(
        [*resources, *library.inherited],
        known=frozenset(library.called),
        known_decisions=frozenset(library.decisions),
        register=library.register,
        complete=True,
    )
    uploaded = {one.name for one in resources}
    about = [f for f in examination.findings if f.file in uploaded or f.severity is Severity.ERROR]
    calls = dict(library.called) | {draft.key: draft.called for draft in examination.drafts}
    circles = [_circle(draft, calls) for draft in examination.drafts]
    return Examination(findings=(*about, *filter(None, circles)), drafts=examination.drafts)


def _circle(draft: Draft, calls: Mapping[str, Sequence[str]]) -> Finding | None:
    """The finding that it would call itself through processes deployed before (the linter sees one upload)."""
    open_keys, seen = list(draft.called), set[str]()
    while open_keys:
        key = open_keys.pop()
        if key == draft.key:
            return Finding(
                code="LB702",
                severity=Severity.ERROR,
                file=draft.resource,
                line=1,
                element=draft.key,
                text=f"流程“{draft.key}”会经由已部署的流程又调用自己",
                english=f"process {draft.key} would call itself through processes deployed before",
            )
        if key not in seen:
            seen.add(key)
            open_keys.extend(calls.get(key, ()))
    return None


def refuse_doubtful_names(resources: Sequence[Resource]) -> None:
    """Invalid DEPLOYMENT_EMPTY, RESOURCE_NAME_INVALID, RESOURCE_TWICE."""
    if not resources:
        raise Invalid("DEPLOYMENT_EMPTY", "没有可部署的文件。")
    names: set[str] = set()
    for one in resources:
        if not 1 <= len(one.name) <= 255 or not one.name.isprintable():
            raise Invalid(
                "RESOURCE_NAME_INVALID", "文件名应为 1 到 255 个可见字符，“{name}”不符合。", name=one.name[:60]
            )
        if one.name in names:
            raise Invalid("RESOURCE_TWICE", "同一次部署中有两个文件都叫“{name}”。", name=one.name)
        names.add(one.name)


def form_key_of(name: str) -> str | None:
    """The key a form file answers to (`forms/apply.form`: apply), None when the file is no form."""
    base = name.rsplit("/", 1)[-1]
    for suffix in (".form", ".form.json"):
        if base.endswith(suffix):
            return base.removesuffix(suffix)
    return None
