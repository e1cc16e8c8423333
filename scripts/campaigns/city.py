"""The demo city in one process: a clock moved by hand, people who act when asked to, money that is paid, letters that come.

Nothing waits and nobody is asked over HTTP, so that thousands of cases take minutes; what happens is what the pages would do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import select

from scripts.campaigns.served import ROOT
from service.casework import attend_due, complete_task, find_actor, load_demo_city, start_case, upgrade
from service.casework.actors import SYSTEM, Actor
from service.casework.carrying import carry_due
from service.casework.correlating import deliver_to
from service.casework.demo_samples import filled
from service.casework.deploying import deploy
from service.casework.money.errands import CALLBACK
from service.casework.money.receiving import receive_notice
from service.casework.office import Office, open_office
from service.casework.papers import printing
from service.casework.papers.printing import Sheet
from service.casework.register import deploy_items
from service.casework.workbench import feel
from service.cli.deploy import read_resources
from service.connectors.signing import SignedRequest
from service.documents import Printed
from service.engine import Resource
from service.rules.forms import judge
from service.rules.refusals import Forbidden, Refusal
from service.rules.worktime import SHANGHAI
from service.settings import Settings
from service.store import exchange_schema, money_schema, schema
from service.store.bills import BillRow
from service.store.tasks import TaskRow

CLERK, APPLICANT, ENGINE, KEEPER = "wangfang", "lizhao", "engine", "tianyue"
CHEAP_ARGON2 = (1, 8, 1)
OWN_MESSAGES = frozenset(  # not by letter
    "MSG_PAID MSG_BILL_CANCELLED MSG_BILL_ABANDONED MSG_WITHDRAW MSG_DEPARTMENT_JOINED MSG_DEPARTMENT_LEFT".split()
)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """An open task with the process it belongs to."""

    row: TaskRow
    process: str


@dataclass(frozen=True, kw_only=True)
class Listener:
    """A token that waits for a message from outside."""

    token: UUID
    case: UUID
    element: str
    name: str


class City:
    """One installation; `now` is its time."""

    def __init__(
        self,
        folder: Path,
        url: str,
        begins: datetime,
        *,
        only: Collection[str] | None = None,
        typeset: bool = False,
        ready: bool = False,
    ) -> None:
        """`only`: keys of the processes to deploy, with what they call; None: all that ship. `typeset`: papers are really
        printed. `ready`: the database holds the city already."""
        self.now, self.typeset = begins, typeset
        settings = Settings(
            data_dir=folder, database_url=url, demo=True, secret="secret of a campaign's city", argon2=CHEAP_ARGON2
        )
        self.office: Office = open_office(settings, clock=lambda: self.now)
        if not ready:
            self._settle(shipped() if only is None else needed(shipped(), only))
        self._actors: dict[str, Actor | None] = {}
        self._keys: dict[UUID, str] = {}
        self.paid = 0

    def _settle(self, resources: Sequence[Resource]) -> None:
        """People, processes, cards."""
        upgrade(self.office)
        load_demo_city(self.office)
        deploy(self.office, SYSTEM, "事项库", resources)
        cards = [
            Resource(name=path.name, content=path.read_bytes())
            for path in sorted((ROOT / "processes" / "items").glob("*.json"))
        ]
        deploy_items(self.office, SYSTEM, cards)

    def close(self) -> None:
        """Go home."""
        self.office.close()

    # -- time

    def turn(self, instant: datetime) -> int:
        """Move the clock; whatever is due on the way happens at its instant. How much that was."""
        attended = self.attend()
        while self.now < instant:
            with self.office.reading() as records:
                due = records.agenda.first_ready()
            self.now = instant if due is None or due > instant else max(due.astimezone(SHANGHAI), self.now)
            attended += self.attend()
        return attended

    def attend(self) -> int:
        """Everything that is due now and what follows from it."""
        attended = 0
        with nullcontext() if self.typeset else patch.object(printing, "print_sheet", plain_sheet):
            while done := attend_due(self.office, limit=500) + carry_due(self.office, limit=200):
                attended += done
        return attended

    # -- people

    def actor(self, username: str) -> Actor:
        """Somebody of the city."""
        if username not in self._actors:
            self._actors[username] = find_actor(self.office, username)
        found = self._actors[username]
        if found is None:
            raise AssertionError(f"expected {username} to be somebody of the demo city")
        return found

    def apply(self, process: str, *, nth: int = 0, chosen: Mapping[str, Any] | None = None, number: str = "") -> UUID:
        """An application at the window, or online when there is no window for it; the id of the case."""
        answers = self.fill(start_form_of(process), chosen, key=process, nth=nth)
        return start_case(
            self.office, self.actor(CLERK), key=process, variables=answers, business_key=number or None
        ).id

    def fill(
        self, form: str | None, chosen: Mapping[str, Any] | None, *, key: str = "", nth: int = 0
    ) -> dict[str, Any]:
        """Answers a form accepts. Refused by an AssertionError that says what is wrong with them."""
        if form is None:
            return {}
        entries = filled(schema_of(form), self.now.date(), key=key, nth=nth, chosen=chosen)
        judged = judge(schema_of(form), entries, data={}, evaluate=feel)
        if judged.problems:
            raise AssertionError(
                f"expected {form} to accept its sample but got {[p.sentence() for p in judged.problems]}"
            )
        return {name: value for name, value in judged.answers.items() if value is not None and name != "certificate_no"}

    def desks(self, case: UUID | None = None) -> list[Desk]:
        """Open tasks, of one case or of all, the oldest first."""
        with self.office.reading() as records:
            asked = (
                select(schema.task)
                .where(schema.task.c.ended_at.is_(None))
                .order_by(schema.task.c.created_at, schema.task.c.element)
            )
            if case is not None:
                asked = asked.where(schema.task.c.case_id == case)
            rows = records.execute(asked).mappings().all()
            return [Desk(row=TaskRow(**row), process=self._key(records, row["definition_id"])) for row in rows]

    def complete(self, desk: Desk, answers: Mapping[str, Any]) -> str | None:
        """Whoever may does a task; the code of the refusal when nobody can."""
        code = "NOBODY"
        for username in self._doers(desk.row):
            try:
                complete_task(self.office, self.actor(username), desk.row.id, answers=answers)
                return None
            except Forbidden as refusal:
                code = refusal.code
            except Refusal as refusal:
                return refusal.code
        return code

    def _doers(self, task: TaskRow) -> Iterator[str]:
        if task.assignee:
            yield task.assignee
        with self.office.reading() as records:
            people = [one for one in records.people.listing() if one.active]
            offered = {(one.kind, one.value) for one in records.tasks.candidates(task.id)}
        for one in people:
            groups = {*one.roles, one.department, *(f"{one.department}:{role}" for role in one.roles)}
            if ("user", one.username) in offered or any(kind == "group" and value in groups for kind, value in offered):
                yield one.username

    # -- from outside

    def bills(self) -> list[BillRow]:
        """Bills nobody has paid yet."""
        with self.office.reading() as records:
            ids = [
                row.id
                for row in records.execute(
                    select(money_schema.bill.c.id)
                    .where(money_schema.bill.c.state.in_(("ISSUED", "OVERDUE")))
                    .order_by(money_schema.bill.c.number)
                )
            ]
            return [found for id in ids if (found := records.bills.find(id)) is not None]

    def pay(self, bill: BillRow) -> None:
        """The channel says that a bill has been paid."""
        self.paid += 1
        said = {
            "kind": "PAYMENT", "bill": bill.number, "transaction": f"T{self.paid}", "amount": f"{bill.total:.2f}", "currency": "CNY",
            "at": self.now.isoformat(), "channel": "UNIONPAY", "receipt": f"4101002600{self.paid:08d}", "reference": "",
        }  # fmt: skip
        body = json.dumps(said).encode()
        channel = self.office.connectors.payment
        headers = getattr(channel, "desk", channel)._signer.headers("POST", CALLBACK, body)  # type: ignore[attr-defined]
        receive_notice(self.office, SignedRequest(method="POST", path=CALLBACK, headers=headers, body=body))

    def listeners(self, case: UUID | None = None) -> list[Listener]:
        """Tokens that wait for a message."""
        table = schema.subscription
        with self.office.reading() as records:
            asked = select(table.c.id, table.c.case_id, table.c.element, table.c.name).where(table.c.kind == "message")
            if case is not None:
                asked = asked.where(table.c.case_id == case)
            return [
                Listener(token=one.id, case=one.case_id, element=one.element, name=one.name)
                for one in records.execute(asked.order_by(table.c.case_id, table.c.element))
            ]

    def tell(self, listener: Listener, values: Mapping[str, Any] | None = None) -> str | None:
        """A message comes; the code of the refusal when nobody waits any more."""
        try:
            deliver_to(self.office, self.actor(ENGINE), listener.token, listener.name, dict(values or {}))
        except Refusal as refusal:
            return refusal.code
        return None

    def links(self) -> dict[UUID, UUID]:
        """Supporting cases and the case each was started by."""
        table = exchange_schema.case_link
        with self.office.reading() as records:
            return {one.id: one.parent_id for one in records.execute(select(table))}

    def _key(self, records: Any, definition: UUID) -> str:
        if definition not in self._keys:
            found = records.deployments.definition(definition)
            self._keys[definition] = found.key
        return self._keys[definition]


def plain_sheet(sheet: Sheet, *, reprint: int = 0) -> Printed:
    """A stand-in for the press, whose work other campaigns look at: a file that is different for every paper."""
    pdf = f"%PDF-1.7\n{sheet.row.code} {sheet.row.number} {sheet.row.id} {reprint}\n%%EOF".encode()
    return Printed(pdf=pdf, hash=hashlib.sha256(pdf).hexdigest())


# -- files


@cache
def shipped() -> tuple[Resource, ...]:
    """Every process, decision and form that ships."""
    return tuple(read_resources([ROOT / "processes", ROOT / "forms"]))


def needed(resources: Sequence[Resource], keys: Collection[str]) -> list[Resource]:
    """The files of some processes and of all they call, their forms and every decision."""
    by_stem = {Path(one.name).stem: one for one in resources if one.name.endswith(".bpmn")}
    wanted, found = [*keys], {}
    while wanted:
        key = wanted.pop()
        if key in found or key not in by_stem:
            continue
        found[key] = by_stem[key]
        text = by_stem[key].content.decode()
        wanted += [one for one in by_stem if f'calledElement="{one}"' in text or f'zw:process="{one}"' in text]
    text = "".join(one.content.decode() for one in found.values())
    forms = [one for one in resources if one.name.endswith(".form") and f'formKey="{Path(one.name).stem}"' in text]
    return [*found.values(), *forms, *(one for one in resources if one.name.endswith(".dmn"))]


@cache
def schema_of(form: str) -> Mapping[str, Any]:
    """A form-js schema that ships."""
    found: Mapping[str, Any] = json.loads((ROOT / "forms" / f"{form}.form").read_text(encoding="utf-8"))
    return found


@cache
def start_form_of(process: str) -> str | None:
    """The form of the plain start of a process."""
    from scripts.campaigns.month_diagrams import cards

    return cards()[process].start_form
