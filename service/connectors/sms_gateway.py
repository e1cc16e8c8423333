"""SMS by a gateway that speaks our HTTP contract (docs/connectors.md): signed, idempotent by the message's id."""

from __future__ import annotations

import json

from service.connectors.http_exchange import HttpExchange
from service.connectors.outgoing import ConnectorTrouble, DeliveryReport, Outgoing, Receipt
from service.connectors.signing import Seen, SignedRequest, Signer
from service.rules.refusals import Invalid
from service.rules.sending import Channel, Report

REPORTS = {"delivered": Report.DELIVERED, "failed": Report.REFUSED}
TAKEN = {"accepted": Report.ACCEPTED, "delivered": Report.DELIVERED}


class SmsGateway:
    """The connector."""

    channel = Channel.SMS

    def __init__(self, exchange: HttpExchange, signer: Signer) -> None:
        self._exchange, self._signer = exchange, signer

    def send(self, message: Outgoing) -> Receipt:
        """Hand over one message. A repeat with the same id is answered like the first time. Raises ConnectorTrouble."""
        body = json.dumps(
            {"id": str(message.id), "to": message.to, "text": message.text}, ensure_ascii=False, sort_keys=True
        ).encode()
        path = f"{self._exchange.place.path}/messages"
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": str(message.id),
            **self._signer.headers("POST", path, body),
        }
        said = self._exchange.call("POST", path, headers=headers, body=body).data()
        reference, status = said.get("reference"), said.get("status")
        if not isinstance(reference, str) or not 0 < len(reference) <= 128 or status not in TAKEN:
            raise ConnectorTrouble("ANSWER_UNREADABLE", "expected status and reference", retryable=True)
        return Receipt(report=TAKEN[status], reference=reference)

    def read_report(self, request: SignedRequest) -> tuple[DeliveryReport, Seen]:
        """A delivery report the gateway posts to us. Refused: SIGNATURE_INVALID, REPORT_INVALID."""
        seen = self._signer.verify(request)
        try:
            said = json.loads(request.body)
            return (
                DeliveryReport(
                    reference=_text(said["reference"]),
                    report=REPORTS[said["status"]],
                    detail=str(said.get("detail", ""))[:200],
                ),
                seen,
            )
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise Invalid("REPORT_INVALID", "回执内容无效。") from None

    def tend(self) -> None:
        """Reports come to our own address."""

    def close(self) -> None:
        """Nothing is held open."""


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 128:
        raise ValueError("expected a reference")
    return value
