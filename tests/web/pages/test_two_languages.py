"""What people read is in their language: no English words on Chinese pages, no Chinese words of the interface on English ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from lxml import html

from service.casework import Office, arm_jobs, complete_task, find_actor
from service.web.pages.language import CATALOGUES
from tests.casework.desk import open_tasks
from tests.web.pages.conftest import Visitor, begin

PLACES = {
    "wangfang": (
        "/inbox", "/inbox/done", "/inbox?tab=followed", "/cases", "/cases/new", "/window", "/my", "/together", "/messages",
        "/messages/contact", "/duty", "/queries", "/processes", "/processes/gallery", "/items", "/time-limit", "/help",
        "/complaints", "/supervision", "/signature",
    ),
    "chengang": ("/chief", "/duty", "/letters", "/relatives", "/signature"),
    "guotao": (
        "/incidents", "/admin/agenda?view=all", "/admin/jobs", "/admin/external-tasks", "/admin/deployments", "/admin/system",
        "/messages/log", "/messages/templates", "/messages/channels", "/document-templates",
    ),
    "machao": ("/admin/departments", "/admin/windows", "/admin/people", "/admin/roles", "/admin/substitutions"),
    "linlan": ("/admin/audit",),
    "tianyue": ("/windows", "/seals", "/bills", "/money", "/reconciliation", "/fees", "/items/drafts", "/outages", "/orders"),
}  # fmt: skip
KNOWN = frozenset(  # names, formats and units that are written so in Chinese, too
    """BPMN DMN FEEL PDF XLSX CSV Excel JSON XML ZIP PNG JPG JPEG OFD SM3 GB KB MB QR ID SMS API URL A B K P L S Ctrl Enter Esc Shift Alt Tab
    Lianban English SQLite sqlite PostgreSQL true false Home End kB GiB MiB Python sgxkz W M T""".split()
)
CODE = re.compile(r"[A-Z]{1,4}[-_]?\d|\d[A-Za-z]?|_|@|:|/|\.")  # numbers, codes, addresses, identifiers
PLACE = re.compile(r"\{\w+\}|\d+-[a-z]+")  # to be filled in the browser; usernames such as 104-a
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_@:/.\-]*")
SAID = ("title", "aria-label", "placeholder", "alt", "data-label", "data-saved", "data-failed", "data-open-words")
UNREAD = ("script", "style", "code", "pre", "svg", "kbd", "template")


@pytest.fixture
def lived_in(centre: Office, site: Flask) -> Flask:
    """A centre with cases one of which has moved on, jobs and messages."""
    clerk = find_actor(centre, "wangfang")
    assert clerk is not None
    for number in range(1, 4):
        case = begin(centre, number)
    complete_task(centre, clerk, next(iter(open_tasks(centre, case).values())).id, answers={"result": "accept"})
    arm_jobs(centre)
    site.config["CASE"] = case
    return site


def _said(page: html.HtmlElement, *, own: str) -> Iterator[tuple[str, html.HtmlElement]]:
    """Everything a person reads or hears: texts and the attributes that are read out; not what is marked as another language."""
    for one in page.iter():
        if not isinstance(one.tag, str) or one.tag in UNREAD or any(up.tag in UNREAD for up in one.iterancestors()):
            continue
        marked = next((up for up in (one, *one.iterancestors()) if up.get("lang") or up.get("translate") == "no"), None)
        if marked is not None and not (marked.get("lang") or "").startswith(own):
            continue
        yield from ((one.get(name) or "", one) for name in SAID if one.get(name))
        yield from ((text, one) for text in (one.text, *(child.tail for child in one)) if text)


def _pages(site: Flask, language: str) -> Iterator[tuple[str, html.HtmlElement]]:
    for username, places in PLACES.items():
        visitor = Visitor(site).sign_in(username)
        visitor.post("/language", {"language": language, "next": "/inbox"})
        more = (
            (f"/cases/{site.config['CASE']}", f"/cases/{site.config['CASE']}/print") if username == "wangfang" else ()
        )
        for place in (*places, *more):
            answer = visitor.get(place, follow_redirects=True)
            assert answer.status_code == 200, (username, place, answer.status_code)
            yield place, html.fromstring(answer.get_data(as_text=True))


def test_chinese_pages_have_no_english_words(lived_in: Flask) -> None:
    with lived_in.extensions["office"].reading() as records:
        usernames = {one.username for one in records.people.listing()} | {one.alias for one in records.people.listing()}
    found = {
        (place, word)
        for place, page in _pages(lived_in, "zh")
        for said, _ in _said(page, own="zh")
        for word in WORD.findall(PLACE.sub("", said))
        if word not in KNOWN and word not in usernames and word != "test" and not CODE.search(word)
    }
    assert not found, "\n".join(f"{place}: {words}" for place, words in sorted(found))


def test_english_pages_have_no_chinese_words_of_the_interface(lived_in: Flask) -> None:
    with (CATALOGUES / "en/LC_MESSAGES/messages.po").open("rb") as file:
        ours = {
            str(one.id)
            for one in read_po(file)
            if one.id and isinstance(one.id, str) and str(one.string) != str(one.id)
        }
    data = _names(lived_in.extensions["office"])
    found = {
        (place, said.strip())
        for place, page in _pages(lived_in, "en")
        for said, _ in _said(page, own="en")
        if said.strip() in ours and said.strip() not in data
    }
    assert not found, "\n".join(f"{place}: {words}" for place, words in sorted(found))


def _names(office: Office) -> set[str]:
    """Words that are data, which stays in its language: names of steps, processes, departments, people, windows, items and what forms ask."""
    with office.reading() as records:
        names = {one.name for one in records.people.departments()} | {one.short for one in records.people.departments()}
        names |= {text for one in records.people.listing() for text in (one.name, one.duty or "")}
    return names | {
        "登记",
        "云溪市政务服务中心",
        "受理",
        "审核",
        "批准",
        "发证",
        "办结",
        "综合窗口",
        "A岗",
        "B岗",
        "首席代表",
    }
