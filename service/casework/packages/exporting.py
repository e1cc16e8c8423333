"""What an installation runs by, as entries of a package: live diagrams with their forms and tables, item cards, own words."""

from __future__ import annotations

from uuid import UUID

import orjson

from service import __version__
from service.casework.actors import Actor
from service.casework.examining import form_key_of
from service.casework.office import Office
from service.rules.packages import Entry, write_package
from service.rules.refusals import Forbidden
from service.rules.vocabulary import LedgerAction
from service.store.records import Records
from service.store.workbench import Workbench

KEEPERS = ("system_admin",)


def export_package(office: Office, actor: Actor) -> bytes:
    """Everything that is live as one file, told in the ledger. Refused: Forbidden PACKAGE_FORBIDDEN."""
    require_keeper(actor)

    def export() -> bytes:
        with office.transaction() as records:
            entries = live_entries(records)
            counts = {
                kind: sum(one.kind == kind for one in entries.values()) for kind in {e.kind for e in entries.values()}
            }
            records.ledger.write(LedgerAction.PACKAGE_EXPORTED, actor.username, None, {"counts": counts})
            return write_package(
                entries.values(),
                product=__version__,
                city=office.settings.city,
                made_at=records.now,
                made_by=actor.name or actor.username,
            )

    return office.attempt(export)


def live_entries(records: Records) -> dict[str, Entry]:
    """Everything that is live, by its path in a package."""
    entries = [*_processes(records), *_items(records), *_words(records)]
    return {one.path: one for one in entries}


def require_keeper(actor: Actor) -> None:
    """Refused: Forbidden PACKAGE_FORBIDDEN."""
    if not actor.has(*KEEPERS):
        raise Forbidden("PACKAGE_FORBIDDEN", "只有系统管理员可以导出和导入流程包。")


def _processes(records: Records) -> list[Entry]:
    """Live diagrams; of a form or table that several use, the one of the diagram that was deployed last."""
    bench = Workbench(records)
    newest = {one.key: one for one in reversed(bench.versions())}
    ordered = sorted(newest.values(), key=lambda one: one.deployed_at)
    ids: list[UUID] = [UUID(str(id)) for one in ordered for id in one.forms.values()]
    contents = bench.contents({*ids, *(one.resource_id for one in ordered)})
    found = []
    for one in ordered:
        if one.resource_id in contents:
            path = f"processes/{one.key}.bpmn"
            found.append(Entry(path=path, content=contents[one.resource_id][1], name=one.name, version=one.version))
    for id in ids:
        name, content = contents.get(id, ("", b""))
        base = name.rsplit("/", 1)[-1]
        if base:
            folder = "forms" if form_key_of(base) is not None else "decisions"
            found.append(Entry(path=f"{folder}/{base}", content=content))
    return found


def _items(records: Records) -> list[Entry]:
    found = []
    for code, row in records.register.latest().items():
        content = orjson.dumps(row.card, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        found.append(Entry(path=f"items/{code}.json", content=content, name=row.name, version=row.version))
    return found


def _words(records: Records) -> list[Entry]:
    """Templates of papers and texts of messages an installation has brought itself."""
    papers = {row.code: row for row in reversed(records.stationery.templates())}
    texts = records.messages.texts()
    return [
        *(Entry(path=f"documents/{c}.txt", content=r.body.encode(), version=r.version) for c, r in papers.items()),
        *(Entry(path=f"messages/{c}.txt", content=r.text.encode(), version=r.version) for c, r in texts.items()),
    ]
