"""Who has applied here is found again at the window: masked in lists, every look kept, nothing typed twice."""

from __future__ import annotations

from uuid import uuid4

import pytest

from service.casework.office import Office
from service.casework.window.applicants import find_applicants, take_applicant
from service.rules.refusals import Forbidden, Invalid, Missing
from tests.casework.papers.city import APPLICATION
from tests.casework.window.hall import open_hall, taken, who


@pytest.fixture
def hall(any_demo_office: Office) -> Office:
    return open_hall(any_demo_office)


@pytest.fixture
def demo(demo_office: Office) -> Office:
    return open_hall(demo_office)


def test_only_windows_look_for_applicants_and_not_by_one_letter(demo: Office) -> None:
    taken(demo)
    for username in ("lizhao", "zhangwei", "sunli", "guotao"):
        with pytest.raises(Forbidden):
            find_applicants(demo, who(demo, username), "云溪")
    with pytest.raises(Invalid):
        find_applicants(demo, who(demo, "wangfang"), "云")


@pytest.mark.parametrize("typed", ["91990100MA0000001X", "91990100ma", "华印制罐", "13900000001", "0001"])
def test_an_applicant_is_found_by_number_name_and_telephone_and_shown_masked(demo: Office, typed: str) -> None:
    taken(demo)
    (line,) = find_applicants(demo, who(demo, "wangfang"), typed)
    assert (line.name, line.code, line.phone) == ("云溪华印制罐有限公司", "9199**********001X", "139****0001")


def test_what_was_said_last_fills_the_next_form_and_looking_is_kept(hall: Office) -> None:
    taken(hall)
    taken(hall, answers={**APPLICATION, "contact": "周强"})
    clerk = who(hall, "wangfang")
    (line,) = find_applicants(hall, clerk, "华印")
    assert line.cases == 2
    facts = take_applicant(hall, clerk, line.id)
    assert facts["contact"] == "周强" and facts["project_code"] == APPLICATION["project_code"]
    assert "contract_price" not in facts
    with hall.reading() as records:
        said = [(one.action, one.subject) for one in records.ledger.lines(limit=2)]
    assert said == [("contact:shown", str(line.id)), ("applicants:searched", None)]


def test_nobody_is_found_who_never_applied(demo: Office) -> None:
    assert find_applicants(demo, who(demo, "wangfang"), "无名氏") == ()
    with pytest.raises(Missing):
        take_applicant(demo, who(demo, "wangfang"), uuid4())
