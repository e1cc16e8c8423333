"""Tables of money: fee standards, bills with their lines, what was paid and given back, and the days reconciled."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from service.store.columns import Id, Instant, Json, Yuan
from service.store.schema import metadata

fee_standard = Table(  # 收费标准: one version each, proposed and approved as a dated act
    "fee_standard",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", String(40), nullable=False, index=True),
    Column("name", String(120), nullable=False),
    Column("department", String(8), nullable=False),
    Column("content", Json, nullable=False),  # rules.fee_standards.read_standard reads it
    Column("items", Json, nullable=False),  # codes of the items it is charged for
    Column("on_demand", Boolean, nullable=False, server_default=text("false")),  # charged where its inputs are known
    Column("refund", Json),  # within how long it goes back after a refusal: amount, unit, basis
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date),
    Column("state", String(10), nullable=False),  # PROPOSED, APPROVED, REFUSED, REPLACED
    Column("sample", Boolean, nullable=False, server_default=text("false")),  # an example, not the city's own
    Column("document", String(120), nullable=False, server_default=""),  # number of the act that sets it
    Column("proposed_by", String(60), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("decided_by", String(60)),
    Column("decided_at", Instant),
    Column("answer", Text, nullable=False, server_default=""),
)

bill = Table(  # 收费一表
    "bill",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("scope_id", Id),  # the item of a chain it is for; null: the case, or the whole chain
    Column("state", String(20), nullable=False),  # rules.payments.BillState
    Column("total", Yuan, nullable=False),
    Column("owed", Boolean, nullable=False),  # a mandatory line asks for money
    Column("subject", String(200), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("issued_by", String(60)),  # null: the diagram asked for it
    Column("due_on", Date, nullable=False),
    Column("abandon_on", Date),  # null: no calendar knows the day yet
    Column("key", Id, unique=True),  # of what asked for it: asked again, it is the same bill
    Column("replaces", Id),
    Column("basis", Json, nullable=False),  # what it was computed from, to compute it again
    Column("order_no", String(64)),  # the channel's
    Column("pay_url", Text),
    Column("reminded", Integer, nullable=False, server_default="0"),
    Column("ended_at", Instant),  # paid, exempt as a whole, or cancelled
)
Index("ix_bill_state_due_on", bill.c.state, bill.c.due_on)
Index("ix_bill_issued_at", bill.c.issued_at)

bill_line = Table(
    "bill_line",
    metadata,
    Column("bill_id", Id, ForeignKey("bill.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("scope_id", Id),  # of the item: whose clocks wait
    Column("department", String(8), nullable=False),
    Column("name", String(120), nullable=False),
    Column("item", String(20), nullable=False),
    Column("basis", Text, nullable=False),
    Column("formula", Text, nullable=False),
    Column("inputs", Json, nullable=False),
    Column("exempted", Yuan, nullable=False),
    Column("amount", Yuan, nullable=False),
    Column("reason", Text, nullable=False),
    Column("standard", String(40), nullable=False),  # empty: nothing is charged
    Column("version", Date),
    Column("mandatory", Boolean, nullable=False),
)

payment = Table(  # money that came in, as the channel told it
    "payment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("bill_id", Id, ForeignKey("bill.id"), index=True),  # null: for a bill nobody knows
    Column("bill_no", String(64), nullable=False),  # as told
    Column("number", String(64), nullable=False, unique=True),  # the channel's
    Column("channel", String(16), nullable=False),  # rules.payments.PaymentChannel
    Column("amount", Yuan, nullable=False),
    Column("paid_at", Instant, nullable=False),
    Column("receipt", String(64), nullable=False),  # 非税票据号
    Column("settles", Boolean, nullable=False),  # it paid its bill
    Column("received_at", Instant, nullable=False),
    Column("signed_with", String(120), nullable=False),  # name of the key; nothing comes in unsigned
)
Index("ix_payment_paid_at", payment.c.paid_at)

refund = Table(  # 退付: money that goes back for one payment
    "refund",
    metadata,
    Column("id", Id, primary_key=True),  # also the reference the channel gets
    Column("payment_id", Id, ForeignKey("payment.id"), nullable=False, index=True),
    Column("bill_id", Id, ForeignKey("bill.id"), index=True),
    Column("amount", Yuan, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(12), nullable=False),  # rules.payments.RefundState
    Column("requested_by", String(60), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("refund_by", Date),  # the last day a text gives for it
    Column("decided_by", String(60)),
    Column("decided_at", Instant),
    Column("answer", Text, nullable=False, server_default=""),
    Column("accepted_as", String(64), nullable=False, server_default=""),  # the channel's number of the order
    Column("number", String(64), nullable=False, server_default=""),  # the channel's number of the refund itself
    Column("refunded_at", Instant),
)
Index("ix_refund_state", refund.c.state)
Index("ix_refund_refunded_at", refund.c.refunded_at)

exemption = Table(  # 减免申请
    "exemption",
    metadata,
    Column("id", Id, primary_key=True),
    Column("bill_id", Id, ForeignKey("bill.id"), nullable=False, index=True),
    Column("claims", Json, nullable=False),  # [{"standard", "code", "reason"}]
    Column("state", String(12), nullable=False),  # rules.exempting.ExemptionState
    Column("requested_by", String(60), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("reviewed_by", String(60)),
    Column("reviewed_at", Instant),
    Column("opinion", Text, nullable=False, server_default=""),
    Column("decided_by", String(60)),
    Column("decided_at", Instant),
    Column("answer", Text, nullable=False, server_default=""),
)
Index("ix_exemption_state", exemption.c.state)

reconciliation_day = Table(  # 对账: our books of a day against the channel's file
    "reconciliation_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("source", String(12), nullable=False),  # GATEWAY, FILE
    Column("digest", String(64), nullable=False),  # SHA-256 of the file
    Column("ours", Yuan, nullable=False),
    Column("theirs", Yuan, nullable=False),
    Column("matched", Integer, nullable=False),
    Column("open", Integer, nullable=False),  # exceptions nobody has handled
    Column("run_at", Instant, nullable=False),
    Column("run_by", String(60)),
)

reconciliation_exception = Table(
    "reconciliation_exception",
    metadata,
    Column("id", Id, primary_key=True),
    Column("day", Date, nullable=False, index=True),
    Column("kind", String(10), nullable=False),  # MISSING, SURPLUS, REPEATED, DIFFERING
    Column("entry", String(8), nullable=False),  # PAYMENT, REFUND
    Column("number", String(64), nullable=False),
    Column("bill_no", String(64), nullable=False),
    Column("ours", Yuan),
    Column("theirs", Yuan),
    Column("at", Instant, nullable=False),
    Column("handled_by", String(60)),
    Column("handled_at", Instant),
    Column("note", Text, nullable=False, server_default=""),
)
