"""五个到位 (DF-14): counted from posts, letters, windows and items; one that is taken away is missed."""

from __future__ import annotations

import pytest

from service.casework import find_actor
from service.casework.actors import Actor
from service.casework.letters import withdraw_letter
from service.casework.office import Office
from service.casework.staff.five_checks import Check, ChecksLine, five_checks
from service.rules.refusals import Forbidden


def who(office: Office, username: str) -> Actor:
    found = find_actor(office, username)
    assert found is not None
    return found


def line(office: Office, code: str = "104") -> ChecksLine:
    return next(one for one in five_checks(office, who(office, "tianyue")).items if one.code == code)


def test_a_department_without_a_letter_has_no_authority(demo_office: Office) -> None:
    before = line(demo_office)
    assert before.findings[Check.PEOPLE].met and before.findings[Check.AUTHORITY].met
    with demo_office.reading() as records:
        letters = [row for row in records.letters.listing("104") if row.grantee == "chengang"]
    for row in letters:
        withdraw_letter(demo_office, who(demo_office, "machao"), row.id, "调离")
    after = line(demo_office)
    assert not after.findings[Check.AUTHORITY].met and after.met == before.met - 1


def test_a_post_nobody_holds_is_named(demo_office: Office) -> None:
    with demo_office.transaction() as records:
        person = records.people.find("liuyang")
        assert person is not None
        records.people.set_roles(person.id, set())
    found = line(demo_office).findings[Check.PEOPLE]
    assert (found.met, found.lacks, found.have) == (False, ("reviewer_b",), 4)


def test_without_items_nothing_was_handed_over_and_the_sums_agree(demo_office: Office) -> None:
    board = five_checks(demo_office, who(demo_office, "tianyue"))
    assert all(not one.findings[Check.BUSINESS].met for one in board.items if one.findings[Check.BUSINESS].of == 0)
    for check in Check:
        assert board.met[check] == sum(one.findings[check].met for one in board.items)
    assert board.ready == sum(one.met == 5 for one in board.items)


@pytest.mark.parametrize("username", ["zhangwei", "wangfang", "lizhao", "guotao"])
def test_who_does_not_run_the_centre_does_not_see_it(demo_office: Office, username: str) -> None:
    with pytest.raises(Forbidden):
        five_checks(demo_office, who(demo_office, username))
