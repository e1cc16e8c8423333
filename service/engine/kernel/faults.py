"""What can go wrong in the kernel: a fault is ours or the caller's, a failure belongs to the case and becomes an incident."""

from __future__ import annotations


class EngineFault(Exception):
    """A programming error of the caller (unknown token, wrong kind) or a state that does not fit the program."""


class ModelFault(EngineFault):
    """A diagram the kernel cannot build; the linter should have refused it. Names element and line."""

    def __init__(self, sentence: str, *, element: str | None = None, line: int = 0) -> None:
        self.sentence = sentence
        self.element = element
        self.line = line
        super().__init__(f"{element or '-'} (line {line}): {sentence}")


class StepFailure(Exception):
    """One token cannot go on. The sentence (Chinese: what was expected, what came) is what the incident says."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)
