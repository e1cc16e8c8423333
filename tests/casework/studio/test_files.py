"""Forms and decision tables of a draft: beside the diagram, kept under the same hold, released and compared with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from service.casework import studio
from service.casework.actors import SYSTEM, Actor
from service.casework.deploying import deploy
from service.casework.office import Office
from service.engine import Resource
from service.engine.studio import drawn_decisions
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from service.rules.vocabulary import LedgerAction
from tests.casework.measures.city import answer, ended, put_up, who, work
from tests.casework.studio.test_drafts import second
from tests.processes.library import FORMS, TABLES, resources

ITEM, OTHER, SUPPORT = "item_104_XK_002", "item_107_XK_001", "support_SP_18"


@pytest.fixture
def city(demo_office: Office) -> Iterator[Office]:
    put_up(demo_office, ITEM, OTHER, SUPPORT)
    yield demo_office


def began(city: Office) -> tuple[Actor, UUID]:
    he = who(city, "hejing")
    return he, studio.begin_revision(city, he, ITEM)


def states(city: Office, actor: Actor, draft: UUID) -> dict[str, str]:
    return {one.name: one.state for one in studio.draft_page(city, actor, draft).files}


def asking(content: bytes, label: str) -> bytes:
    """A form that asks one thing more."""
    schema = json.loads(content)
    schema["components"].append({"type": "textfield", "key": "asked_too", "label": label, "id": "Field_new"})
    return json.dumps(schema, ensure_ascii=False).encode()


def test_the_files_of_a_diagram_are_listed_with_who_else_uses_them(city: Office) -> None:
    he, draft = began(city)
    lines = {one.name: one for one in studio.draft_page(city, he, draft).files}
    assert {one.state for one in lines.values()} == {"UNCHANGED"} and all(one.named for one in lines.values())
    assert lines["review.form"].others == 1 and lines["accept_104_XK_002.form"].others == 0
    assert not any(one.own for one in lines.values())


def test_a_form_is_taken_revised_compared_released_and_brings_who_else_uses_it(city: Office) -> None:
    he, draft = began(city)
    live = studio.draft_file(city, he, draft, "review.form")
    assert not live.own and live.content == FORMS["review"].read_bytes()
    with pytest.raises(Missing, match="DRAFT_FILE_NOT_FOUND"):
        studio.save_file(city, he, draft, "review.form", live.content, seen=1)
    version, _ = studio.take_file(city, he, draft, "review.form", seen=1)
    assert version == 2 and states(city, he, draft)["review.form"] == "UNCHANGED"
    version, preview = studio.save_file(city, he, draft, "review.form", asking(live.content, "补充说明"), seen=2)
    assert version == 3 and not preview.errors and states(city, he, draft)["review.form"] == "REVISED"
    shown = studio.compare_draft(city, he, draft)
    assert [(one.how, one.label) for one in shown.forms["review"]] == [("ADDED", "补充说明")]
    case = studio.hand_in(city, he, draft, seen=version, note="审核增加补充说明")
    work(city)
    with city.reading() as records:
        [row] = records.measures.releases(first=0, size=5)
    assert {one["key"] for one in row.changes} == {ITEM, OTHER}
    answer(city, case, "Task_Office", "tianyue", decision="agree")
    answer(city, case, "Task_Deploy", "guotao", decision="agree")
    assert ended(city, case) == "End_Released"
    told = studio.compare_versions(city, he, ITEM, 1, 2)
    assert [one.label for one in told.forms["review"]] == ["补充说明"] and told.differences == ()


def test_what_a_form_says_wrong_is_found_and_kept_but_not_handed_in(city: Office) -> None:
    he, draft = began(city)
    studio.take_file(city, he, draft, "review.form", seen=1)
    schema = json.loads(FORMS["review"].read_bytes())
    schema["components"][0]["conditional"] = {"hide": "=decision = "}
    version, preview = studio.save_file(city, he, draft, "review.form", json.dumps(schema).encode(), seen=2)
    assert [one.file for one in preview.errors] == ["review.form"] and preview.errors[0].code == "LB607"
    with pytest.raises(Invalid, match="RELEASE_ERRORS"):
        studio.hand_in(city, he, draft, seen=version, note="审核增加补充说明")
    for content in (b"", b"[]", b"{", b'{"components": 1}', b"\xff"):
        with pytest.raises(Invalid, match="DRAFT_FILE_UNREADABLE"):
            studio.save_file(city, he, draft, "review.form", content, seen=version)
    assert json.loads(studio.draft_file(city, he, draft, "review.form").content) == schema


def test_files_follow_hold_and_version_of_the_draft(city: Office) -> None:
    he, draft = began(city)
    tian = second(city)
    studio.take_file(city, he, draft, "review.form", seen=1)
    content = FORMS["review"].read_bytes()
    acts: list[Callable[[Actor, int], Any]] = [
        lambda a, n: studio.save_file(city, a, draft, "review.form", content, seen=n),
        lambda a, n: studio.remove_file(city, a, draft, "review.form", seen=n),
        lambda a, n: studio.add_file(city, a, draft, "form", "extra", "", seen=n),
        lambda a, n: studio.copy_file(city, a, draft, "review.form", "extra", seen=n),
        lambda a, n: studio.take_file(city, a, draft, "accept_104_XK_002.form", seen=n),
    ]
    for act in acts:
        with pytest.raises(Conflict, match="PROCESS_DRAFT_HELD: 何静"):
            act(tian, 2)
        with pytest.raises(Conflict, match="PROCESS_DRAFT_STALE: 何静"):
            act(he, 1)
        with pytest.raises(Forbidden, match="STUDIO_FORBIDDEN"):
            act(who(city, "wangfang"), 2)
    with pytest.raises(Forbidden, match="STUDIO_FORBIDDEN"):
        studio.draft_file(city, who(city, "guotao"), draft, "review.form")
    assert states(city, he, draft)["review.form"] == "UNCHANGED"


def test_new_and_copied_files_have_keys_that_nobody_has(city: Office) -> None:
    he, draft = began(city)
    for key, code in (("1x", "DRAFT_FILE_KEY"), ("../x", "DRAFT_FILE_KEY"), ("a b", "DRAFT_FILE_KEY")):
        with pytest.raises(Invalid, match=code):
            studio.add_file(city, he, draft, "form", key, "", seen=1)
    with pytest.raises(Conflict, match="DRAFT_FILE_TAKEN"):
        studio.add_file(city, he, draft, "form", "review", "", seen=1)
    with pytest.raises(Invalid, match="DRAFT_FILE_TITLE"):
        studio.add_file(city, he, draft, "table", "fee_class", " ", seen=1)
    studio.add_file(city, he, draft, "form", "survey_note", "", seen=1)
    studio.copy_file(city, he, draft, "review.form", "review_note", seen=2)
    studio.add_file(city, he, draft, "table", "fee_class", "收费类别", seen=3)
    version, preview = studio.copy_file(city, he, draft, "fee_class.dmn", "fee_class_2", "收费类别二", seen=4)
    assert version == 5 and {one.code for one in preview.errors} == {"LB812"}  # what a table asks is still to be said
    listed = {one.name: (one.state, one.title, one.named) for one in studio.draft_page(city, he, draft).files}
    assert listed["survey_note.form"] == ("NEW", "", False)
    assert listed["fee_class_2.dmn"] == ("NEW", "收费类别二", False)
    copy = studio.draft_file(city, he, draft, "fee_class_2.dmn").content
    assert drawn_decisions(copy) == (("fee_class_2", "收费类别二"),)
    assert json.loads(studio.draft_file(city, he, draft, "review_note.form").content)["id"] == "review_note"
    offered = studio.choices(city, he, draft)
    assert {"survey_note", "review_note"} <= {key for key, _ in offered["forms"]}
    assert ("fee_class_2", "收费类别二") in offered["decisions"]
    assert "survey_note" not in {key for key, _ in studio.choices(city, he)["forms"]}
    with pytest.raises(Conflict, match="DRAFT_FILE_TAKEN"):
        studio.add_file(city, he, draft, "table", "fee_class_2", "又一个", seen=5)


def test_a_removed_file_leaves_what_is_deployed(city: Office) -> None:
    he, draft = began(city)
    studio.take_file(city, he, draft, "review.form", seen=1)
    studio.save_file(city, he, draft, "review.form", asking(FORMS["review"].read_bytes(), "补充说明"), seen=2)
    studio.remove_file(city, he, draft, "review.form", seen=3)
    assert states(city, he, draft)["review.form"] == "UNCHANGED"
    assert studio.draft_file(city, he, draft, "review.form").content == FORMS["review"].read_bytes()
    with city.reading() as records:
        acts = [LedgerAction.DRAFT_FILE_ADDED, LedgerAction.DRAFT_FILE_REMOVED]
        assert [records.ledger.lines(one)[0].detail["draft_file"] for one in acts] == ["review.form"] * 2


def test_a_form_that_was_deployed_anew_in_between_is_not_overwritten(city: Office) -> None:
    he, draft = began(city)
    studio.take_file(city, he, draft, "accept_104_XK_002.form", seen=1)
    content = FORMS["accept_104_XK_002"].read_bytes()
    version, _ = studio.save_file(city, he, draft, "accept_104_XK_002.form", asking(content, "一"), seen=2)
    later = [Resource(name="forms/accept_104_XK_002.form", content=asking(content, "二"))]
    deploy(city, SYSTEM, "修订", later)
    with pytest.raises(Conflict, match="DRAFT_FILE_OUTDATED"):
        studio.hand_in(city, he, draft, seen=version, note="受理增加一项")


def test_a_revised_decision_table_alone_is_released_with_the_law_looking_at_it(demo_office: Office) -> None:
    put_up(demo_office, SUPPORT)
    he = who(demo_office, "hejing")
    deploy(demo_office, SYSTEM, "链", resources("chain_GY_25"))
    draft = studio.begin_revision(demo_office, he, "chain_GY_25")
    listed = {one.name: one for one in studio.draft_page(demo_office, he, draft).files}
    table = listed["matrix_GY_25.dmn"]
    assert (table.title, table.state, table.named) == ("工业项目联合审批职责矩阵", "UNCHANGED", True)
    studio.take_file(demo_office, he, draft, table.name, seen=1)
    revised = TABLES["matrix_GY_25"].read_bytes().replace("征占地（平方米）".encode(), "占地（平方米）".encode())
    version, preview = studio.save_file(demo_office, he, draft, table.name, revised, seen=2)
    assert not preview.errors and [one.key for one in preview.changes if not one.unchanged] == ["matrix_GY_25"]
    [told] = studio.compare_draft(demo_office, he, draft).tables["matrix_GY_25"]
    assert [(one.aspect, one.after) for one in told.parts] == [("input.label", "占地（平方米）")]
    studio.hand_in(demo_office, he, draft, seen=version, note="矩阵用语统一")
    with demo_office.reading() as records:
        [row] = records.measures.releases(first=0, size=5)
    assert [one["key"] for one in row.changes] == ["matrix_GY_25"] and row.legal
    released = studio.compare_release(demo_office, he, row.id, "matrix_GY_25")
    assert released.tables == {"matrix_GY_25": (told,)} and not released.drawn
    with pytest.raises(Conflict, match="PROCESS_DRAFT_CLOSED"):
        studio.save_file(demo_office, he, draft, table.name, revised, seen=version)
