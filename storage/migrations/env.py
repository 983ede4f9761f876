"""Alembic's entry: runs the revisions on the connection that `storage.server.migrate` hands over."""

from alembic import context

from storage.sql.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
