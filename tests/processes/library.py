"""The shipped procedures as tests see them: files, forms, programs, and an officer who answers like a form."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from service.engine import Place, Program, Resource, Source, WaitKind, build_program
from service.engine.timekeeping import PlainTime
from service.rules.worktime import standard_calendar
from tests.engine.drive import MONDAY, Drive

ROOT = Path(__file__).parents[2]
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZW = "{urn:lianban:bpmn:zw:1}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
CALENDAR = standard_calendar()

FILES = {path.stem: path for path in sorted((ROOT / "processes").rglob("*.bpmn"))}
IMMEDIATE = [key for key, path in FILES.items() if b'"Task_Desk"' in path.read_bytes()]  # one desk does it all
JOINT = [  # of several departments, decided above or promised: test_joint_items.py
    "item_104_QT_005_joint", "item_106_XK_001", "item_107_XK_003", "item_111_XK_003", "item_117_XK_002", "item_121_XK_002",
]  # fmt: skip
ITEMS = [key for key in FILES if key.startswith("item_") and key not in (*IMMEDIATE, *JOINT)]
TABLES = {path.stem: path for path in sorted((ROOT / "processes").rglob("*.dmn"))}
FORMS = {path.stem: path for path in sorted((ROOT / "forms").glob("*.form"))}


def tree(key: str) -> Any:
    """The parsed file of a process."""
    return etree.parse(str(FILES[key])).getroot()


def schema(form: str) -> dict[str, Any]:
    """A form-js schema."""
    return json.loads(FORMS[form].read_text("utf-8"))


def resources(*keys: str) -> list[Resource]:
    """These processes with everything they call and ask, as one deployment; without keys everything that ships."""
    paths = [*FILES.values(), *TABLES.values(), *FORMS.values()]
    if keys:
        called = closure(*keys)
        asked = {form for key in called for form in forms_of(key)}
        decided = {table for key in called for table in tables_of(key)}
        paths = [*(FILES[key] for key in called), *(FORMS[form] for form in sorted(asked))]
        paths += [TABLES[table] for table in sorted(decided)]
    return [Resource(name=path.name, content=path.read_bytes()) for path in paths]


def closure(*keys: str) -> list[str]:
    """These processes and all they call or start, each once."""
    found: list[str] = []
    wanted = list(keys)
    while wanted:
        key = wanted.pop()
        if key not in found:
            found.append(key)
            wanted += [e.get("calledElement") for e in tree(key).iter(f"{BPMN}callActivity")]
            wanted += [e.get(f"{ZW}process") for e in tree(key).iter(f"{BPMN}serviceTask") if e.get(f"{ZW}process")]
    return found


def forms_of(key: str) -> set[str]:
    """The forms a process asks with."""
    return {e.get(f"{CAMUNDA}formKey") for e in tree(key).iter() if isinstance(e.tag, str)} - {None}


def tables_of(key: str) -> set[str]:
    """The decision tables a process asks."""
    return {e.get(f"{CAMUNDA}decisionRef") for e in tree(key).iter(f"{BPMN}businessRuleTask")} - {None}


@cache
def program(key: str) -> Program:
    """A process with everything it calls."""
    sources = {
        name: Source(
            key=name,
            definition_id=uuid5(NAMESPACE_URL, name),
            bpmn=FILES[name].read_bytes(),
            forms={form: FORMS[form].read_bytes() for form in forms_of(name)},
            decisions={table: TABLES[table].read_bytes() for table in tables_of(name)},
        )
        for name in closure(key)
    }
    return build_program(key, sources)


class WindowTime(PlainTime):
    """Time without clocks, but for the window: five working days for 收件, thirty for 补正, from when its desk opens."""

    def __init__(self) -> None:
        super().__init__(CALENDAR)
        self.now = MONDAY

    def named(self, ask: str, name: str, place: Place, later: str | None) -> datetime | None:
        """The end of one of the two; of a chain of one working day its yellow light. Nothing else is asked for."""
        if (ask, name) == ("warn", "CHAIN"):
            return CALENDAR.warn_after_workdays(self.now, 1)
        assert (ask, later) == ("due", None)
        return CALENDAR.due_after_workdays(self.now, {"RECEIPT": 5, "CORRECTION": 30}[name])


class Office(Drive):
    """Drives a shipped procedure with a save and a load after every engine step, the clock turned by hand."""

    def __init__(self, key: str, variables: dict[str, Any] | None = None, *, now: datetime = MONDAY) -> None:
        self.time = WindowTime()
        self.time.now = now
        super().__init__(program(key), variables, reload=True, now=now, keeper=self.time)
        self.worked: list[str] = []
        self.billed: dict[str, Any] = {"fee_due": False}  # what the act `bill` answers
        self.drawn = False  # what the act `lot` answers
        self.told: dict[str, dict[str, Any]] = {}  # what other acts answer
        self.taxed: str | None = "paid"  # what the tax office answers at once; None: nothing

    def answer(self, element: str, nth: int = 0, **answers: Any) -> None:
        """Complete a task as its form would."""
        self.worked.append(element)
        self.do(element, answers=answers, nth=nth)

    def run_actions(self) -> list[str]:
        """Do what the worker would: every waiting in-house action. Says what it did on which target."""
        done = []
        while actions := self.waits(WaitKind.ACTION):
            wait = actions[0]
            done.append(f"{wait.action} {wait.zw.get('target') or wait.zw.get('doc') or wait.element}")
            told = {**self.told, "bill": self.billed, "lot": {wait.zw.get("into", "drawn"): self.drawn}}
            self.run.complete_external(wait.id, told.get(wait.action or ""))
            self.settle()
            if wait.element == "Query_Tax" and self.taxed:
                self.send("message", "MSG_EXCHANGE", {"tax_state": self.taxed})
        return done

    def move_to(self, instant: datetime) -> None:
        """Turn the clock to an instant and fire what is due."""
        self.time.now = instant
        self.pass_time(seconds=(instant - self.now).total_seconds())

    def reached(self) -> list[str]:
        """The marks passed so far, in order (zw:reaches)."""
        cards = {key: self.program.elements(key) for key in self.program.processes()}
        left = (line.removeprefix("completed ").split("/") for line in self.trace if line.startswith("completed "))
        marks = (cards[key][element].zw.get("reaches") for key, element in left if element in cards[key])
        return [mark for mark in marks if mark]

    def handed_out(self, *only: str) -> list[str]:
        """Documents and messages of the elements passed so far, in order, with those of acts; `only`: of these elements."""
        found: list[str] = []
        for line in self.trace:
            if line.startswith("completed "):
                key, element = line.removeprefix("completed ").split("/")
                zw = self.program.elements(key)[element].zw if element in self.program.elements(key) else {}
                if not only or element in only:
                    found += [*zw.get("doc", "").split(), *zw.get("sms", "").split()]
        return found

    def process_of(self, element: str) -> str:
        """Key of the process the waiting element stands in."""
        return self.wait(element).process
