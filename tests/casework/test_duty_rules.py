"""Every rule of DOMAIN B.3 by one example that is refused, naming the rule and who may act instead, and one that is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from service.casework import (
    ask_extension,
    assign_task,
    case_clocks,
    claim_task,
    complete_task,
    decide_extension,
    start_case,
)
from service.casework.audit.sealing import seal_audit
from service.casework.audit.verifying import verify_audit
from service.casework.letters import declare_relative
from service.casework.masking import show_contact
from service.casework.measures.releases import submit_release
from service.casework.money.refunding import ask_refund, settle_refund
from service.casework.office import Office
from service.casework.staff.role_requests import ask_roles, decide_roles
from service.casework.views import CaseView
from service.engine.lint.rules import families
from service.rules.refusals import Refusal
from tests.casework.clocks.conftest import SMALL
from tests.casework.desk import deploy_text, open_tasks
from tests.casework.measures import test_extension as extension
from tests.casework.measures import test_releases as releases
from tests.casework.measures.city import answer, put_up, work
from tests.casework.money import test_receiving as till
from tests.casework.test_separation import ACCEPTED, IMMEDIATE, MEETING, begin, do, grant, who

DUTIES = Path(__file__).parents[2] / "docs" / "duties.md"
NOBODY_INSTEAD = {
    "S-08",
    "S-10",
    "S-15",
    "S-17",
    "S-18",
}  # two roles, oversight, the other signer, the database, the window


@dataclass(frozen=True)
class Example:
    """What is refused, and its like that is not."""

    refused: Callable[[Office], Any]
    allowed: Callable[[Office], Any]


def reviewed_by(office: Office, *doers: tuple[str, str], **variables: Any) -> CaseView:
    """A case with these steps done."""
    deploy_text(office, ACCEPTED)
    case = begin(office, **variables)
    for username, element in (("wangfang", "Accept"), *doers):
        do(office, username, case, element)
    return case


def given(office: Office, case: CaseView, element: str, username: str, by: str = "luoming") -> None:
    """A task is given to somebody, who does it."""
    task = open_tasks(office, case.id)[element]
    assign_task(office, who(office, by), task.id, username)
    complete_task(office, who(office, username), task.id)


def accepts_and_reviews(office: Office) -> None:
    grant(office, "wangfang", "reviewer_a")
    given(office, reviewed_by(office), "Review", "wangfang", "chengang")


def immediate(office: Office) -> None:
    deploy_text(office, IMMEDIATE)
    do(office, "wangfang", start_case(office, who(office, "lizhao"), key="p"), "Desk")


def reviews_and_approves(office: Office) -> None:
    case = reviewed_by(office)
    given(office, case, "Review", "zhaomin", "chengang")
    given(office, case, "Approve", "zhaomin")


def issues(office: Office, username: str) -> None:
    grant(office, "liuyang", "issue_clerk")
    given(office, reviewed_by(office, ("zhangwei", "Review"), ("chengang", "Approve")), "Issue", username, "zhaomin")


def approves_what_was_surveyed(office: Office, username: str) -> None:
    case = reviewed_by(office, ("zhangwei", "Review"), survey_inspectors="陈刚、刘洋")
    given(office, case, "Approve", username)


def reviews_after_the_hearing(office: Office, username: str) -> None:
    given(office, reviewed_by(office, hearing_host="张伟"), "Review", username)


def reviews_a_relative(office: Office, username: str) -> None:
    declare_relative(office, who(office, "zhangwei"), kind="SPOUSE", name="李昭")
    given(office, reviewed_by(office, agent="李昭"), "Review", username)


def releases_a_process(office: Office, designer: str) -> None:
    grant(office, "zhengkai", "system_admin")
    put_up(office, releases.ITEM, releases.SUPPORT)
    support = submit_release(office, who(office, designer), releases.revised(*releases.RENAMED))
    work(office)
    answer(office, support, "Task_Office", "tianyue", decision="agree")
    answer(office, support, "Task_Deploy", "guotao", decision="agree")


def asks_for_roles(office: Office, username: str, *roles: str, by: str = "machao") -> UUID:
    grant(office, "zhengkai", "security_admin")
    return ask_roles(office, who(office, by), username, roles, "岗位调整")


def confirms(office: Office, asker: str) -> None:
    decide_roles(
        office, who(office, "machao"), asks_for_roles(office, "zhangwei", "reviewer_b", by=asker), confirmed=True
    )


def complained_about(office: Office, role: str, department: str, person: str, username: str) -> None:
    """Somebody takes a step of a complaint about a person."""
    step = f'<userTask id="T" name="核查" zw:stage="COMPLAINT" zw:role="{role}" zw:dept="{department}"/>'
    deploy_text(office, f'<startEvent id="S"/>{step}<endEvent id="E"/>\nS -> T\nT -> E\n')
    case = start_case(office, who(office, "lizhao"), key="p", variables={"person": person})
    task = open_tasks(office, case.id)["T"]
    complete_task(office, who(office, username), claim_or_keep(office, task.id, username))


def claim_or_keep(office: Office, task_id: UUID, username: str) -> UUID:
    return claim_task(office, who(office, username), task_id).id


def refunds(office: Office, asker: str, decider: str) -> None:
    till.deploy_billed(office)
    till.pay(office, till.the_bill(office, till.begin(office)))
    [payment] = till.payments(office)
    both = {"fee_manager", "finance"}
    asked = ask_refund(
        office, replace(who(office, asker), roles=frozenset(both)), payment.id, payment.amount, reason="不予许可"
    )
    settle_refund(office, replace(who(office, decider), roles=frozenset(both)), asked.id, grant=True)


def accepts_as_agent(office: Office, agent: str) -> None:
    grant(office, "zhouqiang", "counter_clerk")
    deploy_text(office, ACCEPTED)
    case = start_case(office, who(office, agent), key="p")
    do(office, "zhouqiang", case, "Accept")


def extends(office: Office, asker: str) -> None:
    case = extension.accepted(office)
    ask_extension(office, who(office, asker), case, amount=5, reason="案情复杂")
    [request] = case_clocks(office, who(office, "engine"), case).proceedings
    decide_extension(office, who(office, "luoming"), case, request.id, grant=True, notice="延告1号")


def signs_the_minutes(office: Office, username: str) -> None:
    deploy_text(office, MEETING)
    grant(office, "zhengkai", "leader")
    grant(office, "zhouqiang", "leader")
    case = start_case(office, who(office, "lizhao"), key="p")
    do(office, "zhengkai", case, "Minutes")
    do(office, username, case, "Sign")


def completes_the_review(office: Office, username: str) -> None:
    complete_task(office, who(office, username), open_tasks(office, reviewed_by(office).id)["Review"].id)


def changes_the_record(office: Office) -> None:
    """The database refuses, whoever asks; who does it all the same is found by the seal."""
    seal_audit(office)
    try:
        with office.transaction() as records:
            records.execute(text("UPDATE ledger SET actor = 'guotao'"))
    except Exception as error:
        if "written once" not in str(error):
            raise
        raise Refusal("WRITTEN_ONCE", "审计记录不能修改", details={"rule": "S-17"}) from error


def adds_to_the_record(office: Office) -> None:
    assert seal_audit(office) > 0
    assert verify_audit(office).wrong == []


def looks_at_the_number(office: Office, username: str) -> None:
    case = reviewed_by(office, phone="13900000001")
    assert show_contact(office, who(office, username), case.id, "核实投诉") == {"phone": "13900000001"}


EXAMPLES: Mapping[str, Example] = {
    "S-01": Example(accepts_and_reviews, immediate),
    "S-02": Example(reviews_and_approves, lambda office: issues(office, "wuqian")),
    "S-03": Example(lambda office: issues(office, "chengang"), lambda office: issues(office, "wuqian")),
    "S-04": Example(
        lambda office: approves_what_was_surveyed(office, "chengang"),
        lambda office: approves_what_was_surveyed(office, "zhaomin"),
    ),
    "S-05": Example(
        lambda office: reviews_after_the_hearing(office, "zhangwei"),
        lambda office: reviews_after_the_hearing(office, "liuyang"),
    ),
    "S-06": Example(
        lambda office: reviews_a_relative(office, "zhangwei"), lambda office: reviews_a_relative(office, "liuyang")
    ),
    "S-07": Example(
        lambda office: releases_a_process(office, "guotao"), lambda office: releases_a_process(office, "hejing")
    ),
    "S-08": Example(
        lambda office: asks_for_roles(office, "zhangwei", "reviewer_a", "system_admin"),
        lambda office: asks_for_roles(office, "zhangwei", "system_admin"),
    ),
    "S-09": Example(
        lambda office: asks_for_roles(office, "machao", "security_admin", "applicant"),
        lambda office: confirms(office, "tianyue"),
    ),
    "S-10": Example(
        lambda office: given(office, reviewed_by(office), "Review", "sunli", "chengang"),
        lambda office: given(office, reviewed_by(office), "Review", "liuyang", "chengang"),
    ),
    "S-11": Example(
        lambda office: refunds(office, till.MANAGER, till.MANAGER),
        lambda office: refunds(office, till.MANAGER, till.TREASURER),
    ),
    "S-12": Example(
        lambda office: complained_about(office, "resident_leader", "104", "zhangwei", "zhaomin"),
        lambda office: complained_about(office, "complaint_officer", "201", "wangfang", "jiangyue"),
    ),
    "S-13": Example(
        lambda office: accepts_as_agent(office, "zhouqiang"), lambda office: accepts_as_agent(office, "lizhao")
    ),
    "S-14": Example(lambda office: extends(office, "luoming"), lambda office: extends(office, "chengang")),
    "S-15": Example(
        lambda office: signs_the_minutes(office, "zhengkai"), lambda office: signs_the_minutes(office, "zhouqiang")
    ),
    "S-16": Example(
        lambda office: completes_the_review(office, "liuyang"), lambda office: completes_the_review(office, "zhangwei")
    ),
    "S-17": Example(changes_the_record, adds_to_the_record),
    "S-18": Example(
        lambda office: looks_at_the_number(office, "zhangwei"), lambda office: looks_at_the_number(office, "sunli")
    ),
}


@pytest.fixture
def small_procedures(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of money is a diagram of a few nodes."""
    if "S-11" in request.node.name:
        monkeypatch.setattr(families, "FAMILIES", tuple(one for one in families.FAMILIES if one.__name__ in SMALL))
        monkeypatch.setattr(families, "check_limits", lambda *given, **more: None)
        monkeypatch.setattr(families, "check_names", lambda *given, **more: None)


def test_every_rule_has_an_example_and_a_line_in_the_documentation() -> None:
    rules = {f"S-{number:02d}" for number in range(1, 19)}
    assert set(EXAMPLES) == rules
    assert rules <= set(re.findall(r"S-\d\d", DUTIES.read_text("utf-8")))


@pytest.mark.usefixtures("small_procedures")
@pytest.mark.parametrize("rule", sorted(EXAMPLES))
def test_what_a_rule_forbids_is_refused_naming_the_rule_and_who_may_instead(demo_office: Office, rule: str) -> None:
    with pytest.raises(Refusal) as caught:
        EXAMPLES[rule].refused(demo_office)
    details = caught.value.details or {}
    assert details.get("rule") == rule, caught.value
    if rule not in NOBODY_INSTEAD:
        assert details["instead"], caught.value
        names = [one["name"] for one in details["instead"] if "name" in one]
        assert all(name in caught.value.sentence() for name in names)


@pytest.mark.usefixtures("small_procedures")
@pytest.mark.parametrize("rule", sorted(EXAMPLES))
def test_its_like_within_the_rule_is_allowed(demo_office: Office, rule: str) -> None:
    EXAMPLES[rule].allowed(demo_office)
