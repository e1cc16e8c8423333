"""What the process says about itself: one JSON line an event on standard error."""

from __future__ import annotations

import logging
import os
import sys

import orjson
import structlog

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def configure_logs(*, quiet: bool) -> None:
    """LIANBAN_LOG (debug, info, warning, error) decides; otherwise warnings only when `quiet`, else every request."""
    level = LEVELS.get(os.environ.get("LIANBAN_LOG", "").lower(), 30 if quiet else 20)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=lambda event, **_: orjson.dumps(event, default=str)),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is normal under load, not news
