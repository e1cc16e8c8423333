"""文书: every kind of document with the facts it needs (DOMAIN F.1). Designers, the linter and the press read this one list.

Facts are plain data as they are stored with the document: text, dates and instants in ISO form, amounts as text, numbers,
lists, rows. `read_facts` checks them and gives them their types, so that a document printed again is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from service.rules.money import decimal_number
from service.rules.numbers import DocumentWord
from service.rules.refusals import Invalid, Missing, refuse


class FactKind(StrEnum):
    """What a fact is."""

    TEXT = "TEXT"  # one line
    PROSE = "PROSE"  # several
    DATE = "DATE"
    INSTANT = "INSTANT"
    MONEY = "MONEY"
    COUNT = "COUNT"
    YES_NO = "YES_NO"
    LIST = "LIST"  # of texts
    ROWS = "ROWS"


class Remedy(StrEnum):
    """What a document must say about how to contest it."""

    NONE = "NONE"
    REVIEW = "REVIEW"  # 行政复议, 行政诉讼
    APPEAL = "APPEAL"  # 内部申诉


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One fact: its name in data, its label in print. `columns`: of rows; `choices`: the only texts it may be."""

    name: str
    label: str
    kind: FactKind = FactKind.TEXT
    optional: bool = False
    columns: tuple[Fact, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DocumentKind:
    """One kind. `word`: the 字 of its number, None when it has none of its own; `sealed`: the authority's seal belongs on it."""

    code: str
    title: str
    facts: tuple[Fact, ...]
    word: DocumentWord | None = None
    remedy: Remedy = Remedy.NONE
    sealed: bool = True

    @property
    def template(self) -> str:
        """The name of its template."""
        return self.code.lower()


def read_facts(kind: DocumentKind, data: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a document with their types. Refused: DOCUMENT_FACTS naming the fact."""
    return _read(kind.facts, data, "")


def missing_facts(kind: DocumentKind, data: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the facts that are missing or of another form: what must be filled in before a document may be issued."""
    found = []
    for fact in kind.facts:
        try:
            _value(fact, data.get(fact.name), fact.name)
        except Invalid:
            found.append(fact.name)
    return tuple(found)


def document_kind(code: str) -> DocumentKind:
    """Refused: DOCUMENT_KIND."""
    if code not in KINDS:
        raise Missing("DOCUMENT_KIND", "没有文书种类 {kind}。", kind=code)
    return KINDS[code]


def _read(facts: tuple[Fact, ...], data: Mapping[str, Any], at: str) -> dict[str, Any]:
    known = {fact.name for fact in facts}
    for name in data:
        if name not in known:
            raise _wrong(f"{at}{name}")
    return {fact.name: _value(fact, data.get(fact.name), f"{at}{fact.name}") for fact in facts}


def _value(fact: Fact, value: Any, at: str) -> Any:
    if value is None or value == "":
        if fact.optional:
            return None
        raise _wrong(at)
    try:
        match fact.kind:
            case FactKind.TEXT | FactKind.PROSE:
                if not isinstance(value, str) or not value.strip() or value not in (fact.choices or (value,)):
                    raise ValueError
                return value
            case FactKind.DATE:
                return date.fromisoformat(value)
            case FactKind.INSTANT:
                found = datetime.fromisoformat(value)
                if found.tzinfo is None:
                    raise ValueError
                return found
            case FactKind.MONEY:
                return decimal_number(at, value, places=2)
            case FactKind.COUNT:
                if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                    raise ValueError
                return value
            case FactKind.YES_NO:
                if not isinstance(value, bool):
                    raise ValueError
                return value
            case FactKind.LIST:
                if not isinstance(value, list | tuple) or not all(
                    isinstance(one, str) and one.strip() for one in value
                ):
                    raise ValueError
                return tuple(value)
            case FactKind.ROWS:
                if not isinstance(value, list | tuple) or not all(isinstance(one, Mapping) for one in value):
                    raise ValueError
                return tuple(_read(fact.columns, one, f"{at}.{n}.") for n, one in enumerate(value))
    except (ValueError, TypeError):
        raise _wrong(at) from None


def _wrong(name: str) -> Invalid:
    return refuse(name, "DOCUMENT_FACTS", "文书内容{name}缺少、多余或格式不符。", name=name)


def _facts(*lines: str) -> tuple[Fact, ...]:
    """Facts from lines `name label kind`. The kind is a letter, with ? when it may be missing, with =甲|乙 when only these
    texts fit; lines that begin with > are columns of the fact before.
    """
    letters = dict(zip("tpdimnylr", FactKind, strict=True))
    found: list[Fact] = []
    for line in lines:
        name, label, *rest = line.removeprefix("> ").split()
        mark, _, choices = (rest[0] if rest else "t").partition("=")
        one = Fact(
            name=name,
            label=label,
            kind=letters[mark[0]],
            optional=mark.endswith("?"),
            choices=tuple(choices.split("|")) if choices else (),
        )
        if line.startswith("> "):
            found[-1] = replace(found[-1], columns=(*found[-1].columns, one))
        else:
            found.append(one)
    return tuple(found)


MATERIALS = ("materials 材料清单 r", "> name 材料名称", "> form 形式", "> copies 份数 n")
REVIEW = ("review_authority 行政复议机关", "court 人民法院")
SIGNED = ("signed_by 签署人", "signed_at 签署时间 i", "way 签署方式")

KINDS = {
    one.code: one
    for one in (
        DocumentKind(
            code="W01",
            title="收件凭证",
            word=DocumentWord.RECEIVED,
            facts=_facts(
                *MATERIALS, "> pages 页数 n", "received_at 收件时间 i", "receiver 收件人", "notice_limit 告知期限"
            ),
        ),
        DocumentKind(
            code="W02",
            title="受理通知书",
            word=DocumentWord.ACCEPTED,
            facts=_facts(
                "accepted_on 受理日期 d",
                "process_type 办件类型",
                "promise 承诺时限",
                "promised_due 承诺办结日 d",
                "statutory 法定时限",
                "fee 收费",
                "pick_up 领证方式",
                "deemed 视为受理 y",
            ),
        ),
        DocumentKind(
            code="W03",
            title="不予受理通知书",
            word=DocumentWord.NOT_ACCEPTED,
            remedy=Remedy.REVIEW,
            facts=_facts(
                "reason_kind 原因类别", "reason 理由 p", "basis 依据条款", "proper_authority 应向何机关申请 t?", *REVIEW
            ),
        ),
        DocumentKind(
            code="W04",
            title="补正一次告知书",
            word=DocumentWord.CORRECTION,
            facts=_facts(
                "gaps 需要补正的全部内容 r",
                "> material 材料",
                "> problem 问题 p",
                "> remedy 如何补正 p",
                "reply_by 补正期限 d",
            ),
        ),
        DocumentKind(code="W05", title="材料真实性承诺书", sealed=False, facts=_facts("statement 声明内容 p", *SIGNED)),
        DocumentKind(
            code="W06",
            title="告知承诺书",
            sealed=False,
            facts=_facts(
                "notice 告知内容 p", "promises 承诺条款 l", "consequence 违诺后果 p", "check_by 核查期限", *SIGNED
            ),
        ),
        DocumentKind(
            code="W07",
            title="特别程序告知书",
            word=DocumentWord.PROCEDURE,
            facts=_facts(
                "procedure 程序种类",
                "basis 依据",
                "days 所需时间（工作日） n",
                "started_on 开始日期 d?",
                "expected_on 预计恢复日 d?",
            ),
        ),
        DocumentKind(
            code="W08",
            title="暂停（恢复）计时通知书",
            word=DocumentWord.PAUSE,
            facts=_facts(
                "act 事由种类 t=暂停|恢复",
                "reason 原因 p",
                "from_day 开始日期 d",
                "through_day 结束日期 d?",
                "left 剩余工作日 n",
                "new_due 新的办结日 d?",
            ),
        ),
        DocumentKind(
            code="W09",
            title="延期告知书",
            word=DocumentWord.EXTENSION,
            facts=_facts(
                "due 原办结日 d", "days 延长工作日 n", "new_due 新的办结日 d", "reason 理由 p", "approved_by 批准人"
            ),
        ),
        DocumentKind(
            code="W10",
            title="征求意见函",
            facts=_facts(
                "department 征求部门",
                "question 征求内容 p",
                "due 回复期限 i",
                "effect 逾期效果",
                "opinion 回复意见 p?",
                "signed_by 签署人 t?",
                "signed_at 签署时间 i?",
            ),
        ),
        DocumentKind(
            code="W11",
            title="现场勘查签单",
            sealed=False,
            facts=_facts(
                "place 勘查地点",
                "began_at 勘查时间 i",
                "inspectors 勘查人 r",
                "> name 姓名",
                "> certificate 执法证号",
                "checks 检查项 r",
                "> item 检查内容",
                "> finding 结论",
                "> photo 照片编号 t?",
                "conclusion 勘查结论 t=通过|整改|不通过",
                "rectify_by 整改期限 d?",
                "applicant_signed 申请人签字",
                "copy_given_at 副本送达时间 i",
            ),
        ),
        DocumentKind(
            code="W12",
            title="听证文书",
            facts=_facts(
                "form 文书类别 t=听证告知书|听证公告|听证笔录",
                "matter 事由 p",
                "rights 权利告知 p",
                "held_at 听证时间 i",
                "place 听证地点",
                "host 主持人",
                "record 笔录 p?",
                "signatures 参加人签字 l?",
            ),
        ),
        DocumentKind(
            code="W13",
            title="审批流转单",
            facts=_facts(
                "steps 办理环节 r",
                "> stage 环节",
                "> person 办理人",
                "> post 岗位",
                "> opinion 意见 p",
                "> at 时间 i",
                "> mark 标记 t?",
                "> seal 用章 t?",
            ),
        ),
        DocumentKind(
            code="W14",
            title="准予行政许可决定书",
            word=DocumentWord.GRANTED,
            facts=_facts(
                "established 审查情况 p",
                "basis 依据条款",
                "content 许可内容 p",
                "conditions 条件 p?",
                "valid_from 有效期自 d",
                "valid_to 有效期至 d?",
                "duties 年检与延续要求 p?",
            ),
        ),
        DocumentKind(
            code="W15",
            title="不予行政许可决定书",
            word=DocumentWord.DENIED,
            remedy=Remedy.REVIEW,
            facts=_facts("established 事实 p", "evidence 证据 l", "reason 理由 p", "basis 依据条款", *REVIEW),
        ),
        DocumentKind(
            code="W16",
            title="超时默许通知单",
            word=DocumentWord.TACIT,
            facts=_facts(
                "due 办结期限 d",
                "over_days 超时工作日 n",
                "basis 默许依据",
                "department 责任部门",
                "certificate_by 补发证照期限 i",
            ),
        ),
        DocumentKind(
            code="W17",
            title="缺席默认意见书",
            word=DocumentWord.TACIT,
            facts=_facts(
                "department 应参加部门",
                "notified_at 通知签收时间 i",
                "due 回复期限 i",
                "basis 依据",
                "opinion 视为同意的意见 p",
            ),
        ),
        DocumentKind(
            code="W18",
            title="证照",
            facts=_facts(
                "name 证照名称",
                "certificate_no 证照号",
                "holder 持证人",
                "holder_code 统一社会信用代码 t?",
                "content 登记内容 r",
                "> name 项目",
                "> value 内容",
                "valid_from 有效期自 d",
                "valid_to 有效期至 d?",
            ),
        ),
        DocumentKind(
            code="W19",
            title="证照移交单",
            sealed=False,
            facts=_facts(
                "certificates 证照 r",
                "> number 证照号",
                "> name 证照名称",
                "> copies 份数 n",
                "from_unit 移交单位",
                "handed_by 移交人",
                "to_unit 接收单位",
                "received_by 接收人",
                "at 移交时间 i",
            ),
        ),
        DocumentKind(
            code="W20",
            title="送达回证",
            word=DocumentWord.SERVED,
            facts=_facts(
                "document 送达文书",
                "document_no 文书号",
                "way 送达方式",
                "receiver 领取人",
                "relation 与受送达人关系",
                "identity 身份核验",
                "code_ok 取件码相符 y",
                "at 送达时间 i",
                "place 送达地点",
                "waybill 快递单号 t?",
                "remark 备注 p?",
            ),
        ),
        DocumentKind(
            code="W21",
            title="收费一表",
            facts=_facts(
                "bill_no 账单号",
                "lines 收费项目 r",
                "> department 收费部门",
                "> name 项目",
                "> basis 依据 t?",
                "> formula 计算 t?",
                "> exempted 减免（元） m",
                "> amount 应缴（元） m",
                "> reason 说明 t?",
                "total 合计 m",
                "way 缴费方式",
                "due_on 缴费期限 d",
            ),
        ),
        DocumentKind(
            code="W22",
            title="退付单",
            facts=_facts(
                "bill_no 账单号",
                "receipt_no 原票据号",
                "reason 退付原因 p",
                "amount 退付金额 m",
                "requested_by 退付经办人",
                "approved_by 批准人",
                "account 退回账户",
            ),
        ),
        DocumentKind(
            code="W23",
            title="材料退还清单",
            sealed=False,
            facts=_facts("reason 退还原因", *MATERIALS, "receiver 领取人", "returned_at 领取时间 i"),
        ),
        DocumentKind(
            code="W24",
            title="撤回（终止）文书",
            facts=_facts(
                "form 文书类别 t=撤回申请书|终止通知书",
                "reason 原因 p",
                "used 已用时间",
                "handling 材料处理",
                "decided_on 撤回（终止）日期 d",
            ),
        ),
        DocumentKind(
            code="W25",
            title="视为准予延续凭证",
            word=DocumentWord.TACIT,
            facts=_facts(
                "old_no 原证号",
                "expired_on 届满日 d",
                "filed_on 申请延续日期 d",
                "basis 依据",
                "new_no 新证号",
                "valid_from 新有效期自 d",
                "valid_to 新有效期至 d",
            ),
        ),
        DocumentKind(
            code="W26",
            title="督办单",
            word=DocumentWord.SUPERVISION,
            facts=_facts(
                "order_no 督办编号",
                "to_unit 承办单位",
                "matter 事由 p",
                "demand 要求 p",
                "due 回复期限 i",
                "reply 回复 p?",
                "conclusion 审核结论 t?",
            ),
        ),
        DocumentKind(
            code="W27",
            title="监察通知单",
            word=DocumentWord.SUPERVISION,
            remedy=Remedy.APPEAL,
            facts=_facts(
                "level 类别 t=黄牌|红牌",
                "violation 事件类别",
                "established 事实 p",
                "responsible 责任人",
                "department 责任部门",
                "appeal_by 申诉期限 d",
            ),
        ),
        DocumentKind(
            code="W28",
            title="过错责任认定书",
            word=DocumentWord.SUPERVISION,
            remedy=Remedy.APPEAL,
            facts=_facts(
                "person 责任人",
                "established 事实 p",
                "statement 陈述申辩 p?",
                "finding 认定 p",
                "sanction 处理 p",
                "appeal_by 申诉期限 d",
            ),
        ),
        DocumentKind(
            code="W29",
            title="投诉文书",
            remedy=Remedy.REVIEW,
            facts=_facts(
                "form 文书类别 t=投诉受理单|投诉答复书",
                "complaint_no 投诉编号",
                "received_on 受理日期 d",
                "matter 投诉事由 p",
                "investigation 调查情况 p?",
                "conclusion 结论 p?",
                "valid 投诉成立 y?",
                *REVIEW,
            ),
        ),
        DocumentKind(
            code="W30",
            title="回访记录表",
            sealed=False,
            facts=_facts(
                "questions 问卷 r",
                "> question 问题",
                "> answer 回答 p",
                "satisfaction 满意度",
                "problem 反映的问题 p?",
                "visited_at 回访时间 i",
                "visitor 回访人",
            ),
        ),
        DocumentKind(
            code="W31",
            title="联审联批会议文书",
            facts=_facts(
                "form 文书类别 t=会议通知|议题表|会议纪要",
                "meeting_no 会议号",
                "held_at 会议时间 i",
                "place 会议地点",
                "attendance 参会 r",
                "> unit 单位",
                "> person 参会人",
                "> signed 签到 t?",
                "issues 议题 r",
                "> issue 议题 p",
                "> answer 答复 p?",
                "> settle 办结 d?",
                "> submit 提交 d?",
                "signers 签发人 l",
            ),
        ),
        DocumentKind(
            code="W32",
            title="联合验收意见书",
            facts=_facts(
                "project 项目",
                "units 参验部门 r",
                "> department 部门",
                "> opinion 意见 p",
                "> conclusion 结论",
                "rectification 整改 p?",
                "conclusion 总结论",
            ),
        ),
        DocumentKind(
            code="W33",
            title="提前介入意见单",
            facts=_facts("project 项目", "opinions 部门意见 r", "> department 部门", "> opinion 意见 p"),
        ),
        DocumentKind(
            code="W34",
            title="全程代办文书",
            sealed=False,
            facts=_facts(
                "form 文书类别 t=代办委托书|代收单|交接单",
                "contract_no 委托书号",
                "client 委托人",
                "agent 代办员",
                "scope 委托范围 l",
                "materials 材料 r?",
                "> name 材料名称",
                "> form 形式",
                "> copies 份数 n",
                "signatures 签字 r",
                "> party 一方",
                "> person 签字人",
                "> at 时间 i",
            ),
        ),
        DocumentKind(
            code="W35",
            title="行政审批授权委托书",
            facts=_facts(
                "grantor 授权人",
                "representative 首席代表",
                "items 授权事项 r",
                "> code 事项编码",
                "> name 事项名称",
                "> powers 权限",
                "valid_from 授权期限自 d",
                "valid_to 授权期限至 d",
                "substitute 替代人 t?",
            ),
        ),
        DocumentKind(
            code="W36",
            title="办事指南",
            facts=_facts(
                "version 版本",
                "effective_on 生效日期 d",
                "headings 公开内容 r",
                "> heading 项目",
                "> content 内容 p",
                "flow 办理流程 l",
                "complaint_channel 投诉渠道",
            ),
        ),
        DocumentKind(
            code="W37",
            title="权力清单",
            facts=_facts(
                "year 年度",
                "powers 事项目录 r",
                "> code 编码",
                "> name 事项",
                "> category 类别",
                "> basis 依据 p",
                "> limit 时限",
                "> fee 收费",
                "> change 变更 t?",
            ),
        ),
        DocumentKind(
            code="W38",
            title="流程发布单",
            facts=_facts(
                "key 流程",
                "old_version 旧版本 t?",
                "new_version 新版本",
                "differences 差异 l",
                "affected 在办件数 n",
                "effective_at 生效时间 i",
                "signatures 签名 r",
                "> role 职责",
                "> person 姓名",
                "> at 时间 i",
            ),
        ),
        DocumentKind(
            code="W39",
            title="办件统计表",
            facts=_facts(
                "form 表类 t=月统计表|季清理表",
                "period 统计期间",
                "figures 统计 r",
                "> department 部门",
                "> received 受理 n",
                "> closed 办结 n",
                "> in_time 按时 n",
                "> overdue 超期 n",
                "> rate 按时率",
            ),
        ),
        DocumentKind(
            code="W40",
            title="排队号票",
            sealed=False,
            facts=_facts(
                "ticket_no 号码", "window 窗口", "taken_at 取号时间 i", "waiting 等候人数 n", "rating 评价 t?"
            ),
        ),
        DocumentKind(
            code="W41",
            title="容缺受理承诺书",
            sealed=False,
            facts=_facts(
                "gaps 承诺补交的材料 r",
                "> material 材料",
                "> supply_by 补交期限 d",
                "statement 承诺内容 p",
                "consequence 违诺后果 p",
                "signed_by 承诺人",
                "signed_at 承诺时间 i",
            ),
        ),
        DocumentKind(
            code="W42",
            title="容缺受理通知书",
            word=DocumentWord.DEFERRAL,
            facts=_facts(
                "gaps 需要补交的材料 r",
                "> material 材料",
                "> supply_by 补交期限 d",
                "how 补交方式",
                "consequence 逾期后果 p",
            ),
        ),
    )
}
