"""A decision table is tried with the service's own evaluation before it is released; nothing is kept."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework import studio
from service.casework.actors import Actor
from service.casework.office import Office
from service.rules.refusals import Forbidden, Missing, TooLarge
from tests.casework.measures.city import who
from tests.processes.library import TABLES

TABLE = TABLES["matrix_DB_20"].read_bytes().replace(b"matrix_DB_20", b"plan_items")
NAME = "plan_items.dmn"


@pytest.fixture
def drawn(demo_office: Office) -> tuple[Actor, UUID]:
    """A draft with a table of its own."""
    he = who(demo_office, "hejing")
    draft = studio.begin_blank(demo_office, he, "try_tables", "试一试")
    studio.add_file(demo_office, he, draft, "table", "plan_items", "事项清单", seen=1)
    return he, draft


def test_what_is_asked_is_told_then_the_rules_that_hold_and_the_result(
    demo_office: Office, drawn: tuple[Actor, UUID]
) -> None:
    he, draft = drawn
    first = studio.try_table(demo_office, he, draft, NAME, TABLE, "plan_items", None)
    assert [one.name for one in first.asks] == ["company_asked", "project_kind"] and first.value is None
    given = {"company_asked": "true", "project_kind": "工业"}
    tried = studio.try_table(demo_office, he, draft, NAME, TABLE, "plan_items", given)
    assert tried.rows == (1, 2) and tried.problem is None and "工业项目联合审批" in str(tried.value)
    empty = studio.try_table(demo_office, he, draft, NAME, TABLE, "plan_items", {})
    assert empty.value is not None
    assert studio.draft_file(demo_office, he, draft, NAME).content != TABLE, "nothing was kept"


@pytest.mark.parametrize(
    ("content", "decision", "given", "told"),
    [
        (TABLE, "plan_items", {"company_asked": "也许"}, "应为真或假"),
        (TABLE, "another", {}, "没有找到"),
        (b"<definitions", "plan_items", {}, "无法识别"),
        (b"", "plan_items", None, "XML"),
        (TABLE.replace(b"<text>true</text>", b"<text>if</text>"), "plan_items", {}, "LB820"),
        (TABLE.replace(b' typeRef="string"', b""), "plan_items", {"project_kind": "1 +"}, "无法计算"),
        (TABLE, "plan_items", {"project_kind": "长" * 3000}, "不超过"),
        (TABLE.replace(b"RULE ORDER", b"UNIQUE"), "plan_items", {"company_asked": "true", "project_kind": "工业"}, "同时命中"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_is_told_in_words(
    demo_office: Office,
    drawn: tuple[Actor, UUID],
    content: bytes,
    decision: str,
    given: dict[str, str] | None,
    told: str,
) -> None:
    he, draft = drawn
    assert told in str(studio.try_table(demo_office, he, draft, NAME, content, decision, given).problem)


def test_only_designers_try_and_only_files_of_the_draft(demo_office: Office, drawn: tuple[Actor, UUID]) -> None:
    he, draft = drawn
    with pytest.raises(Forbidden, match="STUDIO_FORBIDDEN"):
        studio.try_table(demo_office, who(demo_office, "guotao"), draft, NAME, TABLE, "plan_items", {})
    with pytest.raises(Missing, match="DRAFT_FILE_NOT_FOUND"):
        studio.try_table(demo_office, he, draft, "other.dmn", TABLE, "plan_items", {})
    with pytest.raises(TooLarge, match="DRAFT_FILE_TOO_LARGE"):
        studio.try_table(demo_office, he, draft, NAME, TABLE + b" " * 2_000_000, "plan_items", {})
