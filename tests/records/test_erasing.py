"""Erasing destroys the key: nobody reads the record again, and the timeline can still be checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from records.making import KEY, Patient
from sqlalchemy import select

from gerdy.errors import ErasedError, InputError
from gerdy.records import NoteWritten, Records, open_records, tables


def wrapped_key(records: Records, patient: Patient) -> bytes | None:
    """Return what is kept of a person's key."""
    with records._database.reading() as connection:
        query = select(tables.person.c.wrapped_key).where(tables.person.c.id == str(patient.id))
        found: bytes | None = connection.execute(query).scalar_one()
        return found


def test_nobody_reads_or_adds_again(records: Records, runner: Patient) -> None:
    drawn = runner.draws()
    records.append(drawn)
    records.erase(runner.id, actor="dr_lee")
    for attempt in (
        lambda: records.timeline(runner.id, actor=runner.id),
        lambda: records.state(runner.id, actor="dr_lee"),
        lambda: records.export(runner.id, actor=runner.id),
        lambda: records.append(drawn),
        lambda: records.append(runner.answers("night_pain", "no")),
    ):
        with pytest.raises(ErasedError, match=str(runner.id)):
            attempt()
    assert wrapped_key(records, runner) is None
    report = records.verify(unseal=True)
    assert (report.ok, report.events, report.erased) == (True, 2, 1)


def test_others_keep_theirs(records: Records, runner: Patient) -> None:
    stays = Patient()
    for patient in (runner, stays):
        records.append(patient.draws())
    records.erase(runner.id, actor=runner.id)
    records.append(stays.answers("night_pain", "no", expected=1))
    assert len(records.timeline(stays.id, actor=stays.id)) == 2
    assert records.verify(unseal=True).ok


def test_erasing_again_changes_nothing(records: Records, runner: Patient) -> None:
    records.append(runner.draws())
    records.erase(runner.id, actor="dr_lee")
    before = records.verify()
    records.erase(runner.id, actor="dr_ray")
    assert records.verify() == before


def test_erasing_needs_no_master_key_but_a_name(where: str, runner: Patient) -> None:
    with open_records(where, master_key=KEY) as records:
        records.append(runner.draws())
    with open_records(where, master_key=bytes(32)) as records:
        with pytest.raises(InputError, match="actor"):
            records.erase(runner.id, actor="")
        records.erase(runner.id, actor="dr_lee")
        line = records.people()[0]
        assert (line.person, line.events) == (runner.id, 2)
        assert line.erased_at == line.last_at


def test_the_destroyed_key_is_in_no_file_of_sqlite(tmp_path: Path, runner: Patient) -> None:
    with open_records(tmp_path / "records.db", master_key=KEY) as records:
        records.append(runner.draws())
        records.append(runner.says(NoteWritten(text="x")))
        key = wrapped_key(records, runner)
        assert key is not None
        files = list(tmp_path.iterdir())
        assert any(key in file.read_bytes() for file in files), "it was there before"
        records.erase(runner.id, actor="dr_lee")
        assert not any(key in file.read_bytes() for file in tmp_path.iterdir())


def test_a_key_of_a_later_life_is_another_one(records: Records) -> None:
    patients = [Patient() for _ in range(20)]
    for patient in patients:
        records.append(patient.draws())
    keys = {wrapped_key(records, patient) for patient in patients}
    assert len(keys) == len(patients)
