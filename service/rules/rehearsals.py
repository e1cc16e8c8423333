"""The vocabulary of rehearsals (试演): how far one is, what is said of a case."""

from __future__ import annotations

from enum import StrEnum


class RehearsalState(StrEnum):
    """How far a rehearsal is."""

    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"  # it cannot be played: the sentence says why
    OVERTAKEN = "OVERTAKEN"  # the draft was saved, or another version went live, before it was over


class ItemKind(StrEnum):
    """Which question is asked about a case."""

    RUNNING = "RUNNING"  # could it migrate?
    FINISHED = "FINISHED"  # how would it have gone?


class ReplayVerdict(StrEnum):
    """How a finished case would have gone in the new version."""

    SAME = "SAME"  # the same way to the same end
    OTHER_WAY = "OTHER_WAY"  # to the same end, but not everything that was done is asked for
    OTHER_END = "OTHER_END"
    WAITS = "WAITS"  # for something nobody did at that time
    DATA_MISSING = "DATA_MISSING"  # a form asks for what was not answered
    FAILS = "FAILS"  # something goes wrong in the new version
    NOT_PLAYED = "NOT_PLAYED"  # people led it beside its diagram, or what came from outside is not known any more
