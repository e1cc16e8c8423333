"""A monitoring program reads counts and ages at /metrics; nobody else does, and nothing in them is about a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import create_engine

from service.casework.audit.sealing import seal_audit
from service.casework.readiness import beat
from service.rules.refusals import Refusal
from service.rules.vocabulary import LedgerAction
from service.settings import Settings
from service.web.app import create_app
from tests.conftest import Clock, make_office


def read(app: Flask, **more: object) -> dict[tuple[str, str], float]:
    answer = app.test_client().get("/metrics", **more)
    assert answer.status_code == 200 and answer.content_type.startswith("text/plain")
    return {
        (sample.name, " ".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_it_tells_what_waits_what_failed_and_how_old_things_are(app: Flask, office, clock: Clock) -> None:
    before = read(app)
    assert before["lianban_up", ""] == 1 and ("lianban_backup_age_seconds", "") not in before
    beat(office, "node")
    with office.transaction() as records:
        records.ledger.write(LedgerAction.PERSON_CHANGED, "guotao", "zhao", {"changed": "roles"})
    assert seal_audit(office) > 0
    app.test_client().get("/api/v1/tasks")
    app.test_client().get("/nowhere")
    app.test_client().open("/nowhere", method="BREW-1")
    found = read(app)
    assert found["lianban_worker_beat_age_seconds", ""] < 30 and found["lianban_audit_seal_age_seconds", ""] >= 0
    assert found["lianban_cases_open", ""] == found["lianban_tasks_late", ""] == 0
    assert found["lianban_requests_total", "GET - 404"] == 1
    assert not any("BREW-1" in labels for _, labels in found), "whoever asks does not choose how many series there are"
    assert found["lianban_request_seconds_count", "pages"] >= 1
    assert any(name == "lianban_refusals_total" for name, _ in found)


def test_without_a_token_only_this_machine_reads_it_and_not_through_a_proxy(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 404


@pytest.fixture
def guarded(sqlite_url: str, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    office = make_office(sqlite_url, tmp_path, clock, metrics_token="a token of sixteen letters")
    yield create_app(office)
    office.close()


def test_with_a_token_whoever_shows_it_reads_from_anywhere(guarded: Flask) -> None:
    far = {"environ_base": {"REMOTE_ADDR": "10.1.2.3"}}
    assert read(guarded, headers={"Authorization": "Bearer a token of sixteen letters"}, **far)
    for given in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eA=="}):
        assert guarded.test_client().get("/metrics", headers=given).status_code == 404


def test_a_short_token_is_refused_by_name_and_never_printed() -> None:
    with pytest.raises(Refusal, match="LIANBAN_METRICS_TOKEN") as refusal:
        Settings.from_environment({"LIANBAN_METRICS_TOKEN": "short"})
    assert "short" not in refusal.value.sentence()
    assert "sixteen" not in repr(Settings(metrics_token="a token of sixteen letters"))


def test_while_the_database_is_away_it_says_so(app: Flask, office, monkeypatch) -> None:
    office.database.close()
    monkeypatch.setattr(office.database, "engine", create_engine("sqlite:////nonexistent/nowhere.db"))
    assert read(app)["lianban_up", ""] == 0
