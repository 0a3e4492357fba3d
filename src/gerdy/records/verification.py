"""Hold what is kept against its hash chains; needs no key.

An altered row no longer fits its own hash, a missing one leaves a gap in the numbers, and what is missing at the
end is seen by the head, and people missing by the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain as joined
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, select, text

from gerdy.records import chain, tables

Heads = Mapping[str, tuple[int, str]]
_BATCH = 2000


class Problem(msgspec.Struct, frozen=True):
    """One thing that is not as it was written; ``seq`` is None where it is about the person's row or none."""

    person: str | None
    seq: int | None
    what: str

    def __str__(self) -> str:
        event = "" if self.seq is None else f"event {self.seq} of "
        return f"{event}{f'person {self.person}' if self.person else 'database'}: {self.what}"


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found.

    Attributes
    ----------
    heads : number and hash of the last event of each person. Kept somewhere else, they show later whether
        somebody with full access has rewritten the past.
    """

    people: int
    events: int
    erased: int
    problems: tuple[Problem, ...]
    heads: dict[str, tuple[int, str]]

    @property
    def ok(self) -> bool:
        """Whether everything is as it was written."""
        return not self.problems


def verify(connection: Connection, against: Heads | None = None) -> Report:
    """Check every row; ``against`` are heads of an earlier report, which must still hold.

    Everything is read in one transaction of the connection.
    """
    problems = list(_damage(connection))
    people = connection.execute(select(tables.person).order_by(tables.person.c.number)).mappings().all()
    heads = {row["person"]: row for row in connection.execute(select(tables.head)).mappings()}
    problems += _people(connection, people)
    known = {row["id"]: row for row in people}
    events = 0
    for person in joined(known, (name for name in _strangers(connection) if name not in known)):
        walk = _Walk(person, known.get(person), heads.get(person), (against or {}).get(person))
        events += walk.go(connection)
        problems += walk.problems
    for names, what in (
        (heads, "is missing; the end of a timeline is kept."),
        (against or {}, "was there before, and is missing."),
    ):
        problems += [Problem(name, None, what) for name in names if name not in known]
    return Report(
        people=len(people),
        events=events,
        erased=sum(row["erased_at"] is not None for row in people),
        problems=tuple(problems),
        heads={name: (row["seq"], _hex(row["hash"])) for name, row in heads.items()},
    )


def _hex(value: object) -> str:
    # SQLite keeps whatever kind of value somebody put in place of bytes.
    return value.hex() if isinstance(value, bytes) else str(value)


def _damage(connection: Connection) -> Iterator[Problem]:
    """Give what SQLite itself finds wrong with its file."""
    if connection.dialect.name == "sqlite":
        for line in connection.execute(text("PRAGMA integrity_check")).scalars():
            if line != "ok":
                yield Problem(None, None, f"{line}.")


def _people(connection: Connection, people: Any) -> Iterator[Problem]:
    """Check the chain of people, and that each has the key that was made for them, or none once erased."""
    before, number = chain.LEDGER_START, 0
    for row in people:
        name, number = str(row["id"]), number + 1
        if row["number"] != number:
            yield Problem(
                name, None, f"is number {row['number']}, and {number} was to come; somebody is missing."
            )
            number = row["number"] if isinstance(row["number"], int) else number
        elif chain.person_hash(before, row) != row["hash"]:
            yield Problem(name, None, "the row was altered.")
        before = row["hash"]
    ledgers = connection.execute(select(tables.ledger)).mappings().all()
    if [(row["id"], row["people"], row["hash"]) for row in ledgers] != [(1, len(people), before)]:
        yield Problem(None, None, "the ledger of people was altered, or somebody opened last is missing.")
    for row in people:
        if (row["wrapped_key"] is None) != (row["erased_at"] is not None):
            yield Problem(
                str(row["id"]), None, "has no key, and was not erased; or was erased, and has a key."
            )
        elif row["wrapped_key"] is not None and chain.digest(row["wrapped_key"]) != row["key_digest"]:
            yield Problem(str(row["id"]), None, "the key was altered.")


def _strangers(connection: Connection) -> list[str]:
    """Return who has events, whether they are known or not."""
    return list(connection.execute(select(tables.event.c.person).distinct()).scalars())


class _Walk:
    """One walk along a timeline, from the person's own hash to the head."""

    def __init__(
        self, person: str, row: RowMapping | None, head: RowMapping | None, before: tuple[int, str] | None
    ) -> None:
        self.person, self.row, self.head, self.anchor = person, row, head, before
        self.problems: list[Problem] = []
        self.hash = b"" if row is None else row["hash"]
        self.seq = 0
        self.tombstone: int | None = None

    def go(self, connection: Connection) -> int:
        """Read all events, note what is wrong, and return how many there are."""
        if self.row is None:
            self._note(None, "has events, and is missing.")
        c = tables.event.c
        query = select(tables.event).where(c.person == self.person).order_by(c.seq)
        count = 0
        for row in connection.execute(query, execution_options={"yield_per": _BATCH}).mappings():
            self._step(row)
            count += 1
        self._end()
        return count

    def _step(self, row: Any) -> None:
        seq = row["seq"]
        if seq != self.seq + 1:
            self._note(self.seq + 1, f"is missing; the next one there is {seq}.")
            # What the missing ones would have said is unknown: the row is taken as it stands.
        elif self.row is not None and chain.event_hash(self.hash, row) != row["hash"]:
            self._note(seq, "was altered, or what stood before it was.")
        if self.tombstone is not None:
            self._note(seq, "comes after the record was erased.")
        if row["type"] == "erased":
            self.tombstone = row["recorded_at"]
        if self.anchor is not None and self.anchor[0] == seq and _hex(row["hash"]) != self.anchor[1]:
            self._note(seq, "is another one than before.")
        self.seq, self.hash = seq, row["hash"]

    def _end(self) -> None:
        head = self.head
        if head is None:
            self._note(None, "the end of the timeline is not kept; events may be missing there.")
        elif head["seq"] != self.seq:
            self._note(None, f"the timeline ends with event {self.seq}, and the head says {head['seq']}.")
        elif head["hash"] != self.hash:
            self._note(None, "the head does not fit the last event.")
        if self.row is not None and self.row["erased_at"] != self.tombstone:
            self._note(
                None, "the tombstone and the person's row do not agree on whether and when it was erased."
            )
        if self.anchor is not None and self.anchor[0] > self.seq:
            self._note(None, f"had {self.anchor[0]} events before, and has {self.seq}.")

    def _note(self, seq: int | None, what: str) -> None:
        self.problems.append(Problem(self.person, seq, what))
