"""The addresses of work between people."""

from __future__ import annotations

from typing import Any

from service.web.api.operations import ID_PART, KEY, TEXT_255, Operation, content, operation, query
from service.web.api.schemas import Schema, ref

TAG = "协同"
SIGNER_PART: dict[str, Any] = {**ID_PART, "name": "signerId"}
USER_PART: dict[str, Any] = {"name": "username", "in": "path", "required": True, "schema": TEXT_255}


def _act(
    name: str, summary: str, answers: Schema, body: str = "", status: int = 200, *more: dict[str, Any]
) -> dict[str, Operation]:
    """One act on a task."""
    return {
        "post": operation(
            name,
            summary,
            TAG,
            {status: answers},
            parameters=(ID_PART, *more, KEY),
            body=content(ref(body)) if body else None,
        )
    }


PATHS: dict[str, dict[str, Any]] = {
    "/tasks/{id}/transfer": _act("transferTask", "转办给本岗位的其他人员", ref("Handed"), "Transfer"),
    "/tasks/{id}/delegate": _act("delegateTask", "委派同事提出意见，交回后仍由本人决定", ref("Handed"), "Delegation"),
    "/tasks/{id}/answer": _act("answerDelegation", "交回委派，附意见", ref("Handed"), "DelegationAnswer"),
    "/tasks/{id}/recall": _act("recallTask", "收回对方尚未动手的转办或委派", ref("Handed")),
    "/tasks/{id}/urge": _act("urgeTask", "催办，同一任务每人每半天一次", ref("Counted"), "Note"),
    "/tasks/{id}/signers": {
        "get": operation("listSigners", "加签的各轮意见", TAG, {200: ref("Signing")}, parameters=(ID_PART,)),
        **_act("askSigners", "加签：前加签、并加签、后加签", ref("Signing"), "NewSigning", 201),
    },
    "/tasks/{id}/signers/{signerId}/opinion": _act(
        "giveOpinion", "发表会签意见", ref("Heard"), "Opinion", 200, SIGNER_PART
    ),
    "/tasks/{id}/signers/{signerId}/remove": _act(
        "removeSigner", "减签", ref("Heard"), "NeededReason", 200, SIGNER_PART
    ),
    "/tasks/{id}/instances": _act("addInstance", "多实例会签增加一个对象", ref("Done"), "NewInstance"),
    "/tasks/{id}/instances/remove": _act("removeInstance", "多实例会签减去本任务", ref("Done"), "NeededReason"),
    "/cases/{id}/copies": {
        "get": operation("listCopies", "抄送给谁，是否已阅", TAG, {200: ref("Copies")}, parameters=(ID_PART,)),
        **_act("copyCase", "抄送办件", ref("Counted"), "NewCopies", 201),
    },
    "/copies/{id}/read": _act("readCopy", "阅知抄送", ref("CaseNamed")),
    "/people/{username}/hand-over": {
        "get": operation(
            "previewHandOver",
            "离岗人员未完成的工作，给出接手人时说明哪些不能移交",
            TAG,
            {200: ref("HandOver")},
            parameters=(USER_PART, query("successor", TEXT_255, "接手人的用户名")),
        ),
        "post": operation(
            "handOver",
            "全部移交给接手人，逐项给出结果",
            TAG,
            {200: ref("HandOver")},
            parameters=(USER_PART, KEY),
            body=content(ref("NewHandOver")),
        ),
    },
}
