"""SMPP 3.4 as a client: one transceiver connection, one message after the other, receipts in between."""

from service.connectors.smpp.connector import SmppAccount, SmppConnector

__all__ = ["SmppAccount", "SmppConnector"]
