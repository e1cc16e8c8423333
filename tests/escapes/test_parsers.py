"""Every parser of what strangers write, over random input: a value or a refusal, nothing else."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.casework.calendars.files import read_rows
from service.casework.register.files import _read
from service.engine import Resource, examine
from service.engine.decisions.library import decision_cards
from service.engine.feel import FeelError, evaluate, expression, parse_days_and_time, template
from service.engine.kernel.cron import read_cron
from service.engine.kernel.faults import StepFailure
from service.engine.kernel.timers import after
from service.engine.studio.importing.reading import import_diagram
from service.rules.forms import judge, present
from service.rules.item_reading import read_leniently
from service.rules.limits import parse_limit
from service.rules.packages import read_package
from service.rules.reconciling import read_channel_file
from service.rules.refusals import Refusal
from service.rules.typed_text import KINDS, read_typed
from service.rules.work_filters import filter_of, read_filter
from service.web.bodies import read_body
from service.web.instants import read_instant
from tests.engine.drive import CALENDAR, MONDAY
from tests.escapes.parcels import form, package, packed
from tests.sampling import sample

SETTINGS = settings(max_examples=sample(25, 10), deadline=None, database=None, suppress_health_check=list(HealthCheck))
ODD = st.text(st.characters(), max_size=60)
BYTES = st.binary(max_size=400)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ODD,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ODD, inner, max_size=4),
    max_leaves=12,
)
TOKENS = st.sampled_from(
    "1 a.b \"x\" ( ) [ ] { } , : .. + - * / ** = != < <= > in if then else for return some every satisfies function and or not( null "
    "true date(\"2026-01-01\") duration(\"P1D\") @\"PT1H\" item partial instance of ? external between 内容 ${ } #{ => | % $0".split(" ")
)  # fmt: skip
FEEL = st.lists(TOKENS, max_size=14).map(" ".join) | ODD
TIMES = st.lists(st.sampled_from([*"RPTYMWDHS0123456789/-+:.Z* ?,#L", "2026-03-16", "WD", "HD"]), max_size=16).map(
    "".join
)
XML = st.lists(
    st.sampled_from(
        ["<process id='p' isExecutable='true'>", "</process>", "<startEvent id='s'/>", "<endEvent id='e'/>", "<userTask id='t'/>", "&amp;", "&x;",
         "<sequenceFlow id='f' sourceRef='s' targetRef='e'/>", "<!-- -->", "<![CDATA[x]]>", "<?x y?>", "中", "</definitions>",
         "<exclusiveGateway id='g' default='f'/>", "<subProcess id='u'>", "</subProcess>", "<timerEventDefinition><timeCycle>R/PT1S</timeCycle></timerEventDefinition>",
         "<decision id='d' name='d'>", "</decision>", "<decisionTable>", "</decisionTable>", "<rule id='r'>", "</rule>", "<text>1</text>"]
    ),
    max_size=20,
).map("".join)  # fmt: skip
BPMN_NAMESPACE, DMN_NAMESPACE = (
    "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
)


def allowed(*refusals: type[BaseException]) -> Any:
    """What a parser may raise."""
    return suppress(Refusal, *refusals)


@SETTINGS
@given(XML, st.sampled_from([BPMN_NAMESPACE, DMN_NAMESPACE]))
def test_diagrams_and_tables(inside, namespace):
    name = "a.bpmn" if namespace == BPMN_NAMESPACE else "a.dmn"
    content = f"<definitions xmlns='{namespace}' id='x' name='x' namespace='n' targetNamespace='t'>{inside}</definitions>".encode()
    examination = examine([Resource(name=name, content=content)])
    assert "LB999" not in {one.code for one in examination.findings}
    import_diagram(name, content)
    decision_cards(content)


@SETTINGS
@given(BYTES, st.sampled_from(["a.bpmn", "a.dmn", "a.form", "a.xml", "a.txt"]))
def test_bytes_called_diagrams(content, name):
    assert examine([Resource(name=name, content=content)]).findings


@SETTINGS
@given(FEEL, st.dictionaries(ODD, JSONS, max_size=3))
def test_expressions(text, data):
    for read in (expression, template, lambda one: evaluate(one, data)):
        with allowed(FeelError):
            read(text)


@SETTINGS
@given(TIMES)
def test_durations_limits_crons_and_instants(text):
    for read in (parse_limit, read_cron, parse_days_and_time, read_instant, lambda one: after(one, MONDAY, CALENDAR)):
        with allowed(ValueError, StepFailure):
            read(text)


@SETTINGS
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "key",
                    "label",
                    "values",
                    "validate",
                    "conditional",
                    "components",
                    "path",
                    "expression",
                    "defaultValue",
                    "min",
                    "text",
                ]
            ),
            JSONS
            | st.sampled_from(
                [
                    "textfield",
                    "number",
                    "select",
                    "checklist",
                    "group",
                    "dynamiclist",
                    "expression",
                    "datetime",
                    "=1 +",
                    "a.b",
                ]
            ),
            max_size=6,
        ),
        max_size=4,
    ),
    JSONS,
)
def test_forms(components, entry):
    try:
        content = form(*components)
    except UnicodeEncodeError:
        content = json.dumps({"components": components}).encode()
    examination = examine([Resource(name="a.form", content=content)])
    assert "LB999" not in {one.code for one in examination.findings}
    if not examination.errors:
        schema = json.loads(content)
        present(schema, {})
        judge(schema, {str(one.get("key")): entry for one in components})


@SETTINGS
@given(
    BYTES | st.dictionaries(ODD.filter(lambda one: bool(one) and one.isprintable()), BYTES, max_size=3).map(packed),
    JSONS,
)
def test_packages(content, said):
    for one in (content, package({"forms/a.form": b"x"}, entries=[said])):
        with allowed():
            read_package(one)


@SETTINGS
@given(
    BYTES
    | st.dictionaries(
        st.sampled_from(["xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"]), BYTES, max_size=3
    ).map(packed)
)
def test_workbooks_of_items_and_holidays(content):
    for name in ("a.xlsx", "a.json", "a.csv", "a"):
        with allowed():
            _read(name, content, {})
        with allowed():
            read_rows(name, content, "CN", 2026)


@SETTINGS
@given(JSONS)
def test_items_and_holidays_as_json(data):
    content = json.dumps(data if isinstance(data, list) else [data]).encode()
    with allowed():
        for one in _read("a.json", content, {}):
            read_leniently(one.data)
    with allowed():
        read_rows("a.json", content, "CN", 2026)


@SETTINGS
@given(st.lists(st.lists(ODD, max_size=6).map(",".join), max_size=4).map("\n".join))
def test_statements_and_notices_in_commas(text):
    with allowed():
        read_channel_file("kind,transaction,bill,amount,at\n" + text)
    with allowed():
        read_rows("a.csv", ("名称,开始,结束,上班\n" + text).encode("utf-8", "replace"), "CN", 2026)


@SETTINGS
@given(st.sampled_from(KINDS), ODD | TIMES)
def test_typed_values(kind, text):
    with allowed():
        read_typed(kind, text)


@SETTINGS
@given(
    st.dictionaries(
        st.sampled_from(["q", "department", "light", "stage", "due", "item", "sort", "page", "view", "kind"]),
        ODD,
        max_size=5,
    )
)
def test_filters_of_addresses(values):
    with allowed():
        read_filter(values)
    with allowed():
        filter_of("&".join(f"{name}={value}" for name, value in values.items()))


@pytest.mark.parametrize(
    "path", ["/cases", "/tasks", "/inbox", "/incidents", "/bills", "/letters", "/supervision-events"]
)
def test_pages_and_filters_in_addresses_of_the_api(api, path):
    @SETTINGS
    @given(
        st.dictionaries(
            st.sampled_from(
                ["page", "size", "sort", "q", "state", "cursor", "process", "department", "since", "until", "light"]
            ),
            ODD,
            max_size=4,
        )
    )
    def asked(query):
        try:
            answer = api.get(path, query_string=query)
        except UnicodeEncodeError:  # what no address can hold
            return
        assert answer.status_code < 500, (query, answer.text)

    asked()


@SETTINGS
@given(BYTES | JSONS.map(lambda one: json.dumps(one).encode()))
def test_bodies(sent):
    with Flask("x").test_request_context(method="POST", data=sent, content_type="application/json"), allowed():
        body = read_body()
        for name in [*body.fields][:4]:
            for read in (
                body.text,
                body.whole,
                body.flag,
                body.instant,
                body.identity,
                body.texts,
                body.part,
                lambda one: list(body.parts(one)),
            ):
                with allowed():
                    read(name)
