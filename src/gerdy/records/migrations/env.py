"""Run by Alembic: the steps run on the connection they are given, inside its transaction."""

from alembic import context

from gerdy.records.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSION_TABLE
)
with context.begin_transaction():
    context.run_migrations()
