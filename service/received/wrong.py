"""What is wrong with a file, as the examiner says it."""

from __future__ import annotations


class Wrong(Exception):
    """A code of `rules.material_files.FAULTS` with its parameters."""

    def __init__(self, code: str, **params: str | int) -> None:
        self.code = code
        self.params = params
        super().__init__(code)
