"""Whole copies of a database, made while it is in use, and put back where nothing is yet."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from service.rules.refusals import Conflict, Unavailable
from service.store.blob_uses import blob_columns
from service.store.driver_errors import meaning

FILES = {"sqlite": "database.sqlite", "postgresql": "database.pgdump"}


@dataclass(frozen=True, kw_only=True)
class Copied:
    """What the copied state holds: its migration, rows by table, files it refers to, end of the audit trail."""

    revision: str
    counts: dict[str, int]
    digests: tuple[str, ...]
    audit_blocks: int
    audit_chain: str


def copy_database(url: str, target: Path, *, programs: str = "") -> Copied:
    """Copy one state of the database into a file; nobody waits for it. `programs`: folder of pg_dump, else PATH.

    Refused: Unavailable as any reading, POSTGRES_TOOL_MISSING, POSTGRES_TOOL_FAILED.
    """
    with _meaning():
        if make_url(url).get_backend_name() == "sqlite":
            _copy_file(str(make_url(url).database), target)
            with _looking(f"sqlite:///{target}") as connection:
                return _copied(connection)
        with _looking(url) as connection:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
            snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            found = _copied(connection)
            _run(
                programs,
                "pg_dump",
                url,
                ["--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}"],
            )
            return found


def put_back(source: Path, url: str, *, programs: str = "") -> Copied:
    """Make an empty database what the copy is, in one step or not at all; what it holds afterwards.

    Refused: Conflict RESTORE_INTO_LIVING; Unavailable POSTGRES_TOOL_MISSING, POSTGRES_TOOL_FAILED, DATABASE_DAMAGED.
    """
    with _meaning():
        if make_url(url).get_backend_name() == "sqlite":
            _copy_file(str(source), Path(str(make_url(url).database)))
            if troubles := integrity(url):
                raise Unavailable("DATABASE_DAMAGED", "数据库文件已损坏：{detail}", detail="; ".join(troubles)[:200])
        else:
            options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
            _run(programs, "pg_restore", url, [*options, str(source)])
        with _looking(url) as connection:
            return _copied(connection)


def kind_of(url: str) -> str:
    """`sqlite` or `postgresql`."""
    return make_url(url).get_backend_name()


def file_of(url: str) -> Path | None:
    """The file of a SQLite database, None for a server's."""
    address = make_url(url)
    return Path(str(address.database)) if address.get_backend_name() == "sqlite" else None


def require_empty(url: str) -> None:
    """Refused: Conflict RESTORE_INTO_LIVING when there is a file, or a table, already."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        living = any(Path(f"{address.database}{end}").exists() for end in ("", "-wal", "-shm"))
    else:
        with _meaning(), _looking(url) as connection:
            living = bool(inspect(connection).get_table_names())
    if living:
        raise Conflict("RESTORE_INTO_LIVING", "目标数据库已有内容，不会覆盖；请指定一个空的数据库。")


def integrity(url: str) -> tuple[str, ...]:
    """What SQLite says is wrong with a file; nothing when it is whole."""
    with _looking(url) as connection:
        said = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
        broken = [f"foreign key: {row[0]}" for row in connection.execute(text("PRAGMA foreign_key_check"))]
    return tuple(one for one in [*said, *broken] if one != "ok")


def settle(path: Path) -> None:
    """Bring everything into the one file and force it to the disk: no log is left beside it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _copy_file(source: str, target: Path) -> None:
    address = source if source.startswith("file:") else f"file:{source}"
    with closing(sqlite3.connect(f"{address}?mode=ro", uri=True)) as line, closing(sqlite3.connect(target)) as copy:
        line.backup(copy)
    settle(target)


def _copied(connection: Connection) -> Copied:
    tables = sorted(inspect(connection).get_table_names())
    counts = {name: int(connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()) for name in tables}
    digests: set[str] = set()
    for column in blob_columns():
        table = column.table.name
        if table in counts and column.name in {one["name"] for one in inspect(connection).get_columns(table)}:
            rows = connection.execute(text(f'SELECT DISTINCT "{column.name}" FROM "{table}"'))
            digests.update(row[0] for row in rows if row[0])
    last = None
    if "audit_block" in counts:
        last = connection.execute(
            text("SELECT sequence, chain FROM audit_block ORDER BY sequence DESC LIMIT 1")
        ).first()
    return Copied(
        revision=str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""),
        counts=counts,
        digests=tuple(sorted(digests)),
        audit_blocks=last[0] if last else 0,
        audit_chain=last[1] if last else "",
    )


@contextmanager
def _looking(url: str) -> Iterator[Connection]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _meaning() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise (meaning(error) or error) from error
    except sqlite3.OperationalError as error:
        raise Unavailable("DATABASE_NOT_COPIED", "数据库文件无法复制：{detail}", detail=str(error)[:200]) from error


def _run(programs: str, program: str, url: str, options: Sequence[str]) -> None:
    """A program of PostgreSQL; the password goes by its environment, where no list of processes shows it."""
    address = make_url(url)
    plain = address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = {**os.environ, **({"PGPASSWORD": str(address.password)} if address.password else {})}
    command = [str(Path(programs) / program) if programs else program, f"--dbname={plain}", *options]
    try:
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except OSError as fault:
        raise Unavailable(
            "POSTGRES_TOOL_MISSING", "没有找到 {program}；请安装 PostgreSQL 客户端，或用 LIANBAN_POSTGRES_BIN 指明目录。",
            program=program,
        ) from fault  # fmt: skip
    if ended.returncode != 0:
        detail = " ".join(ended.stderr.split())[-300:]
        raise Unavailable("POSTGRES_TOOL_FAILED", "{program} 没有完成：{detail}", program=program, detail=detail)
