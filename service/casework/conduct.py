"""How procedures before a decision are held: who surveys, who presides, how long before it is announced.

Looked at when their desks are completed; what is refused names the field. Names are those the forms ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from service.casework.clockwork.book import day_of
from service.casework.kept_apart import kept_apart
from service.casework.posts import RUNGS, group_of
from service.rules.deferrals import still_missing
from service.rules.refusals import Conflict, refuse
from service.rules.sentences import Sentence
from service.rules.worktime import SHANGHAI

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.projection import Running
    from service.store.records import Records
    from service.store.tasks import StageDone, TaskRow

QUORUM = re.compile(r"inspectors\s*(?:≥|>=)\s*(\d+)")
NOTICE_DAYS = 7  # 行政许可法 art. 48: the hearing is announced seven days before
ATTENDEES = 3  # of a meeting that decides (SM-10)
APART = re.compile(r"[、，,；;\s]+")


def check_conduct(
    records: Records, running: Running, row: TaskRow, actor: Actor, stages: Iterable[StageDone], said: Mapping[str, Any]
) -> None:
    """What has to hold of a desk beside its form.

    Refused: Invalid QUORUM_NOT_MET (fewer inspectors than the diagram asks, BV-23), HEARING_NOTICE_SHORT,
    MEETING_TOO_SMALL, Conflict DEFERRED_MISSING (容缺: promised and not there yet), Forbidden HOST_REVIEWED (S-05).
    """
    if row.stage == "SURVEY":
        _check_quorum(running, row, said)
    elif row.stage == "HEARING":
        _check_notice(said)
        _check_host(records, row, stages, said)
    elif row.stage == "MEETING" and said.get("attendees") is not None:
        present = len([line for line in str(said["attendees"]).splitlines() if line.strip()])
        if present < ATTENDEES:
            raise refuse(
                "attendees", "MEETING_TOO_SMALL", "集体会议应有{least}人以上出席，现在只有{count}人", least=ATTENDEES, count=present
            )  # fmt: skip
    if (row.stage == "APPROVE" and said.get("decision") == "grant") or row.stage == "ISSUE":
        missing = still_missing(running.run.variables(row.id))
        if missing:
            raise Conflict("DEFERRED_MISSING", "容缺材料“{material}”尚未补交，不能准予或发证。", material=missing)


def _check_quorum(running: Running, row: TaskRow, said: Mapping[str, Any]) -> None:
    wanted = QUORUM.search(running.run.waits()[row.id].zw.get("quorum", ""))
    if wanted is None or said.get("survey_conclusion") is None:
        return
    names = {str(said.get(f"inspector_{one}") or "").strip() for one in "ab"} - {""}
    names |= {APART.split(line.strip())[0] for line in str(said.get("others") or "").splitlines() if line.strip()}
    if len(names) < int(wanted[1]):
        raise refuse(
            "inspector_b", "QUORUM_NOT_MET", "现场勘查应由{least}名以上不同人员进行，现在只有{count}名",
            least=wanted[1], count=len(names),
        )  # fmt: skip


def _check_notice(said: Mapping[str, Any]) -> None:
    announced, held = said.get("announced_on"), said.get("held_at")
    if not announced or not held:
        return
    first = date.fromisoformat(str(announced)[:10])
    if day_of(_instant(str(held))) < first + timedelta(NOTICE_DAYS):
        raise refuse(
            "held_at", "HEARING_NOTICE_SHORT", "听证应在公告{days}日以后举行（《行政许可法》第四十八条）", days=NOTICE_DAYS
        )  # fmt: skip


def _check_host(records: Records, row: TaskRow, stages: Iterable[StageDone], said: Mapping[str, Any]) -> None:
    field = "hearing_host" if "hearing_host" in said else "host"
    host = str(said.get(field) or "").strip()
    reviewers = {one.person for one in stages if one.stage == "REVIEW" and one.scope_id == row.scope_id}
    if host:
        open_ones = records.tasks.open_of(row.case_id)
        reviewers |= {
            one.assignee for one in open_ones if one.stage == "REVIEW" and one.scope_id == row.scope_id and one.assignee
        }
    for username in reviewers if host else ():
        person = records.people.find(username)
        if person is not None and person.name == host:
            raise kept_apart(
                records,
                "S-05",
                "HOST_REVIEWED",
                Sentence("{host}审查了本申请，不能主持听证（《行政许可法》第四十八条）"),
                Sentence("{host}审查了本申请，不能主持听证（《行政许可法》第四十八条），可由{instead}主持"),
                groups=[group_of(row.department, rung) for rung in RUNGS],
                without=reviewers,
                host=host,
            )


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=SHANGHAI)
