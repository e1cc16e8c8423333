"""The help: a manual for every role in both languages, a section for every page, search, shortcuts, the tour."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from service.rules.vocabulary import LedgerAction
from service.web.pages.help import MANUALS, NAMES, PICTURES, PLACES_MANUAL, ROLES, manual, place_of
from service.web.pages.help_places import STEPS, TOURS
from service.web.pages.labels import LEDGER_ACTIONS
from service.web.pages.labels import ROLES as ROLE_WORDS
from tests.web.pages.conftest import Visitor, text


def test_every_manual_is_there_in_both_languages_with_the_same_sections() -> None:
    for name in NAMES:
        chinese, english = manual(name, "zh"), manual(name, "en")
        anchors = [one.anchor for one in chinese.sections]
        assert anchors and anchors == [one.anchor for one in english.sections], name
        assert len(set(anchors)) == len(anchors), name
        assert not re.search("[\u4e00-\u9fff]", (MANUALS / "en" / f"{name}.md").read_text(encoding="utf-8")), name


def test_every_role_of_a_person_has_a_manual() -> None:
    told = {role for roles in ROLES.values() for role in roles}
    assert set(ROLE_WORDS) - told - {"service"} == set()


def test_every_page_has_a_section_of_its_own(site: Flask) -> None:
    anchors = {one.anchor for one in manual(PLACES_MANUAL, "zh").sections}
    with site.app_context():
        without = {
            rule.endpoint
            for rule in site.url_map.iter_rules()
            if rule.endpoint.startswith("pages.")
            and "GET" in (rule.methods or ())
            and (place_of(rule.endpoint) not in anchors or place_of(rule.endpoint) == "general")
        }
    general = {"help", "manual", "manual_picture", "built_file", "home"}
    assert {one.removeprefix("pages.") for one in without} - general == set()


def test_every_picture_and_link_of_a_manual_leads_somewhere(site: Flask) -> None:
    adapter = site.url_map.bind("localhost")
    for name in NAMES:
        for language in ("zh", "en"):
            source = (MANUALS / language / f"{name}.md").read_text(encoding="utf-8")
            for target in re.findall(r"\]\((/[^)]*)\)", source):
                if target.startswith("/help/pictures/"):
                    assert (PICTURES / target.rpartition("/")[2]).exists(), target
                else:
                    adapter.match(target.partition("#")[0], method="GET")


def test_the_help_button_opens_the_section_of_the_page(site: Flask, visitor: Visitor) -> None:
    security = Visitor(site).sign_in("machao")
    page = security.get("/admin/people").get_data(as_text=True)
    assert 'href="/help/pages#accounts" data-help' in page
    assert "初始密码只显示一次" in text(security.get("/help/pages"))
    assert 'href="/help/pages#items"' in visitor.get("/items").get_data(as_text=True)


def test_the_search_finds_sections_and_says_when_it_finds_none(site: Flask) -> None:
    visitor = Visitor(site).sign_in("machao")
    found = visitor.get("/help?q=初始密码").get_data(as_text=True)
    assert "/help/security#open" in found and "<mark>初始密码</mark>" in found
    assert "没有找到" in text(visitor.get("/help?q=独角兽"))
    assert "&lt;script&gt;" in visitor.get("/help?q=<script>").get_data(as_text=True)
    visitor.post("/language", {"language": "en"})
    assert "/help/security#open" in visitor.get("/help?q=start password").get_data(as_text=True)


def test_everybody_may_read_the_help_and_unknown_manuals_are_missing(visitor: Visitor) -> None:
    assert visitor.get("/help").status_code == 200
    assert visitor.get("/help/applicant").status_code == 200
    with visitor.get("/help/pictures/inbox.webp") as picture:
        assert picture.mimetype == "image/webp"
    assert visitor.get("/help/emperor").status_code == 404
    assert visitor.get("/help/pictures/../../../app.py").status_code in (302, 404)


def test_the_tour_is_put_away_once_for_all_and_comes_back_when_asked_for(site: Flask) -> None:
    clerk = Visitor(site).sign_in("wangfang")
    assert "data-tour" in clerk.get("/inbox").get_data(as_text=True)
    assert clerk.post("/help/tour").status_code == 302
    assert "data-tour" not in clerk.get("/inbox").get_data(as_text=True)
    assert "data-tour" not in Visitor(site).sign_in("wangfang").get("/inbox").get_data(as_text=True)
    clerk.get("/help")
    clerk.post("/help/tour", {"again": "1"})
    assert "data-tour" in clerk.get("/inbox").get_data(as_text=True)


@pytest.mark.parametrize("role", [role for role in TOURS if role])
def test_the_tour_leads_to_places_the_role_is_shown(site: Flask, role: str) -> None:
    names = {"counter_clerk": "wangfang", "chief_rep": "chengang", "reviewer_a": "zhangwei", "reviewer_b": "liuyang",
             "issue_clerk": "wuqian", "supervisor": "sunli", "business_office": "tianyue", "process_designer": "hejing",
             "system_admin": "guotao", "security_admin": "machao", "audit_admin": "linlan", "archivist": "qinlan",
             "agency_officer": "zhouqiang", "complaint_officer": "jiangyue", "legal_checker": "gaolin",
             "lead_coordinator": "shenyan"}  # fmt: skip
    if role not in names:
        pytest.skip("nobody of the cast has only this role")
    page = Visitor(site).sign_in(names[role]).get("/inbox").get_data(as_text=True)
    side = page.split('class="side"', 1)[1].split("</nav>", 1)[0] + page.split("<header", 1)[1].split("</header>", 1)[0]
    for path in re.findall(r'data-at="([^"]+)"', page):
        assert f'href="{path}"' in side, path


def test_every_step_of_a_tour_is_told_and_every_act_of_the_ledger_has_words() -> None:
    assert {step for steps in TOURS.values() for step in steps} <= set(STEPS)
    assert [one.value for one in LedgerAction if one.value not in LEDGER_ACTIONS] == []
