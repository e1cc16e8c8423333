"""Every bad or unsupported diagram is refused with rule, element and line; good ones are clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.engine import Resource, Severity, examine

FIXTURES = Path(__file__).parent / "fixtures"
GOOD = sorted(path.name for path in (FIXTURES / "good").glob("*.bpmn"))
WARNED = {
    "call_of_the_deployment",
    "correlation_property",
    "ad_hoc_without_condition",
    "default_with_condition",
    "no_default",
    "busy_cycle",
    "timer_too_fast",
    "unknown_camunda",
    "unknown_zw",
    "input_nobody_reads",
    "message_sent_by_rule",
}

BAD = [  # file, rule, element, line
    ("complex_gateway", "LB102", "g", 5),
    ("transaction", "LB103", "x", 5),
    ("ad_hoc_subprocess", "LB104", "x", 5),
    ("event_subprocess", "LB105", "x", 10),
    ("ad_hoc_without_condition", "LB115", "x", 5),
    ("business_rule_task", "LB150", "r", 5),
    ("compensation_handler", "LB107", "h", 9),
    ("choreography", "LB108", "ch", 3),
    ("conversation", "LB108", "cn", 4),
    ("io_binding", "LB109", "io", 6),
    ("data_association", "LB160", "da", 6),
    ("correlation_property", "LB173", "cp", 3),
    ("potential_owner", "LB111", "po", 6),
    ("start_quantity", "LB112", "t", 5),
    ("completion_quantity", "LB112", "t", 5),
    ("unknown_element", "LB101", "cc", 9),
    ("compensation_throw", "LB120", "cd", 5),
    ("cancel_end", "LB121", "e2", 9),
    ("link_throw", "LB122", "l", 5),
    ("conditional_start", "LB123", "s2", 9),
    ("multiple_catch", "LB124", "c", 6),
    ("event_definition_ref", "LB125", "c", 7),
    ("error_start", "LB126", "s2", 10),
    ("terminate_throw", "LB126", "c", 5),
    ("timer_start_in_subprocess", "LB126", "xs", 6),
    ("catch_without_definition", "LB127", "c", 5),
    ("error_boundary_goes_on", "LB128", "b", 9),
    ("message_without_name", "LB129", "md", 6),
    ("error_end_without_code", "LB129", "ed", 10),
    ("service_task_without_topic", "LB130", "w", 5),
    ("java_class", "LB131", "w", 5),
    ("delegate_expression", "LB131", "w", 5),
    ("service_expression", "LB131", "w", 5),
    ("connector", "LB131", "w", 5),
    ("send_task_without_message", "LB132", "w", 5),
    ("receive_task_without_message", "LB133", "w", 5),
    ("receive_task_instantiates", "LB134", "w", 6),
    ("python_script", "LB135", "w", 5),
    ("javascript_script", "LB135", "w", 5),
    ("groovy_script", "LB135", "w", 5),
    ("script_resource", "LB136", "w", 5),
    ("script_empty", "LB137", "w", 5),
    ("event_gateway_to_task", "LB138", "g", 5),
    ("parallel_event_gateway", "LB139", "g", 5),
    ("call_by_expression", "LB140", "c", 5),
    ("call_nothing", "LB140", "c", 5),
    ("call_version", "LB141", "c", 5),
    ("call_of_the_deployment", "LB147", "c", 5),
    ("call_case", "LB141", "c", 5),
    ("loop_without_end", "LB142", "lo", 6),
    ("instances_without_number", "LB143", "mi", 6),
    ("multi_instance_behavior", "LB144", "mi", 6),
    ("duplicate_id", "LB201", "t", 9),
    ("node_without_id", "LB202", "p", 5),
    ("bad_id", "LB203", "审 核", 5),
    ("dangling_target", "LB204", "f9", 9),
    ("dangling_source", "LB204", "f9", 9),
    ("flow_crosses_scope", "LB205", "f9", 11),
    ("dangling_message", "LB206", "w", 5),
    ("dangling_lane_member", "LB206", "l1", 7),
    ("prefixed_message", "LB207", "w", 6),
    ("boundary_on_nothing", "LB208", "b", 9),
    ("boundary_on_gateway", "LB208", "b", 9),
    ("flow_into_start", "LB209", "f9", 9),
    ("flow_out_of_end", "LB210", "f9", 9),
    ("flow_into_boundary", "LB211", "f9", 11),
    ("default_elsewhere", "LB212", "g", 5),
    ("default_with_condition", "LB213", "f2", 8),
    ("message_means_signal", "LB214", "w", 6),
    ("no_start", "LB301", "p", 3),
    ("two_starts", "LB302", "s2", 9),
    ("no_end", "LB303", "p", 3),
    ("subprocess_without_end", "LB303", "x", 5),
    ("unreachable", "LB304", "lost", 9),
    ("unconditioned_flow", "LB305", "f3", 11),
    ("no_default", "LB306", "g", 5),
    ("condition_after_parallel", "LB307", "f2", 8),
    ("endless_cycle", "LB310", "a", 5),
    ("busy_cycle", "LB311", "a", 5),
    ("inclusive_joins_in_cycle", "LB312", "a", 5),
    ("wrong_condition", "LB401", "f2", 10),
    ("java_condition", "LB401", "f2", 10),
    ("double_equals", "LB401", "f2", 10),
    ("wrong_cardinality", "LB402", "mi", 6),
    ("wrong_script", "LB403", "w", 5),
    ("script_without_assignment", "LB404", "w", 5),
    ("wrong_assignee", "LB405", "t", 5),
    ("priority_in_words", "LB405", "t", 5),
    ("due_date_in_words", "LB405", "t", 5),
    ("message_sent_by_worker", "LB146", "md", 7),
    ("wrong_mapping", "LB406", "t", 6),
    ("unknown_function", "LB407", "f2", 10),
    ("condition_language", "LB408", "f2", 10),
    ("huge_cardinality", "LB409", "mi", 6),
    ("loop_maximum", "LB410", "lo", 6),
    ("expression_bomb", "LB401", "f2", 10),
    ("timer_empty", "LB420", "td", 6),
    ("timer_twice", "LB421", "td", 6),
    ("timer_wrong_expression", "LB422", "td", 7),
    ("timer_bad_duration", "LB423", "td", 7),
    ("timer_in_words", "LB422", "td", 7),
    ("timer_bad_date", "LB423", "td", 7),
    ("timer_cron", "LB424", "td", 7),
    ("timer_without_pause", "LB425", "td", 7),
    ("timer_too_fast", "LB426", "td", 7),
    ("timer_start_computed", "LB427", "td", 10),
    ("clock_in_condition", "LB412", "f2", 10),
    ("message_name_computed", "LB145", "s2", 10),
    ("unknown_action", "LB511", "w", 5),
    ("escalates_nothing", "LB515", "w", 5),
    ("document_without_kind", "LB520", "w", 5),
    ("document_of_no_kind", "LB521", "w", 5),
    ("two_documents_of_one_task", "LB521", "w", 5),
    ("message_of_no_template", "LB521", "w", 5),
    ("transfer_of_no_kind", "LB521", "w", 5),
    ("record_of_nothing", "LB521", "w", 5),
    ("input_nobody_reads", "LB522", "w", 5),
    ("document_on_a_gateway", "LB523", "w", 5),
    ("action_on_a_user_task", "LB524", "w", 5),
    ("message_sent_by_rule", "LB525", "w", 5),
    ("execution_listener", "LB502", "t", 6),
    ("task_listener", "LB502", "t", 6),
    ("form_data", "LB503", "t", 6),
    ("script_in_mapping", "LB504", "t", 6),
    ("zeebe_job", "LB505", "w", 6),
    ("unknown_camunda", "LB506", "t", 5),
    ("unknown_zw", "LB510", "t", 5),
    ("zw_limit", "LB511", "t", 5),
    ("parameter_without_name", "LB512", "t", 6),
    ("calls_itself", "LB702", "c", 5),
    ("calls_message_process", "LB704", "c", 6),
    ("two_processes", "BV-01", "p", 4),
    ("task_without_limit", "BV-03", "t_REVIEW", 13),
    ("task_without_form", "BV-03", "t_REVIEW", 13),
    ("unknown_lane", "BV-04", "l1", 7),
    ("stage_missing", "BV-05", "p", 4),
    ("stage_skipped", "BV-05", "t_ISSUE", 29),
    ("limit_as_duration", "BV-07", "d_REVIEW", 16),
    ("review_without_timer", "BV-08", "t_REVIEW", 13),
    ("undeclared_variable", "BV-09", "f9", 46),
    ("dead_end", "BV-11", "t9", 43),
    ("same_lane", "BV-22", "t_APPROVE", 21),
    ("task_on_side_path", "BV-26", "t9", 44),
    ("alternatives_into_parallel_join", "BV-10", "g_join", 39),
    ("branches_without_join", "BV-10", "g_join", 39),
    ("inclusive_join_without_split", "BV-10", "g_join", 39),
    ("return_without_name", "BV-12", "t_REVIEW", 25),
    ("return_without_counter", "BV-12", "t_REVIEW", 25),
    ("return_five_times", "BV-12", "t_REVIEW", 25),
    ("script_of_its_own", "BV-14", "count", 13),
    ("refusal_without_letter", "BV-15", "e_refused", 52),
    ("refusal_without_letter", "BV-15", "f17", 77),
    ("rejection_with_wrong_letter", "BV-15", "e_rejected", 24),
    ("message_of_its_own", "BV-18", "b_withdraw", 31),
    ("escalation_of_its_own", "BV-18", "e", 59),
    ("conditional_procedure", "BV-27", "b_withdraw", 31),
    ("survey_by_one", "BV-23", "t_SURVEY", 36),
    ("survey_without_record", "BV-23", "t_SURVEY", 36),
    ("name_too_long", "BV-25", "t_SURVEY", 36),
    ("name_in_english", "BV-25", "t_SURVEY", 36),
    ("name_says_anything", "BV-25", "t_SURVEY", 36),
    ("quorum_in_words", "LB511", "t_SURVEY", 36),
    ("countersign_without_loop", "LB516", "t_SURVEY", 36),
    ("countersign_at_once", "LB516", "t_FIRE", 37),
    ("countersign_ratio", "LB511", "t_FIRE", 37),
    ("skipped_decision", "LB517", "t_APPROVE", 40),
    ("skipped_form", "LB517", "t_FIRE", 37),
    ("skipped_never", "LB517", "t_FIRE", 37),
    ("skipped_instance", "LB517", "t_FIRE", 37),
    ("not_bpmn", "LB009", None, 1),
    ("doctype", "LB006", None, 2),
    ("broken_xml", "LB005", None, 4),
    ("undeclared_prefix", "LB005", None, 3),
]


def examined(folder, name):
    content = (FIXTURES / folder / name).read_bytes()
    return examine([Resource(name=name, content=content)], check_calls=False)


@pytest.mark.parametrize(("name", "code", "element", "line"), BAD, ids=[row[0] for row in BAD])
def test_a_bad_diagram_is_refused_with_rule_element_and_line(name, code, element, line):
    examination = examined("bad", f"{name}.bpmn")
    said = [finding for finding in examination.findings if finding.code == code]
    assert (element, line) in [(finding.element, finding.line) for finding in said]
    assert all(finding.text and finding.english for finding in examination.findings)
    if name in WARNED:
        assert said[0].severity is Severity.WARNING
        assert examination.errors == ()
    else:
        assert said[0].severity is Severity.ERROR
        assert examination.drafts == ()


def test_every_bad_diagram_stands_in_the_table():
    assert {row[0] for row in BAD} == {path.stem for path in (FIXTURES / "bad").glob("*.bpmn")}
    assert len(BAD) >= 60


@pytest.mark.parametrize("name", GOOD)
def test_a_good_diagram_is_clean(name):
    examination = examined("good", name)
    assert [finding for finding in examination.findings if finding.severity is not Severity.NOTE] == []
    expected = [] if name == "drawing_only.bpmn" else [name.removesuffix(".bpmn")]
    assert [draft.key for draft in examination.drafts] == expected


def test_there_are_enough_good_diagrams():
    assert len(GOOD) >= 15
