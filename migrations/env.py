"""Run by alembic for each upgrade; the connection, already in autocommit mode, and the roles come from app/db/migrate.py."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema="ops", transactional_ddl=False)
context.run_migrations()
