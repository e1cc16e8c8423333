"""What single items ask beside the four desks: the special nodes of their cards (办件特别环节), as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Short:
    """A short way beside 审核: small cases are checked against a promise (承诺) and go straight to 批准."""

    question: str
    condition: str  # FEEL
    label: str
    otherwise: str
    task: str


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """A procedure every case needs before 审核, or those of which a condition (FEEL) holds."""

    kind: str
    question: str = ""
    condition: str = ""
    label: str = ""
    otherwise: str = ""


@dataclass(frozen=True, kw_only=True)
class Consulted:
    """Opinions that are asked before 审核. `pause`: their time is not counted. `beside`: somebody outside, asked as well."""

    lane: str
    dept: str
    task: str
    name: str
    limit: str
    question: str = ""
    condition: str = ""
    label: str = ""
    otherwise: str = ""
    pause: str = ""
    beside: tuple[str, str, str, str, str] = ("", "", "", "", "")  # question, condition, label, otherwise, name of desk


@dataclass(frozen=True, kw_only=True)
class Late:
    """A filing the applicant had to make in so many days: who comes late is noted for supervision."""

    since: str  # variable with the day
    days: int


@dataclass(frozen=True, kw_only=True)
class Works:
    """What is built after the contract, while no limit runs any more."""

    question: str
    condition: str
    label: str
    otherwise: str
    task: str


@dataclass(frozen=True, kw_only=True)
class Special:
    """Everything special of one item. `survey`: "", "always", or FEEL of the cases that need one.

    `unless`: FEEL that must hold for a grant, beside what the chief representative decides. `elsewhere`: FEEL of the
    cases another authority decides, which the window turns away. `computed`: further lines of 收件登记.
    """

    survey: str = ""
    short: Short | None = None
    ordered: Ordered | None = None
    consulted: Consulted | None = None
    late: Late | None = None
    works: Works | None = None
    batch: bool = False  # applications are decided batch by batch: one working day of 审核 to enter it in one
    publicity: str = ""  # how long, e.g. 5wd
    counted: bool = False  # its days are part of 审核 (the rule where no local one leaves them out, C.5.2)
    tax: str = ""  # FEEL of the control point of 税控联管 that is passed before 批准
    hearing: bool = False
    meeting: bool = False
    unless: str = ""
    elsewhere: str = ""
    authority: str = ""
    follow: tuple[str, ...] = ("", "")  # matter, limit, and the system that hears of it first, if any
    booked: bool = False  # the survey is agreed at the window
    promoted: tuple[str, ...] = ()  # answers of the window that become variables
    longer: tuple[tuple[str, str], ...] = ()  # steps of cases for which the law says longer, and how long
    found: tuple[str, ...] = ()  # answers of the reviewing desk that become variables
    computed: str = ""


SPECIALS: dict[str, Special] = {
    "101-XK-003": Special(
        short=Short(
            question="用能规模",
            condition="annual_energy_tce < 1000 and annual_power_kwh < 5000000",
            label="承诺登记",
            otherwise="节能审查",
            task="承诺登记核对",
        ),
    ),
    "102-QR-004": Special(unless="deviation_pct = null or deviation_pct <= 3", found=("deviation_pct",)),
    "102-QR-005": Special(
        tax='if reg_type = "转移" then "T4" else "T2"',
        unless="tax_cleared = true",
        found=("house_use",),
        computed="house_use = null\ntax_cleared = null\ntax_voucher = null",
    ),
    "103-XK-004": Special(
        survey="site_check = true",
        ordered=Ordered(
            kind="EXPERT", question="管理类别", condition='mgmt_class = "重点"', label="重点管理", otherwise="简化管理"
        ),
        longer=(("Notice_Expert_Ordered", "30cd"), ("Script_Survey", "45cd")),
        found=("site_check",),
        computed="site_check = null",
    ),
    "104-QT-007": Special(late=Late(since="accept_date", days=15), found=("docs_check",), computed="docs_check = null"),
    "104-XK-006": Special(
        tax='"T3"',
        unless="invested_pct = null or invested_pct >= 25",
        computed="tax_cleared = null\ntax_voucher = null",
    ),
    "105-QT-002": Special(booked=True, promoted=("survey_on", "half", "place")),
    "107-XK-002": Special(publicity="5wd"),
    "108-XK-001": Special(
        consulted=Consulted(
            lane="住建",
            dept="104",
            task="Task_Opinion_Housing",
            name="供水意见",
            limit="5wd",
            question="取水水源",
            condition='source = "地下"',
            label="地下水",
            otherwise="地表水",
            pause="CONSULT",
        ),
    ),
    "108-XK-002": Special(
        short=Short(
            question="方案类型",
            condition='plan_type = "报告表" or plan_type = "登记表"',
            label="报告表",
            otherwise="报告书",
            task="承诺核对",
        ),
        ordered=Ordered(kind="EXPERT"),
    ),
    "109-XK-004": Special(
        consulted=Consulted(
            lane="公安交管",
            dept="112",
            task="Task_Opinion_Traffic",
            name="交通安全意见",
            limit="3wd",
            beside=("公路性质", "toll_road = true", "经营性公路", "其他公路", "公路企业意见"),
        ),
        promoted=("toll_road",),
        computed="toll_road = null",
    ),
    "111-XK-004": Special(
        late=Late(since="used_since", days=30), promoted=("used_since",), computed="used_since = null"
    ),
    "112-XK-004": Special(follow=("购买之日起三日内备案并联网核销许可证副本", "20wd", "police")),
    "115-XK-002": Special(publicity="5wd", counted=True),
    "117-GG-003": Special(batch=True),
    "117-XK-001": Special(meeting=True),
    "119-XK-001": Special(hearing=True, unless="distance_school_m = null or distance_school_m >= 200"),
    "119-XK-002": Special(follow=("存入旅行社质量保证金并报送凭证", "3wd")),
    "119-XK-003": Special(elsewhere="foreign = true", authority="省级文化和旅游主管部门"),
    "120-XK-002": Special(elsewhere="restricted = true", authority="省级农业农村主管部门"),
    "121-XK-001": Special(
        unless="quota_left = null or volume_m3 = null or quota_left >= volume_m3",
        found=("quota_left",),
        computed="quota_left = null",
    ),
    "123-XK-001": Special(
        unless='layout_fits != "no"', found=("layout_fits",), computed="layout_fits = null"
    ),
    "125-GG-001": Special(
        works=Works(
            question="外线工程",
            condition='voltage = "10kV"',
            label="需外线施工",
            otherwise="直接接电",
            task="外线工程",
        )
    ),
}  # fmt: skip


def special_of(card: dict) -> Special:
    """The special nodes of a card: what stands here, and a survey wherever the card asks for one."""
    found = SPECIALS.get(card["code"], Special())
    if card.get("survey") and not found.survey:
        return Special(**{**found.__dict__, "survey": "always"})
    return found


PROMISED = """
101-QT-004 101-XK-003 102-QR-004 102-QR-005 102-XK-001 103-XK-004 104-QT-007 104-XK-003 104-XK-006 105-QT-002
107-XK-002 107-XK-004 107-XK-006 108-XK-001 108-XK-002 108-XK-003 109-XK-001 109-XK-004 111-XK-002 111-XK-004
112-QR-005 112-XK-002 112-XK-003 112-XK-004 114-XK-002 114-XK-003 115-XK-001 115-XK-002 115-XK-003 116-XK-001
116-XK-002 116-XK-003 117-GG-003 117-XK-001 118-XK-001 119-XK-001 119-XK-002 119-XK-003 119-XK-004 120-XK-001
120-XK-002 120-XK-003 121-XK-001 122-XK-001 122-XK-002 123-XK-001 125-GG-001 125-GG-002 129-QR-001
""".split()  # drawn from their cards; the twelve of catalogue.json and those of several departments are not
