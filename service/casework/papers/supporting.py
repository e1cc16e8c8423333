"""Facts of papers of 配套流程: 督办单, 流程发布单."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from service.casework.papers.authorities import authority_name
from service.casework.papers.subject import Subject

SIGNERS = {"Task_Office": "业务科审核", "Task_Legal": "法制审核", "Task_Deploy": "部署"}


def ordered(subject: Subject) -> Mapping[str, Any] | None:
    """W26; None when no order has been raised."""
    card = subject.text("order_card")
    row = subject.records.supervision.find(UUID(card)) if card else None
    if row is None:
        return None
    person, department = subject.text("order_person"), subject.text("order_department")
    unit = authority_name(subject.office, subject.records, department or "201")
    return {
        "order_no": subject.text("order_no"),
        "to_unit": f"{unit} {subject.name(person)}" if person else unit,
        "matter": subject.text("order_matter"),
        "demand": subject.text("order_demand"),
        "due": None if row.feedback_due_at is None else row.feedback_due_at.isoformat(),
        "reply": subject.text("order_reply"),
        "conclusion": {"met": "达标", "unmet": "不达标"}.get(subject.text("conclusion")),
    }


def released(subject: Subject) -> Mapping[str, Any] | None:
    """W38; None when nothing was released."""
    id = subject.text("release")
    row = subject.records.measures.release(UUID(id)) if id else None
    if row is None or row.state != "RELEASED":
        return None
    signed = [{"role": "设计", "person": subject.name(row.uploaded_by), "at": row.uploaded_at.isoformat()}]
    for element, role in SIGNERS.items():
        step = subject.last(element=element)
        if step is not None and step.task.ended_at is not None:
            person = subject.name(step.task.ended_by)
            signed.append({"role": role, "person": person, "at": step.task.ended_at.isoformat()})
    deployment = subject.records.deployments.find(row.deployment_id) if row.deployment_id is not None else None
    at = deployment.deployed_at if deployment is not None else subject.records.now
    listed = [text for one in row.changes for text in one["differences"]]
    return {
        "key": "、".join(f"{one['name']}（{one['key']}）" for one in row.changes),
        "old_version": "、".join(f"v{one['current']}" for one in row.changes if one["current"]) or None,
        "new_version": "、".join(f"v{one['next']}" for one in row.changes),
        "differences": listed[:60] or ["新流程"],
        "affected": int(subject.values.get("affected") or 0),
        "effective_at": at.isoformat(),
        "signatures": signed,
    }
