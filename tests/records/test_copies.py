"""Backups: taken while others write, checked before they count, restored whole or not at all."""

from __future__ import annotations

import base64
import hashlib
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest
from records.making import KEY, Patient, intruder
from sqlalchemy import text

from gerdy.errors import DamagedError, FileError, RecordsError, SchemaError
from gerdy.records import Event, NoteWritten, Records, as_json, check_backup, copies, open_records
from gerdy.records.database import Database


@pytest.fixture
def filled(records: Records) -> list[Patient]:
    """Three people, one of them erased."""
    patients = [Patient() for _ in range(3)]
    for patient in patients:
        records.append(patient.draws())
        records.append(patient.answers("night_pain", "no"))
    records.erase(patients[2].id, actor="dr_lee")
    return patients


@pytest.fixture(params=["sqlite", "postgres"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A second, empty database of each kind."""
    if request.param == "sqlite":
        yield str(tmp_path / "other.db")
        return
    running = request.getfixturevalue("postgres")
    url = running.database()
    yield url
    running.drop(url)


def test_what_is_restored_is_what_was_backed_up(
    records: Records, filled: list[Patient], other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "_BATCH", 2)
    report = records.backup(tmp_path / "copy")
    assert report == records.verify()
    with open_records(other, master_key=KEY) as restored:
        assert restored.restore(tmp_path / "copy") == report
        assert restored.verify(unseal=True) == report
        assert restored.people() == records.people()
        for patient in filled[:2]:
            one, two = (kept.timeline(patient.id, actor=patient.id) for kept in (records, restored))
            assert as_json(one) == as_json(two)
        restored.append(filled[0].answers("night_pain", "yes", expected=2))
        restored.append(Patient().draws())
        assert restored.verify(report.heads).ok


def test_a_backup_is_for_its_owner_alone_and_replaces_nothing(
    records: Records, filled: list[Patient], tmp_path: Path
) -> None:
    file = tmp_path / "copy"
    records.backup(file)
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    with pytest.raises(FileError, match="left alone"):
        records.backup(file)
    assert file.read_bytes() == before
    with pytest.raises(FileError, match="cannot be written"):
        records.backup(tmp_path / "missing" / "copy")
    assert [one.name for one in tmp_path.iterdir() if "copy" in one.name] == ["copy"], "no half file stays"


def test_a_backup_holds_no_key_that_opens_it(records: Records, filled: list[Patient], tmp_path: Path) -> None:
    records.backup(tmp_path / "copy")
    content = (tmp_path / "copy").read_bytes()
    for key in (KEY, KEY.hex().encode(), base64.b64encode(KEY)):
        assert key not in content


def test_a_backup_can_be_taken_while_others_write(records: Records, runner: Patient, tmp_path: Path) -> None:
    records.append(runner.draws())
    stop, written = threading.Event(), 0

    def write() -> None:
        nonlocal written
        while not stop.is_set():
            records.append(runner.says(NoteWritten(text="on")))
            written += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        reports = [records.backup(tmp_path / f"copy{number}") for number in range(4)]
    finally:
        stop.set()
        writer.join()
    assert written > 4
    assert all(report.ok for report in reports)
    counts = [report.events for report in reports]
    assert counts == sorted(counts)
    end = records.verify(reports[0].heads)
    assert end.ok
    assert end.events == written + 1


def test_a_database_that_holds_somebody_is_left_alone(
    records: Records, filled: list[Patient], tmp_path: Path
) -> None:
    records.backup(tmp_path / "copy")
    before = records.verify()
    with pytest.raises(RecordsError, match="empty"):
        records.restore(tmp_path / "copy")
    assert records.verify() == before


def test_a_tampered_backup_is_refused_and_the_database_stays_empty(
    where: str, runner: Patient, tmp_path: Path
) -> None:
    with open_records(tmp_path / "first.db", master_key=KEY) as first:
        first.append(runner.draws())
        first.append(runner.answers("night_pain", "no"))
        first.backup(tmp_path / "copy")
    with intruder(str(tmp_path / "copy")) as connection:
        connection.execute(text("UPDATE record_event SET actor = 'forged' WHERE seq = 1"))
    with open_records(where, master_key=KEY) as records:
        with pytest.raises(DamagedError, match=f"event 1 of person {runner.id}"):
            records.restore(tmp_path / "copy")
        assert records.people() == []
        records.append(runner.draws())
        assert records.verify().ok
    assert not check_backup(tmp_path / "copy").ok


@pytest.fixture
def dump(postgres: Any, tmp_path: Path) -> Path:
    """A backup in our own form."""
    url = postgres.database()
    with open_records(url, master_key=KEY) as records:
        someone = Patient()
        records.append(someone.draws())
        records.append(someone.answers("night_pain", "no"))
        records.backup(tmp_path / "dump")
    postgres.drop(url)
    return tmp_path / "dump"


def refused(file: Path, folder: Path) -> str:
    """Return why a backup is refused; the database stays empty."""
    with open_records(folder / "empty.db", master_key=KEY) as records:
        with pytest.raises(RecordsError) as caught:
            records.restore(file)
        assert records.people() == []
        assert records.verify().ok
    return f"{type(caught.value).__name__}: {caught.value}"


def test_a_dump_cut_or_changed_anywhere_is_refused(dump: Path, tmp_path: Path) -> None:
    whole = dump.read_bytes()
    lines = whole.splitlines(keepends=True)
    assert len(lines) == 7, "head, ledger, person, head of a timeline, two events, foot"
    wrong = {
        **{f"cut to {count} lines": b"".join(lines[:count]) for count in range(len(lines))},
        **{f"without line {n}": b"".join(lines[:n] + lines[n + 1 :]) for n in range(len(lines))},
        **{f"line {n} doubled": b"".join(lines[: n + 1] + lines[n:]) for n in range(len(lines))},
        "changed": whole.replace(b"complaint_drawn", b"complaint_drawx"),
        "another table": whole.replace(b"record_head", b"record_tail"),
        "text for bytes": whole.replace(b'"nonce":"', b'"nonce":"?'),
        "a field more": whole.replace(b'"row":{', b'"row":{"more":1,'),
        "something else": b"PNG",
        "not text": b"\xff\xfe\n" * 3,
    }
    for what, content in wrong.items():
        dump.write_bytes(content)
        assert refused(dump, tmp_path).startswith("DamagedError"), what
    dump.write_bytes(whole)
    assert check_backup(dump).ok


def test_a_dump_of_another_version_is_refused_by_name(dump: Path, tmp_path: Path) -> None:
    dump.write_bytes(dump.read_bytes().replace(b'"version":"0001"', b'"version":"0999"', 1))
    assert "'0999'" in refused(dump, tmp_path)


def test_a_dump_with_all_sums_right_and_a_row_too_many_is_refused(dump: Path, tmp_path: Path) -> None:
    """Somebody who writes the sums anew still meets the chains, and the rules of the tables."""
    lines = dump.read_bytes().splitlines(keepends=True)[:-1]
    for again in (lines[-1], lines[2], lines[1]):
        body = b"".join([*lines, again])
        foot = {"rows": len(lines), "sha256": hashlib.sha256(body).hexdigest()}
        dump.write_bytes(body + msgspec.json.encode(foot) + b"\n")
        assert refused(dump, tmp_path).startswith("DamagedError")


def test_reading_a_backup_leaves_nothing_beside_it(runner: Patient, tmp_path: Path) -> None:
    """Also where the file is a database as it was left, and not a backup."""
    folder = tmp_path / "kept"
    folder.mkdir()
    with open_records(folder / "left.db", master_key=KEY) as records:
        records.append(runner.draws())
        records.backup(folder / "copy.db")
        assert check_backup(folder / "left.db").events == 1, (
            "while it is open and its last events are in its log"
        )
    files = sorted(folder.iterdir())
    for file in files:
        assert check_backup(file).ok
    assert sorted(folder.iterdir()) == files == [folder / "copy.db", folder / "left.db"]


def test_what_is_no_backup_is_told(records: Records, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        records.restore(tmp_path / "missing")
    Database(tmp_path / "other.db").engine.connect().execute(text("CREATE TABLE notes (a)")).close()
    with pytest.raises(SchemaError, match="no tables"):
        records.restore(tmp_path / "other.db")


def test_export_erase_and_sending_all_again_elsewhere_gives_the_same(
    records: Records, filled: list[Patient], other: str
) -> None:
    """Law: what is exported is enough to begin anew."""
    someone = filled[0]
    records.timeline(someone.id, actor="dr_lee")
    export = records.export(someone.id, actor=someone.id)
    records.erase(someone.id, actor=someone.id)
    fields = ("id", "person", "complaint", "expected", "actor", "effective_at", "body")
    with open_records(other, master_key=KEY) as second:
        for kept in export.events:
            if kept.type != "record_read":
                given: dict[str, Any] = {name: getattr(kept, name) for name in fields}
                second.append(Event(**given))
        state = second.state(someone.id, actor=someone.id)
    assert as_json(msgspec.structs.replace(state, seq=0)) == as_json(
        msgspec.structs.replace(export.state, seq=0)
    )
