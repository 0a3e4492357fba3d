"""Version 1: people and their timelines; what is written stays as it was written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Version 1 of Gerdy records starts from this: the hash of no people (see chain.LEDGER_START).
START = bytes.fromhex("b12c1b9deb4431036ad63170cf8ec51afb6f62baf3b2ad2febf1c535ae20440b")

_REFUSE = """
CREATE FUNCTION record_event_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the timeline is append-only'; END $$
"""


def upgrade() -> None:
    """Make the tables."""
    ledger = op.create_table(
        "record_ledger",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("people", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "record_person",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False, unique=True),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("master_key", sa.Text, nullable=False),
        sa.Column("key_digest", sa.LargeBinary, nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary),
        sa.Column("erased_at", sa.BigInteger),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "record_head",
        sa.Column("person", sa.Text, sa.ForeignKey("record_person.id"), primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "record_event",
        sa.Column("person", sa.Text, sa.ForeignKey("record_person.id"), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("complaint", sa.Text),
        sa.Column("revision", sa.BigInteger),
        sa.Column("expected", sa.BigInteger),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("effective_at", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("nonce", sa.LargeBinary, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person", "seq"),
        sa.UniqueConstraint("person", "complaint", "revision", name="record_event_revision"),
    )
    if ledger is not None:
        op.bulk_insert(ledger, [{"id": 1, "people": 0, "hash": START}])
    _guard()


def _guard() -> None:
    """Let no program change what is written by mistake; whoever owns the database can still undo this."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER record_event_no_{change.lower()} BEFORE {change} ON record_event "
                "BEGIN SELECT RAISE(ABORT, 'the timeline is append-only'); END"
            )
        return
    op.execute(_REFUSE)
    op.execute(
        "CREATE TRIGGER record_event_stays BEFORE UPDATE OR DELETE ON record_event "
        "FOR EACH ROW EXECUTE FUNCTION record_event_stays()"
    )
    op.execute(
        "CREATE TRIGGER record_event_whole BEFORE TRUNCATE ON record_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION record_event_stays()"
    )


def downgrade() -> None:
    """Take the tables away, and all that is in them."""
    for name in ("record_event", "record_head", "record_person", "record_ledger"):
        op.drop_table(name)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION record_event_stays()")
