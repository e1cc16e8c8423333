"""Lists, counts and single rows for programs: who asks sees what concerns them. Reads, never changes."""

from service.casework.listing.asking import Inquiry, count_rows, list_rows, one_row, sight_of
from service.casework.listing.library import DefinitionStatistics, ResourceFile, definition_statistics, resource_file
from service.casework.listing.naming import element_names
from service.store.listing import (
    ABSENCES,
    ACTIVITIES,
    CANDIDATES,
    CASES,
    COMMENTS,
    DEFINITIONS,
    DEPLOYMENTS,
    EXECUTIONS,
    EXTERNAL_TASKS,
    INCIDENTS,
    JOBS,
    OPERATIONS,
    RESOURCES,
    SUPERVISION,
    TASKS,
    VARIABLES,
    Kind,
    Listing,
)
from service.store.listing.absences import AbsenceListRow
from service.store.listing.activities import ActivityRow
from service.store.listing.cases import CaseRow
from service.store.listing.conditions import OPERATORS, Condition
from service.store.listing.definitions import DefinitionRow, DeploymentRow, ResourceRow
from service.store.listing.executions import ExecutionRow
from service.store.listing.external_tasks import ExternalTaskRow
from service.store.listing.incidents import IncidentRow
from service.store.listing.jobs import JobRow
from service.store.listing.operations import OperationRow
from service.store.listing.supervision import SupervisionListRow
from service.store.listing.tasks import CandidateRow, CommentRow, TaskRow
from service.store.listing.variables import VariableRow

__all__ = [
    "ABSENCES",
    "ACTIVITIES",
    "CANDIDATES",
    "CASES",
    "COMMENTS",
    "DEFINITIONS",
    "DEPLOYMENTS",
    "EXECUTIONS",
    "EXTERNAL_TASKS",
    "INCIDENTS",
    "JOBS",
    "OPERATIONS",
    "OPERATORS",
    "RESOURCES",
    "SUPERVISION",
    "TASKS",
    "VARIABLES",
    "AbsenceListRow",
    "ActivityRow",
    "CandidateRow",
    "CaseRow",
    "CommentRow",
    "Condition",
    "DefinitionRow",
    "DefinitionStatistics",
    "DeploymentRow",
    "ExecutionRow",
    "ExternalTaskRow",
    "IncidentRow",
    "Inquiry",
    "JobRow",
    "Kind",
    "Listing",
    "OperationRow",
    "ResourceFile",
    "ResourceRow",
    "SupervisionListRow",
    "TaskRow",
    "VariableRow",
    "count_rows",
    "definition_statistics",
    "element_names",
    "list_rows",
    "one_row",
    "resource_file",
    "sight_of",
]
