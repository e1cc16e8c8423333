"""Writes the notes of one diagram, each with the element it belongs to."""

from __future__ import annotations

from typing import Any

from service.engine.feel import FeelError
from service.engine.lint.diagram import BPMN
from service.engine.studio.importing.expressions import in_feel, is_whole
from service.engine.studio.importing.facts import Note, Verdict
from service.engine.studio.importing.vendors import NO_EFFECT, NOT_TRANSLATED, PREFIXES
from service.rules.sentences import Sentence

LONGEST_SHOWN = 300
Why = tuple[Sentence, Sentence]


class NotePen:
    """Notes in the order they are found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.notes: list[Note] = []

    def mapped(self, element: Any, what: str, value: str, became: str) -> None:
        """It says the same in our words now."""
        self._say(Verdict.MAPPED, element, what, value, became=became)

    def kept(self, element: Any, what: str, value: str) -> None:
        """It stays in the file and has no effect."""
        self._say(Verdict.KEPT, element, what, value, why=NO_EFFECT)

    def open(self, element: Any, what: str, value: str, why: Why, problem: FeelError | None = None) -> None:
        """It stays in the file, and somebody has to decide."""
        told = None if problem is None else (problem.text, problem.english)
        self._say(Verdict.OPEN, element, what, value, why=why, problem=told)

    def translated(self, element: Any, what: str, text: str) -> str:
        """A text with its `${…}` in FEEL where that is possible, else as it is."""
        if not is_whole(text):
            return text
        try:
            feel = f"={in_feel(text)}"
        except FeelError as problem:
            if (
                "}" in text.strip()[:-1]
            ):  # several, or words around: the engine reads these as they are, or refuses them
                return text
            self.open(element, what, text, NOT_TRANSLATED, problem)
            return text
        self._say(Verdict.TRANSLATED, element, what, text, became=feel)
        return feel

    def _say(self, verdict: Verdict, element: Any, what: str, value: str, **more: Any) -> None:
        owner = element
        while owner is not None and not (str(owner.tag).startswith(BPMN) and owner.get("id")):
            owner = owner.getparent()
        why = more.pop("why", (None, None))
        self.notes.append(
            Note(
                verdict=verdict,
                file=self.file,
                line=element.sourceline or 1,
                element=None if owner is None else owner.get("id"),
                name="" if owner is None else owner.get("name") or "",
                what=what,
                value=value.strip()[:LONGEST_SHOWN],
                reason=why[0],
                remedy=why[1],
                **more,
            )
        )


def called(name: str) -> str:
    """A name with the prefix people know it by: `flowable:assignee`."""
    namespace, brace, local = name.rpartition("}")
    return PREFIXES.get(namespace + brace, "" if not brace else f"{namespace.strip('{')}:") + local
