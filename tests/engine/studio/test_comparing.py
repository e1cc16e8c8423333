"""What two diagrams differ in is said element by element; how they are drawn is not said."""

from __future__ import annotations

import pytest

from service.engine.studio import blank_diagram, compare_diagrams, copied, drawn_process
from tests.processes.library import FILES

ITEM = FILES["item_107_XK_001"].read_bytes()


def changed(old: str, new: str) -> bytes:
    assert old.encode() in ITEM
    return ITEM.replace(old.encode(), new.encode())


@pytest.mark.parametrize(
    ("old", "new", "element", "part"),
    [
        ('name="审核"', 'name="审查"', "Task_Review", ("name", "", "审核", "审查")),
        ('zw:limit="5wd"', 'zw:limit="6wd"', "item_107_XK_001", ("zw", "limit", "5wd", "6wd")),
        ('due("APPROVE")', 'warn("APPROVE")', "Due_Task_Approve", ("timer", "timeDate", 'due("APPROVE")', 'warn("APPROVE")')),
        ('"accept_107_XK_001"', '"accept_other"', "Task_Accept", ("form", "", "accept_107_XK_001", "accept_other")),
        ('name="综合窗口"', 'name="窗口"', "Lane_1", ("name", "", "综合窗口", "窗口")),
        ("return_count = 0", "return_count = 1", "Script_Register", ("script", "", None, None)),
        ('targetRef="Task_Review" />', 'targetRef="Task_Approve" />', "Flow_16_Mark_Accepted", ("flow", "targetRef", "审核", "批准")),
    ],
)  # fmt: skip
def test_what_an_element_says_otherwise_is_named(
    old: str, new: str, element: str, part: tuple[str, str, str | None, str | None]
) -> None:
    found = {one.element: one for one in compare_diagrams(ITEM, changed(old, new))}
    said = found[element]
    assert said.how == "CHANGED"
    aspect, field, before, after = part
    matching = [one for one in said.parts if (one.aspect, one.field) == (aspect, field)]
    assert len(matching) == 1
    if before is not None:
        assert (matching[0].before, matching[0].after) == (before, after)


def test_moving_shapes_changes_nothing_and_renaming_a_target_does_not_change_its_flows() -> None:
    assert compare_diagrams(ITEM, ITEM.replace(b'<dc:Bounds x="', b'<dc:Bounds x="1')) == ()
    assert [one.element for one in compare_diagrams(ITEM, changed('name="审核"', 'name="审查"'))] == ["Task_Review"]


def test_new_and_gone_elements_are_told_with_their_kind_and_name() -> None:
    blank = blank_diagram("item_107_XK_001", "空")
    found = compare_diagrams(ITEM, blank)
    gone = {one.element: one for one in found if one.how == "REMOVED"}
    assert (gone["Task_Review"].kind, gone["Task_Review"].name) == ("userTask", "审核")
    assert [(one.element, one.kind) for one in found if one.how == "ADDED"] == [("Start_1", "startEvent")]
    assert {one.how for one in compare_diagrams(None, ITEM)} == {"ADDED"}


@pytest.mark.parametrize("key", sorted(FILES))
def test_every_shipped_diagram_equals_itself_and_differs_from_its_copy_in_name_only(key: str) -> None:
    content = FILES[key].read_bytes()
    assert compare_diagrams(content, content) == ()
    again = copied(content, key, "另一个名称")
    assert drawn_process(again) == (key, "另一个名称")
    for one in compare_diagrams(content, again):
        assert one.kind in ("process", "participant")
        assert {(part.aspect, part.field) for part in one.parts} <= {
            ("name", ""),
            ("zw", "item"),
            ("camunda", "versionTag"),
        }


def test_what_is_no_diagram_draws_nothing() -> None:
    assert drawn_process(b"<x/>") is None and drawn_process(b"<bpmn") is None
    assert drawn_process(blank_diagram("a", "b & c")) == ("a", "b & c")
