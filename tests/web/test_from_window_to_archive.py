"""One application from the window to the sealed package, over HTTP: every document, message and bill on the way."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from typing import Any

import pytest
from flask import Flask

from service.casework import Office, attend_due
from service.casework.actors import SYSTEM
from service.casework.carrying import carry_due
from service.casework.deploying import deploy
from service.documents.sealed import verify
from tests.conftest import Clock
from tests.processes.library import resources
from tests.web.pages.conftest import PASSWORD, Visitor, text

APPLICATION = {
    "applicant": "云溪华印制罐有限公司", "applicant_uscc": "91990100MA0000001X", "contact": "李昭", "phone": "13900000001",
    "project_code": "2603-990100-04-01-482915", "project_name": "年产2亿只金属罐项目", "site_address": "云溪市经开区科创路18号",
    "relocate": True, "required_m2": 500, "built_m2": 0, "class": "核6", "relocate_reason": "地质条件不宜", "handed_in": ["申请表(表)"], "pick_up": "window",
}  # fmt: skip
DESKS: list[tuple[str, str, dict[str, Any]]] = [
    ("Task_Accept", "wangfang", {"decision": "accept", "materials": ["申请表(表)"]}),
    ("Task_Review", "105-a", {"recommendation": "grant", "opinion": "符合易地建设条件"}),
    ("Task_Approve", "105-rep", {"decision": "grant", "content": "准予易地建设500平方米"}),
]


class Hands:
    """Programs and people at the doors of one installation, and the worker behind them."""

    def __init__(self, site: Flask, office: Office, clock: Clock) -> None:
        self.site, self.office, self.clock = site, office, clock
        self.client = site.test_client()

    def api(self, who: str, method: str, path: str, body: Any = None) -> Any:
        """One request of `/api/v1` by an account."""
        basic = b64encode(f"{who}:{PASSWORD}".encode()).decode()
        answer = self.client.open(
            f"/api/v1{path}", method=method, json=body, headers={"Authorization": f"Basic {basic}"}
        )  # fmt: skip
        assert answer.status_code < 300, (path, answer.status_code, answer.get_data(as_text=True))
        return answer.get_json(silent=True)

    def settle(self, **passed: int) -> None:
        """What is due is done and carried, after some time."""
        self.clock.advance(**passed) if passed else None
        while attend_due(self.office) or carry_due(self.office):
            pass

    def complete(self, case: str, element: str, who: str, answers: dict[str, Any]) -> None:
        """The desk of an element answers its form."""
        (task,) = [one for one in self.api(who, "GET", "/tasks?size=50")["items"] if one["case"]["id"] == case]
        assert task["element"] == element
        self.api(who, "POST", f"/tasks/{task['id']}/complete", {"answers": answers})
        self.settle()


@pytest.fixture
def hands(demo_office: Office, clock: Clock) -> Hands:
    """The demo city with everything that ships, in the morning of a working day."""
    from service.web.app import create_app

    demo_office.environment = {"LIANBAN_ARCHIVE_KEY": "a key kept outside of the database"}
    clock.set("2026-03-16 09:30")
    deploy(demo_office, SYSTEM, "事项库", resources("item_105_XK_001"))
    return Hands(create_app(demo_office), demo_office, clock)


def codes(hands: Hands, case: str) -> Counter[str]:
    """Documents of the case, by kind, from its page."""
    from uuid import UUID

    with hands.office.reading() as records:
        rows = records.documents.of_case(UUID(case))
    assert all(row.state == "ISSUED" and row.hash for row in rows), [(r.code, r.state, r.missing) for r in rows]
    return Counter(row.code for row in rows)


def told(hands: Hands, case: str) -> set[str]:
    """What the applicant was told of the case."""
    from uuid import UUID

    from sqlalchemy import select

    from service.store.message_schema import message

    with hands.office.reading() as records:
        mine = (message.c.case_id == UUID(case)) & (message.c.audience == "APPLICANT")
        return set(records.execute(select(message.c.code).where(mine)).scalars())


def test_an_application_goes_from_the_window_to_its_sealed_package(hands: Hands) -> None:
    case = hands.api(
        "wangfang", "POST", "/cases", {"process": "item_105_XK_001", "answers": APPLICATION}
    )["id"]  # fmt: skip
    hands.settle()
    assert codes(hands, case) == Counter({"W01": 1}) and told(hands, case) == {"M01"}

    for element, who, answers in DESKS:
        hands.complete(case, element, who, answers)
    assert codes(hands, case) == Counter({"W01": 1, "W02": 1, "W13": 1, "W14": 1} | _bill_paper(hands, case))
    assert {"M02", "M13"} <= told(hands, case)
    assert not [one for one in hands.api("wuqian", "GET", "/tasks?size=50")["items"] if one["case"]["id"] == case]

    cashier = Visitor(hands.site).sign_in("cashier")
    number = _bill(hands, case)
    assert "600,000.00" in text(cashier.get(f"/cashier?number={number}"))
    form = {"amount": "600000.00", "channel": "CARD", "transaction": "T-1", "receipt": "4101002600001"}
    assert cashier.post(f"/cashier/{number}", form).status_code == 302
    assert cashier.post(f"/cashier/{number}", form).status_code == 409, "nobody pays a bill twice"
    hands.settle()
    assert "M14" in told(hands, case)

    hands.complete(case, "Task_Issue", "wuqian", {"certificate_no": "人防批〔2026〕1号", "delivery": "electronic"})
    hands.settle(minutes=3)
    hands.settle(days=1)
    assert codes(hands, case)["W18"] == 1 and "M20" in told(hands, case)
    assert hands.api("wangfang", "GET", f"/cases/{case}")["state"] == "COMPLETED"

    _documents_can_be_read_and_verified(hands, case)
    _the_package_is_sealed(hands, case)
    admin = Visitor(hands.site).sign_in("guotao")
    assert "没有等待处理的异常" in text(admin.get("/incidents"))


def _bill(hands: Hands, case: str) -> str:
    """The number of the one bill of the case."""
    from uuid import UUID

    with hands.office.reading() as records:
        (bill,) = records.bills.of_case(UUID(case))
    return bill.number


def _bill_paper(hands: Hands, case: str) -> Counter[str]:
    """The paper of the bill, where the installation issues one."""
    from uuid import UUID

    with hands.office.reading() as records:
        return Counter(row.code for row in records.documents.of_case(UUID(case)) if row.code == "W21")


def _documents_can_be_read_and_verified(hands: Hands, case: str) -> None:
    from uuid import UUID

    clerk = Visitor(hands.site).sign_in("wangfang")
    page = clerk.get(f"/cases/{case}").get_data(as_text=True)
    with hands.office.reading() as records:
        rows = records.documents.of_case(UUID(case))
    for row in rows:
        assert f"/documents/{row.id}" in page, row.code
        paper = clerk.get(f"/documents/{row.id}.pdf")
        assert paper.status_code == 200 and paper.data.startswith(b"%PDF"), row.code
    numbers = {row.code: row.number for row in rows}
    assert re.fullmatch(r"云政服许〔2026〕00001号", numbers["W14"] or "")
    assert re.fullmatch(r"云政服受〔2026〕00001号", numbers["W02"] or "")


def _the_package_is_sealed(hands: Hands, case: str) -> None:
    from uuid import UUID

    with hands.office.reading() as records:
        (package,) = records.archives.packages_of(UUID(case))
    with hands.office.blobs.open(package.digest) as content:
        verdict = verify(content, key=b"a key kept outside of the database")
    assert verdict.sound and verdict.keyed, verdict.damages
