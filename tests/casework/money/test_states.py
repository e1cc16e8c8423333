"""The drawing of the docs, the words of the pages and the enumerations name the same states (C.5.5)."""

from __future__ import annotations

from pathlib import Path

from service.rules.exempting import ExemptionState
from service.rules.payments import BillState, PaymentChannel, RefundState
from service.web.pages import labels

DRAWING = (Path(__file__).parents[3] / "docs" / "fees.md").read_text("utf-8").split("## States")[1].split("## ")[0]


def test_every_state_is_drawn_and_has_its_word() -> None:
    assert [one for one in BillState if one.value not in DRAWING] == []
    assert set(labels.BILL_STATES) == {one.value for one in BillState}
    assert set(labels.REFUND_STATES) == {one.value for one in RefundState}
    assert set(labels.EXEMPTION_STATES) == {one.value for one in ExemptionState}
    assert set(labels.PAY_CHANNELS) == {one.value for one in PaymentChannel}
