"""Decision definitions as Camunda's clients use them."""

from __future__ import annotations

from tests.engine.dmn import dmn, table
from tests.web.rest import Client

FILE = dmn(
    table("dish", "COLLECT", ["season: string"], ["dish: string", "cost: number"], '"冬" | "汤"; 3', '- | "饭"; 1.5')
)


def test_unknown_decisions_are_missing_and_wrong_input_is_told(rest: Client) -> None:
    assert rest.get("/decision-definition/key/dish").status_code == 404
    assert rest.get("/decision-definition/nonsense").status_code == 404
    rest.upload({"dish.dmn": FILE}, deployment_name="dish")
    answer = rest.post("/decision-definition/key/dish/evaluate", {"variables": {}})
    assert (answer.status_code, answer.json["reason"]) == (400, "DECISION_FAILED")
    assert "season" in answer.json["message"]


def test_decisions_are_listed_read_and_taken(rest: Client) -> None:
    made = rest.upload({"dish.dmn": FILE}, deployment_name="dish").json
    (listed,) = rest.get("/decision-definition").json
    assert made["deployedDecisionDefinitions"] == {listed["id"]: listed}
    assert (listed["key"], listed["version"], listed["resource"]) == ("dish", 1, "dish.dmn")
    assert rest.get("/decision-definition/count?key=dish").json == {"count": 1}
    assert rest.get("/decision-definition?key=other").json == []
    assert rest.get(f"/decision-definition/{listed['id']}").json == listed
    assert rest.get("/decision-definition/key/dish/xml").json["dmnXml"].encode() == FILE
    body = {"variables": {"season": {"value": "冬", "type": "String"}}}
    answer = rest.post(f"/decision-definition/{listed['id']}/evaluate", body).json
    assert [{name: one["value"] for name, one in row.items()} for row in answer] == [
        {"dish": "汤", "cost": 3}, {"dish": "饭", "cost": 1.5},
    ]  # fmt: skip
    assert answer[0]["dish"]["type"] == "String"
