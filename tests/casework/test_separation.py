"""岗位分离 (DOMAIN B.3): one claim per rule and exception; what is refused names the rule and who may act instead."""

from __future__ import annotations

from typing import Any

import pytest

from service.casework import assign_task, attend_due, claim_task, complete_task, find_actor, record_absence, start_case
from service.casework.actors import Actor
from service.casework.assigning import comment_task, delegate_task
from service.casework.letters import declare_relative, register_letter, withdraw_letter
from service.casework.letters.registering import LetterForm, activate_letter
from service.casework.office import Office
from service.casework.powers import needs_letter, require_power
from service.casework.views import CaseView
from service.rules.absences import AbsenceKind
from service.rules.letters import Power
from service.rules.refusals import Forbidden, Refusal
from service.store.letters import LetterRow
from tests.casework.desk import CHIEF, FOUR_STAGES, deploy_text, journal_of, open_tasks
from tests.conftest import Clock

ACCEPTED = FOUR_STAGES.replace("reviewer_b", "counter_clerk").replace('zw:dept="104"', 'zw:dept="201"', 1)
MEETING = (
    '<startEvent id="S"/><userTask id="Minutes" name="起草纪要" zw:stage="MEETING" zw:role="agency_officer" zw:dept="201"/>'
    '<userTask id="Sign" name="签发纪要" zw:stage="MEETING" zw:role="leader" zw:dept="201"/><endEvent id="E"/>'
    "\nS -> Minutes\nMinutes -> Sign\nSign -> E\n"
)
IMMEDIATE = (
    '<startEvent id="S"/><userTask id="Desk" name="当场办理" zw:stage="ACCEPT REVIEW APPROVE ISSUE" zw:role="counter_clerk"'
    ' zw:dept="201"/><endEvent id="E"/>\nS -> Desk\nDesk -> E\n'
)


def who(office: Office, username: str) -> Actor:
    found = find_actor(office, username)
    assert found is not None
    return found


def grant(office: Office, username: str, *roles: str) -> None:
    """Somebody of the cast gets roles besides."""
    with office.transaction() as records:
        person = records.people.find(username)
        assert person is not None
        records.people.set_roles(person.id, person.roles | set(roles))


def begin(office: Office, **variables: Any) -> CaseView:
    return start_case(
        office, who(office, "lizhao"), key="p", variables={"applicant": "云溪华印制罐有限公司", **variables}
    )


def do(office: Office, username: str, case: CaseView, element: str, **said: Any) -> None:
    task = open_tasks(office, case.id)[element]
    if task.assignee is None:
        claim_task(office, who(office, username), task.id)
    complete_task(office, who(office, username), task.id, variables=said)


def refused(act: Any, *arguments: Any, **named: Any) -> Refusal:
    with pytest.raises(Forbidden) as caught:
        act(*arguments, **named)
    return caught.value


def rule_of(refusal: Refusal) -> tuple[str, list[str]]:
    return refusal.details["rule"], [one["username"] for one in refusal.details["instead"]]


@pytest.fixture
def city(demo_office: Office) -> Office:
    deploy_text(demo_office, ACCEPTED)
    return demo_office


# -- S-01 to S-03 ---------------------------------------------------------------------------------------------------


def test_s01_who_accepted_may_not_be_given_the_review(city: Office) -> None:
    grant(city, "wangfang", "reviewer_a")
    case = begin(city)
    do(city, "wangfang", case, "Accept")
    review = open_tasks(city, case.id)["Review"]
    found = refused(assign_task, city, who(city, "chengang"), review.id, "wangfang")
    assert found.code == "DUTIES_SEPARATED"
    assert rule_of(found) == ("S-01", ["zhangwei", "liuyang", "chengang", "zhaomin", "luoming"])
    assert "张伟" in found.sentence()


def test_s01_one_person_may_do_all_of_an_immediate_item(demo_office: Office) -> None:
    deploy_text(demo_office, IMMEDIATE)
    case = start_case(demo_office, who(demo_office, "lizhao"), key="p")
    do(demo_office, "wangfang", case, "Desk")
    assert open_tasks(demo_office, case.id) == {}


def test_s02_who_reviewed_may_not_approve(city: Office) -> None:
    case = begin(city)
    do(city, "wangfang", case, "Accept")
    review = open_tasks(city, case.id)["Review"]
    assign_task(city, who(city, "chengang"), review.id, "zhaomin")
    complete_task(city, who(city, "zhaomin"), review.id)
    approve = open_tasks(city, case.id)["Approve"]
    found = refused(assign_task, city, who(city, "chengang"), approve.id, "zhaomin")
    assert rule_of(found) == ("S-02", ["chengang", "luoming"])


def test_s02_a_chief_who_took_the_review_over_hands_the_approval_to_the_leader(city: Office) -> None:
    case = begin(city)
    do(city, "wangfang", case, "Accept")
    review = open_tasks(city, case.id)["Review"]
    assign_task(city, who(city, "chengang"), review.id, "chengang")
    complete_task(city, who(city, "chengang"), review.id)
    assert open_tasks(city, case.id)["Approve"].assignee == "zhaomin"


def test_s03_who_approved_may_not_issue(city: Office) -> None:
    case = begin(city)
    do(city, "wangfang", case, "Accept")
    for username, element in (("zhangwei", "Review"), ("chengang", "Approve")):
        do(city, username, case, element)
    issue = open_tasks(city, case.id)["Issue"]
    found = refused(assign_task, city, who(city, "zhaomin"), issue.id, "chengang")
    assert rule_of(found)[0] == "S-03"


# -- S-04, S-05 are looked at in tests/processes/test_promised_cases.py too -------------------------------------------


def test_s04_who_inspected_the_site_may_not_approve(city: Office) -> None:
    case = begin(city, survey_inspectors="陈刚、刘洋")
    do(city, "wangfang", case, "Accept")
    do(city, "zhangwei", case, "Review")
    approve = open_tasks(city, case.id)["Approve"]
    assert approve.assignee is None
    found = refused(claim_task, city, who(city, "chengang"), approve.id)
    assert (found.code, *rule_of(found)) == ("INSPECTOR_DECIDES", "S-04", ["zhaomin", "luoming"])


# -- S-06 -------------------------------------------------------------------------------------------------------------


def test_s06_a_task_about_a_declared_relative_is_not_placed_with_the_person(city: Office) -> None:
    declare_relative(city, who(city, "zhangwei"), kind="SPOUSE", name="李昭")
    case = begin(city, agent="李昭")
    do(city, "wangfang", case, "Accept")
    review = open_tasks(city, case.id)["Review"]
    assert review.assignee is None
    found = refused(claim_task, city, who(city, "zhangwei"), review.id)
    assert (found.code, *rule_of(found)) == ("RELATIVE_AVOIDED", "S-06", ["liuyang", "chengang", "zhaomin", "luoming"])


def test_s06_holds_at_completion_when_the_relative_was_declared_afterwards(city: Office) -> None:
    case = begin(city, shareholders="李昭 60%\n王五 40%")
    do(city, "wangfang", case, "Accept")
    review = open_tasks(city, case.id)["Review"]
    assert review.assignee == "zhangwei"
    declare_relative(city, who(city, "zhangwei"), kind="IN_LAW", name="王五")
    assert refused(complete_task, city, who(city, "zhangwei"), review.id).code == "RELATIVE_AVOIDED"


def test_s06_somebody_never_handles_an_application_of_their_own(city: Office) -> None:
    case = begin(city, applicant="张伟", applicant_kind="person")
    do(city, "wangfang", case, "Accept")
    review = open_tasks(city, case.id)["Review"]
    assert refused(claim_task, city, who(city, "zhangwei"), review.id).code == "RELATIVE_AVOIDED"


def test_s06_two_numbers_tell_namesakes_apart(city: Office) -> None:
    declare_relative(city, who(city, "zhangwei"), kind="SELF", name="张伟", identity="410101198001010011")
    case = begin(city, applicant="张伟", applicant_id_no="41010119900101002X")
    do(city, "wangfang", case, "Accept")
    assert open_tasks(city, case.id)["Review"].assignee == "zhangwei"
    other = begin(city, applicant="某某", applicant_id_no="410101198001010011")
    do(city, "wangfang", other, "Accept")
    assert open_tasks(city, other.id)["Review"].assignee is None


def test_s06_the_colleague_named_in_the_refusal_can_do_it(city: Office) -> None:
    declare_relative(city, who(city, "zhangwei"), kind="LINEAL", name="李昭")
    case = begin(city, contact="李昭")
    do(city, "wangfang", case, "Accept")
    review = open_tasks(city, case.id)["Review"]
    assign_task(city, who(city, "chengang"), review.id, "liuyang")
    complete_task(city, who(city, "liuyang"), review.id)
    assert "Approve" in open_tasks(city, case.id)


# -- S-13, S-15 -------------------------------------------------------------------------------------------------------


def test_s13_an_agent_takes_no_part_in_handling_what_they_filed(city: Office) -> None:
    grant(city, "zhouqiang", "counter_clerk")
    case = start_case(city, who(city, "zhouqiang"), key="p")
    accept = open_tasks(city, case.id)["Accept"]
    found = refused(claim_task, city, who(city, "zhouqiang"), accept.id)
    assert (found.code, *rule_of(found)) == ("AGENT_HANDLES", "S-13", ["wangfang"])


def test_s13_does_not_keep_agents_from_cases_of_others(city: Office) -> None:
    grant(city, "zhouqiang", "counter_clerk")
    case = begin(city)
    do(city, "zhouqiang", case, "Accept")
    assert "Review" in open_tasks(city, case.id)


def test_s15_who_kept_the_minutes_does_not_sign_them_as_convener(demo_office: Office) -> None:
    deploy_text(demo_office, MEETING)
    grant(demo_office, "zhengkai", "leader")
    case = start_case(demo_office, who(demo_office, "lizhao"), key="p")
    do(demo_office, "zhengkai", case, "Minutes")
    sign = open_tasks(demo_office, case.id)["Sign"]
    found = refused(claim_task, demo_office, who(demo_office, "zhengkai"), sign.id)
    assert (found.code, found.details["rule"]) == ("MINUTES_OWN", "S-15")


# -- S-16 -------------------------------------------------------------------------------------------------------------


def test_s16_every_act_of_a_stand_in_says_for_whom(city: Office, clock: Clock) -> None:
    record_absence(city, who(city, "zhangwei"), "zhangwei", kind=AbsenceKind.SUDDEN)
    while attend_due(city):
        pass
    case = begin(city)
    do(city, "wangfang", case, "Accept")
    review, deputy = open_tasks(city, case.id)["Review"], who(city, "liuyang")
    assert (review.assignee, review.acting_for) == ("liuyang", "zhangwei")
    claim_task(city, deputy, review.id)
    comment_task(city, deputy, review.id, "已核对图纸")
    complete_task(city, deputy, review.id)
    said = {
        line.action: (line.detail or {}).get("acting_for")
        for line in journal_of(city, case.id)
        if line.actor == "liuyang"
    }
    assert said == {"task:claimed": "zhangwei", "task:commented": "zhangwei", "task:completed": "zhangwei"}


def test_s16_the_deputy_may_not_act_while_the_holder_is_there_and_the_light_is_green(city: Office) -> None:
    case = begin(city)
    do(city, "wangfang", case, "Accept")
    review = open_tasks(city, case.id)["Review"]
    assert refused(complete_task, city, who(city, "liuyang"), review.id).code == "TASK_FORBIDDEN"


def test_guards_are_asked_when_a_task_is_delegated(city: Office) -> None:
    declare_relative(city, who(city, "liuyang"), kind="SPOUSE", name="李昭")
    case = begin(city, agent="李昭")
    do(city, "wangfang", case, "Accept")
    review = open_tasks(city, case.id)["Review"]
    assert refused(delegate_task, city, who(city, "zhangwei"), review.id, "liuyang").details["rule"] == "S-06"


# -- DF-12 ------------------------------------------------------------------------------------------------------------


def letters_of(office: Office, username: str) -> tuple[LetterRow, ...]:
    with office.reading() as records:
        return tuple(row for row in records.letters.listing("104") if row.grantee == username)


def limited(office: Office, *items: str) -> LetterRow:
    """The chief's letter covers these items only."""
    for row in letters_of(office, "chengang"):
        withdraw_letter(office, who(office, "luoming"), row.id, "重新授权")
    with office.reading() as records:
        today = records.now.date()
    form = LetterForm(
        department="104", grantor="罗明", grantee="chengang", deputy="zhaomin", items=items, powers=("APPROVE",),
        valid_from=today, valid_to=today.replace(month=12, day=31),
    )  # fmt: skip
    row = register_letter(office, who(office, "luoming"), form)
    return activate_letter(office, who(office, "machao"), row.id)


def up_to_approval(office: Office, code: str) -> tuple[CaseView, Any]:
    """A case of an item, reviewed; the register of the test knows the department's items by their processes only."""
    deploy_text(office, f'<process id="p" name="事项" isExecutable="true" zw:item="{code}">{ACCEPTED}</process>')
    case = begin(office)
    do(office, "wangfang", case, "Accept")
    do(office, "zhangwei", case, "Review")
    return case, open_tasks(office, case.id)["Approve"]


@pytest.fixture
def catalogued(demo_office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A city whose register has three items of 104."""
    monkeypatch.setattr(
        "service.casework.letters.registering.item_codes",
        lambda records, department: {"104-XK-001", "104-XK-002", "104-XK-006"},
    )
    return demo_office


def test_a_decision_outside_the_letter_is_refused_and_names_who_may_decide(catalogued: Office) -> None:
    letter = limited(catalogued, "104-XK-001", "104-XK-002")
    case, approve = up_to_approval(catalogued, "104-XK-006")
    found = refused(assign_task, catalogued, who(catalogued, "luoming"), approve.id, "chengang")
    assert (found.code, *rule_of(found)) == ("OUTSIDE_LETTER", "DF-12", ["zhaomin", "luoming"])
    assert letter.number.startswith("SQ-104-2026-")
    assert "104-XK-006" in found.sentence()


def test_the_same_letter_covers_the_items_it_names(catalogued: Office) -> None:
    limited(catalogued, "104-XK-001", "104-XK-002")
    case, approve = up_to_approval(catalogued, "104-XK-001")
    assert approve.assignee == "chengang"
    complete_task(catalogued, who(catalogued, "chengang"), approve.id)


def test_a_letter_withdrawn_after_the_task_opened_is_no_letter(demo_office: Office) -> None:
    case, approve = up_to_approval(demo_office, "104-XK-001")
    for row in letters_of(demo_office, "chengang"):
        withdraw_letter(demo_office, who(demo_office, "luoming"), row.id, "调离")
    for row in letters_of(demo_office, "zhaomin"):
        withdraw_letter(demo_office, who(demo_office, "machao"), row.id, "调离")
    found = refused(complete_task, demo_office, who(demo_office, "chengang"), approve.id)
    assert (found.code, *rule_of(found)) == ("OUTSIDE_LETTER", "DF-12", ["luoming"])


def test_a_letter_that_has_run_out_is_no_letter(demo_office: Office, clock: Clock) -> None:
    case, approve = up_to_approval(demo_office, "104-XK-001")
    with demo_office.transaction() as records:
        for row in records.letters.listing("104"):
            records.letters.change(row.id, {"valid_to": records.now.date()})
    clock.advance(days=1)
    assert refused(complete_task, demo_office, who(demo_office, "chengang"), approve.id).code == "OUTSIDE_LETTER"


def test_the_stand_in_a_letter_names_acts_on_it(demo_office: Office) -> None:
    for row in letters_of(demo_office, "zhaomin"):
        withdraw_letter(demo_office, who(demo_office, "machao"), row.id, "调离")
    record_absence(demo_office, who(demo_office, "chengang"), "chengang", kind=AbsenceKind.SUDDEN)
    case, approve = up_to_approval(demo_office, "104-XK-001")
    assert (approve.assignee, approve.acting_for) == ("zhaomin", "chengang")
    complete_task(demo_office, who(demo_office, "zhaomin"), approve.id)


def test_the_head_of_the_department_decides_without_a_letter(demo_office: Office) -> None:
    case, approve = up_to_approval(demo_office, "104-XK-001")
    assign_task(demo_office, who(demo_office, "chengang"), approve.id, "luoming")
    complete_task(demo_office, who(demo_office, "luoming"), approve.id)


def test_a_program_completes_without_a_letter(demo_office: Office) -> None:
    case, approve = up_to_approval(demo_office, "104-XK-001")
    with demo_office.transaction() as records:
        for row in records.letters.listing("104"):
            records.letters.change(row.id, {"state": "WITHDRAWN"})
    complete_task(demo_office, who(demo_office, "engine"), approve.id)


# -- DF-12 beside decisions --------------------------------------------------------------------------------------------


def test_a_chief_takes_over_a_review_only_with_the_power(catalogued: Office) -> None:
    limited(catalogued, "104-XK-001")
    deploy_text(
        catalogued, f'<process id="p" name="事项" isExecutable="true" zw:item="104-XK-001">{ACCEPTED}</process>'
    )
    case = begin(catalogued)
    do(catalogued, "wangfang", case, "Accept")
    review = open_tasks(catalogued, case.id)["Review"]
    found = refused(assign_task, catalogued, who(catalogued, "luoming"), review.id, "chengang")
    rule, instead = rule_of(found)
    assert (found.code, rule) == ("OUTSIDE_LETTER", "DF-12")
    assert {"liuyang", "zhaomin", "luoming"} <= {*instead} and "chengang" not in instead
    assert "审核" in found.sentence()
    complete_task(catalogued, who(catalogued, "zhangwei"), review.id)  # one's own post needs no letter


def test_the_same_chief_reviews_with_it(demo_office: Office) -> None:
    deploy_text(demo_office, ACCEPTED)
    case = begin(demo_office)
    do(demo_office, "wangfang", case, "Accept")
    review = open_tasks(demo_office, case.id)["Review"]
    assign_task(demo_office, who(demo_office, "luoming"), review.id, "chengang")
    complete_task(demo_office, who(demo_office, "chengang"), review.id)


def test_what_is_not_enforced_is_not_asked(office: Office) -> None:
    """LIANBAN_LETTERS=registered, and no letter in the register."""
    with office.reading() as records:
        assert not needs_letter(records, "chengang", "104", "REVIEW", "reviewer_a")
        require_power(records, CHIEF, "104", Power.SEAL, "104-XK-001")


def test_papers_with_the_seal_need_the_power_of_the_seal(catalogued: Office) -> None:
    limited(catalogued, "104-XK-001")
    chief, reviewer = who(catalogued, "chengang"), who(catalogued, "zhangwei")
    with catalogued.reading() as records:
        with pytest.raises(Forbidden) as caught:
            require_power(records, chief, "104", Power.SEAL, "104-XK-001")
        require_power(records, chief, "104", Power.APPROVE, "104-XK-001")
        require_power(records, reviewer, "104", Power.SEAL, "104-XK-001")  # has no letter and needs none
        require_power(records, who(catalogued, "luoming"), "104", Power.SEAL, None)
    rule, instead = rule_of(caught.value)
    assert (caught.value.code, rule, sorted(instead)) == ("OUTSIDE_LETTER", "DF-12", ["luoming", "zhaomin"])
    assert "用章" in caught.value.sentence()
