"""替岗: who is away in the whole centre and who does the work (SM-50, S-16), for those who keep the staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from service.casework.actors import Actor
from service.casework.listing.pages import RowPage, row_page
from service.casework.office import Office
from service.casework.posts import RUNGS, Cover, cover, look_up
from service.casework.staff.rights import require_staff_reader
from service.store.listing import ABSENCES, Sight
from service.store.listing.absences import AbsenceListRow

VIEWS: Mapping[str, Mapping[str, Any]] = {"away": {"away": True}, "planned": {"planned": True}, "all": {}}


def substitution_list(
    office: Office,
    actor: Actor,
    *,
    filters: Mapping[str, str] | None = None,
    view: str = "away",
    sort: str = "",
    page: int = 1,
) -> RowPage[AbsenceListRow]:
    """One page of absences; `more`: `covers`, id of an absence that holds now → posts and who does their work; `names` of
    everybody. Filters: department, username. Refused: Forbidden STAFF_NOT_YOURS."""
    require_staff_reader(actor)
    found = row_page(
        office, actor, ABSENCES, filters or {}, sort=sort, page=page, views=VIEWS, view=view, sight=Sight(everything=True)
    )  # fmt: skip
    with office.reading() as records:
        away = [
            row
            for row in found.items
            if row.withdrawn_at is None and row.since <= records.now and (row.until is None or row.until > records.now)
        ]
        members = records.people.roles_of({row.username for row in away})
        posts = [
            (row.department, role)
            for row in away
            if row.username in members
            for role in sorted(members[row.username].roles)
            if role in RUNGS
        ]
        seats = look_up(records, posts)
        covers: dict[Any, list[tuple[str, Cover]]] = {}
        for row in away:
            roles = sorted(members[row.username].roles) if row.username in members else []
            covers[row.id] = [(role, cover(seats, row.department, role)) for role in roles if role in RUNGS]
        names = {one.owner for held in covers.values() for _, one in held if one.owner}
        names |= {row.recorded_by for row in found.items} | {row.stand_in for row in found.items if row.stand_in}
        more = {"covers": covers, "names": records.people.names(names)}
    return replace(found, more=more)
