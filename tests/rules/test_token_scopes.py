"""Which requests a token of which scope serves for."""

from __future__ import annotations

import pytest

from service.casework.office import Office
from service.rules.token_scopes import Scope, allows, scope_of
from service.web.app import create_app

WRITING = {"POST", "PUT", "DELETE", "PATCH"}


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/api/v1/tasks", Scope.READ),
        ("POST", "/engine-rest/task", Scope.READ),
        ("POST", "/engine-rest/history/task/count", Scope.READ),
        ("POST", "/engine-rest/task/7/complete", Scope.TASKS),
        ("POST", "/api/v1/tasks/7/complete", Scope.TASKS),
        ("POST", "/api/v1/cases", Scope.CASES),
        ("POST", "/engine-rest/process-definition/key/x/start", Scope.CASES),
        ("POST", "/engine-rest/external-task/fetchAndLock", Scope.WORK),
        ("POST", "/engine-rest/deployment/create", Scope.DEPLOY),
        ("PUT", "/engine-rest/process-definition/key/x/suspended", Scope.DEPLOY),
        ("PUT", "/api/v1/calendars/CN/2027", Scope.OPERATE),
        ("POST", "/api/v1/letters", Scope.OPERATE),
        ("PUT", "/engine-rest/job/7/retries", Scope.OPERATE),
        ("POST", "/api/v1/nobody-knows", Scope.OPERATE),
    ],
)
def test_a_request_belongs_to_one_scope(method: str, path: str, scope: Scope) -> None:
    assert scope_of(method, path) is scope


def test_every_scope_reads_and_serves_for_itself_only() -> None:
    for one in Scope:
        assert allows([one], Scope.READ)
        assert {needed for needed in Scope if allows([one], needed)} == {Scope.READ, one}
    assert not allows([], Scope.READ)


def test_only_queries_are_read_by_a_request_that_writes(office: Office) -> None:
    """Every POST, PUT and DELETE there is that a reading token may send, by name."""
    reading = {
        f"{method} {rule.rule}"
        for rule in create_app(office).url_map.iter_rules()
        if rule.endpoint.startswith(("api.", "engine_rest."))
        for method in (rule.methods or set()) & WRITING
        if scope_of(method, rule.rule) is Scope.READ
    }
    kinds = ("task", "process-instance", "execution", "external-task", "job")
    kept = ("activity-instance", "process-instance", "task", "variable-instance")
    assert reading == {
        *(f"POST /engine-rest/{kind}{more}" for kind in kinds for more in ("", "/count")),
        *(f"POST /engine-rest/history/{kind}{more}" for kind in kept for more in ("", "/count")),
        "POST /engine-rest/decision-definition/<text>/evaluate",
        "POST /engine-rest/decision-definition/key/<key>/evaluate",
        "POST /engine-rest/migration/generate",
        "POST /engine-rest/migration/validate",
        "POST /api/v1/processes/lint",
        "POST /api/v1/time-limit/preview",
    }
