"""What nobody can take back any more needs no stored state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.casework.office import Office
from service.store.records import Records


def give_up_weekly(office: Office, records: Records, at: datetime) -> Mapping[str, Any]:
    """The scheduled job: states of migrated cases that went on since are forgotten; journals and batches stay."""
    return {"given_up": records.migrations.give_up_states()}
