"""The PostgreSQL server: start, connections, roles, migrations, errors."""
