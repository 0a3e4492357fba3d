"""The records: one append-only timeline per person, encrypted, chained, in SQLite or PostgreSQL."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import Connection, RowMapping, func, select, update
from sqlalchemy.exc import IntegrityError

from gerdy.errors import DamagedError, ErasedError, EventClashError
from gerdy.records import tables, verification
from gerdy.records.bodies import Erased, RecordRead, Silent
from gerdy.records.copies import back_up, restore
from gerdy.records.database import Database
from gerdy.records.events import Event, Stored, check_actor, checked, microseconds, moment_of
from gerdy.records.keys import MasterKey
from gerdy.records.migrating import bring_up_to_date
from gerdy.records.state import State, fold
from gerdy.records.timeline import (
    Place,
    add,
    add_own,
    find_person,
    known_person,
    open_person,
    place_of,
    read_all,
)
from gerdy.records.verification import Heads, Problem, Report

Clock = Callable[[], datetime.datetime]


class PersonLine(msgspec.Struct, frozen=True, kw_only=True):
    """One person as the list has them: nothing of their health."""

    person: UUID
    opened_at: datetime.datetime
    events: int
    last_at: datetime.datetime | None
    erased_at: datetime.datetime | None


class Export(Silent, frozen=True, kw_only=True):
    """Everything that is kept of a person, readable without Gerdy once written as JSON."""

    gerdy_records: int
    person: UUID
    exported_at: datetime.datetime
    events: tuple[Stored, ...]
    state: State


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class Records:
    """The records in one database; safe to use from several threads. Close it, or use it in a ``with``."""

    def __init__(self, database: Database, key: MasterKey, clock: Clock = _now) -> None:
        self._database, self._key, self._clock = database, key, clock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    @property
    def name(self) -> str:
        """The database as it can be shown: its file, or its URL without the password."""
        return self._database.name

    def append(self, event: Event) -> Stored:
        """Keep an event and return it as kept; on return it is on disk. Sent again, it is returned as it was kept.

        A person's first event opens their record.

        Raises
        ------
        InputError
            If the event breaks a rule.
        EventClashError
            If an event of this id is kept and says something else.
        ConflictError
            If the complaint has changed since ``event.expected``.
        ErasedError
            If the person's record was erased.
        MasterKeyError, DamagedError, StorageError
            If the key does not open the record, the record is damaged, or the database cannot be written. After
            a StorageError the event may or may not be kept: send it again.
        """
        event = checked(event)
        try:
            return self._append(event)
        except IntegrityError:
            pass  # the same id came in on another timeline at this moment; now it is there to be seen
        try:
            return self._append(event)
        except IntegrityError as error:
            raise EventClashError(f"event {event.id}: could not be kept beside what is there.") from error

    def _append(self, event: Event) -> Stored:
        with self._database.writing() as connection:
            now = microseconds(self._clock())
            row = find_person(connection, event.person, lock=True)
            if row is None:
                # A key file is made for the very first person only: where others are, theirs is the one.
                master = self._key.get(make=not _anybody(connection))
                open_person(connection, event.person, master, now)
            row = known_person(connection, event.person, lock=row is None)
            return add(connection, place_of(row, self._key.get()), event, now)

    def timeline(self, person: UUID, since: int = 0, *, actor: str | UUID) -> list[Stored]:
        """Return a person's events after number ``since``, oldest first.

        ``actor`` is who reads: anybody but the person is written down on the timeline, in the same transaction;
        where that cannot be written, nothing is read.

        Raises
        ------
        UnknownRecordError, ErasedError
            If nothing is kept of the person, or nothing any more.
        MasterKeyError, DamagedError, StorageError
            As for ``append``.
        """
        return self._read(person, str(actor), "timeline", since)

    def state(self, person: UUID, *, actor: str | UUID) -> State:
        """Return what is so now, folded from the timeline; reading is audited as by ``timeline``.

        Raises
        ------
        RecordsError
            As for ``timeline``.
        """
        return fold(person, self._read(person, str(actor), "state"))

    def export(self, person: UUID, *, actor: str | UUID) -> Export:
        """Return everything that is kept of a person; reading is audited as by ``timeline``.

        Raises
        ------
        RecordsError
            As for ``timeline``.
        """
        events = tuple(self._read(person, str(actor), "export"))
        return Export(
            gerdy_records=1,
            person=person,
            exported_at=self._clock(),
            events=events,
            state=fold(person, events),
        )

    def erase(self, person: UUID, *, actor: str | UUID) -> None:
        """Destroy a person's key, so that nobody can read their events again, and mark the end of the timeline.

        Needs no master key. What stays: ids, types and times of the events. Backups made before still hold the
        key, wrapped. Erasing again does nothing.

        Raises
        ------
        UnknownRecordError
            If nothing is kept of the person.
        StorageError
            If the database cannot be written.
        """
        check_actor(str(actor))
        with self._database.writing() as connection:
            try:
                row = known_person(connection, person, lock=True)
            except ErasedError:
                return
            now = microseconds(self._clock())
            place = Place(str(person), row["hash"], row["seq"], row["end"], b"")
            add_own(connection, place, uuid4(), Erased(), str(actor), now)
            mine = tables.person.c.id == str(person)
            connection.execute(update(tables.person).where(mine).values(wrapped_key=None, erased_at=now))
        self._forget()

    def people(self) -> list[PersonLine]:
        """Return who has a record, in the order in which they came; nothing of their health."""
        e, p = tables.event.c, tables.person.c
        query = (
            select(p.id, p.opened_at, p.erased_at, func.count(e.seq), func.max(e.recorded_at))
            .outerjoin_from(tables.person, tables.event, e.person == p.id)
            .group_by(p.id, p.opened_at, p.erased_at, p.number)
            .order_by(p.number)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            PersonLine(
                person=UUID(name),
                opened_at=moment_of(opened),
                events=count,
                last_at=None if last is None else moment_of(last),
                erased_at=None if erased is None else moment_of(erased),
            )
            for name, opened, erased, count, last in rows
        ]

    def verify(self, against: Heads | None = None, *, unseal: bool = False) -> Report:
        """Hold everything against its hash chains; needs no key, and changes nothing.

        Parameters
        ----------
        against : heads of an earlier report, which must still hold.
        unseal : open every event with its key as well, which finds what somebody with full access, and without
            the master key, has written anew.

        Raises
        ------
        StorageError
            If the database cannot be read.
        MasterKeyError
            With ``unseal``, if the master key is missing or another one.
        """
        with self._database.reading() as connection:
            report = verification.verify(connection, against)
            problems = tuple(self._sealed_wrong(connection)) if unseal else ()
        return msgspec.structs.replace(report, problems=(*report.problems, *problems))

    def _sealed_wrong(self, connection: Connection) -> Iterator[Problem]:
        """Give one problem for each timeline that the keys do not open to its end."""
        alive = select(tables.person.c.id).where(tables.person.c.erased_at.is_(None))
        for name in connection.execute(alive).scalars().all():
            try:
                for _ in read_all(connection, self._place(known_person(connection, name))):
                    pass
            except (DamagedError, ErasedError) as error:
                yield Problem(name, None, f"does not open: {error}")

    def backup(self, path: str | Path) -> Report:
        """Write a backup while others go on writing, and return what its chains say; see ``copies.back_up``.

        Raises
        ------
        FileError, DamagedError
            If it cannot be written, or what was written is not sound; then there is no file.
        """
        return back_up(self._database, Path(path))

    def restore(self, path: str | Path) -> Report:
        """Fill this empty database from a backup, verified before it counts; see ``copies.restore``.

        Raises
        ------
        RecordsError, FileError
            If the database is not empty, or the backup not sound; then the database stays empty.
        """
        return restore(self._database, Path(path))

    def _read(self, person: UUID, actor: str, what: str, since: int = 0) -> list[Stored]:
        check_actor(actor)
        if actor == str(person):
            with self._database.reading() as connection:
                row = known_person(connection, person)
                return list(read_all(connection, self._place(row), since))
        with self._database.writing() as connection:
            place = self._place(known_person(connection, person, lock=True))
            events = list(read_all(connection, place, since))
            now = microseconds(self._clock())
            return [*events, add_own(connection, place, uuid4(), RecordRead(what=what), actor, now)]

    def _place(self, row: RowMapping) -> Place:
        return place_of(row, self._key.get())

    def _forget(self) -> None:
        """Let the destroyed key leave the files as well, as far as a database can say so."""
        self._database.run_alone(
            "PRAGMA wal_checkpoint(TRUNCATE)" if self._database.sqlite else f"VACUUM {tables.person.name}"
        )


def _anybody(connection: Connection) -> bool:
    return connection.execute(select(tables.person.c.id).limit(1)).first() is not None


def open_records(
    where: str | Path,
    *,
    master_key: bytes | str | Path | None = None,
    create: bool = True,
    clock: Clock = _now,
) -> Records:
    """Return the records in a database: a SQLite file, or PostgreSQL by URL; its tables are brought up to date.

    Parameters
    ----------
    where : a file, or ``postgresql://user@host/name``.
    master_key : the key (32 bytes, or as text) or the file it is in; without it GERDY_MASTER_KEY, and without
        that the file ``<database>.key`` beside a SQLite database, made for the first person.
    create : make the database where there is none.
    clock : says when an event is kept.

    Raises
    ------
    InputError, MissingPartError
        If ``where`` is no such database, or its driver is not installed.
    UnknownRecordError
        If there is none, and none may be made.
    SchemaError
        If a newer Gerdy made it.
    StorageError, DamagedError
        If it cannot be reached, or is damaged.
    """
    database = Database(where, create=create)
    try:
        bring_up_to_date(database, create=create)
    except BaseException:
        database.close()
        raise
    beside = None if database.file is None else database.file.with_name(f"{database.file.name}.key")
    return Records(database, MasterKey(master_key, beside), clock)


def as_json(value: Any) -> bytes:
    """Return an export, a state or a report as JSON for people and programs."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
