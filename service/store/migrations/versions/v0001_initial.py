"""Every table of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "activity",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("definition_id", Id(), nullable=False),
        sa.Column("scope_id", Id(), nullable=True),
        sa.Column("element", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_activity_case_id"), "activity", ["case_id"], unique=False)
    op.create_table(
        "binding",
        sa.Column("id", Id(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("members", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding")),
        sa.UniqueConstraint("digest", name=op.f("uq_binding_digest")),
    )
    op.create_table(
        "department",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("short", sa.String(length=20), nullable=False),
        sa.Column("window_kind", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_department")),
    )
    op.create_table(
        "deployment",
        sa.Column("id", Id(), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("deployed_at", Instant(), nullable=False),
        sa.Column("deployed_by", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("deleted_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("node", sa.String(length=100), nullable=False),
        sa.Column("beaten_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "idempotency",
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("stored_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_idempotency")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=True),
        sa.Column("subject", sa.String(length=255), nullable=True),
        sa.Column("detail", Json(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
    )
    op.create_table(
        "number_series",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_number_series")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", Json(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "person",
        sa.Column("id", Id(), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("alias", sa.String(length=60), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("staff_no", sa.String(length=20), nullable=True),
        sa.Column("department", sa.String(length=8), nullable=True),
        sa.Column("duty", sa.String(length=40), server_default="", nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("demo", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("failed_logins", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["department"], ["department.code"], name=op.f("fk_person_department")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("alias", name=op.f("uq_person_alias")),
        sa.UniqueConstraint("username", name=op.f("uq_person_username")),
    )
    op.create_table(
        "resource",
        sa.Column("id", Id(), nullable=False),
        sa.Column("deployment_id", Id(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_resource_deployment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
    )
    op.create_index(op.f("ix_resource_deployment_id"), "resource", ["deployment_id"], unique=False)
    op.create_table(
        "definition",
        sa.Column("id", Id(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deployment_id", Id(), nullable=False),
        sa.Column("resource_id", Id(), nullable=False),
        sa.Column("name", sa.String(length=255), server_default="", nullable=False),
        sa.Column("version_tag", sa.String(length=100), nullable=True),
        sa.Column("zw_kind", sa.String(length=10), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("called", Json(), nullable=False),
        sa.Column("forms", Json(), nullable=False),
        sa.Column("starts", Json(), nullable=False),
        sa.Column("note", Json(), nullable=True),
        sa.Column("suspended", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("deleted_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_definition_deployment_id")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_definition_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition")),
    )
    op.create_index(op.f("ix_definition_deployment_id"), "definition", ["deployment_id"], unique=False)
    op.create_index("uq_definition_key_version", "definition", ["key", "version"], unique=True)
    op.create_table(
        "person_role",
        sa.Column("person_id", Id(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_role_person_id")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_role")),
    )
    op.create_table(
        "cases",
        sa.Column("id", Id(), nullable=False),
        sa.Column("definition_id", Id(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("binding_id", Id(), nullable=False),
        sa.Column("business_key", sa.String(length=255), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("started_by", sa.String(length=60), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("end_element", sa.String(length=255), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("blob", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["binding_id"], ["binding.id"], name=op.f("fk_cases_binding_id")),
        sa.ForeignKeyConstraint(["definition_id"], ["definition.id"], name=op.f("fk_cases_definition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index(
        "ix_cases_business_key",
        "cases",
        ["business_key"],
        unique=False,
        sqlite_where=sa.text("business_key IS NOT NULL"),
        postgresql_where=sa.text("business_key IS NOT NULL"),
    )
    op.create_index("ix_cases_key_started_at", "cases", ["key", "started_at"], unique=False)
    op.create_index(
        "uq_cases_running_business_key",
        "cases",
        ["key", "business_key"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL AND business_key IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND business_key IS NOT NULL"),
    )
    op.create_table(
        "start_subscription",
        sa.Column("definition_id", Id(), nullable=False),
        sa.Column("element", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["definition_id"], ["definition.id"], name=op.f("fk_start_subscription_definition_id")),
        sa.PrimaryKeyConstraint("definition_id", "element", name=op.f("pk_start_subscription")),
    )
    op.create_index("ix_start_subscription_kind_name", "start_subscription", ["kind", "name"], unique=False)
    op.create_table(
        "agenda",
        sa.Column("id", Id(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("definition_id", Id(), nullable=True),
        sa.Column("token_id", Id(), nullable=True),
        sa.Column("element", sa.String(length=255), nullable=True),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("ready_at", Instant(), nullable=True),
        sa.Column("retries", sa.Integer(), server_default="3", nullable=False),
        sa.Column("locked_until", Instant(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("detail", Json(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_agenda_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda")),
    )
    op.create_index(op.f("ix_agenda_case_id"), "agenda", ["case_id"], unique=False)
    op.create_index(
        "ix_agenda_ready",
        "agenda",
        ["ready_at"],
        unique=False,
        sqlite_where=sa.text("ready_at IS NOT NULL"),
        postgresql_where=sa.text("ready_at IS NOT NULL"),
    )
    op.create_index("ix_agenda_token", "agenda", ["token_id"], unique=False)
    op.create_table(
        "comment",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("task_id", Id(), nullable=True),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_comment_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_case_id"), "comment", ["case_id"], unique=False)
    op.create_table(
        "external_task",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("definition_id", Id(), nullable=False),
        sa.Column("scope_id", Id(), nullable=True),
        sa.Column("element", sa.String(length=255), nullable=False),
        sa.Column("topic", sa.String(length=255), nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("worker", sa.String(length=255), nullable=True),
        sa.Column("locked_until", Instant(), nullable=True),
        sa.Column("retries", sa.Integer(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("error_details", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_external_task_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_task")),
    )
    op.create_index(op.f("ix_external_task_case_id"), "external_task", ["case_id"], unique=False)
    op.create_index("ix_external_task_topic", "external_task", ["topic", "priority"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("definition_id", Id(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("element", sa.String(length=255), nullable=True),
        sa.Column("token_id", Id(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_incident_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_case_id"), "incident", ["case_id"], unique=False)
    op.create_index("ix_incident_token", "incident", ["token_id"], unique=False)
    op.create_table(
        "journal",
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=True),
        sa.Column("element", sa.String(length=255), nullable=True),
        sa.Column("task_id", Id(), nullable=True),
        sa.Column("detail", Json(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_journal_case_id")),
        sa.PrimaryKeyConstraint("case_id", "line", name=op.f("pk_journal")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "subscription",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("element", sa.String(length=255), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_subscription_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    op.create_index(op.f("ix_subscription_case_id"), "subscription", ["case_id"], unique=False)
    op.create_index("ix_subscription_kind_name", "subscription", ["kind", "name"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("definition_id", Id(), nullable=False),
        sa.Column("scope_id", Id(), nullable=True),
        sa.Column("element", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("form_key", sa.String(length=255), nullable=True),
        sa.Column("assignee", sa.String(length=60), nullable=True),
        sa.Column("owner", sa.String(length=60), nullable=True),
        sa.Column("delegation", sa.String(length=10), nullable=True),
        sa.Column("priority", sa.Integer(), server_default="50", nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("follow_up_at", Instant(), nullable=True),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=True),
        sa.Column("department", sa.String(length=8), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("escalated_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_task_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_case_id"), "task", ["case_id"], unique=False)
    op.create_index(
        "ix_task_open_assignee",
        "task",
        ["assignee", "due_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_task_open_department",
        "task",
        ["department", "due_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "variable",
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("scope_id", Id(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("value", Json(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_variable_case_id")),
        sa.PrimaryKeyConstraint("case_id", "scope_id", "name", name=op.f("pk_variable")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "task_candidate",
        sa.Column("task_id", Id(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_candidate_task_id")),
        sa.PrimaryKeyConstraint("task_id", "kind", "value", name=op.f("pk_task_candidate")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_task_candidate_kind_value", "task_candidate", ["kind", "value"], unique=False)


def downgrade() -> None:
    """Drop every table."""
    op.drop_table("task_candidate")
    op.drop_table("variable")
    op.drop_table("task")
    op.drop_table("subscription")
    op.drop_table("journal")
    op.drop_table("incident")
    op.drop_table("external_task")
    op.drop_table("comment")
    op.drop_table("agenda")
    op.drop_table("start_subscription")
    op.drop_table("cases")
    op.drop_table("person_role")
    op.drop_table("definition")
    op.drop_table("resource")
    op.drop_table("person")
    op.drop_table("setting")
    op.drop_table("number_series")
    op.drop_table("ledger")
    op.drop_table("idempotency")
    op.drop_table("heartbeat")
    op.drop_table("deployment")
    op.drop_table("department")
    op.drop_table("binding")
    op.drop_table("activity")
