"""Messages, signals, timers, and the demo clock that moves them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.acceptance.visitor import Visitor

S, E = '<startEvent id="S"/>', '<endEvent id="E"/>'


def declared(name: str) -> str:
    return f'<message id="M" name="{name}"/><signal id="G" name="{name}"/>'


def catching(name: str) -> str:
    return (
        S + '<intermediateCatchEvent id="I"><messageEventDefinition messageRef="M"/></intermediateCatchEvent>'
        '<userTask id="Z"/>' + E + "\nS -> I\nI -> Z\nZ -> E\n"
    )


def waiting(engine: Visitor, name: str) -> str:
    return engine.deploy(catching(name), declared=declared(name))


def timed(text: str, kind: str = "timeDuration") -> str:
    return (
        S + f'<intermediateCatchEvent id="T"><timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>'
        '</intermediateCatchEvent><userTask id="Z"/>' + E + "\nS -> T\nT -> Z\nZ -> E\n"
    )


@pytest.fixture
def name() -> str:
    return f"MSG_{uuid4().hex[:8]}"


def test_a_message_nobody_waits_for_is_refused(engine: Visitor, name: str) -> None:
    answer = engine.call("POST", "/message", {"messageName": name, "businessKey": "x"})
    assert answer.status_code == 400
    assert name in answer.json()["message"]
    assert engine.call("POST", "/message", {}).status_code == 400


def test_an_ambiguous_message_is_refused_and_changes_nothing(engine: Visitor, name: str) -> None:
    key = waiting(engine, name)
    cases = [engine.start(key, f"{name}-{n}") for n in range(2)]
    assert engine.call("POST", "/message", {"messageName": name}).status_code == 400
    assert [engine.tasks(case) for case in cases] == [[], []]
    engine.post("/message", {"messageName": name, "businessKey": f"{name}-1"})
    assert [engine.tasks(case) for case in cases] == [[], ["Z"]]


def test_a_message_to_all_reaches_all(engine: Visitor, name: str) -> None:
    key = waiting(engine, name)
    cases = [engine.start(key, f"{name}-{n}") for n in range(3)]
    answer = engine.post("/message", {"messageName": name, "all": True, "resultEnabled": True}, 200)
    assert {one["execution"]["processInstanceId"] for one in answer} == set(cases)
    assert {one["resultType"] for one in answer} == {"Execution"}
    assert [engine.tasks(case) for case in cases] == [["Z"]] * 3


def test_messages_find_their_case_by_variables(engine: Visitor, name: str) -> None:
    key = waiting(engine, name)
    first, second = engine.start(key, None, no=1), engine.start(key, None, no=2)
    engine.post("/message", {"messageName": name, "correlationKeys": {"no": {"value": 2, "type": "Integer"}}})
    assert (engine.tasks(first), engine.tasks(second)) == ([], ["Z"])
    answer = engine.call("POST", "/message", {"messageName": name, "correlationKeys": {"no": {"value": 3}}})
    assert answer.status_code == 400


def test_a_message_starts_a_case(engine: Visitor, name: str) -> None:
    key = engine.deploy(
        '<startEvent id="S"><messageEventDefinition messageRef="M"/></startEvent><userTask id="A"/>' + E + "\nS -> A\nA -> E\n",
        declared=declared(name),
    )  # fmt: skip
    body = {
        "messageName": name,
        "businessKey": "BJ-7",
        "resultEnabled": True,
        "variablesInResultEnabled": True,
        "processVariables": {"a": {"value": 1}},
        "withoutTenantId": True,
    }
    [result] = engine.post("/message", body, 200)
    assert result["resultType"] == "ProcessDefinition"
    case = result["processInstance"]["id"]
    assert result["processInstance"]["businessKey"] == "BJ-7"
    assert engine.tasks(case) == ["A"]
    assert engine.values(case) == {"a": 1}
    plain = engine.call("POST", f"/process-definition/key/{key}/start", {})
    assert 200 <= plain.status_code < 500


def test_a_signal_reaches_everybody_and_starts_cases(engine: Visitor, name: str) -> None:
    body = (
        S + '<intermediateCatchEvent id="I"><signalEventDefinition signalRef="G"/></intermediateCatchEvent><userTask id="Z"/>' + E
        + "\nS -> I\nI -> Z\nZ -> E\n"
    )  # fmt: skip
    key = engine.deploy(body, declared=declared(name))
    cases = [engine.start(key) for _ in range(3)]
    engine.post("/signal", {"name": name, "variables": {"v": {"value": 5, "type": "Integer"}}})
    assert [engine.tasks(case) for case in cases] == [["Z"]] * 3
    assert engine.values(cases[0]) == {"v": 5}
    engine.post("/signal", {"name": name})


def test_an_error_ends_a_call_and_is_caught_by_the_caller(engine: Visitor) -> None:
    called = engine.deploy(
        S
        + '<userTask id="IN"/><endEvent id="X"><errorEventDefinition errorRef="Error_1"/></endEvent>\nS -> IN\nIN -> X\n'
    )
    case = engine.run(
        S + f'<callActivity id="C" calledElement="{called}"/><boundaryEvent id="B" attachedToRef="C"><errorEventDefinition id="ed" errorRef="Error_1" '
        'camunda:errorCodeVariable="code" camunda:errorMessageVariable="text"/></boundaryEvent><userTask id="R"/>'
        + E + '<endEvent id="F"/>\nS -> C\nC -> E\nB -> R\nR -> F\n'
    )  # fmt: skip
    inner = engine.get(f"/task?processInstanceId={case}&taskDefinitionKey=IN")
    if not inner:
        children = engine.get(f"/process-instance?superProcessInstance={case}")
        inner = engine.get(f"/task?processInstanceId={children[0]['id']}")
    engine.post(f"/task/{inner[0]['id']}/complete", {})
    assert engine.tasks(case) == ["R"]
    assert engine.values(case)["code"] == "E-1"


def test_a_timer_is_a_job_that_can_be_moved_and_executed(engine: Visitor) -> None:
    case = engine.run(timed("PT10H"))
    [job] = engine.get(f"/job?processInstanceId={case}")
    assert (job["retries"], job["exceptionMessage"], job["suspended"]) == (3, None, False)
    engine.put(f"/job/{job['id']}/duedate", {"duedate": "2036-01-01T00:00:00.000+0800"})
    assert engine.get(f"/job/{job['id']}")["dueDate"] == "2036-01-01T00:00:00.000+0800"
    engine.advance("PT11H")
    assert engine.tasks(case) == []
    engine.post(f"/job/{job['id']}/execute")
    assert engine.tasks(case) == ["Z"]
    assert engine.call("POST", f"/job/{job['id']}/execute", {}).status_code == 404
    assert engine.call("PUT", f"/job/{job['id']}/retries", {"retries": 1}).status_code == 404


def test_a_job_without_retries_waits_for_more(engine: Visitor) -> None:
    case = engine.run(timed("PT1H"))
    [job] = engine.get(f"/job?processInstanceId={case}&timers=true")
    engine.put(f"/job/{job['id']}/retries", {"retries": 0})
    engine.advance("PT2H")
    assert engine.tasks(case) == []
    assert engine.get(f"/job?processInstanceId={case}&noRetriesLeft=true")[0]["id"] == job["id"]
    engine.put(f"/job/{job['id']}/retries", {"retries": 1})
    engine.advance("PT1S")
    assert engine.tasks(case) == ["Z"]


def test_a_timer_of_a_suspended_case_waits(engine: Visitor) -> None:
    case = engine.run(timed("PT1H"))
    engine.put(f"/process-instance/{case}/suspended", {"suspended": True})
    engine.advance("PT2H")
    assert engine.history(case)["state"] == "SUSPENDED"
    assert engine.tasks(case) == []
    engine.put(f"/process-instance/{case}/suspended", {"suspended": False})
    engine.advance("PT1S")
    assert engine.tasks(case) == ["Z"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("${'PT1H'}", "timeDuration"), ("=duration(\"PT1H\")", "timeDuration"), ("${wait}", "timeDuration"), ("${date}", "timeDate"), ("P1D", "timeDuration"),
     ("=wait", "timeDuration"), ("R3/PT1H", "timeCycle")],
)  # fmt: skip
def test_timers_may_be_written_in_many_ways(engine: Visitor, text: str, kind: str) -> None:
    now = datetime.fromisoformat(engine.get("//api/v1/demo/clock")["now"])
    date = now.replace(year=now.year + 1).isoformat()
    case = engine.run(timed(text, kind), wait="PT1H", date=date)
    assert engine.get(f"/job/count?processInstanceId={case}") == {"count": 1}, engine.get(
        f"/incident?processInstanceId={case}"
    )
    [job] = engine.get(f"/job?processInstanceId={case}")
    engine.post(f"/job/{job['id']}/execute")
    assert engine.tasks(case) == ["Z"]


def test_an_unreadable_timer_value_becomes_an_incident(engine: Visitor) -> None:
    case = engine.run(timed("${wait}"), wait="soon")
    [incident] = engine.get(f"/incident?processInstanceId={case}")
    assert incident["activityId"] == "T"


def test_a_repeating_boundary_timer_fires_as_often_as_it_says(engine: Visitor) -> None:
    case = engine.run(
        S + '<userTask id="A"/><boundaryEvent id="B" attachedToRef="A" cancelActivity="false"><timerEventDefinition>'
        '<timeCycle>R3/PT1H</timeCycle></timerEventDefinition></boundaryEvent><userTask id="N"/>'
        + E
        + '<endEvent id="F"/>'
        "\nS -> A\nA -> E\nB -> N\nN -> F\n"
    )
    engine.advance("P1D")
    assert engine.tasks(case) == ["A", "N", "N", "N"]
    starts = [one["startTime"][11:16] for one in engine.activities(case) if one["activityId"] == "N"]
    assert len(set(starts)) == 3


def test_what_became_due_is_caught_up_in_due_order(engine: Visitor) -> None:
    branches = [("T3", "PT3H"), ("T1", "PT1H"), ("T2", "PT2H")]
    content = S + '<parallelGateway id="F"/>' + E
    for key, text in branches:
        content += f'<intermediateCatchEvent id="{key}"><timerEventDefinition><timeDuration>{text}</timeDuration></timerEventDefinition></intermediateCatchEvent>'
    content += "\nS -> F\n" + "".join(f"F -> {key}\n{key} -> E\n" for key, _ in branches)
    case = engine.run(content)
    before = datetime.fromisoformat(engine.get("//api/v1/demo/clock")["now"])
    answer = engine.advance("PT10H")
    assert answer["attended"] >= 3
    assert engine.ended(case)
    ends = {one["activityId"]: one["endTime"] for one in engine.activities(case) if one["activityId"].startswith("T")}
    assert ends["T1"] < ends["T2"] < ends["T3"]
    hours = [
        round((datetime.strptime(ends[key], "%Y-%m-%dT%H:%M:%S.%f%z") - before).total_seconds() / 3600)
        for key in ("T1", "T2", "T3")
    ]
    assert hours == [1, 2, 3]


def test_a_timer_starts_cases(engine: Visitor) -> None:
    now = datetime.fromisoformat(engine.get("//api/v1/demo/clock")["now"])
    key = engine.deploy(
        '<startEvent id="S"><timerEventDefinition><timeCycle>R2/PT1H</timeCycle></timerEventDefinition></startEvent>'
        '<userTask id="A"/>' + E + "\nS -> A\nA -> E\n"
    )
    assert now.tzinfo is not None
    engine.advance("PT5H")
    assert engine.get(f"/process-instance/count?processDefinitionKey={key}") == {"count": 2}


# -- the clock ------------------------------------------------------------------------------------------------------


def at(engine: Visitor, text: str) -> dict[str, Any]:
    return dict(engine.put("//api/v1/demo/clock", {"now": text}, 200))


VECTORS = [
    ("2026-03-16", 1, "2026-03-17"), ("2026-03-16", 3, "2026-03-19"), ("2026-03-13", 1, "2026-03-16"), ("2026-02-12", 3, "2026-02-24"),
    ("2026-02-13", 3, "2026-02-25"), ("2026-02-14", 1, "2026-02-24"), ("2026-02-20", 3, "2026-02-26"), ("2026-02-24", 5, "2026-03-02"),
    ("2026-04-03", 1, "2026-04-07"), ("2026-04-30", 1, "2026-05-06"), ("2026-05-08", 1, "2026-05-09"), ("2026-06-18", 1, "2026-06-22"),
    ("2026-09-18", 3, "2026-09-22"), ("2026-09-24", 3, "2026-09-30"), ("2026-09-30", 1, "2026-10-08"), ("2026-09-30", 3, "2026-10-10"),
    ("2026-09-28", 5, "2026-10-10"), ("2026-09-30", 20, "2026-11-03"), ("2026-02-13", 20, "2026-03-19"), ("2026-01-15", 25, "2026-02-26"),
    ("2026-01-15", 35, "2026-03-11"), ("2026-09-10", 25, "2026-10-21"), ("2026-09-10", 35, "2026-11-04"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "days", "due"), VECTORS)
def test_working_days_are_counted_by_the_calendar_of_2026(engine: Visitor, start: str, days: int, due: str) -> None:
    at(engine, f"{start}T10:00:00+08:00")
    case = engine.run(timed(f"P{days}WD"))
    [job] = engine.get(f"/job?processInstanceId={case}")
    assert job["dueDate"] == f"{due}T17:00:00.000+0800"
    moved = engine.advance(f"P{days}WD")
    assert moved["now"].startswith(due)
    engine.delete(f"/process-instance/{case}")


def test_the_clock_goes_back_and_forth(engine: Visitor) -> None:
    assert at(engine, "2026-03-16T09:00:00+08:00")["now"].startswith("2026-03-16T09:00:0")
    assert engine.get("//api/v1/demo/clock")["now"].startswith("2026-03-16T09:00:0")
    assert engine.advance("PT36H")["now"].startswith("2026-03-17T21:00:0")
    assert engine.advance("P3WD")["now"].startswith("2026-03-20T")
    case = engine.run(timed("PT1H"))
    at(engine, "2026-03-16T09:00:00+08:00")
    assert engine.tasks(case) == []
    at(engine, "2026-03-30T09:00:00+08:00")
    assert engine.tasks(case) == ["Z"]
    assert at(engine, "2026-03-16T01:00:00Z")["now"].startswith("2026-03-16T09:00:0")


def test_whatever_became_due_has_been_attended_when_the_clock_answers(engine: Visitor) -> None:
    cases = [engine.run(timed(f"PT{number + 1}M")) for number in range(20)]
    engine.advance("PT1H")
    assert [engine.tasks(case) for case in cases] == [["Z"]] * 20
    assert engine.get("/job?executable=true") == []


def test_readiness_and_life(engine: Visitor, address: str) -> None:
    stranger = Visitor(address, None)
    assert stranger.call("GET", "//healthz").status_code == 200
    assert stranger.call("GET", "//readyz").status_code == 200
    assert stranger.call("GET", "//api/v1/demo/clock").status_code == 401
    assert stranger.call("PUT", "//api/v1/demo/clock", {"advance": "PT1H"}).status_code == 401
    stranger.session.close()
