"""Bring a database to the version of this Gerdy, one opener at a time, all steps or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from gerdy.errors import SchemaError, UnknownRecordError
from gerdy.records.database import Database
from gerdy.records.tables import HEAD_VERSION, VERSION_TABLE

if TYPE_CHECKING:
    from alembic.config import Config

_LOCK = 0x6765726479  # "gerdy": the number under which PostgreSQL keeps the lock
_VERSION = text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 - a constant


def version_of(connection: Connection) -> str | None:
    """Return the version of the tables; None where there are none."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(_VERSION).scalar_one_or_none()


def bring_up_to_date(database: Database, *, create: bool) -> None:
    """Make the tables, or bring them to the version of this Gerdy.

    Raises
    ------
    SchemaError
        If a newer Gerdy made them.
    UnknownRecordError
        If there are none and none may be made.
    """
    with database.reading() as connection:
        found = version_of(connection)
    if found == HEAD_VERSION:
        return
    if found is None and not create:
        raise UnknownRecordError(
            f"{database.name}: holds no records of Gerdy; check the name, or set GERDY_DB."
        )
    with database.writing() as connection:
        _lock(connection)
        found = version_of(connection)  # somebody else may have been first
        if found != HEAD_VERSION:
            _check_known(found, database.name)
            migrate(connection)


def migrate(connection: Connection, version: str = "head", *, down: bool = False) -> None:
    """Run the steps up to a version, or with ``down`` back to it, inside the transaction of the connection."""
    from alembic import command  # noqa: PLC0415 (slow to load, and seldom needed)

    config = _config()
    config.attributes["connection"] = connection
    (command.downgrade if down else command.upgrade)(config, version)


def versions() -> tuple[str, ...]:
    """Return every version, oldest first."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    steps = ScriptDirectory.from_config(_config()).walk_revisions()
    return tuple(step.revision for step in steps)[::-1]


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "gerdy.records:migrations")
    return config


def _check_known(found: str | None, name: str) -> None:
    if found is not None and found not in versions():
        raise SchemaError(
            f"{name}: its tables have version '{found}', unknown to this Gerdy; install a newer one."
        )


def _lock(connection: Connection) -> None:
    """Wait for other openers; SQLite has locked already, by beginning to write."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
