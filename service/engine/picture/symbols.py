"""The small signs in events, gateways and tasks, drawn about a middle or from a corner."""

from __future__ import annotations

INK, PAPER = "#1b2230", "#ffffff"

EVENTS = {  # about the middle, in pixels
    "message": "M-9 -6h18v12h-18zM-9 -6l9 7l9 -7",
    "error": "M-8 8l4 -13l6 8l6 -11l-4 14l-6 -8z",
    "escalation": "M0 -9l6 17l-6 -6l-6 6z",
    "signal": "M0 -9l9 15h-18z",
    "compensate": "M-1 -6v12l-8 -6zM8 -6v12l-8 -6z",
    "conditional": "M-7 -8h14v16h-14zM-4 -4h8M-4 0h8M-4 4h8",
    "link": "M-9 -3h9v-5l9 8l-9 8v-5h-9z",
    "cancel": "M-8 -5l3 -3l5 5l5 -5l3 3l-5 5l5 5l-3 3l-5 -5l-5 5l-3 -3l5 -5z",
    "multiple": "M0 -9l9 7l-3.5 10h-11l-3.5 -10z",
}
TIMER = "M0 -9a9 9 0 1 0 .01 0zM0 -6v6l4 2"
GATEWAYS = {
    "parallelGateway": "M-11 -2.5h8.5v-8.5h5v8.5h8.5v5h-8.5v8.5h-5v-8.5h-8.5z",
    "exclusiveGateway": "M-9 -9h4l5 6.5l5 -6.5h4l-6.8 9l6.8 9h-4l-5 -6.5l-5 6.5h-4l6.8 -9z",
}
TASKS = {  # from the left upper corner
    "userTask": "M12 7a3.4 3.4 0 1 1 -.01 0zM5.5 20c0 -8 13 -8 13 0z",
    "manualTask": "M6 10h8v-3l6 5l-6 5v-3h-8z",
    "serviceTask": "M12 7v2M12 17v2M6 13h2M16 13h2M12 9a4 4 0 1 1 -.01 0z",
    "scriptTask": "M7 7h10v13h-10zM9.500 11h5M9.500 14h5M9.500 17h5",
    "businessRuleTask": "M5 8h15v11h-15zM5 12h15M10 8v11",
    "sendTask": "M5 8h15v11h-15zM5 8l7.500 6l7.500 -6",
    "receiveTask": "M5 8h15v11h-15zM5 8l7.500 6l7.500 -6",
}


def event_symbol(kind: str, x: float, y: float, *, filled: bool) -> str:
    """What an event waits for or throws; `filled`: it throws."""
    if kind == "terminate":
        return f'<circle cx="{x:g}" cy="{y:g}" r="10" fill="{INK}"/>'
    if kind == "timer":
        return _path(TIMER, x, y, PAPER)
    return _path(EVENTS[kind], x, y, INK if filled else PAPER) if kind in EVENTS else ""


def gateway_symbol(kind: str, x: float, y: float) -> str:
    """The sign in a diamond."""
    if kind == "inclusiveGateway":
        return f'<circle cx="{x:g}" cy="{y:g}" r="10" fill="none" stroke="{INK}" stroke-width="2.5"/>'
    if kind == "eventBasedGateway":
        return f'<circle cx="{x:g}" cy="{y:g}" r="13" fill="none" stroke="{INK}"/>' + _path(
            EVENTS["multiple"], x, y, PAPER
        )
    return _path(GATEWAYS[kind], x, y, INK) if kind in GATEWAYS else ""


def task_symbol(kind: str, x: float, y: float) -> str:
    """The sign in the corner of a task."""
    return _path(TASKS[kind], x, y, INK if kind in ("sendTask",) else "none") if kind in TASKS else ""


def _path(data: str, x: float, y: float, fill: str) -> str:
    stroke = PAPER if fill == INK else INK
    return f'<path transform="translate({x:g} {y:g})" d="{data}" fill="{fill}" stroke="{stroke if fill != "none" else INK}"/>'
