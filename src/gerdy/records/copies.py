"""Back up while others go on writing, restore into an empty database, and hold a backup against its chains."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, delete, func, insert, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError, StatementError

from gerdy.errors import DamagedError, FileError, RecordsError, SchemaError
from gerdy.records import tables
from gerdy.records.database import Database
from gerdy.records.dump import Row, read_dump, write_dump
from gerdy.records.failures import named
from gerdy.records.migrating import bring_up_to_date, version_of
from gerdy.records.newfile import new_file
from gerdy.records.verification import Report, verify

_MAGIC = b"SQLite format 3\x00"
_BATCH = 1000


def back_up(database: Database, path: Path) -> Report:
    """Write a backup, hold it against its chains, and return what was found; only a sound one takes its name.

    SQLite gives a SQLite file (online backup), PostgreSQL a dump of our own form. The master key is in neither.

    Raises
    ------
    FileError
        If the name is taken, or the file cannot be written.
    DamagedError
        If what was written is not sound.
    """
    with new_file(path) as fresh:
        if database.file is not None:
            _copy(database, fresh)
        else:
            with database.reading() as connection:
                write_dump(connection, fresh)
        return _sound(check_backup(fresh), str(path))


def restore(database: Database, path: Path) -> Report:
    """Fill an empty database from a backup of either kind; it counts only once its chains are found whole.

    Raises
    ------
    RecordsError
        If the database holds anybody.
    DamagedError, SchemaError, FileError
        If the backup is not sound, of another version, or cannot be read. The database stays empty.
    """
    with database.writing() as connection:
        if connection.execute(select(func.count()).select_from(tables.person)).scalar_one():
            raise RecordsError(f"{database.name}: holds records already; restore into an empty database.")
        connection.execute(delete(tables.ledger))
        _fill(connection, _rows(path))
        return _sound(verify(connection), str(path))


def check_backup(path: Path) -> Report:
    """Restore a backup into a throw-away database and return what its chains say.

    Raises
    ------
    DamagedError, SchemaError, FileError
        If it cannot be read as a backup.
    """
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "check.db")
        try:
            bring_up_to_date(database, create=True)
            with database.writing() as connection:
                connection.execute(delete(tables.ledger))
                _fill(connection, _rows(path))
                return verify(connection)
        finally:
            database.close()


def _sound(report: Report, name: str) -> Report:
    if not report.ok:
        more = f" (and {len(report.problems) - 1} more)" if len(report.problems) > 1 else ""
        raise DamagedError(f"{name}: is not sound: {report.problems[0]}{more}")
    return report


def _copy(database: Database, fresh: Path) -> None:
    """Copy with SQLite's online backup: a moment's whole state, while others go on writing."""
    with named(database.name), closing(database.engine.raw_connection()) as pooled:
        source: Any = pooled.driver_connection
        try:
            with closing(sqlite3.connect(fresh)) as target:
                source.backup(target)
                # One file, that can be read where nothing can be written.
                target.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "unknown")
            raise FileError(
                f"{fresh.parent}: cannot be written ({name}); check room and permissions."
            ) from error


def _rows(path: Path) -> Iterator[tuple[Any, Row]]:
    """Give every row of a backup, whichever kind it is."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror}); check name and permissions.") from error
    return _rows_of_sqlite(path) if start == _MAGIC else read_dump(path)


def _rows_of_sqlite(path: Path) -> Iterator[tuple[Any, Row]]:
    asked = {"mode": "ro", "uri": "true"}
    if not path.with_name(f"{path.name}-wal").exists():
        # Nobody is writing it: it is read as it lies, also where nothing can be put beside it.
        asked["immutable"] = "1"
    url = URL.create("sqlite", database=f"file:{quote(str(path.resolve()))}", query=asked)
    engine = create_engine(url, hide_parameters=True)
    try:
        with named(str(path)), engine.connect() as connection:
            version = version_of(connection)
            if version != tables.HEAD_VERSION:
                told = "no tables of records" if version is None else f"tables of version '{version}'"
                raise SchemaError(
                    f"{path}: has {told}; this Gerdy reads {tables.HEAD_VERSION}. Open it once, if it is older."
                )
            for table in tables.EVERY:
                for row in connection.execute(
                    select(table), execution_options={"yield_per": _BATCH}
                ).mappings():
                    yield table, dict(row)
    finally:
        engine.dispose()


def _fill(connection: Connection, rows: Iterable[tuple[Any, Row]]) -> None:
    try:
        for table, group in groupby(rows, key=itemgetter(0)):
            batch: list[Row] = []
            for _, row in group:
                batch.append(row)
                if len(batch) >= _BATCH:
                    connection.execute(insert(table), batch)
                    batch.clear()
            if batch:
                connection.execute(insert(table), batch)
    except OperationalError:
        raise  # of the database that is filled
    except StatementError as error:
        raise DamagedError("the backup holds rows that cannot be; use another one.") from error
