"""The board of a 首席代表: an item is one line, whatever its versions and the variants chains call."""

from __future__ import annotations

from service.casework import start_case
from service.casework.office import Office
from service.casework.workbench.chief_pages import chief_page
from tests.casework import desk
from tests.casework.desk import CHIEF, ENGINE, deploy_text

DRAWN = (
    '<startEvent id="S"/><userTask id="Review" name="{name}" camunda:candidateGroups="=&quot;104/reviewer_a&quot;" zw:dept="104"/>'
    '<endEvent id="E"/>\nS -> Review\nReview -> E\n'
)


def named(content: str, key: str, name: str) -> str:
    """A process with a name of its own."""
    return f'<process id="{key}" name="{name}" isExecutable="true">{content}</process>'


def test_an_item_is_listed_once_whatever_versions_and_variants_bear_its_name(any_office: Office) -> None:
    desk.hire(any_office)
    for key, name in (("permit", "审核"), ("permit", "书面审核"), ("permit_joint", "审核")):
        deploy_text(any_office, named(DRAWN.replace("{name}", name), key, "施工许可"))
        start_case(any_office, ENGINE, key=key)
    deploy_text(any_office, named(DRAWN.replace("{name}", "审核"), "other", "消防验收"))
    start_case(any_office, ENGINE, key="other")
    board = chief_page(any_office, CHIEF, view="all")
    assert [(one.name, one.total) for one in board.by_item] == [("施工许可", 3), ("消防验收", 1)]
    narrowed = chief_page(any_office, CHIEF, view="all", process=board.by_item[0].key)
    assert len(narrowed.items) == 3 and {one.item.row.process_name for one in narrowed.items} == {"施工许可"}
