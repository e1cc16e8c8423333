"""系统管理员: number, process, state and failures of a case; nothing that was filled in, said, decided or handed in (P07)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from service.casework import Office, case_comments, case_incidents, case_journal, get_case, start_case, task_form
from service.casework.listing import COMMENTS, OPERATIONS, TASKS, VARIABLES, Inquiry, list_rows
from service.casework.materials.reading import material_panel
from service.casework.notes.reading import note_panel
from service.casework.papers.reading import case_papers
from service.casework.proof_sheets import proof_sheet
from service.casework.workbench import case_frame, case_list, case_page
from service.rules.refusals import Missing
from tests.casework.desk import CLERK, ENGINE, FOUR_STAGES, KEEPER, SUPERVISOR, deploy_text, hire, open_tasks


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
