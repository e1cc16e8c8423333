"""BV-01 to BV-28 one by one: a clean procedure, changed in one place, breaks the one rule and no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.engine import Resource, Severity, examine
from tests.lint.test_limits import chain, found
from tests.lint.test_register import card, said

CLEAN = (Path(__file__).parent / "fixtures" / "good" / "procedure.bpmn").read_text("utf-8")
REVIEW = '<userTask id="t_REVIEW" name="审核" camunda:formKey="f" zw:stage="REVIEW" zw:limit="4hd">'
OTHER = (
    '<process id="other" name="另一个" isExecutable="true"><startEvent id="s2"/><endEvent id="e2"/>'
    '<sequenceFlow id="z" sourceRef="s2" targetRef="e2"/></process></definitions>'
)
CALL = (
    '<callActivity id="c" name="征求意见" calledElement="nowhere"/><sequenceFlow id="f0" sourceRef="s" targetRef="c"/>'
    '<sequenceFlow id="f0b" sourceRef="c" targetRef="count"/>'
)
ASKED = '<userTask id="{id}" name="催办" camunda:formKey="f" zw:stage="SUPERVISE" zw:role="supervisor" zw:limit="1hd"/>'
IN_A_BOX = (
    '<subProcess id="box" name="督办"><startEvent id="bs"/>' + ASKED.format(id="t9") + '<endEvent id="be"/>'
    '<sequenceFlow id="b1" sourceRef="bs" targetRef="t9"/><sequenceFlow id="b2" sourceRef="t9" targetRef="be"/></subProcess>'
    '<sequenceFlow id="f_o_REVIEW" sourceRef="b_REVIEW" targetRef="box"/>'
    '<sequenceFlow id="b3" sourceRef="box" targetRef="o_REVIEW"/>'
)
LATE_EVENT = (
    '<subProcess id="ev" name="久拖" triggeredByEvent="true"><startEvent id="es" isInterrupting="false">'
    '<timerEventDefinition id="ed"><timeDuration>P30D</timeDuration></timerEventDefinition></startEvent>'
    '<endEvent id="ee"/><sequenceFlow id="e1" sourceRef="es" targetRef="ee"/></subProcess><startEvent id="s"/>'
)
CONDITION = '<conditionalEventDefinition id="d_withdraw"><condition>=fire</condition></conditionalEventDefinition>'

BROKEN = [  # rule, element, what stood there, what stands there now
    ("BV-01", "procedure", "</definitions>", OTHER),
    ("LB131", "w03", 'zw:action="document" zw:doc="W03"', 'camunda:class="a.B" zw:doc="W03"'),  # BV-02
    ("BV-03", "t_REVIEW", "<flowNodeRef>t_REVIEW</flowNodeRef>", ""),
    ("BV-03", "t_SURVEY", 'camunda:formKey="f" zw:stage="SURVEY"', 'zw:stage="SURVEY"'),
    ("BV-03", "t_FIRE", ' zw:limit="1wd" zw:ladder="none"></userTask>\n    <userTask id="t_DEF',
     ' zw:ladder="none"></userTask>\n    <userTask id="t_DEF'),
    ("BV-03", "t_FIRE", '消防意见" camunda:formKey="f" zw:stage="OPINION"', '消防意见" camunda:formKey="f"'),
    ("BV-04", "l1", 'name="部门审核"', 'name="隔壁办公室"'),
    ("BV-04", "t_REVIEW", REVIEW, REVIEW.replace("zw:limit", 'zw:role="boss" zw:limit')),
    ("BV-05", "procedure", 'zw:stage="REVIEW"', 'zw:stage="EXPERT"'),
    ("BV-06", "procedure", 'zw:stage="REVIEW" zw:limit="4hd"', 'zw:stage="REVIEW" zw:limit="20hd"'),
    ("BV-07", "d_REVIEW", '<timeDate>due("REVIEW")</timeDate>', "<timeDuration>P2D</timeDuration>"),
    ("BV-07", "d_REVIEW", '<timeDate>due("REVIEW")</timeDate>', "<timeDate>2026-04-01T09:00:00+08:00</timeDate>"),
    ("BV-07", "ed", '<startEvent id="s"/>', LATE_EVENT),
    ("BV-08", "t_REVIEW", 'id="b_REVIEW" name="到期" attachedToRef="t_REVIEW" cancelActivity="false"',
     'id="b_REVIEW" name="到期" attachedToRef="t_REVIEW"'),
    ("BV-08", "t_DEFENCE", 'name="人防意见" camunda:formKey="f" zw:stage="OPINION" zw:limit="1wd" zw:ladder="none"',
     'name="人防意见" camunda:formKey="f" zw:stage="OPINION" zw:limit="1wd"'),
    ("BV-09", "f8", "fire = true", "fyre = true"),
    ("LB305", "f17", "<conditionExpression>conclusion = \"refuse\"</conditionExpression>", ""),  # BV-09, see below
    ("BV-10", "g_join", '<inclusiveGateway id="g_join" name="意见到齐"/>', '<parallelGateway id="g_join" name="意见到齐"/>'),
    ("BV-11", "t_ISSUE", '<endEvent id="e" name="办结-准予"/>', '<task id="e" name="归档"/>'),
    ("BV-12", "t_REVIEW", "returns &lt;= 3", "returns &lt;= 4"),
    ("BV-12", "t_REVIEW", 'name="退回"', 'name="重来"'),
    ("LB701", "c", '<sequenceFlow id="f0" sourceRef="s" targetRef="count"/>', CALL),  # BV-13
    ("BV-14", "count", 'returns = number("0")', 'returns = count(sort([0], function(a, b) bitwise(a, b)))'),
    ("BV-15", "e_rejected", 'zw:action="document" zw:doc="W03"', 'zw:action="document" zw:doc="W01"'),
    ("BV-16", "t_REVIEW", 'zw:stage="REVIEW"', 'zw:stage="REVIEW" zw:tacit="decision"'),
    ("BV-17", "t_SURVEY", 'zw:stage="SURVEY"', 'zw:stage="SURVEY" zw:pause="LUNCH"'),
    ("BV-18", "b_withdraw", 'name="MSG_WITHDRAW"', 'name="MSG_CHANGED_MY_MIND"'),
    ("BV-22", "t_APPROVE", 'id="l2" name="首席代表"', 'id="l2" name="部门审核"'),
    ("BV-22", "t_REVIEW", 'zw:stage="REVIEW"', 'zw:stage="REVIEW APPROVE"'),
    ("BV-23", "t_SURVEY", "inspectors&gt;=2", "inspectors&gt;=1"),
    ("BV-23", "t_SURVEY", ' zw:doc="W11"', ""),
    ("BV-25", "t_REVIEW", 'id="t_REVIEW" name="审核"', 'id="t_REVIEW" name="Review"'),
    ("BV-25", "t_REVIEW", 'id="t_REVIEW" name="审核"', f'id="t_REVIEW" name="{"审" * 21}"'),
    ("BV-26", "t9", '<sequenceFlow id="f_o_REVIEW" sourceRef="b_REVIEW" targetRef="o_REVIEW"/>', IN_A_BOX),
    ("BV-27", "b_withdraw", '<messageEventDefinition id="d_withdraw" messageRef="m_withdraw"/>', CONDITION),
]  # fmt: skip


BESIDES = {"BV-14": ("LB407",)}  # functions procedures may not use the engine does not know either
FIELDS = {"components": [{"type": "textfield", "key": "decision"}, {"type": "textfield", "key": "conclusion"}]}


def judged(text: str, *forms: Resource, calls: bool = True) -> set[str]:
    """code:element of everything that is no note."""
    examination = examine([Resource(name="p.bpmn", content=text.encode()), *forms], check_calls=calls)
    return {f"{one.code}:{one.element}" for one in examination.findings if one.severity is not Severity.NOTE}


def test_the_procedure_they_are_tried_on_is_clean():
    assert judged(CLEAN) == set()


@pytest.mark.parametrize(
    ("code", "element", "was", "now"), BROKEN, ids=[f"{n}-{row[0]}" for n, row in enumerate(BROKEN)]
)
def test_one_broken_rule_is_told_and_no_other(code, element, was, now):
    assert was in CLEAN
    told = judged(CLEAN.replace(was, now))
    assert f"{code}:{element}" in told
    assert {one.partition(":")[0] for one in told} == {code, *BESIDES.get(code, ())}


def test_a_sub_process_holds_the_stages_in_it():
    kept = '<userTask id="t_REVIEW"'
    start, end = CLEAN.index(kept), CLEAN.index('<boundaryEvent id="b_withdraw"')
    desk = CLEAN[start:end]
    boxed = (
        f'<subProcess id="box" name="审核办理"><startEvent id="bs"/>{desk}<endEvent id="be"/>'
        '<sequenceFlow id="b1" sourceRef="bs" targetRef="t_REVIEW"/>'
        '<sequenceFlow id="b2" sourceRef="t_REVIEW" targetRef="be"/></subProcess>'
    )
    text = CLEAN.replace(desk, boxed)
    for was in ('attachedToRef="t_REVIEW">', 'targetRef="t_REVIEW" name=', 'sourceRef="t_REVIEW" targetRef="g_fork"'):
        assert was in text
        text = text.replace(was, was.replace("t_REVIEW", "box"))
    assert judged(text) == set()
    assert judged(text.replace('targetRef="t_REVIEW"/>', 'targetRef="be"/>')) >= {"BV-05:t_APPROVE"}


def test_one_desk_may_hold_all_four_stages_of_an_item_done_at_once_only():
    merged = (
        '<process id="p" name="备案" isExecutable="true" zw:kind="ITEM" {more}><startEvent id="s"/>'
        '<userTask id="t" name="当场办理" camunda:formKey="f" zw:stage="ACCEPT REVIEW APPROVE ISSUE" zw:role="counter_clerk" zw:limit="1hd"/>'
        '<boundaryEvent id="b" name="到期" attachedToRef="t" cancelActivity="false"><timerEventDefinition id="td"><timeDate>due()</timeDate></timerEventDefinition></boundaryEvent>'
        '<endEvent id="o" name="超时督办"><escalationEventDefinition id="x" escalationRef="esc"/></endEvent>'
        '<endEvent id="e" name="办结-准予"/><sequenceFlow id="f1" sourceRef="s" targetRef="t"/>'
        '<sequenceFlow id="f2" sourceRef="t" targetRef="e"/><sequenceFlow id="f3" sourceRef="b" targetRef="o"/></process>'
    )
    assert found(merged.replace("{more}", 'zw:limit="0wd"')) == {}
    assert found(merged.replace("{more}", 'zw:limit="3wd"')) == {"BV-22:t": Severity.ERROR}


def test_a_chain_breaks_its_two_rules():
    whole = 'zw:lead="104" zw:limit="9wd" zw:milestones="M0:1,M1:8"'
    assert found(chain(whole)) == {}
    assert found(chain(whole.replace('zw:lead="104" ', ""))) == {"BV-19:p": Severity.ERROR}
    assert found(chain(whole, called="")) == {"BV-19:c": Severity.ERROR}
    assert found(chain(whole.replace("M1:8", "M1:7"))) == {"BV-20:p": Severity.ERROR}
    assert found(chain('zw:lead="104" zw:limit="9wd"')) == {"BV-20:p": Severity.ERROR}
    assert found(chain('zw:lead="104" zw:milestones="M0:1,M1:8"')) == {"BV-20:p": Severity.ERROR}


def test_what_the_register_knows_breaks_its_two_rules():
    key = "item_105_XK_001"
    plain = said(key, card("105-XK-001"))
    assert {code for code, severity in plain.items() if severity is Severity.ERROR} == set()
    unpaid = said("item_107_XK_001", card("107-XK-001", fees=("LH-1",)))
    assert unpaid == {"BV-24:item_107_XK_001": Severity.ERROR}


def test_a_form_that_lacks_what_the_diagram_reads_breaks_its_rule():
    form = {"type": "default", "id": "f", **FIELDS}
    assert judged(CLEAN, Resource(name="f.form", content=json.dumps(form).encode())) == set()
    form["components"] = form["components"][1:]
    told = judged(CLEAN, Resource(name="f.form", content=json.dumps(form).encode()))
    assert {one.partition(":")[0] for one in told} == {"BV-28"}
