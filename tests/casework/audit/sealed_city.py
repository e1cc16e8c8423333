"""A house whose audit trail is under seal, and who owns its database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, text

from service.casework.audit.sealing import seal_audit
from service.casework.audit.verifying import Anchor
from service.casework.office import Office
from service.rules.vocabulary import LedgerAction
from tests.casework.archive.files import deploy_item, ended, work
from tests.casework.audit.tampering import TABLES

KEY = "a key of sixteen letters or more"


def fill(office: Office, *, blocks: int = 4) -> tuple[Anchor, ...]:
    """Some cases and changes, sealed in so many blocks under a key; the anchors noted meanwhile."""
    office.environment = {"LIANBAN_AUDIT_KEY": KEY}
    deploy_item(office)
    anchors = []
    for number in range(blocks):
        ended(office, f"SJ20260316104{number + 1:04d}")
        work(office)
        with office.transaction() as records:
            for name in ("guotao", "ü䶮", "zhao"):
                records.ledger.write(LedgerAction.PERSON_CHANGED, "guotao", f"{name}{number}", {"changed": "roles"})
        assert seal_audit(office) > 0
        with office.reading() as records:
            block = records.audits.last_block()
        assert block is not None
        anchors.append(Anchor(sequence=block.sequence, chain=block.chain))
    return tuple(anchors)


@contextmanager
def owner(office: Office) -> Iterator[Connection]:
    """A connection of who can do anything: no trigger refuses, no foreign key is looked at."""
    engine = create_engine(office.database.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("PRAGMA synchronous=OFF"))
            for table in TABLES:
                for verb in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {table.name}_keeps_{verb}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        yield connection
    engine.dispose()
