"""What quality asks the database, once of each kind."""

from __future__ import annotations

from datetime import UTC, datetime

from service.casework.actors import SYSTEM
from service.casework.deploying import deploy
from service.casework.office import Office
from service.casework.quality import (
    REGISTERS,
    ComplaintForm,
    bad_ratings,
    case_offers,
    file_complaint,
    rate_case,
    rating_list,
    register_list,
)
from service.casework.quality.jobs import open_monthly
from service.engine.facts import Resource
from tests.casework.quality.conftest import ITEM, ORDERS, Town, finished, resources_of
from tests.conftest import Clock


def test_registers_ratings_and_samples_are_the_same_on_both(any_demo_office: Office, clock: Clock):
    town = Town(any_demo_office)
    keys = ("support_SP_01", "support_SP_03", "support_SP_04", "support_SP_16")
    orders = Resource(name="support_SP_02.bpmn", content=ORDERS)
    deploy(any_demo_office, SYSTEM, "质量", [*resources_of(*keys, ITEM), orders])
    case_id = finished(town)
    lizhao, officer = town.who("lizhao"), town.who("jiangyue")
    with any_demo_office.reading() as records:
        row = records.cases.find(case_id)
        assert row is not None and row.business_key is not None
        accepted = records.documents.acceptance_numbers([case_id])[case_id, case_id]
        assert records.quality.case_numbered(row.business_key) == case_id
        assert records.quality.case_numbered(f"{accepted[:6]}-{accepted[6:14]}-{accepted[14:]}") == case_id
        assert records.quality.case_numbered("SJ1") is None
    file_complaint(any_demo_office, lizhao, ComplaintForm(kind="fee", text="多收费", about=row.business_key))
    rate_case(any_demo_office, lizhao, case_id, 1, said="太慢")
    assert case_offers(any_demo_office, lizhao, case_id).given is not None
    found = rating_list(any_demo_office, officer, grade=1, department="101", channel="ONLINE")
    assert (found.total, found.average) == (1, 1.0)
    for name in REGISTERS:
        register_list(any_demo_office, officer, name, state=next(iter(REGISTERS[name].ends)), kind="x", search="y")
    shown = register_list(
        any_demo_office, officer, "complaints", kind="fee", department="101", search="TS-", state="filed"
    )
    assert [one.state for one in shown.items] == ["filed"]
    assert register_list(any_demo_office, lizhao, "complaints", state="withdrawn").total == 0
    assert bad_ratings(any_demo_office) == ()
    clock.now = datetime(2026, 4, 2, 0, 41, tzinfo=UTC)
    with any_demo_office.transaction() as records:
        assert open_monthly(any_demo_office, records, clock.now)["opened"] == 2
    town.run()
    with any_demo_office.reading() as records:
        sample = records.quality.sampling_of("CALLBACK", "2026-03")
        assert sample is not None
        assert [(one["case"], one["reasons"]) for one in sample.selected] == [(str(case_id), "差评、投诉")]
        assert records.quality.cases_with("support_SP_03", "period", "2026-03") == (sample.case_id,)
