"""Counting what is unread stays cheap: one look at an index however many messages there are."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import text

from service.casework.office import Office
from service.store.database import count_statements
from service.store.messages import MessageRow


def test_unread_messages_are_counted_on_their_own_index(any_office: Office) -> None:
    with any_office.transaction() as records:
        for number in range(400):
            one = uuid4()
            row = MessageRow(
                id=one,
                event_id=one,
                code="T01",
                audience="HOLDER",
                box=f"person-{number % 8}",
                channel="INAPP" if number % 4 else "SMS",
                text="【云溪政务】…",
                places={},
                queued_at=records.now,
                planned_at=records.now,
                state="DELIVERED",
                read_at=records.now if number % 3 else None,
            )
            records.messages.add([row])
        if records.dialect == "postgresql":
            records.execute(text("ANALYZE message"))
    with any_office.reading() as records, count_statements(any_office.database) as counted:
        assert records.messages.unread(["person-1", "#104:reviewer_a"]) == 17
    [statement] = counted.sql
    with any_office.reading() as records:
        if records.dialect == "sqlite":
            plan = str(records.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("a", "b")).all())
        else:
            records.execute(text("SET LOCAL enable_seqscan = off"))
            found = records.execute(
                text(
                    "EXPLAIN SELECT count(*) FROM message WHERE box IN ('a', 'b') AND read_at IS NULL AND channel = 'INAPP'"
                )
            )
            plan = str(found.all())
    assert "ix_message_unread" in plan
