"""授权委托书: who registers, activates and withdraws one, one 首席代表 per department, and who has none."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from uuid import UUID

import pytest

from service.casework import attend_due, find_actor
from service.casework.actors import Actor
from service.casework.letters import (
    LetterForm,
    activate_letter,
    declare_relative,
    draw_signature,
    letter_page,
    letter_scan,
    register_letter,
    relative_page,
    signature_of,
    withdraw_letter,
    withdraw_relative,
)
from service.casework.office import Office
from service.casework.scheduling import arm_jobs
from service.rules.letters import Letter, LetterState, Power, share, state_on
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Refusal
from tests.conftest import Clock

PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def who(office: Office, username: str) -> Actor:
    found = find_actor(office, username)
    assert found is not None
    return found


def form(**changes: object) -> LetterForm:
    given = LetterForm(
        department="104",
        grantor="罗明",
        grantee="chengang",
        deputy="zhaomin",
        items=("*",),
        powers=("APPROVE", "SEAL"),
        valid_from=date(2027, 1, 1),
        valid_to=date(2027, 12, 31),
    )
    return replace(given, **changes)  # type: ignore[arg-type]


def code_of(act, *arguments, **named) -> str:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **named)
    return caught.value.code


def chiefs_letter(office: Office) -> object:
    return next(
        line.row
        for line in letter_page(office, who(office, "tianyue"), department="104").lines
        if line.row.grantee == "chengang"
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"department": "999"}, "LETTER_DEPARTMENT"),
        ({"grantor": " "}, "LETTER_GRANTOR"),
        ({"grantee": "zhangwei"}, "LETTER_GRANTEE"),
        ({"grantee": "101-rep"}, "LETTER_GRANTEE"),
        ({"deputy": ""}, "LETTER_DEPUTY"),
        ({"deputy": "chengang"}, "LETTER_DEPUTY"),
        ({"deputy": "wangfang"}, "LETTER_DEPUTY"),
        ({"items": ()}, "LETTER_ITEMS"),
        ({"items": ("101-XK-002",)}, "LETTER_ITEMS"),
        ({"powers": ()}, "LETTER_POWERS"),
        ({"powers": ("FLY",)}, "LETTER_POWERS"),
        ({"valid_to": date(2026, 12, 31)}, "LETTER_DAYS"),
        ({"valid_to": date(2032, 12, 31)}, "LETTER_DAYS"),
    ],
)
def test_a_letter_that_does_not_hold_together_is_refused_at_its_field(
    demo_office: Office, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        register_letter(demo_office, who(demo_office, "tianyue"), form(**changes))
    assert (caught.value.code, len(caught.value.fields)) == (code, 1)


@pytest.mark.parametrize("username", ["chengang", "zhangwei", "machao", "lizhao", "sunli"])
def test_only_the_head_and_the_business_office_register(demo_office: Office, username: str) -> None:
    assert code_of(register_letter, demo_office, who(demo_office, username), form()) == "LETTER_FORBIDDEN"


@pytest.mark.parametrize("username", ["chengang", "luoming", "tianyue", "guotao", "linlan"])
def test_only_the_security_administrator_activates(demo_office: Office, username: str) -> None:
    row = register_letter(demo_office, who(demo_office, "luoming"), form())
    assert code_of(activate_letter, demo_office, who(demo_office, username), row.id) == "LETTER_ACTIVATION"


def test_a_letter_counts_once_it_is_activated_and_only_once(any_demo_office: Office) -> None:
    office = any_demo_office
    row = register_letter(office, who(office, "luoming"), form())
    assert (row.number, row.state) == ("SQ-104-2027-001", "DRAFT")
    assert activate_letter(office, who(office, "machao"), row.id).state == "ACTIVE"
    assert code_of(activate_letter, office, who(office, "machao"), row.id) == "LETTER_STATE"
    with office.reading() as records:
        numbers = [one.number for one in records.staff.letters["104"]]
    assert "SQ-104-2027-001" in numbers


def test_a_department_has_one_chief_with_a_letter_at_a_time(demo_office: Office) -> None:
    with demo_office.transaction() as records:
        person = records.people.find("liuyang")
        assert person is not None
        records.people.set_roles(person.id, {"chief_rep"})
    second = form(grantee="liuyang", valid_from=date(2026, 6, 1), valid_to=date(2026, 12, 31))
    row = register_letter(demo_office, who(demo_office, "luoming"), second)
    with pytest.raises(Conflict) as caught:
        activate_letter(demo_office, who(demo_office, "machao"), row.id)
    assert caught.value.code == "CHIEF_EXISTS"
    assert "陈刚" in caught.value.sentence()


def test_withdrawing_asks_for_a_reason_and_happens_once(demo_office: Office) -> None:
    row = chiefs_letter(demo_office)
    machao = who(demo_office, "machao")
    assert code_of(withdraw_letter, demo_office, machao, row.id, " ") == "REASON_MISSING"
    assert code_of(withdraw_letter, demo_office, who(demo_office, "chengang"), row.id, "我不干了") == "LETTER_FORBIDDEN"
    assert withdraw_letter(demo_office, machao, row.id, "调离").state == "WITHDRAWN"
    assert code_of(withdraw_letter, demo_office, machao, row.id, "调离") == "LETTER_STATE"


def test_the_report_says_which_department_has_no_letter(any_demo_office: Office) -> None:
    office = any_demo_office
    before = letter_page(office, who(office, "tianyue"))
    assert (before.with_letter, before.rate) == (len(before.departments), "100.0")
    withdraw_letter(office, who(office, "machao"), chiefs_letter(office).id, "调离")
    after = letter_page(office, who(office, "tianyue"))
    assert [one.code for one in after.departments if one.number is None] == ["104"]
    assert after.rate == share(len(after.departments) - 1, len(after.departments))


def test_a_share_has_one_decimal() -> None:
    assert (share(27, 28), share(0, 0)) == ("96.4", "—")


def test_a_department_sees_its_own_letters_and_nobody_else_any(demo_office: Office) -> None:
    page = letter_page(demo_office, who(demo_office, "zhangwei"))
    assert ({line.row.department for line in page.lines}, page.rate, page.offered) == ({"104"}, None, None)
    for username in ("lizhao", "wangfang", "guotao"):
        assert code_of(letter_page, demo_office, who(demo_office, username)) == "LETTERS_FORBIDDEN"


def test_a_scan_is_examined_and_given_back_to_who_may_see_the_letter(demo_office: Office) -> None:
    import base64

    luoming = who(demo_office, "luoming")
    bad = io.BytesIO(b"MZ not a picture")
    with pytest.raises(Refusal):
        register_letter(demo_office, luoming, form(), bad, "委托书.png")
    content = base64.b64decode(PIXEL.partition(",")[2])
    row = register_letter(demo_office, luoming, form(), io.BytesIO(content), "委托书.png")
    kept, stream = letter_scan(demo_office, who(demo_office, "chengang"), row.id)
    with stream:
        assert (kept.scan_name, stream.read()) == ("委托书.png", content)
    with pytest.raises(Missing):
        letter_scan(demo_office, who(demo_office, "101-rep"), row.id)


def test_a_letter_covers_named_items_for_grantee_and_deputy_within_its_days() -> None:
    letter = Letter(
        number="1",
        department="104",
        grantee="chengang",
        deputy="zhaomin",
        items=frozenset({"104-XK-001"}),
        powers=frozenset({"APPROVE"}),
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
    )
    on = date(2026, 12, 31)
    assert letter.covers("chengang", Power.APPROVE, "104-XK-001", on)
    assert letter.covers("zhaomin", Power.APPROVE, None, on)
    assert not letter.covers("chengang", Power.APPROVE, "104-XK-006", on)
    assert not letter.covers("chengang", Power.SEAL, "104-XK-001", on)
    assert not letter.covers("chengang", Power.APPROVE, "104-XK-001", date(2027, 1, 1))
    assert not letter.covers("luoming", Power.APPROVE, "104-XK-001", on)


def test_an_active_letter_is_coming_holds_and_expires() -> None:
    days = (date(2026, 1, 1), date(2026, 12, 31))
    assert [state_on("ACTIVE", *days, day) for day in (date(2025, 12, 31), *days, date(2027, 1, 1))] == [
        LetterState.COMING, LetterState.ACTIVE, LetterState.ACTIVE, LetterState.EXPIRED,
    ]  # fmt: skip


def test_thirty_days_before_its_end_the_chief_is_told_once(demo_office: Office, clock: Clock) -> None:
    arm_jobs(demo_office)
    with demo_office.transaction() as records:
        for row in records.letters.listing():
            if row.department != "104" or row.grantee != "chengang":
                records.letters.change(row.id, {"state": "WITHDRAWN"})
            else:
                records.letters.change(row.id, {"valid_to": date(2026, 4, 15)})
    clock.set("2026-03-18 09:00")
    while attend_due(demo_office):
        pass
    with demo_office.reading() as records:
        told = [one for one in records.messages.everything() if one.code == "L15"]
    assert [one.box for one in told if one.box == "chengang"] == ["chengang"]


def test_who_is_near_is_declared_by_oneself_and_taken_back_by_the_business_office(any_demo_office: Office) -> None:
    office = any_demo_office
    zhangwei = who(office, "zhangwei")
    assert code_of(declare_relative, office, who(office, "lizhao"), kind="SPOUSE", name="某") == "RELATIVES_STAFF"
    assert code_of(declare_relative, office, zhangwei, kind="FRIEND", name="某") == "RELATIVE_KIND"
    assert code_of(declare_relative, office, zhangwei, kind="SPOUSE", name="某", identity="12") == "RELATIVE_IDENTITY"
    row = declare_relative(office, zhangwei, kind="SPOUSE", name="李昭", identity="410101198001010011")
    assert "410101198001010011" not in row.identity
    assert code_of(declare_relative, office, zhangwei, kind="SPOUSE", name="李昭") == "RELATIVE_KNOWN"
    assert code_of(withdraw_relative, office, zhangwei, "zhangwei", row.id) == "RELATIVES_KEEPER"
    withdraw_relative(office, who(office, "tianyue"), "zhangwei", row.id)
    assert relative_page(office, zhangwei).rows == ()


def test_a_signature_is_a_picture_seen_by_colleagues_only(demo_office: Office) -> None:
    chengang = who(demo_office, "chengang")
    assert code_of(draw_signature, demo_office, chengang, "data:image/png;base64,AAAA") == "SIGNATURE_UNREADABLE"
    with pytest.raises(Forbidden):
        draw_signature(demo_office, who(demo_office, "lizhao"), PIXEL)
    draw_signature(demo_office, chengang, PIXEL)
    assert signature_of(demo_office, who(demo_office, "zhangwei"), "chengang").startswith(b"\x89PNG")
    with pytest.raises(Missing):
        signature_of(demo_office, who(demo_office, "lizhao"), "chengang")


def test_of_two_chiefs_letters_activated_at_once_one_counts(any_demo_office: Office) -> None:
    office = any_demo_office
    withdraw_letter(office, who(office, "machao"), chiefs_letter(office).id, "换人")
    first = register_letter(office, who(office, "tianyue"), form())
    with office.transaction() as records:
        leader = records.people.find("104-leader") or next(
            one
            for one in records.people.listing(active=True)
            if one.department == "104" and "resident_leader" in one.roles
        )
        records.people.set_roles(leader.id, ["chief_rep"])
    second = register_letter(office, who(office, "tianyue"), form(grantee=leader.username, deputy="zhangwei"))
    start = Barrier(2)

    def activate(letter: UUID) -> str:
        start.wait()
        try:
            return activate_letter(office, who(office, "machao"), letter).state
        except Conflict as refusal:
            return refusal.code

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(activate, (first.id, second.id)))
    assert found == ["ACTIVE", "CHIEF_EXISTS"]


def test_who_may_not_withdraw_a_letter_is_not_told_what_became_of_it(demo_office: Office) -> None:
    letter = chiefs_letter(demo_office)
    withdraw_letter(demo_office, who(demo_office, "machao"), letter.id, "换人")
    assert code_of(withdraw_letter, demo_office, who(demo_office, "zhangwei"), letter.id, "看看") == "LETTER_FORBIDDEN"
