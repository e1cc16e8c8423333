"""Mutated files through the doors that take them: every answer is an answer, none a fault, and soon."""

from __future__ import annotations

import io
import random
import shutil
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from werkzeug.test import TestResponse

from service.casework import Office
from service.web.app import create_app
from tests.conftest import Clock, make_office
from tests.lint.mutate import hurt_bytes, mutated
from tests.web.pages.conftest import Visitor
from tests.web.rest import Client, hire

ROOT = Path(__file__).resolve().parents[2]
FILES_OF_AN_OFFICE = 400  # then a new one is opened: what was deployed is read with every upload
SLOW = 5.0  # seconds of the processor for one upload


@dataclass
class Sent:
    """What became of the files."""

    answers: Counter[str] = field(default_factory=Counter)  # `kind status`
    slowest: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many files were sent."""
        return sum(self.answers.values())


class Doors:
    """An office with somebody who may upload, and the doors."""

    def __init__(self, office: Office) -> None:
        self.app = create_app(office)
        hire(office, "machine", ["service"])
        self.rest = Client(self.app, "/engine-rest", "machine")
        self.admin = Visitor(self.app).sign_in("guotao")
        self.keeper = Visitor(self.app).sign_in("tianyue")
        self.designer = Visitor(self.app).sign_in("hejing")

    def deploy(self, name: str, content: bytes) -> TestResponse:
        """As modelling tools do."""
        return self.rest.upload({name: content}, deployment_name="mutated")

    def look(self, name: str, content: bytes) -> TestResponse:
        """As designers do who bring a diagram of another product."""
        self.designer.get("/studio/import")
        sent = {"files": (io.BytesIO(content), name)}
        return self.designer.post("/studio/import", sent, content_type="multipart/form-data")

    def package(self, name: str, content: bytes) -> TestResponse:
        """As administrators do."""
        self.admin.get("/admin/packages")
        return self.admin.post(
            "/admin/packages", {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
        )

    def items(self, name: str, content: bytes) -> TestResponse:
        """As the keepers of the register do."""
        self.keeper.get("/items/files")
        return self.keeper.post("/items/files", {"act": "preview", "file": (io.BytesIO(content), name)})

    def sources(self) -> dict[str, list[tuple[str, bytes]]]:
        """What is mutated, by kind."""
        package = bytes(self.admin.post("/admin/packages/export").data)
        items = [
            (f"items.{shape}", bytes(self.keeper.get(f"/items/export.{shape}").data)) for shape in ("xlsx", "json")
        ]
        return {
            "bpmn": [(one.name, one.read_bytes()) for one in _files("bpmn")],
            "dmn": [(one.name, one.read_bytes()) for one in _files("dmn")],
            "form": [(one.name, one.read_bytes()) for one in sorted((ROOT / "forms").rglob("*.form"))],
            "package": [("city.zip", package)],
            "items": items,
        }


KINDS: tuple[tuple[str, str], ...] = (  # what is sent, through which door; as often as it stands here
    ("bpmn", "deploy"), ("bpmn", "deploy"), ("bpmn", "look"), ("dmn", "deploy"), ("form", "deploy"), ("package", "package"),
    ("items", "items"),
)  # fmt: skip


def _files(ending: str) -> list[Path]:
    return sorted([*(ROOT / "tests" / "bpmn").rglob(f"*.{ending}"), *(ROOT / "tests" / "lint").rglob(f"*.{ending}")])


def wounded(name: str, content: bytes, dice: random.Random) -> bytes:
    """Packed files are wounded as they are, or in one of their parts; everything else as diagrams are."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return mutated(content, dice)
    if dice.random() < 0.4:
        for _ in range(dice.randint(1, 3)):
            content = hurt_bytes(content, dice)
        return content
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        names = given.namelist()
        hurt = dice.choice(names)
        for one in names:
            made.writestr(one, mutated(given.read(one), dice) if one == hurt else given.read(one))
    return out.getvalue()


@contextmanager
def office_of(template: Path) -> Iterator[Doors]:
    """A demo city of its own, copied from a migrated one."""
    with tempfile.TemporaryDirectory(prefix="lianban-mutate-") as name:
        shutil.copyfile(template, Path(name) / "lianban.db")
        office = make_office(f"sqlite:///{name}/lianban.db", Path(name), Clock(), demo=True)
        yield Doors(office)
        office.close()


def send_all(count: int, template: Path, *, seed: int, tell: Callable[[str], None] = print) -> Sent:
    """Send so many wounded files. A fault is an answer of 500 and more, an exception, or more than five seconds."""
    dice, sent = random.Random(seed), Sent()
    while sent.count < count:
        with office_of(template) as doors:
            sources = doors.sources()
            for _ in range(min(FILES_OF_AN_OFFICE, count - sent.count)):
                kind, door = dice.choice(KINDS)
                name, source = dice.choice(sources[kind])
                send_one(sent, f"{kind} {door}", getattr(doors, door), name, wounded(name, source, dice))
        tell(f"{sent.count} sent, slowest {sent.slowest:.2f} s, {len(sent.faults)} faults")
    return sent


def send_one(sent: Sent, what: str, door: Callable[[str, bytes], TestResponse], name: str, content: bytes) -> None:
    """One file."""
    number, began = sent.count, time.process_time()
    try:
        answer = door(name, content)
        status, said = answer.status_code, answer.get_data(as_text=True)
    except Exception as failure:
        status, said = 599, repr(failure)
    seconds = time.process_time() - began
    sent.answers[f"{what} {status}"] += 1
    sent.slowest = max(sent.slowest, seconds)
    if status >= 500 or seconds > SLOW or "Traceback" in said:
        sent.faults.append(f"{number} {what} {name}: {status}, {seconds:.1f} s, {said[:200]}")
