"""What every shipped file promises: it deploys, asks with forms that exist, climbs when late, and can be read."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

import pytest

from service.engine import examine
from service.engine.feel import evaluate
from service.rules.forms import judge, schema_problems
from service.rules.worktime import parse_limit
from tests.lint.shipped import shipped_register
from tests.processes.library import (
    BPMN,
    CAMUNDA,
    DI,
    FILES,
    FORMS,
    IMMEDIATE,
    ITEMS,
    ZW,
    Office,
    resources,
    schema,
    tree,
)

PROCEDURES = [*ITEMS, *IMMEDIATE, "chain_JS_35"]
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
ENDS = {
    "办结-准予",
    "办结-不予",
    "办结-默许",
    "不予受理",
    "放弃",
    "退件",
    "终止",
    "已转办",
    "办结-部分",
    "撤回",
    "超时督办",
    "已留痕",
    "已提醒",
    "完成",
    "结束",
    *("不再参加", "不再办理", "已减去"),
    # supporting processes
    "办结",
    "告知救济途径",
    "投诉不受理",
    "归档",
    "误评",
    "已记牌",
    "不予立案",
    "无过错",
    "撤销认定",
    "当场答复",
    "已答复",
    "通报",
    # of 配套流程
    *("撤回", "不撤回", "不能撤回", "未延期", "不予督办", "逾期申请", "视为准予延续", "未公布", "不予退费"),
    *("不予发布", "校验未通过", "挂起", "移送撤销"),
}
WAITING = {
    "CORRECTION",
    "HEARING",
    "INSPECTION",
    "EXPERT",
    "ENTRUSTED_EVALUATION",
    "DESIGN_REVISION",
    "TENDER",
    "PUBLICITY",
}
AT_ONCE = {"item_119_XK_003"}  # one working day for all: 受理 and 发证 in the half-day of the desk beside them
DEPARTMENTS = {key.split("_")[1] for key in FILES if key.startswith("item_")} | {"201"}


def answer(form: str, **entries: Any) -> set[str]:
    """Names of the fields a form refuses for these entries."""
    known = {name: value for name, value in entries.items() if value is not None}
    judged = judge(schema(form), known, evaluate=lambda text, context: evaluate(text, dict(context)))
    return {problem.field for problem in judged.problems}


# -- deploying --------------------------------------------------------------------------------------------------


def test_everything_ships_in_one_deployment_without_a_finding_also_against_the_cards():
    examination = examine(resources(), register=shipped_register(), complete=True)
    assert examination.findings == ()
    assert sorted(draft.key for draft in examination.drafts) == sorted(FILES)


@pytest.mark.parametrize("key", FILES)
def test_file_and_process_bear_the_same_name(key):
    processes = tree(key).findall(f"{BPMN}process")
    assert [p.get("id") for p in processes] == [key]
    assert processes[0].get("isExecutable") == "true"


def test_every_form_is_used_and_every_used_form_ships():
    used = {e.get(f"{CAMUNDA}formKey") for key in FILES for e in tree(key).iter() if isinstance(e.tag, str)} - {None}
    assert used == set(FORMS)


# -- forms ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_form_can_be_served_and_speaks_chinese(form):
    read = schema(form)
    assert read["id"] == form
    assert schema_problems(read) == ()
    for component in every_component(read):
        if component["type"] not in ("group", "text"):
            assert re.fullmatch(r"[a-z][a-z0-9_]*", component["key"])
        assert re.search(r"[\u4e00-\u9fff]", component["label"])


def every_component(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Components, those in groups too."""
    found = []
    for component in node.get("components", []):
        found += [component, *every_component(component)]
    return found


@pytest.mark.parametrize("form", [f for f in FORMS if f.startswith("accept_")])
def test_refusing_at_the_window_needs_a_reason_and_accepting_the_materials(form):
    assert answer(form) >= {"decision"}
    assert answer(form, decision="reject", reject_kind="other") == {"reason"}
    assert answer(form, decision="reject") == {"reason", "reject_kind"}
    assert answer(form, decision="accept") == {"materials"}
    first = next(c for c in schema(form)["components"] if c["key"] == "materials")["values"][0]["value"]
    assert answer(form, decision="accept", materials=[first]) == set()


@pytest.mark.parametrize("decision", ["refuse", "return"])
def test_refusing_or_returning_needs_a_reason(decision):
    assert answer("approve", decision=decision) == {"reason"}
    assert answer("approve", decision=decision, reason="图纸与总平面不一致") == set()


def test_asking_for_a_correction_lists_the_gaps_with_their_remedies():
    assert answer("accept_104_XK_001", decision="correct") == {"gaps", "gap_notes"}
    said = {"gaps": ["申请表(表)"], "gap_notes": "申请表:缺项目负责人签字,补签后重新上传"}
    assert answer("accept_104_XK_001", decision="correct", **said) == set()
    assert answer("supplement") == {"received", "complete_on"}


def test_a_special_procedure_is_granted_with_its_length_and_its_notice():
    assert answer("review", recommendation="procedure") == {"procedure_reason"}
    assert answer("procedure", procedure="HEARING") == {"expected_days"}
    assert answer("hearing") == {"held_at", "place", "host", "result"}
    assert answer("procedure", procedure="none") == set()


def test_granting_needs_none():
    assert answer("approve", decision="grant") == set()
    assert answer("approve", decision="maybe") == {"decision"}
    assert answer("review", recommendation="grant") == set()
    assert answer("review", recommendation="refuse") == {"reason"}
    assert answer("opinion", conclusion="conditional") == {"reason"}
    assert answer("coordinate", ruling="resubmit") == {"opinion"}


@pytest.mark.parametrize("form", [f for f in FORMS if f.startswith("apply_")])
def test_an_application_checks_project_code_credit_code_and_phone(form):
    keys = {c.get("key") for c in every_component(schema(form))}
    asked = {"project_code", "applicant_uscc", "phone", "applicant", "project_name", "site_address"} & keys
    assert {"applicant", "phone"} <= asked
    refused = answer(form, project_code="2603-990100-04-01-48291", applicant_uscc="91990100MA000000", phone="1390000")
    assert asked <= refused
    refused = answer(
        form, project_code="2603-990100-04-01-482915", applicant_uscc="91990100MA0000001X", phone="13900000001",
        applicant="云溪华印制罐有限公司", contact="李昭", project_name="年产2亿只金属罐项目", site_address="云溪市工业园区1号",
    )  # fmt: skip
    assert not refused & asked


def test_the_joint_application_asks_every_shared_field_once_and_little_by_force():
    keys = [c["key"] for c in every_component(schema("apply_JS_35")) if c["type"] != "group"]
    assert len(keys) == len(set(keys))
    assert answer("apply_JS_35") == {
        "applicant", "applicant_uscc", "contact", "phone", "project_code", "project_name", "site_address",
        "initiation", "eia_category", "investment_total", "building_area_m2",
    }  # fmt: skip


@pytest.mark.parametrize("key", PROCEDURES)
def test_the_choices_of_a_form_are_those_its_gateway_knows(key):
    text = "\n".join(e.text for e in tree(key).iter(f"{BPMN}conditionExpression"))
    asked = {
        "decision": {"reject", "correct", "return_file", "refuse", "grant"},
        "ruling": {"proceed", "terminate"},
        "recommendation": {"procedure", "survey", "refuse"},
        "procedure": WAITING - {"CORRECTION", "PUBLICITY"},
        "resolution": {"grant"},
    }
    for name, values in asked.items():
        offered = {
            v["value"]
            for form in FORMS
            if form.startswith(
                ("accept_", "desk_", "approve", "coordinate", "review", "procedure", "conclude", "meeting")
            )
            for c in schema(form)["components"]
            if c.get("key") == name
            for v in c["values"]
        }
        tested = set(re.findall(rf'{name} = "(\w+)"', text))
        assert tested <= offered
        assert tested <= values


# -- desks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", PROCEDURES)
def test_every_desk_has_stage_role_department_limit_and_form(key):
    for task in tree(key).iter(f"{BPMN}userTask"):
        stage, role, dept, limit = (task.get(f"{ZW}{name}") for name in ("stage", "role", "dept", "limit"))
        waits = {"CORRECT", "HEARING", "EXPERT", "PUBLICITY"}
        office = {"ACCEPT", "REVIEW", "APPROVE", "ISSUE", "OPINION", "COORDINATE", "MEETING", "SUPERVISE"}
        assert set(stage.split()) <= office | waits
        assert (task.get(f"{ZW}pause") in {*WAITING, "NEXT_FILING"}) == (task.get(f"{ZW}ladder") == "none")
        assert stage in waits or task.get(f"{ZW}ladder") != "none" or task.get(f"{ZW}pause") == "NEXT_FILING"
        assert role in {"counter_clerk", "reviewer_a", "chief_rep", "issue_clerk"}
        asked = task.get("id") == "Task_Joined"  # whoever is asked besides, and for as long as who asks says
        assert (dept, limit) == ("=joint_department", "=joint_limit") if asked else dept in DEPARTMENTS
        at_once = " " in stage or key in AT_ONCE
        assert asked or parse_limit(limit).amount > 0 or at_once, "only the one desk of a 即办件 has no day"
        assert task.get(f"{CAMUNDA}formKey") in FORMS


@pytest.mark.parametrize("key", PROCEDURES)
def test_every_desk_has_a_due_timer_that_lets_it_go_on_and_climbs(key):
    root = tree(key)
    by_id = {e.get("id"): e for e in root.iter() if isinstance(e.tag, str) and e.get("id")}
    following: dict[str, list[str]] = {}
    for flow in root.iter(f"{BPMN}sequenceFlow"):
        following.setdefault(flow.get("sourceRef"), []).append(flow.get("targetRef"))
    for task in root.iter(f"{BPMN}userTask"):
        if task.get(f"{ZW}pause"):  # somebody outside is waited for: nobody of the office is late
            continue
        timer = by_id[f"Due_{task.get('id')}"]
        assert timer.get("attachedToRef") == task.get("id")
        assert timer.get("cancelActivity") == "false"
        assert timer.findtext(f".//{BPMN}timeDate") == f'due("{task.get(f"{ZW}stage")}")'
        (climb,) = following[timer.get("id")]
        assert by_id[climb].get(f"{ZW}action") == "escalate"
        assert by_id[climb].get(f"{ZW}target") == task.get("id")
        (end,) = following[climb]
        raised = by_id[end].find(f"{BPMN}escalationEventDefinition").get("escalationRef")
        assert by_id[raised].get("escalationCode") == "ESC_OVERDUE"
    assert not list(root.iter(f"{BPMN}timeDuration")), "limits are working time, never a duration"


def test_every_call_of_the_chain_hears_of_late_items_and_goes_on():
    root = tree("chain_JS_35")
    heard = {
        e.get("attachedToRef")
        for e in root.iter(f"{BPMN}boundaryEvent")
        if e.get("cancelActivity") == "false" and e.find(f"{BPMN}escalationEventDefinition") is not None
    }
    calls = {c.get("id") for c in root.iter(f"{BPMN}callActivity") if c.get("calledElement").startswith("item_")}
    assert heard == calls
    assert len(heard) == 11


# -- reading ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", FILES)
def test_names_are_chinese_and_short_and_ends_bear_their_fixed_names(key):
    for element in tree(key).iter():
        name = element.get("name") if isinstance(element.tag, str) else None
        if name and element.tag.startswith(BPMN) and not element.tag.endswith(("}process", "}participant", "}message")):
            assert len(name) <= 20
            assert re.search(r"[\u4e00-\u9fff]", name)
        if isinstance(element.tag, str) and element.tag == f"{BPMN}endEvent":
            assert name in ENDS


@pytest.mark.parametrize("key", FILES)
def test_every_element_is_drawn_and_every_line_is_orthogonal(key):
    root = tree(key)
    drawn = {e.get("bpmnElement") for e in root.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge")}
    tags = ("Event", "Task", "Gateway", "subProcess", "callActivity", "sequenceFlow", "lane", "participant")
    wanted = {
        e.get("id") for e in root.iter() if isinstance(e.tag, str) and e.tag.startswith(BPMN) and e.tag.endswith(tags)
    }
    assert drawn >= wanted - {None}
    for edge in root.iter(f"{DI}BPMNEdge"):
        points = [(float(p.get("x")), float(p.get("y"))) for p in edge.findall(WAYPOINT)]
        assert len(points) >= 2
        for (ax, ay), (bx, by) in zip(points, points[1:], strict=False):
            assert ax == bx or ay == by, f"{edge.get('id')} is slanted"


@pytest.mark.parametrize("key", FILES)
def test_no_two_symbols_lie_on_each_other(key):
    root = tree(key)
    hosts = {e.get("id"): e.get("attachedToRef") for e in root.iter(f"{BPMN}boundaryEvent")}
    frames = {e.get("id") for e in root.iter(f"{BPMN}lane", f"{BPMN}participant")}
    for plane in root.iter(f"{DI}BPMNPlane"):
        boxes = [
            (shape.get("bpmnElement"), *(float(shape.find(BOUNDS).get(n)) for n in ("x", "y", "width", "height")))
            for shape in plane.findall(f"{DI}BPMNShape")
            if shape.get("bpmnElement") not in frames
        ]
        for (a, ax, ay, aw, ah), (b, bx, by, bw, bh) in combinations(boxes, 2):
            if hosts.get(a) == b or hosts.get(b) == a:
                continue
            apart = ax + aw <= bx or bx + bw <= ax or ay + ah <= by or by + bh <= ay
            assert apart, f"{a} lies on {b}"


# -- the plain demo process -------------------------------------------------------------------------------------


def test_the_linear_process_is_four_forms_long():
    office = Office("linear", {"title": "办公用品"})
    for n in range(1, 5):
        assert office.open() == [f"Task_{n}"]
        assert office.wait(f"Task_{n}").candidate_groups == ("counter_clerk",)
        office.answer(f"Task_{n}", title="办公用品", quantity=n, remark="")
    assert (office.ended, office.ends) == ("completed", ["End"])
