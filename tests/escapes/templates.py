"""Templates of documents and messages as an installation writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from service.casework.messages.own_texts import _check
from service.documents.examining import examine_template, shipped_template
from service.rules.messages import template
from tests.escapes.expressions import nested
from tests.escapes.trying import Place

NOW = datetime(2026, 3, 16, 1, tzinfo=UTC)
CODE = "W01"
SHIPPED = shipped_template(CODE)
TEN = "[1,2,3,4,5,6,7,8,9,0]"


def body(inside: str) -> str:
    """The shipped template with more in its body."""
    return SHIPPED.replace("{% block body %}", "{% block body %}" + inside, 1)


def loops(over: str, depth: int, inside: str = "x") -> str:
    opening = "".join(f"{{% for x{n} in {over} %}}" for n in range(depth))
    return opening + inside + "{% endfor %}" * depth


DOCUMENTS = {
    "the class": body("{{ ''.__class__.__mro__ }}"),
    "subclasses": body("{{ ''.__class__.__base__.__subclasses__() }}"),
    "the class by a filter": body("{{ ''|attr('__class__') }}"),
    "the class by an item": body("{{ head['__class__'] }}"),
    "the class by two texts": body("{{ head['__cl' ~ 'ass__'] }}"),
    "globals of a function": body("{{ value.__globals__ }}"),
    "globals by an item": body("{{ value['__globals__'] }}"),
    "the module of a fact": body("{{ kind.__module__ }}"),
    "the cycler": body("{{ cycler.__init__.__globals__.os.popen('id').read() }}"),
    "lipsum": body("{{ lipsum.__globals__ }}"),
    "lipsum a million times": body("{{ lipsum(n=1000000) }}"),
    "range": body("{% for x in range(1000000000) %}x{% endfor %}"),
    "the namespace": body("{% set n = namespace(a=1) %}"),
    "the configuration": body("{{ config.items() }}"),
    "self": body("{{ self.__init__.__globals__ }}"),
    "self again and again": body("{{ self.body() }}"),
    "another file": body('{% include "../../../../@SECRET@" %}'),
    "an absolute file": body('{% include "@SECRET@" %}'),
    "an import of another file": SHIPPED.replace("official/parts.j2", "@SECRET@"),
    "another frame": SHIPPED.replace("official/document.j2", "@SECRET@"),
    "no frame": "hello",
    "two frames": '{% extends "official/document.j2" %}' + SHIPPED,
    "a macro that calls itself": body("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}"),
    "a block of the frame": SHIPPED + "{% block other %}x{% endblock %}",
    "a block that calls itself": body("{% block title %}{{ self.title() }}{% endblock %}"),
    "a loop over a list twelve deep": body(loops(TEN, 12)),
    "a loop over a text eight deep": body(loops("head.case_number", 8)),
    "a loop over a letter each": body(loops("'" + "a" * 5_000 + "'", 3)),
    "a loop over rows eight deep": body(loops("materials", 30)),
    "a loop of nothing twelve deep": body(loops(TEN, 12, "{% if false %}{% endif %}")),
    "a recursive loop": body("{% for x in [[1]] recursive %}{{ loop(x) }}{% endfor %}"),
    "replacing twelve times": body("{{ 'a'" + "|replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaa')" * 12 + " }}"),
    "replacing nothing": body("{{ head.case_number" + "|replace('', head.case_number)" * 8 + " }}"),
    "joining what is joined": body("{{ head.case_number" + "|join(head.case_number)" * 12 + " }}"),
    "a power": body("{{ 9 ** 9 ** 9 ** 9 }}"),
    "a product of a text": body("{{ 'a' * 1000000000 }}"),
    "a sum without end": body("{{ " + "~".join(["head.case_number"] * 1_100) + " }}"),
    "deep parentheses": body("{{ " + nested("(", "1", ")", 9_000) + " }}"),
    "deep lists": body("{{ " + nested("[", "1", "]", 9_000) + " }}"),
    "deep nots": body("{{ " + "not " * 4_000 + "1 }}"),
    "deep conditions": body(nested("{% if true %}", "x", "{% endif %}", 600)),
    "deep filters": body("{{ 'a'" + "|trim" * 3_500 + " }}"),
    "deep tags": body("<b>" * 6_000),
    "a table in a table": body("<table><tr><td>" * 1_200),
    "deep boxes": body("<div>" * 3_500),
    "deep boxes that close": body(nested("<div>", "x", "</div>", 1_700)),
    "deep points": body("<ul><li>" * 2_000),
    "many boxes side by side": body('<table><tr>' + "<td>x" * 3_800),
    "a filter of formats": body("{{ '%1000000000d'|format(1) }}"),
    "a filter of centring": body("{{ 'a'|center(1000000000) }}"),
    "a filter of indenting": body("{{ 'a'|indent(1000000000) }}"),
    "a filter of wrapping": body("{{ 'a'|wordwrap(1) }}"),
    "a format of a text": body("{{ '{0.__class__}'.format(head) }}"),
    "a method": body("{{ head.case_number.upper() }}"),
    "a test": body("{% if 1 is divisibleby 0 %}{% endif %}"),
    "a division by nothing": body("{{ 1 / 0 }}"),
    "a script": body("<script>alert(1)</script>"),
    "a picture over the network": body('<img src="@URL@/x.png">'),
    "a picture in another spelling": body('<IMG SRC="@URL@/x.png">'),
    "a picture with a slash": body('<img/src="@URL@/x.png">'),
    "an image that is no img": body('<image src="@URL@/x.png">'),
    "a picture of a file": body('<img src="file://@SECRET@">'),
    "a video": body('<video poster="@URL@/x.png"></video>'),
    "a background": body('<table background="@URL@/x.png"><tr><td>x</td></tr></table>'),
    "a style with an address": body('<p style="background: url(@URL@/x)">x</p>'),
    "a style sheet": body('<link rel="stylesheet" href="@URL@/x.css">'),
    "an import of a style": SHIPPED + "{% block style %}@import url(@URL@/x.css);{% endblock %}",
    "a font over the network": SHIPPED + "{% block style %}@font-face { src: url(@URL@/x.ttf) }{% endblock %}",
    "a frame of the network": body('<iframe src="@URL@/x"></iframe>'),
    "an object": body('<object data="file://@SECRET@"></object>'),
    "an embedded file": body('<embed src="file://@SECRET@">'),
    "a foreign picture": body('<svg><image href="@URL@/x"/></svg>'),
    "an include of XML": body('<xi:include href="file://@SECRET@"/>'),
    "a tag put together": body("<{{ 'img' }} src=\"@URL@/x\">"),
    "a raw tag": body("{% raw %}<img src='@URL@/x'>{% endraw %}"),
    "unescaped": body("{{ head.applicant|safe }}"),
    "without escaping": body("{% autoescape false %}{{ head.applicant }}{% endautoescape %}"),
    "hidden words": body('<p style="font-size: 0">x</p>'),
    "white words": body('<p style="color: #fff">x</p>'),
    "words beyond the page": body('<p style="text-indent: -9999mm">x</p>'),
    "a tall page": body('<p style="margin-top: 99999999mm">x</p>'),
    "a wide page": body('<p style="padding: 99999999pt; width: 99999999mm">x</p>'),
    "huge letters": body('<p style="font-size: 99999999pt">x</p>'),
    "ten thousand pages": body('<p style="margin-top: 2970000mm">x</p>'),
    "twenty thousand letters": body("字" * 19_000),
    "twenty-one thousand letters": body("字" * 21_000),
    "NUL": body("a\x00b"),
    "right to left": body("\u202eabc\u202c"),
    "a lone surrogate": body("\ud800"),
    "a comment without end": body("{# "),
    "a statement without end": body("{% if"),
}  # fmt: skip

MESSAGES = {
    "message: an attribute": "{item.__class__}，{short}",
    "message: an item": "{item[0]}，{short}",
    "message: a width": "{item:>999999999}，{short}",
    "message: a width of a place": "{item:{short}}",
    "message: a conversion": "{item!r}，{short}",
    "message: a number": "{0}{short}",
    "message: nothing": "{}{short}",
    "message: an open brace": "{item，{short}",
    "message: a place that is not": "{config}，{short}",
    "message: Jinja": "{{ config }} {item}{short}",
    "message: a shell": "$(touch @DROPPED@){item}{short}",
    "message: another signature": "【他人】{item}{short}",
    "message: a new line": "a\r\nSubject: x\r\n\r\n{item}{short}",
    "message: NUL": "a\x00{item}{short}",
    "message: right to left": "\u202e{item}{short}",
    "message: ten thousand letters": "字" * 10_000,
}

CASES = {name: ("document", text) for name, text in DOCUMENTS.items()} | {
    name: ("message", text) for name, text in MESSAGES.items()
}


@contextmanager
def prepared(place: Place) -> Iterator[Callable[[tuple[str, str]], object]]:
    """A document template is examined and printed with sample facts; a message text is examined and filled."""
    examine_template(CODE, SHIPPED, made_at=NOW)

    def perform(case: tuple[str, str]) -> object:
        kind, text = case
        if kind == "document":
            return f"{len(examine_template(CODE, place.filled(text), made_at=NOW).pdf)} bytes"
        said = " ".join(place.filled(text).split())
        _check(replace(template("M01"), text=said), template("M01"), "政务服务")
        return said

    yield perform
