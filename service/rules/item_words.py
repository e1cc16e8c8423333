"""The words of the item register (事项目录): what a card may say in a closed list. Names for people stand in the pages."""

from __future__ import annotations

from enum import StrEnum


class ItemType(StrEnum):
    """事项类型; the value GB/T 39046 gives it stands in `TYPE_CODES`."""

    LICENSE = "LICENSE"  # 行政许可
    CONFIRM = "CONFIRM"  # 行政确认
    BENEFIT = "BENEFIT"  # 行政给付
    LEVY = "LEVY"  # 行政征收
    RULING = "RULING"  # 行政裁决
    OTHER = "OTHER"  # 其他行政权力
    SERVICE = "SERVICE"  # 公共服务


TYPE_LETTERS = {  # of the code NNN-TT-NNN
    "XK": ItemType.LICENSE,
    "QR": ItemType.CONFIRM,
    "JF": ItemType.BENEFIT,
    "ZS": ItemType.LEVY,
    "CJ": ItemType.RULING,
    "QT": ItemType.OTHER,
    "GG": ItemType.SERVICE,
}
TYPE_CODES = {
    ItemType.LICENSE: "01",
    ItemType.LEVY: "04",
    ItemType.BENEFIT: "05",
    ItemType.CONFIRM: "07",
    ItemType.RULING: "09",
    ItemType.OTHER: "10",
    ItemType.SERVICE: "20",
}


class ItemNature(StrEnum):
    """事项性质 (XZ-01)."""

    APPROVAL = "APPROVAL"  # 审批
    REVIEW = "REVIEW"  # 审核
    FILING = "FILING"  # 备案
    REGISTRATION = "REGISTRATION"  # 登记
    SERVICE = "SERVICE"  # 服务


class ItemCategory(StrEnum):
    """The two counts of the published catalogue (SM-01)."""

    APPROVAL = "APPROVAL"  # 审批事项
    CONVENIENCE = "CONVENIENCE"  # 便民服务事项


class ItemKind(StrEnum):
    """办件类型."""

    IMMEDIATE = "IMMEDIATE"  # 即办件
    PROMISED = "PROMISED"  # 承诺件
    JOINT = "JOINT"  # 联办件
    REPORT_UP = "REPORT_UP"  # 上报件


class ItemLevel(StrEnum):
    """行使层级."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    TOWNSHIP = "TOWNSHIP"
    VILLAGE = "VILLAGE"


class ItemStatus(StrEnum):
    """Publication state of the item; it changes with a version, so that it has a date and a reason."""

    ACTIVE = "ACTIVE"  # 在用
    SUSPENDED = "SUSPENDED"  # 暂停
    CANCELLED = "CANCELLED"  # 取消
    DEVOLVED = "DEVOLVED"  # 下放


class ItemLimitUnit(StrEnum):
    """What a statutory limit counts."""

    WORKDAY = "WORKDAY"  # 工作日
    CALENDAR = "CALENDAR"  # 自然日
    IMMEDIATE = "IMMEDIATE"  # 即时
    NONE = "NONE"  # 法律没有规定


class LockGround(StrEnum):
    """Why silence can never decide an item (行政许可法 art. 12, 53, 57); whoever changes the item cannot take it away."""

    PUBLIC_SAFETY = "PUBLIC_SAFETY"  # 公共安全
    HEALTH = "HEALTH"  # 人身健康和生命财产安全
    ECOLOGY = "ECOLOGY"  # 生态环境
    SCARCE = "SCARCE"  # 有限资源、数量限制


class MaterialForm(StrEnum):
    """In which form a material is handed in."""

    ORIGINAL = "ORIGINAL"  # 原件
    COPY = "COPY"  # 复印件
    ELECTRONIC = "ELECTRONIC"  # 电子件
    FORM = "FORM"  # 系统填表


class MaterialNeed(StrEnum):
    """Whether a material is needed; there is no third value: a list is closed."""

    MANDATORY = "MANDATORY"  # 必要
    CONDITIONAL = "CONDITIONAL"  # 有条件的必要, the condition is written out


class MaterialSource(StrEnum):
    """Where a material comes from."""

    APPLICANT = "APPLICANT"  # 申请人自备
    SHARED = "SHARED"  # 数据共享, 免提交
    THIRD_PARTY = "THIRD_PARTY"  # 中介机构


class ItemChannel(StrEnum):
    """办理渠道."""

    COUNTER = "COUNTER"
    ONLINE = "ONLINE"
    TOWNSHIP = "TOWNSHIP"
    VILLAGE = "VILLAGE"
    KIOSK = "KIOSK"
    MAIL = "MAIL"


class ItemAudience(StrEnum):
    """服务对象."""

    PERSON = "PERSON"  # 自然人
    ENTERPRISE = "ENTERPRISE"  # 企业法人
    INSTITUTION = "INSTITUTION"  # 事业法人
    SOCIAL = "SOCIAL"  # 社会组织法人
    AUTHORITY = "AUTHORITY"  # 行政机关


class ItemBoard(StrEnum):
    """板块 of the hall."""

    APPROVAL = "APPROVAL"  # 行政审批
    SERVICE = "SERVICE"  # 政务服务
    CONVENIENCE = "CONVENIENCE"  # 便民服务


class ItemTheme(StrEnum):
    """What the catalogue sorts by for people who do not know the department."""

    CONSTRUCTION = "CONSTRUCTION"  # 工程建设
    START = "START"  # 企业开办
    BUSINESS = "BUSINESS"  # 经营许可
    SAFETY = "SAFETY"  # 安全生产
    ENVIRONMENT = "ENVIRONMENT"  # 环保水务
    TRANSPORT = "TRANSPORT"  # 交通运输
    HEALTH = "HEALTH"  # 医疗卫生
    EDUCATION = "EDUCATION"  # 教育
    FAMILY = "FAMILY"  # 婚育户籍
    ELDERLY = "ELDERLY"  # 养老
    INSURANCE = "INSURANCE"  # 社保就业
    TAX = "TAX"  # 税费
    HOUSING = "HOUSING"  # 住房与不动产
    CULTURE = "CULTURE"  # 文化旅游
    FARMING = "FARMING"  # 农林
    UTILITIES = "UTILITIES"  # 水电


class ComplaintKind(StrEnum):
    """How one complains."""

    PHONE = "PHONE"
    WINDOW = "WINDOW"
    ONLINE = "ONLINE"
    LETTER = "LETTER"


class ResultKind(StrEnum):
    """What one gets in the end."""

    CERTIFICATE = "CERTIFICATE"  # 证照
    APPROVAL = "APPROVAL"  # 批文
    RECEIPT = "RECEIPT"  # 备案回执
    SERVICE = "SERVICE"  # 办理结果, such as a contract


class ExceptionReason(StrEnum):
    """Why a promise is longer than three working days or two thirds of the statutory limit (AMB-12)."""

    SURVEY = "SURVEY"  # E1 现场勘查
    EXPERT = "EXPERT"  # E2 专家或技术评审、检验检测
    CONSULT = "CONSULT"  # E3 征求意见、会签
    PUBLICITY = "PUBLICITY"  # E4 公示、听证
    UPPER = "UPPER"  # E5 上级或政府决定、限额
    COMPLEX = "COMPLEX"  # E6 事项复杂


class FieldKind(StrEnum):
    """What a field of the application holds."""

    TEXT = "TEXT"
    LONG_TEXT = "LONG_TEXT"
    WHOLE = "WHOLE"
    DECIMAL = "DECIMAL"
    DATE = "DATE"
    DATE_RANGE = "DATE_RANGE"
    YES_NO = "YES_NO"
    CHOICE = "CHOICE"
    LIST = "LIST"
    FILE = "FILE"
    PARTY = "PARTY"  # a person or an organisation
    PLACE = "PLACE"  # a geometry
