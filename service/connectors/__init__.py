"""Connectors: the only room that talks to other machines (mail, SMS, payment). It is told everything and decides nothing.

Contracts for those on the other side: docs/connectors.md. What is sent, to whom and when, is rules' and casework's.
"""

from service.connectors.addresses import AddressGuard
from service.connectors.choosing import Connectors, connectors_from
from service.connectors.outgoing import ConnectorTrouble, MessageConnector, Outgoing, Receipt
from service.connectors.payment import (
    ChannelNotice,
    Order,
    OrderAnswer,
    OrderState,
    PaymentConnector,
    RefundAnswer,
    RefundOrder,
)
from service.connectors.signing import SignedRequest

__all__ = [
    "AddressGuard",
    "ChannelNotice",
    "ConnectorTrouble",
    "Connectors",
    "MessageConnector",
    "Order",
    "OrderAnswer",
    "OrderState",
    "Outgoing",
    "PaymentConnector",
    "Receipt",
    "RefundAnswer",
    "RefundOrder",
    "SignedRequest",
    "connectors_from",
]
