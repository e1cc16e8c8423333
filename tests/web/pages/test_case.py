"""办件 and 办件查询: what happened, who has it, and only for who may read it."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from service.casework import Office
from service.store.schema import journal
from tests.casework.audit.sealed_city import owner
from tests.web.pages.conftest import Visitor, begin, text
from tests.web.pages.test_task import GOOD, first_task


@pytest.fixture
def case(centre: Office, clerk: Visitor) -> UUID:
    """A case whose registration is done."""
    case_id = begin(centre)
    queued = first_task(centre, "wangfang")
    clerk.get(f"/tasks/{queued}")
    clerk.post(f"/tasks/{queued}", GOOD)
    return case_id


def test_the_case_page_tells_who_did_what_and_who_has_it(case: UUID, clerk: Visitor) -> None:
    page = text(clerk.get(f"/cases/{case}"))
    for words in (
        "示例公司1-两部门联办",
        "TWO-0001",
        "办理中",
        "收件，办件开始",
        "登记 完成 同意",
        "材料齐全，同意。",
        "住建审核",
        "张伟",
        "规划审核",
    ):
        assert words in page


def test_the_marks_say_what_is_done_and_what_is_open(case: UUID, clerk: Visitor) -> None:
    elements = clerk.get(f"/cases/{case}/marks").json["elements"]  # type: ignore[index]
    assert elements["Task_Queue"]["state"] == "done" and elements["Start"]["state"] == "done"
    assert elements["Task_Housing"]["state"] == "active" and elements["Task_Housing"]["owner"].startswith("张伟")
    assert "Join" not in elements


def test_a_case_whose_journal_was_touched_is_refused_by_name_and_the_others_go_on(
    centre: Office, case: UUID, clerk: Visitor
) -> None:
    with owner(centre) as connection:
        connection.execute(update(journal).where(journal.c.case_id == case, journal.c.line == 2).values(actor="nobody"))
    refused = clerk.get(f"/cases/{case}")
    page = text(refused)
    assert refused.status_code == 409 and f"办件 {case} 办理过程第 2 行" in page and "请联系审计管理员" in page
    assert "TWO-0001" in text(clerk.get("/cases"))
    assert clerk.get(f"/cases/{begin(centre, 2)}").status_code == 200


def test_what_nobody_granted_does_not_exist(case: UUID, site: Flask) -> None:
    stranger = Visitor(site).sign_in("105-a")
    assert stranger.get(f"/cases/{case}").status_code == 404
    assert stranger.get(f"/cases/{case}/marks").status_code == 404
    assert "TWO-0001" not in text(stranger.get("/cases"))


def test_an_unknown_case_or_scope_is_not_found(case: UUID, clerk: Visitor) -> None:
    assert clerk.get(f"/cases/{uuid4()}").status_code == 404
    assert clerk.get(f"/cases/{case}?scope={uuid4()}").status_code == 404


def test_the_list_counts_by_state_and_filters_by_process_and_words(centre: Office, case: UUID, clerk: Visitor) -> None:
    begin(centre, 2)
    assert "共 2 件" in text(clerk.get("/cases"))
    assert "共 0 件" in text(clerk.get("/cases?state=completed"))
    assert "共 1 件" in text(clerk.get("/cases?q=TWO-0002"))
    assert "共 0 件" in text(clerk.get("/cases?process=nothing"))
    assert "共 2 件" in text(clerk.get("/cases?process=two_departments"))


def test_done_work_is_listed_with_whether_it_was_in_time(case: UUID, clerk: Visitor) -> None:
    page = text(clerk.get("/inbox/done"))
    assert "登记" in page and "按时" in page and "共 1 件" in page
