"""What an installation decides, from variables and options."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from service.rules.refusals import Invalid
from service.settings import Settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LIANBAN_PORT", "eighty"),
        ("LIANBAN_PORT", "-1"),
        ("LIANBAN_PORT", "70000"),
        ("LIANBAN_PORT", "٣"),
        ("LIANBAN_DEMO", "maybe"),
        ("LIANBAN_DATABASE_URL", "mysql://root:secret@host/db"),
        ("LIANBAN_THREADS", "0"),
    ],
)
def test_a_bad_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Settings.from_environment({name: value})
    assert refusal.value.code == "SETTING_INVALID"
    assert name in refusal.value.sentence()
    assert "secret" not in refusal.value.sentence()


@pytest.mark.parametrize(
    ("environment", "direct"),
    [
        ({}, False),
        ({"LIANBAN_DEMO": "1"}, True),
        ({"LIANBAN_DEMO": "1", "LIANBAN_DIRECT_DEPLOYMENT": "0"}, False),
        ({"LIANBAN_DIRECT_DEPLOYMENT": "yes"}, True),
    ],
)
def test_direct_deployment_is_off_unless_asked_for_or_in_a_demonstration(
    environment: dict[str, str], direct: bool
) -> None:
    assert Settings.from_environment(environment).direct_deployment is direct


def test_nothing_given_means_sqlite_in_var(tmp_path: Path) -> None:
    settings = Settings.from_environment({})
    assert (settings.host, settings.port, settings.demo) == ("127.0.0.1", 8000, False)
    assert settings.database_url == "sqlite:///var/lianban.db"
    assert Settings.from_environment({"LIANBAN_DATA_DIR": str(tmp_path)}).database_url.endswith("/lianban.db")


def test_options_win_over_variables_unless_they_are_not_given() -> None:
    environment = {"LIANBAN_PORT": "9000", "LIANBAN_DEMO": "yes", "LIANBAN_HOST": "0.0.0.0"}
    settings = Settings.from_environment(environment, port=0, demo=None, host="::1")
    assert (settings.port, settings.demo, settings.host) == (0, True, "::1")


@pytest.mark.parametrize("prefix", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_postgres_urls_get_the_installed_driver(prefix: str) -> None:
    settings = Settings.from_environment({"LIANBAN_DATABASE_URL": f"{prefix}u@h/d"})
    assert settings.database_url == "postgresql+psycopg://u@h/d"


def test_the_secret_key_is_made_once_for_all_processes_and_hidden(tmp_path: Path) -> None:
    data = tmp_path / "new"
    keys: set[str] = set()
    threads = [threading.Thread(target=lambda: keys.add(Settings(data_dir=data).secret_key)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 1 and len(keys.pop()) >= 43
    assert stat.S_IMODE((data / "secret.key").stat().st_mode) == 0o600
    assert [file.name for file in data.iterdir()] == ["secret.key"]
    assert Settings(data_dir=data, secret="given").secret_key == "given"
