"""Migrations: up and down on both databases, and every file that a released version wrote opens unchanged."""

from __future__ import annotations

import multiprocessing
import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from records.making import KEY, Patient, intruder
from sqlalchemy import inspect, text

from gerdy.errors import RecordsError, SchemaError, UnknownRecordError
from gerdy.records import Export, Records, as_json, open_records, tables
from gerdy.records.chain import LEDGER_START
from gerdy.records.database import Database
from gerdy.records.migrating import bring_up_to_date, migrate, version_of, versions

DATA = Path(__file__).parent / "data"
RELEASED = sorted(int(file.stem.removeprefix("version_")) for file in DATA.glob("*.db"))


def names(where: str) -> set[str]:
    """Return the tables of Gerdy in a database."""
    database = Database(where)
    try:
        with database.reading() as connection:
            return {name for name in inspect(connection).get_table_names() if name.startswith("record_")}
    finally:
        database.close()


EVERY = {table.name for table in tables.EVERY} | {tables.VERSION_TABLE}


def test_versions_follow_one_another_up_to_the_one_the_code_knows() -> None:
    assert versions()[-1] == tables.HEAD_VERSION
    assert [int(version) for version in versions()] == list(range(1, len(versions()) + 1))
    assert [int(version) for version in versions()] == RELEASED, (
        "every version has its files: make_version_file.py"
    )


def test_the_steps_make_the_tables_the_code_knows(records: Records) -> None:
    with records._database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": tables.VERSION_TABLE})
        different = [
            change for change in compare_metadata(context, tables.metadata) if "record_" in str(change)
        ]
        assert different == []
        start = connection.execute(text("SELECT id, people, hash FROM record_ledger")).one()
    assert tuple(start) == (1, 0, LEDGER_START)


def test_down_takes_everything_away_and_up_brings_it_back(where: str, runner: Patient) -> None:
    with open_records(where, master_key=KEY) as records:
        records.append(runner.draws())
    database = Database(where)
    for version in (*versions()[-2::-1], "base"):
        with database.writing() as connection:
            migrate(connection, version, down=True)
            assert version_of(connection) == (None if version == "base" else version)
    assert names(where) <= {tables.VERSION_TABLE}
    for version in versions():
        with database.writing() as connection:
            migrate(connection, version)
            assert version_of(connection) == version
    database.close()
    assert names(where) == EVERY
    with open_records(where, master_key=KEY) as records:
        assert records.people() == []
        records.append(runner.draws())
        assert records.verify().ok


def test_a_step_that_fails_half_way_leaves_nothing(where: str) -> None:
    database = Database(where)
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE record_event (other INTEGER)"))
    with pytest.raises(RecordsError):
        bring_up_to_date(database, create=True)
    database.close()
    assert names(where) == {"record_event"}


def test_a_newer_version_is_left_alone(where: str, runner: Patient) -> None:
    with open_records(where, master_key=KEY) as records:
        records.append(runner.draws())
    with intruder(where) as connection:
        connection.execute(text(f"UPDATE {tables.VERSION_TABLE} SET version_num = '9999'"))  # noqa: S608
    with pytest.raises(SchemaError, match=r"9999.*newer"):
        open_records(where, master_key=KEY)
    with intruder(where) as connection:
        connection.execute(text(f"UPDATE {tables.VERSION_TABLE} SET version_num = '0001'"))  # noqa: S608
    with open_records(where, master_key=KEY) as records:
        assert records.verify().events == 1


def test_nothing_is_made_where_nothing_may_be(where: str) -> None:
    with pytest.raises(UnknownRecordError, match="check the name"):
        open_records(where, create=False)
    if "://" in where:
        assert names(where) == set()
    else:
        assert not Path(where).exists()
        shutil.copy(DATA / "version_1.json", where)
        with pytest.raises(RecordsError):
            open_records(where)
        assert Path(where).read_bytes() == (DATA / "version_1.json").read_bytes(), "a file of something else"


def open_at_once(where: str, gate: Any, found: Any) -> None:
    gate.wait()
    try:
        with open_records(where, master_key=KEY) as records:
            records.append(Patient().draws())
        found.put("well")
    except Exception as error:
        found.put(repr(error))


def test_several_processes_open_a_new_database_at_once(where: str) -> None:
    ways = multiprocessing.get_context("spawn")
    gate, found = ways.Barrier(4), ways.Queue()
    openers = [ways.Process(target=open_at_once, args=(where, gate, found)) for _ in range(4)]
    for opener in openers:
        opener.start()
    told = [found.get(timeout=60) for _ in openers]
    for opener in openers:
        opener.join()
    assert told == ["well"] * 4
    with open_records(where, master_key=KEY) as records:
        assert (records.verify().ok, records.verify().people) == (True, 4)


def exported(version: int) -> list[Export]:
    """Return what a version said of the people in its file."""
    return msgspec.json.decode((DATA / f"version_{version}.json").read_bytes(), type=list[Export])


def holds(records: Records, version: int) -> None:
    """Check that records hold what a version wrote, and can go on."""
    assert records.verify(unseal=True).ok
    for before in exported(version):
        now = records.export(before.person, actor=before.person)
        assert as_json(now.events) == as_json(before.events)
        assert as_json(now.state) == as_json(before.state)
    report, someone = records.verify(), Patient(id=UUID(int=1), complaint=UUID(int=77))
    assert (report.people, report.events, report.erased) == (3, 19, 1)
    revision = records.state(someone.id, actor=someone.id).revisions[someone.complaint]
    records.append(someone.answers("night_pain", "no", expected=revision))
    records.append(Patient().draws())
    assert records.verify(report.heads, unseal=True).ok


@pytest.mark.parametrize("version", RELEASED)
def test_the_file_of_a_released_version_opens_and_goes_on(tmp_path: Path, version: int) -> None:
    copy = tmp_path / "records.db"
    shutil.copy(DATA / f"version_{version}.db", copy)
    with open_records(copy, master_key=KEY) as records:
        holds(records, version)
    assert names(str(copy)) == EVERY


@pytest.mark.parametrize("version", RELEASED)
@pytest.mark.parametrize("kind", ["db", "dump"])
def test_the_backup_of_a_released_version_is_restored(where: str, version: int, kind: str) -> None:
    with open_records(where, master_key=KEY) as records:
        records.restore(DATA / f"version_{version}.{kind}")
        holds(records, version)


@pytest.mark.parametrize("version", RELEASED)
def test_the_file_of_a_released_version_goes_down_and_up(tmp_path: Path, version: int) -> None:
    copy = tmp_path / "records.db"
    shutil.copy(DATA / f"version_{version}.db", copy)
    database = Database(copy)
    with database.writing() as connection:
        migrate(connection, "base", down=True)
    with database.writing() as connection:
        migrate(connection)
    database.close()
    with open_records(copy, master_key=KEY) as records:
        assert records.verify().ok
        assert records.people() == []
