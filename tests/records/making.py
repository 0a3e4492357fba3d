"""People, events and databases for the tests of the records room."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from gerdy.records import Body, ComplaintDrawn, Event, QuestionAnswered
from gerdy.records.database import Database

KEY = bytes(range(32))
NOON = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.UTC)
DRAWING: dict[str, Any] = {"side": "right", "since": "2026-02-01", "pain": {"knee_lateral": 6}}


@dataclass
class Patient:
    """Somebody with one complaint, who counts its revisions as a client would."""

    id: UUID = field(default_factory=uuid4)
    complaint: UUID = field(default_factory=uuid4)

    def says(self, body: Body, **given: Any) -> Event:
        """Return an event about the person."""
        given.setdefault("id", uuid4())
        given.setdefault("actor", str(self.id))
        given.setdefault("effective_at", NOON)
        return Event(person=self.id, body=body, **given)

    def draws(self, expected: int | None = 0, **document: Any) -> Event:
        """Return the first drawing of the complaint."""
        return self.about(ComplaintDrawn(document=DRAWING | document), expected=expected)

    def answers(self, finding: str, value: Any, expected: int | None = None) -> Event:
        """Return an answer about the complaint."""
        return self.about(QuestionAnswered(finding=finding, value=value), expected=expected)

    def about(self, body: Body, **given: Any) -> Event:
        """Return an event about the complaint."""
        return self.says(body, complaint=self.complaint, **given)


@contextmanager
def intruder(where: str) -> Iterator[Connection]:
    """Give a connection that can change everything: rules and guards of the tables are off."""
    database = Database(where)
    try:
        with database.engine.connect() as connection:
            if database.sqlite:
                connection.connection.cursor().execute("PRAGMA foreign_keys=OFF").close()
                connection.rollback()
                for name in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS record_event_no_{name}"))
            else:
                connection.execute(text("SET session_replication_role = replica"))
            yield connection
            connection.commit()
    finally:
        database.close()
