"""系统管理员: number, process, state and failures of a case; nothing that was filled in, said, decided or handed in (P07)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from service.casework import (
    Office,
    broadcast,
    case_comments,
    case_incidents,
    case_journal,
    case_variables,
    correlate,
    get_case,
    get_task,
    set_variables,
    start_case,
    task_form,
)
from service.casework.actors import Actor
from service.casework.listing import CASES, COMMENTS, OPERATIONS, TASKS, VARIABLES, Inquiry, list_rows
from service.casework.materials.reading import material_panel
from service.casework.messages.queueing import queue_message
from service.casework.messages.reading import message_log
from service.casework.messages.receivers import Receiver
from service.casework.money.viewing import bill_list
from service.casework.notes.reading import note_panel
from service.casework.papers.reading import case_papers
from service.casework.proof_sheets import proof_sheet
from service.casework.variables import variable_names
from service.casework.workbench import case_frame, case_list, case_page
from service.rules.message_texts import Audience
from service.rules.refusals import Forbidden, Invalid, Missing
from tests.casework.desk import (
    CAST,
    CLERK,
    ENGINE,
    FOUR_STAGES,
    KEEPER,
    STRANGER,
    SUPERVISOR,
    deploy_text,
    hire,
    journal_of,
    open_tasks,
)

OFFICE = Actor(username="tianyue", name="田悦", roles=frozenset({"business_office"}))


@pytest.fixture
def case(any_office: Office) -> UUID:
    hire(any_office)
    deploy_text(any_office, FOUR_STAGES, key="p")
    return start_case(any_office, CLERK, key="p", variables={"opinion": "保密"}).id


@pytest.mark.parametrize(
    "read", [case_page, case_journal, case_comments, material_panel, case_papers, note_panel, proof_sheet]
)
def test_a_technician_reads_nothing_of_a_case(any_office: Office, case: UUID, read) -> None:
    read(any_office, SUPERVISOR, case)
    for actor in (KEEPER, replace(KEEPER, department="104")):  # also when the case is at a desk of their department
        with pytest.raises(Missing) as caught:
            read(any_office, actor, case)
        assert caught.value.code == "CASE_NOT_FOUND"


def test_a_technician_sees_where_a_case_stands(any_office: Office, case: UUID) -> None:
    assert get_case(any_office, KEEPER, case).state == "ACTIVE" and case_incidents(any_office, KEEPER, case) == ()
    assert [one.id for one in case_list(any_office, KEEPER).items] == [case]
    frame = case_frame(any_office, KEEPER, case)
    assert [one.row.name for one in frame.open_tasks] == ["受理"] and frame.diagrams
    assert (frame.journal, frame.comments, frame.answered, frame.variables, frame.proceedings) == ((), (), (), (), ())
    assert frame.application == (None, {}) and "保密" not in str(frame)


def test_the_form_of_a_task_is_not_there_for_a_technician(any_office: Office, case: UUID) -> None:
    with pytest.raises(Missing) as caught:
        task_form(any_office, KEEPER, open_tasks(any_office, case)["Accept"].id)
    assert caught.value.code == "TASK_NOT_FOUND"


def test_lists_give_a_technician_rows_without_what_is_said(any_office: Office, case: UUID) -> None:
    assert len(list_rows(any_office, KEEPER, TASKS, Inquiry())) == 1
    for actor in (KEEPER, replace(KEEPER, department="104")):
        for listing in (VARIABLES, OPERATIONS, COMMENTS):
            assert list_rows(any_office, actor, listing, Inquiry()) == ()
    assert list_rows(any_office, SUPERVISOR, VARIABLES, Inquiry()) and case


def test_a_case_about_a_person_is_not_there_for_a_technician(any_office: Office) -> None:
    hire(any_office)
    deploy_text(any_office, FOUR_STAGES, key="support_SP_14")
    case = start_case(any_office, ENGINE, key="support_SP_14").id
    with pytest.raises(Missing):
        case_frame(any_office, KEEPER, case)


# -- what they operate without reading it --------------------------------------------------------------------------------


def test_the_title_of_a_case_is_not_told_to_a_technician(any_office: Office) -> None:
    hire(any_office, (*CAST, OFFICE))
    deploy_text(any_office, FOUR_STAGES, key="p")
    case = start_case(any_office, CLERK, key="p", title="李昭的申请", business_key="SQ-1").id
    task = open_tasks(any_office, case)["Accept"]
    for actor, title in ((OFFICE, "李昭的申请"), (KEEPER, None)):
        assert get_case(any_office, actor, case).title == title
        assert get_task(any_office, actor, task.id).case.title == title
        assert [one.title for one in case_list(any_office, actor).items] == [title]
        for listing in (CASES, TASKS):
            assert [one.title for one in list_rows(any_office, actor, listing, Inquiry())] == [title]
        frame = case_frame(any_office, actor, case)
        assert (frame.case.title, frame.case.business_key) == (title, "SQ-1")
        assert ("李昭" in repr(frame)) is (title is not None)


def test_what_is_not_shown_is_not_found_out_by_searching(any_office: Office) -> None:
    hire(any_office, (*CAST, OFFICE))
    deploy_text(any_office, FOUR_STAGES, key="p")
    start_case(any_office, CLERK, key="p", title="李昭的申请", business_key="SQ-1")
    assert [case_list(any_office, one, search="李昭").total for one in (OFFICE, KEEPER)] == [1, 0]
    assert case_list(any_office, KEEPER, search="SQ-1").total == 1
    with pytest.raises(Forbidden) as caught:
        list_rows(any_office, KEEPER, CASES, Inquiry(filters={"title_like": "%李%"}))
    assert caught.value.code == "TITLE_FILTER"


def test_who_may_not_read_a_value_does_not_write_one(any_office: Office) -> None:
    hire(any_office, (*CAST, OFFICE))
    deploy_text(any_office, FOUR_STAGES, key="p")
    case = start_case(any_office, CLERK, key="p", variables={"opinion": "保密"}).id
    for act in (
        lambda: set_variables(any_office, KEEPER, case, {"opinion": "改"}, reason="修复"),
        lambda: broadcast(any_office, KEEPER, "停", {"opinion": "改"}),
        lambda: correlate(any_office, KEEPER, "补正", variables={"opinion": "改"}),
    ):
        with pytest.raises(Forbidden) as caught:
            act()
        assert caught.value.code == "VARIABLES_BY_READERS"
    for reason in (None, " ", "修"):
        with pytest.raises(Invalid) as missing:
            set_variables(any_office, OFFICE, case, {"opinion": "改"}, reason=reason)
        assert missing.value.code == "REASON_MISSING"
    set_variables(any_office, OFFICE, case, {"opinion": "改"}, reason="申请人更正")
    line = journal_of(any_office, case)[-1]
    assert (line.actor, line.detail) == (OFFICE.username, {"names": ["opinion"], "reason": "申请人更正"})
    assert case_variables(any_office, OFFICE, case)["opinion"].value == "改"


def test_names_and_types_are_there_for_who_repairs(any_office: Office, case: UUID) -> None:
    assert [(one.scope, one.name, one.type) for one in variable_names(any_office, KEEPER, case)] == [
        (None, "opinion", "String")
    ]
    with pytest.raises(Missing):
        variable_names(any_office, STRANGER, case)


def test_bills_cards_and_what_messages_say_are_not_theirs(any_office: Office, case: UUID) -> None:
    with any_office.transaction() as records:
        queue_message(
            any_office, records, code="M01", values={"item": "施工许可证核发", "short": "…0042-0"},
            to=Receiver(audience=Audience.APPLICANT, account="lizhao"), case_id=case,
        )  # fmt: skip
    shown = message_log(any_office, KEEPER)
    assert shown.items and not shown.contents
    assert {(one.text, one.title) for one in shown.items} == {("", None)} and {
        str(one.places) for one in shown.items
    } == {"{}"}
    with pytest.raises(Forbidden):
        bill_list(any_office, KEEPER)
