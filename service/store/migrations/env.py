"""Alembic's entry: runs the migrations on the connection, inside the transaction, that `upgrade` opened."""

from __future__ import annotations

from alembic import context

from service.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
