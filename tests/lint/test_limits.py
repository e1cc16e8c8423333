"""What a procedure says about limits, pauses and silence is refused at deployment when law or arithmetic forbid it."""

from __future__ import annotations

import json

import pytest

from service.engine import Resource, Severity, examine
from service.rules.clocks import PauseKind
from service.rules.pauses import WITHOUT_NOTICE
from service.rules.tacit import LOCKED
from service.rules.vocabulary import Mark

STAGES = (("ACCEPT", "综合窗口"), ("REVIEW", "部门审核"), ("APPROVE", "首席代表"), ("ISSUE", "发证窗口"))
NAMES = {"ACCEPT": "受理", "REVIEW": "审核", "APPROVE": "批准", "ISSUE": "发证"}
FORM = {
    "type": "default", "id": "f", "components": [
        {"type": "radio", "key": "conclusion", "label": "意见", "values": [{"value": "agree", "label": "同意"}]},
    ],
}  # fmt: skip
NOTICE = {"type": "default", "id": "f", "components": [{"type": "textfield", "key": "notice", "label": "告知书文号"}]}


def item(
    attributes: str = "", *, limits: tuple[str, ...] = ("1hd", "2hd", "2hd", "1hd"), extra: str = "", **tasks: str
) -> str:
    """A clean item; `tasks` are attributes of its stages (`REVIEW='zw:tacit="stage_skip"'`), `extra` goes before 审核."""
    lanes = "".join(
        f'<lane id="l{n}" name="{lane}"><flowNodeRef>t_{stage}</flowNodeRef></lane>'
        for n, (stage, lane) in enumerate(STAGES)
    )
    nodes, last = "", "s"
    for (stage, _), limit in zip(STAGES, limits, strict=True):
        if stage == "REVIEW" and extra:
            nodes += f'{extra}<sequenceFlow id="f_x" sourceRef="{last}" targetRef="x"/>'
            last = "x"
        nodes += (
            f'<userTask id="t_{stage}" name="{NAMES[stage]}" camunda:formKey="f" zw:stage="{stage}" zw:limit="{limit}" '
            f'{tasks.get(stage, "")}/><boundaryEvent id="b_{stage}" attachedToRef="t_{stage}" cancelActivity="false">'
            f'<timerEventDefinition id="d_{stage}"><timeDate>due("{stage}")</timeDate></timerEventDefinition>'
            f'</boundaryEvent><endEvent id="o_{stage}"><escalationEventDefinition id="e_{stage}" escalationRef="esc"/>'
            f'</endEvent><sequenceFlow id="g_{stage}" sourceRef="b_{stage}" targetRef="o_{stage}"/>'
            f'<sequenceFlow id="f_{stage}" sourceRef="{last}" targetRef="t_{stage}"/>'
        )
        last = f"t_{stage}"
    return (
        f'<process id="p" name="P" isExecutable="true" zw:kind="ITEM" {attributes}>\n<laneSet id="ls">{lanes}</laneSet>'
        f'<startEvent id="s"/>{nodes}<endEvent id="e" name="办结-准予"/>'
        f'<sequenceFlow id="f_e" sourceRef="{last}" targetRef="e"/></process>'
    )


def waiting(attributes: str) -> str:
    """A task that waits for somebody outside."""
    return f'<userTask id="x" name="等待" camunda:formKey="f" zw:stage="HEARING" zw:role="reviewer_a" zw:limit="20wd" {attributes}/>'


def chain(attributes: str, called: str = 'zw:dept="104"') -> str:
    """A chain of one call."""
    return (
        f'<process id="p" name="P" isExecutable="true" zw:kind="CHAIN" {attributes}><startEvent id="s"/>'
        f'<callActivity id="c" name="甲" calledElement="q" {called}/><endEvent id="e" name="办结-准予"/>'
        '<sequenceFlow id="f1" sourceRef="s" targetRef="c"/><sequenceFlow id="f2" sourceRef="c" targetRef="e"/></process>'
    )


def found(body: str, form: dict = FORM) -> dict[str, Severity]:
    """(code:element → severity) of everything said about a diagram."""
    content = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zw="urn:lianban:bpmn:zw:1" id="d" '
        f'targetNamespace="urn:t"><escalation id="esc" name="超时" escalationCode="ESC_OVERDUE"/>{body}</definitions>'
    ).encode()
    resources = [Resource(name="p.bpmn", content=content), Resource(name="f.form", content=json.dumps(form).encode())]
    examination = examine(resources, check_calls=False)
    assert all(one.text and one.english and one.remedy and one.line for one in examination.findings)
    return {f"{one.code}:{one.element}": one.severity for one in examination.findings if "LB215" != one.code}


def test_a_plain_item_says_nothing_about_time_and_nothing_is_said():
    assert found(item()) == {}


# -- plans and promises -----------------------------------------------------------------------------------------


def test_a_plan_longer_than_the_promise_is_refused():
    assert found(item('zw:limit="3wd"', limits=("1hd", "2hd", "2hd", "2hd"))) == {"BV-06:p": Severity.ERROR}
    assert found(item('zw:limit="3wd"', limits=("1hd", "2hd", "2hd", "1hd"))) == {}
    assert found(item('zw:limit="3wd"', limits=("1wd", "1wd", "1wd", "1hd"))) == {"BV-06:p": Severity.ERROR}


def test_opinions_take_their_time_from_the_promise_and_waiting_outside_does_not():
    asked = '<userTask id="x" name="意见" camunda:formKey="f" zw:stage="OPINION" zw:role="reviewer_a" zw:ladder="none" zw:limit="3wd"/>'
    assert found(item('zw:limit="5wd" zw:promise_reason="征求意见"', extra=asked)) == {"BV-06:p": Severity.ERROR}
    heard = waiting('zw:pause="HEARING" zw:doc="W12"')
    assert found(item('zw:limit="3wd"', extra=heard)) == {}


@pytest.mark.parametrize(("statutory", "promised"), [("20wd", 14), ("10wd", 7), ("5wd", 4), ("1wd", 2)])
def test_a_promise_above_two_thirds_of_the_law_needs_a_reason(statutory, promised):
    marks = {"ACCEPT": 'zw:reaches="ACCEPTED"', "ISSUE": 'zw:reaches="READY"'}
    said = f'zw:limit="{promised}wd" zw:statutory="{statutory}"'
    limits = ("1hd", "1hd", "1hd", "1hd")
    assert found(item(said, limits=limits, **marks)) == {"BV-29:p": Severity.ERROR}
    assert found(item(f'{said} zw:promise_reason="专家评审"', limits=limits, **marks)) == {}
    in_days = f'zw:limit="{promised}wd" zw:statutory="{statutory.replace("wd", "cd")}"'
    assert "BV-29:p" not in found(item(in_days, limits=limits, **marks)), "no share of calendar days is a working day"


def test_a_long_promise_without_a_reason_is_noted():
    assert found(item('zw:limit="5wd"')) == {"BV-30:p": Severity.NOTE}
    assert found(item('zw:limit="5wd" zw:promise_reason="现场勘查"')) == {}


@pytest.mark.parametrize(
    "said", ['zw:statutory="20"', 'zw:statutory="20hd"', 'zw:statutory_start="TODAY"', 'zw:receipt="0wd"', 'zw:clock="CASE"']
)  # fmt: skip
def test_limits_of_the_law_are_written_in_days_of_the_law(said):
    assert found(item(said))["LB511:p"] is Severity.ERROR


def test_an_item_that_says_when_the_law_ends_says_when_it_begins():
    marks = {"ACCEPT": 'zw:reaches="ACCEPTED"', "ISSUE": 'zw:reaches="READY"'}
    assert found(item('zw:statutory="20wd"', **marks)) == {}
    assert found(item('zw:statutory="20wd"')) == {"BV-31:p": Severity.WARNING}


# -- marks and pauses -------------------------------------------------------------------------------------------


def test_a_mark_nobody_knows_is_refused():
    assert found(item(REVIEW='zw:reaches="REVIEWED"'))["LB511:t_REVIEW"] is Severity.ERROR
    for word in (*Mark, "M0", "M9"):
        assert "LB511:t_REVIEW" not in found(item(REVIEW=f'zw:reaches="{word}"'))


def test_a_pause_needs_a_reason_of_the_law_and_a_notice():
    assert found(item(extra=waiting('zw:pause="LUNCH" zw:doc="W07"'))) == {"BV-17:x": Severity.ERROR}
    for kind in PauseKind:
        said = found(item('zw:excludes="PUBLICITY CONSULT"', extra=waiting(f'zw:pause="{kind}"')))
        assert said == ({} if kind in WITHOUT_NOTICE else {"BV-17:x": Severity.ERROR}), kind
    assert found(item(extra=waiting('zw:pause="HEARING" zw:doc="W12"'))) == {}
    assert found(item(extra=waiting('zw:pause="HEARING"')), NOTICE) == {}


def test_what_counts_by_law_pauses_only_where_the_item_says_so():
    drawn = waiting('zw:pause="PUBLICITY" zw:doc="W08"')
    assert found(item(extra=drawn)) == {"BV-17:x": Severity.ERROR}
    assert found(item('zw:excludes="PUBLICITY"', extra=drawn)) == {}


# -- silence ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(LOCKED))
@pytest.mark.parametrize(("stage", "level"), [("REVIEW", "stage_skip"), ("APPROVE", "decision")])
def test_no_level_is_allowed_where_the_law_locks_the_item(code, stage, level):
    locked = item(f'zw:item="{code}"', **{stage: f'zw:tacit="{level}"'})
    assert found(locked) == {f"BV-16:t_{stage}": Severity.ERROR}
    assert found(item(f'zw:item="{code}" zw:tacit="{level}"')) == {"BV-16:p": Severity.ERROR}
    assert found(item(f'zw:item="{code}" zw:tacit="never"')) == {}


def test_the_law_locks_twenty_four_items():
    assert len(LOCKED) == 24
    assert "104-XK-001" not in LOCKED


def test_a_task_may_not_go_further_than_its_item():
    skip = {"REVIEW": 'zw:tacit="stage_skip"'}
    assert found(item('zw:item="104-XK-001" zw:tacit="opinion"', **skip)) == {"BV-16:t_REVIEW": Severity.ERROR}
    assert found(item('zw:item="104-XK-001" zw:tacit="statutory"', **skip)) == {"BV-16:t_REVIEW": Severity.ERROR}
    for level in ("stage_skip", "decision"):
        assert found(item(f'zw:item="104-XK-001" zw:tacit="{level}"', **skip)) == {}
    decides = {"APPROVE": 'zw:tacit="decision" zw:tacit_answers="conclusion=agree"'}
    assert found(item('zw:tacit="stage_skip"', **decides)) == {"BV-16:t_APPROVE": Severity.ERROR}


@pytest.mark.parametrize(("stage", "level"), [("ACCEPT", "opinion"), ("REVIEW", "decision"), ("APPROVE", "stage_skip"), ("REVIEW", "never"), ("REVIEW", "statutory")])  # fmt: skip
def test_each_level_belongs_to_one_stage(stage, level):
    assert found(item(**{stage: f'zw:tacit="{level}"'})) == {f"BV-16:t_{stage}": Severity.ERROR}


def test_a_locked_department_may_be_silent_about_the_item_of_another():
    asked = (
        '<userTask id="x" name="意见" camunda:formKey="f" zw:stage="OPINION" zw:role="reviewer_a" zw:dept="106" '
        'zw:ladder="none" zw:limit="1hd" zw:tacit="opinion" zw:tacit_answers="conclusion=agree"/>'
    )
    assert found(item('zw:item="102-XK-003" zw:tacit="opinion"', extra=asked)) == {}


@pytest.mark.parametrize(
    "answers", ["agree", "conclusion=", "conclusion=disagree", "opinion=agree", "conclusion=agree,"]
)
def test_silence_answers_what_the_form_can_say(answers):
    said = {"REVIEW": f'zw:tacit="stage_skip" zw:tacit_answers="{answers}"'}
    assert found(item(**said)) == {"BV-32:t_REVIEW": Severity.ERROR}


# -- chains -----------------------------------------------------------------------------------------------------


def test_a_chain_names_its_lead_and_whose_each_node_is():
    assert found(chain("")) == {"BV-19:p": Severity.ERROR}
    assert found(chain('zw:lead="104"', called="")) == {"BV-19:c": Severity.ERROR}
    assert found(chain('zw:lead="104"')) == {}


def test_milestones_add_up_to_a_limit_the_law_allows():
    assert found(chain('zw:lead="104" zw:limit="9wd" zw:milestones="M0:1,M1:8"')) == {}
    assert found(chain('zw:lead="104" zw:limit="10wd" zw:milestones="M0:1,M1:8"')) == {"BV-20:p": Severity.ERROR}
    assert found(chain('zw:lead="104" zw:limit="46wd" zw:milestones="M0:1,M1:45"')) == {"BV-20:p": Severity.ERROR}
    assert found(chain('zw:lead="104" zw:limit="9wd" zw:milestones="one:1"')) == {"LB511:p": Severity.ERROR}


def test_milestones_may_be_named_and_their_days_still_add_up():
    assert found(chain('zw:lead="104" zw:limit="9wd" zw:milestones="M0:1:统一受理,M1:8:立项用地"')) == {}
    assert found(chain('zw:lead="104" zw:limit="9wd" zw:milestones="M0:1:统一受理,M1:9:立项用地"')) == {
        "BV-20:p": Severity.ERROR
    }
    assert found(chain('zw:lead="104" zw:limit="9wd" zw:milestones="M0:1:统一:受理"')) == {"LB511:p": Severity.ERROR}
