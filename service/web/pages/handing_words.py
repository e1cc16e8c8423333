"""Journal lines of work between people in words: who gave what to whom, how a countersigning ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext

from service.web.pages.labels import SIGNING_MODES, SIGNING_PLACES, SIGNING_STATES, VOTES


def policy_words(policy: str) -> str:
    """A way of countersigning: 全部同意, 60% 同意 …"""
    mode, _, ratio = policy.partition(":")
    return gettext("%(ratio)s%% 同意", ratio=ratio) if mode == "ratio" else str(SIGNING_MODES.get(mode, mode))


def said_together(action: str, detail: Mapping[str, Any], name: Callable[[str], str]) -> str:
    """What a line says; nothing for other lines. `name`: what a person is called."""
    reason = str(detail.get("reason") or "")
    match action:
        case "task:transferred" | "task:delegated" | "task:taken_back" | "task:resolved" if detail.get("to"):
            told = gettext("交给%(now)s", now=name(str(detail["to"])))
        case "task:raised":
            told = _raised(detail, name)
        case "task:skipped":
            told = _skipped(detail, name)
        case "task:urged":
            told = gettext("第 %(count)s 次", count=detail.get("count"))
        case "signing:asked" if detail.get("people"):
            people = "、".join(name(str(one)) for one in detail["people"])
            place = str(SIGNING_PLACES.get(str(detail.get("place")), ""))
            told = gettext(
                "%(place)s，%(policy)s：%(people)s",
                place=place,
                policy=policy_words(str(detail.get("policy", ""))),
                people=people,
            )
        case "signing:asked" if detail.get("to"):
            told = gettext("改由%(now)s发表意见", now=name(str(detail["to"])))
        case "signing:answered":
            told = str(VOTES.get(str(detail.get("vote")), ""))
        case "signing:removed" | "instance:removed" if detail.get("person"):
            told = name(str(detail["person"]))
        case "instance:added":
            told = name(str(detail.get("item", "")))
        case "signing:closed" | "countersign:closed":
            told = _ended(detail, name)
        case "case:copied":
            told = "、".join(name(str(one)) for one in detail.get("people", ()))
        case _:
            return ""
    return gettext("；").join(one for one in (told, reason) if one)


def _raised(detail: Mapping[str, Any], name: Callable[[str], str]) -> str:
    post, now = name(str(detail.get("from"))), name(str(detail.get("to")))
    if detail.get("why") == "empty":
        return gettext("%(post)s无人，按规则由%(now)s办理", post=post, now=now)
    return gettext("%(post)s已办理过本事项，按规则由%(now)s办理", post=post, now=now)


def _skipped(detail: Mapping[str, Any], name: Callable[[str], str]) -> str:
    if detail.get("why") == "empty":
        return gettext("岗位无人，按规则跳过")
    person, earlier = name(str(detail.get("person"))), str(detail.get("earlier") or "")
    return gettext("%(person)s已在“%(earlier)s”表示同意，按规则跳过", person=person, earlier=earlier)


def _ended(detail: Mapping[str, Any], name: Callable[[str], str]) -> str:
    words = [
        str(SIGNING_STATES.get(str(detail.get("result")), "")),
        policy_words(str(detail.get("policy", ""))),
        gettext("同意 %(agreed)s，不同意 %(objected)s", agreed=detail.get("agreed"), objected=detail.get("objected")),
    ]
    spared = "、".join(name(str(one)) for one in detail.get("spared", ()))
    if spared:
        words.append(gettext("不再征求%(people)s的意见", people=spared))
    return gettext("；").join(one for one in words if one)
