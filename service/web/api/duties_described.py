"""The addresses of absences and of supervision."""

from __future__ import annotations

from typing import Any

from service.casework.letters.reading import VIEWS
from service.web.api import absences, supervision
from service.web.api.operations import ID_PART, KEY, PAGING, TEXT_255, content, operation, query
from service.web.api.schemas import ref

PATHS: dict[str, dict[str, Any]] = {
    "/absences": {
        "get": operation(
            "listAbsences",
            "离岗：本人的、本部门的，业务科和督查科看全部",
            "值班与监察",
            {200: ref("AbsencePage")},
            parameters=(
                query("state", {"enum": list(absences.STATES), "default": "current"}),
                query("person", TEXT_255, "用户名"),
                query("department", TEXT_255, "部门编码"),
                *PAGING,
            ),
        ),
        "post": operation(
            "recordAbsence",
            "登记离岗；SUDDEN 从现在起，其余应有 since 和 until",
            "值班与监察",
            {201: ref("Absence")},
            parameters=(KEY,),
            body=content(ref("NewAbsence")),
        ),
    },
    "/absences/{id}": {
        "get": operation("getAbsence", "一次离岗", "值班与监察", {200: ref("Absence")}, parameters=(ID_PART,))
    },
    "/absences/{id}/end": {
        "post": operation(
            "endAbsence",
            "返岗；尚未开始的则撤回",
            "值班与监察",
            {200: ref("Absence")},
            parameters=(ID_PART, KEY),
        )
    },
    "/letters": {
        "get": operation(
            "listLetters",
            "授权委托书：本部门的，监督和管理岗位看全部；附授权到位率",
            "值班与监察",
            {200: ref("LetterList")},
            parameters=(
                query("view", {"enum": list(VIEWS), "default": "now"}),
                query("department", TEXT_255, "部门编码"),
            ),
        ),
        "post": operation(
            "registerLetter",
            "登记授权委托书，等待安全管理员生效",
            "值班与监察",
            {201: ref("Letter")},
            parameters=(KEY,),
            body=content(ref("NewLetter")),
        ),
    },
    "/letters/{id}/activate": {
        "post": operation(
            "activateLetter", "使授权委托书生效", "值班与监察", {200: ref("Letter")}, parameters=(ID_PART, KEY)
        )
    },
    "/letters/{id}/withdraw": {
        "post": operation(
            "withdrawLetter",
            "撤回授权委托书",
            "值班与监察",
            {200: ref("Letter")},
            parameters=(ID_PART, KEY),
            body=content(ref("Reason")),
        )
    },
    "/cases/{id}/contact": {
        "post": operation(
            "showContact",
            "说明理由后查看申请人的联系方式，每次查看都记入办件经过",
            "值班与监察",
            {200: ref("Contact")},
            parameters=(ID_PART, KEY),
            body=content(ref("Reason")),
        )
    },
    "/supervision-events": {
        "get": operation(
            "listSupervisionEvents",
            "监察提示、黄牌、红牌和督办单，最近的在前",
            "值班与监察",
            {200: ref("SupervisionPage")},
            parameters=(
                query("state", {"enum": list(supervision.STATES)}),
                query("level", {"enum": list(supervision.LEVELS)}),
                query("violation", {"enum": list(supervision.VIOLATIONS)}),
                query("department", TEXT_255, "部门编码"),
                query("case", {"type": "string", "format": "uuid"}),
                *PAGING,
            ),
        )
    },
    "/supervision-events/{id}": {
        "get": operation(
            "getSupervisionEvent", "一条监察事项", "值班与监察", {200: ref("SupervisionEvent")}, parameters=(ID_PART,)
        )
    },
    "/supervision-events/{id}/acts": {
        "post": operation(
            "actOnSupervisionEvent",
            "签收、答复、申诉由收到的人；认可、退回、撤销、驳回、销号由督查人员",
            "值班与监察",
            {200: ref("SupervisionEvent")},
            parameters=(ID_PART, KEY),
            body=content(ref("SupervisionAct")),
        )
    },
}
