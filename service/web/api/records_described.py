"""The addresses of documents, bills, materials and register items, and what they give."""

from __future__ import annotations

from typing import Any

from service.casework.money.viewing import VIEWS
from service.web.api.documents import STATES as DOCUMENT_STATES
from service.web.api.items import CHOICES
from service.web.api.materials import STATES as MATERIAL_STATES
from service.web.api.operations import ID_PART, PAGING, TEXT_255, content, operation, query
from service.web.api.schemas import (
    ANYTHING,
    DAY,
    FLAG,
    ID,
    INSTANT,
    MAYBE_DAY,
    MAYBE_ID,
    MAYBE_INSTANT,
    MAYBE_TEXT,
    MAYBE_WHOLE,
    TEXT,
    WHOLE,
    Schema,
    listed,
    paged,
    ref,
    shape,
)

AMOUNT: Schema = {"type": "string", "pattern": r"^-?\d+\.\d{2}$", "description": "元，两位小数"}
NUMBER_PART = {**ID_PART, "name": "number", "schema": TEXT_255}
CODE_PART = {**ID_PART, "name": "code", "schema": TEXT_255}
BILL: dict[str, Schema] = {
    "number": TEXT, "caseId": ID, "state": TEXT, "total": AMOUNT, "subject": TEXT, "issuedAt": INSTANT, "dueOn": DAY,
    "endedAt": MAYBE_INSTANT,
}  # fmt: skip
BILL_LINE = shape(
    position=WHOLE, scope=MAYBE_ID, department=TEXT, name=TEXT, item=TEXT, standard=TEXT, version=MAYBE_DAY, basis=TEXT,
    formula=TEXT, inputs=ANYTHING, amount=AMOUNT, exempted=AMOUNT, reason=TEXT,
)  # fmt: skip
ITEM: dict[str, Schema] = {
    "code": TEXT, "name": TEXT, "shortName": TEXT, "department": TEXT, "kind": TEXT, "type": TEXT, "category": TEXT, "status": TEXT,
    "themes": listed(TEXT), "process": MAYBE_TEXT, "promised": WHOLE, "version": MAYBE_WHOLE, "effectiveFrom": MAYBE_INSTANT,
}  # fmt: skip

SCHEMAS: dict[str, Schema] = {
    "Document": shape(
        id=ID, caseId=MAYBE_ID, scope=MAYBE_ID, code=TEXT, title=TEXT, state={"enum": list(DOCUMENT_STATES)}, number=MAYBE_TEXT,
        reference=TEXT, authority=TEXT, element=MAYBE_TEXT, missing=listed(TEXT), draftedAt=INSTANT, draftedBy=MAYBE_TEXT,
        issuedAt=MAYBE_INSTANT, issuedBy=MAYBE_TEXT, hash=MAYBE_TEXT, reprints=WHOLE, voidAt=MAYBE_INSTANT, voidReason=MAYBE_TEXT,
        supersedes=MAYBE_ID,
    ),
    "DocumentPage": paged(ref("Document")),
    "Bill": shape(**BILL),
    "BillPage": paged(ref("Bill")),
    "CaseBill": shape(**BILL, lines=listed(BILL_LINE)),
    "CaseBillPage": paged(ref("CaseBill")),
    "BillDetail": shape(
        **BILL, lines=listed(BILL_LINE), capitals=TEXT, replaces=MAYBE_TEXT, replacedBy=MAYBE_TEXT,
        payments=listed(shape(
            number=TEXT, channel=TEXT, amount=AMOUNT, paidAt=INSTANT, settles=FLAG,
            refunds=listed(shape(amount=AMOUNT, state=TEXT, refundedAt=MAYBE_INSTANT)),
        )),
    ),
    "Material": shape(
        id=ID, caseId=ID, scope=MAYBE_ID, process=TEXT, position=WHOLE, name=TEXT, kind=TEXT, source=TEXT,
        state={"enum": list(MATERIAL_STATES)}, paper=MAYBE_TEXT, copies=WHOLE, gap=MAYBE_TEXT, seenBy=MAYBE_TEXT, seenAt=MAYBE_INSTANT,
        examinedBy=MAYBE_TEXT, examinedAt=MAYBE_INSTANT,
        files=listed(shape(
            id=ID, version=WHOLE, name=TEXT, mediaType=TEXT, size=WHOLE, pages=MAYBE_WHOLE, sha256=TEXT, origin=TEXT, verdict=TEXT,
            current=FLAG, readable=FLAG, uploadedAt=INSTANT, uploadedBy=MAYBE_TEXT, validTo=MAYBE_DAY, withdrawnAt=MAYBE_INSTANT,
        )),
    ),
    "MaterialPage": paged(ref("Material")),
    "Item": shape(**ITEM, online=FLAG),
    "ItemPage": paged(ref("Item")),
    "ItemDetail": shape(**ITEM, current=FLAG, nextFrom=MAYBE_INSTANT, card=ANYTHING),
    "ItemVersionPage": paged(shape(**ITEM, changed=listed(TEXT))),
}  # fmt: skip


def _file(name: str, summary: str, tag: str, kind: str) -> dict[str, Any]:
    """An operation that answers with a file."""
    described = operation(name, summary, tag, {}, parameters=(ID_PART,))
    found = {"description": "文件", "content": content({"type": "string", "format": "binary"}, kind)}
    return {**described, "responses": {"200": found, **described["responses"]}}


PATHS: dict[str, dict[str, Any]] = {
    "/cases/{id}/documents": {
        "get": operation(
            "listDocuments", "办件的文书，先出的在前", "文书", {200: ref("DocumentPage")},
            parameters=(ID_PART, query("state", {"enum": list(DOCUMENT_STATES)}), query("code", TEXT_255, "文书种类，如 W02"), *PAGING),
        )
    },
    "/documents/{id}": {"get": operation("getDocument", "一份文书", "文书", {200: ref("Document")}, parameters=(ID_PART,))},
    "/documents/{id}/file": {"get": _file("getDocumentFile", "文书的 PDF 文件", "文书", "application/pdf")},
    "/bills": {
        "get": operation(
            "listBills", "收费单，最近的在前；只给收费、财政、督查和业务科", "收费", {200: ref("BillPage")},
            parameters=(
                query("view", {"enum": list(VIEWS), "default": "all"}), query("text", TEXT_255, "单号或办件中的文字"),
                query("department", TEXT_255, "收费部门"), query("issuedFrom", DAY), query("issuedTo", DAY), *PAGING,
            ),
        )
    },
    "/bills/{number}": {
        "get": operation("getBill", "一张收费单，含明细、到账和退付", "收费", {200: ref("BillDetail")}, parameters=(NUMBER_PART,))
    },
    "/cases/{id}/bills": {
        "get": operation("listCaseBills", "办件的收费单和明细", "收费", {200: ref("CaseBillPage")}, parameters=(ID_PART, *PAGING))
    },
    "/cases/{id}/materials": {
        "get": operation(
            "listMaterials", "办件的材料清单和已交的文件", "材料", {200: ref("MaterialPage")},
            parameters=(ID_PART, query("state", {"enum": list(MATERIAL_STATES)}), *PAGING),
        )
    },
    "/materials/{id}": {"get": operation("getMaterial", "一份材料", "材料", {200: ref("Material")}, parameters=(ID_PART,))},
    "/material-files/{id}": {
        "get": _file("getMaterialFile", "材料文件的内容；病毒检查未通过的不给", "材料", "application/octet-stream")
    },
    "/items": {
        "get": operation(
            "listItems", "事项目录，按编码", "事项", {200: ref("ItemPage")},
            parameters=(
                query("text", TEXT_255, "名称、编码、部门中的文字或拼音首字母"), query("department", TEXT_255, "部门编码"),
                *(query(name, {"enum": list(among)}) for name, among in CHOICES.items()), *PAGING,
            ),
        )
    },
    "/items/{code}": {
        "get": operation(
            "getItem", "一个事项，含办事指南的全部内容", "事项", {200: ref("ItemDetail")},
            parameters=(CODE_PART, query("version", {**WHOLE, "minimum": 1, "maximum": 999_999_999}, "不给则为现行版本")),
        )
    },
    "/items/{code}/versions": {
        "get": operation(
            "listItemVersions", "事项的各个版本和改动，最近的在前", "事项", {200: ref("ItemVersionPage")}, parameters=(CODE_PART, *PAGING),
        )
    },
}  # fmt: skip
