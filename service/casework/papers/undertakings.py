"""Facts about what people promise and hand over: 告知承诺书, 容缺承诺书, 代收单 and 交接单."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.papers.subject import Subject
from service.casework.papers.words import moment, told
from service.rules.deferrals import CONSEQUENCE as DEFERRAL_CONSEQUENCE
from service.rules.deferrals import HOW, STATEMENT

NOTICE = "采用告知承诺方式的，当场作出决定；发证后由作出决定的机关现场核查。"
CONSEQUENCE = "承诺不实或者违反承诺的，依法撤销许可，记入信用记录，并承担相应法律责任。"
CHECKED_WITHIN = "发证之日起两个月内"


def committed(subject: Subject) -> Mapping[str, Any] | None:
    """W06 of the applicant's promises; None when nothing was promised."""
    step = subject.last(element=subject.element) if subject.element else subject.last(answering="committed")
    if step is None or step.answers.get("committed") != "yes":
        return None
    said = step.answers
    return {
        "notice": NOTICE,
        "promises": [one for one in said.get("promises") or () if isinstance(one, str)] or None,
        "consequence": CONSEQUENCE,
        "check_by": CHECKED_WITHIN,
        "signed_by": told(said, "signed_by"),
        "signed_at": moment(said.get("signed_at")),
        "way": told(said, "way"),
    }


def handed_over(subject: Subject) -> Mapping[str, Any] | None:
    """W34 of 四级联动: what the village took in, and every hand-over with both who gave and who took."""
    step = subject.last(element=subject.element) if subject.element else None
    if step is None:
        return None
    said, at = step.answers, None if step.task.ended_at is None else step.task.ended_at.isoformat()
    if said.get("declared") == "return":
        return None
    giver = told(said, "handed_by") or told(said, "client")
    taker = told(said, "received_by") or told(said, "collected_by")
    materials = said.get("collected") or subject.values.get("handed_in") or ()
    return {
        "form": "代收单" if told(said, "collected_by") else "交接单",
        "contract_no": subject.row.business_key or "",
        "client": subject.applicant,
        "agent": told(said, "collected_by") or told(said, "handed_by"),
        "scope": [subject.item],
        "materials": [
            {"name": one, "form": "原件", "copies": 1} for one in materials if isinstance(one, str) and one.strip()
        ]
        or None,
        "signatures": [
            {"party": party, "person": person, "at": at}
            for party, person in (("移交", giver), ("接收", taker))
            if person
        ],
    }


def deferred(subject: Subject) -> Mapping[str, Any] | None:
    """W41: what the applicant promises to bring later; None when nothing was deferred."""
    said = _promise(subject)
    if said is None:
        return None
    return {
        "gaps": _gaps(said),
        "statement": STATEMENT,
        "consequence": DEFERRAL_CONSEQUENCE,
        "signed_by": said["signed_by"],
        "signed_at": said["signed_at"],
    }


def told_of_deferral(subject: Subject) -> Mapping[str, Any] | None:
    """W42: what is to be brought, how, until when and what follows when it is not; None when nothing was deferred."""
    said = _promise(subject)
    if said is None:
        return None
    return {"gaps": _gaps(said), "how": HOW, "consequence": DEFERRAL_CONSEQUENCE}


def _promise(subject: Subject) -> Mapping[str, Any] | None:
    found = subject.proceedings("DEFERRAL")
    return found[-1].detail if found else None


def _gaps(said: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"material": one["material"], "supply_by": one["supply_by"]} for one in said["gaps"]]
