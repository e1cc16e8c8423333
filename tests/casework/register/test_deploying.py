"""Item files become versions with an instant from which they are in force; nothing that was in force changes."""

from __future__ import annotations

from datetime import datetime

import pytest

from service.casework import attend_due
from service.casework.actors import SYSTEM
from service.casework.office import Office
from service.casework.register import catalogue, deploy_items, guide, item_history, save_draft
from service.engine.facts import Resource
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from tests.casework.register.cast import CHIEF, CLERK, CODE, ITEMS, card_data, item_file, ledger_of, put_in
from tests.conftest import CHINA, Clock

APRIL = datetime(2026, 4, 1, tzinfo=CHINA)


def test_all_shipped_items_are_in_force_after_one_deployment(any_office: Office) -> None:
    files = [Resource(name=f"processes/items/{path.name}", content=path.read_bytes()) for path in ITEMS.glob("*.json")]
    made = deploy_items(any_office, SYSTEM, files)
    assert (len(made.made), made.unchanged) == (81, 0)
    found = catalogue(any_office, size=100)
    assert found.total == 81 and len(found.departments) == 27
    again = deploy_items(any_office, SYSTEM, files)
    assert (len(again.made), again.unchanged) == (0, 81)


def test_only_those_who_deploy_may(office: Office) -> None:
    for actor in (CLERK, CHIEF):
        with pytest.raises(Forbidden, match="NOT_GRANTED"):
            deploy_items(office, actor, [item_file(card_data())])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'"x"',
        b"[" * 100_000,
        b"{}" + b" " * 300_000,
        '{"code": "\ud800"}'.encode("utf-8", "surrogatepass"),
    ],
)
def test_a_file_that_is_no_card_is_refused_with_its_name(office: Office, content: bytes) -> None:
    with pytest.raises(Invalid, match="ITEMS_REFUSED") as refused:
        deploy_items(office, SYSTEM, [Resource(name="items/104-XK-001.json", content=content)])
    assert {one.file for one in refused.value.details} == {"items/104-XK-001.json"}


def test_one_wrong_card_keeps_all_of_them_out(office: Office) -> None:
    wrong = card_data("104-XK-002", stages=[9, 9, 9, 9], conditions=[])
    with pytest.raises(Invalid, match="ITEMS_REFUSED") as refused:
        put_in(office, card_data(), wrong)
    told = {(one.file, one.problem.field, one.problem.code) for one in refused.value.details}
    assert told == {
        ("items/104-XK-002.json", "conditions", "ITEM_HEADING_EMPTY"),
        ("items/104-XK-002.json", "stages", "STAGE_PLAN_TOO_LONG"),
    }
    assert catalogue(office).total == 0


def test_a_file_is_named_by_the_code_it_holds(office: Office) -> None:
    file = Resource(name="items/104-XK-002.json", content=item_file(card_data()).content)
    with pytest.raises(Invalid, match="ITEMS_REFUSED") as refused:
        deploy_items(office, SYSTEM, [file])
    assert [one.problem.code for one in refused.value.details] == ["ITEM_FILE_NAME"]


def test_a_changed_limit_is_a_new_version_from_its_instant_on(any_office: Office, clock: Clock) -> None:
    put_in(any_office)
    made = put_in(any_office, card_data(promised=2, stages=[1, 1, 1, 1]), effective_from=APRIL, note="压缩承诺时限")
    assert made.made == ((CODE, 2),)
    before = guide(any_office, None, CODE)
    assert (before.row.version, before.card.promised) == (1, 3)
    assert before.next is not None and before.next.version == 2
    clock.set("2026-03-31T23:59:59")
    assert guide(any_office, None, CODE).card.promised == 3
    clock.set("2026-04-01T00:00:00")
    after = guide(any_office, None, CODE)
    assert (after.row.version, after.card.promised, after.next) == (2, 2, None)


def test_the_switch_is_a_line_of_the_ledger_at_its_instant_and_only_one(any_office: Office, clock: Clock) -> None:
    put_in(any_office)
    put_in(any_office, card_data(promised=2, stages=[1, 1, 1, 1]), effective_from=APRIL)
    attend_due(any_office)
    assert [line.detail["version"] for line in ledger_of(any_office, CODE)] == [1]
    clock.set("2026-04-01T00:00:00")
    while attend_due(any_office):
        pass
    attend_due(any_office)
    lines = ledger_of(any_office, CODE)
    assert [(line.action, line.detail["version"]) for line in lines] == [("item:effective", 1), ("item:effective", 2)]


def test_a_version_cannot_take_effect_in_the_past_or_before_an_earlier_one(office: Office, clock: Clock) -> None:
    put_in(office)
    with pytest.raises(Invalid, match="ITEM_EFFECTIVE_PAST"):
        put_in(office, card_data(promised=2, stages=[1, 1, 1, 1]), effective_from=datetime(2026, 3, 1, tzinfo=CHINA))
    put_in(office, card_data(promised=2, stages=[1, 1, 1, 1]), effective_from=APRIL)
    with pytest.raises(Conflict, match="ITEM_EFFECTIVE_ORDER"):
        put_in(office, card_data(promised=1, stages=[0, 1, 1, 0]))


def test_a_lock_against_silence_survives_any_file(office: Office) -> None:
    put_in(office, card_data("116-XK-001"))
    unlocked = card_data("116-XK-001", tacit="NONE")
    del unlocked["lock"], unlocked["lock_reason"]
    with pytest.raises(Invalid, match="ITEMS_REFUSED") as refused:
        put_in(office, unlocked)
    assert [one.problem.code for one in refused.value.details] == ["ITEM_TACIT_LOCKED"]


def test_the_same_files_do_not_undo_what_was_changed_in_pages(office: Office) -> None:
    from tests.casework.register.test_drafting import publish_change

    put_in(office)
    publish_change(office, card_data(promised=2, stages=[1, 1, 1, 1]))
    assert put_in(office).unchanged == 1
    assert guide(office, None, CODE).card.promised == 2


def test_a_draft_of_another_language_of_json_is_the_same_card(office: Office) -> None:
    put_in(office)
    shuffled = dict(reversed(list(card_data().items())))
    assert put_in(office, shuffled).made == ()
    with pytest.raises(Invalid, match="ITEM_UNCHANGED"):
        save_draft(office, CHIEF, shuffled, note="没有修改")


def test_an_item_nobody_deployed_is_missing(office: Office) -> None:
    for code in (CODE, "", "x" * 5000, "'; --"):
        with pytest.raises(Missing, match="ITEM_MISSING"):
            guide(office, None, code)
        with pytest.raises(Missing, match="ITEM_MISSING"):
            item_history(office, None, code)
