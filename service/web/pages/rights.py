"""Which places of the site a person is shown. Casework decides again what may be done there."""

from __future__ import annotations

from typing import Any

from service.casework.archive.rights import KEEPERS as ARCHIVE_KEEPERS
from service.casework.archive.rights import SEERS as ARCHIVE_SEERS
from service.casework.calendars import CALENDAR_READERS
from service.casework.clocks.outages import DECLARERS
from service.casework.delivery.rights import HANDERS
from service.casework.delivery.rights import LOOKERS as ISSUE_LOOKERS
from service.casework.demo_clock import MOVERS
from service.casework.exchange import EXCHANGE_READERS
from service.casework.letters import LETTER_READERS
from service.casework.messages.channels import ADMINISTRATORS
from service.casework.messages.reading import LOG_READERS
from service.casework.messages.undelivered import CALLERS
from service.casework.money.rights import OVERSEERS as MONEY_OVERSEERS
from service.casework.money.rights import STANDARD_READERS
from service.casework.notes.queries import WINDOW as QUERY_WINDOW
from service.casework.notes.rights import is_insider
from service.casework.operations.rights import DEPLOYMENT_READERS, OPERATORS
from service.casework.packages.exporting import KEEPERS as PACKAGE_KEEPERS
from service.casework.papers.reading import SERIES_READERS
from service.casework.papers.stationery import SEAL_READERS
from service.casework.papers.templates import TEMPLATE_READERS
from service.casework.quality import may_register, may_see, may_see_ratings
from service.casework.rights import COORDINATORS, KEEPERS, SEERS, STARTERS
from service.casework.staff.rights import LEDGER_READERS, STAFF_READERS
from service.casework.studio.restoring import RESTORERS
from service.casework.studio.rights import DESIGNERS
from service.casework.supervising import OVERSEERS
from service.casework.window.desks import CLERKS
from service.casework.workbench import MAY_DEPLOY, MAY_READ
from service.casework.workbench.chief_pages import CHIEFS

READS_DATA = ("process_designer", "business_office", "supervisor")


class Rights:
    """What the navigation offers to one actor."""

    def __init__(self, actor: Any, *, demo: bool) -> None:
        self._actor = actor
        self._demo = demo

    @property
    def take_in(self) -> bool:
        """收件: start cases."""
        return bool(self._actor.has(*STARTERS) or (self._demo and self._actor.has("process_designer")))

    @property
    def own_cases(self) -> bool:
        """我的办件: who applies, for themselves or for others."""
        return bool(self._actor.has("applicant", "agency_officer")) and not self._actor.service

    @property
    def answer_queries(self) -> bool:
        """内部查询: the window asks the applicant for who reviews."""
        return bool(self._actor.has(*QUERY_WINDOW) and not self._actor.service)

    @property
    def work_together(self) -> bool:
        """会签与传阅: opinions one is asked for and cases one was sent; for who works in the house."""
        return bool(not self._actor.service and is_insider(self._actor))

    @property
    def window(self) -> bool:
        """综合窗口: take in what comes over the counter."""
        return bool(self._actor.has(*CLERKS))

    @property
    def read_windows(self) -> bool:
        """窗口设置: see which window takes what."""
        return bool(self._actor.has("business_office", "supervisor", "system_admin"))

    @property
    def read_processes(self) -> bool:
        """流程: see the library."""
        return bool(self._actor.has(*MAY_READ))

    @property
    def design(self) -> bool:
        """流程设计: draw processes."""
        return bool(self._actor.has(*DESIGNERS))

    @property
    def restore(self) -> bool:
        """Put an earlier version of a process back."""
        return bool(self._actor.has(*RESTORERS))

    @property
    def read_cases(self) -> bool:
        """See every case, so that a number of cases may lead to their list."""
        return bool(self._actor.has(*SEERS))

    @property
    def read_data(self) -> bool:
        """See the variables of a case by their technical names."""
        return bool(self._actor.has(*READS_DATA))

    @property
    def deploy(self) -> bool:
        """Upload revised files."""
        return bool(self._actor.has(*MAY_DEPLOY))

    @property
    def keep_packages(self) -> bool:
        """Export and import everything that is live."""
        return bool(self._actor.has(*PACKAGE_KEEPERS))

    @property
    def oversee(self) -> bool:
        """监察: see every hint and card, of every department."""
        return bool(self._actor.has(*OVERSEERS))

    @property
    def keep_duty(self) -> bool:
        """值班与代岗: everybody who works in the centre."""
        return bool(self._actor.roles - {"applicant", "service"})

    @property
    def read_letters(self) -> bool:
        """授权委托书: one's department's, or all."""
        return bool(self._actor.has(*LETTER_READERS))

    @property
    def lead(self) -> bool:
        """首席代表: who leads a department."""
        return self._actor.department is not None and bool(self._actor.has(*CHIEFS))

    @property
    def lead_chains(self) -> bool:
        """牵头联办: the chains one's department leads."""
        return self._actor.department is not None and bool(self._actor.has(*COORDINATORS))

    @property
    def declare(self) -> bool:
        """回避申报: everybody who works for a department or the centre."""
        return self._actor.department is not None and not self._actor.service

    @property
    def read_calendar(self) -> bool:
        """工作日历: see the years and their history."""
        return bool(self._actor.has(*CALENDAR_READERS))

    @property
    def keep_calendar(self) -> bool:
        """Enter a year, and be told when one is missing."""
        return bool(self._actor.has(*KEEPERS))

    @property
    def declare_outages(self) -> bool:
        """系统故障: say that the service was down."""
        return bool(self._actor.has(*DECLARERS))

    # money

    @property
    def read_bills(self) -> bool:
        """收费单, 减免与退付, 对账: see all of them."""
        return bool(self._actor.has(*MONEY_OVERSEERS))

    @property
    def issue_bills(self) -> bool:
        """收费部门: issue the bill of a case whose diagram does not."""
        return "fee_manager" in self._actor.roles

    @property
    def take_money(self) -> bool:
        """缴费台: the bank's cashier, nobody else."""
        return "cashier" in self._actor.roles

    @property
    def read_standards(self) -> bool:
        """收费标准管理: versions with their acts."""
        return bool(self._actor.has(*STANDARD_READERS))

    @property
    def see_undelivered(self) -> bool:
        """未送达: what applicants have to be told otherwise."""
        return bool(self._actor.has(*CALLERS, *ADMINISTRATORS))

    @property
    def call_applicants(self) -> bool:
        """Read a number with a reason, and say that somebody was told."""
        return bool(self._actor.has(*CALLERS))

    @property
    def read_message_log(self) -> bool:
        """发送记录: every message."""
        return bool(self._actor.has(*LOG_READERS))

    @property
    def manage_messages(self) -> bool:
        """消息模板 and 通道."""
        return bool(self._actor.has(*ADMINISTRATORS))

    @property
    def repair(self) -> bool:
        """异常: see to what has failed."""
        return bool(self._actor.has(*KEEPERS))

    @property
    def read_exchange(self) -> bool:
        """数据交换: see what went to and came from other systems."""
        return bool(self._actor.has(*EXCHANGE_READERS))

    @property
    def issue(self) -> bool:
        """发证窗口: see what waits to be fetched."""
        return bool(self._actor.has(*ISSUE_LOOKERS))

    @property
    def hand_over(self) -> bool:
        """移交单: bring certificates to the window, or sign for them."""
        return bool(self._actor.has(*ISSUE_LOOKERS) or (self._actor.department and self._actor.has(*HANDERS)))

    @property
    def see_archive(self) -> bool:
        """档案: see the files of ended cases."""
        return bool(self._actor.has(*ARCHIVE_SEERS))

    @property
    def keep_archive(self) -> bool:
        """Decide how long files are kept."""
        return bool(self._actor.has(*ARCHIVE_KEEPERS))

    @property
    def read_certificates(self) -> bool:
        """证照台账: everybody who works in the centre or a department."""
        return bool(self._actor.roles - {"service"})

    @property
    def read_numbers(self) -> bool:
        """文书编号台账."""
        return bool(self._actor.has(*SERIES_READERS))

    @property
    def read_templates(self) -> bool:
        """文书模板."""
        return bool(self._actor.has(*TEMPLATE_READERS))

    @property
    def read_seals(self) -> bool:
        """印章."""
        return bool(self._actor.has(*SEAL_READERS))

    @property
    def move_clock(self) -> bool:
        """Move the demonstration clock."""
        return bool(self._demo and self._actor.has(*MOVERS))

    # administration

    @property
    def read_staff(self) -> bool:
        """组织与人员: departments, posts, windows, accounts, requests for roles."""
        return not self._actor.roles.isdisjoint(STAFF_READERS)

    @property
    def operate(self) -> bool:
        """运行: agenda, scheduled jobs, external tasks, state of the system."""
        return bool(self._actor.has(*OPERATORS))

    @property
    def read_deployments(self) -> bool:
        """部署记录."""
        return bool(self._actor.has(*DEPLOYMENT_READERS))

    @property
    def read_ledger(self) -> bool:
        """审计记录: every change outside cases."""
        return not self._actor.roles.isdisjoint(LEDGER_READERS)

    # quality

    @property
    def see_complaints(self) -> bool:
        """投诉: file one, or see those one may."""
        return may_register(self._actor, "complaints") or may_see(self._actor, "complaints")

    @property
    def see_ratings(self) -> bool:
        """评价: one's own, one's department's, or all."""
        return may_see_ratings(self._actor)

    @property
    def open_faults(self) -> bool:
        """过错责任: begin one, for example from a card."""
        return may_register(self._actor, "faults")

    def sees(self, register: str) -> bool:
        """A register of quality."""
        return may_see(self._actor, register) or may_register(self._actor, register)
