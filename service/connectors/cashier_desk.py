"""The embedded channel: the bank's cashier desk in the centre, for installations without a payment gateway.

A window takes no money and marks nothing paid (XZ-18): the cashier, an account of its own, confirms a payment, and what
comes of it is a notice signed like any gateway's that goes the same way.
"""

from __future__ import annotations

import json
from datetime import date

from service.connectors.outgoing import ConnectorTrouble
from service.connectors.payment import (
    CURRENCY,
    ChannelNotice,
    Order,
    OrderAnswer,
    OrderState,
    RefundAnswer,
    RefundOrder,
    verified_notice,
)
from service.connectors.signing import Seen, SignedRequest, Signer


class CashierDesk:
    """The connector. Its signer's secret is made by the installation and never leaves it."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def create_order(self, order: Order) -> OrderAnswer:
        """The bill's number is what the payer shows at the desk."""
        return OrderAnswer(reference=order.bill)

    def query(self, bill: str) -> OrderState:
        """The desk knows nothing that its notices have not said."""
        return OrderState(open=True)

    def refund(self, order: RefundOrder) -> RefundAnswer:
        """The desk pays it out by hand and confirms it with a notice."""
        return RefundAnswer(done=False, number=order.reference)

    def statement(self, day: date) -> str:
        """The bank's file of the desk is uploaded by hand. Raises ConnectorTrouble: STATEMENT_BY_HAND."""
        raise ConnectorTrouble("STATEMENT_BY_HAND", "upload the bank's file of the day", retryable=False)

    def read_notice(self, request: SignedRequest) -> tuple[ChannelNotice, Seen]:
        """Verified like any channel's."""
        return verified_notice(self._signer, request)

    def confirm(self, notice: ChannelNotice, path: str) -> SignedRequest:
        """The signed notice of what a cashier has taken or paid out, to be handed to the address `path` of ours."""
        body = json.dumps(
            {
                "kind": notice.kind,
                "bill": notice.bill,
                "transaction": notice.transaction,
                "amount": f"{notice.amount:.2f}",
                "currency": CURRENCY,
                "at": notice.at.isoformat(),
                "channel": notice.channel,
                "receipt": notice.receipt,
                "reference": notice.reference,
            },
            ensure_ascii=False,
            sort_keys=True,
        ).encode()
        return SignedRequest(method="POST", path=path, headers=self._signer.headers("POST", path, body), body=body)

    def close(self) -> None:
        """Nothing is held open."""
