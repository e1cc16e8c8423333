"""The studio: who may draw, who holds a draft, what happens when two save, and the way into a release (S-07)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from service.casework import studio
from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.studio.reading import people_of
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from service.rules.vocabulary import LedgerAction
from tests.casework.measures.city import answer, ended, put_up, who, work
from tests.conftest import Clock

ITEM, SUPPORT = "item_104_XK_002", "support_SP_18"


@pytest.fixture
def city(demo_office: Office) -> Iterator[Office]:
    put_up(demo_office, ITEM, SUPPORT)
    yield demo_office


def second(office: Office) -> Actor:
    """Another designer: the officer of 业务科 who may draw too."""
    return replace(who(office, "tianyue"), roles=frozenset({"process_designer", "business_office"}))


def drawn(office: Office, actor: Actor, draft: UUID) -> tuple[int, bytes]:
    row, _, content = studio.draft_source(office, actor, draft)
    return row.version, content


def test_nobody_but_a_designer_sees_or_touches_drafts(city: Office) -> None:
    draft = studio.begin_revision(city, who(city, "hejing"), ITEM)
    clerk, keeper = who(city, "wangfang"), who(city, "guotao")
    for actor in (clerk, keeper):
        for act in (
            lambda a: studio.draft_list(city, a),
            lambda a: studio.draft_count(city, a),
            lambda a: studio.draft_page(city, a, draft),
            lambda a: studio.draft_source(city, a, draft),
            lambda a: studio.begin_revision(city, a, ITEM),
            lambda a: studio.begin_blank(city, a, "item_new", "新事项"),
            lambda a: studio.begin_copy(city, a, ITEM, "item_new", "新事项"),
            lambda a: studio.save_draft(city, a, draft, b"<x/>", seen=1),
            lambda a: studio.check_draft(city, a, draft),
            lambda a: studio.compare_draft(city, a, draft),
            lambda a: studio.hold_draft(city, a, draft),
            lambda a: studio.let_go(city, a, draft),
            lambda a: studio.take_over(city, a, draft, "离岗"),
            lambda a: studio.discard_draft(city, a, draft),
            lambda a: studio.resume_draft(city, a, draft),
            lambda a: studio.hand_in(city, a, draft, seen=1, note="修订"),
        ):
            with pytest.raises(Forbidden, match="STUDIO_FORBIDDEN"):
                act(actor)


def test_two_designers_never_overwrite_each_other(city: Office, clock: Clock) -> None:
    he, tian = who(city, "hejing"), second(city)
    draft = studio.begin_revision(city, he, ITEM)
    version, content = drawn(city, he, draft)
    changed = content.replace('name="审核"'.encode(), 'name="审查"'.encode())
    version, preview = studio.save_draft(city, he, draft, changed, seen=version)
    assert version == 2 and not preview.errors and [one.next for one in preview.changes] == [2]
    with pytest.raises(Conflict, match="PROCESS_DRAFT_HELD: 何静"):
        studio.save_draft(city, tian, draft, content, seen=version)
    assert studio.draft_page(city, tian, draft).line.holder == "hejing"
    with pytest.raises(Invalid, match="TAKE_OVER_WORD"):
        studio.take_over(city, tian, draft, " ")
    studio.take_over(city, tian, draft, "何静外出，今天要提交")
    assert studio.save_draft(city, tian, draft, changed, seen=version)[0] == 3
    with pytest.raises(Conflict, match="PROCESS_DRAFT_HELD: 田悦"):
        studio.save_draft(city, he, draft, content, seen=version)
    studio.let_go(city, he, draft)  # not hers to let go
    assert studio.draft_page(city, he, draft).line.holder == "tianyue"
    clock.now += timedelta(minutes=3)  # who closed the browser is waited for no longer
    with pytest.raises(Conflict, match="PROCESS_DRAFT_STALE: 田悦"):
        studio.save_draft(city, he, draft, content, seen=version)
    assert drawn(city, he, draft) == (3, changed)
    with city.reading() as records:
        [line] = records.ledger.lines(LedgerAction.DRAFT_TAKEN_OVER)
    assert (line.actor, line.detail["from"], line.detail["reason"]) == ("tianyue", "hejing", "何静外出，今天要提交")


def test_a_draft_with_mistakes_is_kept_and_says_so_but_is_not_handed_in(city: Office) -> None:
    he = who(city, "hejing")
    draft = studio.begin_revision(city, he, ITEM)
    _, content = drawn(city, he, draft)
    broken = content.replace(b'zw:limit="1hd"', b'zw:limit="soon"')
    version, preview = studio.save_draft(city, he, draft, broken, seen=1)
    assert preview.errors and preview.errors[0].element
    [line] = studio.draft_list(city, he)
    assert (line.row.errors, line.base, line.live) == (len(preview.errors), 1, 1)
    with pytest.raises(Invalid, match="RELEASE_ERRORS"):
        studio.hand_in(city, he, draft, seen=version, note="缩短受理时限")
    with pytest.raises(Invalid, match="HAND_IN_NOTE"):
        studio.hand_in(city, he, draft, seen=version, note="")
    with pytest.raises(Invalid, match="DRAFT_UNREADABLE"):
        studio.save_draft(city, he, draft, b"<bpmn", seen=version)
    assert drawn(city, he, draft) == (version, broken)


def test_a_discarded_draft_comes_back_as_it_was(city: Office) -> None:
    he = who(city, "hejing")
    draft = studio.begin_copy(city, he, ITEM, "item_104_XK_902", "消防设计审查（园区）")
    _, content = drawn(city, he, draft)
    assert b'id="item_104_XK_902"' in content and b"zw:item=" not in content
    studio.discard_draft(city, he, draft)
    assert studio.draft_list(city, he) == () and studio.draft_count(city, he, view="discarded") == 1
    with pytest.raises(Conflict, match="PROCESS_DRAFT_CLOSED"):
        studio.save_draft(city, he, draft, content, seen=1)
    studio.resume_draft(city, he, draft)
    lines = studio.draft_list(city, he)
    assert [line.row.id for line in lines] == [draft] and people_of(city, lines)["hejing"].name == "何静"
    assert studio.save_draft(city, he, draft, content, seen=1)[0] == 2


def test_new_processes_need_a_key_that_nobody_has(city: Office) -> None:
    he = who(city, "hejing")
    with pytest.raises(Conflict, match="STUDIO_KEY_TAKEN"):
        studio.begin_blank(city, he, ITEM, "重复")
    for key, name, code in (
        ("1st", "名称", "STUDIO_KEY"),
        ("a<b", "名称", "STUDIO_KEY"),
        ("item_x", " ", "STUDIO_NAME"),
    ):
        with pytest.raises(Invalid, match=code):
            studio.begin_blank(city, he, key, name)
    with pytest.raises(Missing, match="DEFINITION_NOT_FOUND"):
        studio.begin_revision(city, he, "item_nowhere")
    draft = studio.begin_blank(city, he, "item_x", '新"事项<1>')
    assert studio.draft_page(city, he, draft).line.row.name == '新"事项<1>'
    [change] = studio.compare_draft(city, he, draft).differences[:1]
    assert (change.how, change.kind) == ("ADDED", "process")


def test_from_draft_to_live_and_back_with_three_persons(any_demo_office: Office) -> None:
    city = any_demo_office
    put_up(city, ITEM, SUPPORT)
    he, tian = who(city, "hejing"), second(city)
    draft = studio.begin_revision(city, he, ITEM)
    _, content = drawn(city, he, draft)
    changed = content.replace('name="审核"'.encode(), 'name="审查"'.encode())
    version, _ = studio.save_draft(city, he, draft, changed, seen=1)
    shown = studio.compare_draft(city, he, draft)
    assert [(one.how, one.name, one.parts[0].before) for one in shown.differences] == [("CHANGED", "审查", "审核")]
    case = studio.hand_in(city, he, draft, seen=version, note="统一环节名称")
    work(city)
    [line] = studio.draft_list(city, he, view="submitted")
    assert (line.row.note, line.case_id) == ("统一环节名称", case)
    with pytest.raises(Conflict, match="PROCESS_DRAFT_CLOSED"):
        studio.hand_in(city, he, draft, seen=version, note="再次提交")
    answer(city, case, "Task_Office", "tianyue", decision="agree")
    answer(city, case, "Task_Deploy", "guotao", decision="agree")
    assert ended(city, case) == "End_Released"
    told = studio.compare_versions(city, tian, ITEM, 1, 2)
    assert [one.parts[0].after for one in told.differences] == ["审查"] and told.forms == {} and told.tables == {}
    studio.resume_draft(city, he, draft)
    with pytest.raises(Conflict, match="PROCESS_DRAFT_OUTDATED"):
        studio.hand_in(city, he, draft, seen=version, note="再改一次")
    with pytest.raises(Forbidden, match="RESTORE_FORBIDDEN"):
        studio.restore_version(city, he, ITEM, 1, reason="名称有误")
    keeper = who(city, "guotao")
    with pytest.raises(Invalid, match="RESTORE_REASON"):
        studio.restore_version(city, keeper, ITEM, 1, reason="")
    with pytest.raises(Conflict, match="RESTORE_CURRENT"):
        studio.restore_version(city, keeper, ITEM, 2, reason="名称有误")
    made = studio.restore_version(city, keeper, ITEM, 1, reason="名称有误")
    assert [one.version for one in made.definitions] == [3]
    assert studio.compare_versions(city, keeper, ITEM, 1, 3).differences == ()


def test_who_has_drawn_does_not_agree_even_when_another_one_hands_it_in(city: Office) -> None:
    he, tian = who(city, "hejing"), second(city)
    draft = studio.begin_revision(city, he, ITEM)
    _, content = drawn(city, he, draft)
    studio.let_go(city, he, draft)
    changed = content.replace('name="审核"'.encode(), 'name="审查"'.encode())
    version, _ = studio.save_draft(city, tian, draft, changed, seen=1)
    studio.let_go(city, tian, draft)
    case = studio.hand_in(city, he, draft, seen=version, note="统一环节名称")
    work(city)
    with pytest.raises(Forbidden, match="RELEASE_SAME_PERSON"):
        answer(city, case, "Task_Office", "tianyue", decision="agree")
