"""A draft is rehearsed: paths, limits, running cases, finished cases; kept with its files, stale when they are others."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from service.casework import complete_task, rehearsals, start_case, studio
from service.casework.office import Office
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.rules.vocabulary import LedgerAction
from tests.casework.desk import open_tasks
from tests.casework.measures.city import put_up, who, work

LINEAR = "linear"


@pytest.fixture
def city(demo_office: Office) -> Iterator[Office]:
    put_up(demo_office, LINEAR, "support_SP_18")
    yield demo_office


def begun(city: Office) -> UUID:
    return start_case(city, who(city, "wangfang"), key=LINEAR, variables={"title": "补办登记", "quantity": 2}).id


def finished(city: Office) -> UUID:
    case = begun(city)
    for element in ("Task_1", "Task_2", "Task_3", "Task_4"):
        task = open_tasks(city, case).get(element)
        if task is not None:
            complete_task(city, who(city, "wangfang"), task.id)
    return case


def revised(city: Office, *changes: tuple[bytes, bytes]) -> UUID:
    designer = who(city, "hejing")
    draft = studio.begin_revision(city, designer, LINEAR)
    row, _, content = studio.draft_source(city, designer, draft)
    for old, new in changes:
        assert old in content
        content = content.replace(old, new)
    studio.save_draft(city, designer, draft, content, seen=row.version)
    return draft


def rehearsed(city: Office, draft: UUID) -> rehearsals.RehearsalPage:
    rehearsals.rehearse_draft(city, who(city, "hejing"), draft)
    work(city)
    return rehearsals.draft_rehearsal(city, who(city, "hejing"), draft)


def test_a_rehearsal_tells_paths_and_every_case_and_changes_nothing(city: Office) -> None:
    running, done = begun(city), finished(city)
    with city.reading() as records:
        before = (records.cases.find(running), records.history.lines(running))
    page = rehearsed(city, revised(city, (b'name="', b'name="')))
    assert page.row is not None and page.row.report is not None
    assert page.row.state == "DONE"
    assert page.fresh
    assert all(end["reached"] for end in page.row.report["paths"]["ends"])
    assert page.counts == {"RUNNING": {"AS_IS": 1}, "FINISHED": {"SAME": 1}}
    assert [line.item.case_id for line in (*page.running, *page.finished)] == [running, done]
    with city.reading() as records:
        assert (records.cases.find(running), records.history.lines(running)) == before


def test_a_step_under_another_id_goes_on_and_is_replayed_as_the_same(city: Office) -> None:
    begun(city), finished(city)
    page = rehearsed(city, revised(city, (b'"Task_1"', b'"Task_New"')))
    [running], [old] = page.running, page.finished
    assert (running.item.verdict, old.item.verdict) == ("MAPPED", "SAME")


def test_finished_cases_would_wait_at_a_step_that_is_added(city: Office) -> None:
    finished(city)
    step = b'<bpmn:userTask id="Task_New" name="\xe5\xa4\x8d\xe6\x9f\xa5" /><bpmn:sequenceFlow id="Flow_New" sourceRef="Task_New" targetRef="Task_2" />'
    moved = (b'sourceRef="Task_1" targetRef="Task_2"', b'sourceRef="Task_1" targetRef="Task_New"')
    page = rehearsed(city, revised(city, (b"<bpmn:endEvent", step + b"<bpmn:endEvent"), moved))
    [old] = page.finished
    assert old.item.verdict == "WAITS"
    assert old.item.said is not None
    assert (old.item.said["waits"], old.item.said["unasked"]) == (["复查"], ["初核", "复核", "归档"])


def test_a_rehearsal_is_stale_as_soon_as_the_draft_is_saved_again(city: Office) -> None:
    draft, designer = revised(city), who(city, "hejing")
    assert not rehearsals.is_rehearsed(city, designer, draft)
    assert rehearsed(city, draft).fresh
    assert rehearsals.is_rehearsed(city, designer, draft)
    row, _, content = studio.draft_source(city, designer, draft)
    studio.save_draft(
        city, designer, draft, content.replace(b"</bpmn:process>", b"<!-- --></bpmn:process>"), seen=row.version
    )
    assert not rehearsals.draft_rehearsal(city, designer, draft).fresh


def test_what_is_saved_while_it_is_played_ends_it(city: Office) -> None:
    draft, designer = revised(city), who(city, "hejing")
    rehearsals.rehearse_draft(city, designer, draft)
    row, _, content = studio.draft_source(city, designer, draft)
    studio.save_draft(
        city, designer, draft, content.replace(b"</bpmn:process>", b"<!-- --></bpmn:process>"), seen=row.version
    )
    work(city)
    page = rehearsals.draft_rehearsal(city, designer, draft)
    assert page.row is not None and page.row.state == "OVERTAKEN"


def test_errors_are_refused_and_nobody_but_designers_rehearses_drafts(city: Office) -> None:
    draft = revised(city, (b"<bpmn:endEvent", b'<bpmn:userTask id="Lost" /><bpmn:endEvent'))
    with pytest.raises(Invalid) as refused:
        rehearsals.rehearse_draft(city, who(city, "hejing"), draft)
    assert refused.value.code == "REHEARSAL_ERRORS"
    for act in (rehearsals.rehearse_draft, rehearsals.draft_rehearsal):
        with pytest.raises(Forbidden):
            act(city, who(city, "guotao"), draft)


def test_who_checks_a_release_sees_the_rehearsal_of_the_very_same_files(city: Office) -> None:
    draft, designer = revised(city, (b'name="', b'name="x')), who(city, "hejing")
    rehearsed(city, draft)
    row = studio.draft_page(city, designer, draft).line.row
    studio.hand_in(city, designer, draft, seen=row.version, note="改名")
    release = studio.draft_page(city, designer, draft).line.row.release_id
    assert release is not None
    page = rehearsals.release_rehearsal(city, who(city, "tianyue"), release, LINEAR)
    assert page.fresh and page.row is not None and page.row.draft_id == draft
    rehearsals.rehearse_release(city, who(city, "tianyue"), release, LINEAR)
    work(city)
    assert rehearsals.release_rehearsal(city, who(city, "tianyue"), release, LINEAR).row.state == "DONE"  # type: ignore[union-attr]
    with pytest.raises(Conflict) as refused:
        rehearsals.rehearse_draft(city, designer, draft)
    assert refused.value.code == "REHEARSAL_CLOSED"
    with city.reading() as records:
        assert any(line.action == LedgerAction.DRAFT_REHEARSED for line in records.ledger.lines())
