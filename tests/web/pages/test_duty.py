"""值班与代岗 and 监察提示 in the browser: who sees what, what is refused beside which field, and what is done."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office, attend_due, find_actor, start_case
from tests.casework.desk import deploy_text, open_tasks
from tests.casework.test_supervising import card
from tests.conftest import Clock
from tests.web.pages.conftest import Visitor, text

REVIEW = (
    '<startEvent id="S"/><userTask id="Review" name="审核" zw:role="reviewer_a" zw:dept="104"/><endEvent id="E"/>\n'
    "S -> Review\nReview -> E\n"
)


@pytest.fixture
def case_id(centre: Office) -> UUID:
    deploy_text(centre, REVIEW, key="r")
    clerk = find_actor(centre, "wangfang")
    assert clerk is not None
    return start_case(centre, clerk, key="r", title="厂房项目").id


@pytest.fixture
def people(site: Flask, case_id: UUID) -> dict[str, Visitor]:
    return {name: Visitor(site).sign_in(name) for name in ("zhangwei", "liuyang", "chengang", "sunli", "101-a")}


def leave(visitor: Visitor, **form: str) -> tuple[int, str]:
    visitor.get("/duty")
    answer = visitor.post("/duty/absences", {"kind": "SUDDEN", **form})
    return answer.status_code, text(visitor.get("/duty") if answer.status_code == 302 else answer)


def test_an_applicant_has_no_duty_and_the_others_find_the_places(site: Flask, case_id: UUID) -> None:
    assert "值班与代岗" not in text(Visitor(site).sign_in("lizhao").get("/inbox"))
    page = text(Visitor(site).sign_in("zhangwei").get("/inbox"))
    assert "值班与代岗" in page and "监察提示" in page


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({"kind": ""}, "kind", "请选择离岗的种类"),
        ({"kind": "LEAVE", "until": "2026-03-18T17:00", "reason": "年休"}, "since", "请填写正确的时间"),
        ({"kind": "LEAVE", "since": "soon", "reason": "年休"}, "since", "请填写正确的时间"),
        ({"kind": "LEAVE", "since": "2026-03-18T09:00", "reason": "年休"}, "until", "请填写返岗时间"),
        ({"kind": "DUTY", "since": "2026-03-18T09:00", "until": "2026-03-18T17:00"}, "reason", "请写明离岗事由"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    people: dict[str, Visitor], form: dict[str, str], field: str, words: str
) -> None:
    visitor = people["zhangwei"]
    visitor.get("/duty")
    answer = visitor.post("/duty/absences", {"kind": "SUDDEN", **form})
    body = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in text(answer)
    assert re.search(rf'<div class="field wrong"><label for="{field}">', body)
    if form.get("reason"):
        assert f'value="{form["reason"]}"' in body


def test_the_deputy_has_the_work_while_the_reviewer_is_away_and_it_says_for_whom(
    people: dict[str, Visitor], centre: Office, clock: Clock, case_id: UUID
) -> None:
    status, page = leave(people["zhangwei"], reason="就医")
    assert status == 302 and "离岗中" in page
    attend_due(centre)
    while attend_due(centre):
        pass
    inbox = text(people["liuyang"].get("/inbox"))
    assert "厂房项目" in inbox and "代张伟" in inbox
    assert "代张伟" in text(people["chengang"].get(f"/cases/{case_id}"))
    board = text(people["chengang"].get("/duty"))
    assert "刘洋 代张伟" in board and "登记离岗" in board
    task = open_tasks(centre, case_id)["Review"]
    assert "认领代岗任务" in text(people["liuyang"].get(f"/tasks/{task.id}"))
    back = re.search(r'action="(/duty/absences/[^"]+/end)"', people["chengang"].get("/duty").get_data(as_text=True))
    assert back is not None
    clock.advance(hours=1)
    assert people["chengang"].post(back[1]).status_code == 302
    while attend_due(centre):
        pass
    assert open_tasks(centre, case_id)["Review"].assignee == "zhangwei"
    journal = text(people["chengang"].get(f"/cases/{case_id}"))
    assert "由刘洋（住建）代张伟（住建）办理" in journal and "转回张伟（住建）办理" in journal


def test_supervision_sees_the_alarm_of_a_department_without_cover(people: dict[str, Visitor], centre: Office) -> None:
    leave(people["zhangwei"])
    leave(people["liuyang"])
    while attend_due(centre):
        pass
    assert "的A岗和B岗都不在岗" in text(people["sunli"].get("/duty"))
    assert "A、B岗均不在岗" in text(people["sunli"].get("/supervision"))
    assert "本部门A岗和B岗都不在岗" in text(people["chengang"].get("/duty"))
    assert "都不在岗" not in text(people["101-a"].get("/duty")).replace("A、B岗都不在时由首席代表代办", "")


def test_a_card_is_found_signed_and_answered_and_strangers_find_nothing(
    people: dict[str, Visitor], centre: Office, case_id: UUID
) -> None:
    row = card(centre, case_id)
    assert row is not None
    assert people["101-a"].get(f"/supervision/{row.id}").status_code == 404
    assert "没有需要处理的监察提示" in text(people["101-a"].get("/supervision"))
    mine = people["zhangwei"]
    assert "环节超期" in text(mine.get("/supervision?mine=1&level=YELLOW"))
    assert "没有符合条件的监察提示" in text(mine.get("/supervision?level=RED"))
    page = text(mine.get(f"/supervision/{row.id}"))
    assert "签收" in page and "不服，提出申诉" in page and "销号" not in page
    assert mine.post(f"/supervision/{row.id}/sign").status_code == 302
    mine.get(f"/supervision/{row.id}")
    refused = mine.post(f"/supervision/{row.id}/reply", {"text": " "})
    assert refused.status_code == 422 and "请写明理由或答复内容" in text(refused)
    assert mine.post(f"/supervision/{row.id}/reply", {"text": "当日材料较多，已办结"}).status_code == 302
    watch = people["sunli"]
    page = text(watch.get(f"/supervision/{row.id}"))
    assert "当日材料较多，已办结" in page and "退回答复" in page
    assert watch.post(f"/supervision/{row.id}/accept").status_code == 302
    watch.get(f"/supervision/{row.id}")
    assert watch.post(f"/supervision/{row.id}/close").status_code == 302
    assert "已销号" in text(watch.get("/supervision?view=over"))
    assert watch.post(f"/supervision/{row.id}/shout").status_code == 404
    assert "黄牌：环节超期，发给张伟" in text(people["chengang"].get(f"/cases/{case_id}"))
