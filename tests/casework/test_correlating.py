"""Messages and signals from outside: who gets them, and what is said when nobody or several would."""

from __future__ import annotations

from uuid import uuid4

import pytest

from service.casework import broadcast, complete_task, correlate, deliver_to, get_case, start_case, suspend_case
from service.casework.office import Office
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from tests.casework.desk import CLERK, ENGINE, KEEPER, actions_of, deploy_text, open_tasks
from tests.conftest import deploy_bpmn
from tests.engine.drive import MESSAGE, SIGNAL, definitions

CATCHER = (
    '<startEvent id="S"/><intermediateCatchEvent id="Catch">{}</intermediateCatchEvent>'
    '<userTask id="A" name="甲"/><endEvent id="E"/>\nS -> Catch\nCatch -> A\nA -> E\n'
)
STARTER = '<startEvent id="S">{}</startEvent><userTask id="A" name="甲"/><endEvent id="E"/>\nS -> A\nA -> E\n'


def test_a_message_nobody_waits_for_is_refused(any_office: Office) -> None:
    with pytest.raises(Invalid) as refusal:
        correlate(any_office, ENGINE, "m1", business_key="BJ-1")
    assert refusal.value.code == "MESSAGE_NOT_CORRELATED"


def test_a_clerk_does_not_send_messages(any_office: Office) -> None:
    with pytest.raises(Forbidden):
        correlate(any_office, CLERK, "m1")


def test_two_that_wait_are_too_many_unless_all_are_meant(any_office: Office) -> None:
    deploy_text(any_office, CATCHER.format(MESSAGE))
    cases = [start_case(any_office, ENGINE, key="p") for _ in range(2)]
    with pytest.raises(Invalid) as refusal:
        correlate(any_office, ENGINE, "m1")
    assert refusal.value.code == "MESSAGE_AMBIGUOUS"
    reached = correlate(any_office, ENGINE, "m1", all=True, variables={"x": 1})
    assert {one.case.id for one in reached} == {one.id for one in cases}
    assert all(list(open_tasks(any_office, one.id)) == ["A"] for one in cases)


def test_number_case_and_variables_find_the_one(any_office: Office) -> None:
    deploy_text(any_office, CATCHER.format(MESSAGE))
    for number, region in (("BJ-1", "东"), ("BJ-2", "西"), ("BJ-3", "南"), ("BJ-4", "北")):
        start_case(any_office, ENGINE, key="p", business_key=number, variables={"region": region, "n": 1})
    (one,) = correlate(any_office, ENGINE, "m1", business_key="BJ-2")
    assert (one.kind, one.case.business_key) == ("execution", "BJ-2")
    (one,) = correlate(any_office, ENGINE, "m1", keys={"region": "南"})
    assert one.case.business_key == "BJ-3"
    (one,) = correlate(any_office, ENGINE, "m1", local_keys={"region": "北"})
    assert one.case.business_key == "BJ-4"
    with pytest.raises(Invalid):
        correlate(any_office, ENGINE, "m1", keys={"n": "1"})
    (one,) = correlate(any_office, ENGINE, "m1", keys={"n": 1})
    assert one.case.business_key == "BJ-1"


def test_a_message_may_start_a_case(any_office: Office) -> None:
    deploy_text(any_office, STARTER.format(MESSAGE))
    (one,) = correlate(any_office, ENGINE, "m1", business_key="BJ-1", variables={"x": 1})
    assert (one.kind, one.case.business_key) == ("definition", "BJ-1")
    assert list(open_tasks(any_office, one.case.id)) == ["A"]


def test_a_suspended_case_does_not_take_messages(any_office: Office) -> None:
    deploy_text(any_office, CATCHER.format(MESSAGE))
    case = start_case(any_office, ENGINE, key="p")
    suspend_case(any_office, KEEPER, case.id)
    with pytest.raises(Conflict) as refusal:
        correlate(any_office, ENGINE, "m1")
    assert refusal.value.code == "CASE_SUSPENDED"


def test_a_message_is_handed_to_one_case(any_office: Office) -> None:
    deploy_text(any_office, CATCHER.format(MESSAGE))
    case = start_case(any_office, ENGINE, key="p")
    with pytest.raises(Missing):
        deliver_to(any_office, ENGINE, uuid4(), "m1")
    with pytest.raises(Invalid):
        deliver_to(any_office, ENGINE, case.id, "m2")
    deliver_to(any_office, ENGINE, case.id, "m1")
    assert actions_of(any_office, case.id) == ["case:started", "message:received"]


def test_a_signal_reaches_all_and_starts_what_begins_with_it(any_office: Office) -> None:
    deploy_text(any_office, CATCHER.format(SIGNAL))
    deploy_text(any_office, STARTER.format(SIGNAL), key="q")
    cases = [start_case(any_office, ENGINE, key="p") for _ in range(2)]
    sleeping = start_case(any_office, ENGINE, key="p")
    suspend_case(any_office, KEEPER, sleeping.id)
    assert broadcast(any_office, ENGINE, "s1", {"x": 1}) == 3
    for case in cases:
        complete_task(any_office, ENGINE, open_tasks(any_office, case.id)["A"].id)
        assert get_case(any_office, ENGINE, case.id).state == "COMPLETED"
    assert open_tasks(any_office, sleeping.id) == {}


ORDERS = (
    '<correlationProperty id="CP" name="order"><correlationPropertyRetrievalExpression messageRef="M1">'
    "<messagePath>order.number</messagePath></correlationPropertyRetrievalExpression></correlationProperty>"
    '<collaboration id="C"><correlationKey id="CK"><correlationPropertyRef>CP</correlationPropertyRef></correlationKey>'
    '</collaboration><process id="p" name="p" isExecutable="true">'
    '<correlationSubscription id="CS" correlationKeyRef="CK"><correlationPropertyBinding correlationPropertyRef="CP">'
    "<dataPath>mine</dataPath></correlationPropertyBinding></correlationSubscription>"
    + CATCHER.format(MESSAGE)
    + "</process>"
)


def test_correlation_properties_find_the_one_that_is_meant(any_office: Office) -> None:
    deploy_bpmn(any_office, definitions(ORDERS).decode())
    cases = [start_case(any_office, ENGINE, key="p", variables={"mine": f"N{n}", "n": n}) for n in (1, 2)]
    for payload, keys in (({"order": {"number": "N9"}}, None), ({}, None), ({}, {"order": "N1", "n": 2})):
        with pytest.raises(Invalid) as refusal:
            correlate(any_office, ENGINE, "m1", variables=payload, keys=keys)
        assert refusal.value.code == "MESSAGE_NOT_CORRELATED"
    with pytest.raises(Invalid):
        correlate(any_office, ENGINE, "m1", case_id=cases[0].id, variables={"order": {"number": "N2"}})
    (one,) = correlate(any_office, ENGINE, "m1", variables={"order": {"number": "N2"}})
    assert one.case.id == cases[1].id
    (one,) = correlate(any_office, ENGINE, "m1", keys={"order": "N1", "n": 1})
    assert one.case.id == cases[0].id


def test_a_message_that_names_its_case_need_not_tell_the_key(any_office: Office) -> None:
    deploy_bpmn(any_office, definitions(ORDERS).decode())
    cases = [start_case(any_office, ENGINE, key="p", variables={"mine": "same"}) for _ in range(2)]
    with pytest.raises(Invalid) as refusal:
        correlate(any_office, ENGINE, "m1", keys={"order": "same"})
    assert refusal.value.code == "MESSAGE_AMBIGUOUS"
    (one,) = correlate(any_office, ENGINE, "m1", case_id=cases[1].id)
    assert one.case.id == cases[1].id
