"""Rows under seal: whatever is done to one behind the service's back, it is refused where it is used and located by who verifies (等保 E1)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic import command
from click.testing import CliRunner
from sqlalchemy import Connection, and_, insert, literal, select, text, update

from service.casework.actors import SYSTEM
from service.casework.audit.records import verify_records
from service.casework.audit.sealing import seal_audit
from service.casework.audit.verifying import verify_audit
from service.casework.clocks.showing import book_of
from service.casework.office import Office
from service.casework.people import add_person
from service.casework.readiness import require_record_keys, upgrade
from service.casework.record_keys import SoftwareModule, crypto_module
from service.casework.signing_in import find_actor
from service.casework.starting import start_case
from service.cli.audit import audit_group
from service.rules.hashes import hkdf_sm3
from service.rules.refusals import Invalid, Unavailable
from service.rules.vocabulary import LedgerAction
from service.store import migrations
from service.store.clocks import ClockRow, gathered, scattered
from service.store.database import Database
from service.store.schema import journal, person, person_role, task
from service.store.sealed_rows import seal_existing
from service.store.seals import FIELDS, KEYS, TABLES, RecordTampered, Seals, canonical
from service.store.together import SignerRow, SigningRow
from tests.casework.audit.sealed_city import owner
from tests.casework.desk import ENGINE, deploy_text
from tests.casework.test_costs import FORM, LINEAR

Values = Mapping[str, Any]
K1, K2 = (base64.b64encode(letter * 32).decode() for letter in (b"1", b"2"))
TOUCHED = {
    "journal": {"detail": {"outcome": "AGREED"}},
    "clock": {"amount": 999},
    "signer": {"opinion": "同意", "state": "AGREE"},
}


@pytest.fixture
def lived_in(any_office: Office) -> Office:
    """A case with two clocks, two opinions asked for, two accounts with roles."""
    office = any_office
    deploy_text(office, LINEAR, forms={"apply.form": FORM})
    for number in ("BJ-1", "BJ-2"):
        start_case(office, ENGINE, key="p", business_key=number)
    for name, role in (("wangfang", "counter_clerk"), ("guotao", "system_admin")):
        add_person(
            office,
            SYSTEM,
            username=name,
            name="某人",
            roles=[role],
            password="Yunxi-2026!",
        )
    with office.transaction() as records:
        row = records.execute(select(task).limit(1)).one()
        about = {"case_id": row.case_id, "task_id": row.id}
        ask = SigningRow(
            id=uuid4(),
            **about,
            place="BEFORE",
            policy="all",
            question="？",
            asked_by="wangfang",
            asked_at=records.now,
            state="OPEN",
        )
        signers = [
            SignerRow(
                id=uuid4(), signing_id=ask.id, **about, person=name, position=nth, state="OPEN", opened_at=records.now
            )
            for nth, name in enumerate(("zhangwei", "sunli"))
        ]
        records.together.ask(ask, signers)
        records.together.change_signer(
            signers[0].id, state="OBJECT", opinion="不同意，间距不足", answered_at=records.now
        )
        records.clocks.put(
            [
                ClockRow(
                    id=uuid4(), case_id=row.case_id, scope_id=None, kind="CASE", name=name, unit="WORKDAY", amount=5,
                    started_at=records.now, state="RUNNING", light="green", extensions=[],
                )
                for name in ("承诺时限", "法定时限")
            ]
        )  # fmt: skip
    return office


def rows_of(connection: Connection, name: str) -> list[Values]:
    """Two rows of a table."""
    table = TABLES[name]
    return [dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key).limit(2))]


def where(name: str, row: Values) -> Any:
    return and_(*(TABLES[name].c[key] == row[key] for key in KEYS[name]))


def change(connection: Connection, name: str, row: Values) -> Values:
    """What a row says; of a grant, to whom it is given."""
    if name != "person_role":
        connection.execute(update(TABLES[name]).where(where(name, row)).values(**TOUCHED[name]))
        return row
    connection.execute(update(person_role).where(where(name, row)).values(role="security_admin"))
    return {**row, "role": "security_admin"}


def move(connection: Connection, name: str, row: Values) -> Values:
    """Its seal is that of another row."""
    other = next(one for one in rows_of(connection, name) if one["mac"] != row["mac"])
    connection.execute(update(TABLES[name]).where(where(name, row)).values(mac=other["mac"]))
    return row


def strip(connection: Connection, name: str, row: Values) -> Values:
    """It has no seal."""
    connection.execute(update(TABLES[name]).where(where(name, row)).values(mac=None))
    return row


def forge(connection: Connection, name: str, row: Values) -> Values:
    """It is sealed under a key of the same name."""
    own = SoftwareModule({row["mac"].partition(":")[0]: b"a key of somebody else"})
    connection.execute(update(TABLES[name]).where(where(name, row)).values(mac=Seals(own).mac(name, row)))
    return row


def rename(connection: Connection, name: str, row: Values) -> Values:
    """It is sealed under a key nobody has."""
    connection.execute(
        update(TABLES[name]).where(where(name, row)).values(mac=Seals(SoftwareModule({"x": bytes(16)})).mac(name, row))
    )
    return row


WAYS: tuple[Callable[[Connection, str, Values], Values], ...] = (change, move, strip, forge, rename)


@contextmanager
def done(office: Office, way: Callable[[Connection, str, Values], Values], name: str) -> Iterator[Values]:
    """Do it to one row, and take it back."""
    with owner(office) as connection:
        row = rows_of(connection, name)[0]
        touched = way(connection, name, row)
        yield touched
        values = {column: value for column, value in row.items() if column not in KEYS[name] or name == "person_role"}
        connection.execute(update(TABLES[name]).where(where(name, touched)).values(**values))


def test_whatever_is_done_to_a_row_is_found_and_the_row_is_named(lived_in: Office) -> None:
    whole = verify_records(lived_in)
    assert whole.wrong == [] and all(whole.rows[name] >= 2 for name in TABLES)
    for name in TABLES:
        for way in WAYS:
            with done(lived_in, way, name) as row:
                found = verify_records(lived_in).wrong
                assert [(one.table, one.key) for one in found] == [(name, {key: row[key] for key in KEYS[name]})], (
                    name,
                    way,
                )
    assert verify_records(lived_in).wrong == []


def test_what_was_touched_is_refused_where_it_is_used(lived_in: Office) -> None:
    uses: Mapping[str, Callable[[Any, Values], Any]] = {
        "journal": lambda records, row: records.history.lines(row["case_id"]),
        "clock": lambda records, row: book_of(records, row["case_id"]),
        "signer": lambda records, row: records.together.of_round(row["signing_id"]),
    }
    for name, use in uses.items():
        for way in WAYS:
            with done(lived_in, way, name) as row:
                with pytest.raises(RecordTampered) as refused, lived_in.reading() as records:
                    use(records, row)
                assert refused.value.code == "RECORD_TAMPERED" and "请联系审计管理员" in refused.value.sentence()
        with lived_in.reading() as records, owner(lived_in) as connection:
            assert use(records, rows_of(connection, name)[0])


def test_an_opinion_that_was_touched_is_not_counted_nor_sealed_anew(lived_in: Office) -> None:
    with done(lived_in, change, "signer") as row:
        with pytest.raises(RecordTampered), lived_in.transaction() as records:
            records.together.change_signer(row["id"], state="SPARED")


def test_it_is_told_of_once_in_the_ledger(lived_in: Office) -> None:
    with done(lived_in, change, "clock") as row:
        for _ in range(3):
            with pytest.raises(RecordTampered), lived_in.reading() as records:
                records.clocks.of_case(row["case_id"])
        lived_in.tampered.clear()  # as another process
        with pytest.raises(RecordTampered), lived_in.reading() as records:
            records.clocks.of_case(row["case_id"])
    with lived_in.reading() as records:
        assert [line.subject for line in records.ledger.lines(LedgerAction.RECORD_TAMPERED)] == [f"clock:{row['id']}"]


def test_a_role_nobody_granted_gives_no_access(lived_in: Office) -> None:
    with owner(lived_in) as connection:
        [wang] = connection.execute(select(person.c.id).where(person.c.username == "wangfang")).scalars()
        stolen = connection.execute(select(person_role.c.mac).where(person_role.c.role == "system_admin")).scalar_one()
        connection.execute(insert(person_role).values(person_id=wang, role="system_admin", mac=stolen))
        connection.execute(insert(person_role).values(person_id=wang, role="audit_admin", mac=None))
    actor = find_actor(lived_in, "wangfang")
    assert actor is not None and actor.roles == {"counter_clerk"}
    with lived_in.reading() as records:
        assert "wangfang" not in records.people.members(["audit_admin"])["audit_admin"]
        told = {line.subject for line in records.ledger.lines(LedgerAction.RECORD_TAMPERED)}
    assert told == {f"person_role:{wang}/{role}" for role in ("system_admin", "audit_admin")}


def test_rows_of_before_are_sealed_as_they_are_and_stay_written_once(lived_in: Office) -> None:
    with owner(lived_in) as connection:
        for table in TABLES.values():
            connection.execute(update(table).values(mac=None))
    rows = sum(verify_records(lived_in).rows.values())
    assert len(verify_records(lived_in).wrong) == rows
    if lived_in.database.dialect == "sqlite":  # what `owner` took away
        with lived_in.database.writing() as connection:
            for verb in ("UPDATE", "DELETE"):
                connection.execute(
                    text(
                        f"CREATE TRIGGER journal_keeps_{verb.lower()} BEFORE {verb} ON journal BEGIN SELECT RAISE(ABORT, 'written once'); END"
                    )
                )
    database = Database(
        lived_in.database.url, threads=1
    )  # as the migration does: the driver forgets what it has prepared
    with database.writing() as connection:
        assert seal_existing(connection, Seals(lived_in.crypto)) == rows
    database.close()
    assert verify_records(lived_in).wrong == []
    with pytest.raises(Exception, match="written once"), lived_in.transaction() as records:
        records.execute(update(journal).values(actor="nobody"))


def test_a_database_of_before_is_sealed_by_its_upgrade_and_by_nothing_else(lived_in: Office) -> None:
    config = migrations._config()
    with lived_in.database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0035")
    lived_in.database.close()
    assert upgrade(lived_in) is True
    whole = verify_records(lived_in)
    assert whole.wrong == [] and whole.keys.total() > len(TABLES)
    with done(lived_in, strip, "clock"):
        assert upgrade(lived_in) is False and len(verify_records(lived_in).wrong) == 1


def test_the_chain_does_not_mind_seals_that_came_later(lived_in: Office) -> None:
    assert seal_audit(lived_in) > 0
    with owner(lived_in) as connection:
        connection.execute(update(journal).values(mac=None))
    assert verify_audit(lived_in).wrong == []


def test_a_new_key_seals_and_the_former_one_is_still_read() -> None:
    values = {"person_id": UUID(int=7), "role": "chief_rep"}
    old = crypto_module({"LIANBAN_RECORD_KEY": f"k1:{K1}"}, "secret")
    both = crypto_module({"LIANBAN_RECORD_KEY": f"k2:{K2},k1:{K1}"}, "secret")
    mac = Seals(old).mac("person_role", values)
    assert mac.startswith("k1:") and Seals(both).holds("person_role", values, mac)
    assert Seals(both).mac("person_role", values).startswith("k2:")
    assert not Seals(crypto_module({"LIANBAN_RECORD_KEY": f"k1:{K2}"}, "secret")).holds("person_role", values, mac)
    without = crypto_module({}, "secret")
    moved = crypto_module({"LIANBAN_FORMER_SECRET_KEYS": "secret"}, "another secret")
    derived = Seals(without).mac("person_role", values)
    assert derived.startswith("derived-") and Seals(both).holds("person_role", values, derived)
    assert Seals(moved).holds("person_role", values, derived)
    assert not Seals(crypto_module({}, "another secret")).holds("person_role", values, derived)


def test_a_service_without_the_key_of_the_grants_does_not_start(lived_in: Office) -> None:
    require_record_keys(lived_in)
    lived_in.__dict__["crypto"] = crypto_module({}, "another secret")
    with pytest.raises(Unavailable, match="RECORD_KEY_MISSING"):
        require_record_keys(lived_in)


@pytest.mark.parametrize("text", ["nothing", "k1:short", f"k 1:{K1}", "k1:" + base64.b64encode(b"short").decode()])
def test_a_key_that_cannot_be_one_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="LIANBAN_RECORD_KEY"):
        crypto_module({"LIANBAN_RECORD_KEY": text}, "secret")


def test_a_module_is_plugged_in_by_its_name_and_a_missing_one_is_told() -> None:
    named = {"LIANBAN_CRYPTO_MODULE": f"{__name__}:made"}
    assert crypto_module(named, "secret").current == "hsm"
    with pytest.raises(Unavailable, match="CRYPTO_MODULE_MISSING"):
        crypto_module({"LIANBAN_CRYPTO_MODULE": "no.such:module"}, "secret")
    with pytest.raises(Invalid, match="LIANBAN_CRYPTO_MODULE"):
        crypto_module({"LIANBAN_CRYPTO_MODULE": "os.system('x')"}, "secret")


def made(environment: Mapping[str, str]) -> SoftwareModule:
    """A module of somebody else's."""
    return SoftwareModule({"hsm": bytes(32)})


def test_the_command_names_table_and_row(lived_in: Office) -> None:
    settings = lived_in.settings
    env = {
        "LIANBAN_SECRET_KEY": settings.secret_key,
        "LIANBAN_DATABASE_URL": settings.database_url,
        "LIANBAN_DATA_DIR": str(settings.data_dir),
    }
    said = CliRunner().invoke(audit_group, ["verify"], env=env)
    assert said.exit_code == 0 and "有问题 0 处" in said.output and "derived-" in said.output
    with done(lived_in, change, "clock") as row:
        said = CliRunner().invoke(audit_group, ["verify"], env=env)
        assert said.exit_code == 1 and f"clock:{row['id']}" in said.output


def test_keys_are_derived_as_rfc_5869_says() -> None:
    hashes = pytest.importorskip("cryptography.hazmat.primitives.hashes")
    kdf = pytest.importorskip("cryptography.hazmat.primitives.kdf.hkdf")
    expected = kdf.HKDF(algorithm=hashes.SM3(), length=32, salt=None, info=b"record").derive(b"secret")
    assert hkdf_sm3(b"secret", b"record") == expected


def test_what_a_seal_covers_and_how_it_is_spelt_stays() -> None:
    """A column more, another order or spelling, and no row of an installation holds: a new column is left out, or sealed by its migration."""
    case, other, at = UUID(int=1), UUID(int=2), datetime(2026, 3, 16, 1, 0, tzinfo=UTC)
    opinion = {"id": case, "signing_id": other, "case_id": case, "task_id": other, "person": "sunli", "position": 1}
    opinion |= {"state": "AGREE", "opinion": "同意", "opened_at": at, "answered_at": None}
    assert (
        canonical("signer", opinion)
        == (
            '["signer","00000000-0000-0000-0000-000000000001","00000000-0000-0000-0000-000000000002",'
            '"00000000-0000-0000-0000-000000000001","00000000-0000-0000-0000-000000000002","sunli",1,"AGREE","同意",'
            "1773622800000000,null]"
        ).encode()
    )
    assert FIELDS["person_role"] == ("person_id", "role")
    assert FIELDS["journal"] == ("case_id", "line", "written_at", "action", "actor", "element", "task_id", "detail")
    assert FIELDS["clock"] == (
        "id", "case_id", "scope_id", "process", "kind", "name", "department", "unit", "amount", "started_at", "pauses",
        "extensions", "basis", "state", "light", "due_at", "warn_at", "fired", "stopped_at",
    )  # fmt: skip


def test_a_row_that_was_whole_is_looked_at_again_when_anything_of_it_changed(lived_in: Office) -> None:
    with lived_in.reading() as records:
        case_id = records.execute(select(TABLES["clock"].c.case_id)).scalars().first()
        assert len(records.clocks.of_case(case_id)) == 2
    with done(lived_in, change, "clock"), pytest.raises(RecordTampered), lived_in.reading() as records:
        records.clocks.of_case(case_id)
    with lived_in.reading() as records:
        gathered_text = records.execute(
            select(gathered(literal(case_id, TABLES["clock"].c.case_id.type), records.dialect))
        ).scalar_one()
        assert scattered(gathered_text, records.seals) == scattered(gathered_text, records.seals)
        with pytest.raises(RecordTampered):
            scattered(gathered_text.replace("WORKDAY", "CALENDAR", 1), records.seals)
