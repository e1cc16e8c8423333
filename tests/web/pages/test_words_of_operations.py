"""日程, 审计记录, 异常 and messages of a demonstration say what they mean: no ids and no names of programs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from flask import Flask

from service import casework
from service.casework import Office, arm_jobs, attend_due
from service.rules.vocabulary import JournalAction
from service.web.pages import labels
from service.web.pages.ledger_words import HIDDEN
from tests.casework.acts.test_repairing import STUCK
from tests.casework.desk import ENGINE, deploy_text
from tests.web.pages.conftest import Visitor, begin, text

ROOM = Path(casework.__file__).parent
OF_ROWS = frozenset(  # columns that are changed beside the line, in the same functions
    {
        "activated_at",
        "activated_by",
        "changed_at",
        "changed_by",
        "decided_at",
        "decided_by",
        "definitions",
        "due_at",
        "drafted_at",
    }
    | {
        "drafted_by",
        "effective_to",
        "filed_at",
        "filed_by",
        "handled_at",
        "handled_by",
        "locked_until",
        "ready_at",
        "refunded_at",
    }
    | {"void_at", "void_by", "withdrawn_at", "withdrawn_by"}
)
UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}")


def _fields_written() -> set[str]:
    """Keys of every plain object made in a function that writes a line of the ledger."""
    found: set[str] = set()
    for path in ROOM.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and "ledger.write(" in ast.unparse(function):
                found |= {
                    key.value
                    for made in ast.walk(function)
                    if isinstance(made, ast.Dict)
                    for key in made.keys
                    if isinstance(key, ast.Constant) and isinstance(key.value, str)
                }
    return found


def test_every_field_of_the_ledger_has_its_word() -> None:
    fields = _fields_written()
    assert len(fields) > 60
    assert sorted(fields - set(labels.LEDGER_FIELDS) - HIDDEN - OF_ROWS) == []


def test_every_act_of_a_journal_has_its_word() -> None:
    assert [one.value for one in JournalAction if one.value not in labels.ACTS] == []


def test_the_ledger_names_people_lists_and_fields(centre: Office, site: Flask) -> None:
    security, audit = Visitor(site).sign_in("machao"), Visitor(site).sign_in("linlan")
    security.get("/admin/people/zhangwei")
    security.post("/admin/people/zhangwei/roles", {"roles": ["reviewer_a", "inspector"], "reason": "增加勘查"})
    assert security.post("/lists/accounts/export", {"format": "csv", "purpose": "核对"}).status_code == 200
    page = audit.get("/admin/audit")
    said = text(page)
    assert "张伟" in said and re.search("改后：(A岗、勘查人员|勘查人员、A岗)", said) and "理由：增加勘查" in said
    assert "人员账号" in said and "格式：CSV" in said and "用途：核对" in said
    body = page.get_data(as_text=True).split("<tbody>", 1)[1]
    assert "reviewer_a" not in body and not UUID_TEXT.search(re.sub(r'href="[^"]*"', "", body))
    assert "申请变更角色" in text(audit.get("/admin/audit?actor=马超")) and "没有符合条件" in text(
        audit.get("/admin/audit?actor=马超超")
    )
    assert "申请变更角色" in text(audit.get("/admin/audit?q=张伟"))


def test_the_agenda_names_processes_places_and_jobs_and_leads_to_cases(centre: Office, site: Flask) -> None:
    case = begin(centre)
    arm_jobs(centre)
    system = Visitor(site).sign_in("guotao")
    page = system.get("/admin/agenda?view=all")
    said = text(page)
    assert "日历检查" in said and "calendar-guard" not in said and "two_departments" not in said
    assert f'href="/cases/{case}"' in page.get_data(as_text=True) and "TWO-0001" in said
    item = re.search(
        r"/admin/agenda/([0-9a-f-]{36})", system.get("/admin/agenda?kind=clock&view=all").get_data(as_text=True)
    )
    assert item is not None and "two_departments" not in text(system.get(f"/admin/agenda/{item[1]}"))


def test_a_failed_step_is_corrected_and_moved_from_its_page(centre: Office, site: Flask) -> None:
    from service.casework import start_case

    deploy_text(centre, STUCK)
    case = start_case(centre, ENGINE, key="p", variables={"area": "十二"}).id
    system, office = Visitor(site).sign_in("guotao"), Visitor(site).sign_in("tianyue")
    found = re.search(r"/incidents/([0-9a-f-]{36})", system.get("/incidents").get_data(as_text=True))
    assert found is not None
    address = f"/incidents/{found[1]}"
    blind, seeing = text(system.get(f"{address}?variable=area")), text(office.get(f"{address}?variable=area"))
    assert "十二" not in blind and "无权查看办件内容" in blind and "area" in blind
    assert "十二" in seeing and "文字" in seeing
    assert f"/cases/{case}/tokens/{found[1]}/move" in system.get(address).get_data(as_text=True)
    assert "审核" in text(system.get(f"/cases/{case}/tokens/{found[1]}/move"))
    given = {"name": "area", "kind": "Integer", "value": "十二", "reason": "写错", "retry": "yes"}
    wrong = office.post(f"{address}/correct", given)
    assert (
        wrong.status_code == 422
        and "新的内容应为整数" in text(wrong)
        and 'value="area"' in wrong.get_data(as_text=True)
    )
    assert office.post(f"{address}/correct", {**given, "value": "12"}).status_code == 302
    while attend_due(centre):
        pass
    assert "area。理由：写错" in text(office.get(f"/cases/{case}"))
    assert "没有等待处理的异常" in text(office.get("/incidents"))


def test_a_demonstration_says_that_nothing_was_really_sent() -> None:
    from datetime import UTC, datetime
    from types import SimpleNamespace

    from flask_babel import force_locale

    from service.web.pages.timeline import _told

    row = SimpleNamespace(
        queued_at=datetime(2026, 3, 16, tzinfo=UTC), state="FAILED", error="CHANNEL_MISSING", code="M02", channel="SMS",
        audience="APPLICANT", text="受理",
    )  # fmt: skip
    app = Flask("words")
    from flask_babel import Babel

    Babel(app, default_locale="zh")
    with app.test_request_context(), force_locale("zh"):
        assert (_told(row, True).act, _told(row, True).tone) == ("演示：未真正发送", "system")
        assert (_told(row, False).act, _told(row, False).tone) == ("未送达", "late")
