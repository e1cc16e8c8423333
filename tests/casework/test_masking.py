"""隔离墙 (SM-13, SM-14, S-18): what each role receives of how applicants are reached, from every door of casework."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from service.casework import assign_task, claim_task, complete_task, find_actor, start_case
from service.casework.actors import Actor
from service.casework.assigning import comment_task, task_comments
from service.casework.listing import (
    CASES,
    EXECUTIONS,
    OPERATORS,
    TASKS,
    VARIABLES,
    Condition,
    Inquiry,
    Listing,
    count_rows,
    list_rows,
)
from service.casework.masking import show_contact, show_whole
from service.casework.messages.undelivered import repeat_message, show_address, tell_by_phone
from service.casework.notes.queries import answer_query, ask_applicant
from service.casework.notes.reading import note_panel
from service.casework.notes.writing import write_note
from service.casework.office import Office
from service.casework.reading import case_comments, case_journal, task_form
from service.casework.variables import case_variables, task_variables
from service.casework.views import CaseView
from service.casework.workbench import case_page, task_page
from service.rules.masked_texts import known_of, masked_text
from service.rules.masking import masked_contact, unmasked
from service.rules.refusals import Forbidden, Invalid, Missing
from tests.casework.desk import deploy_text, journal_of, open_tasks
from tests.casework.test_letters import PIXEL
from tests.casework.test_separation import ACCEPTED
from tests.conftest import Clock

PHONE, MAIL, HOME = "13900000001", "lizhao@example.cn", "云溪市经开区科创路18号3单元502"
CONTACT = {
    "applicant": "李昭", "applicant_kind": "person", "phone": PHONE, "email": MAIL, "address": HOME,
    "contacts": [{"name": "王五", "phone": "13900000002"}], "remark": "请打13900000003", "project": "年产2亿只金属罐项目",
}  # fmt: skip
HIDDEN = (PHONE, MAIL, HOME, "13900000002", "13900000003")
MASKED = ("zhangwei", "liuyang", "chengang", "zhaomin", "luoming", "tianyue", "sunli", "jiangyue")
WHOLE = ("lizhao", "wangfang", "engine")


def who(office: Office, username: str) -> Actor:
    found = find_actor(office, username)
    assert found is not None
    return found


@pytest.fixture
def city(demo_office: Office) -> Office:
    deploy_text(demo_office, ACCEPTED)
    return demo_office


def reviewed(office: Office) -> CaseView:
    """A case before its review; what was answered at the window stands in the journal."""
    case = start_case(office, who(office, "lizhao"), key="p", variables=CONTACT)
    accept = open_tasks(office, case.id)["Accept"]
    claim_task(office, who(office, "wangfang"), accept.id)
    complete_task(office, who(office, "wangfang"), accept.id, answers={"phone": PHONE, "note": "已核"})
    return case


SURFACES: dict[str, Callable[[Office, Actor, CaseView], Any]] = {
    "form": lambda office, actor, case: task_form(office, actor, open_tasks(office, case.id)["Review"].id).data,
    "task variables": lambda office, actor, case: task_variables(
        office, actor, open_tasks(office, case.id)["Review"].id
    ),
    "case variables": lambda office, actor, case: case_variables(office, actor, case.id),
    "journal": lambda office, actor, case: case_journal(office, actor, case.id),
    "list of variables": lambda office, actor, case: list_rows(
        office, actor, VARIABLES, Inquiry(filters={"process_instance_id": case.id})
    ),
    "case page": lambda office, actor, case: case_page(office, actor, case.id),
    "task page": lambda office, actor, case: task_page(office, actor, open_tasks(office, case.id)["Review"].id),
}


@pytest.mark.parametrize("surface", SURFACES)
def test_reviewers_approvers_and_overseers_receive_it_masked(city: Office, surface: str) -> None:
    case = reviewed(city)
    for username in MASKED:
        text = repr(SURFACES[surface](city, who(city, username), case))
        assert [one for one in HIDDEN if one in text] == [], username


@pytest.mark.parametrize("surface", SURFACES)
def test_the_applicant_the_window_and_programs_receive_it_whole(city: Office, surface: str) -> None:
    case = reviewed(city)
    for username in WHOLE:
        try:
            text = repr(SURFACES[surface](city, who(city, username), case))
        except Missing:  # a task of the house is not shown to the applicant
            continue
        assert PHONE in text, username


def test_what_a_decision_needs_stays_readable(city: Office) -> None:
    case = reviewed(city)
    shown = {name: one.value for name, one in case_variables(city, who(city, "zhangwei"), case.id).items()}
    assert shown["phone"] == "139****0001"
    assert (shown["applicant"], shown["project"]) == ("李昭", "年产2亿只金属罐项目")
    assert shown["contacts"] == [{"name": "王五", "phone": "139****0002"}]


def test_a_reviewer_who_completes_is_not_told_either(city: Office) -> None:
    case = reviewed(city)
    done = complete_task(city, who(city, "zhangwei"), open_tasks(city, case.id)["Review"].id)
    assert [one for one in HIDDEN if one in repr(done.variables)] == []


def test_a_masked_value_that_comes_back_does_not_overwrite_the_whole_one(city: Office) -> None:
    case = reviewed(city)
    complete_task(
        city,
        who(city, "zhangwei"),
        open_tasks(city, case.id)["Review"].id,
        answers={"phone": "139****0001", "opinion": "可"},
    )
    line = next(one for one in journal_of(city, case.id) if one.actor == "zhangwei" and one.action == "task:completed")
    assert (line.detail or {})["answers"] == {"phone": PHONE, "opinion": "可"}


@pytest.mark.parametrize("username", ["zhangwei", "liuyang", "luoming", "tianyue", "103-rep"])
def test_who_may_not_ask_is_refused_whatever_the_reason(city: Office, username: str) -> None:
    case = reviewed(city)
    with pytest.raises((Forbidden, Missing)) as caught:
        show_contact(city, who(city, username), case.id, "想打电话")
    if isinstance(caught.value, Forbidden):
        assert (caught.value.code, caught.value.details) == ("CONTACT_MASKED", {"rule": "S-18"})


@pytest.mark.parametrize(
    ("username", "grant"), [("sunli", "OVERSIGHT"), ("jiangyue", "OVERSIGHT"), ("chengang", "HEAD")]
)
def test_with_a_reason_it_is_shown_and_the_look_is_written_down(city: Office, username: str, grant: str) -> None:
    case = reviewed(city)
    actor = who(city, username)
    with pytest.raises(Invalid):
        show_contact(city, actor, case.id, " ")
    assert show_contact(city, actor, case.id, "核实投诉")["phone"] == PHONE
    line = journal_of(city, case.id)[-1]
    assert (line.action, line.actor) == ("contact:shown", username)
    assert (line.detail or {})["reason"] == "核实投诉"
    assert (line.detail or {})["grant"] == grant
    assert PHONE not in json.dumps(line.detail)


def test_who_surveys_may_look_on_the_day_of_the_survey_and_on_no_other(city: Office, clock: Clock) -> None:
    survey = (
        '<startEvent id="S"/><userTask id="Survey" name="现场勘查" zw:stage="SURVEY" zw:role="reviewer_a" zw:dept="104"/>'
        '<endEvent id="E"/>\nS -> Survey\nSurvey -> E\n'
    )
    deploy_text(city, survey, key="s")
    case = start_case(
        city, who(city, "lizhao"), key="s", variables={**CONTACT, "applicant": "甲公司", "survey_on": "2026-03-18"}
    )
    zhangwei = who(city, "zhangwei")
    with pytest.raises(Forbidden):
        show_contact(city, zhangwei, case.id, "约勘查时间")
    clock.set("2026-03-18 14:00")
    assert show_contact(city, zhangwei, case.id, "约勘查时间")["phone"] == PHONE
    clock.set("2026-03-19 09:00")
    with pytest.raises(Forbidden):
        show_contact(city, zhangwei, case.id, "约勘查时间")


def test_no_reviewer_writes_to_an_applicant(city: Office) -> None:
    """SM-14: the acts that reach an applicant from the house are the window's."""
    case = reviewed(city)
    for username in ("zhangwei", "chengang"):
        for act in (
            lambda actor: repeat_message(city, actor, case.id),
            lambda actor: tell_by_phone(city, actor, case.id, "已电话告知本人"),
            lambda actor: show_address(city, actor, case.id, "需要联系"),
        ):
            with pytest.raises(Forbidden) as caught:
                act(who(city, username))
            assert caught.value.code == "UNDELIVERED_FORBIDDEN"


def test_an_address_of_a_company_is_what_is_decided_on() -> None:
    company = {"applicant_uscc": "91990100MA0000001X", "address": HOME, "phone": 13900000001}
    assert masked_contact(company) == {**company, "phone": "139****0001"}
    assert masked_contact({"applicant_id_no": "1", "address": HOME})["address"] == "云溪市经开区****"


def test_only_what_came_back_masked_is_put_back() -> None:
    known = {"phone": PHONE, "opinion": "可"}
    shown = masked_contact(known)
    assert unmasked({"phone": "13911112222", "opinion": "否"}, known, shown) == {
        "phone": "13911112222",
        "opinion": "否",
    }
    assert unmasked({"phone": "139****0001"}, known, shown) == {"phone": PHONE}


def test_an_assigned_colleague_sees_no_more_than_the_holder(city: Office) -> None:
    case = reviewed(city)
    review = open_tasks(city, case.id)["Review"]
    assign_task(city, who(city, "chengang"), review.id, "liuyang")
    assert task_form(city, who(city, "liuyang"), review.id).data["phone"] == "139****0001"


ASKED: dict[str, tuple[Listing[Any], str]] = {
    "cases": (CASES, "variables"),
    "tasks": (TASKS, "process_variables"),
    "task variables": (TASKS, "task_variables"),
    "executions": (EXECUTIONS, "process_variables"),
    "variables": (VARIABLES, "variable_values"),
}


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("operator", OPERATORS)
def test_a_masked_number_is_not_guessed_by_filters(city: Office, asked: str, operator: str) -> None:
    reviewed(city)
    listing, words = ASKED[asked]
    for name in ("phone", "email", "address"):
        guess = {words: (Condition(name=name, operator=operator, value="139%"),)}
        for inquiry in (Inquiry(filters=guess), Inquiry(any_of=[guess])):
            for ask in (list_rows, count_rows):
                with pytest.raises(Forbidden) as caught:
                    ask(city, who(city, "zhangwei"), listing, inquiry)
                assert (caught.value.code, caught.value.details) == ("CONTACT_FILTER", {"rule": "S-18"})
        count_rows(city, who(city, "wangfang"), listing, Inquiry(filters=guess))


def test_a_number_in_a_text_of_any_name_is_not_guessed_either(any_demo_office: Office) -> None:
    city = any_demo_office
    deploy_text(city, ACCEPTED)
    case = reviewed(city)
    other = start_case(city, who(city, "lizhao"), key="p", variables={**CONTACT, "remark": "请打前台1234"})

    def found(username: str, name: str, operator: str, value: Any) -> set[Any]:
        asked = Inquiry(filters={"variables": (Condition(name=name, operator=operator, value=value),)})
        return {one.id for one in list_rows(city, who(city, username), CASES, asked)}

    for operator, value in (("like", "%1390000%"), ("gt", "请打139"), ("neq", "x"), ("notLike", "%138%")):
        assert case.id not in found("sunli", "remark", operator, value), operator
        assert case.id in found("engine", "remark", operator, value), operator
    assert other.id in found("sunli", "remark", "like", "%1234%")
    assert {case.id, other.id} <= found("sunli", "project", "like", "%金属罐%")
    for name, value in (("contacts", CONTACT["contacts"]), ("remark", CONTACT["remark"])):
        with pytest.raises(Forbidden):
            found("sunli", name, "eq", value)


# -- what people write ------------------------------------------------------------------------------------------------

SAID = "李昭（身份证410101198001010011）请打139-0000-0001或13900000001、0371-66778899，lizhao@example.cn"
SECRETS = ("李昭", "410101198001010011", "139-0000-0001", PHONE, "66778899", MAIL)


def written(office: Office) -> CaseView:
    """A case with a comment of the window, a note of the window, and a query answered by it."""
    case = reviewed(office)
    review = open_tasks(office, case.id)["Review"]
    clerk, reviewer = who(office, "wangfang"), who(office, "zhangwei")
    comment_task(office, clerk, review.id, SAID)
    write_note(office, clerk, case.id, SAID, [(f"{PHONE}.png", BytesIO(b64decode(PIXEL.partition(",")[2])))])
    ask_applicant(office, reviewer, case.id, f"{PHONE} 打不通，换一个号码？")
    with office.reading() as records:
        [query] = records.notes.queries(case.id)
    answer_query(office, clerk, query.id, f"申请人说{SAID}")
    return case


def read_by(office: Office, username: str, case: CaseView) -> str:
    actor = who(office, username)
    panel = note_panel(office, actor, case.id)
    assert panel is not None
    page = case_page(office, actor, case.id)
    review = open_tasks(office, case.id)["Review"]
    texts = [one.message for one in (*case_comments(office, actor, case.id), *task_comments(office, actor, review.id))]
    texts += [one.message for one in page.comments] + [one.text for one in panel.notes]
    texts += [f"{one.row.question} {one.row.answer}" for one in panel.queries]
    texts += [file.name for one in panel.notes for file in one.files]
    assert len(texts) == 6
    return "\n".join(texts)


@pytest.mark.parametrize("username", ["liuyang", "chengang", "zhaomin", "luoming", "tianyue", "sunli"])
def test_comments_notes_queries_and_names_of_files_hide_what_the_form_hides(city: Office, username: str) -> None:
    said = read_by(city, username, written(city))
    assert [one for one in SECRETS if one in said] == []
    assert "李*" in said and "139****0001" in said and "4101**********0011" in said and "请打" in said


def test_the_window_reads_them_whole_and_so_does_who_wrote_them(city: Office) -> None:
    case = written(city)
    assert all(one in read_by(city, "wangfang", case) for one in SECRETS)
    panel = note_panel(city, who(city, "zhangwei"), case.id)
    assert panel is not None and PHONE in panel.queries[0].row.question, "one's own words"
    assert PHONE not in str(panel.queries[0].row.answer)


def test_with_a_reason_they_are_read_whole_and_the_journal_counts_them(city: Office) -> None:
    case = written(city)
    found = show_whole(city, who(city, "sunli"), case.id, "核实投诉")
    assert {one.kind for one in found.texts} == {"comment", "note", "question", "answer"}
    assert found.texts[0].text == SAID and found.values["phone"] == PHONE
    line = journal_of(city, case.id)[-1]
    assert (line.action, line.actor) == ("contact:shown", "sunli")
    assert line.detail is not None and (line.detail["reason"], line.detail["texts"]) == ("核实投诉", 4)
    with pytest.raises(Forbidden):
        show_whole(city, who(city, "zhangwei"), case.id, "想看看")


def test_names_of_companies_stay_in_texts() -> None:
    known = known_of([{"applicant": "云溪华印制罐有限公司", "applicant_uscc": "91990100MA0000001X", "contact": "李昭"}])
    assert masked_text("云溪华印制罐有限公司的李昭来过", known) == "云溪华印制罐有限公司的李*来过"
