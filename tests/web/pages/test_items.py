"""The catalogue is everybody's; changing it goes through two people, with what is wrong beside the field."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office
from service.casework.actors import SYSTEM
from service.casework.deploying import deploy
from service.casework.register import guide, item_drafts
from service.web.app import create_app
from tests.casework.register.cast import CODE, OFFICER, card_data, put_in
from tests.conftest import Clock, deploy_bpmn
from tests.processes.library import resources
from tests.web.pages.conftest import Visitor, text

BPMN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D" targetNamespace="urn:test">
  <process id="item_104_XK_001" name="施工许可" isExecutable="true">
    <startEvent id="S"/><userTask id="A" name="审核"/><endEvent id="E"/>
    <sequenceFlow id="f1" sourceRef="S" targetRef="A"/><sequenceFlow id="f2" sourceRef="A" targetRef="E"/>
  </process></definitions>"""


@pytest.fixture
def centre(demo_office: Office) -> Flask:
    """Two items of the demo city, one with its process."""
    deploy_bpmn(demo_office, BPMN)
    put_in(demo_office, card_data(), card_data("115-GG-004"))
    return create_app(demo_office)


def form_of(visitor: Visitor, code: str = CODE) -> dict[str, Any]:
    """Everything the editor's form would send unchanged."""
    from lxml import html

    page = html.fromstring(visitor.get(f"/items/{code}/edit").get_data(as_text=True))
    form = page.xpath("//form[contains(@action, '/edit')]")[0]
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent


# -- for everybody


def test_the_public_reads_catalogue_guide_versions_and_power_list(centre: Flask) -> None:
    visitor = Visitor(centre)
    listed = text(visitor.get("/items"))
    assert "建筑工程施工许可证核发" in listed and "共 2 项" in listed
    shown = text(visitor.get(f"/items/{CODE}"))
    for heading in ("审批依据", "申请条件", "申报材料", "办理程序", "办理时限", "收费依据和标准", "投诉渠道"):
        assert heading in shown
    assert "自收到申请之日起 7 个自然日" in shown and "3 个工作日" in shown and "免提交" in shown
    assert "申请办理" not in shown and "修改与审核" not in shown
    assert "第 1 版" in text(visitor.get(f"/items/{CODE}/versions"))
    assert "住房和城乡建设局" in text(visitor.get("/power-list"))
    assert "《建筑法》第八条" in text(visitor.get("/power-list?department=104"))


def test_the_catalogue_leads_to_the_joint_chains_and_their_start(centre: Flask, demo_office: Office) -> None:
    deploy(demo_office, SYSTEM, "联办", resources("chain_JS_35"))
    public, clerk = Visitor(centre), Visitor(centre).sign_in("wangfang")
    assert "建设工程一站报建" in text(public.get("/items")) and "/cases/new/" not in text(public.get("/items"))
    assert "/cases/new/chain_JS_35" in clerk.get("/items").get_data(as_text=True)
    assert "建设工程一站报建" in text(public.get("/items?q=一站")) and "一站报建" not in text(
        public.get("/items?q=施工")
    )
    assert "一站报建" not in text(public.get("/items?department=104"))


def test_agency_services_are_applied_for_from_the_catalogue_like_chains(centre: Flask, demo_office: Office) -> None:
    deploy(demo_office, SYSTEM, "代办", resources("chain_SX_1", "support_SP_02"))
    officer = Visitor(centre).sign_in("zhouqiang")
    page = officer.get("/items").get_data(as_text=True)
    assert "四级联动代办" in page and "/cases/new/chain_SX_1" in page
    assert "support_SP_02" not in page and "support_SP_02" not in officer.get("/cases/new").get_data(as_text=True)
    assert officer.get("/cases/new/chain_SX_1?sample=1").status_code == 200
    assert "四级联动代办" in text(officer.get("/cases/new?q=四级"))


def test_the_flow_chart_of_an_item_is_open_and_other_diagrams_are_not(centre: Flask) -> None:
    visitor = Visitor(centre)
    assert b"item_104_XK_001" in visitor.get(f"/items/{CODE}/flow.bpmn").data
    assert visitor.get("/items/115-GG-004/flow.bpmn").status_code == 404
    assert f'data-picture="/items/{CODE}/flow.svg"' in visitor.get("/power-list?department=104").get_data(as_text=True)
    assert visitor.get(f"/items/{CODE}/flow.svg").status_code == 404, "nothing is drawn in this file"
    assert visitor.get("/items/115-GG-004/flow.svg").status_code == 404
    assert visitor.get("/processes").status_code == 302


def test_an_item_without_a_process_says_where_to_go_with_paper(centre: Flask) -> None:
    shown = text(Visitor(centre).get("/items/115-GG-004"))
    assert "流程尚未上线" in shown and "W012" in shown


def test_drafts_and_files_ask_to_sign_in_and_are_closed_to_clerks(centre: Flask) -> None:
    for path in ("/items/drafts", "/items/files", f"/items/{CODE}/edit", "/items/new", f"/items/{CODE}/status"):
        assert Visitor(centre).get(path).status_code == 302
        assert Visitor(centre).sign_in("wangfang").get(path).status_code == 403, path


@pytest.mark.parametrize(
    "path", ["/items/999-XK-999", "/items/<script>", f"/items/{CODE}?version=9", "/items/export.exe"]
)
def test_what_is_not_there_is_told_in_a_page(centre: Flask, path: str) -> None:
    answer = Visitor(centre).get(path)
    assert answer.status_code in (400, 404) and answer.mimetype == "text/html"


def test_the_search_finds_by_initials_and_keeps_its_filters_in_the_address(centre: Flask) -> None:
    visitor = Visitor(centre)
    found = text(visitor.get("/items?q=sgxk&department=104"))
    assert "建筑工程施工许可证核发" in found and "老年人" not in found.split("全部部门")[1].split("施工许可")[1]
    assert "没有符合条件的事项" in text(visitor.get("/items?q=zzzz"))


def test_the_guide_is_one_page_of_paper(centre: Flask) -> None:
    from pypdf import PdfReader

    answer = Visitor(centre).get(f"/items/{CODE}/guide.pdf")
    assert answer.mimetype == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.data))
    assert len(reader.pages) == 1
    printed = reader.pages[0].extract_text()
    assert "申报材料" in printed and "12345" in printed


@pytest.mark.parametrize("username", ["tianyue", "chengang", "gaolin", "hejing", "guotao", "wangfang", "lizhao"])
def test_everybody_of_the_house_sees_catalogue_and_guide(centre: Flask, username: str) -> None:
    visitor = Visitor(centre).sign_in(username)
    for path in ("/items", f"/items/{CODE}", f"/items/{CODE}/versions", "/power-list", "/power-list/changes"):
        assert visitor.get(path).status_code == 200
    assert ("申请办理" in text(visitor.get(f"/items/{CODE}"))) is (username in ("wangfang", "lizhao", "hejing"))


def test_the_power_list_of_an_earlier_day_and_what_came_and_went_since(centre: Flask, clock: Clock) -> None:
    clock.set("2026-03-20T10:00:00")
    officer = Visitor(centre).sign_in("tianyue")
    officer.get(f"/items/{CODE}/status")
    officer.post(f"/items/{CODE}/status", {"status": "CANCELLED", "note": "法律修改"})
    public = Visitor(centre)
    assert "共 2 个部门，其中综合窗口单位 0 个；事项 1 项，其中审批事项 0 项" in text(public.get("/power-list"))
    earlier = text(public.get("/power-list?department=104&on=2026-03-19"))
    assert "这是 2026-03-19 的权力清单" in earlier and "建筑工程施工许可证核发" in earlier
    assert "建筑工程施工许可证核发" not in text(public.get("/power-list?department=104"))
    change = text(public.get("/power-list/changes?since=2026-03-19&until=2026-03-20"))
    assert "合计 2 1 -1 审批事项 1 0 -1" in " ".join(change.split())
    assert "法律修改" in change and "取消" in change
    for nonsense in ("?on=2026-02-30", "?on=x&department=%00", "?on=9999-12-31"):
        assert public.get(f"/power-list{nonsense}").status_code == 200
    assert public.get("/power-list/changes?since=x&until=0001-01-01").status_code == 200


# -- changing


def test_the_unchanged_form_changes_nothing(centre: Flask) -> None:
    visitor = Visitor(centre).sign_in("chengang")
    sent = form_of(visitor)
    answer = visitor.post(f"/items/{CODE}/edit", {**sent, "act": "preview"})
    assert answer.status_code == 200, text(answer)[:500]
    assert "与现行版本没有差别" in text(answer)


def test_a_shorter_promise_goes_from_the_editor_to_a_version(centre: Flask, demo_office: Office) -> None:
    chief = Visitor(centre).sign_in("chengang")
    sent = {**form_of(chief), "promised": "2", "stages": "1/1/1/1", "note": "压缩承诺时限"}
    preview = text(chief.post(f"/items/{CODE}/edit", {**sent, "act": "preview"}))
    assert "承诺时限" in preview and "修改内容预览" in preview
    saved = chief.post(f"/items/{CODE}/edit", {**sent, "act": "save"})
    assert saved.status_code == 302
    [line] = item_drafts(demo_office, OFFICER)
    page = f"/items/drafts/{line.row.id}"
    chief.get(page)
    chief.post(page, {"act": "submit"})
    assert chief.post(page, {"act": "publish"}).status_code == 403
    officer = Visitor(centre).sign_in("tianyue")
    assert "压缩承诺时限" in text(officer.get(page))
    assert officer.post(page, {"act": "publish", "effective_from": "2026-04-01T00:00"}).status_code == 302
    assert guide(demo_office, None, CODE).card.promised == 3
    assert "第 2 版将于 2026-04-01 00:00 生效" in text(Visitor(centre).get(f"/items/{CODE}"))


def test_a_new_item_begins_as_a_promise_of_four_stages_and_three_days(centre: Flask) -> None:
    from lxml import html

    page = html.fromstring(Visitor(centre).sign_in("hejing").get("/items/new").get_data(as_text=True))
    begins = dict(page.xpath("//form[contains(@action, '/items/new')]")[0].form_values())
    assert (begins["kind"], begins["promised"], begins["stages"]) == ("PROMISED", "3", "1 / 2 / 2 / 1")


def test_every_mistake_stands_beside_its_field_and_nothing_typed_is_lost(centre: Flask) -> None:
    chief = Visitor(centre).sign_in("chengang")
    sent = {**form_of(chief), "promised": "三天", "materials[0].name": "法律、法规规定的其他材料", "note": "x"}
    answer = chief.post(f"/items/{CODE}/edit", {**sent, "act": "save"})
    body = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="promised-problem"' in body and "三天" in body
    sent["promised"] = "3"
    body = chief.post(f"/items/{CODE}/edit", {**sent, "act": "preview"}).get_data(as_text=True)
    assert 'id="materials[0].name-problem"' in body and "法律、法规规定的其他" in body


def test_rows_are_added_and_deleted(centre: Flask) -> None:
    chief = Visitor(centre).sign_in("chengang")
    sent = form_of(chief)
    more = chief.post(f"/items/{CODE}/edit", {**sent, "act": "add:materials"}).get_data(as_text=True)
    assert 'name="materials[7].name"' in more
    gone = chief.post(f"/items/{CODE}/edit", {**sent, "materials[6].gone": "1", "act": "preview"})
    assert "建设资金落实承诺书" in text(gone) and "删除" in text(gone)


def test_a_suspended_item_takes_no_more_applications_and_says_why(centre: Flask) -> None:
    officer = Visitor(centre).sign_in("tianyue")
    officer.get(f"/items/{CODE}/status")
    assert officer.post(f"/items/{CODE}/status", {"status": "SUSPENDED", "note": ""}).status_code == 422
    assert officer.post(f"/items/{CODE}/status", {"status": "SUSPENDED", "note": "系统升级"}).status_code == 302
    assert "系统升级" in text(Visitor(centre).get(f"/items/{CODE}"))


@pytest.mark.parametrize("act", ["", "launch", "publish"])
def test_an_unknown_act_or_draft_changes_nothing(centre: Flask, act: str) -> None:
    officer = Visitor(centre).sign_in("tianyue")
    officer.get("/items/new")
    answer = officer.post(f"/items/drafts/{UUID(int=1)}", {"act": act})
    assert answer.status_code == 404


# -- files


def test_what_is_exported_may_be_imported_again_and_changes_nothing(centre: Flask) -> None:
    officer = Visitor(centre).sign_in("tianyue")
    for shape, name in (("xlsx", "items.xlsx"), ("json", "items.json")):
        content = officer.get(f"/items/export.{shape}").data
        officer.get("/items/files")
        answer = officer.post("/items/files", {"act": "preview", "file": (io.BytesIO(content), name)})
        assert answer.status_code == 200, text(answer)[:600]
        assert "没有变化 2" in text(answer), shape


def test_the_national_shape_names_every_field_in_chinese(centre: Flask) -> None:
    found = json.loads(Visitor(centre).get("/items/export.gbt39046").data)
    [licence] = [one for one in found if one["实施编码"] == CODE]
    assert (licence["事项类型"], licence["办件类型"], licence["承诺办结时限"]) == ("01", "2", 3)
    assert licence["申请材料"][1]["是否免提交"] == "1"


# -- reviews


def test_a_review_is_answered_from_its_page(centre: Flask) -> None:
    officer = Visitor(centre).sign_in("tianyue")
    assert "还没有清理名单" in text(officer.get("/items/reviews"))
    opened = officer.post("/items/reviews", {"year": "2026", "quarter": "0"})
    page = opened.headers["Location"]
    assert officer.post("/items/reviews", {"year": "x", "quarter": "0"}).status_code == 422
    chief = Visitor(centre).sign_in("chengang")
    assert "建筑工程施工许可证核发" in text(chief.get(page))
    wrong = chief.post(page, {"act": "CANCEL", "code": CODE, "reason": ""})
    assert wrong.status_code == 422 and "请写明理由" in text(wrong)
    assert chief.post(page, {"act": "KEEP", "code": CODE}).status_code == 302
    assert chief.post(page, {"act": "KEEP", "code": "115-GG-004"}).status_code == 403
    officer.get(page)
    assert officer.post(page, {"act": "sum"}).status_code == 409
    assert officer.post(page, {"act": "KEEP", "code": "115-GG-004"}).status_code == 302
    assert officer.post(page, {"act": "sum"}).status_code == 302
    lawyer = Visitor(centre).sign_in("gaolin")
    assert "需要修改的事项和依据" in text(lawyer.get(page))
    unsaid = lawyer.post(page, {"act": "return", "objection": ""})
    assert unsaid.status_code == 422 and "请写明理由" in text(unsaid)
    assert lawyer.post(page, {"act": "return", "objection": "施工许可的依据已经修订"}).status_code == 302
    officer.get(page)
    assert officer.post(page, {"act": "return", "objection": "不是法制审核员"}).status_code == 403
    assert officer.post(page, {"act": "sum"}).status_code == 302
    lawyer.get(page)
    assert lawyer.post(page, {"act": "check"}).status_code == 302
    officer.get(page)
    assert officer.post(page, {"act": "publish"}).status_code == 302
    assert "已公布" in text(officer.get(page))
    assert Visitor(centre).sign_in("wangfang").get(page).status_code == 403


# -- intake


def test_intake_finds_an_item_by_its_initials(centre: Flask) -> None:
    clerk = Visitor(centre).sign_in("wangfang")
    assert "施工许可" in text(clerk.get("/cases/new?q=sgxk"))
    assert "施工许可" in text(clerk.get("/cases/new?q=104-XK-001"))
    assert "没有符合条件的流程" in text(clerk.get("/cases/new?q=lnr"))


def test_nobody_opens_a_case_of_an_item_that_is_not_in_use(centre: Flask, demo_office: Office) -> None:
    from service.casework import find_actor, start_case
    from service.casework.register import change_status
    from service.rules.item_words import ItemStatus
    from service.rules.refusals import Conflict

    clerk = find_actor(demo_office, "wangfang")
    assert clerk is not None
    start_case(demo_office, clerk, key="item_104_XK_001")
    change_status(demo_office, OFFICER, CODE, ItemStatus.CANCELLED, note="法律修改")
    with pytest.raises(Conflict, match="ITEM_NOT_IN_USE"):
        start_case(demo_office, clerk, key="item_104_XK_001")
    assert "没有可以发起的流程" in text(Visitor(centre).sign_in("wangfang").get("/cases/new"))


def test_a_variant_that_chains_call_is_not_offered_at_the_window(centre: Flask, demo_office: Office) -> None:
    deploy_bpmn(demo_office, BPMN.replace('id="item_104_XK_001"', 'id="item_104_XK_001_joint"'))
    offered = Visitor(centre).sign_in("wangfang").get("/cases/new").get_data(as_text=True)
    assert "/cases/new/item_104_XK_001" in offered and "item_104_XK_001_joint" not in offered
