"""The words of the trade as enumerations: states, kinds and journal actions. Stored as their values."""

from __future__ import annotations

from enum import StrEnum


class CaseState(StrEnum):
    """State of a running procedure (办件), as the engine sees it."""

    ACTIVE = "ACTIVE"  # tokens are alive
    SUSPENDED = "SUSPENDED"  # 挂起: nothing may be done until it is resumed
    COMPLETED = "COMPLETED"  # 办结: reached its end events
    TERMINATED = "TERMINATED"  # 终止: deleted or cancelled by an administrator


class TaskOutcome(StrEnum):
    """How a task ended."""

    COMPLETED = "COMPLETED"  # somebody did it
    CANCELLED = "CANCELLED"  # the flow went another way
    TACIT = "TACIT"  # 超时默许: nobody did it in time and the rule passed it
    RETURNED = "RETURNED"  # 退回: whoever had it gave it back to an earlier one


class AgendaKind(StrEnum):
    """What will happen at an instant."""

    TIMER = "timer"  # a BPMN timer of a case
    START = "start"  # a timer start event of a definition
    ACTION = "action"  # an in-house action of a service task (outbox)
    ACT = "act"  # what a completed element asks for (zw:doc, zw:sms), or something that follows from an act of the service
    EFFECT = "effect"  # a version of an item takes effect (J-21)
    OUTBOX = "outbox"  # something to be carried out of the house: printed, sent, ordered
    NOTICE = "notice"  # people are to be told something: many in one transaction, no case is locked for it
    MESSAGE = "message"  # a message thrown by a case, to be correlated
    SIGNAL = "signal"  # a signal thrown by a case, to be delivered to one subscription
    CLOCK = "clock"  # a clock turns: a light, a rung of the ladder, a deemed outcome
    ABSENCE = "absence"  # somebody's absence begins or ends
    IDLE = "idle"  # a claimed task may have been left alone
    HELD = "held"  # everybody was heard: what the holder of a task has submitted takes effect
    JOB = "job"  # a scheduled job of the service (DOMAIN D.15)
    MIGRATION = "migration"  # a batch of cases that go over to another version, some at a time
    REHEARSAL = "rehearsal"  # a draft is played in the sandbox, some cases at a time
    RETRY = "retry"  # a token that failed: parked until an administrator lets it try again


class Mark(StrEnum):
    """How far an item has come (zw:reaches); a chain has its milestones `M0` to `M9` besides."""

    RECEIVED = "RECEIVED"  # 收件
    CORRECTING = "CORRECTING"  # 一次告知补正
    SUPPLEMENTED = "SUPPLEMENTED"  # 补正到齐
    ACCEPTED = "ACCEPTED"  # 受理
    DEEMED_ACCEPTED = "DEEMED_ACCEPTED"  # 视为受理
    NOT_ACCEPTED = "NOT_ACCEPTED"  # 不予受理
    DECIDED_YES = "DECIDED_YES"  # 准予
    DECIDED_NO = "DECIDED_NO"  # 不予
    READY = "READY"  # 待领取
    DELIVERED = "DELIVERED"  # 已送达
    WITHDRAWN = "WITHDRAWN"  # 撤回
    RETURNED = "RETURNED"  # 退件
    ABANDONED = "ABANDONED"  # 视为放弃
    TERMINATED = "TERMINATED"  # 终止
    SIGNED = "SIGNED"  # 代办委托书签订: the promise of the agency begins


class InHouseAction(StrEnum):
    """What a service task may ask of the service itself (zw:action); their inputs and outputs: service/rules/acts.py."""

    DOCUMENT = "document"  # 出具文书
    MESSAGE = "message"  # 发送消息
    BILL = "bill"  # 开具账单
    NUMBER = "number"  # 取号
    CERTIFICATE = "certificate"  # 制发证照
    EXCHANGE = "exchange"  # 数据交换
    ARCHIVE = "archive"  # 归档
    START = "start"  # 启动支持流程
    REVOKE = "revoke"  # 撤销证照
    ESCALATE = "escalate"  # 升级: the open task zw:target goes to the department's chief representative
    LOT = "lot"  # 抽签: whether a case is drawn for a check
    RECORD = "record"  # 留痕: a line in the journal for supervision
    # quality (docs/support.md)
    CARD = "card"  # 亮牌: a hint or card to the department the case is about
    DISPATCH = "dispatch"  # 分派投诉: who investigates it (S-12)
    EXCLUDE_RATING = "exclude_rating"  # 标记评价无效: a mistaken rating does not count
    SAMPLE = "sample"  # 抽样: the cases of a month to call back or to inspect
    # what desks of 配套流程 have decided, carried out on the case they serve
    ORDER = "order"  # 立督办单
    ORDER_STEP = "order_step"  # 登记督办处理
    EXTENSION = "extension"  # 登记延期决定
    WITHDRAWAL = "withdrawal"  # 撤回或终止办件
    RENEWAL = "renewal"  # 证照延续
    REVIEW = "review"  # 事项清理
    REFUND = "refund"  # 退付
    RELEASE = "release"  # 流程发布
    TACIT = "tacit"  # 默许执行情况


class SubscriptionKind(StrEnum):
    """What a live token listens to."""

    MESSAGE = "message"
    SIGNAL = "signal"


class IncidentKind(StrEnum):
    """Why a case needs an administrator; values are those Camunda users know where they exist."""

    FAILED_JOB = "failedJob"
    FAILED_EXTERNAL_TASK = "failedExternalTask"
    CALENDAR = "calendarMissing"  # a clock runs into a year whose working days are not known
    ARCHIVE = "archiveBroken"  # a sealed package, or a piece of the ledger, is not what it was
    ENGINE = "engineFailure"  # an expression failed, no flow could be taken, an error nobody caught


class JournalAction(StrEnum):
    """`subject:action`, one for every kind of change of a case."""

    CASE_STARTED = "case:started"
    CASE_COMPLETED = "case:completed"
    CASE_TERMINATED = "case:terminated"
    CASE_SUSPENDED = "case:suspended"
    CASE_RESUMED = "case:resumed"
    CASE_REOPENED = "case:reopened"  # 重新启动: withdrawn or returned by mistake
    CASE_MIGRATED = "case:migrated"  # 迁移: it goes on in another version of its process
    CASE_MIGRATED_BACK = "case:migrated_back"  # and back, before anybody went on
    CASE_VARIABLES_SET = "case:variables_set"
    TASK_CLAIMED = "task:claimed"
    TASK_RELEASED = "task:released"
    TASK_ASSIGNED = "task:assigned"
    TASK_DELEGATED = "task:delegated"
    TASK_RESOLVED = "task:resolved"
    TASK_COMPLETED = "task:completed"
    TASK_ESCALATED = "task:escalated"  # 升级: moved to the chief representative by the ladder
    TASK_UPDATED = "task:updated"
    TASK_COMMENTED = "task:commented"
    TASK_RETURNED = "task:returned"  # 退回: to an earlier task
    TASK_RECALLED = "task:recalled"  # 撤回: by who had completed it
    TOKEN_MOVED = "token:moved"  # 跳转: by who answers for the case
    TASK_TRANSFERRED = "task:transferred"  # 转办: to a named colleague
    TASK_TAKEN_BACK = "task:taken_back"  # 收回: what was given to a colleague who had not touched it
    TASK_RAISED = "task:raised"  # 审批人策略: its post could not take it, the diagram says who does
    TASK_SKIPPED = (
        "task:skipped"  # 审批人策略: nobody had to take it, because its post is empty or the person has agreed before
    )
    TASK_URGED = "task:urged"  # 催办
    TASK_SUBMITTED = "task:submitted"  # by its holder; takes effect when the signers have been heard
    TASK_UNSUBMITTED = "task:unsubmitted"  # what was submitted could not take effect
    SIGNERS_ASKED = "signing:asked"  # 加签
    SIGNING_ANSWERED = "signing:answered"  # an opinion came in
    SIGNER_REMOVED = "signing:removed"  # 减签
    SIGNING_CLOSED = "signing:closed"  # a round is over
    INSTANCE_ADDED = "instance:added"  # 加签 at a multi-instance activity
    INSTANCE_REMOVED = "instance:removed"
    COUNTERSIGNED = "countersign:closed"  # a countersigned multi-instance activity is over, by its zw:quorum
    CASE_COPIED = "case:copied"  # 抄送
    CASE_COPY_READ = "case:copy_read"  # 已阅
    TIMER_FIRED = "timer:fired"
    MESSAGE_RECEIVED = "message:received"
    MESSAGE_UNCLAIMED = "message:unclaimed"
    SIGNAL_RECEIVED = "signal:received"
    ESCALATION_UNCAUGHT = "escalation:uncaught"
    ACTION_DONE = "action:done"
    ITEM_REACHED = "item:reached"  # a mark the diagram draws (zw:reaches): 受理, 准予, 办结 …
    CLOCK_STARTED = "clock:started"
    CLOCK_PAUSED = "clock:paused"
    CLOCK_RESUMED = "clock:resumed"
    CLOCK_EXTENDED = "clock:extended"
    CLOCK_TURNED = "clock:turned"  # its light changed
    CLOCK_RECOUNTED = "clock:recounted"  # the calendar changed, an outage was declared, the chain waits
    CLOCK_STOPPED = "clock:stopped"
    CHAIN_ATTRIBUTED = "chain:attributed"  # a late chain has ended: whose the delay was
    CHAIN_CHANGED = "chain:changed"  # a department joined a running chain, or was left out of it
    LEAD_SUMMED_UP = "lead:summed_up"  # 牵头汇总: what it says stands in a note
    LEAD_CONVENED = "lead:convened"  # 召集会商: who leads calls the departments together
    LADDER_CLIMBED = "ladder:climbed"  # 升级: a rung of the ladder, once per task
    TASK_HANDED_OVER = "task:handed_over"  # 代岗: to the stand-in of somebody absent, or back
    TASK_GIVEN_BACK = "task:given_back"  # by the chief representative, after a take-over
    CARD_RAISED = "card:raised"  # 监察: hint, 黄牌 or 红牌
    CARD_SIGNED = "card:signed"  # 签收
    CARD_REPLIED = "card:replied"
    CARD_ACCEPTED = "card:accepted"
    CARD_REJECTED = "card:rejected"
    CARD_APPEALED = "card:appealed"
    CARD_REVOKED = "card:revoked"  # the appeal was upheld
    CARD_DISMISSED = "card:dismissed"
    CARD_CLOSED = "card:closed"
    TACIT_PASSED = "tacit:passed"  # 超时默许
    TACIT_HELD = "tacit:held"  # it would have passed, but an exception holds
    OPINION_LATE = "opinion:late"  # given after the rule had passed it: kept, labelled, without effect
    PROCEEDING_OPENED = "proceeding:opened"  # 补正, 听证, 延期申请, 暂缓默许 …
    PROCEEDING_CLOSED = "proceeding:closed"
    DEFERRAL_SUPPLIED = "deferral:supplied"  # 容缺: a promised material has come
    CORRECTION_REMINDED = "correction:reminded"  # the applicant, of the correction notice
    # materials
    MATERIAL_SUBMITTED = "material:submitted"  # a file was handed in
    MATERIAL_ATTACHED = "material:attached"  # 免二次录入: known already, attached by itself or chosen
    MATERIAL_SEEN = "material:seen"  # 原件已核
    MATERIAL_EXAMINED = "material:examined"  # 已审查
    MATERIAL_WITHDRAWN = "material:withdrawn"
    MATERIAL_SHARED = "material:shared"  # verified in its register, without a file
    MATERIAL_SHARE_FAILED = "material:share_failed"  # the shared base could not give it, and why
    MATERIAL_SCANNED = "material:scanned"  # out of quarantine, or found infected in it
    MATERIAL_REFUSED = "material:refused"  # infected: not kept
    # issuing, delivery, archive
    RESULT_HANDED_OVER = "result:handed_over"  # 移交发证窗口
    RESULT_RECEIVED = "result:received"  # the window signed for it
    RESULT_MISSING = "result:missing"  # it was on the list but not there
    DELIVERY_OPENED = "delivery:opened"  # something is to be handed out
    DELIVERY_CHANGED = "delivery:changed"  # another way
    DELIVERY_CODE_SENT = "delivery:code_sent"  # the 取件码, again
    DELIVERY_CODE_REFUSED = "delivery:code_refused"  # a wrong one was given
    DELIVERY_REMINDED = "delivery:reminded"  # 催领
    DELIVERY_POSTED = "delivery:posted"  # 寄出
    DELIVERY_ATTEMPTED = "delivery:attempted"  # the courier came and reached nobody
    DELIVERY_RETURNED = "delivery:returned"  # 退回窗口
    DELIVERY_DONE = "delivery:done"  # handed out or signed for
    ARCHIVE_SEALED = "archive:sealed"  # 封存
    EXTERNAL_LOCKED = "external:locked"
    EXTERNAL_COMPLETED = "external:completed"
    EXTERNAL_FAILED = "external:failed"
    EXTERNAL_ERROR = "external:bpmn_error"
    EXTERNAL_ESCALATION = "external:bpmn_escalation"
    JOB_RETRIES_SET = "job:retries_set"
    JOB_DUE_SET = "job:due_set"
    CASE_LINKED = "case:linked"  # a supporting process was started, or: this case was started by another
    EXCHANGE_QUEUED = "exchange:queued"  # 数据交换: written to go out
    EXCHANGE_SENT = "exchange:sent"  # the other side has taken it
    EXCHANGE_ANSWERED = "exchange:answered"
    EXCHANGE_FAILED = "exchange:failed"  # it could not be made, and the diagram goes another way
    ACT_REPAIRED = "act:repaired"  # an administrator changed what a failed act was given
    ACT_REPEATED = "act:repeated"
    ACT_GIVEN_UP = "act:given_up"  # with a reason; a waiting task goes on without it
    # money (docs/fees.md)
    BILL_ISSUED = "bill:issued"
    BILL_PAID = "bill:paid"
    BILL_ANOMALY = "bill:anomaly"  # money came that does not fit the bill
    BILL_OVERDUE = "bill:overdue"
    BILL_REMINDED = "bill:reminded"
    BILL_EXEMPTED = "bill:exempted"  # computed again with an exemption
    BILL_CANCELLED = "bill:cancelled"
    BILL_ABANDONED = "bill:abandoned"  # nobody paid within 60 working days
    EXEMPTION_ASKED = "exemption:asked"
    EXEMPTION_REVIEWED = "exemption:reviewed"
    EXEMPTION_DECIDED = "exemption:decided"
    REFUND_ASKED = "refund:asked"
    REFUND_DECIDED = "refund:decided"
    REFUND_DONE = "refund:done"
    INCIDENT_OPENED = "incident:opened"
    INCIDENT_RESOLVED = "incident:resolved"
    # papers
    DOCUMENT_DRAFTED = "document:drafted"  # asked for, but something it must say is missing
    DOCUMENT_ISSUED = "document:issued"
    DOCUMENT_DROPPED = "document:dropped"  # a draft nobody needs
    DOCUMENT_REPRINTED = "document:reprinted"  # 补打
    DOCUMENT_VOIDED = "document:voided"
    CERTIFICATE_ISSUED = "certificate:issued"
    CERTIFICATE_CHANGED = "certificate:changed"  # 撤销, 注销, 暂扣, 延续 …
    # messages
    MESSAGE_TOLD = "message:told"  # what did not arrive was told by telephone
    MESSAGE_REPEATED = "message:repeated"
    CONTACT_SHOWN = "contact:shown"  # the applicant's whole number was read, with a reason
    CODE_REISSUED = "code:reissued"  # another 查询码, at the window, for who showed the document
    # notes and queries inside the house; what they say stands in their own tables, which applicants do not read
    NOTE_WRITTEN = "note:written"
    NOTE_EDITED = "note:edited"
    NOTE_DELETED = "note:deleted"
    QUERY_ASKED = "query:asked"  # 内部查询
    QUERY_ANSWERED = "query:answered"
    QUERY_WITHDRAWN = "query:withdrawn"


class QueryState(StrEnum):
    """Where an internal query stands."""

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    WITHDRAWN = "WITHDRAWN"


class FactorKind(StrEnum):
    """What somebody shows besides the password."""

    TOTP = "TOTP"  # a code of the telephone, by time
    WEBAUTHN = "WEBAUTHN"  # a security key (FIDO2)


class RequestState(StrEnum):
    """A request for roles."""

    ASKED = "ASKED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class LedgerAction(StrEnum):
    """Changes outside any case."""

    PACKAGE_EXPORTED = "package:exported"  # everything that is live as one file
    PACKAGE_IMPORTED = "package:imported"  # of another installation: what was made of it
    DEPLOYED = "definition:deployed"
    WORK_TAKEN = "work:taken"  # a list of open or finished work, as a file
    DEPLOYMENT_DELETED = "deployment:deleted"
    DEFINITION_SUSPENDED = "definition:suspended"
    DEFINITION_RESUMED = "definition:resumed"
    MIGRATION_PLANNED = "migration:planned"
    MIGRATION_BEGUN = "migration:begun"
    MIGRATION_TURNED = "migration:turned"  # paused, resumed, cancelled, taken back
    DRAFT_BEGUN = "draft:begun"  # of a process, in the studio
    DRAFT_IMPORTED = "draft:imported"  # from a file of another product, with what was taken over and what was left
    DRAFT_TAKEN_OVER = "draft:taken_over"  # from who was editing it, with the reason
    DRAFT_FILE_ADDED = "draft:file_added"  # a form or decision table: new, a copy, or taken from what is deployed
    DRAFT_FILE_REMOVED = "draft:file_removed"
    DRAFT_DISCARDED = "draft:discarded"
    DRAFT_RESUMED = "draft:resumed"  # after it was discarded or handed in
    DRAFT_SUBMITTED = "draft:submitted"  # handed in to be released
    DRAFT_REHEARSED = "draft:rehearsed"  # its rehearsal was begun
    RELEASE_SCHEDULED = "release:scheduled"  # the instant at which it becomes effective
    RELEASE_CALLED_OFF = "release:called_off"  # before that instant
    VERSION_RESTORED = "definition:restored"  # an earlier version put back
    PERSON_ADDED = "person:added"
    PERSON_CHANGED = "person:changed"
    SESSION_BEGAN = "session:began"  # somebody signed in at a browser
    SESSION_ENDED = "session:ended"  # by its owner or by the security administrator
    SIGN_IN_REFUSED = "sign_in:refused"  # a wrong password or code for an account there is
    ACCOUNT_LOCKED = "account:locked"
    ADDRESS_LOCKED = "address:locked"
    FACTOR_ADDED = "factor:added"  # a second factor of one's own account
    FACTOR_REMOVED = "factor:removed"
    FACTORS_RESET = "factor:reset"  # all of them, by the security administrator or on the command line
    RECOVERY_CODES_MADE = "recovery_code:made"
    RECOVERY_CODE_USED = "recovery_code:used"
    IDENTITY_LINKED = "identity:linked"  # who somebody is at a provider or directory
    TOKEN_MADE = "token:made"
    TOKEN_REVOKED = "token:revoked"
    ROLES_ASKED = "roles:asked"  # by one administrator, decided by another one (S-09)
    ROLES_DECIDED = "roles:decided"
    ROLES_WITHDRAWN = "roles:withdrawn"
    DEPARTMENT_CHANGED = "department:changed"
    WINDOW_CHANGED = "window:changed"
    POSTING_CHANGED = "posting:changed"
    AGENDA_MOVED = "agenda:moved"  # by hand, with the reason
    AGENDA_RUN = "agenda:run"  # before its time, by hand
    LIST_EXPORTED = "list:exported"  # which list, with which filters, how many rows, for what
    CLOCK_MOVED = "clock:moved"
    CALENDAR_CHANGED = "calendar:changed"
    CALENDAR_WARNED = "calendar:warned"  # next year's is not confirmed (J-19)
    JOB_RAN = "job:ran"  # a scheduled job, once
    ABSENCE_RECORDED = "absence:recorded"
    ABSENCE_ENDED = "absence:ended"
    LETTER_REGISTERED = "letter:registered"  # 授权委托书, waits for the security administrator
    LETTER_ACTIVATED = "letter:activated"
    LETTER_WITHDRAWN = "letter:withdrawn"
    RELATIVE_DECLARED = "relative:declared"  # 回避: the ledger keeps how near, not who
    RELATIVE_WITHDRAWN = "relative:withdrawn"
    SIGNATURE_DRAWN = "signature:drawn"
    WORK_HANDED_OVER = "work:handed_over"  # everything of somebody who leaves, to a successor
    CARD_RAISED = "card:raised"  # without a case: a post nobody covers
    CARD_HANDLED = "card:handled"
    OUTAGE_DECLARED = "outage:declared"
    ERRAND_GIVEN_UP = "errand:given_up"  # of no case, by hand
    CONNECTION_CHANGED = "connection:changed"  # 对接状态 of an item
    EXCHANGE_RECEIVED = "exchange:received"  # for no case of ours
    # archive
    ARCHIVE_READ = "archive:read"  # a package was opened or taken home, with the reason
    ARCHIVE_EXPORTED = "archive:exported"  # several at once
    ARCHIVE_PLACED = "archive:placed"  # where the paper lies
    ARCHIVE_TERM_SET = "archive:term_set"  # 保管期限 of a category
    ARCHIVE_CHECKED = "archive:checked"  # J-18
    AUDIT_EXPORTED = "audit:exported"
    RECORD_TAMPERED = "record:tampered"
    DEMO_LOADED = "demo:loaded"
    BACKUP_MADE = "backup:made"  # one generation, with its files
    BACKUP_RESTORED = "backup:restored"  # this database was put back from one
    FILES_SWEPT = "files:swept"  # what nobody refers to any more was binned or deleted
    MATERIALS_TAKEN = "materials:taken"  # all materials of a case were downloaded
    # papers
    DOCUMENT_ISSUED = "document:issued"  # about no case
    DOCUMENT_VOIDED = "document:voided"
    CERTIFICATE_CHANGED = "certificate:changed"
    SEAL_CHANGED = "seal:changed"
    TEMPLATE_DEPLOYED = "template:deployed"
    # messages
    CONTACT_CHANGED = "contact:changed"  # how somebody of the house is reached
    CONTACT_SHOWN = "contact:shown"  # a whole number was read, with a reason
    MESSAGE_TEXT_CHANGED = "message:text_changed"
    MESSAGE_REPEATED = "message:repeated"
    CHANNEL_TRIED = "channel:tried"
    # -- the item register
    ITEMS_DEPLOYED = "item:deployed"
    ITEM_DRAFTED = "item:drafted"
    ITEM_SUBMITTED = "item:submitted"
    ITEM_CHECKED = "item:checked"  # 法制审核
    ITEM_RETURNED = "item:returned"
    ITEM_DROPPED = "item:dropped"
    ITEM_PUBLISHED = "item:published"
    ITEM_EFFECTIVE = "item:effective"
    ITEM_WITHDRAWN = "item:withdrawn"  # before it was in force
    ITEM_STATUS = "item:status"  # 暂停, 恢复, 取消, 下放
    REVIEW_OPENED = "review:opened"  # 年规范, 季清理
    REVIEW_FILED = "review:filed"
    REVIEW_MOVED = "review:moved"  # summed up, checked by 法制, published
    # money (docs/fees.md)
    FEE_PROPOSED = "fee:proposed"
    FEE_DECIDED = "fee:decided"
    FEE_ENDED = "fee:ended"
    MONEY_UNKNOWN = "money:unknown"  # came in for a bill nobody knows
    MONEY_RETURNED = "money:returned"  # what came in for no bill: asked back, decided on, given back
    DAY_RECONCILED = "reconciliation:run"
    EXCEPTION_HANDLED = "reconciliation:handled"
    # the window
    WINDOW_KEPT = "window:kept"  # added or changed
    APPLICANTS_SEARCHED = "applicants:searched"  # who has applied before was looked up, masked
