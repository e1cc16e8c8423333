"""Facts about what was found out before a decision: 现场勘查签单."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from service.casework.papers.subject import Subject
from service.casework.papers.words import moment, told

PARTS = re.compile(r"[；;]")
NOBODY = "申请人两次未到场"


def survey(subject: Subject) -> Mapping[str, Any] | None:
    """W11 of the latest survey that was signed for; None when there was none."""
    step = subject.last(stage="SURVEY", answering="survey_conclusion")
    if step is None:
        return None
    answers, ended = step.answers, step.task.ended_at
    absent = answers.get("absent") is True
    return {
        "place": told(answers, "place"),
        "began_at": moment(answers.get("began_at")),
        "inspectors": inspectors(answers),
        "checks": [check(line) for line in lines(answers, "checks")],
        "conclusion": told(answers, "survey_conclusion"),
        "rectify_by": told(answers, "rectify_by")[:10],
        "applicant_signed": NOBODY if absent else told(answers, "applicant_signed") or unsigned(answers),
        "copy_given_at": moment(answers.get("copy_given_at")) or (None if ended is None else ended.isoformat()),
    }


def unsigned(answers: Mapping[str, Any]) -> str:
    """What stands in the place of a signature that was refused."""
    witness = told(answers, "witness")
    return f"拒绝签字，见证人{witness}" if witness else "拒绝签字"


def inspectors(answers: Mapping[str, Any]) -> list[dict[str, str]]:
    """Everybody who surveyed, with the number of the credential: the two, then one a line `姓名，执法证号`."""
    found = [
        {"name": told(answers, f"inspector_{one}"), "certificate": told(answers, f"certificate_{one}")} for one in "ab"
    ]
    for line in lines(answers, "others"):
        name, _, number = re.sub(r"[，、]", ",", line).partition(",")
        found.append({"name": name.strip(), "certificate": number.strip() or "—"})
    return [one for one in found if one["name"]]


def check(line: str) -> dict[str, str | None]:
    """One line `检查内容；结论；照片编号`."""
    item, finding, photo = (*(part.strip() for part in PARTS.split(line, maxsplit=2)), "", "")[:3]
    return {"item": item, "finding": finding or "符合", "photo": photo or None}


def lines(answers: Mapping[str, Any], name: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in told(answers, name).splitlines() if line.strip()]
