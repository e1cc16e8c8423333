"""The worker: it beats, fires in time, is woken by commits, and survives what goes wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.casework import is_ready, start_case
from service.casework.office import Office
from service.rules.refusals import Unavailable
from service.settings import real_time
from service.worker import runner
from service.worker.runner import Worker
from tests.casework.desk import ENGINE, actions_of, deploy_text, open_tasks
from tests.conftest import make_office

TIMER = (
    '<startEvent id="S"/><intermediateCatchEvent id="T"><timerEventDefinition><timeDuration>PT1S</timeDuration>'
    '</timerEventDefinition></intermediateCatchEvent><userTask id="A" name="甲"/><endEvent id="E"/>'
    "\nS -> T\nT -> A\nA -> E\n"
)
RECORD = (
    '<startEvent id="S"/><serviceTask id="R" name="督办" zw:action="record"/><userTask id="A" name="甲"/>'
    '<endEvent id="E"/>\nS -> R\nR -> A\nA -> E\n'
)


@pytest.fixture
def live_office(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    office = make_office(sqlite_url, tmp_path, real_time)
    yield office
    office.close()


@pytest.fixture
def worker(live_office: Office) -> Iterator[Worker]:
    worker = Worker(live_office)
    worker.start()
    yield worker
    worker.stop()


def eventually(question: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if question():
            return True
        time.sleep(0.02)
    return False


def test_a_service_with_a_worker_becomes_ready(live_office: Office, worker: Worker) -> None:
    assert eventually(lambda: is_ready(live_office).ready)


def test_a_due_timer_fires_at_most_two_seconds_late(live_office: Office, worker: Worker) -> None:
    deploy_text(live_office, TIMER)
    case = start_case(live_office, ENGINE, key="p")
    assert eventually(lambda: "A" in open_tasks(live_office, case.id))
    late = (open_tasks(live_office, case.id)["A"].created_at - case.started_at).total_seconds() - 1
    assert 0 <= late <= 2


def test_an_action_is_done_at_once_after_the_commit(live_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "SWEEP_SECONDS", 3600)
    worker = Worker(live_office)
    worker.start()
    try:
        deploy_text(live_office, RECORD)
        case = start_case(live_office, ENGINE, key="p")
        assert eventually(lambda: "A" in open_tasks(live_office, case.id), 2)
        assert "action:done" in actions_of(live_office, case.id)
    finally:
        worker.stop()


def test_an_outage_is_logged_and_survived(live_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker(live_office)
    answers = iter([Unavailable("DATABASE_UNREACHABLE", "数据库暂时无法访问，请稍后再试。"), RuntimeError("broken")])

    def attend(*_: object, **__: object) -> int:
        problem = next(answers, None)
        if problem is not None:
            raise problem
        return 3

    monkeypatch.setattr(runner, "attend_due", attend)
    assert [worker.sweep(), worker.sweep(), worker.sweep()] == [0, 0, 3]


def test_channels_are_tended_and_their_trouble_is_survived(
    live_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, tended = Worker(live_office), []

    def tend(office: Office) -> None:
        tended.append(office)
        raise (
            Unavailable("DATABASE_UNREACHABLE", "数据库暂时无法访问，请稍后再试。")
            if len(tended) == 1
            else RuntimeError
        )

    monkeypatch.setattr(runner, "tend_channels", tend)
    worker.tend()
    worker.tend()
    assert tended == [live_office, live_office]
