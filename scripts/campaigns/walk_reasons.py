"""Why a flow or an end is left over: what the diagrams allow and nobody can bring about, by name."""

from __future__ import annotations

from fnmatch import fnmatchcase

SILENT = "silence answers for the desk at the instant it is late (缺席默认, DOMAIN D.7): nobody is left to be told"
REASONS: tuple[tuple[str, str, str, str], ...] = (  # half, file, flow or end, why; each but the last may hold *
    *(
        ("cases", "*", what.format(desk), SILENT)
        for desk in ("Opinion_*", "Energy")
        for what in ("Due_Task_{} → *", "Escalate_Task_{} → *", "end Overdue_Task_{}")
    ),
    (
        "cases",
        "support_SP_10",
        "Gateway_Withdrawn → End_Late",
        "only when somebody decides between the confirmation and the act that follows it at once",
    ),
    (
        "cases",
        "support_SP_18",
        "*End_Invalid",
        "what has errors is refused before it is handed in; left for a library that changes meanwhile",
    ),
)


def reason_for(half: str, key: str, what: str) -> str | None:
    """The first reason that speaks of it."""
    for in_half, in_file, of, why in REASONS:
        if fnmatchcase(half, in_half) and fnmatchcase(key, in_file) and fnmatchcase(what, of):
            return why
    return None
