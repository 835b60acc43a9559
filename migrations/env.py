"""Run by alembic for each upgrade; the connection, already in autocommit mode, and the roles come from app/db/migrate.py.

Without a connection the statements are only written down, in the words of the dialect that is named instead.
"""

from alembic import context

attributes = context.config.attributes


def applied(**told: object) -> None:
    """Hand on the number of a revision that is done."""
    attributes["applied"](told["step"].up_revision_id)


context.configure(
    connection=attributes["connection"], dialect_name=attributes.get("dialect"), version_table_schema="ops", transactional_ddl=False,
    on_version_apply=applied,
)  # fmt: skip
context.run_migrations()
