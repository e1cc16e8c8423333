"""`/metrics`: what a Prometheus server reads. Requests of this process, and the state of the whole installation.

Each process counts its own requests (label `instance` is the reader's); what comes from the database is the same at every node.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Iterator, Mapping

from flask import Flask, Response, abort, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from service import __version__
from service.casework import Office
from service.casework.operations.figures import Queue, figures
from service.rules.refusals import Unavailable

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
THIS_MACHINE = frozenset({"127.0.0.1", "::1"})


def register(app: Flask, office: Office) -> None:
    """Adds `/metrics` and counts every request and refusal."""
    registry = CollectorRegistry()
    registry.register(Installation(office))
    requests = Counter("lianban_requests", "Answered requests.", ("rule", "method", "status"), registry=registry)
    seconds = Histogram("lianban_request_seconds", "Time to the answer.", ("door",), buckets=SECONDS, registry=registry)
    refusals = Counter("lianban_refusals", "What was refused, by its stable code.", ("code",), registry=registry)
    app.extensions["count_refusal"] = lambda refusal: refusals.labels(refusal.code).inc()

    @app.after_request
    def count(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "-"
        requests.labels(rule, request.method if request.method in METHODS else "other", response.status_code).inc()
        seconds.labels(_door(rule)).observe(time.perf_counter() - g.get("began", time.perf_counter()))
        return response

    @app.get("/metrics")
    def metrics() -> Response:
        if not _may_read(office.settings.metrics_token):
            abort(404)
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(token: str) -> bool:
    """With a token whoever shows it; without one who asks on this machine and not through a proxy."""
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    return request.remote_addr in THIS_MACHINE and "X-Forwarded-For" not in request.headers


def _door(rule: str) -> str:
    return rule.split("/")[1] if rule.startswith(("/api", "/engine-rest", "/static")) else "pages"


class Installation(Collector):
    """What is read from the database when it is asked for."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def describe(self) -> list[Metric]:
        """Nothing is read while it is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        """`lianban_up` is 0 when the database is away; then nothing else is told."""
        yield InfoMetricFamily("lianban_release", "The release of this process.", {"version": __version__})
        up = GaugeMetricFamily("lianban_up", "Whether the database answers.")
        try:
            found = figures(self.office)
        except Unavailable:
            up.add_metric((), 0)
            yield up
            return
        up.add_metric((), 1)
        yield up
        for name, words, value in (
            ("lianban_cases_open", "Running cases.", found.counts["cases"]),
            ("lianban_tasks_open", "Open tasks.", found.counts["tasks"]),
            ("lianban_tasks_late", "Open tasks whose time is over.", found.late_tasks),
            ("lianban_incidents_open", "Incidents nobody has dealt with.", found.counts["incidents"]),
            ("lianban_worker_beat_age_seconds", "Since the newest beat of a worker.", found.beat_seconds),
            ("lianban_backup_age_seconds", "Since the last backup.", found.backup_seconds),
            ("lianban_audit_seal_age_seconds", "Since the audit trail was sealed.", found.seal_seconds),
            ("lianban_disk_free_bytes", "Room on the disk of the data directory.", found.disk_free),
            ("lianban_database_connections", "Connections of this process that are in use.", found.connections),
        ):
            if value is not None:
                yield GaugeMetricFamily(name, words, value=value)
        yield from self._queues(found.queues, found.queue_seconds)

    @staticmethod
    def _queues(queues: tuple[Queue, ...], seconds: Mapping[str, float]) -> Iterator[Metric]:
        items = GaugeMetricFamily("lianban_agenda_items", "Agenda items by kind and state.", labels=("kind", "state"))
        oldest = GaugeMetricFamily(
            "lianban_agenda_oldest_due_seconds", "Since when the oldest due item waits.", labels=("kind",)
        )
        for queue in queues:
            for state in ("waiting", "due", "failing", "parked"):
                items.add_metric((queue.kind, state), getattr(queue, state))
            oldest.add_metric((queue.kind,), seconds[queue.kind])
        yield items
        yield oldest
