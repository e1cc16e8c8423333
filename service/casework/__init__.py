"""Casework: the only room in which anything changes: one function per intention, one transaction per function."""

from service.casework.absences import AbsenceView, end_absence, record_absence
from service.casework.actors import SYSTEM, Actor
from service.casework.assigning import (
    assign_task,
    claim_task,
    comment_task,
    delegate_task,
    give_back_task,
    release_task,
    resolve_task,
    task_comments,
    update_task,
)
from service.casework.attending import attend_due
from service.casework.blob_care import BlobReport, sweep_blobs, verify_blobs
from service.casework.broadcasting import broadcast
from service.casework.carrying import carry_due
from service.casework.clocks.extending import ask_extension, decide_extension
from service.casework.clocks.holding import (
    SilenceFile,
    Silent,
    hold_tacit,
    late_opinion,
    silence_file,
    silences_of,
)
from service.casework.clocks.outages import declare_outage
from service.casework.clocks.pausing import resume_clock, suspend_clock
from service.casework.clocks.proceedings import close_proceeding, open_proceeding
from service.casework.clocks.receiving import Notice, release_notice
from service.casework.clocks.recounting import recount_all
from service.casework.clocks.showing import ClockBook, ClockEntry, ProceedingView, case_clocks
from service.casework.completing import complete_task
from service.casework.correlating import correlate, deliver_to
from service.casework.demo import DEMO_PASSWORD, DemoAccount, demo_accounts, has_demo_accounts, load_demo_city
from service.casework.demo_clock import DemoClock, move_demo_clock, read_demo_clock
from service.casework.demo_samples import sample_application
from service.casework.deploying import DefinitionView, DeploymentView, delete_deployment, deploy
from service.casework.examining import examine_upload
from service.casework.external_tasks import (
    complete_external,
    extend_lock,
    fail_external,
    lock_external,
    set_external_priority,
    set_external_retries,
    throw_external_error,
    throw_external_escalation,
    unlock_external,
)
from service.casework.fetching import fetch_and_lock
from service.casework.filed import FOLDER
from service.casework.incidents import resolve_incident, retry_incident
from service.casework.jobs import execute_job, set_job_due, set_job_retries
from service.casework.linting import lint
from service.casework.offering import offer_task
from service.casework.office import Office, open_office
from service.casework.people import PersonView, add_person, change_password, disable_person, enable_person, list_people
from service.casework.readiness import Readiness, beat, grant_database, is_ready, upgrade
from service.casework.reading import (
    case_activities,
    case_comments,
    case_incidents,
    case_journal,
    case_scopes,
    case_waits,
    get_case,
    get_task,
    task_form,
)
from service.casework.scheduling import arm_jobs
from service.casework.signing_in import find_actor, sign_in
from service.casework.starting import start_case, start_form
from service.casework.supervising import handle_card
from service.casework.suspending import resume_case, resume_definition, suspend_case, suspend_definition
from service.casework.task_forms import Asked
from service.casework.terminating import terminate_case
from service.casework.variables import case_variables, set_task_local, set_task_variables, set_variables, task_variables
from service.casework.views import (
    ActivityView,
    CaseView,
    CommentView,
    Completion,
    Correlation,
    IncidentView,
    JournalView,
    LockedTask,
    StartForm,
    TaskForm,
    TaskView,
    TopicRequest,
    TypedValue,
)
from service.engine.facts import Examination, Finding, Register, Resource, ScopeView, Severity, Wait

__all__ = [
    "FOLDER",
    "DEMO_PASSWORD",
    "SYSTEM",
    "AbsenceView",
    "ActivityView",
    "Actor",
    "Asked",
    "BlobReport",
    "CaseView",
    "ClockBook",
    "ClockEntry",
    "CommentView",
    "Completion",
    "Correlation",
    "DefinitionView",
    "DemoAccount",
    "DemoClock",
    "DeploymentView",
    "Examination",
    "Finding",
    "IncidentView",
    "JournalView",
    "LockedTask",
    "Notice",
    "Office",
    "PersonView",
    "ProceedingView",
    "Readiness",
    "Register",
    "Resource",
    "ScopeView",
    "Severity",
    "SilenceFile",
    "Silent",
    "StartForm",
    "TaskForm",
    "TaskView",
    "TopicRequest",
    "TypedValue",
    "Wait",
    "add_person",
    "arm_jobs",
    "ask_extension",
    "assign_task",
    "attend_due",
    "carry_due",
    "beat",
    "broadcast",
    "case_activities",
    "case_clocks",
    "case_comments",
    "case_incidents",
    "case_journal",
    "case_scopes",
    "case_variables",
    "case_waits",
    "change_password",
    "claim_task",
    "close_proceeding",
    "comment_task",
    "complete_external",
    "complete_task",
    "correlate",
    "decide_extension",
    "declare_outage",
    "delegate_task",
    "delete_deployment",
    "deliver_to",
    "demo_accounts",
    "deploy",
    "disable_person",
    "enable_person",
    "end_absence",
    "examine_upload",
    "execute_job",
    "extend_lock",
    "fail_external",
    "fetch_and_lock",
    "find_actor",
    "get_case",
    "get_task",
    "give_back_task",
    "handle_card",
    "grant_database",
    "has_demo_accounts",
    "hold_tacit",
    "is_ready",
    "late_opinion",
    "lint",
    "list_people",
    "load_demo_city",
    "lock_external",
    "move_demo_clock",
    "offer_task",
    "open_office",
    "open_proceeding",
    "read_demo_clock",
    "record_absence",
    "recount_all",
    "release_notice",
    "release_task",
    "resolve_incident",
    "resolve_task",
    "resume_case",
    "resume_clock",
    "resume_definition",
    "retry_incident",
    "set_external_priority",
    "set_external_retries",
    "set_job_due",
    "set_job_retries",
    "set_task_local",
    "set_task_variables",
    "set_variables",
    "sign_in",
    "silence_file",
    "silences_of",
    "start_case",
    "sample_application",
    "start_form",
    "suspend_case",
    "suspend_clock",
    "suspend_definition",
    "sweep_blobs",
    "task_comments",
    "task_form",
    "task_variables",
    "terminate_case",
    "throw_external_error",
    "throw_external_escalation",
    "unlock_external",
    "update_task",
    "upgrade",
    "verify_blobs",
]
