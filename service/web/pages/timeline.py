"""The journal of a case as a timeline: who, when, which act on what, and the opinion that was given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from service.casework.workbench import Answered, CasePage
from service.rules.money import yuan
from service.web.pages.clock_words import act_of, said_of, subject_of
from service.web.pages.handing_words import said_together
from service.web.pages.labels import ACTIONS, ACTS, CARD_LEVELS, ROLES, RUNGS, VIOLATIONS

SILENT = frozenset(
    {"external:locked", "job:retries_set", "job:due_set", "clock:started", "clock:stopped", "clock:recounted"}
)
MOVED = frozenset({"task:returned", "task:recalled", "token:moved"})
MONEY = frozenset({"bill", "refund", "exemption"})
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


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the timeline. `by`: who, with the department; `said`: an opinion or a reason."""

    at: datetime
    act: str
    subject: str
    place: str
    by: str
    tone: str
    said: str = ""
    conclusion: str = ""


def timeline_of(page: CasePage, answered: Iterable[tuple[Answered, Any]]) -> tuple[Entry, ...]:
    """The journal in words, the latest act first; what only machines do to each other is left out.

    `answered`: the completed tasks with the blocks of what was answered.
    """
    tasks = {item.row.id: item for item in page.tasks}
    filed = {one.task.id: blocks for one, blocks in answered}
    comments = {(c.author, c.written_at): c.message for c in page.comments}
    found = []
    for line in page.journal:
        if line.action in SILENT or (line.action == "clock:turned" and (line.detail or {}).get("light") != "red"):
            continue
        item = tasks.get(line.task_id) if line.task_id else None
        detail = line.detail or {}
        done = filed.get(line.task_id, ()) if line.task_id and line.action == "task:completed" else ()
        conclusion, said = _opinion(done)
        said = said or comments.get((line.actor or "", line.written_at), "") or _reason(page, line.action, detail)
        place = item.row.process_name if item and item.row.definition_id != page.case.definition_id else ""
        found.append(
            Entry(
                at=line.written_at,
                act=_act(line.action, detail),
                subject=subject_of(line.action, detail)
                or (item.row.name if item else page.names.get(line.element or "", "")),
                place=place,
                by=_by(page, line.actor, detail),
                tone="system" if line.actor is None and line.action not in TONES else TONES.get(line.action, ""),
                said=said,
                conclusion=conclusion,
            )
        )
    return tuple(reversed(found))


def _by(page: CasePage, actor: str | None, detail: Mapping[str, Any]) -> str:
    """Who acted, and for whom (S-16): 刘洋（住建） 代 A岗 张伟."""
    by, holder = name_of(page, actor), detail.get("acting_for")
    card = page.people.get(str(holder)) if holder and actor else None
    if card is None:
        return by
    return gettext("%(who)s 代 %(duty)s %(holder)s", who=by, duty=card.duty, holder=card.name)


def name_of(page: CasePage, username: str | None) -> str:
    """Name and department of a person; the system by rule when there is none."""
    if not username:
        return gettext("系统（按规则）")
    card = page.people.get(username)
    if card is None:
        return _post(page, username)
    return f"{card.name}（{card.short or card.department_name}）" if card.department else card.name


def _post(page: CasePage, code: str) -> str:
    """A department, a role or a department's post by its code; anything else as it is written."""
    department, _, role = code.partition(":")
    if role:
        names = page.departments.get(department)
        return f"{names[1] if names else department}{ROLES.get(role, role)}"
    if code in page.departments:
        return page.departments[code][1]
    return str(ROLES.get(code, code))


def _act(action: str, detail: Mapping[str, Any]) -> str:
    words = str(ACTS.get(action, action))
    if action == "action:done" and detail.get("action") in ACTIONS:
        return str(ACTIONS[detail["action"]])
    return act_of(action, detail) or words


def _opinion(blocks: Any) -> tuple[str, str]:
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


def _money(detail: Mapping[str, Any]) -> str:
    """A bill by its number, the amount, what was said of it."""
    words = [str(detail.get("number", ""))]
    if amount := detail.get("amount") or detail.get("total"):
        words.append(gettext("%(amount)s 元", amount=yuan(Decimal(amount))))
    words += [str(detail[name]) for name in ("reason", "text", "answer") if detail.get(name)]
    return gettext("；").join(word for word in words if word)


def _moved(page: CasePage, detail: Mapping[str, Any]) -> str:
    """Where the case went, for which time, how it goes on, and why."""
    words = gettext("到“%(place)s”，第 %(round)s 次", place=detail["to_name"], round=detail.get("round", 1))
    if detail.get("way") == "straight":
        words = gettext("%(words)s，办完直接回来", words=words)
    others = [one["name"] or one["element"] for one in detail.get("ended", ()) if one.get("kind") == "userTask"]
    if others and detail.get("way"):
        words = gettext("%(words)s；同时终止：%(others)s", words=words, others=gettext("、").join(others))
    return gettext("%(words)s。理由：%(reason)s", words=words, reason=detail.get("reason", ""))


def _reason(page: CasePage, action: str, detail: Mapping[str, Any]) -> str:
    told = said_of(action, detail)
    if told:
        return told
    if action == "task:escalated":
        before, now = detail.get("from"), detail.get("to") or detail.get("assignee")
        if now and now == before:
            return gettext("仍由%(now)s办理", now=name_of(page, now))
        if now and before:
            return gettext("由%(now)s接办，原办理人%(before)s", now=name_of(page, now), before=name_of(page, before))
        if now:
            return gettext("由%(now)s接办", now=name_of(page, now))
    if action in MOVED and detail.get("to_name"):
        return _moved(page, detail)
    if action == "task:handed_over" and detail.get("to"):
        now, holder = name_of(page, detail["to"]), detail.get("acting_for")
        if holder:
            return gettext("由%(now)s代%(holder)s办理", now=now, holder=name_of(page, holder))
        return gettext("转回%(now)s办理", now=now)
    told = said_together(action, detail, lambda name: name_of(page, name))
    if told:
        return told
    if action == "ladder:climbed":
        told = gettext("、").join(name_of(page, one) for one in detail.get("told", ()))
        words = str(RUNGS.get(detail.get("rung", ""), ""))
        return gettext("%(rung)s；已告知：%(told)s", rung=words, told=told) if told else words
    if action == "card:raised":
        level, what = str(CARD_LEVELS.get(detail["level"], "")), str(VIOLATIONS.get(detail["violation"], ""))
        return gettext("%(level)s：%(what)s，发给%(to)s", level=level, what=what, to=name_of(page, detail["to"]))
    if action.partition(":")[0] in MONEY:
        return _money(detail)
    for name in ("reason", "message", "note", "text"):
        if isinstance(detail.get(name), str):
            return str(detail[name])
    return ""
