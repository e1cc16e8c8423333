"""Data exchange: written first, sent at least once under one id, listed fields only, the answer heard by who waits for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from service.casework import attend_due, complete_task, start_case
from service.casework.actors import Actor
from service.casework.carrying import carry_due
from service.casework.exchange import change_connection, exchange_page, receive
from service.casework.office import Office
from service.casework.reading import case_incidents
from service.connectors.signing import SignedRequest
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from service.store.exchange import ExchangeRow
from tests.casework import desk
from tests.casework.desk import CLERK, ENGINE, KEEPER, actions_of, open_tasks
from tests.conftest import Clock
from tests.connectors.gateway import Gateway, signature
from tests.engine.drive import process

CASE = process(
    '<startEvent id="S"/><userTask id="A"/>'
    '<serviceTask id="Send" name="报省厅核准" zw:action="exchange" zw:to="province" zw:transfer="CITY_UPPER" '
    'zw:fields="project_code amount"/><intermediateCatchEvent id="W"><messageEventDefinition messageRef="MX"/>'
    '</intermediateCatchEvent><userTask id="B"/><endEvent id="E"/>\nS -> A\nA -> Send\nSend -> W\nW -> B\nB -> E\n'
)
SECRET = "a shared secret of 32 bytes ....."
BUSINESS = Actor(username="tianyue", name="田悦", roles=frozenset({"business_office"}))


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    made = Gateway()
    yield made
    made.close()


@pytest.fixture
def office(any_office: Office, gateway: Gateway) -> Office:
    any_office.environment = {
        "LIANBAN_EXCHANGES": "province",
        "LIANBAN_EXCHANGE_PROVINCE_URL": f"http://127.0.0.1:{gateway.port}/v1",
        "LIANBAN_EXCHANGE_PROVINCE_SECRET": SECRET,
        "LIANBAN_EXCHANGE_PROVINCE_OUT": "project_code=xmdm amount",
        "LIANBAN_EXCHANGE_PROVINCE_IN": "approval_no=pfwh decided",
        "LIANBAN_CONNECTOR_NETWORKS": "127.0.0.0/8",
    }
    desk.hire(any_office)
    return any_office


def asking(office: Office, text: str = CASE, message: str = "MSG_EXCHANGE", **variables: str) -> UUID:
    """A case that has asked for the exchange."""
    text = text.replace('messageRef="MX"', 'messageRef="M1"')
    from tests.engine import drive

    body = (
        drive.definitions(text).decode().replace('<message id="M1" name="m1"/>', f'<message id="M1" name="{message}"/>')
    )
    from tests.conftest import deploy_bpmn

    deploy_bpmn(office, body)
    case = start_case(office, ENGINE, key="p", variables={"project_code": "2603-1", "amount": "5.00", **variables}).id
    complete_task(office, ENGINE, open_tasks(office, case)["A"].id)
    settle(office)
    return case


def settle(office: Office) -> None:
    while attend_due(office):
        pass


def messages(office: Office) -> tuple[ExchangeRow, ...]:
    return exchange_page(office, BUSINESS).messages


def posted(body: dict[str, object], *, name: str = "province", secret: str = SECRET) -> SignedRequest:
    """A request of the other side."""
    path, content = f"/callbacks/exchange/{name}", json.dumps(body).encode()
    stamp, nonce = str(int(datetime.now(UTC).timestamp())), "0123456789abcdef0123"
    headers = {
        "Lianban-Key": name,
        "Lianban-Timestamp": stamp,
        "Lianban-Nonce": nonce,
        "Lianban-Signature": signature("POST", path, stamp, nonce, content, secret.encode()),
    }
    return SignedRequest(method="POST", path=path, headers=headers, body=content)


# -- refusals ---------------------------------------------------------------------------------------------------


def test_a_field_that_is_not_listed_never_leaves_the_house(office: Office, gateway: Gateway) -> None:
    case = asking(office, CASE.replace("project_code amount", "project_code phone"), phone="13900000001")
    assert "phone" in case_incidents(office, KEEPER, case)[0].message
    assert messages(office) == () and carry_due(office) == 0 and gateway.requests == []


def test_a_system_nobody_has_configured_is_an_incident(office: Office) -> None:
    case = asking(office, CASE.replace('zw:to="province"', 'zw:to="moon"'))
    assert "moon" in case_incidents(office, KEEPER, case)[0].message


def test_a_failure_the_diagram_foresees_goes_the_other_way_and_is_no_incident(office: Office) -> None:
    other = (
        '<boundaryEvent id="F" attachedToRef="Send"><errorEventDefinition errorRef="R1"/></boundaryEvent>'
        '<userTask id="Paper"/>'
    )
    text = CASE.replace('zw:to="province"', 'zw:to="moon"').replace('<userTask id="B"/>', f'{other}<userTask id="B"/>')
    text = text.replace("B -> E\n", "B -> E\nF -> Paper\nPaper -> E\n")
    case = asking(office, text.replace('errorRef="R1"', ""))
    assert [*open_tasks(office, case)] == ["Paper"]
    assert case_incidents(office, KEEPER, case) == ()
    assert "exchange:failed" in actions_of(office, case)


def in_passing(to: str) -> str:
    """A case whose desk tells another system when it is done, and ends."""
    return process(
        '<startEvent id="S"/><userTask id="A" '
        f'zw:to="{to}" zw:transfer="DEPT_DEPT" zw:fields="project_code" zw:subject="建筑业税源登记"/>'
        '<endEvent id="E"/>\nS -> A\nA -> E\n'
    )


def test_what_is_told_in_passing_goes_out_and_the_case_has_ended_meanwhile(office: Office, gateway: Gateway) -> None:
    case = asking(office, in_passing("province"))
    assert open_tasks(office, case) == {} and carry_due(office) == 1
    (row,) = messages(office)
    assert (row.state, row.subject, row.payload) == ("SENT", "建筑业税源登记", {"xmdm": "2603-1"})


def test_what_cannot_be_told_in_passing_is_noted_once_and_is_nobodys_incident(office: Office) -> None:
    case = asking(office, in_passing("moon"))
    assert actions_of(office, case).count("exchange:failed") == 1 and case_incidents(office, KEEPER, case) == ()
    with office.reading() as records:
        assert records.agenda.first_ready() is None


def test_an_answer_comes_as_the_message_the_diagram_names(office: Office, gateway: Gateway) -> None:
    gateway.usual = (200, {}, {"status": "answered", "reference": "GW-2", "data": {"pfwh": "批1"}})
    case = asking(office, CASE.replace("zw:fields", 'zw:answer="MSG_UPPER_REPLY" zw:fields'), "MSG_UPPER_REPLY")
    assert carry_due(office) == 1
    settle(office)
    assert [*open_tasks(office, case)] == ["B"]


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"ref": "JH1", "data": {}}, Invalid),
        ({"id": "", "ref": "JH1", "data": {}}, Invalid),
        ({"id": "P1", "ref": "JH1", "data": []}, Invalid),
        ({"id": "P1", "ref": 7, "data": {}}, Invalid),
    ],
)
def test_what_cannot_be_read_is_refused(office: Office, body: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        receive(office, "province", posted(body))
    assert messages(office) == ()


def test_an_unknown_sender_or_a_wrong_signature_is_refused(office: Office) -> None:
    with pytest.raises(Missing):
        receive(office, "moon", posted({"id": "P1", "ref": "", "data": {}}, name="moon"))
    with pytest.raises(Forbidden):
        receive(
            office, "province", posted({"id": "P1", "ref": "", "data": {}}, secret="another secret of 32 bytes ....")
        )


def test_the_log_is_for_administrators(office: Office) -> None:
    with pytest.raises(Forbidden):
        exchange_page(office, CLERK)
    with pytest.raises(Forbidden):
        change_connection(office, CLERK, "104-XK-001", state="LIVE", connection="province")


# -- out and back -----------------------------------------------------------------------------------------------


def test_what_goes_out_is_written_first_and_bears_the_other_sides_names(office: Office, gateway: Gateway) -> None:
    case = asking(office)
    (row,) = messages(office)
    assert (row.state, row.transfer, row.zone_from, row.zone_to) == ("QUEUED", "CITY_UPPER", "INNER", "AGENCY")
    assert row.payload == {"xmdm": "2603-1", "amount": "5.00"} and gateway.requests == []
    assert carry_due(office) == 1
    method, path, headers, body = gateway.requests[0]
    said = json.loads(body)
    assert (method, path, headers["idempotency-key"]) == ("POST", "/v1/messages", str(row.id))
    assert (said["ref"], said["data"], said["digest"]) == (row.ref, row.payload, row.payload_hash)
    assert gateway.verifies(datetime.now(UTC).timestamp())
    (row,) = messages(office)
    assert (row.state, row.peer_ref, row.attempts) == ("SENT", "GW-1", 1)
    assert [one for one in actions_of(office, case) if one.startswith("exchange")] == [
        "exchange:queued",
        "exchange:sent",
    ]


def test_a_failed_message_is_repeated_under_the_same_id_and_given_up_after_the_last(
    office: Office, gateway: Gateway, clock: Clock
) -> None:
    case = asking(office)
    gateway.usual = (503, {}, {})
    for minutes in (0, 1, 5, 30):
        clock.advance(minutes=minutes, seconds=1)
        assert carry_due(office) == 1
    assert len({headers["idempotency-key"] for _, _, headers, _ in gateway.requests}) == 1
    (row,) = messages(office)
    assert (row.state, row.attempts) == ("FAILED", 4)
    assert "HTTP_503" in case_incidents(office, KEEPER, case)[0].message


def test_the_answer_goes_on_with_the_listed_fields_and_counts_once(office: Office, gateway: Gateway) -> None:
    case = asking(office)
    carry_due(office)
    (row,) = messages(office)
    reply = {"id": "P1", "ref": row.ref, "data": {"pfwh": "省批〔2026〕7号", "decided": True, "secret": "x"}}
    number = receive(office, "province", posted(reply))
    assert receive(office, "province", posted(reply)) == number, "sent again because our answer was lost"
    settle(office)
    with office.reading() as records:
        values = {one.name: one.value for one in records.variables.of_case(case)}
    assert values["approval_no"] == "省批〔2026〕7号" and values["decided"] is True and "secret" not in values
    assert [*open_tasks(office, case)] == ["B"]
    assert actions_of(office, case).count("exchange:answered") == 1
    with pytest.raises(Conflict):
        receive(office, "province", posted({**reply, "id": "P2"}))
    assert {(one.direction, one.state) for one in messages(office)} == {("OUT", "ANSWERED"), ("IN", "DONE")}


def test_an_answer_at_once_needs_no_second_message(office: Office, gateway: Gateway) -> None:
    gateway.usual = (200, {}, {"status": "answered", "reference": "GW-2", "data": {"pfwh": "批1"}})
    case = asking(office)
    carry_due(office)
    settle(office)
    assert [*open_tasks(office, case)] == ["B"]


def test_an_answer_before_anybody_waits_is_tried_again(office: Office, gateway: Gateway, clock: Clock) -> None:
    late = CASE.replace('<userTask id="B"/>', '<userTask id="C"/><userTask id="B"/>').replace(
        "Send -> W\n", "Send -> C\nC -> W\n"
    )
    case = asking(office, late)
    carry_due(office)
    (row,) = messages(office)
    receive(office, "province", posted({"id": "P1", "ref": row.ref, "data": {"pfwh": "批1"}}))
    settle(office)
    assert [*open_tasks(office, case)] == ["C"]
    complete_task(office, ENGINE, open_tasks(office, case)["C"].id)
    clock.advance(seconds=11)
    settle(office)
    assert [*open_tasks(office, case)] == ["B"]


def test_what_comes_for_no_case_of_ours_stays_in_the_inbox(office: Office) -> None:
    receive(
        office,
        "province",
        posted({"id": "P9", "ref": "", "subject": "许可证推送", "transfer": "DEPT_WINDOW", "data": {"pfwh": "1"}}),
    )
    (row,) = messages(office)
    assert (row.direction, row.state, row.transfer, row.case_id, row.payload) == (
        "IN", "RECEIVED", "DEPT_WINDOW", None, {"approval_no": "1"},
    )  # fmt: skip
    assert exchange_page(office, BUSINESS).counts["DEPT_WINDOW"] == {"RECEIVED": 1}


# -- connections ------------------------------------------------------------------------------------------------


def test_the_deadline_report_names_the_items_that_are_late(office: Office, clock: Clock) -> None:
    change_connection(office, KEEPER, "104-XK-001", state="LIVE", connection="province", deadline=date(2026, 1, 30))
    change_connection(office, KEEPER, "105-XK-001", state="TEST", connection="province", deadline=date(2020, 6, 30))
    change_connection(office, KEEPER, "107-XK-001", state="NONE")
    page = exchange_page(office, BUSINESS)
    assert [(one.item, one.state, one.late) for one in page.items] == [
        ("104-XK-001", "LIVE", False), ("105-XK-001", "TEST", True), ("107-XK-001", "NONE", False),
    ]  # fmt: skip
    assert page.connected == 1


@pytest.mark.parametrize(
    ("item", "state", "connection", "field"),
    [
        ("104", "LIVE", "province", "item"),
        ("104-XK-001", "ON", "province", "state"),
        ("104-XK-001", "LIVE", "", "connection"),
        ("104-XK-001", "LIVE", "moon", "connection"),
    ],
)
def test_a_connection_is_refused_at_its_field(
    office: Office, item: str, state: str, connection: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        change_connection(office, KEEPER, item, state=state, connection=connection)
    assert [one.field for one in refused.value.fields] == [field]
