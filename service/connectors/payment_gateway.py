"""A payment gateway that speaks our HTTP contract (docs/connectors.md): signed both ways, every call repeatable."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from service.connectors.http_exchange import Answer, HttpExchange
from service.connectors.outgoing import ConnectorTrouble
from service.connectors.payment import (
    CURRENCY,
    ChannelNotice,
    Order,
    OrderAnswer,
    OrderState,
    RefundAnswer,
    RefundOrder,
    answered_text,
    notice_of,
    verified_notice,
)
from service.connectors.signing import Seen, SignedRequest, Signer
from service.rules.refusals import Invalid


class PaymentGateway:
    """The connector. `pay_hosts`: where payers may be sent to."""

    def __init__(self, exchange: HttpExchange, signer: Signer, *, pay_hosts: Collection[str]) -> None:
        self._exchange, self._signer = exchange, signer
        self._pay_hosts = frozenset(host.lower() for host in pay_hosts)

    def create_order(self, order: Order) -> OrderAnswer:
        """POST /orders, idempotent by bill and amount."""
        amount = f"{order.amount:.2f}"
        said = self._post(
            "/orders",
            f"{order.bill}/{amount}",
            {
                "bill": order.bill,
                "amount": amount,
                "currency": CURRENCY,
                "subject": order.subject,
                "expires_at": order.expires_at.isoformat(),
                "notify": order.notify,
            },
        )
        return OrderAnswer(reference=answered_text(said, "order"), pay_url=self._checked(said.get("pay_url")))

    def query(self, bill: str) -> OrderState:
        """GET /orders/{bill}."""
        said = self._get(f"/orders/{quote(bill, safe='')}").data()
        state = said.get("state")
        if state not in ("OPEN", "PAID", "CLOSED"):
            raise ConnectorTrouble("ANSWER_UNREADABLE", "expected state OPEN, PAID or CLOSED", retryable=True)
        if state != "PAID":
            return OrderState(open=state == "OPEN")
        try:
            notice = notice_of(said.get("payment"))
        except Invalid:
            raise ConnectorTrouble("ANSWER_UNREADABLE", "expected the payment", retryable=True) from None
        if notice.bill != bill:
            raise ConnectorTrouble("ANSWER_UNREADABLE", "expected the payment of this bill", retryable=True)
        return OrderState(open=False, notice=notice)

    def refund(self, order: RefundOrder) -> RefundAnswer:
        """POST /refunds, idempotent by our reference."""
        said = self._post(
            "/refunds",
            order.reference,
            {
                "reference": order.reference,
                "bill": order.bill,
                "transaction": order.transaction,
                "amount": f"{order.amount:.2f}",
                "currency": CURRENCY,
                "reason": order.reason,
            },
        )
        if said.get("state") not in ("ACCEPTED", "DONE"):
            raise ConnectorTrouble("ANSWER_UNREADABLE", "expected state ACCEPTED or DONE", retryable=True)
        return RefundAnswer(done=said["state"] == "DONE", number=answered_text(said, "number"))

    def statement(self, day: date) -> str:
        """GET /statements/{day}: UTF-8 CSV."""
        try:
            return self._get(f"/statements/{day.isoformat()}").body.decode("utf-8")
        except UnicodeDecodeError:
            raise ConnectorTrouble("ANSWER_UNREADABLE", "expected UTF-8", retryable=True) from None

    def read_notice(self, request: SignedRequest) -> tuple[ChannelNotice, Seen]:
        """What the gateway posts to the `notify` address of an order."""
        return verified_notice(self._signer, request)

    def close(self) -> None:
        """Nothing is held open."""

    def _post(self, path: str, key: str, content: Mapping[str, Any]) -> dict[str, Any]:
        body = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
        full = self._exchange.place.path + path
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            **self._signer.headers("POST", full, body),
        }
        return self._exchange.call("POST", full, headers=headers, body=body).data()

    def _get(self, path: str) -> Answer:
        full = self._exchange.place.path + path
        return self._exchange.call("GET", full, headers=self._signer.headers("GET", full, b""))

    def _checked(self, url: object) -> str:
        """A payer is sent to hosts of the setting only, by https. Raises ConnectorTrouble: PAY_URL_REFUSED."""
        if url is None or url == "":
            return ""
        try:
            parts = urlsplit(url) if isinstance(url, str) and url.isascii() and url.isprintable() else urlsplit("")
            fits = parts.scheme == "https" and (parts.hostname or "") in self._pay_hosts and not parts.username
        except ValueError:
            fits = False
        if not fits or "\\" in str(url):
            raise ConnectorTrouble("PAY_URL_REFUSED", "see LIANBAN_PAYMENT_HOSTS", retryable=False)
        return str(url)
