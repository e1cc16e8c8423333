"""办件迁移 in a browser: tried out, planned by one, begun by another, watched, taken back."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office, attend_due, find_actor
from service.casework.migration import versions
from service.web.pages import migrations
from tests.casework.desk import open_tasks
from tests.conftest import deploy_bpmn
from tests.web.pages.conftest import FORMS, HERE, Visitor, begin, text

BPMN = (HERE / "two_departments.bpmn").read_text(encoding="utf-8")
KEY = "two_departments"


@pytest.fixture
def revised(centre: Office) -> tuple[UUID, UUID, UUID]:
    """A running case of the first version, and both versions."""
    case = begin(centre)
    first = re.search(r'<(?:bpmn:)?userTask id="(\w+)"', BPMN)
    assert first is not None
    deploy_bpmn(
        centre,
        BPMN.replace(f'"{first[1]}"', f'"{first[1]}_2"').replace(f">{first[1]}<", f">{first[1]}_2<"),
        forms=FORMS,
    )
    designer = find_actor(centre, "hejing")
    assert designer is not None
    new, old = versions(centre, designer, KEY)
    return case, old.id, new.id


def work(office: Office) -> None:
    while attend_due(office):
        continue


def test_a_migration_is_planned_approved_watched_and_taken_back(
    centre: Office, site: Flask, revised: tuple[UUID, UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "LOOK", 0.0)
    case, old, new = revised
    before = set(open_tasks(centre, case))
    designer = Visitor(site).sign_in("hejing")
    assert f"/processes/{KEY}/migration" in designer.get(f"/processes/{KEY}").get_data(as_text=True)
    page = text(designer.get(f"/processes/{KEY}/migration"))
    assert "试算结果" in page and "可按对应关系迁移" in page and "名称和位置相近" in page
    kept = designer.post(f"/processes/{KEY}/migration", {"from": old, "to": new, "act": "keep"})
    assert kept.status_code == 302
    plan = kept.headers["Location"]
    page = text(designer.get(plan))
    assert (
        "v1 → v2" in page and "核准并迁移" not in page and "何静 于" in page and "hejing" not in page.split("拟定")[0]
    )
    keeper = Visitor(site).sign_in("guotao")
    assert "核准并迁移 1 个办件" in text(keeper.get(plan))
    begun = keeper.post(f"{plan}/begin")
    batch = begun.headers["Location"]
    assert "正在迁移" in text(keeper.get(batch)) and set(open_tasks(centre, case)) == before
    work(centre)
    looked = keeper.post(f"{batch}/look?show=done&page=1", headers={"X-Requested-With": "fetch"})
    assert "已迁移" in text(looked) and "data-go-on" not in looked.get_data(as_text=True)
    assert set(open_tasks(centre, case)) != before
    assert "郭涛 于" in text(keeper.get(batch))
    assert keeper.post(f"{batch}/undo").status_code == 302
    work(centre)
    assert "已撤回" in text(keeper.get(f"{batch}?show=done")) and set(open_tasks(centre, case)) == before


def test_a_mapping_is_edited_and_tried_out(centre: Office, site: Flask, revised: tuple[UUID, UUID, UUID]) -> None:
    case, old, new = revised
    [element] = open_tasks(centre, case)
    designer = Visitor(site).sign_in("hejing")
    designer.get(f"/processes/{KEY}/migration")
    field = f"{KEY}:{element}"
    given = {"from": old, "to": new, "act": "try", f"map:{field}": "-", f"was:{field}": f"{element}_2"}
    page = text(designer.post(f"/processes/{KEY}/migration", given))
    assert "不能迁移" in page and "新版流程里没有与它对应的环节" in page and "人工指定" in page
    wrong = designer.post(f"/processes/{KEY}/migration", {**given, "act": "keep", f"map:{field}": "nobody"})
    assert wrong.status_code == 400 or wrong.status_code == 422
    assert "新版流程里没有环节" in text(wrong)


def test_who_planned_does_not_begin_and_others_see_nothing(
    centre: Office, site: Flask, revised: tuple[UUID, UUID, UUID], clerk: Visitor
) -> None:
    _, old, new = revised
    assert clerk.get(f"/processes/{KEY}/migration").status_code == 403
    assert "迁移在办办件" not in text(clerk.get(f"/processes/{KEY}"))
    keeper = Visitor(site).sign_in("guotao")
    keeper.get(f"/processes/{KEY}/migration")
    plan = keeper.post(f"/processes/{KEY}/migration", {"from": old, "to": new, "act": "keep"}).headers["Location"]
    assert "请由另一人核准" in text(keeper.get(plan))
    assert keeper.post(f"{plan}/begin").headers["Location"] == plan
    assert "请由另一人核准" in text(keeper.get(plan))
    assert keeper.get("/migrations/00000000-0000-4000-8000-000000000000").status_code == 404
