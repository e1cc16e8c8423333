"""Other systems of the demo city: they take what is sent to them and say nothing until they are made to; some things do not go out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast
from unittest.mock import patch

from service.casework import act_book
from service.casework.acts.request import Request
from service.casework.exchange.sending import exchange
from service.casework.journalling import CaseFile
from service.casework.lots import draw_lot
from service.casework.office import Office
from service.connectors.data_exchange import Connection, Parcel, Taken
from service.rules.refusals import Invalid
from service.rules.vocabulary import InHouseAction
from service.store.records import Records


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """One other system, everything on its list."""

    name: str
    zone: str = "AGENCY"

    def may_send(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """As it is."""
        return dict(fields)

    def post(self, parcel: Parcel) -> Taken:
        """It is there; an answer comes later."""
        return Taken(reference=parcel.ref)


def connect(office: Office, *names: str) -> None:
    """An installation that knows these systems."""
    known = {name: cast(Connection, Neighbour(name=name)) for name in names}
    office._connectors = replace(office.connectors, exchanges=known)


@contextmanager
def failing() -> Iterator[set[str]]:
    """Elements whose messages are refused as long as they stand in the set."""
    down: set[str] = set()

    def sent(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
        if request.element in down:
            raise Invalid("CONNECTION_UNKNOWN", "没有配置对接“{connection}”（LIANBAN_EXCHANGES）", connection="tax")
        return exchange(office, records, file, request)

    with patch.dict(act_book.ACTS, {InHouseAction.EXCHANGE: sent}):
        yield down


@contextmanager
def lots_cast(wanted: Mapping[str, bool]) -> Iterator[None]:
    """Lots fall as wanted: of these elements every ticket is drawn, or none."""

    def cast_lot(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
        if request.element in wanted:
            request = replace(request, inputs={**request.inputs, "rate": "100" if wanted[request.element] else "0"})
        return draw_lot(office, records, file, request)

    with patch.dict(act_book.ACTS, {InHouseAction.LOT: cast_lot}):
        yield
