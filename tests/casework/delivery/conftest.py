"""Delivery is tried on small diagrams."""

from __future__ import annotations

import sys
import types

from service.store.records import Records
from tests.casework.clocks.conftest import small_procedures

ISSUED = []


def _mod(name, **things):
    m = types.ModuleType(name)
    m.__dict__.update(things)
    sys.modules[name] = m


UNPAID = set()


def require_settled(records, case_id, scope):
    from service.rules.refusals import Conflict

    if case_id in UNPAID:
        raise Conflict("FEE_UNPAID", "未缴")


if "service.casework.money" not in sys.modules:
    try:
        import service.casework.money
    except ImportError:
        _mod("service.casework.money")
        _mod("service.casework.money.settled", require_settled=require_settled)

        def issue_document(office, records, file, *, code, facts, scope=None, element=None, actor=None, key=None):
            from service.rules.document_kinds import document_kind, read_facts

            read_facts(document_kind(code), facts)
            ISSUED.append((file.id, types.SimpleNamespace(code=code, facts=facts)))

        _mod("service.casework.papers")
        _mod("service.casework.papers.issuing", issue_document=issue_document)

        class M:
            def code_of(self, case, scope, purpose):
                return "K7M2QP"

        Records.messages = M()

        class C:
            def of_case(self, case):
                return ()

        Records.certificates = C()

        class D:
            def of_case(self, case):
                return [one for id, one in ISSUED if id == case]

        Records.documents = D()


import pytest

from service.casework.act_book import ACTS
from service.casework.acts.request import Request
from service.casework.office import Office
from tests.casework.delivery.results import CAST, CODE, deploy_issuing
from tests.casework.desk import hire


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict]]:
    """Messages that were asked for."""
    found: list[tuple[str, dict]] = []

    def note(office: object, records: object, file: object, request: Request) -> None:
        found.append((request.inputs["sms"], dict(request.values)))

    monkeypatch.setitem(ACTS, "message", note)
    return found


@pytest.fixture
def window(any_office: Office, told: list, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office with its cast, a code that is known, and nothing owed."""
    from service.casework.delivery import guards
    from service.casework.delivery import handing_out as subject

    hire(any_office, CAST)
    deploy_issuing(any_office)
    monkeypatch.setattr(guards, "require_settled", lambda *_: None)
    monkeypatch.setattr(subject, "code_of", lambda records, row: CODE)
    return any_office


__all__ = ["small_procedures"]
