"""Deploying: a set of files becomes immutable definition versions, all of them or none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import SYSTEM, Actor
from service.casework.decisions import PREFIX, DecisionVersion, decision_uses
from service.casework.examining import Library, examine_against, form_key_of, read_library, refuse_doubtful_names
from service.casework.filed import FOLDER, changed_since_filed
from service.casework.messages.time_notices import deployed
from service.casework.office import Office
from service.casework.start_events import arm_starts
from service.casework.terminating import terminate_case
from service.engine import Draft, Examination, Finding, Resource, decision_cards
from service.rules.items import ItemCard
from service.rules.refusals import Conflict, FieldProblem, Forbidden, Invalid, Missing
from service.rules.vocabulary import LedgerAction
from service.store.deployments import DefinitionRow, DeploymentRow, ResourceRow
from service.store.records import Records

DEPLOYERS = ("system_admin",)  # and program accounts; who draws does not deploy (S-07)
LONGEST = {"name": 200, "source": 200, "note": 2000}  # characters
ROUNDS = 4  # examinations that may be overtaken by another deployment before one is made under the lock


@dataclass(frozen=True, kw_only=True)
class DefinitionView:
    """One version of a process. `starts`: how an instance can begin (kind, name, element)."""

    id: UUID
    key: str
    name: str
    version: int
    version_tag: str | None
    deployment_id: UUID
    resource_name: str
    zw_kind: str | None
    suspended: bool
    starts: tuple[Mapping[str, Any], ...]
    called: tuple[str, ...]
    deployed_at: datetime


@dataclass(frozen=True, kw_only=True)
class DeploymentView:
    """What a deployment made. `unchanged`: everything was there already, nothing was made; `id` is the one that did."""

    id: UUID
    name: str
    source: str | None
    deployed_at: datetime
    definitions: tuple[DefinitionView, ...]
    unchanged: bool
    findings: tuple[Finding, ...]


def deploy(
    office: Office,
    actor: Actor,
    name: str,
    resources: Sequence[Resource],
    *,
    source: str | None = None,
    note: str | None = None,
    skip_unchanged: bool = True,
    cards: Iterable[ItemCard] = (),
) -> DeploymentView:
    """Make definition versions of the files. Forbidden NOT_GRANTED, DIRECT_DEPLOYMENT_OFF; Invalid DEPLOYMENT_REFUSED with the findings as details.

    A form a process names but that is not uploaded is taken from the newest earlier deployment that has it. With
    `skip_unchanged` a process that equals its newest version makes no new one, and when nothing changed no deployment
    is made. The files are examined without holding a lock, and again when somebody else deployed meanwhile. Files of a
    folder (`source` FOLDER) that have not changed since they were deployed from there are left out: what was revised
    otherwise stays. `cards`: of items that are deployed along, which the diagrams are compared with.
    """
    _may_deploy_directly(office, actor)
    _refuse_doubtful_words(name=name, source=source, note=note)
    refuse_doubtful_names(resources)
    if source == FOLDER and skip_unchanged:
        there, resources = _left_as_filed(office, resources)
        if there is not None:
            return there
    cards = tuple(cards)
    for attempt in range(ROUNDS + 1):
        overtakable = attempt < ROUNDS
        if overtakable:
            with office.reading() as records:
                library = read_library(records, resources, cards)
            examination = examine_against(resources, library)
        with office.transaction() as records:
            records.deployments.lock()
            if not overtakable:
                library = read_library(records, resources, cards)
                examination = examine_against(resources, library)
            elif records.deployments.state() != library.state:
                continue
            deployment = _Deployment(office, records, actor, name, resources, library, examination)
            return deployment.make(source, note, skip_unchanged)
    raise AssertionError("expected the last round to deploy under the lock")


def deploy_within(
    office: Office,
    records: Records,
    actor: Actor,
    name: str,
    resources: Sequence[Resource],
    *,
    source: str | None = None,
    note: str | None = None,
) -> DeploymentView:
    """The same inside a transaction that has other things to do: the library is locked while the files are examined."""
    _may_deploy(actor)
    _refuse_doubtful_words(name=name, source=source, note=note)
    refuse_doubtful_names(resources)
    records.deployments.lock()
    library = read_library(records, resources)
    made = _Deployment(office, records, actor, name, resources, library, examine_against(resources, library))
    return made.make(source, note, True)


def _left_as_filed(office: Office, resources: Sequence[Resource]) -> tuple[DeploymentView | None, Sequence[Resource]]:
    """The files of a folder that are to be deployed; when none are, the deployment that has them."""
    with office.reading() as records:
        changed = changed_since_filed(records, resources)
        if changed:
            return None, changed
        filed = records.deployments.newest_files(source=FOLDER)
        row = records.deployments.find(filed[resources[0].name].deployment_id)
    if row is None:
        return None, resources
    return (
        DeploymentView(
            id=row.id,
            name=row.name,
            source=row.source,
            deployed_at=row.deployed_at,
            definitions=(),
            unchanged=True,
            findings=(),
        ),
        resources,
    )


def delete_deployment(office: Office, actor: Actor, deployment_id: UUID, *, cascade: bool = False) -> None:
    """Take a deployment's definitions out of use; the versions before them are the newest again. Forbidden NOT_GRANTED, Missing.

    Conflict DEPLOYMENT_IN_USE while cases run with them; with `cascade` these cases are terminated first.
    """
    _may_deploy(actor)
    with office.reading() as records:
        running = _cases_of(records, deployment_id)
    if running and not cascade:
        raise _in_use(len(running))
    for case_id in running:
        _terminate(office, actor, case_id)
    with office.transaction() as records:
        records.deployments.lock()
        if still := _cases_of(records, deployment_id):
            raise _in_use(len(still))
        keys = {row.key for row in records.deployments.definitions_of(deployment_id)}
        records.deployments.delete(deployment_id)
        for key in sorted(keys):
            arm_starts(office, records, key)
        detail = {"definitions": sorted(keys), "cascade": len(running)}
        records.ledger.write(LedgerAction.DEPLOYMENT_DELETED, actor.username, str(deployment_id), detail)


class _Deployment:
    """One deployment being made inside a transaction, under the library's lock."""

    def __init__(
        self,
        office: Office,
        records: Records,
        actor: Actor,
        name: str,
        resources: Sequence[Resource],
        library: Library,
        examination: Examination,
    ) -> None:
        if examination.errors:
            raise Invalid(
                "DEPLOYMENT_REFUSED",
                "文件有 {count} 处错误，未部署。第一处：{first}",
                details=examination.findings,
                count=len(examination.errors),
                first=_told(examination.errors[0]),
            )
        self.office, self.records, self.actor, self.name = office, records, actor, name
        self.resources, self.library, self.examination = resources, library, examination
        self.id = uuid4()
        latest = library.state.latest  # deployments have an order, also within one tick of the clock
        self.at = max(records.now, latest + timedelta(microseconds=1)) if latest else records.now
        self.files = {one.name: _row(self.id, one) for one in resources}

    def make(self, source: str | None, note: str | None, skip_unchanged: bool) -> DeploymentView:
        """Store it, or find that everything is there already."""
        drafts = self.examination.drafts
        newest = self.records.deployments.newest([draft.key for draft in drafts])
        if skip_unchanged:
            same = {
                key: row for key, row in newest.items() if any(d.key == key and d.digest == row.digest for d in drafts)
            }
            drafts = tuple(draft for draft in drafts if draft.key not in same)
            earlier = self._there_already(same) if not drafts else None
            if earlier is not None:
                return self._view(earlier, (), unchanged=True)
        row = DeploymentRow(
            id=self.id, name=self.name, source=source, deployed_at=self.at, deployed_by=self.actor.username, note=note
        )
        self.records.deployments.add(row)
        contents = {one.name: one.content for one in self.resources}
        self.records.deployments.add_resources((file, contents[name]) for name, file in self.files.items())
        last = self.records.deployments.last_versions([draft.key for draft in drafts])
        made = [self._definition(draft, last.get(draft.key, 0) + 1) for draft in drafts]
        self.records.deployments.add_definitions(made)
        for definition in made:
            arm_starts(self.office, self.records, definition.key)
        versions = {definition.key: definition.version for definition in made}
        detail = {"name": self.name, "definitions": versions, "note": note}
        self.records.ledger.write(LedgerAction.DEPLOYED, self.actor.username, str(self.id), detail)
        zw = {draft.key: draft.zw for draft in drafts}
        told = [deployed(self.at, one.id, one.version, one.name, zw[one.key]) for one in made]
        self.records.agenda.add([row for rows in told for row in rows])
        return self._view(row, made, unchanged=False)

    def _there_already(self, same: Mapping[str, DefinitionRow]) -> DeploymentRow | None:
        """The deployment that holds all this already; None when some file is new or differs."""
        newest = self.records.deployments.newest_files()
        plain = [file for name, file in self.files.items() if not name.endswith(".bpmn")]
        if any(file.name not in newest or newest[file.name].digest != file.digest for file in plain):
            return None
        ids = [row.deployment_id for row in same.values()] + [newest[file.name].deployment_id for file in plain]
        return self.records.deployments.find(ids[0]) if ids else None

    def _definition(self, draft: Draft, version: int) -> DefinitionRow:
        named = [finding for finding in self.examination.findings if finding.file == draft.resource]
        notes = [{"code": f.code, "line": f.line, "element": f.element, "text": f.text} for f in named]
        return DefinitionRow(
            id=uuid4(),
            key=draft.key,
            version=version,
            deployment_id=self.id,
            resource_id=self.files[draft.resource].id,
            name=draft.name,
            version_tag=draft.version_tag,
            zw_kind=draft.zw.get("kind"),
            digest=draft.digest,
            called=list(draft.called),
            forms=self._forms(draft),
            starts=[
                {"kind": s.kind, "name": s.name, "element": s.element, "timer": s.timer, "form_key": s.form_key}
                for s in draft.starts
            ],
            note=notes or None,
        )

    def _forms(self, draft: Draft) -> dict[str, str]:
        """Resource ids of the forms the process names: from this upload, else from the library."""
        there = dict(self.library.forms) | {form_key_of(name): row for name, row in self.files.items()}
        forms = {key: str(there[key].id) for key in draft.forms if key in there}
        uploaded = decision_uses(self._uploaded_decisions())
        known = dict(self.library.decisions) | {u: r for u, r in uploaded.items() if "@version:" not in u}
        return forms | {PREFIX + use: str(known[use]) for use in draft.decisions if use in known}

    def _uploaded_decisions(self) -> tuple[DecisionVersion, ...]:
        return tuple(
            DecisionVersion(
                id=self.id, key=card.key, name=card.name, version=0, version_tag=card.version_tag, deployed_at=self.at,
                deployment_id=self.id, resource_id=self.files[one.name].id, resource=one.name, deleted=False,
            )
            for one in self.resources
            if one.name.lower().endswith((".dmn", ".dmn11.xml"))
            for card in decision_cards(one.content)
        )  # fmt: skip

    def _view(self, row: DeploymentRow, made: Sequence[DefinitionRow], *, unchanged: bool) -> DeploymentView:
        names = {file.id: file.name for file in self.files.values()}
        return DeploymentView(
            id=row.id,
            name=row.name,
            source=row.source,
            deployed_at=row.deployed_at,
            definitions=tuple(definition_view(one, names[one.resource_id], row.deployed_at) for one in made),
            unchanged=unchanged,
            findings=self.examination.findings,
        )


def definition_view(row: DefinitionRow, resource_name: str, deployed_at: datetime) -> DefinitionView:
    """A definition version as the doors see it."""
    return DefinitionView(
        id=row.id,
        key=row.key,
        name=row.name,
        version=row.version,
        version_tag=row.version_tag,
        deployment_id=row.deployment_id,
        resource_name=resource_name,
        zw_kind=row.zw_kind,
        suspended=row.suspended,
        starts=tuple(row.starts),
        called=tuple(row.called),
        deployed_at=deployed_at,
    )


def _row(deployment_id: UUID, file: Resource) -> ResourceRow:
    digest = hashlib.sha256(file.content).hexdigest()
    return ResourceRow(id=uuid4(), deployment_id=deployment_id, name=file.name, digest=digest)


def _refuse_doubtful_words(**words: str | None) -> None:
    problems = tuple(
        FieldProblem(field=field, code="TEXT_INVALID", text="应为不超过 {most} 个可见字符。", params=(("most", most),))
        for field, word in words.items()
        if word is not None and (len(word) > (most := LONGEST[field]) or "\x00" in word)
    )
    if problems:
        raise Invalid("DEPLOYMENT_INVALID", "部署的名称、来源或说明过长。", fields=problems)


def _may_deploy(actor: Actor) -> None:
    if not actor.has(*DEPLOYERS):
        raise Forbidden("NOT_GRANTED", "只有系统管理员可以部署流程。请在“上传修订”中提交发布，审核后由系统管理员部署。")


def may_deploy_directly(office: Office, actor: Actor) -> bool:
    """Whether the actor may deploy past 流程发布: the command line always, others where the installation allows it."""
    return actor is SYSTEM or bool(office.settings.direct_deployment) and actor.has(*DEPLOYERS)


def _may_deploy_directly(office: Office, actor: Actor) -> None:
    _may_deploy(actor)
    if not may_deploy_directly(office, actor):
        raise Forbidden(
            "DIRECT_DEPLOYMENT_OFF",
            "流程由三人分别设计、审核、部署，本系统不接受直接部署。请在“上传修订”中提交发布，审核后由系统管理员部署。",
        )


def _cases_of(records: Records, deployment_id: UUID) -> tuple[UUID, ...]:
    """Running cases that use the deployment; Missing when there is no such deployment."""
    row = records.deployments.find(deployment_id)
    if row is None or row.deleted_at is not None:
        raise Missing("DEPLOYMENT_NOT_FOUND", "没有编号为 {id} 的部署。", id=str(deployment_id))
    return records.deployments.running_cases([one.id for one in records.deployments.definitions_of(deployment_id)])


def _terminate(office: Office, actor: Actor, case_id: UUID) -> None:
    try:
        terminate_case(office, actor, case_id, "所用的部署被删除")
    except (Conflict, Missing):  # it ended by itself meanwhile
        return


def _in_use(count: int) -> Conflict:
    return Conflict("DEPLOYMENT_IN_USE", "还有 {count} 个办件正在使用该部署的流程，不能删除。", count=count)


def _told(finding: Finding) -> str:
    return f"{finding.file}:{finding.line} {finding.text}"
