"""Schema migrations, as Alembic revisions."""
