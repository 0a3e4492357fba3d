"""Write events at the end of a person's timeline and read them back, inside a transaction that somebody else ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from gerdy.errors import (
    ConflictError,
    DamagedError,
    ErasedError,
    EventClashError,
    InputError,
    UnknownRecordError,
)
from gerdy.records import chain, keys, tables
from gerdy.records.bodies import Corrected, Kept, MorningReported, decode, encode, tag_of
from gerdy.records.events import Event, Stored, microseconds, moment_of

_NO_CORRECTION = frozenset({"corrected", "consent_given", "record_read", "erased"})


@dataclass(frozen=True)
class Place:
    """A person's timeline: the hash it starts from, where it ends, and the key that opens it."""

    person: str
    start: bytes
    seq: int
    hash: bytes
    key: bytes


def find_person(connection: Connection, person: UUID | str, *, lock: bool = False) -> RowMapping | None:
    """Return a person's row with the end of their timeline; ``lock`` keeps other writers of it waiting."""
    query = (
        select(tables.person, tables.head.c.seq, tables.head.c.hash.label("end"))
        .outerjoin_from(tables.person, tables.head, tables.head.c.person == tables.person.c.id)
        .where(tables.person.c.id == str(person))
    )
    if lock:
        # The row of the person is what writers queue up for (PostgreSQL; SQLite has locked everything).
        connection.execute(
            select(tables.person.c.id).where(tables.person.c.id == str(person)).with_for_update()
        )
    return connection.execute(query).mappings().one_or_none()


def known_person(connection: Connection, person: UUID | str, *, lock: bool = False) -> RowMapping:
    """Return the row of a person who is there and not erased.

    Raises
    ------
    UnknownRecordError, ErasedError, DamagedError
        If there is none; if the record was erased; if part of it is missing.
    """
    row = find_person(connection, person, lock=lock)
    if row is None:
        raise UnknownRecordError(f"person {person}: nothing is kept under this id.")
    if row["erased_at"] is not None or row["wrapped_key"] is None:
        raise ErasedError(f"person {person}: the record was erased.")
    if row["seq"] is None:
        raise DamagedError(f"person {person}: the end of the timeline is missing; run: gerdy records verify")
    return row


def place_of(row: RowMapping, master: bytes) -> Place:
    """Return the end of a person's timeline.

    Raises
    ------
    MasterKeyError, DamagedError
        If the key was wrapped by another master key, or was altered.
    """
    person = str(row["id"])
    key = keys.data_key(master, person, row["master_key"], row["wrapped_key"])
    return Place(person, row["hash"], row["seq"], row["end"], key)


def open_person(connection: Connection, person: UUID, master: bytes, now: int) -> None:
    """Begin a person's timeline; somebody else may be first, and then nothing is done."""
    ledger = connection.execute(select(tables.ledger).with_for_update()).mappings().one_or_none()
    if ledger is None:
        raise DamagedError("the ledger of people is missing; restore a backup.")
    if find_person(connection, person) is not None:
        return
    _, wrapped = keys.new_key(master, str(person))
    row: dict[str, Any] = {
        "id": str(person),
        "number": ledger["people"] + 1,
        "opened_at": now,
        "master_key": keys.name_of(master),
        "key_digest": chain.digest(wrapped),
    }
    row["hash"] = chain.person_hash(ledger["hash"], row)
    connection.execute(insert(tables.person).values(**row, wrapped_key=wrapped, erased_at=None))
    connection.execute(insert(tables.head).values(person=row["id"], seq=0, hash=row["hash"]))
    connection.execute(update(tables.ledger).values(people=row["number"], hash=row["hash"]))


def add(connection: Connection, place: Place, event: Event, now: int) -> Stored:
    """Add an event at the end of a timeline; one that is there already is returned as it is.

    Raises
    ------
    EventClashError
        If an event of this id says something else.
    ConflictError
        If the complaint has changed since ``event.expected``.
    InputError
        If it refers to an event that it cannot refer to.
    """
    known = (
        connection.execute(select(tables.event).where(tables.event.c.id == str(event.id)))
        .mappings()
        .one_or_none()
    )
    if known is not None:
        return _same(connection, known, place, event)
    _check_reference(connection, event)
    row = _row(event.id, event.body, event.actor, now)
    row |= {
        "complaint": None if event.complaint is None else str(event.complaint),
        "expected": event.expected,
        "revision": _next_revision(connection, event),
        "effective_at": microseconds(event.effective_at),
    }
    return _put(connection, place, row, event.body)


def add_own(connection: Connection, place: Place, identity: UUID, body: Kept, actor: str, now: int) -> Stored:
    """Add an event of the records room itself: a reading, or the tombstone (which needs no key)."""
    return _put(connection, place, _row(identity, body, actor, now), body)


def _row(identity: UUID, body: Kept, actor: str, now: int) -> dict[str, Any]:
    return {
        "id": str(identity), "type": tag_of(body), "actor": actor, "effective_at": now, "recorded_at": now,
        "complaint": None, "expected": None, "revision": None,
    }  # fmt: skip


def _put(connection: Connection, place: Place, row: dict[str, Any], body: Kept) -> Stored:
    row |= {"person": place.person, "seq": place.seq + 1}
    row["nonce"], row["payload"] = b"", b""
    if place.key:
        row["nonce"], row["payload"] = keys.seal(place.key, encode(body), *_bound(place.hash, row))
    row["hash"] = chain.event_hash(place.hash, row)
    connection.execute(insert(tables.event).values(**row))
    mine = tables.head.c.person == place.person
    connection.execute(update(tables.head).where(mine).values(seq=row["seq"], hash=row["hash"]))
    return _stored(row, body)


def _same(connection: Connection, row: RowMapping, place: Place, event: Event) -> Stored:
    """Return the kept event if it is the one that is sent again."""
    clash = EventClashError(
        f"event {event.id}: is kept already and says something else; give a new event a new id."
    )
    if row["person"] != place.person:
        raise clash
    e = tables.event.c
    before = select(e.hash).where(e.person == place.person, e.seq == row["seq"] - 1)
    start = place.start if row["seq"] == 1 else connection.execute(before).scalar_one_or_none() or b""
    kept = _read(row, start, place)
    asked = (event.complaint, event.expected, event.actor, event.effective_at, event.body)
    if asked != (kept.complaint, kept.expected, kept.actor, kept.effective_at, kept.body):
        raise clash
    return kept


def _next_revision(connection: Connection, event: Event) -> int | None:
    if event.complaint is None:
        return None
    c = tables.event.c
    mine = (c.person == str(event.person), c.complaint == str(event.complaint))
    actual = connection.execute(select(func.max(c.revision)).where(*mine)).scalar_one() or 0
    if event.expected is not None and event.expected != actual:
        later = select(c.id).where(*mine, c.revision > event.expected).order_by(c.revision)
        raise ConflictError(
            f"complaint {event.complaint}: is at revision {actual}, not {event.expected}; read what came in between, "
            "and send the event anew if it still holds.",
            expected=event.expected,
            actual=actual,
            later=tuple(connection.execute(later).scalars()),
        )
    return int(actual) + 1


def _check_reference(connection: Connection, event: Event) -> None:
    """Refuse a correction or a report about an event that is not there, or is of another kind."""
    body = event.body
    if isinstance(body, Corrected):
        name, identity = "event", body.event
    elif isinstance(body, MorningReported):
        name, identity = "session", body.session
    else:
        return
    c = tables.event.c
    query = select(c.type, c.complaint).where(c.id == str(identity), c.person == str(event.person))
    found = connection.execute(query).one_or_none()
    complaint = None if event.complaint is None else str(event.complaint)
    if found is None or found.complaint != complaint:
        raise InputError(f"{event.type}.{name}: there is no event {identity} of this person and complaint.")
    if isinstance(body, MorningReported) and found.type != "session_logged":
        raise InputError(
            f"{event.type}.session: must be a session; event {identity} is of type {found.type}."
        )
    if isinstance(body, Corrected):
        if found.type in _NO_CORRECTION:
            raise InputError(
                f"corrected.event: an event of type {found.type} stays as it is; send a new one."
            )
        if body.body is not None and tag_of(body.body) != found.type:
            raise InputError(f"corrected.body: must be of type {found.type}, as event {identity} is.")


def read_all(connection: Connection, place: Place, since: int = 0) -> Iterator[Stored]:
    """Give the events of a timeline after number ``since``, in order, each held against the one before it.

    Raises
    ------
    DamagedError
        If one is missing or was altered.
    """
    if since >= place.seq:
        return
    c = tables.event.c
    # The one before the first is read along: what comes after is bound to it.
    query = select(tables.event).where(c.person == place.person, c.seq >= since).order_by(c.seq)
    last, before = (0, place.start) if since == 0 else (since - 1, b"")
    for row in connection.execute(query).mappings():
        last += 1
        if row["seq"] != last:
            raise DamagedError(f"event {last} of person {place.person} is missing; run: gerdy records verify")
        if last > since:
            yield _read(row, before, place)
        before = row["hash"]
    if (last, before) != (place.seq, place.hash):
        raise DamagedError(f"the timeline of person {place.person} ends too soon; run: gerdy records verify")


def _read(row: RowMapping, before: bytes, place: Place) -> Stored:
    if chain.event_hash(before, row) != row["hash"]:
        raise DamagedError(
            f"event {row['seq']} of person {place.person} was altered; run: gerdy records verify"
        )
    content = keys.unseal(place.key, row["nonce"], row["payload"], *_bound(before, row))
    return _stored(row, decode(content))


def _bound(before: bytes, row: Any) -> tuple[object, ...]:
    """Return what a ciphertext is bound to: all that is stored beside it, and the whole past before it.

    So nobody without the key can put another past in place, even with all hashes written anew.
    """
    names = (name for name in chain.EVENT_FIELDS if name not in {"nonce", "payload"})
    return *(row[name] for name in names), before


def _stored(row: Any, body: Kept) -> Stored:
    return Stored(
        id=UUID(row["id"]),
        person=UUID(row["person"]),
        seq=row["seq"],
        body=body,
        actor=row["actor"],
        effective_at=moment_of(row["effective_at"]),
        recorded_at=moment_of(row["recorded_at"]),
        hash=row["hash"].hex(),
        complaint=None if row["complaint"] is None else UUID(row["complaint"]),
        expected=row["expected"],
        revision=row["revision"],
    )
