"""Why somebody is away from the post (离岗)."""

from __future__ import annotations

from enum import StrEnum


class AbsenceKind(StrEnum):
    """What kind of absence it is."""

    LEAVE = "LEAVE"  # 请假
    MEETING = "MEETING"  # 会议, longer than half an hour
    DUTY = "DUTY"  # 公务外出
    SUDDEN = "SUDDEN"  # 临时离岗, from now on
