"""A migration: two programs and a mapping, made once; then any number of stored states are judged or carried over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from service.engine.facts import WaitKind
from service.engine.kernel import values
from service.engine.kernel.elements import CallActivity
from service.engine.kernel.faults import EngineFault
from service.engine.kernel.model import ProcessModel
from service.engine.migrating.carrying import Carried, carry
from service.engine.migrating.facts import Candidate, Judgement, Mapped, MigrationReason, MigrationVerdict, Pair
from service.engine.migrating.judging import Findings, ScopeJudge, answers_of
from service.engine.migrating.likeness import Match, elements_of, embedded, fits, label_of
from service.engine.migrating.reasons import reason
from service.engine.program import Program
from service.engine.run import Run
from service.engine.timekeeping import Timekeeper
from service.rules.refusals import Conflict

_NOTHING: Mapping[str, str | None] = {}


class Migration:
    """From one program of a process to another. `mapping` says only what the suggestion would not, by process."""

    def __init__(self, old: Program, new: Program, mapping: Mapped | None = None) -> None:
        """Raises EngineFault when the programs are of different processes."""
        if old.key != new.key:
            raise EngineFault(f"expected two versions of {old.key}, but the second is one of {new.key}")
        self.old, self.new, self.mapping = old, new, mapping or {}
        self._matches: dict[str, Match] = {}
        for key in old.models.keys() & new.models.keys():
            given = self.mapping.get(key, _NOTHING)
            self._matches[key] = Match(old.models[key], new.models[key], given, _everything(new.models[key]))

    def pairs(self) -> tuple[Pair, ...]:
        """Every element of the old versions with what it goes on as, in the order of the diagrams, the process itself first."""
        found: list[Pair] = []
        for key in sorted(self._matches, key=lambda one: (one != self.old.key, one)):
            found += _pairs(self._matches[key].old, self._matches[key])
        return tuple(found)

    def candidates(self, process: str) -> tuple[Candidate, ...]:
        """The elements of the new version of a process."""
        cards = self.new.elements(process)
        return tuple(
            Candidate(element=name, name=card.name, activity_type=card.activity_type, parent=card.parent)
            for name, card in cards.items()
            if "#" not in name
        )

    def faults(self) -> tuple[MigrationReason, ...]:
        """What is wrong with the given mapping itself, whatever case it is for."""
        found: list[MigrationReason] = []
        for process, given in self.mapping.items():
            mine = _everything(self.old.models[process]) if process in self.old.models else {}
            theirs = _everything(self.new.models[process]) if process in self.new.models else {}
            taken: dict[str, str] = {}
            for name, other in given.items():
                if name not in mine:
                    found.append(reason("SOURCE_UNKNOWN", process, name, name=name))
                    continue
                label = label_of(mine[name])
                if other is None:
                    continue
                if other not in theirs:
                    found.append(reason("TARGET_UNKNOWN", process, name, new=other))
                elif other in taken:
                    both = {"name": taken[other], "other": label, "new": label_of(theirs[other])}
                    found.append(reason("TARGET_TWICE", process, name, **both))
                elif not fits(mine[name], theirs[other]):
                    found.append(reason("TYPE_CHANGED", process, name, name=label, new=label_of(theirs[other])))
                elif all(one.target.get(name) != other for one in self._matches[process].all()):
                    found.append(reason("ELEMENT_ELSEWHERE", process, name, name=label, new=label_of(theirs[other])))
                taken.setdefault(other, label)
        return tuple(found)

    def judge(self, blob: bytes) -> Judgement:
        """What may become of a stored instance. Nothing changes. Raises EngineFault for an unreadable state."""
        return self._judged(blob)[0]

    def carry_over(
        self,
        blob: bytes,
        *,
        case_id: UUID,
        now: datetime,
        calendar: Any,
        keeper: Timekeeper | None = None,
        told: Mapping[UUID, WaitKind],
    ) -> tuple[Judgement, Run]:
        """The instance as it goes on in the new version, not settled yet. `told`: the wait points the outside knows.

        The next `settle` tells what is opened, closed and changed by that. Raises Conflict MIGRATION_IMPOSSIBLE with the
        judgement as details.
        """
        judgement, state, found = self._judged(blob)
        if judgement.verdict is MigrationVerdict.IMPOSSIBLE:
            first = judgement.reasons[0].sentence.words()
            raise Conflict("MIGRATION_IMPOSSIBLE", "不能迁移：{reason}", reason=first, details=judgement)
        answers = {key: answers_of(match) for key, match in self._matches.items()}
        carried = Carried(state=values.encode(state), errands=tuple(found.errands), answers=answers)
        return judgement, carry(
            self.new, carried, case_id=case_id, now=now, calendar=calendar, keeper=keeper, told=told
        )

    def _judged(self, blob: bytes) -> tuple[Judgement, Any, Findings]:
        state, found = values.decode(blob), Findings()
        if not isinstance(state, dict) or state.get("p") != self.old.key:
            raise EngineFault(f"expected a state of process {self.old.key}")
        scopes = []
        matches: dict[str, Match] = {}  # of the scope a token hosts
        for about in state["scopes"]:
            host, data, *_ = about
            match = self._matches[self.old.key] if host is None else matches.get(host)
            if match is None:  # its host cannot go on, which has been said
                continue
            judge = ScopeJudge(match, host, about[5], found)
            judge.judge()
            for number, row in enumerate(about[5]):
                inner = self._inside(match, row[2], judge.elements[number])
                if inner is not None:
                    matches[row[0]] = inner
            fresh = [*about[:5], judge.kept]
            if len(about) > 6:
                fresh.append(judge.records(match, about[6]))
            scopes.append(fresh)
        reasons = tuple(dict.fromkeys(found.reasons))
        live = tuple(dict.fromkeys(found.live))
        verdict = MigrationVerdict.AS_IS if all(old == new for _, old, new in live) else MigrationVerdict.MAPPED
        judgement = Judgement(
            verdict=MigrationVerdict.IMPOSSIBLE if reasons else verdict,
            reasons=reasons,
            live=live,
            dropped=tuple(found.dropped),
            armed=tuple(found.armed),
            recounted=tuple(found.recounted),
        )
        return judgement, {**state, "scopes": scopes}, found

    def _inside(self, match: Match, name: str, new: Any) -> Match | None:
        """The versions of the scope a token hosts, or would."""
        old = match.old.task_specs[name]
        if new is None:
            return None
        if isinstance(old, CallActivity):
            return self._matches.get(old.called)
        return match.inner.get(name)


def _everything(model: ProcessModel) -> dict[str, Any]:
    found = elements_of(model)
    for one in list(found.values()):
        if embedded(one):
            found |= _everything(one.inner)
    return found


def _pairs(model: ProcessModel, match: Match | None) -> list[Pair]:
    found: list[Pair] = []
    for name, one in elements_of(model).items():
        found.append(
            Pair(
                process=model.key,
                old=name,
                name=one.label,
                activity_type=one.activity_type,
                new=match.target.get(name) if match is not None else None,
                how=match.how.get(name, "") if match is not None else "",
            )
        )
        if embedded(one):
            found += _pairs(one.inner, match.inner.get(name) if match is not None else None)
    return found
