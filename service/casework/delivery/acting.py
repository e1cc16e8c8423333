"""The act of the book: open the delivery of an item that is ready."""

from __future__ import annotations

from service.casework.acts.request import Request
from service.casework.delivery.opening import open_delivery
from service.casework.journalling import CaseFile
from service.casework.office import Office
from service.store.records import Records


def deliver(office: Office, records: Records, file: CaseFile, request: Request) -> None:
    """Open it."""
    open_delivery(office, records, file, request)
