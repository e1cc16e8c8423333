"""Building blocks inserted with one click: steps as they are usually drawn, with the properties they need."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _


def _desk(name: str, stage: str, role: str, limit: str, **more: str) -> dict[str, Any]:
    return {
        "type": "bpmn:UserTask",
        "name": name,
        "zw": {"stage": stage, "role": role, "limit": limit, "ladder": "standard", **more},
        "due": stage,
    }


def templates() -> list[dict[str, Any]]:
    """The blocks: steps in a row, connected; names are as drawn on diagrams, in Chinese."""
    return [
        {
            "id": "four-stages",
            "label": str(_("四环节")),
            "about": str(_("受理、审核、批准、发证依次办理")),
            "steps": [
                _desk("受理", "ACCEPT", "counter_clerk", "1hd"),
                _desk("审核", "REVIEW", "reviewer_a", "6hd"),
                _desk("批准", "APPROVE", "chief_rep", "2hd"),
                _desk("发证", "ISSUE", "issue_clerk", "1hd"),
            ],
        },
        {
            "id": "opinion",
            "label": str(_("征求意见")),
            "about": str(_("请另一个部门在时限内答复")),
            "steps": [_desk("征求意见", "OPINION", "reviewer_a", "6hd", ladder="opinion")],
        },
        {
            "id": "countersign",
            "label": str(_("会签")),
            "about": str(_("几个部门同时会签，全部同意才继续")),
            "steps": [
                _desk("会签", "OPINION", "reviewer_a", "6hd", ladder="opinion", quorum="all")
                | {"loop": {"collection": "departments", "variable": "department"}}
            ],
        },
        {
            "id": "correction",
            "label": str(_("补正")),
            "about": str(_("一次告知，申请人补正期间不计时")),
            "steps": [
                {"type": "bpmn:ServiceTask", "name": "一次告知", "zw": {"action": "document", "doc": "W04"}},
                _desk("补正", "CORRECT", "counter_clerk", "10wd", ladder="none", pause="CORRECTION"),
            ],
        },
        {
            "id": "survey",
            "label": str(_("现场勘查")),
            "about": str(_("至少两人勘查，出具勘查记录")),
            "steps": [
                {
                    "type": "bpmn:CallActivity",
                    "name": "现场勘查",
                    "called": "support_SP_09",
                    "zw": {"stage": "SURVEY", "limit": "4hd"},
                    "input": {"survey_dept": "dept", "booking_limit": "2hd", "survey_limit": "2hd"},
                    "output": {"survey_conclusion": "survey_conclusion", "survey_inspectors": "survey_inspectors"},
                },
            ],
        },
        {
            "id": "pay",
            "label": str(_("缴费")),
            "about": str(_("调用缴费流程，缴清后继续")),
            "steps": [{"type": "bpmn:CallActivity", "name": "缴费", "called": "support_SP_05", "zw": {}}],
        },
    ]
