"""The addresses of absences and of held silence."""

from __future__ import annotations

from typing import Any

from service.web.api.operations import ID_PART, KEY, content, operation
from service.web.api.schemas import ref

PATHS: dict[str, dict[str, Any]] = {
    "/absences": {
        "post": operation(
            "recordAbsence",
            "登记离岗",
            "人员",
            {201: ref("Absence")},
            parameters=(KEY,),
            body=content(ref("NewAbsence")),
        )
    },
    "/absences/{id}/end": {
        "post": operation("endAbsence", "结束或撤回离岗", "人员", {200: ref("Absence")}, parameters=(ID_PART, KEY))
    },
    "/cases/{id}/tacit-holds": {
        "post": operation(
            "holdTacit",
            "督查暂缓超时默许（一次，三个工作日）",
            "时限",
            {201: ref("TacitHold")},
            parameters=(ID_PART, KEY),
            body=content(ref("NewTacitHold")),
        )
    },
}
