"""Facts of papers about several departments: the table of opinions of a chain, the opinion of a joint acceptance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.papers import deciding, undertakings
from service.casework.papers.authorities import authority_name
from service.casework.papers.subject import Step, Subject
from service.casework.papers.words import moment, told

SAYING = frozenset(
    {"REVIEW", "APPROVE", "OPINION", "SURVEY", "COORDINATE", "IMMEDIATE"}
)  # stages that say something of the matter
LAST_WORDS = frozenset({"APPROVE", "OPINION", "IMMEDIATE"})


def circulation(subject: Subject) -> Mapping[str, Any] | None:
    """W13: every desk with who sat there; of a chain the 意见汇总表, what every department's item said."""
    if subject.attributes.get("kind") != "CHAIN":
        return deciding.circulation(subject)
    rows = []
    for step in subject.every_step:
        if step.task.stage in SAYING:
            row = deciding.circulated(subject, step)
            rows.append(row | {"stage": f"{step.task.process_name}·{row['stage']}"})
    return {"steps": rows} if rows else None


def acceptance(subject: Subject) -> Mapping[str, Any] | None:
    """W32: who took part, what each found and said, what was mended, and the lead's conclusion."""
    concluded = subject.last(stage="APPROVE")
    if concluded is None:
        return None
    found = {one.get("department"): one for one in _rows(subject, "survey_results")}
    units = []
    for department in dict.fromkeys(one.get("department") for one in _rows(subject, "matrix")):
        said = _last_word(subject, str(department))
        surveyed = found.get(department)
        words = [f"现场勘验{surveyed['conclusion']}" if surveyed else "", _opinion(said)]
        units.append(
            {
                "department": authority_name(subject.office, subject.records, str(department)),
                "opinion": "；".join(filter(None, words)) or "无意见",
                "conclusion": _conclusion(said) or (str(surveyed["conclusion"]) if surveyed else "—"),
            }
        )
    mended = [told(one.answers, "rectified") for one in subject.steps if one.task.element == "Task_Rectify"]
    passed = concluded.answers.get("decision") == "grant"
    return {
        "project": subject.text("project_name") or subject.row.title or subject.item,
        "units": units,
        "rectification": "；".join(filter(None, mended)),
        "conclusion": f"联合验收{'合格' if passed else '不合格'}。{told(concluded.answers, 'opinion')}",
    }


def entrusted(subject: Subject) -> Mapping[str, Any] | None:
    """W34 of 全程代办: the contract, and what is handed over at its end; of other diagrams the hand-over between levels."""
    if subject.attributes.get("item") != "DB-20":
        return undertakings.handed_over(subject)
    step = subject.last(element=subject.element) if subject.element else None
    contract = subject.last(element="Task_Contract")
    if step is None or contract is None:
        return None
    at = None if step.task.ended_at is None else step.task.ended_at.isoformat()
    agent, signs = subject.name(step.task.ended_by), step.task.element == "Task_Contract"
    client = told(step.answers, "client_signed" if signs else "receiver") or subject.applicant
    return {
        "form": "代办委托书" if signs else "交接单",
        "contract_no": subject.text("contract_no"),
        "client": subject.applicant,
        "agent": told(contract.answers, "agent") or agent,
        "scope": _lines(contract, "scope"),
        "materials": [{"name": one, "form": "原件", "copies": 1} for one in _lines(step, "handed")] or None,
        "signatures": [
            {"party": party, "person": person, "at": at} for party, person in (("委托人", client), ("代办员", agent))
        ],
    }


def sitting(subject: Subject) -> Mapping[str, Any] | None:
    """W31 of a joint review: its notice before, its minutes after."""
    met, signed = subject.last(element="Task_Meeting"), subject.last(element="Task_Sign")
    said = met.answers if met is not None else {}
    day, secretary = subject.text("meeting_on")[:10], subject.last(element="Task_Agenda")
    present = [_pair(line) for line in said.get("attendance", "").splitlines() if line.strip()]
    asked = [
        (authority_name(subject.office, subject.records, str(one)), "首席代表")
        for one in subject.values.get("departments") or ()
    ]
    signers = [subject.name(one.task.ended_by) for one in (signed, met or secretary) if one is not None]
    return {
        "form": "会议通知" if met is None else "会议纪要",
        "meeting_no": subject.text("meeting_no") or subject.row.business_key or "",
        "held_at": moment(said.get("held_at")) or (moment(f"{day}T09:00") if day else None),
        "place": subject.text("place"),
        "attendance": [{"unit": unit, "person": person} for unit, person in present or asked],
        "issues": [{"issue": _pair(line)[0]} for line in subject.text("issue_lines").splitlines() if line.strip()],
        "signers": signers,
    }


def _pair(line: str) -> tuple[str, str]:
    """A line of two parts."""
    first, _, second = line.replace(";", "；").partition("；")
    return first.strip(), second.strip() or "—"


def _lines(step: Step, name: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in told(step.answers, name).splitlines() if line.strip()]


def _rows(subject: Subject, name: str) -> list[Mapping[str, Any]]:
    """A variable that holds rows."""
    value = subject.values.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _last_word(subject: Subject, department: str) -> Step | None:
    """What a department said last in one of its items."""
    own = [one for one in subject.every_step if one.task.department == department and one.task.stage in LAST_WORDS]
    concluding = subject.last(stage="APPROVE")
    return next((one for one in reversed(own) if one != concluding), None)


def _conclusion(step: Step | None) -> str:
    return (
        ""
        if step is None
        else next(
            (
                deciding.CONCLUSIONS[v]
                for k in ("decision", "conclusion")
                if (v := step.answers.get(k)) in deciding.CONCLUSIONS
            ),
            "",
        )
    )


def _opinion(step: Step | None) -> str:
    return "" if step is None else told(step.answers, "opinion") or told(step.answers, "reason") or _conclusion(step)
