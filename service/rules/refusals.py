"""Refusals: an expected "no", with a stable code for programs and a Chinese sentence for people.

Doors map the class to an HTTP status in one table. `text` is a gettext msgid with `{name}` placeholders that
`params` fill after translation, so the same refusal can be shown in any language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class FieldProblem:
    """One field that was refused: its name as sent, a stable code, a Chinese msgid and its parameters."""

    field: str
    code: str
    text: str
    params: tuple[tuple[str, Any], ...] = ()

    def sentence(self) -> str:
        """The Chinese sentence with its parameters filled in."""
        return self.text.format(**dict(self.params)) if self.params else self.text


class Refusal(Exception):
    """What was asked is refused; nothing has changed."""

    def __init__(
        self, code: str, text: str, *, fields: tuple[FieldProblem, ...] = (), details: Any = None, **params: Any
    ) -> None:
        self.code = code
        self.text = text
        self.params = params
        self.fields = fields
        self.details = details
        super().__init__(f"{code}: {self.sentence()}")

    def sentence(self) -> str:
        """The Chinese sentence with its parameters filled in."""
        return self.text.format(**self.params) if self.params else self.text


class Invalid(Refusal):
    """The request cannot be understood or a value is wrong (400; with `fields` 422 on pages)."""


class Unauthenticated(Refusal):
    """Nobody is signed in, or the credentials are wrong (401)."""


class Forbidden(Refusal):
    """Known person, but this act or this object is not granted to them (403)."""


class Missing(Refusal):
    """The thing does not exist, or is not visible to who asks (404)."""


class Conflict(Refusal):
    """Somebody was faster, or the state does not allow the act any more (409). Names the winner where there is one."""


class TooLarge(Refusal):
    """The upload or the request is larger than allowed (413)."""


class TooMany(Refusal):
    """Asked too often; `params["seconds"]` says when to try again (429)."""


class Unavailable(Refusal):
    """Cannot be served now, try again (503)."""


def refuse(field: str, code: str, text: str, **params: Any) -> Invalid:
    """The refusal of one field; its sentence stands beside the field too."""
    problem = FieldProblem(field=field, code=code, text=text, params=tuple(params.items()))
    return Invalid(code, text, fields=(problem,), **params)
