"""时限试算: a page for everyone, without script and without signing in."""

from __future__ import annotations

import io
import re
from urllib.parse import urlencode

import pytest
from pypdf import PdfReader

from tests.web.pages.conftest import Visitor, text

ASKED = {"start": "2026-03-16T10:00", "amount": "3", "unit": "WORKDAY", "now": "2026-03-18T10:00"}


def ask(visitor: Visitor, **more: str) -> tuple[int, str, str]:
    answer = visitor.get(f"/time-limit?{urlencode({**ASKED, **more})}")
    return answer.status_code, text(answer), answer.get_data(as_text=True)


def test_a_stranger_finds_the_form_and_the_way_to_sign_in(visitor: Visitor) -> None:
    answer = visitor.get("/time-limit")
    page = text(answer)
    assert answer.status_code == 200 and "时限试算" in page and "登录" in page
    assert "退出" not in page and "办件查询" not in page and "待办" not in page.replace("待办理", "")
    assert re.search(r'name="start" type="datetime-local" value="20\d\d-', answer.get_data(as_text=True))


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"start": ""}, "start", "请填写开始时间"),
        ({"start": "soon"}, "start", "请填写开始时间"),
        ({"now": "soon"}, "now", "请填写正确的时间"),
        ({"amount": ""}, "amount", "请填写整数"),
        ({"amount": "-1"}, "amount", "请填写整数"),
        ({"amount": "1000"}, "amount", "0 到 999"),
        ({"from0": "2026-02-30"}, "from0", "请填写正确的日期"),
        ({"to1": "2026-03-20"}, "from1", "请填写暂停日"),
        ({"from2": "2026-03-20", "to2": "2026-03-19"}, "to2", "不能早于暂停日"),
        ({"add": "x"}, "add", "请填写整数"),
        ({"add": "0"}, "add", "1 到 999"),
        ({"add": "3", "approved": "2026-03-30"}, "approved", "到期日为 2026-03-19"),
    ],
)
def test_a_wrong_entry_is_said_beside_its_field_and_kept(visitor: Visitor, more: dict, field: str, words: str) -> None:
    status, page, body = ask(visitor, **more)
    assert status == 422 and words in page and f'id="{field}-problem"' in body
    name, value = next(iter(more.items()))
    assert f'name="{name}"' in body and value in body


def test_a_year_without_calendar_is_refused(visitor: Visitor) -> None:
    status, page, _ = ask(visitor, start="2027-03-16T10:00")
    assert status == 422 and "缺少2027年的工作日历" in page


def test_the_answer_shows_the_light_in_words_and_every_day(visitor: Visitor) -> None:
    status, page, body = ask(visitor)
    assert status == 200 and "临期" in page and "2026-03-19 周四 17:00" in page
    assert 'class="light yellow"' in body and "#yellow" in body
    assert "已用 2，剩余 1，共 3（工作日）" in page
    assert [
        line in page for line in ("2026-03-16 周一：开始当日", "2026-03-19 周四：工作日，计入，第3个工作日，17:00到期")
    ]
    assert page.count("周") >= 4


@pytest.mark.parametrize(
    ("more", "light"),
    [
        ({"now": "2026-03-17T10:00"}, "green"),
        ({"now": "2026-03-19T17:00"}, "red"),
        ({"from0": "2026-03-17", "kind0": "EXPERT"}, "stopped"),
        ({"from0": "2026-03-17", "to0": "2026-03-20"}, "stopped"),
    ],
)
def test_lights_have_shape_colour_and_words(visitor: Visitor, more: dict, light: str) -> None:
    status, page, body = ask(visitor, **more)
    words = {"green": "正常", "red": "超期", "stopped": "暂停计时"}[light]
    assert status == 200 and f'class="light {light}"' in body and f"#{light}" in body and words in page


def test_an_open_pause_is_said_to_be_open(visitor: Visitor) -> None:
    _, page, _ = ask(visitor, from0="2026-03-17", kind0="HEARING")
    assert "暂停尚未结束" in page and "暂停计时（听证）" in page


def test_an_extension_moves_the_end(visitor: Visitor) -> None:
    _, page, _ = ask(visitor, add="2", approved="2026-03-18")
    assert "2026-03-23 周一 17:00" in page and "延长的期限" in page


def test_an_english_reader_reads_every_day_in_english(clerk: Visitor) -> None:
    clerk.post("/language", {"language": "en", "next": "/time-limit"})
    _, page, _ = ask(clerk, from0="2026-03-17", to0="2026-03-18", kind0="EXPERT", now="2026-04-01T10:00")
    assert "clock stopped (expert review), not counted" in page and "overdue, working day" in page
    assert not re.search(r"工作日|计入|周", page.replace("中文", ""))


def test_whoever_is_signed_in_keeps_the_navigation(clerk: Visitor) -> None:
    _, page, body = ask(clerk)
    assert "办件查询" in page and "退出" in page and 'aria-current="page"' in body


def test_what_is_typed_is_never_taken_for_markup(visitor: Visitor) -> None:
    _, _, body = ask(visitor, kind0="<b>x</b>", from0="2026-03-17", amount="<script>1")
    assert "<script>1" not in body and "<b>x</b>" not in body


def test_the_answer_can_be_kept_as_a_file(visitor: Visitor) -> None:
    asked = {**ASKED, "from0": "2026-03-17", "to0": "2026-03-18", "kind0": "EXPERT"}
    answer = visitor.get(f"/time-limit.pdf?{urlencode(asked)}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    printed = re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages))
    for words in ("时限试算", "2026-03-2017:00", "专家评审", "暂停计时（专家评审），不计入", "仅供参考"):
        assert words in printed, words
    assert visitor.get("/time-limit.pdf?amount=x").status_code == 400


def test_what_was_not_asked_for_is_folded_away(visitor: Visitor) -> None:
    _, _, body = ask(visitor, from0="2026-03-17", to0="2026-03-18")
    assert body.count('<details class="wide part" open>') == 1
    _, _, wrong = ask(visitor, add="x")
    assert body.count('<details class="wide part"') == 4 and wrong.count('<details class="wide part" open>') == 1
