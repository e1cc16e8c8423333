"""Ended items and their packages, for tests of the archive."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any
from uuid import UUID

from service.casework import attend_due, carry_due, start_case
from service.casework.office import Office
from service.store.archives import PackageRow
from tests.casework.clocks.items import ITEM_BODY, do, item
from tests.casework.desk import ENGINE, deploy_text


def work(office: Office) -> None:
    """Do everything that is due now, errands too."""
    while attend_due(office) or carry_due(office):
        pass


def deploy_item(office: Office) -> None:
    """A small item of kind 104-XK-001."""
    deploy_text(office, item(ITEM_BODY))


def ended(office: Office, number: str = "SJ202603161040001", **answers: Any) -> UUID:
    """An item that was started and done; what follows from its end is still to be done."""
    variables = {"project_name": "云溪大厦", "decision": "grant"}
    case = start_case(office, ENGINE, key="item", business_key=number, variables=variables)
    do(office, case.id, "Accept", answers={"opinion": "材料齐全"})
    do(office, case.id, "Review")
    do(office, case.id, "Issue", answers={"certificate_no": "990100202603160001", **answers})
    return case.id


def packages(office: Office, case_id: UUID) -> tuple[PackageRow, ...]:
    """The packages of a case."""
    with office.reading() as records:
        return records.archives.packages_of(case_id)


def content(office: Office, package: PackageRow) -> dict[str, bytes]:
    """What a package holds."""
    with zipfile.ZipFile(BytesIO(office.blobs.read(package.digest))) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
