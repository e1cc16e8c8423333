"""What a demo clock shows: real time moved by an offset, or an instant at which it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

CLOCK_OFFSET = "demo_clock_offset"  # row of `setting`: seconds ahead of real time, or the instant (ISO) it stands at


@dataclass(frozen=True)
class DemoTime:
    """`seconds`: ahead of real time while the clock goes. `stands`: the instant a frozen clock shows."""

    seconds: float = 0.0
    stands: datetime | None = None

    @classmethod
    def kept(cls, value: Any) -> DemoTime:
        """As the row of `setting` keeps it; nothing kept is real time."""
        if isinstance(value, str):
            return cls(stands=datetime.fromisoformat(value))
        return cls(seconds=float(value or 0))

    @classmethod
    def showing(cls, instant: datetime, real: datetime, *, frozen: bool) -> DemoTime:
        """Such that the clock shows this instant now."""
        if frozen:
            return cls(stands=instant.astimezone(UTC))
        return cls(seconds=(instant - real) / timedelta(seconds=1))

    @property
    def frozen(self) -> bool:
        """Whether the clock stands."""
        return self.stands is not None

    def to_keep(self) -> float | str:
        """The value of the row of `setting`."""
        return self.seconds if self.stands is None else self.stands.isoformat()

    def at(self, real: datetime) -> datetime:
        """What the clock shows at a real instant."""
        return self.stands or real + timedelta(seconds=self.seconds)
