"""Security labels of fields from every door: whoever is not entitled reads no sensitive value, and does not overwrite one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from service.casework import claim_task, complete_task, field_labels, find_actor, start_case
from service.casework.actors import Actor
from service.casework.listing import VARIABLES, Inquiry, list_rows
from service.casework.masking import show_whole
from service.casework.office import Office
from service.casework.reading import case_journal, task_form
from service.casework.variables import case_variables, task_variables
from service.casework.views import CaseView
from service.casework.workbench import case_page, task_page
from service.store.database import count_statements
from tests.casework.desk import deploy_text, journal_of, open_tasks

SECRET, NICK = "二型糖尿病", "老李头"
SAID = {"diagnosis": SECRET, "nickname": NICK}
FORM = json.dumps({
    "type": "default", "id": "health",
    "components": [
        {"key": "diagnosis", "type": "textarea", "id": "d", "label": "诊断", "properties": {"zw:label": "sensitive"}},
        {"key": "nickname", "type": "textfield", "id": "n", "label": "称呼", "properties": {"zw:label": "personal"}},
    ],
})  # fmt: skip
TASKS = (
    '<startEvent id="S"/>'
    '<userTask id="Accept" name="受理" zw:stage="ACCEPT" zw:role="counter_clerk" camunda:formKey="health"/>'
    '<userTask id="Review" name="审核" zw:stage="REVIEW" zw:role="reviewer_a" zw:dept="104"/><endEvent id="E"/>'
    "\nS -> Accept\nAccept -> Review\nReview -> E\n"
)


def who(office: Office, username: str) -> Actor:
    found = find_actor(office, username)
    assert found is not None
    return found


@pytest.fixture
def case(demo_office: Office) -> CaseView:
    """A case at its review; the window has taken down what the applicant said."""
    deploy_text(demo_office, TASKS, forms={"health.form": FORM})
    case = start_case(demo_office, who(demo_office, "lizhao"), key="p", variables={"project": "医养", **SAID})
    accept = open_tasks(demo_office, case.id)["Accept"].id
    claim_task(demo_office, who(demo_office, "wangfang"), accept)
    complete_task(demo_office, who(demo_office, "wangfang"), accept, answers=SAID)
    return case


SURFACES: dict[str, Callable[[Office, Actor, CaseView], Any]] = {
    "case variables": lambda office, actor, case: case_variables(office, actor, case.id),
    "task variables": lambda office, actor, case: task_variables(
        office, actor, open_tasks(office, case.id)["Review"].id
    ),
    "form": lambda office, actor, case: task_form(office, actor, open_tasks(office, case.id)["Review"].id).data,
    "journal": lambda office, actor, case: case_journal(office, actor, case.id),
    "list of variables": lambda office, actor, case: list_rows(
        office, actor, VARIABLES, Inquiry(filters={"process_instance_id": case.id})
    ),
    "case page": lambda office, actor, case: case_page(office, actor, case.id),
    "task page": lambda office, actor, case: task_page(office, actor, open_tasks(office, case.id)["Review"].id),
}


@pytest.mark.parametrize("surface", SURFACES)
def test_a_sensitive_value_is_read_by_its_applicant_and_whoever_holds_a_task_only(
    demo_office: Office, case: CaseView, surface: str
) -> None:
    read = {
        username: repr(SURFACES[surface](demo_office, who(demo_office, username), case))
        for username in ("zhangwei", "liuyang", "chengang", "tianyue", "sunli", "wangfang", "engine")
    }
    seen = {username for username, text in read.items() if SECRET in text}
    assert seen == {"zhangwei", "engine"}
    assert {username for username, text in read.items() if NICK in text} == {"wangfang", "engine"}


def test_the_applicant_reads_what_they_said(demo_office: Office, case: CaseView) -> None:
    read = case_variables(demo_office, who(demo_office, "lizhao"), case.id)
    assert (read["diagnosis"].value, read["nickname"].value) == (SECRET, NICK)


def test_another_process_that_never_ran_the_version_masks_as_well(demo_office: Office, case: CaseView) -> None:
    field_labels._known.clear()
    assert SECRET not in repr(case_variables(demo_office, who(demo_office, "sunli"), case.id))


def test_what_comes_back_masked_overwrites_nothing(demo_office: Office, case: CaseView) -> None:
    review = open_tasks(demo_office, case.id)["Review"].id
    complete_task(demo_office, who(demo_office, "zhangwei"), review, answers={"nickname": "老***", "opinion": "可"})
    line = next(one for one in journal_of(demo_office, case.id) if one.actor == "zhangwei" and one.detail)
    assert (line.detail or {})["answers"]["nickname"] == NICK


def test_with_a_reason_it_is_shown_and_the_journal_names_the_fields(demo_office: Office, case: CaseView) -> None:
    assert show_whole(demo_office, who(demo_office, "sunli"), case.id, "核实投诉").values["diagnosis"] == SECRET
    line = journal_of(demo_office, case.id)[-1]
    assert (line.action, (line.detail or {})["shown"]) == ("contact:shown", ["Accept", "diagnosis", "nickname"])
    assert SECRET not in json.dumps(line.detail, ensure_ascii=False)


def test_a_list_of_values_costs_the_same_for_many_cases_as_for_one(demo_office: Office, case: CaseView) -> None:
    reader = who(demo_office, "tianyue")
    wanted = Inquiry(filters={"variable_name": "project"})
    list_rows(demo_office, reader, VARIABLES, wanted)

    def statements() -> int:
        with count_statements(demo_office.database) as counted:
            assert list_rows(demo_office, reader, VARIABLES, wanted)
        return len(counted.sql)

    one = statements()
    for number in range(4):
        start_case(demo_office, who(demo_office, "lizhao"), key="p", variables={"project": f"医养 {number}"})
    list_rows(demo_office, reader, VARIABLES, wanted)
    assert statements() == one
