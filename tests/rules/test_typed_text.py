"""What may be typed for a declared type."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from service.rules.refusals import Invalid
from service.rules.typed_text import KINDS, read_typed


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("String", " a\n", " a\n"),
        ("Integer", "-12", -12),
        ("Long", "9223372036854775807", 2**63 - 1),
        ("Double", "12.50", 12.5),
        ("Double", "1e3", 1000.0),
        ("Boolean", "TRUE", True),
        ("Boolean", "否", False),
        ("Date", "2026-03-16", datetime(2026, 3, 15, 16, tzinfo=UTC)),
        ("Date", "2026-03-16T09:00:00+00:00", datetime(2026, 3, 16, 9, tzinfo=UTC)),
        ("Json", '{"a": [1, null]}', {"a": [1, None]}),
        ("Null", " ", None),
    ],
)
def test_what_fits_is_read(kind: str, text: str, value: Any) -> None:
    found = read_typed(kind, text)
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("Number", "1", "VALUE_TYPE_UNKNOWN"),
        ("String", "x" * 4001, "VALUE_TOO_LONG"),
        ("String", "\x00", "VALUE_TOO_LONG"),
        ("Integer", "2147483648", "VALUE_TYPE"),
        ("Integer", "１２", "VALUE_TYPE"),
        ("Integer", "12.0", "VALUE_TYPE"),
        ("Long", "9223372036854775808", "VALUE_TYPE"),
        ("Double", "1e999", "VALUE_TYPE"),
        ("Double", "nan", "VALUE_TYPE"),
        ("Boolean", "1", "VALUE_TYPE"),
        ("Date", "16.3.2026", "VALUE_TYPE"),
        ("Json", "{a: 1}", "VALUE_TYPE"),
        ("Json", "[NaN]", "VALUE_TYPE"),
        ("Json", "[" * 3999, "VALUE_TYPE"),
        ("Null", "x", "VALUE_TYPE"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(kind: str, text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_typed(kind, text)
    assert refused.value.code == code
    assert [one.field for one in refused.value.fields] == ["kind" if kind not in KINDS else "value"]
