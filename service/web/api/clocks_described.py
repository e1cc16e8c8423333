"""The addresses of clocks: what runs, what stands still and why, and the proof of every day."""

from __future__ import annotations

from typing import Any

from service.web.api.operations import ID_PART, operation, query
from service.web.api.schemas import ref

SCOPE = query("scope", {"type": "string", "format": "uuid"}, "联办链中的一个事项；不给则为办件本身")
PDF: dict[str, Any] = {"application/pdf": {"schema": {"type": "string", "contentMediaType": "application/pdf"}}}

PATHS: dict[str, dict[str, Any]] = {
    "/cases/{id}/time-proof": {
        "get": operation(
            "getTimeProof",
            "时限证明单：逐日说明是否计入、由谁占用；按 Accept 给 JSON 或 PDF",
            "时限",
            {200: ref("TimeProof")},
            parameters=(ID_PART, SCOPE),
        )
    },
}
PATHS["/cases/{id}/time-proof"]["get"]["responses"]["200"]["content"].update(PDF)
