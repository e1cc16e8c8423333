"""The facts of every kind of document a case can bring about, from the case itself.

A builder gives what is known; what is missing keeps the document a draft. None: there is nothing to say, so no document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from service.casework.papers import deciding, joint, quality, supporting, surveyed, timing, undertakings
from service.casework.papers.subject import Subject
from service.rules.document_kinds import document_kind

Builder = Callable[[Subject], Mapping[str, Any] | None]

BUILDERS: dict[str, Builder] = {
    "W01": timing.received,
    "W02": timing.accepted,
    "W03": deciding.not_accepted,
    "W04": timing.correction,
    "W05": deciding.truthful,
    "W06": undertakings.committed,
    "W07": timing.procedure,
    "W08": timing.clock_paused,
    "W09": timing.extended,
    "W10": deciding.opinion_asked,
    "W11": surveyed.survey,
    "W12": deciding.heard,
    "W13": joint.circulation,
    "W14": deciding.granted,
    "W15": deciding.refused,
    "W16": timing.passed_by_silence,
    "W17": deciding.opinion_by_silence,
    "W18": deciding.certificate,
    "W23": deciding.returned_materials,
    "W24": deciding.ended,
    "W26": supporting.ordered,
    "W28": quality.fault,
    "W29": quality.complaint,
    "W30": quality.called,
    "W31": joint.sitting,
    "W32": joint.acceptance,
    "W34": joint.entrusted,
    "W38": supporting.released,
    "W41": undertakings.deferred,
    "W42": undertakings.told_of_deferral,
}


def facts_of(subject: Subject, code: str) -> dict[str, Any] | None:
    """What is known of the facts of a kind; empty texts are left out. None when the case gives no reason for it."""
    document_kind(code)
    build = BUILDERS.get(code)
    if build is None:
        return {}
    found = build(subject)
    return None if found is None else {name: value for name, value in found.items() if value not in (None, "")}
