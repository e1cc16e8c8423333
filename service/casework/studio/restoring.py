"""Putting an earlier version back, in one act: what was agreed to and live once is live again, as a new version."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.deploying import DeploymentView, deploy_within
from service.casework.office import Office
from service.casework.studio.comparing import require_version
from service.casework.workbench import Resource
from service.rules.refusals import Conflict, Forbidden, refuse
from service.rules.studio import LONGEST_NOTE, SHORTEST_WORD
from service.rules.vocabulary import LedgerAction
from service.store.workbench import Workbench

RESTORERS = ("system_admin",)  # who deploys releases; drawing anew goes through a release


def restore_version(office: Office, actor: Actor, key: str, version: int, *, reason: str) -> DeploymentView:
    """An earlier version becomes the newest one again; running cases stay on theirs.

    Refused: Forbidden RESTORE_FORBIDDEN; Invalid RESTORE_REASON, DEPLOYMENT_REFUSED when it would not be deployed today;
    Missing DEFINITION_NOT_FOUND; Conflict RESTORE_CURRENT.
    """
    if not actor.has(*RESTORERS):
        raise Forbidden("RESTORE_FORBIDDEN", "只有系统管理员可以恢复以前的版本。")
    reason = " ".join(reason.split())[:LONGEST_NOTE]
    if len(reason) < SHORTEST_WORD:
        raise refuse("reason", "RESTORE_REASON", "请填写恢复的理由。")

    def restore() -> DeploymentView:
        with office.transaction() as records:
            wanted = require_version(records, key, version)
            bench = Workbench(records)
            newest = next(iter(bench.versions(key)))
            if newest.id == wanted.id or newest.digest == wanted.digest:
                raise Conflict("RESTORE_CURRENT", "该版本与现行版本相同，无需恢复。")
            ids = {UUID(str(one)) for one in wanted.forms.values()} | {wanted.resource_id}
            files = [Resource(name=name, content=content) for name, content in bench.contents(ids).values()]
            note = f"恢复 v{version}：{reason}"
            made = deploy_within(office, records, actor, f"恢复 v{version}", files, source="restore", note=note)
            detail = {"version": version, "from": newest.version, "reason": reason}
            records.ledger.write(LedgerAction.VERSION_RESTORED, actor.username, key, detail)
            return made

    return office.attempt(restore)
