"""The query side for programs: lists, counts and single rows with filters, sorting and paging. Reads, never writes."""

from service.store.listing.absences import ABSENCES
from service.store.listing.activities import ACTIVITIES
from service.store.listing.bills import BILLS, EXEMPTIONS, REFUNDS
from service.store.listing.cases import CASES
from service.store.listing.certificates import CERTIFICATES
from service.store.listing.criteria import Kind, Sight
from service.store.listing.definitions import DEFINITIONS, DEPLOYMENTS, RESOURCES
from service.store.listing.executions import EXECUTIONS
from service.store.listing.external_tasks import EXTERNAL_TASKS
from service.store.listing.figures import DefinitionFigures, definition_figures
from service.store.listing.incidents import INCIDENTS
from service.store.listing.jobs import JOBS
from service.store.listing.listing import Listing
from service.store.listing.messages import MESSAGES
from service.store.listing.operations import OPERATIONS
from service.store.listing.supervision import SUPERVISION
from service.store.listing.tasks import CANDIDATES, COMMENTS, TASKS
from service.store.listing.variables import VARIABLES

__all__ = [
    "ABSENCES",
    "ACTIVITIES",
    "BILLS",
    "CANDIDATES",
    "CASES",
    "CERTIFICATES",
    "COMMENTS",
    "DEFINITIONS",
    "DEPLOYMENTS",
    "EXECUTIONS",
    "EXEMPTIONS",
    "EXTERNAL_TASKS",
    "INCIDENTS",
    "JOBS",
    "MESSAGES",
    "OPERATIONS",
    "REFUNDS",
    "RESOURCES",
    "SUPERVISION",
    "TASKS",
    "VARIABLES",
    "DefinitionFigures",
    "Kind",
    "Listing",
    "Sight",
    "definition_figures",
]
