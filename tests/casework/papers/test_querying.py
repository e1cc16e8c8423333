"""进度查询: the number and the code open what concerns the applicant, and five wrong codes close it for a while."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import bindparam, text

from service.casework.messages.codes import access_code, hash_codes
from service.casework.office import Office
from service.casework.papers.printing import sheet_of
from service.casework.papers.querying import LOCKED_FOR, TRIES, Progress, query_progress
from service.casework.window.reissuing import reissue_code
from service.rules.lights import Light
from service.rules.refusals import Forbidden, Invalid, Missing, Refusal
from service.store.columns import Id
from tests.casework.desk import journal_of
from tests.casework.papers.city import ACCEPT, GRANT, ISSUE, REVIEW, do, opened, received, who, work
from tests.conftest import Clock


@pytest.fixture
def city(any_demo_office: Office) -> Office:
    return opened(any_demo_office)


@pytest.fixture
def case(city: Office) -> UUID:
    """Accepted, so that it has a number and a code."""
    case_id = received(city)
    work(city)
    do(city, case_id, "Task_Accept", "wangfang", **ACCEPT)
    return case_id


def known(office: Office, case_id: UUID) -> tuple[str, str]:
    """What the applicant was told."""
    with office.reading() as records:
        [number] = records.documents.acceptance_numbers({case_id}).values()
        return number, access_code(office, records, case_id, None, "QUERY")


def asked(office: Office, case_id: UUID) -> Progress:
    return query_progress(office, *known(office, case_id))


def marks(progress: Progress) -> list[str]:
    return [one.mark.value for one in progress.reached]


def test_the_stage_the_light_and_the_day_are_told_and_no_name(city: Office, case: UUID) -> None:
    found = asked(city, case)
    assert (found.stages, found.light, str(found.expected)) == (("REVIEW",), Light.GREEN, "2026-03-19")
    assert marks(found) == ["RECEIVED", "ACCEPTED"] and not found.ended and not found.pick_up
    assert found.item == "建筑工程施工许可证核发"
    assert not any(name in repr(found) for name in ("李昭", "张伟", "华印", "zhangwei"))


def test_a_code_is_read_as_people_type_it_and_the_receipt_number_will_do(city: Office, case: UUID) -> None:
    number, code = known(city, case)
    assert query_progress(city, f" {number} ", f" {code[:3].lower()} {code[3:]} ").stages == ("REVIEW",)
    with city.reading() as records:
        receipt = next(one for one in records.documents.of_case(case) if one.code == "W01")
    assert receipt.number is not None and query_progress(city, receipt.number, code).stages == ("REVIEW",)


def test_what_waits_at_the_window_is_told(city: Office, case: UUID) -> None:
    do(city, case, "Task_Review", "zhangwei", **REVIEW)
    do(city, case, "Task_Approve", "chengang", **GRANT)
    do(city, case, "Task_Issue", "wuqian", **ISSUE)
    found = asked(city, case)
    assert found.ended and found.pick_up and found.expected is None
    assert marks(found)[-2:] == ["DECIDED_YES", "READY"]


def test_five_wrong_codes_close_the_number_for_a_quarter_of_an_hour(city: Office, case: UUID, clock: Clock) -> None:
    number, code = known(city, case)
    wrong = "222222" if code != "222222" else "333333"
    for _ in range(TRIES - 1):
        with pytest.raises(Missing) as unknown:
            query_progress(city, number, wrong)
    with pytest.raises(Forbidden) as locked:
        query_progress(city, number, wrong)
    assert (unknown.value.code, locked.value.code) == ("QUERY_UNKNOWN", "QUERY_LOCKED")
    with pytest.raises(Forbidden):
        query_progress(city, number, code)
    clock.advance(LOCKED_FOR + timedelta(seconds=1))
    assert query_progress(city, number, code).number == number
    for _ in range(TRIES - 1):
        with pytest.raises(Missing):
            query_progress(city, number, wrong)
    assert query_progress(city, number, code).number == number, "a right code begins the count anew"
    with pytest.raises(Missing):
        query_progress(city, number, wrong)


@pytest.mark.parametrize(("number", "code", "refused"), [
    ("990100-20260316-104-99999-0", "K7M2QP", Missing), ("", "K7M2QP", Missing), ("990100", "K7M2Q", Invalid), ("990100", "10ILO0", Invalid),
])  # fmt: skip
def test_what_is_no_number_or_no_code_is_refused(
    city: Office, number: str, code: str, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        query_progress(city, number, code)


# -- what is kept of a code -----------------------------------------------------------------------------------------------


def kept(office: Office, case_id: UUID) -> tuple[str | None, str | None]:
    """The two columns of a code."""
    with office.reading() as records:
        row = records.execute(
            text("SELECT code, digest FROM access_code WHERE purpose = 'QUERY' AND case_id = :id").bindparams(
                bindparam("id", case_id, type_=Id)
            )
        ).one()
    return row.code, row.digest


def test_neither_the_table_nor_a_paper_keeps_the_code_as_it_was_told(city: Office, case: UUID) -> None:
    _, code = known(city, case)
    plain, digest = kept(city, case)
    assert plain is None and digest is not None and code not in digest
    with city.reading() as records:
        heads = [one.head for one in records.documents.of_case(case) if one.code in ("W01", "W02")]
    assert len(heads) == 2 and code not in repr(heads)


def test_the_press_prints_it_once_and_copies_do_without(city: Office, case: UUID) -> None:
    _, code = known(city, case)
    with city.reading() as records:
        notice = next(one for one in records.documents.of_case(case) if one.code == "W02")
        assert sheet_of(city, records, notice, first=True).head.query_code == code
        assert sheet_of(city, records, notice).head.query_code == ""


def test_a_code_of_before_is_hashed_when_the_program_starts_and_goes_on_opening(city: Office, case: UUID) -> None:
    number, _ = known(city, case)
    with city.transaction() as records:
        records.execute(text("UPDATE access_code SET code = 'K7M2QP', digest = NULL"))
    assert hash_codes(city) == 1 and hash_codes(city) == 0
    assert kept(city, case)[0] is None
    assert query_progress(city, number, "K7M2QP").number == number


def test_another_code_is_given_to_who_shows_the_document_and_the_old_one_is_dead(city: Office, case: UUID) -> None:
    number, before = known(city, case)
    clerk = who(city, "wangfang")
    with city.transaction() as records:
        values = {one.name: one.value for one in records.variables.of_case(case)}
    shown = values["applicant_uscc"]
    for actor, changes, refused in (
        (who(city, "zhangwei"), {}, "CODE_WINDOW"),
        (clerk, {"checked": False}, "IDENTITY_UNCHECKED"),
        (clerk, {"identity": "12"}, "IDENTITY_INVALID"),
        (clerk, {"identity": "41010119800101001X"}, "IDENTITY_DIFFERS"),
        (clerk, {"name": " "}, "NAME_INVALID"),
    ):
        with pytest.raises(Refusal) as caught:
            reissue_code(city, actor, case, **({"identity": shown, "name": "李昭", "checked": True} | changes))
        assert caught.value.code == refused
    code = reissue_code(city, clerk, case, identity=shown, name="李昭", checked=True)
    assert code != before and query_progress(city, number, code).number == number
    with pytest.raises(Missing):
        query_progress(city, number, before)
    line = journal_of(city, case)[-1]
    assert (line.action, line.actor) == ("code:reissued", "wangfang")
    assert line.detail is not None and shown not in repr(line.detail) and code not in repr(line.detail)
    assert (line.detail["name"], line.detail["compared"], line.detail["count"]) == ("李*", True, 1)
