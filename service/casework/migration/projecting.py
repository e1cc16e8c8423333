"""What goes on in another version has other facts in the tables: element, name, form, definition. Who has a task, when it is due,
its draft and its candidates stay."""

from __future__ import annotations

from service.casework.projection import Running
from service.engine.facts import Wait, WaitKind
from service.rules.stages import stage_word
from service.store.records import Records

ON_AGENDA = (WaitKind.TIMER, WaitKind.ACTION, WaitKind.INCIDENT)


def rewrite(records: Records, running: Running) -> None:
    """Write the facts of everything that was there before and goes on, table by table."""
    file, program, run, move = running.file, running.program, running.run, running.move
    waits = {id: wait for id, wait in run.waits().items() if id in running.before}
    definitions = {process: program.definition_id(process) for process in program.processes()}

    def of(*kinds: WaitKind) -> list[Wait]:
        return [wait for wait in waits.values() if wait.kind in kinds]

    def facts(wait: Wait) -> dict[str, object]:
        return {
            "one_id": wait.id,
            "new_definition_id": definitions[wait.process],
            "new_element": wait.element,
        }

    tasks = [
        {
            **facts(wait),
            "new_name": (wait.name or wait.element)[:255],
            "new_description": wait.description,
            "new_form_key": wait.form_key,
            "new_stage": stage_word(wait.zw.get("stage")),
            "new_seen": file.version,  # whoever has its form open is shown the new one
        }
        for wait in of(WaitKind.USER_TASK)
    ]
    external = [{**facts(wait), "new_topic": wait.topic or ""} for wait in of(WaitKind.EXTERNAL_TASK)]
    listening = [
        {"one_id": wait.id, "new_name": wait.event or "", "new_element": wait.element}
        for wait in of(WaitKind.MESSAGE, WaitKind.SIGNAL)
    ]
    standing, live = run.standing(), records.migrations.live_activities(file.id)
    activities = [
        {"one_id": id, "new_definition_id": definitions[process], "new_element": element}
        for id, (process, element) in standing.items()
        if id in live
    ]
    clocks = [
        {"one_id": wait.id, "new_element": wait.element}
        for wait in of(WaitKind.USER_TASK)
        if move is not None and (row := move.clocks.rows.get(wait.id)) is not None and row.element != wait.element
    ]
    records.migrations.rewrite(
        tasks=tasks,
        agenda=[facts(wait) for wait in of(*ON_AGENDA)],
        external=external,
        listening=listening,
        activities=activities,
        incidents=[facts(wait) for wait in waits.values()] if records.incidents.troubled(file.id) else [],
        clocks=clocks,
    )
