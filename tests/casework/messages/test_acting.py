"""What the shipped diagrams ask to be told (XZ-19): the applicant hears of every step of a plain case, and of corrections."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.casework import complete_task, start_case
from service.casework.actors import SYSTEM, Actor
from service.casework.acts.request import Request
from service.casework.deploying import deploy
from service.casework.journalling import CaseFile
from service.casework.messages.acting import message
from service.casework.office import Office
from service.rules.messages import units
from service.rules.refusals import Invalid, Missing
from service.store.people import Department, Person
from tests.casework.clocks.test_shipped import DEPARTMENTS, GAPS, until
from tests.casework.desk import ENGINE, open_tasks
from tests.casework.messages.conftest import Line, connect, messages, settle_all
from tests.conftest import CHINA, MONDAY, Clock
from tests.processes.library import resources

LIZHAO = Actor(username="lizhao", name="李昭", roles=frozenset({"applicant"}))
PERMIT = "item_104_XK_001"


@pytest.fixture
def centre(any_office: Office, line: Line) -> Office:
    """The shipped procedures, a desk for each post, an applicant with an account, and a channel."""
    deploy(any_office, SYSTEM, "事项库", resources("item_104_XK_001"))
    posts = [(code, role) for code in DEPARTMENTS for role in ("reviewer_a", "chief_rep")]
    posts += [("201", "counter_clerk"), ("201", "issue_clerk"), (None, "applicant")]
    with any_office.transaction() as records:
        records.people.put_departments(
            Department(code=code, name=code, short=code, window_kind="常设") for code in (*DEPARTMENTS, "201")
        )
        records.people.add(
            Person(
                id=uuid4(), username="lizhao" if role == "applicant" else f"{code}-{role}", name="某", staff_no=None,
                department=code, duty="", password_hash="-", active=True, demo=False, failed_logins=0,
                locked_until=None, created_at=MONDAY.astimezone(CHINA), roles=frozenset({role}),
            )
            for code, role in posts
        )  # fmt: skip
    connect(any_office, line)
    return any_office


def apply(office: Office, clock: Clock, **more: Any) -> UUID:
    """李昭 applies for a construction permit on Monday at ten."""
    clock.set("2026-03-16T10:00")
    case = start_case(office, LIZHAO, key=PERMIT, variables={"phone": "13812345678", "applicant": "华印公司"} | more)
    settle_all(office)
    return case.id


def do(office: Office, clock: Clock, case: UUID, element: str, **answers: Any) -> None:
    complete_task(office, ENGINE, open_tasks(office, case)[element].id, answers=answers)
    clock.advance(minutes=1)
    settle_all(office)


def codes(office: Office, case: UUID, **wanted: Any) -> list[str]:
    return [one.code for one in messages(office, case, audience="APPLICANT", **wanted)]


def test_a_plain_case_tells_the_applicant_at_every_step(centre: Office, clock: Clock, line: Line) -> None:
    case = apply(centre, clock)
    do(centre, clock, case, "Task_Accept", decision="accept")
    do(centre, clock, case, "Task_Review", recommendation="grant", opinion="符合条件")
    do(centre, clock, case, "Task_Approve", decision="grant", opinion="同意")
    do(centre, clock, case, "Task_Issue", certificate_no="410101202603160001", delivery="window", receiver="李昭")
    told = codes(centre, case, channel="SMS")
    assert told[:2] == ["M01", "M02"] and told.count("M12") == 2 and {"M01", "M02", "M12", "M20"} <= set(told)
    rows = messages(centre, case, audience="APPLICANT", channel="SMS")
    assert all(0 < units(one.text) <= 70 and one.state == "SENT" for one in rows), [one.error for one in rows]
    assert re.match(r"【云溪政务】您的施工许可证核发已受理，受理号[0-9]{6}-20260316-104-00001-[0-9]，", rows[1].text)
    assert rows[1].text.endswith("，3月19日前办结")
    assert {one.to for one in line.sent if "您的" in one.text} == {"13812345678"}
    assert sorted(codes(centre, case, channel="INAPP")) == sorted(told)


def test_a_correction_says_how_much_is_missing_and_reminds_three_times(centre: Office, clock: Clock) -> None:
    case = apply(centre, clock)
    do(centre, clock, case, "Task_Accept", **GAPS)
    [notice] = [one for one in messages(centre, case, code="M03", channel="SMS")]
    assert "需补齐1项材料" in notice.text and notice.places["code"] in notice.text
    until(centre, clock, "2026-04-30T09:00")
    settle_all(centre)
    reminders = messages(centre, case, code="M04", channel="INAPP")
    assert len(reminders) == 3 and all("仍缺1项材料" in one.text for one in reminders)


def test_a_stage_that_leads_into_a_procedure_is_not_announced_as_done(centre: Office, clock: Clock) -> None:
    case = apply(centre, clock)
    do(centre, clock, case, "Task_Accept", decision="accept")
    do(centre, clock, case, "Task_Review", recommendation="procedure", opinion="需听证", reason="重大利益")
    assert codes(centre, case, code="M12") == []


def test_an_item_that_is_asked_again_is_told_once(centre: Office, clock: Clock) -> None:
    case = apply(centre, clock)
    request = Request(
        id=uuid4(),
        act="message",
        element="X",
        process=PERMIT,
        scope=None,
        asked_at=clock.now,
        inputs={"sms": "M10 M12"},
    )
    for _ in range(2):
        with centre.transaction() as records:
            row = records.cases.lock(case)
            assert row is not None
            message(centre, records, CaseFile(row), request)
    assert codes(centre, case, code="M10") == ["M10", "M10"], "one inside, one outside"


def test_what_a_diagram_names_wrongly_is_refused(centre: Office, clock: Clock) -> None:
    case = apply(centre, clock)
    for given, error in (({}, Invalid), ({"sms": "M99"}, Missing)):
        request = Request(
            id=uuid4(), act="message", element="X", process=PERMIT, scope=None, asked_at=clock.now, inputs=given
        )
        with centre.transaction() as records, pytest.raises(error):
            row = records.cases.lock(case)
            assert row is not None
            message(centre, records, CaseFile(row), request)
