"""The tables, the same in SQLite and PostgreSQL: text for ids, microseconds for times, bytes for the rest."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

VERSION_TABLE = "record_version"
HEAD_VERSION = "0001"  # of the schema; a test holds it against the migrations
metadata = MetaData()

# One row: how many people there are, and the hash at the end of their chain.
ledger = Table(
    "record_ledger",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("people", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

# People are a chain themselves, so that nobody can be left out unseen. ``wrapped_key`` is gone once erased.
person = Table(
    "record_person",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", BigInteger, nullable=False, unique=True),
    Column("opened_at", BigInteger, nullable=False),
    Column("master_key", Text, nullable=False),
    Column("key_digest", LargeBinary, nullable=False),
    Column("wrapped_key", LargeBinary),
    Column("erased_at", BigInteger),
    Column("hash", LargeBinary, nullable=False),
)

# The end of each person's timeline, so that an event missing there is seen.
head = Table(
    "record_head",
    metadata,
    Column("person", Text, ForeignKey("record_person.id"), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

event = Table(
    "record_event",
    metadata,
    Column("person", Text, ForeignKey("record_person.id"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("id", Text, nullable=False, unique=True),
    Column("complaint", Text),
    Column("revision", BigInteger),
    Column("expected", BigInteger),
    Column("type", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("effective_at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("nonce", LargeBinary, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("person", "seq"),
    UniqueConstraint("person", "complaint", "revision", name="record_event_revision"),
)

EVERY = (ledger, person, head, event)  # in the order in which rows can be put in
