"""Deployments and definitions as modelling tools use them."""

from __future__ import annotations

from flask import Flask

from tests.web.rest import LINEAR, Client, diagram, hire

BROKEN = '<startEvent id="S"/><subProcess id="T" triggeredByEvent="true"/><serviceTask id="G"/><endEvent id="E"/>\nS -> G\nG -> E\n'


def test_a_bad_diagram_is_refused_with_details_by_file(rest: Client) -> None:
    answer = rest.upload({"bad.bpmn": diagram(BROKEN)}, deployment_name="bad")
    assert (answer.status_code, answer.json["type"]) == (400, "ParseException")
    assert answer.json["message"].startswith("ENGINE-09005 Could not parse BPMN process.")
    errors = answer.json["details"]["bad.bpmn"]["errors"]
    assert {"message", "line", "column", "mainElementId", "elementIds", "code"} <= set(errors[0])
    assert any(error["mainElementId"] == "G" for error in errors)
    assert rest.get("/process-definition/count").json == {"count": 0}


def test_unreadable_xml_is_refused_with_its_line(rest: Client) -> None:
    answer = rest.upload({"x.bpmn": b"<definitions>\n<oops"}, deployment_name="x")
    assert answer.json["details"]["x.bpmn"]["errors"][0]["line"] >= 1


def test_nothing_to_deploy_is_refused(rest: Client) -> None:
    assert rest.upload({}, deployment_name="empty").json["reason"] == "NO_RESOURCES"


def test_a_clerk_may_not_deploy(app: Flask) -> None:
    hire(app.extensions["office"], "clerk", ["counter_clerk"])
    answer = Client(app, "/engine-rest", "clerk").upload({"p.bpmn": diagram(LINEAR)}, deployment_name="p")
    assert (answer.status_code, answer.json["type"]) == (403, "AuthorizationException")
    assert answer.json["resourceName"] == "Deployment"
    assert answer.json["userId"] == "clerk"


def test_the_connection_test_of_a_modelling_tool_works(rest: Client) -> None:
    assert rest.get("/deployment?maxResults=0").json == []
    assert rest.get("/version").json["version"].startswith("7.")


def test_a_diagram_is_deployed_as_a_modelling_tool_sends_it(rest: Client) -> None:
    file = diagram(LINEAR)
    answer = rest.upload(
        {"p.bpmn": file},
        deployment_name="直线",
        deployment_source="Camunda Modeler",
        enable_duplicate_filtering="true",
    )
    assert answer.status_code == 200
    made = answer.json
    (definition,) = made["deployedProcessDefinitions"].values()
    assert (made["name"], made["source"]) == ("直线", "Camunda Modeler")
    assert (definition["key"], definition["version"], definition["resource"]) == ("p", 1, "p.bpmn")
    assert made["deploymentTime"] == "2026-03-16T09:00:00.000+0800"
    (resource,) = rest.get(f"/deployment/{made['id']}/resources").json
    assert rest.get(f"/deployment/{made['id']}/resources/{resource['id']}").json == resource
    assert rest.get(f"/deployment/{made['id']}/resources/{resource['id']}/data").data == file
    assert rest.get(f"/process-definition/{definition['id']}/xml").json["bpmn20Xml"] == file.decode()


def test_an_unchanged_diagram_makes_no_version(rest: Client) -> None:
    rest.deploy(LINEAR)
    again = rest.upload({"p.bpmn": diagram(LINEAR)}, deployment_name="p", enable_duplicate_filtering="true")
    assert again.json["deployedProcessDefinitions"] is None
    assert rest.get("/process-definition/count?key=p").json == {"count": 1}


def test_without_duplicate_filtering_every_deployment_makes_a_version(rest: Client) -> None:
    rest.deploy(LINEAR)
    assert rest.deploy(LINEAR)["version"] == 2
    assert [one["version"] for one in rest.get("/process-definition?key=p&latestVersion=true").json] == [2]


def test_definitions_are_listed_filtered_and_sorted(rest: Client) -> None:
    rest.deploy(LINEAR, "alpha")
    rest.deploy(LINEAR, "beta")
    rest.deploy(LINEAR + " ", "beta")
    keys = [(one["key"], one["version"]) for one in rest.get("/process-definition?sortBy=version&sortOrder=desc").json]
    assert keys[0] == ("beta", 2)
    assert rest.get("/process-definition/count?keysIn=alpha,gamma").json == {"count": 1}
    assert rest.get("/process-definition/count?keyLike=%25et%25").json == {"count": 2}
    assert rest.get("/process-definition?key=beta&firstResult=1&maxResults=5").json[0]["version"] == 2
    assert rest.get("/process-definition/count?versionTag=none").json == {"count": 0}
    assert rest.get("/process-definition/key/beta").json["version"] == 2


def test_a_deployment_is_deleted_when_nothing_runs(rest: Client) -> None:
    deployment_id = rest.deploy(LINEAR)["deploymentId"]
    rest.start()
    assert rest.delete(f"/deployment/{deployment_id}").status_code == 409
    assert rest.delete(f"/deployment/{deployment_id}?cascade=true").status_code == 204
    assert rest.get("/process-definition/count").json == {"count": 0}
    assert rest.get(f"/deployment/{deployment_id}").status_code == 404


def test_figures_count_what_runs(rest: Client) -> None:
    definition = rest.deploy(LINEAR)
    rest.start()
    rest.start()
    (figures,) = rest.get("/process-definition/statistics?failedJobs=true&incidents=true").json
    assert (figures["id"], figures["instances"], figures["failedJobs"]) == (definition["id"], 2, 0)


def test_a_suspended_definition_starts_nothing(rest: Client) -> None:
    definition = rest.deploy(LINEAR)
    assert rest.put(f"/process-definition/{definition['id']}/suspended", {"suspended": True}).status_code == 204
    assert rest.post("/process-definition/key/p/start", {}).status_code == 409
    assert rest.get("/process-definition/count?suspended=true").json == {"count": 1}
    rest.put("/process-definition/key/p/suspended", {"suspended": False})
    assert rest.post("/process-definition/key/p/start", {}).status_code == 200


def test_the_called_definitions_are_told(rest: Client) -> None:
    rest.deploy(LINEAR, "item")
    rest.deploy(
        '<startEvent id="S"/><callActivity id="C" calledElement="item"/><endEvent id="E"/>\nS -> C\nC -> E\n', "chain"
    )
    definition = rest.get("/process-definition/key/chain").json
    called = rest.get(f"/process-definition/{definition['id']}/static-called-process-definitions").json
    assert [one["key"] for one in called] == ["item"]
