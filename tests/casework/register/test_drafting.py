"""One person drafts, another decides, 法制 looks at what touches the law; nobody does two of these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from service.casework.actors import SYSTEM
from service.casework.deploying import deploy
from service.casework.office import Office
from service.casework.register import (
    catalogue,
    change_status,
    check_draft,
    drop_draft,
    guide,
    item_draft,
    item_drafts,
    item_history,
    publish_draft,
    return_draft,
    save_draft,
    submit_draft,
    withdraw_version,
)
from service.rules.item_words import ItemStatus
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from service.store.register import VersionRow
from tests.casework.register.cast import (
    CHIEF,
    CLERK,
    CODE,
    LAWYER,
    OFFICER,
    OTHER_CHIEF,
    SECOND_OFFICER,
    card_data,
    ledger_of,
    put_in,
)
from tests.conftest import CHINA, Clock
from tests.processes.library import resources

SHORTER: dict[str, Any] = {"promised": 2, "stages": [1, 1, 1, 1]}
NOTE = "压缩承诺时限"
APRIL = datetime(2026, 4, 1, tzinfo=CHINA)


def publish_change(office: Office, data: Mapping[str, Any], **more: Any) -> VersionRow:
    """Draft, submit, check and publish."""
    draft = save_draft(office, CHIEF, data, note=NOTE)
    submit_draft(office, CHIEF, draft.id)
    check_draft(office, LAWYER, draft.id)
    return publish_draft(office, OFFICER, draft.id, **more)


# -- who may


def test_a_clerk_and_another_department_may_not_draft(office: Office) -> None:
    put_in(office)
    for actor in (CLERK, OTHER_CHIEF, LAWYER):
        with pytest.raises(Forbidden, match="ITEM_FORBIDDEN"):
            save_draft(office, actor, card_data(**SHORTER), note=NOTE)


def test_nobody_publishes_what_they_drafted(office: Office) -> None:
    put_in(office)
    draft = save_draft(office, OFFICER, card_data(**SHORTER), note=NOTE)
    submit_draft(office, OFFICER, draft.id)
    with pytest.raises(Forbidden, match="ITEM_OWN_DRAFT"):
        publish_draft(office, OFFICER, draft.id)
    assert publish_draft(office, SECOND_OFFICER, draft.id).version == 2


def test_only_the_business_office_publishes_and_only_the_legal_checker_checks(office: Office) -> None:
    put_in(office)
    draft = save_draft(office, CHIEF, card_data(**SHORTER), note=NOTE)
    submit_draft(office, CHIEF, draft.id)
    for actor in (CHIEF, OTHER_CHIEF, LAWYER, CLERK):
        with pytest.raises(Forbidden, match="ITEM_OFFICE_ONLY"):
            publish_draft(office, actor, draft.id)
    with pytest.raises(Forbidden, match="ITEM_LEGAL_ONLY"):
        check_draft(office, OFFICER, draft.id)


def test_drafts_are_shown_to_their_department_and_to_who_keeps_the_register(office: Office) -> None:
    put_in(office)
    draft = save_draft(office, CHIEF, card_data(**SHORTER), note=NOTE)
    assert [line.row.id for line in item_drafts(office, OFFICER)] == [draft.id]
    assert [line.row.id for line in item_drafts(office, CHIEF)] == [draft.id]
    assert item_drafts(office, OTHER_CHIEF) == ()
    assert guide(office, CHIEF, CODE).draft is not None
    assert guide(office, CLERK, CODE).draft is None and guide(office, None, CODE).draft is None
    with pytest.raises(Forbidden, match="REGISTER_CLOSED"):
        item_draft(office, CLERK, draft.id)


# -- the way of a draft


def test_a_draft_changes_nothing_until_it_is_published(any_office: Office, clock: Clock) -> None:
    put_in(any_office)
    draft = save_draft(any_office, CHIEF, card_data(**SHORTER), note=NOTE)
    submit_draft(any_office, CHIEF, draft.id)
    assert guide(any_office, None, CODE).card.promised == 3
    clock.advance(hours=1)
    made = publish_draft(any_office, OFFICER, draft.id, effective_from=APRIL)
    assert made.version == 2 and guide(any_office, None, CODE).card.promised == 3
    clock.set("2026-04-01T00:00:00")
    assert guide(any_office, None, CODE).card.promised == 2
    lines, people = item_history(any_office, OFFICER, CODE)
    assert [line.row.version for line in lines] == [2, 1]
    assert [one.field for one in lines[0].changes] == ["promised", "stages"]
    assert (lines[0].row.note, lines[0].row.drafted_by, lines[0].row.decided_by) == (NOTE, "chengang", "tianyue")
    assert [line.action for line in ledger_of(any_office, CODE)][1:] == [
        "item:drafted",
        "item:submitted",
        "item:published",
    ]


def test_a_change_of_silence_waits_for_the_legal_checker(office: Office) -> None:
    put_in(office)
    draft = save_draft(office, CHIEF, card_data(tacit="NONE"), note="取消免签通过")
    submit_draft(office, CHIEF, draft.id)
    assert item_draft(office, OFFICER, draft.id).legal_first
    with pytest.raises(Conflict, match="ITEM_LEGAL_FIRST"):
        publish_draft(office, OFFICER, draft.id)
    check_draft(office, LAWYER, draft.id)
    assert publish_draft(office, OFFICER, draft.id).legal_by == "gaolin"


def test_a_returned_draft_goes_back_with_the_reason_and_needs_a_new_check(office: Office) -> None:
    put_in(office)
    draft = save_draft(office, CHIEF, card_data(tacit="NONE"), note="取消免签通过")
    submit_draft(office, CHIEF, draft.id)
    check_draft(office, LAWYER, draft.id)
    with pytest.raises(Invalid, match="ITEM_NOTE_MISSING"):
        return_draft(office, OFFICER, draft.id, answer=" ")
    back = return_draft(office, OFFICER, draft.id, answer="请补充依据")
    assert (back.state, back.answer, back.legal_by) == ("DRAFT", "请补充依据", None)
    again = save_draft(office, CHIEF, card_data(tacit="NONE", remarks=["补充说明"]), note="补充依据")
    assert again.id == draft.id
    submit_draft(office, CHIEF, draft.id)
    with pytest.raises(Conflict, match="ITEM_LEGAL_FIRST"):
        publish_draft(office, OFFICER, draft.id)


def test_who_comes_second_is_told_that_it_was_handled(any_office: Office) -> None:
    put_in(any_office)
    draft = save_draft(any_office, CHIEF, card_data(**SHORTER), note=NOTE)
    submit_draft(any_office, CHIEF, draft.id)
    publish_draft(any_office, OFFICER, draft.id)
    for act in (publish_draft, submit_draft, drop_draft):
        with pytest.raises(Conflict, match="ITEM_DRAFT_STATE"):
            act(any_office, SECOND_OFFICER, draft.id)
    with pytest.raises(Missing, match="ITEM_DRAFT_MISSING"):
        submit_draft(any_office, CHIEF, uuid4())


def test_somebody_elses_change_meanwhile_is_not_overwritten(office: Office) -> None:
    put_in(office)
    seen = guide(office, CHIEF, CODE).row.digest
    save_draft(office, OFFICER, card_data(visits=0), note="全程网办", seen=seen)
    with pytest.raises(Conflict, match="ITEM_DRAFT_CHANGED"):
        save_draft(office, CHIEF, card_data(**SHORTER), note=NOTE, seen=seen)


def test_while_it_is_reviewed_nobody_changes_it(office: Office) -> None:
    put_in(office)
    draft = save_draft(office, CHIEF, card_data(**SHORTER), note=NOTE)
    submit_draft(office, CHIEF, draft.id)
    with pytest.raises(Conflict, match="ITEM_IN_REVIEW"):
        save_draft(office, OFFICER, card_data(visits=0), note="全程网办")


def test_a_draft_made_before_another_version_was_deployed_is_outdated(office: Office) -> None:
    put_in(office)
    draft = save_draft(office, CHIEF, card_data(**SHORTER), note=NOTE)
    submit_draft(office, CHIEF, draft.id)
    put_in(office, card_data(visits=0))
    with pytest.raises(Conflict, match="ITEM_DRAFT_OUTDATED"):
        publish_draft(office, OFFICER, draft.id)


def test_a_wrong_draft_is_refused_by_field_and_leaves_nothing(any_office: Office) -> None:
    put_in(any_office)
    with pytest.raises(Invalid, match="ITEM_INVALID") as refused:
        save_draft(any_office, CHIEF, card_data(stages=[2, 2, 2, 2], complaints=[]), note=NOTE)
    assert {one.field for one in refused.value.fields} == {"stages", "complaints"}
    with pytest.raises(Invalid, match="ITEM_NOTE_MISSING"):
        save_draft(any_office, CHIEF, card_data(**SHORTER), note="")
    assert item_drafts(any_office, OFFICER) == ()


def test_a_change_that_closes_a_circle_of_preconditions_is_not_published(office: Office) -> None:
    survey = card_data("104-QT-005")
    put_in(office, card_data(), survey)
    draft_data = card_data("104-QT-005")
    permit = {**draft_data["materials"][0], "name": card_data()["result"]["name"], "need": "MANDATORY"}
    permit.pop("condition", None)
    draft_data["materials"] = [*draft_data["materials"], permit]
    with pytest.raises(Invalid, match="ITEM_INVALID") as refused:
        publish_change(office, draft_data)
    assert [(one.field, one.code) for one in refused.value.fields] == [("materials", "ITEM_CIRCLE")]


def test_a_new_item_is_nothing_to_the_public_until_it_is_published(office: Office) -> None:
    draft = save_draft(office, CHIEF, card_data(), note="新增事项")
    assert catalogue(office, filters={"status": "all"}).total == 0
    with pytest.raises(Missing, match="ITEM_MISSING"):
        guide(office, None, CODE)
    submit_draft(office, CHIEF, draft.id)
    check_draft(office, LAWYER, draft.id)
    assert publish_draft(office, OFFICER, draft.id).version == 1
    assert catalogue(office).total == 1


def test_a_dropped_draft_makes_room_for_another(any_office: Office) -> None:
    put_in(any_office)
    draft = save_draft(any_office, CHIEF, card_data(**SHORTER), note=NOTE)
    drop_draft(any_office, CHIEF, draft.id)
    assert save_draft(any_office, OFFICER, card_data(visits=0), note="全程网办").id != draft.id


# -- withdrawing, suspending, cancelling


def test_a_version_may_be_withdrawn_until_it_is_in_force(any_office: Office, clock: Clock) -> None:
    put_in(any_office)
    publish_change(any_office, card_data(**SHORTER), effective_from=APRIL)
    withdraw_version(any_office, OFFICER, CODE, answer="发布有误")
    clock.set("2026-04-02T09:00:00")
    assert guide(any_office, None, CODE).row.version == 1
    with pytest.raises(Conflict, match="ITEM_IN_FORCE"):
        withdraw_version(any_office, OFFICER, CODE, answer="发布有误")
    assert publish_change(any_office, card_data(**SHORTER)).version == 3


def test_a_cancelled_item_leaves_the_catalogue_and_stays_readable(any_office: Office) -> None:
    put_in(any_office, card_data(), card_data("104-XK-002"))
    with pytest.raises(Forbidden, match="ITEM_OFFICE_ONLY"):
        change_status(any_office, CHIEF, CODE, ItemStatus.CANCELLED, note="法律修改")
    change_status(any_office, OFFICER, CODE, ItemStatus.CANCELLED, note="法律修改")
    assert [one.row.code for one in catalogue(any_office).items] == ["104-XK-002"]
    assert catalogue(any_office, filters={"status": "CANCELLED"}).total == 1
    found = guide(any_office, None, CODE)
    assert found.card.status is ItemStatus.CANCELLED and found.row.note == "法律修改"
    with pytest.raises(Invalid, match="ITEM_STATUS_SAME"):
        change_status(any_office, OFFICER, CODE, ItemStatus.CANCELLED, note="法律修改")


def test_a_devolved_item_says_to_whom_and_since_when(office: Office) -> None:
    put_in(office)
    with pytest.raises(Invalid, match="ITEM_INVALID"):
        change_status(office, OFFICER, CODE, ItemStatus.DEVOLVED, note="简政放权")
    made = change_status(
        office, OFFICER, CODE, ItemStatus.DEVOLVED, note="简政放权", devolved_to="云溪市东山县", effective_from=APRIL
    )
    assert (made.card["devolved_to"], made.card["devolved_on"]) == ("云溪市东山县", "2026-04-01")
    assert guide(office, None, CODE).card.status is ItemStatus.ACTIVE


# -- what the deployed diagrams say


def test_who_publishes_is_told_where_deployed_diagrams_say_something_else(office: Office) -> None:
    put_in(office)
    deploy(office, SYSTEM, "施工许可", resources("item_104_XK_001"))
    kept = card_data()["materials"]
    draft = save_draft(office, CHIEF, card_data(**SHORTER, materials=kept[:-1]), note=NOTE)
    found = item_draft(office, OFFICER, draft.id).disagreements
    assert {one.process for one in found} == {"item_104_XK_001"}
    said = "\n".join(one.text for one in found)
    assert "承诺时限" in said and "材料清单有变动" in said and kept[-1]["name"] in said
    assert all(one.english for one in found)
    submit_draft(office, CHIEF, draft.id)
    check_draft(office, LAWYER, draft.id)
    assert publish_draft(office, OFFICER, draft.id).version == 2, "told, not refused"


def test_a_card_the_diagrams_agree_with_is_published_without_a_word(office: Office) -> None:
    put_in(office)
    deploy(office, SYSTEM, "施工许可", resources("item_104_XK_001"))
    draft = save_draft(office, CHIEF, card_data(remarks=["补充说明"]), note=NOTE)
    assert item_draft(office, OFFICER, draft.id).disagreements == ()
