"""The PostgreSQL server: starting it, connecting, roles, migrations, errors."""
