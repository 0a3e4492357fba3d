"""The versions of the tables, as Alembic steps."""
