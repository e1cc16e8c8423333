"""事项目录 and 办事指南 as everybody may read them, and what stands behind them for those who keep the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.register.disagreeing import Disagreement, disagreements
from service.casework.register.rights import may_watch, require_watcher
from service.casework.register.rows import card_of
from service.engine.picture import picture
from service.rules.item_checks import Remark, remarks_of
from service.rules.item_diff import Difference, differences, needs_legal_check
from service.rules.item_words import ItemCategory, ItemStatus
from service.rules.items import ItemCard
from service.rules.refusals import Missing
from service.rules.worktime import SHANGHAI
from service.store.people import Department
from service.store.records import Records
from service.store.register import VersionRow
from service.store.workbench import Workbench

PAGE = 20
FILTERS = ("department", "kind", "theme", "type", "category", "status")


@dataclass(frozen=True, kw_only=True)
class ItemLine:
    """One item in the catalogue. `online`: its process is deployed, so that it can be applied for here."""

    row: VersionRow
    department: str
    online: bool


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """One page of the catalogue. `departments` and `themes`: what may be filtered by, with how many there are."""

    items: tuple[ItemLine, ...]
    departments: tuple[tuple[str, str, int], ...]
    themes: tuple[tuple[str, int], ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class Flow:
    """The deployed process of an item."""

    definition_id: UUID
    key: str
    version: int
    suspended: bool


@dataclass(frozen=True, kw_only=True)
class ItemVersionLine:
    """One version in the history, with what it changed."""

    row: VersionRow
    changes: tuple[Difference, ...]


@dataclass(frozen=True, kw_only=True)
class GuideView:
    """办事指南 of one version. `current`: in force now; `next`: published, not in force yet.

    `draft`, `remarks` and `people` are for those who keep the register only.
    """

    row: VersionRow
    card: ItemCard
    department: str
    current: bool
    flow: Flow | None
    next: VersionRow | None
    draft: VersionRow | None
    remarks: tuple[Remark, ...]
    people: Mapping[str, str]
    read_at: datetime


@dataclass(frozen=True, kw_only=True)
class GuideLine:
    """One item with its whole card."""

    row: VersionRow
    card: ItemCard
    online: bool


@dataclass(frozen=True, kw_only=True)
class DraftView:
    """A draft with what it would change, and where the deployed diagrams would say something else then."""

    row: VersionRow
    card: ItemCard
    before: VersionRow | None
    changes: tuple[Difference, ...]
    legal_first: bool
    remarks: tuple[Remark, ...]
    department: str
    people: Mapping[str, str]
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True, kw_only=True)
class DepartmentCount:
    """How many items in use a department has (DF-01, SM-01)."""

    code: str
    name: str
    window_kind: str
    approval: int
    convenience: int
    suspended: int
    cancelled: int


@dataclass(frozen=True, kw_only=True)
class CatalogueChange:
    """What came and went between two days (DF-07): codes and names, with the reason of what went."""

    before: int
    after: int
    added: tuple[VersionRow, ...]
    removed: tuple[VersionRow, ...]
    approvals: tuple[int, int] = (0, 0)  # 审批事项 of the two days; the rest is 便民服务事项 (XN-01)
    names: Mapping[str, str] = field(default_factory=dict)  # of departments


def catalogue(
    office: Office, *, search: str = "", filters: Mapping[str, str] | None = None, page: int = 1, size: int = PAGE
) -> Catalogue:
    """One page of what is published, by code. `search`: words of name, code or department, or the initials of the name.

    `status` is ACTIVE unless asked for otherwise; `all` shows what was cancelled too.
    """
    wanted = {"status": ItemStatus.ACTIVE.value, **{name: value for name, value in (filters or {}).items() if value}}
    with office.reading() as records:
        rows = records.register.current(records.now)
        names = {one.code: one for one in records.people.departments()}
        found = [row for row in rows if _fits(row, wanted, names.get(row.department), search)]
        pages = max(1, -(-len(found) // size))
        page = min(max(page, 1), pages)
        shown = found[(page - 1) * size : page * size]
        online = records.deployments.newest([row.process for row in shown if row.process])
    in_use = [row for row in rows if row.status == ItemStatus.ACTIVE]
    by_department = Counter(row.department for row in in_use)
    by_theme = Counter(theme for row in in_use for theme in row.themes.split())
    return Catalogue(
        items=tuple(
            ItemLine(row=row, department=_named(names, row.department), online=row.process in online) for row in shown
        ),
        departments=tuple((code, _named(names, code), count) for code, count in sorted(by_department.items())),
        themes=tuple(by_theme.most_common()),
        total=len(found),
        page=page,
        pages=pages,
    )


def guide(office: Office, actor: Actor | None, code: str, *, version: int | None = None) -> GuideView:
    """The guide of an item as it is in force, or of one version. Refused: Missing ITEM_MISSING."""
    with office.reading() as records:
        register = records.register
        current = register.at(code, records.now)
        row = current if version is None else register.version(code, version)
        watching = may_watch(actor)
        if row is None or (not watching and row.effective_from and row.effective_from > records.now):
            raise Missing("ITEM_MISSING", "没有编码为 {item} 的事项。", item=code[:10])
        latest = register.latest([code]).get(code)
        later = latest if latest and latest.effective_from and latest.effective_from > records.now else None
        card = card_of(row)
        return GuideView(
            row=row,
            card=card,
            department=_named(_departments(records), row.department),
            current=current is not None and row.id == current.id,
            flow=_flow(records, card.process),
            next=later,
            draft=register.open_draft(code) if watching else None,
            remarks=remarks_of(card) if watching else (),
            people=_people(records, row) if watching else {},
            read_at=records.now,
        )


def item_diagram(office: Office, code: str) -> bytes:
    """The deployed diagram of an item in use: the flow chart of its guide, open to everybody (XN-02, XN-29).

    Refused: Missing ITEM_MISSING, DEFINITION_NOT_FOUND.
    """
    with office.reading() as records:
        row = records.register.at(code, records.now)
        if row is None:
            raise Missing("ITEM_MISSING", "没有编码为 {item} 的事项。", item=code[:10])
        flow = _flow(records, row.process)
        found = Workbench(records).bpmn(flow.definition_id) if flow else None
    if found is None:
        raise Missing("DEFINITION_NOT_FOUND", "没有这个流程版本。")
    return found[1]


def item_flow_picture(office: Office, code: str) -> str:
    """The same as a picture (SVG). Refused: as `item_diagram`, Missing PICTURE_MISSING (nothing is drawn)."""
    with office.reading() as records:
        row = records.register.at(code, records.now)
    found = picture(item_diagram(office, code), row.name if row else code)
    if found is None:
        raise Missing("PICTURE_MISSING", "这个流程没有可以显示的图形。")
    return found


def power_list(office: Office, department: str, *, on: date | None = None) -> tuple[GuideLine, ...]:
    """权力清单 of a department, now or on a day: every item in use with its basis and limits, by code (XN-02)."""
    with office.reading() as records:
        rows = records.register.current(_end_of(on) if on else records.now, whole=True)
        own = [row for row in rows if row.department == department and row.status == ItemStatus.ACTIVE]
        online = records.deployments.newest([row.process for row in own if row.process])
    return tuple(GuideLine(row=row, card=card_of(row), online=row.process in online) for row in own)


def item_history(
    office: Office, actor: Actor | None, code: str
) -> tuple[tuple[ItemVersionLine, ...], Mapping[str, str]]:
    """Every version with what it changed, the latest first, and the people's names. Refused: Missing ITEM_MISSING."""
    with office.reading() as records:
        now = records.now
        rows = [
            row
            for row in records.register.of_item(code)
            if may_watch(actor) or (row.effective_from and row.effective_from <= now)
        ]
        people = _people(records, *rows) if may_watch(actor) else {}
    if not rows:
        raise Missing("ITEM_MISSING", "没有编码为 {item} 的事项。", item=code[:10])
    cards = [card_of(row) for row in rows]
    before = [*cards[1:], None]
    return (
        tuple(
            ItemVersionLine(row=row, changes=differences(was, card) if was else ())
            for row, card, was in zip(rows, cards, before, strict=True)
        ),
        people,
    )


def item_draft(office: Office, actor: Actor, draft_id: UUID) -> DraftView:
    """A draft with its changes. Refused: Forbidden REGISTER_CLOSED; Missing ITEM_DRAFT_MISSING."""
    require_watcher(actor)
    with office.reading() as records:
        row = records.register.find(draft_id)
        if row is None or row.state not in ("DRAFT", "SUBMITTED"):
            raise Missing("ITEM_DRAFT_MISSING", "没有这份修改，或者已经放弃。")
        before = records.register.latest([row.code]).get(row.code)
        card, was = card_of(row), None if before is None else card_of(before)
        return DraftView(
            row=row,
            card=card,
            before=before,
            changes=differences(was, card),
            legal_first=needs_legal_check(was, card),
            remarks=remarks_of(card),
            department=_named(_departments(records), row.department),
            people=_people(records, row),
            disagreements=disagreements(records, card, was),
        )


def item_drafts(office: Office, actor: Actor) -> tuple[ItemLine, ...]:
    """What somebody is working on: of every department, or of one's own. Refused: Forbidden REGISTER_CLOSED."""
    require_watcher(actor)
    own = actor.department if actor.has("chief_rep", "dept_head") and not actor.has("business_office") else None
    with office.reading() as records:
        names = _departments(records)
        rows = records.register.drafts(None if actor.service else own)
        return tuple(ItemLine(row=row, department=_named(names, row.department), online=False) for row in rows)


def department_counts(office: Office, *, on: date | None = None) -> tuple[DepartmentCount, ...]:
    """Items in use by department, on a day; what was suspended and cancelled is counted apart and stays readable."""
    with office.reading() as records:
        rows = records.register.current(_end_of(on) if on else records.now)
        names = _departments(records)
    counted = []
    for code in sorted({row.department for row in rows}):
        own = [row for row in rows if row.department == code]
        active = [row for row in own if row.status == ItemStatus.ACTIVE]
        approval = sum(row.category == ItemCategory.APPROVAL for row in active)
        counted.append(
            DepartmentCount(
                code=code,
                name=_named(names, code),
                window_kind=names[code].window_kind if code in names else "",
                approval=approval,
                convenience=len(active) - approval,
                suspended=sum(row.status == ItemStatus.SUSPENDED for row in own),
                cancelled=sum(row.status in (ItemStatus.CANCELLED, ItemStatus.DEVOLVED) for row in own),
            )
        )
    return tuple(counted)


def catalogue_change(office: Office, since: date, until: date) -> CatalogueChange:
    """Items in use at the end of two days, and which ones came and went between them (DF-07, XN-01)."""
    with office.reading() as records:
        old = {row.code: row for row in _active(records, since)}
        new = {row.code: row for row in _active(records, until)}
        gone = records.register.current(_end_of(until), codes=[code for code in old if code not in new])
        names = {code: one.name for code, one in _departments(records).items()}
    first, last = (sum(row.category == ItemCategory.APPROVAL for row in rows.values()) for rows in (old, new))
    return CatalogueChange(
        before=len(old),
        after=len(new),
        added=tuple(row for code, row in new.items() if code not in old),
        removed=tuple(gone),
        approvals=(first, last),
        names=names,
    )


def startable_items(office: Office) -> dict[str, VersionRow]:
    """Process key → the item in use that it carries out: what intake shows beside a process and finds it by."""
    with office.reading() as records:
        rows = records.register.current(records.now)
    return {row.process: row for row in rows if row.process}


def _fits(row: VersionRow, wanted: Mapping[str, str], department: Department | None, search: str) -> bool:
    for name, value in wanted.items():
        if name == "status" and value == "all":
            continue
        if name == "theme":
            if f" {value} " not in row.themes:
                return False
        elif name in FILTERS and getattr(row, name) != value:
            return False
    return found_by(row, search, department.name if department else "")


def found_by(row: VersionRow, search: str, department: str = "") -> bool:
    """Whether every word of a search is in the name, the code, the department or the initials."""
    text = f"{row.code} {row.code.replace('-', '')} {row.name} {row.short_name} {department}".casefold()
    return all(word in text or word in row.initials for word in search.casefold().split())


def _active(records: Records, day: date) -> list[VersionRow]:
    return [row for row in records.register.current(_end_of(day)) if row.status == ItemStatus.ACTIVE]


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, SHANGHAI)


def _flow(records: Records, key: str) -> Flow | None:
    found = records.deployments.newest([key]).get(key) if key else None
    if found is None:
        return None
    return Flow(definition_id=found.id, key=key, version=found.version, suspended=found.suspended)


def _departments(records: Records) -> dict[str, Department]:
    return {one.code: one for one in records.people.departments()}


def _named(names: Mapping[str, Department], code: str) -> str:
    return names[code].name if code in names else code


def _people(records: Records, *rows: VersionRow) -> dict[str, str]:
    who = {name for row in rows for name in (row.drafted_by, row.legal_by, row.decided_by) if name}
    return records.people.names(who)
