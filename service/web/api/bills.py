"""收费单 for programs: the list for who oversees money, the bills of a case, and one bill with its lines and payments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response

from service.casework.money.viewing import VIEWS, BillPage, bill_list, bill_page, case_bills
from service.casework.reading import get_case
from service.web.api.door import answer, case_id, door, this_office, who
from service.web.api.paging import day_parameter, only_parameters, page_and_size, parameter, serve_rows
from service.web.instants import iso_instant


def bill(row: Any) -> dict[str, Any]:
    """One bill for programs; amounts are texts with two decimals, in yuan."""
    return {
        "number": row.number,
        "caseId": str(row.case_id),
        "state": row.state,
        "total": f"{row.total:.2f}",
        "subject": row.subject,
        "issuedAt": iso_instant(row.issued_at),
        "dueOn": row.due_on.isoformat(),
        "endedAt": iso_instant(row.ended_at),
    }


def _line(row: Any) -> dict[str, Any]:
    return {
        "position": row.position,
        "scope": str(row.scope_id) if row.scope_id else None,
        "department": row.department,
        "name": row.name,
        "item": row.item,
        "standard": row.standard,
        "version": row.version.isoformat() if row.version else None,
        "basis": row.basis,
        "formula": row.formula,
        "inputs": dict(row.inputs),
        "amount": f"{row.amount:.2f}",
        "exempted": f"{row.exempted:.2f}",
        "reason": row.reason,
    }


def _with_lines(row: Any, lines: Iterable[Any]) -> dict[str, Any]:
    return {**bill(row), "lines": [_line(one) for one in lines]}


def _whole(page: BillPage) -> dict[str, Any]:
    return {
        **_with_lines(page.row, page.lines),
        "capitals": page.capitals,
        "replaces": page.replaced or None,
        "replacedBy": page.replaced_by or None,
        "payments": [
            {
                "number": one.row.number,
                "channel": one.row.channel,
                "amount": f"{one.row.amount:.2f}",
                "paidAt": iso_instant(one.row.paid_at),
                "settles": one.row.settles,
                "refunds": [
                    {"amount": f"{back.amount:.2f}", "state": back.state, "refundedAt": iso_instant(back.refunded_at)}
                    for back in one.refunds
                ],
            }
            for one in page.payments
        ],
    }


@door.get("/bills")
def list_bills() -> Response:
    """Bills, the latest first, for who oversees money; others see those of their cases."""
    only_parameters("view", "text", "department", "issuedFrom", "issuedTo")
    page, size = page_and_size()
    filters = {
        "search": parameter("text") or "",
        "department": parameter("department") or "",
        "issued_from": day_parameter("issuedFrom"),
        "issued_to": day_parameter("issuedTo"),
    }
    view = parameter("view", tuple(VIEWS)) or "all"
    found = bill_list(this_office(), who(), view=view, filters=filters, page=page, size=size)
    items = [bill(one) for one in found.items] if page <= found.pages else []
    return answer({"items": items, "total": found.total, "page": page, "size": size})


@door.get("/bills/<number>")
def get_bill(number: str) -> Response:
    only_parameters()
    return answer(_whole(bill_page(this_office(), who(), number[:60])))


@door.get("/cases/<text>/bills")
def list_case_bills(text: str) -> Response:
    """The bills of a case as far as the actor may see them."""
    only_parameters()
    found = get_case(this_office(), who(), case_id(text)).id
    known = case_bills(this_office(), who(), found)
    return serve_rows(known.bills if known is not None else (), lambda pair: _with_lines(*pair))
