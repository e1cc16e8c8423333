"""Journal lines in words: who somebody is, which act it was, what was said with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from service.casework.workbench import CasePage
from service.rules.money import yuan
from service.web.pages.clock_words import act_of, said_of
from service.web.pages.handing_words import said_together
from service.web.pages.labels import ACTIONS, ACTS, CARD_LEVELS, ROLES, RUNGS, VIOLATIONS
from service.web.pages.wording import due

MOVED = frozenset({"task:returned", "task:recalled", "token:moved"})
MONEY = frozenset({"bill", "refund", "exemption"})


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


def act_words(action: str, detail: Mapping[str, Any]) -> str:
    """Which act a line tells of."""
    words = str(ACTS.get(action, action))
    if action == "action:done" and detail.get("action") in ACTIONS:
        return str(ACTIONS[detail["action"]])
    return act_of(action, detail) or words


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


def reason_words(page: CasePage, action: str, detail: Mapping[str, Any]) -> str:
    """What was said with it: a reason, a text, who has it now."""
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
    if action == "lead:convened" and detail.get("at"):
        offices = gettext("、").join(name_of(page, str(one)) for one in detail.get("departments", ()))
        when = due(datetime.fromisoformat(str(detail["at"])), page.now)
        return gettext("%(when)s，%(room)s；参加：%(offices)s", when=when, room=detail.get("room", ""), offices=offices)
    if action == "ladder:climbed":
        told = gettext("、").join(name_of(page, one) for one in detail.get("told", ()))
        words = str(RUNGS.get(detail.get("rung", ""), ""))
        return gettext("%(rung)s；已告知：%(told)s", rung=words, told=told) if told else words
    if action == "card:raised":
        level, what = str(CARD_LEVELS.get(detail["level"], "")), str(VIOLATIONS.get(detail["violation"], ""))
        return gettext("%(level)s：%(what)s，发给%(to)s", level=level, what=what, to=name_of(page, detail["to"]))
    if action == "case:variables_set" and detail.get("names"):
        names, reason = gettext("、").join(detail["names"]), detail.get("reason")
        return gettext("%(names)s。理由：%(reason)s", names=names, reason=reason) if reason else names
    if action.partition(":")[0] in MONEY:
        return _money(detail)
    for name in ("reason", "message", "note", "text"):
        if isinstance(detail.get(name), str):
            return str(detail[name])
    return ""
