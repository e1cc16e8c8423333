"""Filters of the inbox by name: one's own, or shared with one's department; one of them may be what the inbox opens with."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.office import Office
from service.rules.refusals import Forbidden, Missing, refuse
from service.rules.work_filters import WorkFilter, filter_of
from service.store.records import Records
from service.store.saved_filters import SavedFilter

LONGEST_NAME, MOST = 40, 30


@dataclass(frozen=True, kw_only=True)
class FilterView:
    """One kept filter as doors show it. `own`: the actor may change and delete it."""

    id: UUID
    name: str
    wanted: WorkFilter
    own: bool
    shared: bool
    usual: bool

    @property
    def address(self) -> dict[str, str]:
        """What opens the list it means."""
        return {"tab": self.wanted.tab, **self.wanted.parameters}


def saved_filters(office: Office, actor: Actor) -> tuple[FilterView, ...]:
    """One's own and those of the department, by name."""
    with office.reading() as records:
        return tuple(_view(actor, row) for row in records.saved_filters.seen_by(actor.username, actor.department))


def save_filter(
    office: Office, actor: Actor, name: str, wanted: WorkFilter, *, shared: bool = False, usual: bool = False
) -> UUID:
    """Keep a filter under a name; one's own of the same name is replaced.

    Refused: Invalid FILTER_NAME_MISSING, FILTER_NAME_LONG, FILTER_TOO_MANY, FILTER_WITHOUT_DEPARTMENT.
    """
    said = " ".join(name.split())
    if not said:
        raise refuse("name", "FILTER_NAME_MISSING", "请给筛选起一个名称")
    if len(said) > LONGEST_NAME:
        raise refuse("name", "FILTER_NAME_LONG", "名称不能超过 {most} 个字", most=LONGEST_NAME)
    if shared and actor.department is None:
        raise refuse("shared", "FILTER_WITHOUT_DEPARTMENT", "您不属于任何部门，不能与部门共享")
    with office.transaction() as records:
        own = [one for one in records.saved_filters.seen_by(actor.username, None) if one.owner == actor.username]
        known = next((one for one in own if one.name == said), None)
        if known is None and len(own) >= MOST:
            raise refuse("name", "FILTER_TOO_MANY", "最多保存 {most} 个筛选，请先删除不用的", most=MOST)
        if usual:
            records.saved_filters.none_usual(actor.username)
        row = SavedFilter(
            id=known.id if known else uuid4(),
            owner=actor.username,
            department=actor.department if shared else None,
            name=said,
            query=wanted.query,
            usual=usual,
            saved_at=records.now,
        )
        if known is None:
            records.saved_filters.add(row)
        else:
            values = {"department": row.department, "query": row.query, "usual": usual, "saved_at": records.now}
            records.saved_filters.change(row.id, values)
        return row.id


def set_usual_filter(office: Office, actor: Actor, filter_id: UUID, *, usual: bool) -> None:
    """What one's inbox opens with, or no longer. Refused: Missing FILTER_NOT_FOUND, Forbidden FILTER_OF_ANOTHER."""
    with office.transaction() as records:
        _own(records, actor, filter_id)
        records.saved_filters.none_usual(actor.username)
        records.saved_filters.change(filter_id, {"usual": usual})


def delete_filter(office: Office, actor: Actor, filter_id: UUID) -> str:
    """Forget a filter; its name. Refused: Missing FILTER_NOT_FOUND, Forbidden FILTER_OF_ANOTHER."""
    with office.transaction() as records:
        row = _own(records, actor, filter_id)
        records.saved_filters.drop(filter_id)
        return row.name


def _own(records: Records, actor: Actor, filter_id: UUID) -> SavedFilter:
    row = records.saved_filters.find(filter_id)
    if row is None or (row.owner != actor.username and (row.department is None or row.department != actor.department)):
        raise Missing("FILTER_NOT_FOUND", "没有这个筛选。")
    if row.owner != actor.username:
        raise Forbidden("FILTER_OF_ANOTHER", "“{name}”由{owner}保存，只有本人可以修改", name=row.name, owner=row.owner)
    return row


def _view(actor: Actor, row: SavedFilter) -> FilterView:
    own = row.owner == actor.username
    return FilterView(
        id=row.id,
        name=row.name,
        wanted=filter_of(row.query),
        own=own,
        shared=row.department is not None,
        usual=own and row.usual,
    )
