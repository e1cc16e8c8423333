"""One answer at a time: from what a page or a program sent to a value of the right type, or a sentence why not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from service.rules.form_fields import MANY, Choice, Field
from service.rules.refusals import FieldProblem

LONGEST = 20_000  # characters of one answer
_NESTED = re.compile(r"\((?:[^()\\]|\\.)*[+*}](?:[^()\\]|\\.)*\)\s*[+*{]")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,19}")


class Refused(ValueError):
    """An answer that cannot be read as the type of its field; carries the problem."""

    def __init__(self, problem: FieldProblem) -> None:
        self.problem = problem
        super().__init__(problem.sentence())


def refuse(field: Field, code: str, text: str, **params: Any) -> FieldProblem:
    """A problem of this field; the sentence may name `{label}` and the given parameters."""
    return FieldProblem(field=field.name, code=code, text=text, params=(("label", field.label), *params.items()))


def is_empty(value: Any) -> bool:
    """Whether nothing was answered."""
    return value is None or value == "" or value == [] or value is False


def from_page(field: Field, sent: Sequence[str]) -> Any:
    """The raw texts a browser sent for one field, as one entry: a list, a flag or a text."""
    if field.kind in MANY:
        return [text for text in sent if text != ""]
    if field.kind == "checkbox":
        return bool(sent) and sent[-1] in ("true", "on", "1")
    text = sent[-1].replace("\r\n", "\n") if sent else ""
    return text if field.kind == "textarea" else text.strip()


def coerce(field: Field, entry: Any, choices: Sequence[Choice]) -> Any:
    """The entry as the field's type, None for an empty one. Raises Refused."""
    if is_empty(entry) and field.kind != "checkbox":
        return None
    match field.kind:
        case "number":
            return _number(field, entry)
        case "datetime":
            return _moment(field, entry)
        case "checkbox":
            return _flag(field, entry)
        case "select" | "radio":
            return _chosen(field, entry, choices)
        case "checklist" | "taglist":
            if not isinstance(entry, list):
                raise Refused(refuse(field, "NOT_A_LIST", "“{label}”应为若干选项"))
            return [_chosen(field, one, choices) for one in dict.fromkeys(map(str, entry))]
        case _:
            if not isinstance(entry, str):
                raise Refused(refuse(field, "NOT_A_TEXT", "“{label}”应为文字"))
            return entry


def problems(field: Field, value: Any) -> Iterator[FieldProblem]:
    """What the field's validation rules say about a value of the right type, most important first."""
    rules = field.rules
    if is_empty(value):
        if field.required:
            if field.kind in ("select", "radio", "checklist", "taglist"):
                yield refuse(field, "REQUIRED", "请选择“{label}”")
            elif field.kind == "checkbox":
                yield refuse(field, "REQUIRED", "请勾选“{label}”")
            else:
                yield refuse(field, "REQUIRED", "请填写“{label}”")
        return
    if field.kind == "number":
        yield from _number_problems(field, value)
    if isinstance(value, str) and field.kind in ("textfield", "textarea"):
        least, most = _whole(rules.get("minLength")), _whole(rules.get("maxLength"))
        if least is not None and len(value) < least:
            yield refuse(
                field, "TOO_SHORT", "“{label}”至少填写 {least} 个字，现有 {count} 个", least=least, count=len(value)
            )
        if len(value) > (most if most is not None else LONGEST):
            limit = most if most is not None else LONGEST
            yield refuse(
                field, "TOO_LONG", "“{label}”最多填写 {most} 个字，现有 {count} 个", most=limit, count=len(value)
            )
        elif not _matches(field, value):
            yield refuse(field, "PATTERN", "“{label}”的格式不正确")


def _number_problems(field: Field, value: Any) -> Iterator[FieldProblem]:
    least, most = _decimal(field.rules.get("min")), _decimal(field.rules.get("max"))
    number = Decimal(str(value))
    if least is not None and number < least:
        yield refuse(field, "TOO_SMALL", "“{label}”不能小于 {least}", least=_plain(least))
    if most is not None and number > most:
        yield refuse(field, "TOO_LARGE", "“{label}”不能大于 {most}", most=_plain(most))
    digits = _whole(field.component.get("decimalDigits"))
    exponent = number.normalize().as_tuple().exponent
    if digits is not None and isinstance(exponent, int) and -exponent > digits:
        if digits:
            yield refuse(field, "TOO_PRECISE", "“{label}”最多 {digits} 位小数", digits=digits)
        else:
            yield refuse(field, "TOO_PRECISE", "“{label}”应为整数")


def is_dangerous(pattern: str) -> bool:
    """Whether a validation pattern may take exponential time (a repeated group that repeats inside) or is no pattern."""
    try:
        re.compile(pattern)
    except re.error:
        return True
    return bool(_NESTED.search(pattern)) or len(pattern) > 500


def _matches(field: Field, value: str) -> bool:
    kind = field.rules.get("validationType")
    if kind == "email":
        return bool(_ADDRESS.fullmatch(value))
    if kind == "phone":
        return bool(_PHONE.fullmatch(value))
    pattern = field.rules.get("pattern")
    if not pattern:
        return True
    return not is_dangerous(str(pattern)) and bool(re.search(str(pattern), value, re.ASCII))


def _number(field: Field, entry: Any) -> int | float | str:
    if isinstance(entry, bool) or not isinstance(entry, int | float | str):
        raise Refused(refuse(field, "NOT_A_NUMBER", "“{label}”应为数字"))
    number = _decimal(str(entry).strip().replace("，", "").replace(",", ""))
    if number is None or number.adjusted() > 15:
        raise Refused(refuse(field, "NOT_A_NUMBER", "“{label}”应为数字"))
    if field.component.get("serializeToString"):
        return _plain(number)
    return int(number) if number == number.to_integral_value() else float(number)


def _moment(field: Field, entry: Any) -> str:
    subtype = field.component.get("subtype") or "date"
    try:
        if subtype == "time":
            return time.fromisoformat(str(entry)).strftime("%H:%M")
        if subtype == "datetime":
            moment = datetime.fromisoformat(str(entry))
            plain = field.component.get("timeSerializingFormat") == "no_timezone" or moment.tzinfo is not None
            return moment.isoformat(timespec="minutes") + ("" if plain else "+08:00")
        day = date.fromisoformat(str(entry))
        if not 1900 <= day.year <= 2200:
            raise ValueError
        return day.isoformat()
    except ValueError:
        raise Refused(refuse(field, "NOT_A_DATE", "“{label}”不是有效的日期或时间")) from None


def _flag(field: Field, entry: Any) -> bool:
    if entry is None or isinstance(entry, bool):
        return bool(entry)
    raise Refused(refuse(field, "NOT_A_FLAG", "“{label}”应为是或否"))


def _chosen(field: Field, entry: Any, choices: Sequence[Choice]) -> Any:
    for choice in choices:
        if choice.value == entry or str(choice.value) == str(entry):
            return choice.value
    raise Refused(refuse(field, "NOT_OFFERED", "“{label}”的选项不在可选范围内，请重新选择"))


def _decimal(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _whole(value: Any) -> int | None:
    number = _decimal(value)
    return None if number is None else int(number)


def _plain(number: Decimal) -> str:
    return f"{number:f}"
