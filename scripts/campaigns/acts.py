"""The acts campaign: workers are killed with -9 between the steps of acts and errands while cases run from application to archive.

Cases of the charged item are accepted, reviewed, granted, billed, paid at a simulated bank, issued and archived; mail, SMPP and
the bank are simulated. Between the desks a worker process does what is due and is killed at a chosen step (`acts_runner.py`).
Afterwards `acts_check.py` reads the tables with plain SQL and what the machines on the other side have noted.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from scripts.campaigns.acts_check import check
from scripts.campaigns.acts_runner import POINTS, campaign_office
from scripts.campaigns.databases import database
from scripts.campaigns.gateways import Bank, Centre, Post
from scripts.campaigns.served import ROOT
from service.casework import attend_due, complete_task, load_demo_city, start_case, upgrade
from service.casework.actors import Actor
from service.casework.carrying import carry_due
from service.casework.money.receiving import receive_notice
from service.casework.office import Office
from service.cli.deploy import deploy_paths
from service.connectors.signing import SignedRequest
from service.rules.refusals import Refusal
from service.settings import Settings

SECRET = "a secret shared with the bank, 32"
ITEM = "item_105_XK_001"
CALLBACK = "/callbacks/payment"
BEGIN = datetime.fromisoformat("2026-03-16T09:00:00+08:00")
ENGINE = Actor(username="engine", name="engine", roles=frozenset({"service"}), service=True)
ANSWERS: dict[str, dict[str, Any]] = {
    "Task_Accept": {"decision": "accept", "materials": ["申请表(表)"]},
    "Task_Review": {"recommendation": "grant", "opinion": "符合易地建设条件"},
    "Task_Approve": {"decision": "grant", "content": "准予易地建设"},
    "Task_Issue": {"certificate_no": "", "delivery": "electronic"},
}
LEFT_ALONE = 25  # rounds after the last kill, at most
REFUSED = {"Task_Approve": {"decision": "refuse", "reason": "不符合易地建设条件"}}
REJECTED = {"Task_Accept": {"decision": "reject", "reject_kind": "other", "reason": "不需要许可"}}


@dataclass
class Ledger:
    """What the campaign did, and what the machines on the other side have noted."""

    cases: dict[UUID, str] = field(default_factory=dict)  # case → how it goes: grant, refuse, reject
    kills: dict[str, int] = field(default_factory=dict)
    runs: int = 0
    notices: int = 0
    mail: list[tuple[str, str]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    orders: dict[str, str] = field(default_factory=dict)
    orders_asked: int = 0


@dataclass(frozen=True, kw_only=True)
class ActsReport:
    """Figures of a campaign; `faults` is empty when every promise held."""

    kills: int
    points: int
    cases: int
    figures: dict[str, int]
    faults: tuple[str, ...]


class Campaign:
    """One installation with its simulated surroundings."""

    def __init__(self, folder: Path, url: str, seed: int) -> None:
        self.folder, self.url, self.chance = folder, url, random.Random(seed)
        self.post, self.centre, self.bank = Post(), Centre(), Bank(SECRET)
        self.now = BEGIN.timestamp()
        self.pass_time(0)
        self.environment = {
            "LIANBAN_CONNECTOR_NETWORKS": "127.0.0.0/8",
            "LIANBAN_SMTP_URL": f"smtp://127.0.0.1:{self.post.port}",
            "LIANBAN_SMTP_SENDER": "office@example.org",
            "LIANBAN_SMS_URL": f"smpp://office@127.0.0.1:{self.centre.port}",
            "LIANBAN_SMS_SECRET": "secret",
            "LIANBAN_SMPP_SOURCE": "10690000",
            "LIANBAN_SMPP_RATE": "1000",
            "LIANBAN_PAYMENT_URL": f"http://127.0.0.1:{self.bank.port}",
            "LIANBAN_PAYMENT_KEY": "bank",
            "LIANBAN_PAYMENT_SECRET": SECRET,
            "LIANBAN_ARCHIVE_KEY": "a key of the archive, kept outside",
        }
        self.office: Office = campaign_office(folder, url)
        self.office.environment = self.environment
        self.ledger = Ledger()
        self.paid: set[str] = set()
        upgrade(self.office)
        load_demo_city(self.office)
        shipped = Settings()
        deploy_paths(self.office, [shipped.processes_dir, shipped.forms_dir], "campaign")

    def pass_time(self, seconds: float) -> None:
        """The campaign's clock goes on; for everybody, at once."""
        self.now += seconds
        draft = self.folder / "clock.new"
        draft.write_text(str(self.now))
        draft.replace(self.folder / "clock")

    def start(self, number: int) -> None:
        """One application: every third by mail, every seventh refused, every ninth turned away."""
        reached = {"email": f"applicant{number}@example.org"} if number % 3 == 0 else {"phone": f"138{number:08d}"}
        variables = {
            "applicant": f"云溪制罐{number}厂", "applicant_uscc": "91990100MA0000001X", "contact": "李昭",
            "project_name": f"{number}号厂房", "project_code": "2603-990100-04-01-482915", "site_address": "工业园区",
            "relocate": True, "required_m2": 500, "relocate_reason": "地质条件不宜", "handed_in": ["申请表(表)"],
        }  # fmt: skip
        case = start_case(self.office, ENGINE, key=ITEM, variables={**variables, **reached}).id
        way = "refuse" if number % 7 == 0 else "reject" if number % 9 == 0 else "grant"
        self.ledger.cases[case] = way

    def work(self) -> int:
        """Everybody at a desk does what lies there; how many tasks. What is refused (the fee is not paid) stays."""
        done = 0
        for case, way in self.ledger.cases.items():
            with self.office.reading() as records:
                tasks = records.tasks.open_of(case)
            for task in tasks:
                answers = {**ANSWERS, **(REFUSED if way == "refuse" else REJECTED if way == "reject" else {})}
                said = dict(answers.get(task.element, {}))
                if task.element == "Task_Issue":
                    said["certificate_no"] = f"人防〔2026〕{str(case)[:8]}"
                try:
                    complete_task(self.office, ENGINE, task.id, answers=said)
                    done += 1
                except Refusal:
                    continue
        return done

    def pay(self) -> int:
        """The bank says what was paid, every bill twice."""
        said = 0
        for bill in sorted({*self.bank.owed} - self.paid):
            self.paid.add(bill)
            for _ in range(2):
                body, headers = self.bank.notice(bill, CALLBACK)
                receive_notice(
                    self.office, SignedRequest(method="POST", path=CALLBACK, headers=headers, body=body)
                )  # fmt: skip
                said += 1
        self.ledger.notices += said
        return said

    def settled(self) -> bool:
        """Whether every case has ended and nothing of it is on its way any more."""
        with self.office.reading() as records:
            rows = [row for case in self.ledger.cases for row in records.agenda.of_case(case)]
            ended = all(found and found.ended_at for found in map(records.cases.find, self.ledger.cases))
        return ended and not any(row.kind in ("act", "action", "outbox") for row in rows)

    def attend(self) -> None:
        """Do what is due here and now, by nobody who is killed."""
        while attend_due(self.office) or carry_due(self.office):
            pass

    def worker(self, kill: str = "") -> bool:
        """One worker until nothing is due, killed at `kill`; whether it was killed."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LIANBAN_")},
            **self.environment,
            **({"LIANBAN_SOAK_KILL": kill} if kill else {}),
        }
        command = [sys.executable, "-m", "scripts.campaigns.acts_runner", str(self.folder), self.url]
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=600)
        self.ledger.runs += 1
        if ended.returncode == -signal.SIGKILL:
            point = kill.partition(":")[0]
            self.ledger.kills[point] = self.ledger.kills.get(point, 0) + 1
            return True
        if ended.returncode != 0:
            raise RuntimeError(
                f"expected a worker that ends but got {ended.returncode}: {ended.stderr.decode()[-2000:]}"
            )
        return False

    def close(self) -> None:
        """Keep the notes and go home."""
        self.ledger.mail, self.ledger.texts = self.post.letters, self.centre.texts
        self.ledger.orders, self.ledger.orders_asked = self.bank.owed, self.bank.asked
        self.office.close()
        for one in (self.post, self.centre, self.bank):
            one.close()


def run_acts_campaign(
    folder: Path, kills: int, *, kind: str = "sqlite", seed: int = 20260316, tell: Any = print
) -> ActsReport:
    """Kill `kills` workers between the steps, let every case end, then check."""
    with database(kind, folder) as url:
        campaign = Campaign(folder, url, seed)
        try:
            number = 0
            while sum(campaign.ledger.kills.values()) < kills:
                if number < max(3, kills // 2):
                    number += 1
                    campaign.start(number)
                campaign.work()
                campaign.pay()
                point = POINTS[campaign.ledger.runs % len(POINTS)]
                campaign.worker(f"{point}:{campaign.chance.randint(1, 4)}")
                campaign.pass_time(61)
                if campaign.ledger.runs % 10 == 0:
                    tell(f"  {sum(campaign.ledger.kills.values())} kills, {number} cases")
                if campaign.ledger.runs > kills * 6:
                    break
            for _ in range(LEFT_ALONE):  # everything comes to its end
                busy = campaign.work() + campaign.pay()
                campaign.attend()
                campaign.pass_time(121)
                if not busy and campaign.settled():
                    break
        finally:
            campaign.close()
        figures, faults = check(url, campaign.ledger)
    return ActsReport(
        kills=sum(campaign.ledger.kills.values()),
        points=len(campaign.ledger.kills),
        cases=len(campaign.ledger.cases),
        figures=figures,
        faults=tuple(faults),
    )
