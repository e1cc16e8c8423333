"""The pages of work between people: handing on, opinions, copies, drafts, and everything of somebody who leaves."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office
from tests.web.pages.conftest import Visitor, begin, text
from tests.web.pages.test_task import GOOD, first_task


@pytest.fixture
def review(centre: Office, clerk: Visitor, site: Flask) -> tuple[Visitor, UUID]:
    """张伟 and the review they have."""
    begin(centre)
    queued = first_task(centre, "wangfang")
    clerk.get(f"/tasks/{queued}")
    assert clerk.post(f"/tasks/{queued}", GOOD).status_code == 302
    return Visitor(site).sign_in("zhangwei"), first_task(centre, "zhangwei")


def test_what_is_missing_stands_beside_its_field_and_what_was_typed_stays(review: tuple[Visitor, UUID]) -> None:
    person, task = review
    page = text(person.get(f"/tasks/{task}/handing/transfer"))
    assert "陈刚" in page and "刘洋是代办岗位" in page
    answer = person.post(f"/tasks/{task}/handing/transfer", {"reason": "出差三天"})
    assert answer.status_code == 422 and "请选择接办的人" in text(answer)
    assert re.search(r"<textarea[^>]*>\s*出差三天</textarea>", answer.get_data(as_text=True))
    answer = person.post(f"/tasks/{task}/handing/transfer", {"to": "liuyang", "reason": "出差"})
    assert answer.status_code == 403 and 'href="#act-to"' in answer.get_data(as_text=True)
    assert person.get(f"/tasks/{task}/handing/nothing").status_code == 404


def test_a_delegation_goes_there_and_back_and_the_case_tells(
    review: tuple[Visitor, UUID], site: Flask, centre: Office
) -> None:
    person, task = review
    person.get(f"/tasks/{task}/handing/delegate")
    assert (
        person.post(f"/tasks/{task}/handing/delegate", {"to": "liuyang", "question": "请核对面积"}).status_code == 302
    )
    assert "已委派给刘洋" in text(person.get(f"/tasks/{task}"))
    other = Visitor(site).sign_in("liuyang")
    page = text(other.get(f"/tasks/{task}"))
    assert "张伟请您提出意见" in page and "请核对面积" in page
    other.get(f"/tasks/{task}/handing/answer")
    assert other.post(f"/tasks/{task}/handing/answer", {"opinion": ""}).status_code == 422
    assert other.post(f"/tasks/{task}/handing/answer", {"opinion": "面积无误"}).status_code == 302
    with centre.reading() as records:
        case = records.tasks.find(task).case_id
    page = text(person.get(f"/cases/{case}"))
    assert "面积无误" in page and "交给刘洋" in page


def test_opinions_are_seen_as_they_come_in_and_the_last_one_completes(
    review: tuple[Visitor, UUID], site: Flask, centre: Office
) -> None:
    person, task = review
    person.get(f"/tasks/{task}/handing/ask")
    asked = {
        "people": ["liuyang"],
        "others": "彭建国",
        "place": "PARALLEL",
        "mode": "ratio",
        "ratio": "0",
        "question": "请提意见",
    }
    assert person.post(f"/tasks/{task}/handing/ask", asked).status_code == 422
    assert person.post(f"/tasks/{task}/handing/ask", {**asked, "ratio": "100"}).status_code == 302
    person.get(f"/tasks/{task}")
    answer = person.post(f"/tasks/{task}", GOOD)
    assert answer.status_code == 302 and "会签意见到齐后生效" in text(person.get(answer.location))
    outside = Visitor(site).sign_in("102-rep")
    assert "请提意见" in text(outside.get("/together"))
    page = outside.get(f"/tasks/{task}")
    seat = re.search(rf"/tasks/{task}/signers/([0-9a-f-]+)", page.get_data(as_text=True))
    assert seat is not None
    assert outside.post(f"/tasks/{task}/signers/{seat[1]}", {"vote": "object"}).status_code == 422
    assert (
        outside.post(f"/tasks/{task}/signers/{seat[1]}", {"vote": "agree", "opinion": "无不同意见"}).status_code == 302
    )
    assert "无不同意见" in text(person.get(f"/tasks/{task}"))
    colleague = Visitor(site).sign_in("liuyang")
    page = colleague.get(f"/tasks/{task}")
    seat = re.search(rf"/tasks/{task}/signers/([0-9a-f-]+)", page.get_data(as_text=True))
    assert seat is not None and colleague.post(f"/tasks/{task}/signers/{seat[1]}", {"vote": "agree"}).status_code == 302
    with centre.reading() as records:
        row = records.tasks.find(task)
    assert (row.ended_by, row.outcome) == ("zhangwei", "COMPLETED")
    assert "会签结束" in text(person.get(f"/cases/{row.case_id}"))


def test_a_draft_is_restored_for_its_author_alone(review: tuple[Visitor, UUID], site: Flask) -> None:
    person, task = review
    person.get(f"/tasks/{task}")
    answer = person.post(f"/tasks/{task}/draft", {"opinion": "写到一半"})
    assert answer.status_code == 200 and answer.json["saved"]
    page = person.get(f"/tasks/{task}").get_data(as_text=True)
    assert re.search(r"<textarea[^>]*>\s*写到一半</textarea>", page) and "已恢复您在" in page
    assert "写到一半" not in Visitor(site).sign_in("chengang").get(f"/tasks/{task}").get_data(as_text=True)
    assert person.post(f"/tasks/{task}/draft/drop").status_code == 302
    assert "写到一半" not in person.get(f"/tasks/{task}").get_data(as_text=True)


def test_a_copy_is_noted_as_read_and_an_urging_is_counted(
    review: tuple[Visitor, UUID], site: Flask, clerk: Visitor
) -> None:
    person, task = review
    person.get(f"/tasks/{task}/handing/copy")
    assert person.post(f"/tasks/{task}/handing/copy", {"others": "108-rep", "note": "供参考"}).status_code == 302
    reader = Visitor(site).sign_in("108-rep")
    assert "未阅 1" in text(reader.get("/together"))
    page = reader.get("/inbox?tab=copies").get_data(as_text=True)
    (copy,) = re.findall(r"/together/copies/([0-9a-f-]+)/read", page)
    assert "供参考" in page and re.search(r'aria-current="page">抄送给我 <b class="number">1</b>', page)
    assert reader.post(f"/together/copies/{copy}/read").status_code == 302
    assert "没有未阅的抄送" in text(reader.get("/inbox?tab=copies"))
    seen = text(reader.get("/inbox?tab=copies&read=read&q=供参考"))
    assert (
        "共 1 件" in seen and "已阅" in seen and "没有符合条件" in text(reader.get("/inbox?tab=copies&read=all&q=无"))
    )
    assert "已阅" in text(person.get(f"/tasks/{task}"))
    clerk.get(f"/tasks/{task}/handing/urge")
    assert clerk.post(f"/tasks/{task}/handing/urge", {"note": "申请人在等"}).status_code == 302
    answer = clerk.post(f"/tasks/{task}/handing/urge")
    assert answer.status_code == 409 and "每半天只能催办一次" in text(answer)
    assert "已催办 1 次" in text(person.get(f"/tasks/{task}"))


def test_somebody_who_leaves_hands_over_everything_with_a_preview(
    review: tuple[Visitor, UUID], site: Flask, clerk: Visitor
) -> None:
    assert clerk.get("/people/zhangwei/hand-over").status_code == 403
    chief = Visitor(site).sign_in("chengang")
    assert "请先选择接手人" in text(chief.get("/people/zhangwei/hand-over"))
    assert "可以移交" in text(chief.get("/people/zhangwei/hand-over?successor=liuyang"))
    answer = chief.post("/people/zhangwei/hand-over", {"successor": "liuyang"})
    assert answer.status_code == 422 and "请写明理由" in text(answer)
    answer = chief.post("/people/zhangwei/hand-over", {"successor": "liuyang", "reason": "调离"})
    assert answer.status_code == 200 and "已移交 1 项，未移交 0 项。" in text(answer)
    _, task = review
    assert text(Visitor(site).sign_in("liuyang").get(f"/tasks/{task}")).count("提交")


def test_a_case_is_suspended_and_resumed_with_a_reason(review: tuple[Visitor, UUID], site: Flask) -> None:
    person, task = review
    keeper = Visitor(site).sign_in("tianyue")
    page = keeper.get(f"/tasks/{task}").get_data(as_text=True)
    found = re.search(r'href="(/cases/[0-9a-f-]+/standing)"', page)
    assert found is not None and "挂起办件" in page
    person.get(found[1])
    assert person.post(found[1], {"act": "suspend", "reason": "试试"}).status_code == 403
    keeper.get(found[1])
    assert keeper.post(found[1], {"act": "suspend"}).status_code == 422
    assert keeper.post(found[1], {"act": "suspend", "reason": "法院通知"}).status_code == 302
    assert person.post(f"/tasks/{task}", GOOD).status_code == 409
    assert "恢复办件" in text(keeper.get(found[1]))
    assert keeper.post(found[1], {"act": "resume", "reason": "通知撤销"}).status_code == 302
    page = text(keeper.get(found[1].removesuffix("/standing")))
    assert "法院通知" in page and "通知撤销" in page
