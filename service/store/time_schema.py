"""Tables of the statutory clock: clocks, proceedings, supervision, absences, outages and calendars."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from service.store.columns import Id, Instant, Json
from service.store.schema import metadata

clock = Table(  # one limit that runs or ran (时钟); rules.clocks.Clock is its value
    "clock",
    metadata,
    Column("id", Id, primary_key=True),  # of a STAGE clock: the task's id
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("scope_id", Id),  # the token that hosts the item; null: the case itself
    Column("process", String(255), nullable=False),  # key of the process the scope runs
    Column("kind", String(12), nullable=False),  # rules.clocks.ClockKind
    Column("name", String(60), nullable=False),  # 审核, M1, 承诺时限
    Column("element", String(255)),  # STAGE: of the task
    Column("department", String(8)),
    Column("unit", String(10), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("pauses", Json, nullable=False),  # rules.clocks.Suspension, as JSON
    Column("extensions", Json, nullable=False),  # rules.clocks.Extension, as JSON
    Column("basis", Text, nullable=False, server_default=""),
    Column("state", String(10), nullable=False),  # RUNNING, PAUSED, STOPPED
    Column("light", String(10), nullable=False),  # as last turned
    Column("due_at", Instant),  # null: an open pause holds it
    Column("warn_at", Instant),
    Column("fired", Json, nullable=False),  # rungs and other once-only consequences that have happened
    Column("stopped_at", Instant),
    Column("mac", String(100)),  # store.seals
)
Index("ix_clock_scope_id", clock.c.case_id, clock.c.scope_id)
_live: dict[str, Any] = {"sqlite_where": text("state <> 'STOPPED'"), "postgresql_where": text("state <> 'STOPPED'")}
Index("ix_clock_live_due", clock.c.due_at, **_live)

proceeding = Table(  # what is asked for or going on beside the path: correction notice, extension, hearing, hold …
    "proceeding",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("scope_id", Id),
    Column("kind", String(24), nullable=False),
    Column("state", String(10), nullable=False),  # OPEN, GRANTED, REFUSED, CLOSED
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", String(60)),
    Column("closed_at", Instant),
    Column("closed_by", String(60)),
    Column("document", String(40)),  # number of the written notice
    Column("detail", Json, nullable=False),
)

supervision = Table(  # 监察事项: hints and cards, one per case, item, violation and addressee
    "supervision",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), index=True),  # null: of a post, not of a case
    Column("scope_id", Id),
    Column("clock_id", Id),
    Column("task_id", Id),
    Column("violation", String(32), nullable=False),  # rules.cards.Violation
    Column("level", String(8), nullable=False),  # HINT, YELLOW, RED
    Column("addressee", String(60), nullable=False),  # a username, or a department's code
    Column("department", String(8)),
    Column("raised_at", Instant, nullable=False),
    Column("feedback_due_at", Instant),
    Column("state", String(10), nullable=False),  # OPEN, SIGNED, REPLIED, ACCEPTED, APPEALED, REVOKED, CLOSED
    Column("upgraded", Boolean, nullable=False, server_default=text("false")),
    Column("fault", Boolean, nullable=False, server_default=text("false")),
    Column("detail", Json, nullable=False),
)
Index("ix_supervision_addressee", supervision.c.addressee, supervision.c.state)

absence = Table(  # 离岗: planned or sudden; open while `until` is null
    "absence",
    metadata,
    Column("id", Id, primary_key=True),
    Column("username", String(60), nullable=False, index=True),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    Column("kind", String(12), nullable=False),  # LEAVE 请假, MEETING 会议, DUTY 公务, SUDDEN 临时离岗
    Column("reason", Text, nullable=False, server_default=""),
    Column("stand_in", String(60)),  # of a 首席代表: named in the letter of authority
    Column("recorded_by", String(60), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
)

outage = Table(  # declared system outages; freeze whole half-day slots of every clock that runs (R-SUS-8)
    "outage",
    metadata,
    Column("id", Id, primary_key=True),
    Column("down_at", Instant, nullable=False),
    Column("up_at", Instant),
    Column("declared_by", String(60), nullable=False),
    Column("declared_at", Instant, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
)

calendar_year = Table(  # the working days of a year in a region, as a notice announced them
    "calendar_year",
    metadata,
    Column("region", String(12), primary_key=True),  # CN: the whole country; else a division code
    Column("year", Integer, primary_key=True),
    Column("status", String(12), nullable=False),  # DRAFT, PROVISIONAL, ACTIVE
    Column("notice", String(200), nullable=False, server_default=""),
    Column("entered_by", String(60), nullable=False),
    Column("entered_at", Instant, nullable=False),
)

calendar_day = Table(  # what differs from Monday to Friday (CN), or from the country (a region)
    "calendar_day",
    metadata,
    Column("region", String(12), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("workday", Boolean, nullable=False),
    Column("reason", String(10), nullable=False),  # HOLIDAY 节假日, MAKEUP 调休上班, LOCAL 地方规定
    Column("name", String(40), nullable=False, server_default=""),
    Column("am_closed", Boolean, nullable=False, server_default=text("false")),
    Column("pm_closed", Boolean, nullable=False, server_default=text("false")),
)
