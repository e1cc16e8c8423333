"""Columns of the lists: what can be put in order and what stands in the file of a list, one line each."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from service.rules.certificates import CertificateState
from service.web.pages import labels, quality_words
from service.web.pages.item_words import KINDS as ITEM_KINDS
from service.web.pages.item_words import TYPES as ITEM_TYPES
from service.web.pages.listing import Column
from service.web.pages.wording import told


def _column(code: str, words: Any, cell: Any) -> Column:
    return Column(code=code, words=words, cell=cell)


def _department(row: Any, found: Any) -> str:
    code = getattr(row, "department", None) or ""
    names = found.departments.get(code) or ("", code)
    return str(names if isinstance(names, str) else names[0] or names[1])


def _person(found: Any, username: str | None) -> str:
    card = found.people.get(username) if username else None
    return str(card.name if card is not None else username or "")


def _holders(items: Any) -> str:
    return "；".join(
        f"{one.row.name} {one.owner.name if one.owner else one.row.assignee or ''}".strip() for one in items
    )


def _offices(row: Any, found: Any) -> str:
    names = [(found.departments.get(one.department) or ("", one.department))[1] for one in found.offices[row.id]]
    return "、".join(names)


def _addressee(row: Any, found: Any) -> str:
    department = found.departments.get(row.addressee)
    return str(department[1]) if department is not None else _person(found, row.addressee)


LED_CHAINS = (
    _column("number", _("编号"), lambda row, _: row.business_key),
    _column("title", _("联办件"), lambda row, _: row.title or row.name),
    _column("process", _("流程"), lambda row, _: row.name),
    _column("state", _("状态"), lambda row, _: labels.CASE_STATES.get(row.state, row.state)),
    _column("light", _("时限"), lambda row, found: labels.LIGHTS[(found.limits.get(row.id) or ("none", None))[0]]),
    _column("due", _("到期"), lambda row, found: (found.limits.get(row.id) or ("none", None))[1]),
    _column("milestone", _("下一个里程碑"), lambda row, found: (found.milestones.get(row.id) or ("",))[0]),
    _column("offices", _("正在办理的部门"), lambda row, found: _offices(row, found)),
    _column("started_at", _("收件"), lambda row, _: row.started_at),
)


def _of_page(found: Any) -> Any:
    """The wider answer a page of a list came with."""
    return found.more["page"]


INCIDENTS = (
    _column(
        "matter",
        _("事项"),
        lambda row, _: labels.ACT_NAMES.get(row.act) or labels.AGENDA_KINDS.get(row.row.kind, row.row.kind),
    ),
    _column("place", _("环节"), lambda row, _: row.place),
    _column("case", _("办件"), lambda row, _: row.row.title or row.row.business_key or row.row.key),
    _column("error", _("原因"), lambda row, _: row.row.error),
    _column("opened_at", _("发生"), lambda row, _: row.row.opened_at or row.row.due_at),
    _column("ready_at", _("下次重试"), lambda row, _: row.row.ready_at),
)
CASES = (
    _column("number", _("编号"), lambda row, _: row.business_key),
    _column("title", _("办件"), lambda row, _: row.title or row.name or row.key),
    _column("process", _("流程"), lambda row, _: row.name),
    _column("version", _("版本"), lambda row, _: row.version),
    _column("state", _("状态"), lambda row, _: labels.CASE_STATES[row.state]),
    _column("due_at", _("到期"), lambda row, found: (found.limits.get(row.id) or (None, None))[1]),
    _column("work", _("现在谁在办"), lambda row, found: _holders(found.work.get(row.id, ()))),
    _column("started_at", _("收件"), lambda row, _: row.started_at),
    _column("started_by", _("收件人"), lambda row, found: _person(found, row.started_by)),
)
LIVE = (
    _column("element", _("环节"), lambda row, _: row.name or row.element),
    _column("waiting", _("在办"), lambda row, _: row.waiting),
    _column("overdue", _("超期"), lambda row, _: row.overdue),
    _column("finished", _("办完"), lambda row, _: row.finished),
    _column("median", _("用时中位数（分钟）"), lambda row, _: row.median),
    _column("p90", _("用时九成以内（分钟）"), lambda row, _: row.p90),
    _column("limit", _("时限（分钟）"), lambda row, _: row.limit),
    _column("share", _("中位数占时限"), lambda row, _: None if row.share is None else round(row.share, 2)),
)
MESSAGES = (
    _column("queued_at", _("时间"), lambda row, _: row.queued_at),
    _column("code", _("模板"), lambda row, _: row.code),
    _column("text", _("消息"), lambda row, _: row.text),
    _column("case", _("办件"), lambda row, _: row.title or row.business_key),
    _column("number", _("编号"), lambda row, _: row.business_key),
    _column("read_at", _("已读"), lambda row, _: row.read_at),
)
SENT = (
    _column("queued_at", _("时间"), lambda row, _: row.queued_at),
    _column("code", _("模板"), lambda row, _: row.code),
    _column("text", _("消息"), lambda row, _: row.text),
    _column("number", _("办件编号"), lambda row, _: row.business_key),
    _column("channel", _("通道"), lambda row, _: labels.CHANNELS[row.channel]),
    _column("state", _("状态"), lambda row, _: labels.MESSAGE_STATES[row.state]),
    _column("attempts", _("次数"), lambda row, _: row.attempts),
    _column("sent_at", _("发出"), lambda row, _: row.sent_at),
    _column("handled_at", _("告知"), lambda row, _: row.handled_at),
)
SUPERVISION = (
    _column("level", _("等级"), lambda row, _: labels.CARD_LEVELS[row.level]),
    _column("violation", _("情形"), lambda row, _: labels.VIOLATIONS[row.violation]),
    _column("case", _("办件"), lambda row, _: row.title or row.business_key),
    _column("department", _("部门"), _department),
    _column("addressee", _("发给"), _addressee),
    _column("raised_at", _("发出"), lambda row, _: row.raised_at),
    _column("feedback_due_at", _("反馈期限"), lambda row, _: row.feedback_due_at),
    _column("state", _("状态"), lambda row, _: labels.CARD_STATES[row.state]),
)
ORDERS = (
    _column("number", _("督办单"), lambda row, _: row.row.detail.get("number")),
    _column("matter", _("事由"), lambda row, _: row.row.detail.get("matter")),
    _column("case", _("办件"), lambda row, _: row.row.title or row.row.business_key),
    _column("addressee", _("承办"), lambda row, found: _addressee(row.row, found)),
    _column("raised_at", _("发出"), lambda row, _: row.row.raised_at),
    _column("feedback_due_at", _("回复期限"), lambda row, _: row.row.feedback_due_at),
    _column("state", _("状态"), lambda row, _: labels.CARD_STATES[row.row.state]),
)
CERTIFICATES = (
    _column("kind", _("证照"), lambda row, _: row.kind),
    _column("number", _("编号"), lambda row, _: row.number),
    _column("holder", _("持证人"), lambda row, _: row.holder),
    _column("department", _("发证机关"), _department),
    _column("valid_from", _("生效"), lambda row, _: row.valid_from),
    _column("valid_to", _("有效期至"), lambda row, _: row.valid_to),
    _column("state", _("状态"), lambda row, _: told(labels.CERTIFICATE_STATES[CertificateState(row.state)])),
)
LETTERS = (
    _column("number", _("编号"), lambda row, _: row.row.number),
    _column(
        "department", _("部门"), lambda row, found: _of_page(found).names.get(row.row.department, row.row.department)
    ),
    _column("grantor", _("委托人"), lambda row, _: row.row.grantor),
    _column("grantee", _("受委托人"), lambda row, found: _person(_of_page(found), row.row.grantee)),
    _column("deputy", _("代理人"), lambda row, found: _person(_of_page(found), row.row.deputy)),
    _column("items", _("事项"), lambda row, _: "、".join(row.items.values()) or gettext("全部事项")),
    _column("powers", _("权限"), lambda row, _: "、".join(str(labels.POWERS[one]) for one in row.row.powers)),
    _column("valid_from", _("生效"), lambda row, _: row.row.valid_from),
    _column("valid_to", _("有效期至"), lambda row, _: row.row.valid_to),
    _column("state", _("状态"), lambda row, _: labels.LETTER_STATES[row.state]),
)
DOCUMENT_TEMPLATES = (
    _column("code", _("编码"), lambda row, _: row.kind.code),
    _column("title", _("文书"), lambda row, _: row.kind.title),
    _column("word", _("编号的字"), lambda row, _: row.kind.word),
    _column(
        "current",
        _("现行模板"),
        lambda row, _: gettext("第 %(version)s 版", version=row.current) if row.current else gettext("随系统发布"),
    ),
    _column("coming", _("将生效"), lambda row, _: row.coming.effective_at if row.coming else None),
)
MESSAGE_TEXTS = (
    _column("code", _("编码"), lambda row, _: row.template.code),
    _column("name", _("模板"), lambda row, _: labels.MESSAGE_EVENTS[row.template.code]),
    _column("text", _("内容"), lambda row, _: row.text),
    _column("length", _("字数"), lambda row, _: row.length),
    _column("to", _("发给"), lambda row, _: "、".join(str(labels.AUDIENCES[one]) for one in row.template.to)),
    _column("version", _("版本"), lambda row, _: row.version),
)
QUERIES = (
    _column("question", _("查询"), lambda row, _: row.row.question),
    _column("case", _("办件"), lambda row, _: row.title or row.business_key),
    _column("number", _("编号"), lambda row, _: row.business_key),
    _column("asked_by", _("提出"), lambda row, found: found.names.get(row.row.asked_by, row.row.asked_by)),
    _column("asked_at", _("提出时间"), lambda row, _: row.row.asked_at),
    _column("state", _("状态"), lambda row, _: labels.QUERY_STATES[row.row.state]),
    _column("answer", _("答复"), lambda row, _: row.row.answer),
    _column("closed_at", _("答复时间"), lambda row, _: row.row.closed_at),
)
REVOKED = (
    _column("kind", _("证照"), lambda row, _: row.kind),
    _column("number", _("编号"), lambda row, _: row.number),
    _column("holder", _("持证人"), lambda row, _: row.holder),
    _column("department", _("发证机关"), _department),
    _column("state", _("状态"), lambda row, _: told(labels.CERTIFICATE_STATES[CertificateState(row.state)])),
    _column("reason", _("理由"), lambda row, _: row.reason),
)
BILLS = (
    _column("number", _("单号"), lambda row, _: row.number),
    _column("subject", _("办件"), lambda row, _: row.subject),
    _column("state", _("状态"), lambda row, _: labels.BILL_STATES[row.state]),
    _column("total", _("金额（元）"), lambda row, _: row.total),
    _column("issued_at", _("出具"), lambda row, _: row.issued_at),
    _column("due_on", _("缴费期限"), lambda row, _: row.due_on),
)
HANDOVERS = (
    _column("number", _("移交单"), lambda row, _: row.number),
    _column("department", _("部门"), _department),
    _column("state", _("状态"), lambda row, _: labels.HANDOVER_STATES[row.state]),
    _column("handed_at", _("移交"), lambda row, _: row.handed_at),
    _column("handed_by", _("移交人"), lambda row, found: _person(found, row.handed_by)),
    _column("received_at", _("签收"), lambda row, _: row.received_at),
    _column("received_by", _("签收人"), lambda row, found: _person(found, row.received_by)),
)
ARCHIVE = (
    _column("number", _("档号"), lambda row, _: row.file.number),
    _column("title", _("案卷"), lambda row, _: row.file.title),
    _column("case", _("编号"), lambda row, _: row.business_key),
    _column("keep_until", _("保管至"), lambda row, _: row.file.keep_until),
    _column("box", _("盒号"), lambda row, _: row.box),
    _column("position", _("位置"), lambda row, _: row.position),
    _column("opened_at", _("归档"), lambda row, _: row.file.opened_at),
)
ISSUING = (
    _column("case", _("编号"), lambda row, _: row.business_key),
    _column("title", _("办件"), lambda row, _: row.title or row.row.name),
    _column("name", _("事项"), lambda row, _: row.row.name),
    _column("certificates", _("证照"), lambda row, _: "、".join(one.number for one in row.row.certificates)),
    _column("ready_at", _("办结"), lambda row, _: row.row.ready_at),
    _column("due_on", _("送达期限"), lambda row, _: row.row.due_on),
    _column("delivered_at", _("送达"), lambda row, _: row.row.delivered_at),
)
DRAFTS = (
    _column("name", _("流程"), lambda line, _: line.row.name or line.row.process),
    _column("process", _("键"), lambda line, _: line.row.process),
    _column("base", _("依据"), lambda line, _: f"v{line.base}" if line.base else gettext("新流程")),
    _column("errors", _("错误"), lambda line, _: line.row.errors),
    _column("warnings", _("警告"), lambda line, _: line.row.warnings),
    _column("changed_by", _("修改人"), lambda line, found: _person(found, line.row.changed_by)),
    _column("changed_at", _("最近修改"), lambda line, _: line.row.changed_at),
    _column("created_by", _("起草人"), lambda line, found: _person(found, line.row.created_by)),
    _column("created_at", _("起草"), lambda line, _: line.row.created_at),
)

RELEASES = (
    _column("uploaded_at", _("提交"), lambda row, _: row.row.uploaded_at),
    _column("changes", _("流程"), lambda row, _: "、".join(str(one["name"]) for one in row.row.changes)),
    _column("state", _("状态"), lambda row, _: row.state),
    _column("effective_at", _("生效时间"), lambda row, _: row.row.effective_at),
    _column("note", _("说明"), lambda row, _: row.row.note),
)
ITEMS = (
    _column("code", _("编码"), lambda row, _: row.row.code),
    _column("name", _("事项"), lambda row, _: row.row.name),
    _column("department", _("部门"), lambda row, _: row.department),
    _column("type", _("类型"), lambda row, _: ITEM_TYPES[row.row.type]),
    _column("kind", _("办件类型"), lambda row, _: ITEM_KINDS[row.row.kind]),
    _column("promised", _("承诺时限（工作日）"), lambda row, _: row.row.promised),
)
EXCHANGE = (
    _column("ref", _("编号"), lambda row, _: row.ref),
    _column("direction", _("方向"), lambda row, _: gettext("送出") if row.direction == "OUT" else gettext("收到")),
    _column("subject", _("事由"), lambda row, _: row.subject),
    _column("connection", _("系统"), lambda row, _: row.connection),
    _column("transfer", _("移交类型"), lambda row, _: labels.TRANSFERS.get(row.transfer, row.transfer)),
    _column("created_at", _("登记"), lambda row, _: row.created_at),
    _column("state", _("状态"), lambda row, _: labels.EXCHANGE_STATES[row.state]),
    _column("error", _("原因"), lambda row, _: row.error),
)
RATINGS = (
    _column("grade", _("评价"), lambda row, _: quality_words.GRADES[row.rating.grade]),
    _column("case", _("编号"), lambda row, _: row.number),
    _column("title", _("办件"), lambda row, _: row.title or row.process),
    _column(
        "tags", _("理由"), lambda row, _: "、".join(str(quality_words.TAGS.get(tag, tag)) for tag in row.rating.tags)
    ),
    _column("said", _("评语"), lambda row, _: row.rating.said),
    _column("department", _("部门"), lambda row, found: _department(row.rating, found)),
    _column("rated_at", _("时间"), lambda row, _: row.rating.rated_at),
    _column("channel", _("渠道"), lambda row, _: quality_words.CHANNELS[row.rating.channel]),
)


def register_columns(name: str) -> tuple[Column, ...]:
    """Columns of a register of quality."""
    return (
        _column("number", _("编号"), lambda row, found: row.case.business_key or row.case.title),
        _column("state", _("状态"), lambda row, found: quality_words.state(name, row.state)),
        _column(
            "department",
            _("部门"),
            lambda row, found: (found.departments.get(row.values.get("department")) or ("", ""))[1],
        ),
        _column("work", _("现在谁在办"), lambda row, found: _holders(row.open)),
        _column("started_at", _("登记"), lambda row, found: row.case.started_at),
        _column("started_by", _("登记人"), lambda row, found: _person(found, row.case.started_by)),
        _column("ended_at", _("办结"), lambda row, found: row.case.ended_at),
    )
