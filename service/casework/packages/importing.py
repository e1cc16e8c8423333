"""A package taken over in one act: where three persons agree it is handed in to be released, else it is in force at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.casework.actors import Actor
from service.casework.deploying import deploy_within
from service.casework.measures.releases import examine_release, open_release
from service.casework.messages.own_texts import change_text_within
from service.casework.office import Office
from service.casework.packages.judging import DEPLOYED, PackageView, Verdict, deployed_along, preview_package
from service.casework.papers.templates import deploy_template_within
from service.casework.register.deploying import deploy_items_within
from service.engine.facts import Resource
from service.rules.packages import Entry
from service.rules.refusals import Conflict, Invalid, refuse
from service.rules.vocabulary import LedgerAction
from service.store.records import Records

LONGEST_NOTE = 200


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import made. `case_id`: of the release it was handed in as."""

    case_id: UUID | None
    processes: int
    items: int
    words: int


def import_package(office: Office, actor: Actor, content: bytes, *, note: str, conflicts: bool = False) -> Imported:
    """Everything new and changed, all of it or nothing; what conflicts only when that is wished.

    Refused: as `preview_package`; Invalid PACKAGE_NOTE, PACKAGE_REFUSED, DEPLOYMENT_REFUSED, ITEMS_REFUSED; Conflict
    PACKAGE_NOTHING, MEASURE_NOT_DEPLOYED.
    """
    said = " ".join(note.split())
    if not 2 <= len(said) <= LONGEST_NOTE:
        raise refuse("note", "PACKAGE_NOTE", "请写明为什么导入，二至{most}个字。", most=LONGEST_NOTE)
    view = preview_package(office, actor, content)
    if refused := view.of(Verdict.REFUSED):
        names = "、".join(one.entry.path for one in refused[:5])
        raise Invalid("PACKAGE_REFUSED", "{count} 项不能导入，什么都没有改动：{names}", count=len(refused), names=names)
    verdicts = (Verdict.NEW, Verdict.CHANGED, *([Verdict.CONFLICT] if conflicts else []))
    chosen = [one.entry for one in view.of(*verdicts)]
    if not chosen:
        raise Conflict("PACKAGE_NOTHING", "没有要导入的内容。")
    return _deploy(office, actor, view, chosen, said) if view.direct else _release(office, actor, view, chosen, said)


def _release(office: Office, actor: Actor, view: PackageView, chosen: Sequence[Entry], note: str) -> Imported:
    """Handed in like an upload: checked and deployed by others than who imports (S-07)."""
    preview = examine_release(office, actor, deployed_along(view.package, chosen))

    def submit() -> Imported:
        with office.transaction() as records:
            _, case_id = open_release(office, records, actor, preview, note=note)
            made = Imported(case_id=case_id, processes=len(preview.changes), items=0, words=0)
            _tell(records, actor, view, chosen, note)
            return made

    return office.attempt(submit)


def _deploy(office: Office, actor: Actor, view: PackageView, chosen: Sequence[Entry], note: str) -> Imported:
    resources = deployed_along(view.package, chosen)
    items = [Resource(name=one.base, content=one.content) for one in chosen if one.kind == "items"]
    words = [one for one in chosen if one.kind not in (*DEPLOYED, "items")]

    def deploy() -> Imported:
        with office.transaction() as records:
            cards = deploy_items_within(records, actor, items, note=note).made if items else ()
            made = (
                deploy_within(office, records, actor, "流程包", resources, source="package", note=note).definitions
                if resources
                else ()
            )
            for one in words:
                code, text = one.base.removesuffix(".txt"), one.content.decode()
                if one.kind == "documents":
                    deploy_template_within(records, actor, code, text, note=note)
                else:
                    change_text_within(records, actor, code, text, note=note)
            _tell(records, actor, view, chosen, note)
            return Imported(case_id=None, processes=len(made), items=len(cards), words=len(words))

    return office.attempt(deploy)


def _tell(records: Records, actor: Actor, view: PackageView, chosen: Sequence[Entry], note: str) -> None:
    counts = {kind: sum(one.kind == kind for one in chosen) for kind in sorted({one.kind for one in chosen})}
    detail = {"city": view.package.city, "counts": counts, "note": note}
    records.ledger.write(LedgerAction.PACKAGE_IMPORTED, actor.username, None, detail)
