"""Alembic's entry point; the connection comes from `storage.server.migrate`."""

from alembic import context

from storage.sql.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
