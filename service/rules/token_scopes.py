"""What a token of a program is for: which requests of the two program interfaces belong to which scope.

A token never lets its owner do more than they may: the scope narrows, the roles decide. What is named nowhere belongs to
`operate`, so a new address is closed to narrow tokens until somebody says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum


class Scope(StrEnum):
    """Every scope includes `read`."""

    READ = "read"  # look at whatever the owner may
    TASKS = "tasks"  # claim, complete, hand on tasks
    CASES = "cases"  # begin cases and go on with them: messages, values, ends
    WORK = "work"  # fetch and complete external tasks
    DEPLOY = "deploy"  # put processes in and migrate cases
    OPERATE = "operate"  # everything else: jobs, incidents, calendars, absences, letters, outages


QUERIES = re.compile(  # sent with POST because the filter is long; they change nothing
    r"/engine-rest/(history/[\w-]+|task|process-instance|execution|external-task|job)(/count)?"
    r"|/engine-rest/decision-definition/.+/evaluate|/engine-rest/migration/(generate|validate)"
    r"|/api/v1/(processes/lint|time-limit/preview)"
)
WRITES = (
    (re.compile(r"/api/v1/(tasks|copies|bulk-runs)(/.*)?|/engine-rest/task/.+"), Scope.TASKS),
    (re.compile(r"/api/v1/cases(/.*)?|/engine-rest/(process-instance|execution)/.+"), Scope.CASES),
    (re.compile(r"/engine-rest/(message|signal)|/engine-rest/process-definition/.+/(start|submit-form)"), Scope.CASES),
    (re.compile(r"/engine-rest/external-task/.+"), Scope.WORK),
    (re.compile(r"/api/v1/processes|/engine-rest/(deployment|migration)/.+"), Scope.DEPLOY),
    (re.compile(r"/engine-rest/process-definition/.+/suspended"), Scope.DEPLOY),
)


def scope_of(method: str, path: str) -> Scope:
    """The scope a request needs."""
    if method in ("GET", "HEAD", "OPTIONS") or (method == "POST" and QUERIES.fullmatch(path)):
        return Scope.READ
    return next((scope for form, scope in WRITES if form.fullmatch(path)), Scope.OPERATE)


def allows(scopes: Collection[str], needed: Scope) -> bool:
    """Whether a token with these scopes serves for what needs one."""
    return needed in scopes or (needed is Scope.READ and bool(scopes))
