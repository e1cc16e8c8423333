"""The journal of a case as a timeline: who, when, which act on what, and the opinion that was given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext

from service.casework.workbench import BODY, Answered, CasePage, WorkItem
from service.web.pages.clock_words import subject_of
from service.web.pages.labels import AUDIENCES, CHANNELS, MESSAGE_EVENTS, MESSAGE_STATES, NOT_SENT
from service.web.pages.line_words import act_words, name_of, reason_words

CHANNEL_MISSING = "CHANNEL_MISSING"  # why a message failed: the house has no gateway
SILENT = frozenset(
    {"external:locked", "job:retries_set", "job:due_set", "clock:started", "clock:stopped", "clock:recounted"}
)
OPINIONS = frozenset({"task:completed", "task:commented", "task:resolved", "opinion:late"})
TONES = {
    "case:started": "done",
    "case:completed": "done",
    "case:terminated": "late",
    "task:urged": "late",
    "countersign:closed": "done",
    "signing:closed": "done",
    "task:completed": "done",
    "task:escalated": "escalated",
    "task:returned": "late",
    "task:recalled": "late",
    "token:moved": "late",
    "timer:fired": "late",
    "incident:opened": "late",
    "item:reached": "done",
    "clock:extended": "done",
    "clock:turned": "late",
    "ladder:climbed": "escalated",
    "card:raised": "late",
    "tacit:passed": "escalated",
    "bill:paid": "done",
    "bill:anomaly": "late",
    "bill:overdue": "late",
    "bill:abandoned": "late",
    "opinion:late": "late",
    "material:refused": "late",
}


KINDS = ("opinion", "act", "clock", "document", "material", "payment", "message", "note")
_KIND_OF = {  # subject of a journal action → what people look for
    "clock": "clock",
    "item": "clock",
    "ladder": "clock",
    "tacit": "clock",
    "timer": "clock",
    "proceeding": "clock",
    "correction": "clock",
    "card": "clock",
    "document": "document",
    "certificate": "document",
    "result": "document",
    "delivery": "document",
    "archive": "document",
    "material": "material",
    "bill": "payment",
    "refund": "payment",
    "exemption": "payment",
    "message": "message",
    "note": "note",
    "query": "note",
    "lead": "note",
}
INTERNAL = frozenset({"note", "query", "lead"})  # subjects an applicant is not told of
PAGE = 30


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the timeline. `by`: who, with the department; `said`: an opinion or a reason.

    `kind`: one of KINDS. `round`: the how-manieth time the step was gone through, of `rounds` in all.
    """

    at: datetime
    act: str
    subject: str
    place: str
    by: str
    tone: str
    said: str = ""
    conclusion: str = ""
    kind: str = "act"
    element: str = ""
    scope: UUID | None = None
    round: int = 1
    rounds: int = 1

    @property
    def former(self) -> bool:
        """Whether the step has been gone through again since."""
        return self.round < self.rounds


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """What is shown of it. `groups`: entries one after the other; those of a round since gone through again are folded
    together. `counts`: entries of each kind, of the chosen element.
    """

    groups: tuple[tuple[Entry, ...], ...]
    counts: Mapping[str, int]
    kind: str
    element: str
    oldest_first: bool
    total: int
    page: int
    pages: int
    address: Any

    @classmethod
    def of(
        cls,
        entries: Sequence[Entry],
        *,
        kind: str,
        element: str,
        oldest_first: bool,
        page: int,
        size: int,
        address: Any,
    ) -> Timeline:
        """One page of one kind. `entries`: the latest first."""
        here = [one for one in entries if not element or one.element == element]
        shown = [one for one in here if not kind or one.kind == kind]
        if oldest_first:
            shown.reverse()
        pages = max(1, -(-len(shown) // size))
        page = min(max(page, 1), pages)
        counts = {name: sum(one.kind == name for one in here) for name in KINDS}
        groups: list[tuple[Entry, ...]] = []
        for one in shown[(page - 1) * size : page * size]:
            if one.former and groups and groups[-1][-1].former:
                groups[-1] += (one,)
            else:
                groups.append((one,))
        return cls(
            groups=tuple(groups),
            counts={"": len(here), **counts},
            kind=kind,
            element=element,
            oldest_first=oldest_first,
            total=len(shown),
            page=page,
            pages=pages,
            address=address,
        )


def timeline_of(
    page: CasePage,
    answered: Iterable[tuple[Answered, Any]],
    messages: Iterable[Any] = (),
    *,
    outside: bool = False,
    demo: bool = False,
) -> tuple[Entry, ...]:
    """The journal in words, the latest act first, with the messages that were sent; what only machines do to each other is
    left out.

    `answered`: the completed tasks with the blocks of what was answered. `outside`: an applicant reads, who is not told of
    internal notes and queries. `demo`: a message nobody could carry out of the house is nothing to worry about.
    """
    tasks = {item.row.id: item for item in page.tasks}
    filed = {one.task.id: blocks for one, blocks in answered}
    comments = {(c.author, c.written_at): c.message for c in page.comments}
    rounds = _rounds(page)
    found = [_told(one, demo) for one in messages if one.channel != "INAPP"]
    for line in page.journal:
        if outside and line.action.partition(":")[0] in INTERNAL:
            continue
        if line.action in SILENT or (line.action == "clock:turned" and (line.detail or {}).get("light") != "red"):
            continue
        item = tasks.get(line.task_id) if line.task_id else None
        detail = line.detail or {}
        done = filed.get(line.task_id, ()) if line.task_id and line.action == "task:completed" else ()
        conclusion, said = opinion_in(done)
        said = said or comments.get((line.actor or "", line.written_at), "") or reason_words(page, line.action, detail)
        turn, turns = rounds.get(line.task_id, (1, 1)) if line.task_id else (1, 1)
        place = item.row.process_name if item and item.row.definition_id != page.case.definition_id else ""
        found.append(
            Entry(
                at=line.written_at,
                act=act_words(line.action, detail),
                subject=subject_of(line.action, detail)
                or (item.row.name if item else page.names.get(line.element or "", "")),
                place=place,
                by=_by(page, line.actor, detail),
                tone="system" if line.actor is None and line.action not in TONES else TONES.get(line.action, ""),
                said=said,
                conclusion=conclusion,
                kind="opinion"
                if line.action in OPINIONS and (said or conclusion)
                else _KIND_OF.get(line.action.partition(":")[0], "act"),
                element=item.row.element if item else line.element or "",
                scope=item.row.scope_id if item else None,
                round=turn,
                rounds=turns,
            )
        )
    return tuple(reversed(sorted(found, key=lambda one: one.at)))


def _rounds(page: CasePage) -> dict[UUID, tuple[int, int]]:
    """Task → (round, rounds) of the steps that were gone through more than once; tasks side by side are one round."""
    steps: dict[tuple[str, UUID | None], list[WorkItem]] = {}
    loops = {element for one in page.diagrams for element in one.marks if element.endswith(BODY)}
    for item in page.tasks:
        if item.row.element + BODY not in loops:
            steps.setdefault((item.row.element, item.row.scope_id), []).append(item)
    found: dict[UUID, tuple[int, int]] = {}
    for items in steps.values():
        turn, over, turns = 0, None, {}
        for item in sorted(items, key=lambda one: (one.row.created_at, one.row.ended_at or page.now)):
            if turn == 0 or (over is not None and item.row.created_at >= over):
                turn, over = turn + 1, item.row.ended_at
            elif over is not None:
                over = None if item.row.ended_at is None else max(over, item.row.ended_at)
            turns[item.row.id] = turn
        found.update((task, (one, turn)) for task, one in turns.items())
    return found


def _by(page: CasePage, actor: str | None, detail: Mapping[str, Any]) -> str:
    """Who acted, and for whom (S-16): 刘洋（住建） 代 A岗 张伟."""
    by, holder = name_of(page, actor), detail.get("acting_for")
    card = page.people.get(str(holder)) if holder and actor else None
    if card is None:
        return by
    return gettext("%(who)s 代 %(duty)s %(holder)s", who=by, duty=card.duty, holder=card.name)


def _told(row: Any, demo: bool) -> Entry:
    """A message that went outside."""
    only_shown = demo and row.error == CHANNEL_MISSING
    return Entry(
        at=row.queued_at,
        act=str(NOT_SENT if only_shown else MESSAGE_STATES.get(row.state, row.state)),
        subject=str(MESSAGE_EVENTS.get(row.code, row.code)),
        place=str(CHANNELS.get(row.channel, row.channel)),
        by=str(AUDIENCES.get(row.audience, row.audience)),
        tone="late" if row.state == "FAILED" and not only_shown else "system",
        said=row.text,
        kind="message",
    )


def opinion_in(blocks: Any) -> tuple[str, str]:
    """(conclusion, opinion): the first choice made and the longer texts written."""
    flat = list(_flat(blocks))
    choice = next((b.shown for b in flat if b.kind in ("radio", "select") and b.shown != "—"), "")
    texts = [b.shown for b in flat if b.kind == "textarea" and b.shown != "—"]
    return choice, "\n".join(texts)


def _flat(blocks: Any) -> Any:
    for block in blocks:
        if block.hidden:
            continue
        yield block
        yield from _flat(block.children)
