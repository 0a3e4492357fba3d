"""Reach a database so that what is acknowledged is on disk: SQLite by file, PostgreSQL by URL."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from gerdy.errors import InputError, MissingPartError, ReadOnlyError, StorageError, UnknownRecordError
from gerdy.files import PRIVATE
from gerdy.records.failures import named

WAIT = 10.0  # s, for somebody else's lock
_WRITES = "gerdy_writes"
_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


class Database:
    """Connections to one database, and the two kinds of transaction: reading and writing."""

    def __init__(self, where: str | Path, *, create: bool = True) -> None:
        self.url = _url(where)
        self.name = str(self.file) if self.file else _shown(self.url)
        # SQLite has one writer at a time; threads of one process wait here rather than by asking again.
        self._turn = threading.Lock() if self.sqlite else None
        if self.file is not None:
            _touch(self.file, create=create)
        self.engine = _engine(self.url, sqlite=self.sqlite)
        self._writer = self.engine.execution_options(**{_WRITES: True})
        self._snapshot = self.engine
        if not self.sqlite:
            self._snapshot = self.engine.execution_options(isolation_level="REPEATABLE READ")

    @property
    def sqlite(self) -> bool:
        """Whether it is SQLite."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database."""
        return Path(self.url.database or "") if self.sqlite else None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that writes; it counts when the block ends well, and only then."""
        with ExitStack() as stack:
            if self._turn is not None:
                stack.enter_context(self._turn)
            stack.enter_context(named(self.name))
            yield stack.enter_context(self._writer.begin())

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a transaction that reads, and sees the database as it is at one moment."""
        with named(self.name), self._snapshot.connect() as connection, connection.begin():
            yield connection

    def run_alone(self, statement: str) -> None:
        """Run a statement that cannot stand in a transaction."""
        with named(self.name), closing(self.engine.raw_connection()) as pooled:
            driver: Any = pooled.driver_connection
            if not self.sqlite:
                driver.autocommit = True
            with closing(driver.cursor()) as cursor:
                cursor.execute(statement)
            if not self.sqlite:
                driver.autocommit = False

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _url(where: str | Path) -> URL:
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where))
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        raise InputError("database: must be a file, or postgresql://user@host/name.") from None
    backend = url.get_backend_name()
    if backend not in _DRIVERS:
        raise InputError(f"database: must be SQLite or PostgreSQL; got '{backend}'.")
    return url.set(drivername=_DRIVERS[backend])


def _shown(url: URL) -> str:
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def _touch(file: Path, *, create: bool) -> None:
    """Make the file of a new database, for its owner alone; SQLite gives its companions the same permissions."""
    if str(file) in {"", ".", ":memory:"} or str(file).startswith("file:"):
        raise InputError(f"database: must be a file that stays; got '{file}'.")
    if file.exists():
        return
    if not create:
        raise UnknownRecordError(f"{file}: there is no such database; check the name, or set GERDY_DB.")
    try:
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, PRIVATE))
    except PermissionError as error:
        raise ReadOnlyError(f"{file}: cannot be made; check the permissions of its folder.") from error
    except OSError as error:
        raise StorageError(f"{file}: cannot be made ({error.strerror}); check its folder.") from error


def _engine(url: URL, *, sqlite: bool) -> Engine:
    # Parameters never go into messages, though they hold ciphertext alone.
    if sqlite:
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": WAIT}, pool_timeout=WAIT)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        engine = create_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_timeout=WAIT,
            connect_args={"connect_timeout": int(WAIT)},
        )
    except ModuleNotFoundError as error:
        raise MissingPartError("records in PostgreSQL", "app", "psycopg") from error
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def _prepare_sqlite(connection: object, _entry: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: the "begin" below says which kind.
    connection.isolation_level = None  # type: ignore[attr-defined]
    cursor = connection.cursor()  # type: ignore[attr-defined]
    try:
        # What erasing destroys is overwritten, not merely forgotten (secure_delete).
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
    finally:
        cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: a reader that turns into a writer could be refused half-way.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_postgres(connection: object, _entry: ConnectionPoolEntry) -> None:
    """See that a commit is on disk when it returns, whatever the server's default."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    try:
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )
        cursor.execute(f"SET lock_timeout = {int(WAIT * 1000)}")
        connection.commit()  # type: ignore[attr-defined]
    finally:
        cursor.close()
