"""JSON bodies: read once, every field asked for by name and type, wrong types refused naming the field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from service.rules.refusals import FieldProblem, Invalid
from service.web.instants import read_instant

LARGEST = 2**31 - 1  # of a whole number that is stored
NOWHERE = UUID(int=0)  # stands for an id that cannot exist


def field_refused(field: str, expected: str, code: str = "FIELD_INVALID") -> Invalid:
    """The refusal of one field: `expected` says in Chinese what it should have been."""
    sentence = "字段 {field} {expected}。" if code == "FIELD_UNKNOWN" else "字段 {field} 应为{expected}。"
    problem = FieldProblem(field=field, code=code, text=sentence, params=(("field", field), ("expected", expected)))
    return Invalid(code, sentence, fields=(problem,), field=field, expected=expected)


def read_body() -> Body:
    """The JSON object of the request, empty when there is no body. Invalid MALFORMED_JSON; 415 for other contents."""
    data = request.get_data(cache=True)
    if not data.strip():
        return Body({})
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        parsed = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Invalid(
            "MALFORMED_JSON", "请求内容不是正确的 JSON（第 {line} 行）。", line=error.lineno, english=error.msg
        ) from error
    if not isinstance(parsed, dict):
        raise Invalid("MALFORMED_JSON", "请求内容应为一个 JSON 对象。")
    return Body(parsed)


class Body:
    """One JSON object. Missing and null are the same; unknown fields are ignored."""

    def __init__(self, fields: Mapping[str, Any], path: str = "") -> None:
        self.fields = fields
        self.path = path

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def only(self, *names: str) -> None:
        """Refuses fields that do not exist."""
        for name in self.fields:
            if name not in names:
                raise self._refused(name, "不存在，请去掉", "FIELD_UNKNOWN")

    def raw(self, name: str) -> Any:
        """Whatever stands there."""
        return self.fields.get(name)

    def text(self, name: str, *, longest: int = 255) -> str | None:
        """A text without NUL, at most `longest` characters."""
        value = self.fields.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or "\0" in value:
            raise self._refused(name, "文本")
        if len(value) > longest:
            raise self._refused(name, f"不超过 {longest} 个字的文本")
        return value

    def needed_text(self, name: str, *, longest: int = 255) -> str:
        """A text that may not be missing or empty."""
        value = self.text(name, longest=longest)
        if not value:
            raise self._refused(name, "必填的文本", "FIELD_REQUIRED")
        return value

    def whole(self, name: str, *, least: int = -LARGEST, most: int = LARGEST) -> int | None:
        """A whole number between `least` and `most`."""
        value = self.fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._refused(name, "整数")
        if not least <= value <= most:
            raise self._refused(name, f"{least} 到 {most} 之间的整数")
        return value

    def needed_whole(self, name: str, *, least: int = -LARGEST, most: int = LARGEST) -> int:
        """A whole number that may not be missing."""
        value = self.whole(name, least=least, most=most)
        if value is None:
            raise self._refused(name, "必填的整数", "FIELD_REQUIRED")
        return value

    def flag(self, name: str) -> bool:
        """A truth value, false when missing."""
        value = self.fields.get(name)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self._refused(name, " true 或 false")
        return value

    def instant(self, name: str) -> datetime | None:
        """An instant in Camunda's or ISO 8601 spelling."""
        value = self.fields.get(name)
        if value is None:
            return None
        instant = read_instant(value) if isinstance(value, str) else None
        if instant is None:
            raise self._refused(name, "日期时间，例如 2026-03-16T09:00:00.000+0800")
        return instant

    def identity(self, name: str) -> UUID | None:
        """An id; one that cannot exist when the text is no UUID."""
        value = self.text(name)
        return None if value is None else as_identity(value)

    def texts(self, name: str) -> list[str] | None:
        """A list of texts."""
        value = self.fields.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, str) and "\0" not in item for item in value):
            raise self._refused(name, "文本的列表")
        return value

    def part(self, name: str) -> Body | None:
        """An object within."""
        value = self.fields.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self._refused(name, " JSON 对象")
        return Body(value, f"{self.path}{name}.")

    def parts(self, name: str) -> Iterator[Body]:
        """The objects of a list; nothing when it is missing."""
        value = self.fields.get(name)
        if value is None:
            return
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self._refused(name, " JSON 对象的列表")
        for number, item in enumerate(value):
            yield Body(item, f"{self.path}{name}[{number}].")

    def _refused(self, name: str, expected: str, code: str = "FIELD_INVALID") -> Invalid:
        return field_refused(f"{self.path}{name}", expected, code)


def as_identity(text: str) -> UUID:
    """The UUID a text spells, else one that cannot exist."""
    try:
        return UUID(text)
    except ValueError:
        return NOWHERE
