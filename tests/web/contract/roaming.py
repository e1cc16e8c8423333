"""Random requests to described operations as everybody, aimed at what there is on the stage; nothing is kept of what they do."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, field

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.access.bodies import body
from tests.web.access.stage import Town
from tests.web.access.table import ROLES, Line
from tests.web.access.walking import Somebody

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
)
DOORS = ("/api/v1", "/engine-rest")
PLACE = re.compile(r"{(\w+)}")
RULE = re.compile(r"<[^>]+>")
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
STRANGER = "anonymous"


@dataclass
class Report:
    """What came of it: answers by status, and each kind of fault with the first request that showed it."""

    answers: Counter[int] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)
    operations: int = 0

    @property
    def beyond(self) -> float:
        """The share of answers that are neither 401 nor 404: requests that met something."""
        met = sum(many for status, many in self.answers.items() if status not in (401, 404))
        return met / max(1, self.answers.total())


@dataclass(frozen=True)
class Aim:
    """What the table of access knows of an operation: the objects its address names, what is sent to it, who is let in."""

    places: tuple[str, ...]
    send: str
    met_by: tuple[str, ...]


def described(site: Flask, door: str, reader: Somebody) -> schemathesis.schemas.BaseSchema:
    """The description of a door, as `reader` reads it."""
    found = schemathesis.openapi.from_wsgi(f"{door}/openapi.json", site, headers=reader.basic)
    found.config.generation.update(with_security_parameters=False)  # who asks is said by us
    return found


def aims(site: Flask, town: Town, lines: list[Line]) -> dict[tuple[str, str], list[Aim]]:
    """By method and rule: the lines of the table that lead there."""
    found: dict[tuple[str, str], list[Aim]] = {}
    router = site.url_map.bind("localhost")
    for line in lines:
        if line.address.startswith(DOORS):
            rule, _ = router.match(line.address.format_map(town.own), method=line.method, return_rule=True)
            matched = re.fullmatch(RULE.sub("([^/]+)", rule.rule), line.address)
            assert matched is not None, line.address
            met = tuple(role for role, cell in line.cells.items() if cell[0] in "Aa")
            aim = Aim(places=matched.groups(), send=line.send, met_by=met)
            found.setdefault((line.method, RULE.sub("{}", rule.rule)), []).append(aim)
    return found


def may_be_wrong(operation: APIOperation) -> bool:
    """Whether there is anything in it that its description refuses: every text is a place in an address."""
    said = operation.definition.raw
    return "requestBody" in said or any(one["schema"] != {"type": "string"} for one in said.get("parameters", []))


class Roaming:
    """Requests in an order of their own: each is the next role's; what is random is the seed's."""

    def __init__(self, site: Flask, town: Town, lines: list[Line], number: int) -> None:
        self.site, self.town, self.seed = site, town, number
        self.aims = aims(site, town, lines)
        self.people = {role: Somebody(site, username) for role, username in ROLES.items()}
        self.turn, self.door = 0, ""
        self.chance = random.Random(number)

    def roam(self, door: str, examples: int) -> Report:
        """`examples` requests to every operation of a door, as many well formed as not."""
        report, self.door = Report(), door
        for found in described(self.site, door, self.people["service"]).get_all_operations():
            operation = found.ok()
            report.operations += 1
            for mode in MODES if may_be_wrong(operation) else MODES[:1]:
                self._ask(operation, mode, (examples + 1) // 2, report)
        return report

    def _ask(self, operation: APIOperation, mode: GenerationMode, examples: int, report: Report) -> None:
        known = self.aims.get((operation.method.upper(), self.door + PLACE.sub("{}", operation.path)), [])

        @seed(self.seed)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
        )
        @given(case=operation.as_strategy(mode))
        def asked(case: schemathesis.Case) -> None:
            aim = self.chance.choice(known) if known else None
            if aim is not None:
                self._point(case, aim)
            self._send(case, self._next_role(aim), report)

        try:
            asked()
        except Unsatisfiable:  # any object will do
            assert mode.is_negative

    def _next_role(self, aim: Aim | None) -> str:
        """One after another; every other time somebody who is let in."""
        self.turn += 1
        if self.turn % 2 and aim is not None and aim.met_by:
            return self.chance.choice(aim.met_by)
        return list(ROLES)[self.turn // 2 % len(ROLES)]

    def _point(self, case: schemathesis.Case, aim: Aim) -> None:
        """Three of four addresses name what there is; half of what is well formed says what is usually said there."""
        meta = case.meta
        assert meta is not None
        objects = self.chance.choice((self.town.own, self.town.own, self.town.other, None))
        if objects is None or meta.is_negative_at(ParameterLocation.PATH):
            return
        names = PLACE.findall(case.operation.path)
        case.path_parameters = {name: said.format_map(objects) for name, said in zip(names, aim.places, strict=True)}
        real = body(aim.send, objects)
        positive = meta.generation.mode.is_positive
        if positive and isinstance(case.body, dict) and isinstance(real, dict) and self.chance.random() < 0.5:
            case.body = {**case.body, **real}

    def _send(self, case: schemathesis.Case, role: str, report: Report) -> None:
        somebody = self.people[role]
        program = somebody.username == "engine" or self.door == "/engine-rest"
        headers = dict(somebody.basic) if program else {"X-CSRFToken": somebody.token}
        label = f"{case.operation.method.upper()} {case.operation.path}"
        response = case.call(session=somebody.client, headers=headers)
        report.answers[response.status_code] += 1
        report.roles[role] += 1
        kept_out = {401, 404} if case.meta and case.meta.is_negative_at(ParameterLocation.PATH) else {401}
        open_to_all = case.operation.definition.raw.get("security") == []
        if role == STRANGER and not open_to_all and response.status_code not in kept_out:
            report.faults.setdefault(f"{label}: a stranger gets {response.status_code}", "")
        try:
            case.validate_response(response, checks=list(CHECKS))
        except FailureGroup as group:
            for one in group.exceptions:
                assert isinstance(one, Failure)
                said = f"{label}: {one.title} {response.status_code}"
                report.faults.setdefault(
                    said, f"as {role}: {case.as_curl_command()}\n{one.message}\n{response.text[:300]}"
                )
