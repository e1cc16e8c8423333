"""Whatever is sent along, no page sends a browser to another site."""

from __future__ import annotations

import itertools
from urllib.parse import urlsplit

from flask import Flask

from tests.web.access import table
from tests.web.access.bodies import body
from tests.web.access.stage import Town
from tests.web.access.walking import Somebody, nothing_kept
from tests.web.conftest import site, town

__all__ = ["site", "town"]

ELSEWHERE = (
    "//evil.example", "https://evil.example", "https:evil.example", "/\\evil.example", "\\\\evil.example", "/%2f%2fevil.example",
    "///evil.example", "http:/evil.example", "javascript:alert(1)", "data:text/html,x", "/\tevil.example", "//evil.example\r\nX: y",
    "/@evil.example/../..//evil.example", " //evil.example",
)  # fmt: skip
NAMES = ("next", "back", "from", "url", "return", "to")


def test_no_page_sends_a_browser_to_another_site_whatever_it_is_given(site: Flask, town: Town) -> None:
    payloads = itertools.cycle(ELSEWHERE)
    gone, asked = [], 0
    people = [Somebody(site, name) for name in ("wangfang", "chengang", "tianyue", "hejing")]
    with nothing_kept():
        for line in table.read():
            if line.address.startswith(("/api/", "/engine-rest", "/static", "/logout")):
                continue
            for somebody in people:
                evil = next(payloads)
                given = dict.fromkeys(NAMES, evil)
                form = given | dict(body(line.send, town.own) or {}) if line.method == "POST" else None
                path = line.address.format_map(town.own)
                if form is None:
                    answer = somebody.client.get(path, query_string=given)
                else:
                    answer = somebody.client.post(path, data={"csrf_token": somebody.token, **form}, query_string=given)
                asked += 1
                where = urlsplit(answer.headers.get("Location", ""))
                if where.netloc not in ("", "localhost") or where.scheme not in ("", "http"):
                    gone.append(f"{line.method} {line.address} {evil!r}: {answer.headers['Location']}")
                if "X" in answer.headers or answer.status_code == 500:
                    gone.append(f"{line.method} {line.address} {evil!r}: {answer.status_code}")
                answer.close()
    assert gone == [] and asked > 800
