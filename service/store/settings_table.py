"""Values the service keeps about itself, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from service.store.schema import setting
from service.store.upserts import upsert

if TYPE_CHECKING:
    from service.store.records import Records

_READ = select(setting.c.value).where(setting.c.name == bindparam("wanted"))


class SettingsTable:
    """Rows of `setting`: one JSON value each."""

    def __init__(self, records: Records) -> None:
        self.records = records

    def get(self, name: str) -> Any:
        """The value, None when there is none."""
        return next((row["value"] for row in self.records.read(_READ, {"wanted": name})), None)

    def put(self, name: str, value: Any) -> None:
        """Set the value, whatever was there."""
        self.records.send(upsert(self.records.dialect, setting, ("name",)), [{"name": name, "value": value}])
