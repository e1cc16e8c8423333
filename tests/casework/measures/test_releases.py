"""流程发布 (SP-18): three persons, 法制 when the law's numbers change, and nothing deployed before all have agreed (S-07)."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework.measures.releases import differences, release_list, release_page, submit_release
from service.casework.office import Office
from service.engine import Resource
from service.rules.refusals import Forbidden, Invalid
from tests.casework.measures.city import answer, begin, ended, put_up, task, value, who, work
from tests.processes.library import FILES

ITEM, SUPPORT = "item_104_XK_002", "support_SP_18"


def revised(old: str, new: str) -> list[Resource]:
    """The item with something written otherwise."""
    text = FILES[ITEM].read_text("utf-8")
    assert old in text
    return [Resource(name=f"{ITEM}.bpmn", content=text.replace(old, new).encode())]


RENAMED = ('name="审核"', 'name="审查"')
SHORTER = ('zw:statutory="15wd"', 'zw:statutory="14wd"')


def submitted(office: Office, change: tuple[str, str] = RENAMED) -> UUID:
    put_up(office, ITEM, SUPPORT)
    begin(office, ITEM)
    support = submit_release(office, who(office, "hejing"), revised(*change), note="改进名称")
    work(office)
    return support


def newest(office: Office) -> int:
    with office.reading() as records:
        return records.deployments.newest([ITEM])[ITEM].version


def test_three_persons_agree_and_it_is_deployed_with_its_sheet(any_demo_office: Office) -> None:
    office = any_demo_office
    support = submitted(office)
    assert task(office, support).element == "Task_Office" and value(office, support, "legal_needed") is False
    answer(office, support, "Task_Office", "tianyue", decision="agree")
    assert newest(office) == 1, "nothing before the last one"
    answer(office, support, "Task_Deploy", "guotao", decision="agree")
    assert (ended(office, support), newest(office), value(office, support, "affected")) == ("End_Released", 2, 1)
    with office.reading() as records:
        [sheet] = records.documents.of_case(support)
    assert (sheet.code, sheet.state) == ("W38", "ISSUED")
    assert [one["person"] for one in sheet.facts["signatures"]] == ["何静", "田悦", "郭涛"]
    [line] = release_list(office, who(office, "tianyue"))
    assert (line.state, line.case_id) == ("RELEASED", support)
    assert set(release_page(office, who(office, "tianyue"), line.row.id).files) >= {f"{ITEM}.bpmn"}


def test_a_limit_that_changes_waits_for_the_legal_check(demo_office: Office) -> None:
    support = submitted(demo_office, SHORTER)
    answer(demo_office, support, "Task_Office", "tianyue", decision="agree")
    assert task(demo_office, support).element == "Task_Legal"
    answer(demo_office, support, "Task_Legal", "gaolin", decision="refuse", answer="没有依据")
    assert ended(demo_office, support) == "End_Rejected" and newest(demo_office) == 1


def test_nobody_does_two_of_the_three_steps(demo_office: Office) -> None:
    put_up(demo_office, ITEM, SUPPORT)
    support = submit_release(demo_office, who(demo_office, "guotao"), revised(*RENAMED))
    work(demo_office)
    answer(demo_office, support, "Task_Office", "tianyue", decision="agree")
    with pytest.raises(Forbidden, match="RELEASE_SAME_PERSON"):
        answer(demo_office, support, "Task_Deploy", "guotao", decision="agree")
    assert newest(demo_office) == 1


def test_files_with_errors_or_without_changes_are_not_taken(demo_office: Office) -> None:
    put_up(demo_office, ITEM, SUPPORT)
    designer = who(demo_office, "hejing")
    with pytest.raises(Invalid, match="RELEASE_ERRORS"):
        submit_release(demo_office, designer, revised('targetRef="Task_Review"', 'targetRef="Nowhere"'))
    with pytest.raises(Invalid, match="RELEASE_UNCHANGED"):
        submit_release(demo_office, designer, [Resource(name=f"{ITEM}.bpmn", content=FILES[ITEM].read_bytes())])
    with pytest.raises(Forbidden, match="DEPLOY_FORBIDDEN"):
        submit_release(demo_office, who(demo_office, "wangfang"), revised(*RENAMED))


def test_differences_name_element_attribute_and_both_values() -> None:
    before, after = FILES[ITEM].read_bytes(), revised(*SHORTER)[0].content
    assert differences(before, after) == [f"{ITEM} statutory 15wd → 14wd"]
    assert differences(before, before) == []
