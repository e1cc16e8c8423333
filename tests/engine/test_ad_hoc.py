"""Ad-hoc sub-processes through the interface of a run; what happens inside stands in tests/bpmn/ad_hoc."""

from __future__ import annotations

from uuid import uuid4

import pytest

from service.engine import EngineFault
from service.rules.refusals import Conflict
from tests.engine.drive import Drive

BODY = (
    '<startEvent id="s"/><adHocSubProcess id="x" name="联合评审" ordering="{order}"><userTask id="a"/><userTask id="b"/>'
    '<completionCondition>done</completionCondition></adHocSubProcess><endEvent id="e"/>s -> x\nx -> e\n'
)


def test_what_is_not_on_offer_is_refused_and_nothing_changes() -> None:
    d = Drive(BODY.format(order="Sequential"))
    (offer,) = d.run.offers()
    assert (offer.element, offer.name, offer.activities) == ("x", "联合评审", ("a", "b"))
    with pytest.raises(Conflict) as refused:
        d.run.activate(offer.host, "c")
    assert refused.value.code == "ACTIVITY_NOT_OFFERED"
    d.run.activate(offer.host, "a")
    d.settle()
    assert d.run.offers()[0].activities == ()
    with pytest.raises(Conflict):
        d.run.activate(offer.host, "b")
    assert d.open() == ["a"]


def test_only_an_open_ad_hoc_subprocess_can_be_begun_in() -> None:
    d = Drive(BODY.format(order="Parallel"))
    (offer,) = d.run.offers()
    with pytest.raises(EngineFault):
        d.run.activate(uuid4(), "a")
    d.run.activate(offer.host, "a")
    d.settle()
    with pytest.raises(EngineFault):
        d.run.finish(d.wait("a").id)
    d.do("a", {"done": True})
    assert d.ended and d.run.offers() == ()
    with pytest.raises(EngineFault):
        d.run.activate(offer.host, "a")


def test_offers_stay_the_same_over_save_and_load() -> None:
    kept, reloaded = Drive(BODY.format(order="Parallel")), Drive(BODY.format(order="Parallel"), reload=True)
    for d in (kept, reloaded):
        d.run.activate(d.run.offers()[0].host, "b")
        d.settle()
    assert [o.activities for o in kept.run.offers()] == [o.activities for o in reloaded.run.offers()] == [("a", "b")]
