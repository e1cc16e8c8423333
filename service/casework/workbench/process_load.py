"""实时视图: how much stands at every step of a process, how long it takes there, and which steps are the bottlenecks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.rights import SEERS, withheld_from
from service.engine.studio import Step, steps_of
from service.rules.bottlenecks import USUAL_WINDOW, Load, limit_minutes, ranked, spread
from service.rules.lights import working_minutes
from service.rules.refusals import Forbidden, Missing
from service.store.process_load import Pass, ProcessLoad, Standing
from service.store.workbench import VersionRow, Workbench

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.rules.worktime import WorkCalendar
    from service.store.records import Records

__all__ = ["LivePage", "Standing", "live_page", "may_watch", "step_name"]

MAY_WATCH = ("process_designer", "business_office", "system_admin", "supervisor")
MOST_PASSES = 5_000  # of tasks, and of calls: the latest of the window


@dataclass(frozen=True, kw_only=True)
class LivePage:
    """A process as it is worked on. `busy`: versions with the cases that stand in them, newest first; `chosen`: the one wanted, None:
    all; `drawn`: whose diagram is shown; `cut`: there were more passes than are looked at; `listed`: the numbers lead to lists."""

    process: str
    name: str
    versions: tuple[VersionRow, ...]
    busy: Mapping[UUID, int]
    chosen: VersionRow | None
    drawn: VersionRow
    loads: tuple[Load, ...]
    days: int
    cut: bool
    listed: bool

    @property
    def cases(self) -> int:
        """Running cases that stand in the versions looked at, as the actor may count them."""
        wanted = self.versions if self.chosen is None else (self.chosen,)
        return sum(self.busy.get(one.id, 0) for one in wanted)


def live_page(
    office: Office, actor: Actor, key: str, *, version: int | None = None, days: int = USUAL_WINDOW
) -> LivePage:
    """Numbers of all cases the actor may count, of one version or of all of them.

    Refused: Forbidden LIVE_FORBIDDEN; Missing DEFINITION_NOT_FOUND for a process or version there is not.
    """
    require_watcher(actor, key)
    with office.reading() as records:
        bench, load = Workbench(records), ProcessLoad(records)
        versions = bench.versions(key)
        chosen = next((one for one in versions if one.version == version), None)
        if not versions or (version is not None and chosen is None):
            raise Missing("DEFINITION_NOT_FOUND", "没有键为 {key} 的流程。", key=key)
        looked_at = {one.id for one in versions} if chosen is None else {chosen.id}
        visible = bench.countable(actor.username, withheld_from(actor))
        stood = {one.element: one for one in load.standing(looked_at, visible)}
        busy = load.busy_versions([one.id for one in versions], visible)
        passes = load.passes(looked_at, since=records.now - timedelta(days=days), most=MOST_PASSES, visible=visible)
        drawn = chosen or next((one for one in versions if busy.get(one.id)), versions[0])
        steps = _steps(records, key, versions, drawn, {*stood, *(one.element for one in passes)})
        minutes = _minutes(records.calendar, passes)
    loads = []
    for element in {*stood, *minutes}:
        step, here = steps.get(element), stood.get(element)
        median, p90 = spread(minutes.get(element, ()))
        loads.append(
            Load(
                element=element,
                name=step.name if step is not None else "",
                kind=step.kind if step is not None else "",
                waiting=here.waiting if here is not None else 0,
                overdue=here.overdue if here is not None else 0,
                finished=len(minutes.get(element, ())),
                median=median,
                p90=p90,
                limit=limit_minutes(step.limit) if step is not None else None,
            )
        )
    return LivePage(
        process=key,
        name=drawn.name or key,
        versions=versions,
        busy=busy,
        chosen=chosen,
        drawn=drawn,
        loads=ranked(loads),
        days=days,
        cut=len(passes) >= MOST_PASSES,
        listed=actor.has(*SEERS),
    )


def may_watch(actor: Actor) -> bool:
    """Whether the actor may see how processes are worked on."""
    return actor.has(*MAY_WATCH)


def require_watcher(actor: Actor, key: str) -> None:
    """Refused: Forbidden LIVE_FORBIDDEN; also for processes whose cases are about people, for who may not read them."""
    if not may_watch(actor) or key in withheld_from(actor):
        raise Forbidden("LIVE_FORBIDDEN", "只有流程设计员、业务科、系统管理员和督查人员可以查看实时视图。")


def step_name(records: Records, key: str, element: str) -> str:
    """What a step is called in the newest version that has it; its id when none has."""
    versions = Workbench(records).versions(key)
    step = _steps(records, key, versions, versions[0], {element}).get(element) if versions else None
    return step.name if step is not None and step.name else element


def _steps(
    records: Records, key: str, versions: Sequence[VersionRow], first: VersionRow, wanted: set[str]
) -> dict[str, Step]:
    """Steps by element: of one version, and of the newest others for what that one does not have."""
    found: dict[str, Step] = {}
    bench = Workbench(records)
    for version in (first, *(one for one in versions if one.id != first.id)):
        if wanted <= found.keys():
            break
        file = bench.bpmn(version.id)
        found = (steps_of(file[1], key) if file is not None else {}) | found
    return found


def _minutes(calendar: WorkCalendar, passes: Sequence[Pass]) -> dict[str, list[int]]:
    """Element → counter minutes of its passes."""
    found: dict[str, list[int]] = {}
    for one in passes:
        found.setdefault(one.element, []).append(working_minutes(calendar, one.began, one.ended))
    return found
