"""Nothing about anybody's health is told: not by the database, not by messages, not by logs."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from records.making import KEY, Patient, intruder
from rich.pretty import pretty_repr
from sqlalchemy import select, update

from gerdy.errors import GerdyError
from gerdy.records import (
    Body,
    Corrected,
    NoteWritten,
    QuestionAnswered,
    Records,
    SessionLogged,
    open_records,
    parse_event,
    tables,
)

SAID = "saddle_numbness_xyzzy"


def test_no_file_of_sqlite_holds_what_was_said(tmp_path: Path, runner: Patient) -> None:
    with open_records(tmp_path / "records.db") as records:
        records.append(runner.draws(id=SAID))
        records.append(runner.answers(SAID, SAID))
        records.append(runner.says(NoteWritten(text=SAID)))
        files = {file.name for file in tmp_path.iterdir()}
        assert {"records.db", "records.db-wal", "records.db.key"} <= files
        for file in tmp_path.iterdir():
            assert SAID.encode() not in file.read_bytes(), file.name
            assert file.stat().st_mode & 0o077 == 0, f"others can read {file.name}"


def test_no_column_holds_what_was_said(records: Records, where: str, runner: Patient) -> None:
    records.append(runner.draws(id=SAID))
    records.append(runner.answers(SAID, SAID))
    with intruder(where) as connection:
        for table in tables.EVERY:
            for row in connection.execute(select(table)):
                for value in row:
                    content = value if isinstance(value, bytes) else str(value).encode()
                    assert SAID.encode() not in content


def test_a_short_answer_looks_like_a_long_one(records: Records, where: str, runner: Patient) -> None:
    for finding, value in (
        ("a", "no"),
        ("saddle_numbness", "positive"),
        ("b" * 60, {"left": "x", "right": "y"}),
    ):
        records.append(runner.answers(finding, value))
    with intruder(where) as connection:
        sizes = [len(payload) for payload in connection.execute(select(tables.event.c.payload)).scalars()]
    assert len(set(sizes)) == 1


def test_the_same_answer_twice_looks_different(records: Records, where: str, runner: Patient) -> None:
    for _ in range(2):
        records.append(runner.answers("night_pain", "no"))
    with intruder(where) as connection:
        assert len(set(connection.execute(select(tables.event.c.payload)).scalars())) == 2


def attempts(records: Records, where: str, patient: Patient) -> list[Any]:
    """Return calls that fail, each about an event that holds the secret."""
    answer = records.append(patient.answers(SAID, SAID))
    wrong: list[Body] = [
        SessionLogged(day="2026", items=(SAID,)),  # type: ignore[arg-type]
        QuestionAnswered(finding=SAID, value={SAID: object()}),
        QuestionAnswered(finding=[SAID], value=1),  # type: ignore[arg-type]
        NoteWritten(text=f"{SAID}\ud800"),
        Corrected(event=uuid4(), body=NoteWritten(text=SAID)),
        Corrected(event=answer.id, body=NoteWritten(text=SAID)),
    ]
    calls: list[Any] = [lambda body=body: records.append(patient.about(body)) for body in wrong]
    again = patient.answers(SAID, SAID, expected=0)
    calls.append(lambda: records.append(again))
    calls.append(lambda: records.append(msgspec.structs.replace(again, id=answer.id)))
    sent = msgspec.json.encode(patient.answers(SAID, SAID))
    for old, new in (
        (b"question_answered", SAID.encode()),
        (b'"person"', b'"' + SAID.encode() + b'"'),
        (b"}", b""),
    ):
        calls.append(lambda old=old, new=new: parse_event(sent.replace(old, new, 1)))

    def damaged() -> None:
        with intruder(where) as connection:
            connection.execute(update(tables.event).values(nonce=b"0" * 12))
        records.timeline(patient.id, actor=patient.id)

    return [*calls, damaged]


def test_no_message_tells_what_was_said(
    records: Records, where: str, runner: Patient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for attempt in attempts(records, where, runner):
        with pytest.raises(GerdyError) as caught:
            attempt()
        told = "".join(traceback.format_exception(caught.value))
        # The lines of this test stand in the traceback; the values must not.
        assert SAID not in told, told
        assert SAID not in repr(caught.value)
    assert SAID not in caplog.text


def test_no_log_of_statements_tells_what_was_said(
    where: str, runner: Patient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "sqlalchemy")
    with open_records(where, master_key=KEY) as records:
        records.append(runner.answers(SAID, SAID))
        records.state(runner.id, actor="dr_lee")
    assert "INSERT INTO record_event" in caplog.text, "statements are logged at this level"
    assert SAID not in caplog.text


def test_nothing_shows_itself_when_it_is_printed(records: Records, runner: Patient) -> None:
    event = runner.answers(SAID, SAID)
    records.append(event)
    export = records.export(runner.id, actor=runner.id)
    for value in (event, event.body, export, export.state, export.events, export.events[0].body):
        assert SAID not in repr(value)
        assert SAID not in f"{value}"
        assert SAID not in pretty_repr(value)
    assert "question_answered" in repr(event), "its type and id it may show"


def test_a_url_is_told_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(GerdyError) as caught:
        open_records(f"postgresql://gerdy:{SAID}@/none?host={tmp_path}")
    assert SAID not in "".join(traceback.format_exception(caught.value))
