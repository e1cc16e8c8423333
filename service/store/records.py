"""The unit of work: one connection inside one transaction, one frozen instant, and the aggregates of the trade."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from service.store.wire import Wire

if TYPE_CHECKING:
    from service.rules.worktime import WorkCalendar
    from service.store.absences import Absences
    from service.store.agenda import Agenda
    from service.store.archives import Archives
    from service.store.audits import Audits
    from service.store.bills import Bills
    from service.store.bulk_runs import BulkRuns
    from service.store.calendars import Calendars, CalendarShelf
    from service.store.cases import Cases
    from service.store.certificates import Certificates
    from service.store.clocks import Clocks
    from service.store.deliveries import Deliveries
    from service.store.deployments import Deployments
    from service.store.documents import Documents
    from service.store.drafts import Drafts
    from service.store.exchange import Exchange
    from service.store.external import ExternalTasks
    from service.store.factors import Factors
    from service.store.fee_standards import FeeStandards
    from service.store.followings import Followings
    from service.store.history import History
    from service.store.idempotency import Idempotency
    from service.store.identities import Identities
    from service.store.incidents import Incidents
    from service.store.intakes import Applicants, Intakes
    from service.store.ledger import Ledger
    from service.store.letters import Letters
    from service.store.materials import Materials
    from service.store.measures import Measures
    from service.store.messages import Messages, Nonces
    from service.store.migrating import Migrations
    from service.store.notes import Notes
    from service.store.organisation import Organisation
    from service.store.people import People
    from service.store.proceedings import Proceedings
    from service.store.quality import Quality
    from service.store.queries import Queries
    from service.store.reconciliations import Reconciliations
    from service.store.register import Register
    from service.store.rehearsals import Rehearsals
    from service.store.reviews import Reviews
    from service.store.saved_filters import SavedFilters
    from service.store.seals import Seals
    from service.store.seats import Staff, StaffShelf
    from service.store.series import NumberSeries
    from service.store.settings_table import SettingsTable
    from service.store.stationery import Stationery
    from service.store.studio import ProcessDrafts
    from service.store.subscriptions import Subscriptions
    from service.store.supervision import Supervision
    from service.store.tasks import Tasks
    from service.store.together import Together
    from service.store.variables import Variables
    from service.store.versions import Versions


class Records(Wire):
    """Everything a use case reads and writes, all of it in one transaction at the instant `now` (aware, UTC)."""

    def __init__(
        self,
        connection: Connection,
        now: datetime,
        *,
        shelf: CalendarShelf,
        staff: StaffShelf,
        seals: Seals,
        writes: bool,
    ) -> None:
        super().__init__(connection)
        self.now = now
        self.writes = writes
        self._shelf, self._staff_shelf = shelf, staff
        self.seals = seals
        self._staff_changed = False
        self.real_now = now  # the same without a demo clock, which may stand still: for how long a node holds an item
        self.clock_moved = False  # this unit of work has moved the demo clock
        self.prompt = False  # something was put on the agenda that is ready at once: wake the worker after the commit

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`: for locking clauses that only one of them knows."""
        return self.connection.dialect.name

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The working days every limit of this transaction is counted by: one statement, when first asked for.

        Never stale: whoever changes a calendar waits for the transactions that have asked.
        """
        return self._shelf.take(self.calendars)

    def forget_calendar(self) -> None:
        """This transaction has changed it."""
        self.__dict__.pop("calendar", None)

    @cached_property
    def staff(self) -> Staff:
        """The posts everything of this transaction is placed by, as they were when it first asked (or took a task)."""
        return self._staff_shelf.take(self, changed=self._staff_changed)

    def forget_staff(self) -> None:
        """This transaction changes a person, a role or an absence."""
        self._staff_changed = True
        self.__dict__.pop("staff", None)

    @cached_property
    def versions(self) -> Versions:
        """Versions of what is counted and placed by."""
        from service.store.versions import Versions

        return Versions(self)

    @cached_property
    def calendars(self) -> Calendars:
        """Years of the country and of regions."""
        from service.store.calendars import Calendars

        return Calendars(self)

    @cached_property
    def cases(self) -> Cases:
        """Running and ended cases."""
        from service.store.cases import Cases

        return Cases(self)

    @cached_property
    def tasks(self) -> Tasks:
        """User tasks and who may do them."""
        from service.store.tasks import Tasks

        return Tasks(self)

    @cached_property
    def together(self) -> Together:
        """Opinions asked for, copies, drafts."""
        from service.store.together import Together

        return Together(self)

    @cached_property
    def agenda(self) -> Agenda:
        """What will happen and when."""
        from service.store.agenda import Agenda

        return Agenda(self)

    @cached_property
    def clocks(self) -> Clocks:
        """Limits that run and ran."""
        from service.store.clocks import Clocks

        return Clocks(self)

    @cached_property
    def queries(self) -> Queries:
        """Codes applicants ask with."""
        from service.store.queries import Queries

        return Queries(self)

    @cached_property
    def absences(self) -> Absences:
        """Who is away, when and why."""
        from service.store.absences import Absences

        return Absences(self)

    @cached_property
    def letters(self) -> Letters:
        """授权委托书, declared relatives, signatures."""
        from service.store.letters import Letters

        return Letters(self)

    @cached_property
    def supervision(self) -> Supervision:
        """Hints, cards and orders."""
        from service.store.supervision import Supervision

        return Supervision(self)

    @cached_property
    def materials(self) -> Materials:
        """Lines of materials, their versions, and the shared base."""
        from service.store.materials import Materials

        return Materials(self)

    @cached_property
    def proceedings(self) -> Proceedings:
        """What goes on beside the path of cases, and outages."""
        from service.store.proceedings import Proceedings

        return Proceedings(self)

    @cached_property
    def exchange(self) -> Exchange:
        """Linked cases, messages to and from other systems, connections."""
        from service.store.exchange import Exchange

        return Exchange(self)

    @cached_property
    def external(self) -> ExternalTasks:
        """Work that waits for a worker elsewhere."""
        from service.store.external import ExternalTasks

        return ExternalTasks(self)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """What live tokens listen to."""
        from service.store.subscriptions import Subscriptions

        return Subscriptions(self)

    @cached_property
    def variables(self) -> Variables:
        """Current values of process and local variables."""
        from service.store.variables import Variables

        return Variables(self)

    @cached_property
    def history(self) -> History:
        """Journal lines and element instances."""
        from service.store.history import History

        return History(self)

    @cached_property
    def incidents(self) -> Incidents:
        """What needs an administrator."""
        from service.store.incidents import Incidents

        return Incidents(self)

    @cached_property
    def notes(self) -> Notes:
        """Internal notes and queries."""
        from service.store.notes import Notes

        return Notes(self)

    @cached_property
    def people(self) -> People:
        """Departments, people and their roles."""
        from service.store.people import People

        return People(self)

    @cached_property
    def identities(self) -> Identities:
        """Sessions, addresses with failures, earlier passwords."""
        from service.store.identities import Identities

        return Identities(self)

    @cached_property
    def factors(self) -> Factors:
        """Second factors, recovery codes, tokens of programs."""
        from service.store.factors import Factors

        return Factors(self)

    @cached_property
    def messages(self) -> Messages:
        """What people are told."""
        from service.store.messages import Messages

        return Messages(self)

    @cached_property
    def nonces(self) -> Nonces:
        """What signed requests have used once."""
        from service.store.messages import Nonces

        return Nonces(self)

    @cached_property
    def deployments(self) -> Deployments:
        """Deployments, definitions and bindings."""
        from service.store.deployments import Deployments

        return Deployments(self)

    @cached_property
    def ledger(self) -> Ledger:
        """Changes outside any case."""
        from service.store.ledger import Ledger

        return Ledger(self)

    @cached_property
    def register(self) -> Register:
        """Items of the catalogue and their versions."""
        from service.store.register import Register

        return Register(self)

    @cached_property
    def measures(self) -> Measures:
        """Supporting cases by what they are about, and releases."""
        from service.store.measures import Measures

        return Measures(self)

    @cached_property
    def audits(self) -> Audits:
        """The sealed audit trail."""
        from service.store.audits import Audits

        return Audits(self)

    @cached_property
    def process_drafts(self) -> ProcessDrafts:
        """Drafts of the studio."""
        from service.store.studio import ProcessDrafts

        return ProcessDrafts(self)

    @cached_property
    def rehearsals(self) -> Rehearsals:
        """What a draft or a release was found to do before it is live."""
        from service.store.rehearsals import Rehearsals

        return Rehearsals(self)

    @cached_property
    def reviews(self) -> Reviews:
        """Yearly reviews and quarterly clean-ups of the catalogue."""
        from service.store.reviews import Reviews

        return Reviews(self)

    @cached_property
    def archives(self) -> Archives:
        """Files of ended cases and their sealed packages."""
        from service.store.archives import Archives

        return Archives(self)

    @cached_property
    def deliveries(self) -> Deliveries:
        """What is to be handed out, and 移交单."""
        from service.store.deliveries import Deliveries

        return Deliveries(self)

    @cached_property
    def settings(self) -> SettingsTable:
        """Values the service keeps about itself."""
        from service.store.settings_table import SettingsTable

        return SettingsTable(self)

    @cached_property
    def series(self) -> NumberSeries:
        """Numbers without gaps."""
        from service.store.series import NumberSeries

        return NumberSeries(self)

    @cached_property
    def idempotency(self) -> Idempotency:
        """Answers already given to a repeated request."""
        from service.store.idempotency import Idempotency

        return Idempotency(self)

    @cached_property
    def documents(self) -> Documents:
        """文书 and 受理号."""
        from service.store.documents import Documents

        return Documents(self)

    @cached_property
    def certificates(self) -> Certificates:
        """证照."""
        from service.store.certificates import Certificates

        return Certificates(self)

    @cached_property
    def stationery(self) -> Stationery:
        """Seals and templates of papers."""
        from service.store.stationery import Stationery

        return Stationery(self)

    @cached_property
    def fees(self) -> FeeStandards:
        """Versions of fee standards."""
        from service.store.fee_standards import FeeStandards

        return FeeStandards(self)

    @cached_property
    def bills(self) -> Bills:
        """Bills, payments, refunds, exemptions."""
        from service.store.bills import Bills

        return Bills(self)

    @cached_property
    def reconciliations(self) -> Reconciliations:
        """Days compared with the payment channel."""
        from service.store.reconciliations import Reconciliations

        return Reconciliations(self)

    @cached_property
    def organisation(self) -> Organisation:
        """Windows, postings and requests for roles."""
        from service.store.organisation import Organisation

        return Organisation(self)

    @cached_property
    def quality(self) -> Quality:
        """Ratings and samples."""
        from service.store.quality import Quality

        return Quality(self)

    @cached_property
    def saved_filters(self) -> SavedFilters:
        """Filters of the inbox people keep."""
        from service.store.saved_filters import SavedFilters

        return SavedFilters(self)

    @cached_property
    def followings(self) -> Followings:
        """Cases people follow."""
        from service.store.followings import Followings

        return Followings(self)

    @cached_property
    def bulk_runs(self) -> BulkRuns:
        """One act over many tasks."""
        from service.store.bulk_runs import BulkRuns

        return BulkRuns(self)

    @cached_property
    def migrations(self) -> Migrations:
        """Plans and batches that bring running cases to another version."""
        from service.store.migrating import Migrations

        return Migrations(self)

    @cached_property
    def intakes(self) -> Intakes:
        """Windows, what was taken in at them, favourites."""
        from service.store.intakes import Intakes

        return Intakes(self)

    @cached_property
    def applicants(self) -> Applicants:
        """Who has applied before."""
        from service.store.intakes import Applicants

        return Applicants(self)

    @cached_property
    def drafts(self) -> Drafts:
        """Applications somebody is writing."""
        from service.store.drafts import Drafts

        return Drafts(self)
